from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from hardenme.collectors.transport.cache import Cache
from hardenme.collectors.transport.pace import Budget, Meter, Quota
from hardenme.collectors.transport.response import NoAnswerError
from hardenme.collectors.transport.session import Wait
from hardenme.model.unknown import Reason
from hardenme.sandbox.http import LoopbackServer, Reply, Request
from tests.collectors.reader import session, unanswered


def counting(limit: int, left: int, ahead: float = 900.0) -> Callable[[Request], Reply]:
    """A server that counts down an hour's requests."""
    remaining = left

    def answer(_request: Request) -> Reply:
        nonlocal remaining
        remaining -= 1
        headers = {
            "x-ratelimit-limit": str(limit),
            "x-ratelimit-remaining": str(remaining),
            "x-ratelimit-reset": str(int(time.time() + ahead)),
        }
        return Reply(data={}, headers=headers)

    return answer


def asked(budget: Budget | None, said: Callable[[Request], Reply], most: int = 40) -> int:
    """How many requests are answered before the first one that is not sent."""
    with LoopbackServer(said) as server:
        client = session(server.url, budget=budget)
        for number in range(most):
            try:
                client.get(f"/{number}")
            except Exception:  # noqa: BLE001 (whatever stops it)
                break
        return len(server.requests)


@pytest.mark.parametrize(
    ("budget", "count"),
    [
        (None, 40),
        (Budget(), 10),
        (Budget(share=1.0), 20),
        (Budget(share=0.5), 1),
        (Budget(most=7), 7),
        (Budget(share=1.0, most=7), 7),
    ],
)
def test_a_run_leaves_others_their_part(budget: Budget | None, count: int) -> None:
    # A hundred an hour, of which twenty are left when the run starts.
    assert asked(budget, counting(100, 20)) == count


def test_a_server_that_tells_nothing_has_no_share_to_keep() -> None:
    assert asked(Budget(), lambda _: Reply(data={})) == 40
    assert asked(Budget(most=7), lambda _: Reply(data={})) == 7


@pytest.mark.parametrize("header", ["limit", "remaining", "reset"])
@pytest.mark.parametrize("value", ["", "many", "1e9", "-"])
def test_a_header_that_is_not_understood_is_no_budget(header: str, value: str) -> None:
    def answer(request: Request) -> Reply:
        reply = counting(100, 2)(request)
        reply.headers[f"x-ratelimit-{header}"] = value
        return reply

    assert asked(Budget(), answer) == 40


def test_what_is_left_is_told_with_the_time_at_which_it_resets() -> None:
    with LoopbackServer(counting(100, 11)) as server:
        client = session(server.url, budget=Budget())
        client.get("/1")
        why = unanswered(lambda: client.get("/2"))
    assert why.reason is Reason.RATE_LIMITED
    assert "primary rate limit to reset, about 20" in why.needed
    assert len(server.requests) == 1


def test_a_short_wait_for_the_budget_is_waited_out_and_told() -> None:
    told: list[Wait] = []
    with LoopbackServer(counting(100, 10, ahead=0.0)) as server:
        client = session(server.url, budget=Budget(), on_wait=told.append, patience=5.0)
        client.get("/1")
        client.get("/2")
        assert len(server.requests) == 2
    assert told[0].kind == "primary"


def test_not_modified_answers_are_not_counted_against_the_hour() -> None:
    meter = Meter(Budget(most=2))
    with LoopbackServer(lambda _: Reply(data={})) as server:
        response = session(server.url).get("/1")
    for _ in range(9):
        assert meter.observe(response, "GET", spared=True) is None
    assert meter.observe(response, "GET", spared=False) is None
    assert meter.observe(response, "GET", spared=False) is not None


def told(meter: Meter) -> Meter:
    meter.quotas["GET"] = Quota(5000, 4999, 0)
    return meter


def test_what_a_minute_allows_goes_at_once_and_then_nothing() -> None:
    meter = told(Meter(Budget(share=0.1)))
    assert [meter.turn("GET") for _ in range(90)] == [0.0] * 90
    assert 59 < meter.turn("GET") <= 60
    assert meter.turn("POST") == 0.0
    unbounded = told(Meter())
    assert [unbounded.turn("GET") for _ in range(2000)] == [0.0] * 2000


def test_where_the_server_speaks_of_no_limit_nothing_waits() -> None:
    meter = Meter(Budget(share=0.01))
    assert [meter.turn("GET") for _ in range(99)] == [0.0] * 99


def test_two_runs_in_a_row_keep_to_a_minute_together(tmp_path: Path) -> None:
    cache, told = Cache(tmp_path / "cache"), []

    def run(most: int, token: str) -> int:
        """How many requests leave before one would have to wait."""

        def waits(limit: Wait) -> None:
            told.append(limit.kind)
            client.stopped.set()

        before = len(server.requests)
        budget = Budget(share=0.02)
        client = session(server.url, budget=budget, cache=cache, on_wait=waits, token=token)
        for number in range(most):
            try:
                client.get(f"/{number}")
            except NoAnswerError:
                break
        client.rest()
        return len(server.requests) - before

    with LoopbackServer(counting(5000, 5000)) as server:
        assert run(10, "ghp_CANARY00000000000000000000000000000A") == 10
        # The first answer tells that there is a limit at all.
        assert run(30, "ghp_CANARY00000000000000000000000000000A") == 18 - 10
        assert run(10, "ghp_CANARY00000000000000000000000000000B") == 10
    assert told == ["per-minute"]


def test_rest_and_graphql_have_an_hour_each() -> None:
    meter = Meter(Budget(most=1))
    with LoopbackServer(lambda _: Reply(data={})) as server:
        response = session(server.url).get("/1")
    assert meter.observe(response, "GET", spared=False) is not None
    assert meter.left("GET").seconds > 0
    assert meter.left("POST").seconds == 0
