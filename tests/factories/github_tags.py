"""Tags with everything in order; a test overrides what it is about."""

from __future__ import annotations

from typing import Any

from hardenme.facts.github.ruleset import RefRuleset
from hardenme.facts.github.tag_rules import (
    EffectiveTagRules,
    NewestTags,
    RuleBypasses,
    TagRulesets,
)
from tests.factories.github import REPO
from tests.factories.given import ago, made

PLACE: dict[str, Any] = {"subject": REPO, "within": REPO, "label": REPO.name}
RULES = ("creation", "update", "deletion")


tag_ruleset = made(
    RefRuleset,
    number=91,
    enforcement="active",
    include=("refs/tags/v*",),
    exclude=(),
    rules=RULES,
    actors=(),
)
"""A ruleset that keeps every tag that begins with `v`."""


def tag_rulesets(*rulesets: RefRuleset, **overrides: Any) -> TagRulesets:
    """The rulesets for tags."""
    return TagRulesets(**PLACE | {"rulesets": rulesets, "told": ()} | overrides)


def newest_tags(*newest: str, **overrides: Any) -> NewestTags:
    """The tags of a repository, the newest first."""
    commits = tuple(f"{number:040x}" for number in range(len(newest)))
    given: dict[str, Any] = {"count": len(newest), "newest": newest, "commits": commits}
    return NewestTags(**PLACE | given | overrides)


tag_rules = made(
    EffectiveTagRules,
    PLACE,
    full_name="hazel/catkin",
    in_organization=False,
    archived=False,
    count=3,
    judged=("v2.0.0", "v1.2.3"),
    exposed=(),
    writers_bypass=False,
    patterns=("refs/tags/v*",),
    waiting=0,
    unmovable=True,
    undeletable=True,
    uncreatable=True,
)
"""Release tags that nobody moves, deletes or makes without a word."""


def bypasses(count: Any = 0, **overrides: Any) -> RuleBypasses:
    """So many pushes that passed by the rules, the last one yesterday."""
    newest = ago(1) if count else None
    given: dict[str, Any] = {"offered": True, "count": count, "more": False, "newest": newest}
    return RuleBypasses(**PLACE | given | overrides)
