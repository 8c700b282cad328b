from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import dns.rcode
import pytest

from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.mail import COLLECTORS
from hardenme.collectors.mail.client import MailLookups
from hardenme.collectors.mail.domains import domain_of
from hardenme.collectors.mail.registries import QUICK
from hardenme.facts.github.account import EmailAddress
from hardenme.facts.mail import DomainRegistration, MailDomain
from hardenme.facts.npm.account import NpmProfile
from hardenme.ground.distribution import install
from hardenme.model.evidence import Atom
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from hardenme.sandbox.http import LoopbackServer, Reply, Request
from tests.collectors.name_server import SILENT, NameServer, Zone
from tests.factories.given import MISSING

GROVE = "hazel-grove.example"
ADDRESS = f"hazel@{GROVE}"
ENDS = "2027-05-01T10:00:00Z"
ATOM = Atom("GET /user/emails", 200, datetime(2026, 11, 24, tzinfo=UTC))
USER = Subject("github", "user", "hazel")
NPM_USER = Subject("npm", "user", "hazel")


def record(**more: Any) -> dict[str, Any]:
    """A registry's record of a domain (RFC 9083 §5.3)."""
    events = [
        {"eventAction": "registration", "eventDate": "2019-05-01T10:00:00Z"},
        {"eventAction": "expiration", "eventDate": ENDS},
        {"eventAction": "registrar expiration", "eventDate": "2026-12-01T10:00:00Z"},
    ]
    return {"objectClassName": "domain", "ldhName": GROVE, "events": events} | more


class Registry:
    """IANA's list and one registry, on one loopback server."""

    def __init__(self, records: dict[str, Any]) -> None:
        self.records = records
        self.services: Any = None
        self.server = LoopbackServer(self.answer)

    def answer(self, request: Request) -> Reply:
        if request.path == "/rdap/dns.json":
            usual = [
                [["net"], ["http://registry.test/", "https://nowhere.test/"]],
                ["odd"],
                [["EXAMPLE", "test"], ["ftp://x/", f"{self.server.url}/example/"]],
            ]
            services = usual if self.services is None else self.services
            return Reply(data={"version": "1.0", "services": services})
        found = self.records.get(request.path.removeprefix("/example/domain/"))
        if isinstance(found, Reply):
            return found
        headers = {"content-type": "application/rdap+json"}
        if found is None:
            return Reply(404, {"errorCode": 404}, headers)
        return Reply(200, found, headers)

    @property
    def asked(self) -> list[str]:
        return [
            item.path.removeprefix("/example/domain/")
            for item in self.server.requests
            if "/domain/" in item.path
        ]


@contextmanager
def registry(records: dict[str, Any]) -> Iterator[tuple[Registry, MailLookups]]:
    made = Registry(records)
    with made.server:
        bounds = QUICK
        yield made, MailLookups.by(None, f"{made.server.url}/rdap/dns.json", bounds)
        assert made.server.crashes == []


def email(address: str | Unknown = ADDRESS) -> EmailAddress:
    subject = Subject("github", "email", ADDRESS)
    given: dict[str, Any] = {"address": address, "verified": True, "visibility": None}
    return EmailAddress(subject=subject, within=USER, label=ADDRESS, primary=True, **given)


def profile() -> NpmProfile:
    return NpmProfile(
        subject=NPM_USER, within=NPM_USER, label="hazel", email=ADDRESS, email_verified=True
    )


def ask(kind: type[Any], lookups: MailLookups, fact: Any = None) -> Answer[Any]:
    """What the collector answers for a fact that is in the store."""
    fact = email() if fact is None else fact
    collector = next(item for item in COLLECTORS if kind in item.gives)
    assert type(fact) in collector.of
    store = FactStore()
    store.put(Answer(type(fact), fact.within, (fact,), (ATOM,)))
    (answer,) = collector.read(lookups, fact.subject, store)
    assert answer.kind is kind
    assert answer.scope == fact.subject
    return answer


