"""What stops that a branch is pushed to, created or deleted, by the names that rules are for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from hardenme.derive.ref_search import EVERYTHING, Cover
from hardenme.derive.ruleset_bypass import writers
from hardenme.facts.github.environments import ProtectedPatterns
from hardenme.facts.github.ruleset import RefRuleset
from hardenme.model.known import field
from hardenme.model.maybe import first_unknown
from hardenme.model.unknown import Reason, Unknown

PUSH, CREATION, DELETION = "push", "creation", "deletion"
RULES = {
    PUSH: frozenset({"pull_request", "update"}),
    CREATION: frozenset({"creation"}),
    DELETION: frozenset({"deletion"}),
}
"""The rules of rulesets that stop each for anyone who can write."""
PERHAPS = {CREATION: frozenset({"branch_name_pattern"})}
"""Rules that may stop it, by what they say and is not read."""
CLASSIC = {PUSH: "blocks_pushes", CREATION: "blocks_creations", DELETION: "blocks_deletions"}
WILD = re.compile(r"[*?\[\]]")
LOST = Unknown(
    Reason.MALFORMED,
    "branch patterns that GitHub documents, in rules and in workflow filters",
    "a pattern is not understood",
)


@dataclass(frozen=True, slots=True)
class BranchGuard:
    """What stops something for branches of some names.

    Attributes:
        sure: rules that surely do.
        perhaps: these, and rules of which it is not known.
        why: what is not known of the others.
    """

    sure: tuple[Cover, ...]
    perhaps: tuple[Cover, ...]
    why: Unknown | None

    def stops(self, name: str) -> Any:
        """Whether one of the rules is for a branch."""
        if any(cover.takes(name, at_most=False) for cover in self.sure):
            return True
        return False if self.lacks(name) else self.why or LOST

    def lacks(self, name: str) -> bool:
        """Whether surely none of the rules is for a branch."""
        return not any(cover.takes(name, at_most=True) for cover in self.perhaps)

    def __or__(self, other: BranchGuard) -> BranchGuard:
        return BranchGuard(
            self.sure + other.sure, self.perhaps + other.perhaps, self.why or other.why
        )


def guard(
    kind: str, active: list[RefRuleset], rulesets: Any, classic: ProtectedPatterns | Unknown
) -> BranchGuard:
    """The guard against one of these for anyone who can write.

    Args:
        kind: `push`, `creation` or `deletion`.
        active: the rulesets in force.
        rulesets: all of them, or why they are not known.
        classic: the rules of classic protection.
    """
    sure: list[Cover] = []
    perhaps: list[Cover] = []
    whys: list[Any] = [rulesets]
    for ruleset in active:
        certain = bool(RULES[kind] & set(ruleset.rules))
        if not certain and not PERHAPS.get(kind, set()) & set(ruleset.rules):
            continue
        cover, passed = Cover(ruleset.include, ruleset.exclude), writers(ruleset, pushing=True)
        whys.append(passed)
        if passed is False and certain:
            sure.append(cover)
        if passed is not True:
            perhaps.append(cover)
    own_sure, own_perhaps, own_why = _classic(CLASSIC[kind], classic)
    whys.append(own_why)
    if isinstance(rulesets, Unknown):
        perhaps.append(EVERYTHING)
    return BranchGuard((*sure, *own_sure), (*perhaps, *own_perhaps), first_unknown(whys))


def _classic(
    name: str, classic: ProtectedPatterns | Unknown
) -> tuple[list[Cover], list[Cover], Unknown | None]:
    """What classic protection stops.

    One rule alone counts for a branch: one that is its very name comes first, then the oldest, and
    which that is, is not shown.
    """
    rules: Any = classic if isinstance(classic, Unknown) else field(classic, "rules")
    patterns: Any = () if isinstance(rules, Unknown) else [field(r, "pattern") for r in rules]
    missing = first_unknown((rules, *patterns))
    if missing is not None:
        return [], [EVERYTHING], missing
    stops: list[Any] = [field(rule, name) for rule in rules]
    pairs = list(zip(patterns, stops, strict=True))
    loose = tuple(pattern for pattern, value in pairs if value is not True)
    exact_loose = tuple(p for p, value in pairs if value is False and not WILD.search(p))
    sure, perhaps = [], []
    for pattern, value in pairs:
        literal = not WILD.search(pattern)
        if value is True:
            others = () if literal else loose
            sure.append(Cover((pattern,), others, lead=""))
        if value is not False:
            perhaps.append(Cover((pattern,), () if literal else exact_loose, lead=""))
    return sure, perhaps, first_unknown(stops)
