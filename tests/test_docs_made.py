"""What is made of the program below `docs` is fresh, and fit to be read."""

from __future__ import annotations

import io
import json
import re
import runpy
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

import jsonschema
import pytest

from docs.making import manual, pages
from docs.making.catalogue import data
from docs.making.families import FAMILIES
from docs.making.placeholders import NUMBER
from docs.making.thresholds import thresholds
from docs.making.whole import whole
from hardenme.cli.main import COMMANDS, run
from hardenme.cli.terminal.console import Console
from hardenme.engine.catalogue import catalogue
from hardenme.engine.standards import standards, supported
from hardenme.model.check import Check
from hardenme.model.thresholds import THRESHOLDS
from hardenme.reports.printed import PRINTED
from hardenme.rights.described import described
from tests.each import each

DOCS = Path(__file__).parent.parent / "docs"
PAGES = [DOCS / "checks" / f"{check.code}.md" for check in catalogue()]
MANUAL = DOCS / "hardenme.1"


@pytest.mark.second_tier("makes all the pages")
def test_every_file_is_fresh() -> None:
    made = whole()
    stale = [
        str(path)
        for path, text in made.items()
        if not (DOCS / path).exists() or (DOCS / path).read_text(encoding="utf-8") != text
    ]
    assert stale == [], "run: python docs/make.py"
    there = {path.relative_to(DOCS) for path in (DOCS / "checks").iterdir()}
    assert there <= made.keys(), "a page of no check"


def test_each_check_has_a_page_that_tells_what_to_do() -> None:
    for path in PAGES:
        text = path.read_text(encoding="utf-8")
        assert "### Step by step\n\n1. " in text, path.name
        assert re.search(r"Open <https://|```sh\n", text), f"{path.name} has nothing to click"
        assert "Look again: `hardenme check " in text, path.name
        assert "## When it is unknown\n\n- " in text, path.name


def test_no_page_shows_what_stood_in_for_a_name() -> None:
    stood_in = re.compile(rf"{NUMBER}|127\.0\.0\.1|/tmp/|CANARY|\b[0-9a-f]{{8}}-[0-9a-f]{{4}}-")
    found = {path.name: stood_in.findall(path.read_text()) for path in PAGES}
    assert {name: hits for name, hits in found.items() if hits} == {}


@each(catalogue()[::20], lambda check: check.code)
def test_a_page_calls_its_own_check_alone(check: Check) -> None:
    called = set()

    def call(one: Check, **facts: Any) -> Any:
        called.add(one.code)
        return one.function(**facts)

    with mock.patch.object(Check, "__call__", call):
        pages.page(check)
    assert called == {check.code}


def test_the_index_has_every_check_in_its_family() -> None:
    text = (DOCS / "checks" / "index.md").read_text()
    assert set(re.findall(r"^\| \[([A-Z]{3}\d{3})\]", text, re.MULTILINE)) == {
        check.code for check in catalogue()
    }
    assert set(FAMILIES) == {check.family for check in catalogue()}


def test_every_page_of_the_folder_is_in_the_site() -> None:
    told = (DOCS / "index.md").read_text()
    entries = set(re.findall(r"^([\w./-]+)$", told, re.MULTILINE))
    there = {
        str(path.relative_to(DOCS).with_suffix(""))
        for path in (*DOCS.glob("*.md"), *(DOCS / "guides").glob("*.md"))
    }
    assert there - {"index"} <= entries


@cache
def catalogue_file() -> dict[str, object]:
    loaded: dict[str, object] = json.loads(data())
    return loaded


@pytest.mark.second_tier("makes every page once more")
def test_the_catalogue_as_data_is_made_for_a_release_and_not_kept(tmp_path: Path) -> None:
    file = tmp_path / "catalogue.json"
    subprocess.run(  # noqa: S603 (our own script)
        [sys.executable, str(DOCS / "make.py"), "--catalogue", str(file)], check=True
    )
    assert file.read_text(encoding="utf-8") == data()
    site = tmp_path / "site"
    (site / "docs").mkdir(parents=True)
    app = SimpleNamespace(builder=SimpleNamespace(format="html"), outdir=str(site))
    runpy.run_path(str(DOCS / "conf.py"))["catalogue"](app, None)
    assert (site / "docs" / "catalogue.json").read_text(encoding="utf-8") == data()
    assert Path("catalogue.json") not in whole()
    assert "/docs/catalogue.json" in (DOCS.parent / ".gitignore").read_text().splitlines()


