"""What a repository has: itself, keys, hooks, secrets, environments, rules, workflows, tags."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from hardenme.derive.inventory.account import INVITATION
from hardenme.derive.inventory.making import At, Source, inside, item, known, some, thing, values
from hardenme.facts.github.branch import ActiveRulesets, ClassicProtection
from hardenme.facts.github.collaborators import (
    CollaboratorInvitation,
    RepositoryOutsideCollaborator,
)
from hardenme.facts.github.environments import Environment, EnvironmentGuards, EnvironmentSecret
from hardenme.facts.github.files import RepositoryRelease
from hardenme.facts.github.hooks import RepositoryHook
from hardenme.facts.github.repository import ActionsSecret, DeployKey, Repository
from hardenme.facts.github.runners import RepositoryRunners
from hardenme.facts.github.tag_rules import NewestTags, TagRulesets
from hardenme.facts.github.workflow import Workflow
from hardenme.model.fact import Fact
from hardenme.model.inventory import Item
from hardenme.model.unknown import Unknown

REPOSITORY = "repository"
TAG = "release tag"
ENVIRONMENT = "environment"
BRANCH_RULES, TAG_RULES = "branch ruleset", "tag ruleset"
GUARDS = (
    "pull_request",
    "dismisses_stale",
    "last_push_approval",
    "code_owner_review",
    "blocks_force_push",
    "blocks_deletion",
    "signatures",
    "conversations",
    "linear_history",
    "restricts_pushes",
)
"""Switches of the protection of a branch, by the names of their fields."""


def _repository(fact: Repository) -> Iterator[Item]:
    named = {"name": known(fact, "full_name")}
    state = named | values(fact, "visibility", "archived", "fork", "default_branch")
    yield item(REPOSITORY, fact.subject, fact.label, None, state)


def _deploy_key(fact: DeployKey) -> Iterator[Item]:
    """A batch has another number for a key than the list that deeper runs ask for.

    A key can neither be renamed nor changed, so its name and its age tell it apart in both.
    """
    made = known(fact, "created_at")
    state = values(fact, "read_only", "created_at", "added_by")
    found = item("deploy key", fact.subject, fact.label, None, state)
    when = found.state.get("created_at")
    identity = None if isinstance(made, Unknown) else f"{when} {fact.label}"
    yield item("deploy key", fact.subject, fact.label, identity, state)


def _protection(fact: ClassicProtection) -> Iterator[Item]:
    """The classic protection of the default branch, if there is one."""
    rules = known(fact, "rules")
    if isinstance(rules, Unknown) or not rules:
        return
    branch = known(fact, "branch")
    switches = values(fact, *GUARDS)
    state = values(fact, "branch", "approvals", "status_checks", "binds_admins")
    if not any(isinstance(value, Unknown) for value in switches.values()):
        state["guards"] = [name for name, on in switches.items() if on]
    subject = inside(fact, "github:branch", branch if isinstance(branch, str) else "default")
    yield item("branch protection", subject, branch, None, state)


def _tags(fact: NewestTags) -> Iterator[Item]:
    for name in some(known(fact, "newest")):
        yield item(TAG, inside(fact, "github:tag", name), name, name)


def _all_tags(fact: NewestTags) -> bool:
    return fact.count == len(fact.newest)


def _newest_release(fact: RepositoryRelease) -> Iterator[Item]:
    tag = known(fact, "tag")
    if isinstance(tag, str):
        yield item(TAG, inside(fact, "github:tag", tag), tag, tag)


def _branch_rulesets(fact: ActiveRulesets) -> Iterator[Item]:
    for number in some(known(fact, "ruleset_ids")):
        if number not in fact.shared_ids:
            yield item(BRANCH_RULES, inside(fact, "github:ruleset", str(number)), "", number)


def _tag_rulesets(fact: TagRulesets) -> Iterator[Item]:
    for one in some(known(fact, "rulesets")):
        subject = inside(fact, "github:ruleset", str(one.number))
        state = values(one, "enforcement", "include", "exclude", "rules")
        yield item(TAG_RULES, subject, "", one.number, state)


TABLE: Mapping[type[Fact], tuple[Source, ...]] = {
    Repository: (Source(REPOSITORY, _repository, at=At.OWNER),),
    DeployKey: (Source("deploy key", _deploy_key),),
    RepositoryHook: (
        thing("webhook", "scheme", "host", "verifies", "has_secret", identity="number"),
    ),
    ActionsSecret: (thing("secret", "updated_at"),),
    Environment: (thing(ENVIRONMENT, "reviewed", "prevents_self_review", "limited"),),
    EnvironmentGuards: (thing(ENVIRONMENT, "reviewers", "branches", "patterns", lists=False),),
    EnvironmentSecret: (thing("secret of an environment", "environment"),),
    RepositoryRunners: (thing("self-hosted runners"),),
    RepositoryOutsideCollaborator: (thing("outside collaborator", "permission"),),
    CollaboratorInvitation: (thing(INVITATION, "permissions", "created_at", identity="number"),),
    Workflow: (thing("workflow"),),
    ClassicProtection: (Source("branch protection", _protection, needs=("rules",)),),
    ActiveRulesets: (Source(BRANCH_RULES, _branch_rulesets, needs=("ruleset_ids",)),),
    TagRulesets: (Source(TAG_RULES, _tag_rulesets, needs=("rulesets",)),),
    NewestTags: (Source(TAG, _tags, needs=("count", "newest"), all_told=_all_tags),),
    RepositoryRelease: (Source(TAG, _newest_release, lists=False),),
}
