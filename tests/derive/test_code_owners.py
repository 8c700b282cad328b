from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardenme.derive.workflow_owners import workflow_owners
from hardenme.facts.github.code_owners import owns, owns_everything, rules_of
from hardenme.model.known import field
from hardenme.model.unknown import Reason, Unknown
from tests.factories.github_files import action_files, code_owners
from tests.factories.given import LOST, MISSING, REFUSED

FLOW = ".github/workflows/any.yml"


def covers(text: str, path: str) -> bool:
    return owns(rules_of(text), path)


@pytest.mark.parametrize(
    ("text", "owned"),
    [
        ("* @hazel", True),
        (".github/ @hazel", True),
        ("/.github/ @hazel", True),
        ("/.github @hazel", True),
        (".github @acme/owners", True),
        ("/.github/** hazel@mail.example", True),
        ("/.github/workflows/ @hazel", True),
        ("workflows/ @hazel", True),
        ("**/workflows @hazel", True),
        ("/.github/**/any.yml @hazel", True),
        ("*.yml @hazel", True),
        ("an?.yml @hazel", True),
        ("/.github/*/any.yml @hazel", True),
        ("* @hazel # everybody asks her", True),
        ("\t*\t@hazel", True),
        ("", False),
        ("# * @hazel", False),
        ("*", False),
        ("* # @hazel", False),
        ("docs/ @hazel", False),
        ("/workflows/ @hazel", False),
        ("/.github/* @hazel", False),
        ("any.yml/ @hazel", False),
        ("/any.yml @hazel", False),
        ("*.md @hazel", False),
        ("* @hazel\n.github/", False),
        ("* @hazel\n*.yml @acme/ci\n/.github/workflows/", False),
        (".github/\n* @hazel", True),
        ("!.github/ @hazel", False),
        ("* @hazel\n[a-z]ny.yml", True),
        ("* hazel", False),
        ("* @hazel\n*.yml nobody", True),
        ("* @", False),
        ("* a@b", False),
        ("/ @hazel", False),
        ("/.github/**/ @hazel", True),
        ("\\*.yml @hazel", False),
        ("an\\y.yml @hazel", True),
        ("an\\?.yml @hazel", False),
        ("*\u00a0@hazel", False),
        ("# *\u2028* @hazel", False),
        ("* @hazel\r", True),
    ],
)
def test_owners_of_a_workflow(text: str, *, owned: bool) -> None:
    assert covers(text, FLOW) is owned


def test_a_space_in_a_pattern_is_escaped() -> None:
    assert covers("/two\\ words/ @hazel", "two words/a.txt")
    assert not covers("/two words/ @hazel", "two words/a.txt")


def test_two_stars_at_the_end_stand_for_something_within() -> None:
    assert covers("/docs/** @hazel", "docs/a/b.md")
    assert not covers("/docs/** @hazel", "docs")


@pytest.mark.second_tier("takes over half a second")
def test_a_hostile_file_takes_no_time() -> None:
    started = time.process_time()
    for line in ("*a" * 30_000, "**/" * 30_000, "*" * 60_000, "a/" * 30_000, "\\" * 60_001):
        covers(f"{line} @hazel\n" * 2, FLOW)
    assert time.process_time() - started < 5


# --- what is in the tree

CI, RELEASE = ".github/workflows/ci.yml", ".github/workflows/release.yaml"
SETUP, TOOL = ".github/actions/setup/action.yml", "tools/build/action.yaml"
FILES = (CI, RELEASE, SETUP, TOOL)


def made(text: str, tree: Any = ..., **changes: Any) -> Any:
    owners = code_owners(**{"rules": rules_of(text)} | changes)
    return workflow_owners(owners, action_files(*FILES) if tree is ... else tree)


