from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

import hardenme.collectors.npm.pages as module
from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.npm import account, tokens
from hardenme.facts.npm.account import NpmProfile, NpmTwoFactor
from hardenme.facts.npm.token import NpmToken
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason
from hardenme.sandbox.http import LoopbackServer, Reply, Request
from tests.collectors.scripted import GONE, NPM_TOKEN, of, registry

USER = Subject("npm", "user", "hazel")
LIST = "/-/npm/v1/tokens"
PROFILE = "/-/npm/v1/user"
ME = {"name": "hazel", "email": "hazel@mail.example", "email_verified": True, "tfa": None}
SHOWN = f"{NPM_TOKEN[:8]}...{NPM_TOKEN[-4:]}"
ENTRY = {
    "key": "aa",
    "name": "ci",
    "token": "npm_CANB...0000",
    "permissions": [{"name": "package", "action": "write"}],
    "scopes": [{"type": "package", "name": "@hazel/lamp"}],
    "bypass_2fa": False,
    "created": "2026-01-01T00:00:00.000Z",
    "expiry": "2026-12-01T00:00:00.000Z",
    "accessed": None,
    "cidr": None,
    "revoked": None,
}


def entry(number: int) -> dict[str, Any]:
    return ENTRY | {"key": f"k{number}"}


def pages(*parts: list[Any], total: Any = None, following: str = "") -> Callable[[Request], Reply]:
    """Pages counted from 0; `following` replaces the link to the next one."""

    def answer(request: Request) -> Reply:
        number = int(request.query.get("page", 0))
        more = number + 1 < len(parts)
        link = following or (f"{LIST}?page={number + 1}&perPage=100" if more else None)
        count = sum(map(len, parts)) if total is None else total
        return Reply(data={"objects": parts[number], "total": count, "urls": {"next": link}})

    return answer


def asked(said: Any, **how: Any) -> tuple[Answer[Any], LoopbackServer]:
    with registry({LIST: said}, **how) as (client, server):
        (answer,) = tokens.tokens(client, USER, FactStore())
    return answer, server


def token(**change: Any) -> NpmToken:
    without = [name for name, value in change.items() if value is ...]
    data = {name: value for name, value in (ENTRY | change).items() if name not in without}
    answer, _ = asked(pages([data]))
    fact: NpmToken = answer.facts[0]
    return fact


def unread(**change: Any) -> set[str]:
    return set(token(**change).unknown_fields())


def test_all_pages_are_read() -> None:
    answer, server = asked(pages([entry(1), entry(2)], [entry(3)]))
    assert [fact.token_key for fact in answer.facts] == ["k1", "k2", "k3"]
    assert answer.missing is None
    (atom,) = answer.evidence
    assert (atom.pages_read, atom.pages_expected) == (2, 2)
    assert [request.query["page"] for request in server.requests] == ["0", "1", "0"]
    assert server.requests[0].headers["npm-command"] == "token"


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (pages([entry(1)], total=11), 1),
        (pages([entry(1), entry(2)], [entry(2)]), 2),
        (pages([entry(1), entry(1), entry(2)], total=3), 2),
        (pages([entry(1), {"name": "no key"}]), 1),
        (pages([entry(1), None]), 1),
        ({"objects": [entry(1)]}, 1),
        ({"objects": [entry(1)], "urls": None}, 1),
        ({"objects": [entry(1)], "total": 1, "urls": "something new"}, 1),
        ({"objects": [entry(1)], "total": 1, "urls": ["something new"]}, 1),
        ({"objects": [entry(1)], "total": 1, "urls": {"next": {"something": "new"}}}, 1),
        ({"objects": None, "total": 0}, 0),
        ({"total": 0}, 0),
        (Reply(403, {}), 0),
        (Reply(500, {}), 0),
        (GONE, 0),
        ([], 0),
    ],
)
def test_a_list_that_is_not_whole(said: Any, kept: int) -> None:
    answer, _ = asked(said)
    assert answer.missing is not None
    assert len(answer.facts) == kept


