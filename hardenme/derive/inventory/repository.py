"""What a repository has: itself, keys, hooks, secrets, environments, rules, workflows, tags."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from hardenme.derive.branch_rules import GUARDS
from hardenme.derive.inventory.account import HOOK, INVITATION, delivery
from hardenme.derive.inventory.items import (
    At,
    ItemSource,
    inside,
    item,
    known,
    pairs,
    some,
    thing,
    values,
)
from hardenme.facts.github.branch import ActiveRulesets, ClassicProtection, RulesetBypass
from hardenme.facts.github.branch_names import BranchRulesets
from hardenme.facts.github.changes import (
    EnvironmentAge,
    RepositoryChange,
    ScheduledRuns,
    WorkflowFileChange,
    WorkflowRun,
)
from hardenme.facts.github.collaborators import (
    CollaboratorInvitation,
    RepositoryAdministrators,
    RepositoryOutsideCollaborator,
)
from hardenme.facts.github.deliveries import RepositoryDelivery
from hardenme.facts.github.environments import Environment, EnvironmentGuards, EnvironmentSecret
from hardenme.facts.github.files import RepositoryCodeOwners, RepositoryRelease
from hardenme.facts.github.hooks import RepositoryHook
from hardenme.facts.github.repository import ActionsSecret, DeployKey, Repository
from hardenme.facts.github.ruleset import Guards
from hardenme.facts.github.runners import RepositoryRunners
from hardenme.facts.github.tag_rules import NewestTags, TagCommits, TagRulesets
from hardenme.facts.github.workflow import ALL, Workflow
from hardenme.model.access import PASSED
from hardenme.model.fact import Fact
from hardenme.model.inventory import (
    ACCESS,
    APPROVERS,
    ARCHIVED,
    CODE_OWNERS,
    DELIVERY,
    REPOSITORY,
    SCHEDULED,
    InventoryItem,
)
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

TAG = "release tag"
RELEASE = "newest release"
PUSH, RUN, CHANGED = "push", "workflow run", "changed workflow"
ENVIRONMENT, ENVIRONMENT_SECRET = "environment", "secret of an environment"
OLDER_TAGS = Unknown(Reason.INCOMPLETE, "more than the newest 100 tags")
"""Why the list of tags is incomplete of a repository that has more than one query shows."""
BRANCH_RULES, TAG_RULES = "branch ruleset", "tag ruleset"


OF_REPOSITORY = (
    *("visibility", "archived", "fork", "default_branch", "created_at", "in_organization"),
)
"""The fields in the state of a repository, in addition to its name."""


def _repository(fact: Repository) -> Iterator[InventoryItem]:
    named = {"name": known(fact, "full_name")}
    state = named | values(fact, *OF_REPOSITORY)
    yield item(REPOSITORY, fact.subject, fact.label, known(fact, "node_id"), state)


def archived(fact: Repository, keys: Iterable[DeployKey]) -> Iterator[InventoryItem]:
    """What was done in a repository that is left out as archived, as far as a listing shows it."""
    if known(fact, "archived") is not True:
        return
    name = known(fact, "full_name")
    label = name if isinstance(name, str) else fact.subject.name
    done = {"at": known(fact, "pushed_at"), "what": "it was pushed to"}
    yield item(ARCHIVED, fact.subject, label, None, done)
    for key in keys:
        done = {"at": known(key, "created_at"), "what": f"the deploy key {key.label} was added"}
        yield item(ARCHIVED, key.subject, label, None, done)


def _deploy_key(fact: DeployKey) -> Iterator[InventoryItem]:
    """A batch has another number for a key than the list that deeper runs ask for.

    A key can neither be renamed nor changed, so its name and its age identify it in both.
    """
    state = values(fact, "read_only", "created_at", "added_by")
    found = item("deploy key", fact.subject, fact.label, None, state)
    made = found.state.get("created_at")
    yield found if made is None else replace(found, identity=f"{made} {found.label}")


def _workflow(fact: Workflow) -> Iterator[InventoryItem]:
    """A workflow file by its digest, and what of it a thief of tokens would write."""
    jobs = known(fact, "jobs")
    state = values(fact, "blob", "events")
    if not isinstance(jobs, Unknown):
        state["publishes"] = sorted({what for job in jobs for what in job.publishes})
        state["secrets"] = any(job.secrets for job in jobs)
        state["all_secrets"] = any(ALL in job.secrets for job in jobs)
    starts = known(fact, "starts")
    if not isinstance(starts, Unknown):
        state["publishes_on_push"] = bool(starts)
    yield item("workflow", fact.subject, fact.label, None, state)


def _file_change(fact: WorkflowFileChange) -> Iterator[InventoryItem]:
    """That a workflow file is not as it was."""
    state = values(fact, "added", "removed", "restored", "commit", "at", "author")
    yield item(CHANGED, fact.subject, fact.label, known(fact, "file"), state)


def _code_owners(fact: RepositoryCodeOwners) -> Iterator[InventoryItem]:
    """Whom the file of code owners names, each with the paths that it is for."""
    rules, path = known(fact, "rules"), known(fact, "path")
    if isinstance(rules, Unknown):
        return
    lines = [f"{owner} {rule.pattern}" for rule in rules for owner in rule.owners]
    if lines:
        yield item(CODE_OWNERS, fact.subject, path, None, {"lines": lines})


def _runners(fact: RepositoryRunners) -> Iterator[InventoryItem]:
    """Whether there are any, as one item: machines that are made for one job come and go."""
    count = known(fact, "count")
    if not isinstance(count, Unknown) and count > 0:
        yield item("self-hosted runners", fact.subject, fact.label, None, {"present": True})


def _protection(fact: ClassicProtection) -> Iterator[InventoryItem]:
    """The classic protection of the default branch, if there is one."""
    rules = known(fact, "rules")
    if isinstance(rules, Unknown) or not rules:
        return
    branch = known(fact, "branch")
    state = values(fact, "branch", "binds_admins", *PASSED) | _demands(fact)
    subject = inside(fact, "github:branch", branch if isinstance(branch, str) else "default")
    yield item("branch protection", subject, branch, None, state)


def _demands(rules: Any) -> dict[str, Any]:
    """What rules require for a change of the default branch."""
    switches = values(rules, *GUARDS)
    demands = values(rules, "approvals", "status_checks")
    if not any(isinstance(value, Unknown) for value in switches.values()):
        demands["guards"] = [name for name, on in switches.items() if on]
    return demands


def _tags(fact: NewestTags | TagCommits) -> Iterator[InventoryItem]:
    for name, commit in pairs(known(fact, "newest"), known(fact, "commits")):
        yield item(TAG, inside(fact, "github:tag", name), name, name, {"commit": commit})


def _all_tags(fact: NewestTags | TagCommits) -> bool:
    return fact.count == len(fact.newest)


ALL_TAGS = ItemSource(TAG, _tags, needs=("count", "newest"), names_all=_all_tags)


def _newest_release(fact: RepositoryRelease) -> Iterator[InventoryItem]:
    tag = known(fact, "tag")
    if isinstance(tag, str):
        state = values(fact, "commit")
        yield item(TAG, inside(fact, "github:tag", tag), tag, tag, state)


def _release(fact: RepositoryRelease) -> Iterator[InventoryItem]:
    """The newest release: what is not the newest any more is there all the same."""
    tag = known(fact, "tag")
    if isinstance(tag, str):
        state = values(fact, "published_at")
        yield item(RELEASE, inside(fact, "github:release", tag), tag, tag, state)


def _ruleset(
    kind: str, fact: Fact, number: int, label: Any, state: Mapping[str, Any]
) -> InventoryItem:
    """A ruleset by its number: it has the same one in every repository that it is for."""
    subject = Subject("github", "ruleset", f"{fact.subject.name.partition('/')[0]}/{number}")
    return item(kind, subject, label, number, state)


def _named_rulesets(
    kind: str, field: str, *, above: bool
) -> Callable[[ActiveRulesets | BranchRulesets | TagRulesets], Iterator[InventoryItem]]:
    """The rulesets of the repository itself, or those from above it."""

    def read(fact: ActiveRulesets | BranchRulesets | TagRulesets) -> Iterator[InventoryItem]:
        for one in some(known(fact, field)):
            number = known(one, "number")
            if not isinstance(number, Unknown) and (known(one, "above") is True) is above:
                name = known(one, "name")
                state = {"name": name, **values(one, "created_at", "updated_at")}
                if isinstance(one, Guards):
                    state |= _demands(one)
                yield _ruleset(kind, fact, number, name, state)

    return read


def _passing(*, above: bool) -> Callable[[RulesetBypass], Iterator[InventoryItem]]:
    """Who may pass by rulesets."""

    def read(fact: RulesetBypass) -> Iterator[InventoryItem]:
        for one in some(known(fact, "details")):
            number = known(one, "number")
            if not isinstance(number, Unknown) and (known(one, "above") is True) is above:
                state = {"bypass": _words(known(one, "actors"))}
                yield _ruleset(BRANCH_RULES, fact, number, "", state)

    return read


def _words(actors: Any) -> Any:
    """A bypass list in words that stay the same from run to run, like `Team 12, always`."""
    if isinstance(actors, Unknown):
        return actors
    unread = next((why for actor in actors for why in actor.unknown_fields().values()), None)
    return unread or tuple(
        f"{actor.kind}, {actor.mode}"
        if actor.number is None
        else f"{actor.kind} {actor.number}, {actor.mode}"
        for actor in actors
    )


def _ref_rulesets(
    kind: str, *, above: bool
) -> Callable[[BranchRulesets | TagRulesets], Iterator[InventoryItem]]:
    """What rulesets for branches or for tags say, in force or not."""

    def read(fact: BranchRulesets | TagRulesets) -> Iterator[InventoryItem]:
        told = some(known(fact, "told"))
        shared = {known(one, "number") for one in told if known(one, "above") is True}
        for one in some(known(fact, "rulesets")):
            if (one.number in shared) is above:
                state = {
                    "enforcement": one.enforcement,
                    "include": one.include,
                    "exclude": one.exclude,
                    "rules": one.rules,
                }
                yield _ruleset(kind, fact, one.number, "", state)

    return read


def _of_rules(
    kind: str, read: Callable[..., Any], needs: tuple[str, ...] = ()
) -> tuple[ItemSource, ...]:
    """The rulesets of a repository, and those from above with the organization.

    Seen on its repositories, an organization's are not all of its rulesets: some bind none.

    Args:
        read: what a fact says of them.
        needs: the fields without which it does not name every one; none for a fact that names
            some, like those in force.
    """
    return (
        ItemSource(kind, read(above=False), lists=bool(needs), needs=needs),
        ItemSource(kind, read(above=True), lists=False, at=At.OWNER),
    )


def _of_refs(kind: str) -> tuple[ItemSource, ...]:
    """The rulesets for branches or for tags, each with what it says and what it is called."""
    fields = ("rulesets", "told")
    return (
        *_of_rules(kind, lambda above: _ref_rulesets(kind, above=above), fields),
        *_of_rules(kind, lambda above: _named_rulesets(kind, "told", above=above), fields),
    )


TABLE: Mapping[type[Fact], tuple[ItemSource, ...]] = {
    Repository: (ItemSource(REPOSITORY, _repository, at=At.OWNER),),
    DeployKey: (ItemSource("deploy key", _deploy_key),),
    RepositoryHook: (thing("webhook", *HOOK, identity="number"),),
    RepositoryDelivery: (ItemSource(DELIVERY, delivery),),
    ActionsSecret: (thing("secret", "created_at", "updated_at"),),
    Environment: (thing(ENVIRONMENT, "reviewed", "prevents_self_review", "limited"),),
    EnvironmentGuards: (
        thing(ENVIRONMENT, "reviewers", "branches", "patterns", "admins_bypass", lists=False),
    ),
    EnvironmentAge: (
        thing(ENVIRONMENT, "created_at", "updated_at", "approvers", lists=False),
        thing(APPROVERS, "approvers", lists=True),
    ),
    EnvironmentSecret: (thing(ENVIRONMENT_SECRET, "environment", "created_at", "updated_at"),),
    RepositoryRunners: (ItemSource("self-hosted runners", _runners, needs=("count",)),),
    RepositoryOutsideCollaborator: (
        thing("outside collaborator", "login", "permission", identity="account"),
    ),
    CollaboratorInvitation: (thing(INVITATION, "permissions", "created_at", identity="number"),),
    RepositoryCodeOwners: (ItemSource(CODE_OWNERS, _code_owners),),
    ScheduledRuns: (thing(SCHEDULED, "files"),),
    RepositoryAdministrators: (thing(ACCESS, admins="logins", pushers="pushers"),),
    Workflow: (ItemSource("workflow", _workflow),),
    WorkflowFileChange: (ItemSource(CHANGED, _file_change, lists=True),),
    RepositoryChange: (
        thing(PUSH, "change", "at", "ref", "before", "after", "actor", identity="number"),
    ),
    WorkflowRun: (
        thing(
            RUN,
            *("file", "event", "branch", "created_at", "actor", "from_fork", "ordinary"),
            identity="number",
        ),
    ),
    ClassicProtection: (ItemSource("branch protection", _protection, needs=("rules",)),),
    ActiveRulesets: _of_rules(
        BRANCH_RULES, lambda above: _named_rulesets(BRANCH_RULES, "rulesets", above=above)
    ),
    RulesetBypass: _of_rules(BRANCH_RULES, lambda above: _passing(above=above)),
    BranchRulesets: _of_refs(BRANCH_RULES),
    TagRulesets: _of_refs(TAG_RULES),
    NewestTags: (ALL_TAGS,),
    TagCommits: (replace(ALL_TAGS, cut=OLDER_TAGS),),
    RepositoryRelease: (
        ItemSource(TAG, _newest_release, lists=False),
        ItemSource(RELEASE, _release, needs=("tag",), names_all=lambda fact: fact.tag is None),
    ),
}
