"""Every text that a user reads is plain English, by the rules of `docs/writing.md`."""

from __future__ import annotations

import ast
import inspect
import re
import tokenize
import tomllib
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

import pytest

from hardenme.engine.catalogue import catalogue
from hardenme.model.check import Check
from hardenme.model.passages import ITEM, paragraphs
from tests.each import each


def name(path: Path) -> str:
    """A file as the project names it."""
    return path.relative_to(ROOT).as_posix()


ROOT = Path(__file__).parent.parent
RULES = ROOT / "docs" / "writing.md"
CHECKS = ROOT / "checks" / "hardenme_checks"
INCIDENTS = ROOT / "docs" / "incidents.toml"
ROOMS = [
    CHECKS,
    ROOT / "docs" / "making",
    *sorted(
        path for path in (ROOT / "hardenme").iterdir() if path.is_dir() and any(path.glob("*.py"))
    ),
]
"""Where texts stand that the command prints."""
CODE = [path for path in ROOMS if path != ROOT / "docs" / "making"]
"""Where docstrings, comments and names are read, too."""
UNREAD = {"sandbox"}
"""What stands for GitHub and npm speaks their words."""
MADE = {"docs/checks", "docs/incidents.md", "docs/standards.md"}
"""Pages that are made from texts which are tested themselves."""
FOR_BUILDERS = {"docs/architecture.md", "docs/internals.md"}
"""Read with the code: its words are tested, and not how long its sentences are."""
HISTORY = {"CHANGELOG.md"}
"""It says what was, in the words of its day."""
PAGES = sorted(
    path
    for folder in (ROOT, ROOT / "docs", ROOT / "docs" / "guides", ROOT / "checks")
    for path in folder.glob("*.md")
    if path != RULES and name(path) not in MADE | HISTORY
)
ALLOWED = (
    *("there is no", "there are no", "there was no", "there were no"),
    *(
        "is no longer",
        "are no longer",
        "was no longer",
        "is no more than",
        "by hand in",
        'shape="box',
    ),
)
"""Phrases that hold an avoided one and are plain all the same."""
VALUES = {"not told", "nobody called"}
"""Values of JSON, which keep their words."""
IN_CHECKS = 20
IN_GUIDES = 25
MOST_WHY = 2
"""Sentences that say why a check matters."""
VERBS = (
    "accept add allow apply approve ask assign cancel change check choose clear close commit "
    "compare configure confirm contact correct create delete demote deprecate deselect disable "
    "disallow edit empty enable end enforce extend fill find fix generate give go have install "
    "investigate invite keep limit link list log look make mark merge move name open pin print "
    "publish put read record recover regenerate register reject release remove renew replace "
    "report require reset restrict review revoke rotate run save see select send set ship sign "
    "stage stop store switch take tick try turn uninstall unpublish untick update upgrade use "
    "verify warn withdraw write"
)
"""What a fix begins with."""
IN_CODE = 25
"""Words of a sentence that documents the code."""
FIGURES = re.compile(
    r"\b(?:said|stands?|stood|lies|lay|hands (?!over)|handed|of a kind"
    r"|what (?:there )?(?:is|are|was|were|has|had|becomes?|became|comes?|came|goes|remains)"
    r"(?: \w+)? of)\b",
    re.IGNORECASE,
)
"""Figures of speech: a noun or a plain verb takes their place in docstrings and comments."""
FIGURE_NAMES = {
    *("tell", "tells", "told", "telling", "said", "stands", "stood", "lies", "handed", "beside"),
    *("anybody", "somebody", "whoever", "stranger", "strangers", "sink", "sinks", "sight"),
}
"""Parts of names that say nothing about what is named."""
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
"""One word of a name in any of Python's styles."""
LABEL = re.compile(r"^[ \t]*(?!Sources?:)[*\w]+(?:, \w+)*:(?=\s)", re.MULTILINE)
"""Begins the part of a docstring that is about one name; a name itself is not prose."""
SOURCE = re.compile(r"^Sources?:? ")
"""A sentence that quotes titles, which are as long as they are."""
SENTENCE = re.compile(r"(?<=[.!?])[\"')*]*\s+")
MADE_PART = re.compile(r"<!-- ([a-z-]+): begin -->.*?<!-- \1: end -->|```\w*\n.*?```", re.DOTALL)
"""Parts of a page that are made from texts which are tested themselves, and code."""
QUOTED = re.compile(r"`[^`]*`")
"""Code in a docstring or a comment: it counts as one word, whatever it says."""
LABEL_LINE = re.compile(r"(?m)^[ \t]*(?:Attributes|Args|Raises|Returns|Yields|Class attributes):\n")
NOT_READ = re.compile(r"`[^`]*`|<!--.*?-->|\]\([^)]*\)", re.DOTALL)
"""Parts of a page that quote names and addresses."""
NOT_PROSE = re.compile(r"<!--.*?-->|^\|.*?$|^#.*?$", re.DOTALL | re.MULTILINE)
"""Parts of a page that hold no sentences."""


