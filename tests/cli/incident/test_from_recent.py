"""The first hour: from `recent` to an incident and its first containing command."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from hardenme.ground.exit_code import Exit
from tests.cli.command import Command
from tests.cli.incident.test_opening import folder_of
from tests.cli.recent.scene import ORG, Scene, scene

pytestmark = [
    pytest.mark.second_tier("whole runs of an attacked organization"),
    pytest.mark.sampled(4),
]

DAYS = timedelta(hours=48)


@pytest.fixture
def broken_into(command: Command, present: datetime) -> Iterator[Scene]:
    with scene(command, present) as found:
        yield found


def test_recent_alone_opens_an_incident_that_begins_with_what_it_marked(
    broken_into: Scene,
) -> None:
    screen = broken_into.run("recent", ORG).out.splitlines()
    first, opening = (line.partition(" ")[2].strip() for line in screen[-2:])
    done = broken_into.command(*opening.split()[1:])
    assert done.code == Exit.CLEAN
    assert "look like an attack" in done.out
    assert " ago" in done.out
    narrow = broken_into.command("incident", "status", COLUMNS="80").out
    lines = narrow.splitlines()
    assert len(lines) <= 24
    assert first in lines
    assert re.match(r"Next: 5[.]\d+ workflow release[.]yml", lines[2])
    # Each sign stands there, in the order of `recent`, before any other step.
    told = json.loads(broken_into.command("incident", "status", "-f", "json").out)
    lately = [one for one in told["rows"] if (one["lately"] or "").startswith("! ")]
    acted = [one for one in lately if one["lately"].startswith("! acted ")]
    signs = [one for one in lately if one not in acted]
    # Who made them keeps no access: `recent` names the same accounts.
    pattern = r"^(?:ACCOUNT)? +(\S+) made [\d,]+ of these"
    named = re.findall(pattern, "\n".join(screen), re.MULTILINE)
    assert [one["text"] for one in acted] == [
        f"account {one}: every access that it has" for one in named
    ]
    assert named
    assert all(re.search(r"person \S+ .*--stolen", one["commands"][0]) for one in acted)
    marked = [line for line in screen if re.match(r" ?\d+  \d\d [A-Z]", line)]
    assert len(signs) == len(marked) > 3
    assert all(
        f"{one['number']}  ! " in narrow or f"Next: {one['number']} " in narrow for one in signs
    )
    flat = " ".join(narrow.split())
    order = [flat.index(one["text"]) for one in signs if one["number"] != told["next"]]
    stopped = " ".join(" ".join(screen).split())
    wanted = [
        stopped.index(one["text"].partition(" in ")[0])
        for one in signs
        if one["number"] != told["next"]
    ]
    assert sorted(range(len(order)), key=order.__getitem__) == sorted(
        range(len(wanted)), key=wanted.__getitem__
    )


def test_nobody_who_came_or_acted_lately_is_called(broken_into: Scene, present: datetime) -> None:
    owners = {name for name, role in organization(broken_into).items() if role == "admin"}
    broken_into.check_before(present, 2 * DAYS, ORG, "--depth", "standard")
    organization(broken_into)["birch"] = "admin"
    broken_into.run("recent", ORG, "--depth", "standard")
    assert broken_into.command("incident", "open", "night", "--from", "recent").code == Exit.CLEAN
    page = (folder_of(broken_into.command, "night") / "runbook.md").read_text().replace("\\", "")
    call = page[page.index("Call someone") : page.index("Open an incident")]
    listed, said = re.search(r"cedar-labs on GitHub: (.*) \(owners\)", call), "Do not call"
    assert listed is not None
    assert set(listed[1].split(", ")) == owners - {"linden"}
    note = next(line for line in call.splitlines() if said in line)
    assert "birch" in note
    assert "maple" in note


def organization(broken_into: Scene) -> dict[str, str]:
    (found,) = (one for one in broken_into.github.world.organizations if one.login == "cedar-labs")
    members: dict[str, str] = found.members  # type: ignore[assignment]
    return members


def test_without_any_run_it_says_which_command_makes_one(command: Command) -> None:
    done = command("incident", "open", "night", "--from", "recent")
    assert (done.code, "Run `hardenme recent` first" in done.err) == (Exit.USAGE, True)
    done = command("incident", "open", "night")
    assert "`hardenme check`" in done.err
