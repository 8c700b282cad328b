"""The delivery log of a webhook: what is kept of it, and what makes it incomplete."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hardenme.collectors.fact_store import FactStore
from hardenme.facts.github.deliveries import OrganizationDelivery, RepositoryDelivery
from hardenme.facts.github.hooks import OrganizationHook, RepositoryHook
from hardenme.model.evidence import Atom
from hardenme.model.fact import Answer
from hardenme.model.unknown import Reason
from hardenme.sandbox.http import Reply, Request
from tests.collectors.scripted import github, of, reads
from tests.factories.github_hooks import GUARDED, organization_hook, repository_hook

LOG = "/orgs/cedar-labs/hooks/8201/deliveries"
OF_REPOSITORY = "/repos/cedar-labs/cone/hooks/8201/deliveries"
HOST = GUARDED["host"]
SEEN = Atom("GET /orgs/{org}/hooks", 200, GUARDED["updated_at"])
AFTER = GUARDED["updated_at"] + timedelta(days=1)


def row(number: int, minutes: int = 0, **more: Any) -> dict[str, Any]:
    """A delivery that arrived, so many minutes after the first; `...` leaves a key out."""
    at = (AFTER + timedelta(minutes=minutes)).astimezone(UTC)
    own = {
        "id": number,
        "guid": f"g{number}",
        "delivered_at": f"{at:%Y-%m-%dT%H:%M:%SZ}",
        "redelivery": False,
        "duration": 0.1,
        "status": "OK",
        "status_code": 200,
        "event": "push",
        "action": None,
        "installation_id": None,
        "repository_id": 7,
    }
    return {name: value for name, value in (own | more).items() if value is not ...}


def read(rows: Any, details: Any = None, addresses: Any = None, **hook: Any) -> Answer[Any]:
    """The answer for a log, the newest first.

    `details` is what a single delivery answers with, and `addresses` what some paths do instead.
    """
    store = FactStore()
    known = organization_hook(**hook)
    store.put(Answer(OrganizationHook, known.within, (known,), (SEEN,)))
    paths = {LOG: rows}
    if details is not None:
        paths |= {f"{LOG}/{number}": details for number in range(1000)}
    with github(paths | (addresses or {})) as (client, _):
        found = list(reads(OrganizationDelivery)(client, known.subject, store))
    return of(OrganizationDelivery, found)


def numbers(found: Answer[Any]) -> list[int]:
    return [fact.number for fact in found.facts]


def at(host: str) -> dict[str, Any]:
    return {"url": f"https://user:CANARY@{host}/CANARYpath", "request": {"payload": "CANARY"}}


def test_what_arrives_and_changes_no_access_is_not_kept() -> None:
    found = read([row(2, 5), row(1)])
    assert (found.facts, found.missing) == ((), None)


@pytest.mark.parametrize(
    ("event", "action", "kept"),
    [
        ("member", "added", True),
        ("public", None, True),
        ("organization", "member_added", True),
        ("member", "unheard_of", False),
        ("workflow_run", "completed", False),
    ],
)
def test_events_that_give_access_are_kept(event: str, action: str | None, *, kept: bool) -> None:
    assert numbers(read([row(1, event=event, action=action)])) == [1] * kept


def test_what_someone_had_sent_again_is_kept_once_for_a_series() -> None:
    again = {"redelivery": True}
    rows = [row(5, 60, **again), row(4, 9, **again), row(3, 5, **again), row(2, 1, **again), row(1)]
    found = read(rows, at(HOST))
    assert (numbers(found), found.missing) == ([5, 2], None)
    assert {fact.elsewhere for fact in found.facts} == {""}


@pytest.mark.parametrize(
    ("codes", "kept"),
    [
        ([0, 500, 404, 200, 200], [2]),
        ([0, 500, 200, 200, 200], []),
        ([200, 0, 0, 0, 200], []),
        ([0, 0, 0, 0, 0], []),
    ],
)
def test_deliveries_that_no_longer_arrive_are_kept_by_the_first(
    codes: list[int], kept: list[int]
) -> None:
    rows = [row(number, 9 - number, status_code=code) for number, code in enumerate(codes)]
    found = read(rows)
    assert numbers(found) == kept
    assert all(fact.failing for fact in found.facts)


OTHER = "collector.example.test"
CHANGED = AFTER + timedelta(minutes=7)


@pytest.mark.parametrize("host", [HOST, OTHER])
def test_a_delivery_from_before_a_change_shows_where_it_went(host: str) -> None:
    found = read([row(3, 9), row(2, 5), row(1)], at(host), updated_at=CHANGED)
    assert numbers(found) == [2, 1] * (host != HOST)
    assert {fact.elsewhere for fact in found.facts} == {host} - {HOST}
    assert found.missing is None
    assert "CANARY" not in repr(found)


@pytest.mark.parametrize("place", range(8))
def test_an_address_that_was_put_back_before_the_last_change_shows(place: int) -> None:
    """After the address was put back, another change or a ping hides it from the newest look."""
    rows = [row(number, 7 - 10 * (100 - number)) for number in range(99, 91, -1)]
    number = rows[place]["id"]
    elsewhere = {f"{LOG}/{number}": at(OTHER)}
    found = read(rows, at(HOST), elsewhere, updated_at=CHANGED)
    assert numbers(found) == [number]
    assert [fact.elsewhere for fact in found.facts] == [OTHER]
    assert found.missing is None


def test_a_long_log_from_before_a_change_takes_few_requests_and_the_rest_is_named() -> None:
    """The same deliveries are looked up when the oldest have left the log."""
    rows = [row(number, number - 900) for number in range(900, 100, -1)]
    looked_up = []
    for held in (rows, rows[:-300]):
        elsewhere = {f"{LOG}/{one['id']}": at(f"h{one['id']}.example.test") for one in held}
        found = read(held, at(HOST), elsewhere, updated_at=CHANGED)
        looked_up.append([900 - number for number in numbers(found)])
        assert found.missing is not None
        assert found.missing.reason is Reason.INCOMPLETE
        assert f"a look at {len(held) - len(looked_up[-1])} deliveries" in found.missing.needed
    assert looked_up[0] == [*range(8), 15, 31, 63, 127, 255, 511]
    assert looked_up[1] == looked_up[0][:-1]


def test_where_a_delivery_went_that_is_not_looked_up_is_not_known() -> None:
    """One that gives access is kept, and counts as none that went to the webhook's host."""
    rows = [row(900 - place, -place) for place in range(12)]
    rows[9] |= {"event": "public"}
    found = read(rows, at(HOST), updated_at=CHANGED)
    assert numbers(found) == [891]
    (fact,) = found.facts
    assert "elsewhere" in fact.unknown_fields()


