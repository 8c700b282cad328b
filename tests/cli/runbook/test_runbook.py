"""`hardenme runbook`: from the kept run alone, with commands that are not refused."""

from __future__ import annotations

import re
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from hardenme.ground.exit_code import Exit
from hardenme.sandbox.github.server import GitHubServer, github_sandbox
from hardenme.sandbox.github.world import DeployKey
from hardenme.sandbox.npm import scenarios as npm
from hardenme.sandbox.npm.server import NpmSandbox, npm_sandbox
from tests.cli.command import Command, Ran
from tests.cli.runbook.page import calls
from tests.worlds import npm_writes
from tests.worlds.github_writes import by_method
from tests.worlds.organizations import base, weak_organization

pytestmark = pytest.mark.sampled(6)

ORG = "github:bramble-labs"
HOSTILE = "key](https://evil.example)<script>alert(1)</script>\x1b[2J`\u202e"
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIC5v0v0v0v0v0v0v0v0v0v0v0v0v0v0v0v0v0v0v"
RUN = re.compile(r"^  - Run: (`+) ?(.*?) ?\1$", re.MULTILINE)


@dataclass(slots=True)
class Stocked:
    """The weak organization and npm account, whose servers take what commands change."""

    command: Command
    github: GitHubServer
    npm: NpmSandbox
    npm_token: str

    def check(self, *arguments: str, token: str = base.WEAK_CLASSIC) -> Ran:
        urls = ("--github-url", self.github.url, "--npm-registry", self.npm.url)
        tokens = {"HARDENME_GITHUB_TOKEN": token, "HARDENME_NPM_TOKEN": self.npm_token}
        return self.command("check", *urls, "--no-cache", "--no-local", *arguments, **tokens)

    def page(self, *arguments: str) -> Ran:
        """The runbook, with no token and nobody asked."""
        self.github.requests.clear()
        self.npm.requests.clear()
        done = self.command("runbook", *arguments)
        assert self.github.requests == self.npm.requests == []
        return done


@pytest.fixture
def stocked(command: Command, present: datetime) -> Iterator[Stocked]:
    world, registry = weak_organization(present), npm.weak_maintainer(present)
    registry.users[0].remembers_otp = True
    with (
        github_sandbox(world, writes=by_method()) as host,
        npm_sandbox(registry, writes=npm_writes.ROUTES) as packages,
    ):
        yield Stocked(command, host, packages, registry.token("mallow"))


def part(page: str, begin: str) -> str:
    """What stands under the heading with these words."""
    return page.partition(begin)[2].partition("\n##")[0]


def test_a_list_that_was_refused_is_never_none(stocked: Stocked) -> None:
    stocked.check(ORG, "--depth", "deep", token=base.WEAK_MEMBER)
    done = stocked.page()
    assert done.code == Exit.UNKNOWN
    assert "No deploy keys" not in done.out
    assert "No webhooks" not in done.out
    assert "There may be more deploy keys: not read in" in done.out
    missing = part(done.out, "## Not looked at")
    assert re.search(
        r"- webhooks of organizations of bramble-labs: .+by: an organization owner", missing
    )
    assert "- deploy keys of " in missing
    assert "- Npm account" not in missing
    assert "- Your npm account: run `hardenme check` with tokens of both sites" in missing


def test_an_organization_that_was_not_looked_at_is_missing(stocked: Stocked) -> None:
    stocked.check("me")
    missing = part(stocked.page().out, "## Not looked at")
    assert (
        "- Everything of your organization bramble-labs: run `hardenme check github:bramble-labs`"
        in missing
    )
    stocked.check("me", ORG)
    assert "your organization" not in part(stocked.page().out, "## Not looked at")


def test_whom_npm_keeps_is_in_no_command_that_it_refuses(stocked: Stocked) -> None:
    stocked.check("me")
    page = stocked.page().out
    assert "Remove mallow from the organization acorn-labs on npm, once it has another" in page
    assert "only npm's support" in page
    assert ["npm", "org", "rm", "acorn-labs", "mallow"] not in [words[:5] for words in calls(page)]


def test_a_whole_list_without_anything_says_none(stocked: Stocked) -> None:
    for one in stocked.github.world.repositories:
        one.deploy_keys.clear()
    stocked.check(ORG, "--depth", "deep")
    page = stocked.page().out
    # What was not looked at is no part of "none".
    assert "1 repository was left out as archived or by name: `--archived`" in page
    own = part(page, "Delete deploy keys")
    assert "No deploy keys in" in own
    assert "not read" not in own
    assert re.findall(r"- \[ \] (.*)", own) == [
        "Look for deploy keys of bramble-labs/stump by hand"
    ]


