"""The replay of axios: from the alarm of a watch to the last row of the ledger."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import groupby
from pathlib import Path

import pytest

from hardenme.ground.exit_code import Exit
from hardenme.sandbox.github.server import github_sandbox
from hardenme.sandbox.github.world import Token
from hardenme.sandbox.npm.server import npm_sandbox
from hardenme.sandbox.npm.world import ClientToken, TokenKind, canary
from tests.cli.command import Command
from tests.cli.incident.replay import Actor, Replay, open_paths
from tests.worlds import npm_writes
from tests.worlds.github_writes import by_method
from tests.worlds.incidents import INCIDENTS
from tests.worlds.incidents.axios import KEEPER, REPOSITORY, SECOND

pytestmark = [pytest.mark.needs("npm"), pytest.mark.sampled(10, among="whole stories")]
AXIOS = INCIDENTS["axios"]
PACKAGE = AXIOS.packages[0]
OWNER = REPOSITORY.partition("/")[0]
OWNERS_GH = "ghp_CANARYownersgh000000000000000000000000"
MINUTE, HOURS = timedelta(minutes=1), timedelta(hours=2)
ALL = ("me", f"npm:{PACKAGE}", f"github:{REPOSITORY}")
BY_PEOPLE = {
    "First five minutes",
    "Ask for support in two ways",
    "Publish advisories",
    "Inform people",
}
OPEN = re.compile(r"hardenme (incident open ([^\s`]+))")


@pytest.fixture
def axios(command: Command, tmp_path: Path) -> Iterator[Replay]:
    """Both hosts a minute before it, with the other maintainer's session and the owner's gh."""
    now = AXIOS.calm_at
    with (
        npm_sandbox(AXIOS.npm(now), writes=npm_writes.ROUTES) as npm,
        github_sandbox(AXIOS.github(now), writes=by_method()) as github,
    ):
        command.now = now
        tokens = {
            "HARDENME_GITHUB_TOKEN": AXIOS.github_token,
            "HARDENME_NPM_TOKEN": AXIOS.session,
        }
        yield Replay(command, github, npm, tmp_path, tokens)
        assert npm.crashes == github.crashes == []


def breaks_out(day: Replay) -> None:
    """The attack goes on to its end, and nobody has done anything yet."""
    now = AXIOS.over_at + 5 * MINUTE
    day.npm.world = day.npm.desk.world = AXIOS.npm(now)
    day.github.world = AXIOS.github(now)
    day.at(now)
    session = ClientToken(
        canary("second"), SECOND.name, TokenKind.SESSION, expires_at=now + timedelta(days=2)
    )
    day.npm.world.credentials.append(session)
    day.github.world.tokens.append(
        Token(OWNERS_GH, "oauth", OWNER, scopes=frozenset({"repo", "read:org", "gist"}))
    )
    day.bad = AXIOS.attacks(now)


def test_from_the_alarm_to_the_last_row(axios: Replay) -> None:
    axios.quiet = axios.check(*ALL)
    breaks_out(axios)

    alarm = axios.run("watch", f"npm:{PACKAGE}")
    assert alarm.code == Exit.FINDINGS
    assert alarm.out.startswith("ALERT: 1 package, 2 releases unusual")
    found = OPEN.search(alarm.out.splitlines()[-1])
    assert found is not None
    told = axios.run("recent", *ALL)
    assert axios.bad[0] in told.out
    named = OPEN.search(" ".join(told.out.split()))
    assert named is not None
    assert named.groups() == found.groups()

    # The attacker has the account, so that no token of hardenme is of use.
    axios.tokens = {}
    page = axios.open(found[2])
    lead, second = Actor(KEEPER.name), Actor(SECOND.name, OWNERS_GH)
    who = {"who runs the commands below": second, "the account itself, in an npm session": lead}
    reached = []
    for chapter, some in groupby(page, key=lambda step: step.chapter):
        axios.at(axios.npm.world.now + 10 * MINUTE)
        taken = list(some)
        axios.take(taken, who)
        assert axios.refused == []
        if chapter == "Ask for support in two ways":
            npm_takes_down(axios)
        if chapter in BY_PEOPLE:
            axios.attest(taken, "on the phone with the lead", by=SECOND.name)
        reached.append(axios.status()["next"])
    assert reached == sorted(reached, key=lambda number: int(number.partition(".")[0]))
    assert axios.incident("close").code == Exit.FINDINGS

    # The lead has the account again: what a check with new tokens sees is proven.
    lead_again(axios)
    assert axios.states("npm token release-bot ") == {"proven"}
    assert axios.states("dist-tag ", "release tag ") == {"proven"}
    looked_at_the_rest(axios)
    # Who is no maintainer is not shown its publishers: that row is a person's word.
    assert axios.states("trusted publisher ", "npm sessions", "classic tokens") == {"pending"}
    left = axios.in_turn("looked at each with the owner", by=SECOND.name)
    assert left == sorted(left)
    assert axios.incident("close").code == Exit.CLEAN

    # On npm the lead was the only owner of the organization: the page says that no command of
    # another ends that. With the account back, the other maintainer is made one.
    (step,) = (one for one in page if "was taken over" in one.text)
    assert any("replay on npm, once it has another owner" in box for box in step.boxes)
    axios.call(["org", "set", AXIOS.scope, SECOND.name, "owner"], KEEPER.name)
    signed_in(axios, SECOND.name)
    axios.call(["org", "rm", AXIOS.scope, KEEPER.name], SECOND.name)
    assert axios.refused == []

    # The next check, by who is left, has none of the ways that the attacker had.
    axios.tokens = {
        "HARDENME_GITHUB_TOKEN": OWNERS_GH,
        "HARDENME_NPM_TOKEN": axios.session(SECOND.name),
    }
    said = axios.run("attest", "NPP106", f"npm:package/{PACKAGE}", "--yes", "--by", SECOND.name)
    assert said.code == Exit.CLEAN, said.err
    after = axios.check(*ALL[1:])
    assert open_paths(axios.quiet) == {
        ("token", "release-bot (e796c248)"),
        ("token", "tokens of any account that may publish"),
        ("trusted publisher", "publish.yml of replay-works/axle"),
        ("person", KEEPER.name),
        ("person", SECOND.name),
    }
    assert open_paths(after) == {("person", SECOND.name)}
    assert not [
        one
        for one in after["findings"]
        if one["code"].startswith("REL") and one["outcome"] == "failed"
    ]
    assert not [one for one in after["warnings"] if "incident" in one]


def looked_at_the_rest(day: Replay) -> None:
    """Who may publish nothing of an organization any more looks there by the row's own command."""
    (row,) = day.rows("Look at what is left")
    assert row["state"] == "pending"
    assert row["why"].endswith("did not look at replay")
    (line,) = row["commands"]
    assert line == f"hardenme check {' '.join(ALL)} npm:@{AXIOS.scope}"
    day.at(day.npm.world.now + MINUTE)
    day.check(*line.split()[2:])
    assert day.states("Look at what is left", "dist-tag ", "release tag ") == {"proven"}


