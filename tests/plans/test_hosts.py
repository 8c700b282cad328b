"""The shell of the plan runner reaches both hosts, and says what they refuse."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

import pytest

from hardenme.reports.calls import ProgramCall
from hardenme.reports.ticket.confirming import confirmed_by
from hardenme.sandbox.npm import scenarios as npm
from tests.moment import NOW
from tests.plans.hosts import SH, Hosts, writable
from tests.plans.truth import Truth
from tests.worlds import github

pytestmark = [
    pytest.mark.skipif(SH is None, reason="sh is not on PATH"),
    pytest.mark.needs("npm"),
]


@pytest.fixture(scope="module")
def hosts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hosts]:
    folder = tmp_path_factory.mktemp("hosts")
    worlds = github.weak_organization(NOW), npm.weak_maintainer(NOW)
    with writable(*worlds, folder, token=github.WEAK_ORG_TOKEN, account="mallow") as running:
        yield running


def test_gh_changes_what_it_may(hosts: Hosts) -> None:
    path = "repos/bramble-labs/briar"
    gh = "gh api --hostname 127.0.0.1 -X"
    assert hosts.run(f"{gh} PUT {path}/vulnerability-alerts").accepted
    briar = hosts.github.world.repository("bramble-labs/briar")
    assert briar is not None
    assert briar.vulnerability_alerts_enabled
    before = Truth.of(hosts)
    refused = hosts.run(f"{gh} PUT orgs/bramble-labs/memberships/thorn -f role=member")
    assert not refused.accepted
    assert "without an owner" in refused.said
    assert Truth.of(hosts) == before


def test_npm_changes_what_it_may(hosts: Hosts) -> None:
    registry = f"--registry {hosts.npm.url}"
    before = Truth.of(hosts)
    assert hosts.run(f"npm dist-tag add @acorn-labs/sieve@0.9.1 latest {registry}").accepted
    after = Truth.of(hosts)
    assert after.tags["@acorn-labs/sieve latest"] == "0.9.1"
    assert after.misled(before, ["@acorn-labs/sieve@0.9.1"]) in (
        [],
        ["@acorn-labs/sieve latest -> 0.9.1"],
    )
    refused = hosts.run(f"npm owner rm mallow @acorn-labs/whisk {registry}")
    assert not refused.accepted
    assert "write of @acorn-labs/whisk" in Truth.of(hosts).held


def test_a_line_goes_on_where_the_reader_is_asked(hosts: Hosts) -> None:
    registry = f"--registry {hosts.npm.url}"
    assert hosts.run(f"npm profile enable-2fa auth-and-writes {registry}").accepted
    mallow = hosts.npm.world.user("mallow")
    assert mallow is not None
    assert mallow.tfa == "auth-and-writes"


def test_what_shows_a_change_is_accepted_after_it(hosts: Hosts) -> None:
    """What a ticket prints to see a change by, run by the real clients after the change."""
    gh, registry = "gh api --hostname 127.0.0.1 -X", f"--registry {hosts.npm.url}"
    briar = "repos/bramble-labs/briar"
    for command, seen in (
        (f"{gh} PUT {briar}/vulnerability-alerts", ""),
        (f"{gh} DELETE {briar}/actions/secrets/NPM_TOKEN", '"secrets"'),
        (
            f"{gh} PATCH {briar} -f 'security_and_analysis[secret_scanning][status]=enabled'",
            '"secret_scanning":{"status":"enabled"}',
        ),
        (f"npm dist-tag add @acorn-labs/sieve@0.9.1 latest {registry}", "latest: 0.9.1"),
        (f"npm profile enable-2fa auth-and-writes {registry}", "auth-and-writes"),
    ):
        done = hosts.run(command)
        assert done.accepted, done.said
        (shows,) = confirmed_by([ProgramCall(tuple(shlex.split(command)))])
        before = Truth.of(hosts)
        shown = hosts.run(shows)
        assert shown.accepted, (shows, shown.said)
        assert seen in shown.said.replace(" ", "") or seen in shown.said, (shows, shown.said)
        assert Truth.of(hosts) == before
