"""The screen: its verdict, that its numbers add up, and that it fits whatever was found."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from functools import cache

import pytest

from hardenme.model.finding import Finding
from hardenme.model.report import Report
from hardenme.model.severity import Severity
from hardenme.model.waiver import Waiver
from hardenme.reports import render
from hardenme.reports.columns import width_of
from hardenme.reports.fixplan.kinds import kind_of
from hardenme.reports.fixplan.plan import Plan
from hardenme.reports.screen.summary import Verdict
from tests.catalogue_table import TABLE
from tests.reports import publishing_sample
from tests.reports.planned import failed, fix, plan, report, unknown
from tests.reports.sample import hostile, large, maintainer

STEP = re.compile(r"^ ?(?P<number>\d+)  \S")
REST = re.compile(r"THE REST\s+(?:(?P<findings>[\d,]+) findings? in )?(?P<steps>[\d,]+) steps?")
CAUSE = re.compile(r"^ {1,5}(?P<number>[\d,]+)  (?:closes?|needs?|takes?) ")
REPORTS = {
    "a maintainer": maintainer,
    "five packages": publishing_sample.five,
    "hostile names": hostile,
    "a thousand repositories": lambda: large(1000),
    "nothing": report,
}


@cache
def named(name: str) -> Report:
    """One of REPORTS; a thousand repositories take a second to make."""
    return REPORTS[name]()


@cache
def planned(name: str) -> Plan:
    return plan(named(name))


def screen(made: Report, width: int = 100) -> str:
    return render(made, "screen", width=width)


def number(text: str | None) -> int:
    return int((text or "0").replace(",", ""))


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize(("width", "lines"), [(200, 39), (100, 39), (80, 59), (60, 59)])
def test_it_fits_whatever_was_found(name: str, width: int, lines: int) -> None:
    shown = screen(named(name), width).splitlines()
    assert len(shown) <= lines
    for line in shown:
        whole = "http" in line or "npm " in line or "gh " in line or "hardenme " in line
        assert width_of(line) <= min(width, 100) or whole, line


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize("width", [20, 30, 45])
def test_a_narrow_terminal_can_be_read(name: str, width: int) -> None:
    shown = screen(named(name), width)
    assert any(word in shown for word in Verdict)
    assert "QUESTIONS" in shown


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize("width", [30, 80, 100])
def test_the_numbers_add_up(name: str, width: int) -> None:
    made = named(name)
    text = screen(made, width)
    lines = text.splitlines()
    steps = {step.number: step for step in planned(name).steps}
    shown = [int(found["number"]) for line in lines if (found := STEP.match(line))]
    rest = REST.search(" ".join(text.split()))
    left = (number(rest["findings"]), number(rest["steps"])) if rest else (0, 0)
    assert len(shown) + left[1] == len(steps)
    failing = sum(one.fails for one in made.findings)
    assert sum(steps[one].closes for one in shown) + left[0] == failing
    counts = made.counts()
    causes = [number(found["number"]) for line in lines if (found := CAUSE.match(line))]
    assert sum(causes) == counts["unknown"] + counts["errored"]


HIGH = failed("GHA101", "github:user/a", fix("Turn it on"), Severity.HIGH)
LOW = failed("GHA110", "github:user/a", fix("Tick it"), Severity.LOW)
MEDIUM = replace(LOW, severity=Severity.MEDIUM)
OPEN = unknown("GHA104", "github:ssh-key/1")
ACCEPTED = replace(HIGH, waiver=Waiver("GHA101", "github:user/a", "meant", date(2027, 1, 1)))
PASSED = next(one for one in maintainer().findings if one.result == "passed")


@pytest.mark.parametrize(
    ("findings", "more", "verdict"),
    [
        ([HIGH, OPEN], {}, Verdict.AT_RISK),
        ([HIGH], {"fail_on": Severity.CRITICAL}, Verdict.AT_RISK),
        ([MEDIUM], {"fail_on": Severity.MEDIUM}, Verdict.AT_RISK),
        ([MEDIUM], {}, Verdict.TO_FIX),
        ([LOW], {"fail_on": Severity.MEDIUM}, Verdict.TO_FIX),
        ([LOW, OPEN], {}, Verdict.NOT_KNOWN),
        ([LOW, OPEN], {"allowed_unknown": ("GHA104",)}, Verdict.NOT_KNOWN),
        ([PASSED], {"partial": "interrupted"}, Verdict.NOT_KNOWN),
        ([PASSED], {"not_found": ("npm:none",)}, Verdict.NOT_KNOWN),
        ([], {}, Verdict.NOT_KNOWN),
        ([ACCEPTED], {}, Verdict.TO_FIX),
        ([PASSED], {}, Verdict.CLEAN),
    ],
)
def test_the_verdict(findings: list[Finding], more: dict[str, object], verdict: Verdict) -> None:
    lines = screen(replace(report(*findings), **more)).splitlines()
    said = [word for line in lines for word in Verdict if line.startswith(word)]
    assert said[0] == verdict
    assert any(line.startswith("NOT KNOWN ") for line in lines)
    assert any(line.startswith("QUESTIONS ") for line in lines)


def test_what_a_reader_has_to_know_stands_on_it() -> None:
    made = replace(report(LOW), warnings=("one", "two", "three"))
    shown = screen(made)
    assert "NOTE" in shown
    assert "one (3 more: hardenme show --full)" in shown
    stopped = screen(replace(made, partial="interrupted"))
    assert "The run stopped early: interrupted" in stopped


def test_several_targets_are_a_line_each_the_worst_first() -> None:
    found = [
        failed("GHA110", "github:repo/b/web", fix("Tick it"), Severity.LOW),
        failed("GHR101", "github:repo/a/web", fix("Turn it on"), Severity.HIGH),
    ]
    made = replace(report(*found), targets=("github:b", "github:a", "npm:none"))
    lines = screen(replace(made, not_found=("npm:none",))).splitlines()
    at = lines.index("github:a: 1 high · 0 unknown")
    assert lines[at + 1].startswith("github:b: 1 low")
    assert "npm:none: not found" in lines[at + 2]
    many = tuple(f"github:o{one}" for one in range(500))
    assert "and 481 more targets" in screen(replace(made, targets=many))


def test_hostile_names_steer_nothing() -> None:
    for width in (30, 100):
        shown = screen(hostile(), width)
        assert not any(mark in shown for mark in "\x1b\x07\u202e\u200b\x00\x85\u2028\ud800")
        assert "CANARY" not in shown
    assert render(hostile(), "screen", ascii_only=True).isascii()
    coloured = render(maintainer(), "screen", color=True, width=100)
    plain = re.sub(r"\x1b\[[\d;]*m", "", coloured)
    link = r"\x1b\]8;;(https?://[!-~]+?)\x1b\\(.*?)\x1b\]8;;\x1b\\"
    found = re.findall(link, plain)
    assert found
    assert all(address == text for address, text in found)
    assert re.sub(link, r"\2", plain) == screen(maintainer())
    for line in render(hostile(), "screen", color=True).splitlines():
        rest = re.sub(link, "", re.sub(r"\x1b\[[\d;]*m", "", line))
        assert "\x1b" not in rest


def test_every_check_asks_for_a_kind_of_change() -> None:
    # Those of ATT ask, and never fail.
    fails = [code for code in TABLE if not code.startswith("ATT")]
    assert [code for code in fails if not kind_of(code).title] == []
