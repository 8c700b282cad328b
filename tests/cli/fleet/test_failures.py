"""What may go wrong while shards are read, with real processes: nothing of it ever passes.

Each test is a case of a credential, a clock, a limit or a name that changes between two commands or
in the middle of one. What a broken folder of results does is in `tests/fleet/test_merging.py`.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from hardenme.ground import clock
from hardenme.sandbox.github.world import Repository, World
from hardenme.sandbox.http import Reply, Request
from tests.cli.fleet.conftest import BOTH, CHECKS, Fleet, findings
from tests.worlds.organizations import base

pytestmark = pytest.mark.sampled(12)

TOKENS = "/app/installations/[0-9]+/access_tokens"


def receipts(fleet: Fleet) -> dict[str, dict[str, Any]]:
    """The receipts by login: the last of each organization."""
    found = [
        json.loads(path.read_text())["receipt"]
        for path in sorted(fleet.accounts.command.folder.rglob("*.receipt.json"))
    ]
    return {one["login"]: one for one in found}


def merged(fleet: Fleet) -> dict[str, Any]:
    report: dict[str, Any] = json.loads(fleet.merge("-f", "json").out)
    return report


def outcomes(report: dict[str, Any], login: str) -> set[str]:
    return {one["outcome"] for one in report["findings"] if login in one["within"]}


@dataclass(slots=True)
class Stalled:
    """The first answer of a path, which does not come until it is let go."""

    begun: threading.Event
    go: threading.Event

    @classmethod
    def at(cls, fleet: Fleet, path: str) -> Stalled:
        stalled = cls(threading.Event(), threading.Event())

        def edit(_request: Request, reply: Reply) -> Reply:
            stalled.begun.set()
            assert stalled.go.wait(120)
            return reply

        fleet.server.fault(path, edit=edit, times=1)
        return stalled


def test_two_runs_at_once_do_not_read_one_lane(fleet: Fleet) -> None:
    """Row 4: the second says so and skips it, or waits."""
    fleet.plan(*BOTH)
    stalled = Stalled.at(fleet, f"/orgs/{base.WEAK}")
    start = fleet.accounts.command.start
    with start(*fleet.running, "--index", "0") as first:
        assert stalled.begun.wait(120)
        begins = f"/orgs/{base.WEAK}/installation"
        asked = [one.path for one in fleet.server.requests].count(begins)
        second = fleet.run("--index", "0")
        assert second.code == 3
        assert re.search(rf"skipped {base.WEAK}: process {first.pid} on .* rate limit", second.err)
        # The first one goes on with what does not wait, so not all requests are counted.
        assert [one.path for one in fleet.server.requests].count(begins) == asked
        with start(*fleet.running, "--index", "0", "--wait", "10m") as waiting:
            assert fleet.run("--index", "1").code == 0, "another lane is free"
            stalled.go.set()
            assert first.wait() == 0
            assert waiting.wait() == 0
    assert not merged(fleet)["partial"]
    assert receipts(fleet)[base.WEAK]["attempt"] == 1, "it was read once"


def test_a_credential_that_is_rejected_ends_its_lane_alone(fleet: Fleet) -> None:
    """Row 9: it is not tried on the next organization, and other lanes go on."""
    shared = {"HARDENME_GITHUB_TOKEN": base.WEAK_CLASSIC}
    urls = (*fleet.accounts.urls, "--no-cache")
    told = fleet("plan", *BOTH, *CHECKS, *urls, "-o", "plan.json", **shared)
    assert "in 1 shard planned" in told.err, told.err
    server = fleet.server
    server.fault(".*", edit=lambda *_: Reply(401, {"message": "Bad credentials"}))
    begun = len(server.requests)
    where = ("--plan", "plan.json", "--out", "out", *urls)
    ran = fleet("run", *where, "--index", "0", **shared)
    assert ran.code == 4
    assert "cedar-labs was not read: GitHub rejected the credential for bramble-labs" in ran.err
    assert not [one for one in server.requests[begun:] if base.STRICT in one.path]
    assert fleet("run", *where, **shared).code == 4, "it is not tried again and again"
    lost = merged(fleet)
    assert {one["outcome"] for one in lost["findings"]} == {"unknown"}
    server.faults.clear()
    own = {"HARDENME_GITHUB_TOKEN__CEDAR_LABS": base.STRICT_FINE_GRAINED, **shared}
    told = fleet("plan", *BOTH, *CHECKS, *urls, "-o", "plan.json", **own)
    assert "in 2 shards" in told.err
    broken = {**own, "HARDENME_GITHUB_TOKEN": f"ghp_{'0' * 36}"}
    ran = fleet("run", *where, **broken)
    assert ran.code in {3, 4}
    report = merged(fleet)
    assert outcomes(report, base.WEAK) == {"unknown"}
    assert "unknown" not in outcomes(report, base.STRICT), "its lane went on"
    assert fleet("run", *where, **own).code == 0, "with a token that counts it continues"
    assert not merged(fleet)["partial"]


@pytest.mark.parametrize("status", [401, 403])
def test_the_first_refusals_of_a_new_token_are_waited_out(fleet: Fleet, status: int) -> None:
    """Row 11."""
    fleet.plan("github:bramble-labs")
    refused = Reply(status, {"message": "no"})
    fault = fleet.server.fault("/installation/repositories", edit=lambda *_: refused, times=1)
    ran = fleet.run("--index", "0")
    assert ran.code == 0, ran.err
    assert fault.seen == 2, "once refused, and once not"
    assert not merged(fleet)["partial"]


def undisturbed(fleet: Fleet) -> dict[tuple[str, str], str]:
    """What one run of both finds."""
    return findings(fleet.accounts.bare(*BOTH, *CHECKS, *fleet.asking, "-f", "json"))


def test_a_token_that_ends_early_is_made_anew_and_not_the_shard(fleet: Fleet) -> None:
    """Row 12: only the requests that met the end are sent again: several are sent at once."""
    fleet.plan(*BOTH)
    server = fleet.server
    begun = len(server.requests)
    fleet.run("--index", "0")
    whole = Counter(one.path for one in server.requests[begun:] if one.method == "GET")
    out = fleet.accounts.command.folder / "out"
    out.rename(out.with_name("before"))
    begun, refused = len(server.requests), Counter[str]()

    def end(request: Request, reply: Reply) -> Reply:
        if not refused and request.path == f"/orgs/{base.WEAK}":
            token = server.world.token(request.headers["authorization"].partition(" ")[2])
            assert token is not None
            token.revoked = True
            reply = Reply(401, {"message": "Bad credentials"})
        if reply.status == 401 and request.method == "GET":
            refused[request.path] += 1
        return reply

    server.fault(".*", edit=end)
    assert fleet.run().code == 0
    again = Counter(one.path for one in server.requests[begun:] if one.method == "GET")
    made = [one.path for one in server.requests[begun:] if re.fullmatch(TOKENS, one.path)]
    assert refused
    assert len(made) == 3, "one for each installation, and one anew"
    own = {path: again[path] - whole[path] for path in whole if base.WEAK in path}
    assert {path: count for path, count in own.items() if count} == refused
    assert findings(fleet.merge("-f", "json")) == undisturbed(fleet)


def test_a_token_of_seconds_is_made_anew_before_it_ends(fleet: Fleet) -> None:
    """Row 12: at half of its time, where that is shorter than five minutes."""
    fleet.plan(*BOTH)
    server = fleet.server

    def short(_request: Request, reply: Reply) -> Reply:
        ends = server.world.now + timedelta(seconds=1)
        reply.data["expires_at"] = f"{ends:%Y-%m-%dT%H:%M:%SZ}"
        return reply

    server.fault(TOKENS, edit=short)
    server.fault("/(user|orgs/[^/]*)", stall=1.0)
    begun = len(server.requests)
    assert fleet.run().code == 0
    made = [one.path for one in server.requests[begun:] if re.fullmatch(TOKENS, one.path)]
    assert len(made) > 2
    server.faults.clear()
    assert findings(fleet.merge("-f", "json")) == undisturbed(fleet)


@pytest.mark.parametrize("hours", [-10, 10])
def test_clocks_that_differ_change_no_verdict(fleet: Fleet, hours: int) -> None:
    """Row 13: what was read is as old as GitHub's clock says."""
    fleet.plan(*BOTH)
    expected = undisturbed(fleet)
    world = fleet.server.world
    world.now += timedelta(hours=hours)
    assert fleet.run().code == 0
    assert findings(fleet.merge("-f", "json")) == expected
    read = {datetime.fromisoformat(one["observed"]) for one in receipts(fleet).values()}
    assert read == {world.now}, "not this machine's time"


