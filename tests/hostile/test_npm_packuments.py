"""Packuments that are cut, odd, from the future, or about repositories that cannot be."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from time import process_time
from typing import Any

import pytest

from hardenme.collectors.transport.cache import Cache
from hardenme.model.report import Report
from hardenme.model.verdict import Failed
from hardenme.sandbox.http import Fault, Reply, Request
from hardenme.sandbox.npm.world import Person, World
from tests.hostile.publishing import FAMILIES, PACKAGE, PATH, TARGET, publisher, whole
from tests.hostile.sweeping import failed, nothing_worse, results, told, unknown
from tests.running import NOW, PATIENT, Stage

pytestmark = [
    pytest.mark.second_tier("whole runs over hostile answers", one_of=10),
    pytest.mark.sampled(3),
]

ABOUT = f"npm:package/{PACKAGE}"
NEWEST = f"{ABOUT}@2.0.0"
RELEASES = {f"REL1{number:02}" for number in range(1, 12)}
OF_ONE = RELEASES - {"REL106"}
"""Those about a release; REL106 is about a tag."""


@pytest.fixture(scope="module")
def running() -> Iterator[Stage]:
    with publisher() as found:
        yield found


def changed(
    running: Stage,
    change: Callable[[Any], object],
    select: tuple[str, ...] = FAMILIES,
    **how: Any,
) -> Report:
    """The report of a run in which the packument was changed."""

    def edit(_request: Request, reply: Reply) -> Reply:
        data = copy.deepcopy(reply.data)
        change(data)
        return Reply(reply.status, data, reply.headers)

    running.npm.faults[:] = [Fault(f"/{PATH}", edit=edit)]
    try:
        return running.audit(TARGET, select_=select, **how)
    finally:
        running.npm.faults.clear()


def at(version: str, value: Any) -> Callable[[Any], object]:
    return lambda data: data["time"].__setitem__(version, value)


def key(name: str, value: Any) -> Callable[[Any], object]:
    return lambda data: data.__setitem__(name, value)


def newest(**values: Any) -> Callable[[Any], object]:
    return lambda data: data["versions"]["2.0.0"].update(values)


def approved(by: Any) -> Callable[[Any], object]:
    return lambda data: data["versions"]["2.0.0"]["_npmUser"].update(approver=by)


def tag(value: Any) -> Callable[[Any], object]:
    return lambda data: data["dist-tags"].__setitem__("latest", value)


FUTURE = f"{NOW + timedelta(days=900):%Y-%m-%d}T00:00:00.000Z"
LOST: dict[str, tuple[Callable[[Any], object], set[str]]] = {
    "a version without a time": (lambda data: data["time"].pop("1.5.0"), OF_ONE),
    "the newest without a time": (lambda data: data["time"].pop("2.0.0"), {*OF_ONE, "NPP101"}),
    "no times": (lambda data: data.pop("time"), {*OF_ONE, "NPP101"}),
    "times in a list": (key("time", []), {*OF_ONE, "NPP101"}),
    "a time in the future": (at("2.0.0", FUTURE), {*OF_ONE, "NPP101"}),
    "an old one in the future": (at("1.6.0", FUTURE), OF_ONE),
    "no time at all": (at("2.0.0", "yesterday"), {*OF_ONE, "NPP101"}),
    "a time beyond the calendar": (at("2.0.0", "0001-01-01T00:00:00+14:00"), {*OF_ONE, "NPP101"}),
    "a number for a time": (at("1.9.0", 1_764_000_000), OF_ONE),
    "a tag that points nowhere": (tag("7.7.7"), {"NPP101", "NPP107", "NPP108", "NPP113", "REL106"}),
    "a tag that is a word": (tag("__proto__"), {"NPP101", "NPP107", "NPP108", "NPP113", "REL106"}),
    "a tag that is none": (tag(7), {"NPP101", "NPP107", "NPP108", "NPP113", "REL106"}),
    "no tags": (lambda data: data.pop("dist-tags"), {"NPP101", "NPP107", "NPP113", "REL106"}),
    "no versions": (key("versions", {}), {*OF_ONE, "NPP101", "NPP107"}),
    "versions in a list": (key("versions", []), {*OF_ONE, "NPP101", "NPP107"}),
    "a version that is nothing": (lambda data: data["versions"].update({"1.9.0": None}), OF_ONE),
    "dependencies in a list": (newest(dependencies=["left-pad"]), {"REL103", "REL110"}),
    "a dependency without a text": (newest(dependencies={"left-pad": 1}), {"REL103", "REL110"}),
    "scripts in a text": (newest(scripts="node x.js"), {"NPP114", "REL104"}),
    "a publisher in a text": (newest(_npmUser="hazel"), {"NPP108", "REL101", "REL102"}),
    "an approver in a text": (approved("me"), {"NPP108", "REL101"}),
    "an approver without a name": (approved({}), {"NPP108", "REL101"}),
    "no size": (newest(dist={}), {"NPP107", "NPP113", "REL111"}),
    "maintainers in a text": (key("maintainers", "hazel"), {"NPP110", "PUB103"}),
    "maintainers as texts": (key("maintainers", ["hazel <h@acme.example>"]), {"NPP110", "PUB103"}),
    "no maintainers": (key("maintainers", []), {"NPP110", "PUB103"}),
    "nobody's address": (key("maintainers", [{"email": "h@acme.example"}]), {"NPP110", "PUB103"}),
    "another package": (key("name", "@hazel-grove/compass"), {"NPP113", "PUB101", *RELEASES}),
    "a number for a name": (key("name", 7), {"PUB101", *RELEASES}),
}
"""What is wrong, and what nothing is known of then."""


@pytest.mark.sampled(5)
@pytest.mark.parametrize("how", LOST)
def test_what_is_not_understood_is_not_known(running: Stage, how: str) -> None:
    change, codes = LOST[how]
    report = changed(running, change)
    lost = nothing_worse(whole(TARGET), report)
    assert codes <= lost | unknown(report)
    good = {one.code for one in report.findings if one.result in {"passed", "attested"}}
    assert not codes & good


KEPT = {
    "name",
    "version",
    "dist",
    "deprecated",
    "dependencies",
    "optionalDependencies",
    "hasInstallScript",
    "bin",
    "engines",
}
"""What npm leaves of a release in the short form, which installers ask for."""


def abbreviated(data: Any) -> None:
    for name, version in data["versions"].items():
        data["versions"][name] = {item: version[item] for item in version.keys() & KEPT}
    for name in data.keys() - {"name", "dist-tags", "versions"}:
        del data[name]
    data["modified"] = "2026-11-04T12:00:00.000Z"


def test_an_abbreviated_packument_passes_nothing_that_it_does_not_hold(running: Stage) -> None:
    report = changed(running, abbreviated)
    lost = nothing_worse(whole(TARGET), report) | unknown(report)
    assert lost >= {"NPP101", "NPP108", "NPP110", "NPP114", "NPP115", *RELEASES}
    rest = results(report, ABOUT)
    # What is left rests on other answers: collaborators, trusted publishers, a version's state, a
    # person's word; and on signatures, which any packument holds.
    assert {code for code, said in rest.items() if said in {"passed", "attested"}} <= {
        "NPP106",
        "NPP109",
        "NPP111",
        "NPP113",
        "NPP116",
        "NPP117",
        "PUB101",
    }


HOSTILE = ("__proto__", "constructor", "../..", "a%2f..", "x" * 300, "a\nb", "\x1b]0;x\x07", "@a/b")


def test_hostile_names_of_dependencies_are_no_packages(running: Stage) -> None:
    needed = dict.fromkeys(HOSTILE, "^1.0.0") | {"alias": "npm:../../x@1", "other": "npm:@c/..@1"}
    before = len(running.npm.requests)

    def patch(data: Any) -> None:
        """A patch: only such a release's new dependencies are asked about."""
        data["versions"]["2.0.1"] = {
            **data["versions"]["2.0.0"],
            "version": "2.0.1",
            "_id": f"{PACKAGE}@2.0.1",
            "dependencies": needed,
        }
        data["time"]["2.0.1"] = f"{NOW - timedelta(hours=1):%Y-%m-%dT%H:%M:%S}.000Z"
        data["dist-tags"]["latest"] = "2.0.1"

    report = changed(running, patch)
    asked = {request.path for request in running.npm.requests[before:]}
    assert {"/__proto__", "/constructor", "/@a%2Fb"} <= asked
    assert not [path for path in asked if ".." in path or "%0" in path or "x" * 300 in path]
    assert results(report, f"{ABOUT}@2.0.1")["REL103"] == "unknown"
    assert not [one for one in report.findings if one.result == "errored"]


