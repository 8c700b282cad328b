"""`hardenme people`: who reaches what, and who can stop whom, from a kept run or a new one."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from hardenme.ground.exit_code import Exit
from hardenme.sandbox.github.world import DeployKey, Email, Token
from tests.cli.command import Command
from tests.cli.recent.scene import ORG, Scene, scene
from tests.gh.stand_in import run as gh
from tests.printed import printed

pytestmark = pytest.mark.sampled(16)

PAGE = re.compile(r"<!DOCTYPE html>.*</html>\s*", re.DOTALL)


@pytest.fixture
def house(command: Command, present: datetime) -> Iterator[Scene]:
    with scene(command, present) as found:
        yield found


def told(house: Scene, *arguments: str) -> Any:
    return printed("holders", house.run("people", *arguments, "-f", "json").out)


def people(found: Any) -> dict[str, Any]:
    return {one["name"]: one for one in found["holders"] if one["kind"] == "person"}


def test_the_last_run_is_shown_without_asking_anybody(house: Scene) -> None:
    house.run("check", ORG, "--no-local", "--depth", "standard")
    house.github.requests.clear()
    done = house.run("people", ORG)
    assert house.github.requests == []
    assert "Run of " in done.out
    assert "linden on GitHub (you): pushes to 5 repositories; 2FA on" in done.out
    assert "owner of cedar-labs. Removed by: alder" in " ".join(done.out.split())
    assert done.code in {Exit.CLEAN, Exit.UNKNOWN}


def test_no_older_run_stands_for_the_last_one_that_cannot_be_read(house: Scene) -> None:
    for _ in range(2):
        house.run("check", ORG, "--no-local", "--depth", "fast")
    runs = sorted(house.command.home.rglob("runs/*.json"))
    runs[-1].write_text(runs[-1].read_text()[:-9])
    house.github.requests.clear()
    assert told(house, ORG)["run"] is None
    assert house.github.requests


def test_without_a_kept_run_a_new_one_is_made(house: Scene) -> None:
    found = told(house, ORG)
    assert house.github.requests
    assert found["run"] is None
    assert found["you"] == {"github": "linden"}
    known = people(found)
    assert set(known) == {
        *("linden", "alder", "maple", "birch", "sorrel", "tansy", "yarrow", "fennel", "guest"),
    }
    assert known["maple"]["holds"][0]["removed_by"] == ["alder", "linden"]
    assert known["guest"]["repositories"] == ["cedar-labs/cone"]
    (hold,) = known["guest"]["holds"]
    assert hold["place"] == "github:repo/cedar-labs/cone"
    assert hold["removed_by"] == ["alder", "linden"]
    others = {(one["kind"], one["name"]) for one in found["holders"]} - {
        ("person", name) for name in known
    }
    assert {("app", "notes-sync"), ("deploy key", "build-mirror")} <= others


def test_the_only_owner_is_named_first(house: Scene) -> None:
    house.github.world.organizations[0].members["alder"] = "member"
    done = house.run("people", ORG, "--new")
    first = done.out.index("No one else can remove")
    line = "linden on GitHub (you): owner of cedar-labs"
    assert first < done.out.index(line) < done.out.index("Whom you cannot remove")
    assert "no one else can stop 1 of them" in " ".join(done.out.split())


def test_who_is_no_owner_reads_whom_they_cannot_remove(house: Scene) -> None:
    token = "ghp_CANARYmaple000000000000000000000000000"
    house.github.world.tokens.append(
        Token(token, "classic", "maple", frozenset({"repo", "read:org"}))
    )
    found = house.command(
        "people", *house.urls, "--no-cache", ORG, "--full", HARDENME_GITHUB_TOKEN=token
    )
    flat = " ".join(found.out.split())
    assert "You are maple on GitHub. Ask who can, now" in flat
    listed = flat.partition("Whom you cannot remove")[2].partition("People")[0]
    assert re.search(r"\balder on GitHub|on GitHub \([^)]*\balder\b", listed)
    assert found.code == Exit.UNKNOWN
    assert "GitHub shows the 2FA of members only to an organization's owners" in flat


def test_what_removes_somebody_removes_them(house: Scene) -> None:
    command = people(told(house, ORG))["birch"]["holds"][0]["command"]
    done = gh(shlex.split(command)[1:], house.github.url, house.planted.token)
    assert (done.code, "--hostname 127.0.0.1" in command) == (0, True)
    assert "birch" not in people(told(house, ORG, "--new"))


def test_two_accounts_are_one_person_by_evidence_alone(house: Scene) -> None:
    world = house.npm.world
    house.npm_token = world.token("mallow")
    user = house.github.world.user("linden")
    assert user is not None
    # The same login on both sites links nobody.
    user.login = "mallow"
    house.github.world.token(house.planted.token).login = "mallow"  # type: ignore[union-attr]
    members = house.github.world.organizations[0].members
    members["mallow"] = members.pop("linden")
    apart = told(house, "me", "--new")
    assert not [one for one in apart["holders"] if one["same_as"]]
    stated = told(house, "me", "--new", "--same-person", "mallow=mallow")
    linked = [one for one in stated["holders"] if one["same_as"]]
    assert {(one["provider"], one["evidence"]) for one in linked} == {
        ("github", "stated by you"),
        ("npm", "stated by you"),
    }


def test_a_verified_address_links_unless_two_have_it(house: Scene) -> None:
    world = house.npm.world
    house.npm_token = world.token("mallow")
    user = house.github.world.user("linden")
    assert user is not None
    user.emails.append(Email("mallow@acorn-labs.example", primary=True))
    found = told(house, "me", ORG, "--new")
    linked = {one["name"]: one["evidence"] for one in found["holders"] if one["same_as"]}
    assert linked == dict.fromkeys(
        ("linden", "mallow"), "verified address mallow@acorn-labs.example"
    )
    for package in world.packages:
        package.maintainers[:] = [
            type(one)(one.name, "mallow@acorn-labs.example") for one in package.maintainers
        ]
    assert not [one for one in told(house, "me", ORG, "--new")["holders"] if one["same_as"]]


def test_npm_shows_nobody_elses_second_factor_and_the_page_says_so(house: Scene) -> None:
    house.npm_token = house.npm.world.token("mallow")
    found = told(house, "me", "--new")
    assert "npm shows only your own 2FA" in found["not_shown"][0]
    shown = {
        one["name"]: one["two_factor"]
        for one in found["holders"]
        if (one["provider"], one["kind"]) == ("npm", "person")
    }
    assert shown.pop("mallow") == "at sign-in only"
    assert shown
    assert set(shown.values()) == {None}


@pytest.mark.sampled(2)
@pytest.mark.parametrize("form", ["html", "mermaid", "markdown"])
def test_it_is_drawn_in_every_form_whatever_names_say(house: Scene, form: str) -> None:
    hostile = '"];x["</script><script>alert(1)</script>`|\n\x1b[31m'
    house.github.world.repositories[0].deploy_keys.append(
        DeployKey(7, hostile, "ssh-ed25519 AAAA", house.github.world.now, read_only=False)
    )
    out = house.run("people", ORG, "--new", "-f", form).out
    assert "linden" in out
    # In Markdown it stands between backticks, where it is no markup.
    assert form == "markdown" or "<script>alert" not in out
    assert "\x1b" not in out
    if form == "html":
        assert PAGE.fullmatch(out)
        assert "<svg" in out
    if form == "mermaid":
        assert out.startswith("flowchart LR\n  %% red: no one else can remove it")


@pytest.mark.parametrize(
    "arguments",
    [("--same-person", "nettle"), ("--same-person", "a=b=c"), ("-f", "sarif"), ("npm://x",)],
)
def test_bad_input_is_refused(command: Command, arguments: tuple[str, ...]) -> None:
    assert command("people", *arguments).code == Exit.USAGE


def test_the_demo_needs_no_token(command: Command) -> None:
    done = command("people", "--demo")
    assert done.code == Exit.CLEAN
    assert "mallow on npm (you): publishes" in done.out


def test_what_the_demo_points_to_is_a_command_that_shows_the_rest(command: Command) -> None:
    stated = ("--same-person", "mallow=mallow")
    done = command("people", "--demo", *stated)
    named = set(re.findall(r"(?:Everything|more \w+): (.+)", done.out))
    assert named == {"hardenme people --demo --same-person mallow=mallow --full"}
    assert re.search(r"^and \d+ more accounts?: hardenme people --demo", done.out, re.MULTILINE)
    whole = command(*shlex.split(named.pop())[1:])
    assert whole.code == Exit.CLEAN
    assert "mallow-trivet" in whole.out
    assert not re.search(r"and \d+ more (accounts?|holders?|lines?)|Everything", whole.out)


def test_a_token_without_a_name_is_told_by_the_start_of_its_id(command: Command) -> None:
    done = command("people", "--demo")
    (start,) = re.findall(r"^  token ([0-9a-f]{8})…: publishes", done.out, re.MULTILINE)
    assert f"npm token revoke {start}" in done.out
    assert "[redacted]" not in done.out


def test_who_is_not_seen_is_never_said_to_be_stopped(house: Scene) -> None:
    done = house.run("people", "github:nobody-there", "--new")
    assert "No account was seen, so it is not known who could do harm." in done.out
    assert "everything of github:nobody-there" in " ".join(done.out.split())
    assert "someone can stop" not in done.out
    assert done.code == Exit.UNKNOWN


def test_a_list_that_is_refused_is_named(house: Scene) -> None:
    token = house.github.world.token(house.planted.token)
    assert token is not None
    token.scopes = frozenset({"repo"})
    gaps = "\n".join(told(house, ORG, "--new")["not_shown"])
    for part in ("members of 1 place", "apps of 1 place", "members' fine-grained tokens"):
        assert part in gaps


def test_an_admin_of_an_npm_organization_removes_no_member(house: Scene) -> None:
    house.npm_token = house.npm.world.token("mallow")
    target = "npm:@acorn-labs"
    removed = {
        one["name"]: hold["removed_by"]
        for one in told(house, target, "--new")["holders"]
        for hold in one["holds"]
        if hold["place"] == "npm:org/acorn-labs"
    }
    assert removed == {
        "mallow": [],
        "sorrel": ["mallow"],
        "teasel": ["mallow"],
    }
    assert "mallow on npm (you): owner of acorn-labs" in house.run("people", target, "--new").out


def test_with_one_token_the_other_site_is_never_said_to_be_yours(house: Scene) -> None:
    done = house.run("people", ORG, "npm:mallow-trivet", "--new")
    flat = " ".join(done.out.split())
    assert re.search(r"\bmallow on npm|on npm \([^)]*\bmallow\b", flat)
    assert "No token says who you are on npm, so it is not known whom you can remove there." in flat
    assert "someone can stop" not in flat.partition("harm;")[0]


def test_what_is_said_of_all_names_that_lists_were_refused(house: Scene) -> None:
    token = house.github.world.token(house.planted.token)
    assert token is not None
    token.scopes = frozenset({"repo"})
    done = house.run("people", ORG, "--new", "--full")
    flat = " ".join(done.out.split())
    assert "someone can stop each of those that were seen" in flat
    assert "Someone else can remove each account that was seen. There may be others" in flat
    assert "You can remove each of the others who were seen. There may be others" in flat
    assert "members of 1 place: the scope read:org" in flat
    assert done.code == Exit.UNKNOWN


def test_addresses_on_the_page_are_links(command: Command) -> None:
    command("demo")
    text = command("people", "--demo", "-f", "html").out
    assert '<a href="https://www.npmjs.com/settings/acorn-labs/members"' in text
