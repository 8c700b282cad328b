"""Several targets: the same numbers in every form, and none looks clean that was not read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardenme.model.finding import Errored, Finding
from hardenme.model.finding_summary import weight
from hardenme.model.report import Report, UnreadTarget
from hardenme.model.severity import Severity
from hardenme.model.unknown import Reason
from hardenme.model.verdict import Manual, NotApplicable, Passed
from hardenme.reports import reading, render
from hardenme.reports.outline.report import outline_of
from hardenme.reports.screen.summary import summary_of
from hardenme.reports.screen.targets import TargetRow
from hardenme.reports.screen.verdict import Verdict
from tests.reports.planned import failed, fix, plan, report, unknown

WIDE = 200
LOST = {"unknown", "errored"}
OWNERS = tuple(f"acme-{number}" for number in range(6))
LEVELS = sorted(Severity, reverse=True)
RESULTS = ("passed", "failed", "unknown", "errored", "manual", "not applicable")


def finding(result: str, subject: str, severity: Severity, code: str = "GHR101") -> Finding:
    """A finding with that result."""
    made = failed(code, subject, fix("Turn it on"), severity)
    outcomes: dict[str, Any] = {
        "passed": Passed("on", {"on": True}),
        "errored": Errored("KeyError"),
        "manual": Manual("Is it on?", "https://github.example.test/page"),
        "not applicable": NotApplicable("no such thing", {"there": False}),
    }
    if result == "unknown":
        return unknown(code, subject)
    return replace(made, outcome=outcomes[result]) if result in outcomes else made


@st.composite
def several(draw: st.DrawFn) -> Report:
    """A report of several organizations, of which some were not read as a whole."""
    owners = draw(st.lists(st.sampled_from(OWNERS), min_size=2, max_size=6, unique=True))
    results = st.tuples(
        st.sampled_from(RESULTS), st.sampled_from(owners), st.sampled_from([*Severity])
    )
    found = [
        finding(result, f"github:repo/{owner}/r{number}", severity)
        for number, (result, owner, severity) in enumerate(draw(st.lists(results, max_size=25)))
    ]
    targets = tuple(f"github:{owner}" for owner in owners)
    some = st.lists(st.sampled_from(targets), unique=True, max_size=3)
    unread = tuple(UnreadTarget(one, "its result is refused") for one in draw(some))
    stopped = draw(st.booleans())
    return report(
        *found,
        targets=targets,
        unread=draw(st.sampled_from([None, unread])),
        partial="the rate limit was reached" if stopped or unread else "",
        halted=draw(st.sampled_from([None, Reason.RATE_LIMITED])),
        not_found=() if stopped else tuple(draw(some)),
        fail_on=draw(st.sampled_from([Severity.HIGH, Severity.LOW])),
    )


def rows_of(made: Report) -> Sequence[TargetRow]:
    return summary_of(made, plan(made)).rows


def own(made: Report, target: str) -> list[Finding]:
    """The findings of a target."""
    owner = target.partition(":")[2]
    return [one for one in made.findings if one.subject.name.partition("/")[0] == owner]


@given(several())
def test_no_target_looks_clean_unless_all_of_it_was_read(made: Report) -> None:
    rows = rows_of(made)
    assert {row.target for row in rows} == {*made.targets}
    early = made.unread is None and bool(made.partial or made.halted)
    named = {one.target for one in made.unread or ()}
    for row in rows:
        results = Counter(one.result for one in own(made, row.target))
        lost = sum(results[name] for name in LOST)
        known = results.total() - lost - results["manual"]
        whole = not (early or row.target in named or row.target in made.not_found)
        assert (row.known, row.unknown) == (known, lost)
        if row.verdict is Verdict.CLEAN:
            assert whole
            assert not lost
            assert results["passed"]
        if not whole or lost:
            assert row.verdict in {Verdict.AT_RISK, Verdict.NOT_KNOWN}
            assert not row.looked_at.startswith("all ")
        if not whole or not known:
            assert not row.found.startswith("no findings")
        if not whole:
            assert row.unread in row.looked_at


@given(several())
def test_the_worst_come_first(made: Report) -> None:
    rows = rows_of(made)
    order = [[*Verdict].index(row.verdict) for row in rows]
    assert order == sorted(order)
    for one, other in pairwise(rows):
        if one.verdict is other.verdict:
            first, second = (
                [row.severities.get(level, 0) for level in LEVELS] for row in (one, other)
            )
            assert first >= second


def table_of(made: Report) -> tuple[list[str], list[list[str]]]:
    """The heads and the rows of the table of targets on the page."""
    tree = html5lib.parse(render(made, "html", width=WIDE), namespaceHTMLElements=False)
    (part,) = (one for one in tree.iter("section") if one.get("id") == "targets")
    heads, *rows = (["".join(cell.itertext()) for cell in row] for row in part.iter("tr"))
    return heads, rows


def numbers(text: str) -> dict[str, int]:
    """The counts that a line has, by their words."""
    pairs = re.findall(r"([\d,]+) (critical|high|medium|low|info|unknown)", text)
    return {word: int(number.replace(",", "")) for number, word in pairs if number != "0"}


def numbers_of(row: TargetRow) -> dict[str, int]:
    found = {str(level): number for level, number in row.severities.items()}
    return found | ({"unknown": row.unknown} if row.unknown else {})


@given(several())
def test_the_numbers_are_the_same_in_every_form(made: Report) -> None:
    rows = rows_of(made)
    failing = Counter(str(weight(one)) for one in made.findings if one.fails)
    lost = sum(one.result in LOST for one in made.findings)
    summed = sum((Counter(numbers_of(row)) for row in rows), Counter[str]())
    assert summed == failing + Counter(unknown=lost)
    heads, cells = table_of(made)
    assert [line[0] for line in cells] == [row.target for row in rows]
    screen = render(made, "screen", width=WIDE).splitlines()
    markdown = render(made, "markdown", width=WIDE).splitlines()
    for row, line in zip(rows, cells, strict=True):
        named = dict(zip(map(str.lower, heads), line, strict=True))
        told = {word: int(named[word].replace(",", "")) for word in heads_of(heads)}
        assert {word: number for word, number in told.items() if number} == numbers_of(row)
        assert named["verdict"] == row.verdict
        assert named["looked at"] == row.looked_at
        begin = f"{row.target}: "
        (shown,) = (one for one in screen if one.startswith(begin))
        (entry,) = (
            one for one in markdown if one.startswith(f"- **{row.verdict}** `{row.target}`:")
        )
        if row.target not in made.not_found and row.known:
            assert numbers(shown) == numbers(entry) == numbers_of(row)


def heads_of(heads: Sequence[str]) -> list[str]:
    """The columns with numbers."""
    return [
        head.lower() for head in heads if head.lower() not in {"target", "verdict", "looked at"}
    ]


@given(several())
def test_a_report_that_is_read_again_has_the_same_rows(made: Report) -> None:
    again = reading.read(render(replace(made, not_found=()), "json", width=WIDE))
    assert rows_of(again) == rows_of(replace(made, not_found=()))


def test_the_page_has_all_owners_and_is_small() -> None:
    owners = [f"acme-organization-{number:03}" for number in range(200)]
    found = [
        finding("failed", f"github:repo/{owner}/web", LEVELS[number % 5])
        for number, owner in enumerate(owners)
    ]
    found += [unknown("GHR102", f"github:repo/{owner}/web") for owner in owners]
    targets = tuple(f"github:{owner}" for owner in owners)
    why = (
        "its result is refused: it holds facts about another organization, which is not part of it"
    )
    unread = tuple(UnreadTarget(one, why) for one in targets)
    made = report(*found, targets=targets, unread=unread)
    _, rows = table_of(made)
    assert {row[0] for row in rows} == {*targets}
    text = render(made, "html", width=WIDE)
    begin = text.index('<section id="targets"')
    assert text.index("</section>", begin) - begin < 60_000


@pytest.mark.parametrize("form", ["screen", "markdown"])
def test_a_form_that_is_read_as_a_text_has_twenty_at_most(form: str) -> None:
    found = [finding("failed", f"github:repo/acme-{one}/web", Severity.LOW) for one in range(50)]
    made = report(*found, targets=tuple(f"github:acme-{one}" for one in range(50)))
    lines = render(made, form, width=WIDE).splitlines()
    shown = [line for line in lines if re.search(r"github:acme-\d+`?: \d", line)]
    assert 19 <= len(shown) <= 20
    assert any(f"and {50 - len(shown)} more targets" in line for line in lines)


def test_what_is_found_in_an_organization_of_npm_is_of_its_scope() -> None:
    made = report(
        finding("failed", "npm:org/acme", Severity.HIGH, "NPO101"),
        finding("failed", "npm:package/@acme/web", Severity.LOW, "NPP101"),
        targets=("npm:@acme", "github:acme"),
    )
    rows = {row.target: row for row in rows_of(made)}
    assert rows["npm:@acme"].severities == {Severity.HIGH: 1, Severity.LOW: 1}
    assert rows["github:acme"].found == "nothing is known"


def test_one_target_has_no_table() -> None:
    made = report(finding("failed", "github:repo/acme/web", Severity.LOW), targets=("github:acme",))
    assert not rows_of(made)
    assert 'id="targets"' not in render(made, "html", width=WIDE)
    assert "Targets" not in [one.title for one in outline_of(made).sections]