NOWHERE = (
    "javascript:alert(1)",
    "file:///etc/passwd",
    "git+https://github.com/hazel/lantern.git\nX-Evil: y",
    "https://github.com/hazel/..",
    "https://github.com/../../x",
    "https://github.com/-x/y",
    "https://github.com/hazel/lantern/../../evil/x",
    "https://github.com/hazel/lantern/tree/../../evil/x",
    f"https://github.com/{'x' * 300}/y",
    f"https://github.com/hazel/{'y' * 300}",
    "//github.com/hazel/lantern",
    "https://github.com/haze\u043b/lantern",
)
ELSEWHERE = (
    "https://github.com.evil.example/hazel/lantern",
    "https://evil.example/github.com/hazel/lantern",
    "https://github.com@evil.example/hazel/lantern",
    "git@git.acme.example:hazel/lantern.git",
)
THERE = (
    "https://user:pw@github.com/hazel/lantern",
    "git@github.com:hazel/lantern.git",
    "github:hazel/lantern",
    "HAZEL/Lantern",
    "https://github.com/hazel/lantern/tree/main/packages/x?a=b#readme",
)


@pytest.mark.sampled(5)
@pytest.mark.parametrize("address", [*NOWHERE, *ELSEWHERE, *THERE])
def test_a_repository_is_asked_about_where_the_address_means_one(
    running: Stage, address: str
) -> None:
    def names(data: Any) -> None:
        for item in (data, *data["versions"].values()):
            item["repository"] = {"type": "git", "url": address}

    before = len(running.github.requests)
    report = changed(running, names)
    asked = {
        tuple(request.path.lower().split("/")[2:4])
        for request in running.github.requests[before:]
        if request.path.startswith("/repos/")
    }
    # The trusted publisher names it too, so that it is asked about in any case; no other one is.
    assert asked == {("hazel", "lantern")}
    said = {code: results(report, ABOUT)[code] for code in ("NPP115", "PUB103")}
    if address in THERE:
        assert nothing_worse(whole(TARGET), report) == set()
    elif address in ELSEWHERE:
        assert set(said.values()) == {"not_applicable"}
    else:
        assert set(said.values()) == {"failed"}
    if address not in THERE:
        assert {"NPP104", "NPP107"} <= failed(report)
        assert results(report, NEWEST)["REL105"] != "passed"


