"""A search that was interrupted or killed: the next one asks for what is missing, and no more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from hardenme.cli.exposed import search as searching
from hardenme.cli.exposed.question import ExposureQuestion
from hardenme.cli.exposed.resume import resumable_search
from hardenme.cli.exposed.search import search
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.github.run_records import executed_steps
from hardenme.ground import clock
from hardenme.ground.errors import LockedError, StoredError
from hardenme.model.exposure import Exposure, ExposureGrade
from hardenme.model.secret import Secret
from hardenme.sandbox.github.server import GitHubServer, github_sandbox
from hardenme.sandbox.github.world import World
from hardenme.sandbox.http import Reply
from tests.cli.exposed.search_scene import HOUR, INSIDE, OLD, lock, project, question, run, world
from tests.moment import NOW
from tests.worlds.github import WEAK_TOKEN

NAMES = tuple(f"mallow/pantry-{number}" for number in range(5))
FILES = {
    "old": project(None),
    "bad": project(lock(axios="1.14.1")),
    "good": project(lock(axios="1.14.0")),
}


def pantries() -> World:
    """Repositories of one owner; the second one ran the version."""
    made = world([OLD], FILES)
    one = made.repositories.pop()
    for number, name in enumerate(NAMES):
        ran = run(2, INSIDE, "bad" if number == 1 else "good")
        repository = replace(one, name=name.partition("/")[2], id=4900 + number, runs=[OLD, ran])
        made.repositories.append(repository)
    return made


ASKED = replace(question("axios@1.14.1"), targets=tuple(f"github:{name}" for name in NAMES))


@pytest.fixture
def server() -> Iterator[GitHubServer]:
    with github_sandbox(pantries()) as found:
        yield found


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return tmp_path / "hardenme"


class Searched:
    """A search over the repositories, one after the other.

    Args:
        stop: after how many repositories it is interrupted; 0 for never.
    """

    def __init__(
        self, server: GitHubServer, *, resume: bool = False, stop: int = 0, token: str = WEAK_TOKEN
    ) -> None:
        self.said: list[str] = []
        self._stop = stop
        github = GitHub.connect(server.url, Secret(token))
        self.run: Any = SimpleNamespace(
            clients=SimpleNamespace(of_owner=lambda _owner: github),
            console=SimpleNamespace(say=self.said.append),
            config=SimpleNamespace(workers=1),
            line=SimpleNamespace(step=self._step),
            tokens=SimpleNamespace(secrets=lambda: [Secret(token)]),
            hosts=(server.url, ""),
            resume=resume,
        )
        server.requests.clear()

    def _step(self, done: int, _known: int, _name: str) -> None:
        if done == self._stop:
            raise KeyboardInterrupt

    def found(self, asked: ExposureQuestion = ASKED) -> Exposure:
        with resumable_search(asked, self.run) as resumable:
            return search(resumable, self.run)


def looked_at(server: GitHubServer) -> set[str]:
    """The repositories that something was asked about."""
    texts = (f"{one.path} {one.body.decode()}" for one in server.requests)
    return {f"mallow/{name}" for text in texts for name in re.findall(r"pantry-\d", text)}


def journals(state: Path) -> list[Path]:
    return list(state.glob("*.journal"))


def test_what_was_looked_at_is_not_asked_about_again(server: GitHubServer, state: Path) -> None:
    whole = Searched(server).found()
    assert not journals(state)
    everything = len(server.requests)
    first = Searched(server, stop=2)
    with pytest.raises(KeyboardInterrupt):
        first.found()
    assert any("2 repositories done" in text for text in first.said)
    assert [path.stat().st_mode & 0o777 for path in journals(state)] == [0o600]

    again = Searched(server, resume=True)
    assert again.found() == whole
    assert whole.grade is ExposureGrade.POSSIBLE
    assert looked_at(server) == set(NAMES[2:])
    assert len(server.requests) < everything
    assert not journals(state)


def test_a_journal_that_was_cut_off_by_a_kill_is_good_up_to_there(
    server: GitHubServer, state: Path
) -> None:
    whole = Searched(server).found()
    with pytest.raises(KeyboardInterrupt):
        Searched(server, stop=3).found()
    (path,) = journals(state)
    text = path.read_bytes()
    path.write_bytes(text[:-20])
    assert Searched(server, resume=True).found() == whole
    assert looked_at(server) == set(NAMES[2:])


@pytest.mark.parametrize(
    ("status", "again"), [(502, True), (401, True), (404, False), (403, False)]
)
def test_what_did_not_answer_is_asked_again_and_what_refused_is_not(
    server: GitHubServer, state: Path, status: int, *, again: bool
) -> None:
    refused = Reply(status, {"message": "no"})
    server.fault(rf"/repos/{NAMES[0]}/actions/.*", edit=lambda _request, _reply: refused)
    first = Searched(server)
    found = first.found()
    assert found.repositories[0].grade is ExposureGrade.UNKNOWN
    assert bool(journals(state)) is again
    assert any("--resume" in text for text in first.said) is again
    if again:
        server.faults.clear()
        found = Searched(server, resume=True).found()
        assert looked_at(server) == {NAMES[0]}
        assert found.repositories[0].grade is ExposureGrade.NOT_SEEN


def test_a_window_without_an_end_ends_when_the_first_search_began(server: GitHubServer) -> None:
    asked = replace(ASKED, end=NOW, asked=NOW)
    with pytest.raises(KeyboardInterrupt):
        Searched(server, stop=1).found(asked)
    later = clock.now()
    assert Searched(server, resume=True).found(replace(asked, end=later, asked=later)).end == NOW


@pytest.mark.parametrize(
    "other",
    [
        replace(ASKED, things=ASKED.things * 2),
        replace(ASKED, end=INSIDE),
        replace(ASKED, targets=ASKED.targets[:-1]),
    ],
)
def test_another_question_resumes_nothing(server: GitHubServer, other: ExposureQuestion) -> None:
    with pytest.raises(KeyboardInterrupt):
        Searched(server, stop=1).found()
    with pytest.raises(StoredError, match="no interrupted run"):
        Searched(server, resume=True).found(other)


def test_another_token_resumes_nothing(server: GitHubServer) -> None:
    with pytest.raises(KeyboardInterrupt):
        Searched(server, stop=1).found()
    with pytest.raises(StoredError, match="another token"):
        Searched(server, resume=True, token="ghp_" + "b" * 36).found()


def test_one_search_at_a_time(server: GitHubServer) -> None:
    one = Searched(server)
    with (
        resumable_search(ASKED, one.run),
        pytest.raises(LockedError),
        resumable_search(ASKED, one.run),
    ):
        pass


def test_a_secret_in_a_command_is_not_kept(server: GitHubServer, state: Path) -> None:
    token = "ghp_" + "c" * 36
    script = f"run: ./publish --token {token}".encode()
    files = project(lock(axios="1.14.0"), FILES["good"][".github/workflows/ci.yml"])
    files[".github/workflows/ci.yml"] += b"      - " + script + b"\n"
    for one in server.world.repositories[-len(NAMES) :]:
        one.trees = dict.fromkeys(one.trees, files)
    with pytest.raises(KeyboardInterrupt):
        Searched(server, stop=3).found()
    assert "./publish --token [redacted]" in journals(state)[0].read_text()
    assert all(token not in path.read_text() for path in state.rglob("*") if path.is_file())


MANY = [run(10 + number, INSIDE, "bad") for number in range(6)]
ONE = replace(ASKED, targets=(f"github:{NAMES[0]}",))


@pytest.fixture
def of_one(server: GitHubServer) -> GitHubServer:
    """The first repository has several runs that could be exposed."""
    one = next(r for r in server.world.repositories if r.name == "pantry-0")
    one.runs = [OLD, *MANY]
    return server


def asked_jobs(server: GitHubServer) -> set[str]:
    """The runs whose jobs were asked for."""
    found = (re.search(r"/runs/(\d+)/attempts/\d+/jobs", one.path) for one in server.requests)
    return {one[1] for one in found if one}


@pytest.mark.parametrize("cut", [0, 20])
def test_a_single_repository_that_was_killed_is_resumed_run_by_run(
    of_one: GitHubServer, state: Path, monkeypatch: pytest.MonkeyPatch, cut: int
) -> None:
    whole = Searched(of_one).found(ONE)
    assert asked_jobs(of_one) == {str(one.id) for one in MANY}
    assert whole.grade is ExposureGrade.POSSIBLE
    saved: list[bytes] = []

    def killed(*given: Any) -> Any:
        if len(asked_jobs(of_one)) == 4:
            saved.append(journals(state)[0].read_bytes())
            raise KeyboardInterrupt
        return executed_steps(*given)

    with monkeypatch.context() as during:
        during.setattr(searching, "executed_steps", killed)
        first = Searched(of_one)
        with pytest.raises(KeyboardInterrupt):
            first.found(ONE)
    assert any("4 runs done" in text for text in first.said)
    # What a process wrote before it was killed is there; the last line may be cut off.
    journals(state)[0].write_bytes(saved[0][: len(saved[0]) - cut])
    before = asked_jobs(of_one)
    again = Searched(of_one, resume=True)
    assert again.found(ONE) == whole
    assert len(asked_jobs(of_one) & before) == (1 if cut else 0)
    assert asked_jobs(of_one) | before == {str(one.id) for one in MANY}
    assert not journals(state)


def test_a_run_that_went_on_since_is_looked_at_again(
    of_one: GitHubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_given: Any) -> Any:
        raise KeyboardInterrupt

    with monkeypatch.context() as during:
        during.setattr(searching, "with_caches", killed)
        with pytest.raises(KeyboardInterrupt):
            Searched(of_one).found(ONE)
    one = next(r for r in of_one.world.repositories if r.name == "pantry-0")
    longer = replace(MANY[0].attempts[0], ended=MANY[0].attempts[0].ended + HOUR)
    one.runs = [OLD, replace(MANY[0], attempts=(longer,)), *MANY[1:]]
    assert Searched(of_one, resume=True).found(ONE).grade is ExposureGrade.POSSIBLE
    assert asked_jobs(of_one) == {str(MANY[0].id)}
