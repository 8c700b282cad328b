"""CL: whether the client that publishes can do what the way needs."""

from __future__ import annotations

from urllib.parse import urlsplit

from hardenme.derive.acceptance import client_versions as versions
from hardenme.derive.acceptance import evidence
from hardenme.derive.acceptance.attempt import (
    Attempt,
    Note,
    Obstacle,
    RowResult,
    Unsettled,
    known,
)
from hardenme.derive.acceptance.packages import own_manifest
from hardenme.derive.acceptance.row import PUBLISHER, WORKFLOW, CauseRow
from hardenme.facts.github.release_job import BUNDLED, COMPUTED, SCRIPT
from hardenme.model.npm_address import REGISTRY_HOST
from hardenme.model.unknown import NotKnownError, Reason, Unknown

BY_NPM = frozenset({"npm", "changesets", "lerna", "nx", "release-it", "semantic-release"})
"""Clients that hand the upload to npm."""
NEVER = frozenset({"yarn classic", "bun"})
"""Clients that cannot use a trusted publisher."""
OF_PNPM = frozenset({"--no-git-checks", "--publish-branch", "--report-summary", "--recursive"})
"""Flags that npm 12 refuses as unknown."""
STRICT: versions.Number = (12, 0, 0)


def _npm(attempt: Attempt) -> versions.VersionRange:
    """The versions of npm that publish.

    Raises:
        NotKnownError: they are not known.
    """
    command = attempt.command
    if command.client == SCRIPT:
        raise _unknown(f"what {command.text} runs")
    if command.client not in BY_NPM:
        raise _unknown(f"which version of {command.client} publishes")
    if attempt.job.container:
        raise _unknown(f"which npm the image {attempt.job.container} has")
    if command.doubts:
        raise _unknown(f"which npm {command.doubts[0]} installs")
    found = versions.npm(known(command.npm, "the version of npm"), _node_text(attempt))
    if found is None:
        said = "no step sets up Node" if not command.node else f"node-version: {command.node}"
        raise _unknown(f"which npm publishes: {said}")
    return found


def _node_text(attempt: Attempt) -> str:
    """The version of Node as written; where npm is installed by version it does not matter."""
    text: str = attempt.command.node
    if attempt.command.npm == BUNDLED:
        return known(text, "the version of Node")
    return "" if COMPUTED in text else text


def _unknown(needed: str) -> NotKnownError:
    return NotKnownError(Unknown(Reason.NOT_VISIBLE, needed))


def speaks_oidc(attempt: Attempt) -> RowResult:
    """The npm of the job is 11.5.1 or newer."""
    command = attempt.command
    if command.client in NEVER:
        return None
    found = _npm(attempt)
    if found.low == found.high == versions.BROKEN:
        return Obstacle("npm 12.0.0 cannot publish: a module of it is missing", _install(attempt))
    reaches = found.reaches(versions.OIDC)
    if reaches:
        return None
    if reaches is None:
        return Unsettled(f"whether npm {command.npm} on Node {command.node} is at least 11.5.1")
    shown = f"npm {command.npm}" if command.npm != BUNDLED else f"Node {command.node} brings npm 10"
    if found.high[0] == 11:  # noqa: PLR2004 (a version)
        shown = shown.replace("brings npm 10", "brings an npm below 11.5.1")
    return Obstacle(f"{shown}: trusted publishing needs npm 11.5.1", _install(attempt))


def _install(attempt: Attempt) -> str:
    return (
        f"Install npm 11 before the publish step of {attempt.workflow.file}: npm install -g npm@11"
    )


def stages(attempt: Attempt) -> RowResult:
    """The npm of the job knows `npm stage`."""
    if not attempt.command.stages or attempt.command.client != "npm":
        return None
    reaches = _npm(attempt).reaches(versions.STAGE)
    if reaches is None:
        return Unsettled("whether npm is at least 11.15.0, which has npm stage")
    if reaches:
        return None
    return Obstacle("npm stage needs npm 11.15.0 or newer", _install(attempt))


