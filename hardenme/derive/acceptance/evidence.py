"""What the newest release proves: a way that npm accepted then, and that is the same today."""

from __future__ import annotations

from datetime import timedelta

from hardenme.derive.acceptance.attempt import Attempt
from hardenme.facts.npm.provenance import VERIFIED
from hardenme.model.unknown import NotKnownError, Reason, Unknown

OLDEST_RUN = timedelta(days=30 + 35)
"""A run can be started again for 30 days and lasts at most 35: what a later release shows was
started after that. Source: GitHub's "Actions limits"."""
HEADS, TAGS = "refs/heads/", "refs/tags/"


def verified(attempt: Attempt) -> bool:
    """Whether the newest release is proven to be of the same repository and workflow file.

    Raises:
        NotKnownError: what was published last, or where it was built, is not known.
    """
    proof = attempt.provenance
    if proof.outcome != VERIFIED or proof.version != attempt.newest.version:
        return False
    same_file = proof.workflow.rpartition("/")[2] == attempt.workflow.file
    return proof.repository == attempt.repository.full_name and same_file


def proven(attempt: Attempt) -> bool:
    """Whether the trusted publisher is proven by a release: npm no longer ends it after 48 hours.

    Raises:
        NotKnownError: the newest release, or who published it, is not known.
    """
    if not attempt.newest.trusted_publisher:
        return False
    number = attempt.publisher.publisher_id
    through = _publisher_of_newest(attempt)
    if through == number:
        return True
    others = {one.publisher_id for one in attempt.publishers.facts}
    if through in others:
        return False
    return verified(attempt) and attempt.publisher.repository == attempt.provenance.repository


def _publisher_of_newest(attempt: Attempt) -> str:
    """The id of the publisher that the newest release names; empty if it names none."""
    try:
        version = attempt.newest.version
        releases = attempt.history.releases
        said = next((one for one in releases if one.version == version), None)
        return "" if said is None else said.trusted_publisher.removeprefix("oidc:")
    except NotKnownError:
        return ""


def unchanged(attempt: Attempt) -> bool:
    """Whether the workflow file is what it was at the commit of the newest release.

    Raises:
        NotKnownError: either file is not known.
    """
    return bool(attempt.released_blob) and attempt.released_blob == attempt.blob


def same_way(attempt: Attempt) -> bool:
    """Whether npm accepted the same pair of repository and file, by the same file.

    Raises:
        NotKnownError: a part of it is not known.
    """
    return proven(attempt) and verified(attempt) and unchanged(attempt)


def tag_passed(attempt: Attempt) -> bool:
    """Whether the newest release shows that anyone who releases can create such tags today.

    A tag started it, and no ruleset for tags has changed since the first moment at which that tag
    can have been pushed.

    Raises:
        NotKnownError: a part of it is not known.
    """
    if not verified(attempt) or not attempt.provenance.ref.startswith(TAGS):
        return False
    changes = [one.updated_at for one in attempt.tag_rulesets.told]
    if not changes:
        needed = "when the rulesets for tags were last changed"
        raise NotKnownError(Unknown(Reason.NOT_VISIBLE, needed))
    return bool(attempt.newest.published_at - max(changes) >= OLDEST_RUN)
