"""The checks as rules: `reportingDescriptor` objects (SARIF 2.1.0 §3.49)."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import Any

from hardenme.model.passages import ITEM, paragraphs
from hardenme.model.report import CheckText
from hardenme.model.secret import redact
from hardenme.reports import values
from hardenme.reports.inert import prose
from hardenme.reports.plain import flowing, plain
from hardenme.reports.sarif.limits import DESCRIPTION, TAGS
from hardenme.reports.sarif.words import LEVELS, SCORES, message

DOCUMENTATION = ""
"""The address under which each check has a page, `CODE` behind it; empty if there is none."""
SECTIONS = {"summary": "Required", "why": "Why", "fix": "Fix", "limits": "Limits"}


def rules(checks: Mapping[str, CheckText]) -> list[dict[str, Any]]:
    """A rule for each check, by code."""
    return [_rule(code, text) for code, text in sorted(checks.items())]


def _rule(code: str, text: CheckText) -> dict[str, Any]:
    properties: dict[str, Any] = {"tags": _tags(text)}
    if text.severity in SCORES:
        properties["security-severity"] = SCORES[text.severity]
    if text.controls:
        properties["controls"] = values.texts(text.controls)
    rule: dict[str, Any] = {
        "id": values.text(code),
        "name": values.text(text.slug),
        "shortDescription": message(text.title, longest=DESCRIPTION),
        "fullDescription": message(text.summary or text.title, longest=DESCRIPTION),
        "help": {"text": _plain(text), "markdown": _markdown(text)},
        "defaultConfiguration": {"level": LEVELS[text.severity]},
        "properties": properties,
    }
    if DOCUMENTATION:
        rule["helpUri"] = f"{DOCUMENTATION}{code}"
    return rule


def _tags(text: CheckText) -> list[str]:
    """The family, and as many controls as a rule may have tags."""
    return values.texts(("security", text.code[:3], *text.controls))[:TAGS]


def _sections(text: CheckText) -> list[tuple[str, list[str]]]:
    """Titles, each with the paragraphs and items of lists below it."""
    sections = [
        (title, [*chain.from_iterable(paragraphs(redact(getattr(text, name))))])
        for name, title in SECTIONS.items()
    ]
    return [(title, lines) for title, lines in sections if lines]


def _plain(text: CheckText) -> str:
    parts = [
        f"{title}: " + "\n".join(plain(line) for line in lines) for title, lines in _sections(text)
    ]
    return "\n\n".join([plain(text.title), *parts])


def _markdown(text: CheckText) -> str:
    """The same as Markdown; the text may come from a file, so it goes in inert."""
    parts = [prose(plain(flowing(text.title)))]
    for title, lines in _sections(text):
        parts += [f"## {title}", *(_line(plain(line)) for line in lines)]
    return "\n\n".join(parts)


def _line(line: str) -> str:
    """A paragraph, or an item of a list that stays one."""
    mark = ITEM.match(line)
    return f"{mark[0]}{prose(line[mark.end() :])}" if mark else prose(line)
