"""How a package may be published without a person's own session: trusted publishers, the queue."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from hardenme.facts.npm import endpoints
from hardenme.facts.npm.package import Package
from hardenme.facts.npm.rights import PRESENCE, SESSION_ALONE
from hardenme.facts.npm.site import NpmFact
from hardenme.ground.errors import ContentError
from hardenme.model.commands import options
from hardenme.model.fact import key
from hardenme.model.values import at, listed, text

GITHUB = "github"
ACTORS = {"user": False, "trusted automation": True}
"""Who stages a version, and whether that is a workflow."""


Provider = Literal["github", "gitlab", "circleci"]
PROVIDERS: tuple[Provider, ...] = get_args(Provider)
PUBLISH, STAGE = "createPackage", "createStagedPackage"
CLAIMS = ("repository", "workflow_ref", "environment", "ci_config_ref_uri")
"""The claims that are read."""
CONFIGURED = ("provider", "repository", "workflow", "environment", "may_publish", "may_stage")
"""What a trusted publisher is set up with."""
FILE = re.compile(r"[^/@\s]+\.ya?ml")
REFERENCE = re.compile(
    r"(?:(?P<home>[^/@]+/[^/@]+)/)?\.github/workflows/(?P<file>[^/@\s]+\.ya?ml)(?:@.+)?"
)
"""The claim of an identity token: `owner/name/.github/workflows/release.yml@refs/heads/main`."""


def _claims(publisher: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """The provider, and what its tokens must claim; another one's may bind it by other names.

    Raises:
        KeyError: one of them is not there.
        ContentError: one of them is not known.
    """
    provider, claims = publisher["type"], publisher.get("claims")
    if provider not in PROVIDERS:
        raise ContentError("type")
    if not isinstance(claims, dict) or not claims:
        raise KeyError("claims")
    return provider, claims


def repository(publisher: Mapping[str, Any]) -> str:
    """The GitHub repository; empty for another provider."""
    provider, claims = _claims(publisher)
    return at("repository", text, claims["repository"]) if provider == GITHUB else ""


def workflow(publisher: Mapping[str, Any]) -> str:
    """The name of the workflow's file, however the claim says it; empty if it is not claimed."""
    provider, claims = _claims(publisher)
    name = "ci_config_ref_uri" if provider == "gitlab" else "workflow_ref"
    if name not in claims:
        return ""
    said = claims[name]
    said = said.get("file") if isinstance(said, dict) else said
    if not isinstance(said, str):
        raise ContentError(name)
    found = REFERENCE.fullmatch(said)
    if found is None and not FILE.fullmatch(said):
        raise ContentError(name)
    home, own = found["home"] if found else None, claims.get("repository")
    # A file of another repository is not the one that has its name here.
    if home and not (isinstance(own, str) and own.lower() == home.lower()):
        raise ContentError(name)
    return found["file"] if found else said


def environment(publisher: Mapping[str, Any]) -> str | None:
    """The environment; None if it is not claimed."""
    _, claims = _claims(publisher)
    return (
        None
        if claims.get("environment", "") == ""
        else at("environment", text, claims["environment"])
    )


def may(wanted: str) -> Callable[[Mapping[str, Any]], bool]:
    """Whether a permission is given. Publishers of before May 2026 list none, and publish."""

    def told(publisher: Mapping[str, Any]) -> bool:
        if "permissions" not in publisher:
            return wanted == PUBLISH
        given = listed(publisher["permissions"])
        # The meaning of an empty list is not documented. A missing one means publishing.
        if not given or not (wanted in given or all(name in {PUBLISH, STAGE} for name in given)):
            raise ValueError("permissions that are not known")
        return wanted in given

    return told


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustedPublisher(NpmFact):
    """A workflow that npm lets publish without a token.

    Its subject is `npm:trusted-publisher/PACKAGE/ID`.

    Attributes:
        publisher_id: the id by which it is revoked.
        provider: `github`, `gitlab` or `circleci`; another one is not known.
        repository: the GitHub repository as `owner/name`; empty for another provider.
        workflow: the name of the workflow's file, like `release.yml`; empty if any may.
        environment: the deployment environment that the workflow must run in; None for any.
        may_publish: what it publishes is out at once.
        may_stage: it may stage versions that wait for a person's approval.
    """

    requirement = PRESENCE
    endpoint = endpoints.TRUST
    noun = "trusted publisher"
    listed_by = Package
    joins = "repository"

    publisher_id: str = key("id")
    provider: Provider = key("type")
    repository: str = key("claims", "claims/repository", "type", by=repository, beside=True)
    workflow: str = key(
        *("claims", "claims/workflow_ref/file", "type"),
        by=workflow,
        beside=True,
        optional=("claims/ci_config_ref_uri",),
    )
    environment: str | None = key(
        "claims", "claims/environment", "type", by=environment, beside=True
    )
    may_publish: bool = key("permissions", by=may(PUBLISH), beside=True)
    may_stage: bool = key("permissions", by=may(STAGE), beside=True)

    @property
    def package(self) -> str:
        """The package's name."""
        return self.within.name

    @property
    def set_up_again(self) -> str:
        """How it is set up as it was, once it is removed; on the page where no command can.

        Source: https://docs.npmjs.com/cli/v11/commands/npm-trust
        """
        known = {*CONFIGURED} - {*self.unknown_fields()}
        values = {name: getattr(self, name) for name in CONFIGURED if name in known}
        command = ""
        if known == {*CONFIGURED} and self.provider == GITHUB and self.workflow:
            where = [f"--repo={self.repository}", f"--file={self.workflow}"]
            where += [f"--env={self.environment}"] if self.environment else []
            where += ["--allow-publish"] if self.may_publish else []
            where += ["--allow-stage-publish"] if self.may_stage else []
            command = self.npm("trust", GITHUB, self.package, *options(*where))
        if command:
            return f"Set it up again: `{command}`"
        found = {"repository": "repository", "workflow": "file", "environment": "environment"}
        said = [f"{word} {values[name]}" for name, word in found.items() if values.get(name)]
        return ", ".join(["Set it up again on the same page", *said])


@dataclass(frozen=True, slots=True, kw_only=True)
class StagedVersion(NpmFact):
    """A version that waits for a person's approval (subject `npm:staged/ID`).

    Attributes:
        stage_id: the id by which it is looked at, approved or rejected.
        package: the package's name.
        version: its version.
        actor: the account that staged it; the provider's name for a workflow.
        automated: a trusted publisher's workflow staged it.
        created_at: when.
        shasum: the SHA-1 of its archive, as the registry writes it.
    """

    requirement = SESSION_ALONE
    endpoint = endpoints.STAGE
    noun = "staged version"
    listed_by = Package

    stage_id: str = key("id")
    package: str = key("packageName")
    version: str = key("version")
    actor: str = key("actor")
    automated: bool = key("actorType", by=ACTORS.__getitem__)
    created_at: datetime = key("createdAt")
    shasum: str = key("shasum")
