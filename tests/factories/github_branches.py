"""Branches that are released from, with everything in order; a test overrides what it is about."""

from __future__ import annotations

from typing import Any

from hardenme.facts.github.branch_names import (
    Branches,
    BranchNames,
    BranchRulesets,
    BranchStart,
    ReleaseBranchRules,
)
from hardenme.facts.github.environments import ClassicRule
from hardenme.facts.github.ruleset import RefRuleset
from tests.factories.github import REPO
from tests.factories.given import made

PLACE: dict[str, Any] = {"subject": REPO, "within": REPO, "label": REPO.name}


def start(*patterns: str, **overrides: Any) -> BranchStart:
    """A job that publishes what is pushed to these branches; to any, where none is named."""
    names = (BranchNames(patterns),) if patterns else ()
    return BranchStart(**{"job": "publish", "names": names, "certain": True} | overrides)


def branch_ruleset(*include: str, **overrides: Any) -> RefRuleset:
    """A ruleset that stops pushes, creation and deletion, and lets nobody past."""
    given: dict[str, Any] = {
        "number": 71,
        "enforcement": "active",
        "include": tuple(f"refs/heads/{pattern}" for pattern in include),
        "exclude": (),
        "rules": ("pull_request", "creation", "deletion"),
        "actors": (),
    }
    return RefRuleset(**given | overrides)


def branch_rulesets(*rulesets: RefRuleset, **overrides: Any) -> BranchRulesets:
    """The rulesets for branches."""
    return BranchRulesets(**PLACE | {"rulesets": rulesets, "told": ()} | overrides)


def branches(*others: str, **overrides: Any) -> Branches:
    """The branches beside `main`."""
    return Branches(**PLACE | {"names": ("main", *others), "whole": True} | overrides)


def classic_rule(pattern: Any, **overrides: Any) -> ClassicRule:
    """A rule that stops pushes and deletion."""
    given = {"blocks_pushes": True, "blocks_creations": False, "blocks_deletions": True}
    return ClassicRule(**{"pattern": pattern} | given | overrides)


release_branch_rules = made(
    ReleaseBranchRules,
    PLACE,
    full_name="hazel/catkin",
    in_organization=False,
    archived=False,
    files=("release.yml",),
    names=("next",),
    guarded=True,
    exposed="",
    exists=False,
    started="",
    line=0,
    any_case=False,
    writers_bypass=False,
    waiting=0,
)
"""Every branch that starts the release is guarded."""
