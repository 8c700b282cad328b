"""A drift as JSON, as `drift.schema.json` beside this file describes it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from hardenme.model.drift import Change, Drift, DriftStep, ItemChange, Turn
from hardenme.model.finding import Attested, Errored, Finding
from hardenme.model.glance import weight
from hardenme.model.inventory import InventoryItem, State
from hardenme.model.unknown import WHAT_TO_DO, Unknown
from hardenme.model.verdict import Manual
from hardenme.reports import values
from hardenme.reports.drift.words import headline
from hardenme.reports.plain import plain, timestamp
from hardenme.reports.style import Style

SCHEMA_VERSION = "1.0"
SCHEMA = Path(__file__).with_name("drift.schema.json")
"""The JSON Schema (draft 2020-12) of what `render` writes."""


def render(drift: Drift, style: Style) -> str:  # noqa: ARG001  (every form takes a style)
    """The drift as JSON: ASCII, keys in a fixed order, one change a line."""
    return "".join(_pieces(drift))


def _pieces(drift: Drift) -> Iterator[str]:
    head = (f"  {_dump(key)}: {_dump(value)}" for key, value in _head(drift).items())
    yield "{\n" + ",\n".join(head)
    lists: tuple[tuple[str, Iterable[dict[str, Any]]], ...] = (
        ("changes", map(_change, drift.changes)),
        ("items", map(_item_change, drift.items)),
    )
    for name, entries in lists:
        yield f',\n  "{name}": ['
        comma = ""
        for entry in entries:
            yield f"{comma}\n    {_dump(entry)}"
            comma = ","
        yield "\n  ]" if comma else "]"
    yield "\n}\n"


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(", ", ": "))


def _head(drift: Drift) -> dict[str, Any]:
    steps = Counter(one.step for one in drift.changes)
    turns = Counter(one.turn for one in drift.items)
    return {
        "schema_version": SCHEMA_VERSION,
        "since": None if drift.since is None else timestamp(drift.since),
        "until": timestamp(drift.until),
        "summary": headline(drift),
        "empty": drift.empty,
        "lost": drift.lost,
        "incomparable": values.text(drift.incomparable) or None,
        "notes": values.texts(drift.notes),
        "findings": {step.name.lower(): steps[step] for step in DriftStep},
        "inventory": {turn.name.lower(): turns[turn] for turn in Turn},
    }


def _change(one: Change) -> dict[str, Any]:
    found = one.after or one.before
    label = next((item.label for item in (one.after, one.before) if item and item.label), "")
    return {
        "step": one.step.name.lower(),
        "severity": str(one.severity),
        "code": values.text(one.code),
        "slug": values.text(found.slug) if found else "",
        "title": values.text(found.title) if found else "",
        "subject": values.text(str(one.subject)),
        "label": plain(label),
        "before": _finding(one.before),
        "after": _finding(one.after),
    }


def _finding(finding: Finding | None) -> dict[str, Any] | None:
    if finding is None:
        return None
    unknown = finding.outcome if isinstance(finding.outcome, Unknown) else None
    return {
        "subject": values.text(str(finding.subject)),
        "outcome": finding.result,
        "severity": str(weight(finding)),
        "message": values.text(_message(finding)),
        "reason": None if unknown is None else unknown.reason.value,
        "needed": None if unknown is None else values.text(unknown.needed),
        "waived_until": None if finding.waiver is None else finding.waiver.until.isoformat(),
        "fingerprint": finding.fingerprint,
    }


def _message(finding: Finding) -> str:
    outcome = finding.outcome
    if isinstance(outcome, Unknown):
        return outcome.seen or WHAT_TO_DO[outcome.reason]
    if isinstance(outcome, Errored):
        return outcome.error
    if isinstance(outcome, Manual):
        return outcome.question
    return f"{outcome.message} ({outcome.by})" if isinstance(outcome, Attested) else outcome.message


def _item_change(one: ItemChange) -> dict[str, Any]:
    return {
        "turn": one.turn.name.lower(),
        "severity": str(one.severity),
        "kind": values.text(one.kind),
        "place": values.text(str(one.place)),
        "fields": values.texts(one.fields),
        "needed": values.text(one.needed) or None,
        "before": _item(one.before),
        "after": _item(one.after),
    }


def _item(item: InventoryItem | None) -> dict[str, Any] | None:
    if item is None:
        return None
    return {
        "subject": values.text(str(item.subject)),
        "label": plain(item.label),
        "identity": values.text(item.identity),
        "fingerprint": item.fingerprint,
        "state": {values.text(name): _state(value) for name, value in sorted(item.state.items())},
    }


def _state(value: State) -> Any:
    if isinstance(value, tuple):
        return values.texts(value)
    return values.text(value) if isinstance(value, str) else value
