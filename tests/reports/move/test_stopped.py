"""A move that is stopped again and again ends the same; no package is ever without a way."""

from __future__ import annotations

import json
import os
import random
import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from hardenme.sandbox.http import LoopbackServer, Reply, Request
from tests.moment import NOW
from tests.reports.move import npm_stand_in
from tests.reports.move.terminal import AGREED, INTERRUPT, KILL, Answer, Ended, Terminal, row

pytestmark = [
    pytest.mark.needs("node"),
    pytest.mark.second_tier("it runs the whole script many times"),
    pytest.mark.sampled(24),
]
BATCHES = 2
FEWER, MOST = (10, 10), (40, 50)
"""How many packages, and how often the script is stopped: without and with --exhaustive."""
STEPS = ("set 1", "set 2", "finish")
OLD = {"id": npm_stand_in.OLD, "type": "github", "file": "ci.yml", "repository": "acme/lib"}


class Registry(LoopbackServer):
    """What anyone is shown of packages."""

    def __init__(self) -> None:
        super().__init__(self._answer)
        self.packuments: dict[str, Any] = {}

    def _answer(self, request: Request) -> Reply:
        found = self.packuments.get(request.segments[0])
        return Reply(404, {"error": "Not found"}) if found is None else Reply(200, found)


@pytest.fixture
def registry() -> Iterator[Registry]:
    with Registry() as found:
        yield found


class Desk:
    """A terminal with the stand-in, and packages that publish by an old publisher alone."""

    def __init__(self, registry: Registry, folder: Path, packages: int) -> None:
        folder.mkdir(exist_ok=True)
        self.registry = registry
        self.terminal = Terminal(folder, int(NOW.timestamp()))
        program = Path(npm_stand_in.__file__)
        self.terminal.install("npm", f'#!/bin/sh\nexec {sys.executable} -SE {program} "$@"\n')
        self.file = folder / "state.json"
        self.names = [f"@acme/part-{number}" for number in range(packages)]
        self.state: dict[str, Any] = {
            "version": "11.20.0",
            "registry": registry.url,
            "calls": 0,
            "kills": [],
            "window": 0,
            "prompts": 0,
            "asked": 0,
            "limits": 0,
            "wrong": 0,
            "interrupted": False,
            "down": "",
            "forbidden": [],
            "without": [],
            "unproven": self.names,
            "packages": {name: {"publishers": [OLD], "mfa": "publish"} for name in self.names},
        }
        rows = (row(name, str(number % BATCHES + 1)) for number, name in enumerate(self.names))
        self.terminal.table(*rows)

    def run(self, *arguments: str, answers: Sequence[Answer] | None = None) -> Ended:
        """Run the script with this state, and read what became of it."""
        self.file.write_text(json.dumps(self.state))
        ended = self.terminal.run(
            *arguments, environ={"MOVE_STATE": str(self.file)}, answers=answers
        )
        self.state = json.loads(self.file.read_text())
        assert self.state["without"] == []
        return ended

    def release(self) -> None:
        """Publish a version of each package through its new publisher."""
        self.state["unproven"] = []
        for name, one in self.state["packages"].items():
            new = next(item for item in one["publishers"] if item["id"] != OLD["id"])
            by = {"trustedPublisher": {"id": "github", "oidcConfigId": f"oidc:{new['id']}"}}
            self.registry.packuments[name] = {
                "time": {"2.0.0": "2099-01-01T00:00:00.000Z"},
                "versions": {"2.0.0": {"_npmUser": by, "dist": {}}},
            }

    def end(self) -> list[Any]:
        """What npm has at the end."""
        return [[one["publishers"], one["mfa"]] for one in self.state["packages"].values()]


def whole(desk: Desk, kills: Sequence[int] = ()) -> int:
    """Go through a move, as often as it takes; returns how often it was stopped."""
    desk.state["kills"] = sorted(kills)
    stopped = 0
    for step in STEPS:
        if step == "finish":
            desk.release()
        while (ended := desk.run(*step.split())).code != 0:
            assert ended.code == -9, ended.said
            stopped += 1
            assert stopped <= MOST[1]
        assert not desk.terminal.lock.exists()
    return stopped


