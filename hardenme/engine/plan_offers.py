"""No finding prints the command of a ruleset where the owner's plan is not known to have any.

GitHub Free has rulesets for public repositories, and none for private ones or for organizations.
Source: https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/about-rulesets
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from hardenme.collectors.fact_store import FactStore
from hardenme.facts.github.branch import ClassicProtection
from hardenme.facts.github.organization import OrganizationPlan
from hardenme.facts.github.repository import Repository
from hardenme.model.commands import PAID, RULES_NOT_OFFERED, TEAM
from hardenme.model.fact import Fact
from hardenme.model.finding import Finding
from hardenme.model.known import field
from hardenme.model.subject import Subject
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Failed, Fix

MAKES = re.compile(r" -X POST (?P<kind>repos|orgs)/(?P<name>\S+)/rulesets ")
"""In a command that adds a ruleset: to what."""
SHARED = frozenset({"public", "internal"})
"""Visibilities with rules whatever the plan: internal repositories are of Enterprise alone."""


def offered(finding: Finding, store: FactStore) -> Finding:
    """The finding, whose fix prints only rulesets that the owner's plan is known to have.

    Args:
        finding: as it was judged.
        store: what is known about the repository, and about its owner.
    """
    outcome = finding.outcome
    if not isinstance(outcome, Failed):
        return finding
    fix = _fitted(outcome.fix, store)
    return finding if fix is outcome.fix else replace(finding, outcome=replace(outcome, fix=fix))


def _fitted(fix: Fix, store: FactStore) -> Fix:
    if fix.wider is not None and _offers(fix.wider, store) is False:
        fix = replace(fix, wider=None)
    made = MAKES.search(fix.command)
    offers = _offers(fix, store)
    if made is None or offers is True:
        return fix
    if made["kind"] == "orgs":
        return replace(fix, step=f"{fix.step.rstrip('.')}. {TEAM}", command="")
    if offers is False:
        step = f"{RULES_NOT_OFFERED}. Then {fix.step[0].lower()}{fix.step[1:]}"
        undo = ". ".join(filter(None, (fix.undo.rstrip("."), "Change the plan back")))
        return replace(fix, step=step, command="", undo=undo, wider=None)
    return replace(fix, step=f"{fix.step.rstrip('.')}. {PAID}", command="")


def _offers(fix: Fix, store: FactStore) -> bool | None:
    """Whether the plan has the ruleset that a fix adds; None if that is not known."""
    made = MAKES.search(fix.command)
    if made is None:
        return True
    organization = Subject("github", "org", made["name"].partition("/")[0])
    paid = _known(store, OrganizationPlan, organization, "paid")
    if made["kind"] == "orgs":
        # Someone who is not shown the plan is not an owner, and adds no ruleset of the
        # organization.
        return True if paid is None else paid
    repository = Subject("github", "repo", made["name"])
    if _known(store, Repository, repository, "visibility") in SHARED:
        return True
    own: bool | None = _known(store, ClassicProtection, repository, "offered")
    return paid if own is None else own


def _known(store: FactStore, kind: type[Fact], subject: Subject, name: str) -> Any:
    """A field of a fact; None if it is not known."""
    fact = store.fact(kind, subject)
    value = None if fact is None else field(fact, name)
    return None if isinstance(value, Unknown) else value
