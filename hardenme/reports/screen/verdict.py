"""What a report comes to: one of four words, and a sentence that says what it means."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum

from hardenme.model.finding_summary import weight
from hardenme.model.publishing import State
from hardenme.model.report import Report, absences
from hardenme.model.severity import Severity
from hardenme.reports.fixplan.plan import FixPlan
from hardenme.reports.fixplan.titles import in_numbers, unusual
from hardenme.reports.plain import counted
from hardenme.reports.sign_in import elsewhere, first_words

WORST = 2
"""Problems that the sentence names."""


class Verdict(StrEnum):
    """What a report comes to."""

    AT_RISK = "AT RISK"
    """A finding is high or worse, or at or above `--fail-on` if that is lower."""
    NOT_KNOWN = "NOT KNOWN"
    """None is, and something is not known, accepted or not, the run is incomplete, or no check that
    was run has passed."""
    TO_FIX = "TO FIX"
    """Only lower findings, or some that are accepted."""
    CLEAN = "CLEAN"
    """Something passed; nothing failed, nothing is unknown, nothing is accepted."""


LOWER_KNOWN = "No finding is high or critical in what is known. The rest may be worse."


def verdict_of(
    report: Report, levels: Mapping[Severity, int], counts: Mapping[str, int]
) -> Verdict:
    """Which of the words a report comes to, by its findings of each severity and result."""
    whole = not (report.partial or report.not_found) and bool(report.findings)
    return verdict_by(levels, counts, report.fail_on, whole=whole)


def verdict_by(
    levels: Mapping[Severity, int], counts: Mapping[str, int], fail_on: Severity, *, whole: bool
) -> Verdict:
    """Which of the words results come to.

    Args:
        levels: how many findings there are of each severity.
        counts: how many results there are of each name.
        fail_on: the severity from which a failure counts for the exit code.
        whole: whether all was looked at.
    """
    if max(levels, default=Severity.INFO) >= min(fail_on, Severity.HIGH) and levels:
        return Verdict.AT_RISK
    if counts["unknown"] + counts["errored"] or not whole:
        return Verdict.NOT_KNOWN
    if levels or counts["waived"]:
        return Verdict.TO_FIX
    return Verdict.CLEAN if counts["passed"] + counts["attested"] else Verdict.NOT_KNOWN


def sentence_of(
    report: Report,
    plan: FixPlan,
    verdict: Verdict,
    levels: Mapping[Severity, int],
    counts: Mapping[str, int],
) -> str:
    """What the verdict means for this account, in a sentence or two."""
    unknown, questions = counts["unknown"] + counts["errored"], counts["manual"]
    if report.partial:
        return f"The run stopped early: {report.partial}. There may be more findings."
    if verdict is Verdict.AT_RISK:
        return " ".join(filter(None, (first_words(report), _risk(report, plan))))
    if verdict is Verdict.NOT_KNOWN:
        if report.not_found:
            wrong = elsewhere(report)
            told = f"{absences(report)}."
            return f"{wrong}. Nothing was checked." if wrong else told
        if not report.findings:
            return "Nothing was looked at."
        if not unknown:
            asked = f"{counted(questions, 'question')} unanswered. " if questions else ""
            return f"{asked}No check that was run has passed."
        if refused := first_words(report):
            return refused
        return LOWER_KNOWN if levels else "Not everything that was asked is known."
    # Nothing good is claimed about all checks while some wait for an answer.
    asked = f"{counted(questions, 'question')} unanswered. " if questions else ""
    if verdict is Verdict.TO_FIX and levels:
        known = f"everything {'else ' * bool(asked)}that was asked is known"
        return f"{asked}No finding is high or critical, and {known}."
    if verdict is Verdict.TO_FIX:
        return f"{asked}Nothing {'else ' * bool(asked)}is open, except waived findings."
    return f"{asked}Every {'other ' * bool(asked)}check that was run passes."


def _risk(report: Report, plan: FixPlan) -> str:
    signs = [step for step in plan.steps if step.is_sign]
    told = []
    if signs:
        things = unusual(signs)
        show = "shows" if sum(things.values()) == 1 else "show"
        told.append(f"{in_numbers(things)} {show} signs of an attack")
    exposed = _exposed(report)
    if exposed:
        return f"{', and '.join([*told, *exposed])}."
    # Without a path to name, the problems say what the signs are; without signs, what is wrong.
    of_signs = {code for step in signs for code in step.codes}
    return f"{': '.join([*told, _worst(report, of_signs)])}."


def _exposed(report: Report) -> list[str]:
    """How many paths can publish that should not."""
    packages = report.publishing.packages if report.publishing else ()
    exposed = [one for one in packages if one.count(State.OPEN)]
    paths = sum(one.count(State.OPEN) for one in exposed)
    unknown = sum(one.count(State.UNKNOWN) for one in packages)
    if not paths:
        return []
    told = f"{counted(paths, 'unintended path')} can publish {counted(len(exposed), 'package')}"
    return [
        f"{told}; {unknown:,} more {'is' if unknown == 1 else 'are'} unknown" if unknown else told
    ]


def _worst(report: Report, among: Collection[str]) -> str:
    """The problems that weigh most, and of how many subjects.

    Args:
        among: only those of these checks; empty for all.
    """
    worst: dict[str, tuple[Severity, int]] = {}
    for one in report.findings:
        if one.fails and (not among or one.code in among):
            level, number = worst.get(one.code, (Severity.INFO, 0))
            worst[one.code] = max(level, weight(one)), number + 1
    order = sorted(worst, key=lambda code: (-worst[code][0], -worst[code][1], code))
    return "; ".join(f"{_problem(report, code)} ({worst[code][1]:,})" for code in order[:WORST])


def _problem(report: Report, code: str) -> str:
    text = report.checks.get(code)
    return code if text is None else text.title
