"""Whether npm will accept the next release of a package, by each way to release it."""

from __future__ import annotations

from dataclasses import dataclass

from hardenme.facts.npm.package import Package
from hardenme.facts.npm.publishing import TrustedPublisher
from hardenme.facts.npm.rights import PRESENCE
from hardenme.facts.npm.site import NpmFact
from hardenme.model.acceptance import ReleaseWay
from hardenme.model.fact import key


@dataclass(frozen=True, slots=True, kw_only=True)
class PublisherRelease(NpmFact):
    """Whether the next release by a trusted publisher is accepted; its subject is the publisher's.

    Attributes:
        package: the package's name.
        release: the way to release, with what is known about it.
    """

    requirement = PRESENCE
    source = "derived from TrustedPublisher, ReleaseWorkflow and what guards its repository"
    noun = "trusted publisher"
    listed_by = TrustedPublisher

    package: str = key()
    release: ReleaseWay = key()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseAcceptance(NpmFact):
    """Whether the next release of a package is accepted (subject `npm:package/PACKAGE`).

    Attributes:
        package: the package's name.
        ways: every way that is known, those that are accepted first.
        accepted: the way that published the newest release would be accepted now.
        every_refused: every way to release is surely refused.
        newest: the keys of the ways that may have published the newest release.
        lasting: a way is accepted, and no end of it is known within the days that matter.
        ending: the accepted ways that end soon, where no other is accepted.
    """

    requirement = PRESENCE
    source = "derived from PublisherRelease, NpmToken and the newest release"
    listed_by = Package

    package: str = key()
    ways: tuple[ReleaseWay, ...] = key()
    accepted: bool = key()
    every_refused: bool = key()
    newest: tuple[str, ...] = key()
    lasting: bool = key()
    ending: tuple[ReleaseWay, ...] = key()
