"""N, ST and H: the first release of a name, the approval of a staged one, and releases by hand."""

from __future__ import annotations

from hardenme.derive.acceptance.attempt import Attempt, Note, Obstacle, RowResult, Unsettled
from hardenme.derive.acceptance.row import ABSENT, EVERY, PERSON, WORKFLOW, CauseRow
from hardenme.derive.acceptance.upload import HAND
from hardenme.facts.npm.account import WEAK
from hardenme.model.known import field
from hardenme.model.unknown import NotKnownError, Unknown


def someone_approves(attempt: Attempt) -> RowResult:
    """Someone with 2FA may approve the staged version."""
    if not attempt.command.stages:
        return None
    writers = attempt.collaborators.writers
    own = attempt.account.name
    if own in writers and attempt.factor.mode not in WEAK:
        return Note(f"{own} approves the staged version with 2FA (`npm stage approve`)")
    if tuple(writers) == (own,):
        return Obstacle(
            f"{own} is the only person who may approve, and has no 2FA", "Turn on 2FA on npm"
        )
    return Unsettled("whether someone who may approve has 2FA on npm")


def stages_it(attempt: Attempt) -> bool:
    """The command stages the version."""
    return attempt.command.stages


def live_after_approval(attempt: Attempt) -> RowResult:
    """What follows in the run waits for no live version."""
    if not attempt.command.stages:
        return None
    return Note("later steps of the run see no new version until a person approves it")


def writes(attempt: Attempt) -> RowResult:
    """The account may publish the package."""
    name = attempt.account.name
    if name in attempt.collaborators.writers:
        return None
    return Obstacle(
        f"{name} may not publish {attempt.package} (403)", "Ask an owner for write access"
    )


def has_factor(attempt: Attempt) -> RowResult:
    """The account has 2FA."""
    mode = field(attempt.factor, "mode")
    if isinstance(mode, Unknown):
        raise NotKnownError(mode)
    if mode not in WEAK:
        return None
    return Obstacle(f"{attempt.account.name} has no 2FA on npm (403)", "Turn on 2FA on npm")


ROWS = (
    *(
        CauseRow(number, asks, outside=ABSENT)
        for number, asks in (
            ("N1", "A trusted publisher does not create the package"),
            ("N2", "The first release is by hand or staged"),
            ("N3", "A scoped package is public"),
            ("N4", "The name is not too similar to another one"),
        )
    ),
    CauseRow(
        "N5",
        "Packages of single platforms have publishers too",
        EVERY,
        unseen="the packages that this one needs for single platforms",
    ),
    CauseRow("ST1", "Someone with 2FA may approve", WORKFLOW, someone_approves),
    CauseRow(
        "ST2",
        "The staged version keeps its number and tag",
        WORKFLOW,
        covered=("V3",),
    ),
    CauseRow(
        "ST3",
        "npm's scan has ended",
        WORKFLOW,
        unseen="npm's scan of the staged version",
        matters=stages_it,
    ),
    CauseRow("ST4", "Nothing in the run waits for a live version", WORKFLOW, live_after_approval),
    CauseRow(
        "ST5",
        "A release tool stages where it must",
        WORKFLOW,
        covered=("P1",),
    ),
    CauseRow("H1", "The account may publish the package", PERSON, writes),
    CauseRow("H2", "The account has 2FA", PERSON, has_factor),
    HAND,
    CauseRow(
        "H4",
        "No older token is nearer than the session",
        PERSON,
        unseen="older tokens in the .npmrc files of your folder",
    ),
    CauseRow(
        "H5",
        "The account is not frozen",
        PERSON,
        unseen="whether npm has frozen the account for 72 hours",
    ),
)
