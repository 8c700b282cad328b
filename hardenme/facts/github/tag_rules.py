"""The rules of a repository's tags, and whether its rules were bypassed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Literal

from hardenme.facts.github.branch import WRITES_RULES
from hardenme.facts.github.repository import ADMINISTRATION, METADATA, RepositoryFact
from hardenme.facts.github.ruleset import REF_KEYS, SHOWN_BYPASS, RefRuleset, RulesetSeen
from hardenme.model.depth import Depth
from hardenme.model.fact import Endpoint, key
from hardenme.model.permission import Requirement, any_of, classic, fine_grained
from hardenme.model.values import text

GUARDS = ("tagRulesets", "enforcement", "include", "exclude", "type", SHOWN_BYPASS)
CONTENTS = any_of(classic("repo"), fine_grained("contents:read"))


def _pointed_at(target: Mapping[str, Any]) -> str:
    """The commit of a tag; one with a message of its own has an object between."""
    return text(target.get("target", target)["oid"])


@dataclass(frozen=True, slots=True, kw_only=True)
class TagRulesets(RepositoryFact):
    """All tag rulesets of a repository, active or not.

    Attributes:
        rulesets: each of them.
        told: what else the answer shows about them.
    """

    requirement = METADATA
    guarded_keys: ClassVar[Mapping[str, Requirement]] = {SHOWN_BYPASS: WRITES_RULES}
    source = "POST /graphql repository.rulesets"

    rulesets: tuple[RefRuleset, ...] = key(
        "tagRulesets", "tagRulesets/nodes", "tagRulesets/totalCount", *REF_KEYS
    )
    told: tuple[RulesetSeen, ...] = key("tagRulesets", "tagRulesets/nodes")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewestTags(RepositoryFact):
    """The tags of a repository.

    Attributes:
        count: how many there are.
        newest: the names of the newest ones.
        commits: what these point to, in the same order: the ids of commits.
    """

    requirement = CONTENTS
    source = "POST /graphql repository.refs"

    gates = ("newestTags/nodes/target/oid",)

    count: int = key("totalCount")
    newest: tuple[str, ...] = key("nodes/*/name")
    commits: tuple[str, ...] = key("nodes/*/target", by=_pointed_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class TagCommits(RepositoryFact):
    """The commits of a repository's newest 100 tags.

    GitHub orders them by the date of their commit, which anyone can choose.

    Attributes:
        count: how many tags there are.
        newest: the names of the newest ones.
        commits: what these point to, in the same order: the ids of commits.
    """

    requirement = CONTENTS
    source = "POST /graphql repository.refs"

    gates = ("tagCommits/nodes/target/oid",)

    count: int = key("totalCount")
    newest: tuple[str, ...] = key("nodes/*/name")
    commits: tuple[str, ...] = key("nodes/*/target", by=_pointed_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectiveTagRules(RepositoryFact):
    """The rules of a repository's release tags: all active rulesets together.

    Attributes:
        full_name: `owner/name` of the repository.
        in_organization: an organization owns it.
        archived: no one can push to it anyway.
        count: how many tags there are.
        judged: the release tags that were compared with the rulesets: the newest ones, and invented
            ones of their kind, of every major version.
        exposed: the first of these that surely lack one of the three rules.
        writers_bypass: an active ruleset is known to let every writer past its rules.
        patterns: patterns that name these tags.
        waiting: how many rulesets for tags are not in force.
        unmovable: each of the judged tags is kept from being moved.
        undeletable: each is kept from being deleted.
        uncreatable: not everyone who can push can make one.
    """

    requirement = Requirement((*METADATA.alternatives, *CONTENTS.alternatives))
    source = "derived from TagRulesets and NewestTags"

    full_name: str = key("nameWithOwner")
    in_organization: bool = key("isInOrganization")
    archived: bool = key("isArchived")
    count: int = key("newestTags", "totalCount")
    judged: tuple[str, ...] = key("newestTags", "name")
    exposed: tuple[str, ...] = key("newestTags", "name", "include", "exclude")
    # It words what fails and decides nothing.
    writers_bypass: bool = key()
    patterns: tuple[str, ...] = key()
    waiting: int = key()
    unmovable: bool = key(*GUARDS)
    undeletable: bool = key(*GUARDS)
    uncreatable: bool = key(*GUARDS)


@dataclass(frozen=True, slots=True)
class RuleSuite:
    """The result of a push: whether rules allowed it, and when."""

    result: Literal["pass", "fail", "bypass"] = key("result")
    pushed_at: datetime = key("pushed_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleBypasses(RepositoryFact):
    """Pushes that bypassed the rules of a repository.

    Attributes:
        offered: false where the owner's plan has no rules for this repository.
        count: how many are shown; at most a page of them.
        more: there are further ones.
        newest: when the last one was; None if there was none.
    """

    requirement = ADMINISTRATION
    endpoint = Endpoint("/repos/{owner}/{repo}/rulesets/rule-suites")
    depth = Depth.DEEP

    offered: bool = key("message")
    count: int = key("result")
    more: bool = key("link")
    newest: datetime | None = key("pushed_at")
