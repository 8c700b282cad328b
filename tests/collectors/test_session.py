from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from hardenme.collectors.transport.response import Response
from hardenme.collectors.transport.session import Wait
from hardenme.model.unknown import Reason
from hardenme.sandbox.http import LoopbackServer, Reply, Request
from tests.collectors.reader import Bearer, session, unanswered
from tests.moment import NOW

MOVED = (301, 302, 303, 307, 308)


def ok(request: Request) -> Reply:
    return Reply(data={"path": request.path})


def going(status: int, to: Callable[[Request], str]) -> Callable[[Request], Reply]:
    return lambda request: Reply(status, {"message": "Moved"}, {"Location": to(request)})


@pytest.mark.parametrize("status", MOVED)
def test_a_redirect_on_the_origin_is_followed_once(status: int) -> None:
    def answer(request: Request) -> Reply:
        if request.path == "/repos/old/name":
            return going(status, lambda _: "/repositories/7?a=1")(request)
        return ok(request)

    with LoopbackServer(answer) as server:
        response = session(server.url).get("/repos/old/name")
    assert response.json() == {"path": "/repositories/7"}
    assert response.endpoint == "GET /repos/old/name"
    assert [request.path for request in server.requests] == ["/repos/old/name", "/repositories/7"]
    assert server.requests[1].headers["authorization"].startswith("Bearer ghp_CANARY")


@pytest.mark.parametrize("status", MOVED)
@pytest.mark.parametrize(
    "form", ["{evil}/x", "//{host}/x", "http://127.0.0.1@{host}/", "https://{host}/x"]
)
def test_a_redirect_to_another_origin_is_not_followed(status: int, form: str) -> None:
    with LoopbackServer(ok) as evil:
        there = form.format(evil=evil.url, host=evil.url.removeprefix("http://"))
        with LoopbackServer(going(status, lambda _: there)) as server:
            why = unanswered(lambda: session(server.url, retries=2).get("/user"))
    assert evil.requests == []
    assert len(server.requests) == 1
    assert why.reason is Reason.NOT_VISIBLE
    assert why.evidence[0].status == status


@pytest.mark.parametrize(
    "where", ["", "http://", "file:///etc/passwd", "/a\r\nX-Evil: 1", "javascript:alert(1)"]
)
def test_a_redirect_to_nowhere(where: str) -> None:
    with LoopbackServer(going(302, lambda _: where.replace("\r\n", " "))) as server:
        why = unanswered(lambda: session(server.url).get("/user"))
    assert why.reason is Reason.NOT_VISIBLE
    assert len(server.requests) == 1


@pytest.mark.parametrize("retries", [0, 2])
def test_a_redirect_to_itself_is_asked_once(retries: int) -> None:
    with LoopbackServer(going(301, lambda request: request.path)) as server:
        why = unanswered(lambda: session(server.url, retries=retries).get("/user"))
    assert why.reason is Reason.NOT_VISIBLE
    assert len(server.requests) == 1


def test_redirects_without_end_are_given_up() -> None:
    with LoopbackServer(going(302, lambda request: request.path + "x")) as server:
        why = unanswered(lambda: session(server.url, retries=2).get("/user"))
    assert why.reason is Reason.NOT_VISIBLE
    assert len(server.requests) == 4


def test_a_redirect_of_a_kind_that_is_not_followed_is_the_answer() -> None:
    with LoopbackServer(going(302, lambda _: "/other")) as server:
        response = session(server.url, moved=frozenset({301})).get("/user")
    assert response.status == 302
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", MOVED)
def test_a_query_is_not_sent_to_where_a_redirect_leads(status: int) -> None:
    with LoopbackServer(going(status, lambda _: "/other")) as server:
        asking = session(server.url)
        response = asking.query(f"{server.url}/graphql", "query Q { viewer { login } }", b"{}")
    assert response.status == status
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "document",
    [
        "mutation M { a }",
        "subscription S { a }",
        "{ viewer { login } }",
        "query Q { a } mutation M { b }",
        "query Q { a } subscription S { b }",
        "# query\nmutation M { a }",
        "\ufeffmutation M { a }",
        "mutation{a}",
        "query Q{a}mutation{b}",
        "query Q{a}mutation($x:Int){b}",
        "query Q{a},mutation,M{b}",
        "query Q { a } # mutation",
        "",
    ],
)
def test_a_document_that_is_not_a_query_is_not_sent(document: str) -> None:
    with LoopbackServer(ok) as server:
        asking = session(server.url)
        with pytest.raises(ValueError):
            asking.query(f"{server.url}/graphql", document, b"{}")
    assert server.requests == []


