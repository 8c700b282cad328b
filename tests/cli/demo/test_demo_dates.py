"""While an incident of the demo is open, the dates of its accounts do not move with the clock."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from hardenme.ground.exit_code import Exit
from tests.cli.command import Command
from tests.moment import NOW

pytestmark = pytest.mark.second_tier("several runs of the demo")
LATER = (timedelta(minutes=1), timedelta(hours=1), timedelta(days=1))


def at(command: Command, age: timedelta, *words: str) -> Any:
    """Run a command of the demo so long after the incident was opened."""
    command.now = NOW + age
    ran = command(*words)
    assert ran.code in {Exit.CLEAN, Exit.FINDINGS, Exit.UNKNOWN}, ran.err
    return json.loads(ran.out)


def opened(command: Command, *first: str) -> None:
    """Open an incident of what a command of the demo showed."""
    command.now = NOW
    command(*first)
    assert command("incident", "open", "night", "--demo").code == Exit.CLEAN


def rows(command: Command, age: timedelta) -> list[dict[str, Any]]:
    """The rows of the incident after a run of the demo at that time."""
    at(command, age, "demo", "-f", "json")
    found = at(command, age + timedelta(seconds=9), "incident", "status", "--demo", "-f", "json")
    rows: list[dict[str, Any]] = found["rows"]
    return rows


def test_a_run_at_any_later_time_shows_the_same_rows(command: Command) -> None:
    opened(command, "recent", "--demo")
    told = [{one["text"]: one["state"] for one in rows(command, age)} for age in LATER]
    assert told[0] == told[1] == told[2]
    last = rows(command, LATER[-1])
    assert [one for one in last if "another repository" in json.dumps(one)] == []
    # What a run adds to a text in brackets, like who added a key, does not make it another one.
    names = Counter(re.sub(r" \([^)]*\)$", "", one["text"]) for one in last)
    keys = {name: many for name, many in names.items() if re.search(r"\bkey ", name)}
    assert "deploy key build-mirror of mallow/ladle" in keys
    assert {name for name, many in keys.items() if many > 1} == set()


def created(document: Any) -> dict[str, str]:
    """When each repository was created."""
    items = (one for place in document["inventory"] for one in place["items"])
    return {
        one["subject"]: one["state"]["created_at"] for one in items if one["kind"] == "repository"
    }


def test_dates_move_with_the_clock_until_an_incident_is_opened_and_after_it(
    command: Command,
) -> None:
    first = created(at(command, timedelta(), "demo", "-f", "json"))
    moved = created(at(command, LATER[1], "demo", "-f", "json"))
    assert first.keys() == moved.keys()
    assert all(first[one] < moved[one] for one in first)
    assert command("incident", "open", "night", "--demo").code == Exit.CLEAN
    kept = created(at(command, LATER[2], "demo", "-f", "json"))
    assert kept == moved
    other = [created(at(command, age, "demo", "--hardened", "-f", "json")) for age in LATER[1:]]
    assert all(other[0][one] < other[1][one] for one in other[0])
