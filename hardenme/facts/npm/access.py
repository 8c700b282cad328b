"""Who may publish a package, and who may see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hardenme.facts.npm.package import Package
from hardenme.facts.npm.site import NpmFact
from hardenme.model.depth import Depth
from hardenme.model.fact import Fact, key
from hardenme.model.permission import Requirement, any_of, npm


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageCollaborators(NpmFact):
    """The accounts that may publish or see a package (subject `npm:package/NAME`).

    Attributes:
        writers: those that may publish it and add others, sorted.
        readers: those that may only see it, sorted.
    """

    requirement: ClassVar[Requirement] = any_of(npm("session token"))
    source: ClassVar[str] = "GET /-/package/{package}/collaborators"
    listed_by: ClassVar[type[Fact] | None] = Package

    writers: tuple[str, ...] = key()
    readers: tuple[str, ...] = key()


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageVisibility(NpmFact):
    """Whether anyone can see a package (subject `npm:package/NAME`).

    Attributes:
        public: anyone can.
    """

    requirement: ClassVar[Requirement] = any_of(npm("session token"))
    source: ClassVar[str] = "GET /-/package/{package}/visibility"
    depth: ClassVar[Depth] = Depth.DEEP
    listed_by: ClassVar[type[Fact] | None] = Package

    public: bool = key("public")
