"""Where no name is found that filters let in and no rule is for, there is none.

Held against regular expressions that share nothing with the product.
"""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hardenme.derive.ref_search import Cover, allowed, find_uncovered_name, matches
from hardenme.facts.github.branch_names import BranchNames
from hardenme.ground.errors import ContentError

letters = st.sampled_from("aA1z")
quantified = st.builds(
    "{}{}".format, st.sampled_from(["a", "z", "[0-9]", "[a-y]"]), st.sampled_from("?+")
)
filter_part = st.one_of(letters, quantified, st.sampled_from(["*", "/", ".", "/**", "[az]", "-"]))
filters = st.lists(filter_part, min_size=1, max_size=5).map("".join)
rule_part = st.one_of(letters, st.sampled_from(["*", "?", "/", "[a-z]", ".", "**/"]))
rules = st.one_of(
    st.lists(rule_part, min_size=1, max_size=5).map("".join), st.sampled_from(["**/*", "*", "a*"])
)
names = st.text("aAz1b/.-", min_size=1, max_size=6)


def by_filter(patterns: tuple[str, ...], name: str, *, any_case: bool) -> bool:
    """Whether a filter lets a name in."""
    let_in = False
    for pattern in patterns:
        bare = pattern.removeprefix("!")
        text = bare.replace(".", r"\.").replace("-", r"\-")
        text = re.sub(r"(?:(?<=/)|^)\*\*/", "\1", text).replace("**", "\0")
        text = re.sub(r"\[([^\]]*)\]", lambda found: f"[{found[1]}]".replace(r"\-", "-"), text)
        text = text.replace("*", "[^/]*").replace("\0", ".*").replace("\1", "(?:.*/)?")
        if re.fullmatch(text, name, re.IGNORECASE if any_case else 0):
            let_in = bare == pattern
    return let_in


def by_rule(pattern: str, name: str) -> bool:
    """Whether a pattern of classic protection names a branch."""
    text, place = "", 0
    while place < len(pattern):
        if pattern.startswith("**/", place) and (place == 0 or pattern[place - 1] == "/"):
            text, place = f"{text}(?:.*/)?", place + 3
        elif pattern[place] == "[":
            end = pattern.index("]", place) + 1
            text, place = text + pattern[place:end], end
        else:
            signs = {"*": "[^/]*", "?": "[^/]", ".": r"\."}
            text, place = text + signs.get(pattern[place], pattern[place]), place + 1
    return re.fullmatch(text, name) is not None


@given(
    patterns=st.lists(filters, min_size=1, max_size=3),
    ruled=st.lists(st.tuples(rules, st.lists(rules, max_size=1)), max_size=3),
    apart=st.lists(names, max_size=2),
    name=names,
    negated=st.booleans(),
    any_case=st.booleans(),
)
def test_no_name_is_left_out(
    patterns: list[str],
    ruled: list[tuple[str, list[str]]],
    apart: list[str],
    name: str,
    *,
    negated: bool,
    any_case: bool,
) -> None:
    assume(
        not any(
            re.search(r"(?<!/)\*\*|\*\*(?!/)", p)
            for one, more in ruled
            for p in (one, *more)
            if p != "**/*"
        )
    )
    if any_case:
        patterns = [re.sub(r"\[.*?\]|[?+]", "", pattern) or "a" for pattern in patterns]
    assume(not any("***" in pattern for pattern in (*patterns, *(p for p, _ in ruled))))
    given_names = (*patterns[:-1], f"!{patterns[-1]}") if negated else tuple(patterns)
    filtered = BranchNames(given_names, any_case=any_case)
    covers = tuple(Cover((one,), tuple(more), lead="") for one, more in ruled)
    kept_apart = frozenset(apart)

    def is_outside(tried: str) -> bool:
        covered = any(
            by_rule(one, tried) and not any(by_rule(item, tried) for item in more)
            for one, more in ruled
        )
        let_in = by_filter(given_names, tried, any_case=any_case)
        return let_in and not covered and tried not in kept_apart

    try:
        found = find_uncovered_name((filtered,), covers, kept_apart, at_most=False)
    except ContentError:
        return
    if found is None:
        assert not (allowed(name) and is_outside(name))
    else:
        assert allowed(found)
        assert is_outside(found)


