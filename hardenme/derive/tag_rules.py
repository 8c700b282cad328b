"""What guards release tags, from the rulesets for tags and the names of the newest ones."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from hardenme.derive.field import field
from hardenme.derive.ref_pattern import names
from hardenme.facts.github.repository import Repository
from hardenme.facts.github.tag_rules import (
    EffectiveTagRules,
    NewestTags,
    TagRuleset,
    TagRulesets,
)
from hardenme.model.unknown import Reason, Unknown

VERSION = re.compile(r"(?P<lead>[^\d]*(?:\d+[^\d.]+)*)\d+(?:\.\d+)+(?:[-+.].*)?")
"""A version with what stands before it, like `v` or `web@`."""
LONGEST = 250
"""Characters of a name that is still read for a version; git's own bound is about the same."""
NEXT = "1.2.3"


def effective_tag_rules(
    repository: Repository, rulesets: TagRulesets, tags: NewestTags
) -> EffectiveTagRules:
    """The rules of all active rulesets together, for each tag that was judged."""
    newest: Any = field(tags, "newest")
    found: Any = field(rulesets, "rulesets")
    judged: Any = newest if isinstance(newest, Unknown) else _release_tags(newest)
    active: list[TagRuleset] = []
    waiting: Any = found
    if not isinstance(found, Unknown):
        active = [ruleset for ruleset in found if ruleset.enforcement == "active"]
        waiting = len(found) - len(active)

    def kept(rule: str) -> Any:
        unread = next((part for part in (judged, found) if isinstance(part, Unknown)), None)
        return unread or _each_has(rule, judged, active)

    return EffectiveTagRules(
        subject=repository.subject,
        within=repository.subject,
        label=repository.label,
        web=repository.web,
        full_name=field(repository, "full_name"),
        in_organization=field(repository, "in_organization"),
        archived=field(repository, "archived"),
        count=field(tags, "count"),
        judged=judged,
        patterns=() if isinstance(newest, Unknown) else _patterns(newest),
        waiting=waiting,
        unmovable=kept("update"),
        undeletable=kept("deletion"),
        uncreatable=kept("creation"),
    )


def _leads(newest: Iterable[str]) -> dict[str, list[str]]:
    """The names that are versions, by what stands before the number."""
    leads: dict[str, list[str]] = {}
    for name in newest:
        version = VERSION.fullmatch(name) if len(name) <= LONGEST else None
        if version is not None:
            leads.setdefault(version["lead"], []).append(name)
    return leads


def _release_tags(newest: tuple[str, ...]) -> tuple[str, ...]:
    """The versions among the newest tags, and one more of each kind; all tags where none is one.

    A tag like `v4`, which is moved to each release of that number, is no version: it has no dot.
    """
    leads = _leads(newest)
    if not leads:
        return newest
    versions = [name for found in leads.values() for name in found]
    return tuple(dict.fromkeys([*versions, *(f"{lead}{NEXT}" for lead in leads)]))


def _patterns(newest: tuple[str, ...]) -> tuple[str, ...]:
    """Patterns that name the release tags, for a new ruleset."""
    leads = _leads(newest)
    if not leads:
        return ("~ALL",)
    return tuple(sorted(f"refs/tags/{lead}*" if lead else "refs/tags/[0-9]*" for lead in leads))


def _each_has(rule: str, judged: tuple[str, ...], active: list[TagRuleset]) -> bool | Unknown:
    """Whether each tag has a rule: no where one surely has not, unknown where that is not sure."""
    having = [ruleset for ruleset in active if rule in ruleset.rules]
    states = [_surely(having, f"refs/tags/{name}") for name in judged]
    if False in states:
        return False
    if None in states:
        return Unknown(
            Reason.MALFORMED,
            "patterns of rulesets that GitHub documents; look at the ruleset on its page",
            "a pattern is not understood",
        )
    return True


def _surely(rulesets: list[TagRuleset], reference: str) -> bool | None:
    """Whether one of the rulesets is for the reference; None where that is not sure."""
    if any(_covers(ruleset, reference, at_most=False) for ruleset in rulesets):
        return True
    return None if any(_covers(item, reference, at_most=True) for item in rulesets) else False


def _covers(ruleset: TagRuleset, reference: str, *, at_most: bool) -> bool:
    included = any(names(pattern, reference, at_most=at_most) for pattern in ruleset.include)
    excluded = (names(pattern, reference, at_most=not at_most) for pattern in ruleset.exclude)
    return included and not any(excluded)
