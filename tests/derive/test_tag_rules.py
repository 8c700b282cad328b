from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardenme.derive.tag_rules import effective_tag_rules
from hardenme.facts.github.ruleset import RefRuleset
from hardenme.facts.github.tag_rules import EffectiveTagRules
from hardenme.model.known import field
from hardenme.model.unknown import Reason, Unknown
from tests.factories.github import repository
from tests.factories.github_tags import newest_tags, tag_ruleset, tag_rulesets
from tests.factories.given import LOST, MISSING


def rules_of(*rulesets: RefRuleset, tags: tuple[str, ...] = ("v2.0.0",)) -> EffectiveTagRules:
    return effective_tag_rules(repository(), tag_rulesets(*rulesets), newest_tags(*tags))


def kept(rules: EffectiveTagRules) -> tuple[bool, bool, bool]:
    return rules.unmovable, rules.undeletable, rules.uncreatable


def test_a_ruleset_keeps_the_release_tags() -> None:
    rules = rules_of(tag_ruleset())
    assert kept(rules) == (True, True, True)
    assert (rules.count, rules.waiting) == (1, 0)
    assert rules.judged[0] == "v2.0.0"
    assert {"v0.2.3", "v1.0.0", "v3.0.0", "v9.14.0-rc.1"} <= set(rules.judged)
    assert rules.exposed == ()
    assert rules.patterns == ("refs/tags/v*",)


@pytest.mark.parametrize("enforcement", ["evaluate", "disabled"])
def test_a_ruleset_that_is_not_active_keeps_nothing(enforcement: str) -> None:
    rules = rules_of(tag_ruleset(enforcement=enforcement))
    assert kept(rules) == (False, False, False)
    assert rules.waiting == 1


def test_rulesets_add_up() -> None:
    first, second = tag_ruleset(rules=("update",)), tag_ruleset(rules=("deletion",))
    assert kept(rules_of(first, second)) == (True, True, False)
    parts = ("refs/tags/v[0-4]*", "refs/tags/v[5-9]*")
    split = tuple(tag_ruleset(include=(part,)) for part in parts)
    assert kept(rules_of(*split)) == (True, True, True)
    assert kept(rules_of(split[0])) == (False, False, False)


@pytest.mark.parametrize(
    "change",
    [
        {"include": ()},
        {"include": ("refs/tags/release-*",)},
        {"include": ("refs/tags/v2*",)},
        {"exclude": ("refs/tags/v*",)},
        {"exclude": ("~ALL",)},
        {"exclude": ("refs/tags/v2.0.*",)},
        {"exclude": ("refs/tags/v1*",)},
        # One major version alone, or all but one; a trial is released too.
        {"include": ("refs/tags/v2.*",)},
        {"include": ("refs/tags/v[1-3].*",)},
        {"include": ("refs/tags/v1.*", "refs/tags/v2.*")},
        {"exclude": ("refs/tags/v3.*",)},
        {"exclude": ("refs/tags/v7.*.*",)},
        {"exclude": ("refs/tags/*-rc*",)},
        {"include": ("~ALL",), "exclude": ("refs/tags/*",)},
        {"rules": ("non_fast_forward",)},
    ],
)
def test_a_release_tag_that_is_left_out_is_not_kept(change: dict[str, Any]) -> None:
    assert kept(rules_of(tag_ruleset(**change))) == (False, False, False)


@pytest.mark.parametrize(
    "change",
    [
        {"include": ("~ALL",)},
        {"include": ("refs/tags/**/*",)},
        {"include": ("refs/tags/x", "refs/tags/v*")},
        {"exclude": ("refs/tags/*-nightly*",)},
        {"exclude": ("~DEFAULT_BRANCH",)},
        {"exclude": ("refs/tags/nightly/**/*",)},
    ],
)
def test_patterns_that_keep_release_tags(change: dict[str, Any]) -> None:
    assert kept(rules_of(tag_ruleset(**change))) == (True, True, True)


@pytest.mark.parametrize(
    "change",
    [
        {"include": ("refs/tags/[^n]*",)},
        {"include": ("refs/tags/\\v*",)},
        {"exclude": ("refs/tags/[!v]*",)},
    ],
)
def test_a_pattern_that_is_not_understood_decides_nothing(change: dict[str, Any]) -> None:
    rules = rules_of(tag_ruleset(**change))
    for name in ("unmovable", "undeletable", "uncreatable"):
        unknown = field(rules, name)
        assert isinstance(unknown, Unknown)
        assert unknown.reason is Reason.MALFORMED
    # What another ruleset proves, it does not put in doubt.
    assert kept(rules_of(tag_ruleset(**change), tag_ruleset())) == (True, True, True)


