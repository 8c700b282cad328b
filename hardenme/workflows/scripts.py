"""What the commands of a `run` do, as far as their words show."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, lru_cache

from hardenme.workflows.expressions import CLOSE, OPEN, PULL, bodies
from hardenme.workflows.known import AGENT_COMMANDS, COMMANDS, INSTALLS, RUNNERS

HEAD, ACCOUNT, OTHER = "__HEAD__", "__ACCOUNT__", "__EXPRESSION__"
"""Kinds of an expression: it names a pull request's code, an outsider's login, or another value."""
ASKED = re.compile(
    r"\$\([^()]*\b(?:headRef\w*|headRepository\w*|head\.(?:sha|ref|repo)\b)[^()]*\)"
    r"|`[^`]*\b(?:headRef\w*|headRepository\w*|head\.(?:sha|ref|repo)\b)[^`]*`"
)
"""A command of which the output names a pull request's code."""
SEPARATORS = re.compile(r"&&|\|\||[;|&()`]|\$\(")
CONTINUED = re.compile(r"\\$|(?:^|\s)`$")
"""A line continuation: a backslash, or PowerShell's backtick after a space.

A backtick after a word closes a command substitution of a shell.
"""
COMMENT = re.compile(r"(?:^|[\s;&|()`])#")
"""Where a comment may begin."""
SHELLS = frozenset({"bash", "sh", "zsh", "dash", "ksh", "pwsh", "powershell", "cmd"})
LISTED = re.compile(r"[\"'`]\s*[,\[][,\[\s]*[\"'`]")
"""What is between two words of a list in most languages."""
VARIABLE = re.compile(r"\$\{?(?:env:)?([A-Za-z_]\w*)|%(\w+)%")
TALK = frozenset({"echo", "printf", "Write-Host", "Write-Output", "#", "//", "rem"})
"""Commands that only say something."""
VERBS = frozenset(
    {"checkout", "cherry-pick", "clone", "fetch", "merge", "pull", "rebase", "reset", "restore"}
    | {"switch", "submodule", "worktree", "remote", "archive"}
)
LOADERS = frozenset({"aria2c", "curl", "gh", "wget"})
INSTALLERS = frozenset(
    {"bun", "bunx", "cargo", "composer", "deno", "gem", "go", "npm", "npx", "pip", "pip3", "pipx"}
    | {"pnpm", "uv", "uvx", "yarn"}
)
"""Programs that take what they install or build from a repository's address."""
CLONES = (("gh", "repo", "clone"), ("hub", "clone"))
CHECKOUTS = (("gh", "pr", "checkout"), ("gh", "pr", "co"), ("gh", "co"), ("hub", "pr"))
"""What checks out a pull request by its number."""
WHOLE = ("tarball", "zipball", "archive", "codeload", "raw.githubusercontent")
"""What an address holds that gives a repository's files."""
PATCHES = ("pr diff", ".patch", ".diff")
ACTORS = frozenset({"GITHUB_ACTOR", "GITHUB_TRIGGERING_ACTOR"})
"""Variables that every run has, with the login of who caused it."""
DEFAULT_HEAD = "GITHUB_HEAD_REF"
"""The variable that every run of a pull request has."""

Words = list[str]


@lru_cache(maxsize=256)
def commands(script: str) -> tuple[Words, ...]:
    """The commands of a script, as words without quotes; what only talks is left out.

    Each question about a script asks for them anew, so the last ones are kept.
    """
    return tuple(_commands(script))


def _commands(script: str) -> Iterator[Words]:
    first, *others = [
        [words for line in lines for part in SEPARATORS.split(line) if (words := words_of(part))]
        for lines in readings(script)
    ]
    yield from first
    seen = set(map(tuple, first))
    for other in others:
        yield from (words for words in other if tuple(words) not in seen)


def readings(script: str) -> tuple[list[str], ...]:
    """The lines of a script with continued lines joined.

    A shell joins no line to a comment, but `#` within quotes begins none. Where a continued line
    may have a comment, there are two readings: without that join, and with it. The commands of both
    may run.
    """
    lines = script.split("\n")
    apart, whole = (_joined(lines, comments=comments) for comments in (False, True))
    return (apart,) if apart == whole else (apart, whole)


def _joined(lines: Iterable[str], *, comments: bool) -> list[str]:
    """Continued lines joined; those that may have a comment only if `comments` is set."""
    found, begun = list[str](), list[str]()
    for line in lines:
        if CONTINUED.search(line[-2:]) and (comments or not COMMENT.search(line)):
            begun.append(line[:-1])
        else:
            found.append(" ".join([*begun, line]))
            begun = []
    return "\n".join([*found, " ".join(begun)]).splitlines()


def words_of(text: str) -> Words:
    """The words of one command, without quotes; none of what only talks."""
    words = [word for word in (word.strip("\"'") for word in text.split()) if word]
    return words if words and words[0] not in TALK and not words[0].startswith("#") else []


def is_of_a_shell(shell: str) -> bool:
    """Whether a step's `shell` takes commands; so does the default."""
    words = shell.split()
    return not words or program(words[0]).removesuffix(".exe") in SHELLS


