"""The form of the JSON report, as described by `report.schema.json` next to this file.

Writing and reading both use these classes. They cover what has another form in a report than in the
model. A member that an earlier 1.x does not have may be absent.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache, partial
from typing import Any

from hardenme.codec.layout import Layout
from hardenme.codec.shape import LARGEST, LEAVES, TEXT, Shape, demand, text
from hardenme.codec.typed import Codec
from hardenme.ground.errors import ContentError
from hardenme.model.evidence import Atom, Seen
from hardenme.model.inventory import Place
from hardenme.model.inventory import State as ItemState
from hardenme.model.publishing import ClosingStep as PublishStep
from hardenme.model.publishing import PackagePaths, PublishPath, State
from hardenme.model.report import SCHEMA_VERSION, CheckText, Coverage, Report, Traffic
from hardenme.model.safe_text import is_safe_text
from hardenme.model.severity import Severity
from hardenme.model.standard import Control
from hardenme.model.subject import Subject
from hardenme.model.text import visible
from hardenme.model.unknown import Reason, Unknown
from hardenme.model.verdict import Fix
from hardenme.model.waiver import Waiver
from hardenme.reports import values
from hardenme.reports.members import Member
from hardenme.reports.plain import LONGEST_TEXT, plain, timestamp

CODE = re.compile(r"[A-Z]{3}[0-9]{3}")
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
"""What checks are called. Formats take both for words of ours, and print them as they are."""
MANY = 1 << 12
"""Texts of one kind that are parsed once: ids and times repeat in many consecutive findings."""
SCALARS = (str, int, float, type(None))
"""What a field that decided can be, or a list of them."""
NULL = type(None)


@dataclass(frozen=True, slots=True)
class StoredProfile:
    """The profile in force, and whether hardenme chose it."""

    name: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class WiderStep:
    """A step that closes several findings at once: written once, and the findings refer to it."""

    name: str
    fix: Fix
    closes: int = 0
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredFix:
    """A fix, with the name of the step that closes more."""

    fix: Fix
    wider: str | None = None


@dataclass(frozen=True, slots=True)
class StoredEvidence:
    """What decided, and the answers that it was read from."""

    seen: Seen
    sources: tuple[Atom, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredQuestion:
    """A question that a person can answer, and the page that has the answer."""

    question: str
    page: str


@dataclass(frozen=True, slots=True)
class StoredUnknown:
    """Why it is not known, and who could answer in the provider's place."""

    reason: Reason
    needed: str
    question: StoredQuestion | None = None


@dataclass(frozen=True, slots=True)
class StoredManual:
    """A question for a person, and what to do if they answer "no"."""

    question: str
    page: str
    fix: StoredFix | None = None


@dataclass(frozen=True, slots=True)
class StoredAttested:
    """Who stated it, and until when it counts."""

    by: str
    until: datetime


@dataclass(frozen=True, slots=True)
class StoredFinding:
    """A finding. One that is read may be a pass in short, so that little has to be there."""

    code: str
    subject: Subject
    within: Subject
    outcome: str
    slug: str | None = None
    title: str = ""
    label: str = ""
    severity: Severity | None = None
    message: str | None = None
    evidence: StoredEvidence | None = None
    fix: StoredFix | None = None
    waiver: Waiver | None = None
    lapsed: Waiver | None = None
    unknown: StoredUnknown | None = None
    manual: StoredManual | None = None
    attested: StoredAttested | None = None


def _id_of(subject: object) -> str:
    """A subject's id. A name of which nothing can be shown says so, or it could not be read."""
    said = str(subject)
    return f"{said}(no name)" if said.partition("/")[2] == "" else said


def _seen_fields(seen: Seen) -> dict[str, Any]:
    return {values.text(name): _seen(value) for name, value in seen.items()}


