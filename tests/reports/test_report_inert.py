from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from hardenme.model.text import visible
from hardenme.reports.inert import code, link, prose
from hardenme.reports.plain import flowing
from tests.reports.sample import HOSTILE

PARSER = MarkdownIt("commonmark", {"typographer": False}).enable(["table", "strikethrough"])
LINKED_BY_GITHUB = re.compile(
    r"[@#<>\[\]{}|*_~$&\\`=+]|://|www\.|\bGH-\d|[0-9a-f]{7}|:\w+:|[A-Z]-\d|\S@\S"
)
MARKUP = st.sampled_from(
    (
        *("`", "``", "@me", "#1", "|", "<b>", "![x](y)", "[a]", "*", "_", "~~", "$x$", "&amp;"),
        *("www.a.example", "https://a.example", "GH-1", "- ", "1. ", "# ", "> ", "abcdef0123"),
        *(" ", "word", "(", ")", ".", ",", "don't", "and/or", "2", '"quoted"', ":a:", "\\"),
    )
)
LINE = st.one_of(st.text(max_size=60), st.lists(MARKUP, max_size=12).map("".join))


def inline(markdown: str) -> list[tuple[str, str]]:
    """The inline tokens of a list item that holds the text, as (type, content)."""
    blocks = PARSER.parse(f"- {markdown}\n")
    kinds = [block.type for block in blocks]
    expected = ["bullet_list_open", "list_item_open", "paragraph_open", "inline"]
    assert kinds[:4] == expected, kinds
    assert len(kinds) == 7, kinds
    return [(token.type, token.content) for token in blocks[3].children or []]


@given(LINE)
@example("`")
@example("``` a `b`` c")
@example("`a``b`")
@example("1. one")
@example("- [ ] task")
def test_a_sentence_renders_as_words_and_code_and_keeps_its_letters(text: str) -> None:
    line = visible(flowing(text))
    shown = prose(line)
    if not shown:
        assert not line.strip()
        return
    tokens = inline(shown)
    assert {kind for kind, _ in tokens} <= {"text", "code_inline"}
    for kind, content in tokens:
        assert kind == "code_inline" or not LINKED_BY_GITHUB.search(content), content
    kept = "".join(content for _, content in tokens)
    assert _letters(kept) == _letters(line)


def _letters(text: str) -> str:
    return re.sub(r"[\s`]", "", text)


@given(LINE)
@example("`")
@example("``")
@example(" ` ")
@example("a`")
def test_a_code_span_shows_exactly_its_text(text: str) -> None:
    line = visible(text, longest=400)
    if not line.strip():
        return
    tokens = inline(code(line))
    assert tokens == [("code_inline", line)]


def test_an_empty_text_makes_no_open_fence() -> None:
    assert code("") == "(nothing)"


@pytest.mark.parametrize("text", HOSTILE)
def test_an_address_with_anything_unusual_is_no_link(text: str) -> None:
    line = visible(f"https://a.example.test/{text}")
    if "[redacted]" in line or re.fullmatch(r"[!-~]+", line) is None:
        assert link(line).startswith("`")


def test_addresses_link_unless_github_would_list_them_as_references() -> None:
    assert link("https://a.example.test/settings/keys") == "<https://a.example.test/settings/keys>"
    assert link("http://127.0.0.1:8080/x?y=1#z") == "<http://127.0.0.1:8080/x?y=1#z>"
    for path in ("o/r/issues/1", "o/r/pull/2", "o/r/commit/abc"):
        assert link(f"https://a.example.test/{path}") == f"`https://a.example.test/{path}`"
    for odd in ("javascript:alert(1)", "https://a>b", "https://a.example.test/(x)", "a b"):
        assert link(odd) == f"`{odd}`"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Enable two-factor authentication.", "Enable two-factor authentication."),
        ("not needed: admin:org, repo", "not needed: `admin:org`, repo"),
        ("covers (see main_x) it", "covers (see `main_x`) it"),
        ("run `npm publish`, then stop", "run `npm publish`, then stop"),
        ("@mallow closes #1", "`@mallow` closes `#1`"),
        ("f(x)", "`f(x)`"),
        ("defaced", "`defaced`"),
        ("2. two", "`2`. two"),
    ],
)
def test_words_read_as_before(text: str, shown: str) -> None:
    assert prose(text) == shown