def spoken(script: str) -> str:
    """A script of another language than a shell's, with the commands that it passes to others.

    A list of words, over several lines too, is put together to one line of a shell.
    """
    return re.sub(r"[\"'`()\[\],]+", " ", LISTED.sub(" ", script))


def replaced(script: str, word_of: Callable[[str], str]) -> str:
    """The script with a word in place of each expression, and of what it asks for a head."""
    if OPEN in script:
        for body in bodies(script):
            script = script.replace(f"{OPEN}{body}{CLOSE}", word_of(body))
    return ASKED.sub(HEAD, script) if "head" in script else script


def fetched(script: str, head_variables: set[str], accounts: Iterable[str] = ()) -> Iterator[str]:
    """The commands of a script that fetch a pull request's code.

    Args:
        script: with words in place of expressions.
        head_variables: names of variables that name a pull request's code.
        accounts: names of variables that hold an outsider's login.
    """
    logins = set(accounts)
    patched = any(sign in script for sign in PATCHES)
    for words in commands(script):
        if any(_in_order(words, one) for one in CHECKOUTS):
            yield f"{words[0]} pr checkout"
            continue
        names = [program(word) for word in words]
        touches = any(_touches(word, head_variables) or _of_account(word, logins) for word in words)
        if touches and any(_in_order(words, one) for one in CLONES):
            yield f"{words[0]} repo clone"
            continue
        if "git" in names:
            after = names[names.index("git") + 1 :]
            verb = next((word for word in after if word in VERBS), "")
            whole = verb in {"clone", "remote"} and any(
                word.startswith("$") and logins & variables(word) for word in words
            )
            if verb and (touches or whole):
                yield f"git {verb}"
            elif patched and {"apply", "am"} & set(after):
                yield "git apply"
        elif patched and "patch" in names:
            yield "patch"
        elif touches and LOADERS & set(names) and any(sign in " ".join(words) for sign in WHOLE):
            yield next(name for name in names if name in LOADERS)
        elif INSTALLERS & set(names) and any(_of_account(word, logins) for word in words):
            yield next(name for name in names if name in INSTALLERS)


def variables(script: str) -> set[str]:
    """The names of the variables that a script looks up."""
    bare = script.replace(OPEN, "").replace(CLOSE, "")
    return {first or second for first, second in VARIABLE.findall(bare)}


def published(script: str) -> Iterator[str]:
    """The commands of a script that publish."""
    for words in commands(script):
        if "--dry-run" in words or "--help" in words:
            continue
        found = first(words, COMMANDS)
        if found is not None:
            yield " ".join(found)
            continue
        names = [program(word) for word in words]
        runner = next((name for name in names if name in RUNNERS), None)
        if runner is not None:
            after = names[names.index(runner) + 1 :]
            script_name = next((word for word in after if _names_release(word)), "")
            if script_name:
                yield f"{runner} {script_name}"


def agents(script: str) -> Iterator[str]:
    """The commands of a script that let a language model act."""
    for words in commands(script):
        if INSTALLS & set(words):
            continue
        bare = [word.rpartition("@")[0] if word.rfind("@") > 0 else word for word in words]
        found = first(bare, AGENT_COMMANDS)
        if found is not None:
            yield " ".join(found)


def program(word: str) -> str:
    """The program that a word names, without its folder."""
    return word.rpartition("/")[2].lower() if not word.startswith("-") else word


def _names_release(word: str) -> bool:
    """Whether a script of `package.json` is called like one that publishes."""
    parts = re.split(r"[^a-z]+", word.lower())
    return not word.startswith("-") and bool({"publish", "release"} & set(parts))


@cache
def _leads(known: tuple[tuple[str, ...], ...]) -> frozenset[str]:
    """The words that known commands begin with."""
    return frozenset(one[0] for one in known)


def first(words: Sequence[str], known: tuple[tuple[str, ...], ...]) -> tuple[str, ...] | None:
    """The first of the known commands that these words are."""
    there = {*words, *map(program, words)}
    if there.isdisjoint(_leads(known)):
        return None
    return next(
        (one for one in known if there.issuperset(one) and _in_order(words, one)),
        None,
    )


def _in_order(words: Sequence[str], known: Sequence[str]) -> bool:
    """Whether these words come in this order, flags and wrappers between them left aside."""
    position = 0
    for wanted in known:
        while position < len(words) and wanted not in {words[position], program(words[position])}:
            position += 1
        if position == len(words):
            return False
        position += 1
    return True


def _of_account(word: str, logins: set[str]) -> bool:
    """Whether a word is the address of a repository of an outsider: a login and a slash."""
    named = VARIABLE.sub(lambda found: _account_of(found, logins), word).replace("}", "")
    return f"{ACCOUNT}/" in named


def _account_of(found: re.Match[str], logins: set[str]) -> str:
    return ACCOUNT if (found[1] or found[2]) in {*ACTORS, *logins} else found[0]


def _touches(word: str, head_variables: set[str]) -> bool:
    if HEAD in word or PULL.search(word):
        return True
    return bool(variables(word) & {DEFAULT_HEAD, *head_variables})