def test_one_machine_whose_clock_is_days_off_is_warned_of(fleet: Fleet) -> None:
    """Row 13: nothing that was read a day before the newest passes."""
    fleet.plan(*BOTH)
    world = fleet.server.world
    assert fleet.run("--index", "0").code == 0
    world.now += timedelta(hours=30)
    fleet.accounts.command.now = world.now
    assert fleet.run("--index", "1").code == 0
    fleet.accounts.command.now = None
    report = merged(fleet)
    assert outcomes(report, base.WEAK) == {"unknown"}
    assert any("over a day before the newest" in one for one in report["warnings"])


def test_without_a_date_no_age_is_known(fleet: Fleet) -> None:
    """Row 13."""
    fleet.plan(*BOTH)

    def dateless(_request: Request, reply: Reply) -> Reply:
        return replace(reply, headers={**reply.headers, "date": ""})

    fleet.server.fault(".*", edit=dateless)
    fleet.run()
    fleet.server.faults.clear()
    expected = undisturbed(fleet)
    found = findings(fleet.merge("-f", "json"))
    assert {key for key, one in found.items() if one == "passed"} <= {
        key for key, one in expected.items() if one == "passed"
    }


Changing = Callable[[World], object]


def first_of(world: World) -> Repository:
    return next(one for one in world.repositories if one.owner == base.WEAK)


