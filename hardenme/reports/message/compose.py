"""Makes a message of what changed: counts first, then what, then what stands open anyway."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from hardenme.model.drift import Drift, Step, Turn
from hardenme.model.message import Form, Message
from hardenme.model.report import Report
from hardenme.reports.drift.words import causes
from hardenme.reports.message.changes import counted, finding_lines, item_lines
from hardenme.reports.message.standing import standing_line, standing_lines
from hardenme.reports.message.words import Line, Name, Prose, defused, number, shown
from hardenme.reports.plain import timestamp

LONGEST_TITLE = 200
MOST_LINES = 60
"""Lines of a message; each sink takes as many of them as it has room for."""
RISE = frozenset({Step.NEW, Step.WORSE, Step.EXPIRED})
"""What is worse than before."""
UNVERIFIED = (
    "This is the first report, so nothing is compared: baseline, not verified. Whoever got in"
    " before is part of it: look through it once."
)


def message(
    drift: Drift, report: Report, *, evidence: bool = False, digest: bool = False
) -> Message:
    """What is sent of a run.

    Args:
        drift: what changed.
        report: as it is.
        evidence: whether the fields that decided are in it, which can be personal.
        digest: whether all that stands open is in it, changed or not.
    """
    lines = list(_lines(drift, report, evidence=evidence, digest=digest))
    return _message(_title(drift, report), lines, urgent=_urgent(drift, report))


def trouble(title: str, sentences: Iterable[str]) -> Message:
    """A message that says why there is no report, such as a run that could not be stored."""
    return _message(f"hardenme: {title}", [(Prose(one),) for one in sentences], urgent=True)


def body_lines(
    drift: Drift, report: Report, *, evidence: bool = False, digest: bool = False
) -> tuple[str, ...]:
    """The lines in Markdown, as many as there are."""
    lines = _lines(drift, report, evidence=evidence, digest=digest)
    return tuple(shown(line, Form.MARKDOWN) for line in lines)


def _message(title: str, lines: list[Line], *, urgent: bool) -> Message:
    if len(lines) > MOST_LINES:
        left = len(lines) - MOST_LINES + 1
        lines = [*lines[: MOST_LINES - 1], (f"{left} more lines: see `hardenme report`.",)]
    forms = {form: tuple(shown(line, form) for line in lines) for form in Form}
    return Message(defused(title, longest=LONGEST_TITLE), forms, urgent)


def _title(drift: Drift, report: Report) -> str:
    targets = ", ".join(report.targets)
    if drift.incomparable:
        said = "this report cannot be compared with the last"
    elif drift.since is None:
        said = "baseline, not verified"
    else:
        said = "; ".join(filter(None, (_worst(drift), counted(drift)))) or _unchanged(drift)
    return f"hardenme: {said} ({targets})"


def _worst(drift: Drift) -> str:
    """The worst of what is worse, by its problem; empty where nothing is. A title names nobody."""
    risen = [(one, one.after) for one in drift.changes if one.step in RISE and one.after]
    if not risen:
        return ""
    worst, finding = max(risen, key=lambda pair: pair[0].severity)
    return f"{worst.step.value}, {worst.severity}: {finding.title}"


def _unchanged(drift: Drift) -> str:
    if drift.fresh:
        return f"{number(drift.fresh, 'failure')} by checks that were not selected before"
    return "nothing changed"


def _lines(drift: Drift, report: Report, *, evidence: bool, digest: bool) -> Iterator[Line]:
    yield from _head(drift, report)
    if drift.changes:
        yield ("",)
        yield ("Findings:",)
        yield from finding_lines(drift.changes, evidence=evidence)
    if drift.items:
        yield ("",)
        yield ("Inventory:",)
        yield from item_lines(drift.items, evidence=evidence)
    yield ("",)
    yield standing_line(report)
    if digest:
        yield from standing_lines(report)


def _head(drift: Drift, report: Report) -> Iterator[Line]:
    """What was looked at, since when, and whether it could be read."""
    targets: list[str | Name] = []
    for target in report.targets:
        targets += [", "] if targets else []
        targets.append(Name(target))
    until = timestamp(drift.until)
    if drift.since is None:
        yield (*targets, f", as of {until}")
        yield (UNVERIFIED,)
    else:
        yield (*targets, f", from {timestamp(drift.since)} to {until}")
    if drift.incomparable:
        yield ("The two reports cannot be compared: ", Prose(drift.incomparable))
    lost = sum(one.step is Step.LOST for one in drift.changes)
    lists = sum(one.turn is Turn.LOST for one in drift.items)
    if lost or lists:
        what = [number(lost, "result")] * bool(lost) + [
            number(lists, "list or item", "lists or items")
        ] * bool(lists)
        for cause in causes(drift):
            yield (Prose(cause),)
        yield (f"Lost sight of {' and '.join(what)}: known last time, unknown in this run.",)
    for note in drift.notes:
        yield (Prose(note),)
    if report.partial:
        yield ("The run did not go to its end: ", Prose(report.partial))


def _urgent(drift: Drift, report: Report) -> bool:
    risen = any(one.step in RISE and one.severity >= report.fail_on for one in drift.changes)
    return (
        risen
        or drift.lost
        or bool(drift.incomparable)
        or any(one.turn in {Turn.APPEARED, Turn.CHANGED} for one in drift.items)
    )
