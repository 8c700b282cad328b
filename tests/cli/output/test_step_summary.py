from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from hardenme.cli.output.delivery import Delivery, deliver
from hardenme.cli.terminal.console import Console
from hardenme.reports import step_summary
from hardenme.reports.actions import SUMMARY
from tests.reports.machine_sample import MEMBER, commanding, everything
from tests.reports.sample import maintainer


def console(**environ: str) -> Console:
    return Console(io.StringIO(), io.StringIO(), environ)


def err(of: Console) -> str:
    assert isinstance(of.err, io.StringIO)
    return of.err.getvalue()


def out(of: Console) -> str:
    assert isinstance(of.out, io.StringIO)
    return of.out.getvalue()


def told(place: Path | str, *, form: str = "github", with_members: bool = False) -> str:
    """What is said where the report goes to the log, and its summary to that place."""
    here = console(GITHUB_STEP_SUMMARY=str(place), GITHUB_ACTIONS="true")
    deliver(here, everything(), Delivery(form, with_members=with_members))
    return err(here)


def test_the_summary_is_added_to_what_stands_in_the_file(tmp_path: Path) -> None:
    file = tmp_path / "summary"
    file.write_text("# before\n")
    assert told(file) == ""
    text = file.read_text("utf-8")
    assert text == "# before\n" + step_summary(everything(), SUMMARY)
    assert MEMBER not in text.replace(f"{MEMBER}s", "")
    assert told(file, with_members=True) == ""
    assert MEMBER in file.read_text("utf-8").replace(f"{MEMBER}s", "")


def test_other_formats_leave_the_file_alone(tmp_path: Path) -> None:
    file = tmp_path / "summary"
    file.touch()
    for form in ("table", "json", "sarif"):
        assert told(file, form=form) == ""
    assert file.read_text() == ""


def test_where_there_is_no_summary_nothing_is_said() -> None:
    assert told("") == ""


def test_the_step_gets_no_more_than_it_takes(tmp_path: Path) -> None:
    file = tmp_path / "summary"
    file.write_bytes(b"x" * (SUMMARY - 3_000))
    assert told(file) == ""
    assert SUMMARY - 3_000 < file.stat().st_size <= SUMMARY
    assert "more entries of this section are left out" in file.read_text("utf-8")
    file.write_bytes(b"x" * SUMMARY)
    assert told(file) == (
        "hardenme: the summary of the step was not written, GITHUB_STEP_SUMMARY: it is full\n"
    )
    assert file.stat().st_size == SUMMARY


def test_what_is_no_file_is_left_alone_and_one_line_says_so(tmp_path: Path) -> None:
    target, link, pipe = tmp_path / "target", tmp_path / "link", tmp_path / "pipe"
    target.touch()
    link.symlink_to(target)
    os.mkfifo(pipe)
    for place in (link, pipe, tmp_path, "/dev/full", tmp_path / "absent", "a\0b"):
        said = told(place)
        assert said.startswith("hardenme: the summary of the step was not written"), place
        assert said.count("\n") == 1
    assert target.read_text() == ""
    assert not (tmp_path / "absent").exists()


def lines_of_commands(text: str) -> list[str]:
    """The lines that the runner would carry out."""
    return [line for line in text.splitlines() if line.strip().startswith("::") or "##[" in line]


@pytest.mark.parametrize("form", ["table", "markdown", "json", "csv", "junit", "sarif"])
def test_in_a_workflow_no_format_prints_a_command(form: str) -> None:
    here = console(GITHUB_ACTIONS="true")
    deliver(here, commanding(), Delivery(form))
    assert lines_of_commands(out(here)) == []
    here.say("::add-mask::x ##[add-mask]y")
    here.log("::add-mask::x\n  ::debug::y")
    here.put("::add-mask::x", "##[error]z")
    assert lines_of_commands(err(here)) == []


def test_in_a_workflow_the_annotations_are_commands(tmp_path: Path) -> None:
    here = console(GITHUB_ACTIONS="true")
    deliver(here, maintainer(), Delivery("github"))
    lines = lines_of_commands(out(here))
    assert len(lines) > 5
    assert {line.split(" ")[0] for line in lines} <= {"::error", "::warning", "::notice"}
    assert list(tmp_path.iterdir()) == []


def test_outside_a_workflow_text_is_left_as_it_is() -> None:
    here = console()
    here.print("::add-mask::x\n")
    assert out(here) == "::add-mask::x\n"
