"""The publish paths of a package, made from the answers of npm and GitHub."""

from __future__ import annotations

from dataclasses import dataclass

from hardenme.facts.npm.organization import NpmOrganization
from hardenme.facts.npm.package import Package
from hardenme.facts.npm.publishing import TrustedPublisher
from hardenme.facts.npm.rights import OF_ORGANIZATIONS, PRESENCE
from hardenme.facts.npm.site import NpmFact
from hardenme.model.fact import key
from hardenme.model.known import Known
from hardenme.model.publishing import ClosingStep, PackagePaths

LEGS = ("tokens_closed", "publisher_guarded", "workflow_sound")
"""What has to hold together so that publishing is protected."""
AXIOS, TANSTACK = "axios", "TanStack"
"""Incidents whose pattern is reported by name. In the one, a trusted publisher was set up but
tokens could still publish. In the other, a workflow published by itself, and outsiders could reach
its inputs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublisherRoute(NpmFact):
    """A trusted publisher, and how its repository guards it.

    Its subject is the trusted publisher's. Each of the fields can be unknown by itself.

    Attributes:
        package: the package's name.
        publisher: the trusted publisher.
        works: its repository, workflow and environment exist, so that a run can publish by it.
        guarded: nothing is published unseen. It is bound to an existing environment, and may only
            stage or needs reviewers other than the person who started it.
        unguarded: why it is not, one sentence each.
        sound: its workflow exists, and only people with write access can start it. It restores no
            cache, uses no action that can change, and gives its identity token to the publishing
            job only.
        unsound: why it is not, one sentence each.
        exposed: it publishes by itself, and an outsider's event or a cache reaches its workflow.
        remarks: who else can run or change the workflow, one sentence each; no verdict depends on
            them.
        steps: what closes it down to the intended path.
    """

    requirement = PRESENCE
    source = (
        "derived from TrustedPublisher, NamedRepository, Workflow, Environment and branch rules"
    )
    noun = "trusted publisher"
    listed_by = TrustedPublisher

    package: str = key()
    publisher: TrustedPublisher = key()
    works: bool = key()
    guarded: bool = key()
    unguarded: tuple[str, ...] = key()
    sound: bool = key()
    unsound: tuple[str, ...] = key()
    exposed: bool = key()
    remarks: tuple[str, ...] = key()
    steps: tuple[ClosingStep, ...] = key()


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamRight(Known):
    """What a team may publish, and who is in it; either can be unknown by itself.

    Attributes:
        name: the team's own name.
        members: the accounts, sorted.
        writes: the packages that they may publish.
    """

    name: str
    members: tuple[str, ...]
    writes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationWriters(NpmFact):
    """Who of an organization may publish, or give that right (subject `npm:org/ORG`).

    Attributes:
        name: its name, without the `@`.
        owners: accounts that manage people, teams and packages.
        teams: what each team may publish; not known if a team may have been missed.
        seen: the teams that were seen, also if that is not all.
    """

    requirement = OF_ORGANIZATIONS
    source = "derived from NpmOrganization, NpmTeamGrants and NpmTeamMembers"
    noun = "npm organization"
    listed_by = NpmOrganization
    everywhere = True

    name: str = key()
    owners: tuple[str, ...] = key()
    teams: tuple[TeamRight, ...] = key()
    seen: tuple[TeamRight, ...] = key()


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishPaths(NpmFact):
    """Every path by which a package can be published (subject `npm:package/PACKAGE`).

    The first three are the criteria of the verdict that publishing is protected. If one could not
    be read, it is an unknown that names the criterion and what it takes.

    Attributes:
        tokens_closed: no token publishes: the package disallows them, and none that writes is left.
        publisher_guarded: a trusted publisher is set up, and all of them are guarded.
        workflow_sound: the workflows of all trusted publishers are sound.
        against: what is known to be wrong with any of them, one sentence each.
        shapes: the incidents whose pattern the package matches, by name.
        told: all paths with their reasons and the steps that close them.
    """

    requirement = PRESENCE
    source = "derived from what npm and GitHub show of the package"
    listed_by = Package

    tokens_closed: bool = key()
    publisher_guarded: bool = key()
    workflow_sound: bool = key()
    against: tuple[str, ...] = key()
    shapes: tuple[str, ...] = key()
    told: PackagePaths = key()

    def broken(self) -> tuple[str, ...]:
        """The legs that are known not to hold, whatever is not known of the others."""
        unknown = self.unknown_fields()
        return tuple(leg for leg in LEGS if leg not in unknown and getattr(self, leg) is False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishFuture(NpmFact):
    """What still publishes a package without tokens that bypass 2FA.

    Its subject is `npm:package/PACKAGE`.

    Attributes:
        package: the package's name.
        survives: releases go on when these tokens no longer publish.
        by: what shows it, or what speaks against it.
        bypass: the account's tokens that publish the package without 2FA, by name.
        approved: the newest release was staged, and a person approved it.
        steps: what makes releases go on, in order.
    """

    requirement = PRESENCE
    source = "derived from NpmToken, PublisherRoute and the newest release"
    listed_by = Package

    package: str = key()
    survives: bool = key()
    by: str = key()
    bypass: tuple[str, ...] = key()
    approved: bool = key()
    steps: tuple[ClosingStep, ...] = key()
