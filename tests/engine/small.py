"""Small facts and checks, so that a test of the engine shows all that it rests on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from hardenme.collectors.fact_store import FactStore
from hardenme.engine.evaluate import evaluate
from hardenme.engine.index import Index
from hardenme.model.check import Check, check
from hardenme.model.evidence import Atom
from hardenme.model.fact import Answer, Attestation, Fact, key
from hardenme.model.finding import Finding
from hardenme.model.given import Given, Now
from hardenme.model.severity import Severity
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from hardenme.model.verdict import Failed, Fix, Passed, Verdict
from tests import moment

NOW = Now(moment.NOW)
HOUSE = Subject("github", "user", "hazel")
OTHER = Subject("github", "user", "rowan")
REFUSED = Unknown(Reason.NOT_PERMITTED, "the scope doors:read")
LOST = Unknown(Reason.INCOMPLETE, "every page of the list")
FIX = Fix("Lock it.", page="https://host.example.test/doors")


@dataclass(frozen=True, slots=True, kw_only=True)
class House(Fact):
    """The account."""

    asked_at: ClassVar[str] = "github"
    noun: ClassVar[str] = "house"

    guarded: bool = key()


@dataclass(frozen=True, slots=True, kw_only=True)
class Door(Fact):
    """One of a house's doors."""

    asked_at: ClassVar[str] = "github"
    listed_by: ClassVar[type[Fact] | None] = House
    noun: ClassVar[str] = "door"

    locked: bool = key()


def atom(path: str = "/doors", status: int = 200) -> Atom:
    """An answer that was read."""
    return Atom(f"GET {path}", status, NOW.time)


def house(subject: Subject = HOUSE, **fields: Any) -> Answer[House]:
    """The answer about a house."""
    fact = House(subject=subject, within=subject, **{"guarded": True, **fields})
    return Answer(House, subject, (fact,), (atom("/house"),))


def door(name: str, within: Subject = HOUSE, **fields: Any) -> Door:
    """A locked door."""
    subject = Subject("github", "door", name)
    return Door(subject=subject, within=within, label=name, **{"locked": True, **fields})


def doors(
    *facts: Door,
    scope: Subject = HOUSE,
    missing: Unknown | None = None,
    attested: Attestation | None = None,
    evidence: tuple[Atom, ...] | None = None,
) -> Answer[Door]:
    """The answer that lists doors."""
    return Answer(
        Door, scope, facts, (atom(),) if evidence is None else evidence, missing, attested
    )


@check("DOR101", "door-locked", title="Door is open", severity=Severity.HIGH, since="0.1")
def door_locked(door: Door) -> Verdict:
    """The door is locked."""
    seen: dict[str, Any] = {"locked": door.locked}
    return Passed("locked", seen) if door.locked else Failed("open", seen, FIX)


def a_check(function: Callable[..., Any], code: str = "DOR102", *, asks: bool = False) -> Check:
    """Make a check of a function."""
    weight = Severity.MEDIUM
    made = check(code, "some-check", title="Some problem", severity=weight, since="0.1", asks=asks)
    return made(function)


def judge(
    checks: Check | Iterable[Check], *answers: Answer[Any], givens: tuple[Given, ...] = ()
) -> dict[str, Finding]:
    """The findings over these answers, by the subject's name; one check at a time."""
    store = FactStore()
    for answer in answers:
        store.put(answer)
    several = (checks,) if isinstance(checks, Check) else tuple(checks)
    found = evaluate(several, Index(store, (NOW, *givens)), NOW)
    return {finding.subject.name: finding for finding in found}
