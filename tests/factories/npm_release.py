"""Releases as packuments tell them, and what each of them is held against."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from hardenme.derive.latest_tag import latest_tag
from hardenme.derive.release_bursts import publishing_times, release_bursts
from hardenme.derive.releases_observed import release_dependencies, releases
from hardenme.engine.catalogue import checks_of
from hardenme.facts.npm.history import PastRelease, ReleaseHistory
from hardenme.facts.npm.manifest import Maintainer
from hardenme.facts.npm.release import DependencyAge
from hardenme.facts.npm.semver import version
from hardenme.model.fact import Every
from hardenme.model.given import Limits, Now
from hardenme.model.subject import Subject
from hardenme.model.unknown import NotKnownError, Unknown
from hardenme.model.verdict import Failed, Verdict
from hardenme_checks.npm import release_content, release_place, release_rhythm, release_trust
from tests.factories.given import NONE_SAFE, TEAM

NAME = "@hazel-grove/catkin"
START = datetime(2024, 1, 8, 9, tzinfo=UTC)
HAZEL = Maintainer("hazel", "hazel@hazel-grove.example")
ROWAN = Maintainer("rowan", "rowan@hazel-grove.example")
CI_RUN = "GitHub Actions"
WAYS: dict[str, dict[str, Any]] = {
    "trusted publisher": {
        "publisher": CI_RUN,
        "publisher_email": "npm-oidc-no-reply@github.com",
        "trusted_publisher": "oidc:7",
        "provenance": True,
    },
    "staged": {
        "publisher": CI_RUN,
        "publisher_email": "npm-oidc-no-reply@github.com",
        "trusted_publisher": "oidc:7",
        "provenance": True,
        "approver": "rowan",
    },
    "provenance": {"provenance": True},
    "by hand": {},
}
"""How a package may be published, by what the packument tells."""
ON_PACKUMENTS = (
    *checks_of(release_trust.__name__),
    *checks_of(release_content.__name__),
    *checks_of(release_rhythm.__name__),
    release_place.dist_tag_forward,
)
"""The checks that need no answer but packuments."""


def past_release(number: str, then: datetime, **overrides: Any) -> PastRelease:
    """A release by hand of the maintainer hazel."""
    given: dict[str, Any] = {
        "version": number,
        "published_at": then,
        "publisher": HAZEL.name,
        "publisher_email": HAZEL.email,
        "trusted_publisher": "",
        "approver": "",
        "provenance": False,
        "scripts": {},
        "dependencies": {},
        "maintainers": (HAZEL, ROWAN),
        "files": 20,
        "size": 60_000,
        "commit": "",
        "repository": "hazel/catkin",
        "deprecated": False,
        "shasum": "0" * 40,
    }
    return PastRelease(**given | overrides)


def history(
    *found: PastRelease,
    name: str = NAME,
    tags: Mapping[str, str] | Unknown | None = None,
    removed: Mapping[str, datetime] | Unknown | None = None,
) -> ReleaseHistory:
    """A package's releases; `latest` points to the highest stable one unless it is told."""
    subject = Subject("npm", "package", name)
    ranked = sorted(found, key=lambda one: (one.published_at, one.version))
    if tags is None:
        stable = [one.version for one in ranked if "-" not in one.version]
        tags = {"latest": max(stable or [ranked[-1].version], key=version)}  # type: ignore[arg-type]  # each is one
    given: dict[str, Any] = {"tags": tags, "removed": {} if removed is None else removed}
    return ReleaseHistory(
        subject=subject, within=subject, label=name, package=name, releases=tuple(ranked), **given
    )


def dependency_age(number: str, dependency: str, created: Any) -> DependencyAge:
    """When a dependency of a release was first published."""
    package = Subject("npm", "package", NAME)
    subject = Subject("npm", "dependency", f"{NAME}@{number}/{dependency}")
    return DependencyAge(
        subject=subject, within=package, version=number, dependency=dependency, created=created
    )


