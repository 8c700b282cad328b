"""What heads a finding, in every form that the command prints: its problem where it failed."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote
from xml.etree.ElementTree import fromstring

import pytest

from hardenme.cli.main import run
from hardenme.cli.terminal.console import Console
from hardenme.drift import compare
from hardenme.engine.catalogue import catalogue, find
from hardenme.model.check import Check
from hardenme.model.evidence import Atom
from hardenme.model.finding import Finding, Outcome
from hardenme.model.message import Form
from hardenme.model.report import CheckText, Report
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from hardenme.model.verdict import Failed, Fix, Passed
from hardenme.reports import FORMATS, OF_PACKAGES, render
from hardenme.reports.drift import FORMS
from hardenme.reports.message.compose import message
from tests.drift.compared import report as compared
from tests.printed import printed

AT = datetime(2026, 11, 24, 6, tzinfo=UTC)
REPO = Subject("github", "repo", "acme/web")
SUBJECTS = (REPO, Subject("github", "repo", "acme/api"))
FAILING = ("GHA101", "GHO101", "GHR102", "NPT106", "REL103")
PASSING = ("GHR103", "NPP101")
UNSURE = ("GHR101",)
MESSAGE = "seen as it is"
TALLY = 'id="checks"'
"""Where the page begins to count what passed and failed, by what each check requires."""

Heads = Callable[[str], Iterable[str]]


def _finding(check: Check, subject: Subject, outcome: Outcome) -> Finding:
    atom = Atom("GET /x", 200, AT)
    return Finding(
        *(check.code, check.slug, check.title, subject, subject, subject.name, outcome),
        *(check.severity, (atom,)),
    )


def _text(check: Check) -> CheckText:
    told = check.texts
    return CheckText(
        *(check.code, check.slug, check.title, check.severity),
        *(told["summary"], told["why"], told["fix"], told["limits"]),
    )


def _report(**outcomes: Outcome) -> Report:
    """A report in which checks of the catalogue came out so, for each of two repositories."""
    checks = {code: find(code) for code in outcomes}
    findings = [
        _finding(checks[code], subject, outcome)
        for code, outcome in sorted(outcomes.items())
        for subject in SUBJECTS
    ]
    texts = {code: _text(check) for code, check in checks.items()}
    return replace(compared(*findings), checks=texts)


def _failed(code: str) -> Failed:
    return Failed(MESSAGE, {"on": False}, Fix(f"Mend {code}", "https://github.example.test/x"))


PASSED, LOST = Passed("well", {"on": True}), Unknown(Reason.NOT_PERMITTED, "a right")
REPORT = _report(
    **{code: _failed(code) for code in FAILING},
    **dict.fromkeys(PASSING, PASSED),
    **dict.fromkeys(UNSURE, LOST),
)
BETTER = _report(
    **dict.fromkeys((*FAILING[1:], *PASSING, *UNSURE), PASSED), GHA101=_failed("GHA101")
)


def told(*words: str) -> str:
    """What the command prints on standard output."""
    console = Console(io.StringIO(), io.StringIO(), {"COLUMNS": "200"})
    run([*words], console)
    return console.out.getvalue()  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Report | str], str]:
    folder = tmp_path_factory.mktemp("stored")

    def store(report: Report | str) -> str:
        text = report if isinstance(report, str) else render(report, "json")
        path: Path = folder / f"{len(list(folder.iterdir()))}.json"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return store


def _json(text: str) -> Iterable[str]:
    return [one["title"] for one in json.loads(text)["findings"] if one["outcome"] == "failed"]


def _sarif(text: str) -> Iterable[str]:
    (made,) = json.loads(text)["runs"]
    rules = made["tool"]["driver"]["rules"]
    failed = [one for one in made["results"] if one["kind"] == "fail"]
    return [rules[one["ruleIndex"]]["shortDescription"]["text"] for one in failed]


def _junit(text: str) -> Iterable[str]:
    failures = fromstring(text).iter("failure")  # noqa: S314 (our own)
    return [one.get("message", "").removesuffix(f": {MESSAGE}") for one in failures]


def _csv(text: str) -> Iterable[str]:
    rows = csv.DictReader(io.StringIO(text))
    return [row["title"] for row in rows if row["outcome"] == "failed"]


def _lines(pattern: str) -> Heads:
    return lambda text: [_read(one) for one in re.findall(pattern, text, re.MULTILINE)]


def _read(text: str) -> str:
    """A text as a person sees it: HTML, Markdown and annotations escape their own characters."""
    return html.unescape(unquote(text)).replace("\\", "")


HEADS: dict[str, Heads] = {
    "table": _lines(r"^ *\[ \] [a-z]+ +[A-Z]{3}\d{3}  (.+)$"),
    "markdown": _lines(r"^- \[ \] \*\*[a-z]+\*\* `[A-Z]{3}\d{3}` (.+)$"),
    "html": _lines(r"<h4.*?</code> (.+?)(?:<small>|</h4>)"),
    "github": _lines(r"^::[a-z]+ title=[A-Z]{3}\d{3} (.+?) \([a-z]+\)::"),
    "json": _json,
    "sarif": _sarif,
    "junit": _junit,
    "csv": _csv,
}
"""What heads the failed findings of a form."""
WHOLE = frozenset({"json", "sarif"})
"""Forms that say of each check what it requires, under a name of its own."""


STEPS = frozenset({"screen", "commands"})
"""Forms that are headed by what to do."""


@pytest.fixture(scope="module", params=sorted(FORMATS.keys() - OF_PACKAGES - STEPS))
def form(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


def test_a_failed_finding_is_headed_by_its_problem(
    form: str, stored: Callable[[Report | str], str]
) -> None:
    text = told("show", stored(REPORT), "-f", form)
    assert {*HEADS[form](text)} == {find(code).title for code in FAILING}
    headed = _read(text.partition(TALLY)[0])
    for code in FAILING:
        assert find(code).title in headed
        assert form in WHOLE or find(code).summary not in headed


def test_what_passed_is_not_headed_by_a_problem(
    form: str, stored: Callable[[Report | str], str]
) -> None:
    heads = {*HEADS[form](told("show", stored(REPORT), "-f", form))}
    assert not heads & {find(code).title for code in (*PASSING, *UNSURE)}


def test_a_row_of_what_is_unknown_says_what_is_required(
    stored: Callable[[Report | str], str],
) -> None:
    rows = csv.DictReader(io.StringIO(told("show", stored(REPORT), "--unknown", "-f", "csv")))
    titles = {row["code"]: row["title"] for row in rows if row["outcome"] == "unknown"}
    assert titles
    assert titles == {code: find(code).summary for code in titles}


@pytest.mark.parametrize("drift_form", sorted(FORMS.keys() - {"line"}))
def test_what_is_new_or_fixed_is_told_by_its_problem(
    drift_form: str, stored: Callable[[Report | str], str]
) -> None:
    worse, better = stored(REPORT), stored(BETTER)
    risen = _read(told("diff", better, worse, "-f", drift_form))
    fixed = _read(told("diff", worse, better, "-f", drift_form))
    for code in FAILING[1:]:
        check = find(code)
        assert check.title in risen
        assert check.summary not in risen + fixed
        # Annotations tell what has to be looked at; what is fixed is in their counts.
        assert (check.title in fixed) is (drift_form != "github")
    assert find("GHA101").title not in risen, "it failed all the time"
    if drift_form != "json":
        assert find("GHR101").title not in risen, "not known is no problem that was seen"


def test_a_mail_has_severity_and_problem_in_its_subject_and_its_lines() -> None:
    told_of = message(compare(BETTER, REPORT), REPORT, digest=True)
    worst = find("GHO101")
    assert told_of.title.startswith(f"hardenme: critical: {worst.title}, and ")
    text = "\n".join(told_of.lines[Form.TEXT])
    assert f"- critical, new: {worst.title} (GHO101): github:repo/acme/" in text
    assert f"- critical: {find('GHA101').title} (GHA101): 2 subjects: " in text
    assert find("GHR101").title not in text, "not known is no problem that was seen"
    assert not any(find(code).summary in text for code in FAILING)


def test_a_mail_of_what_is_fixed_names_the_problem_that_is_gone() -> None:
    told_of = message(compare(REPORT, BETTER), BETTER)
    gone = find("GHO101").title
    assert told_of.title.startswith(f"hardenme: fixed: {gone}, and 7 more")
    assert f"- fixed: {gone} (GHO101): " in "\n".join(told_of.lines[Form.TEXT])


def test_the_catalogue_is_listed_by_problems() -> None:
    lines = told("list").splitlines()
    assert all(
        line.startswith(f"{check.code}  ") and f"  {check.title}" in line
        for line, check in zip(lines[:-1], catalogue(), strict=True)
    )
    listed = printed("checks", told("list", "-f", "json"))["checks"]
    assert {one["code"]: one["title"] for one in listed} == {c.code: c.title for c in catalogue()}


def test_a_check_is_explained_by_its_problem_and_what_it_requires() -> None:
    first, second, _, required, *_ = told("explain", "GHO101").splitlines()
    check = find("GHO101")
    assert first == f"GHO101 {check.title}"
    assert second == f"{check.slug} · critical"
    assert required == f"Required: {check.summary}"[: len(required)]


def test_limits_are_a_list_in_every_form_that_shows_them() -> None:
    check = find("GHW201")
    items = [line.removeprefix("- ") for line in check.texts["limits"].split("\n")]
    assert len(items) > 1
    explained, _, _ = told("explain", check.code).partition("\n\nReads\n")
    _, _, limits = explained.partition("\n\nLimits\n")
    shown = limits.partition("\n\n")[0].split("\n  - ")
    assert [" ".join(one.removeprefix("  - ").split()) for one in shown] == items
    report = _report(**{check.code: _failed(check.code)})
    page = html.unescape(render(report, "html"))
    for item in items:
        assert f"<li>{item.partition('`')[0]}" in page
    (rule,) = json.loads(render(report, "sarif"))["runs"][0]["tool"]["driver"]["rules"]
    listed = [line for line in rule["help"]["markdown"].split("\n") if line.startswith("- ")]
    assert len(listed) == len(items)
