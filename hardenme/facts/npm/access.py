"""Who may publish a package, and who may see it."""

from __future__ import annotations

from dataclasses import dataclass

from hardenme.facts.npm import endpoints
from hardenme.facts.npm.names import with_words
from hardenme.facts.npm.package import Package
from hardenme.facts.npm.rights import OF_PACKAGES, READ, RIGHTS, SESSION_ALONE, WRITE
from hardenme.facts.npm.site import NpmFact
from hardenme.model.depth import Depth
from hardenme.model.fact import key


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageCollaborators(NpmFact):
    """The accounts that may publish or see a package (subject `npm:package/PACKAGE`).

    The members of teams are among them. `Every` of it means the packages of the whole run.

    Attributes:
        writers: those that may publish it and add others, sorted.
        readers: those that may only see it, sorted.
    """

    requirement = OF_PACKAGES
    endpoint = endpoints.COLLABORATORS
    listed_by = Package
    everywhere = True

    # Someone can publish every package: where no one is named, who can was left out.
    writers: tuple[str, ...] = key("*", by=with_words(WRITE, RIGHTS, needed=WRITE), beside=True)
    readers: tuple[str, ...] = key("*", by=with_words(READ, RIGHTS))


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageVisibility(NpmFact):
    """Whether anyone can see a package (subject `npm:package/PACKAGE`).

    Attributes:
        public: anyone can.
    """

    requirement = SESSION_ALONE
    endpoint = endpoints.VISIBILITY
    depth = Depth.DEEP
    listed_by = Package

    public: bool = key("public", "*")


@dataclass(frozen=True, slots=True, kw_only=True)
class WriterActivity(NpmFact):
    """Who of those that may publish a package did, lately (subject `npm:package/PACKAGE`).

    Attributes:
        hands: accounts that released or approved a version within the time that is looked at; not
            those of a workflow.
        held: the accounts that could publish it for the whole of that time.
        idle: those of them that neither released nor approved.
    """

    requirement = OF_PACKAGES
    source = "derived from PackageCollaborators and ReleaseHistory"
    listed_by = Package

    hands: tuple[str, ...] = key("_npmUser", "time")
    held: tuple[str, ...] = key("maintainers", "time")
    idle: tuple[str, ...] = key("_npmUser", "maintainers", "time")
