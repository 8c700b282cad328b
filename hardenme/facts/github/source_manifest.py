"""The `package.json` from which the next release is made."""

from __future__ import annotations

from dataclasses import dataclass

from hardenme.facts.github.files import COMMIT, CONTENTS
from hardenme.facts.github.repository import RepositoryFact
from hardenme.model.fact import key

ON, OFF, UNSET = "on", "off", ""
"""What `publishConfig.provenance` says."""
TEXT = ("rootManifest", "rootManifest/text", "isBinary", "isTruncated", *COMMIT)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceManifest(RepositoryFact):
    """The `package.json` at the root of the default branch.

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
        extensions: it has `packageExtensions`, which npm 12 refuses.
    """

    requirement = CONTENTS
    source = "POST /graphql repository.object (package.json)"
    gates = ("headTree/__typename", "rootManifest/__typename")
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
    extensions: bool = key(*TEXT)
