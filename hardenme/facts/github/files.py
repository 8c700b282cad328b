"""What a repository's files and releases contain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from hardenme.facts.github.code_owners import OwnersRule
from hardenme.facts.github.repository import RepositoryFact
from hardenme.model.depth import Depth
from hardenme.model.fact import Endpoint, key
from hardenme.model.permission import any_of, classic, fine_grained
from hardenme.model.values import flag, text

CONTENTS = any_of(classic("repo"), fine_grained("contents:read"))
TREE = "POST /graphql repository.object"
COMMIT = ("isEmpty", "defaultBranchRef/name")
"""What shows whether anything was ever pushed."""
SEEN = (
    *COMMIT,
    *(f"{tree}/entries/{name}" for tree in ("rootTree", "githubTree") for name in ("name", "type")),
    *("entries/size", "entries/mode", "docsOwners", "r*/nameWithOwner"),
)
"""What shows which files there are, and whose these are."""
TEXT = ("r*/f*", "text")


def _is_spdx(version: str) -> bool:
    """That a document says `SPDX-` and the version of the format (SPDX 2.3 §6.1)."""
    if not text(version).startswith("SPDX-"):
        raise ValueError("no list")
    return True


@dataclass(frozen=True, slots=True)
class TreeEntry:
    """An entry in a folder of a repository: a file, a folder or a submodule.

    Attributes:
        name: its name.
        type: what it is.
        size: how many bytes.
        mode: Git's mode.
    """

    name: str = key("name")
    type: Literal["blob", "tree", "commit"] = key("type")
    size: int = key("size")
    mode: int = key("mode")


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryCodeOwners(RepositoryFact):
    """Who reviews which files, by CODEOWNERS on the default branch.

    Attributes:
        path: the file that counts, of the three places where GitHub looks; None if there is none.
        errors: how many of its lines GitHub does not take.
        wrong_line: the first of these; 0 where there is none, or GitHub does not show it.
        rules: those that it takes.
    """

    requirement = CONTENTS
    source = TREE

    gates = SEEN

    path: str | None = key("entries")
    errors: int = key("codeowners/errors")
    wrong_line: int = key("codeowners/errors/line")
    rules: tuple[OwnersRule, ...] = key(*TEXT)


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryActionFiles(RepositoryFact):
    """The files on the default branch that say what workflows run.

    Attributes:
        files: the workflow files, and the `action.yml` of each action in the repository.
        whole: GitHub showed every file; of a very large repository it shows some.
    """

    requirement = CONTENTS
    endpoint = Endpoint("/repos/{owner}/{repo}/git/trees/{tree_sha}")
    depth = Depth.STANDARD
    noun = "tree of files"

    files: tuple[str, ...] = key("tree", "path", "type")
    whole: bool = key("truncated", by=lambda cut: not flag(cut))


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowOwners(RepositoryFact):
    """The code owners of each file that workflows run. Derived from other facts.

    Attributes:
        path: the file of code owners that counts; None if there is none.
        errors: how many of its lines GitHub does not take.
        unowned: workflow files, local actions and files of code owners without an owner.
        owns_new: a workflow file that is added has an owner at once.
        line: the first one of CODEOWNERS to change; 0 where there is none.
    """

    requirement = CONTENTS
    source = "derived from RepositoryCodeOwners and RepositoryActionFiles"

    path: str | None = key("entries")
    errors: int = key("errors")
    unowned: tuple[str, ...] = key("text", "tree", "path", "truncated")
    owns_new: bool = key("text")
    # It shows the place of what fails and decides nothing.
    line: int = key()


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryLockFile(RepositoryFact):
    """Whether the package at the root of a repository pins what it installs.

    Attributes:
        package: there is a `package.json` at the root.
        lock_files: the lock files in the same folder, by name.
    """

    requirement = CONTENTS
    source = TREE

    gates = SEEN

    package: bool = key("entries")
    lock_files: tuple[str, ...] = key("entries")


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryDependencyUpdates(RepositoryFact):
    """How a repository's dependencies are updated.

    Attributes:
        settings: the files that set up Dependabot or Renovate, that with the fewest days first.
        cooldown_days: days that each of them waits at least before it offers a new version.
        line: the one that sets the fewest days in the first of `settings`; 0 for none.
    """

    requirement = CONTENTS
    source = TREE

    gates = SEEN

    settings: tuple[str, ...] = key("entries")
    cooldown_days: int = key(*TEXT)
    # It shows the place of what fails and decides nothing.
    line: int = key(*TEXT)


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryAutorun(RepositoryFact):
    """What runs when someone opens the repository in an editor or agent.

    Attributes:
        runs: the files that start something, each with what starts it; never the command itself.
        unread: none: not known where such a file was not read or not understood.
        line: of the first of `runs` in its file; 0 where it is not found.
    """

    requirement = CONTENTS
    source = TREE

    runs: tuple[str, ...] = key(
        "rootTree",
        "devContainers",
        "__typename",
        "entries",
        "type",
        "text",
        "isEmpty",
        "defaultBranchRef",
    )
    unread: tuple[str, ...] = key(
        *("entries", *TEXT, "isBinary", "isTruncated", "nameWithOwner", "rootTree/entries/name")
    )
    # It shows the place of what fails and decides nothing.
    line: int = key(*TEXT)


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryNpmrc(RepositoryFact):
    """Credentials in `.npmrc` at the root of a repository; never their values.

    Attributes:
        committed: there is such a file.
        credential_lines: the lines with a literal token, password or private key, counted from 1. A
            reference like `${NPM_TOKEN}` does not count.
    """

    requirement = CONTENTS
    source = TREE

    gates = SEEN

    committed: bool = key("entries")
    credential_lines: tuple[int, ...] = key(*TEXT)


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryRelease(RepositoryFact):
    """The newest release of a repository, and its files.

    Attributes:
        tag: its tag; None if nothing is released, drafts and trials left out.
        commit: the id of the commit that the tag points to; None if there is none.
        published_at: when it was published; None if nothing is.
        sboms: the files among its assets that are named like a software bill of materials.
    """

    requirement = CONTENTS
    source = "POST /graphql repository.latestRelease"

    gates = (*COMMIT, "anyFile/__typename")

    tag: str | None = key("tagName", "latestRelease", nullable=True)
    commit: str | None = key("oid", "tagCommit", nullable=True)
    published_at: datetime | None = key("publishedAt", nullable=True)
    sboms: tuple[str, ...] = key("releaseAssets/nodes/name", "releaseAssets/totalCount")


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositorySbomExport(RepositoryFact):
    """Whether GitHub's dependency graph exports an SBOM.

    Attributes:
        available: it does.
    """

    requirement = CONTENTS
    endpoint = Endpoint("/repos/{owner}/{repo}/dependency-graph/sbom")
    depth = Depth.DEEP

    available: bool = key("sbom/spdxVersion", by=_is_spdx)