def look_up(zone: Zone) -> Answer[MailDomain]:
    with NameServer(zone) as server:
        return ask(MailDomain, MailLookups.by(server.resolver()))


def told(zone: Zone) -> tuple[bool, bool]:
    answer = look_up(zone)
    assert answer.missing is None
    (fact,) = answer.facts
    assert (fact.domain, fact.subject, fact.within) == (GROVE, answer.scope, USER)
    return fact.exists, fact.receives_mail


MX = (GROVE, "MX")
A = (GROVE, "A")
EXCHANGER = "mx.hazel-grove.example"


@pytest.mark.parametrize(
    ("zone", "exists", "receives"),
    [
        ({MX: [f"10 {EXCHANGER}."], (EXCHANGER, "A"): ["192.0.2.1"]}, True, True),
        ({MX: [f"10 {EXCHANGER}."], (EXCHANGER, "AAAA"): ["2001:db8::1"]}, True, True),
        # An address takes the place of an exchanger (RFC 5321 §5.1).
        ({A: ["192.0.2.1"]}, True, True),
        ({(GROVE, "AAAA"): ["2001:db8::1"]}, True, True),
        # The null exchanger says that no mail is taken, whatever the address (RFC 7505).
        ({MX: ["0 ."], A: ["192.0.2.1"]}, True, False),
        ({(GROVE, "TXT"): ["x"]}, True, False),
        # Exchangers without an address are no way in, and the domain's own does not count then.
        ({MX: [f"10 {EXCHANGER}."], A: ["192.0.2.1"]}, True, False),
        ({MX: [f"10 {EXCHANGER}."], (EXCHANGER, "TXT"): ["x"]}, True, False),
        (
            {MX: ["5 gone.example.", f"10 {EXCHANGER}."], (EXCHANGER, "A"): ["192.0.2.1"]},
            True,
            True,
        ),
        # An alias is followed; one that leads nowhere exists and takes no mail.
        ({(GROVE, "CNAME"): ["other.example."], ("other.example", "A"): ["192.0.2.1"]}, True, True),
        ({(GROVE, "CNAME"): ["other.example."]}, True, False),
        ({}, False, False),
        ({("other.example", "A"): ["192.0.2.1"]}, False, False),
    ],
)
def test_what_the_domain_name_system_says(zone: Zone, *, exists: bool, receives: bool) -> None:
    assert told(zone) == (exists, receives)


def test_evidence_names_each_question() -> None:
    answer = look_up({MX: [f"10 {EXCHANGER}."], (EXCHANGER, "A"): ["192.0.2.1"]})
    assert [(atom.endpoint, atom.status) for atom in answer.evidence] == [
        (f"DNS MX {GROVE}", 200),
        (f"DNS A {EXCHANGER}", 200),
    ]
    absent = look_up({})
    assert [(atom.endpoint, atom.status) for atom in absent.evidence] == [(f"DNS MX {GROVE}", 404)]


@pytest.mark.parametrize(
    "zone",
    [
        {MX: dns.rcode.SERVFAIL},
        {MX: dns.rcode.REFUSED},
        {MX: SILENT},
        {(GROVE, "TXT"): ["x"], A: dns.rcode.SERVFAIL},
        {(GROVE, "TXT"): ["x"], (GROVE, "AAAA"): SILENT},
        # One exchanger is gone and the other one cannot be asked for.
        {MX: ["5 gone.example.", f"10 {EXCHANGER}."], (EXCHANGER, "A"): dns.rcode.SERVFAIL},
    ],
)
def test_no_answer_is_unknown(zone: Zone) -> None:
    answer = look_up(zone)
    assert answer.facts == ()
    assert answer.missing is not None
    assert answer.missing.reason is Reason.UNREACHABLE
    assert GROVE in answer.missing.needed


def test_a_failing_exchanger_does_not_hide_one_that_works() -> None:
    zone = {
        MX: ["5 first.example.", f"10 {EXCHANGER}."],
        ("first.example", "A"): dns.rcode.SERVFAIL,
        (EXCHANGER, "A"): ["192.0.2.1"],
    }
    assert told(zone) == (True, True)


