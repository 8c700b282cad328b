"""This machine, from what is typed to what is shown."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hardenme.cli.exposed.machine import on_this_machine, reach
from hardenme.cli.exposed.question import asked_for
from hardenme.ground.errors import UsageError
from hardenme.model.exposure import ExposureGrade
from tests.collectors.local.home import GITHUB_TOKEN, NPM_TOKEN, Home
from tests.collectors.local.keys import OPEN_KEY
from tests.collectors.local.packages.package_scene import BAD, Machine

WINDOW = "2026-03-31T02:00Z/2026-04-01"


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    made = Machine(Home(tmp_path))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return made


def test_this_machine_is_named_as_in_check() -> None:
    question = asked_for(["axios@1.14.1", "local"], WINDOW)
    assert (question.machine, question.folders, question.targets) == (True, (), ())
    both = asked_for(["axios@1.14.1", "github:acme/web", "local"], WINDOW)
    assert (both.machine, both.targets) == (True, ("github:acme/web",))


def test_a_folder_that_is_named_is_on_this_machine() -> None:
    folders = (Path("src"), Path("src"))
    question = asked_for(["axios@1.14.1"], WINDOW, folders)
    assert (question.machine, question.folders) == (True, (Path("src"),))


def test_an_action_is_not_looked_for_on_a_machine() -> None:
    with pytest.raises(UsageError, match="actions run on GitHub"):
        asked_for(["tj-actions/changed-files@v45", "local"], WINDOW)


def test_nowhere_to_look_is_not_a_question() -> None:
    with pytest.raises(UsageError, match="github:OWNER/REPO, local"):
        asked_for(["axios@1.14.1"], WINDOW)


@pytest.mark.parametrize(
    ("words", "between", "why"),
    [
        (["axios", "local"], WINDOW, "'axios' is not PACKAGE@VERSION"),
        (["axios@1.14.1", "npm:axios"], WINDOW, "where to look: github:OWNER"),
        (["axios@1.14.1", "local"], "2999-01-01", "begins after now"),
        (["axios@1.14.1", "local"], "2026-03-31/2026-03-30", "the earlier one first"),
        (["axios@1.14.1", "local"], "2026-13-31", "'2026-13-31' is not a time"),
    ],
)
def test_what_is_wrong_with_a_question_is_named(words: list[str], between: str, why: str) -> None:
    with pytest.raises(UsageError, match=re.escape(why)):
        asked_for(words, between)


def test_a_name_with_capital_letters_is_also_asked_for_as_npm_writes_it() -> None:
    things = asked_for(["Axios@1.14.1", "local"], WINDOW).things
    assert list(map(str, things)) == ["Axios@1.14.1", "axios@1.14.1"]
    (thing,) = asked_for(["axios@1.14.1", "local"], WINDOW).things
    assert str(thing) == "axios@1.14.1"


def test_a_download_is_shown_with_what_to_rotate(machine: Machine) -> None:
    machine.npm_cache(BAD)
    machine.write(".npmrc", f"//registry.example.test/:_authToken={NPM_TOKEN}\n")
    question = asked_for(["axios@1.14.1"], WINDOW, [machine.folder("src")])
    said: list[str] = []
    found = on_this_machine(question, machine.home.station(), said.append)
    assert found.grade is ExposureGrade.CONFIRMED
    assert found.reach[0].endswith("~/.npmrc line 1")
    assert said == ["~/.npm"]


def test_what_can_publish_is_rotated_first_and_no_value_is_shown(machine: Machine) -> None:
    home = machine.home
    home.write(".npmrc", f"//registry.example.test/:_authToken={NPM_TOKEN}\n")
    home.write(".config/gh/hosts.yml", f"github.com:\n    oauth_token: {GITHUB_TOKEN}\n")
    home.write(".git-credentials", f"https://hazel:{GITHUB_TOKEN}@github.com\n")
    home.write(".ssh/id_ed25519", OPEN_KEY)
    home.write(".ssh/id_torn", "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n")
    home.write(".docker/config.json", "{}")
    home.environ["NODE_AUTH_TOKEN"] = NPM_TOKEN
    home.environ["GH_TOKEN"] = GITHUB_TOKEN
    found = reach(home.station())
    marks = (".npmrc", "NODE_AUTH_TOKEN", "GH_TOKEN", "of gh in", ".git-credentials", "id_ed25519")
    places = [next(n for n, line in enumerate(found) if mark in line) for mark in marks]
    npm, rest = set(places[:2]), places[2:]
    assert max(npm) < min(rest)
    assert max(rest[:2]) < rest[2] < rest[3] < found.index("what ~/.docker/config.json has")
    assert "CANARY" not in repr(found)
    assert any("id_torn: not known" in line for line in found)
    assert "browsers" in found[-2]


def test_an_unreadable_place_of_credentials_is_on_the_list(machine: Machine) -> None:
    machine.folder(".config/gh/hosts.yml")
    assert any(line.startswith("not known: ") for line in reach(machine.home.station()))


@pytest.mark.parametrize(
    ("between", "end"),
    [
        ("2026-03-30/2026-03-31", datetime(2026, 3, 31, 23, 59, 59, tzinfo=UTC)),
        ("2026-03-31/2026-03-31", datetime(2026, 3, 31, 23, 59, 59, tzinfo=UTC)),
        ("2026-03-30/20260331", datetime(2026, 3, 31, 23, 59, 59, tzinfo=UTC)),
        ("2026-03-30/2026-W14-2", datetime(2026, 3, 31, 23, 59, 59, tzinfo=UTC)),
        ("2026-03-30/2026-W14", datetime(2026, 4, 5, 23, 59, 59, tzinfo=UTC)),
        ("2026-03-30/2026-03-31T03", datetime(2026, 3, 31, 3, 59, 59, tzinfo=UTC)),
        ("2026-03-30/2026-03-31T03+02:00", datetime(2026, 3, 31, 1, 59, 59, tzinfo=UTC)),
        ("2026-03-30/2026-03-31T00:00Z", datetime(2026, 3, 31, 0, 0, 59, tzinfo=UTC)),
        ("2026-03-30/20260331T0329", datetime(2026, 3, 31, 3, 29, 59, tzinfo=UTC)),
        ("2026-03-30/2026-03-31T03:29:07-01", datetime(2026, 3, 31, 4, 29, 7, tzinfo=UTC)),
    ],
)
def test_what_is_named_last_is_in_the_window_to_its_last_second(
    between: str, end: datetime
) -> None:
    first, last = between.split("/")
    assert asked_for(["axios@1.14.1", "local"], between).end == end
    assert asked_for(["axios@1.14.1", "local", last], first).end == end
