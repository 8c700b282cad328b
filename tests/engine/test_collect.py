from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest

from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.protocol import Collector
from hardenme.collectors.transport.pace import Meter, Quota
from hardenme.engine.collect import Collection
from hardenme.engine.filter import RepositoryFilter
from hardenme.engine.progress import Silent, report_remaining
from hardenme.facts.github.repository import Repository
from hardenme.model.fact import Answer
from hardenme.model.stop import Terminated
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from tests.engine.small import HOUSE, LOST, REFUSED, Door, House, atom, door, doors, house
from tests.factories import github

ROOT = "github:user"
Read = Callable[[Any, Subject, FactStore], Iterable[Answer[Any]]]


def read_house(_client: Any, subject: Subject, _store: FactStore) -> list[Answer[Any]]:
    return [house(subject)]


def read_doors(_client: Any, subject: Subject, _store: FactStore) -> list[Answer[Any]]:
    return [doors(door("front", subject), scope=subject)]


def houses(read: Read = read_house) -> Collector:
    return Collector("houses", (House,), read, roots=(ROOT,))


def door_list(read: Read = read_doors) -> Collector:
    return Collector("doors", (Door,), read, of=(House,))


def collection(*collectors: Collector, **more: Any) -> Collection:
    session = SimpleNamespace(stopped=threading.Event(), meter=Meter())
    clients = {"github": SimpleNamespace(session=session)}
    return Collection(collectors, clients, {}, **more)


class Told(Silent):
    """Keeps the steps, and does something at each."""

    def __init__(self, then: Callable[[int], None] = lambda _: None) -> None:
        self.steps: list[tuple[int, int, str]] = []
        self.then = then

    def step(self, done: int, known: int, name: str) -> None:
        self.steps.append((done, known, name))
        self.then(done)


def test_what_a_fact_leads_to_is_asked_in_turn() -> None:
    told = Told()
    run = collection(houses(), door_list(), progress=told)
    store = run.run((HOUSE,))
    assert store.fact(Door, Subject("github", "door", "front")) is not None
    assert [name for _, _, name in told.steps] == ["houses", "doors"]
    assert told.steps[-1][:2] == (2, 2)
    assert run.partial == ""


def test_each_question_is_asked_once() -> None:
    asked: list[Subject] = []

    def read(client: Any, subject: Subject, store: FactStore) -> Any:
        asked.append(subject)
        return read_house(client, subject, store)

    collection(houses(read)).run((HOUSE, HOUSE))
    assert asked == [HOUSE]


def test_no_more_workers_than_wanted() -> None:
    here, most = 0, 0
    lock, together = threading.Lock(), threading.Barrier(3, timeout=60)

    def read(client: Any, subject: Subject, store: FactStore) -> Any:
        nonlocal here, most
        with lock:
            here += 1
            most = max(most, here)
        together.wait()
        with lock:
            here -= 1
        return read_house(client, subject, store)

    subjects = tuple(Subject("github", "user", str(n)) for n in range(12))
    collection(houses(read), workers=3).run(subjects)
    assert most == 3


def test_a_collector_that_raises_makes_its_facts_unknown(caplog: pytest.LogCaptureFixture) -> None:
    def read(_client: Any, _subject: Subject, _store: FactStore) -> Any:
        raise KeyError("strange answer")

    with caplog.at_level(logging.CRITICAL):
        store = collection(houses(read)).run((HOUSE,))
    answer = store.get(House, HOUSE)
    assert answer is not None
    assert answer.missing is not None
    assert answer.missing.reason is Reason.MALFORMED
    assert "KeyError" in answer.missing.needed


def test_a_collector_that_says_nothing_makes_its_facts_unknown() -> None:
    store = collection(houses(lambda *_: [])).run((HOUSE,))
    answer = store.get(House, HOUSE)
    assert answer is not None
    assert answer.missing is not None
    assert answer.missing.reason is Reason.NOT_VISIBLE


def test_a_provider_that_refused_is_not_asked() -> None:
    def read(_client: Any, _subject: Subject, _store: FactStore) -> Any:
        raise AssertionError("asked")

    run = collection(houses(read))
    run.refused["github"] = REFUSED
    answer = run.run((HOUSE,)).get(House, HOUSE)
    assert answer is not None
    assert answer.missing == REFUSED


def test_a_credential_rejected_in_the_middle_is_not_tried_again() -> None:
    rejected = Unknown(Reason.REJECTED, "a token that is accepted")
    asked: list[str] = []

    def read(_client: Any, subject: Subject, _store: FactStore) -> Any:
        asked.append(subject.name)
        return [Answer(Door, subject, (), (atom(status=401),), rejected)]

    second = Subject("github", "user", "rowan")
    run = collection(houses(), door_list(read), workers=1)
    store = run.run((HOUSE, second))
    assert asked == ["hazel"]
    assert "github" in run.partial
    assert store.get(House, HOUSE) is not None, "what was found stays"
    answer = store.get(Door, second)
    assert answer is not None
    assert answer.missing == rejected