@pytest.mark.parametrize(
    ("filters", "covers", "expected"),
    [
        ([], [], "n"),
        ([], ["~ALL"], None),
        ([], ["refs/heads/*"], "n/n"),
        ([], ["refs/heads/**/*"], None),
        ([["**", "!main"]], ["refs/heads/**/*"], None),
        ([["next", "alpha"]], ["refs/heads/next", "refs/heads/alpha"], None),
        ([["next"], ["alpha"]], [], None),
        ([["n*"], ["*t"]], ["refs/heads/next"], "nt"),
        ([["[0-9]+.x"]], ["refs/heads/[0-9].x"], "00.x"),
        ([["[0-9]+.x"]], ["refs/heads/*.x"], None),
        ([["release/**"]], ["refs/heads/release/v*", "refs/heads/release/[a-u]*"], "release/w"),
    ],
)
def test_names_outside(filters: list[list[str]], covers: list[str], expected: str | None) -> None:
    named = tuple(BranchNames(tuple(patterns)) for patterns in filters)
    rules = tuple(Cover((pattern,)) for pattern in covers)
    for at_most in (False, True):
        assert find_uncovered_name(named, rules, frozenset(), at_most=at_most) == expected


def test_what_is_not_understood_is_outside_for_nothing_and_for_all() -> None:
    any_name = (BranchNames(("**",)),)
    for cover in (Cover(("refs/heads/[^a]*",)), Cover(("~ALL",), ("refs/heads/[^a]*",))):
        assert find_uncovered_name(any_name, (cover,), frozenset(), at_most=False) is not None
        assert find_uncovered_name(any_name, (cover,), frozenset(), at_most=True) is None


def test_a_name_that_a_case_hides() -> None:
    names = (BranchNames(("main",), any_case=True),)
    found = find_uncovered_name(
        names, (Cover(("refs/heads/main",)),), frozenset({"main"}), at_most=True
    )
    assert found is not None
    assert found != "main"
    assert found.lower() == "main"
    assert matches(names, found, at_most=False)


@pytest.mark.parametrize(
    "name", ["", "/a", "a//b", "a/", ".a", "a/.b", "a..b", "a.", "a b", "a~", "a:"]
)
def test_what_no_branch_is_called(name: str) -> None:
    assert not allowed(name)
    assert allowed(f"a{'b'}/c.d-e_f")


@pytest.mark.second_tier("takes over half a second")
def test_hostile_patterns_take_no_long_time() -> None:
    begun = time.thread_time()
    everything = Cover(("refs/heads/**/*",))
    long = Cover((f"refs/heads/*a{'?' * 30}",))
    any_name = (BranchNames(("**",)),)
    for names, rules in (
        (any_name, (everything, long)),
        ((BranchNames(("*",) * 300),), (everything,)),
        (any_name, (*(Cover((f"refs/heads/{'*b' * 9}{n}*",)) for n in range(60)), everything)),
    ):
        with pytest.raises(ContentError):
            find_uncovered_name(names, rules, frozenset({"a"}), at_most=False)
    assert time.thread_time() - begun < 10


@pytest.mark.second_tier("takes over half a second")
def test_many_plain_names_are_looked_at() -> None:
    listed = tuple(f"release/{'abcdefghij'[n % 10]}{n}/stable" for n in range(90))
    names = (BranchNames(listed),)
    rules = tuple(Cover((f"refs/heads/{name}",)) for name in listed[:-1])
    assert find_uncovered_name(names, rules, frozenset(listed[:40]), at_most=False) == listed[-1]
    assert (
        find_uncovered_name(names, (*rules, Cover(("~ALL",))), frozenset(), at_most=False) is None
    )
