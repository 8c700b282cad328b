"""Small reports to hold against each other: findings, items, and runs that could not see all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hardenme.model.drift import Drift
from hardenme.model.evidence import Atom
from hardenme.model.finding import Attested, Errored, Finding, Outcome
from hardenme.model.inventory import InventoryItem, Place, State
from hardenme.model.last_known import LastKnown
from hardenme.model.report import CheckText, Coverage, Identity, Report, Traffic
from hardenme.model.severity import Severity
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from hardenme.model.verdict import Failed, Fix, Manual, NotApplicable, Passed
from hardenme.model.waiver import Waiver

AT = datetime(2026, 11, 24, 6, tzinfo=UTC)
ORG = Subject("github", "org", "acme")
WEB = Subject("github", "repo", "acme/web")
FIX = Fix("Turn it on", "https://github.example.test/acme/web/settings")
WAIVER = Waiver("GHR101", "github:repo/acme/*", "an archive", date(2027, 1, 31), by="hazel")
REFUSED = Unknown(Reason.NOT_PERMITTED, "administration: read")
SEEN = (Atom("GET /repos/acme/web", 200, AT),)
CODES = ("GHR101", "GHR102", "GHK101")


def finding(
    result: str = "failed",
    subject: Subject = WEB,
    within: Subject | None = None,
    code: str = "GHR101",
    severity: Severity = Severity.HIGH,
    **fields: Any,
) -> Finding:
    """A finding of a result."""
    waiver = WAIVER if result == "waived" else None
    holder = within or subject
    made = Finding(
        code, "a-check", "It is off", subject, holder, "", OUTCOMES[result], severity, SEEN
    )
    return replace(made, waiver=waiver, **fields)


OUTCOMES: dict[str, Outcome] = {
    "failed": Failed("it is off", {"on": False}, FIX),
    "waived": Failed("it is off", {"on": False}, FIX),
    "passed": Passed("it is on", {"on": True}),
    "not_applicable": NotApplicable("there is none", {"count": 0}),
    "unknown": REFUSED,
    "errored": Errored("KeyError"),
    "manual": Manual("Is it on?", "https://github.example.test/settings"),
    "attested": Attested("yes", "hazel", AT),
}


def report(
    *findings: Finding, places: Iterable[Place] = (), week: int = 0, **fields: Any
) -> Report:
    """A report of a whole run over an organization."""
    texts = {
        code: CheckText(code, "a-check", "It is off", Severity.HIGH, "On.", "Why.", "", "")
        for code in CODES
    }
    base = Report(
        version="0.1.0",
        started=AT + timedelta(weeks=week),
        targets=("github:acme",),
        profile="org",
        profile_chosen=False,
        identities=(Identity("github", "https://api.github.test", "hazel", "fine-grained", "env"),),
        findings=findings,
        checks=texts,
        coverage=Coverage(0, 0, len(texts)),
        traffic=Traffic({}, 0, 1.0),
        fail_on=Severity.HIGH,
        inventory=tuple(places),
    )
    return replace(base, **fields)


def remembering(after: Report, *findings: Finding, places: Iterable[Place] = ()) -> Report:
    """A report that carries something."""
    return replace(after, carried=LastKnown(findings, tuple(places)))


def key(number: int, place: Subject = WEB, **state: State) -> InventoryItem:
    """A deploy key."""
    subject = Subject("github", "deploy-key", f"{place.name}/{number}")
    return InventoryItem(
        "deploy key", subject, f"key {number}", f"D{number}", {"read_only": True, **state}
    )


def place(
    *items: InventoryItem,
    subject: Subject = WEB,
    why: Unknown | None = None,
    kind: str = "deploy key",
) -> Place:
    """What was seen of a kind at a place."""
    return Place(subject, {kind: why}, items)


def repository(name: str = "acme/web", number: str = "R1", **state: State) -> InventoryItem:
    """A repository, as its owner lists it."""
    known: dict[str, State] = {"name": name, "visibility": "private", **state}
    return InventoryItem("repository", Subject("github", "repo", name), name, number, known)


def owner(*items: InventoryItem, why: Unknown | None = None) -> Place:
    """The organization's list of repositories."""
    return place(*items, subject=ORG, why=why, kind="repository")


def steps(drift: Drift) -> list[tuple[str, str]]:
    """The changes of findings, in short."""
    return [(one.step.name, f"{one.code} {one.subject}") for one in drift.changes]


def turns(drift: Drift) -> list[tuple[str, str]]:
    """The changes of items, in short."""
    items = ((one, one.after or one.before) for one in drift.items)
    return [(one.turn.name, item.label if item else f"{one.kind} list") for one, item in items]
