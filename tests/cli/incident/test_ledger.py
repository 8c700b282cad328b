"""The ledger by commands over real sockets: what a later run does not show is proven, no more."""

from __future__ import annotations

import shlex
from datetime import timedelta

import pytest

from hardenme.ground.exit_code import Exit
from hardenme.sandbox.github.world import DeployKey
from tests.cli.command import Command
from tests.cli.incident.conftest import FEW, ORG, Attacked
from tests.gh.stand_in import run as gh
from tests.worlds.organizations import base

pytestmark = [pytest.mark.second_tier("whole runs before and after"), pytest.mark.sampled(10)]

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIC5v0v0v0v0v0v0v0v0v0v0v0v0v0v0v0v0v0v0v"
HOSTILE = "key\x1b[2J\u202e"
KEYS = ("--select", "GHR108,GHR127")
"""Checks of deploy keys and of secrets."""


@pytest.mark.second_tier("several whole runs")
def test_rows_are_proven_by_later_runs_and_come_back(attacked: Attacked) -> None:
    world = attacked.github.world
    repository = world.repositories[0]
    full = f"{repository.owner}/{repository.name}"
    repository.deploy_keys[:] = [
        DeployKey(number, name, KEY, world.now - timedelta(days=9), added_by="thorn")
        for number, name in ((7001, "first"), (7002, HOSTILE))
    ]
    secret = repository.secrets[0]
    attacked.check(ORG, *KEYS, "--depth", "deep")
    assert attacked.incident("open", "worm").code == Exit.CLEAN
    before = attacked.asked_nobody("status")
    assert before.code == Exit.FINDINGS
    assert "\n\nNext: 1 Take a device" in before.out
    assert "\x1b[2J" not in before.out
    assert "\u202e" not in before.out
    first = attacked.row(f"deploy key first of {full}")
    assert (first["state"], first["credential"]) == ("pending", True)

    (command,) = first["commands"]
    done = gh(shlex.split(command)[1:], attacked.github.url, base.WEAK_CLASSIC)
    assert done.code == 0, done.error
    secret.updated_at = world.now
    attacked.check(ORG, *KEYS, "--depth", "deep")
    rows = attacked.rows()
    gone = rows[first["text"]]
    assert gone["state"] == "proven"
    assert gone["why"].startswith("not in the list of the run of ")
    (kept,) = (one for text, one in rows.items() if text.startswith("deploy key key\\x1b"))
    assert kept["state"] == "pending"
    (renewed,) = (one for text, one in rows.items()
                  if text.startswith(f"secret {secret.name} of {full}"))  # fmt: skip
    assert renewed["state"] == "pending"
    assert "replaced at " in renewed["why"]

    # A run that may not read the list says nothing, and one in which it is back does.
    attacked.check(ORG, *KEYS, "--depth", "fast")
    assert attacked.row(f"deploy key first of {full}")["state"] == "proven"
    repository.deploy_keys.append(
        DeployKey(7001, "first", KEY, world.now - timedelta(days=9), added_by="thorn")
    )
    attacked.check(ORG, *KEYS, "--depth", "deep")
    assert attacked.row(f"deploy key first of {full}")["state"] == "pending"
    events = [one["event"] for one in attacked.told()["record"]]
    assert "gone" in events
    assert "seen" in events


def test_a_list_that_was_not_read_again_proves_nothing(opened: Attacked) -> None:
    token = opened.row("npm token ci-ladle")
    assert token["commands"][0].startswith("npm token revoke ")
    opened.npm.world.tokens.clear()
    opened.check("me", *FEW, npm=False)
    pending = opened.row("npm token ci-ladle")
    assert pending["state"] == "pending"
    assert pending["why"].startswith("not read in the run of ")
    opened.check("me", *FEW)
    assert opened.row("npm token ci-ladle")["state"] == "proven"
    # A run from before the incident proves nothing.
    opened.incident("open", "second")
    assert opened.incident("status", "--name", "second").code == Exit.FINDINGS


def test_runs_of_another_account_or_host_prove_nothing(opened: Attacked) -> None:
    world = opened.npm.world
    world.tokens.clear()
    state = opened.command.home / ".local" / "state" / "hardenme" / "runs"
    opened.check("me", *FEW)
    newest = max(state.glob("0*.json"))
    text = newest.read_text()
    for old, new in ((opened.npm.url, "https://other.example"), ('"mallow"', '"fern"')):
        newest.write_text(text.replace(old, new))
        assert opened.row("npm token ci-ladle")["state"] == "pending"
        for command in ("status", "close"):
            assert "1 later run not counted: of another" in opened.incident(command).err
    newest.write_text(text)
    assert opened.row("npm token ci-ladle")["state"] == "proven"


def test_a_run_that_cannot_be_read_is_said(opened: Attacked) -> None:
    opened.check("me", *FEW)
    state = opened.command.home / ".local" / "state" / "hardenme" / "runs"
    max(state.glob("0*.json")).write_text("{")
    done = opened.incident("status")
    assert "cannot be read" in done.out
    assert done.code == Exit.FINDINGS


def test_a_person_attests_rows_and_steps(opened: Attacked) -> None:
    step = opened.row("npm sessions")["number"].partition(".")[0]
    done = opened.incident("attest", step, "1", "--how", "signed out on the page")
    assert done.code == Exit.CLEAN
    assert "npm sessions: attested by " in done.out
    row = opened.row("npm sessions")
    assert (row["state"], row["why"]) == ("attested", "thorn: signed out on the page")
    assert opened.told()["next"] == "2"
    again = opened.incident("attest", step, "--how", "x")
    assert (again.code, f"nothing of step {step} is pending" in again.err) == (Exit.USAGE, True)
    # Of several, what is done already is passed over: the page's steps can be named in a row.
    freezes = opened.row("Open an incident")
    assert freezes["state"] == "proven"
    both = opened.incident("attest", freezes["number"], step, "2", "--how", "called hazel")
    assert both.code == Exit.CLEAN
    assert "is proven: it is this incident" in both.err
    assert f"nothing of step {step} is pending" in both.err
    assert opened.row("Call someone")["state"] == "attested"
    shown = opened.incident("status", "--full").out
    assert "Attested: a person says so" in shown
    assert "signed out on the page at 2" in shown


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("attest",), "name the rows, like 4.2"),
        (("attest", "99", "--how", "x"), "there is no row '99'"),
        (("attest", "1"), "say by --how what was done"),
        (("attest", "1", "--how", "WHAT YOU DID"), "say by --how what was done"),
        (("attest", "1", "--how", "ghp_CANARY" + "0" * 30), "looks like a token"),
        (("attest", "1", "--how", "x" * 501), "500 characters at most"),
        (("status", "-f", "sarif"), "--format takes one of: table, markdown, json"),
    ],
)
def test_bad_input_is_refused(tried: Command, arguments: tuple[str, ...], words: str) -> None:
    done = tried("incident", *arguments, "--demo")
    assert done.code == Exit.USAGE
    assert words in done.err


def test_what_was_frozen_and_changed_is_not_shown(opened: Attacked) -> None:
    report = opened.folder / "report.json"
    text = report.read_text()
    report.write_text(text.replace("mallow", "mellow"))
    done = opened.incident("status")
    assert done.code == Exit.USAGE
    assert "was changed after the incident was opened" in done.err
    report.write_text(text)
    assert opened.incident("status").code == Exit.FINDINGS