def test_a_credential_rejected_at_once_is_no_partial_run() -> None:
    rejected = Unknown(Reason.REJECTED, "a token that is accepted")
    run = collection(houses(lambda _c, s, _b: [Answer(House, s, (), (), rejected)]))
    run.run((HOUSE,))
    assert run.partial == ""


@pytest.mark.parametrize(
    ("stop", "word"), [(KeyboardInterrupt, "interrupted"), (Terminated, "terminated")]
)
def test_an_interrupt_keeps_what_was_found_and_leaves_nothing_out(
    stop: type[BaseException], word: str
) -> None:
    def interrupt(done: int) -> None:
        if done == 1:
            raise stop

    released = threading.Event()

    def stall(_client: Any, subject: Subject, _store: FactStore) -> Any:
        released.wait(20)
        return [house(subject)]

    second = Subject("github", "user", "rowan")

    def read(client: Any, subject: Subject, store: FactStore) -> Any:
        return (read_house if subject == HOUSE else stall)(client, subject, store)

    run = collection(houses(read), door_list(stall), workers=2, progress=Told(interrupt))
    store = run.run((HOUSE, second))
    released.set()
    assert run.partial == word
    assert run.clients["github"].session.stopped.is_set()
    found, lost = store.get(House, HOUSE), store.get(House, second)
    assert found is not None
    assert found.facts
    assert lost is not None
    assert lost.missing is not None
    assert lost.missing.reason is Reason.INCOMPLETE
    listed = store.get(Door, HOUSE)
    assert listed is not None, "what the house would have led to is unknown, not absent"
    assert listed.missing is not None


def test_an_interrupt_while_an_answer_is_taken_loses_none(monkeypatch: pytest.MonkeyPatch) -> None:
    run = collection(houses(), door_list())

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(run.__class__, "_take", interrupted)
    store = run.run((HOUSE,))
    answer = store.get(House, HOUSE)
    assert answer is not None
    assert answer.missing is not None


OWNER = Subject("github", "user", "hazel")


def repositories(*names: str, **fields: Any) -> list[Answer[Repository]]:
    subjects = [Subject("github", "repo", name) for name in names]
    facts = [
        github.repository(subject=subject, within=OWNER, full_name=subject.name, **fields)
        for subject in subjects
    ]
    return [Answer(Repository, fact.subject, (fact,), (atom("/user/repos"),)) for fact in facts]


def listing(answers: Iterable[Answer[Any]], **more: Any) -> Collector:
    return Collector(
        "repositories",
        (Repository,),
        lambda *_: answers,
        roots=(ROOT,),
        discovers=True,
        **more,
    )


def kept(chosen: RepositoryFilter, answers: list[Answer[Repository]]) -> tuple[set[str], int]:
    settled: set[str] = set()
    run = collection(
        listing(answers), chosen=chosen, settle=lambda subject, _: settled.add(subject.name)
    )
    run.run((OWNER,))
    assert not list(run.store.answers(Repository)), "a repository that was handed over is let go of"
    return settled, run.left_out


@pytest.mark.parametrize(
    ("chosen", "names"),
    [
        (RepositoryFilter(), {"hazel/web", "hazel/Api", "acme/web"}),
        (RepositoryFilter(include=("web",)), {"hazel/web", "acme/web"}),
        (RepositoryFilter(include=("HAZEL/*",)), {"hazel/web", "hazel/Api"}),
        (RepositoryFilter(exclude=("*/web",)), {"hazel/Api"}),
        (RepositoryFilter(include=("*",), exclude=("api", "acme/*")), {"hazel/web"}),
        (RepositoryFilter(include=("nothing",)), set()),
    ],
)
def test_repositories_are_filtered_by_pattern(chosen: RepositoryFilter, names: set[str]) -> None:
    found, left_out = kept(chosen, repositories("hazel/web", "hazel/Api", "acme/web"))
    assert found == names
    assert left_out == 3 - len(names)


def test_archived_repositories_are_left_out_unless_asked_for() -> None:
    archived = repositories("hazel/old", archived=True)
    assert kept(RepositoryFilter(), archived) == (set(), 1)
    assert kept(RepositoryFilter(archived=True), archived) == ({"hazel/old"}, 0)


def test_where_it_is_not_known_whether_it_is_archived_it_is_looked_at() -> None:
    assert kept(RepositoryFilter(), repositories("hazel/odd", archived=LOST)) == ({"hazel/odd"}, 0)


