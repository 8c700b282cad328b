"""From a document of `hardenme exposed` to rows of an incident."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardenme.derive.runbook.exposed import LOOK, ROTATE, ROTATE_FIRST, with_exposed
from hardenme.exposure.reach import PUBLISHING
from hardenme.ground.errors import ContentError
from hardenme.ground.exit_code import Exit
from hardenme.model.exposure import (
    Exposure,
    ExposureGrade,
    ExposureRow,
    RepositoryExposure,
    RunAttempt,
)
from hardenme.model.machine_exposure import (
    MachineExposure,
    MachinePlace,
    MachinePlaceKind,
    MachineRow,
)
from hardenme.model.runbook import Chapter, Runbook, RunbookStep
from hardenme.reports.exposure import ExposureShown, render
from hardenme.reports.reading.exposed import exposed_record
from hardenme.reports.style import Style
from tests.cli.conftest import Accounts
from tests.printed import printed

CONFIRMED, POSSIBLE, UNKNOWN, NOT_SEEN = ExposureGrade
START = datetime(2026, 3, 31, 0, 21, tzinfo=UTC)
END = START + timedelta(hours=3)
PAGE = "https://github.com/acme/web/actions/runs/7"


def attempt(number: int) -> RunAttempt:
    file = ".github/workflows/release.yml"
    return RunAttempt(number, 1, "push", file, "0" * 40, START, START, END, PAGE)


REPOSITORY = RepositoryExposure(
    "acme/web",
    (
        ExposureRow(attempt(7), POSSIBLE, (), (PUBLISHING, "secret AWS_KEY")),
        ExposureRow(attempt(8), CONFIRMED, (), ("secret AWS_KEY",)),
        ExposureRow(attempt(9), NOT_SEEN, (), ("GITHUB_TOKEN: what it wrote stays",)),
    ),
    ("its oldest runs were not read",),
)
MACHINE = MachineExposure(
    (MachinePlace(MachinePlaceKind.CACHE, "bun", "~/.bun", faults=("~/.bun: refused",)),),
    (MachineRow(CONFIRMED, "axios@1.14.1", "~/.npm/x", "npm fetched it", START),),
    ("no folder with projects was named",),
    ("npm token in ~/.npmrc line 1", "SSH key ~/.ssh/id"),
)
SHOWN = ExposureShown(Exposure(("axios@1.14.1",), START, END, (REPOSITORY,)), MACHINE)
BOOK = Runbook(
    (
        RunbookStep(Chapter.FIRST, "Take a clean device"),
        RunbookStep(Chapter.NPM, "Revoke tokens"),
        RunbookStep(Chapter.GITHUB, "Revoke keys"),
        RunbookStep(Chapter.INFORM, "Inform people"),
    ),
    (),
)


def document() -> dict[str, Any]:
    made: dict[str, Any] = json.loads(render(SHOWN, "json", Style(80)))
    return made


def read(data: dict[str, Any]) -> Any:
    return exposed_record(json.dumps(data).encode())


def test_every_row_of_a_document_is_read() -> None:
    record = read(document())
    assert (record.asked, record.start, record.end) == (("axios@1.14.1",), START, END)
    told = [(row.grade, row.where, row.text) for row in record.rows]
    assert told == [
        (POSSIBLE, "acme/web", "release.yml, run 7 attempt 1 (push)"),
        (CONFIRMED, "acme/web", "release.yml, run 8 attempt 1 (push)"),
        (NOT_SEEN, "acme/web", "release.yml, run 9 attempt 1 (push)"),
        (UNKNOWN, "acme/web", "what was not read: its oldest runs were not read"),
        (CONFIRMED, "this machine", "axios@1.14.1 in ~/.npm/x: npm fetched it"),
        (UNKNOWN, "this machine", "what was not read: no folder with projects was named"),
        (UNKNOWN, "this machine", "what was not read: ~/.bun: refused"),
    ]


def test_what_could_publish_is_rotated_first_and_each_place_is_looked_at() -> None:
    book = with_exposed(BOOK, read(document()))
    order = [one.text for one in book.steps]
    assert order == [
        "Take a clean device",
        LOOK,
        ROTATE_FIRST,
        "Revoke tokens",
        ROTATE,
        "Revoke keys",
        "Inform people",
    ]
    chapters = [one.chapter for one in book.steps]
    assert chapters == sorted(chapters, key=list(Chapter).index)
    look, first, rest = (book.steps[n] for n in (1, 2, 4))
    assert len(look.unlisted) == 6
    assert look.unlisted[0].endswith("run 8 attempt 1 (push): confirmed")
    assert look.items[0].page == PAGE
    assert look.notes == ("Nothing was seen in 1 more run, which exposed.json has.",)
    assert first.unlisted == (
        "npm token in ~/.npmrc line 1, of this machine: confirmed",
        f"{PUBLISHING}, of acme/web: possible",
    )
    # A secret has the heaviest grade of the runs that could read it.
    assert "secret AWS_KEY, of acme/web: confirmed" in rest.unlisted
    assert not any("GITHUB_TOKEN" in one for one in rest.unlisted)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(list(ExposureGrade)),
            st.lists(st.sampled_from(["secret NPM_TOKEN", PUBLISHING, "secret AWS_KEY"])),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_each_run_that_is_not_free_of_doubt_is_a_row_and_so_is_all_that_it_could_read(
    runs: list[tuple[ExposureGrade, list[str]]],
) -> None:
    rows = tuple(
        ExposureRow(attempt(number), grade, (), tuple(reach))
        for number, (grade, reach) in enumerate(runs)
    )
    found = replace(SHOWN.found, repositories=(replace(REPOSITORY, rows=rows, faults=()),))
    record = exposed_record(render(ExposureShown(found), "json", Style(80)).encode())
    steps = with_exposed(BOOK, record).steps
    listed = [text for step in steps for text in step.unlisted]
    for number, (grade, reach) in enumerate(runs):
        place = f"acme/web release.yml, run {number} attempt 1 (push): {grade.value}"
        assert (place in listed) is (grade is not NOT_SEEN)
        for what in reach if grade is not NOT_SEEN else ():
            assert any(text.startswith(f"{what}, of acme/web: ") for text in listed)


def test_a_document_in_which_nothing_was_seen_adds_no_step() -> None:
    quiet = replace(SHOWN, found=replace(SHOWN.found, repositories=()), machine=MachineExposure())
    record = exposed_record(render(quiet, "json", Style(80)).encode())
    assert with_exposed(BOOK, record) == BOOK


def test_another_minor_version_may_add_members() -> None:
    data = document() | {"schema_version": "1.9", "more": {}}
    data["machine"]["more"] = 1
    assert read(data).rows == read(document()).rows


def broken() -> dict[str, Any]:
    """Documents that are none, by what is wrong."""
    made = {}
    value: object
    for key in ("schema_version", "asked", "start", "end", "grade", "repositories", "machine"):
        data = document()
        del data[key]
        made[f"without {key}"] = data
    for key in ("runs", "faults"):
        for listed in (None, "x", [1], [None]):
            data = document()
            data["repositories"][0][key] = listed
            made[f"{key} is {listed}"] = data
    for key in ("run", "attempt", "grade", "event", "workflow", "page", "reach"):
        for value in (None, True, {}, "x"):
            if value == "x" and key in {"event", "workflow", "page"}:
                continue
            data = document()
            data["repositories"][0]["runs"][0][key] = value
            made[f"run's {key} is {value}"] = data
    for key in ("rows", "places", "faults", "reach"):
        data = document()
        data["machine"][key] = "x"
        made[f"machine's {key}"] = data
    made["lighter rows"] = document()
    made["lighter rows"]["repositories"] = []
    made["lighter rows"]["machine"] = None
    made["other version"] = document() | {"schema_version": "2.0"}
    made["no time zone"] = document() | {"start": "2026-03-31T00:21:00"}
    return made


@pytest.mark.parametrize("data", [pytest.param(one, id=name) for name, one in broken().items()])
def test_a_document_that_is_not_understood_is_refused(data: dict[str, Any]) -> None:
    with pytest.raises(ContentError):
        read(data)


@pytest.mark.second_tier("five whole commands")
def test_each_row_of_the_last_answer_is_pending_until_it_is_attested(weak: Accounts) -> None:
    command = weak.command
    nothing = command("incident", "open", "day", "--from-exposed", "last")
    assert (nothing.code, "No answer of `hardenme exposed`" in nothing.err) == (Exit.USAGE, True)
    folder = command.home / "src" / "node_modules" / "axios"
    folder.mkdir(parents=True)
    (folder / "package.json").write_text('{"name": "axios", "version": "1.14.1"}')
    named = ("axios@1.14.1", "--between", "2026-03-31", "--folder", str(command.home / "src"))
    found = command("exposed", *named)
    assert found.code == Exit.FINDINGS
    check, following = (
        line.removeprefix("Next: hardenme ").split()
        for line in found.out.splitlines()
        if line.startswith("Next: ")
    )
    assert (check, following[-2:]) == (["check", "local"], ["--from-exposed", "last"])
    assert command(*check).code in {Exit.CLEAN, Exit.FINDINGS, Exit.UNKNOWN}
    opened = command(*following)
    assert opened.code == Exit.CLEAN, opened.err
    assert "to look at, for axios@1.14.1" in opened.out
    shown = command("incident", "status", "--full").out
    assert "The attack began at 2026-03-31T00:00:00Z" in shown
    told = printed("incident", command("incident", "status", "-f", "json").out)
    rows = [one for one in told["rows"] if "axios@1.14.1 in ~/src" in one["text"]]
    assert [one["state"] for one in rows] == ["pending"]
    assert all(one["credential"] for one in rows)
    assert command("incident", "close", "--by", "hazel").code == Exit.FINDINGS
    by = ("--how", "removed it", "--by", "hazel")
    done = command("incident", "attest", rows[0]["number"], *by)
    assert done.code == Exit.CLEAN
    again = printed("incident", command("incident", "status", "-f", "json").out)
    assert {one["state"] for one in again["rows"] if one["text"] == rows[0]["text"]} == {"attested"}


@pytest.mark.second_tier("a whole command")
def test_the_check_before_an_incident_asks_where_the_answer_came_from(weak: Accounts) -> None:
    named = ("axios@1.14.1", "github:mallow/ladle", "--between", "2026-03-31")
    found = weak.command("exposed", *named, *weak.urls, **weak.tokens)
    (check,) = re.findall(r"Next:\nhardenme (check .*)", found.out)
    assert check.split()[1] == "github:mallow/ladle"
    assert weak.github.url in check
    ran = weak.command(*check.split(), **weak.tokens)
    assert ran.code in {Exit.CLEAN, Exit.FINDINGS, Exit.UNKNOWN}, ran.err
