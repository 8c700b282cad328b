"""The demo shows one maintainer: each command with `--demo` has the same accounts and numbers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from hardenme.ground.exit_code import Exit
from hardenme.sandbox.github.scenario.stolen_session import STOLEN
from tests.cli.command import Command, Ran
from tests.cli.incident.test_opening import folder_of

pytestmark = [pytest.mark.second_tier("runs each command that has a demo"), pytest.mark.sampled(8)]
HEAD = "9 repositories, 3 members, 5 packages"


@pytest.fixture
def demo(command: Command, demonstrate: Callable[[Command], Ran]) -> Command:
    """Someone who has run `hardenme demo`."""
    demonstrate(command)
    return command


def told(command: Command, *words: str) -> Any:
    ran = command(*words, "--demo", "-f", "json")
    assert ran.code in {Exit.CLEAN, Exit.UNKNOWN}, ran.err
    return json.loads(ran.out)


def test_every_command_names_places_of_the_check(demo: Command) -> None:
    check = told(demo, "show")
    places = {one["subject"] for one in check["inventory"]}
    people = told(demo, "people")
    assert {held["place"] for one in people["holders"] for held in one["holds"]} <= places
    events = told(demo, "recent")["events"]
    assert events
    assert {one["place"] for one in events} <= places
    items = told(demo, "report")["items"]
    assert items
    assert {one["place"] for one in items} <= places


def test_numbers_are_those_of_the_check(demo: Command) -> None:
    weekly = {
        one["package"]: one["weekly"] or 0 for one in told(demo, "show")["publishing"]["packages"]
    }
    holders = told(demo, "people")["holders"]
    reached = {own["name"]: own["weekly"] for one in holders for own in one["packages"]}
    assert reached == weekly
    for words in (("people",), ("report",)):
        assert HEAD in demo(*words, "--demo").out
    page = demo("runbook", "--demo").out
    assert HEAD in page
    assert [name for name in weekly if name not in page] == []


def test_who_did_it_is_somebody_whom_the_others_show(demo: Command) -> None:
    marked = [one for one in told(demo, "recent")["events"] if one["marks"]]
    by = {one["by"] for one in marked if one["kind"] != "staged version"}
    assert by == {STOLEN}
    holders = {one["name"] for one in told(demo, "people")["holders"]}
    assert STOLEN in holders
    # An account that staged a version, and has no right to, is in no list of people.
    (staged,) = {one["by"] for one in marked} - by
    assert staged not in holders
    tasks = told(demo, "person", STOLEN, "--stolen")["tasks"]
    assert any("build-mirror" in one["text"] for one in tasks)
    changed = {one["after"]["label"] for one in told(demo, "report")["items"]}
    assert {"build-mirror", "format.yml"} <= changed


def test_nobody_whom_a_sign_names_is_called_for_help(demo: Command) -> None:
    """What the plan says of someone holds in the runbook, too, and in that of an incident."""
    plan = " ".join(demo("fix", "-f", "json", "--demo").out.split())
    named = {*re.findall(r"sign of an attack names ([\w-]+) \(step", plan)}
    assert named
    assert demo("incident", "open", "night", "--demo").code == Exit.CLEAN
    for page in (demo("runbook", "--demo").out, frozen_page(demo)):
        call = page[page.index("Call someone") : page.index("Open an incident")]
        who = re.findall(r"on (?:GitHub|npm): (.*) \((?:owners|can publish)\)", call)
        assert who
        assert named.isdisjoint(name for names in who for name in names.split(", "))
        note = next(line for line in call.splitlines() if line.startswith("Do not call"))
        assert all(name in note for name in named)


def frozen_page(demo: Command) -> str:
    """The runbook of the open incident."""
    return (folder_of(demo, "night", demo=True) / "runbook.md").read_text().replace("\\", "")


def test_what_is_counted_twice_is_counted_alike(demo: Command) -> None:
    """Each number of a screen is that of what it counts, and of each other screen with it."""
    check, recent = told(demo, "show"), told(demo, "recent")
    failed = [one for one in check["findings"] if one["outcome"] == "failed"]
    screen = demo("show", "--demo").out
    (numbers,) = re.findall(
        r"(\d+) findings: (\d+) critical, (\d+) high, (\d+) medium, (\d+) low · (\d+) unknown"
        r" · (\d+) questions",
        screen,
    )
    levels = [
        sum(one["severity"] == level for one in failed)
        for level in ("critical", "high", "medium", "low")
    ]
    others = [
        sum(one["outcome"] in outcomes for one in check["findings"])
        for outcomes in ({"unknown", "errored"}, {"manual"})
    ]
    assert [*map(int, numbers)] == [len(failed), *levels, *others]
    marked = [one for one in recent["events"] if one["marks"]]
    assert recent["marked"] == len(marked)
    of = f"{len(marked)} of {len(marked) + recent['to_confirm']} changes look like an attack"
    shown = " ".join(demo("recent", "--demo").out.split())
    assert of in shown
    # Two of the repositories that the lines below count may not exist.
    assert "2 of 11 repositories are private or gone, only the name is known: mallow" in shown
    # A check does not ask what was pushed or has run, so no screen but that of `recent` counts.
    said = "The last 48 hours show signs of an attack; pushes and workflow runs were not looked at"
    assert said in " ".join(screen.split())
    assert said in " ".join(demo("report", "--demo").out.split())
    for words in (("people",), ("person",), ("runbook",)):
        assert said in " ".join(demo(*words, "--demo").err.split()), words
    opened = demo("incident", "open", "night", "--from", "recent", "--demo").out
    assert f"{len(marked)} changes of the 48 hours before look like an attack" in opened
    reaches = {one["name"]: one["packages"] for one in check["publishing"]["reaches"]}
    for one in told(demo, "people")["holders"]:
        key = one["holds"][0]["command"] or ""
        named = f"{one['name']} ({key.rpartition(' ')[2][:8]})"
        if one["kind"] == "token" and named in reaches:
            assert [package["name"] for package in one["packages"]] == reaches[named]
    closed = {(one["code"], one["subject"]) for one in failed}
    new = [one for one in told(demo, "report")["changes"] if one["step"] == "new"]
    assert {(one["code"], one["subject"]) for one in new} <= closed


def test_a_person_of_the_demo_needs_no_name_and_no_reason(demo: Command) -> None:
    person = told(demo, "person")
    assert (person["login"], person["mode"]) == (STOLEN, "stolen")
    assert f"{len(person['tasks'])} tasks, in this order" in demo("person", "--demo").out
    assert told(demo, "person", "--leaves")["mode"] == "leaves"


def test_an_incident_of_what_is_recent_is_about_the_same_repository(demo: Command) -> None:
    last = demo("recent", "--demo").out.splitlines()[-1]
    opening = last.partition("hardenme ")[2].split()
    assert demo(*opening).code == Exit.CLEAN
    status = demo("incident", "status", "--demo", "--full").out
    assert "mallow/ladle" in status
    assert "build-mirror" in status


def test_a_run_of_the_demo_names_no_option_that_it_lacks(demo: Command) -> None:
    shown = demo("show", "--full", "--demo").out
    assert "left out as archived or by name" in shown
    assert "--archived" not in shown


def test_the_report_stores_and_sends_nothing(demo: Command) -> None:
    before = {path for path in demo.home.rglob("*") if path.is_file()}
    ran = demo("report", "--demo")
    assert ran.code == Exit.CLEAN
    assert "appeared" in ran.out
    assert {path for path in demo.home.rglob("*") if path.is_file()} == before
    for words in (("--issue", "acme/web"), ("--heartbeat", "beat"), ("--notify-file", "file")):
        refused = demo("report", "--demo", *words)
        assert (refused.code, words[0] in refused.err) == (Exit.USAGE, True)


def test_of_a_person_no_answer_is_recorded(demo: Command) -> None:
    ran = demo("person", STOLEN, "--demo", "--stolen", "--answered", "sessions")
    assert ran.code == Exit.USAGE
    assert "--answered" not in demo("person", STOLEN, "--demo", "--stolen").out


def test_the_hardened_demo_is_clean(command: Command) -> None:
    ran = command("demo", "--hardened", COLUMNS="80")
    (verdict,) = re.findall(r"^(?:CLEAN|TO FIX|NOT KNOWN|AT RISK)\b.*", ran.out, re.MULTILINE)[:1]
    assert verdict.startswith("CLEAN")
    assert "0 findings · 0 unknown · 0 questions for you" in ran.out
    assert max(map(len, ran.out.splitlines())) <= 80
    document = json.loads(command("show", "--demo", "-f", "json").out)
    assert {one["outcome"] for one in document["findings"]} == {
        *("passed", "attested", "not_applicable"),
    }
    assert document["coverage"]["known"] == document["coverage"]["asked"]


def test_each_command_has_the_accounts_and_the_depth_of_the_last_demo(command: Command) -> None:
    """After `demo --hardened` none shows the attacked accounts, or calls them less known."""
    command("demo", "--hardened")
    check = told(command, "show")
    places = {one["subject"] for one in check["inventory"]}
    head = re.search(r"^4 targets on GitHub and npm .*", command("show", "--demo").out)
    assert head is not None
    people = told(command, "people")
    assert {held["place"] for one in people["holders"] for held in one["holds"]} <= places
    assert {one["place"] for one in told(command, "recent")["events"]} <= places
    assert told(command, "report")["items"] == []
    person = told(command, "person")
    assert (person["login"], person["mode"]) == ("hazel", "stolen")
    assert person["tasks"]
    assert STOLEN not in json.dumps((people, person))
    for name in ("people", "report"):
        assert head[0] in command(name, "--demo").out
    assert re.search(r"^CLEAN\b", command("report", "--demo").out, re.MULTILINE)