def test_it_comes_to_the_same_end_however_often_it_is_stopped(
    registry: Registry,
    tmp_path: Path,
    exhaustive: bool,  # noqa: FBT001 (a fixture)
) -> None:
    packages, kills = MOST if exhaustive else FEWER
    calm, stopped = (Desk(registry, tmp_path / name, packages) for name in ("calm", "stopped"))
    assert whole(calm) == 0
    moments = random.Random(40).sample(  # noqa: S311 (a seed, so that it is the same each time)
        range(2, calm.state["calls"] - 1), kills
    )
    assert whole(stopped, moments) == kills
    assert stopped.end() == calm.end()
    assert all(
        [one["repository"] for one in publishers] == ["acme/lib"] and mfa == "publish"
        for publishers, mfa in stopped.end()
    )
    for desk in (calm, stopped):
        windows = -(-desk.state["asked"] // npm_stand_in.WINDOW)
        assert desk.state["prompts"] <= windows + 1
    made = [event for event in stopped.terminal.record if event[1:2] == ["made"]]
    assert len({event[2] for event in made}) == packages


def test_a_batch_is_finished_by_itself(registry: Registry, tmp_path: Path) -> None:
    desk = Desk(registry, tmp_path, 4)
    assert [desk.run("set", batch).code for batch in ("1", "2")] == [0, 0]
    desk.release()
    assert desk.run("finish", "2").code == 0
    assert [len(publishers) for publishers, _ in desk.end()] == [2, 1, 2, 1]
    for command in ("check", "set", "finish"):
        ended = desk.run(command, "3")
        assert (ended.code, "The table has no batch 3." in ended.said) == (1, True)
    said = desk.run("check", "1").said
    assert (desk.names[0] in said, desk.names[1] in said) == (True, False)


def test_undo_is_whole_however_often_it_is_stopped(registry: Registry, tmp_path: Path) -> None:
    desk = Desk(registry, tmp_path, 8)
    before = desk.end()
    assert whole(desk) == 0
    assert desk.end() != before
    calls = desk.state["calls"]
    moments = random.Random(7)  # noqa: S311 (a seed, so that it is the same each time)
    desk.state["kills"] = sorted(moments.sample(range(calls + 2, calls + 26), 8))
    stopped = 0
    while (ended := desk.run("undo")).code != 0:
        assert ended.code == -9, ended.said
        stopped += 1
    assert stopped == 8
    shown = [
        [{key: one[key] for key in ("file", "repository")} for one in publishers]
        for publishers, _ in desk.end()
    ]
    assert shown == [[{"file": "ci.yml", "repository": "acme/lib"}]] * 8
    assert {mfa for _, mfa in desk.end()} == {"automation"}


def test_a_limit_is_waited_for(registry: Registry, tmp_path: Path) -> None:
    desk = Desk(registry, tmp_path, 2)
    desk.state["limits"] = 3
    ended = desk.run("set", "1")
    assert ended.code == 0
    assert [f"waiting {wait} seconds" in ended.said for wait in (60, 120, 240, 480)] == [
        *(True, True, True),
        False,
    ]


def test_a_limit_that_stays_ends_it(registry: Registry, tmp_path: Path) -> None:
    desk = Desk(registry, tmp_path, 2)
    desk.state["limits"] = 100
    ended = desk.run("set", "1")
    assert (ended.code, desk.state["packages"][desk.names[0]]["publishers"]) == (1, [OLD])
    assert "it continues here" in ended.said


@pytest.mark.parametrize(("wrong", "code"), [(1, 0), (2, 0), (3, 1)])
def test_a_wrong_password_is_asked_for_again(
    registry: Registry, tmp_path: Path, wrong: int, code: int
) -> None:
    desk = Desk(registry, tmp_path, 4)
    desk.state["wrong"] = wrong
    ended = desk.run("set", "1")
    assert (ended.code, ended.prompts) == (code, min(wrong + 1, 3))
    assert ("npm did not accept your 2FA." in ended.said) is (code == 1)
    assert ended.said.count("npm did not accept that.") == min(wrong, 2)
    assert [len(publishers) for publishers, _ in desk.end()] == (
        [2, 1] if code == 0 else [1, 1]
    ) * 2


@pytest.mark.sampled(8)
@pytest.mark.parametrize("code", ["ECONNREFUSED", "ENOTFOUND", "E503", "ERR_SOCKET_TIMEOUT"])
@pytest.mark.parametrize("command", ["check", "set 1", "finish", "undo"])
def test_a_registry_that_is_down_ends_it_at_once(
    registry: Registry, tmp_path: Path, command: str, code: str
) -> None:
    desk = Desk(registry, tmp_path, 6)
    assert desk.run("set", "2").code == 0
    before, calls = desk.end(), desk.state["calls"]
    desk.state["down"] = code
    ended = desk.run(*command.split())
    assert ended.code == 1
    assert f"npm could not be asked: request to {registry.url} failed." in ended.said
    assert "Run this again later: it continues here." in ended.said
    # Its version and one package.
    assert desk.state["calls"] == calls + 2
    desk.state["down"] = ""
    assert desk.end() == before


def test_a_name_is_no_code_of_a_refusal(registry: Registry, tmp_path: Path) -> None:
    desk = Desk(registry, tmp_path, 1)
    names = ["@acme/e401", "@acme/e404", "@acme/eotp", "@acme/e409", "@acme/e429", "@acme/e503"]
    for name in names:
        desk.state["packages"][name] = {"publishers": [OLD], "mfa": "publish"}
    desk.state["forbidden"] = names
    desk.terminal.table(*(row(name) for name in (*names, desk.names[0])))
    ended = desk.run("set", "1")
    assert ended.code == 1
    for name in names:
        assert f"{name}: 403 Forbidden" in ended.said
    assert "6 packages were left as they are" in ended.said
    assert len(desk.state["packages"][desk.names[0]]["publishers"]) == 2


INTERRUPTED = "Stopped. Run the same command again: it continues here."


def test_a_question_can_be_interrupted(registry: Registry, tmp_path: Path) -> None:
    desk = Desk(registry, tmp_path, 2)
    ended = desk.run("set", "1", answers=[INTERRUPT])
    assert (ended.code, INTERRUPTED in ended.said) == (130, True)
    assert desk.state["packages"][desk.names[0]]["publishers"] == [OLD]
    assert not list(tmp_path.glob("tmp.*"))
    assert not desk.terminal.lock.exists()


@pytest.mark.parametrize("waits", ["for 2FA", "for a limit", "between calls"])
def test_a_wait_can_be_interrupted(registry: Registry, tmp_path: Path, waits: str) -> None:
    desk = Desk(registry, tmp_path, 4)
    sleep = (desk.terminal.programs / "sleep").read_text()
    if waits == "for 2FA":
        desk.state["interrupted"] = True
    else:
        desk.state["limits"] = waits == "for a limit"
        desk.terminal.install("sleep", "#!/bin/sh\nkill -INT 0\n")
    ended = desk.run("set", "1")
    assert (ended.code, INTERRUPTED in ended.said) == (130, True), ended.said
    assert not list(tmp_path.glob("tmp.*"))
    assert not desk.terminal.lock.exists()
    desk.terminal.install("sleep", sleep)
    assert desk.run("set", "1").code == 0
    assert [len(publishers) for publishers, _ in desk.end()] == [2, 1, 2, 1]


def test_a_registry_that_does_not_show_releases_removes_nothing(
    registry: Registry, tmp_path: Path
) -> None:
    desk = Desk(registry, tmp_path, 1)
    desk.terminal.table(row(desk.names[0]))
    assert desk.run("set", "1").code == 0
    desk.state["registry"] = "http://127.0.0.1:9/"
    ended = desk.run("finish")
    assert ended.code == 1
    assert "its releases could not be read (404 Not found): nothing is removed" in ended.said
    assert [len(publishers) for publishers, _ in desk.end()] == [2]


@pytest.mark.parametrize(
    ("version", "taken"), [("11.14.1", False), ("10.9.9", False), ("12.0.0", True)]
)
def test_an_old_client_is_refused(
    registry: Registry, tmp_path: Path, version: str, *, taken: bool
) -> None:
    desk = Desk(registry, tmp_path, 2)
    desk.state["version"] = version
    ended = desk.run("set", "1")
    assert (ended.code == 0) is taken
    assert ("npm install --global npm@11" in ended.said) is not taken


OLD_NODE = """\
#!/bin/sh
if [ "$1" = --version ]; then echo v18.20.8; exit; fi
exec {node} -r "$HOME/old.js" "$@"
"""


def test_a_node_on_which_npm_cannot_be_updated_is_named(registry: Registry, tmp_path: Path) -> None:
    desk = Desk(registry, tmp_path, 1)
    desk.state["version"] = "10.8.2"
    older = 'Object.defineProperty(process, "versions", { value: { node: "18.20.8" } })'
    (tmp_path / "old.js").write_text(older)
    desk.terminal.install("node", OLD_NODE.format(node=shutil.which("node")))
    ended = desk.run("check")
    assert ended.code == 1
    assert "npm 11 does not install on Node v18.20.8. Install Node 24, then:" in ended.said


def test_nothing_is_added_without_a_yes(registry: Registry, tmp_path: Path) -> None:
    desk = Desk(registry, tmp_path, 2)
    ended = desk.run("set", "1", answers=["n"])
    assert (ended.code, desk.state["packages"][desk.names[0]]["publishers"]) == (1, [OLD])
    assert "Nothing was added." in ended.said


HOSTILE = (
    "1 $(touch${IFS}harm) acme/lib r.yml stage npm",
    "1 `touch harm` acme/lib r.yml stage npm",
    "1 @acme/x acme/lib;touch r.yml stage npm",
    "1 @acme/x --repo r.yml stage npm",
    "1 @acme/x acme/lib ../r.yml stage npm",
    "1 @acme/x acme/lib r.yml stage --env",
    "1 --json acme/lib r.yml stage npm",
    "1 @acme/x acme/lib r.yml all npm",
    "1 @acme/x acme/lib r.yml stage",
    "1 @acme/x a/b/c r.yml stage npm",
)


@pytest.mark.parametrize("line", HOSTILE)
def test_a_row_that_is_none_is_refused(registry: Registry, tmp_path: Path, line: str) -> None:
    desk = Desk(registry, tmp_path, 1)
    desk.terminal.table(line)
    ended = desk.run("set", "1")
    assert ended.code == 1
    assert desk.state["asked"] == 0
    assert not list(tmp_path.rglob("harm"))


@pytest.mark.parametrize(
    "environment", ["a b", "$(touch harm)", "`touch harm`", "'; touch harm;'", "*"]
)
def test_an_environment_is_a_word(registry: Registry, tmp_path: Path, environment: str) -> None:
    desk = Desk(registry, tmp_path, 1)
    desk.terminal.table(row(desk.names[0], environment=environment))
    assert desk.run("set", "1").code == 0
    (_, new) = desk.state["packages"][desk.names[0]]["publishers"]
    assert new["environment"] == environment
    assert not list(tmp_path.rglob("harm"))


def test_what_is_asked_in_the_table_is_left_out(registry: Registry, tmp_path: Path) -> None:
    desk = Desk(registry, tmp_path, 2)
    desk.terminal.table(row(desk.names[0], repository="?"), row(desk.names[1]))
    ended = desk.run("set", "1")
    assert ended.code == 1
    assert f"{desk.names[0]}: write a name in place of each ?" in ended.said
    assert [len(one) for one, _ in desk.end()] == [1, 2]


KILLED = "The last run was killed. This one continues where it was."
BUSY = "Another run has not ended:"


@pytest.mark.sampled(8)
@pytest.mark.parametrize("shell", ["sh", "bash"])
@pytest.mark.parametrize("command", ["check", "set 1", "finish", "undo"])
def test_a_second_run_is_refused(
    registry: Registry, tmp_path: Path, command: str, shell: str
) -> None:
    desk = Desk(registry, tmp_path, 2)
    desk.terminal.shell = shell
    other: list[Ended] = []
    held: list[str] = []

    def meanwhile() -> str:
        held.append((desk.terminal.lock / "run").read_text())
        other.append(desk.run(*command.split()))
        return AGREED

    ended = desk.run("set", "2", answers=[meanwhile])
    assert ended.code == 0, ended.said
    process = held[0].splitlines()[0]
    (second,) = other
    assert second.code == 1
    assert f"{BUSY} set, process {process}, since 2026-11-24 12:00 UTC." in second.said
    # It asked npm for its version alone, and the first one kept what it has.
    assert [len(publishers) for publishers, _ in desk.end()] == [1, 2]
    assert not desk.terminal.lock.exists()
    assert [event[1] for event in desk.terminal.record].count("made") == 1


def test_a_killed_run_holds_no_lock(registry: Registry, tmp_path: Path) -> None:
    desk = Desk(registry, tmp_path, 2)
    assert desk.run("set", "1", answers=[KILL]).code == -9
    assert desk.terminal.lock.exists()
    ended = desk.run("set", "1")
    assert (ended.code, ended.said.count(KILLED)) == (0, 1), ended.said
    assert not desk.terminal.lock.exists()
    assert KILLED not in desk.run("check").said


def test_a_number_that_is_another_programs_is_no_run(registry: Registry, tmp_path: Path) -> None:
    desk = Desk(registry, tmp_path, 2)
    held: list[str] = []

    def meanwhile() -> str:
        held.append((desk.terminal.lock / "run").read_text())
        return KILL

    desk.run("set", "1", answers=[meanwhile])
    lines = held[0].splitlines()
    assert lines[4].endswith("move.sh set 1")
    (desk.terminal.lock / "run").write_text("\n".join([str(os.getpid()), *lines[1:], ""]))
    ended = desk.run("set", "1")
    assert (ended.code, KILLED in ended.said) == (0, True), ended.said


@pytest.mark.parametrize(
    ("lines", "taken"),
    [
        (["{pid}", "{host}", "1795521600", "set"], False),
        (["999999999", "elsewhere.example", "1795521600", "set", "sh move.sh set 1"], False),
        (["999999999", "{host}", "1795521600", "set", "sh move.sh set 1"], True),
        (["$(touch harm)", "{host}", "1795521600", "set"], True),
        (["{pid}", "{host}"], True),
        ([], True),
    ],
)
def test_what_stands_in_a_lock(
    registry: Registry, tmp_path: Path, lines: list[str], *, taken: bool
) -> None:
    """It is another run's only where its process is there, or is on another machine."""
    desk = Desk(registry, tmp_path, 2)
    desk.terminal.lock.mkdir()
    text = "".join(f"{line}\n" for line in lines)
    text = text.format(pid=os.getpid(), host=os.uname().nodename)
    (desk.terminal.lock / "run").write_text(text)
    ended = desk.run("set", "1")
    assert (ended.code == 0) is taken, ended.said
    assert (BUSY in ended.said) is not taken
    assert desk.terminal.lock.exists() is not taken
    assert not list(tmp_path.rglob("harm"))


def test_a_run_that_starts_at_the_same_moment_is_refused(
    registry: Registry, tmp_path: Path
) -> None:
    desk = Desk(registry, tmp_path, 2)
    (desk.terminal.lock / "taking").mkdir(parents=True)
    ended = desk.run("set", "1")
    assert ended.code == 1
    assert f"delete the folder {desk.terminal.lock}" in ended.said.replace("\n", "")
    assert [len(publishers) for publishers, _ in desk.end()] == [1, 1]


def test_a_lock_that_cannot_be_made_is_said(registry: Registry, tmp_path: Path) -> None:
    desk = Desk(registry, tmp_path, 2)
    desk.terminal.lock.write_text("a file")
    ended = desk.run("set", "1")
    assert (ended.code, "move.lock cannot be made." in ended.said) == (1, True)
    assert desk.terminal.lock.read_text() == "a file"


def test_what_is_finished_is_left_out(registry: Registry, tmp_path: Path) -> None:
    desk = Desk(registry, tmp_path, 4)
    assert whole(desk) == 0
    calls = desk.state["calls"]
    ended = desk.run("finish")
    assert ended.code == 0
    assert "4 packages were finished before, and are left out." in ended.said
    assert not any(name in ended.said for name in desk.names)
    # Its version alone.
    assert desk.state["calls"] == calls + 1


def test_who_kept_tokens_is_asked_again(registry: Registry, tmp_path: Path) -> None:
    desk = Desk(registry, tmp_path, 2)
    desk.run("set", "1")
    desk.run("set", "2")
    desk.release()
    assert desk.run("finish", answers=[AGREED, "n"]).code == 0
    ended = desk.run("finish", answers=["n"])
    assert "left out" not in ended.said
    assert all(name in ended.said for name in desk.names)


def test_a_move_that_was_undone_can_be_made_again(registry: Registry, tmp_path: Path) -> None:
    """What was closed, opened again and closed once more is opened again by a second undo."""
    desk = Desk(registry, tmp_path, 2)
    for _ in range(2):
        assert whole(desk) == 0
        assert {mfa for _, mfa in desk.end()} == {"publish"}
        assert {len(publishers) for publishers, _ in desk.end()} == {1}
        assert desk.run("undo").code == 0
        assert {mfa for _, mfa in desk.end()} == {"automation"}
        (names,) = {tuple(one["file"] for one in publishers) for publishers, _ in desk.end()}
        assert names == ("ci.yml",)
