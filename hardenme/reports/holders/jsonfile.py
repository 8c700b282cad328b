"""Who could do harm and who can stop whom, as JSON."""

from __future__ import annotations

import json
from typing import Any

from hardenme.model.holders import Hold, Holder
from hardenme.reports import values
from hardenme.reports.holders.told import HoldersShown
from hardenme.reports.style import Style

SCHEMA_VERSION = "1.0"


def render(told: HoldersShown, _style: Style) -> str:
    """All of it, ASCII."""
    document = {
        "schema_version": SCHEMA_VERSION,
        "version": values.text(told.version),
        "targets": values.texts(told.targets),
        "run": values.text(told.run) or None,
        "partial": values.text(told.partial) or None,
        "you": {name: values.text(login) for name, login in sorted(told.found.you.items())},
        "holders": [_holder(one) for one in told.found.holders],
        "complete": told.found.extent.complete,
        "not_shown": values.texts(told.found.gaps),
        "warnings": values.texts(told.warnings),
        "notes": values.texts(told.notes),
    }
    return json.dumps(document, ensure_ascii=True, allow_nan=False, indent=2) + "\n"


def _holder(one: Holder) -> dict[str, Any]:
    return {
        "kind": one.kind.value,
        "name": values.text(one.name),
        "provider": one.provider,
        "you": one.own,
        "same_as": values.text(one.same) or None,
        "evidence": values.text(one.evidence) or None,
        "two_factor": one.two_factor or None,
        "repositories": values.texts(one.repositories),
        "past_rules": values.texts(one.past_rules),
        "powers": values.texts(one.powers),
        "packages": [{"name": values.text(name), "weekly": count} for name, count in one.packages],
        "holds": [_hold(hold) for hold in one.holds],
    }


def _hold(hold: Hold) -> dict[str, Any]:
    return {
        "place": values.text(str(hold.place)),
        "way": values.text(hold.way),
        "removed_by": values.texts(hold.by) if hold.known else None,
        "command": values.text(hold.command) or None,
        "page": values.text(hold.page) or None,
    }
