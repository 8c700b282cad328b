"""A check keeps its run, apart from all that is compared with; nothing else fails for it."""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import NoReturn

import pytest

from benchmarks.walks import ours
from hardenme.cli.output import delivery
from hardenme.cli.stored import runs as kept
from hardenme.ground import clock
from hardenme.ground.private import opened
from hardenme.model.report import Identity
from hardenme.reports.reading import read
from hardenme.reports.sign_in import elsewhere
from hardenme.store import runs
from hardenme.store.runs import MOST
from tests.cli.command import Command
from tests.cli.conftest import Accounts
from tests.reports.sample import report_of
from tests.worlds.organizations import base

pytestmark = pytest.mark.sampled(10)

FEW = ("--select", "GHA101,NPA101", "me")
OWNER = {"HARDENME_GITHUB_TOKEN": base.WEAK_CLASSIC}
ORG = "github:bramble-labs"


def files(command: Command, folder: str = "runs") -> list[Path]:
    return sorted(command.home.rglob(f"{folder}/0*.json"))


def test_a_check_keeps_what_it_found(weak: Accounts) -> None:
    told = weak.check(*FEW, "-f", "json").out
    (path,) = files(weak.command)
    assert path.read_text() == told
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert not list(weak.command.home.rglob("history"))


def test_its_json_is_made_once(weak: Accounts, monkeypatch: pytest.MonkeyPatch) -> None:
    def again(*_: object, **__: object) -> NoReturn:
        raise AssertionError("made a second time")

    out = weak.command.folder / "out.json"
    with monkeypatch.context() as patched:
        patched.setattr(delivery, "pieces", again)
        assert weak.check(*FEW, "-f", "json", "-o", str(out)).code in {0, 1}
    (path,) = files(weak.command)
    assert out.read_bytes() == path.read_bytes()

    # Others may read this file, so it is not taken; the report is the same.
    monkeypatch.setattr(runs, "opened", partial(_open_to_others, opened))
    told = weak.check(*FEW, "-f", "json").out
    assert told == files(weak.command)[-1].read_text()


def _open_to_others(
    real: Callable[[Path, int], AbstractContextManager[int]], path: Path, flags: int
) -> AbstractContextManager[int]:
    if flags == os.O_RDONLY:
        path.chmod(0o644)
    return real(path, flags)


def test_it_is_kept_whatever_its_form(weak: Accounts) -> None:
    out = weak.command.folder / "out.html"
    weak.check(*FEW, "--redact", "-f", "html", "-o", str(out))
    (path,) = files(weak.command)
    assert any(one.code == "GHA101" for one in read(path.read_text()).findings)
    assert not json.loads(path.read_text())["redacted"]


@pytest.mark.parametrize(
    ("arguments", "environ"),
    [(("--no-keep",), {}), ((), {"CI": "true"}), ((), {"HARDENME_KEEP_RUN": "0"})],
)
def test_it_is_not_kept_where_that_is_not_wanted(
    weak: Accounts, arguments: tuple[str, ...], environ: dict[str, str]
) -> None:
    assert weak.check(*FEW, *arguments, **environ).code in {0, 1}
    assert files(weak.command) == []


@pytest.mark.parametrize("name", ["check", "report"])
def test_a_run_that_is_not_kept_names_no_command_that_needs_it(weak: Accounts, name: str) -> None:
    weak.check(*FEW)
    run = weak.screen if name == "check" else weak.report
    ran = run(*FEW, CI="true", **weak.tokens)
    assert "START" in ran.out
    named = {command.split()[1] for command, _ in ours(ran.out + ran.err, "")}
    assert not named & {"attest", "fix", "people", "show"}


def test_a_file_of_settings_says_so_too(weak: Accounts) -> None:
    own = weak.command.home / ".config" / "hardenme"
    own.mkdir(parents=True)
    (own / "config.toml").write_text("keep-run = false\n")
    weak.check(*FEW)
    assert files(weak.command) == []
    weak.check(*FEW, "--keep-run")
    assert len(files(weak.command)) == 1


