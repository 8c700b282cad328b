"""Whether npm will accept the next release, for each way to release a package."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from hardenme.derive.acceptance import newest as newest_way
from hardenme.derive.acceptance.attempt import NONE, Attempt
from hardenme.derive.acceptance.ways import (
    by_hand,
    by_publisher,
    by_secret,
    by_unnamed_publisher,
    in_order,
)
from hardenme.derive.publishing.criterion import listed
from hardenme.facts.attested import PublishingAccess
from hardenme.facts.github.actions import RepositoryActions
from hardenme.facts.github.collaborators import RepositoryAdministrators
from hardenme.facts.github.environments import Environment, EnvironmentGuards, WorkflowSecret
from hardenme.facts.github.files import RepositoryDependencyUpdates, RepositoryNpmrc
from hardenme.facts.github.named import NamedRepository
from hardenme.facts.github.release_job import ReleaseWorkflow
from hardenme.facts.github.repository import Repository
from hardenme.facts.github.selected_actions import SelectedActionsPolicy
from hardenme.facts.github.source_manifest import SourceManifest
from hardenme.facts.github.tag_rules import NewestTags, TagRulesets
from hardenme.facts.github.workflow import Workflow, WorkflowLock
from hardenme.facts.github.workflow_state import WorkflowState
from hardenme.facts.npm.acceptance import PublisherRelease, ReleaseAcceptance
from hardenme.facts.npm.access import PackageCollaborators
from hardenme.facts.npm.account import NpmAccount, NpmTwoFactor
from hardenme.facts.npm.history import ReleaseHistory
from hardenme.facts.npm.package import NewestRelease, Package
from hardenme.facts.npm.provenance import ReleaseProvenance
from hardenme.facts.npm.publishing import StagedVersion, TrustedPublisher
from hardenme.facts.npm.token import NpmToken
from hardenme.model.fact import Every
from hardenme.model.given import Now
from hardenme.model.known import field
from hardenme.model.unknown import Unknown
from hardenme.model.way import Way


def _attempt(given: Mapping[str, Any], package: str, way: Way) -> Attempt:
    """The attempt that a derivation's parameters make: each is the part of its name."""
    parts: dict[str, Any] = {
        part.name: listed(given[part.name]) if part.default is NONE else given[part.name]
        for part in fields(Attempt)
        if part.name in given
    }
    whole = parts | {"package": package, "way": way}
    return Attempt(**whole)


def publisher_release(  # noqa: PLR0913 (what a release meets)
    publisher: TrustedPublisher,
    *,
    now: Now,
    publishers: Every[TrustedPublisher] | Unknown,
    named: NamedRepository | Unknown,
    repository: Repository | Unknown,
    workflows: Every[ReleaseWorkflow] | Unknown,
    states: Every[WorkflowState] | Unknown,
    files: Every[Workflow] | Unknown,
    locks: Every[WorkflowLock] | Unknown,
    environments: Every[Environment] | Unknown,
    guards: Every[EnvironmentGuards] | Unknown,
    actions: RepositoryActions | Unknown,
    selected: SelectedActionsPolicy | Unknown,
    tags: NewestTags | Unknown,
    tag_rulesets: TagRulesets | Unknown,
    updates: RepositoryDependencyUpdates | Unknown,
    npmrc: RepositoryNpmrc | Unknown,
    administrators: RepositoryAdministrators | Unknown,
    manifest: SourceManifest | Unknown,
    history: ReleaseHistory | Unknown,
    newest: NewestRelease | Unknown,
    provenance: ReleaseProvenance | Unknown,
    staged: Every[StagedVersion] | Unknown,
    collaborators: PackageCollaborators | Unknown,
    account: NpmAccount | Unknown,
    factor: NpmTwoFactor | Unknown,
) -> PublisherRelease:
    """Whether the next release by a trusted publisher is accepted."""
    attempt = _attempt(locals(), publisher.within.name, Way.PUBLISHER)
    return PublisherRelease(
        **publisher.placed(),
        package=publisher.within.name,
        release=by_publisher(attempt, publisher),
    )


def release_acceptance(  # noqa: PLR0913 (what a release meets)
    package: Package,
    *,
    now: Now,
    releases: Every[PublisherRelease] | Unknown,
    repository: Repository | Unknown,
    workflows: Every[ReleaseWorkflow] | Unknown,
    states: Every[WorkflowState] | Unknown,
    files: Every[Workflow] | Unknown,
    locks: Every[WorkflowLock] | Unknown,
    environments: Every[Environment] | Unknown,
    guards: Every[EnvironmentGuards] | Unknown,
    actions: RepositoryActions | Unknown,
    selected: SelectedActionsPolicy | Unknown,
    tags: NewestTags | Unknown,
    tag_rulesets: TagRulesets | Unknown,
    updates: RepositoryDependencyUpdates | Unknown,
    npmrc: RepositoryNpmrc | Unknown,
    administrators: RepositoryAdministrators | Unknown,
    manifest: SourceManifest | Unknown,
    history: ReleaseHistory | Unknown,
    newest: NewestRelease | Unknown,
    provenance: ReleaseProvenance | Unknown,
    staged: Every[StagedVersion] | Unknown,
    publishers: Every[TrustedPublisher] | Unknown,
    own_tokens: Every[NpmToken] | Unknown,
    access: PublishingAccess | Unknown,
    collaborators: PackageCollaborators | Unknown,
    secrets: Every[WorkflowSecret] | Unknown,
    account: NpmAccount | Unknown,
    factor: NpmTwoFactor | Unknown,
) -> ReleaseAcceptance:
    """Whether the next release of a package is accepted, by each way to release it."""
    attempt = _attempt({**locals(), "tokens": own_tokens}, package.subject.name, Way.SECRET)
    trusted = listed(releases)
    found = [field(one, "release") for one in trusted.facts]
    if not found:
        found += by_unnamed_publisher(attempt, trusted.missing)
    ways = in_order((*found, *by_secret(attempt), *by_hand(attempt)))
    last = newest_way.candidates(ways, newest, provenance)
    missing = trusted.missing or attempt.workflows.missing
    return ReleaseAcceptance(
        **package.placed(),
        package=package.subject.name,
        ways=ways,
        accepted=newest_way.accepted(last),
        every_refused=newest_way.every_refused(ways, missing),
        newest=last if isinstance(last, Unknown) else tuple(one.key for one in last),  # type: ignore[arg-type]  # a field may be unknown
        lasting=newest_way.lasting(ways, now.time),
        ending=newest_way.ending(ways, now.time),
    )


DERIVATIONS = (publisher_release, release_acceptance)