@pytest.mark.parametrize(
    ("text", "unowned", "owns_new"),
    [
        ("* @hazel", (), True),
        ("* @hazel\n/.github/ @acme/ci", (), True),
        ("/.github/ @hazel\n/tools/ @hazel", (), True),
        ("/.github/ @hazel", (TOOL,), True),
        ("/.github/workflows/ @hazel\n/.github/CODEOWNERS @hazel\n/tools @hazel", (SETUP,), True),
        ("* @hazel\n/.github/workflows/ci.yml", (CI,), True),
        ("* @hazel\n/.github/workflows/ci.yml\n*.yml @acme/ci", (), True),
        ("* @hazel\nrelease.yaml", (RELEASE,), True),
        ("* @hazel\n*.yaml", (RELEASE, TOOL), False),
        ("* @hazel\ntools", (TOOL,), True),
        ("* @hazel\n**/action.yml\n", (SETUP,), True),
        ("* @hazel\n!*.yml\n[a-z]*.yaml", (), True),
        ("", (*FILES, ".github/CODEOWNERS"), False),
        (
            "ci.yml @a\nrelease.yaml @a\naction.yml @a\naction.yaml @a\nCODEOWNERS @a",
            (),
            False,
        ),
    ],
)
def test_each_file_that_is_there_is_held_against_the_lines(
    text: str, unowned: tuple[str, ...], *, owns_new: bool
) -> None:
    found = made(text)
    assert (found.unowned, found.owns_new) == (unowned, owns_new)


def test_the_file_itself_needs_an_owner() -> None:
    mine = "/.github/workflows/ @a\naction.y*ml @a\n"
    found = made(mine, path="docs/CODEOWNERS")
    assert found.unowned == ("docs/CODEOWNERS", ".github/CODEOWNERS")
    assert made(f"{mine}CODEOWNERS @a", path="docs/CODEOWNERS").unowned == ()


@pytest.mark.parametrize("tree", [REFUSED, action_files(*FILES, whole=MISSING)])
def test_a_tree_that_is_not_read(tree: Any) -> None:
    assert made("* @hazel\n/.github/ @a", tree).unowned == (), "no file is left out"
    partly = made("/.github/ @hazel\n/tools/ @hazel", tree)
    assert isinstance(field(partly, "unowned"), Unknown)
    assert made("/.github/workflows/ @hazel", tree).unowned[-1] == ".github/CODEOWNERS"


def test_a_tree_that_github_cut() -> None:
    cut = action_files(*FILES, whole=False)
    why = field(made("/.github/ @hazel\n/tools/ @hazel", cut), "unowned")
    assert why.reason is Reason.INCOMPLETE
    assert made("/.github/ @hazel", cut).unowned == (TOOL,), "one witness is enough"


def test_a_file_of_code_owners_that_is_not_read() -> None:
    for name in ("rules", "path"):
        found = workflow_owners(code_owners(**{name: LOST}), action_files(*FILES))
        assert "unowned" in found.unknown_fields()
    none = workflow_owners(code_owners(path=None, rules=()), REFUSED)
    assert none.path is None


WORDS = st.sampled_from(
    ["*", "**", "/**", ".github/", "/docs", "*.yml", "tools/*", "a b", "action.*"]
)
LINES = st.tuples(WORDS, st.sampled_from(["", " @hazel", " @acme/ci x@y.example", " nobody"]))
PATHS = st.lists(
    st.sampled_from(["a", "tools", ".github", "docs", "x.yml", "action.yml"]), min_size=1
)


@given(st.lists(LINES, max_size=6), PATHS)
def test_what_owns_everything_owns_each_path(
    lines: list[tuple[str, str]], steps: list[str]
) -> None:
    rules = rules_of("\n".join(word + owner for word, owner in lines))
    assert owns(rules, "/".join(steps)) or not owns_everything(rules)


@given(st.lists(LINES, max_size=5), PATHS, st.booleans())
def test_the_last_line_decides(lines: list[tuple[str, str]], steps: list[str], owned: bool) -> None:  # noqa: FBT001 (drawn)
    path = "/".join(steps)
    text = "\n".join(word + owner for word, owner in lines)
    last = f"/{path}{' @hazel' if owned else ''}"
    assert owns(rules_of(f"{text}\n{last}"), path) is owned
    unrelated = f"{text}\n/elsewhere{' @hazel' if owned else ''}"
    assert owns(rules_of(unrelated), path) is owns(rules_of(text), path)