def test_nothing_is_kept_of_a_run_that_looked_at_nothing(weak: Accounts) -> None:
    assert weak.check("--select", "GHT", "--ignore", "GH").code == 5
    assert files(weak.command) == []


def test_a_report_is_a_kept_run_in_every_form_and_compares_with_none(weak: Accounts) -> None:
    weak.check("--select", "GHA101", "me")
    first = weak.report("me", "-f", "json")
    assert "baseline" in (first.out + first.err)
    assert len(files(weak.command)) == 2
    weak.report("me", "--quiet", "--digest")
    assert len(files(weak.command)) == 3
    weak.report("me")
    assert len(files(weak.command)) == 4
    assert weak.command("fix", "1").code == 0


def test_the_newest_are_kept(weak: Accounts) -> None:
    for _ in range(MOST + 1):
        weak.check(*FEW, "-q")
    numbers = [int(path.name[:6]) for path in files(weak.command)]
    assert numbers == list(range(2, MOST + 2))


@pytest.mark.parametrize("way", ["file", "locked", "link"])
def test_a_run_that_cannot_be_kept_is_told_in_one_sentence(weak: Accounts, way: str) -> None:
    state = weak.command.folder / "state"
    if way == "file":
        state.write_text("in the way")
    else:
        state.mkdir(mode=0o700)
        inner = state / "hardenme"
        inner.mkdir(mode=0o700)
        if way == "link":
            (inner / "runs").symlink_to(weak.command.folder)
        else:
            inner.chmod(0o777)
    usual = weak.check(*FEW, "--no-keep", "-f", "json", XDG_STATE_HOME=str(state))
    ran = weak.check(*FEW, "-f", "json", XDG_STATE_HOME=str(state))
    assert ran.code == usual.code
    assert json.loads(ran.out)["counts"] == json.loads(usual.out)["counts"]
    (told,) = [line for line in ran.told if line not in usual.told]
    assert told.startswith("hardenme: This run is not kept, so `hardenme show` does not have it: ")


def test_without_a_home_a_run_goes_on(weak: Accounts) -> None:
    ran = weak.check(*FEW, HOME="/dev/null/nobody")
    assert ran.code in {0, 1}
    assert ran.err.count("This run is not kept") == 1
    assert weak.command("show", HOME="/dev/null/nobody").told == [
        "hardenme: No run is kept. Run `hardenme check` first."
    ]


def test_two_runs_at_once_keep_both_files_whole(weak: Accounts) -> None:
    fixed = ("check", "--no-local", "--no-cache", *weak.urls, "-q")
    together = [
        weak.command.start(*fixed, target, "--select", select, **weak.tokens)
        for target, select in (("me", "GHA"), ("npm:@acorn-labs/sieve", "NPP"))
    ]
    for process in together:
        process.communicate(timeout=60)
    found = [read(path.read_text()) for path in files(weak.command)]
    assert sorted(one.targets for one in found) == [("me",), ("npm:@acorn-labs/sieve",)]


class TestCache:
    """Where runs are counted, and removed."""

    def test_runs_are_counted_and_removed(self, weak: Accounts) -> None:
        weak.check(*FEW)
        (path,) = files(weak.command)
        told = " ".join(weak.command("cache", "show").out.split())
        demo = "0 runs of the demo, 0 bytes, in "
        assert re.search(rf" 1 runs, \S+ \w+, in {path.parent} {demo}", told)
        weak.command("cache", "clear")
        assert path.exists(), "answers alone"
        cleared = " ".join(weak.command("cache", "clear", "--runs").out.split())
        assert cleared.startswith(f"removed 1 run from {path.parent}")
        assert not path.exists()
        assert weak.command("show").code == 2

    def test_a_folder_that_is_not_ours_is_left_alone(self, command: Command) -> None:
        state = command.home / ".local" / "state" / "hardenme"
        state.mkdir(parents=True)
        (state / "runs").symlink_to(command.folder)
        (command.folder / "000001-20260101T000000Z-00000000-00000000.json").touch()
        for words in (("cache", "clear", "--runs"), ("cache", "show"), ("show",)):
            ran = command(*words)
            assert ran.code == 2
            assert "a link to elsewhere" in ran.err
        assert list(command.folder.iterdir())


