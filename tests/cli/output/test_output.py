from __future__ import annotations

import json
import os
import re
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from hardenme.sandbox.http import Reply, Request
from tests.cli.command import SCRIPT, Command, Ran
from tests.cli.conftest import Accounts

pytestmark = pytest.mark.sampled(10)

FEW = ("--select", "GHA103", "--select", "NPA101", "--select", "GHB101")
"""Checks enough for every part of a report."""
HOSTILE = "\x1b]0;owned\x07\u202eevil\u200b|<script>\n- [x] done"


def html(_request: Request, _reply: Reply) -> Reply:
    return Reply(
        200, None, {"content-type": "text/html"}, b"<html><body>Welcome to the hotel</body></html>"
    )


def test_a_report_is_a_private_file(weak: Accounts, tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    file.write_text("before")
    file.chmod(0o644)
    ran = weak.check(*FEW, "--format", "json", "-o", str(file))
    assert ran.code == 1
    assert ran.out == ""
    assert ran.told == [f"hardenme: the report is in {file}"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert json.loads(file.read_text())["schema_version"]
    assert {path.name for path in tmp_path.iterdir()} == {"report.json", "home", "here"}


def test_quiet_says_nothing_of_the_file(weak: Accounts, tmp_path: Path) -> None:
    assert weak.check(*FEW, "-q", "-o", str(tmp_path / "report")).err == ""


def test_a_dash_is_standard_output(weak: Accounts) -> None:
    ran = weak.check("--select", "GHA101", "--format", "json", "-o", "-")
    assert json.loads(ran.out)["findings"]
    assert not list(weak.command.folder.iterdir())


def test_a_place_that_cannot_be_written_is_found_before_anybody_is_asked(
    weak: Accounts, tmp_path: Path
) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for place in (tmp_path, pipe, Path("/dev/full"), tmp_path / "absent" / "report"):
        ran = weak.check("-o", str(place))
        assert ran.code == 2
        assert ran.out == ""
        assert len(ran.told) == 1
        assert str(place) in ran.err
    assert weak.asked == 0


def test_a_place_that_vanishes_loses_nothing(weak: Accounts, tmp_path: Path) -> None:
    folder = tmp_path / "fleeting"
    folder.mkdir()

    def vanish(_request: Request, reply: Reply) -> Reply:
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()
        return reply

    weak.github.fault("/user", edit=vanish, times=1)
    ran = weak.check("--select", "GHA101", "-o", str(folder / "report"))
    assert ran.code == 2
    assert "GHA101" in ran.out, "what was found is printed instead"
    assert "cannot be written" in ran.err


def test_a_run_that_comes_to_nothing_leaves_no_file(weak: Accounts, tmp_path: Path) -> None:
    file = tmp_path / "report"
    assert weak.check("--as", "hazel", "-o", str(file)).code == 4
    assert {path.name for path in tmp_path.iterdir()} == {"home", "here"}


@pytest.mark.sampled(4)
@pytest.mark.parametrize("arguments", [("list",), ("demo",), ("--help",), ("explain", "GHA101")])
def test_a_reader_that_goes_away_is_no_error(command: Command, arguments: tuple[str, ...]) -> None:
    process = command.start(*arguments)
    assert process.stdout is not None
    process.stdout.close()
    process.stdout = None
    _, err = process.communicate(timeout=30)
    told = [line for line in err.decode().splitlines() if "this is the demo" not in line]
    assert told == []
    assert process.returncode in {0, 1}


def test_a_reader_that_goes_away_does_not_make_a_run_clean(weak: Accounts) -> None:
    process = weak.command.start("check", "--no-local", *FEW, *weak.urls, **weak.tokens)
    assert process.stdout is not None
    process.stdout.close()
    process.stdout = None
    _, err = process.communicate(timeout=30)
    assert err == b""
    assert process.returncode == 1


@pytest.mark.parametrize("arguments", [("list",), ("--help",)])
def test_a_full_disk_is_told_in_a_line(command: Command, arguments: tuple[str, ...]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(  # noqa: S603 (our own script)
            [SCRIPT, *arguments],
            stdout=full,
            stderr=subprocess.PIPE,
            env=command.variables({}),
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr.decode().splitlines() == [
        "hardenme: standard output cannot be written: No space left on device"
    ]


@pytest.mark.sampled(4)
@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_are_no_error(weak: Accounts, closed: str) -> None:
    done = subprocess.run(  # noqa: S603 (our own script)
        [
            "/bin/sh",
            "-c",
            f'exec "$0" "$@" {closed}',
            SCRIPT,
            "check",
            "--no-local",
            *FEW,
            *weak.urls,
        ],
        capture_output=True,
        env=weak.command.variables(weak.tokens),
        cwd=weak.command.folder,
        check=False,
    )
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr
    assert weak.command("check", "--token-stdin", "github", *weak.urls).code == 4


@pytest.mark.second_tier("starts Python anew")
def test_an_empty_environment_is_enough(weak: Accounts) -> None:
    path = weak.command.folder / "given-token"
    path.write_text(weak.github_token)
    path.chmod(0o600)
    weak.command.begins()
    done = subprocess.run(  # noqa: S603 (our own script)
        [
            *(SCRIPT, "check", "--no-local", "--no-cache", *weak.urls),
            *("--select", "GHA101", "--token-file", f"github:{path}"),
        ],
        capture_output=True,
        env={},
        cwd=weak.command.folder,
        check=False,
    )
    assert weak.command.ended(done.returncode, done.stdout, done.stderr).code == 1


def test_plain_ascii_is_enough(weak: Accounts) -> None:
    plain = {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    for output_format in ("table", "markdown", "json"):
        ran = weak.check("--format", output_format, *FEW, **plain)
        assert ran.code == 1
        assert ran.out.isascii()
        assert ran.err == ""
    assert weak.check(*FEW, LANG="C").code == 1


@pytest.mark.sampled(2)
@pytest.mark.parametrize("columns", ["40", "1", "0", "none", "500"])
def test_any_width_will_do(weak: Accounts, columns: str) -> None:
    ran = weak.check(*FEW, COLUMNS=columns)
    assert ran.code == 1
    if columns == "40":
        # Addresses and commands are for copying and stay whole.
        wide = [line for line in ran.out.splitlines() if len(line) > 40]
        copied = re.compile(r"\s*(npm |gh |echo |.*https?://)")
        assert [line for line in wide if not copied.match(line)] == []


def test_no_colour_goes_into_a_pipe(weak: Accounts) -> None:
    assert "\x1b" not in weak.check("--select", "GHA").out
    assert "\x1b[" in weak.check("--select", "GHA", FORCE_COLOR="1").out
    assert "\x1b" not in weak.check("--select", "GHA", FORCE_COLOR="1", NO_COLOR="1").out


@pytest.mark.parametrize("output_format", ["screen", "table", "markdown", "json"])
def test_hostile_names_steer_nothing(weak: Accounts, output_format: str) -> None:
    def rename(_request: Request, reply: Reply) -> Reply:
        if isinstance(reply.data, list):
            for item in reply.data:
                item.update(title=HOSTILE, name=HOSTILE)
        return reply

    weak.github.fault("/user/(keys|ssh_signing_keys|gpg_keys).*", edit=rename)
    ran = weak.check("--select", "GHA", "--format", output_format, FORCE_COLOR="")
    text = ran.out + ran.err
    assert "evil" in text
    for character in "\x1b\x07\u202e\u200b":
        assert character not in text
    if output_format == "markdown":
        # Within a code span, Markdown shows every character as it is.
        assert "<script>" not in re.sub(r"(`+).*?\1", "", text)
        assert not any(line.startswith("- [x] done") for line in text.splitlines())


def test_a_registry_that_answers_html_is_told(weak: Accounts) -> None:
    weak.npm.fault(".*", edit=html)
    ran = weak.check("--select", "NP,GHA101")
    assert ran.code == 1, "what GitHub told is kept"
    assert "GHA101" in ran.out
    assert "not understood: " in ran.out
    alone = weak.check("npm:@acorn-labs/grater")
    assert alone.code == 3
    assert "0 passed" in alone.out.splitlines()[-1]


def test_a_host_that_answers_html_is_told(weak: Accounts) -> None:
    weak.github.fault(".*", edit=html)
    ran = weak.check("--select", "GHA101")
    assert ran.code == 3
    assert "1 unknown" in ran.out.splitlines()[-1]


def test_a_host_that_is_not_there_is_told(weak: Accounts) -> None:
    ran = weak.check("--select", "GHA101", "--github-url", "http://127.0.0.1:9")
    assert ran.code == 3
    assert "no answer: " in ran.out


def test_the_demo_runs_without_anything(
    command: Command, demonstrate: Callable[[Command], Ran]
) -> None:
    table, report = demonstrate(command), command("demo", "--format", "json")
    assert table.code == 0
    lines = table.out.splitlines()
    assert len(lines) <= 40
    assert any(line.startswith("AT RISK") for line in lines)
    # A change of the last days looks like an attack, and goes before all else.
    assert lines[-1] == "START     hardenme recent --demo: see what to stop first"
    assert any(
        line.startswith("If these accounts were yours, hardenme check would exit with 1: ")
        for line in lines
    )
    assert "this is the demo" in table.err
    assert "GHA101" in command("demo", "--full").out
    found = json.loads(report.out)
    assert any(item["outcome"] == "failed" for item in found["findings"])
    assert "http://127.0.0.1" not in json.dumps([item.get("fix") for item in found["findings"]])
    hardened = json.loads(command("demo", "--hardened", "--format", "json").out)
    assert not any(
        item["outcome"] == "failed" and item["severity"] in {"critical", "high"}
        for item in hardened["findings"]
    )
    assert command("demo", "--format", "xml").code == 2


def test_the_demo_reads_nothing_of_the_user(command: Command) -> None:
    ran = command("demo", HARDENME_GITHUB_TOKEN="ghp_CANARY000000000000000000000000000000")
    assert ran.code == 0
    kept = [path for path in command.home.rglob("*") if path.is_file()]
    assert {path.parent.name for path in kept} == {"runs-demo"}
    assert command("demo", "--no-keep", HOME=str(command.folder)).code == 0
    assert not list(command.folder.iterdir())
