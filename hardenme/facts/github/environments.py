"""The deployment environments of a repository, their rules, and the secrets of workflows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import quote

from hardenme.facts.github import endpoints
from hardenme.facts.github.repository import ADMINISTRATION, RepositoryFact
from hardenme.facts.github.site import GitHubFact
from hardenme.model.depth import Depth
from hardenme.model.fact import Endpoint, graphql, key
from hardenme.model.known import Known
from hardenme.model.permission import any_of, classic, fine_grained
from hardenme.model.values import every, flag, number, objects, some, text, whole

ACTIONS = any_of(classic("repo"), fine_grained("actions:read"))
EVERY_BRANCH, PROTECTED, NAMED = "every", "protected", "named"
"""Which branches and tags may deploy: all, protected branches, or those that a pattern names."""
REPOSITORY, ORGANIZATION, ENVIRONMENT = "repository", "organization", "environment"
"""Where a secret is kept."""
REVIEWERS, TIMER, POLICY = "required_reviewers", "wait_timer", "branch_policy"
KINDS = (REVIEWERS, TIMER, POLICY)
TYPES = ("protection_rules", "protection_rules/type", "protectionRules/nodes/type", "totalCount")
"""The rules of an environment; GraphQL writes them in capitals."""
LOCKS = ("requiresApprovingReviews", "restrictsPushes", "lockBranch")
CREATION = ("restrictsPushes", "blocksCreations")
"""Flags of a rule of classic branch protection."""
Object = Mapping[str, Any]


def _has(rules: list[Object], kind: str, kinds: Iterable[str]) -> bool:
    """Whether there is a rule of a type; absence counts only if every rule is understood."""
    found = [rule.get("type") for rule in rules]
    if kind not in found and not all(one in tuple(kinds) for one in found):
        raise ValueError("a rule that is not understood")
    return kind in found


def _stands(kind: str) -> Callable[[Object], bool]:
    """Whether there is a rule of a type, as REST shows it."""
    return lambda told: _has(objects(told["protection_rules"]), kind, KINDS)


def _shown(kind: str) -> Callable[[Object], bool]:
    """The same, as GraphQL shows it: that there is none shows in a whole list alone."""

    def by(connection: Object) -> bool:
        found = _has(objects(connection["nodes"]), kind.upper(), [one.upper() for one in KINDS])
        if not found and not whole(connection):
            raise ValueError("not all rules")
        return found

    return by


def _alone(told: Object) -> bool:
    """Whether self-review is prevented, as REST shows it."""
    rules = [rule for rule in objects(told["protection_rules"]) if rule.get("type") == REVIEWERS]
    flags = [flag(rule["prevent_self_review"]) for rule in rules]
    return bool(flags) and all(flags)


def _shown_alone(connection: Object) -> bool:
    """The same, as GraphQL shows it."""
    rules = [one for one in objects(connection["nodes"]) if one.get("type") == REVIEWERS.upper()]
    return flag(rules[0]["preventSelfReview"]) if rules else _shown(REVIEWERS)(connection)


def _reviewers(told: Object) -> int:
    """How many users and teams may approve."""
    rules = [rule for rule in objects(told["protection_rules"]) if rule.get("type") == REVIEWERS]
    return sum(_approves(entry) for rule in rules for entry in objects(rule["reviewers"]))


def _approves(entry: Object) -> bool:
    """Whether an entry in the list of reviewers exists; a deleted account is null there."""
    if text(entry["type"]) not in {"User", "Team"} or entry["reviewer"] is None:
        return False
    number(entry["reviewer"]["id"])
    # An account's type distinguishes people from bots; a team has none.
    return bool(entry["reviewer"].get("type", "User") == "User")


def _deploying(told: Object) -> str:
    """Which branches and tags can deploy: null means all of them."""
    policy = told["deployment_branch_policy"]
    if policy is None:
        return EVERY_BRANCH
    protected, named = flag(policy["protected_branches"]), flag(policy["custom_branch_policies"])
    if protected is named:
        raise ValueError("no choice")
    return PROTECTED if protected else NAMED


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment(RepositoryFact):
    """A deployment environment (subject `github:environment/OWNER/REPO/ENVIRONMENT`).

    Attributes:
        name: as workflows name it.
        reviewed: a deployment waits for an approval.
        prevents_self_review: no one can approve their own deployment.
        limited: not every branch and tag may deploy.
    """

    requirement = ACTIONS
    source = f"POST /graphql repository.environments, or {endpoints.ENVIRONMENTS.source}"
    noun = "environment"

    gates = ("environments/totalCount", "visibility")

    name: str = key("name", graph=graphql("name"))
    reviewed: bool = key(
        *TYPES,
        by=_stands(REVIEWERS),
        beside=True,
        graph=graphql("protectionRules", by=_shown(REVIEWERS)),
    )
    prevents_self_review: bool = key(
        *("protection_rules", "protection_rules/prevent_self_review", "preventSelfReview"),
        by=_alone,
        beside=True,
        graph=graphql("protectionRules", by=_shown_alone),
    )
    limited: bool = key(
        *TYPES,
        by=_stands(POLICY),
        beside=True,
        graph=graphql("protectionRules", by=_shown(POLICY)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvironmentGuards(GitHubFact):
    """What a batch does not show of an environment.

    Its subject is `github:environment/OWNER/REPO/ENVIRONMENT`.

    Attributes:
        reviewers: how many people and teams may approve; one of them is enough. Nothing else in
            the list approves.
        prevents_self_review: no one can approve their own deployment.
        branches: `every`, `protected` or `named`: which branches and tags may deploy.
        patterns: the names that may, where these are named; `type name` each, like `tag v*`.
        admins_bypass: administrators can start a waiting job past the rules. GitHub serves the key
            without documenting it; a server that does not leaves it to a person.

    Class attributes:
        asked_by: the check whose question resolves it where the key is absent.
    """

    requirement = ACTIONS
    source = f"{endpoints.ENVIRONMENTS.source}, {endpoints.DEPLOYMENT_POLICIES.source}"
    depth = Depth.DEEP
    noun = "environment"
    listed_by = Environment

    asked_by: ClassVar[str] = "GHR128"

    reviewers: int = key(
        *("protection_rules", "protection_rules/type", "protection_rules/reviewers/reviewer/id"),
        by=_reviewers,
        beside=True,
    )
    prevents_self_review: bool = key(
        "protection_rules", "protection_rules/prevent_self_review", by=_alone, beside=True
    )
    branches: str = key(
        *("deployment_branch_policy", "deployment_branch_policy/protected_branches"),
        "deployment_branch_policy/custom_branch_policies",
        by=_deploying,
        beside=True,
    )
    patterns: tuple[str, ...] = key("branch_policies", "name", "type")
    admins_bypass: bool = key("can_admins_bypass")

    @property
    def shows_bypass(self) -> bool:
        """Whether it is known that administrators can bypass the rules."""
        return object.__getattribute__(self, "admins_bypass") is True


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassicRule(Known):
    """A rule of classic branch protection, as far as it says who can push.

    Attributes:
        pattern: the names that it is for.
        blocks_pushes: not everyone who can write can push: it takes a pull request, only named
            people can, or no one.
        blocks_creations: only named people, teams and apps can create such a branch.
        blocks_deletions: no one can delete one.
    """

    pattern: str = key("pattern")
    blocks_pushes: bool = key(*LOCKS, by=some(*LOCKS), beside=True)
    blocks_creations: bool = key(*CREATION, by=every(*CREATION), beside=True)
    blocks_deletions: bool = key("allowsDeletions", by=lambda value: not flag(value))


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectedPatterns(RepositoryFact):
    """The branch names that classic branch protection covers.

    Attributes:
        patterns: of all rules.
        rules: the name pattern of each.
        creatable: of those rules under which everyone who can push can create a branch.
    """

    requirement = ADMINISTRATION
    source = "POST /graphql repository.branchProtectionRules"
    noun = "branch protection rule"

    gates = (
        *("viewerCanAdminister", "branchProtectionRules/nodes", "branchProtectionRules/totalCount"),
    )

    patterns: tuple[str, ...] = key("nodes/*/pattern")
    rules: tuple[ClassicRule, ...] = key("nodes")
    creatable: tuple[str, ...] = key("pattern", *CREATION)


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvironmentSelection(GitHubFact):
    """Whether only selected branches or tags can deploy. Derived from other facts.

    Its subject is the environment's, `github:environment/OWNER/REPO/ENVIRONMENT`.

    Attributes:
        open_to: what can deploy although a selection is set, as the end of "open to". Empty if most
            names of branches and tags are excluded.
    """

    requirement = ACTIONS
    source = "derived from EnvironmentGuards, ProtectedPatterns, ClassicProtection"
    depth = Depth.DEEP
    noun = "environment"
    listed_by = Environment

    open_to: str = key("deployment_branch_policy", "branch_policies", "pattern")


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvironmentSecret(GitHubFact):
    """The name of a secret that only one environment's jobs can read, never its value.

    Its subject is `github:environment-secret/OWNER/REPO/ENVIRONMENT/NPM_TOKEN`.

    Attributes:
        name: as workflows name it.
        environment: the environment's name.
        created_at: when it was added.
        updated_at: when its value was last set.
    """

    requirement = any_of(classic("repo"), fine_grained("environments:read"))
    endpoint = Endpoint(
        "/repos/{owner}/{repo}/environments/{environment_name}/secrets",
        "environment-secret",
        identity="name",
        named="{scope}/{identity}",
        counted=True,
    )
    depth = Depth.DEEP
    noun = "secret of an environment"
    listed_by = Environment

    name: str = key("name")
    environment: str = key("environments", "environments/name")
    created_at: datetime = key("created_at")
    updated_at: datetime = key("updated_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class InheritedSecret(RepositoryFact):
    """The name of an organization's secret that a repository's workflows can read.

    Its subject is `github:inherited-secret/OWNER/REPO/NPM_TOKEN`.

    Attributes:
        name: as workflows name it.
    """

    requirement = any_of(classic("repo"), fine_grained("secrets:read"))
    endpoint = endpoints.INHERITED_SECRETS
    source = f"{endpoints.INHERITED_SECRETS.source}, or {endpoints.ORGANIZATION_SECRETS.source}"
    gates = ("secrets/visibility", "repositories/full_name")
    depth = Depth.DEEP
    noun = "secret of the organization"

    name: str = key("name")


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowSecret(RepositoryFact):
    """A secret that a repository's workflows can read, wherever stored. Derived from other facts.

    Its subject is `github:secret/OWNER/REPO/NPM_TOKEN`.

    Attributes:
        name: as workflows name it.
        kept_by: `repository`, `organization` or `environment`.
        environment: the environment whose jobs alone can read it; empty for none.
        repository: the repository, as `owner/name`.
    """

    requirement = InheritedSecret.requirement
    source = "derived from ActionsSecret, EnvironmentSecret and InheritedSecret"
    noun = "Actions secret"

    name: str = key("name")
    kept_by: str = key()
    environment: str = key()
    repository: str = key()

    @property
    def address(self) -> str:
        """Where the API has it, as `gh api` takes it."""
        if self.kept_by == ORGANIZATION:
            return f"orgs/{self.repository.partition('/')[0]}/actions/secrets/{self.name}"
        place = "actions"
        if self.kept_by == ENVIRONMENT:
            place = f"environments/{quote(self.environment, safe='', errors='surrogatepass')}"
        return f"repos/{self.repository}/{place}/secrets/{self.name}"
