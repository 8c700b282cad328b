from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from hardenme.cli.main import COMMANDS
from tests.cli.command import Command, Ran
from tests.cli.ready import bound
from tests.test_architecture import ROOMS

HEAVY = (
    "requests",
    "urllib3",
    "truststore",
    "github",
    "keyring",
    "rich",
    "tabulate",
    "pydantic",
    "asyncio",
    "importlib.metadata",
    "graphql",
    "cryptography",
    "sigstore",
    "tomlkit",
    "apprise",
    "distributed",
    "fsspec",
)


def loaded(
    command: Command, *arguments: str, told: Sequence[str] = HEAVY, **environ: str
) -> list[str]:
    """The libraries that a run of the command loads."""
    variables = command.variables(environ)
    code, _, err, _ = bound().run(arguments, b"", variables, command.folder, told=told)
    last = err.decode().splitlines()[-1].split()
    assert (code, last[0]) == (0, "LOADED"), err
    return last[1:]


@pytest.mark.sampled(6)
@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--help",),
        ("--version",),
        ("--version", "--verbose"),
        ("list",),
        ("list", "--format", "json"),
        ("list", "--standard", "osps"),
        ("explain", "GHA101"),
        ("check", "--help"),
        ("completion", "bash"),
        ("doctor", "--help"),
        ("report", "--help"),
        ("show", "--help"),
        ("cache", "clear", "--runs"),
        ("trend", "--help"),
        ("attest", "--help"),
        ("list", "--profiles"),
        ("config", "--help"),
        ("config",),
        ("schedule", "print", "--cron", "npm:left-pad"),
        ("config", "--schema"),
        ("attest", "--list"),
        ("waive", "--help"),
        ("waive", "add", "--help"),
        ("waive", "list"),
        ("permissions", "--help"),
        ("permissions",),
        ("permissions", "--full"),
        ("permissions", "--for", "github:acme", "--for", "npm:left-pad", "--depth", "deep"),
        ("permissions", "--format", "json"),
        ("permissions", "--for", "github:acme", "--app-manifest"),
    ],
)
def test_what_asks_nobody_loads_little(command: Command, arguments: tuple[str, ...]) -> None:
    assert loaded(command, *arguments) == []


def folders(command: Command, *arguments: str) -> set[str]:
    """The folders of the command line of which a run loads something."""
    every = sorted({*ROOMS, *(name.replace("-", "_") for name in COMMANDS)})
    modules = [f"hardenme.cli.{name}.command" for name in every if name not in ROOMS]
    found = loaded(command, *arguments, told=[*modules, *(f"hardenme.cli.{one}" for one in ROOMS)])
    return {name.split(".")[2] for name in found}


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_no_command_is_loaded_to_tell_what_there_is(command: Command, option: str) -> None:
    assert not folders(command, option) - ROOMS


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_loads_its_own_folder_alone(command: Command, name: str) -> None:
    assert folders(command, name, "--help") - ROOMS == {name.replace("-", "_")}


OTHERS = (
    *("requests", "urllib3", "cryptography", "github", "keyring", "tabulate", "tomlkit"),
    "hardenme.collectors.transport.wire",
    "hardenme.collectors.github.account",
    "hardenme.collectors.npm.account",
    "hardenme.derive.registry",
    "hardenme.derive.inventory",
    "hardenme.reports.html",
    "hardenme.rights.permissions",
    "hardenme_checks.github.account",
    "hardenme_checks.npm.account",
)
"""What a check of this machine has no use for."""


@pytest.fixture(scope="module")
def of_a_demo(
    tmp_path_factory: pytest.TempPathFactory, new_command: Callable[[Path], Command]
) -> set[str]:
    """What a run of everything loads, of what others have no use for."""
    return set(
        loaded(
            new_command(tmp_path_factory.mktemp("whole")), "demo", "--quiet", told=(*HEAVY, *OTHERS)
        )
    )


@pytest.mark.sampled(2, among="what is loaded")
def test_a_check_of_this_machine_loads_nothing_of_other_checks(
    command: Command, of_a_demo: set[str]
) -> None:
    assert loaded(command, "check", "local", "--select", "LOC101", told=OTHERS) == []
    # So that the names are known to be those of modules.
    assert len(of_a_demo.intersection(OTHERS)) > 8


