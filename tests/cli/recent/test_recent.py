"""`hardenme recent`: all that was planted is named, nothing older is, and no gap is silent."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import pytest

from hardenme.cli.stored.lately import order_of, with_lately
from hardenme.derive.recent import recent
from hardenme.derive.recent.sources import SOURCES
from hardenme.derive.recent.unseen import EARLIER
from hardenme.ground.exit_code import Exit
from hardenme.reports import pieces
from hardenme.reports.plain import counted, timestamp
from hardenme.sandbox.github.world import Token
from hardenme.sandbox.http import Reply
from tests.cli.calls import calls_of
from tests.cli.command import Command
from tests.cli.recent.scene import ORG, Scene, scene
from tests.gh.stand_in import run as gh
from tests.lately import WINDOW, lately
from tests.worlds.intrusion import BUSY

pytestmark = [
    pytest.mark.second_tier("whole runs of an attacked organization"),
    pytest.mark.sampled(16),
]

DAYS = timedelta(hours=48)
OWN = {"SSH key", "SSH signing key", "GPG key"}
"""What is the owner's, and no organization's."""
OF_PUSHES = {"push", "workflow run", "changed workflow"}
"""What `check` does not ask."""


@pytest.fixture
def broken_into(command: Command, present: datetime) -> Iterator[Scene]:
    with scene(command, present) as found:
        yield found


@pytest.fixture
def busy(command: Command, present: datetime) -> Iterator[Scene]:
    """The same with more than the work of a few, for what is counted."""
    with scene(command, present, repositories=BUSY + 2) as found:
        yield found


def gaps(told: Any) -> dict[str, str]:
    return {one["source"]: one["needed"] for one in told["not_looked_at"]}


@pytest.mark.second_tier("three whole runs; each mark has unit tests")
def test_all_that_was_planted_is_named_and_nothing_older(busy: Scene) -> None:
    told = busy.json("me", ORG, "--depth", "standard")
    events = {(one["kind"], one["at"]): one for one in told["events"]}
    for plant in busy.planted.planted:
        event = events[plant.kind, timestamp(plant.at)]
        assert bool(event["marks"]) is plant.marked, event
    assert told["events"] == sorted(told["events"], key=lambda one: one["at"], reverse=True)
    assert all(told["since"] <= one["at"] <= told["until"] for one in told["events"])
    text = str(told["events"])
    assert not [name for name in busy.planted.older if name in text]
    # Pushes, merges and runs of every day are counted and not listed.
    assert len(told["events"]) == len(busy.planted.planted)
    assert told["ordinary"]["pushes"] > 90 < told["ordinary"]["runs"] + 10
    assert told["ordinary"]["repositories"] == BUSY


def test_who_did_it_stands_where_an_answer_shows_it(broken_into: Scene) -> None:
    events = broken_into.json(ORG, "--depth", "standard")["events"]
    by = {one["kind"]: one["by"] for one in events}
    assert by["deploy key"] == by["changed workflow"] == by["push"] == "maple"
    assert by["webhook"] is by["secret"] is by["branch ruleset"] is None


def test_a_shallow_run_asks_three_requests_more_for_each_repository_pushed_to(
    busy: Scene,
) -> None:
    counts = []
    for name in ("check", "recent"):
        busy.github.requests.clear()
        local = ("--no-local",) if name == "check" else ()
        busy.run(name, ORG, *local, "--depth", "fast")
        counts.append(len(busy.github.requests))
    shallow, lately = counts
    # The thief's public repository is new: no push changed its default branch, so that there are
    # no files to compare.
    # The organization's variables, runners, teams and members' repositories take one each.
    assert lately - shallow == 3 * BUSY + 2 + 4


def test_what_was_not_looked_at_stands_there_with_what_it_takes(broken_into: Scene) -> None:
    told = gaps(broken_into.json(ORG))
    for source in ("webhooks", "secrets", "environments"):
        assert told[source] == "run with --depth standard"
    assert told["secrets of environments"] == "run with --depth deep"
    token = broken_into.github.world.token(broken_into.planted.token)
    assert token is not None
    token.scopes = frozenset({"repo"})
    less = gaps(broken_into.json(ORG))
    for source in ("installed apps", "invitations", "secrets", "webhooks", "runner groups"):
        assert source in less
    assert "admin:org_hook" in " ".join(less.values())


def test_one_screen_holds_it(broken_into: Scene) -> None:
    done = broken_into.run("recent", ORG)
    lines = done.out.splitlines()
    assert done.code == Exit.FINDINGS
    assert len(lines) <= 40
    # A command is whole, and a terminal breaks it.
    assert max(len(line) for line in lines if " gh api " not in line) <= 100
    assert lines[2].startswith("LOOK NOW")
    assert any(line.startswith("NOT LOOKED AT") for line in lines)
    assert any(line.startswith("NO DATE") for line in lines)
    marked = [line for line in lines if re.match(r" ?\d+  \d\d [A-Z]", line)]
    assert len(marked) == sum(p.marked and not p.standard for p in broken_into.planted.planted) - 1
    assert lines[-2].startswith("FIRST     gh api ")
    assert re.fullmatch(r"NEXT      hardenme incident open [\w-]+ --from recent", lines[-1])
    assert lines[3] == ""
    narrow = broken_into.command(
        "recent",
        *broken_into.urls,
        ORG,
        HARDENME_GITHUB_TOKEN=broken_into.planted.token,
        COLUMNS="80",
    )
    assert len(narrow.out.splitlines()) <= 60
    # The first command that contains it is on the last screen of a terminal of 24 lines, too.
    assert lines[-2] in narrow.out.splitlines()[-24:]


def test_its_commands_undo_it(broken_into: Scene, present: datetime) -> None:
    rules = broken_into.github.world.repositories[0].rulesets[-1]
    changed, rules.enforcement = rules.updated_at, "active"
    rules.updated_at = rules.created_at
    broken_into.check_before(present, 2 * DAYS, "me", ORG, "--depth", "standard")
    rules.updated_at, rules.enforcement = changed, "disabled"
    told = broken_into.json("me", ORG, "--depth", "standard")
    token = broken_into.github.world.token(broken_into.planted.token)
    assert token is not None
    token.scopes |= {"admin:org", "admin:org_hook", "admin:public_key", "admin:gpg_key"}
    commands = [words for one in told["events"] for words in calls_of(one["undo"] or "")]
    assert len(commands) >= 11
    full = broken_into.run("recent", "me", ORG, "--depth", "standard", "--full").out
    stops = re.findall(r"gh api .*-X PUT \S+/disable", full)
    assert len(stops) == 2
    commands = [*map(str.split, stops), *commands]
    for words in commands:
        done = gh(words[1:], broken_into.github.url, broken_into.planted.token)
        assert done.code == 0, (words, done.error)
    left = broken_into.json("me", ORG, "--depth", "standard")["events"]
    # What no command undoes: history, an app, which is uninstalled on its page, an environment,
    # whose secrets would be lost, and the value of a secret, which whoever knows it sets anew.
    rest = [one for one in left if "changed" not in one["text"]]
    assert {one["kind"] for one in rest} <= {
        *("push", "changed workflow", "workflow run", "newest release", "app", "repository"),
        "environment",
    }
    marks = [mark for one in left for mark in one["marks"]]
    assert not [mark for mark in marks if "public" in mark or "in force" in mark]


def test_commands_name_the_host_in_use(broken_into: Scene) -> None:
    undone = [one["undo"] for one in broken_into.json(ORG)["events"] if one["undo"]]
    assert all(command.startswith("gh api --hostname 127.0.0.1 ") for command in undone)


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("since", "least", "most"), [("10m", 0, 0), ("70m", 5, 7), ("10y", 40, 400)]
)
def test_a_window_of_any_length(busy: Scene, since: str, least: int, most: int) -> None:
    told = busy.json(ORG, "--since", since)
    assert least <= len(told["events"]) <= most
    assert all(one["at"] >= told["since"] for one in told["events"])


@pytest.mark.parametrize("since", ["soon", "0h", "-3d", "48", "1000y", ""])
def test_a_window_that_is_none_is_refused(command: Command, since: str) -> None:
    done = command("recent", f"--since={since}")
    assert done.code == Exit.USAGE
    assert "--since takes a time" in done.err


def test_the_window_ends_at_the_servers_time(broken_into: Scene, present: datetime) -> None:
    ahead = present + timedelta(hours=3)
    broken_into.github.world.now = ahead
    told = broken_into.json(ORG)
    assert told["until"] == timestamp(ahead)
    assert told["since"] == timestamp(ahead - DAYS)


def test_what_has_no_date_is_listed_and_with_a_kept_run_compared(
    broken_into: Scene, present: datetime
) -> None:
    listed = broken_into.json(ORG)["undated"]
    assert {"owner", "member", "outside collaborator"} <= {one["kind"] for one in listed}
    assert all(one["change"] is None for one in listed)
    done = broken_into.check_before(present, 2 * DAYS, ORG, "--depth", "standard")
    assert done.code in {1, 3}
    world = broken_into.github.world
    world.organizations[0].members["birch"] = "admin"
    world.organizations[0].members.pop("sorrel")
    told = broken_into.json(ORG)
    changed = {(one["change"], one["names"][0].partition(":")[0]) for one in told["undated"]}
    assert ("changed", "birch") in changed
    assert ("vanished", "sorrel") in changed
    assert told["compared_with_is_proof"]
    assert not [one for one in told["undated"] if one["kind"] == "member" and not one["change"]]
    assert "owners and members" not in gaps(told)


@pytest.mark.parametrize("ago", [timedelta(), timedelta(hours=47)])
def test_a_kept_run_of_the_window_proves_nothing(
    broken_into: Scene, present: datetime, ago: timedelta
) -> None:
    """What it saw may be what an attacker had left already."""
    before = gaps(broken_into.json(ORG))
    broken_into.check_before(present, ago, ORG, "--depth", "standard")
    told = broken_into.json(ORG)
    assert not told["compared_with_is_proof"]
    assert before.keys() <= gaps(told).keys()
    assert EARLIER.needed in gaps(told).values()
    flat = " ".join(broken_into.run("recent", ORG, "--full").out.split())
    assert "proves nothing unchanged" in flat or "No change" not in flat


def test_the_warnings_of_a_run_belong_to_what_is_shown(
    broken_into: Scene, present: datetime
) -> None:
    """A clock three days ahead would put a key of a minute ago outside the window."""
    broken_into.check_before(present, 2 * DAYS, ORG, "--depth", "standard")
    usual = broken_into.json(ORG)
    for off in (timedelta(days=3), timedelta(days=-3)):
        broken_into.command.now = present + off
        told = broken_into.json(ORG)
        out = broken_into.run("recent", ORG).out
        broken_into.command.now = None
        assert any("this machine says" in note for note in told["notes"])
        assert "this machine says" in " ".join(out.split())
        assert "the age of everything" in gaps(told)
        assert not told["compared_with_is_proof"]
        text = str(told["events"])
        assert [one["text"] for one in usual["events"] if one["text"] not in text] == []


def test_without_a_token_the_kept_run_stands_in_and_says_so(broken_into: Scene) -> None:
    broken_into.run("check", ORG, "--no-local", "--depth", "standard")
    broken_into.github.world.tokens.clear()
    done = broken_into.run("recent", ORG)
    assert done.code == Exit.FINDINGS
    assert "What this run could not read stands as the run of" in done.out
    assert "build-mirror" in done.out
    told = broken_into.json(ORG)
    assert all(one["from_stored_run"] for one in told["events"])
    assert {one["kind"] for one in told["events"]} >= {"deploy key", "webhook", "branch ruleset"}
    assert told["not_looked_at"]


def test_without_token_and_kept_run_nothing_is_called_unchanged(broken_into: Scene) -> None:
    broken_into.github.world.tokens.clear()
    done = broken_into.run("recent", ORG)
    assert done.code == Exit.UNKNOWN
    flat = " ".join(done.out.split())
    assert "Nothing was looked at, so nothing is known of what changed." in flat
    assert "none looks like an attack" not in done.out
    assert "NOT LOOKED AT  none of this counts as unchanged" in done.out


@pytest.mark.parametrize("form", ["screen", "table", "markdown", "html"])
def test_check_opens_with_what_is_marked_and_shows_no_other_count_than_recent(
    broken_into: Scene, form: str
) -> None:
    out = broken_into.run("check", ORG, "--no-local", "--depth", "fast", "-f", form).out
    flat = " ".join(unescape(re.sub("<[^>]*>", " ", out)).replace("**", "").split())
    # A check asks neither what was pushed nor what has run, so it does not say how many there are.
    told = re.search(r"(?i:look now):? The last 48 hours show signs of an attack", flat)
    assert told is not None
    # It comes before the verdict, and names what shows them.
    assert told.start() < flat.index("AT RISK")
    assert "pushes and workflow runs were not looked at" in flat
    assert "hardenme recent github:cedar-labs" in flat
    assert not re.search(r"\d+ changes? of the last", flat)
    marked = [one for one in broken_into.json(ORG)["events"] if one["marks"]]
    assert [one for one in marked if one["kind"] not in OF_PUSHES]


def test_on_the_same_run_check_and_recent_count_alike() -> None:
    report = lately()
    others = [place for place in report.inventory if place.subject.kind != "repo"]
    for places in (report.inventory, others, others[::2]):
        run = replace(report, inventory=tuple(places))
        marked = recent(run.inventory, order_of(run, WINDOW)).marked
        assert marked
        shown = "".join(pieces(with_lately(run, None), "screen"))
        number = f"LOOK NOW  {counted(len(marked), 'change')} of the last 48 hours look"
        assert (number in shown) is (places is not report.inventory)
        assert ("LOOK NOW  The last 48 hours show signs" in shown) is (number not in shown)
        assert shown.splitlines()[-1] == (
            "START     hardenme recent me github:cedar-labs: see what to stop first"
        )


def test_in_full_and_as_markdown_everything_stands(broken_into: Scene) -> None:
    for form in (("--full",), ("-f", "markdown")):
        out = broken_into.run("recent", "me", ORG, "--depth", "standard", *form).out
        flat = " ".join(out.split())
        for plant in broken_into.planted.planted:
            if plant.kind != "push":
                assert plant.name.rpartition("/")[2] in flat, plant
        assert "Not looked at" in out
        assert "gh api" in out


def test_the_printed_token_sees_all_that_it_is_for(broken_into: Scene) -> None:
    asked = ("--command", "recent", "--for", ORG, "--depth", "standard", "-f", "json")
    tokens = json.loads(broken_into.command("permissions", *asked).out)["tokens"]
    rights = next(one["rights"] for one in tokens if one["kind"] == "fine-grained")
    held = dict(one["name"].split(":") for one in rights if one["needed"])
    value = "github_pat_CANARYrecent000000000_" + "0" * 54
    broken_into.github.world.tokens.append(
        Token(value, "fine-grained", "linden", permissions=held, owner="cedar-labs")
    )
    broken_into.planted = replace(broken_into.planted, token=value)
    told = broken_into.json(ORG, "--depth", "standard")
    refused = {one["source"] for one in told["not_looked_at"] if one["reason"] == "NOT_PERMITTED"}
    # Only a GitHub App is shown the tokens of members.
    assert refused == {"members' tokens"}
    kinds = {one["kind"] for one in told["events"]}
    assert kinds >= {plant.kind for plant in broken_into.planted.planted} - OWN


def test_a_session_that_is_revoked_in_the_middle_leaves_gaps(broken_into: Scene) -> None:
    broken_into.run("check", ORG, "--no-local", "--depth", "standard")
    refused = Reply(401, {"message": "Bad credentials"})
    broken_into.github.fault(".*", edit=lambda _request, _reply: refused, after=25)
    done = broken_into.run("recent", ORG)
    assert done.code == Exit.FINDINGS
    flat = " ".join(done.out.split())
    assert "What this run could not read stands as the run of" in flat
    assert "did not go to its end: the github credential was rejected" in flat
    assert broken_into.json(ORG)["not_looked_at"]


def test_a_refused_token_is_the_first_sentence(broken_into: Scene) -> None:
    refused = Reply(401, {"message": "Bad credentials"})
    broken_into.github.fault(".*", edit=lambda _request, _reply: refused)
    flat = " ".join(broken_into.run("recent", ORG).out.split())
    assert "NOT KNOWN GitHub refused the token (401). Nothing was checked." in flat


@pytest.mark.second_tier("a run for each right")
def test_each_right_that_is_missing_is_a_gap_and_never_silence(broken_into: Scene) -> None:
    """Whatever is taken from the token: what is not told is named."""
    whole = broken_into.json(ORG, "--depth", "standard")
    kinds = {one["kind"] for one in whole["events"]}
    token = broken_into.github.world.token(broken_into.planted.token)
    assert token is not None
    held = token.scopes
    for scope in sorted(held):
        token.scopes = held - {scope}
        less = broken_into.json(ORG, "--depth", "standard")
        lost = kinds - {one["kind"] for one in less["events"]}
        named = {one["source"] for one in less["not_looked_at"]}
        for kind in lost:
            plurals = {one.plural for one in SOURCES if one.kind == kind}
            assert plurals & named, (scope, kind)


def test_what_is_not_there_is_never_called_clean(broken_into: Scene) -> None:
    done = broken_into.run("recent", "github:nobody-there")
    assert done.code == Exit.NOTHING_MATCHED
    assert "Nothing was looked at, so nothing is known of what changed." in done.out
    assert "everything of github:nobody-there" in done.out
    assert "CLEAN" not in done.out
    both = broken_into.json(ORG, "github:nobody-there")["not_looked_at"]
    assert [one["source"] for one in both if one["reason"] == "NOT_VISIBLE"] == ["everything"]


def test_without_sight_nothing_is_said_to_be_as_it_was(
    broken_into: Scene, present: datetime
) -> None:
    broken_into.check_before(present, 2 * DAYS, ORG, "--depth", "standard")
    broken_into.github.world.tokens.clear()
    flat = " ".join(broken_into.run("recent", ORG).out.split())
    assert "in what was read; not all of it was" in flat
    assert "nothing changed since" not in flat


def test_this_machine_has_no_dates(command: Command) -> None:
    done = command("recent", "local")
    assert done.code == Exit.USAGE
    assert "hardenme check local" in done.err


def test_the_own_section_is_there_within_seconds(broken_into: Scene) -> None:
    """48 answers of 50 ms are 2.4 s, were each asked for after the one before."""
    broken_into.npm_token = broken_into.npm.world.token("mallow")
    told = broken_into.json("me")
    assert told["lists_read"]
    asked = len(broken_into.github.requests), len(broken_into.npm.requests)
    assert min(asked) > 0
    assert sum(asked) <= 48
