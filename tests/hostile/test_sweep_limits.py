"""A sweep that a limit or a rejected token ends: what was found stays, and nobody is bothered."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from hardenme.collectors.transport.bounds import Bounds
from hardenme.engine.collect import LISTERS
from hardenme.engine.settle import exit_code
from hardenme.ground.errors import CredentialError
from hardenme.ground.exit_code import Exit
from hardenme.model.report import Report
from hardenme.model.unknown import Reason, Unknown
from hardenme.sandbox.http import Fault, Reply, Request
from tests.hostile.sweeping import (
    BOTH,
    STRICT,
    TOKENS,
    WEAK,
    answering,
    failed,
    nothing_worse,
    sweep,
    swept,
    unknown,
    whole,
)
from tests.moment import NOW
from tests.running import QUICK

pytestmark = [
    pytest.mark.second_tier("whole runs over hostile answers", one_of=12),
    pytest.mark.sampled(3),
]

WORKERS = 4
AT_ONCE = 2 * WORKERS + LISTERS
"""Requests that may be under way when the first of them is refused, of workers and of listings; a
worker may begin one more before the news of it is there."""
ALONE = {"GHO122"}
"""What is unknown for another reason where a deeper look did not come: contributions alone prove
nothing."""
PATIENT = replace(QUICK, patience=3.0, retries=1)
SOON = {"x-ratelimit-remaining": "0", "retry-after": "1"}
EXHAUSTED = "API rate limit exceeded for user ID 3200."
SECONDARY = "You have exceeded a secondary rate limit. Please wait a few minutes before you retry."


def primary(status: int) -> Callable[[Request, Reply], Reply]:
    """GitHub's refusal when the hour's requests are used up, an hour before they are back."""

    def edit(_request: Request, reply: Reply) -> Reply:
        reset = int(NOW.timestamp()) + 3000
        told = {**reply.headers, "x-ratelimit-remaining": "0", "x-ratelimit-reset": str(reset)}
        return Reply(status, {"message": EXHAUSTED}, {**told, "date": _now()})

    return edit


def _now() -> str:
    return format_datetime(NOW, usegmt=True)


def in_graphql(_request: Request, reply: Reply) -> Reply:
    """The same as GraphQL says it: an answer without data."""
    told = {**reply.headers, "x-ratelimit-remaining": "0", "x-ratelimit-reset": "9999999999"}
    said = {"type": "RATE_LIMITED", "message": "API rate limit already exceeded for user."}
    return Reply(200, {"errors": [said]}, told)


@contextmanager
def counted(name: str, fault: Fault, bounds: Bounds = QUICK) -> Iterator[tuple[Report, int]]:
    """The report of a sweep, and how many requests came from the first broken answer on."""
    with sweep(name) as (running, server):
        server.faults.append(fault)
        report = running.audit(f"github:{name}", bounds=bounds, workers=WORKERS)
        yield report, max(0, fault.seen - fault.after)


@pytest.mark.sampled(5)
@pytest.mark.parametrize("name", BOTH)
@pytest.mark.parametrize("after", [3, 12, 30])
@pytest.mark.parametrize("status", [403, 429])
def test_what_came_before_a_limit_is_kept(name: str, after: int, status: int) -> None:
    with counted(name, Fault(".*", edit=primary(status), after=after)) as (report, asked):
        lost = nothing_worse(whole(name), report)
    assert asked <= AT_ONCE, "once told, nobody asks again"
    assert lost
    assert lost - ALONE <= unknown(report, Reason.RATE_LIMITED) | failed(report)
    assert "rate limit was reached" in report.partial
    assert "to reset, about" in report.partial
    assert report.halted is Reason.RATE_LIMITED
    assert exit_code(report) is Exit.UNKNOWN, "even where something was found"
    for item in report.findings:
        if isinstance(item.outcome, Unknown) and item.outcome.reason is Reason.RATE_LIMITED:
            assert "run again then" in item.outcome.needed


@pytest.mark.parametrize("name", BOTH)
def test_a_limit_of_graphql_is_one(name: str) -> None:
    fault = Fault("/graphql", edit=in_graphql, after=1)
    with counted(name, fault) as (report, asked):
        nothing_worse(whole(name), report)
    assert asked <= AT_ONCE
    assert report.halted is Reason.RATE_LIMITED


@pytest.mark.second_tier("measures a wait")
@pytest.mark.sampled(5)
@pytest.mark.parametrize("status", [403, 429])
@pytest.mark.parametrize("path", [".*", "/graphql", "/orgs/cedar-labs/hooks"])
def test_a_short_limit_is_waited_out(status: int, path: str) -> None:
    fault = Fault(path, edit=answering(status, EXHAUSTED, **SOON), times=1)
    begun = time.monotonic()
    with counted(STRICT, fault, PATIENT) as (report, _asked):
        assert nothing_worse(whole(STRICT), report) == set()
    assert time.monotonic() - begun >= 1.0
    assert report.partial == ""


@pytest.mark.parametrize("status", [403, 429])
@pytest.mark.parametrize("path", ["/orgs/cedar-labs/hooks", "/repos/cedar-labs/cone/hooks"])
def test_a_secondary_limit_that_only_says_so_is_no_refusal(status: int, path: str) -> None:
    report = swept(STRICT, Fault(path, edit=answering(status, SECONDARY)))
    nothing_worse(whole(STRICT), report)
    assert report.halted is Reason.RATE_LIMITED
    before = unknown(whole(STRICT), Reason.NOT_PERMITTED)
    assert unknown(report, Reason.NOT_PERMITTED) <= before, "no permission would help"
    assert any(
        "secondary rate limit" in item.outcome.needed
        for item in report.findings
        if isinstance(item.outcome, Unknown)
    )


@pytest.mark.second_tier("measures a wait")
@pytest.mark.sampled(5)
@pytest.mark.parametrize(
    "value",
    [
        "1000000000",
        "99999999999999999999999999",
        "1e999",
        "inf",
        format_datetime(datetime(9999, 12, 31, tzinfo=UTC), usegmt=True),
        "soon",
        "",
        "nan",
    ],
)
def test_an_absurd_wait_is_not_believed(value: str) -> None:
    fault = Fault("/orgs/cedar-labs/hooks", edit=answering(429, "Too many", retry_after=value))
    begun = time.monotonic()
    report = swept(STRICT, fault)
    assert time.monotonic() - begun < 60
    nothing_worse(whole(STRICT), report)
    latest = NOW + timedelta(hours=1, minutes=1)
    told = report.partial.partition("to reset, about ")[2].partition(" UTC")[0]
    assert datetime.strptime(told, "%Y-%m-%d %H:%M").replace(tzinfo=UTC) <= latest


@pytest.mark.sampled(2)
@pytest.mark.parametrize("value", ["-5", "0", "0.001", "Thu, 01 Jan 1970 00:00:00 GMT"])
def test_a_wait_that_is_over_already_is_a_second(value: str) -> None:
    edit = answering(429, "Too many requests", retry_after=value)
    with counted(STRICT, Fault(".*/hooks", edit=edit, times=1), PATIENT) as (report, _asked):
        assert nothing_worse(whole(STRICT), report) == set()


@pytest.mark.sampled(5)
@pytest.mark.parametrize("name", BOTH)
@pytest.mark.parametrize("after", [3, 12, 30])
def test_a_token_that_is_revoked_on_the_way(name: str, after: int) -> None:
    with sweep(name) as (running, server):
        token = server.world.token(TOKENS[name])
        assert token is not None

        def revoke(_request: Request, reply: Reply) -> Reply:
            token.revoked = True
            return reply

        server.fault(".*", edit=revoke, after=after)
        report = running.audit(f"github:{name}", workers=WORKERS)
        asked = len(server.requests) - after - 1
    lost = nothing_worse(whole(name), report)
    assert asked <= AT_ONCE, "a token that is rejected is not presented again and again"
    assert lost - ALONE <= unknown(report, Reason.REJECTED) | failed(report)
    assert "rejected during the run" in report.partial
    assert exit_code(report) is Exit.NO_CREDENTIAL
    known = report.counts()
    assert after < 12 or known["passed"] + known["failed"], "what was found until then is kept"


def test_a_token_that_is_rejected_from_the_start_finds_nothing_and_asks_once() -> None:
    with sweep(WEAK) as (running, server):
        server.fault(".*", edit=answering(401, "Bad credentials"))
        report = running.audit(f"github:{WEAK}")
        assert len(server.requests) == 1
    assert exit_code(report) is Exit.NO_CREDENTIAL
    counts = report.counts()
    assert counts["unknown"] > 40
    assert counts["passed"] + counts["failed"] + counts["not_applicable"] == 0


@pytest.mark.parametrize("expected", ["alder", "thorn", "cedar-labs"])
def test_a_token_of_another_account_is_not_used(expected: str) -> None:
    with sweep() as (running, server):
        with pytest.raises(CredentialError, match="linden"):
            running.audit(f"github:{STRICT}", expected_login=expected)
        assert [request.path for request in server.requests] == ["/user"]


def test_the_expected_account_may_be_written_in_any_case() -> None:
    with sweep() as (running, _server):
        report = running.audit(f"github:{STRICT}", expected_login="Linden")
    assert nothing_worse(whole(STRICT), report) == set()
