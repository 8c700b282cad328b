"""The results as data for the page's script: compact, and written while the findings pass by.

A text is stored once, with a placeholder for the name of its subject, so that a thousand
repositories share the texts of their findings. What remains is a row of numbers for each result.
Passes are a list of subjects for each check.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any

from hardenme.model.evidence import Atom
from hardenme.model.finding import Attested, Errored, Finding
from hardenme.model.finding_summary import weight
from hardenme.model.report import Report
from hardenme.model.statement import attest_command, lasting
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Failed, Fix, Manual, NotApplicable, Passed
from hardenme.model.waiver import Waiver
from hardenme.reports.fixplan.closing import Closing
from hardenme.reports.fixplan.words import command_of
from hardenme.reports.grouping import ERRORED_ACTION, name_of
from hardenme.reports.html.element import is_link
from hardenme.reports.html.steps import is_on_page
from hardenme.reports.plain import flowing, plain, plain_name, timestamp

OWN = "\x01"
"""The placeholder for the name of what a subject belongs to. No displayable text contains it."""
SHORTEST = 3
"""Characters of a name from which on it is replaced in texts."""
TEXT, LINK, COMMAND, STEP = 0, 1, 2, 3
"""How a part of a result is shown."""
RECENT = 50_000
"""Texts that were made fit to show and are remembered, for one report."""

Fit = Callable[[str], str]
"""Makes a text fit to show."""
Part = tuple[str, int, str]
"""A label, how it is shown, and the text."""


class Numbered:
    """Values that are stored once and referred to by number."""

    def __init__(self) -> None:
        self._numbers: dict[Any, int] = {}

    def number(self, value: Any) -> int:
        """The number of a value."""
        return self._numbers.setdefault(value, len(self._numbers))

    def values(self) -> Iterable[Any]:
        """All values in the order of their numbers."""
        return self._numbers


class Rows:
    """Writes the data of one report.

    Args:
        closing: which step closes what failed.
    """

    def __init__(self, report: Report, closing: Closing) -> None:
        self._report = report
        self._closing = closing
        self._texts, self._parts, self._seen = Numbered(), Numbered(), Numbered()
        self._subjects, self._codes, self._outcomes = Numbered(), Numbered(), Numbered()
        self._labels = Numbered()
        self._passed: dict[int, list[int]] = {}
        # Remembered for one report alone: a secret that is learned later has to be looked for.
        self._plain: Callable[[str], str] = lru_cache(RECENT)(plain)
        self._named: Callable[[str], str] = lru_cache(RECENT)(plain_name)
        self._flowing: Callable[[str], str] = lru_cache(RECENT)(lambda text: plain(flowing(text)))

    def pieces(self) -> Iterator[str]:
        """The data as JSON in ASCII, without a character that could end a script."""
        yield '{"rows": ['
        comma = ""
        for finding in self._report.findings:
            if isinstance(finding.outcome, Passed):
                subject = self._subject(finding)
                self._passed.setdefault(self._codes.number(finding.code), []).append(subject)
                continue
            yield f"{comma}{_numbers(self._row(finding))}"
            comma = ","
        yield '],\n"passed": '
        yield _numbers([(check, [*_differences(some)]) for check, some in self._passed.items()])
        tables = {
            "subjects": self._subjects.values(),
            "parts": self._parts.values(),
            "seen": self._seen.values(),
            "labels": self._labels.values(),
            "outcomes": self._outcomes.values(),
            "checks": map(self._plain, self._codes.values()),
            # The last: all others name texts.
            "texts": self._texts.values(),
        }
        for name, values in tables.items():
            yield f',\n"{name}": ['
            comma = ""
            for value in values:
                yield f"{comma}{_dump(value) if isinstance(value, str) else _numbers(value)}"
                comma = ","
            yield "]"
        yield "}"

    def _row(self, finding: Finding) -> list[int]:
        own = self._plain(finding.within.name)
        return [
            self._codes.number(finding.code),
            self._subject(finding),
            self._outcomes.number(finding.result),
            int(weight(finding)),
            self._text(self._flowing(_message(finding)), own),
            self._parts.number(tuple(self._shown(part, own) for part in self._fields_of(finding))),
            self._seen.number(self._evidence(finding, own)),
        ]

    def _fields_of(self, finding: Finding) -> Iterator[Part]:
        """The fields of a result other than its message."""
        outcome = finding.outcome
        if isinstance(outcome, Failed):
            yield from self._failed(finding, outcome.fix)
        elif isinstance(outcome, Unknown):
            yield from _filled(
                ("Reason", TEXT, outcome.reason.value), ("Needs", TEXT, outcome.needed)
            )
            yield "Do", TEXT, outcome.what_to_do
        elif isinstance(outcome, Manual):
            yield "Look at", LINK, outcome.page
            if outcome.fix is not None:
                yield from _fix(outcome.fix, "If not")
            if lasting(finding.subject) and not self._report.demo:
                yield "Answer", COMMAND, attest_command(finding.code, finding.subject)
        elif isinstance(outcome, Attested):
            until = timestamp(outcome.until)[:10]
            yield from _filled(("By", TEXT, outcome.by), ("Until", TEXT, until))
        if finding.waiver is not None:
            yield from _waiver(finding.waiver, "Accepted")
        if finding.lapsed is not None:
            yield from _waiver(finding.lapsed, "Was accepted")

    def _failed(self, finding: Finding, fix: Fix) -> Iterator[Part]:
        """The step that closes it; how it would be closed, where it is accepted."""
        name = self._closing.name(finding)
        if not name:
            yield from _fix(fix, "Fix")
        elif is_on_page(self._closing.places[name]):
            yield "Closed by", STEP, name
            yield from _filled(("Page", LINK, fix.page))
        else:
            yield "Closed by", COMMAND, command_of(self._report, f"fix {name}")
            yield from _filled(("Page", LINK, fix.page))

    def _subject(self, finding: Finding) -> int:
        own = self._plain(finding.within.name)
        name = self._text(self._named(name_of(finding)), own)
        key = self._text(self._plain(str(finding.subject)), own)
        return self._subjects.number((self._texts.number(own), name, key))

    def _text(self, text: str, own: str) -> int:
        """The number of a text that is fit to show, its subject's name left out."""
        return self._texts.number(text.replace(own, OWN) if len(own) >= SHORTEST else text)

    def _shown(self, part: Part, own: str) -> tuple[int, int, int]:
        label, how, text = part
        fit = self._plain(text) if how else self._flowing(text)
        if how == LINK and not is_link(fit):
            how = TEXT
        return self._texts.number(label), how, self._text(fit, own)

    def _evidence(self, finding: Finding, own: str) -> tuple[int, ...]:
        """The index of the labels, then a text for each: many results share their labels."""
        seen = seen_of(finding, self._plain)
        answers = [answer(atom, self._plain) for atom in sources_of(finding)]
        labels = [name for name, _ in seen] + ["read from"] * len(answers)
        texts = [text for _, text in seen] + answers
        number = self._labels.number(tuple(map(self._texts.number, labels)))
        return (number, *(self._text(text, own) for text in texts))


