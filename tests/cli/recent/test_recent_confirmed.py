"""`attest` ends a line of `recent` that asks to be confirmed: exactly its changes, for a time."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from hardenme.ground.exit_code import Exit
from hardenme.sandbox.github.state.connected import App, Installation
from hardenme.sandbox.github.world import DeployKey, Environment, Token
from tests.cli.command import Command, Ran
from tests.cli.recent.scene import ORG, Scene, calm
from tests.printed import printed
from tests.worlds.intrusion import KEY, SCOPES, THIEF

pytestmark = [pytest.mark.second_tier("whole runs before and after"), pytest.mark.sampled(16)]

HOUR = timedelta(hours=1)
ASKED = (ORG, "--depth", "standard")
"""Who added a deploy key is shown at this depth."""
KNOWN = "confirmed by linden on"


@pytest.fixture
def quiet(command: Command, present: datetime) -> Iterator[Scene]:
    """An organization in which nothing is to be confirmed but a deploy key that maple added."""
    with calm(command, present) as found:
        plant_key(found, 1, present - HOUR)
        yield found


def plant_key(found: Scene, number: int, at: datetime, *, by: str = THIEF, **more: Any) -> None:
    key = DeployKey(90_000 + number, f"mirror-{number}", KEY, at, added_by=by, **more)
    found.planted.world.repositories[0].deploy_keys.append(key)


def attest(found: Scene, command: str, *options: str) -> Ran:
    words = shlex.split(command)
    assert words[:2] == ["hardenme", "attest"]
    return found.command(*words[1:], *options)


def confirm_all(found: Scene, *options: str) -> list[Any]:
    lines: list[Any] = found.json(*ASKED)["to_confirm_by"]
    for one in lines:
        done = attest(found, one["command"], "--yes", *options)
        assert done.code == Exit.CLEAN, done.err
        for text in one["changes"]:
            assert text in done.out
    return lines


def test_the_printed_command_ends_the_line_and_says_so(quiet: Scene) -> None:
    before = quiet.run("recent", *ASKED)
    (line,) = quiet.json(*ASKED)["to_confirm_by"]
    assert line["actor"] == THIEF
    assert "CONFIRM" in before.out
    assert f"    {line['command']}\n" in before.out
    assert line["command"] in quiet.run("recent", *ASKED, "--full").out
    confirm_all(quiet)
    after = quiet.run("recent", *ASKED)
    told = quiet.json(*ASKED)
    assert "CONFIRM" not in after.out
    assert f"1 {KNOWN}" in " ".join(after.out.split())
    assert "mirror-1" in after.out
    assert (told["to_confirm"], told["confirmed"], told["to_confirm_by"]) == (0, 1, [])
    (event,) = told["events"]
    assert event["confirm"]
    assert event["confirmed"].startswith("linden on")
    assert KNOWN in " ".join(quiet.run("recent", *ASKED, "--full").out.split())


def test_the_exit_code_is_of_what_remains(quiet: Scene) -> None:
    assert quiet.json(*ASKED)["verdict"] == "CONFIRM"
    confirm_all(quiet)
    # What was not looked at was not looked at before, either.
    assert quiet.json(*ASKED)["verdict"] == "NOT KNOWN"
    assert quiet.run("recent", *ASKED).code == Exit.UNKNOWN


def _another_key(found: Scene, now: datetime) -> None:
    plant_key(found, 2, now - timedelta(minutes=30))


def _same_second(found: Scene, now: datetime) -> None:
    plant_key(found, 3, now - HOUR)


def _can_push_now(found: Scene, _now: datetime) -> None:
    keys = found.planted.world.repositories[0].deploy_keys
    keys[0] = replace(keys[0], read_only=False)


def _made_again(found: Scene, _now: datetime) -> None:
    keys = found.planted.world.repositories[0].deploy_keys
    keys[0] = replace(keys[0], id=keys[0].id + 7)


def _later(found: Scene, now: datetime) -> None:
    keys = found.planted.world.repositories[0].deploy_keys
    keys[0] = replace(keys[0], created_at=now - timedelta(minutes=3))


def _renamed(found: Scene, _now: datetime) -> None:
    keys = found.planted.world.repositories[0].deploy_keys
    keys[0] = replace(keys[0], title="something else")


def _by_another(found: Scene, _now: datetime) -> None:
    keys = found.planted.world.repositories[0].deploy_keys
    keys[0] = replace(keys[0], added_by="birch")


@pytest.mark.parametrize(
    "changed",
    [_another_key, _same_second, _can_push_now, _made_again, _later, _renamed, _by_another],
)
def test_another_change_or_a_changed_one_brings_the_line_back(
    quiet: Scene, present: datetime, changed: Any
) -> None:
    (before,) = confirm_all(quiet)
    changed(quiet, present)
    told = quiet.json(*ASKED)
    assert told["to_confirm"] == 1
    (line,) = told["to_confirm_by"]
    assert line["id"] != before["id"]
    assert len(line["changes"]) == 1


def test_a_line_that_lost_a_change_stays_confirmed(quiet: Scene, present: datetime) -> None:
    """The window moves on: what is left of a line was confirmed with the rest."""
    plant_key(quiet, 2, present - 3 * HOUR)
    (line,) = confirm_all(quiet)
    assert len(line["changes"]) == 2
    told = quiet.json(*ASKED, "--since", "2h")
    assert (len(told["events"]), told["to_confirm"], told["confirmed"]) == (1, 0, 1)


def test_what_looks_like_an_attack_stays_so(quiet: Scene, present: datetime) -> None:
    """A series of ways in within minutes is a sign, whatever of it was confirmed."""
    confirm_all(quiet)
    world = quiet.planted.world
    app = App(82_002, "notes-sync", THIEF)
    world.apps.append(app)
    at = present - HOUR + timedelta(minutes=2)
    world.organizations[0].connected.installations.append(
        Installation(82_003, app, at, {"contents": "write"})
    )
    told = quiet.json(*ASKED)
    assert told["verdict"] == "LOOK NOW"
    assert told["marked"] == 2
    assert told["confirmed"] == 0
    assert quiet.run("recent", *ASKED).code == Exit.FINDINGS


def test_what_only_the_time_of_its_change_shows_is_another_change(
    quiet: Scene, present: datetime
) -> None:
    where = quiet.planted.world.repositories[0].environments
    made, changed = present - timedelta(days=90), present - HOUR
    where.append(Environment(81_004, "npm", made, changed))
    (line,) = (one for one in quiet.json(*ASKED)["to_confirm_by"] if one["actor"] is None)
    assert attest(quiet, line["command"], "--yes").code == Exit.CLEAN
    assert not [one for one in quiet.json(*ASKED)["to_confirm_by"] if one["actor"] is None]
    where[0] = replace(where[0], updated_at=present - timedelta(minutes=2))
    (again,) = (one for one in quiet.json(*ASKED)["to_confirm_by"] if one["actor"] is None)
    assert again["id"] != line["id"]


def test_it_expires_and_can_be_withdrawn(quiet: Scene, present: datetime) -> None:
    confirm_all(quiet, "--days", "1")
    assert quiet.json(*ASKED)["to_confirm"] == 0
    listed = printed("answers", quiet.command("attest", "--list", "-f", "json").out)["answers"]
    (said,) = listed
    assert "mirror-1" in said["question"]
    assert said["state"] == "counts"
    assert "mirror-1" in quiet.command("attest", "--list").out
    quiet.command.now = present + timedelta(days=1, minutes=1)
    try:
        assert quiet.json(*ASKED)["to_confirm"] == 1
    finally:
        quiet.command.now = None
    assert quiet.json(*ASKED)["to_confirm"] == 0
    done = quiet.command("attest", "--withdraw", said["code"])
    assert done.code == Exit.CLEAN
    assert quiet.json(*ASKED)["to_confirm"] == 1
    assert quiet.command("attest", "--withdraw", said["code"]).code == Exit.USAGE


def test_an_answer_of_another_account_does_not_count(quiet: Scene) -> None:
    confirm_all(quiet)
    value = "ghp_CANARYalder000000000000000000000000000"
    world = quiet.planted.world
    world.tokens.append(Token(value, "classic", "alder", SCOPES, expires_at=None))
    quiet.planted = replace(quiet.planted, token=value)
    told = quiet.json(*ASKED)
    assert told["to_confirm"] == 1
    assert told["to_confirm_by"][0]["account"].startswith("github:alder")


def test_without_a_known_account_there_is_no_command(quiet: Scene) -> None:
    quiet.run("check", *ASKED, "--no-local")
    quiet.planted.world.tokens.clear()
    told = quiet.json(*ASKED)
    assert told["to_confirm"] == 1
    assert told["to_confirm_by"][0]["command"] is None


def test_a_damaged_record_confirms_nothing(quiet: Scene) -> None:
    confirm_all(quiet)
    (record,) = quiet.command.home.rglob("attestations.jsonl")
    record.write_text(record.read_text().replace("mirror-1", "mirror-9"))
    told = quiet.json(*ASKED)
    assert told["to_confirm"] == 1
    assert any("no statement counts" in one for one in told["notes"])


def test_no_is_not_recorded_and_neither_is_what_nobody_was_asked(quiet: Scene) -> None:
    (line,) = quiet.json(*ASKED)["to_confirm_by"]
    done = attest(quiet, line["command"], "--no")
    assert done.code == Exit.NOTHING_MATCHED
    assert "hardenme incident open" in " ".join(done.err.split())
    done = attest(quiet, line["command"])
    assert done.code == Exit.USAGE
    assert "--yes or --no" in done.err
    assert quiet.json(*ASKED)["to_confirm"] == 1


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("recent-0123456789ab", "--yes"), Exit.NOTHING_MATCHED),
        (("recent-", "--yes"), Exit.NOTHING_MATCHED),
        (("LINE", "github:cedar-labs", "--yes"), Exit.USAGE),
        (("LINE", "--yes", "--days", "181"), Exit.USAGE),
        (("LINE", "--yes", "--account", "alder"), Exit.USAGE),
    ],
)
def test_what_names_no_line_is_refused(
    quiet: Scene, arguments: tuple[str, ...], code: Exit
) -> None:
    (line,) = quiet.json(*ASKED)["to_confirm_by"]
    words = [line["id"] if one == "LINE" else one for one in arguments]
    assert quiet.command("attest", *words).code == code
    assert quiet.json(*ASKED)["to_confirm"] == 1


def test_a_change_without_a_time_is_covered_until_it_comes_a_second_time(
    quiet: Scene, present: datetime
) -> None:
    """Removed after the answer and there again: a kept run in between shows the second one."""
    members = quiet.planted.world.organizations[0].members
    quiet.planted.world.repositories[0].deploy_keys.clear()
    quiet.check_before(present, timedelta(days=6), *ASKED)
    members["birch"] = "admin"
    lines = confirm_all(quiet)
    assert any("birch" in text for one in lines for text in one["changes"])
    assert quiet.json(*ASKED)["to_confirm"] == 0
    members["birch"] = "member"
    later = present + timedelta(days=1)
    quiet.check_before(later, timedelta(), *ASKED)
    members["birch"] = "admin"
    quiet.command.now = quiet.github.world.now = later + timedelta(days=3)
    try:
        told = quiet.json(*ASKED)
    finally:
        quiet.command.now, quiet.github.world.now = None, present
    assert told["compared_with_is_proof"]
    assert told["to_confirm"] >= 1
    assert any("birch" in text for one in told["to_confirm_by"] for text in one["changes"])


def test_the_demo_prints_no_command_that_finds_nothing(quiet: Scene) -> None:
    out = quiet.command("recent", "--demo").out
    assert "CONFIRM" in out
    assert "attest recent-" not in out
