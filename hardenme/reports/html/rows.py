"""The results as data for the page's script: compact, and written while the findings pass by.

A text stands once, with a mark in place of its subject's name, so that a thousand repositories
share the texts of their findings. What remains is a row of numbers for each result. What passed is
a list of subjects for each check.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any

from hardenme.model.finding import Attested, Errored, Finding
from hardenme.model.glance import weight
from hardenme.model.report import Report
from hardenme.model.statement import attest_command, lasting
from hardenme.model.unknown import WHAT_TO_DO, Unknown
from hardenme.model.verdict import Failed, Fix, Manual, Passed
from hardenme.model.waiver import Waiver
from hardenme.reports.grouping import ERRORED_ACTION, name_of
from hardenme.reports.html.cards import answer, seen_of, sources_of
from hardenme.reports.html.element import is_link
from hardenme.reports.html.families import family_of, title_of
from hardenme.reports.plain import flowing, plain, plain_name, timestamp

OWN = "\x01"
"""Stands for the name of what a subject belongs to. No text that is fit to show holds it."""
SHORTEST = 3
"""Characters of a name from which on it is replaced in texts."""
TEXT, LINK, COMMAND = 0, 1, 2
"""How a part of a result is shown."""
RECENT = 50_000
"""Texts that were made fit to show and are remembered, for one report."""

Part = tuple[str, int, str]
"""A label, how it is shown, and the text."""


class Table:
    """Values that stand once, and are named by their number."""

    def __init__(self) -> None:
        self._numbers: dict[Any, int] = {}

    def number(self, value: Any) -> int:
        """The number of a value."""
        return self._numbers.setdefault(value, len(self._numbers))

    def values(self) -> Iterable[Any]:
        """All values in the order of their numbers."""
        return self._numbers


class Rows:
    """Writes the data of one report."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._texts, self._parts, self._seen = Table(), Table(), Table()
        self._subjects, self._codes, self._outcomes = Table(), Table(), Table()
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
            yield f"{comma}\n{_dump(self._row(finding))}"
            comma = ","
        yield '],\n"passed": '
        yield _dump(list(self._passed.items()))
        tables = {
            "subjects": self._subjects.values(),
            "parts": self._parts.values(),
            "seen": self._seen.values(),
            "outcomes": self._outcomes.values(),
            "checks": map(self._check, self._codes.values()),
            # The last: all others name texts.
            "texts": self._texts.values(),
        }
        for name, values in tables.items():
            yield f',\n"{name}": ['
            comma = ""
            for value in values:
                yield f"{comma}\n{_dump(value)}"
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
            self._parts.number(tuple(self._shown(part, own) for part in _parts(finding))),
            self._seen.number(self._evidence(finding, own)),
        ]

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

    def _evidence(self, finding: Finding, own: str) -> tuple[tuple[int, int], ...]:
        seen = [
            (self._texts.number(name), self._text(text, own))
            for name, text in seen_of(finding, self._plain)
        ]
        label = self._texts.number("read from")
        answers = (answer(atom, self._plain) for atom in sources_of(finding))
        return (*seen, *((label, self._text(text, own)) for text in answers))

    def _check(self, code: str) -> list[Any]:
        text = self._report.checks.get(code)
        head: list[Any] = [self._plain(code), title_of(family_of(self._plain(code)))]
        if text is None:
            return [*head, *[self._texts.number("")] * 6, []]
        told = (text.slug, text.title, text.summary, text.why, text.fix, text.limits)
        controls = [self._texts.number(self._plain(one)) for one in text.controls]
        return [*head, *(self._texts.number(self._flowing(one)) for one in told), controls]


def _dump(value: Any) -> str:
    # White space behind every comma: no pattern of a secret reaches from one value into the next.
    text = json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(", ", ": "))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _message(finding: Finding) -> str:
    outcome = finding.outcome
    if isinstance(outcome, Unknown):
        return outcome.seen or outcome.needed or WHAT_TO_DO[outcome.reason]
    if isinstance(outcome, Errored):
        return f"{outcome.error}: {ERRORED_ACTION}"
    if isinstance(outcome, Manual):
        return outcome.question
    return outcome.message


def _parts(finding: Finding) -> Iterator[Part]:
    """What is told of a result beside its message."""
    outcome = finding.outcome
    if isinstance(outcome, Failed):
        if outcome.fix.wider is not None:
            yield from _fix(outcome.fix.wider, "One step for all")
        yield from _fix(outcome.fix, "Fix")
    elif isinstance(outcome, Unknown):
        yield from _told(("Reason", TEXT, outcome.reason.value), ("Needs", TEXT, outcome.needed))
        yield "Do", TEXT, WHAT_TO_DO[outcome.reason]
    elif isinstance(outcome, Manual):
        yield "Look at", LINK, outcome.page
        if outcome.fix is not None:
            yield from _fix(outcome.fix, "If not")
        if lasting(finding.subject):
            yield "Answer", COMMAND, attest_command(finding.code, finding.subject)
    elif isinstance(outcome, Attested):
        yield from _told(("By", TEXT, outcome.by), ("Until", TEXT, timestamp(outcome.until)[:10]))
    if finding.waiver is not None:
        yield from _waiver(finding.waiver, "Accepted")
    if finding.lapsed is not None:
        yield from _waiver(finding.lapsed, "Was accepted")


def _told(*parts: Part) -> Iterator[Part]:
    yield from (part for part in parts if part[2])


def _fix(fix: Fix, label: str) -> Iterator[Part]:
    yield from _told(
        (label, TEXT, fix.step),
        ("Page", LINK, fix.page),
        ("Run", COMMAND, fix.command),
        ("Needs", TEXT, fix.needs),
        ("Undo", TEXT, fix.undo),
    )


def _waiver(waiver: Waiver, label: str) -> Iterator[Part]:
    by = f" by {waiver.by}" if waiver.by else ""
    yield label, TEXT, f"until {waiver.until.isoformat()}{by}: {waiver.reason}"
    yield from _told(("Issue", LINK, waiver.issue), ("Stands in", TEXT, waiver.origin))
