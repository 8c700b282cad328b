"""What a selection of branches and tags is worth: patterns are held against invented names."""

from __future__ import annotations

import time
from string import ascii_lowercase
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardenme.derive.environments import environment_selection
from hardenme.derive.ref_breadth import KINDS, leaves_out
from hardenme.facts.github.environments import EVERY_BRANCH, PROTECTED
from hardenme.model.known import field
from hardenme.model.unknown import Unknown
from tests.factories.github import classic, no_classic
from tests.factories.github_repository import guards, protected
from tests.factories.given import MISSING, REFUSED

NO_SELECTION = (
    *(["*"], ["**"], ["**/*"], ["?*"], ["*?"], ["??*"], ["[a-z]*"], ["[A-Z]*"], ["*[a-z]"]),
    *(["[a-m]*", "[n-z]*"], ["[a-y]*"], ["[a-zA-Z0-9]*"], ["*/*"], ["**/**"], ["*/**/*"]),
    *(["[a-z]*/*"], ["main", "*"], ["release/*", "[!x]*", "[a-z]*"], ["[a-f]*", "[g-z]?*"]),
    *([f"{letter}*" for letter in ascii_lowercase], ["*[aeiou]*", "main"], ["*/*/*/*"]),
)
SELECTIONS = (
    *(["main"], ["release/*"], ["v*"], ["v[0-9]*"], ["main", "release/*", "hotfix-*"]),
    *(["[0-9]*"], ["*.*.*"], ["v*", "[0-9]*.[0-9]*"], ["release/**/*"], ["**/release"], [], ["?"]),
    *(["@scope/*@*"], ["releases/v[0-9]*"], ["*/v[0-9]*"], ["main", "next", "[0-9]*.x"]),
)
NOT_SURE = (
    ["[!m]*"],
    ["[^v]*"],
    ["\\*"],
    ["*\\"],
    ["[*"],
    ["*" * 20],
    [f"*{n}" for n in range(99)],
)


@pytest.mark.parametrize(
    ("sets", "selects"), [(NO_SELECTION, False), (SELECTIONS, True), (NOT_SURE, None)]
)
def test_sets_of_patterns(sets: Any, selects: bool | None) -> None:  # noqa: FBT001 (what is due)
    assert [patterns for patterns in sets if leaves_out(patterns) is not selects] == []


PATTERNS = st.text("abv*?/[]-0.\\!^", max_size=8)


@settings(max_examples=60)
@given(st.lists(PATTERNS, max_size=4), PATTERNS)
def test_one_more_pattern_never_makes_a_selection(patterns: list[str], more: str) -> None:
    order = {False: 0, None: 1, True: 2}
    assert order[leaves_out([*patterns, more])] <= order[leaves_out(patterns)]


@pytest.mark.second_tier("many patterns of all letters")
@settings(max_examples=60)
@given(st.permutations(ascii_lowercase), st.integers(1, 6), st.sampled_from(["*", "?*", "**"]))
def test_patterns_that_complement_each_other_are_no_selection(
    letters: list[str], parts: int, rest: str
) -> None:
    sets = ["".join(letters[at::parts]) for at in range(parts)]
    patterns = [f"[{chosen}]{rest}" for chosen in sets]
    assert leaves_out(patterns) is False
    for folders in (1, 2, 3):
        assert leaves_out([f"{one}{'/*' * folders}" for one in patterns]) is False


WORDS = st.sampled_from(["release", "v1", "main", "stable", "publish", "rel-"])


@settings(max_examples=60)
@given(
    st.lists(st.tuples(WORDS, st.sampled_from(["*", "/*", "/**/*", "?*", "[0-9]*"])), max_size=6)
)
def test_what_begins_with_a_word_is_a_selection(pairs: list[tuple[str, str]]) -> None:
    assert leaves_out([word + rest for word, rest in pairs]) is True


def test_the_names_are_of_many_kinds() -> None:
    names = [name for kind in KINDS for name in kind]
    assert len(set(names)) == len(names)
    for place in range(2):
        assert set(ascii_lowercase) <= {name[place] for name in KINDS[0]}
    assert {name.count("/") for name in names} == {0, 1, 2, 3}
    assert set("-_.7") <= set("".join(names))


def test_hostile_patterns_take_no_time() -> None:
    started = time.process_time()
    leaves_out([f"{'*a' * 6}{number}*" for number in range(1000)])
    leaves_out(["*a" * 50_000, "**/" * 30_000, "?" * 100_000, "[" * 100_000])
    assert time.process_time() - started < 5


# --- what an environment is open to


def open_to(fact: Any, patterns: Any = REFUSED, protection: Any = REFUSED) -> Any:
    return field(environment_selection(fact, patterns, protection), "open_to")


def test_named_branches_and_tags() -> None:
    assert open_to(guards()) == ""
    assert open_to(guards(patterns=("branch main", "tag [a-z]*"))) == "tags of nearly every name"
    assert open_to(guards(patterns=("tag v*", "branch **"))) == "branches of nearly every name"
    apart = guards(patterns=("branch [a-h]*", "tag [i-z]*"))
    assert open_to(apart), "each of the two is much alone already"
    assert isinstance(open_to(guards(patterns=("tag [!v]*",))), Unknown)
    sure = guards(patterns=("branch [!v]*", "tag *"))
    assert open_to(sure) == "tags of nearly every name", "one that is sure is enough"
    assert open_to(guards(patterns=MISSING)) is MISSING
    assert open_to(guards(branches=MISSING)) is MISSING
    for policy in (EVERY_BRANCH, "something new"):
        assert open_to(guards(branches=policy)) == "every branch and tag"


@pytest.mark.parametrize(
    ("patterns", "protection", "said"),
    [
        (protected("main"), REFUSED, ""),
        (protected("main"), no_classic(), ""),
        (protected("main", creatable=("release/*",)), REFUSED, ""),
        (protected("*"), REFUSED, ""),
        (protected("main", creatable=("*",)), classic(), "each new branch"),
        (protected(creatable=("[a-m]*", "[n-z]*")), REFUSED, "each new branch"),
        (protected(), classic(), "every branch (none is protected)"),
        (REFUSED, no_classic(), "every branch (none is protected)"),
        (REFUSED, classic(), None),
        (REFUSED, REFUSED, None),
        (REFUSED, classic(rules=MISSING), None),
        (protected("main", creatable=MISSING), classic(), None),
        (protected(creatable=("[!x]*",)), classic(), None),
    ],
)
def test_protected_branches(patterns: Any, protection: Any, said: str | None) -> None:
    found = open_to(guards(branches=PROTECTED), patterns, protection)
    if said is None:
        assert isinstance(found, Unknown)
    else:
        assert found.startswith(said)
        assert bool(found) is bool(said)
