"""What an incident accounts for is said once, and never hides a version with a tag."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from hardenme.ground.exit_code import Exit
from hardenme.sandbox.npm.released import Package
from hardenme.sandbox.npm.server import npm_sandbox
from tests.cli.command import Command
from tests.moment import NOW
from tests.printed import printed
from tests.worlds import workshop

pytestmark = pytest.mark.sampled(8)

BAD = f"{workshop.PACKAGE}@1.2.0"
LOOK = "Look at the versions"
HOUR = timedelta(hours=1)


class Day:
    """A package of which a version runs a script that no other did, and who looks at it."""

    def __init__(self, command: Command, url: str, world: Any) -> None:
        self.command, self.url, self.world = command, url, world

    @property
    def package(self) -> Package:
        found: Package = self.world.packages[0]
        return found

    def check(self, token: str = workshop.SESSION, *, url: str = "") -> str:
        """The screen of a check an hour later."""
        self.command.now = self.world.now = self.world.now + HOUR
        ran = self.command(
            *("check", "me", "--no-local", "--no-cache", "--select", "REL"),
            *("--npm-registry", url or self.url),
            HARDENME_NPM_TOKEN=token,
        )
        assert ran.code in {Exit.FINDINGS, Exit.UNKNOWN, Exit.CLEAN}, ran.err
        return ran.out

    def contain(self, *, tags: dict[str, str] | None = None, deprecated: str | None = "x") -> None:
        """Move the tag back, and deprecate the version."""
        versions = self.package.versions
        versions[-1] = replace(versions[-1], deprecated=deprecated)
        self.package.dist_tags = {"latest": "1.1.0", **(tags or {})}

    def open(self) -> None:
        """Open an incident of the last run."""
        self.command.now = self.world.now = self.world.now + HOUR
        ran = self.command("incident", "open", "worm")
        assert ran.code == Exit.CLEAN, ran.err

    def attest(self, begin: str) -> None:
        """Attest the row that begins so."""
        self.command.now = self.world.now = self.world.now + HOUR
        rows = printed("incident", self.command("incident", "status", "-f", "json").out)["rows"]
        (number,) = (one["number"] for one in rows if one["text"].startswith(begin))
        ran = self.command("incident", "attest", number, "--how", "it is not ours")
        assert ran.code == Exit.CLEAN, ran.err

    def settle(self) -> None:
        """Attest all that is pending."""
        rows = printed("incident", self.command("incident", "status", "-f", "json").out)["rows"]
        numbers = [one["number"] for one in rows if one["state"] == "pending"]
        ran = self.command("incident", "attest", *numbers, "--how", "done")
        assert ran.code == Exit.CLEAN, ran.err

    def failed(self) -> set[str]:
        """The versions that fail a check of releases, as the kept run has it."""
        told = json.loads(self.command("show", "-f", "json").out)
        return {
            one["subject"]
            for one in told["findings"]
            if one["outcome"] == "failed" and one["code"] != "REL106"
        }


@pytest.fixture
def day(command: Command) -> Iterator[Day]:
    world = workshop.registry(NOW)
    package = world.packages[0]
    package.versions.append(
        replace(package.versions[-1], version="1.2.0", published_at=NOW - HOUR, commit=None,
                scripts={"postinstall": "node steal.js"}, has_install_script=True)
    )  # fmt: skip
    with npm_sandbox(world) as npm:
        command.now = NOW
        yield Day(command, npm.url, world)
        assert npm.crashes == []


def looks(screen: str) -> bool:
    """Whether the version is one of those to look at."""
    sections = [one for one in screen.split("\n\n") if one.startswith("LOOK NOW")]
    return any("1.2.0" in one for one in sections) and "accounted for" not in screen


def test_it_is_said_once_and_counted(day: Day) -> None:
    assert looks(day.check())
    day.open()
    day.contain()
    assert looks(day.check())
    day.attest(LOOK)
    screen = day.check()
    assert "LOOK NOW" not in screen
    flowing = " ".join(screen.replace("1 finding later", "").split())
    assert flowing.count(f"{BAD}: accounted for by incident worm since 2026-11-24") == 1
    assert "AT RISK" in screen
    assert "1 finding: 1 high" in screen
    assert day.failed() == {f"npm:package/{BAD}"}
    told = json.loads(day.command("show", "-f", "json").out)
    assert told["accounted"] == [
        {"subject": f"npm:package/{BAD}", "incident": "worm", "since": "2026-11-24T16:00:00Z"}
    ]
    shown = day.command("show").out.replace("1 finding later", "")
    assert "accounted for by incident worm" in " ".join(shown.split())
    plan = day.command("fix").out
    assert "npm deprecate" not in plan
    assert "until npm has removed the version" in " ".join(plan.split())


def test_its_own_row_does_as_well_and_so_does_a_closed_incident(day: Day) -> None:
    day.check()
    day.open()
    day.attest("version 1.2.0")
    # What is attested before it is contained accounts for nothing that is not.
    assert looks(day.check())
    day.attest("version 1.2.0")
    day.contain()
    assert not looks(day.check())
    day.settle()
    assert day.command("incident", "close").code == Exit.CLEAN
    screen = day.check()
    assert "LOOK NOW" not in screen
    assert "an incident is open" not in screen


@pytest.mark.parametrize(
    "left",
    [
        {"tags": {"latest": "1.2.0"}},
        {"tags": {"beta": "1.2.0"}},
        {"deprecated": None},
        {"deprecated": ""},
    ],
)
def test_a_version_with_a_tag_or_in_force_is_looked_at(day: Day, left: dict[str, Any]) -> None:
    day.check()
    day.open()
    day.contain()
    day.attest(LOOK)
    assert not looks(day.check())
    day.contain(**left)
    assert looks(day.check())
    assert looks(day.command("show").out)
    assert "accounted for" not in day.command("fix").out


def test_a_run_that_was_read_again_shows_a_tag_that_came_back(day: Day) -> None:
    day.check()
    day.open()
    day.contain()
    day.attest(LOOK)
    assert not looks(day.check())
    day.contain(tags={"beta": "1.2.0"})
    day.command.now = day.world.now = day.world.now + HOUR
    again = day.command(*("fix", "1", "--again"), HARDENME_NPM_TOKEN=workshop.SESSION)
    assert again.code in {Exit.FINDINGS, Exit.UNKNOWN, Exit.CLEAN}, again.err
    assert looks(day.command("show").out)


def test_an_incident_of_another_account_or_registry_accounts_for_nothing(day: Day) -> None:
    day.check()
    day.open()
    day.contain()
    day.attest(LOOK)
    assert looks(day.check(workshop.SECONDS_SESSION))
    with npm_sandbox(day.world) as other:
        assert looks(day.check(url=other.url))
    assert not looks(day.check())


def test_an_incident_that_does_not_name_the_version_accounts_for_nothing(day: Day) -> None:
    bad = day.package.versions.pop()
    day.check()
    day.open()
    day.package.versions.append(bad)
    day.check()
    day.settle()
    day.contain()
    assert looks(day.check())


def test_a_frozen_run_that_was_changed_accounts_for_nothing(day: Day) -> None:
    day.check()
    day.open()
    day.contain()
    day.attest(LOOK)
    folder = day.command.home / ".local" / "state" / "hardenme" / "incidents" / "worm"
    with (folder / "report.json").open("a") as file:
        file.write(" ")
    assert looks(day.check())


def test_a_shared_report_names_no_incident(day: Day) -> None:
    day.check()
    day.open()
    day.contain()
    day.attest(LOOK)
    day.check()
    shared = day.command("show", "--redact", "-f", "json")
    assert shared.code in {Exit.FINDINGS, Exit.UNKNOWN, Exit.CLEAN}, shared.err
    assert json.loads(shared.out)["accounted"] == []


def watched(day: Day, *more: str) -> tuple[int, str]:
    """The exit code and the screen of a watch an hour later."""
    day.command.now = day.world.now = day.world.now + HOUR
    ran = day.command(
        *("watch", f"npm:{workshop.PACKAGE}", "--no-cache", "--npm-registry", day.url, *more),
        HARDENME_NPM_TOKEN=workshop.SESSION,
    )
    return ran.code, ran.out


def lately(day: Day, *more: str) -> str:
    """What `recent` prints an hour later, in one line."""
    day.command.now = day.world.now = day.world.now + HOUR
    ran = day.command(
        *("recent", f"npm:{workshop.PACKAGE}", "--npm-registry", day.url, *more),
        HARDENME_NPM_TOKEN=workshop.SESSION,
    )
    return " ".join(ran.out.split())


def test_a_watch_and_recent_repeat_no_alarm_and_it_stays_failed(day: Day) -> None:
    day.check()
    day.open()
    day.contain()
    code, screen = watched(day)
    assert code == Exit.FINDINGS
    assert screen.startswith("ALERT: 1 package, 1 release unusual")
    assert "LOOK NOW 1 of 1 change looks like an attack" in lately(day)
    day.attest(LOOK)
    code, screen = watched(day)
    assert code == Exit.FINDINGS
    assert "ALERT" not in screen
    assert screen.count(f"{BAD}: accounted for by incident worm since") == 1
    assert "LOOK NOW" not in lately(day)
    assert "accounted for by incident worm since" in lately(day, "-f", "json")
    # A tag that leads to it, or another version of the same kind, is an alarm.
    day.contain(tags={"beta": "1.2.0"})
    assert watched(day)[1].startswith("ALERT: 1 package, 1 release unusual")
    assert "LOOK NOW" in lately(day)
    day.contain()
    last = day.package.versions[-1]
    again = {"postinstall": "node steal-more.js"}
    day.package.versions.append(
        replace(last, version="1.2.1", deprecated=None, scripts=again, published_at=day.world.now)
    )
    screen = watched(day)[1]
    assert screen.startswith("ALERT: 1 package, 1 release unusual")
    assert "1.2.1" in screen.splitlines()[2]
