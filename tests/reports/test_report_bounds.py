"""A table holds everything; Markdown is cut, and says how much is left out in every section."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardenme.model.drift import Change, Drift, DriftStep
from hardenme.model.finding import Errored, Finding
from hardenme.model.report import Coverage, Identity, Report, Traffic
from hardenme.model.unknown import Reason, Unknown
from hardenme.model.verdict import Failed, Fix, Manual
from hardenme.model.waiver import Waiver, Waivers
from hardenme.reports import drift, fixplan, render
from hardenme.reports.outline.markdown import Markdown
from hardenme.reports.outline.parts import Entry, Group, Most, Outline, Section, sentence
from hardenme.reports.style import Style
from tests.reports import publishing_sample
from tests.reports.planned import failed, fix, plan
from tests.reports.sample import (
    AT,
    COUNTED,
    WEB,
    Attested,
    entries_of,
    finding,
    report_of,
    repository,
    unprotected,
    without_alerts,
)
from tests.reports.test_report_members import factor

FEW, MANY = 210, 260


def waiver(name: str) -> Waiver:
    return Waiver("GHB101", f"github:repo/mallow/{name}", f"for {name}", date(2027, 1, 1), name)


def of_each(number: int) -> Iterator[Finding]:
    """One finding of each kind that is like no other."""
    name = f"r{number:05}"
    repo, page = repository(name), f"{WEB}/{name}/settings"
    own = Fix(f"Do {name}.", page, f"gh {name}", f"the owner of {name}", f"Undo {name}.")
    wider = Fix(f"Do all of {name}.", f"{WEB}/wide/{name}")
    yield replace(unprotected(name), waiver=waiver(name))
    yield replace(without_alerts(name), lapsed=waiver(name))
    yield finding("NPA103", repo, Manual(f"Is it {name}?", page))
    yield finding("NPT106", repo, Attested(f"it is {name}", name, AT))
    yield finding("GHR102", repo, Unknown(Reason.NOT_PERMITTED, f"rights of {name}", name))
    yield finding("GHT102", repo, Errored(f"E{name}Error"))
    yield finding("GHA103", repo, Failed(f"{name} is off", {"x": 1}, own))
    yield finding("GHA104", repo, Failed(f"{name} is off", {"x": 1}, replace(own, wider=wider)))
    yield factor(f"p{name}", organization=f"org-{name}")


def everything(count: int) -> Report:
    """So many of everything that a report can hold."""
    names = tuple(f"n{number:05}" for number in range(count))
    waivers = tuple(map(waiver, names))
    report = report_of(one for number in range(count) for one in of_each(number))
    return replace(
        report,
        targets=tuple(f"github:{name}" for name in names),
        identities=tuple(Identity("github", name, name, "classic", name) for name in names),
        coverage=Coverage(1, 2, 3, dict.fromkeys(names, 1), names),
        traffic=Traffic(dict.fromkeys(names, 1), 0, 0.1),
        allowed_unknown=names,
        warnings=names,
        publishing=publishing_sample.many(count).publishing,
        waivers=Waivers(waivers, waivers, waivers),
    )


def sections(text: str) -> dict[str, int]:
    """How many lines each section has."""
    found: dict[str, int] = {}
    name = "head"
    for line in text.splitlines():
        if line.startswith("## "):
            name = line.strip("# ")
        found[name] = found.get(name, 0) + 1
    return found


@pytest.mark.sampled(2, among="bounds")
@pytest.mark.second_tier("reports of thousands of findings")
def test_no_section_of_markdown_grows_with_what_there_is() -> None:
    few, many = render(everything(FEW), "markdown"), render(everything(MANY), "markdown")
    lines = sections(few)
    assert len(lines) >= 9
    assert sections(many) == lines
    assert len(many) < len(few) * 1.02


@pytest.mark.sampled(2, among="bounds")
@pytest.mark.second_tier("a table of thousands of findings")
def test_the_table_holds_everything() -> None:
    text = " ".join(render(everything(MANY), "table", width=200).split())
    assert not COUNTED.search(text.partition("LOOK NOW")[2] or text)
    for number in range(MANY):
        name = f"r{number:05}"
        for told in (f"Do {name}", f"gh {name}", f"Is it {name}?", f"rights of {name}"):
            assert told in text, told


@pytest.mark.sampled(2, among="bounds")
@pytest.mark.second_tier("takes a second; the table is counted in the first tier")
def test_what_is_left_out_of_markdown_is_counted() -> None:
    text = render(everything(MANY), "markdown")
    assert "**Not everything fits here.**" in text
    assert "`--format json` has it all, and `hardenme show --each-repository FOLDER` writes" in text
    for title, number in (
        ("To fix", MANY),
        ("To confirm by hand", MANY),
        ("Could not be checked", 2 * MANY),
        ("Answered by a person", MANY),
        ("Waived", MANY),
    ):
        assert entries_of(text, title) >= number, title


@pytest.mark.parametrize("form", ["a plan", "a drift"])
def test_what_is_no_report_is_not_to_be_had_by_repository(form: str) -> None:
    long = "x" * 900
    found = [failed("NPT107", f"npm:token/{one}", fix(long)) for one in range(100)]
    if form == "a plan":
        text = fixplan.render(plan(found), "markdown", Style())
    else:
        told = (replace(one, code=f"NPT{at}", title=long) for at, one in enumerate(found))
        changes = [Change(DriftStep.NEW, one.code, one.subject, None, one) for one in told]
        text = drift.render(Drift(AT, AT, changes), "markdown")
    assert "**Not everything fits here.**" in text
    assert "`--format json` has it all.\n" in text
    assert "--each-repository" not in text


@given(
    st.lists(st.integers(1, 200), min_size=1, max_size=5),
    st.integers(0, 60),
    st.integers(900, 2000),
)
def test_markdown_keeps_within_its_room(numbers: list[int], size: int, room: int) -> None:
    entry = Entry((sentence("x" * size),))
    made = Outline(
        "title",
        (),
        ((sentence("lead"),),),
        tuple(
            Section("s", groups=(Group(entries=(entry,) * number, most=Most(5000, 5000)),))
            for number in numbers
        ),
        (),
    )
    text = "".join(f"{line}\n" for line in Markdown().outline(made, room))
    assert len(text.encode()) <= room
