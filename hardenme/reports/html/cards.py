"""A card: one thing that the filter shows or hides, with its head and what was seen."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

from hardenme.model.evidence import Atom
from hardenme.model.finding import Finding
from hardenme.model.severity import Severity
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Failed, NotApplicable, Passed
from hardenme.reports.html.element import Child, Element, element
from hardenme.reports.html.words import chip, counted, folded, level, prose, terms
from hardenme.reports.plain import plain, timestamp

Fit = Callable[[str], str]
"""Makes a text fit to show."""


def card(
    *content: Child,
    outcome: str,
    codes: Iterable[str],
    severity: str = "",
    mixed: bool = False,
    more: bool = False,
) -> Element:
    """A card.

    Args:
        content: what stands in it.
        outcome: the result that it tells of.
        codes: the checks that it is about.
        severity: what it weighs at most; empty where it does not say.
        mixed: some of its subjects may weigh less, so that the filter asks their results.
        more: not all of its subjects are named in it.
    """
    return element(
        "article",
        *content,
        class_=f"card {severity}".rstrip(),
        data_outcome=outcome,
        data_codes=" ".join(map(plain, codes)),
        data_severity=None if mixed or not severity else severity,
        data_more=more,
    )


def title(severity: Severity, code: str, text: str, count: int, *, heading: str = "h3") -> Element:
    """The head of a card."""
    return element(
        heading,
        level(str(severity)),
        " ",
        chip(code),
        " ",
        element("span", *prose(text), class_="title"),
        element("span", f" {counted(count, 'subject')}", class_="aside") if count > 1 else None,
    )


def more(number: int, thing: str) -> Element:
    """How many of something are not listed, and where they are."""
    return element(
        "p",
        f"and {counted(number, f'more {thing}')}: ",
        element("a", "all results", href="#results", class_="with-script"),
        element("span", "hardenme's JSON report has all of them", class_="without-script"),
        class_="more",
    )


def evidence(finding: Finding) -> Element | None:
    """The fields that decided, and the answers that they were read from."""
    rows: list[tuple[str, list[Child]]] = [
        (name, [element("code", value)]) for name, value in seen_of(finding)
    ]
    answers = [answer(atom) for atom in sources_of(finding)]
    if answers:
        listed: list[Child] = [element("span", text, class_="answer") for text in answers]
        rows.append(("read from", listed))
    shown = terms(rows, "seen")
    return None if shown is None else folded(["Evidence"], shown, class_="evidence")


def seen_of(finding: Finding, fit: Fit = plain) -> list[tuple[str, str]]:
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
    """The answers that it rests on."""
    if not finding.sources and isinstance(finding.outcome, Unknown):
        return finding.outcome.evidence
    return finding.sources


def answer(atom: Atom, fit: Fit = plain) -> str:
    """An answer in one line, made fit to show by `fit`."""
    told = [fit(atom.endpoint), f"status {atom.status}" if atom.status else "no answer"]
    if atom.pages_expected != 1 or atom.pages_read != 1:
        expected = "?" if atom.pages_expected is None else str(atom.pages_expected)
        told.append(f"{atom.pages_read} of {expected} pages")
    told.append(timestamp(atom.observed_at))
    if atom.cached:
        told.append("kept from before")
    return ", ".join(told)
