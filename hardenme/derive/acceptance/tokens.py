"""K: whether npm takes the token in a secret. npm shows each account its own tokens only."""

from __future__ import annotations

from datetime import datetime

from hardenme.derive.acceptance.attempt import Attempt, Obstacle, RowResult, Unsettled, WayEnd
from hardenme.derive.acceptance.row import SECRET, CauseRow
from hardenme.derive.publishing.tokens import covers
from hardenme.facts.github.environments import ENVIRONMENT
from hardenme.facts.npm.token import BYPASS_PUBLISHING_ENDS, NpmToken
from hardenme.model.unknown import NotKnownError, Reason, Unknown


def secret_there(attempt: Attempt) -> RowResult:
    """The secret is kept where the job reads it."""
    job, name = attempt.job, attempt.secret
    kept = [one for one in attempt.secrets.facts if one.name.upper() == name.upper()]
    if any(one.kept_by != ENVIRONMENT and job.passes_secrets for one in kept):
        return None
    if any(
        one.environment.casefold() == job.environment.casefold() for one in kept if one.environment
    ):
        return None
    if attempt.secrets.missing is not None:
        raise NotKnownError(attempt.secrets.missing)
    if not job.passes_secrets and kept:
        return Obstacle(
            f"the job {job.name} is called without secrets, so {name} is empty (ENEEDAUTH)",
            'Add "secrets: inherit" to the job that calls it',
        )
    if kept:
        return Obstacle(
            f"{name} is a secret of the environment {kept[0].environment}, which {job.name} does"
            " not name",
            f'Add "environment: {kept[0].environment}" to {job.name}',
        )
    return Obstacle(
        f"no secret {name} is visible to {job.name} (E404)", f"Add the secret {name}, or rename it"
    )


def _own(attempt: Attempt) -> list[NpmToken]:
    """The account's tokens, where the secret surely holds one of them.

    Raises:
        NotKnownError: another account's token may be in it.
    """
    tokens = list(attempt.tokens)
    writers = attempt.collaborators.writers
    if tuple(writers) != (attempt.account.name,):
        others = "a person's word for whose token the secret holds: several accounts may publish"
        raise NotKnownError(Unknown(Reason.NOT_VISIBLE, others))
    return tokens


def _writing(attempt: Attempt) -> list[NpmToken]:
    found = []
    for token in _own(attempt):
        covered = covers(token, attempt.package)
        if isinstance(covered, Unknown):
            raise NotKnownError(covered)
        if covered and token.package_write:
            found.append(token)
    return found


def _live(attempt: Attempt) -> list[NpmToken]:
    now = attempt.now.time
    return [one for one in _writing(attempt) if not one.revoked and _ends(one) > now]


def _ends(token: NpmToken) -> datetime:
    return token.expires_at or datetime.max.replace(tzinfo=BYPASS_PUBLISHING_ENDS.tzinfo)


def token_live(attempt: Attempt) -> RowResult:
    """The token was neither revoked nor has it expired."""
    writing = _writing(attempt)
    if not writing:
        return None
    live = _live(attempt)
    if not live:
        return Obstacle(
            "every token that can publish this package has expired or was revoked (404)",
            "Move to trusted publishing, or create a new token and update the secret",
        )
    used = _used_for_newest(attempt, live)
    if used is None:
        return Unsettled("a person's word that the secret holds a token that is still valid")
    if used.expires_at is None:
        return None
    return WayEnd(used.expires_at, "the token in the secret expires")


def _used_for_newest(attempt: Attempt, live: list[NpmToken]) -> NpmToken | None:
    """The one token that was used when the newest release was published by this account."""
    if attempt.newest.trusted_publisher or attempt.newest.publisher != attempt.account.name:
        return None
    at = attempt.newest.published_at
    used = [one for one in live if one.last_used is not None and one.last_used >= at]
    return used[0] if len(used) == 1 and used[0].created_at <= at else None


def token_writes(attempt: Attempt) -> RowResult:
    """A token may write the package."""
    if _writing(attempt):
        return None
    return Obstacle(
        f"no token of {attempt.account.name} may write this package (403)",
        "Move to trusted publishing, or create a token with write access to the package",
    )


def token_bypasses(attempt: Attempt) -> RowResult:
    """The token needs no 2FA."""
    live = [one for one in _live(attempt) if not one.stage_only]
    if not live or attempt.command.stages or any(one.bypass for one in live):
        return None
    return Obstacle(
        "no token that can publish bypasses 2FA, which a workflow cannot answer (EOTP)",
        "Move to trusted publishing, or stage the version",
    )


def tokens_taken(attempt: Attempt) -> RowResult:
    """The package takes tokens."""
    if not attempt.access.disallows_tokens or attempt.command.stages:
        return None
    return Obstacle(
        f"{attempt.package} disallows tokens (EOTP)", "Move the release to trusted publishing"
    )


def stage_only_stages(attempt: Attempt) -> RowResult:
    """A token that may only stage is used to stage."""
    live = _live(attempt)
    if not live or attempt.command.stages or not all(one.stage_only for one in live):
        return None
    return Obstacle(
        "the token may only stage, and the job publishes (E_STAGE_REQUIRED)",
        "Run `npm stage publish` instead",
    )


def address_allowed(attempt: Attempt) -> RowResult:
    """The token's address ranges hold the runner."""
    live = _live(attempt)
    if not live or not all(one.cidr for one in live):
        return None
    if not attempt.hosted:
        return Unsettled("whether the runner's address is in the ranges of the token")
    return Obstacle(
        "the token is bound to address ranges, and GitHub's runners have no fixed address (401)",
        "Move to trusted publishing, or remove the ranges from the token",
    )


def owner_writes(attempt: Attempt) -> RowResult:
    """Who published the newest release may still publish."""
    publisher = attempt.newest.publisher
    if publisher is None or publisher in attempt.collaborators.writers:
        return None
    return Obstacle(
        f"{publisher}, who published the newest release, may no longer publish (403)",
        "Use a token of an account that may publish, or move to trusted publishing",
    )


def direct_until_2027(attempt: Attempt) -> RowResult:
    """Npm takes direct releases by tokens that bypass 2FA."""
    if attempt.command.stages:
        return None
    if attempt.now.time >= BYPASS_PUBLISHING_ENDS:
        return Unsettled("whether npm still takes direct releases by tokens that bypass 2FA")
    return WayEnd(
        BYPASS_PUBLISHING_ENDS, "tokens that bypass 2FA stop publishing about January 2027"
    )


def sets_access(attempt: Attempt) -> bool:
    """The command names the access of the package."""
    return "--access" in attempt.command.flags


ROWS = (
    CauseRow("K1", "The secret is there for the job", SECRET, secret_there),
    CauseRow("K2", "The token is still valid", SECRET, token_live),
    CauseRow("K3", "The token may write the package", SECRET, token_writes),
    CauseRow("K4", "The token bypasses 2FA", SECRET, token_bypasses),
    CauseRow("K5", "The package takes tokens", SECRET, tokens_taken),
    CauseRow("K6", "A stage-only token stages", SECRET, stage_only_stages),
    CauseRow("K7", "The token's address ranges hold the runner", SECRET, address_allowed),
    CauseRow("K8", "The token's owner may publish", SECRET, owner_writes),
    CauseRow(
        "K9",
        "The token changes no setting of the package",
        SECRET,
        unseen="whether --access changes a setting, which such tokens may not",
        matters=sets_access,
    ),
    CauseRow("K10", "npm takes direct releases by tokens", SECRET, direct_until_2027),
)
