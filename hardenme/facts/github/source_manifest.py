"""The `package.json` from which the next release is made, and which folders hold packages."""

from __future__ import annotations

from dataclasses import dataclass

from hardenme.facts.github.files import COMMIT, CONTENTS, TREE
from hardenme.facts.github.repository import RepositoryFact
from hardenme.model.fact import given, key

FILE = "package.json"
ON, OFF, UNSET = "on", "off", ""
"""What `publishConfig.provenance` says."""
TEXT = ("text", "isBinary", "isTruncated")
OF_FILES = ("r*/nameWithOwner", "r*/f*")
"""What shows the files of which the paths were named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageManifest(RepositoryFact):
    """A `package.json` on the default branch.

    Attributes:
        there: there is such a file; the fields below are empty if there is none.
        name: the package's name.
        version: the version that it says.
        private: npm refuses to publish it.
        repository: the address of its repository, as written.
        access: `publishConfig.access`.
        to_registry: `publishConfig.registry`.
        tag: `publishConfig.tag`.
        provenance: `publishConfig.provenance`: `on`, `off` or empty.
        directory: `publishConfig.directory`, the folder that some clients publish in its place.
        extensions: it has `packageExtensions`, which npm 12 refuses.
        workspaces: the patterns of the folders that hold further packages.
    """

    requirement = CONTENTS
    noun = "package.json"

    there: bool = key(*TEXT)
    name: str = key(*TEXT)
    version: str = key(*TEXT)
    private: bool = key(*TEXT)
    repository: str = key(*TEXT)
    access: str = key(*TEXT)
    to_registry: str = key(*TEXT)
    tag: str = key(*TEXT)
    provenance: str = key(*TEXT)
    directory: str = key(*TEXT)
    extensions: bool = key(*TEXT)
    workspaces: tuple[str, ...] = key(*TEXT)

    @property
    def path(self) -> str:
        """Its path in the repository."""
        return FILE


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceManifest(PackageManifest):
    """The `package.json` at the root of the default branch."""

    source = "POST /graphql repository.object (package.json)"
    gates = ("headTree/__typename", "rootManifest", "rootManifest/__typename", *COMMIT)


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderManifest(PackageManifest):
    """The `package.json` of a folder (subject `github:manifest/OWNER/REPO/FOLDER`).

    Attributes:
        folder: its path from the root, without slashes at its ends.
    """

    source = TREE
    gates = OF_FILES

    folder: str = given("PackageRepository.directory")

    @property
    def path(self) -> str:
        """Its path in the repository."""
        return f"{self.folder}/{FILE}"


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceFiles(RepositoryFact):
    """Which folders hold packages, by the files of pnpm and lerna.

    Attributes:
        pnpm: `packages` of `pnpm-workspace.yaml`; None without that file or that key.
        lerna: `packages` of `lerna.json`; None without that file or that key.
    """

    requirement = CONTENTS
    source = TREE
    gates = OF_FILES
    noun = "files of workspaces"

    pnpm: tuple[str, ...] | None = key(*TEXT)
    lerna: tuple[str, ...] | None = key(*TEXT)
