"""The report as JUnit XML, for the test page of a CI: one test case a finding.

The findings of a repository make a suite, and those above repositories make one for each family of
checks. Only what is known to be good succeeds:

- failed is a failure, whose type is the severity; a check that broke is an error;
- unknown, manual and waived are skipped, and so is what has no object: never a success;
- attested succeeds, since it counts as known, and its output says on whose word;
- a run that did not go to its end is an error of its own, so that it is never green.

The form is the one of Jenkins' xUnit plug-in (`junit-10.xsd`), which Maven's Surefire writes. It
has no date type for `timestamp` and no attribute that counts what is skipped on the whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from xml.sax.saxutils import escape, quoteattr

from hardenme.model.finding import Attested, Errored, Finding
from hardenme.model.finding_summary import weight
from hardenme.model.report import Report
from hardenme.model.unknown import WHAT_TO_DO, Unknown
from hardenme.model.verdict import Failed, Fix, Manual, NotApplicable
from hardenme.reports import values
from hardenme.reports.closing import NOT_WHOLE
from hardenme.reports.grouping import ERRORED_ACTION, name_of
from hardenme.reports.plain import flowing, plain, timestamp
from hardenme.reports.style import Style

NAME = "hardenme"
PARTS = {"step": "Fix", "page": "Page", "command": "Command", "needs": "Needs", "undo": "Undo"}
"""The parts of a fix that a failure includes."""
SKIPPED = frozenset({"unknown", "manual", "waived", "not_applicable"})


@dataclass(slots=True)
class _Counts:
    """How many test cases there are."""

    tests: int = 0
    failures: int = 0
    errors: int = 0
    skipped: int = 0

    def take(self, finding: Finding) -> None:
        """One more."""
        self.tests += 1
        self.failures += finding.result == "failed"
        self.errors += finding.result == "errored"
        self.skipped += finding.result in SKIPPED


def render(report: Report, style: Style) -> str:
    """The report as JUnit XML in one piece."""
    return "".join(pieces(report, style))


def pieces(report: Report, style: Style) -> Iterator[str]:  # noqa: ARG001  (as every format)
    """The report as JUnit XML, a test case a piece. The findings are read twice: to count them."""
    suites: list[_Counts] = []
    whole = _Counts(tests=1, errors=int(_not_whole(report) != ""))
    for _, group in groupby(report.findings, key=_suite):
        suites.append(_Counts())
        for finding in group:
            suites[-1].take(finding)
            whole.take(finding)
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield _tag(
        "testsuites",
        name=NAME,
        time=f"{report.traffic.seconds:.3f}",
        tests=str(whole.tests),
        failures=str(whole.failures),
        errors=str(whole.errors),
    )
    yield from _run(report)
    groups = groupby(report.findings, key=_suite)
    for counts, (name, group) in zip(suites, groups, strict=True):
        yield _open(report, name, counts)
        for finding in group:
            yield _case(finding)
        yield "</testsuite>\n"
    yield "</testsuites>\n"


def _suite(finding: Finding) -> str:
    within = finding.within
    return within.name if within.kind == "repo" else finding.code[:3]


def _open(report: Report, name: str, counts: _Counts) -> str:
    return _tag(
        "testsuite",
        name=f"{NAME} {name}",
        tests=str(counts.tests),
        failures=str(counts.failures),
        errors=str(counts.errors),
        skipped=str(counts.skipped),
        timestamp=timestamp(report.started).removesuffix("Z"),
    )


def _run(report: Report) -> Iterator[str]:
    """A suite of one case: whether the run went to its end; and what a reader has to know."""
    broken = _not_whole(report)
    yield _open(report, "run", _Counts(tests=1, errors=int(broken != "")))
    told = {
        "version": report.version,
        "targets": ", ".join(report.targets),
        "profile": report.profile,
        "coverage": f"{report.coverage.known} of {report.coverage.asked} results known",
        "redacted": report.redacted,
    }
    yield "<properties>\n"
    for key, value in told.items():
        if value:
            yield _tag("property", "/", name=key, value=value)
    for note in (*report.warnings, *report.coverage.notes):
        yield _tag("property", "/", name="note", value=note)
    yield "</properties>\n"
    head = _tag("testcase", name="the run went to its end", classname=f"{NAME}.run")
    inner = _element("error", "incomplete", broken, "") if broken else ""
    yield f"{head}{inner}</testcase>\n</testsuite>\n"


def _not_whole(report: Report) -> str:
    """Why the run did not go to its end; empty if it did."""
    if report.partial:
        return f"{NOT_WHOLE}: {report.partial}"
    return "" if report.halted is None else f"{NOT_WHOLE}: {WHAT_TO_DO[report.halted]}"


def _case(finding: Finding) -> str:
    name = f"{finding.slug}: {finding.subject}"
    head = _tag("testcase", name=name, classname=f"{NAME}.{finding.code[:3]}.{finding.code}")
    return f"{head}{_inner(finding)}</testcase>\n"


def _inner(finding: Finding) -> str:
    outcome, result = finding.outcome, finding.result
    if isinstance(outcome, Failed) and finding.waiver is not None:
        waiver = finding.waiver
        by = f" by {waiver.by}" if waiver.by else ""
        issue = f" ({waiver.issue})" if waiver.issue else ""
        said = f"waived{by} until {waiver.until}: {waiver.reason}{issue}"
        return _element(
            "skipped", result, said, f"{finding.title}\n{_failure_text(finding, outcome)}"
        )
    if isinstance(outcome, Failed):
        lapsed = "" if finding.lapsed is None else f"\nAccepted until {finding.lapsed.until}"
        body = f"{_failure_text(finding, outcome)}{lapsed}\n{_fix(outcome.fix)}"
        said = f"{finding.title}: {outcome.message}"
        return _element("failure", str(weight(finding)), said, body)
    if isinstance(outcome, Errored):
        return _element("error", outcome.error, f"the check broke: {ERRORED_ACTION}", "")
    if isinstance(outcome, Unknown):
        said = f"unknown, {outcome.reason.value}: it takes {outcome.needed}"
        body = f"{outcome.seen}\n{outcome.what_to_do}".strip()
        return _element("skipped", result, said, body)
    if isinstance(outcome, Manual):
        said = f"to confirm by hand: {outcome.question}"
        return _element("skipped", result, said, outcome.page)
    if isinstance(outcome, NotApplicable):
        return _element("skipped", result, f"not applicable: {outcome.message}", "")
    if isinstance(outcome, Attested):
        until = timestamp(outcome.until)[:10]
        said = f"taken on the word of {outcome.by}, until {until}: {outcome.message}"
        return f"<system-out>{_text(said)}</system-out>"
    return ""


def _failure_text(finding: Finding, outcome: Failed) -> str:
    return f"{name_of(finding)}: {outcome.message}"


def _fix(fix: Fix) -> str:
    told = ((title, part, getattr(fix, part)) for part, title in PARTS.items())
    return "\n".join(
        f"{title}: {line}"
        for title, part, text in told
        for line in (fix.commands if part == "command" else [flowing(text)])
        if line
    )


def _element(name: str, kind: str, said: str, body: str) -> str:
    head = _tag(name, type=kind, message=said).rstrip("\n")
    return f"{head}{_text(body)}</{name}>"


def _tag(element: str, end: str = "", /, **attributes: str) -> str:
    """A tag, with every value on one line and fit for XML."""
    shown = (f"{key}={quoteattr(plain(flowing(value)))}" for key, value in attributes.items())
    return f"<{' '.join((element, *shown))}{end}>\n"


def _text(text: str) -> str:
    """Text between tags. What XML has no character for was written as its escape before."""
    return escape(values.paragraphs(text))
