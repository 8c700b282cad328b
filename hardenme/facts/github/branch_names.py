"""Which branches start a workflow that publishes, and which rules protect them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from hardenme.facts.github.branch import WRITES_RULES
from hardenme.facts.github.repository import ADMINISTRATION, METADATA, RepositoryFact
from hardenme.facts.github.ruleset import REF_KEYS, SHOWN_BYPASS, RefRuleset, RulesetSeen
from hardenme.facts.github.tag_rules import CONTENTS
from hardenme.model.fact import key
from hardenme.model.permission import Requirement
from hardenme.model.values import whole

DEFAULT = "~DEFAULT_BRANCH"
"""The default branch among the patterns of `BranchNames`."""
GUARDS = (
    *("branchRulesets", "enforcement", "include", "exclude", "type", SHOWN_BYPASS),
    *("pattern", "requiresApprovingReviews", "restrictsPushes", "blocksCreations"),
    *("allowsDeletions", "lockBranch", "branches", "name", "totalCount", "text"),
)


@dataclass(frozen=True, slots=True)
class BranchNames:
    """Names of branches, in the words of `on.push.branches`.

    Attributes:
        patterns: one with `!` before it takes names away; of those that match a name the last one
            counts.
        any_case: whether the case of letters does not matter, as in conditions.
    """

    patterns: tuple[str, ...]
    any_case: bool = False


@dataclass(frozen=True, slots=True)
class BranchStart:
    """The branches whose push starts a job that publishes.

    Attributes:
        job: its name.
        names: patterns that the name of a branch has to match, each of them; none for any name.
        certain: each such name starts it, and it publishes for sure.
        line: the one of the file that lets them in; 0 where it is not known.
    """

    job: str
    names: tuple[BranchNames, ...]
    certain: bool
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchRulesets(RepositoryFact):
    """All branch rulesets of a repository, active or not.

    Attributes:
        rulesets: each of them.
        told: what else the answer shows about them.
    """

    requirement = METADATA
    guarded_keys: ClassVar[Mapping[str, Requirement]] = {SHOWN_BYPASS: WRITES_RULES}
    source = "POST /graphql repository.rulesets"

    rulesets: tuple[RefRuleset, ...] = key(
        "branchRulesets", "branchRulesets/nodes", "branchRulesets/totalCount", *REF_KEYS
    )
    told: tuple[RulesetSeen, ...] = key("branchRulesets", "branchRulesets/nodes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Branches(RepositoryFact):
    """The branches of a repository.

    Attributes:
        names: of those that were listed.
        whole: there are no others.
    """

    requirement = CONTENTS
    source = "POST /graphql repository.refs"

    gates = ("branches",)

    names: tuple[str, ...] = key("nodes/*/name")
    whole: bool = key("totalCount", "nodes", by=whole, beside=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseBranchRules(RepositoryFact):
    """Whether rules protect every branch whose push starts a job that publishes.

    The default branch is left out: its rules are judged by themselves.

    Attributes:
        full_name: `owner/name` of the repository.
        in_organization: an organization owns it.
        archived: no one can push to it anyway.
        files: the workflow files that a push of another branch starts.
        names: the patterns of these branches, as the files have them; `**` for any name, or for any
            but some.
        guarded: no writer can push to such a branch or create one.
        exposed: the name of one that is surely not guarded; empty for none.
        exists: there is a branch of that name.
        started: the file that it starts.
        line: the one of that file that lets it in; 0 for none.
        any_case: it does so because conditions ignore case.
        writers_bypass: an active ruleset is known to let every writer past its rules.
        waiting: how many rulesets for branches are not in force.
    """

    requirement = Requirement(
        (*METADATA.alternatives, *CONTENTS.alternatives, *ADMINISTRATION.alternatives)
    )
    source = "derived from Workflow, Branches, BranchRulesets and ProtectedPatterns"

    full_name: str = key("nameWithOwner")
    in_organization: bool = key("isInOrganization")
    archived: bool = key("isArchived")
    files: tuple[str, ...] = key("text", "type", "entries", "defaultBranchRef")
    names: tuple[str, ...] = key("text")
    guarded: bool = key(*GUARDS)
    exposed: str = key(*GUARDS)
    # These word what fails and decide nothing.
    exists: bool = key()
    started: str = key()
    line: int = key()
    any_case: bool = key()
    writers_bypass: bool = key()
    waiting: int = key()
