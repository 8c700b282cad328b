"""Who released, compared with who released before, and who could."""

from __future__ import annotations

from bisect import bisect_right

from hardenme.facts.npm.history import PastRelease
from hardenme.facts.npm.lineage import Lineage
from hardenme.model.unknown import NotKnownError, Reason, Unknown

NO_ADDRESS = Unknown(Reason.NOT_VISIBLE, "a registry that shows the address of each maintainer")


def maintains(release: PastRelease) -> bool:
    """Whether a trusted publisher released it, or someone who was a maintainer then."""
    if release.trusted_publisher:
        return True
    return release.publisher in {person.name for person in release.maintainers}


def published_before(lineage: Lineage, place: int) -> bool:
    """Whether the same account or trusted publisher had released before.

    That counts after a week, so that the first bad release does not vouch for the second. The
    publisher of the very first version is known from the start.

    Raises:
        NotKnownError: no one known is the same, and not everyone is known.
    """
    end = lineage.settled(place)
    places, own = lineage.places(who), who(lineage.releases[place])
    if places.last(own, end) or places.alike(own, 0, min(place, 1)):
        return True
    for one in (*places.unclear(0, end)[-1:], *places.unclear(0, min(place, 1))):
        raise NotKnownError(places.unknown[one])
    return False


def away_days(lineage: Lineage, place: int) -> int:
    """How long the same account had released nothing while others did; 0 if it was not away.

    Raises:
        NotKnownError: no one else is known to have released, and not everyone is known.
    """
    last = _last(lineage, place, lineage.settled(place))
    if last is None:
        return 0
    places, own = lineage.places(who), who(lineage.releases[place])
    start = bisect_right(lineage.times, lineage.times[last], hi=place)
    unclear = places.unclear(start, place)
    if place - start > len(places.alike(own, start, place)) + len(unclear):
        return (lineage.times[place] - lineage.times[last]).days
    if unclear:
        raise NotKnownError(places.unknown[unclear[0]])
    return 0


def added(release: PastRelease, base: PastRelease | None) -> tuple[str, ...]:
    """Who was not a maintainer before."""
    if base is None:
        return ()
    there = {person.name for person in base.maintainers}
    return tuple(sorted({person.name for person in release.maintainers} - there))


def moved(lineage: Lineage, place: int) -> tuple[str, ...]:
    """Whose address is another than before: a maintainer's, or the one that it was released with.

    The latter is compared with the account's own earlier releases: npm may show another address
    there than among the maintainers.

    Raises:
        NotKnownError: no one's is known to be another, and someone's is left out.
    """
    release, base = lineage.releases[place], lineage.settled_before(place)
    if base is None:
        return ()
    there = {person.name: person.email for person in base.maintainers}
    pairs = [
        (one.name, there[one.name], one.email) for one in release.maintainers if one.name in there
    ]
    if not release.trusted_publisher:
        name, email = release.publisher, release.publisher_email
        own = _last(lineage, place, lineage.settled(place) or min(place, 1))
        if own is not None:
            pairs.append((name, lineage.releases[own].publisher_email, email))
    found = {name for name, old, new in pairs if old and new and old != new}
    if not found and not all(old and new for _, old, new in pairs):
        raise NotKnownError(NO_ADDRESS)
    return tuple(sorted(found))


def who(release: PastRelease) -> tuple[bool, str]:
    """The trusted publisher, else the account."""
    if release.trusted_publisher:
        return True, release.trusted_publisher
    return False, release.publisher


def _last(lineage: Lineage, place: int, end: int) -> int | None:
    """The last release below a place that the same account or trusted publisher made.

    Raises:
        NotKnownError: of one after it that is not known.
    """
    places = lineage.places(who)
    found = places.last(who(lineage.releases[place]), end)
    last = found[0] if found else None
    unclear = places.unclear(0 if last is None else last, end)
    if unclear:
        raise NotKnownError(places.unknown[unclear[-1]])
    return last