class TestMember:
    """`check --member`: from a run that is there, or by asking little."""

    def found(self, text: str) -> dict[tuple[str, str], tuple[str, str]]:
        return {
            (one["code"], one["subject"]): (one["outcome"], one.get("message", ""))
            for one in json.loads(text)["findings"]
        }

    def test_a_kept_run_answers_without_a_request(self, organizations: Accounts) -> None:
        few = (ORG, "--select", "GHO", "-f", "json")
        whole = organizations.bare(*few, **OWNER)
        asked = organizations.asked
        ran = organizations.bare(*few, "--member", "nettle")
        assert organizations.asked == asked
        assert ran.code == 1
        (told,) = ran.told
        assert "less than a minute ago" in told
        assert f"{ORG}, as thorn on" in told
        theirs = {
            key: value
            for key, value in self.found(whole.out).items()
            if key[1].rpartition("/")[2] == "nettle"
        }
        assert self.found(ran.out) == theirs

    def test_without_one_only_people_are_asked_about(self, organizations: Accounts) -> None:
        whole = self.found(organizations.bare(ORG, "--no-keep", "-f", "json", **OWNER).out)
        all_asked = organizations.asked
        assert all_asked > 40
        for login in ("nettle", "thistle", "thorn", "stray"):
            ran = organizations.bare(ORG, "--member", login, "-f", "json", **OWNER)
            theirs = {k: v for k, v in whole.items() if k[1].rpartition("/")[2] == login}
            assert theirs
            assert self.found(ran.out) == theirs, login
        assert organizations.asked - all_asked < all_asked / 2
        left_out = json.loads(ran.out)["coverage"]["not_selected"]
        assert left_out["not about a person"] > 100

    def test_a_target_that_was_not_found_stays_so(self, organizations: Accounts) -> None:
        few = (ORG, "github:nobody-here", "--select", "GHO102")
        whole = organizations.bare(*few, **OWNER)
        theirs = organizations.bare(*few, "--member", "tansy-or-so", **OWNER)
        asked = organizations.asked
        ran = organizations.bare(*few, "--member", "thorn")
        assert organizations.asked == asked
        assert "github:nobody-here: not found" in whole.err
        assert theirs.code == 5
        assert ran.code == 3, "what the user asked about is not known"

    @pytest.mark.sampled(3)
    @pytest.mark.parametrize(
        "more",
        [
            ("--no-keep",),
            ("--depth", "deep"),
            ("--profile", "strict"),
            ("--fail-on", "low"),
            ("--select", "GHO102"),
            ("--as", "hazel"),
            ("--exclude", "briar"),
        ],
    )
    def test_a_run_of_other_options_does_not_stand_in(
        self, organizations: Accounts, more: tuple[str, ...]
    ) -> None:
        organizations.bare(ORG, "--select", "GHO102,GHO103", **OWNER)
        asked = organizations.asked
        chosen = () if "--select" in more else ("--select", "GHO102,GHO103")
        organizations.bare(ORG, "--member", "nettle", *chosen, *more, **OWNER)
        assert organizations.asked > asked

    def test_an_old_or_broken_run_does_not_stand_in(self, organizations: Accounts) -> None:
        few = ("--select", "GHO102,GHO103")
        organizations.bare(ORG, *few, **OWNER)
        (path,) = files(organizations.command)
        asked = organizations.asked
        organizations.command.now = clock.now() + timedelta(days=1, minutes=5)
        organizations.bare(ORG, "--member", "nettle", *few, **OWNER)
        assert organizations.asked > asked
        organizations.command.now = None
        asked = organizations.asked
        for one in files(organizations.command):
            one.write_text(one.read_text()[:200])
        ran = organizations.bare(ORG, "--member", "nettle", *few, **OWNER)
        assert organizations.asked > asked
        assert ran.code == 1
        assert path.exists()


