"""`hardenme person`: after its commands, the sandboxes hold nothing of the person."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hardenme.ground.exit_code import Exit
from hardenme.sandbox.github.state.changes import Run
from hardenme.sandbox.github.state.organization import OrganizationInvitation
from hardenme.sandbox.github.world import DeployKey, Environment, RepositorySecret
from hardenme.store.attestations import RECORD
from tests.cli.calls import calls_of
from tests.cli.command import Command
from tests.cli.recent.scene import ORG, Scene, scene
from tests.gh.stand_in import run as gh
from tests.printed import printed
from tests.sandbox.test_npm_client import Client

pytestmark = [
    pytest.mark.second_tier("whole runs of a house with many people"),
    pytest.mark.sampled(16),
]

NIGHTLY = b"""on:
  schedule:
    - cron: "0 3 * * *"
permissions: {}
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - run: npm test
"""
FILE = ".github/workflows/nightly.yml"
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIC5v0v0v0v0v0v0v0v0v0v0v0v0v0v0v0v0v0v0v"
BIRCH = ("person", "birch", ORG)
STAGES = {
    "--leaves": ["ask", "move", "remove", "rotate"],
    "--stolen": ["remove", "rotate", "ask", "move"],
}


@pytest.fixture
def house(command: Command, present: datetime) -> Iterator[Scene]:
    """birch holds something of each kind, and is sorrel on npm."""
    with scene(command, present) as found:
        world = found.github.world
        then = present - timedelta(days=200)
        work, other = world.repositories[1], world.repositories[2]
        work.environments.append(Environment(6001, "production", then, then, reviewers=["birch"]))
        work.secrets.append(RepositorySecret("DEPLOY_KEY", then, then))
        work.files["CODEOWNERS"] = b"*.js @birch\ndocs/ @alder @Birch\n"
        work.files[FILE] = NIGHTLY
        work.runs.append(Run(6002, FILE, "schedule", "main", present, "birch", "Nightly"))
        other.deploy_keys.append(DeployKey(6003, "server", KEY, then, added_by="birch"))
        other.deploy_keys.append(DeployKey(6004, "not-theirs", KEY, then, added_by="alder"))
        registry = found.npm.world
        registry.users[0].remembers_otp = True
        found.npm_token = registry.token("mallow")
        yield found


def told(house: Scene, *arguments: str) -> Any:
    return printed("handover", house.run(*BIRCH, *arguments, "-f", "json").out)


def run_all(house: Scene, tasks: Any, folder: Path) -> None:
    client = Client(house.npm, folder)
    for words in (call for task in tasks for call in calls_of("\n".join(task["commands"]))):
        if words[0] == "gh":
            done = gh(words[1:], house.github.url, house.planted.token)
            assert done.code == 0, (words, done.error)
        elif words[1] != "view":
            ran = client.run(*words[1:], "--otp=000000", token=house.npm_token)
            assert ran.returncode == 0, (words, ran.stderr)


@pytest.mark.needs("npm")
def test_after_the_steps_nothing_of_the_person_is_left(house: Scene, tmp_path: Path) -> None:
    found = told(house, "npm:@acorn-labs", "me", "--npm", "sorrel", "--leaves")
    text = "\n".join(task["text"] for task in found["tasks"])
    for part in (
        "Remove sorrel as a maintainer of",
        "Remove sorrel from the organization acorn-labs on npm",
        "Remove birch from cedar-labs",
        "Replace the deploy key server of cedar-labs/bark",
        "reviewer of the environment production of cedar-labs/resin",
        "Replace @birch in CODEOWNERS of cedar-labs/resin: docs/, *.js",
        f"change the schedule in {FILE} of cedar-labs/resin",
        "DEPLOY_KEY, OLD_1 of cedar-labs/resin",
    ):
        assert part in text, part
    assert "not-theirs" not in text
    run_all(house, found["tasks"], tmp_path)
    world, registry = house.github.world, house.npm.world
    assert "birch" not in world.organizations[0].members
    assert not [r.name for r in world.repositories if "birch" in r.collaborators]
    keys = [key for repository in world.repositories for key in repository.deploy_keys]
    assert not [key.title for key in keys if key.added_by == "birch"]
    assert "not-theirs" in {key.title for key in keys}
    # A package of their own is no business of the organization's.
    ours = [one for one in registry.packages if one.name.startswith("@acorn-labs/")]
    assert "sorrel" not in {person.name for one in ours for person in one.maintainers}
    assert "sorrel" not in {n for one in registry.organizations for n in one.roster}
    # What is left to move is text and settings that name them, and what no API shows.
    again = told(house, "npm:@acorn-labs", "me", "--npm", "sorrel", "--leaves")
    assert {task["stage"] for task in again["tasks"]} == {"move", "ask"}


@pytest.mark.second_tier("whole runs for each reason")
@pytest.mark.parametrize("mode", sorted(STAGES))
def test_the_order_is_safe(house: Scene, mode: str) -> None:
    found = told(house, mode)
    stages = list(dict.fromkeys(task["stage"] for task in found["tasks"]))
    assert stages == STAGES[mode]
    asked = [task["text"] for task in found["tasks"] if task["stage"] == "ask"]
    assert any(("sign out all sessions" in text) is (mode == "--stolen") for text in asked)


def test_who_takes_over_comes_first(house: Scene) -> None:
    found = told(house, "--hands-over-to", "guest")
    first = found["tasks"][0]
    assert first["stage"] == "first"
    assert first["text"].startswith("Make guest a member of cedar-labs")
    found = told(house, "--hands-over-to", "Alder")
    moved = [task["text"] for task in found["tasks"] if task["stage"] == "move"]
    assert len(moved) == 3
    assert all("Alder" in text or "@birch" in text for text in moved)


def test_an_owner_who_takes_over_stays_an_owner(house: Scene, tmp_path: Path) -> None:
    found = told(house, "--hands-over-to", "Alder")
    assert "first" not in {task["stage"] for task in found["tasks"]}
    run_all(house, found["tasks"], tmp_path)
    assert house.github.world.organizations[0].members["alder"] == "admin"


def test_a_login_in_any_case_is_the_same_person(house: Scene) -> None:
    lists = [
        json.loads(house.run("person", login, ORG, "--leaves", "-f", "json").out)["tasks"]
        for login in ("linden", "Linden")
    ]
    texts = [[task["text"].lower() for task in tasks] for tasks in lists]
    assert texts[0] == texts[1]
    assert any(text.startswith("rotate the secrets") for text in texts[0])


@pytest.mark.needs("npm")
def test_who_is_the_last_on_npm_reads_first_whom_to_add(house: Scene, tmp_path: Path) -> None:
    registry = house.npm.world
    # An owner of the organization is no maintainer, and npm keeps the last one.
    grater = next(one for one in registry.packages if one.name == "@acorn-labs/grater")
    grater.maintainers[:] = [one for one in grater.maintainers if one.name == "mallow"]
    target = ("person", "birch", "npm:@acorn-labs", "--npm", "mallow", "--leaves", "-f", "json")
    found = json.loads(house.run(*target).out)
    texts = [task["text"] for task in found["tasks"] if task["stage"] == "first"]
    assert "mallow is the only owner of acorn-labs on npm: make someone else an owner" in texts
    alone = "mallow is the only maintainer of @acorn-labs/grater: add someone else as"
    assert any(text.startswith(alone) for text in texts)
    last = [task for task in found["tasks"] if "once it has another" in task["text"]]
    assert [task["commands"] for task in last] == [[], []]
    assert all("only npm's support" in task["needs"] for task in last)
    commands = [line for task in found["tasks"] for line in task["commands"]]
    assert not [line for line in commands if "org rm" in line or "rm mallow @acorn-labs/gr" in line]
    # Any name may exist: without one that the user gave, there is a page and no command.
    first = [task for task in found["tasks"] if task["stage"] == "first"]
    assert all(task["page"] and not task["commands"] for task in first)
    named = json.loads(house.run(*target, "--npm-successor", "sorrel").out)
    run_all(house, [task for task in named["tasks"] if task["stage"] == "first"], tmp_path)
    assert next(iter(registry.organizations)).roster["sorrel"] == "owner"
    again = json.loads(house.run(*target).out)
    assert "first" not in {task["stage"] for task in again["tasks"]}
    assert "once it has another" not in json.dumps(again)


@pytest.mark.parametrize("name", ["--registry=x", "a b", "../x", "@acorn", "x;y", ".dot", "mallow"])
def test_a_successor_on_npm_has_a_name_that_an_account_can_have(house: Scene, name: str) -> None:
    words = ("person", "birch", "npm:@acorn-labs", "--npm", "mallow", "--leaves")
    done = house.run(*words, f"--npm-successor={name}")
    assert done.code == 2
    assert "npm account" in done.err or "the same account" in done.err
    linked = house.run(*words, "--same-person", f"alder={name}", "--hands-over-to", "alder")
    assert linked.code == 2
    assert "npm owner add" not in done.out + linked.out


def test_a_successor_on_npm_is_looked_up_first_and_is_no_stranger(house: Scene) -> None:
    words = ("person", "birch", "npm:@acorn-labs", "--npm", "mallow", "--leaves", "-f", "json")
    typo = house.run(*words, "--npm-successor", "sorel")
    assert typo.code == 2
    assert "npm shows no account sorel: check the spelling of --npm-successor" in typo.err
    known = json.loads(house.run(*words, "--npm-successor", "sorrel").out)
    assert not [one for one in known["not_looked_at"] if one.startswith("who sorrel on npm is")]
    # An account of such a name exists, and is in nothing that the person held.
    registry = house.npm.world
    stranger = "sorrell"
    registry.users.append(replace(registry.users[0], name=stranger))
    found = json.loads(house.run(*words, "--npm-successor", stranger).out)
    assert [one for one in found["not_looked_at"] if one.startswith(f"who {stranger} on npm is")]


def test_a_key_of_which_nothing_shows_who_added_it_is_never_left_out(house: Scene) -> None:
    house.github.world.repositories[2].deploy_keys.append(
        DeployKey(6007, "old", KEY, house.github.world.now - timedelta(days=900), added_by=None)
    )
    gaps = told(house, "--leaves")["not_looked_at"]
    assert [one for one in gaps if one.startswith("who added") and "ask them" in one]


def test_an_outsider_is_found_in_the_organizations_own_list(house: Scene) -> None:
    # Where no repository shows its collaborators, the organization's owner sees them all.
    repository = next(one for one in house.github.world.repositories if one.name == "cone")
    assert "guest" in repository.collaborators
    found = json.loads(house.run("person", "GUEST", ORG, "--leaves", "-f", "json").out)
    (removed,) = [task for task in found["tasks"] if task["stage"] == "remove"]
    assert removed["commands"][0].endswith("orgs/cedar-labs/outside_collaborators/GUEST")


def test_the_only_owner_reads_first_whom_to_add(house: Scene) -> None:
    house.github.world.organizations[0].members["alder"] = "member"
    out = json.loads(house.run("person", "linden", ORG, "--leaves", "-f", "json").out)
    first = out["tasks"][0]
    only = "linden is the only owner of cedar-labs: make someone else an owner"
    assert first["text"].startswith(only)
    assert (first["commands"], first["page"]) == (
        [],
        f"{house.github.url}/orgs/cedar-labs/people",
    )
    named = json.loads(
        house.run("person", "linden", ORG, "--hands-over-to", "alder", "-f", "json").out
    )
    command = named["tasks"][0]["commands"][0]
    assert command.endswith("orgs/cedar-labs/memberships/alder -f role=admin")


def test_an_outsider_and_an_invitation_end_too(house: Scene, tmp_path: Path) -> None:
    world = house.github.world
    world.organizations[0].invitations.append(
        OrganizationInvitation(6005, "guest", "linden", world.now, "direct_member")
    )
    found = json.loads(house.run("person", "guest", ORG, "--leaves", "-f", "json").out)
    run_all(house, found["tasks"], tmp_path)
    assert "guest" not in {one.login for one in world.organizations[0].invitations}
    assert "guest" not in world.repositories[0].collaborators


def test_who_is_not_there_is_said(house: Scene) -> None:
    done = house.run("person", "nobody-here", ORG, "--leaves")
    assert done.code == Exit.NOTHING_MATCHED
    assert "no one with the login nobody-here was seen in github:cedar-labs" in done.err
    assert "Ask which personal access tokens" in done.out


@pytest.mark.second_tier("several whole runs")
def test_without_a_token_the_kept_run_tells(house: Scene) -> None:
    house.run("check", ORG, "--no-local", "--depth", "standard")
    house.github.world.tokens.clear()
    done = house.run("person", "birch", ORG, "--stolen")
    flat = " ".join(done.out.split())
    assert "What this run could not see is from an earlier one. Run of " in flat
    assert "Remove birch from cedar-labs" in flat
    assert done.code == Exit.UNKNOWN


def test_where_nothing_was_read_nothing_is_said_to_be_left(house: Scene) -> None:
    house.github.world.tokens.clear()
    done = house.run("person", "birch", ORG, "--leaves")
    flat = " ".join(done.out.split())
    assert "Nothing was read, so it is not known what this person holds." in flat
    assert "everything on GitHub: a token for GitHub that sees it" in flat
    assert done.code == Exit.UNKNOWN


def test_what_was_not_looked_at_stands_last(house: Scene) -> None:
    found = told(house, "--leaves")
    assert any(one.startswith("secrets of environments") for one in found["not_looked_at"])
    assert any("--depth deep" in one for one in found["not_looked_at"])


def test_a_task_list_has_boxes(house: Scene) -> None:
    out = house.run(*BIRCH, "--leaves", "-f", "markdown").out
    assert out.count("- [ ] ") >= 8
    # Who can do it is a person or a role, and not what the task needs.
    assert re.search(r"\bBy:? ", out)
    assert "Needs" not in out
    assert "gh api --hostname 127.0.0.1 -X DELETE orgs/cedar-labs/members/birch" in out


@pytest.mark.parametrize(
    "arguments",
    [
        ("birch",),
        ("birch", "--leaves", "--stolen"),
        ("birch", "--hands-over-to", "Birch"),
        ("no/login", "--leaves"),
        ("birch", "--leaves", "-f", "html"),
        ("birch", "--leaves", "--same-person", "birch"),
        ("birch", "--leaves", "--answered", "sessions"),
        ("birch", "--stolen", "--not-answered", "tokens"),
        ("birch", "--leaves", "--answered", "names", "--not-answered", "names"),
        ("birch", "--leaves", "--by", "birch"),
    ],
)
def test_bad_input_is_refused(command: Command, arguments: tuple[str, ...]) -> None:
    done = command("person", *arguments)
    assert done.code == Exit.USAGE
    assert done.err


def test_the_help_says_when_it_is_for(command: Command) -> None:
    flat = " ".join(command("person", "--help").out.split())
    first = "in a safe order, when someone leaves, hands over, or has their account stolen."
    assert flat.partition("what to do, ")[2].startswith(first)


def asked(found: Any) -> dict[str, Any]:
    return {task["topic"]: task for task in found["tasks"] if task["topic"]}


def test_what_no_api_shows_is_attested_by_the_command_that_it_comes_with(house: Scene) -> None:
    before = asked(told(house, "--leaves"))
    assert set(before) == {"tokens", "copies", "npm-tokens", "names"}
    assert not any(task["attested"] for task in before.values())
    words = shlex.split(before["tokens"]["record"])
    assert words[-4:] == ["--answered", "tokens", "--by", "birch"]
    assert words[words.index("--github-url") + 1] == house.github.url
    done = house.command(*words[1:], "--no-cache", HARDENME_GITHUB_TOKEN=house.planted.token)
    assert f"recorded: {before['tokens']['question']} yes, by birch, until " in one_line(done.err)
    found = told(house, "--leaves")
    now = asked(found)
    shown = house.run(*BIRCH, "--leaves").out
    assert "     Asked  Are all secrets" in shown
    assert "     If yes hardenme person birch" in shown
    assert now["tokens"]["attested"]["by"] == "birch"
    assert now["tokens"]["record"] is None
    assert not any(now[word]["attested"] for word in set(now) - {"tokens"})
    days = [datetime.fromisoformat(now["tokens"]["attested"][end]) for end in ("at", "until")]
    assert days[1] - days[0] == timedelta(days=90)
    out = house.run(*BIRCH, "--leaves", "-f", "markdown").out
    told_by = f"? Yes, attested until {days[1]:%Y-%m-%d} by birch, on {days[0]:%Y-%m-%d}"
    assert told_by in out
    assert "1 attested, in this order" in out
    # It stands without a box, and the question that is open has one.
    (line,) = (line for line in out.splitlines() if "attested until" in line)
    assert not line.startswith("- [ ]")
    assert "PERSON  counts" in house.command("attest", "--list").out


def one_line(text: str) -> str:
    return " ".join(text.split())


def answer(house: Scene, *arguments: str) -> Any:
    return house.run(*arguments, "--answered", "tokens")


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    "other",
    [
        ("person", "alder", ORG, "--leaves"),
        ("person", "birch", ORG, "me", "--leaves"),
        (*BIRCH, "--stolen"),
    ],
)
def test_an_answer_counts_for_its_person_place_and_reason_alone(
    house: Scene, other: tuple[str, ...]
) -> None:
    answer(house, "person", "Birch", ORG, "--leaves")
    assert asked(told(house, "--hands-over-to", "alder"))["tokens"]["attested"]["by"] == "linden"
    found = json.loads(house.run(*other, "-f", "json").out)
    assert not any(task["attested"] for task in found["tasks"])


def test_an_answer_expires_and_a_theft_sooner(house: Scene, present: datetime) -> None:
    house.command.now = present
    answer(house, *BIRCH, "--leaves")
    house.run(*BIRCH, "--stolen", "--answered", "sessions")
    for days, leaves, stolen in ((6, True, True), (8, True, False), (91, False, False)):
        house.command.now = present + timedelta(days=days, hours=1)
        tokens = asked(told(house, "--leaves"))["tokens"]
        sessions = asked(told(house, "--stolen"))["sessions"]
        assert bool(tokens["attested"]) is leaves
        assert bool(sessions["attested"]) is stolen
        assert ("counted until" in (tokens["answer_does_not_count"] or "")) is not leaves


def test_an_answer_is_taken_back(house: Scene) -> None:
    none = house.run(*BIRCH, "--leaves", "--not-answered", "tokens")
    assert (none.code, "nothing is on record of" in none.err) == (Exit.USAGE, True)
    answer(house, *BIRCH, "--leaves")
    gone = house.run(*BIRCH, "--leaves", "--not-answered", "tokens")
    assert "withdrawn: " in gone.err
    assert asked(told(house, "--leaves"))["tokens"]["attested"] is None


def test_an_answer_of_another_account_or_a_changed_record_does_not_count(house: Scene) -> None:
    answer(house, *BIRCH, "--leaves")
    token = house.github.world.token(house.planted.token)
    assert token is not None
    token.login = "alder"
    foreign = asked(told(house, "--leaves"))["tokens"]
    assert (foreign["attested"], foreign["answer_does_not_count"]) == (
        None,
        f"the one on record is for github:linden@{house.github.url}",
    )
    token.login = "linden"
    (record,) = house.command.home.rglob(RECORD)
    record.write_text(record.read_text().replace("linden", "yarrow"))
    broken = asked(told(house, "--leaves"))["tokens"]
    assert broken["attested"] is None
    assert broken["answer_does_not_count"] == "the record of statements is not whole"
    refused = house.run(*BIRCH, "--leaves", "--answered", "copies")
    assert refused.code == Exit.USAGE


def test_when_one_token_is_gone_the_kept_run_tells_of_its_site(house: Scene) -> None:
    both = (ORG, "npm:@acorn-labs")
    house.run("check", *both, "--no-local", "--depth", "standard")
    house.github.world.tokens.clear()
    done = house.run("person", "birch", *both, "--npm", "sorrel", "--stolen")
    flat = " ".join(done.out.split())
    assert "Remove sorrel as a maintainer of" in flat
    assert "Remove birch from cedar-labs" in flat
    assert "Run of " in flat
    assert "everything on GitHub: a token for GitHub that sees it" in flat
    assert done.code == Exit.UNKNOWN


def test_when_every_step_was_taken_the_old_list_does_not_come_back(
    house: Scene, tmp_path: Path
) -> None:
    """The help says: what remains is what no API shows."""
    house.run("check", ORG, "--no-local", "--depth", "standard")
    found = told(house, "--leaves")
    assert found["run"] is None
    run_all(house, found["tasks"], tmp_path)
    again = told(house, "--leaves")
    assert not [task["text"] for task in again["tasks"] if task["stage"] in {"first", "remove"}]
    # A list that can be read no more is listed as it was seen before.
    token = house.github.world.token(house.planted.token)
    assert token is not None
    token.scopes = frozenset({"repo"})
    blind = told(house, "--leaves")
    assert [task for task in blind["tasks"] if task["text"].startswith("Remove birch from cedar")]
    assert blind["run"].startswith("Run of ")


def test_who_takes_over_is_looked_up_first(house: Scene) -> None:
    done = house.run(*BIRCH, "--hands-over-to", "aldr")
    assert (done.code, done.out) == (Exit.USAGE, "")
    assert "GitHub shows no account aldr: check the spelling of --hands-over-to" in done.err
    assert [one.path for one in house.github.requests] == ["/users/birch", "/users/aldr"]


def test_a_mistyped_login_is_never_said_to_hold_nothing(house: Scene, tmp_path: Path) -> None:
    target = ("person", "brich", ORG, "--leaves")
    file = tmp_path / "list.md"
    for text in (house.run(*target).out, _written(house, *target, file=file)):
        flat = " ".join(text.split())
        assert "Nothing of this person" not in flat
        assert "No one with the login brich was seen. If brich leaves: " in flat
        assert "They may hold more" in flat
        assert "the account brich, which GitHub does not show: check the spelling" in flat


def _written(house: Scene, *arguments: str, file: Path) -> str:
    house.run(*arguments, "-f", "markdown", "-o", str(file))
    return file.read_text()


def test_who_is_refused_the_members_is_never_told_that_nothing_is_left(house: Scene) -> None:
    token = house.github.world.token(house.planted.token)
    assert token is not None
    token.scopes = frozenset({"repo"})
    done = house.run("person", "fennel", ORG, "--leaves")
    assert "Nothing of this person" not in " ".join(done.out.split())
    assert "members of 1 place: the scope read:org" in " ".join(done.out.split())


def test_the_same_login_on_npm_is_named_until_it_is_linked(house: Scene) -> None:
    target = ("person", "sorrel", ORG, "npm:@acorn-labs", "--leaves", "-f", "json")
    gaps = json.loads(house.run(*target).out)["not_looked_at"]
    assert [one for one in gaps if one.endswith("add --npm sorrel") and "same person" in one]
    linked = json.loads(house.run(*target, "--npm", "sorrel").out)
    assert not [one for one in linked["not_looked_at"] if "--npm" in one]
    other = json.loads(house.run("person", "birch", *target[2:]).out)["not_looked_at"]
    assert "what birch holds on npm: add --npm and the name there" in other


def test_an_outsider_reads_the_secrets_of_the_organization(house: Scene) -> None:
    found = json.loads(house.run("person", "guest", ORG, "--leaves", "-f", "json").out)
    rotated = [task["text"] for task in found["tasks"] if task["stage"] == "rotate"]
    assert [one for one in rotated if one.startswith("Rotate the secrets of cedar-labs,")]


def test_a_theft_has_another_owner_made_before_the_last_one_is_removed(house: Scene) -> None:
    house.github.world.organizations[0].members["alder"] = "member"
    found = json.loads(house.run("person", "linden", ORG, "--stolen", "-f", "json").out)
    stages = list(dict.fromkeys(task["stage"] for task in found["tasks"]))
    assert stages.index("first") < stages.index("remove")
    assert "until then, the site's support" in found["tasks"][0]["needs"]


@pytest.mark.parametrize("login", ["birch", "fennel", "stranger"])
def test_a_theft_is_looked_into_whatever_the_account_can_push_to(house: Scene, login: str) -> None:
    found = json.loads(house.run("person", login, ORG, "--stolen", "-f", "json").out)
    words = "hardenme recent github:cedar-labs --since 4w --depth standard"
    assert [task for task in found["tasks"] if words in task["text"]]


def test_the_releases_of_a_stolen_maintainer_are_looked_at(house: Scene) -> None:
    target = ("person", "birch", "npm:@acorn-labs", "--npm", "mallow", "--stolen", "-f", "json")
    texts = [task["text"] for task in json.loads(house.run(*target).out)["tasks"]]
    assert "Look at the releases of @acorn-labs/whisk: mallow can publish it" in texts


def test_warnings_and_notes_of_the_run_are_shown(house: Scene) -> None:
    house.github.world.repositories[0].archived = True
    done = house.run(*BIRCH, "--leaves")
    flat = " ".join(done.out.split())
    assert "left out as archived or by name" in flat
    assert json.loads(house.run(*BIRCH, "--leaves", "-f", "json").out)["complete"] is False