@pytest.mark.parametrize(
    ("tags", "seen", "invented", "patterns"),
    [
        (("1.4.0",), ("1.4.0",), ("0.0.0", "2.2.3"), ("refs/tags/[0-9]*",)),
        (("v1.4.0", "v1", "latest"), ("v1.4.0",), ("v0.2.3", "v2.0.0"), ("refs/tags/v*",)),
        (("release-1.4",), ("release-1.4",), ("release-9.0.0",), ("refs/tags/release-*",)),
        (("web@1.0.0", "ui@2.0.0"), ("web@1.0.0", "ui@2.0.0"), ("web@2.2.3", "ui@1.14.0-rc.1"),
         ("refs/tags/ui@*", "refs/tags/web@*")),
        (("@grove/web@1.0.0",), ("@grove/web@1.0.0",), ("@grove/web@3.0.0",),
         ("refs/tags/@grove/web@*",)),
        (("web/v1.0.0-rc.1",), ("web/v1.0.0-rc.1",), ("web/v2.0.0",), ("refs/tags/web/v*",)),
        (("v12.0.0",), ("v12.0.0",), ("v1.0.0", "v13.0.0", "v14.2.3"), ("refs/tags/v*",)),
        (("v2026.4.1",), ("v2026.4.1",), ("v2025.0.0", "v2027.2.3"), ("refs/tags/v*",)),
        (("v4", "latest"), ("v4", "latest"), ("v1", "v5"), ("~ALL",)),
        (("2026-01-02",), ("2026-01-02",), ("2027-01-02",), ("~ALL",)),
        (("latest",), ("latest",), (), ("~ALL",)),
        (("9" * 5000 + ".1",), ("9" * 5000 + ".1",), (), ("~ALL",)),
    ],
)  # fmt: skip
def test_which_tags_are_releases(
    tags: tuple[str, ...],
    seen: tuple[str, ...],
    invented: tuple[str, ...],
    patterns: tuple[str, ...],
) -> None:
    rules = rules_of(tags=tags)
    assert rules.judged[: len(seen)] == seen
    assert set(invented) <= set(rules.judged[len(seen) :])
    assert bool(invented) is (len(rules.judged) > len(seen))
    assert rules.patterns == patterns
    # What a fix would add keeps all that was judged.
    added = rules_of(tag_ruleset(include=patterns), tags=tags)
    assert kept(added) == (True, True, True)


def test_years_have_no_releases_of_long_ago() -> None:
    years = tag_ruleset(include=("refs/tags/20*",))
    assert kept(rules_of(years, tags=("2026.4.1",))) == (True, True, True)
    alone = tag_ruleset(include=("refs/tags/2026.*",))
    assert kept(rules_of(alone, tags=("2026.4.1",))) == (False, False, False)


def test_tags_that_are_left_out_are_named() -> None:
    rules = rules_of(tag_ruleset(include=("refs/tags/v2.*",)))
    assert rules.exposed == ("v0.0.0", "v0.2.3", "v0.14.0-rc.1", "v1.0.0", "v1.2.3")
    half = rules_of(tag_ruleset(rules=("update",)))
    assert half.exposed[0] == "v2.0.0"


majors = st.integers(0, 40)
leads = st.sampled_from(("v", "", "web@", "@grove/ui@", "release-", "web/v"))
patterns = st.lists(
    st.builds(
        lambda lead, rest: f"refs/tags/{lead}{rest}",
        leads,
        st.sampled_from(("*", "**", "1.*", "[0-9]*", "[2-9].*", "*.*.*", "*-*", "?.*", "[^1]*")),
    ),
    max_size=3,
).map(tuple)


@given(leads, majors)
def test_one_major_version_is_never_all(lead: str, major: int) -> None:
    newest = (f"{lead}{major}.4.0",)
    alone = tag_ruleset(include=(f"refs/tags/{lead}{major}.*",))
    assert kept(rules_of(alone, tags=newest)) == (False, False, False)
    but_one = tag_ruleset(include=("refs/tags/**/*",), exclude=(f"refs/tags/{lead}{major}.*",))
    for tags in (newest, (f"{lead}{major + 1}.0.0",), (f"{lead}{max(major - 1, 0)}.0.0",)):
        assert kept(rules_of(but_one, tags=tags)) == (False, False, False)


def rank(rules: EffectiveTagRules, name: str) -> int:
    """How good an answer is: no, unknown, yes."""
    value = field(rules, name)
    return 1 if isinstance(value, Unknown) else 2 * value


@given(leads, majors, patterns, patterns, patterns)
def test_a_pattern_more_that_is_left_out_keeps_no_tag(
    lead: str, major: int, include: Any, exclude: Any, more: Any
) -> None:
    tags = (f"{lead}{major}.4.0",)
    before = rules_of(tag_ruleset(include=include, exclude=exclude), tags=tags)
    less = rules_of(tag_ruleset(include=include, exclude=exclude + more), tags=tags)
    wider = rules_of(tag_ruleset(include=include + more, exclude=exclude), tags=tags)
    assert rank(less, "unmovable") <= rank(before, "unmovable") <= rank(wider, "unmovable")


def test_a_tag_that_moves_on_purpose_need_not_be_kept() -> None:
    three = tag_ruleset(include=("refs/tags/v*.*.*",))
    assert kept(rules_of(three, tags=("v4", "v4.1.0"))) == (True, True, True)


def test_without_a_tag() -> None:
    assert rules_of(tags=()).count == 0


def test_what_is_not_known() -> None:
    unread = effective_tag_rules(repository(), tag_rulesets(rulesets=LOST), newest_tags("v1.0.0"))
    assert field(unread, "unmovable") is LOST
    assert field(unread, "waiting") is LOST
    tagless = effective_tag_rules(
        repository(), tag_rulesets(tag_ruleset()), newest_tags(count=7, newest=MISSING)
    )
    assert tagless.count == 7
    for name in ("judged", "unmovable", "undeletable", "uncreatable"):
        assert field(tagless, name) is MISSING
