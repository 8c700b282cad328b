"""No option takes a token, and one that stands on the command line all the same is not repeated."""

from __future__ import annotations

from pathlib import Path

import pytest

from hardenme.cli.options.refused import asks_for_secret, hide
from hardenme.model.secret import redact
from tests.cli.command import Command, until
from tests.cli.conftest import Accounts

GITHUB = "ghp_CANARY000000000000000000000000000000"
OPAQUE = "CANARYofNoKnownFormat"
UUID = "0a1b2c3d-0000-4000-8000-c0ffee000000"


@pytest.mark.parametrize(
    "arguments",
    [
        ("--token", OPAQUE),
        (f"--token={OPAQUE}",),
        ("--github-token", OPAQUE),
        (f"--npm-token={GITHUB}",),
        ("--password", OPAQUE),
        ("--otp", OPAQUE),
    ],
)
def test_an_option_for_a_token_is_refused_with_the_ways_there_are(
    weak: Accounts, arguments: tuple[str, ...]
) -> None:
    ran = weak.bare(*arguments)
    assert ran.code == 2
    assert ran.out == ""
    assert len(ran.told) == 1
    assert ran.err.startswith("hardenme: there is no option --")
    for way in ("--token-stdin", "--token-file", "HARDENME_GITHUB_TOKEN", "hardenme auth login"):
        assert way in ran.err
    assert weak.asked == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", GITHUB),
        ("check", f"npm:{GITHUB}/{GITHUB}"),
        ("check", "--select", GITHUB),
        ("check", "--profile", GITHUB),
        ("check", "--workers", GITHUB),
        ("check", "--github-url", f"https://{GITHUB}@host.example.test"),
        ("explain", GITHUB),
        (GITHUB,),
        ("--debug", GITHUB),
        (f"--{GITHUB}",),
        ("attest", GITHUB),
        ("doctor", GITHUB),
    ],
    ids=lambda arguments: " ".join(arguments).replace(GITHUB, "TOKEN"),
)
def test_a_token_in_the_place_of_something_else_is_not_repeated(
    command: Command, arguments: tuple[str, ...]
) -> None:
    # What a run prints is searched for canaries in every form.
    ran = command(*arguments)
    assert ran.code == 2
    assert ran.out == ""
    assert ran.err.startswith("hardenme: ")


def test_an_old_npm_token_in_the_place_of_a_target_is_not_repeated(command: Command) -> None:
    ran = command("check", UUID)
    assert ran.code == 2
    assert UUID not in ran.err
    assert "[redacted]" in ran.err


def test_a_variable_of_the_debug_log_that_is_a_token_is_not_repeated(command: Command) -> None:
    assert command("list", HARDENME_DEBUG=GITHUB).code == 2


@pytest.mark.parametrize("option", ["--token-stdin", "--token-file", "--app-key", "--as", "-f"])
def test_options_of_our_own_are_not_taken_for_others(option: str) -> None:
    assert not asks_for_secret(option)


def test_ordinary_arguments_are_not_hidden() -> None:
    arguments = ("check", "github:acme-labs", "--member", "a" * 30 + "123456789", "--token-stdin")
    hide((*arguments, "github", "npm:@acorn-labs/grater", "--app-key", "app.private-key.pem"))
    text = " ".join(arguments)
    assert redact(text) == text


def test_a_token_of_a_run_stands_in_no_command_line(weak: Accounts) -> None:
    weak.github.fault(".*", stall=30.0)
    process = weak.command.start("check", "--no-local", *weak.urls, **weak.tokens)
    try:
        until(lambda: bool(weak.github.requests))
        line = Path(f"/proc/{process.pid}/cmdline").read_bytes()
        assert b"check" in line
        assert b"CANARY" not in line
    finally:
        process.kill()
        process.communicate()
