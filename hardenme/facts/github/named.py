"""A repository that something on npm names: whether it exists, and who owns the name today."""

from __future__ import annotations

from dataclasses import dataclass

from hardenme.facts.github import endpoints
from hardenme.facts.github.repository import METADATA
from hardenme.facts.github.site import GitHubFact
from hardenme.facts.npm.package import Package
from hardenme.model.depth import Depth
from hardenme.model.fact import given, key

THERE, RENAMED = "there", "renamed"
GONE = "gone"
"""The repository is not there, and its owner could make another one of that name."""
OWNER_GONE = "owner gone"
"""No account has the owner's name, so that anyone may take it, and make the repository."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedRepository(GitHubFact):
    """The repository that a package or a trusted publisher of it names; its subject is theirs.

    Attributes:
        named: as npm has it, `owner/name`.
        state: `there`, `renamed`, `gone` or `owner gone`.
        current: what it is called today; empty if it is not there.
    """

    requirement = METADATA
    source = f"{endpoints.REPOSITORY.source}, {endpoints.USER.source}"
    noun = "repository that npm names"
    depth = Depth.STANDARD
    listed_by = Package

    named: str = given("what npm shows of the package")
    state: str = key("full_name", "login")
    current: str = key("full_name")
