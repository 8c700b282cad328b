"""What the files of a repository tell, and what its releases carry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hardenme.facts.github.repository import Repository
from hardenme.facts.github.site import GitHubFact
from hardenme.model.depth import Depth
from hardenme.model.fact import Fact, key
from hardenme.model.permission import Requirement, any_of, classic, fine_grained

CONTENTS = any_of(classic("repo"), fine_grained("contents:read"))
TREE = "POST /graphql repository.object"


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryCodeOwners(GitHubFact):
    """Who is asked for a review of what, by the file of code owners on the default branch.

    Attributes:
        path: the file that counts, of the three places where GitHub looks; None where there is
            none.
        errors: how many of its lines GitHub does not take.
        covers_github: somebody owns the workflows, and the file of code owners itself.
    """

    requirement: ClassVar[Requirement] = CONTENTS
    source: ClassVar[str] = TREE
    listed_by: ClassVar[type[Fact] | None] = Repository

    path: str | None = key("entries")
    errors: int = key("errors")
    covers_github: bool = key("text")


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryLockFile(GitHubFact):
    """Whether the package at the root of a repository pins what it installs.

    Attributes:
        package: `package.json` lies at the root.
        lock_files: the lock files that lie beside it, by name.
    """

    requirement: ClassVar[Requirement] = CONTENTS
    source: ClassVar[str] = TREE
    listed_by: ClassVar[type[Fact] | None] = Repository

    package: bool = key("entries")
    lock_files: tuple[str, ...] = key("entries")


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryDependencyUpdates(GitHubFact):
    """What keeps the dependencies of a repository up to date.

    Attributes:
        settings: the files that set up Dependabot or Renovate, by path.
        cooldown: each of them waits some days before it offers a new version.
    """

    requirement: ClassVar[Requirement] = CONTENTS
    source: ClassVar[str] = TREE
    listed_by: ClassVar[type[Fact] | None] = Repository

    settings: tuple[str, ...] = key("entries")
    cooldown: bool = key("text")


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryNpmrc(GitHubFact):
    """Credentials in npm's settings file at the root of a repository; never their values.

    Attributes:
        committed: there is such a file.
        credential_lines: the lines on which a token, a password or a private key stands itself,
            counted from 1. A reference like `${NPM_TOKEN}` is none.
    """

    requirement: ClassVar[Requirement] = CONTENTS
    source: ClassVar[str] = TREE
    listed_by: ClassVar[type[Fact] | None] = Repository

    committed: bool = key("entries")
    credential_lines: tuple[int, ...] = key("text")


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryRelease(GitHubFact):
    """The newest release of a repository, and what it carries.

    Attributes:
        tag: its tag; None where nothing is released, drafts and trials left out.
        commit: the id of the commit that the tag points to; None where there is none.
        sboms: the files among its assets that are named like a software bill of materials.
    """

    requirement: ClassVar[Requirement] = CONTENTS
    source: ClassVar[str] = "POST /graphql repository.latestRelease"
    listed_by: ClassVar[type[Fact] | None] = Repository

    tag: str | None = key("tagName", "latestRelease", nullable=True)
    commit: str | None = key("oid", "tagCommit", nullable=True)
    sboms: tuple[str, ...] = key("releaseAssets", "anyFile")


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositorySbomExport(GitHubFact):
    """Whether GitHub's dependency graph gives out a software bill of materials.

    Attributes:
        available: it does.
    """

    requirement: ClassVar[Requirement] = CONTENTS
    source: ClassVar[str] = "GET /repos/{owner}/{repo}/dependency-graph/sbom"
    depth: ClassVar[Depth] = Depth.DEEP
    listed_by: ClassVar[type[Fact] | None] = Repository

    available: bool = key("sbom", "spdxVersion")