def test_a_query_goes_to_the_origin_only() -> None:
    with LoopbackServer(ok) as server, LoopbackServer(ok) as evil, pytest.raises(ValueError):
        session(server.url).query(f"{evil.url}/graphql", "query Q { a }", b"{}")
    assert server.requests == evil.requests == []


def test_a_link_is_read_from_the_origin_only() -> None:
    with LoopbackServer(ok) as server, LoopbackServer(ok) as evil:
        asking = session(server.url)
        host = evil.url.removeprefix("http://")
        for link in (evil.url, f"//{host}/", f"http://{server.url[7:]}@{host}/", "file:///x"):
            assert unanswered(lambda link=link: asking.get_url(link)).reason is Reason.INCOMPLETE
        assert asking.get_url("/user/keys?page=2").json() == {"path": "/user/keys"}
        assert asking.get_url(f"{server.url}/x?page=2").endpoint == "GET /x?page=2"
    assert evil.requests == []
    assert [request.path for request in server.requests] == ["/user/keys", "/x"]


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_failure_that_passes_is_tried_again(status: int) -> None:
    with LoopbackServer(ok) as server:
        server.fault("/x", edit=lambda *_: Reply(status, {}), times=2)
        asking = session(server.url, retries=2)
        assert asking.get("/x").ok
        assert asking.meter.sent == 3
        server.fault("/y", edit=lambda *_: Reply(status, {}))
        why = unanswered(lambda: asking.get("/y"))
    assert why.reason is Reason.UNREACHABLE
    assert why.evidence[0].status == status
    assert len(server.requests) == 6


@pytest.mark.parametrize("how", [{"hang_up": True}, {"cut": 3}], ids=["reset", "broken off"])
def test_a_lost_connection_is_tried_again(how: dict[str, object]) -> None:
    with LoopbackServer(ok) as server:
        server.fault("/x", times=1, **how)
        assert session(server.url, retries=1).get("/x").ok
        server.fault("/y", **how)
        assert unanswered(lambda: session(server.url, retries=1).get("/y"))
    assert len(server.requests) == 4


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 422, 451])
def test_a_refusal_is_an_answer(status: int) -> None:
    with LoopbackServer(lambda _: Reply(status, {"message": "no"})) as server:
        assert session(server.url, retries=2).get("/x").status == status
    assert len(server.requests) == 1


def test_nobody_listens() -> None:
    with LoopbackServer(ok) as server:
        url = server.url
    why = unanswered(lambda: session(url, retries=1).get("/x"))
    assert why.reason is Reason.UNREACHABLE
    assert url in why.needed


def test_a_name_that_does_not_resolve() -> None:
    why = unanswered(lambda: session("https://no-such-host.invalid").get("/x"))
    assert why.reason is Reason.UNREACHABLE


def limited(times: int, **headers: str) -> Callable[[Request], Reply]:
    left = [times]

    def answer(request: Request) -> Reply:
        if left[0]:
            left[0] -= 1
            told = {name.replace("_", "-"): text for name, text in headers.items()}
            return Reply(429, {"message": "slow down"}, told)
        return ok(request)

    return answer


@pytest.mark.second_tier("measures a wait")
def test_a_short_limit_is_waited_out_and_told() -> None:
    told: list[Wait] = []
    with LoopbackServer(limited(1, retry_after="0.3")) as server:
        asking = session(server.url, retries=1, patience=1.0, on_wait=told.append)
        begun = time.monotonic()
        assert asking.get("/x").ok
    assert time.monotonic() - begun >= 0.3
    assert told == [Wait(0.3, "secondary")]


def test_a_long_limit_is_not_waited_out_and_nothing_more_is_sent() -> None:
    with LoopbackServer(limited(1, retry_after="3600")) as server:
        asking = session(server.url, retries=2, patience=60.0)
        first = unanswered(lambda: asking.get("/x"))
        second = unanswered(lambda: asking.get("/y"))
        third = unanswered(
            lambda: asking.query(f"{server.url}/graphql", "query Q { viewer { login } }", b"{}")
        )
    assert {why.reason for why in (first, second, third)} == {Reason.RATE_LIMITED}
    assert "UTC" in first.needed
    assert len(server.requests) == 1