def verdicts(
    now: datetime,
    *histories: ReleaseHistory,
    ages: Iterable[DependencyAge] = (),
    limits: Limits = TEAM,
) -> dict[tuple[str, str], Verdict | Unknown]:
    """What the checks say of the recent releases of these packages, by code and subject."""
    times = Every(tuple(publishing_times(one) for one in histories))
    given: dict[str, Any] = {"now": Now(now), "limits": limits, "safe": NONE_SAFE}
    found: dict[tuple[str, str], Verdict | Unknown] = {}
    for one, own in zip(histories, times.facts, strict=True):
        observed = releases(one, Now(now), limits)
        dependencies = release_dependencies(one, Every(tuple(ages)), Now(now), limits)
        facts: list[Any] = [
            *observed.facts,
            *dependencies.facts,
            *release_bursts(one, observed, own, times, limits).facts,
            latest_tag(one),
        ]
        for fact in facts:
            for check in ON_PACKUMENTS:
                if type(fact) is not check.subject_fact:
                    continue
                rest = {item.name: given[item.name] for item in check.parameters[1:]}
                try:
                    verdict = check(fact, **rest)
                except NotKnownError as error:
                    verdict = error.unknown
                found[check.code, str(fact.subject)] = verdict
    return found


def alerts(now: datetime, *histories: ReleaseHistory, **more: Any) -> dict[str, str]:
    """The failures, by code, with their messages; the last of those with the same code."""
    return {
        code: verdict.message
        for (code, _), verdict in verdicts(now, *histories, **more).items()
        if isinstance(verdict, Failed)
    }


def ordinary(way: str, number: int, seed: int) -> list[PastRelease]:
    """So many releases of an ordinary life: each made in the same way, now and then a new need.

    Cadence, numbers and sizes are drawn; the same seed gives the same life.
    """
    draw = random.Random(seed)  # noqa: S311 (no secret)
    then = START + timedelta(hours=7 * seed)
    line, size, files = [1, 0, 0], 60_000.0, 24.0
    needs: dict[str, str] = {"left-trim": "^1.0.0", "once-more": "^2.1.0"}
    found = []
    for index in range(number):
        kind = draw.choices(["patch", "minor", "major", "next"], [66, 24, 3, 7])[0]
        text = _bump(line, kind, index)
        if kind in {"minor", "patch"} and draw.random() < 0.08:
            needs = {**needs, f"need-{index}": "^1.0.0"}
        if len(needs) > 3 and draw.random() < 0.03:
            needs = dict(list(needs.items())[1:])
        size *= draw.uniform(0.97, 1.06)
        files *= draw.uniform(0.99, 1.03)
        found.append(
            past_release(
                text,
                then,
                **WAYS[way],
                dependencies=needs,
                size=int(size * draw.uniform(0.95, 1.05)),
                files=int(files),
            )
        )
        # Most wait for days, some follow within the hour to mend the one before.
        hours = draw.uniform(0.4, 3) if draw.random() < 0.12 else draw.expovariate(1 / 130) + 2
        then += timedelta(hours=hours)
    return found


def _bump(line: list[int], kind: str, index: int) -> str:
    if kind == "next":
        return f"{line[0]}.{line[1] + 1}.0-next.{index}"
    place = {"major": 0, "minor": 1, "patch": 2}[kind]
    line[place:] = [line[place] + 1, *[0] * (2 - place)]
    return ".".join(map(str, line))


def aged(found: Sequence[PastRelease]) -> list[DependencyAge]:
    """Dependencies that were all there for months before they were needed."""
    return [
        dependency_age(one.version, name, one.published_at - timedelta(days=90))
        for one in found
        for name in one.dependencies
    ]


def monorepo(
    packages: int, batches: int, seed: int, way: str = "trusted publisher"
) -> dict[str, list[PastRelease]]:
    """Packages of one repository that come out together, some of them each time."""
    draw = random.Random(seed)  # noqa: S311 (no secret)
    names = [f"@hazel-grove/part-{index}" for index in range(packages)]
    found: dict[str, list[PastRelease]] = {name: [] for name in names}
    then = START
    for batch in range(batches):
        part = names if batch == 0 else draw.sample(names, draw.randint(packages // 2, packages))
        for index, name in enumerate(part):
            found[name].append(
                past_release(
                    f"1.{len(found[name])}.0",
                    then + timedelta(seconds=7 * index),
                    **WAYS[way] | {"trusted_publisher": f"oidc:{name}"},
                )
            )
        then += timedelta(days=draw.uniform(1.5, 20))
    return found
