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
    book = FactStore()
    book.put(answer(account("hazel")))
    assert book.get(NpmAccount, USER) == answer(account("hazel"))
    assert book.get(NpmProfile, USER) is None
    assert book.get(NpmAccount, Subject("npm", "user", "mallow")) is None


def test_a_fact_is_found_by_its_subject_in_whatever_scope_it_was_listed() -> None:
    book = FactStore()
    other = Subject("npm", "user", "mallow")
    book.put(answer(account("mallow", USER)))
    assert book.fact(NpmAccount, other) == account("mallow", USER)
    assert book.evidence(NpmAccount, other) == (ATOM,)
    assert book.fact(NpmAccount, USER) is None
    assert book.evidence(NpmAccount, USER) == ()


def test_a_later_answer_takes_the_place_of_an_earlier_one() -> None:
    book = FactStore()
    why = Unknown(Reason.UNREACHABLE, "the network")
    book.put(Answer(NpmAccount, USER, (), (), why))
    book.put(answer(account("hazel")))
    assert [found.missing for found in book.answers(NpmAccount)] == [None]


def test_answers_come_in_the_order_of_their_scopes() -> None:
    book = FactStore()
    for name in ("c", "a", "b"):
        book.put(answer(scope=Subject("npm", "user", name)))
    assert [found.scope.name for found in book.answers(NpmAccount)] == ["a", "b", "c"]
    assert len(list(book.all())) == 3


def test_ancestors_are_climbed_and_a_circle_ends() -> None:
    book = FactStore()
    a, b, c = (Subject("npm", "user", name) for name in "abc")
    book.put(answer(account("a", b), account("b", c)))
    assert book.ancestors(a, b) == (a, b, c)
    book.put(answer(account("c", a), scope=c))
    assert book.ancestors(a, b) == (a, b, c)
    assert book.ancestors(a, a) == (a, b, c)


def test_many_workers_write_and_read() -> None:
    book = FactStore()

    def work(number: int) -> int:
        subject = Subject("npm", "user", f"u{number}")
        book.put(answer(account(f"u{number}", USER), scope=subject))
        assert book.fact(NpmAccount, subject) is not None
        return sum(1 for found in book.answers(NpmAccount) if found.facts)

    with ThreadPoolExecutor(8) as pool:
        counts = list(pool.map(work, range(400)))
    assert max(counts) == 400
    assert len(list(book.all())) == 400
