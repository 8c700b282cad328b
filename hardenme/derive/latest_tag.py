"""What a package's `latest` points to, held against what else there is."""

from __future__ import annotations

from hardenme.facts.npm.history import PastRelease, ReleaseHistory
from hardenme.facts.npm.lineage import Lineage
from hardenme.facts.npm.release import LatestTag
from hardenme.facts.npm.semver import Version
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

LATEST = "latest"


def latest_tag(history: ReleaseHistory) -> LatestTag | Unknown:
    """Where `latest` stands.

    A version that is marked as not to be used is passed over: to move `latest` away from it is what
    one does after a bad release.
    """
    lineage = Lineage(history)
    place = next(
        (
            place
            for place, one in enumerate(lineage.releases)
            if one.version == history.tags.get(LATEST)
        ),
        None,
    )
    if place is None:
        return Unknown(Reason.NOT_VISIBLE, f"the release that {LATEST} points to")
    current, own = lineage.releases[place], lineage.version(place)
    pairs = zip(lineage.versions, lineage.releases, strict=True)
    ranked = sorted(((rank, one) for rank, one in pairs if rank), key=lambda pair: pair[0])
    stable = [(rank, one) for rank, one in ranked if rank.stable]
    # What has a tag of its own was never meant to be the latest yet.
    others = {target for tag, target in history.tags.items() if tag != LATEST}
    tagged = [rank for rank, one in ranked if one.version in others]
    ahead = next(
        (
            one.version
            for rank, one in reversed(stable)
            if rank > own and _was_latest(one, rank, current, tagged) and not one.deprecated
        ),
        "",
    )
    good = next((one.version for _, one in reversed(stable) if not one.deprecated), "")
    subject = Subject("npm", "package", f"{history.subject.name}@{LATEST}")
    return LatestTag(
        subject=subject,
        within=history.subject,
        label=subject.name,
        registry=history.registry,
        package=history.subject.name,
        version=current.version,
        published_at=current.published_at,
        stable=own.stable or not good,
        ahead=ahead,
        good=good,
    )


def _was_latest(
    one: PastRelease, rank: Version, current: PastRelease, tagged: list[Version]
) -> bool:
    """Whether a higher version was there before, or came out later and has no tag of its own."""
    if one.published_at <= current.published_at:
        return True
    return not any(other >= rank for other in tagged)


DERIVATIONS = (latest_tag,)
