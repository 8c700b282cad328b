"""`hardenme runbook`: from the kept run alone, with commands that are not refused."""

from __future__ import annotations

import re
import shlex
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from hardenme.model.exit_code import Exit
from hardenme.sandbox.github.server import GitHubServer, github_sandbox
from hardenme.sandbox.github.world import DeployKey
from hardenme.sandbox.npm import scenarios as npm
from hardenme.sandbox.npm.server import NpmSandbox, npm_sandbox
from tests.cli.command import Command, Ran
from tests.gh.stand_in import run as gh
from tests.sandbox.test_npm_client import NPM, Client
from tests.worlds import npm_writes
from tests.worlds.github_writes import by_method
from tests.worlds.organizations import base, weak_organization

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


def commands(page: str) -> list[list[str]]:
    """Every command of a page in Markdown, in words, one call each."""
    lines = [found.group(2) for found in RUN.finditer(page)]
    return [shlex.split(part) for line in lines for part in line.split(" && ")]


def part(page: str, begin: str) -> str:
    """What stands under the heading with these words."""
    return page.partition(begin)[2].partition("\n##")[0]


def test_it_names_all_and_every_command_does_what_it_says(stocked: Stocked) -> None:
    world = stocked.github.world
    world.repositories[0].deploy_keys.append(
        DeployKey(7001, HOSTILE, KEY, world.now - timedelta(days=9), added_by="thorn")
    )
    stocked.check(ORG, "me", "--depth", "deep")
    page = stocked.page().out
    assert re.findall(r"^## (.+)$", page, re.MULTILINE) == [
        *("First five minutes", "Contain npm", "Contain GitHub", "Roll back"),
        *("Ask for support in two ways", "Publish advisories", "Inform people", "Missing"),
    ]
    for repository in world.repositories:
        for secret in repository.secrets:
            assert secret.name in part(page, "Rotate the secrets"), secret
    assert "(less than a minute ago)" in page or "1 minute ago" in page
    assert "high-impact account read-only for 72 hours" in page
    assert "During the scan npm dist-tag works" in page
    assert "Do not install: under investigation" in page
    found = commands(page)
    assert {words[0] for words in found} == {"gh", "npm", "hardenme"}
    # The account that acts is not removed.
    deletions = [words for words in found if "DELETE" in words and "/members/" not in words[-1]]
    assert len(deletions) == len({words[-1] for words in deletions})
    for words in deletions:
        ran = gh(words[1:], stocked.github.url, base.WEAK_CLASSIC)
        assert ran.code == 0, (words, ran.error)
    assert not [key for one in world.repositories for key in one.deploy_keys]
    assert not [hook for one in world.repositories for hook in one.hooks]
    for words in found:
        if "PATCH" in words:
            assert re.fullmatch(r"sha=[0-9a-f]{40}", words[words.index("-f") + 1])
    revoked = [words[3] for words in found if words[1:3] == ["token", "revoke"]]
    assert len(revoked) == len(set(revoked)) == 12


@pytest.mark.skipif(NPM is None, reason="the npm client is not on PATH")
def test_npm_takes_one_command_of_each_kind(stocked: Stocked, tmp_path: Path) -> None:
    stocked.check("me")
    client, seen = Client(stocked.npm, tmp_path), set[str]()
    for words in commands(stocked.page().out):
        kind = " ".join(words[1:3])
        own = words[0] == "npm" and words[1] not in {"logout", "owner", "org", "unpublish"}
        if not own or kind in seen or "@VERSION" in " ".join(words):
            continue
        seen.add(kind)
        ran = client.run(*words[1:], "--otp=000000", token=stocked.npm_token)
        assert ran.returncode == 0, (words, ran.stderr)
    assert {"token revoke", "access set", "stage reject", "dist-tag add"} <= seen


def test_a_list_that_was_refused_is_never_none(stocked: Stocked) -> None:
    stocked.check(ORG, "--depth", "deep", token=base.WEAK_MEMBER)
    done = stocked.page()
    assert done.code == Exit.UNKNOWN
    assert "No deploy keys" not in done.out
    assert "No webhooks" not in done.out
    assert "There may be more deploy keys: not read in" in done.out
    missing = part(done.out, "## Missing")
    assert re.search(
        r"- webhooks of organizations of 1 place: .+by: an organization owner", missing
    )
    assert "- deploy keys of " in missing
    assert "- Npm account" not in missing
    assert "- Your npm account: run hardenme check with tokens of both sites" in missing


def test_an_organization_that_was_not_looked_at_is_missing(stocked: Stocked) -> None:
    stocked.check("me")
    missing = part(stocked.page().out, "## Missing")
    assert (
        "- Everything of your organization bramble-labs: run hardenme check `github:bramble-labs`"
        in missing
    )
    stocked.check("me", ORG)
    assert "your organization" not in part(stocked.page().out, "## Missing")


def test_whom_npm_keeps_is_in_no_command_that_it_refuses(stocked: Stocked) -> None:
    stocked.check("me")
    page = stocked.page().out
    assert "Remove mallow from the organization acorn-labs on npm, once it has another" in page
    assert "only npm's support" in page
    assert ["npm", "org", "rm", "acorn-labs", "mallow"] not in [
        words[:5] for words in commands(page)
    ]


def test_a_whole_list_without_anything_says_none(stocked: Stocked) -> None:
    for one in stocked.github.world.repositories:
        one.deploy_keys.clear()
    stocked.check(ORG, "--depth", "deep")
    page = stocked.page().out
    own = part(page, "Delete deploy keys")
    assert "No deploy keys in" in own
    assert "not read" not in own
    assert "- [ ]" not in own


def test_the_demo_has_a_way_back_for_each_package(command: Command) -> None:
    nothing = command("runbook", "--demo")
    assert (nothing.code, "Run `hardenme demo` first" in nothing.err) == (Exit.USAGE, True)
    command("demo")
    done = command("runbook", "--demo")
    assert done.code == Exit.UNKNOWN
    assert "The accounts of the demo are invented: run none of the commands below" in done.out
    back = part(done.out, "Move every dist-tag")
    assert "`npm dist-tag add @acorn-labs/sieve@0.9.0 latest`" in back
    # 0.9.1 is what a check of releases marks.
    assert "sieve@0.9.1" not in back
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
    assert "<a " not in pages["html"]
    bare = re.sub(r"(`+).*?\1", "", pages["markdown"])
    assert "<script>" not in bare
    assert "](https://evil" not in bare


@pytest.mark.parametrize(
    ("arguments", "words"),
    [((), "Run `hardenme check` first"), (("-f", "sarif"), "--format takes one of: markdown")],
)
def test_bad_input_is_refused(command: Command, arguments: tuple[str, ...], words: str) -> None:
    done = command("runbook", *arguments)
    assert done.code == Exit.USAGE
    assert words in done.err
