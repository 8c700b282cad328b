"""The sign of life of a run for a timer: when it is given, and what is said where it is not."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from hardenme.ground.errors import UsageError
from hardenme.model.report import Identity
from hardenme.model.unknown import Reason, Unknown
from hardenme.sandbox.http import LoopbackServer, Reply, Request
from tests.cli.conftest import Accounts
from tests.cli.timed_runs import HIGH, MEDIUM, WELL, Timer, unknown
from tests.reports.sample import NPM_USER, deploy_key, finding
from tests.store.stored import REGISTRY, report

PING = "/ping/CANARY-5a1c-heartbeat-0000"


@pytest.fixture
def page() -> Iterator[LoopbackServer]:
    with LoopbackServer(lambda _: Reply(body=b"OK")) as server:
        yield server


def test_a_credential_that_is_dead_is_no_peace(timer: Timer, page: LoopbackServer) -> None:
    url = f"{page.url}{PING}"
    timer.week(0, HIGH)
    for week in (1, 2, 3):
        # What anybody can see is still seen.
        blind = report(week, unknown(HIGH, Reason.REJECTED), WELL, who="")
        told = timer.run(blind, quiet=True, heartbeat=url)
        assert told.code == 3
        assert told.err.startswith("hardenme: GitHub refused the token (401). ")
        assert (told.out == "") == (week > 1)
    assert page.requests == []
    assert timer.week(4, HIGH, heartbeat=url).code == 0
    assert len(page.requests) == 1


def test_the_heartbeat_is_asked_for_after_a_complete_run_and_no_other(
    timer: Timer, page: LoopbackServer
) -> None:
    url = f"{page.url}{PING}?from=cron"
    assert timer.week(0, HIGH, heartbeat=url, quiet=True).code == 0
    assert timer.week(1, HIGH, heartbeat=url).code == 0
    # What is wrong with the accounts is no fault of the run.
    assert timer.week(2, HIGH, MEDIUM, deploy_key(1, "web", "ci"), heartbeat=url).code == 1
    assert [(one.method, one.path) for one in page.requests] == [("GET", PING)] * 3
    assert "authorization" not in page.requests[0].headers
    timer.run(report(3, HIGH, halted=Reason.RATE_LIMITED), heartbeat=url)
    timer.run(report(4, HIGH, partial="terminated"), heartbeat=url)
    timer.run(report(5, unknown(HIGH, Reason.REJECTED), who=""), heartbeat=url)
    for path in timer.reports():
        path.parent.rename(path.parent.with_suffix(".moved"))
        path.parent.symlink_to(path.parent.with_suffix(".moved"))
        break
    assert timer.week(6, HIGH, heartbeat=url).code == 2
    assert len(page.requests) == 3


@pytest.mark.parametrize("status", [404, 500, 302])
def test_a_heartbeat_that_does_not_arrive_is_told_without_its_address(
    timer: Timer, status: int
) -> None:
    with LoopbackServer(lambda _: Reply(body=b"OK")) as other:

        def answer(_request: Request) -> Reply:
            return Reply(status, headers={"Location": f"{other.url}/elsewhere"}, body=b"")

        with LoopbackServer(answer) as server:
            told = timer.week(0, HIGH, heartbeat=f"{server.url}{PING}")
        assert other.requests == []
    assert told.code == 6
    assert "its heartbeat did not arrive: http://127.0.0.1" in told.err
    assert "CANARY" not in told.err
    assert len(timer.reports()) == 1


@pytest.mark.second_tier("waits for an answer that does not come")
def test_nobody_answers(timer: Timer, page: LoopbackServer) -> None:
    url = page.url
    page.__exit__()
    told = timer.week(0, HIGH, heartbeat=f"{url}{PING}")
    assert told.code == 6
    assert "gave no answer" in told.err
    # Too short to be known for a secret, and not named all the same.
    short = timer.week(1, HIGH, heartbeat=f"{url}/ping")
    assert "gave no answer" in short.err
    assert "/ping" not in short.err


def test_a_file_can_be_the_heartbeat(timer: Timer, tmp_path: Path) -> None:
    file = tmp_path / "beat"
    assert timer.week(0, HIGH, heartbeat=str(file)).code == 0
    assert file.read_text().startswith("20")
    os.utime(file, (0, 0))
    timer.run(report(1, HIGH, partial="interrupted"), heartbeat=str(file))
    assert file.stat().st_mtime == 0
    told = timer.week(2, HIGH, heartbeat=str(tmp_path / "no" / "folder"))
    assert told.code == 6
    assert "did not arrive" in told.err


@pytest.mark.parametrize(
    "url",
    [
        f"http://beat.example.test{PING}",
        f"https://user:CANARYpassword00@beat.example.test{PING}",
        f"file://{PING}",
        f"https://169.254.169.254{PING}",
    ],
)
def test_an_address_that_is_not_asked_is_told_before_the_run(timer: Timer, url: str) -> None:
    with pytest.raises(UsageError, match="--heartbeat takes an address or a file") as error:
        timer.week(0, HIGH, heartbeat=url)
    assert "CANARY" not in str(error.value)
    assert not timer.state.exists()


def test_the_heartbeat_is_said_by_ones_own_file_or_a_variable_and_by_no_folder(
    weak: Accounts, page: LoopbackServer
) -> None:
    url = f"{page.url}{PING}"
    (weak.command.folder / "hardenme.toml").write_text(f'heartbeat = "{url}"\n')
    ran = weak.report()
    assert ran.code == 2
    assert "heartbeat is refused" in ran.err
    (weak.command.folder / "hardenme.toml").unlink()
    assert weak.report(HARDENME_HEARTBEAT=url).code == 0
    assert len(page.requests) == 1


def test_a_provider_that_let_nobody_in_from_the_first_run_on_is_no_good_run(
    timer: Timer, page: LoopbackServer
) -> None:
    url = f"{page.url}{PING}"
    npm = Identity("npm", REGISTRY, "", "", "HARDENME_NPM_TOKEN")
    for week in range(2):
        lost = finding("NPA101", NPM_USER, Unknown(Reason.REJECTED, "a token that is accepted"))
        made = report(week, HIGH, lost)
        made = replace(made, identities=(*made.identities, npm))
        timer.run(made, heartbeat=url)
    assert page.requests == []
    timer.week(2, HIGH, heartbeat=url)
    assert len(page.requests) == 1