@pytest.mark.parametrize(
    "form", ["{evil}/x", "//{host}/x", "{own}@{host}/x", "{own}.evil.example/x", "file:///x"]
)
def test_a_next_page_elsewhere_is_not_asked(form: str) -> None:
    with LoopbackServer(lambda _: Reply(data={"objects": []})) as evil:

        def answer(request: Request) -> Reply:
            link = form.format(
                evil=evil.url, host=evil.url[7:], own=f"http://{request.headers['host']}"
            )
            return pages([entry(1)], following=link)(request)

        found, server = asked(answer)
    assert evil.requests == []
    assert len(server.requests) == 1
    assert found.missing is not None
    assert found.missing.reason is Reason.INCOMPLETE


def test_a_page_that_leads_to_itself() -> None:
    found, server = asked(pages([entry(1)], following=f"{LIST}?page=0&perPage=100"))
    assert found.missing is not None
    assert len(server.requests) == 1


def test_pages_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_PAGES", 12)

    def answer(request: Request) -> Reply:
        number = int(request.query["page"])
        link = f"{LIST}?page={number + 1}"
        return Reply(data={"objects": [entry(number)], "total": 10**6, "urls": {"next": link}})

    found, server = asked(answer)
    assert found.missing is not None
    assert found.missing.reason is Reason.INCOMPLETE
    assert len(server.requests) == 12


def test_without_a_token_nothing_is_asked() -> None:
    with registry({}, token="") as (client, server):
        for read in (account.account, account.profile, tokens.tokens):
            for answer in read(client, USER, FactStore()):
                assert answer.missing is not None
                assert answer.missing.reason is Reason.NOT_PERMITTED
    assert server.requests == []


def factor(tfa: Any, listed: Any = None) -> Answer[Any]:
    profile = {key: value for key, value in ME.items() if key != "tfa"}
    paths = {
        PROFILE: profile if tfa is ... else profile | {"tfa": tfa},
        LIST: pages([ENTRY]) if listed is None else listed,
    }
    with registry(paths) as (client, _):
        found = list(account.profile(client, USER, FactStore()))
    assert of(NpmProfile, found).facts[0].email_verified is True
    return of(NpmTwoFactor, found)


@pytest.mark.parametrize(
    ("tfa", "mode"),
    [
        (None, "off"),
        (False, "off"),
        ({"pending": True, "mode": "auth-only"}, "pending"),
        ({"pending": False, "mode": "auth-only"}, "auth-only"),
        ({"pending": False, "mode": "auth-and-writes"}, "auth-and-writes"),
    ],
)
def test_the_second_factor_as_a_session_sees_it(tfa: Any, mode: str) -> None:
    assert factor(tfa).facts[0].mode == mode


@pytest.mark.parametrize(
    "tfa",
    [
        ...,
        True,
        {},
        {"mode": "new", "pending": False},
        {"mode": "auth-only", "pending": "no"},
        {"mode": "auth-only", "pending": None},
        {"mode": "auth-only"},
        {"pending": False},
        "auth-only",
        1,
        [],
    ],
)
def test_a_second_factor_that_is_not_understood(tfa: Any) -> None:
    assert "mode" in factor(tfa).facts[0].unknown_fields()


@pytest.mark.parametrize(
    "listed",
    [
        pages([ENTRY | {"token": SHOWN}]),
        pages([ENTRY], total=5),
        pages([ENTRY | {"token": None}]),
        pages([ENTRY | {"token": "npm_CANB"}]),
        Reply(403, {}),
        Reply(401, {}, {"www-authenticate": "OTP"}),
    ],
    ids=[
        "the token itself is listed",
        "list not whole",
        "an entry without ends",
        "an entry with one end",
        "refused",
        "one-time password",
    ],
)
def test_a_token_that_may_be_granular_is_not_believed(listed: Any) -> None:
    answer = factor(None, listed)
    assert answer.facts == ()
    assert answer.missing is not None
    assert answer.missing.reason is Reason.NOT_PERMITTED


def test_a_one_time_password_is_never_asked_for() -> None:
    with registry({PROFILE: Reply(401, {}, {"www-authenticate": "OTP"})}) as (client, server):
        for answer in account.profile(client, USER, FactStore()):
            assert answer.missing is not None
            assert answer.missing.reason is Reason.NEEDS_PRESENCE
    assert len(server.requests) == 1


