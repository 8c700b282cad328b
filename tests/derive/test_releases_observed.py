"""Releases against their history: ordinary lives raise no alarm, and every shape of attack does."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hardenme.facts.npm.history import PastRelease
from hardenme.facts.npm.manifest import Maintainer
from hardenme.facts.npm.release import DependencyAge
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Failed
from tests.factories.given import MISSING
from tests.factories.npm_release import (
    NAME,
    START,
    WAYS,
    aged,
    alerts,
    dependency_age,
    history,
    monorepo,
    ordinary,
    past_release,
    verdicts,
)

SOON = timedelta(minutes=5)
BY_HAND: dict[str, Any] = {
    "publisher": "hazel",
    "publisher_email": "hazel@hazel-grove.example",
    "trusted_publisher": "",
    "approver": "",
    "provenance": False,
}
STRANGER: dict[str, Any] = {"publisher": "stranger", "publisher_email": "s@post.example"}


@pytest.mark.sampled(4)
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.second_tier("hundreds of releases a case")
def test_two_hundred_ordinary_releases_raise_no_alarm(way: str) -> None:
    found = ordinary(way, 200, seed=len(way))
    ages = aged(found)
    assert sum("-" in one.version for one in found) > 3, "prereleases are among them"
    told: dict[str, str] = {}
    for index in range(len(found)):
        shown = found[: index + 1]
        now = shown[-1].published_at + SOON
        # Each release is judged when it is new; what is older was judged at its own time.
        lately = [one for one in shown if one.published_at > now - timedelta(days=30)]
        seen = [age for age in ages if age.version in {one.version for one in lately}]
        told |= alerts(now, history(*shown), ages=seen)
    assert not told


def test_packages_that_always_come_out_together_raise_no_alarm() -> None:
    found = monorepo(12, 30, seed=5)
    times = sorted({one.published_at for releases in found.values() for one in releases})
    for then in times[12::9]:
        shown = [
            history(*before, name=name)
            for name, releases in found.items()
            if (before := [one for one in releases if one.published_at <= then])
        ]
        assert not alerts(then + SOON, *shown)


def last(way: str, **change: Any) -> tuple[list[PastRelease], PastRelease]:
    """An ordinary life, and one more patch that is different."""
    found = [one for one in ordinary(way, 60, seed=3) if "-" not in one.version]
    newest = found[-1]
    major, minor, patch = newest.version.split(".")
    given = {
        name: object.__getattribute__(newest, name) for name in ("dependencies", "size", "files")
    }
    bad = past_release(
        f"{major}.{minor}.{int(patch) + 1}",
        newest.published_at + timedelta(days=9),
        **WAYS[way] | given | change,
    )
    return found, bad


def raised(way: str, *, ages: tuple[DependencyAge, ...] = (), **change: Any) -> dict[str, str]:
    found, bad = last(way, **change)
    if "dependencies" in change:
        bad = past_release(
            bad.version,
            bad.published_at,
            **WAYS[way]
            | {"size": bad.size, "files": bad.files}
            | change
            | {"dependencies": {**found[-1].dependencies, **change["dependencies"]}},
        )
    return alerts(bad.published_at + SOON, history(*found, bad), ages=ages)


@pytest.mark.parametrize("way", ["trusted publisher", "staged", "provenance"])
def test_by_hand_after_releases_that_were_not(way: str) -> None:
    found = raised(way, **BY_HAND)
    assert "REL101" in found
    assert "seen 5 minutes after the release" in found["REL101"]


@pytest.mark.parametrize("way", ["trusted publisher", "staged"])
def test_who_approves_what_the_same_account_handed_in_vouches_for_nothing(way: str) -> None:
    """Most packages began by hand, so that the account itself is no stranger."""
    found, bad = last(way, **BY_HAND | {"approver": "hazel"})
    began = past_release("0.0.1", START - timedelta(days=5))
    told = alerts(bad.published_at + SOON, history(began, *found, bad))
    assert told.keys() == {"REL101"}
    found, meant = last(way, **BY_HAND | {"approver": "rowan"})
    assert not alerts(meant.published_at + SOON, history(began, *found, meant))


def test_the_second_bad_release_is_not_vouched_for_by_the_first() -> None:
    young = "plain-crypt"
    found, bad = last("trusted publisher", **BY_HAND)
    needs = {**bad.dependencies, young: "^4.2.0"}
    major, minor, patch = map(int, bad.version.split("."))
    mail = Maintainer("hazel", "hazel@post.example")
    several = [
        past_release(
            f"{major}.{minor}.{patch + index}",
            bad.published_at + timedelta(minutes=39 * index),
            **BY_HAND | {"publisher_email": mail.email},
            maintainers=(mail,),
            dependencies=needs,
            scripts={"postinstall": "node setup.js"},
            size=bad.size * 9,
            files=bad.files,
        )
        for index in range(3)
    ]
    created = bad.published_at - timedelta(hours=18)
    ages = [dependency_age(one.version, young, created) for one in several]
    shown = history(*found, *several)
    said = verdicts(several[-1].published_at + SOON, shown, ages=ages)
    for code in ("REL101", "REL103", "REL104", "REL109", "REL111"):
        for one in several:
            about = (code, f"npm:package/{NAME}@{one.version}")
            assert isinstance(said[about], Failed), about


def test_a_new_dependency_that_is_a_day_old() -> None:
    _, bad = last("trusted publisher")
    day = dependency_age(bad.version, "wire-mesh", bad.published_at - timedelta(days=1))
    week = dependency_age(bad.version, "wire-mesh", bad.published_at - timedelta(days=8))
    needs = {"wire-mesh": "^1.0.0"}
    assert "wire-mesh" in raised("trusted publisher", dependencies=needs, ages=(day,))["REL103"]
    assert not raised("trusted publisher", dependencies=needs, ages=(week,))


@pytest.mark.parametrize(
    ("age", "young"),
    [(timedelta(days=7), False), (timedelta(days=7, seconds=-1), True)],
    ids=["seven days", "a second less"],
)
def test_a_new_dependency_counts_as_young_for_seven_days(age: timedelta, *, young: bool) -> None:
    _, bad = last("trusted publisher")
    first = dependency_age(bad.version, "wire-mesh", bad.published_at - age)
    found = raised("trusted publisher", dependencies={"wire-mesh": "^1.0.0"}, ages=(first,))
    assert ("REL103" in found) is young


def test_prereleases_beside_it_do_not_lower_how_a_stable_release_is_trusted() -> None:
    """A line of prereleases by hand, ten to each release by the workflow, and both as ever."""
    trusted = WAYS["trusted publisher"]
    found = [past_release("0.9.0", START - timedelta(days=9))]
    for week in range(4):
        then = START + timedelta(days=40 * week)
        found.append(past_release(f"1.{week}.0", then, **trusted))
        found += [
            past_release(f"1.{week + 1}.0-next.{day}", then + timedelta(days=day + 1))
            for day in range(12)
        ]
    after = found[-1].published_at + timedelta(days=9)
    by_hand, meant = past_release("1.4.0", after), past_release("1.4.0", after, **trusted)
    early = past_release("1.5.0-next.0", after)
    assert "REL101" in alerts(after + SOON, history(*found, by_hand))
    assert not alerts(after + SOON, history(*found, meant))
    assert not alerts(after + SOON, history(*found, early))


def test_a_dependency_from_elsewhere() -> None:
    for address in ("github:stranger/mesh#79ac49e", "https://files.example/mesh.tgz", "a/b"):
        found = raised("staged", dependencies={"mesh": address})
        assert address in found["REL110"]


def test_a_new_install_script() -> None:
    assert raised("by hand", scripts={"postinstall": "node x.js"}).keys() == {"REL104"}
    assert raised("by hand", scripts={"install": ""}).keys() == {"REL104"}


def test_an_address_that_changed_and_a_maintainer_who_was_added() -> None:
    mail = "hazel@post.example"
    assert raised("by hand", publisher_email=mail).keys() == {"REL109"}
    both = (Maintainer("hazel", mail), Maintainer("stranger", "s@post.example"))
    told = raised("staged", maintainers=both)["REL109"]
    assert "stranger became a maintainer and the address of hazel changed" in told


def test_addresses_that_are_left_out_are_no_alarm_and_no_pass() -> None:
    """A registry that tells no address cannot show that none changed."""
    for silent in ({"maintainers": (Maintainer("hazel", ""),)}, {"publisher_email": ""}):
        found, bad = last("by hand", **silent)
        said = verdicts(bad.published_at + SOON, history(*found, bad))
        assert isinstance(said["REL109", f"npm:package/{NAME}@{bad.version}"], Unknown)
    moved = (Maintainer("hazel", ""), Maintainer("rowan", "rowan@post.example"))
    assert "the address of rowan changed" in raised("by hand", maintainers=moved)["REL109"]


def test_a_foreign_publisher() -> None:
    assert "was not a maintainer" in raised("by hand", **STRANGER)["REL102"]
    new = (Maintainer("stranger", "s@post.example"),)
    assert "had not published" in raised("by hand", **STRANGER, maintainers=new)["REL102"]
    assert "had not published" in raised("staged", trusted_publisher="oidc:8")["REL102"]


def test_a_publisher_who_comes_back() -> None:
    found, bad = last("by hand", publisher="rowan", publisher_email="rowan@hazel-grove.example")
    first = past_release(
        "0.9.0",
        START - timedelta(days=500),
        publisher="rowan",
        publisher_email="rowan@hazel-grove.example",
    )
    told = alerts(bad.published_at + SOON, history(first, *found, bad))
    assert "rowan had published nothing of it for" in told["REL102"]


def test_a_package_that_slept() -> None:
    found, bad = last("by hand")
    late = bad.published_at + timedelta(days=400)
    bad = past_release(bad.version, late, size=bad.size, files=bad.files)
    again = past_release("99.0.0", late + timedelta(hours=2), size=bad.size, files=bad.files)
    told = alerts(late + timedelta(hours=3), history(*found, bad, again))
    assert "99.0.0" in told["REL108"], "the next one woke it as well"
    assert "nothing was published for 4" in told["REL108"]


def test_a_burst_of_packages_by_one_account() -> None:
    shown = []
    for index in range(18):
        life = ordinary("by hand", 30, seed=40 + index)
        end = START + timedelta(days=900, minutes=2 * (index % 4), seconds=index)
        bad = past_release("100.0.0", end, size=life[-1].size, files=life[-1].files)
        shown.append(history(*life, bad, name=f"part-{index}"))
    told = alerts(START + timedelta(days=900, minutes=9), *shown)
    assert "one publisher published 18 packages within ten minutes" in told["REL107"]
    assert "REL107" not in alerts(START + timedelta(days=900, minutes=9), *shown[:2])


def test_two_versions_of_each_where_one_is_usual() -> None:
    found = monorepo(20, 12, seed=8)
    end = max(one.published_at for several in found.values() for one in several)
    then = end + timedelta(days=3)
    bad = {
        name: [
            past_release(
                f"1.{len(several)}.{index}",
                then + timedelta(minutes=3 * index),
                **WAYS["trusted publisher"] | {"trusted_publisher": f"oidc:{name}"},
            )
            for index in range(2)
        ]
        for name, several in found.items()
    }
    shown = [history(*several, *bad[name], name=name) for name, several in found.items()]
    assert "REL107" in alerts(then + timedelta(minutes=6), *shown)


def test_five_versions_within_the_hour_counting_what_was_removed() -> None:
    found, bad = last("by hand")
    removed = {
        f"{bad.version}-{index}": bad.published_at - timedelta(minutes=9 * index)
        for index in range(1, 5)
    }
    told = alerts(bad.published_at + SOON, history(*found, bad, removed=removed))
    assert "5 versions published within an hour" in told["REL107"]


def test_a_size_far_outside() -> None:
    assert raised("staged", size=3_000_000).keys() == {"REL111"}
    assert raised("staged", files=900).keys() == {"REL111"}
    assert not raised("staged", files=26), "small things vary"


@pytest.mark.parametrize(
    ("tags", "fails"),
    [
        ({"latest": "2.0.0"}, False),
        ({"latest": "1.9.1"}, True),
        ({"latest": "1.9.0"}, True),
        ({"latest": "1.9.0", "next": "2.0.0"}, False),
        ({"latest": "1.9.1", "next": "2.0.0"}, True),
        ({"latest": "2.1.0-rc.1"}, True),
    ],
)
def test_where_latest_points(tags: dict[str, str], *, fails: bool) -> None:
    numbers = ("1.9.0", "2.0.0", "1.9.1", "2.1.0-rc.1")
    found = [
        past_release(number, START + timedelta(days=40 * index))
        for index, number in enumerate(numbers)
    ]
    told = alerts(START + timedelta(days=200), history(*found, tags=tags))
    assert ("REL106" in told) is fails


def test_a_version_that_is_deprecated_is_left_behind_rightly() -> None:
    found = [
        past_release("1.9.0", START),
        past_release("1.9.1", START + timedelta(days=9), deprecated=True),
    ]
    assert not alerts(START + timedelta(days=10), history(*found, tags={"latest": "1.9.0"}))


def test_a_package_of_prereleases_alone_has_no_better_latest() -> None:
    found = [
        past_release(f"0.0.0-dev.{index}", START + timedelta(days=index)) for index in range(4)
    ]
    shown = history(*found, tags={"latest": "0.0.0-dev.3"})
    assert not alerts(START + timedelta(days=5), shown)


def test_what_is_not_known_is_no_alarm_and_no_pass() -> None:
    found, bad = last("by hand")
    lacking = past_release(
        bad.version,
        bad.published_at,
        **dict.fromkeys(
            (
                "publisher",
                "publisher_email",
                "trusted_publisher",
                "approver",
                "provenance",
                "scripts",
                "dependencies",
                "maintainers",
                "files",
                "size",
            ),
            MISSING,
        ),
    )
    said = verdicts(bad.published_at + SOON, history(*found, lacking, removed=MISSING))
    subject = f"npm:package/{NAME}@{bad.version}"
    told = {code: verdict for (code, about), verdict in said.items() if about == subject}
    assert len(told) == 9
    assert set(told.values()) == {MISSING}