@pytest.mark.parametrize(("number", "reason"), [(5, None), (6, Reason.INCOMPLETE)])
def test_many_dead_exchangers(number: int, reason: Reason | None) -> None:
    answer = look_up({MX: [f"{n} mx{n}.gone.example." for n in range(number)]})
    assert (answer.missing.reason if answer.missing else None) is reason
    assert [fact.receives_mail for fact in answer.facts] == ([] if reason else [False])


def test_names_are_asked_as_they_are_once_a_run() -> None:
    with NameServer({A: ["192.0.2.1"]}) as server:
        lookups = MailLookups.by(server.resolver())
        for fact in (email(), profile(), email(f"other@{GROVE.upper()}.")):
            assert ask(MailDomain, lookups, fact).missing is None
        assert server.questions == [MX, A]


def test_without_the_extra_it_was_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "hardenme.collectors.mail.names", raising=False)
    monkeypatch.delattr("hardenme.collectors.mail.names", raising=False)
    monkeypatch.setitem(sys.modules, "dns.exception", None)
    answer = ask(MailDomain, MailLookups.public())
    assert answer.missing is not None
    assert answer.missing.reason is Reason.NOT_ASKED
    assert install("dns") in answer.missing.needed


def test_making_the_client_asks_nothing() -> None:
    lookups = MailLookups.public()
    assert lookups.resolver is None
    assert lookups.registries.bootstrap.startswith("https://")


def test_an_unknown_address_stays_unknown() -> None:
    for kind in (MailDomain, DomainRegistration):
        answer = ask(kind, MailLookups.public(), email(MISSING))
        assert answer.missing is MISSING
        odd = ask(kind, MailLookups.public(), email("hazel@[192.0.2.1]"))
        assert odd.missing is not None
        assert odd.missing.reason is Reason.MALFORMED


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("hazel@Hazel-Grove.Example.", GROVE),
        ('"a@b"@hazel-grove.example', GROVE),
        ("hazel@bücher.example", "xn--bcher-kva.example"),
        ("hazel@BÜCHER.example", "xn--bcher-kva.example"),
    ],
)
def test_the_domain_of_an_address(address: str, domain: str) -> None:
    assert domain_of(address) == domain


