"""Words that a shell offers from the last kept run: steps, checks and subjects."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import replace
from datetime import date
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardenme.cli.completion import last_run as completing_run
from hardenme.cli.completion.last_run import BY_COMMAND, _begun, _stepwise
from hardenme.cli.main import root
from hardenme.model.text import HIDDEN
from hardenme.model.waiver import Waiver
from hardenme.reports import pieces
from hardenme.store.runs import Runs
from tests.cli.command import Command
from tests.cli.completion.test_completion import BASH, ask
from tests.cli.conftest import Accounts
from tests.reports.sample import report_of, unprotected

SAFE = re.compile(r"[A-Za-z0-9@:/._~+-]+")


def offered(command: Command, line: str) -> dict[str, str]:
    """The words that are offered for a line, each with what it means."""
    ran = command(
        _HARDENME_COMPLETE="complete_fish",
        _TYPER_COMPLETE_FISH_ACTION="get-args",
        _TYPER_COMPLETE_ARGS=line,
    )
    assert (ran.code, ran.err) == (0, "")
    found = (one.partition("\t") for one in ran.out.splitlines())
    return {word: text for word, _, text in found if word}


def checked(accounts: Accounts) -> list[dict[str, str]]:
    """The findings of a run that is kept."""
    ran = accounts.check("-f", "json", "--select", "GHA,NPP104,NPP106,NPT")
    findings: list[dict[str, str]] = json.loads(ran.out)["findings"]
    return findings


def test_each_argument_is_offered_what_the_run_has(weak: Accounts) -> None:
    command, findings = weak.command, checked(weak)
    asked = weak.asked
    of = {
        result: {
            one["subject"] for one in findings if (one["code"], one["outcome"]) == (code, result)
        }
        for code, result in (("NPP106", "manual"), ("NPP104", "failed"))
    }
    assert offered(command, "hardenme attest NPP10").keys() == {"NPP106"}
    assert offered(command, "hardenme attest package-disallows-tokens ").keys() == of["manual"]
    begun = min(of["manual"])
    rest = offered(command, f"hardenme attest NPP106 {begun} ")
    assert rest.keys() == of["manual"] - {begun}
    failed = {one["code"] for one in findings if one["outcome"] == "failed"}
    assert offered(command, "hardenme waive add ").keys() == failed
    assert offered(command, "hardenme waive add NPP104 ").keys() == of["failed"]
    words = offered(command, "hardenme show ")
    plain = {one["subject"] for one in findings if SAFE.fullmatch(one["subject"])}
    assert words.keys() == {one["code"] for one in findings} | plain
    assert words["NPP106"] == "Package can be published with tokens"
    assert weak.asked == asked


def test_what_is_waived_is_waived_no_more(command: Command) -> None:
    waiver = Waiver("GHB101", "github:repo/mallow/api", "soon gone", date(2099, 1, 1))
    made = report_of([unprotected("web"), replace(unprotected("api"), waiver=waiver)])
    Runs(command.home / ".local/state/hardenme").keep(made, pieces(made, "json"))
    assert offered(command, "hardenme waive add GHB101 ").keys() == {"github:repo/mallow/web"}


def test_steps_are_offered_by_number_and_by_id(weak: Accounts) -> None:
    checked(weak)
    steps = json.loads(weak.command("fix", "-f", "json", "-q").out)["steps"]
    words = offered(weak.command, "hardenme fix ")
    assert list(words) == [str(number) for number in range(1, len(steps) + 1)]
    assert words["1"] == steps[0]["title"]
    begun = steps[0]["id"][:3]
    assert steps[0]["id"] in offered(weak.command, f"hardenme fix {begun}")
    assert offered(weak.command, "hardenme fix 1 ") == {}
    assert offered(weak.command, "hardenme fix --demo ") == {}, "runs of the demo are kept apart"


def test_an_answer_that_is_taken_back_is_one_on_record(weak: Accounts) -> None:
    checked(weak)
    (subject, *_) = sorted(offered(weak.command, "hardenme attest NPP106 "))
    assert offered(weak.command, "hardenme attest --withdraw NPP106 ") == {}
    ran = weak.command("attest", *weak.urls, "NPP106", subject, "--yes", **weak.tokens)
    assert ran.code == 0, ran.err
    assert offered(weak.command, "hardenme attest --withdraw NPP106 ").keys() == {subject}


def test_bash_completes_names_with_colons_and_ats(weak: Accounts) -> None:
    checked(weak)
    # An interactive bash breaks words at an @, too.
    asked = ask(weak.command, "bash", BASH.replace("|&(:", "|&(@:"))
    scoped = sorted(w for w in offered(weak.command, "hardenme show npm:package/@") if "/@" in w)
    assert scoped
    lines = [
        "hardenme show npm:package/@",
        "hardenme show npm:package/",
        "hardenme fix 1",
    ]
    behind_at, behind_colon, numbers = asked(*lines)
    assert behind_at.split() == [word.removeprefix("npm:package/@") for word in scoped]
    assert set(behind_colon.split()) >= {word.removeprefix("npm:") for word in scoped}
    assert "10" in numbers.split()


def test_every_argument_is_there() -> None:
    waiting, found = [root()], set()
    while waiting:
        one = waiting.pop()
        found |= {(one.name, parameter.name) for parameter in one.params}
        waiting += getattr(one, "commands", {}).values()
    assert BY_COMMAND.keys() <= found


def emptied(_: Path) -> None:
    """Nothing is kept."""


def broken(folder: Path) -> None:
    (run,) = Runs(folder).all()
    run.path.write_text('{"schema_version": "1')


def readable(folder: Path) -> None:
    (run,) = Runs(folder).all()
    run.path.chmod(0o666)


def huge(folder: Path) -> None:
    (run,) = Runs(folder).all()
    with run.path.open("a") as file:
        file.write(" " * (completing_run.LARGEST + 1))


@pytest.mark.sampled(2)
@pytest.mark.parametrize("spoil", [broken, readable, huge, emptied])
def test_without_a_run_that_can_be_read_nothing_is_offered(command: Command, spoil: object) -> None:
    folder = command.home / ".local" / "state" / "hardenme"
    if spoil is not emptied:
        assert command("check", "local", "--no-keep").code in {0, 1, 3}
        command("check", "local")
        assert offered(command, "hardenme show loc")
        spoil(folder)  # type: ignore[operator]
    before = {path: path.read_bytes() for path in command.home.rglob("*") if path.is_file()}
    for line in ("fix ", "show ", "waive add LOC101 ", "attest NPP106 ", "attest --withdraw X "):
        assert offered(command, f"hardenme {line}") == {}
    # The catalogue has codes without a run.
    assert "NPP106" in offered(command, "hardenme attest NPP10")
    assert {path: path.read_bytes() for path in command.home.rglob("*") if path.is_file()} == before


@given(
    st.lists(st.tuples(st.text(max_size=12), st.text(max_size=30)), max_size=8),
    st.sampled_from(["", "g", "$", "-", " "]),
)
def test_no_name_means_anything_to_a_shell(offers: list[tuple[str, str]], begun: str) -> None:
    for word, text in _begun(
        begun, [*offers, ("github:repo/a/$(id)", ""), ("-f", ""), ("ok;", "")]
    ):
        assert SAFE.fullmatch(word)
        assert not word.startswith("-")
        assert word.startswith(begun)
        # A blank of any width is seen; nothing is hidden, and nothing steers.
        assert HIDDEN.isdisjoint(map(unicodedata.category, text))


@given(st.sets(st.from_regex(r"npm:[ab]{1,2}(/[ab]{1,2}){1,2}", fullmatch=True), max_size=14))
def test_many_words_are_offered_step_by_step(words: set[str]) -> None:
    with patch.object(completing_run, "MOST", 5):
        found = _stepwise(sorted(words), 0)
    if len(words) <= 5:
        assert found == sorted(words)
        return
    assert len(found) > 1
    for word in words:
        # Who goes on from an offer comes to every word.
        assert [one for one in found if word.startswith(one)]
    assert all(one in words or one[-1] in "/:" for one in found)