def renamed(world: World) -> None:
    first_of(world).name = "moss"


def moved(world: World) -> None:
    first_of(world).owner = "nettle"


def deleted(world: World) -> None:
    world.repositories.remove(first_of(world))


def added(world: World) -> None:
    world.repositories.append(base.repository(base.WEAK, "fern", 33999, world.now))


@pytest.mark.parametrize(
    ("change", "lost"),
    [(renamed, 0), (moved, 1), (deleted, 1), (added, 0)],
    ids=["renamed", "moved", "deleted", "added"],
)
def test_repositories_that_change_after_the_plan(fleet: Fleet, change: Changing, lost: int) -> None:
    """Row 15: what there is is read by its present name, and what is gone is said."""
    plan = fleet.plan(*BOTH)
    counted = plan["owners"][0]["repositories"]
    world = fleet.server.world
    change(world)
    assert fleet.run().code == 0
    report = merged(fleet)
    now = {one.name for one in world.repositories if one.owner == base.WEAK and not one.archived}
    read = {
        one["subject"].rpartition("/")[2]
        for one in report["findings"]
        if one["subject"].startswith(f"github:repo/{base.WEAK}/")
    }
    assert read == now
    said = [one for one in report["warnings"] if "repositories were listed" in one]
    assert len(said) == lost
    assert bool(report["partial"]) == bool(lost)
    if lost:
        assert f"{counted - 1} of {counted} repositories were listed" in said[0]