def _seen(value: Any) -> Any:
    if isinstance(value, str):
        return values.text(value)
    if isinstance(value, list | tuple):
        return [_seen(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value


def _as_seen(raw: Any) -> Seen:
    for name, value in demand(dict, raw).items():
        items = value if isinstance(value, list) else [value]
        if not all(isinstance(item, SCALARS) for item in items):
            raise ContentError("is not a plain value", (name,))
    found: Seen = raw
    return found


def _profile(report: Report) -> dict[str, Any]:
    return {"name": values.text(report.profile), "chosen": report.profile_chosen}


def _checks(told: Mapping[str, CheckText]) -> dict[str, Any]:
    return {values.text(code): FORM.write(text) for code, text in sorted(told.items())}


def _as_checks(raw: Any) -> dict[str, CheckText]:
    found = {}
    for code, told in demand(dict, raw).items():
        if not CODE.fullmatch(code):
            raise ContentError("names what is not a check")
        try:
            found[code] = CheckText(**{"code": code, **FORM.members(CheckText, told)})
        except ContentError as error:
            raise error.within(code) from None
    return found


def _count(raw: Any) -> int:
    if type(raw) is not int or not 0 <= raw <= LARGEST:
        raise ContentError("is not a count")
    return raw


def _number(raw: Any) -> int:
    if type(raw) is not int or abs(raw) > LARGEST:
        raise ContentError("is not a whole number")
    return raw


def _named(form: Any) -> Shape:
    def parse(raw: str) -> str:
        if not form.fullmatch(raw):
            raise ValueError
        return raw

    return text(parse, values.text, "the name of a check")


@lru_cache(MANY)
def _in_utc(raw: str) -> datetime:
    moment = datetime.fromisoformat(raw)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


INTEGER, OBJECT = frozenset({int}), frozenset({dict})
OWN_TEXT = Shape(values.text, TEXT.read, TEXT.forms)
EMPTY = Shape(
    lambda value: values.text(value) or None,
    lambda raw: "" if raw is None else TEXT.read(raw),
    frozenset({str, NULL}),
)
"""A text that is null if it is empty."""
LINES = Shape(values.paragraphs, TEXT.read, TEXT.forms)
EMPTY_LINES = Shape(
    lambda value: values.paragraphs(value) or None,
    lambda raw: "" if raw is None else TEXT.read(raw),
    frozenset({str, NULL}),
)
"""Lines that are null if there are none."""
COUNTS = Shape(
    values.numbers,
    Codec(shapes={int: Shape(int, _count, INTEGER)}, objects=True).shape(Mapping[str, int]).read,
    OBJECT,
)
"""Counts by name, sorted as they are shown."""
LABEL = Shape(plain, lambda raw: visible(TEXT.read(raw)), TEXT.forms)
NAMED = {"code": _named(CODE), "slug": _named(SLUG)}
SHAPES: Mapping[Any, Shape] = {
    str: OWN_TEXT,
    int: Shape(int, _count, INTEGER),
    float: Shape(partial(round, ndigits=3), LEAVES[float].read, LEAVES[float].forms),
    datetime: text(_in_utc, timestamp, "a moment"),
    Subject: text(
        lru_cache(MANY)(Subject.parse), lambda one: _id_of(values.text(str(one))), "a subject's id"
    ),
    Severity: text(lru_cache(MANY)(Severity.parse)),
    Seen: Shape(_seen_fields, _as_seen, OBJECT),
    ItemState: Codec(shapes={int: Shape(int, _number, INTEGER), str: OWN_TEXT}).shape(ItemState),
}
PASS = ("code", "subject", "within", "outcome")
COLLECTIONS = ("findings", "steps", "members", "standards", "publishing", "inventory")
"""The members of a report that come after those of `RECORDS`; then comes `carried`."""
CARRIED = ("findings", "steps", "places")
"""The members of what is carried."""
RECORDS: Mapping[type, Layout] = {
    Report: Layout(
        (
            *("schema_version", "version", "started", "redacted", "targets", "profile"),
            *("identities", "fail_on", "allowed_unknown", "partial", "halted", "unread"),
            *("warnings", "counts", "coverage", "traffic", "waivers", "accounted", "checks"),
        ),
        given=(
            *(
                "findings",
                "profile",
                "profile_chosen",
                "publishing",
                "standards",
                "inventory",
                "carried",
            ),
            "not_found",
        ),
        absent=("redacted", "halted", "unread", "waivers", "accounted"),
        shapes={
            "redacted": EMPTY,
            "partial": EMPTY,
            "checks": Shape(_checks, _as_checks, OBJECT),
        },
        told={
            "schema_version": lambda _: SCHEMA_VERSION,
            "profile": _profile,
            "counts": Report.counts,
        },
    ),
    Coverage: Layout(shapes={"not_selected": COUNTS}),
    Traffic: Layout(shapes={"requests": COUNTS}),
    CheckText: Layout(
        ("slug", "title", "severity", "summary", "why", "fix", "limits", "controls"),
        given=("code",),
        absent=("controls",),
        shapes={**NAMED, "why": LINES, "fix": LINES, "limits": LINES},
    ),
    Waiver: Layout(
        ("check", "subject", "reason", "by", "until", "issue", "origin"),
        absent=("by", "issue", "origin"),
        shapes={"issue": EMPTY, "origin": EMPTY},
    ),
    StoredFinding: Layout(
        (
            *("code", "slug", "title", "subject", "within", "label", "outcome", "severity"),
            *("message", "evidence", "fix", "waiver", "lapsed", "unknown", "manual", "attested"),
        ),
        absent=(
            *("slug", "title", "label", "severity", "message", "evidence", "fix"),
            *("waiver", "lapsed", "unknown", "manual", "attested"),
        ),
        shapes={**NAMED, "label": LABEL},
    ),
    Atom: Layout(
        ("endpoint", "status", "pages_read", "pages_expected", "observed_at", "cached"),
    ),
    Fix: Layout(
        ("step", "page", "command", "needs", "undo"),
        shapes={
            "step": LINES,
            "page": EMPTY,
            "command": EMPTY_LINES,
            "needs": LINES,
            "undo": LINES,
        },
    ),
    StoredFix: Layout(absent=("wider",), flat="fix"),
    StoredUnknown: Layout(sparse=("question",)),
    StoredManual: Layout(absent=("fix",)),
    WiderStep: Layout(("name", "closes", "codes", "fix"), absent=("closes", "codes"), flat="fix"),
    Member: Layout(shapes={"role": EMPTY, "since": EMPTY}),
    Control: Layout(absent=("checks", "gap"), shapes={"gap": EMPTY}),
    Unknown: Layout(("reason", "needed")),
    PackagePaths: Layout(
        ("package", "weekly", "counts", "paths", "steps", "unread", "releases"),
        absent=("releases",),
        told={"counts": lambda one: {state.value: one.count(state) for state in State}},
    ),
    PublishPath: Layout(
        ("key", "way", "name", "state", "intended", "reason", "needed", "hops"),
        shapes={"needed": EMPTY},
    ),
    PublishStep: Layout(("key", "closes", "presence", "fix"), flat="fix"),
}
FORM = Codec(shapes=SHAPES, records=RECORDS, objects=True, closed=False)
SHORT = Codec(shapes=SHAPES, records={StoredFinding: Layout(PASS)})
"""The same for a pass, which is stored in short form."""
KEPT = Codec(shapes=SHAPES, records={StoredFinding: Layout((*PASS, "slug", "title", "severity"))})
"""The same for a pass whose check is not listed in the report."""
AS_THEY_ARE = {str: TEXT, Subject: text(Subject.parse, _id_of), ItemState: Codec().shape(ItemState)}
INVENTORY = Codec(shapes=AS_THEY_ARE, records=RECORDS, objects=True)
"""The same for places, with texts as they are."""


def place(one: Place) -> dict[str, Any]:
    """A place, each text in it without secrets and hidden characters."""
    found: dict[str, Any] = INVENTORY.write(one)
    items = one.items
    if not is_safe_text(found, LONGEST_TEXT):
        found = FORM.write(one)
        items = FORM.read(Place, found).items
    # That of an item which is read back from here has to be the same.
    for told, item in zip(found["items"], items, strict=True):
        told["fingerprint"] = item.fingerprint
    return found
