"""The fix plan as JSON, as `plan.schema.json` beside this file describes it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hardenme.reports import values
from hardenme.reports.checklist import Cause
from hardenme.reports.fixplan.plan import Action, FixPlan, Question, Step
from hardenme.reports.fixplan.step_kind import When
from hardenme.reports.plain import timestamp
from hardenme.reports.style import Style

SCHEMA_VERSION = "1.0"
SECTIONS = {When.LOOK: "look", When.TODAY: "today", When.NEXT: "next"}
SCHEMA = Path(__file__).with_name("plan.schema.json")
"""The JSON Schema (draft 2020-12) of what `render` writes."""


def render(plan: FixPlan, style: Style) -> str:  # noqa: ARG001  (every form takes a style)
    """The plan as JSON, ASCII, with one step a line."""
    head = {
        "schema_version": SCHEMA_VERSION,
        "version": values.text(plan.version),
        "report": {
            "started": timestamp(plan.started),
            "targets": values.texts(plan.targets),
            "hosts": values.texts(plan.hosts),
        },
        "partial": values.text(plan.partial) or None,
        "warnings": values.texts(plan.warnings),
        "pseudonyms": plan.hidden,
        "failed": plan.failed,
        "waived": plan.waived,
        "needs": values.text(plan.needs) or None,
        "left_out": plan.others,
        "rights": [
            {"needs": values.text(needs), "steps": steps, "closes": closes}
            for needs, (steps, closes) in plan.rights().items()
        ],
    }
    lines = [f"  {_dump(key)}: {_dump(value)}" for key, value in head.items()]
    lists = {
        "steps": map(_step, plan.steps),
        "unknown": map(_cause, plan.causes),
        "questions": map(_question, plan.questions),
    }
    for key, items in lists.items():
        inner = ",\n".join(f"    {_dump(item)}" for item in items)
        lines.append(f"  {_dump(key)}: [\n{inner}\n  ]" if inner else f"  {_dump(key)}: []")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(", ", ": "))


def _step(step: Step) -> dict[str, Any]:
    return {
        "id": step.id,
        "number": step.number,
        "title": values.text(step.title),
        "section": SECTIONS[step.section],
        "who": values.text(step.who) or None,
        "needs": values.paragraphs(step.needs),
        "undo": values.paragraphs(step.undo),
        "reach": {
            "weekly_downloads": step.reach.weekly,
            "packages": step.reach.packages,
            "repositories": step.reach.repositories,
        },
        "runnable": bool(step.runnable),
        "change": None if step.change is None else step.change.value,
        "codes": values.texts(step.codes),
        "closes": step.closes,
        "severities": {str(level): number for level, number in step.counts.items()},
        "unknown": step.unknown,
        "paths": values.texts(step.paths),
        "effect": {values.text(code): values.text(text) for code, text in step.effects.items()},
        "risk": values.texts(step.risks),
        "after": list(step.after),
        "release_first": step.releases,
        "confidence": step.confidence or None,
        "verify": values.texts(step.verify),
        "actions": [_action(one) for one in step.actions],
        "apart": [_action(one) for one in step.apart],
    }


def _action(action: Action) -> dict[str, Any]:
    return {
        "names": values.texts(action.names),
        **values.parts(action.fix),
        "runnable": bool(action.calls),
        "closes": [
            {
                "code": values.text(found.code),
                "severity": str(found.severity),
                "subject": values.text(str(found.subject)),
            }
            for found in action.closes
        ],
    }


def _cause(cause: Cause) -> dict[str, Any]:
    return {
        "reason": values.text(cause.reason),
        "needed": values.text(cause.needed),
        "action": values.text(cause.action),
        "count": cause.count,
        "codes": values.texts(cause.codes),
    }


def _question(question: Question) -> dict[str, Any]:
    return {
        "code": values.text(question.code),
        "question": values.text(question.text),
        "page": values.text(question.page),
        "names": values.texts(question.names),
        "command": values.text(question.command) or None,
    }