def test_a_limit_that_does_not_end_is_given_up() -> None:
    with LoopbackServer(limited(99, retry_after="0.05")) as server:
        why = unanswered(lambda: session(server.url, retries=2, patience=1.0).get("/x"))
    assert why.reason is Reason.RATE_LIMITED
    assert len(server.requests) == 3


class TwoBudgets(Bearer):
    """Tells a primary limit, as GitHub does for REST and GraphQL apart."""

    def limited(self, response: Response) -> Wait | None:
        return Wait(3600.0, "primary") if response.status == 403 else None


def test_the_budget_of_rest_is_not_that_of_graphql(monkeypatch: pytest.MonkeyPatch) -> None:
    with LoopbackServer(ok) as server:
        server.fault("/rest", edit=lambda *_: Reply(403, {}))
        asking = session(server.url)
        monkeypatch.setattr(asking, "_provider", TwoBudgets())
        assert unanswered(lambda: asking.get("/rest")).reason is Reason.RATE_LIMITED
        assert unanswered(lambda: asking.get("/more")).reason is Reason.RATE_LIMITED
        assert asking.query(f"{server.url}/graphql", "query Q { a }", b"{}").ok
    assert [request.path for request in server.requests] == ["/rest", "/graphql"]


@pytest.mark.second_tier("measures a wait")
def test_a_limit_holds_all_workers() -> None:
    times: list[float] = []

    def answer(request: Request) -> Reply:
        times.append(time.monotonic())
        if len(times) == 1:
            return Reply(429, {}, {"Retry-After": "0.4"})
        return ok(request)

    with LoopbackServer(answer) as server:
        limit = threading.Event()
        asking = session(server.url, retries=1, patience=1.0, on_wait=lambda _: limit.set())
        with ThreadPoolExecutor(6) as pool:
            first = pool.submit(asking.get, "/first")
            assert limit.wait(60)
            rest = [pool.submit(asking.get, f"/{number}") for number in range(5)]
            assert all(done.result().ok for done in (first, *rest))
    assert min(times[1:]) - times[0] >= 0.4


@pytest.mark.second_tier("measures a wait")
def test_stopping_ends_a_wait_and_lets_nothing_more_out() -> None:
    with LoopbackServer(limited(99, retry_after="30")) as server:
        asking = session(
            server.url,
            retries=2,
            patience=60.0,
            on_wait=lambda _: threading.Timer(0.1, asking.stopped.set).start(),
        )
        assert unanswered(lambda: asking.get("/x")).reason is Reason.INCOMPLETE
        assert unanswered(lambda: asking.get("/y")).reason is Reason.INCOMPLETE
    assert len(server.requests) == 1


def test_a_not_modified_that_nobody_asked_for() -> None:
    with LoopbackServer(lambda _: Reply(304)) as server:
        assert unanswered(lambda: session(server.url).get("/x")).reason is Reason.MALFORMED


@pytest.mark.parametrize(
    ("date", "after"),
    [
        ("Wed, 25 Nov 2026 11:59:00 GMT", timedelta(hours=23, minutes=59)),
        ("Mon, 23 Nov 2026 12:01:00 -0000", timedelta(hours=-23, minutes=-59)),
        ("Wed, 25 Nov 2026 12:01:00 GMT", timedelta()),
        ("Mon, 23 Nov 2026 11:59:00 GMT", timedelta()),
        ("Thu, 01 Jan 1970 00:00:00 GMT", timedelta()),
        ("Fri, 31 Dec 9999 23:59:59 -1200", timedelta()),
        ("yesterday", timedelta()),
    ],
)
def test_when_an_answer_was_true_is_told_by_a_server_s_clock_that_is_near(
    date: str, after: timedelta, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    time.tzset()
    with LoopbackServer(lambda _: Reply(data={}, headers={"Date": date})) as server:
        response = session(server.url).get("/x")
    monkeypatch.undo()
    time.tzset()
    assert response.received_at == NOW
    assert response.observed_at == NOW + after