def test_a_limit_that_someone_else_used_up_is_continued_after_it(fleet: Fleet) -> None:
    """Row 21: GitHub's own count decides, and what was read stays."""
    fleet.plan(*BOTH)
    used = {"x-ratelimit-remaining": "0", "x-ratelimit-limit": "5000"}

    def exhausted(_request: Request, _reply: Reply) -> Reply:
        reset = int(fleet.server.world.now.timestamp()) + 3000
        headers = {**used, "x-ratelimit-reset": str(reset)}
        return Reply(403, {"message": "API rate limit exceeded"}, headers)

    fleet.server.fault(f"/(orgs|repos)/{base.WEAK}/.+", edit=exhausted)
    ran = fleet.run("--max-wait", "5")
    assert ran.code == 3, ran.err
    report = merged(fleet)
    assert report["partial"] == "1 of 2 organizations were looked at as a whole"
    assert any("rate limit" in one for one in report["warnings"])
    assert "unknown" in outcomes(report, base.WEAK)
    fleet.server.faults.clear()
    expected = undisturbed(fleet)
    kept = {(one["code"], one["subject"]): one["outcome"] for one in report["findings"]}
    assert all(kept[key] == expected[key] for key in expected if base.STRICT in key[1])
    asked = len(fleet.server.requests)
    assert fleet.run().code == 0
    again = [one.path for one in fleet.server.requests[asked:]]
    assert not [path for path in again if base.STRICT in path], "that one was read before"
    assert findings(fleet.merge("-f", "json")) == expected


@pytest.mark.second_tier("measures how long a pause is kept")
def test_a_secondary_limit_slows_all_lanes_of_the_app_and_denies_nothing(fleet: Fleet) -> None:
    """Row 22: another process of this machine keeps the pause, too."""
    fleet.plan(*BOTH)
    server = fleet.server
    refused: list[float] = []

    def slow(_request: Request, _reply: Reply) -> Reply:
        refused.append(time.monotonic())
        told = {"message": "You have exceeded a secondary rate limit"}
        return Reply(403, told, {"Retry-After": "2"})

    server.fault(f"/orgs/{base.WEAK}", edit=slow, times=1)
    asked: list[tuple[float, str]] = []

    def note(request: Request, reply: Reply) -> Reply:
        asked.append((time.monotonic(), request.path))
        return reply

    server.fault("/(orgs|repos)/.*", edit=note)
    ran = fleet.run("--index", "0")
    assert ran.code == 0, ran.err
    assert not receipts(fleet)[base.WEAK]["partial"]
    assert len(refused) == 1
    later = [when - refused[0] for when, _ in asked]
    assert not [when for when in later if 0.5 < when < 1.5], "but what was sent already"
    server.faults.clear()
    (pause,) = (fleet.accounts.command.home / ".local/state/hardenme/pauses").iterdir()
    pause.write_text(f"{clock.now().timestamp() + 1000:.3f}")
    held = fleet.run("--index", "1", "--max-wait", "5")
    assert held.code == 3
    assert "rate limit" in held.err
    pause.unlink()
    assert fleet.run().code == 0
    assert findings(fleet.merge("-f", "json")) == undisturbed(fleet)


def test_nothing_of_more_than_one_owner_passes_while_one_is_missing(fleet: Fleet) -> None:
    """Row 24, with all checks of organizations."""
    made = fleet("plan", *BOTH, "--select", "GHO", *fleet.asking, "-o", "plan.json")
    assert made.code == 0, made.err
    assert fleet.run().code == 0
    whole = findings(fleet.merge("-f", "json"))
    number = receipts(fleet)[base.WEAK]["number"]
    (path,) = fleet.accounts.command.folder.glob(f"out/*/{number}/*.receipt.json")
    path.unlink()
    found = findings(fleet.merge("-f", "json"))
    passed = {key for key, outcome in found.items() if outcome == "passed"}
    assert {whole[key] for key in passed} == {"passed"}
    assert all(base.STRICT in subject for _, subject in passed)
    assert [key for key, outcome in whole.items() if outcome == "passed" and base.WEAK in key[1]]