@lru_cache(maxsize=1)
def tree(path: Path) -> ast.Module:
    """A module's syntax; what is asked of it is asked at once."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def avoided() -> re.Pattern[str]:
    """The words and phrases on the left of the page's table."""
    rows = re.findall(r"^\| (?!not )([^|]+) \| [^|]+ \|$", RULES.read_text("utf-8"), re.MULTILINE)
    words = [word.strip() for row in rows for word in row.split(",")]
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})\b", re.IGNORECASE)


def wrong(text: str) -> list[str]:
    """The avoided words that a text uses."""
    flat = " ".join(text.split()).lower()
    for phrase in ALLOWED:
        flat = flat.replace(phrase, "")
    return avoided().findall(flat)


def bare(line: str) -> str:
    """A line without what makes it an item of a list."""
    mark = ITEM.match(line)
    return line[mark.end() :] if mark else line


def sentences(text: str) -> Iterator[str]:
    """Every sentence of a text with paragraphs and lists."""
    for lines in paragraphs(text):
        for line in lines:
            yield from SENTENCE.split(bare(line))


def long(text: str, most: int) -> list[str]:
    """The sentences with more words than that; a command counts as one word."""
    spans = (re.sub(r"`[^`]*`", "`x`", sentence) for sentence in sentences(text))
    return [one for one in spans if len(one.split()) > most]


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """Each text of a module that may be shown, with its line; what documents the code is none."""
    nodes = [*ast.walk(tree(path))]
    remarks = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    for node in nodes:
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in remarks
            and " " in node.value.strip()
            and node.value not in VALUES
        ):
            yield node.lineno, node.value


def remarks(path: Path) -> Iterator[tuple[int, str]]:
    """Each docstring of a module, and each string below a field or a constant, with its line."""
    for node in ast.walk(tree(path)):
        if (
            isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
        ):
            yield node.lineno, inspect.cleandoc(node.value.value)


def comments(path: Path) -> Iterator[tuple[int, str]]:
    """Each comment of a module, with its line; the lines of one comment are one text."""
    block: list[str] = []
    begun = 0
    with tokenize.open(path) as source:
        for token in tokenize.generate_tokens(source.readline):
            if token.type == tokenize.COMMENT:
                begun = begun or token.start[0]
                block.append(token.string.lstrip("# "))
            elif block and token.type != tokenize.NL:
                yield begun, " ".join(block)
                block, begun = [], 0


def public_names(path: Path) -> Iterator[tuple[int, str]]:
    """A module's own name, and its public classes, functions and constants, with their lines."""
    yield 1, path.stem
    for node in tree(path).body:
        match node:
            case ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef():
                # The name of a check is its slug, which users write into their settings.
                names = [node.name] if CHECKS not in path.parents else []
            case ast.Assign() | ast.AnnAssign():
                stored = [one for one in ast.walk(node) if isinstance(one, ast.Name)]
                names = [one.id for one in stored if isinstance(one.ctx, ast.Store)]
            case _:
                names = []
        yield from ((node.lineno, one) for one in names if not one.startswith("_"))


def figurative(text: str) -> bool:
    """Whether a name is a figure of speech."""
    return not FIGURE_NAMES.isdisjoint(word.lower() for word in WORD.findall(text))


def figures(text: str) -> list[str]:
    """The avoided words and the figures of speech in what documents the code."""
    flat = " ".join(QUOTED.sub("`x`", LABEL.sub("", text)).split())
    return [*wrong(flat), *FIGURES.findall(flat)]


def overlong(text: str) -> list[str]:
    """The sentences of a docstring that are too long, each part about a name by itself."""
    return [
        sentence
        for part in re.split(
            r"(?m)^(?=[ \t]*[*\w]+(?:, \w+)*: |Sources?: )", LABEL_LINE.sub("", text)
        )
        for sentence in long(LABEL.sub("", part), IN_CODE)
        if not SOURCE.match(sentence)
    ]