def installable(attempt: Attempt) -> RowResult:
    """The npm that a step installs fits the job's Node."""
    command = attempt.command
    if command.npm == BUNDLED or command.client == SCRIPT:
        return None
    version = versions.npm(known(command.npm, "the version of npm"), "")
    if version is None:
        return Unsettled(f"which version npm@{command.npm} is")
    if command.doubts:
        raise _unknown(f"which Node {command.doubts[0]} installs")
    on = versions.node(known(command.node, "the version of Node"))
    fits = versions.installs(version, on)
    if fits:
        return None
    if fits is None:
        return Unsettled(
            f"whether npm@{command.npm} can be installed on Node {command.node or '?'}"
        )
    return Obstacle(
        f"npm@{command.npm} cannot be installed on Node {command.node} (EBADENGINE)",
        f"Install npm@11, or use Node 24 in {attempt.workflow.file}",
    )


def flags_known(attempt: Attempt) -> RowResult:
    """The npm of the job knows every flag of the command."""
    odd = sorted(OF_PNPM & set(attempt.command.flags))
    if not odd or attempt.command.client != "npm":
        return None
    reaches = _npm(attempt).reaches(STRICT)
    if reaches is False:
        return None
    if reaches is None:
        return Unsettled(f"whether npm is 12 or newer, which refuses {odd[0]}")
    return Obstacle(
        f"npm 12 refuses the unknown flag {odd[0]}", f"Remove {odd[0]} from the command"
    )


def can_exchange(attempt: Attempt) -> RowResult:
    """The client can use a trusted publisher."""
    client = attempt.command.client
    if client in BY_NPM or client == SCRIPT:
        return None
    if client in NEVER:
        return Obstacle(
            f"{client} cannot use a trusted publisher", "Publish with npm 11 or newer instead"
        )
    return Unsettled(f"which version of {client} publishes")


def to_npm(attempt: Attempt) -> RowResult:
    """The upload goes to npm's registry."""
    named = [known(attempt.command.registry, "the registry")]
    if not named[0] or _is_npm(named[0]):
        named.append(own_manifest(attempt).to_registry)
    for address in filter(None, named):
        if not _is_npm(address):
            host = urlsplit(address).hostname or address
            return Obstacle(
                f"the release goes to {host}, not to npm", "Publish to npm in a job of its own"
            )
    if not attempt.npmrc.committed or evidence.verified(attempt):
        return None
    return Unsettled("which registry the .npmrc of the repository names")


def _is_npm(address: str) -> bool:
    return urlsplit(address if "//" in address else f"//{address}").hostname == REGISTRY_HOST


def node_documented(attempt: Attempt) -> RowResult:
    """Node is as new as npm's documentation asks for."""
    on = versions.node(attempt.command.node)
    if on is None or on.high >= versions.NODE_LEAST:
        return None
    return Note(f"npm documents Node 22.14 or newer for this; the job uses {attempt.command.node}")


def upgraded(attempt: Attempt) -> bool:
    """The job installs another npm."""
    return attempt.command.npm != BUNDLED


ROWS = (
    CauseRow("CL1", "npm is 11.5.1 or newer", PUBLISHER, speaks_oidc),
    CauseRow("CL2", "npm has the command npm stage", WORKFLOW, stages),
    CauseRow("CL3", "npm can be installed on the job's Node", WORKFLOW, installable),
    CauseRow("CL4", "npm knows every flag of the command", WORKFLOW, flags_known),
    CauseRow("CL5", "The client can use a trusted publisher", PUBLISHER, can_exchange),
    CauseRow("CL6", "The release goes to npm's registry", WORKFLOW, to_npm),
    CauseRow(
        "CL7",
        "The upgrade of npm does not break it",
        WORKFLOW,
        unseen="whether an upgrade of npm in place breaks it",
        matters=upgraded,
    ),
    CauseRow(
        "CL8",
        "npm supports the provider",
        PUBLISHER,
        covered=("E17",),
    ),
    CauseRow("CL9", "Node is as new as npm documents", PUBLISHER, node_documented),
)
