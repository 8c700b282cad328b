"""`hardenme list` and `show --by` on a terminal of 80 columns, and in a pipe."""

from __future__ import annotations

import io
from itertools import product

import pytest

from hardenme.cli.main import run
from hardenme.cli.terminal.console import Console
from hardenme.engine.catalogue import catalogue
from hardenme.engine.standards import standards
from hardenme.model.subject import Subject
from hardenme.model.verdict import Failed, Fix
from hardenme.reports.counted_by import WHAT, render, rows
from hardenme.reports.style import Style
from tests.reports.sample import finding, report_of
from tests.reports.test_report_members import about

LISTS = ((), ("--profiles",), *(("--standard", one.name) for one in standards()))
ADDRESS = "https://"
"""An address is whole, so that it can be opened."""


def listed(*arguments: str, **environ: str) -> list[str]:
    console = Console(io.StringIO(), io.StringIO(), environ)
    assert run(["list", *arguments], console) == 0
    assert isinstance(console.out, io.StringIO)
    return console.out.getvalue().splitlines()


@pytest.mark.parametrize("columns", [80, 100])
@pytest.mark.parametrize("arguments", LISTS, ids=" ".join)
def test_every_line_fits(arguments: tuple[str, ...], columns: int) -> None:
    lines = listed(*arguments, COLUMNS=str(columns))
    assert lines
    assert [
        one for one in lines if len(one) > columns and not one.lstrip().startswith(ADDRESS)
    ] == []


def test_a_check_is_one_line_of_80_columns_with_code_severity_and_title() -> None:
    *lines, last = listed(COLUMNS="80")
    assert [line.split(maxsplit=2) for line in lines] == [
        [check.code, str(check.severity), check.title] for check in catalogue()
    ]
    assert last.startswith(f"{len(lines)} checks;")


@pytest.mark.parametrize("environ", [{}, {"COLUMNS": "200"}])
def test_a_pipe_and_a_wide_terminal_get_the_slug_too(environ: dict[str, str]) -> None:
    *lines, _ = listed(**environ)
    assert [line.split()[-1] for line in lines] == [check.slug for check in catalogue()]


def test_a_long_title_continues_below_itself() -> None:
    first, *rest = listed("ATT101", COLUMNS="40")[:-1]
    (check,) = (one for one in catalogue() if one.code == "ATT101")
    head = len("ATT101  high  ")
    assert [first[:head], *(line[:head] for line in rest)] == [
        "ATT101  high  ",
        *[" " * head] * len(rest),
    ]
    assert " ".join(line[head:] for line in (first, *rest)) == check.title


LONG = "an-organization-with-a-name-of-39-letter"[:39]
NEEDS = "an owner of the enterprise, or an admin of the organization and of each repository in it"


@pytest.mark.parametrize(("what", "columns"), [*product(WHAT, (40, 80, 100))])
def test_counts_fit_whatever_the_names(what: str, columns: int) -> None:
    outcome = Failed("x.", {"a": 1}, Fix("Do it", f"{ADDRESS}host.example.test/x", needs=NEEDS))
    names = [f"{LONG}/{'w' * 100}", "acme/web", f"{LONG}/short"]
    report = report_of(
        (
            *(finding("GHB101", Subject("github", "repo", name), outcome) for name in names),
            *(about("GHO102", login, outcome) for login in (LONG, "hazel")),
        )
    )
    text = render(report, what, "table", Style(width=columns))
    lines = [line for line in text.splitlines() if not line.startswith("More: hardenme ")]
    assert [line for line in lines if len(line) > columns] == []
    names_only = "".join(line[: room(text, what)].strip() for line in text.splitlines())
    wanted = {"repository": names, "person": [LONG, "hazel"], "right": [NEEDS]}
    assert [
        one for one in wanted[what] if "".join(one.split()) not in "".join(names_only.split())
    ] == []


def room(text: str, what: str) -> int:
    """Columns of the names, before those of the counts; all where counts stand below names."""
    first = text.splitlines()[0]
    beside = first.strip().startswith(what) and "high" in first
    return first.index("high") if beside else len(first) + 100


def test_a_table_has_a_column_for_each_severity_that_occurs() -> None:
    outcome = Failed("x.", {"a": 1}, Fix("Do it", f"{ADDRESS}host.example.test/x"))
    report = report_of([finding("GHB101", Subject("github", "repo", "acme/web"), outcome)])
    head = render(report, "repository", "table", Style(width=80)).splitlines()[0]
    assert head.split() == ["repository", "high", "unknown", "questions"]
    assert render(report, "repository", "csv", Style()).splitlines()[0].count(",") == 7


def test_where_it_is_narrow_numbers_of_a_severity_are_below_each_other() -> None:
    outcome = Failed("x.", {"a": 1}, Fix("Do it", f"{ADDRESS}host.example.test/x"))
    names = ["acme/web"] * 12 + ["acme/site"] * 3
    places = [Subject("github", "repo", name) for name in names]
    report = report_of([finding("GHB101", place, outcome) for place in places])
    lines = render(report, "repository", "table", Style(width=60)).splitlines()
    ends = lines[1].index("high") + len("high")
    for name, number in (("acme/web", "12"), ("acme/site", "3")):
        row = lines[lines.index(name) + 1]
        assert row[:ends].split()[-1] == number
    assert "More: hardenme show --repo acme/web" in lines


def test_what_is_of_an_account_is_counted_for_its_owner() -> None:
    is_open = Failed("it is old", {"old": True}, Fix("Delete it", f"{ADDRESS}host.example.test/x"))
    account, key = Subject("github", "user", "rowan"), Subject("github", "ssh-key", "7")
    whole = report_of(
        [
            finding("GHA101", account, is_open),
            finding("GHA104", key, is_open, within=account),
            about("GHO102", "rowan", is_open),
            finding("NPA101", Subject("npm", "user", "rowan"), is_open),
            finding("GHB101", Subject("github", "repo", "acme/web"), is_open),
        ]
    )
    names = {row.name: sum(row.counts.values()) for row in rows(whole, "person")}
    assert names == {"rowan": 3, "npm:rowan": 1, "": 1}
