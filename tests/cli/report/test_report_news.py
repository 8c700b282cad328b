"""What `hardenme report --quiet` prints and a mail says, in an organization in which things happen.

One thing is told for each cause, in two lines, with what weighs most first; then one line says how
things stand. A mail says the same.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from hardenme.cli.main import run
from hardenme.cli.terminal.console import Console
from hardenme.sandbox.github.state.repository import DeployKey
from hardenme.sandbox.github.state.rules import Rule, Ruleset
from tests.moment import standing_at
from tests.year.clockwork import Year, year
from tests.year.events import CONE, KEY, RESIN, leaves, organization, public, repository, role
from tests.year.events import second_factor as factor

pytestmark = [pytest.mark.second_tier("runs whole reports again and again"), pytest.mark.sampled(5)]

FEW = "GHB101,GHB102,GHB110,GHB115,GHB117,GHO101,GHO102,GHO105,GHO115,GHR108,GHR109,GHO119,GHO120"
"""Enough checks for the lists of people, keys, hooks, rules and workflows."""
ORG = "github:org/cedar-labs"
WORKFLOW = b"""\
on: push
jobs:
  audit:
    runs-on: ubuntu-latest
    steps: [{run: make}]
"""
BRANCHES, TAGS = 9301, 9302
OWN = 9311


@dataclass(frozen=True, slots=True)
class Said:
    """What a run came to."""

    code: int
    lines: tuple[str, ...]
    mails: tuple[EmailMessage, ...]


@dataclass(slots=True)
class Watched:
    """An organization that is looked at once a week."""

    year: Year
    week: int = 0

    def after(self, *events: Callable[[Year], object], quiet: bool = True) -> Said:
        """What the next run says, after these happened."""
        self.year.begin(self.week)
        self.week += 1
        for event in events:
            event(self.year)
        letters = len(self.year.mail.letters)
        stage = self.year.stage
        out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
        words = ["report", "github:cedar-labs", *(["--quiet"] if quiet else []), "--select", FEW]
        words += ["--github-url", stage.github.url, "--npm-registry", stage.npm.url]
        with standing_at(self.year.now):
            code = run(words, Console(out, err, self.year.environ))
        out.seek(0)
        text = out.read().replace(stage.github.url, "https://github.example.test")
        return Said(code, tuple(text.splitlines()), tuple(self.year.mail.letters[letters:]))


def worst_news(said: Said) -> str:
    """A mail's subject without what looks like an attack."""
    return re.sub(
        r"(?<=^hardenme: )the last 48 hours show signs of an attack; ", "", said.mails[0]["subject"]
    )


def ruleset(number: int, enforcement: str) -> Callable[[Year], None]:
    def do(year: Year) -> None:
        repositories = (one.rulesets for one in year.github.repositories)
        known = [*organization(year).rulesets, *(one for those in repositories for one in those)]
        found = next(one for one in known if one.id == number)
        found.enforcement = enforcement  # type: ignore[assignment]
        found.updated_at = year.now

    return do


def own_rules(year: Year) -> None:
    rules = [Rule("deletion"), Rule("non_fast_forward")]
    made = Ruleset(OWN, "Of this repository", "cedar-labs/cone", year.now, year.now, rules=rules)
    repository(year, CONE).rulesets.append(made)


def no_requirement(year: Year) -> None:
    organization(year).settings.two_factor_requirement_enabled = False


def workflow(year: Year) -> None:
    repository(year, CONE).files[".github/workflows/audit.yml"] = WORKFLOW


def keys(year: Year) -> None:
    for number in (9101, 9102):
        made = DeployKey(number, f"key {number}", KEY, year.now, read_only=False, added_by="linden")
        repository(year, RESIN).deploy_keys.append(made)


def deleted(number: int) -> Callable[[Year], None]:
    def do(year: Year) -> None:
        year.github.repositories.remove(repository(year, number))

    return do


def new_repository(visibility: Any) -> Callable[[Year], None]:
    def do(year: Year) -> None:
        made = replace(repository(year, RESIN), id=33299, name="moss", visibility=visibility)
        year.github.repositories.append(made)

    return do