def test_five_thousand_releases(running: Stage) -> None:
    def many(data: Any) -> None:
        """Releases of years ago beside those that there are."""
        first = data["versions"]["1.5.0"]
        for number in range(5000):
            version, then = f"0.{number}.0", NOW - timedelta(days=2000, hours=-6 * number)
            data["time"][version] = f"{then:%Y-%m-%dT%H:%M:%S}.000Z"
            data["versions"][version] = {
                **first,
                "version": version,
                "_id": f"{PACKAGE}@{version}",
            }

    report = changed(running, many, bounds=PATIENT)
    assert nothing_worse(whole(TARGET), report) == set()


def test_many_releases_within_an_hour(running: Stage) -> None:
    """Each is held against all others, and that takes no longer for each the more there are."""

    def burst(data: Any) -> None:
        last = data["versions"]["2.0.0"]
        for number in range(1500):
            version, then = f"2.0.{number + 1}", NOW - timedelta(hours=1, seconds=-number)
            data["time"][version] = f"{then:%Y-%m-%dT%H:%M:%S}.000Z"
            data["versions"][version] = {**last, "version": version, "_id": f"{PACKAGE}@{version}"}

    begun = process_time()
    codes = ("REL101", "REL102", "REL107", "REL108")
    report = changed(running, burst, codes, bounds=PATIENT)
    spent = process_time() - begun
    bursts = [one for one in report.findings if one.code == "REL107" and one.result == "failed"]
    assert len(bursts) == 1500
    assert spent < 15


def test_a_packument_of_yesterday_is_asked_for_again(tmp_path: Path) -> None:
    """What changed since the last run is seen, whatever the cache holds."""
    with publisher() as running:
        world: World = running.npm.world  # type: ignore[attr-defined]  # the sandbox has it
        first = running.audit(TARGET, select_=("REL",), cache=Cache(tmp_path))
        package = world.packages[0]
        taken = copy.copy(package.versions[-1])
        taken.version, taken.published_at = "2.0.1", NOW - timedelta(minutes=9)
        taken.publisher, taken.trusted_publisher = Person("mallory", "m@acme.example"), None
        taken.approver = taken.provenance = None
        package.versions.append(taken)
        second = running.audit(TARGET, select_=("REL",), cache=Cache(tmp_path))
    assert failed(first) == set()
    assert {"REL101", "REL102"} <= failed(second)
    assert ("REL101", f"{ABOUT}@2.0.1") in told(second)


@pytest.mark.parametrize("turned", [False, True])
def test_the_worst_of_two_faulty_signatures_is_told(running: Stage, *, turned: bool) -> None:
    def sign(data: Any) -> None:
        dist = data["versions"]["2.0.0"]["dist"]
        (own,) = dist["signatures"]
        both = [own | {"keyid": "SHA256:stranger"}, own | {"sig": "AAAA"}]
        dist["signatures"] = both[::-1] if turned else both

    report = changed(running, sign, ("NPP113",))
    (told_,) = (one.outcome for one in report.findings if one.code == "NPP113")
    assert isinstance(told_, Failed)
    assert told_.message == "the registry's signature of the newest release is not valid"
