"""One attempt to release a package in one way: all that it meets, each part known or not.

Reading a part that is not known raises, and anyone who judges a row turns that into "not known" in
one place. So a row that forgets to ask whether something is known cannot let a release pass.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from hardenme.derive.ref_filter import compiled
from hardenme.facts.attested import PublishingAccess
from hardenme.facts.github.actions import RepositoryActions
from hardenme.facts.github.branch_names import BranchNames
from hardenme.facts.github.collaborators import RepositoryAdministrators
from hardenme.facts.github.environments import Environment, EnvironmentGuards, WorkflowSecret
from hardenme.facts.github.files import RepositoryDependencyUpdates, RepositoryNpmrc
from hardenme.facts.github.named import NamedRepository
from hardenme.facts.github.release_job import (
    COMPUTED,
    PublishCommand,
    ReleaseJob,
    ReleaseWorkflow,
    Trigger,
)
from hardenme.facts.github.repository import Repository
from hardenme.facts.github.selected_actions import SelectedActionsPolicy
from hardenme.facts.github.source_manifest import (
    FolderManifest,
    SourceManifest,
    WorkspaceFiles,
)
from hardenme.facts.github.tag_rules import NewestTags, TagRulesets
from hardenme.facts.github.workflow import Workflow, WorkflowLock
from hardenme.facts.github.workflow_state import WorkflowState
from hardenme.facts.npm.access import PackageCollaborators
from hardenme.facts.npm.account import NpmAccount, NpmTwoFactor
from hardenme.facts.npm.history import ReleaseHistory
from hardenme.facts.npm.package import NewestRelease, PackageRepository
from hardenme.facts.npm.provenance import ReleaseProvenance
from hardenme.facts.npm.publishing import StagedVersion, TrustedPublisher
from hardenme.facts.npm.token import NpmToken
from hardenme.model.check import SharedNeeds
from hardenme.model.fact import Every
from hardenme.model.given import Now
from hardenme.model.known import field
from hardenme.model.unknown import NotKnownError, Reason, Unknown
from hardenme.model.way import Way

UNASKED: Any = Unknown(Reason.NOT_ASKED, "an answer that this run did not ask for")
NONE: Every[Any] = Every((), UNASKED)
OF_TAGS = frozenset({"release", "push of tags"})
SELF_HOSTED = "self-hosted"
HOSTED = re.compile(r"(?:ubuntu|windows|macos)-(?:latest|[\d.]+)(?:-(?:arm|intel|xlarge|large))?")
"""Labels of GitHub's own runners."""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What surely refuses the release.

    Attributes:
        cause: in one sentence, without a full stop.
        repair: what to change, beginning with a verb.
    """

    cause: str
    repair: str


@dataclass(frozen=True, slots=True)
class Unsettled:
    """What could refuse the release, what would settle whether it does, and why it is open."""

    needed: str
    reason: Reason = Reason.NOT_VISIBLE


@dataclass(frozen=True, slots=True)
class Note:
    """What decides nothing, and a person should know."""

    text: str


@dataclass(frozen=True, slots=True)
class WayEnd:
    """The release is accepted until then."""

    until: datetime
    why: str


RowResult = Obstacle | Unsettled | Note | WayEnd | None
"""What a row says of an attempt; None if it holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseFacts(SharedNeeds):
    """What shows of a package, its repository and the account, whatever the way to release.

    Attributes:
        now: the time.
        publishers: all trusted publishers of the package.
        workflows: how each workflow file releases.
        files: what else each workflow file says.
        home: the repository and the folder that the newest release names.
        folders: the manifests in folders that packages of the repository name.
    """

    now: Now
    publishers: Every[TrustedPublisher] = NONE
    named: NamedRepository = UNASKED
    repository: Repository = UNASKED
    workflows: Every[ReleaseWorkflow] = NONE
    states: Every[WorkflowState] = NONE
    files: Every[Workflow] = NONE
    locks: Every[WorkflowLock] = NONE
    environments: Every[Environment] = NONE
    guards: Every[EnvironmentGuards] = NONE
    actions: RepositoryActions = UNASKED
    selected: SelectedActionsPolicy = UNASKED
    tags: NewestTags = UNASKED
    tag_rulesets: TagRulesets = UNASKED
    updates: RepositoryDependencyUpdates = UNASKED
    npmrc: RepositoryNpmrc = UNASKED
    administrators: RepositoryAdministrators = UNASKED
    home: PackageRepository = UNASKED
    manifest: SourceManifest = UNASKED
    folders: Every[FolderManifest] = NONE
    workspaces: WorkspaceFiles = UNASKED
    history: ReleaseHistory = UNASKED
    newest: NewestRelease = UNASKED
    provenance: ReleaseProvenance = UNASKED
    staged: Every[StagedVersion] = NONE
    collaborators: PackageCollaborators = UNASKED
    account: NpmAccount = UNASKED
    factor: NpmTwoFactor = UNASKED


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt(ReleaseFacts):
    """All that one way to release meets. Any part may be `Unknown`.

    Attributes:
        package: the package's name.
        way: what it starts from.
        secret: the secret that holds the token; empty for none.
        workflow: the file that is started.
        job: the job that publishes.
        command: what it publishes with.
        tokens: the tokens of the account.
        access: whether the package takes tokens.
        secrets: the secrets that jobs publish with.
        released_blob: the digest of the workflow file at the commit of the newest release.
        blob: the digest of the workflow file.
    """

    package: str
    way: Way
    secret: str = ""
    publisher: TrustedPublisher = UNASKED
    workflow: ReleaseWorkflow = UNASKED
    job: ReleaseJob = UNASKED
    command: PublishCommand = UNASKED
    tokens: Every[NpmToken] = NONE
    access: PublishingAccess = UNASKED
    secrets: Every[WorkflowSecret] = NONE
    released_blob: str = UNASKED
    blob: str = UNASKED

    @classmethod
    def of(cls, met: ReleaseFacts, package: str, way: Way, **parts: Any) -> Attempt:
        """The attempt to release a package in a way, with what shows of it."""
        read = {item.name: field(met, item.name) for item in fields(met)}
        return cls(package=package, way=way, **read, **parts)

    def having(self, **parts: Any) -> Attempt:
        """The same attempt with other parts."""
        given = {item.name: field(self, item.name) for item in fields(self)}
        return Attempt(**{**given, **parts})

    def part(self, name: str) -> Any:
        """A part that may be unknown, without raising."""
        return field(self, name)

    @property
    def by_workflow(self) -> bool:
        """Whether a workflow releases it."""
        return self.way in {Way.PUBLISHER, Way.SECRET}

    @property
    def triggers(self) -> tuple[Trigger, ...]:
        """What starts the workflow by itself."""
        return tuple(one for one in self.workflow.triggers if one.event != "workflow_call")

    @property
    def identity(self) -> bool:
        """Whether the job that publishes holds the identity token."""
        granted = False
        for own in self.job.identity:
            granted = granted if own is None else own
        return granted

    @property
    def hosted(self) -> bool:
        """Whether the job runs on a runner of GitHub's.

        Raises:
            NotKnownError: its label does not show it.
        """
        labels = self.job.runner
        if any(label.lower() == SELF_HOSTED for label in labels):
            return False
        if len(labels) == 1 and HOSTED.fullmatch(labels[0].lower()):
            return True
        shown = ", ".join(labels) or "a computed runner"
        raise NotKnownError(
            Unknown(
                Reason.NOT_VISIBLE, f"whether GitHub hosts the runner of {self.job.name}: {shown}"
            )
        )

    @property
    def public(self) -> bool:
        """Whether anyone sees the repository."""
        return bool(self.repository.visibility == "public")

    def admits_tag(self, trigger: Trigger, tag: str) -> bool:
        """Whether the push of a tag starts a trigger."""
        if trigger.tags:
            return matches(trigger.tags, tag)
        return not trigger.branches

    def expires(self, days: float) -> datetime:
        """The moment that many days from now."""
        return self.now.time + timedelta(days=days)


def matches(patterns: tuple[str, ...], name: str) -> bool:
    """Whether the filter of an event admits a name; one of exclusions alone admits the rest."""
    if any(COMPUTED in pattern for pattern in patterns):
        raise NotKnownError(Unknown(Reason.MALFORMED, "a filter without expressions"))
    whole = patterns if not all(one.startswith("!") for one in patterns) else ("**", *patterns)
    takes = [compiled(BranchNames(whole), at_most=at_most).takes(name) for at_most in (False, True)]
    if takes[0] is not takes[1]:
        needed = f"whether the filter {', '.join(patterns)} admits {name}"
        raise NotKnownError(Unknown(Reason.MALFORMED, needed))
    return takes[0]


def known(text: str, what: str) -> str:
    """A text of a workflow file that is not computed.

    Raises:
        NotKnownError: GitHub computes it in the run.
    """
    if COMPUTED in text:
        raise NotKnownError(
            Unknown(Reason.NOT_VISIBLE, f"{what}, which {text} computes in the run")
        )
    return text