@pytest.mark.parametrize(
    "address",
    [
        "",
        "hazel",
        "hazel@",
        "hazel@.",
        "hazel@localhost",
        "hazel@192.0.2.1",
        "hazel@[192.0.2.1]",
        "hazel@a..example",
        "hazel@-a.example",
        "hazel@a b.example",
        "hazel@a/b.example",
        "hazel@straße.example",
        f"hazel@{'a' * 64}.example",
        f"hazel@{'a.' * 125}example",
    ],
)
def test_what_is_no_domain(address: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        domain_of(address)


def test_the_end_of_a_registration() -> None:
    with registry({GROVE: record()}) as (made, lookups):
        for fact in (email(), profile()):
            answer = ask(DomainRegistration, lookups, fact)
            (found,) = answer.facts
            assert found.domain == GROVE
            assert found.expires_at == datetime(2027, 5, 1, 10, tzinfo=UTC)
            assert found.within == fact.within
            assert [atom.endpoint for atom in answer.evidence] == [
                "GET /rdap/dns.json",
                f"GET /domain/{GROVE}",
            ]
        assert made.asked == [GROVE]
        sent = made.server.requests[-1].headers
        assert "authorization" not in sent
        assert sent["accept"].startswith("application/rdap+json")


@pytest.mark.parametrize(
    ("domain", "asked"),
    [
        (f"mail.{GROVE}", [f"mail.{GROVE}", GROVE]),
        (f"a.mail.{GROVE}", [f"a.mail.{GROVE}", f"mail.{GROVE}", GROVE]),
        # Three questions at most: the ones next to the top.
        (f"b.a.mail.{GROVE}", [f"a.mail.{GROVE}", f"mail.{GROVE}", GROVE]),
    ],
)
def test_the_registered_domain_is_found_upwards(domain: str, asked: list[str]) -> None:
    with registry({GROVE: record(), f"mail.{GROVE}": Reply(400)}) as (made, lookups):
        (found,) = ask(DomainRegistration, lookups, email(f"hazel@{domain}")).facts
        assert found.domain == GROVE
        assert made.asked == asked


def test_the_earliest_of_several_ends_counts() -> None:
    events = [
        {"eventAction": "expiration", "eventDate": "2028-01-01T00:00:00Z"},
        {"eventAction": "expiration", "eventDate": "2027-01-01T02:00:00+02:00"},
    ]
    with registry({GROVE: record(events=events)}) as (_, lookups):
        (found,) = ask(DomainRegistration, lookups).facts
        assert found.expires_at == datetime(2027, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (None, Reason.NOT_VISIBLE),
        (Reply(403), Reason.NOT_VISIBLE),
        (Reply(301, headers={"location": "https://elsewhere.test/"}), Reason.NOT_VISIBLE),
        (record(events=[]), Reason.NOT_VISIBLE),
        (record(events=[{"eventAction": "expiration"}]), Reason.MALFORMED),
        (record(events=[{"eventAction": "expiration", "eventDate": "soon"}]), Reason.MALFORMED),
        (
            record(events=[{"eventAction": "expiration", "eventDate": "2027-05-01T10:00:00"}]),
            Reason.MALFORMED,
        ),
        (record(events="none"), Reason.NOT_VISIBLE),
        (Reply(200, body=b"<html>", headers={"content-type": "text/html"}), Reason.MALFORMED),
        (Reply(429, headers={"retry-after": "600"}), Reason.RATE_LIMITED),
        (Reply(429), Reason.RATE_LIMITED),
        (Reply(503), Reason.UNREACHABLE),
    ],
)
def test_what_a_registry_does_not_tell_is_unknown(found: Any, reason: Reason) -> None:
    with registry({GROVE: found}) as (_, lookups):
        answer = ask(DomainRegistration, lookups)
        assert answer.facts == ()
        assert answer.missing is not None
        assert answer.missing.reason is reason


@pytest.mark.parametrize("path", ["/rdap/dns.json", f"/example/domain/{GROVE}"])
def test_a_lost_connection_is_unknown(path: str) -> None:
    with registry({GROVE: record()}) as (made, lookups):
        made.server.fault(path, hang_up=True)
        missing = ask(DomainRegistration, lookups).missing
        assert missing is not None
        assert missing.reason is Reason.UNREACHABLE


@pytest.mark.parametrize(
    ("services", "reason"),
    [
        ([], Reason.NOT_VISIBLE),
        ([[["com"], ["https://nowhere.test/"]]], Reason.NOT_VISIBLE),
        # From a list that came over plain http on loopback, no other scheme is followed.
        ([[["example"], ["https://nowhere.test/", "file:///x"]]], Reason.NOT_VISIBLE),
        ([[["example"], ["http://192.0.2.1/"]]], Reason.NOT_VISIBLE),
        ([[["example"], ["http://127.0.0.1/?q"]]], Reason.NOT_VISIBLE),
        ([[["example"], []], 5, [[], []], ["a", "b"]], Reason.NOT_VISIBLE),
        ("none", Reason.MALFORMED),
    ],
)
def test_a_list_without_a_usable_server(services: Any, reason: Reason) -> None:
    with registry({GROVE: record()}) as (made, lookups):
        made.services = services
        missing = ask(DomainRegistration, lookups).missing
        assert missing is not None
        assert missing.reason is reason
        assert made.asked == []


def test_a_top_level_domain_is_no_registration() -> None:
    with registry({"test": record()}) as (made, lookups):
        made.services = [[["grove.test", "test"], [f"{made.server.url}/example/"]]]
        missing = ask(DomainRegistration, lookups, email("hazel@grove.test")).missing
        assert missing is not None
        assert missing.reason is Reason.NOT_VISIBLE
        assert made.asked == []
