"""Which version a dist-tag can be moved to: the one rule for every command that moves one.

Moving a tag gives everyone another version at once, so that version has to be known to be good. It
is at least a week old and not marked as not to be used. No check of releases fails for it, or for a
release that it is connected to (`suspect_releases`).
"""

from __future__ import annotations

from collections.abc import Container
from datetime import datetime

from hardenme.facts.npm.history import PastRelease, ReleaseHistory
from hardenme.facts.npm.lineage import SETTLED
from hardenme.facts.npm.semver import Version, version
from hardenme.model.known import field

LATEST = "latest"


def safe_version(
    history: ReleaseHistory, tag: str, current: str, now: datetime, doubted: Container[str]
) -> str:
    """The version to move a tag to; empty if none is known to be safe.

    For `latest` that is the highest one that was meant for everyone, for another tag the highest
    one below. A tag that points to a stable version, and `latest` wherever there is a stable one,
    is moved to a stable one.

    Args:
        history: the package's releases.
        current: the version that it points to.
        now: what ages are counted to.
        doubted: the suspect versions.

    Raises:
        NotKnownError: the releases or their tags are not known.
    """
    own = next((one for one in history.releases if one.version == current), None)
    rank = version(current)
    if own is None or rank is None:
        return ""
    ranked, tagged = ordered(history), tagged_apart(history)
    steady = rank.stable or (tag == LATEST and any(other.stable for other, _ in ranked))
    for other, one in reversed(ranked):
        if one is own or (steady and not other.stable):
            continue
        fits = was_latest((other, one), own, tagged) if tag == LATEST else other < rank
        if fits and one.version not in doubted and is_settled(one, now):
            return one.version
    return ""


def is_settled(one: PastRelease, now: datetime) -> bool:
    """Whether a version is at least a week old and is not marked as not to be used."""
    return now - one.published_at >= SETTLED and not is_deprecated(one)


def is_deprecated(one: PastRelease) -> bool:
    """Whether a version is marked as not to be used, or that is not known."""
    return field(one, "deprecated") is not False


def ordered(history: ReleaseHistory) -> list[tuple[Version, PastRelease]]:
    """The releases that npm would order, the lowest version first."""
    ranked = ((version(one.version), one) for one in history.releases)
    return sorted(
        ((rank, one) for rank, one in ranked if rank is not None), key=lambda pair: pair[0]
    )


def tagged_apart(history: ReleaseHistory) -> Version | None:
    """The highest version with a tag of its own: it was never meant for everyone yet."""
    others = (version(target) for tag, target in history.tags.items() if tag != LATEST)
    return max((other for other in others if other is not None), default=None)


def was_latest(
    ranked: tuple[Version, PastRelease], current: PastRelease, tagged: Version | None
) -> bool:
    """Whether a version existed before another, or is later and has no tag of its own."""
    rank, one = ranked
    return one.published_at <= current.published_at or tagged is None or rank > tagged
