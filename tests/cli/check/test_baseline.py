from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hardenme.cli.check.baseline import Baseline
from hardenme.cli.options.given import OptionValues
from hardenme.cli.options.run_config import run_config
from hardenme.cli.output.delivery import Delivery
from hardenme.cli.terminal.console import Console
from hardenme.ground.errors import HardenmeError
from hardenme.ground.files import PrivateFile
from hardenme.model.report import Report
from hardenme.model.unknown import Reason
from hardenme.reports import FORMATS, render
from hardenme.reports.drift import ABOVE, FORMS
from hardenme.reports.pseudonyms import Pseudonyms
from tests.cli.conftest import Accounts
from tests.cli.timed_runs import FIXED, standing_in
from tests.drift.compared import finding, report

GOOD, BAD = report(finding("passed")), report(finding(), week=1)
BLIND = report(finding("unknown"), week=1)
HOSTS = ("https://api.github.test", "https://registry.npm.test")


def baseline(
    console: Console, source: str, delivery: Delivery | None = None, **fields: Any
) -> Baseline:
    context = standing_in(console)
    given = OptionValues({**FIXED, **fields, "baseline": source}, context)
    return Baseline.of(given, run_config(given), delivery or Delivery("table"))


def held(
    tmp_path: Path, before: Report, after: Report, place: str = "", **delivery: Any
) -> tuple[int, str, str]:
    """A run's report, held against a stored one: the exit code, and what is printed and said."""
    stored = tmp_path / "before.json"
    stored.write_text(render(before, "json"), encoding="utf-8")
    console = Console(io.StringIO(), io.StringIO(), {"COLUMNS": "80"})
    wanted = Delivery(
        **{"output_format": "table", "file": Path(place) if place else None, **delivery}
    )
    made = baseline(console, str(stored), wanted)
    code = made.show(after, HOSTS, PrivateFile(Path(place)) if place else None)
    return code, console.out.getvalue(), console.err.getvalue()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        (GOOD, BAD, 1),
        (BAD, BAD, 0),
        (BAD, GOOD, 0),
        (BAD, BLIND, 3),
        (BLIND, BLIND, 0),
        (BAD, replace(BAD, halted=Reason.RATE_LIMITED), 3),
    ],
)
def test_the_exit_code_is_about_what_changed(
    tmp_path: Path, before: Report, after: Report, code: int
) -> None:
    assert held(tmp_path, before, after)[0] == code


@pytest.mark.parametrize("form", ["table", "markdown"])
def test_what_changed_stands_before_what_stands(tmp_path: Path, form: str) -> None:
    _, out, err = held(tmp_path, GOOD, BAD, output_format=form)
    assert 0 <= out.index("1 new") < out.index("1 failed")
    assert not err


@pytest.mark.second_tier("takes long in all", one_of=4)
@pytest.mark.parametrize("quiet", [False, True])
@pytest.mark.parametrize("written", [False, True])
@pytest.mark.parametrize("lines", [False, True])
@pytest.mark.parametrize("form", list(FORMATS))
def test_every_format_shows_or_states_what_changed(
    tmp_path: Path, form: str, *, quiet: bool, written: bool, lines: bool
) -> None:
    place = str(tmp_path / "result") if written else ""
    code, out, err = held(tmp_path, GOOD, BAD, place, output_format=form, quiet=quiet, lines=lines)
    assert code == 1
    text = Path(place).read_text(encoding="utf-8") if written else out
    assert ("1 new" in text) == (form in ABOVE)
    assert ("since the baseline: 1 new" in err) == (form not in ABOVE)


def test_changes_have_a_form_above_each_format_that_people_read() -> None:
    assert set(ABOVE) < set(FORMATS)
    assert set(ABOVE.values()) <= set(FORMS)


@pytest.mark.parametrize("form", ["json", "sarif", "github"])
def test_a_format_for_programs_is_as_ever_and_a_line_tells_what_changed(
    tmp_path: Path, form: str
) -> None:
    code, out, err = held(tmp_path, GOOD, BAD, output_format=form)
    assert (code, err) == (1, "hardenme: since the baseline: 1 new\n")
    assert out == render(BAD, form, ascii_only=True)


def test_in_a_markdown_file_it_is_replaced_by_the_next_one(tmp_path: Path) -> None:
    todo = tmp_path / "todo.md"
    for before, after in ((GOOD, BAD), (BAD, GOOD)):
        held(tmp_path, before, after, place=str(todo), output_format="markdown")
        text = todo.read_text(encoding="utf-8")
        todo.write_text(f"# Mine\n\n{text}" if "# Mine" not in text else text, encoding="utf-8")
    text = todo.read_text(encoding="utf-8")
    assert text.startswith("# Mine\n\n<!-- hardenme:begin")
    assert "**1 fixed**" in text
    assert "1 new" not in text


def test_with_pseudonyms_no_name_is_in_it_and_the_baseline_is_redacted_by_the_same_key(
    tmp_path: Path,
) -> None:
    names = Pseudonyms(b"k" * 32, frozenset())
    code, out, _ = held(tmp_path, GOOD, BAD, names=names)
    assert code == 1
    assert "1 new" in out
    assert "acme" not in out


def test_what_cannot_be_compared_is_said_and_the_report_is_shown(tmp_path: Path) -> None:
    code, out, err = held(tmp_path, replace(GOOD, targets=("github:other",)), BAD)
    assert code == 2
    assert "other targets" in err
    assert "GHR101" in out


def test_without_a_stored_report_that_is_said_and_the_report_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    console = Console(io.StringIO(), io.StringIO(), {"COLUMNS": "80"})
    code = baseline(console, "last").show(BAD, HOSTS, None)
    assert code == 2
    assert "`hardenme report` stores one" in console.err.getvalue()  # type: ignore[attr-defined]
    assert "GHR101" in console.out.getvalue()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("source", "fields", "words"),
    [
        ("no-such-file", {}, "cannot be read"),
        ("-", {}, "takes a file, or last"),
        ("last", {"member": "rowan"}, "leave out --member"),
        ("last", {"plan": True}, "leave out --plan"),
    ],
)
def test_what_is_no_baseline_is_told_before_anybody_is_asked(
    source: str, fields: dict[str, Any], words: str
) -> None:
    console = Console(io.StringIO(), io.StringIO(), {})
    with pytest.raises(HardenmeError, match=words):
        baseline(console, source, **fields)


def test_a_run_is_compared_with_a_file_and_with_the_last_that_was_stored(weak: Accounts) -> None:
    only = ("me", "--select", "GHA103")
    first = weak.check(*only, "-f", "json", "-o", "first.json")
    assert first.code == 0
    asked = weak.asked
    assert weak.check(*only, "--baseline", "none.json").code == 2
    assert weak.asked == asked
    again = weak.check(*only, "--baseline", "first.json")
    assert again.code == 0
    assert "Nothing changed" in again.out
    stored = weak.command.folder / "first.json"
    document = json.loads(stored.read_text(encoding="utf-8"))
    document["findings"] = [one for one in document["findings"] if one["outcome"] != "failed"]
    document["counts"]["failed"] = 0
    stored.write_text(json.dumps(document), encoding="utf-8")
    less = weak.check(*only, "--baseline", "first.json", "--fail-on", "medium")
    assert less.code == 1
    assert "2 new" in less.out
    timed = weak.command("report", "--no-local", *weak.urls, *only, **weak.tokens)
    assert timed.code == 0
    last = weak.check(*only, "--baseline", "last")
    assert last.code == 0
    assert "Nothing changed" in last.out
