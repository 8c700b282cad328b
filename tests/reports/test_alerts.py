"""The alerts of a watch: one line where nothing is unusual, and whatever a name holds is text."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from hardenme.model.finding import Finding
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from hardenme.model.verdict import Failed, Fix, Passed
from hardenme.reports import ALERTS, render
from hardenme.reports.columns import width_of
from tests.reports.sample import CANARY, HOSTILE, finding, hostile, report_of

FIX = Fix(
    step="Ask who released it.",
    page="https://npm.example/package",
    command="npm deprecate",
    needs="write access",
    undo="again",
)


def release(name: str) -> Subject:
    return Subject("npm", "package", name)


def passing(name: str) -> Finding:
    return finding("NPP107", release(name), Passed("fine", {"a": 1}))


def failing(name: str, code: str = "NPP107", message: str = "odd") -> Finding:
    return finding(
        code, release(name), Failed(message, {"a": 1}, replace(FIX, command=f"do {name}"))
    )


def test_nothing_unusual_is_one_line_and_quietly_none() -> None:
    report = report_of(
        [passing(name) for name in ("@a/b@1.0.0", "@a/b@1.1.0", "@a/b@latest", "c@latest")]
    )
    assert render(report, ALERTS) == "2 packages, 2 releases looked at, nothing unusual\n"
    assert render(report, ALERTS, quiet=True) == ""


def test_releases_with_the_same_signs_stand_together_the_worst_first() -> None:
    report = report_of(
        [
            failing("c@1.0.0"),
            *(failing(f"p{number}@2.0.0", "NPA101", "worst") for number in range(30)),
            *(failing(f"p{number}@2.0.0") for number in range(30)),
        ]
    )
    text = render(report, ALERTS, width=80)
    assert text.startswith("ALERT: 31 packages, 31 releases unusual; ")
    assert text.count("Ask who released it.") == 2
    assert text.index("worst") < text.index("c@1.0.0")
    assert "and 18 more" in text
    assert "  do p0@2.0.0\n" in text
    assert "  and 24 more, alike\n" in text


def test_quietly_the_command_of_one_release_is_not_taken_for_that_of_all() -> None:
    alike = report_of([failing(f"p{number}@2.0.0") for number in range(4)])
    assert "\n  do p0@2.0.0  # and 3 more, alike\n" in render(alike, ALERTS, quiet=True)
    alone = render(report_of([failing("c@1.0.0")]), ALERTS, quiet=True).splitlines()
    assert "  do c@1.0.0" in alone


def test_what_is_not_known_is_told_and_never_quiet() -> None:
    why = Unknown(Reason.UNREACHABLE, "the network", "no answer")
    report = report_of([finding("NPP107", release("a"), why), passing("b@1.0.0")])
    for quiet in (False, True):
        text = render(report, ALERTS, quiet=quiet)
        assert text.startswith("2 packages, 1 release looked at, nothing unusual in what could")
        assert "no answer: the network" in text
    partial = replace(report_of([passing("b@1.0.0")]), partial="interrupted")
    assert "interrupted" in render(partial, ALERTS, quiet=True)


@pytest.mark.parametrize("width", [30, 80, 120])
@pytest.mark.parametrize("ascii_only", [False, True])
def test_hostile_names_stay_text(width: int, *, ascii_only: bool) -> None:
    names = [
        failing(f"{text}@1.0.0", code, f"it is {text} {CANARY}")
        for text in HOSTILE
        for code in ("NPP107", "NPA101")
    ]
    for report in (hostile(), report_of(names)):
        text = render(report, ALERTS, width=width, ascii_only=ascii_only)
        assert CANARY not in text
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u202a-\u202e\u2066-\u2069]", text)
        assert not ascii_only or text.isascii()
        # Addresses and commands stay whole, so that they can be copied.
        whole = re.compile(r"\s*(?:https?:|npm |do |gh api |hardenme )")
        wide = [line for line in text.splitlines() if width_of(line) > width]
        assert [line for line in wide if not whole.match(line)] == []
