"""Honest histories: releases as a project makes them in years without an incident."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random

from hardenme.sandbox.npm.released import Person, Provenance, Version
from tests.worlds.incidents.story import LATEST, Issued

CI_RUN = Person("GitHub Actions", "npm-oidc-no-reply@github.com")
"""How npm names whoever publishes by a trusted publisher on GitHub."""

Schedule = tuple[tuple[datetime, str], ...]
"""When a project releases, and whether it is a `patch` or a `minor`."""


@dataclass(frozen=True, slots=True)
class Way:
    """How a release comes out: by whom, and with which proof.

    Attributes:
        publisher: the account, or the provider of a trusted publisher.
        trusted: the id of the trusted publisher's configuration; empty for none.
        built_in: the repository that the provenance names; empty where there is no provenance.
    """

    publisher: Person
    trusted: str = ""
    built_in: str = ""

    def release(self, number: str, at: datetime) -> Version:
        """A release that came out so."""
        publisher = {"id": "github", "oidcConfigId": f"oidc:{self.trusted}"}
        address = f"https://github.com/{self.built_in}"
        return Version(
            number,
            at,
            self.publisher,
            trusted_publisher=publisher if self.trusted else None,
            provenance=Provenance(address) if self.built_in else None,
        )


@dataclass(frozen=True, slots=True)
class Make:
    """What a package is like, release after release.

    Attributes:
        way: how it comes out, by the time.
        people: who could publish, and since when.
        size: unpacked bytes of its first release.
        files: files of its first release.
        needs: what it depends on from the start.
        later: what it comes to depend on in its minor releases, one after the other.
        scripts: of the manifest.
        ref: what the repository's tags look like.
        tag: the dist-tag that releases take.
    """

    way: Callable[[datetime], Way]
    people: tuple[tuple[datetime, tuple[Person, ...]], ...]
    size: int = 40_000
    files: int = 12
    needs: Mapping[str, str] = field(default_factory=dict)
    later: tuple[str, ...] = ()
    scripts: Mapping[str, str] = field(default_factory=dict)
    ref: str = "v{version}"
    tag: str = LATEST


def schedule(seed: str, since: datetime, until: datetime, count: int) -> Schedule:
    """So many releases, at irregular times of working days' hours, two in three of them patches."""
    random = Random(seed)  # noqa: S311 (made up, and always the same)
    step = (until - since) / count
    found = []
    for index in range(count):
        day = since + step * (index + random.uniform(0.1, 0.9))
        hour = timedelta(hours=random.randint(8, 18), minutes=random.randint(0, 59))
        kind = "minor" if random.random() < 1 / 3 else "patch"
        found.append((day.replace(hour=0, minute=0, second=0, microsecond=0) + hour, kind))
    return tuple(found)


def history(
    name: str, first: str, when: Schedule, make: Make, *, after: timedelta = timedelta(0)
) -> tuple[Issued, ...]:
    """A package's releases.

    Args:
        name: the package's name; of it the small differences are made.
        first: the first release's number.
        when: the project's releases.
        make: what the package is like.
        after: how long after the project's first package this one comes out each time.
    """
    random = Random(name)  # noqa: S311 (made up, and always the same)
    number, size, files = first, float(make.size), make.files
    needs, later = dict(make.needs), list(make.later)
    found: list[Issued] = []
    for at, kind in when:
        if found:
            number = bumped(number, kind)
            size *= random.uniform(0.99, 1.03)
            files += random.choice((0, 0, 0, 1)) if kind == "patch" else random.choice((0, 1, 2))
            if kind == "minor" and later and random.random() < 1 / 2:
                needs[later.pop(0)] = "^1.0.0"
        out = at + after
        release = make.way(out).release(number, out)
        release = replace(
            release,
            dependencies=dict(needs),
            scripts=dict(make.scripts),
            has_install_script=not {"preinstall", "install", "postinstall"}.isdisjoint(
                make.scripts
            ),
            maintainers=people_at(make.people, out),
            file_count=files,
            unpacked_size=int(size),
            commit=commit(name, number),
        )
        ref = make.ref.format(name=name, version=number)
        found.append(Issued(release, make.tag, ref))
    return tuple(found)


def people_at(
    people: Sequence[tuple[datetime, tuple[Person, ...]]], at: datetime
) -> tuple[Person, ...]:
    """Who could publish at a time."""
    return [who for since, who in people if since <= at][-1]


def bumped(number: str, kind: str = "patch") -> str:
    """The next patch or minor."""
    major, minor, patch = (int(part) for part in number.split("."))
    return f"{major}.{minor + 1}.0" if kind == "minor" else f"{major}.{minor}.{patch + 1}"


def commit(name: str, number: str) -> str:
    """A commit id: made up, and always the same."""
    return hashlib.sha256(f"{name}@{number}".encode()).hexdigest()[:40]
