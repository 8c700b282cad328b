"""The JSON schema of configuration files, made from the table of settings.

    python -m hardenme.config.schema

writes it next to this module; a test compares it with the table. JSON has no dates: editors treat a
TOML date as a text, and so does the schema.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hardenme.config import waivers
from hardenme.config.kinds import BIGGEST, LONGEST, MOST, SEVERITY_WORDS, Kind
from hardenme.config.names import CHECK, OWNER
from hardenme.config.settings import SETTINGS, Setting
from hardenme.config.trust import Trust
from hardenme.model.thresholds import THRESHOLDS

FILE = Path(__file__).with_name("hardenme.schema.json")
FIXED = r"^(~/|/|[A-Za-z]:[\\/])"
TEXT: dict[str, Any] = {"type": "string", "maxLength": LONGEST}
PARTS = {
    "check": "The code or the slug of one check.",
    "subject": "The subject's id, or a pattern with *.",
    "reason": "Why it is accepted.",
    "by": "Who accepts it.",
    "until": "The first day on which it is not accepted any more.",
    "issue": "Where it is talked about.",
}


def schema() -> dict[str, Any]:
    """The schema (draft 2020-12)."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Configuration of hardenme",
        "description": "config.toml of the user, or hardenme.toml in a project.",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            name: {"description": _described(setting), **_form(setting)}
            for name, setting in SETTINGS.items()
            if setting.is_for(Trust.USER)
        },
    }


def text() -> str:
    """The schema as the file has it."""
    return json.dumps(schema(), indent=2) + "\n"


def _described(setting: Setting) -> str:
    alone = " In your own file alone." if setting.least is Trust.USER else ""
    return f"{setting.doc}{alone}"


def _form(setting: Setting) -> dict[str, Any]:
    if setting.words:
        return {"enum": list(setting.words)}
    if setting.bounds:
        low, high = setting.bounds
        return {"type": "integer", "minimum": low, "maximum": BIGGEST if high is None else high}
    return _FORMS[setting.kind]


def _list(item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "maxItems": MOST, "items": item}


def _part(name: str) -> dict[str, Any]:
    form: dict[str, Any] = {"type": "string", "minLength": 1, "description": PARTS[name]}
    if name == "check":
        form["pattern"] = f"^(?:{CHECK.pattern})$"
    if name == "until":
        form["format"] = "date"
    return form


_THRESHOLDS: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        item.name: {
            "description": f"Counts in {item.unit}: {item.what}.",
            "type": "integer",
            "minimum": item.bounds[0],
            "maximum": item.bounds[1],
        }
        for item in THRESHOLDS.values()
    },
}
_FORMS: dict[Kind, dict[str, Any]] = {
    Kind.WORD: TEXT,
    Kind.WORDS: _list(TEXT),
    Kind.NUMBER: {"type": "integer", "minimum": 0, "maximum": BIGGEST},
    Kind.SWITCH: {"type": "boolean"},
    Kind.PATH: {**TEXT, "pattern": FIXED},
    Kind.FOLDERS: _list({**TEXT, "pattern": FIXED}),
    Kind.FILES: _list({**TEXT, "pattern": FIXED.replace("^", "^[^:]*:", 1)}),
    Kind.SEVERITIES: {
        "type": "object",
        "maxProperties": MOST,
        "additionalProperties": False,
        "patternProperties": {f"^(?:{CHECK.pattern})$": {"enum": list(SEVERITY_WORDS)}},
    },
    Kind.THRESHOLDS: _THRESHOLDS,
    Kind.OWNERS: {
        "type": "object",
        "maxProperties": MOST,
        "additionalProperties": False,
        "patternProperties": {f"^(?:{OWNER.pattern})$": _THRESHOLDS},
    },
    Kind.WAIVERS: _list(
        {
            "type": "object",
            "additionalProperties": False,
            "required": list(waivers.NEEDED),
            "properties": {name: _part(name) for name in waivers.POSSIBLE},
        }
    ),
}


if __name__ == "__main__":
    FILE.write_text(text())