def modules(room: Path) -> list[Path]:
    """The modules of a room that are held to the rules."""
    return [
        path for path in sorted(room.rglob("*.py")) if path.relative_to(ROOT).parts[1] not in UNREAD
    ]


def test_the_table_has_the_words_that_are_avoided() -> None:
    assert wrong("It tells of the second factor, and nobody\nhands in a release.") == [
        *("tells", "second factor", "nobody", "hands in")
    ]
    assert wrong("There is no file, and it is no longer visible") == []
    assert wrong("'x' is no file") == ["is no"]


@pytest.mark.second_tier("takes long", one_of=4)
@pytest.mark.parametrize("room", ROOMS, ids=lambda path: path.name)
def test_what_the_command_prints_is_plain(room: Path) -> None:
    found = [
        f"{name(path)}:{line}: {', '.join(words)}: {text!r}"
        for path in modules(room)
        for line, text in texts(path)
        if (words := wrong(text))
    ]
    assert not found, "\n".join(["docs/writing.md has the words to use", *found])


@pytest.mark.parametrize("room", [CHECKS], ids=lambda path: path.name)
def test_what_a_check_prints_is_short(room: Path) -> None:
    found = [
        f"{name(path)}:{line}: {sentence}"
        for path in modules(room)
        for line, text in texts(path)
        for sentence in long(text, IN_CHECKS)
    ]
    assert not found, "\n".join(found)


def test_figures_of_speech_and_long_sentences_are_found() -> None:
    assert figures("What is known of it stands here, as was said.\n\nArgs:\n    said: what.") == [
        *("What is known of", "stands", "said")
    ]
    assert figures("told: a name is not prose. Written by hand, `it stands`.") == []
    words = " ".join(["word"] * IN_CODE)
    assert overlong(f"{words}. {words}.") == []
    assert overlong(f"Short.\n\nArgs:\n    one: {words}.\n    two: {words} more.") == [
        f"{words} more."
    ]
    assert overlong(f"Sources: {words}, {words}.") == []


def offences(path: Path) -> Iterator[tuple[int, str]]:
    """What a module's docstrings, comments and names have against the rules, with its line."""
    documented = [*remarks(path)]
    for line, text in (*documented, *comments(path)):
        if words := figures(text):
            yield line, ", ".join(words)
    for line, text in documented:
        yield from ((line, f"too long: {sentence}") for sentence in overlong(text))
    for line, text in public_names(path):
        if figurative(text):
            yield line, f"the name {text}"


@pytest.mark.second_tier("reads every source file", one_of=6)
@pytest.mark.parametrize("room", CODE, ids=lambda path: path.name)
def test_the_code_is_documented_in_plain_words(room: Path) -> None:
    found = [
        f"{name(path)}:{line}: {what}"
        for path in sorted(room.rglob("*.py"))
        for line, what in offences(path)
    ]
    assert not found, "\n".join(["docs/writing.md has the words to use", *found])


def test_figures_of_speech_are_found_in_names() -> None:
    names = (
        "TokenSight",
        "tell_all",
        "TOLD",
        "HTTPSink",
        "insights",
        "TokenVisibility",
        "standard",
    )
    assert [one for one in names if figurative(one)] == [*names[:4]]


def test_incidents_are_plain() -> None:
    rows = tomllib.loads(INCIDENTS.read_text(encoding="utf-8"))["incident"]
    assert [(row["name"], words) for row in rows if (words := wrong(row["what"]))] == []


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_a_page_is_plain_and_its_sentences_are_short(path: Path) -> None:
    text = MADE_PART.sub("", path.read_text(encoding="utf-8"))
    found = wrong(NOT_READ.sub("", text))
    if name(path) not in FOR_BUILDERS:
        found += long(NOT_PROSE.sub("\n\n", text), IN_GUIDES)
    assert not found, "\n".join(found)


@each(catalogue(), lambda check: check.code)
def test_the_page_of_a_check_is_plain(check: Check) -> None:
    texts = check.texts
    for text in (check.title, *texts.values()):
        assert wrong(text) == []
        assert long(text, IN_CHECKS) == []
    assert len([*sentences(texts["why"])]) <= MOST_WHY
    for lines in paragraphs(texts["fix"]):
        for line in lines:
            assert begins_with_a_verb(line), line
    for lines in paragraphs(texts["limits"]):
        for line in lines:
            assert line.startswith("- "), "limits are a list"


def begins_with_a_verb(text: str) -> bool:
    """Whether a step is an instruction."""
    return re.split(r"\W+", bare(text), maxsplit=1)[0].lower() in VERBS.split()
