"""`--use-gh`, through the whole command."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command import Command
from tests.cli.conftest import Accounts
from tests.cli.ready import ready

TOKEN = "gho_CANARYkeptbygh00000000000000000000000"


@pytest.fixture
def gh(tmp_path: Path) -> Path:
    """A gh that has a token and leaves a trace; its folder is on the command's PATH."""
    folder = tmp_path / "tools"
    folder.mkdir(mode=0o755)
    program = folder / "gh"
    (tmp_path / "its-token").write_text(TOKEN)
    text = f"#!/bin/sh\nenv >{tmp_path}/given-environ\ncat {tmp_path}/its-token\n"
    program.write_text(text)
    program.chmod(0o755)
    return program


def test_the_doctor_asks_it_and_says_which_one(command: Command, gh: Path, tmp_path: Path) -> None:
    foreign = {"HARDENME_NPM_TOKEN": "npm_CANARY000000000000000000"}
    ran = command("doctor", "--offline", "--use-gh", **foreign, PATH=str(gh.parent))
    assert ran.code == 0
    assert f"from gh ({gh})" in " ".join(ran.out.split())
    assert ran.told == [f"hardenme: running {gh} auth token --hostname github.com"]
    assert "CANARY" not in (tmp_path / "given-environ").read_text()


def test_all_that_it_is_started_with_is_looked_through(command: Command, gh: Path) -> None:
    environ = command.variables({"PATH": str(gh.parent)})
    arguments = ("doctor", "--offline", "--use-gh")
    *_, children = ready().run(arguments, b"", environ, command.folder)
    assert children.startswith(f"{gh}\0auth\0token\0--hostname\0github.com\0".encode())
    assert b"\0GH_PROMPT_DISABLED\0" in children


def test_it_is_not_asked_without_the_option(command: Command, gh: Path, tmp_path: Path) -> None:
    ran = command("doctor", "--offline", PATH=str(gh.parent))
    assert ran.code == 4
    assert not (tmp_path / "given-environ").exists()


def test_fault_34_one_in_the_working_directory_is_not_run(
    command: Command, gh: Path, tmp_path: Path
) -> None:
    gh.rename(command.folder / "gh")
    ran = command("doctor", "--offline", "--use-gh", PATH=f".:{gh.parent}:")
    assert ran.code == 4
    assert "no folder of PATH has a gh" in ran.out
    assert not (tmp_path / "given-environ").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "--no-local", "--no-cache"),
        ("watch",),
        ("attest", "GHO131", "github:acme", "--yes"),
    ],
)
def test_its_token_goes_to_no_address_that_it_cannot_name(
    weak: Accounts, gh: Path, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    named = {"PATH": str(gh.parent), "HARDENME_NPM_TOKEN": weak.npm_token}
    ran = weak.command(*arguments, "--use-gh", *weak.urls, **named)
    assert ran.code == 4
    (line,) = ran.told
    assert f"gh keeps tokens by host alone, and none for {weak.github.url}" in line
    assert weak.asked == 0
    assert not (tmp_path / "given-environ").exists()


def test_a_token_found_before_it_spares_it(weak: Accounts, gh: Path, tmp_path: Path) -> None:
    ran = weak.check("--use-gh", "--select", "GHA101", PATH=str(gh.parent))
    assert ran.code in {0, 1}
    assert ran.err == ""
    assert not (tmp_path / "given-environ").exists()