def npm_takes_down(day: Replay) -> None:
    """npm removes the versions that were reported, and keeps when they were published."""
    package = day.npm.world.package(PACKAGE)
    assert package is not None
    bad = [one for one in package.versions if f"{PACKAGE}@{one.version}" in day.bad]
    assert all(one.deprecated for one in bad)
    package.versions[:] = [one for one in package.versions if one not in bad]
    package.removed |= {one.version: one.published_at for one in bad}


def signed_in(day: Replay, account: str) -> str:
    """A new session of somebody on npm, which ends their others."""
    value = canary(f"{account.partition('-')[2]}NEW")
    for one in day.npm.world.credentials:
        one.revoked |= one.user == account
    until = day.npm.world.now + HOURS
    day.npm.world.credentials.insert(
        0, ClientToken(value, account, TokenKind.SESSION, expires_at=until)
    )
    return value


def lead_again(day: Replay) -> None:
    """The next day the lead has new sessions and tokens, and looks at all with them."""
    day.at(day.npm.world.now + timedelta(hours=20))
    new = "ghp_CANARYleadnew".ljust(40, "0")
    day.github.world.tokens[:] = [
        replace(one, value=new) if one.login == KEEPER.name else one
        for one in day.github.world.tokens
    ]
    session = signed_in(day, KEEPER.name)
    day.tokens = {"HARDENME_GITHUB_TOKEN": new, "HARDENME_NPM_TOKEN": session}
    day.check(*ALL)
