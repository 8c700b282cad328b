"""What GitHub Actions shows of a drift: annotations, then a line of plain text.

Everyone who can read a repository can read the logs of its workflows. So results about individuals
are left out unless the style asks for them, and no text of a finding is printed: it may name them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from hardenme.model.drift import Drift, DriftStep, ItemChange
from hardenme.model.text import without_commands
from hardenme.reports.actions import KINDS, SHOWN, Annotation
from hardenme.reports.drift.causes import RISE
from hardenme.reports.drift.lines import ITEMS, TITLES, Line, sections
from hardenme.reports.drift.words import BLIND, causes, headline
from hardenme.reports.impersonal import OPTION, PERSONAL
from hardenme.reports.plain import begun
from hardenme.reports.style import Style

ANNOTATED = frozenset(
    {
        ITEMS,
        *(TITLES[step] for step in (*RISE, DriftStep.LOST)),
    }
)
"""Sections that someone has to look at; the others are in the counts."""
NAMES = 5
"""Names in an annotation before the rest is counted."""
PEOPLE = PERSONAL | {"maintainer", "membership", "invitation", "reader", "writer"}
"""Kinds of subject that are a person, or something of one person's, in the inventory as well."""


def render(drift: Drift, style: Style) -> str:
    """The lines that make the annotations, then the headline."""
    shown, left = (drift, 0) if style.with_members else _impersonal(drift)
    told = list(_annotations(shown))
    kinds = ("error", "warning", "notice")
    lines = [line for kind in kinds for line in _bounded(one for one in told if one.kind == kind)]
    lines.append(without_commands(headline(drift)))
    lines += causes(drift, bare=True)
    if left:
        changes = "1 change is" if left == 1 else f"{left} changes are"
        lines.append(f"{changes} about a person and left out; {OPTION} puts them in")
    return "\n".join(lines) + "\n"


def _impersonal(drift: Drift) -> tuple[Drift, int]:
    changes = [one for one in drift.changes if one.subject.kind not in PEOPLE]
    items = [one for one in drift.items if _kind(one) not in PEOPLE]
    left = len(drift.changes) - len(changes) + len(drift.items) - len(items)
    return replace(drift, changes=changes, items=items), left


def _kind(one: ItemChange) -> str:
    item = one.after or one.before
    return "" if item is None else item.subject.kind


def _annotations(drift: Drift) -> Iterator[Annotation]:
    if drift.incomparable:
        yield Annotation("error", "The reports cannot be compared", drift.incomparable)
    for section in sections(drift, bare=True):
        for line in section.lines if section.title in ANNOTATED else ():
            yield _annotation(section.title, line)


def _annotation(title: str, line: Line) -> Annotation:
    lost = title == TITLES[DriftStep.LOST]
    kind = "warning" if lost or line.severity is None else KINDS[line.severity]
    weight = "" if line.severity is None or lost else f" ({line.severity})"
    text = f"{line.code} {line.text}" if line.code else line.text
    head = begun(text) if title == ITEMS else f"{title}: {text}"
    rest = len(line.names) - NAMES
    more = f" and {rest} more" if rest > 0 else ""
    beside = f". {BLIND}" if lost else ""
    return Annotation(kind, f"{head}{weight}", f"{', '.join(line.names[:NAMES])}{more}{beside}")


def _bounded(annotations: Iterable[Annotation]) -> Iterator[str]:
    """Up to GitHub's maximum of a type; beyond it, the last one counts the rest."""
    told = list(annotations)
    shown = told if len(told) <= SHOWN else told[: SHOWN - 1]
    yield from (one.command() for one in shown)
    if rest := len(told) - len(shown):
        text = "GitHub shows no more of a step; --format markdown has them all"
        yield Annotation(shown[0].kind, f"{rest} more changes", text).command()
