"""The newest release of a repository, and whether it carries a bill of materials."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from hardenme.collectors.answer import nothing
from hardenme.collectors.declared import read
from hardenme.collectors.github.batch.part import QueryPart, RepositoryNode, each
from hardenme.collectors.reading import all_known
from hardenme.facts.github.files import RepositoryRelease
from hardenme.model.fact import Answer
from hardenme.model.unknown import Reason, Unknown

SBOM = re.compile(
    r"(^|.*[._-])(sbom|spdx|cdx|cyclonedx|bom)([._-].*)?\.(json|xml|rdf|ya?ml|spdx|gz|zip)"
    r"|.+\.spdx",
    re.IGNORECASE,
)
"""File names that SPDX and CycloneDX advise, and those that the usual tools write."""


def _read(node: RepositoryNode) -> Iterator[Answer[Any]]:
    item = node.item
    # If the files are not visible, "no release" may mean "not for you".
    shown = node.empty
    if shown is False:
        shown = node.shows("anyFile")
    if isinstance(shown, Unknown):
        yield nothing(RepositoryRelease, node.subject, shown)
        return
    if "latestRelease" not in item:
        yield nothing(RepositoryRelease, node.subject, item.absent("latestRelease"))
        return
    tag: Any = None
    commit: Any = None
    published: Any = None
    sboms: Any = ()
    if item.has_value("latestRelease"):
        release = item.item("latestRelease")
        tag = release.text("tagName")
        commit = release.optional("tagCommit", lambda name: release.item(name).text("oid"))
        published = read(RepositoryRelease, release, "published_at")["published_at"]
        sboms = _sboms(node)
    fact = RepositoryRelease(
        **node.place, tag=tag, commit=commit, published_at=published, sboms=sboms
    )
    yield Answer(RepositoryRelease, node.subject, (fact,), node.atoms)


def _sboms(node: RepositoryNode) -> Any:
    """The assets named like a bill of materials; where none is among the first, all must be."""
    assets = node.item.item("latestRelease").item("releaseAssets")
    if not assets.lists("nodes"):
        return assets.absent("nodes")
    names: list[Any] = [asset.text("name") for asset in assets.items("nodes")]
    found = tuple(name for name in names if isinstance(name, str) and SBOM.fullmatch(name))
    if found:
        return found
    total: Any = assets.number("totalCount")
    missing = all_known((*names, total))
    if missing is not None:
        return missing
    if total != len(names):
        return Unknown(
            Reason.INCOMPLETE,
            "every file of the release must be listed",
            f"{len(names)} of {total} files",
            node.atoms,
        )
    return ()


PARTS = (
    QueryPart(
        name="NewestRelease",
        gives=(RepositoryRelease,),
        fields="""
  anyFile: object(expression: "HEAD:") { __typename }
  latestRelease {
    tagName publishedAt
    tagCommit { oid }
    releaseAssets(first: 100) { totalCount nodes { name } }
  }""",
        keys=("anyFile", "latestRelease"),
        read=each(_read),
        heavy=True,
    ),
)
