"""Who released, held against who released before, and who could."""

from __future__ import annotations

from collections.abc import Iterable

from hardenme.facts.npm.history import PastRelease
from hardenme.facts.npm.lineage import Lineage
from hardenme.model.unknown import NotKnownError, Reason, Unknown

NO_ADDRESS = Unknown(Reason.NOT_VISIBLE, "a registry that tells the address of each maintainer")


def maintains(release: PastRelease) -> bool:
    """Whether a trusted publisher released it, or somebody who was a maintainer then."""
    if release.trusted_publisher:
        return True
    return release.publisher in {person.name for person in release.maintainers}


def published_before(lineage: Lineage, place: int) -> bool:
    """Whether the same account or trusted publisher had released before.

    That counts from a week on, so that the first bad release does not vouch for the second; who
    released the first version of all is known from the start.

    Raises:
        NotKnownError: nobody known is the same, and not everybody is known.
    """
    own = _who(lineage.releases[place])
    return _is_among(own, (*reversed(lineage.settled(place)), *lineage.before(place)[:1]))


def away_days(lineage: Lineage, place: int) -> int:
    """How long the same account had released nothing while others did; 0 where it was not away."""
    own = _who(lineage.releases[place])
    last = next((one for one in reversed(lineage.settled(place)) if _who(one) == own), None)
    if last is None or not any(_who(one) != own for one in lineage.between(last, place)):
        return 0
    return (lineage.times[place] - last.published_at).days


def added(release: PastRelease, base: PastRelease | None) -> tuple[str, ...]:
    """Who was no maintainer before."""
    if base is None:
        return ()
    there = {person.name for person in base.maintainers}
    return tuple(sorted({person.name for person in release.maintainers} - there))


def moved(lineage: Lineage, place: int) -> tuple[str, ...]:
    """Whose address is another than before: a maintainer's, or the one that it was released with.

    The latter is held against the account's own earlier releases: npm may show another address
    there than among the maintainers.

    Raises:
        NotKnownError: nobody's is known to be another, and somebody's is left out.
    """
    release, base = lineage.releases[place], lineage.stood(place)
    if base is None:
        return ()
    there = {person.name: person.email for person in base.maintainers}
    pairs = [
        (one.name, there[one.name], one.email) for one in release.maintainers if one.name in there
    ]
    if not release.trusted_publisher:
        name, email = release.publisher, release.publisher_email
        settled = lineage.settled(place) or lineage.before(place)[:1]
        own = next((one for one in reversed(settled) if _who(one) == _who(release)), None)
        if own is not None:
            pairs.append((name, own.publisher_email, email))
    found = {name for name, old, new in pairs if old and new and old != new}
    if not found and not all(old and new for _, old, new in pairs):
        raise NotKnownError(NO_ADDRESS)
    return tuple(sorted(found))


def _who(release: PastRelease) -> tuple[bool, str]:
    """The trusted publisher, else the account."""
    if release.trusted_publisher:
        return True, release.trusted_publisher
    return False, release.publisher


def _is_among(own: tuple[bool, str], others: Iterable[PastRelease]) -> bool:
    why: Unknown | None = None
    for one in others:
        try:
            if _who(one) == own:
                return True
        except NotKnownError as error:
            why = why or error.unknown
    if why is not None:
        raise NotKnownError(why)
    return False
