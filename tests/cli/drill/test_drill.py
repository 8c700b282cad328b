"""`hardenme drill`: played at a terminal, recorded at its end alone; nothing is sent."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import pytest

from hardenme.cli.drill.incident import judged
from hardenme.cli.drill.own import INVENTED, Own
from hardenme.cli.drill.scenarios import NAMES, DrillChoice, scenario, tabletop
from hardenme.cli.main import run
from hardenme.cli.terminal.console import Console
from hardenme.store.attestations import newest, read
from tests.cli.attest.desk import Desk, Terminal, desk
from tests.cli.conftest import Accounts
from tests.factories.statements import today

pytestmark = pytest.mark.sampled(10)

__all__ = ["desk"]

GOOD = {
    "npm token (list|ls)( --json)?": "npm token list --json",
    "npm token (revoke|rm|delete|remove) \\S+": "npm token revoke {token}",
    "npm dist-tag (add|set) \\S+@\\S+( latest)?": "npm dist-tag add {package}@{version} latest",
    "npm deprecate \\S+@\\S+ .+": 'npm deprecate {package}@9.9.9 "Do not install: under review"',
    "npm stage (list|reject( \\S+)?)": "npm stage list",
    "": "{web}/settings/sessions",
    "npm (owner|author) (rm|remove) \\S+ \\S+": "npm owner rm {owner} {package}",
}


@pytest.fixture
def weak(organizations: Accounts, tmp_path: Path) -> Desk:
    found = Desk(organizations, tmp_path / "mine", organizations.tokens)
    found.home.mkdir()
    return found


def good(choices: tuple[DrillChoice, ...]) -> str:
    return str(1 + next(number for number, one in enumerate(choices) if one.good))


def typed(name: str, *, wrong: bool = False) -> list[str]:
    """What is typed to play a scenario well, or badly."""
    right = [good(scene.choices) for scene in scenario(name).scenes]
    return [str(int(one) % 3 + 1) for one in right] if wrong else right


def lines(*answers: str) -> str:
    return "".join(f"{one}\n" for one in answers)


def said(desk: Desk) -> dict[str, Any]:
    return {one.code: one for one in newest(read(desk.folder).statements)}


@pytest.mark.parametrize("name", NAMES)
def test_a_scenario_is_whole(name: str) -> None:
    found = scenario(name)
    assert len(NAMES) == 8
    assert 3 <= len(found.scenes) <= 5, "five minutes"
    assert found.title
    assert re.search(r"20[0-2]\d", found.case), "a real case has a date"
    for scene in found.scenes:
        assert scene.source.startswith("https://")
        assert len(scene.choices) == 3
        assert sum(one.good for one in scene.choices) == 1
        assert all(one.text and one.why for one in scene.choices)
    places = {good(scene.choices) for scene in found.scenes}
    assert len(places) > 1, "the good choice is not always at the same place"


@pytest.mark.parametrize("name", NAMES)
def test_a_scenario_is_played_and_recorded(desk: Desk, name: str) -> None:
    desk.checked("me", select="ATT105")
    asked = desk.accounts.asked
    assert desk("drill", name, typed=lines(*typed(name))) == 0
    assert desk.accounts.asked == asked, "nothing is sent"
    found = scenario(name)
    number = len(found.scenes)
    shown = " ".join(desk.err.split())
    assert shown.count("Right. ") == number
    for scene in found.scenes:
        assert scene.source in shown
    statement = said(desk)["ATT105"]
    assert statement.subject == "practice:user/hazel"
    assert statement.evidence == f"drill {name}: {number} of {number} decided well"
    assert f"{statement.until:%Y-%m-%d}" == f"{today(180):%Y-%m-%d}"
    assert desk.checked("me", select="ATT105")["practice:user/hazel"]["outcome"] == "attested"


def test_what_was_decided_badly_is_explained_and_still_a_drill(desk: Desk) -> None:
    desk.checked("me", select="ATT105")
    name = NAMES[1]
    assert desk("drill", name, typed=lines(*typed(name, wrong=True))) == 0
    shown = " ".join(desk.err.split())
    for scene in scenario(name).scenes:
        better = next(one for one in scene.choices if one.good)
        assert f"Better: {better.text} {better.why}" in shown
    assert "0 of 4 decided well" in said(desk)["ATT105"].evidence


def test_one_is_picked_from_the_list(desk: Desk) -> None:
    desk.checked("me", select="ATT105")
    assert desk("drill", typed=lines("9x", "3", *typed(NAMES[2]))) == 0
    assert f"drill {NAMES[2]}" in said(desk)["ATT105"].evidence
    assert desk("drill", "--list") == 0
    listed, _, following = desk.out.partition("\n\n")
    names = [line.split()[0] for line in listed.splitlines() if not line.startswith(" ")]
    assert names == [*NAMES, "incident"]
    assert "hardenme drill" in following


@pytest.mark.parametrize("end", range(4))
def test_a_drill_that_is_stopped_records_nothing(desk: Desk, end: int) -> None:
    desk.checked("me", select="ATT105")
    before = desk.files()
    for last in ("", "quit\n"):
        assert desk("drill", NAMES[0], typed=lines(*typed(NAMES[0])[:end]) + last) == 5
        assert "stopped: nothing was recorded" in desk.err
        assert desk.files() == before


def test_an_interrupt_records_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.checked("me", select="ATT105")
    before = desk.files()

    class Interrupted(Terminal):
        def readline(self, *_: Any) -> str:
            raise KeyboardInterrupt

    monkeypatch.setenv("XDG_STATE_HOME", str(desk.home / "state"))
    monkeypatch.setattr(sys, "stdin", Interrupted())
    assert run(["drill", NAMES[0]], Console(Terminal(), Terminal(), {})) == 130
    assert desk.files() == before


def test_without_a_terminal_or_a_known_name_it_refuses(desk: Desk) -> None:
    assert desk("drill", NAMES[0]) == 2
    assert "a drill needs a person at a terminal" in desk.err
    assert desk("drill", "axios", typed="1\n") == 2
    assert "no scenario is called 'axios'" in desk.err
    assert desk("drill", "--account", "no login!", NAMES[0], typed="1\n") == 2
    assert read(desk.folder).statements == ()


def test_without_a_run_the_person_says_whose_drill_it_is(desk: Desk) -> None:
    name = NAMES[3]
    assert desk("drill", name, typed=lines(*typed(name))) == 0
    assert "hardenme attest ATT105 practice:LOGIN --yes" in " ".join(desk.err.split())
    assert read(desk.folder).statements == ()
    assert desk("drill", name, "--account", "hazel", typed=lines(*typed(name))) == 0
    assert said(desk)["ATT105"].account == "github:hazel"


def test_a_drill_is_not_compared_with_the_accounts_of_somebody_else(desk: Desk) -> None:
    desk.checked("me", select="ATT105")
    assert desk("drill", NAMES[3], "--account", "rowan", typed=lines(*typed(NAMES[3]))) == 2
    assert "the last run is of hazel, not of rowan" in " ".join(desk.err.split())
    assert read(desk.folder).statements == ()
    assert desk("drill", NAMES[3], "--account", "HAZEL", typed=lines(*typed(NAMES[3]))) == 0
    assert said(desk)["ATT105"].by == "hazel"


def test_a_broken_record_is_not_added_to(desk: Desk) -> None:
    desk.folder.mkdir(parents=True)
    (desk.folder / "attestations.jsonl").write_text("{}\n")
    (desk.folder / "attestations.jsonl").chmod(0o600)
    assert desk("drill", NAMES[0], typed=lines(*typed(NAMES[0]))) == 2
    assert "state everything anew" in desk.err


def incident(own: Own, **instead: str) -> list[str]:
    """Good answers to the tabletop."""
    answers = []
    for inject in tabletop().injects:
        text = good(inject.choices) if inject.choices else GOOD[inject.command]
        for name, value in {**own.names, **instead}.items():
            text = text.replace(f"{{{name}}}", value)
        answers.append(text)
    return answers


def rehearsed(desk: Desk) -> Own:
    """What the last run of the desk shows, as the drill reads it."""
    from hardenme.cli.drill.own import own_of  # noqa: PLC0415 (reads the state folder in place)

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(desk.home / "state"))
        return own_of("")


def checked_all(desk: Desk) -> None:
    desk("check", "--no-local", "--no-cache", *desk.accounts.urls, "-f", "json")


def test_the_tabletop_is_compared_with_the_last_run_and_recorded(weak: Desk) -> None:
    checked_all(weak)
    own = rehearsed(weak)
    assert own.names["package"] != INVENTED["package"]
    assert own.known("npm token")
    asked = weak.accounts.asked
    assert weak("drill", "incident", typed=lines(*incident(own), "yes")) == 0
    assert weak.accounts.asked == asked
    shown = " ".join(weak.err.split())
    number = len(tabletop().injects)
    assert f"{number} of {number} right, 0 late" in shown
    assert "first revoke after" in shown
    assert "Your fix plan has: npm token revoke" in shown
    assert "compare your plan with it: hardenme runbook" in shown
    found = said(weak)
    assert {"ATT105", "ATT106"} == set(found)
    assert re.search(r"inventory [0-9a-f]{12}$", found["ATT106"].evidence)
    assert f"{found['ATT106'].until:%Y-%m-%d}" == f"{today(90):%Y-%m-%d}"


def test_a_plan_that_is_not_up_to_date_is_no_rehearsed_plan(weak: Desk) -> None:
    checked_all(weak)
    assert weak("drill", "incident", typed=lines(*incident(rehearsed(weak)), "no")) == 0
    assert set(said(weak)) == {"ATT105"}


def test_changed_accounts_make_a_rehearsal_stale(weak: Desk) -> None:
    checked_all(weak)
    assert weak("drill", "incident", typed=lines(*incident(rehearsed(weak)), "yes")) == 0
    assert weak("show", "--practices") == 0
    assert "changed since the incident plan was rehearsed" not in weak.out
    weak.checked("me", select="NPT,ATT106")
    assert weak("show", "--practices") == 0
    assert "changed since the incident plan was rehearsed" in " ".join(weak.out.split())


def test_commands_that_name_nothing_of_yours_are_not_right(weak: Desk) -> None:
    checked_all(weak)
    own = rehearsed(weak)
    answers = incident(own, package="left-pad", token="ffffffff")
    assert weak("drill", "incident", typed=lines(*answers, "no")) == 0
    shown = " ".join(weak.err.split())
    assert f"does not name {own.names['package']}." in shown
    assert len(own.known("npm token")) > 1
    assert "it names no npm token of your last run" in shown


@pytest.mark.parametrize("answer", ["gh auth status", "gh auth logout"])
def test_a_command_that_ends_no_session_is_not_right(desk: Desk, answer: str) -> None:
    page = f"{INVENTED['web']}/settings/sessions"
    answers = [answer if one == page else one for one in incident(Own())]
    assert desk("drill", "incident", typed=lines(*answers, "no")) == 0
    number = len(tabletop().injects)
    assert f"{number - 1} of {number} right" in " ".join(desk.err.split())


def test_without_a_run_it_says_what_is_missing(desk: Desk) -> None:
    assert desk("drill", "incident", typed=lines(*incident(Own()), "no")) == 0
    shown = " ".join(desk.err.split())
    assert "No run was read, so the names are invented" in shown
    assert "your-package" in shown
    assert "No run shows what to rotate." in shown


@pytest.mark.parametrize(
    ("answer", "right"),
    [
        ("npm token revoke abc", True),
        ("npm  token   revoke abc", True),
        ("npm token revoke", False),
        ("npm token list", False),
        ("sudo npm token revoke abc", False),
        ("https://www.npmjs.com/settings/hazel/tokens", True),
        ("https://www.npmjs.com.example.test/settings/x", False),
        ("?", False),
    ],
)
def test_a_command_is_judged_by_its_words(answer: str, *, right: bool) -> None:
    inject = next(one for one in tabletop().injects if "revoke" in one.command)
    assert judged(answer, inject, Own())[0] is right


def test_the_clock_is_kept() -> None:
    for inject in tabletop().injects:
        assert inject.seconds >= 60
        assert bool(inject.choices) != bool(inject.command or inject.page)
        assert inject.choices or inject.expected
    minutes = [inject.minute for inject in tabletop().injects]
    assert minutes == sorted(minutes)
    assert (minutes[0], minutes[-1]) == (0, 60)
