"""What a package's `latest` points to, compared with what else there is."""

from __future__ import annotations

from hardenme.derive.safe_version import LATEST, ordered, tagged_apart, was_latest
from hardenme.facts.npm.history import ReleaseHistory
from hardenme.facts.npm.lineage import NO_VERSION
from hardenme.facts.npm.release import LatestTag
from hardenme.facts.npm.semver import version
from hardenme.model.subject import Subject
from hardenme.model.unknown import NotKnownError, Reason, Unknown


def latest_tag(history: ReleaseHistory) -> LatestTag | Unknown:
    """The version that `latest` points to.

    A version that is marked as not to be used is skipped: moving `latest` away from it is what one
    does after a bad release.
    """
    target = history.tags.get(LATEST)
    current = next((one for one in history.releases if one.version == target), None)
    if current is None:
        return Unknown(Reason.NOT_VISIBLE, f"the release that {LATEST} points to")
    own = version(current.version)
    if own is None:
        raise NotKnownError(NO_VERSION)
    stable = [(rank, one) for rank, one in reversed(ordered(history)) if rank.stable]
    tagged = tagged_apart(history)
    ahead = next(
        (
            one.version
            for rank, one in stable
            if rank > own and was_latest((rank, one), current, tagged) and not one.deprecated
        ),
        "",
    )
    subject = Subject("npm", "package", f"{history.subject.name}@{LATEST}")
    return LatestTag(
        subject=subject,
        within=history.subject,
        label=subject.name,
        registry=history.registry,
        package=history.subject.name,
        version=current.version,
        published_at=current.published_at,
        stable=own.stable or all(one.deprecated for _, one in stable),
        ahead=ahead,
    )


DERIVATIONS = (latest_tag,)
