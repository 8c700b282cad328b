"""P: whether npm takes the upload: the allowed action, and the provenance statement."""

from __future__ import annotations

import re

from hardenme.derive.acceptance import client_versions as versions
from hardenme.derive.acceptance.attempt import (
    Attempt,
    Note,
    Obstacle,
    RowResult,
    Unsettled,
    known,
)
from hardenme.derive.acceptance.clients import BY_NPM
from hardenme.derive.acceptance.packages import own_manifest, signs
from hardenme.derive.acceptance.row import PERSON, PUBLISHER, SECRET, WORKFLOW, CauseRow
from hardenme.facts.github.source_manifest import OFF, ON
from hardenme.facts.npm.publishing import TrustedPublisher
from hardenme.model.known import field
from hardenme.model.unknown import NotKnownError, Unknown

NAME = r"([A-Za-z0-9-]+/[A-Za-z0-9._-]+?)"
STATED = re.compile(rf"(?:(?:git\+)?https://github\.com/|github:|){NAME}(?:\.git)?")
"""A repository as npm is known to compare it."""
ADDRESS = re.compile(
    rf"(?:(?:git\+)?(?:https?|ssh|git)://(?:[^@/]*@)?(?:www\.)?github\.com[/:]|git@github\.com:"
    rf"|github:|){NAME}(?:\.git)?(?:/|/tree/.*)?(?:[?#].*)?"
)
"""A repository in any form that npm's client may bring into that one."""


def action_allowed(attempt: Attempt) -> RowResult:
    """The publishers that match may do what the command does."""
    wanted = "may_stage" if attempt.command.stages else "may_publish"
    same = [one for one in attempt.publishers.facts if _same_claims(attempt, one)]
    said = [field(one, wanted) for one in (attempt.publisher, *same)]
    if True in said:
        return None
    missing = next((one for one in said if isinstance(one, Unknown)), attempt.publishers.missing)
    if missing is not None:
        raise NotKnownError(missing)
    if attempt.command.stages:
        return Unsettled(
            "whether a trusted publisher that may publish may also stage: older ones list no right"
        )
    return Obstacle(
        f"the publisher may only stage, and the job runs {attempt.command.text} (403)",
        "Run `npm stage publish` instead, or add a trusted publisher that may publish",
    )


def _same_claims(attempt: Attempt, other: TrustedPublisher) -> bool:
    names = ("provider", "repository", "workflow", "environment")
    return all(field(other, name) == field(attempt.publisher, name) for name in names)


def token_not_replaced(attempt: Attempt) -> RowResult:
    """No trusted publisher that may only stage takes the place of the token."""
    if not attempt.identity or attempt.command.client not in BY_NPM or attempt.command.stages:
        return None
    matching = [one for one in attempt.publishers if _matches_job(attempt, one)]
    if not matching:
        return None
    if any(one.may_publish for one in matching):
        return Note("a trusted publisher matches this job, so npm uses it and not the token")
    found = versions.npm(known(attempt.command.npm, "the version of npm"), attempt.command.node)
    if found is None or found.reaches(versions.OIDC) is None:
        return Unsettled("whether npm uses the trusted publisher in place of the token")
    if not found.reaches(versions.OIDC):
        return None
    return Obstacle(
        "the job may request an identity token, so npm uses the trusted publisher, which may only"
        " stage, and never the token (403)",
        "Run `npm stage publish` instead, or allow the trusted publisher to publish",
    )


def _matches_job(attempt: Attempt, publisher: TrustedPublisher) -> bool:
    same = publisher.repository == attempt.repository.full_name
    file = publisher.workflow in {"", attempt.workflow.file}
    return same and file and publisher.environment in {None, attempt.job.environment}