def test_only_the_newest_series_that_someone_had_sent_again_are_looked_up() -> None:
    rows = [row(number, 60 * number, redelivery=True) for number in range(20, 0, -1)]
    found = read(rows, at(HOST))
    assert len(found.facts) == 20
    known = [fact.number for fact in found.facts if "elsewhere" not in fact.unknown_fields()]
    assert known == list(range(20, 12, -1))
    assert found.missing is not None
    assert "a look at 12 deliveries" in found.missing.needed


@pytest.mark.parametrize(
    ("details", "reason"),
    [
        (Reply(403, {"message": "Forbidden"}), Reason.NOT_PERMITTED),
        ({}, Reason.MALFORMED),
        ({"url": "not an address"}, Reason.MALFORMED),
        ({"url": ["https://chat.example.test"]}, Reason.MALFORMED),
        ([], Reason.MALFORMED),
    ],
)
def test_an_address_that_is_not_shown_makes_the_log_incomplete(
    details: Any, reason: Reason
) -> None:
    found = read([row(1)], details, updated_at=CHANGED)
    assert found.missing is not None
    assert found.missing.reason is reason


@pytest.mark.parametrize("name", ["id", "event", "delivered_at", "redelivery", "status_code"])
@pytest.mark.parametrize("value", [..., None, [], "odd"])
def test_a_broken_delivery_makes_the_log_incomplete(name: str, value: Any) -> None:
    if (name, value) == ("event", "odd"):
        return
    found = read([row(3, 2), row(2, 1, **{name: value}), row(1, redelivery=True)], at(HOST))
    assert found.missing is not None
    assert 1 in numbers(found)


@pytest.mark.parametrize("answer", [Reply(403, {"message": "Forbidden"}), {"items": []}, "odd"])
def test_a_log_that_is_not_shown_is_unknown(answer: Any) -> None:
    found = read(answer if isinstance(answer, Reply) else Reply(data=answer))
    assert found.facts == ()
    assert found.missing is not None


def test_a_log_that_is_too_long_is_incomplete() -> None:
    def page(request: Request) -> Reply:
        after = f"{LOG}?per_page=100&cursor={request.query.get('cursor', '')}1"
        url = f"http://{request.headers['host']}{after}"
        now = datetime.now(UTC)
        shown = row(1, delivered_at=f"{now:%Y-%m-%dT%H:%M:%SZ}")
        return Reply(data=[shown], headers={"link": f'<{url}>; rel="next"'})

    found = read(page)
    assert found.missing is not None
    assert found.missing.reason is Reason.INCOMPLETE


def test_a_webhook_of_a_repository_is_asked_in_its_own_place() -> None:
    store, known = FactStore(), repository_hook()
    store.put(Answer(RepositoryHook, known.within, (known,), (SEEN,)))
    details = {f"{OF_REPOSITORY}/1": at(HOST)}
    with github({OF_REPOSITORY: [row(1, redelivery=True)], **details}) as (client, _):
        found = of(
            RepositoryDelivery, list(reads(RepositoryDelivery)(client, known.subject, store))
        )
    assert [str(fact.subject) for fact in found.facts] == [
        "github:repo-delivery/cedar-labs/cone/8201/1"
    ]
