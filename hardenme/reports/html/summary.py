"""The head of the page: what has to be known first, who was asked, and what came out."""

from __future__ import annotations

from collections.abc import Iterator

from hardenme.model.report import Report
from hardenme.model.unknown import WHAT_TO_DO
from hardenme.reports.checklist import Checklist
from hardenme.reports.closing import NOT_WHOLE, facts_of_run
from hardenme.reports.html import charts
from hardenme.reports.html.element import Child, Element, element
from hardenme.reports.html.tally import Tally
from hardenme.reports.html.words import counted, prose, said, section, terms
from hardenme.reports.plain import timestamp

WHERE = {
    "failed": "to-fix",
    "unknown": "unknown",
    "manual": "questions",
    "attested": "statements",
    "waived": "accepted",
    "passed": "checks",
    "not applicable": "checks",
}
"""The section that tells more, by the result."""


def head(report: Report, tally: Tally) -> Element:
    """Who was looked at, and how it stands in one sentence."""
    moment = timestamp(report.started)
    return element(
        "header",
        *_notices(report),
        element(
            "p",
            "hardenme report on ",
            said(", ".join(report.targets)) or "nothing",
            class_="kicker",
        ),
        element("h1", _headline(tally)),
        terms(
            (
                *(
                    (said(label), [said(text)])
                    for label, text in facts_of_run(report)
                    if text != report.redacted
                ),
                (
                    "made",
                    [
                        element("time", moment, datetime=moment),
                        f" by hardenme {said(report.version)}",
                    ],
                ),
            ),
            "run",
        ),
        class_="head",
    )


def _headline(tally: Tally) -> str:
    total = tally.total
    if not total:
        return "Nothing was checked"
    lost = total["unknown"] + total["errored"]
    left = f", {lost:,} not known" if lost else ""
    return f"{total['failed']:,} to fix{left}" if total["failed"] else f"No check failed{left}"


def _notices(report: Report) -> Iterator[Element]:
    """What a reader has to know before anything else."""
    if report.redacted:
        yield _notice("For sharing", *prose(report.redacted), loud=True)
    if report.partial:
        yield _notice(NOT_WHOLE, *prose(report.partial), loud=True)
    if report.halted is not None:
        what = f"{report.halted.value}: {WHAT_TO_DO[report.halted]}"
        yield _notice("A provider was asked nothing further", what, loud=True)
    for warning in report.warnings:
        yield _notice("Note", *prose(warning), loud=False)


def _notice(title: str, *text: Child, loud: bool) -> Element:
    look = "notice loud" if loud else "notice"
    return element("p", element("strong", title), " ", *text, class_=look)


def summary(report: Report, checklist: Checklist, tally: Tally) -> Element:
    """How many results of each kind, what of them counts, and the charts."""
    total = tally.total
    numbers = {
        "failed": total["failed"],
        "unknown": total["unknown"] + total["errored"],
        "manual": total["manual"],
        "attested": total["attested"],
        "waived": total["waived"],
        "passed": total["passed"],
        "not applicable": total["not_applicable"],
    }
    return section(
        "summary",
        "Summary",
        element(
            "ul",
            *(_tile(name, number) for name, number in numbers.items()),
            class_="tiles",
        ),
        element(
            "ul", *(element("li", *line) for line in _meaning(report, tally)), class_="meaning"
        ),
        element(
            "div",
            element("div", charts.severities(checklist.severities), charts.reasons(tally.reasons)),
            charts.coverage(report, tally.by_family()),
            class_="charts",
        ),
    )


def _tile(name: str, number: int) -> Element:
    inner = (element("b", f"{number:,}"), " ", element("span", name))
    look = f"tile {name.partition(' ')[0]}"
    if not number:
        return element("li", element("span", *inner, class_="nothing"), class_=look)
    return element("li", element("a", *inner, href=f"#{WHERE[name]}"), class_=look)


def _meaning(report: Report, tally: Tally) -> Iterator[tuple[Child, ...]]:
    """What of it counts for the exit code."""
    from_here = tally.failing_from(report.fail_on)
    threshold = element("b", str(report.fail_on))
    if from_here:
        yield (
            counted(from_here, "failure"),
            " of severity ",
            threshold,
            " or worse: the run fails.",
        )
    else:
        yield ("No failure of severity ", threshold, " or worse.")
    lost = sum(tally.reasons.values())
    if lost:
        accepted = ", ".join(map(said, report.allowed_unknown))
        but = f" Accepted as unknown: {accepted}." if accepted else ""
        yield (f"{counted(lost, 'result')} not known. None of them counts as passed.{but}",)
    else:
        yield ("Everything that was asked is known.",)
    if tally.total["waived"]:
        ways = counted(tally.total["waived"], "failure")
        yield (f"{ways} accepted by waivers, each with a reason and an end.",)