def repository_stated(attempt: Attempt) -> RowResult:
    """`repository.url` of the package is the building repository."""
    if not signs(attempt):
        return None
    manifest, full_name = own_manifest(attempt), attempt.repository.full_name
    said = manifest.repository
    found = ADDRESS.fullmatch(said)
    if found is not None and found[1] == full_name:
        if STATED.fullmatch(said):
            return None
        return Unsettled(
            f'whether npm takes "{said}" in {manifest.path} for https://github.com/{full_name}'
        )
    shown = f'is "{said}"' if said else "is missing"
    return Obstacle(
        f"repository.url in {manifest.path} {shown}, and provenance says {full_name} (422)",
        f'Set repository.url to "git+https://github.com/{full_name}.git"',
    )


def runner_signs(attempt: Attempt) -> RowResult:
    """The runner is one of GitHub's, where provenance is made."""
    if not signs(attempt) or attempt.hosted:
        return None
    return Obstacle(
        "npm takes provenance from GitHub's own runners only; the job runs on a self-hosted one"
        " (422)",
        f"Use ubuntu-latest for {attempt.job.name} in {attempt.workflow.file}",
    )


def source_public(attempt: Attempt) -> RowResult:
    """The repository is public, where provenance is asked for."""
    if attempt.public or not signs(attempt):
        return None
    return Obstacle(
        f"npm takes no provenance from a {attempt.repository.visibility} repository (422)",
        "Remove --provenance and publishConfig.provenance",
    )


def switched_off(attempt: Attempt) -> RowResult:
    """`publishConfig.provenance: false` does not switch provenance off."""
    if own_manifest(attempt).provenance != OFF or not signs(attempt):
        return None
    return Note("publishConfig.provenance: false is ignored; --no-provenance works")


def repository_without_proof(attempt: Attempt) -> RowResult:
    """Without provenance npm may still compare `repository.url`."""
    if signs(attempt) or own_manifest(attempt).repository:
        return None
    return Unsettled("whether npm asks for repository.url without provenance: set it")


def statement_possible(attempt: Attempt) -> RowResult:
    """The run can make the provenance statement that is asked for."""
    if not signs(attempt) or attempt.identity:
        return None
    return Obstacle(
        "provenance is asked for, and the job lacks id-token: write (EUSAGE)",
        f'Add "id-token: write" to the permissions of {attempt.job.name}',
    )


def tag_moved(attempt: Attempt) -> RowResult:
    """A dist-tag that the job moves needs a right of its own."""
    if not attempt.command.moves_tag:
        return None
    return Note("npm dist-tag in the job needs the right manageDistTags and npm 11.21")


def not_signed_by_hand(attempt: Attempt) -> RowResult:
    """A release by hand asks for no provenance."""
    if own_manifest(attempt).provenance != ON:
        return None
    return Obstacle(
        "publishConfig.provenance is true, which a release by hand cannot make (EUSAGE)",
        "Remove publishConfig.provenance: a trusted publisher makes provenance by itself",
    )


ROWS = (
    CauseRow("P1", "The publisher may do what the command does", PUBLISHER, action_allowed),
    CauseRow("P2", "No stage-only publisher replaces the token", SECRET, token_not_replaced),
    CauseRow("P3", "repository.url is the building repository", WORKFLOW, repository_stated),
    CauseRow("P4", "Provenance is made on GitHub's own runners", WORKFLOW, runner_signs),
    CauseRow("P5", "Provenance is made from a public repository", WORKFLOW, source_public),
    CauseRow(
        "P6",
        "It is known whether provenance is made",
        WORKFLOW,
        covered=("P3", "P4", "P5"),
    ),
    CauseRow("P7", "Provenance is switched off in a way that works", WORKFLOW, switched_off),
    CauseRow(
        "P8", "repository.url is there without provenance", PUBLISHER, repository_without_proof
    ),
    CauseRow("P9", "The run can make the provenance it asks for", SECRET, statement_possible),
    CauseRow(
        "P10",
        "The certificate names the branch or tag",
        WORKFLOW,
        outside="No release met this fault of 2025 since it was mended.",
    ),
    CauseRow("P11", "The publisher may move dist-tags", PUBLISHER, tag_moved),
)
HAND = CauseRow("H3", "A release by hand asks for no provenance", PERSON, not_signed_by_hand)
