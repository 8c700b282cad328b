from __future__ import annotations

from typing import Any

import pytest

from hardenme.derive.field import field
from hardenme.derive.tag_rules import effective_tag_rules
from hardenme.facts.github.tag_rules import EffectiveTagRules, TagRuleset
from hardenme.model.unknown import Reason, Unknown
from tests.factories.github import repository
from tests.factories.github_tags import newest_tags, tag_ruleset, tag_rulesets
from tests.factories.given import LOST, MISSING


def rules_of(*rulesets: TagRuleset, tags: tuple[str, ...] = ("v2.0.0",)) -> EffectiveTagRules:
    return effective_tag_rules(repository(), tag_rulesets(*rulesets), newest_tags(*tags))


def kept(rules: EffectiveTagRules) -> tuple[bool, bool, bool]:
    return rules.unmovable, rules.undeletable, rules.uncreatable


def test_a_ruleset_keeps_the_release_tags() -> None:
    rules = rules_of(tag_ruleset())
    assert kept(rules) == (True, True, True)
    assert (rules.count, rules.waiting) == (1, 0)
    assert rules.judged == ("v2.0.0", "v1.2.3")
    assert rules.patterns == ("refs/tags/v*",)


@pytest.mark.parametrize("enforcement", ["evaluate", "disabled"])
def test_a_ruleset_that_is_not_active_keeps_nothing(enforcement: str) -> None:
    rules = rules_of(tag_ruleset(enforcement=enforcement))
    assert kept(rules) == (False, False, False)
    assert rules.waiting == 1


def test_rulesets_add_up() -> None:
    first, second = tag_ruleset(rules=("update",)), tag_ruleset(rules=("deletion",))
    assert kept(rules_of(first, second)) == (True, True, False)
    split = (tag_ruleset(include=("refs/tags/v2*",)), tag_ruleset(include=("refs/tags/v1*",)))
    assert kept(rules_of(*split)) == (True, True, True)


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
        {"exclude": ("refs/tags/*-rc*",)},
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
    ("tags", "judged", "patterns"),
    [
        (("1.4.0",), ("1.4.0", "1.2.3"), ("refs/tags/[0-9]*",)),
        (("v1.4.0", "v1", "latest"), ("v1.4.0", "v1.2.3"), ("refs/tags/v*",)),
        (("release-1.4",), ("release-1.4", "release-1.2.3"), ("refs/tags/release-*",)),
        (("web@1.0.0", "ui@2.0.0"), ("web@1.0.0", "ui@2.0.0", "web@1.2.3", "ui@1.2.3"),
         ("refs/tags/ui@*", "refs/tags/web@*")),
        (("web/v1.0.0-rc.1",), ("web/v1.0.0-rc.1", "web/v1.2.3"), ("refs/tags/web/v*",)),
        (("v1.2.3",), ("v1.2.3",), ("refs/tags/v*",)),
        (("v4", "latest"), ("v4", "latest"), ("~ALL",)),
        (("2026-01-02",), ("2026-01-02",), ("~ALL",)),
        (("9" * 5000 + ".1",), ("9" * 5000 + ".1",), ("~ALL",)),
    ],
)  # fmt: skip
def test_which_tags_are_releases(
    tags: tuple[str, ...], judged: tuple[str, ...], patterns: tuple[str, ...]
) -> None:
    rules = rules_of(tags=tags)
    assert rules.judged == judged
    assert rules.patterns == patterns
    # What a fix would add keeps all that was judged.
    added = rules_of(tag_ruleset(include=patterns), tags=tags)
    assert kept(added) == (True, True, True)


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