def test_nothing_in_a_repository_is_asked_about_before_it_is_known_to_be_looked_at() -> None:
    asked: list[str] = []

    def read(_client: Any, subject: Subject, _store: FactStore) -> list[Answer[Any]]:
        asked.append(subject.name)
        return [Answer(Door, subject, (), (atom(),))]

    def inner(name: str) -> Answer[Any]:
        subject = Subject("github", "house", f"{name}/hut")
        home = Subject("github", "repo", name)
        fact = House(subject=subject, within=home, guarded=True)
        return Answer(House, home, (fact,), (atom(),))

    answers = [
        inner("hazel/old"),
        *repositories("hazel/old", archived=True),
        inner("hazel/new"),
        *repositories("hazel/new"),
    ]
    settled: list[Subject] = []
    run = collection(
        listing(answers), door_list(read), settle=lambda subject, _: settled.append(subject)
    )
    run.run((OWNER,))
    assert asked == ["hazel/new/hut"]
    assert [subject.name for subject in settled] == ["hazel/new"]


def test_a_listing_waits_for_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hardenme.engine.collect.OPEN", 3)
    ahead: list[int] = []
    told, settled = 0, 0

    def told_of() -> Iterable[Answer[Any]]:
        nonlocal told
        for answer in repositories(*(f"hazel/r{number}" for number in range(20))):
            told += 1
            yield answer

    def settle(_subject: Subject, _store: FactStore) -> None:
        nonlocal settled
        settled += 1
        ahead.append(told - settled)

    def read(_client: Any, subject: Subject, _store: FactStore) -> list[Answer[Any]]:
        threading.Event().wait(0.002)
        return [Answer(Door, subject, (), (atom(),))]

    doors_of = Collector("doors", (Door,), read, of=(Repository,))
    run = collection(listing(told_of()), doors_of, workers=1, settle=settle)
    run.run((OWNER,))
    assert settled == 20
    assert max(ahead) <= 4, "it runs ahead by as many as there is room for, and the one in hand"


def test_two_owners_tokens_are_two_lanes() -> None:
    rejected = Unknown(Reason.REJECTED, "a token that is accepted")
    asked: list[tuple[str, str]] = []

    def read(client: Any, subject: Subject, _store: FactStore) -> Any:
        asked.append((client.name, subject.name))
        if client.name == "a":
            return [Answer(House, subject, (), (atom(status=401),), rejected)]
        return [house(subject)]

    subjects = [Subject("github", "user", name) for name in ("a/1", "a/2", "b/1")]
    run = collection(houses(read), workers=1)
    stopped = SimpleNamespace(stopped=threading.Event())
    run.clients = {
        f"github/{name}": SimpleNamespace(name=name, session=stopped) for name in ("a", "b")
    }
    run.lane_of = lambda provider, subject: f"{provider}/{subject.name[0]}"
    store = run.run(tuple(subjects))
    assert asked == [("a", "a/1"), ("b", "b/1")], "what was rejected is not tried again"
    answers = [store.get(House, subject) for subject in subjects]
    assert [bool(answer and answer.facts) for answer in answers] == [False, False, True]


def test_what_is_left_of_the_hour_is_told_of_the_token_that_has_least() -> None:
    told: list[tuple[int, int, int]] = []

    class Watching(Silent):
        def left(self, remaining: int, limit: int, reset: datetime) -> None:
            told.append((remaining, limit, int(reset.timestamp())))

    def client(**quotas: Quota) -> Any:
        meter = Meter(quotas=quotas)
        return SimpleNamespace(session=SimpleNamespace(stopped=threading.Event(), meter=meter))

    run = collection(listing(repositories("hazel/web")), progress=Watching())
    run.clients = {
        "github": client(GET=Quota(5000, 900, 1800000000), POST=Quota(5000, 3, 1800000000)),
        "github/acme": client(GET=Quota(5000, 700, 1800000060)),
        "npm": client(),
        "local": object(),
        "mail": None,
    }
    run.run((OWNER,))
    assert told == [(700, 5000, 1800000060)]
    report_remaining(Watching(), [client(GET=Quota(1, 1, 10**30))])
    assert len(told) == 1, "a time that is none is not told"


def test_a_listing_that_breaks_off_is_not_whole(caplog: pytest.LogCaptureFixture) -> None:
    def told() -> Iterable[Answer[Any]]:
        yield from repositories("hazel/web")
        raise KeyError("strange answer")

    settled: list[str] = []
    run = collection(listing(told()), settle=lambda subject, _: settled.append(subject.name))
    with caplog.at_level(logging.CRITICAL):
        run.run((OWNER,))
    assert settled == ["hazel/web"]
    answer = run.store.get(Repository, OWNER)
    assert answer is not None, "what the owner has beside that is not known"
    assert answer.missing is not None
    assert answer.missing.reason is Reason.MALFORMED
