"""V: whether npm takes the version, the tag and the rest of `package.json`."""

from __future__ import annotations

import re

from hardenme.derive.acceptance import client_versions as versions
from hardenme.derive.acceptance.attempt import Attempt, Note, Obstacle, RowResult, Unsettled
from hardenme.derive.acceptance.packages import of_workspaces, own_manifest
from hardenme.derive.acceptance.row import ABSENT, EVERY, WORKFLOW, CauseRow
from hardenme.facts.npm.semver import Version, version
from hardenme.model.way import Way

RANGE = re.compile(r"[v=^~<>]*\s*(?:\d+|[xX*])(?:\.(?:\d+|[xX*])){0,2}(?:\s*(?:-|\|\|).*)?")
"""A dist-tag that npm would take for a version."""
PACKS_ELSEWHERE = {"nx": "packageRoot", "semantic-release": "pkgRoot"}
"""The option of a client that names the folder to pack. Its configuration is not read."""


def not_private(attempt: Attempt) -> RowResult:
    """The package is not marked as private."""
    manifest = own_manifest(attempt)
    if not manifest.private:
        return _packed_elsewhere(attempt, manifest.path)
    skips = f", so {attempt.command.client} skips it" if of_workspaces(attempt) else " (EPRIVATE)"
    return Obstacle(f'{manifest.path} says "private": true{skips}', 'Remove "private" from it')


def _packed_elsewhere(attempt: Attempt, path: str) -> Note | None:
    """That a client may pack a folder which its own configuration names."""
    client = attempt.command.client if attempt.by_workflow else ""
    option = PACKS_ELSEWHERE.get(client)
    if option is None:
        return None
    return Note(f"{client} packs another folder if its {option} names one; {path} was read")


def version_free(attempt: Attempt) -> RowResult:
    """The version was never published before."""
    if _raised(attempt):
        return None
    said, repair = own_manifest(attempt).version, _raise_version(attempt)
    if said in attempt.history.removed:
        return Obstacle(f"version {said} was unpublished, and a number is never free again", repair)
    there = [one.version for one in attempt.history.releases]
    if said not in there:
        return None
    if said == attempt.newest.version:
        return Note(f"raise the version first: {said} is published")
    return Obstacle(f"version {said} is already published", repair)


def version_not_staged(attempt: Attempt) -> RowResult:
    """The version is not staged already."""
    if _raised(attempt) or not (attempt.by_workflow and attempt.command.stages):
        return None
    said = own_manifest(attempt).version
    if any(one.version == said for one in attempt.staged):
        return Obstacle(
            f"version {said} is already staged (409)", "Approve or reject the staged version"
        )
    return None


def prerelease_tagged(attempt: Attempt) -> RowResult:
    """A prerelease has a dist-tag of its own."""
    said = _next(attempt)
    if said is None or said.stable or _tag(attempt):
        return None
    return Obstacle(
        f"{own_manifest(attempt).version} is a prerelease without a dist-tag",
        f"Add --tag next to the command, or publishConfig.tag to {own_manifest(attempt).path}",
    )


def version_highest(attempt: Attempt) -> RowResult:
    """The version is the highest one, or has a dist-tag."""
    said = _next(attempt)
    if said is None or not said.stable or _tag(attempt):
        return None
    written = own_manifest(attempt).version
    for one in attempt.history.releases:
        other = version(one.version)
        if other is not None and other.stable and other > said and not one.deprecated:
            return Obstacle(
                f"{written} is below {one.version}, so latest would move back",
                "Raise the version, or add --tag to the command",
            )
    return None


def tag_valid(attempt: Attempt) -> RowResult:
    """The dist-tag is not a version."""
    tag = _tag(attempt)
    if not tag or not RANGE.fullmatch(tag):
        return None
    return Obstacle(
        f"the dist-tag {tag} is a version range", "Choose another name for the dist-tag"
    )


def access_fits(attempt: Attempt) -> RowResult:
    """A package without a scope is not restricted."""
    if attempt.package.startswith("@") or own_manifest(attempt).access != "restricted":
        return None
    return Obstacle(
        "publishConfig.access is restricted, which needs a scope (EUNSCOPED)",
        "Remove publishConfig.access",
    )


def no_extensions(attempt: Attempt) -> RowResult:
    """`package.json` has no `packageExtensions`."""
    manifest = own_manifest(attempt)
    if not manifest.extensions:
        return None
    if not attempt.by_workflow:
        return Unsettled("whether your npm is 12 or newer, which refuses packageExtensions")
    found = versions.npm(attempt.command.npm, attempt.command.node)
    if found is not None and found.reaches((12, 0, 0)) is False:
        return None
    if found is None or not found.reaches((12, 0, 0)):
        return Unsettled("whether npm is 12 or newer, which refuses packageExtensions")
    return Obstacle(
        f"npm 12 refuses packageExtensions in {manifest.path} (EPACKAGEEXTENSIONS)",
        f"Remove packageExtensions from {manifest.path}",
    )


def _raise_version(attempt: Attempt) -> str:
    return f"Raise the version in {own_manifest(attempt).path}"


def _raised(attempt: Attempt) -> bool:
    """Whether the run sets the version itself."""
    return attempt.way is not Way.PERSON and attempt.command.raises_version


def _tag(attempt: Attempt) -> str:
    """The dist-tag of the release; empty for `latest`."""
    given = attempt.command.tag if attempt.by_workflow else ""
    return given or own_manifest(attempt).tag


def _next(attempt: Attempt) -> Version | None:
    """The next version; None if the run sets it, or where the present one is out."""
    if _raised(attempt):
        return None
    said = own_manifest(attempt).version
    if any(one.version == said for one in attempt.history.releases):
        return None
    return version(said)


ROWS = (
    CauseRow("V1", "The package is not private", EVERY, not_private),
    CauseRow("V2", "The version was never published", EVERY, version_free),
    CauseRow("V3", "The version is not staged", EVERY, version_not_staged),
    CauseRow("V4", "A prerelease has a dist-tag", EVERY, prerelease_tagged),
    CauseRow("V5", "The version is the highest one", EVERY, version_highest),
    CauseRow("V6", "The dist-tag is not a version", EVERY, tag_valid),
    CauseRow("V7", "An unscoped package is not restricted", EVERY, access_fits),
    CauseRow("V8", "package.json has no packageExtensions", EVERY, no_extensions),
    CauseRow(
        "V9",
        "The tag and the version agree",
        WORKFLOW,
        unseen="the project's own comparison of tag and version",
    ),
    CauseRow(
        "V10",
        "A wholly unpublished name waited for 24 hours",
        EVERY,
        outside=ABSENT,
    ),
    CauseRow(
        "V11",
        "A second run skips what is already published",
        WORKFLOW,
        unseen="what an earlier run published before it failed",
    ),
)
