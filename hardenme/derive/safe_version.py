"""Which version a dist-tag can be moved to: the one rule for every command that moves one.

Moving a tag gives everyone another version at once, so that version has to be known to be good. It
is at least a week old and not marked as not to be used. No check of releases fails for it, or for a
release that it is connected to (`suspect_releases`).
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from datetime import datetime

from hardenme.facts.npm.history import PastRelease, ReleaseHistory
from hardenme.facts.npm.lineage import SETTLED
from hardenme.facts.npm.semver import Version, version
from hardenme.model.known import field

LATEST = "latest"
FEW = 5
"""Versions that are named where several are passed over for the same reason."""
CONNECTED = "it came with a version that a check of releases marks"
NOT_LATEST = "nothing shows that latest pointed to it"


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
    found = _candidates(history, tag, current, now, doubted)
    return next((one.version for one, why in found if not why), "")


def passed_over(
    history: ReleaseHistory,
    tag: str,
    current: str,
    now: datetime,
    doubted: Mapping[str, Collection[str]],
) -> str:
    """Which versions above the one of `safe_version` are not it, and why; empty for none.

    A prerelease is not named where a stable version is what is looked for.

    Args:
        doubted: the suspect versions, each with what the checks that mark it say.

    Raises:
        NotKnownError: the releases or their tags are not known.
    """
    found: dict[str, list[str]] = {}
    for one, why in _candidates(history, tag, current, now, doubted):
        if not why:
            break
        marks = "; ".join(sorted(doubted.get(one.version, ())))
        found.setdefault(marks or why, []).append(one.version)
    return ", ".join(f"{_versions(names)} ({why})" for why, names in found.items())


def _versions(names: Sequence[str]) -> str:
    """A few versions by name, or how many there are."""
    return " and ".join(names) if len(names) <= FEW else f"{len(names)} versions"


def _candidates(
    history: ReleaseHistory, tag: str, current: str, now: datetime, doubted: Container[str]
) -> Iterator[tuple[PastRelease, str]]:
    """What a tag can be moved to, the highest version first, each with why it is not it."""
    own = next((one for one in history.releases if one.version == current), None)
    rank = version(current)
    if own is None or rank is None:
        return
    ranked, tagged = ordered(history), tagged_apart(history)
    steady = rank.stable or (tag == LATEST and any(other.stable for other, _ in ranked))
    for other, one in reversed(ranked):
        if one is own or (steady and not other.stable) or (tag != LATEST and not other < rank):
            continue
        meant = tag != LATEST or was_latest((other, one), own, tagged)
        yield one, why_not(one, now, doubted) if meant else NOT_LATEST


def why_not(one: PastRelease, now: datetime, doubted: Container[str]) -> str:
    """Why no tag is moved to a version; empty if it is known to be good."""
    if one.version in doubted:
        return CONNECTED
    if is_deprecated(one):
        known = field(one, "deprecated") is True
        return "deprecated" if known else "not known whether it is deprecated"
    return "" if is_settled(one, now) else "younger than 7 days"


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
