"""`hardenme incident open` and `note`: with no token and nobody asked."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from hardenme.ground.exit_code import Exit
from tests.cli.command import SCRIPT, Command, Ran
from tests.cli.conftest import Accounts
from tests.printed import printed

pytestmark = pytest.mark.sampled(8)

TOKEN = "ghp_CANARY" + "n" * 30

MOST = 24
"""Lines of the status on a terminal."""


def folder_of(command: Command, name: str, *, demo: bool = False) -> Path:
    """Where an incident lies."""
    state = command.home / ".local" / "state" / "hardenme"
    return state / ("incidents-demo" if demo else "incidents") / name


def notes(folder: Path) -> list[str]:
    """The notes of an incident."""
    text = (folder / "record.jsonl").read_text()
    lines = [json.loads(line) for line in text.splitlines(keepends=True) if line.endswith("\n")]
    return [json.loads(line["data"])["text"] for line in lines if line["kind"] == "note"]


def test_it_freezes_the_last_run(weak: Accounts) -> None:
    weak.check("me", "--select", "NPT101")
    asked, command = weak.asked, weak.command
    done = command("incident", "open", "worm-2026")
    assert (done.code, weak.asked) == (Exit.CLEAN, asked)
    folder = folder_of(command, "worm-2026")
    assert str(folder) in done.out
    assert "frozen   Run of " in done.out
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    # It is the runbook, but for what is done by opening the incident.
    kept, now = (folder / "runbook.md").read_text(), command("runbook").out
    other = set(kept.splitlines()) ^ set(now.splitlines())
    opens = next(line for line in now.splitlines() if "incident open " in line)
    assert other == {
        opens,
        "Done: the incident `worm-2026` is open.",
        "  - Run: `hardenme incident status --name worm-2026`",
        "  - Run: `hardenme incident note --name worm-2026`",
        "  - Run: `hardenme incident note`",
    }
    assert json.loads((folder / "report.json").read_text())["targets"] == ["me"]
    again = command("incident", "open", "worm-2026")
    assert again.code == Exit.USAGE
    assert "there is an incident worm-2026 already" in again.err


def test_an_attack_that_began_before_the_frozen_run(weak: Accounts) -> None:
    """What that run saw is not taken for what was there before."""
    command = weak.command
    weak.check("me", "--select", "GHR101,NPT101")
    refused = command("incident", "open", "late", "--since", "soon")
    assert refused.code == Exit.USAGE
    assert "--since takes a time" in refused.err
    assert command("incident", "open", "quiet").code == Exit.CLEAN
    assert command("incident", "open", "late", "--since", "6h").code == Exit.CLEAN
    rows = {}
    for name in ("quiet", "late"):
        done = command("incident", "status", "--name", name, "-f", "json")
        rows[name] = {one["text"]: one for one in printed("incident", done.out)["rows"]}
    assert rows["quiet"].keys() < rows["late"].keys()
    more = [rows["late"][text] for text in rows["late"].keys() - rows["quiet"].keys()]
    whys = [one["why"] for one in more]
    assert {one["state"] for one in more} == {"pending"}
    assert any(why.startswith("no run from before the attack was frozen") for why in whys)
    said = command("incident", "status", "--name", "late", "--full").out
    assert "The attack began at " in said


@pytest.mark.second_tier("several whole runs")
def test_an_older_run_or_a_file_can_be_frozen(weak: Accounts) -> None:
    command = weak.command
    few = ("--select", "NPT101")
    weak.check("npm:@acorn-labs/sieve", "--select", "NPP107")
    weak.check("me", *few, "-f", "json", "-o", str(command.folder / "mine.json"))
    first = command("incident", "open", "last")
    assert "freeze an older one: --from with 1 (" in first.err
    targets = {}
    for name, run in (("old", "1"), ("file", "mine.json")):
        assert command("incident", "open", name, "--from", run).code == Exit.CLEAN
        report = json.loads((folder_of(command, name) / "report.json").read_text())
        targets[name] = report["targets"]
    assert targets == {"old": ["npm:@acorn-labs/sieve"], "file": ["me"]}
    done = command("incident", "open", "none", "--from", "99")
    assert done.code == Exit.USAGE
    assert "no run 99 is kept; these are kept: 2 (" in done.err
    shared = str(command.folder / "shared.json")
    command("show", "--redact", "-f", "json", "-o", shared)
    done = command("incident", "open", "none", "--from", shared)
    assert (done.code, "pseudonyms in place of names" in done.err) == (Exit.USAGE, True)
    assert not folder_of(command, "none").exists()


def test_the_demo_is_kept_apart(command: Command, demonstrate: Callable[[Command], Ran]) -> None:
    nothing = command("incident", "open", "try", "--demo")
    assert (nothing.code, "Run `hardenme demo` first" in nothing.err) == (Exit.USAGE, True)
    demonstrate(command)
    assert command("incident", "open", "try", "--demo").code == Exit.CLEAN
    assert folder_of(command, "try", demo=True).is_dir()
    assert not folder_of(command, "try").exists()
    page = (folder_of(command, "try", demo=True) / "runbook.md").read_text()
    assert "The accounts of the demo are invented" in page
    assert command("incident", "note", "x").code == Exit.USAGE
    assert command("incident", "note", "x", "--demo").code == Exit.CLEAN


def test_the_numbers_of_rows_are_those_of_the_printed_page(tried: Command) -> None:
    page = (folder_of(tried, "try", demo=True) / "runbook.md").read_text()
    printed = dict(re.findall(r"^### (\d+)\. (.+)$", page, re.MULTILINE))
    told = json.loads(tried("incident", "status", "--demo", "-f", "json").out)
    steps = {one["number"].partition(".")[0]: one["step"] for one in told["rows"]}
    assert len(steps) > 20
    assert {number: printed.get(number) for number in steps} == steps


@pytest.mark.second_tier("several whole runs")
def test_where_it_stands_is_seen_at_once(tried: Command) -> None:
    """The next thing first, on a terminal's screen; in full, each row with its command."""
    told = json.loads(tried("incident", "status", "--demo", "-f", "json").out)
    rows = [one for one in told["rows"] if one["state"] == "pending"]
    shown = tried("incident", "status", "--demo").out
    assert f"\n\nNext: {told['next']} " in shown
    assert len(shown.splitlines()) <= MOST
    narrow = tried("incident", "status", "--demo", COLUMNS="80").out
    assert len(narrow.splitlines()) <= MOST
    full = tried("incident", "status", "--demo", "--full").out
    lines = {line.split()[0] for line in full.splitlines() if line.strip()}
    assert {one["number"] for one in rows} <= lines


