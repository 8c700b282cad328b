"""Makes a message of what changed: what is worse first, two lines each, then how much is open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from hardenme.model.drift import Drift, DriftStep, Turn
from hardenme.model.finding import Errored, Finding
from hardenme.model.finding_summary import weight
from hardenme.model.message import Form, Message
from hardenme.model.report import Report
from hardenme.model.severity import Severity
from hardenme.model.unknown import Unknown
from hardenme.reports.columns import fitted
from hardenme.reports.drift.causes import RISE
from hardenme.reports.drift.words import BASELINE, FIRST, NOTHING, causes
from hardenme.reports.message.news import News, news
from hardenme.reports.message.stored import NOT_STORED, Stored
from hardenme.reports.message.words import (
    Command,
    Line,
    Name,
    Part,
    Prose,
    defused,
    number,
    on_terminal,
    shown,
    titled,
)
from hardenme.reports.plain import begun, timestamp
from hardenme.reports.screen.summary import SHOW_SIGNS, is_counted
from hardenme.reports.sign_in import first_words, unsigned
from hardenme.reports.signs import signs_of

LONGEST_TITLE = 200
LONGEST_TARGETS = 80
"""Characters of the targets in a title."""
MOST_LINES = 60
"""Lines of a message; each target shows those that fit."""
SUMMARY_LINES = 2
"""Lines of a message that summarize the current state, including the empty line above."""
MOST_NEWS = 24
"""Changes in a message before the rest is counted."""
UNVERIFIED = (
    f"This is the first report, so nothing is compared: {FIRST}. It includes anyone who already has"
    " access. Review it once."
)
NAMED = 3
"""Subjects of a check that are named."""


def message(
    drift: Drift,
    report: Report,
    *,
    evidence: bool = False,
    digest: bool = False,
    stored: Stored = NOT_STORED,
) -> Message:
    """The message about a run.

    Args:
        drift: what changed.
        evidence: whether the fields that decided are in it, which can be personal.
        digest: whether it lists everything that is open, changed or not.
        stored: where the reports are.
    """
    told = news(drift, report, stored)
    lines = [*_head(drift, report), *_lines_of(told, evidence=evidence, where=stored.diff)]
    foot = list(_foot(report, stored, digest=digest))
    return _message(
        _title(drift, report, told), lines, foot, urgent=_urgent(drift, report), stored=stored
    )


def trouble(title: str, sentences: Iterable[str]) -> Message:
    """A message that says why there is no report, such as a run that could not be stored."""
    return _message(f"hardenme: {title}", [(Prose(one),) for one in sentences], urgent=True)


def body_lines(drift: Drift, report: Report, *, digest: bool = False) -> tuple[str, ...]:
    """All lines in Markdown."""
    told = news(drift, report)
    lines = [*_head(drift, report), *_lines_of(told, most=len(told))]
    lines += _foot(report, NOT_STORED, digest=digest)
    return tuple(shown(line, Form.MARKDOWN) for line in lines)


def quiet(  # noqa: PLR0913 (each is an option of the command line)
    drift: Drift,
    report: Report,
    *,
    markdown: bool = False,
    digest: bool = False,
    stored: Stored = NOT_STORED,
    short: bool = False,
    width: int = 0,
) -> str:
    """The same for who reads it where it is printed: what changed, and one standing line.

    Args:
        markdown: as Markdown; for a terminal otherwise.
        digest: whether it lists everything that is open.
        stored: where the reports are.
        short: without the lines on what to do.
        width: columns of a terminal; 0 for one that reads a line for each thing.
    """
    told = list(_lines_of(news(drift, report, stored), where=stored.diff, short=short))
    lines: list[Line] = [*told, summary_line(report, stored)]
    if not told:
        lines.insert(0, (begun(_unchanged(drift)),))
    if digest:
        lines += summary_lines(report)
    if not markdown:
        typed = map(on_terminal, lines)
        parts = typed if not width else (part for one in typed for part in fitted(one, width))
        return "".join(f"{part}\n" for part in parts)
    lines.insert(len(told) or 1, ("",))
    return "".join(f"{shown(line, Form.MARKDOWN)}\n" for line in lines)


def _message(
    title: str,
    lines: list[Line],
    foot: Sequence[Line] = (),
    *,
    urgent: bool,
    stored: Stored = NOT_STORED,
) -> Message:
    """A message of bounded length; the summary is always in it."""
    kept = _bounded(lines, MOST_LINES - min(len(foot), SUMMARY_LINES), stored)
    kept += _bounded(list(foot), MOST_LINES - len(kept), stored)
    forms = {form: tuple(shown(line, form) for line in kept) for form in Form}
    return Message(defused(title, longest=LONGEST_TITLE), forms, urgent)


def _bounded(lines: list[Line], most: int, stored: Stored) -> list[Line]:
    if len(lines) <= most:
        return lines
    left = len(lines) - most + 1
    return [*lines[: most - 1], (f"… and {number(left, 'more line')}: ", Command(stored.show))]


def _title(drift: Drift, report: Report, told: Sequence[News]) -> str:
    """The worst by its problem, and how much else there is. A title names no one."""
    why = " and ".join(unsigned(report))
    if why:
        said = why
    elif drift.incomparable:
        said = "this report cannot be compared with the last"
    elif drift.since is None:
        said = FIRST
    elif told:
        said = told[0].problem
        if len(told) > 1:
            said += f", and {len(told) - 1} more"
    else:
        said = _unchanged(drift)
    if report.lately and not why:
        look = "looks" if report.lately == 1 else "look"
        many = f"{number(report.lately, 'change')} {look} like an attack"
        said = f"{many if is_counted(report) else f'the last 48 hours {SHOW_SIGNS}'}; {said}"
    return f"hardenme: {said} ({_targets(report)})"


def _targets(report: Report) -> str:
    """As many of the targets as there is room for."""
    first, *rest = report.targets or ("",)
    whole = ", ".join(report.targets)
    if not rest or len(whole) <= LONGEST_TARGETS:
        return whole
    return f"{first} and {len(rest)} more"


def _unchanged(drift: Drift) -> str:
    if drift.incomparable:
        return "nothing could be compared"
    if drift.since is None:
        return BASELINE
    if drift.fresh:
        return f"{number(drift.fresh, 'failure')} by checks that were not selected before"
    return NOTHING


def _lines_of(
    told: Sequence[News],
    *,
    evidence: bool = False,
    most: int = MOST_NEWS,
    where: str = "",
    short: bool = False,
) -> Iterator[Line]:
    """Two lines each, or with `short` one; what is left out is counted, with where it is."""
    for one in told[:most]:
        yield ("- ", *one.what)
        if one.how and not short:
            yield ("  ", *one.how)
        if evidence:
            yield from (("  ", *line) for line in one.evidence)
    if left := told[most:]:
        changes = number(sum(one.count for one in left), "more change")
        yield (f"- {changes}: ", *((Command(where),) if where else ("see the stored reports",)))


def _foot(report: Report, stored: Stored, *, digest: bool) -> Iterator[Line]:
    yield ("",)
    yield summary_line(report, stored)
    if digest:
        yield from summary_lines(report)


def _head(drift: Drift, report: Report) -> Iterator[Line]:
    """What was looked at, since when, and whether it could be read."""
    targets: list[Part] = []
    if refused := first_words(report, _unlooked(drift)):
        yield (Prose(refused),)
    for text, command in signs_of(report):
        yield ("LOOK NOW: ", Prose(text), ": ", Command(command))
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
    lost = sum(one.step is DriftStep.LOST for one in drift.changes)
    lists = sum(one.turn is Turn.LOST for one in drift.items)
    if lost or lists:
        what = [number(lost, "result")] * bool(lost) + [
            number(lists, "list or item", "lists or items")
        ] * bool(lists)
        for cause in causes(drift):
            yield (Prose(cause),)
        yield (f"No longer visible: {' and '.join(what)}, known last time, unknown in this run.",)
    for note in drift.notes:
        yield (Prose(note),)
    if report.partial:
        yield ("The run did not go to its end: ", Prose(report.partial))
    yield ("",)


def _unlooked(drift: Drift) -> int:
    """How many findings that failed are no longer visible."""
    lost = (one.before for one in drift.changes if one.step is DriftStep.LOST)
    return sum(one is not None and one.fails for one in lost)


def _urgent(drift: Drift, report: Report) -> bool:
    risen = any(one.step in RISE and one.severity >= report.fail_on for one in drift.changes)
    return (
        risen
        or drift.lost
        or bool(drift.incomparable)
        or any(one.turn in {Turn.APPEARED, Turn.CHANGED} for one in drift.items)
    )


def summary_line(report: Report, stored: Stored) -> Line:
    """How much is open and unknown, and the command that shows it, in one line."""
    open_now = Counter(weight(finding) for finding in report.findings if finding.fails)
    unknown = sum(isinstance(f.outcome, Unknown | Errored) for f in report.findings)
    counts = [f"{open_now[one]:,} {one}" for one in reversed(Severity) if open_now[one]]
    said = ", ".join(counts) or ("not known" if unsigned(report) else "nothing open")
    return (f"Standing: {said}; {unknown:,} unknown; ", Command(stored.show))


def summary_lines(report: Report) -> Iterator[Line]:
    """A line for each check that fails, the worst first."""
    groups: dict[tuple[Severity, str], list[Finding]] = {}
    for finding in report.findings:
        if finding.fails:
            groups.setdefault((weight(finding), finding.code), []).append(finding)
    for severity, code in sorted(groups, key=lambda key: (-key[0], key[1])):
        group = groups[severity, code]
        line: list[Part] = [f"- {severity}: ", *titled(group[0])]
        if len(group) > 1:
            line.append(f"{len(group)} subjects: ")
        for place, finding in enumerate(islice(group, NAMED)):
            line += [", "] if place else []
            line.append(Name(str(finding.subject)))
        if len(group) > NAMED:
            line.append(f" and {len(group) - NAMED} more")
        yield tuple(line)
