"""Tags, what guards them, and who passed by the rules of the two organizations."""

from __future__ import annotations

from datetime import datetime, timedelta

from hardenme.sandbox.github.scenario.rulebook import release_tags
from hardenme.sandbox.github.world import RuleSuite, World
from tests.worlds.organizations.base import STRICT, WEAK


def weaken(world: World, now: datetime) -> None:
    """Tags that nothing guards, a ruleset on trial, and an owner who passes by the rules."""
    for repository in world.repositories_of(WEAK):
        if repository.default_branch is not None:
            repository.tags += ["v1.10.0", "v1.9.0", "v1"]
        if repository.name == "briar":
            trial = release_tags(9203, repository.full_name, now)
            trial.enforcement = "evaluate"
            repository.rulesets.append(trial)
            repository.rule_suites += [
                RuleSuite(9211, "thorn", now - timedelta(days=3), result="bypass"),
                RuleSuite(9212, "nettle", now - timedelta(days=5)),
                RuleSuite(9213, "thorn", now - timedelta(days=45), result="bypass"),
            ]


def harden(world: World, now: datetime) -> None:
    """Tags that the organization's ruleset keeps, and pushes that went by the rules."""
    for organization in world.organizations:
        for ruleset in organization.rulesets:
            ruleset.source_type = "Organization"
    for repository in world.repositories_of(STRICT):
        repository.tags += ["v2.1.0", "v2.0.0"]
        repository.rule_suites.append(RuleSuite(9221, "maple", now - timedelta(days=2)))