@pytest.mark.second_tier("takes over half a second")
def test_the_catalogue_as_data_keeps_to_its_schema() -> None:
    schema = json.loads((DOCS / "catalogue.schema.json").read_text())
    checker = jsonschema.Draft202012Validator(
        schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )
    checker.check_schema(schema)
    assert [error.message for error in checker.iter_errors(catalogue_file())] == []


def test_the_command_prints_the_same_of_each_check() -> None:
    out = io.StringIO()
    arguments = ["list", "NPP102", "GHB101", "--format", "json"]
    assert run(arguments, Console(out, io.StringIO(), {})) == 0
    printed = json.loads(out.getvalue())["checks"]
    rows = {row["code"]: row for row in catalogue_file()["checks"]}  # type: ignore[attr-defined]
    assert [row["code"] for row in printed] == ["GHB101", "NPP102"]
    for row in printed:
        assert row.items() <= rows[row["code"]].items()


def test_what_is_needed_is_told_apart_from_what_helps() -> None:
    (check,) = (check for check in catalogue() if check.code == "GHB101")
    facts = PRINTED.write(described(check))
    (token,) = (item for item in facts["tokens"] if item["kind"] == "fine-grained")
    assert token["needed"] == ["metadata:read"]
    assert token["more"] == ["administration:read"]
    assert facts["target"] == "github:OWNER/REPO"


def test_every_threshold_is_read_by_a_check() -> None:
    by_code = {
        check.code: [threshold.name for threshold in thresholds(check)] for check in catalogue()
    }
    assert {name for names in by_code.values() for name in names} == THRESHOLDS.keys()
    assert by_code["GHA105"] == ["key-old-days"]
    assert by_code["GHB104"] == ["approvals"], "`solo` means that"
    assert by_code["GHA101"] == []


def test_each_page_and_the_catalogue_list_the_controls_of_a_check() -> None:
    rows = {row["code"]: row for row in catalogue_file()["checks"]}  # type: ignore[attr-defined]
    for check in catalogue():
        controls = [(standard.name, control.key) for standard, control in supported(check.code)]
        row = rows[check.code]["standards"]
        assert [(one["standard"], one["control"]) for one in row] == controls
        text = (DOCS / "checks" / f"{check.code}.md").read_text(encoding="utf-8")
        assert [
            (name, key)
            for name, key in re.findall(r"^- \[(\w+)\].*?\) `([^`]+)`", text, re.MULTILINE)
        ] == controls


def test_the_page_of_standards_has_every_control_once() -> None:
    text = (DOCS / "standards.md").read_text(encoding="utf-8")
    for standard in standards():
        assert text.count(f"\n## {standard.name}\n") == 1
    keys = [control.key for standard in standards() for control in standard.controls]
    assert re.findall(r"^\| `([^`]+)` \|", text, re.MULTILINE) == keys


def test_the_manual_tells_every_command_and_option() -> None:
    text = MANUAL.read_text().replace(r"\-", "-")
    assert text == manual.page().replace(r"\-", "-")
    assert "check" in COMMANDS
    for name in COMMANDS:
        assert f"\n.SS hardenme {name}" in text
    assert "\n.SS hardenme auth login\n" in text
    for term in ("--allow-unknown", "--expires-in", "HARDENME_NPM_TOKEN"):
        assert term in text


@pytest.mark.skipif(shutil.which("mandoc") is None, reason="mandoc is not on PATH")
def test_the_manual_is_without_a_fault() -> None:
    done = subprocess.run(  # noqa: S603 (our own page)
        ["mandoc", "-Tlint", str(MANUAL)],  # noqa: S607 (the tester's own)
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == ""
