"""How a package may be published without a person's own session: trusted publishers, the queue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from hardenme.facts.npm.package import Package
from hardenme.facts.npm.rights import PRESENCE, SESSION_ALONE
from hardenme.facts.npm.site import NpmFact
from hardenme.model.fact import Fact, key
from hardenme.model.permission import Requirement

GITHUB = "github"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustedPublisher(NpmFact):
    """A workflow that npm lets publish without a token.

    Its subject is `npm:trusted-publisher/PACKAGE/ID`.

    Attributes:
        publisher_id: the id by which it is revoked.
        package: the package's name.
        provider: `github`, `gitlab` or `circleci`; another one is not known.
        repository: the GitHub repository as `owner/name`; empty for another provider.
        workflow: the name of the workflow's file, like `release.yml`; empty where any may.
        environment: the deployment environment that the workflow must run in; None for any.
        may_publish: what it publishes is out at once.
        may_stage: it may hand in versions that wait for a person's approval.
    """

    requirement: ClassVar[Requirement] = PRESENCE
    source: ClassVar[str] = "GET /-/package/{package}/trust"
    noun: ClassVar[str] = "trusted publisher"
    listed_by: ClassVar[type[Fact] | None] = Package
    joins: ClassVar[str] = "repository"

    publisher_id: str = key("id")
    package: str = key()
    provider: str = key("type")
    repository: str = key("claims", "repository")
    workflow: str = key("claims", "workflow_ref", "file")
    environment: str | None = key("environment")
    may_publish: bool = key("permissions")
    may_stage: bool = key("permissions")


@dataclass(frozen=True, slots=True, kw_only=True)
class StagedVersion(NpmFact):
    """A version that waits for a person's approval (subject `npm:staged/ID`).

    Attributes:
        stage_id: the id by which it is looked at, approved or rejected.
        package: the package's name.
        version: its version.
        actor: the account that handed it in; the provider's name for a workflow.
        automated: a trusted publisher's workflow handed it in.
        created_at: when.
    """

    requirement: ClassVar[Requirement] = SESSION_ALONE
    source: ClassVar[str] = "GET /-/stage"
    noun: ClassVar[str] = "staged version"
    listed_by: ClassVar[type[Fact] | None] = Package

    stage_id: str = key("id")
    package: str = key("packageName")
    version: str = key("version")
    actor: str = key("actor")
    automated: bool = key("actorType")
    created_at: datetime = key("createdAt")