@pytest.fixture
def opened(command: Command, tried: Command) -> Command:
    """With an incident of the demo, called `try`."""
    shutil.copytree(tried.home, command.home, dirs_exist_ok=True)
    return command


def test_a_note_holds_what_was_said_without_tokens(opened: Command) -> None:
    folder = folder_of(opened, "try", demo=True)
    done = opened("incident", "note", "--demo", "--by", "hazel", "revoked", "the", "token")
    assert done.code == Exit.CLEAN
    assert "try: noted at 2" in done.out
    hostile = f"first\n\x1b[2Jsecond \u202e {TOKEN}\n"
    done = opened("incident", "note", "--demo", text=hostile)
    assert done.code == Exit.CLEAN
    assert "looked like a token or a password was left out" in done.err
    kept = notes(folder)
    assert kept[0] == "revoked the token"
    assert kept[1].startswith("first\n\x1b[2Jsecond")
    assert TOKEN not in kept[1]
    assert "[redacted]" in kept[1]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "the note is empty"),
        (" \n", "the note is empty"),
        ("x" * (1 << 20), "20,000 characters at most: nothing was written"),
    ],
)
def test_a_note_that_is_none_is_not_written(opened: Command, text: str, words: str) -> None:
    done = opened("incident", "note", "--demo", text=text)
    assert done.code == Exit.USAGE
    assert words in done.err
    assert notes(folder_of(opened, "try", demo=True)) == []