def _differences(numbers: Iterable[int]) -> Iterator[int]:
    """Each number as its difference from the one before: those of a list are short then."""
    before = 0
    for number in numbers:
        yield number - before
        before = number


def _numbers(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


def _dump(text: str) -> str:
    # Each is on a line of its own: no pattern of a secret matches across two of them.
    text = json.dumps(text, ensure_ascii=True)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _message(finding: Finding) -> str:
    outcome = finding.outcome
    if isinstance(outcome, Unknown):
        return outcome.seen or outcome.needed or outcome.what_to_do
    if isinstance(outcome, Errored):
        return f"{outcome.error}: {ERRORED_ACTION}"
    if isinstance(outcome, Manual):
        return outcome.question
    return outcome.message


def _filled(*parts: Part) -> Iterator[Part]:
    yield from (part for part in parts if part[2])


def _fix(fix: Fix, label: str) -> Iterator[Part]:
    yield from _filled(
        (label, TEXT, fix.step),
        ("Page", LINK, fix.page),
        *(("Run", COMMAND, line) for line in fix.commands),
        ("Needs", TEXT, fix.needs),
        ("Undo", TEXT, fix.undo),
    )


def _waiver(waiver: Waiver, label: str) -> Iterator[Part]:
    by = f" by {waiver.by}" if waiver.by else ""
    yield label, TEXT, f"until {waiver.until.isoformat()}{by}: {waiver.reason}"
    yield from _filled(("Issue", LINK, waiver.issue), ("Stands in", TEXT, waiver.origin))


def seen_of(finding: Finding, fit: Fit) -> list[tuple[str, str]]:
    """The fields that decided, by the provider's names, made fit to show by `fit`."""
    outcome = finding.outcome
    seen = outcome.seen if isinstance(outcome, Passed | Failed | NotApplicable) else {}
    return [(fit(name), _value(value, fit)) for name, value in seen.items()]


def _value(value: Any, fit: Fit) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(_value(one, fit) for one in value) or "none"
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return fit(str(value)) or "(nothing)"


def sources_of(finding: Finding) -> tuple[Atom, ...]:
    """The answers behind a finding."""
    if not finding.sources and isinstance(finding.outcome, Unknown):
        return finding.outcome.evidence
    return finding.sources


def answer(atom: Atom, fit: Fit) -> str:
    """An answer in one line, made fit to show by `fit`."""
    told = [fit(atom.endpoint), f"status {atom.status}" if atom.status else "no answer"]
    if atom.pages_expected != 1 or atom.pages_read != 1:
        expected = "?" if atom.pages_expected is None else str(atom.pages_expected)
        told.append(f"{atom.pages_read} of {expected} pages")
    # To the minute: the same answer of many results is one text.
    told.append(f"{timestamp(atom.observed_at)[:16]}Z")
    if atom.cached:
        told.append("kept from before")
    return ", ".join(told)
