from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from hardenme.collectors.transport.pace import Budget, Meter, Quota
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
    assert "primary rate limit resets about 20" in why.needed
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


def test_after_a_burst_requests_come_at_the_rate() -> None:
    meter = Meter(Budget(rate=10.0, burst=5), quotas={"GET": Quota(100, 99, 0)})
    waits = [meter.turn() for _ in range(8)]
    assert waits[:5] == [0.0] * 5
    assert waits[5:] == sorted(waits[5:])
    assert 0.05 < waits[5] <= 0.1
    assert 0.25 < waits[7] <= 0.3
    unbounded = Meter(quotas={"GET": Quota(100, 99, 0)})
    assert [unbounded.turn() for _ in range(99)] == [0.0] * 99


def test_where_the_server_speaks_of_no_limit_nothing_waits() -> None:
    meter = Meter(Budget(rate=10.0, burst=5))
    assert [meter.turn() for _ in range(99)] == [0.0] * 99


def test_rest_and_graphql_have_an_hour_each() -> None:
    meter = Meter(Budget(most=1))
    with LoopbackServer(lambda _: Reply(data={})) as server:
        response = session(server.url).get("/1")
    assert meter.observe(response, "GET", spared=False) is not None
    assert meter.left("GET").seconds > 0
    assert meter.left("POST").seconds == 0