def test_of_several_one_is_named(opened: Command) -> None:
    opened("incident", "open", "other", "--demo")
    done = opened("incident", "note", "--demo", "x")
    assert (done.code, "say which incident, by --name: try, other" in done.err) == (2, True)
    assert opened("incident", "note", "--demo", "--name", "OTHER", "x").code == Exit.CLEAN
    assert notes(folder_of(opened, "other", demo=True)) == ["x"]
    done = opened("incident", "note", "--demo", "--name", "third", "x")
    assert (done.code, "there is try, other" in done.err) == (2, True)


def test_a_folder_that_was_moved_is_named(opened: Command) -> None:
    moved = opened.folder / "moved"
    folder_of(opened, "try", demo=True).rename(moved)
    done = opened("incident", "note", "--demo", "x")
    assert (done.code, "no incident is open" in done.err) == (Exit.USAGE, True)
    assert opened("incident", "note", "--demo", "--folder", "moved", "x").code == Exit.CLEAN
    assert notes(moved) == ["x"]
    assert "see --demo" in opened("incident", "note", "--folder", "moved", "x").err


def test_one_of_another_version_is_said_and_left_alone(opened: Command) -> None:
    folder = folder_of(opened, "try", demo=True)
    other = folder.parent / "newer"
    shutil.copytree(folder, other)
    head = json.loads((other / "incident.json").read_text())
    (other / "incident.json").write_text(json.dumps({**head, "format": 99, "name": "newer"}))
    for words in (("note", "x"), ("status",), ("note", "x", "--name", "newer")):
        done = opened("incident", *words, "--demo")
        assert done.code == Exit.USAGE
        assert "was opened by another version of hardenme" in done.err
    assert opened("incident", "note", "--demo", "--name", "try", "x").code == Exit.CLEAN
    assert notes(other) == []


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="takes another user")
def test_another_user_is_told(opened: Command) -> None:
    folder = folder_of(opened, "try", demo=True)
    os.chown(folder, 12345, 12345)
    done = opened("incident", "note", "--demo", "--folder", str(folder), "x")
    assert done.code == Exit.USAGE
    assert f"{folder} belongs to someone else" in done.err
    assert notes(folder) == []


def test_a_full_disk_loses_nothing_that_was_noted(opened: Command) -> None:
    """The shell bounds what a file may hold, as a disk without room does."""
    folder = folder_of(opened, "try", demo=True)
    assert opened("incident", "note", "--demo", "before").code == Exit.CLEAN
    blocks = (folder / "record.jsonl").stat().st_size // 512 + 1
    words = [str(SCRIPT), "incident", "note", "--demo", "x" * 5000]
    done = subprocess.run(  # noqa: S603 (our own script)
        ["/bin/sh", "-c", f"ulimit -f {blocks}; exec {shlex.join(words)}"],
        capture_output=True,
        env=opened.variables({}),
        check=False,
        text=True,
    )
    assert done.returncode == Exit.USAGE
    assert "the note was not written; what was written before is there" in done.stderr
    assert notes(folder) == ["before"]
    assert (
        "The last line of the record was not written" in opened("incident", "status", "--demo").err
    )
    assert opened("incident", "note", "--demo", "after").code == Exit.CLEAN
    assert notes(folder) == ["before", "after"]


def test_what_npm_showed_before_is_not_taken_for_known(weak: Accounts) -> None:
    weak.check("me", "--select", "NPT101")
    kept = folder_of(weak.command, "worm").parent.parent / "observations.json"
    kept.write_text("{}")
    assert weak.command("incident", "open", "worm").code == Exit.CLEAN
    assert not kept.exists()


def test_facts_are_kept_with_it_as_they_are(weak: Accounts) -> None:
    command, facts = weak.command, weak.command.folder / "facts.jsonl"
    weak.check("me", "--select", "NPT101", "--save-facts", str(facts))
    assert command("incident", "open", "worm", "--facts", str(facts)).code == Exit.CLEAN
    kept = folder_of(command, "worm") / "facts.jsonl"
    assert (kept.read_bytes(), stat.S_IMODE(kept.stat().st_mode)) == (facts.read_bytes(), 0o600)
    facts.write_bytes(facts.read_bytes().replace(b"mallow", b"mellow"))
    done = command("incident", "open", "second", "--facts", str(facts))
    assert (done.code, "was changed" in done.err) == (Exit.USAGE, True)
    assert not folder_of(command, "second").exists()