@contextmanager
def begun(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    with year(home, monkeypatch) as running:
        watched = Watched(running)
        assert watched.after(own_rules).code == 0
        yield watched


def causes(said: Said) -> list[str]:
    """The first line of each thing that is told."""
    return [line for line in said.lines if line.startswith("- ")]


def test_each_cause_is_told_once_in_two_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with begun(tmp_path, monkeypatch) as watched:
        assert watched.after() == Said(0, (), ())

        said = watched.after(ruleset(BRANCHES, "disabled"))
        assert said.code == 1
        first, how, standing = said.lines
        assert first.startswith(
            '- high, changed: branch ruleset "Protect the default branch"'
            " (github:ruleset/cedar-labs/9301) at github:org/cedar-labs: enforcement is disabled,"
            " was active. With it: "
        )
        assert first.endswith("such as Default branch is not protected (GHB101)")
        assert how == (
            "  Check: https://github.example.test/organizations/cedar-labs/settings/rules"
            " · an owner"
        )
        assert standing.startswith("Standing: ")
        assert "; hardenme show ~/.local/state/hardenme/history/" in standing
        [mail] = said.mails
        assert mail["subject"] == (
            "hardenme: the last 48 hours show signs of an attack; high: branch ruleset disabled"
            " (github:cedar-labs)"
        )
        written = [line for line in mail.get_content().splitlines() if line]
        host = watched.year.stage.github.url
        shown = [line.replace("https://github.example.test", host) for line in said.lines]
        assert written[0].startswith("LOOK"), written[0]
        assert written[2:] == shown

        said = watched.after(ruleset(BRANCHES, "active"))
        [cause] = causes(said)
        assert (said.code, "enforcement is active, was disabled" in cause) == (0, True)
        assert "fixed" in cause
        assert worst_news(said) == (
            "hardenme: fixed: Default branch is not protected (github:cedar-labs)"
        )

        # One of the repository's own goes out of force, and is not gone.
        said = watched.after(ruleset(OWN, "disabled"), ruleset(TAGS, "evaluate"))
        kinds = {
            word: [line for line in causes(said) if f"{word} ruleset" in line]
            for word in ("branch", "tag")
        }
        assert len(causes(said)) == len(kinds["branch"]) + len(kinds["tag"]) == 2
        assert "github:ruleset/cedar-labs/9311" in kinds["branch"][0]
        assert "github:ruleset/cedar-labs/9302" in kinds["tag"][0]
        assert not [line for line in said.lines if "vanished" in line or "no longer" in line]


def test_people_owners_and_what_belonged_to_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with begun(tmp_path, monkeypatch) as watched:
        said = watched.after(role("birch", "admin"))
        [cause] = causes(said)
        assert said.code == 1
        assert cause.startswith("- critical, changed: member github:member/cedar-labs/birch")
        assert worst_news(said) == "hardenme: critical: new owner (github:cedar-labs)"

        said = watched.after(factor("birch", "off"))
        [cause] = causes(said)
        assert cause == (
            "- critical, new: Organization member has no 2FA (GHO102):"
            " github:member/cedar-labs/birch"
        )
        assert said.lines[1].endswith(" · birch")
        assert worst_news(said) == ("hardenme: critical: 1 owner without 2FA (github:cedar-labs)")

        said = watched.after(factor("birch", "secure"))
        assert causes(said) == [cause.replace("- critical, new: ", "- fixed: ")]
        assert len(said.lines) == 2
        assert worst_news(said) == (
            "hardenme: fixed: Organization member has no 2FA (github:cedar-labs)"
        )

        said = watched.after(no_requirement, factor("maple", "off"), factor("birch", "off"))
        [cause] = causes(said)
        assert cause.startswith("- critical, new: Organization does not require 2FA (GHO101)")
        assert "2 new for 2 subjects, such as Organization member has no 2FA (GHO102)" in cause

        said = watched.after(leaves("birch"))
        [cause] = causes(said)
        assert "vanished: member github:member/cedar-labs/birch" in cause
        assert "1 gone: Organization member has no 2FA (GHO102)" in cause


def test_repositories_workflows_and_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with begun(tmp_path, monkeypatch) as watched:
        said = watched.after(workflow)
        [cause] = causes(said)
        assert (said.code, cause.startswith("- high, appeared: workflow")) == (1, True)

        said = watched.after(keys)
        assert said.code == 1
        assert len(causes(said)) == 2, "a key and what is wrong with it is one thing"
        assert all(
            "Deploy key" in line and "1 deploy key appeared" in line for line in causes(said)
        )

        said = watched.after(public)
        assert worst_news(said) == "hardenme: high: repository is public (github:cedar-labs)"
        assert said.code == 1

        said = watched.after(new_repository("public"))
        assert said.code == 1
        [cause] = causes(said)
        assert "cedar-labs/moss" in cause
        assert worst_news(said).startswith("hardenme: high: ")

        said = watched.after(deleted(RESIN))
        [cause] = [line for line in causes(said) if "resin" in line]
        assert "vanished: repository github:repo/cedar-labs/resin" in cause
        assert "2 gone" in cause


def test_without_quiet_the_screen_follows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with begun(tmp_path, monkeypatch) as watched:
        said = watched.after(workflow, quiet=False)
        assert said.code == 1
        text = "\n".join(said.lines)
        assert "hardenme checklist" not in text
        assert "Everything: hardenme show --full" in text
        assert len(said.lines) < 60