def test_a_token() -> None:
    fact = token()
    assert not fact.unknown_fields()
    assert (fact.package_write, fact.organization_write, fact.all_packages) == (True, False, False)
    assert fact.packages == {"@hazel/lamp"}
    assert fact.expires_at == datetime(2026, 12, 1, tzinfo=UTC)
    assert (fact.classic, fact.cidr, fact.revoked, fact.last_used) == (False, (), False, None)


@pytest.mark.parametrize("action", ["stage", "publish", "", None, "WRITE"])
def test_an_action_that_nobody_has_seen_may_write(action: Any) -> None:
    odd = [{"name": "package", "action": action}]
    assert {"package_write", "organization_write"} <= unread(permissions=odd)


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"permissions": ...}, {"package_write", "organization_write"}),
        ({"permissions": None}, {"package_write", "organization_write"}),
        ({"permissions": [{}]}, {"package_write"}),
        ({"permissions": [{"name": "new", "action": "read"}]}, {"package_write"}),
        ({"scopes": ...}, {"all_packages", "packages", "scopes"}),
        ({"scopes": [{"type": "new", "name": "x"}]}, {"all_packages", "packages", "scopes"}),
        ({"scopes": [{"type": "package"}]}, {"all_packages", "packages", "scopes"}),
        ({"scopes": [{"type": "package", "name": "@hazel/*"}]}, {"unlimited", "packages"}),
        ({"bypass_2fa": ...}, {"bypass"}),
        ({"bypass_2fa": None}, {"bypass"}),
        ({"bypass_2fa": "false"}, {"bypass"}),
        ({"expiry": ...}, {"expires_at"}),
        ({"expiry": "never"}, {"expires_at"}),
        ({"accessed": ...}, {"last_used"}),
        ({"created": "?"}, {"created_at"}),
        ({"cidr": ...}, {"cidr"}),
        ({"cidr": "10.0.0.0/8"}, {"cidr"}),
        ({"cidr": ["192.0.2.0/24", "the office"]}, {"cidr"}),
        ({"cidr": [3221225984]}, {"cidr"}),
        ({"revoked": ...}, {"revoked"}),
        ({"revoked": ""}, {"revoked"}),
        ({"revoked": 0}, {"revoked"}),
        ({"revoked": {}}, {"revoked"}),
        ({"token": None}, {"shown"}),
        ({"name": 5}, {"name"}),
    ],
)
def test_what_is_not_there_or_not_understood_is_unknown(
    change: dict[str, Any], fields: set[str]
) -> None:
    assert fields <= unread(**change)


@pytest.mark.parametrize(
    ("scopes", "everything"),
    [
        ([], True),
        ([{"type": "package", "name": "*"}], True),
        ([{"type": "scope", "name": "@hazel"}], True),
        ([{"type": "org", "name": "acorn"}], True),
        ([{"type": "package", "name": "a"}], False),
    ],
)
def test_whether_a_token_is_for_all_packages(scopes: Any, *, everything: bool) -> None:
    assert token(scopes=scopes).all_packages is everything


@pytest.mark.parametrize("kind", ["package", "scope"])
def test_a_star_names_all_that_there_is(kind: str) -> None:
    assert token(scopes=[{"type": kind, "name": "*"}, {"type": "package", "name": "a"}]).unlimited
    assert not token(scopes=[{"type": kind, "name": "@hazel"}]).unlimited


def test_a_token_that_only_reads() -> None:
    fact = token(permissions=..., readonly=True)
    assert (fact.package_write, fact.organization_write) == (False, False)
    assert "package_write" in unread(permissions=..., readonly=False)


def test_a_classic_token() -> None:
    bare = {"permissions": ..., "scopes": ..., "expiry": ..., "bypass_2fa": ...}
    assert token(**bare).classic
    assert "classic" in token(**{**bare, "expiry": None}).unknown_fields()
    assert not token(**{**bare, "permissions": []}).classic