def test_what_was_shown_is_remembered(weak: Accounts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(weak.command.home))
    for name in [name for name in os.environ if name.startswith("XDG_")]:
        monkeypatch.delenv(name)
    weak.screen(*FEW, **weak.tokens)
    first = kept.last_shown()
    assert first is not None
    weak.check(*FEW, "-f", "json")
    assert kept.latest().run.number == first.number + 1
    assert kept.last_shown() == first, "nobody saw the numbers of the second run's steps"
    weak.command("show", "GHA101")
    assert kept.last_shown() == first
    weak.command("show")
    assert kept.last_shown() == kept.latest().run


def test_a_run_that_could_not_sign_in_does_not_stand_for_one_that_could(weak: Accounts) -> None:
    weak.check(*FEW, **weak.tokens)
    first = weak.command("show", "-f", "json").out
    refused = {name: f"{value[:-3]}zzz" for name, value in weak.tokens.items()}
    half = {**weak.tokens, "HARDENME_NPM_TOKEN": refused["HARDENME_NPM_TOKEN"]}
    for tokens, why in (
        (half, "npm refused the token (401)"),
        (refused, "GitHub refused the token (401) and npm refused the token (401)"),
    ):
        ran = weak.check(*FEW, **tokens)
        assert f"{why}. Nothing" in weak.screen(*FEW, **tokens).out.replace("\n          ", " ")
        assert "stands, with" in ran.err
        shown = weak.command("show", "-f", "json")
        assert shown.out == first
        assert f"The last run could not sign in: {why}." in shown.err
        for words in (("fix",), ("attest",)):
            assert f"The last run could not sign in: {why}." in weak.command(*words).err
        assert weak.command("show", "-f", "json").out == first
    # What could sign in again is the last run.
    weak.check(*FEW, **weak.tokens)
    assert "could not sign in" not in weak.command("show").err


def test_weeks_of_runs_that_could_not_sign_in_do_not_stand_for_one_that_could(
    weak: Accounts,
) -> None:
    weak.check(*FEW, **weak.tokens)
    first = weak.command("show", "-f", "json").out
    refused = {name: f"{value[:-3]}zzz" for name, value in weak.tokens.items()}
    weak.check(*FEW, **refused)
    folder = weak.command.home / ".local" / "state" / "hardenme" / "runs"
    last = max(folder.glob("*.json"))
    number, _, others = last.name.partition("-")
    for more in range(1, kept.MOST_READ + 2):
        copied = folder / f"{int(number) + more:06}-{others}"
        copied.write_bytes(last.read_bytes())
        copied.chmod(0o600)
    shown = weak.command("show", "-f", "json")
    assert shown.out == first
    assert "The last run could not sign in: " in shown.err


def test_a_host_that_finds_nothing_and_names_no_one_is_not_taken_for_github() -> None:
    report = report_of([])
    other = Identity("github", "http://127.0.0.1:1", "", "classic", "a variable")
    lost = replace(report, identities=(other,), targets=("github:a",), not_found=("github:a",))
    assert elsewhere(lost).startswith("127.0.0.1 did not answer as GitHub does")
    for known in (
        replace(other, login="hazel"),
        replace(other, kind="installation"),
        replace(other, source=""),
    ):
        assert not elsewhere(replace(lost, identities=(known,)))
    assert not elsewhere(replace(lost, not_found=()))


def test_a_report_that_could_not_sign_in_says_why_before_anything_else(weak: Accounts) -> None:
    weak.report(*FEW)
    token = weak.tokens["HARDENME_GITHUB_TOKEN"]
    ran = weak.report(*FEW, HARDENME_GITHUB_TOKEN=f"{token[:-3]}zzz")
    assert ran.err.startswith("hardenme: GitHub refused the token (401). Nothing ")


def test_the_first_run_that_could_not_sign_in_is_all_there_is(weak: Accounts) -> None:
    refused = {name: f"{value[:-3]}zzz" for name, value in weak.tokens.items()}
    ran = weak.check(*FEW, **refused)
    assert "stands" not in ran.err
    shown = weak.command("show")
    assert "could not sign in" not in shown.err
    assert "without an account" in shown.err
