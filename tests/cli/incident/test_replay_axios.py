"""The replay of axios: from the alarm of a watch to the last row of the ledger."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from hardenme.model.exit_code import Exit
from hardenme.sandbox.github.server import github_sandbox
from hardenme.sandbox.github.world import Token
from hardenme.sandbox.npm.server import npm_sandbox
from hardenme.sandbox.npm.world import ClientToken, TokenKind, canary
from tests.cli.command import Command
from tests.cli.incident.replay import Actor, Replay, open_paths
from tests.sandbox.test_npm_client import NPM
from tests.worlds import npm_writes
from tests.worlds.github_writes import by_method
from tests.worlds.incidents import INCIDENTS
from tests.worlds.incidents.axios import KEEPER, REPOSITORY, SECOND

pytestmark = pytest.mark.skipif(NPM is None, reason="the npm client is not on PATH")
AXIOS = INCIDENTS["axios"]
PACKAGE = AXIOS.packages[0]
OWNER = REPOSITORY.partition("/")[0]
OWNERS_GH = "ghp_CANARYownersgh000000000000000000000000"
MINUTE = timedelta(minutes=1)
ALL = ("me", f"npm:{PACKAGE}", f"github:{REPOSITORY}")
OPEN = re.compile(r"`hardenme (incident open (\S+))`")


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
        canary("second"), SECOND.name, TokenKind.SESSION, expires_at=now + timedelta(hours=2)
    )
    day.npm.world.credentials.append(session)
    day.github.world.tokens.append(
        Token(OWNERS_GH, "oauth", OWNER, scopes=frozenset({"repo", "read:org", "gist"}))
    )
    day.bad = AXIOS.attacks(now)


def test_from_the_alarm_to_the_last_row(axios: Replay) -> None:
    quiet = axios.check(*ALL)
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

    page = axios.open(found[2])
    lead, second = Actor(KEEPER.name), Actor(SECOND.name, OWNERS_GH)
    owner = Actor(SECOND.name, OWNERS_GH)
    who = {
        "who runs the commands below": second,
        "the account itself, in an npm session": lead,
        "another owner, admin or maintainer": owner,
    }
    axios.take(page, who)
    assert axios.refused == []
    for one in axios.ended:
        print(one.words, one.code)
    print(quiet["publishing"])
    axios.tokens = {"HARDENME_GITHUB_TOKEN": OWNERS_GH, "HARDENME_NPM_TOKEN": canary("second")}
    print(open_paths(quiet))
    r = axios.check(f"npm:{PACKAGE}", f"github:{REPOSITORY}")
    print(open_paths(r))
    assert 0
