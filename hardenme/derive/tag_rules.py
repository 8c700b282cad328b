"""What guards release tags, from the rulesets for tags and the names of the newest ones."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from hardenme.derive.ref_pattern import names
from hardenme.derive.release_names import releases
from hardenme.derive.ruleset_bypass import writers
from hardenme.facts.github.repository import Repository
from hardenme.facts.github.ruleset import RefRuleset
from hardenme.facts.github.tag_rules import EffectiveTagRules, NewestTags, TagRulesets
from hardenme.model.known import field
from hardenme.model.maybe import all_of, any_of, first_unknown, negate
from hardenme.model.unknown import Reason, Unknown

RULES = ("update", "deletion", "creation")
SHOWN = 5
"""Tags that are named, of those that are left out."""
LOST = Unknown(
    Reason.MALFORMED,
    "patterns of rulesets that GitHub documents; check the ruleset on its page",
    "a pattern is not understood",
)


def effective_tag_rules(
    repository: Repository, rulesets: TagRulesets, tags: NewestTags
) -> EffectiveTagRules:
    """The rules of all active rulesets together, for each tag that was judged."""
    newest: Any = field(tags, "newest")
    found: Any = field(rulesets, "rulesets")
    known = None if isinstance(newest, Unknown) else releases(newest)
    judged: Any = newest if known is None else (*known.seen, *known.invented)
    active: list[RefRuleset] = []
    waiting: Any = found
    if not isinstance(found, Unknown):
        active = [ruleset for ruleset in found if ruleset.enforcement == "active"]
        waiting = len(found) - len(active)

    missing = first_unknown((judged, found))
    states = {rule: [] if missing else _having(rule, judged, active) for rule in RULES}
    exposed = missing or tuple(
        name for name, *having in zip(judged, *states.values(), strict=True) if False in having
    )
    kept = {rule: missing or all_of(states[rule]) for rule in RULES}
    return EffectiveTagRules(
        **repository.placed(repository.subject),
        full_name=field(repository, "full_name"),
        in_organization=field(repository, "in_organization"),
        archived=field(repository, "archived"),
        count=field(tags, "count"),
        judged=judged,
        exposed=exposed if missing else exposed[:SHOWN],
        writers_bypass=any(_passes(item) is True for item in active),
        patterns=() if known is None else _patterns(known.leads),
        waiting=waiting,
        unmovable=kept["update"],
        undeletable=kept["deletion"],
        uncreatable=kept["creation"],
    )


def _patterns(leads: tuple[str, ...]) -> tuple[str, ...]:
    """Patterns that name the release tags, for a new ruleset."""
    if not leads:
        return ("~ALL",)
    return tuple(sorted(f"refs/tags/{lead}*" if lead else "refs/tags/[0-9]*" for lead in leads))


def _having(rule: str, judged: tuple[str, ...], active: list[RefRuleset]) -> list[Any]:
    """Of each tag whether it has a rule; unknown if that is not sure."""
    having = [ruleset for ruleset in active if rule in ruleset.rules]
    return [_surely(having, f"refs/tags/{name}") for name in judged]


def _surely(rulesets: list[RefRuleset], reference: str) -> Any:
    """Whether one of the rulesets covers the reference, and binds everyone who can write."""
    return any_of(
        all_of((_covers(item.include, item.exclude, reference), negate(_passes(item))))
        for item in rulesets
    )


def _passes(ruleset: RefRuleset) -> Any:
    """Whether everyone who can write may push a tag past a ruleset."""
    return writers(ruleset, pushing=True)


@lru_cache(maxsize=16_384)
def _covers(include: tuple[str, ...], exclude: tuple[str, ...], reference: str) -> Any:
    """Whether patterns are for the reference: the same ones bind many repositories."""
    sure, perhaps = (
        any(names(pattern, reference, at_most=at_most) for pattern in include)
        and not any(names(pattern, reference, at_most=not at_most) for pattern in exclude)
        for at_most in (False, True)
    )
    return LOST if perhaps and not sure else sure
