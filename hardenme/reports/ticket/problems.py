"""What is wrong, as a ticket says it: without what only a reader with hardenme understands."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from hardenme.model.finding import Finding
from hardenme.model.finding_summary import weight
from hardenme.model.passages import paragraphs
from hardenme.model.report import CheckText
from hardenme.model.severity import Severity
from hardenme.model.text import disguised
from hardenme.model.verdict import Failed
from hardenme.reports.grouping import name_of
from hardenme.reports.plain import SENTENCE_END
from hardenme.reports.ticket.ticket import TicketProblem

CHECK = re.compile(r"\b[A-Z]{3}\d{3}\b")
CODE = re.compile(rf"{CHECK.pattern}|hardenme|\bprofile\b")
"""What means nothing to a reader without hardenme."""
REFERENCES = re.compile(r" \((?:[A-Z]{3}\d{3}(?:, | and | or )?)+\)")
DISGUISED = "its name has hidden characters that change how it looks: find out who added it"


def problems_of(
    findings: Iterable[Finding], checks: Mapping[str, CheckText], advised: Collection[str] = ()
) -> Iterator[TicketProblem]:
    """The problems, one of each check; what weighs less than the worst of them says so.

    Args:
        advised: the checks whose advice is given: what it is about is what is done.
    """
    groups: dict[str, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(finding.code, []).append(finding)
    for code, those in groups.items():
        text, worst = checks.get(code), max(map(weight, those))
        yield TicketProblem(
            those[0].title,
            worst,
            plain_note(text.why) if text is not None else "",
            tuple(dict.fromkeys((name_of(one), _case(one, worst)) for one in those)),
            plain_note(text.fix) if code in advised and text is not None else "",
        )


def message_of(finding: Finding) -> str:
    """What was found; empty for what has not failed."""
    outcome = finding.outcome
    return outcome.message if isinstance(outcome, Failed) else ""


def plain_note(text: str) -> str:
    """A text of a check's, without what refers to other checks or to hardenme."""
    lines = (line for part in paragraphs(text) for line in part)
    plain = (re.sub(r"^(?:- |\d{1,2}\. )", "", line) for line in lines)
    sentences = (one for line in plain for one in SENTENCE_END.split(REFERENCES.sub("", line)))
    return " ".join(one for one in sentences if not CODE.search(one))


def _case(finding: Finding, worst: Severity) -> str:
    """What was found in one case, with what only this case has."""
    hidden = DISGUISED if disguised(name_of(finding)) else ""
    text = "; ".join(filter(None, (message_of(finding), hidden)))
    return text if weight(finding) == worst else f"{text.rstrip('.')} ({weight(finding)})".strip()