TABLES = {"tabulate", "importlib.metadata"}
"""What draws tables: tabulate, which asks for its own version."""


@pytest.mark.sampled(2, among="what is loaded")
def test_to_show_a_run_again_nobody_is_asked(
    command: Command, demonstrate: Callable[[Command], Ran]
) -> None:
    demonstrate(command)
    found = loaded(command, "show", "--demo", "--unknown")
    assert set(found) <= TABLES


@pytest.mark.sampled(2, among="what is loaded")
def test_rows_of_two_columns_load_nothing_that_draws_tables(command: Command) -> None:
    assert loaded(command, "permissions", "--full") == []


@pytest.mark.sampled(2, among="what is loaded")
def test_without_a_stored_token_the_keyring_is_not_loaded(command: Command) -> None:
    found = loaded(command, "doctor", "--offline", HARDENME_NPM_TOKEN="npm_CANARY000000000000")
    assert "requests" in found
    assert "keyring" not in found


UNUSED = (
    "apprise",
    "distributed",
    "dns",
    "fsspec",
    "graphql",
    "hardenme.cli.trend.series",
    "hardenme.delivery.send",
    "hardenme.delivery.notification_target",
    "hardenme.reports.trend",
    "hardenme.sandbox",
    "keyring",
    "rich",
    "sigstore",
    "smtplib",
    "tabulate",
    "tomlkit",
)
"""What a report does without until its first request: none of it is needed to ask."""
FIRST_REQUEST = """
import os, sys
from hardenme.collectors.transport.wire import Wire

def exchange(*_):
    print("LOADED", *sorted(name for name in {unused!r} if name in sys.modules), file=sys.stderr)
    sys.stderr.flush()
    os._exit(0)

Wire.exchange = exchange
from hardenme.__main__ import main
sys.argv = ["hardenme", *sys.argv[1:]]
main()
"""


@pytest.mark.sampled(2, among="what is loaded")
def test_until_its_first_request_a_report_loads_what_it_needs(command: Command) -> None:
    arguments = ("report", "--no-local", "--workers", "1", "--heartbeat", "beat")
    done = subprocess.run(  # noqa: S603 (our own interpreter)
        [sys.executable, "-c", FIRST_REQUEST.format(unused=UNUSED), *arguments],
        capture_output=True,
        text=True,
        env=command.variables({"HARDENME_GITHUB_TOKEN": "ghp_CANARYstart00000000000000000000000"}),
        cwd=command.folder,
        check=False,
    )
    assert done.stderr.splitlines()[-1].split() == ["LOADED"], done.stderr


@pytest.mark.sampled(2, among="what is loaded")
@pytest.mark.parametrize(
    "environ",
    [
        {
            "_HARDENME_COMPLETE": "complete_bash",
            "COMP_WORDS": "hardenme explain GHA",
            "COMP_CWORD": "2",
        },
        {
            "_HARDENME_COMPLETE": "complete_fish",
            "_TYPER_COMPLETE_FISH_ACTION": "get-args",
            "_TYPER_COMPLETE_ARGS": "hardenme explain GHA",
        },
    ],
    ids=["bash", "fish and zsh"],
)
def test_completion_loads_little(command: Command, environ: dict[str, str]) -> None:
    assert loaded(command, **environ) == []
    assert "GHA101" in command(**environ).out


def test_the_test_can_see_what_is_loaded(of_a_demo: set[str]) -> None:
    assert {"requests", "truststore"} <= of_a_demo


def test_pygithub_is_loaded_where_an_app_signs_in_alone(of_a_demo: set[str]) -> None:
    assert "github" not in of_a_demo


@pytest.mark.sampled(2, among="what is loaded")
@pytest.mark.second_tier("starts every command")
def test_a_hostile_working_directory_is_not_imported(command: Command) -> None:
    for name in ("requests", "hardenme_checks", "typer", "checks", "json"):
        (command.folder / f"{name}.py").write_text("raise SystemExit('imported from here')\n")
    done = subprocess.run(
        [sys.executable, "-m", "hardenme", "demo", "--quiet"],
        capture_output=True,
        text=True,
        env=command.variables({}),
        cwd=command.folder,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "imported from here" not in done.stderr
