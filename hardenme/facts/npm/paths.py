"""The publish paths of a package: made of what npm and GitHub tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hardenme.facts.npm.package import Package
from hardenme.facts.npm.publishing import PRESENCE, TrustedPublisher
from hardenme.facts.npm.site import NpmFact
from hardenme.model.fact import Fact, key
from hardenme.model.permission import Requirement
from hardenme.model.publishing import PackagePaths, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class PublisherRoute(NpmFact):
    """A trusted publisher, and how its repository guards it.

    Its subject is the trusted publisher's. Each of the fields can be unknown by itself.

    Attributes:
        package: the package's name.
        publisher: the trusted publisher.
        guarded: nothing leaves it unseen: it is bound to an existing environment, and either may
            only stage, or its environment has reviewers who are not the person that started it.
        unguarded: why it is not, one sentence each.
        sound: its workflow exists, is started only by people who may write, restores no cache,
            uses no action that can change, and gives its identity token to the publishing job only.
        unsound: why it is not, one sentence each.
        steps: what closes it down to the intended path.
    """

    requirement: ClassVar[Requirement] = PRESENCE
    source: ClassVar[str] = "derived from TrustedPublisher, Workflow, Environment and branch rules"
    noun: ClassVar[str] = "trusted publisher"
    listed_by: ClassVar[type[Fact] | None] = TrustedPublisher

    package: str = key()
    publisher: TrustedPublisher = key()
    guarded: bool = key()
    unguarded: tuple[str, ...] = key()
    sound: bool = key()
    unsound: tuple[str, ...] = key()
    steps: tuple[Step, ...] = key()


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishPaths(NpmFact):
    """Every path by which a release of a package can come out (subject `npm:package/NAME`).

    The first three are the legs of the verdict that publishing is protected; where one could not be
    read, it is an unknown that names the leg and what it takes.

    Attributes:
        tokens_closed: no token publishes: the package disallows them, and none that writes is left.
        publisher_guarded: a trusted publisher is set up, and all of them are guarded.
        workflow_sound: the workflows of all trusted publishers are sound.
        told: all paths with their reasons and the steps that close them.
    """

    requirement: ClassVar[Requirement] = PRESENCE
    source: ClassVar[str] = "derived from what npm and GitHub tell of the package"
    listed_by: ClassVar[type[Fact] | None] = Package

    tokens_closed: bool = key()
    publisher_guarded: bool = key()
    workflow_sound: bool = key()
    told: PackagePaths = key()
