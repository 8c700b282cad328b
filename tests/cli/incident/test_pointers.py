"""Who is told of an attack is told how to open an incident, and that one is open."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardenme.cli.stored.incidents import proposed
from hardenme.ground.exit_code import Exit
from hardenme.store.incidents import NAME
from tests.cli.command import Command, Ran
from tests.cli.conftest import Accounts
from tests.cli.recent.scene import ORG, scene
from tests.cli.watch.test_watch import SOON, Post, post_of
from tests.delivery.receiving import hook

pytestmark = pytest.mark.sampled(10)

__all__ = ["post_of"]
OPEN = (
    "if no one meant this: `hardenme check npm:@replay/axle`, then"
    " `hardenme incident open 2026-03-31-axle`"
)
IS_OPEN = re.compile(r"an incident is open: `hardenme incident status` \(since `?\S+Z`?\)")
FEW = ("--select", "NPT")


@pytest.fixture
def alarm(post_of: object) -> Post:
    assert callable(post_of)
    post: Post = post_of("axios")
    post.at(post.incident.attack_at + SOON)
    return post


def check(accounts: Accounts, *arguments: str) -> Ran:
    return accounts.screen(*FEW, *arguments, **accounts.tokens)


def incidents(command: Command, name: str = "incidents") -> Path:
    return command.home / ".local" / "state" / "hardenme" / name


def test_a_watch_ends_with_the_command(alarm: Post) -> None:
    assert alarm.watch().out.splitlines()[-1] == OPEN
    assert alarm.watch("--quiet").out.splitlines()[-1] == OPEN
    assert json.loads(alarm.watch("-f", "json").out)["warnings"] == [OPEN]
    # A line for each release, and no other.
    assert "incident" not in alarm.watch("--lines").out
    alarm.at(alarm.incident.calm_at)
    assert "incident" not in alarm.watch("--once").out


def test_so_does_what_a_watch_sends(alarm: Post) -> None:
    alarm.at(alarm.incident.calm_at)
    alarm.watch("--once")
    alarm.at(alarm.incident.attack_at + SOON)
    with hook() as sink:
        assert OPEN in alarm.watch("--once", HARDENME_NOTIFY=sink.address()).out
        (sent,) = sink.taken
    assert "hardenme incident open 2026-03-31-axle" in sent["message"]


def test_recent_ends_with_the_command(command: Command, present: datetime) -> None:
    with scene(command, present) as broken_into:
        named = f"hardenme incident open {present:%Y-%m-%d}-"
        # Where its run is not kept, a check has to be.
        command.environ["CI"] = "true"
        told = broken_into.json(ORG)["next"]
        assert f": `hardenme check {ORG}`, then `{named}" in told
        del command.environ["CI"]
        last = broken_into.run("recent", ORG).out.splitlines()[-1]
        opening = last.removeprefix("NEXT      ")
        assert opening.startswith(named)
        assert opening.endswith("--from recent")
        assert command(*opening.split()[1:]).code == Exit.CLEAN
        told = broken_into.run("recent", ORG, "-f", "markdown").out
        assert IS_OPEN.search(told.splitlines()[-1].replace("An", "an"))
        # With nothing marked, too.
        assert IS_OPEN.search(broken_into.json(ORG, "--since", "10m")["next"])


def test_check_says_that_one_is_open(weak: Accounts) -> None:
    assert "incident" not in check(weak).out
    assert weak.command("incident", "open", "worm").code == Exit.CLEAN
    screen = check(weak).out
    (note,) = (line for line in screen.splitlines() if line.startswith("NOTE"))
    assert IS_OPEN.search(note)
    assert IS_OPEN.search(check(weak, "--full").out)
    assert IS_OPEN.search(json.loads(check(weak, "-f", "json").out)["warnings"][0])
    # A form that holds no notes says it beside it.
    assert IS_OPEN.search(check(weak, "-f", "sarif").err)
    assert weak.command("incident", "open", "second").code == Exit.CLEAN
    told = json.loads(check(weak, "-f", "json").out)["warnings"][0]
    assert told.startswith("2 incidents are open, the first since ")
    # What is printed runs as it is; so does what the runbook of the second one prints.
    (printed,) = re.findall(r"`hardenme (incident status[^`]*)`", told)
    assert weak.command(*printed.split()).out.startswith("incident second ")
    book = (incidents(weak.command) / "second" / "runbook.md").read_text()
    assert "`hardenme incident open" not in book
    for line in re.findall(r"`hardenme (incident (?:status|note) --name[^`]*)`", book):
        assert weak.command(*line.split(), *(["called"] * ("note" in line))).code < Exit.USAGE


def test_what_cannot_be_read_is_not_no_incident(alarm: Post) -> None:
    alarm.watch()
    folder = incidents(alarm.command)
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.symlink_to(folder)
    told = alarm.watch().out.splitlines()[-1]
    assert told == (
        "whether an incident is open is not known, since not all can be read: `hardenme incident"
        " status`"
    )
    alarm.at(alarm.incident.calm_at)
    assert "whether an incident is open is not known" in alarm.watch().out


def test_the_demo_tells_of_its_own_alone(weak: Accounts) -> None:
    def warnings() -> list[str]:
        told: list[str] = json.loads(weak.command("demo", "--hardened", "-f", "json").out)[
            "warnings"
        ]
        return [one for one in told if "hardenme incident" in one]

    check(weak)
    assert weak.command("incident", "open", "worm").code == Exit.CLEAN
    assert warnings() == []
    assert weak.command("incident", "open", "trial", "--demo").code == Exit.CLEAN
    (told,) = warnings()
    assert re.fullmatch(
        r"an incident is open: `hardenme incident status --demo` \(since \S+Z\)", told
    )
    assert IS_OPEN.search(check(weak, "--full").out)


@given(
    st.text(),
    st.datetimes(timezones=st.just(UTC)),
    st.integers(0, 3),
)
def test_a_name_that_is_proposed_can_be_opened(about: str, at: datetime, times: int) -> None:
    taken: list[str] = []
    for _ in range(times):
        taken.append(proposed(about, at, taken).upper())
    name = proposed(about, at, taken)
    assert NAME.fullmatch(name)
    assert name.lower() not in {one.lower() for one in taken}
