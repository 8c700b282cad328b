from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

import pytest

from hardenme.model.report import Report
from hardenme.model.severity import Severity
from hardenme.model.subject import Subject
from hardenme.model.verdict import Failed, Fix
from hardenme.reports import render, step_summary
from hardenme.reports.actions import KINDS, LONGEST, SHOWN
from tests.reports.machine_sample import COMMANDS, commanding, everything, halted
from tests.reports.sample import (
    WEB,
    entries_of,
    finding,
    hostile,
    large,
    maintainer,
    report_of,
)

LINE = re.compile(r"::(error|warning|notice) title=([^:,\r\n]*)::([^\r\n]*)")
"""What the runner takes for one of ours, as ActionCommand.TryParseV2 of actions/runner reads it."""


def decoded(text: str) -> str:
    """As the runner reads data and properties."""
    for escape, char in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(escape, char)
    return text


def annotations(text: str) -> list[tuple[str, str, str]]:
    """What the runner makes of the lines; nothing else in them may be a command."""
    found = []
    for line in text.splitlines():
        match = LINE.fullmatch(line)
        if match:
            found.append((match[1], decoded(match[2]), decoded(match[3])))
        else:
            assert not line.strip().startswith("::"), line
            assert "##[" not in line, line
    return found


def test_the_worst_come_first_and_the_rest_is_counted() -> None:
    report = large(40)
    found = annotations(render(report, "github"))
    assert Counter(kind for kind, *_ in found)["error"] <= SHOWN
    many = report_of(
        finding(
            "GHB101",
            Subject("github", "repo", f"mallow/{severity}-{number}"),
            Failed(
                f"{severity} {number}",
                {"a": 1},
                Fix(f"Do {number}", f"{WEB}/{severity}/{number}"),
                severity,
            ),
        )
        for severity in Severity
        for number in range(12)
    )
    found = annotations(render(many, "github"))
    assert Counter(kind for kind, *_ in found) == {"error": 10, "warning": 10, "notice": 10}
    errors = [(title, text) for kind, title, text in found if kind == "error"]
    assert all("(critical)" in title for title, _ in errors[:9])
    assert errors[9][0] == "15 more things to fix"
    assert [title for kind, title, _ in found if kind == "warning"][-1] == "3 more things to fix"
    assert [title for kind, title, _ in found if kind == "notice"][-1] == "15 more things to fix"


def test_ten_things_are_shown_and_none_is_counted_away() -> None:
    ten = report_of(
        finding(
            "GHB101",
            Subject("github", "repo", f"mallow/{number}"),
            Failed("x", {"a": 1}, Fix(f"Do {number}", f"{WEB}/x{number}")),
        )
        for number in range(10)
    )
    titles = [title for _, title, _ in annotations(render(ten, "github"))]
    assert len(titles) == 10
    assert set(titles) == {"GHB101 Default branch is not protected (high)"}


def test_an_annotation_says_where_what_and_how() -> None:
    found = annotations(render(maintainer(), "github"))
    (one,) = [text for _, title, text in found if title.startswith("GHR103 ")]
    where, _, what = one.partition(": ")
    assert re.fullmatch(r"(?:mallow/\w[\w-]+, ){4}mallow/\w[\w-]+ and 3 more", where)
    assert what.startswith("Dependabot alerts are off. Fix: Enable Dependabot alerts. https://")
    assert {kind for kind, title, _ in found if "(medium)" in title} == {"warning"}
    assert set(KINDS) == set(Severity)


def test_what_is_not_known_is_never_silent() -> None:
    found = annotations(render(everything(), "github"))
    told = {(kind, title) for kind, title, _ in found}
    assert ("warning", "2 results are not known") in told
    assert ("notice", "1 question to answer") in told
    for report in (halted(), replace(everything(), partial="killed")):
        first = annotations(render(report, "github"))[0]
        assert first[:2] == ("error", "This report is not whole")


def test_the_last_lines_are_the_notes_and_the_counts() -> None:
    lines = render(everything(), "github").splitlines()
    assert "Note: 4 findings about people are left out; --with-members puts them in" in lines
    assert " failed · " in lines[-1]
    assert render(replace(everything(), redacted="names"), "github").splitlines()[-5:] != lines[-5:]


@pytest.mark.parametrize("report", [hostile(), commanding()], ids=["hostile", "commanding"])
@pytest.mark.parametrize("with_members", [False, True])
def test_no_name_is_a_command(report: Report, *, with_members: bool) -> None:
    text = render(report, "github", with_members=with_members)
    for kind, title, said in annotations(text):
        assert kind in {"error", "warning", "notice"}
        assert "\n" not in title + said
        assert "\r" not in title + said
        assert len(said) < 6 * LONGEST
    assert text.count("\n") == len(text.splitlines())


def test_a_name_comes_through_the_escapes_as_it_was() -> None:
    name = "100%0A::warning::x,title=y:z %25"
    report = report_of(
        [finding("GHB101", Subject("github", "repo", name), Failed("x", {"a": 1}, Fix("Do", WEB)))]
    )
    ((_, _, said),) = annotations(render(report, "github"))
    assert said.startswith(f"{name}: x. Fix: Do. {WEB}")
    assert any("%0A" in text for text in COMMANDS)


def test_a_summary_is_the_markdown_where_there_is_room() -> None:
    report = report_of(one for one in maintainer().findings if one.subject.kind != "email")
    _, *inner, _ = render(report, "markdown").splitlines(keepends=True)
    assert step_summary(report, 1 << 20) == "".join(inner)


@pytest.mark.parametrize("room", [1_500, 4_000, 9_000])
def test_a_summary_is_cut_at_a_whole_item_and_counts_what_is_left_out(room: int) -> None:
    report = hostile()
    whole = step_summary(report, 1 << 20)
    text = step_summary(report, room)
    assert len(text.encode()) <= room < len(whole.encode())
    head, _, tail = text.rpartition("\n\n")
    assert tail == whole.splitlines()[-1] + "\n"
    assert " failed · " in tail
    titles = re.findall(r"^## (.*)$", whole, re.MULTILINE)
    assert re.findall(r"^## (.*)$", head, re.MULTILINE) == titles
    for title in titles:
        assert entries_of(text, title) == entries_of(whole, title)
    lines = iter(whole.splitlines())
    notes = ("**",)
    for line in filter(None, head.splitlines()):
        assert line.startswith(notes) or line in lines, line


def test_where_there_is_no_room_there_is_no_summary() -> None:
    for room in (-1, 0, 100):
        assert step_summary(maintainer(), room) == ""
