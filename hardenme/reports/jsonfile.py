"""The report as JSON, as `report.schema.json` beside this file describes it."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from hardenme.model.carried import Carried
from hardenme.model.evidence import Atom
from hardenme.model.finding import Attested, Errored, Finding
from hardenme.model.glance import weight
from hardenme.model.publishing import Publishing
from hardenme.model.report import SCHEMA_VERSION, CheckText, Report
from hardenme.model.unknown import WHAT_TO_DO, Unknown
from hardenme.model.verdict import Failed, Fix, Manual, NotApplicable, Passed
from hardenme.model.waiver import Waiver
from hardenme.reports import inventory_json, publishing_json, values
from hardenme.reports.grouping import ERRORED_ACTION
from hardenme.reports.members import Members
from hardenme.reports.plain import plain, timestamp
from hardenme.reports.style import Style

SCHEMA = Path(__file__).with_name("report.schema.json")
"""The JSON Schema (draft 2020-12) of what `render` writes."""


def render(report: Report, style: Style) -> str:
    """The report as JSON in one piece."""
    return "".join(pieces(report, style))


def pieces(report: Report, style: Style) -> Iterator[str]:  # noqa: ARG001  (every format takes a style)
    """The report as JSON: ASCII, keys in a fixed order, one finding or place a line and a piece.

    White space follows every comma and colon, so that no pattern of a secret reaches from one
    value into the next when the text is searched. Steps and members stand behind the findings,
    since what they hold is known once all of these have passed by.
    """
    steps, people = Steps(), Members()
    head = (f"  {_dump(key)}: {_part(key, value)}" for key, value in _head(report).items())
    yield "{\n" + ",\n".join(head) + ',\n  "findings": '
    yield from _lines((_told(one, steps, people) for one in report.findings), "    ")
    for key, value in (("steps", steps.document()), ("members", _members(people))):
        yield f',\n  "{key}": {_part(key, value)}'
    yield f',\n  "standards": {_part("standards", values.standards(report.standards))}'
    yield from _publishing(report.publishing)
    yield ',\n  "inventory": '
    yield from _lines(map(inventory_json.place, report.inventory), "    ")
    yield from _carried(report.carried)
    yield "\n}\n"


def _lines(items: Iterable[Any], indent: str) -> Iterator[str]:
    """A list: one item a line and a piece."""
    comma = ""
    yield "["
    for item in items:
        yield f"{comma}\n{indent}{_dump(item)}"
        comma = ","
    yield f"\n{indent[2:]}]" if comma else "]"


def _carried(carried: Carried) -> Iterator[str]:
    """What is not known any more. Its findings have steps of their own: these close nothing now."""
    steps = Steps()
    yield ',\n  "carried": {\n    "findings": '
    yield from _lines((_kept(one, steps) for one in carried.findings), "      ")
    yield ',\n    "steps": '
    yield from _lines(steps.document(), "      ")
    yield ',\n    "places": '
    yield from _lines(map(inventory_json.place, carried.places), "      ")
    yield "\n  }"


def _kept(finding: Finding, steps: Steps) -> dict[str, Any]:
    """A finding whose check this report may not tell of."""
    short = _finding(finding, steps)
    if not isinstance(finding.outcome, Passed):
        return short
    slug, title = values.text(finding.slug), values.text(finding.title)
    return {**short, "slug": slug, "title": title, "severity": str(finding.severity)}


def _publishing(publishing: Publishing | None) -> Iterator[str]:
    """Who can publish: one package a line and a piece."""
    if publishing is None:
        yield ',\n  "publishing": null'
        return
    parts = {
        "packages": (publishing_json.package(one) for one in publishing.packages),
        "reaches": (publishing_json.reach(one) for one in publishing.reaches),
    }
    yield ',\n  "publishing": {'
    for number, (key, items) in enumerate(parts.items()):
        yield f'{"," if number else ""}\n    "{key}": '
        yield from _lines(items, "      ")
    yield "\n  }"


def _part(key: str, value: Any) -> str:
    if key in {"steps", "members", "standards"} and value:
        return "[\n" + ",\n".join(f"    {_dump(item)}" for item in value) + "\n  ]"
    if key == "checks" and value:
        lines = (f"    {_dump(code)}: {_dump(text)}" for code, text in value.items())
        return "{\n" + ",\n".join(lines) + "\n  }"
    return _dump(value)


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(", ", ": "))


class Steps:
    """The steps that close several findings at once: each stands once, and findings name it."""

    def __init__(self) -> None:
        self._names: dict[Fix, str] = {}
        self._codes: dict[Fix, set[str]] = {}
        self._closes: Counter[Fix] = Counter()

    def name(self, step: Fix, code: str) -> str:
        """The name of a step; one more finding of a check is closed by it."""
        self._closes[step] += 1
        self._codes.setdefault(step, set()).add(code)
        return self._names.setdefault(step, f"step-{len(self._names) + 1}")

    def document(self) -> list[dict[str, Any]]:
        """All of them as plain values, in the order in which they were named."""
        return [
            {
                "name": name,
                "closes": self._closes[step],
                "codes": sorted(map(values.text, self._codes[step])),
                **values.parts(step),
            }
            for step, name in self._names.items()
        ]


def _members(people: Members) -> list[dict[str, Any]]:
    return [
        {
            "organization": values.text(one.organization),
            "login": values.text(one.login),
            "role": one.role or None,
            "two_factor": one.two_factor,
            "teams": one.teams,
            "active": one.active,
            "since": one.since or None,
            "administers": one.administers,
            "administers_at_least": one.at_least,
        }
        for one in people.all()
    ]


def _head(report: Report) -> dict[str, Any]:
    """All but the findings as plain values, each string without secrets and hidden characters."""
    coverage, traffic = report.coverage, report.traffic
    return {
        "schema_version": SCHEMA_VERSION,
        "version": values.text(report.version),
        "started": timestamp(report.started),
        "redacted": values.text(report.redacted) or None,
        "targets": values.texts(report.targets),
        "profile": {"name": values.text(report.profile), "chosen": report.profile_chosen},
        "identities": [
            {
                "provider": values.text(identity.provider),
                "host": values.text(identity.host),
                "login": values.text(identity.login),
                "kind": values.text(identity.kind),
                "source": values.text(identity.source),
            }
            for identity in report.identities
        ],
        "fail_on": str(report.fail_on),
        "allowed_unknown": values.texts(report.allowed_unknown),
        "partial": values.text(report.partial) or None,
        "halted": None if report.halted is None else report.halted.value,
        "warnings": values.texts(report.warnings),
        "counts": report.counts(),
        "coverage": {
            "known": coverage.known,
            "asked": coverage.asked,
            "checks": coverage.checks,
            "not_selected": values.numbers(coverage.not_selected),
            "notes": values.texts(coverage.notes),
        },
        "traffic": {
            "requests": values.numbers(traffic.requests),
            "spared": traffic.spared,
            "seconds": round(traffic.seconds, 3),
        },
        "waivers": {
            "unused": [_waiver(one) for one in report.waivers.unused],
            "expired": [_waiver(one) for one in report.waivers.expired],
            "proposed": [_waiver(one) for one in report.waivers.proposed],
        },
        "checks": {values.text(code): _check(text) for code, text in sorted(report.checks.items())},
    }


def _waiver(waiver: Waiver | None) -> dict[str, Any] | None:
    if waiver is None:
        return None
    return {
        "check": values.text(waiver.check),
        "subject": values.text(waiver.subject),
        "reason": values.text(waiver.reason),
        "by": values.text(waiver.by),
        "until": waiver.until.isoformat(),
        "issue": values.text(waiver.issue) or None,
        "origin": values.text(waiver.origin) or None,
    }


def _check(text: CheckText) -> dict[str, Any]:
    return {
        "slug": values.text(text.slug),
        "title": values.text(text.title),
        "severity": str(text.severity),
        "summary": values.text(text.summary),
        "why": values.paragraphs(text.why),
        "fix": values.paragraphs(text.fix),
        "limits": values.paragraphs(text.limits),
        "controls": values.texts(text.controls),
    }


def _finding(finding: Finding, steps: Steps) -> dict[str, Any]:
    outcome = finding.outcome
    if isinstance(outcome, Passed):
        return {
            "code": values.text(finding.code),
            "subject": values.text(str(finding.subject)),
            "within": values.text(str(finding.within)),
            "outcome": finding.result,
        }
    return {
        "code": values.text(finding.code),
        "slug": values.text(finding.slug),
        "title": values.text(finding.title),
        "subject": values.text(str(finding.subject)),
        "within": values.text(str(finding.within)),
        "label": plain(finding.label),
        "outcome": finding.result,
        "severity": str(weight(finding)),
        "message": values.text(_message(finding)),
        "evidence": _evidence(finding),
        "fix": _fix(outcome.fix, finding.code, steps) if isinstance(outcome, Failed) else None,
        "waiver": _waiver(finding.waiver),
        "lapsed": _waiver(finding.lapsed),
        "unknown": (
            {"reason": outcome.reason.value, "needed": values.text(outcome.needed)}
            if isinstance(outcome, Unknown)
            else None
        ),
        "manual": _manual(outcome, finding.code, steps) if isinstance(outcome, Manual) else None,
        "attested": (
            {"by": values.text(outcome.by), "until": timestamp(outcome.until)}
            if isinstance(outcome, Attested)
            else None
        ),
    }


def _told(finding: Finding, steps: Steps, people: Members) -> dict[str, Any]:
    people.take(finding)
    return _finding(finding, steps)


def _manual(outcome: Manual, code: str, steps: Steps) -> dict[str, Any]:
    return {
        "question": values.text(outcome.question),
        "page": values.text(outcome.page),
        "fix": None if outcome.fix is None else _fix(outcome.fix, code, steps),
    }


def _message(finding: Finding) -> str:
    outcome = finding.outcome
    if isinstance(outcome, Unknown):
        return outcome.seen or WHAT_TO_DO[outcome.reason]
    if isinstance(outcome, Errored):
        return f"{outcome.error}: {ERRORED_ACTION}"
    if isinstance(outcome, Manual):
        return outcome.question
    return outcome.message


def _evidence(finding: Finding) -> dict[str, Any]:
    outcome = finding.outcome
    seen = outcome.seen if isinstance(outcome, Failed | NotApplicable) else {}
    sources = finding.sources
    if not sources and isinstance(outcome, Unknown):
        sources = outcome.evidence
    return {
        "seen": {values.text(name): _seen(value) for name, value in seen.items()},
        "sources": [_source(atom) for atom in sources],
    }


def _source(atom: Atom) -> dict[str, Any]:
    return {
        "endpoint": values.text(atom.endpoint),
        "status": atom.status,
        "pages_read": atom.pages_read,
        "pages_expected": atom.pages_expected,
        "observed_at": timestamp(atom.observed_at),
        "cached": atom.cached,
    }


def _fix(fix: Fix, code: str, steps: Steps) -> dict[str, Any]:
    wider = None if fix.wider is None else steps.name(fix.wider, code)
    return {**values.parts(fix), "wider": wider}


def _seen(value: Any) -> Any:
    if isinstance(value, str):
        return values.text(value)
    if isinstance(value, list | tuple):
        return [_seen(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value