def test_the_demo_has_a_way_back_for_each_package(
    command: Command, demonstrate: Callable[[Command], Ran]
) -> None:
    nothing = command("runbook", "--demo")
    assert (nothing.code, "Run `hardenme demo` first" in nothing.err) == (Exit.USAGE, True)
    demonstrate(command)
    done = command("runbook", "--demo")
    assert done.code == Exit.UNKNOWN
    assert "The accounts of the demo are invented: run none of the commands of npm" in done.out
    assert "`hardenme incident status --demo`" in done.out
    back = part(done.out, "Move every dist-tag")
    assert "`npm dist-tag add @acorn-labs/sieve@0.8.0 latest`" in back
    assert "`@acorn-labs/ladle`: npm refuses, since 812 packages depend on it" in done.out
    assert "npm unpublish @acorn-labs/ladle" not in done.out
    assert "npm unpublish" not in done.out
    # Where no version is listed there is no other one.
    assert done.out.count("mallow-trivet: any version that you did not publish") == 2
    assert done.out.count("`@acorn-labs/sieve`: any other version that you did not publish") == 1
    # What the account has is looked for by hand where the run did not look at it.
    assert "<https://github.com/organizations/acorn-labs/settings/installations>" in done.out
    for name in ("security", "sessions", "apps/authorizations"):
        assert f"<https://github.com/settings/{name}>" in done.out
    assert re.search(r"`hardenme incident open incident-\d{4}-\d\d-\d\d --demo`", done.out)
    # Of more places than there are lines for, one page is named, and it can be opened.
    assert re.search(
        r"on this page of each: (\S+), .*\n.*<https://github\.com/\1/settings/actions/runners>",
        done.out,
    )
    # A repository that was not seen has no page to publish on.
    told = part(done.out, "Publish a security advisory")
    assert "mallow/soup-spoon/security" not in told
    assert "mallow-trivet: mallow/soup-spoon was not seen. Publish it where the code is" in told
    assert "<https://github.com/mallow/ladle/security/advisories/new>" in told
    assert "OWNER" not in done.out
    assert "/NAME/" not in done.out
    # 0.9.1 is what a check of releases marks.
    assert "sieve@0.9.1" not in back
    assert "latest to `0.8.0` (`0.9.1`: a check of releases marks it)" in back
    assert "latest to `0.0.9` (`0.1.0`: not known whether it is deprecated)" in back
    assert "latest to `1.4.0`\n" in back
    assert "sieve@0.9.1" in part(done.out, "Look at the versions")
    assert "`npm trust revoke --id=" in done.out
    place = command.folder / "runbook.html"
    written = command("runbook", "--demo", "-f", "html", "-o", str(place))
    # What it lists is readable by its owner alone.
    assert (written.out, stat.S_IMODE(place.stat().st_mode)) == ("", 0o600)
    assert place.read_text().startswith("<!DOCTYPE html>")


def test_without_the_checks_of_releases_no_version_is_good(stocked: Stocked) -> None:
    stocked.check("me", "--select", "NPP,NPT")
    back = part(stocked.page().out, "Move every dist-tag")
    assert "No version is known to be good: the run left out checks of releases." in back
    assert "dist-tag add" not in back


def test_hostile_names_steer_nothing(stocked: Stocked) -> None:
    world = stocked.github.world
    world.repositories[0].deploy_keys.append(
        DeployKey(7002, HOSTILE, KEY, world.now - timedelta(days=9), added_by="thorn")
    )
    stocked.check(ORG, "--depth", "deep")
    pages = {form: stocked.page("-f", form).out for form in ("markdown", "html", "table")}
    for text in pages.values():
        assert "evil" in text
        for character in "\x1b\x07\u202e\u200b":
            assert character not in text
    assert "<script" not in pages["html"]
    links = re.findall(r"<a [^>]*>", pages["html"])
    assert {re.sub(r"\d+", "N", link) for link in links} == {'<a href="#part-N">'}
    bare = re.sub(r"(`+).*?\1", "", pages["markdown"])
    assert "<script>" not in bare
    assert "](https://evil" not in bare


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "Run `hardenme check` first"),
        (("-f", "sarif"), "takes one of: table, markdown, html"),
    ],
)
def test_bad_input_is_refused(command: Command, arguments: tuple[str, ...], words: str) -> None:
    done = command("runbook", *arguments)
    assert done.code == Exit.USAGE
    assert words in done.err
