from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from hardenme.collectors.fact_store import FactStore
from hardenme.facts.npm.account import NpmAccount, NpmProfile
from hardenme.model.evidence import Atom
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

ATOM = Atom("GET /-/whoami", 200, datetime(2026, 11, 24, tzinfo=UTC))
USER = Subject("npm", "user", "hazel")


def account(name: str, within: Subject | None = None) -> NpmAccount:
    subject = Subject("npm", "user", name)
    return NpmAccount(
        subject=subject, within=within or subject, registry="https://r.example", name=name
    )


def answer(*facts: NpmAccount, scope: Subject = USER) -> Answer[NpmAccount]:
    return Answer(NpmAccount, scope, facts, (ATOM,))


def test_an_answer_is_found_by_kind_and_scope() -> None:
    store = FactStore()
    store.put(answer(account("hazel")))
    assert store.get(NpmAccount, USER) == answer(account("hazel"))
    assert store.get(NpmProfile, USER) is None
    assert store.get(NpmAccount, Subject("npm", "user", "mallow")) is None


def test_a_fact_is_found_by_its_subject_in_whatever_scope_it_was_listed() -> None:
    store = FactStore()
    other = Subject("npm", "user", "mallow")
    store.put(answer(account("mallow", USER)))
    assert store.fact(NpmAccount, other) == account("mallow", USER)
    assert store.evidence(NpmAccount, other) == (ATOM,)
    assert store.fact(NpmAccount, USER) is None
    assert store.evidence(NpmAccount, USER) == ()


def test_a_later_answer_takes_the_place_of_an_earlier_one() -> None:
    store = FactStore()
    why = Unknown(Reason.UNREACHABLE, "the network")
    store.put(Answer(NpmAccount, USER, (), (), why))
    store.put(answer(account("hazel")))
    assert [found.missing for found in store.answers(NpmAccount)] == [None]


def test_answers_come_in_the_order_of_their_scopes() -> None:
    store = FactStore()
    for name in ("c", "a", "b"):
        store.put(answer(scope=Subject("npm", "user", name)))
    assert [found.scope.name for found in store.answers(NpmAccount)] == ["a", "b", "c"]
    assert len(list(store.all())) == 3


def test_ancestors_are_climbed_and_a_circle_ends() -> None:
    store = FactStore()
    a, b, c = (Subject("npm", "user", name) for name in "abc")
    store.put(answer(account("a", b), account("b", c)))
    assert store.ancestors(a, b) == (a, b, c)
    store.put(answer(account("c", a), scope=c))
    assert store.ancestors(a, b) == (a, b, c)
    assert store.ancestors(a, a) == (a, b, c)


def test_many_workers_write_and_read() -> None:
    store = FactStore()

    def work(number: int) -> int:
        subject = Subject("npm", "user", f"u{number}")
        store.put(answer(account(f"u{number}", USER), scope=subject))
        assert store.fact(NpmAccount, subject) is not None
        return sum(1 for found in store.answers(NpmAccount) if found.facts)

    with ThreadPoolExecutor(8) as pool:
        counts = list(pool.map(work, range(400)))
    assert max(counts) == 400
    assert len(list(store.all())) == 400
