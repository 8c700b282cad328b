"""A package's repository is asked about for its sake, once, and no other is taken for it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest

from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.protocol import Collector
from hardenme.collectors.transport.pace import Meter
from hardenme.engine.collect import Collection
from hardenme.engine.evaluate import evaluate
from hardenme.engine.index import Index
from hardenme.engine.joins import Joins
from hardenme.engine.plan import plan
from hardenme.facts.github.repository import Repository
from hardenme.facts.github.site import GitHubFact
from hardenme.facts.npm.package import Package
from hardenme.facts.npm.site import NpmFact
from hardenme.model.fact import Answer, Every, Fact, key
from hardenme.model.finding import Finding
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from hardenme.model.verdict import Failed, Passed, Verdict
from tests.engine.small import FIX, NOW, a_check, atom
from tests.factories import github

SEAL = Subject("npm", "package", "seal")
OWN = Subject("npm", "user", "hazel")
HAZEL = Subject("github", "user", "hazel")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal(NpmFact):
    """A package that names its repository."""

    joins: ClassVar[str] = "repository"

    repository: str = key()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lamp(GitHubFact):
    """One of a repository's lamps, which packages of it care for."""

    listed_by: ClassVar[type[Fact] | None] = Repository

    lit: bool = key()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hat(GitHubFact):
    """What only repositories that are targets are asked for."""

    listed_by: ClassVar[type[Fact] | None] = Repository


def lit(seal: Seal, lamps: Every[Lamp]) -> Verdict:
    """Every lamp burns where the package is made."""
    seen: Any = {"repository": seal.repository}
    dark = [lamp.label for lamp in lamps if not lamp.lit]
    return Failed(", ".join(dark), seen, FIX) if dark else Passed("all burn", seen)


def open_to_all(seal: Seal, home: Repository | Unknown) -> Verdict | Unknown:
    """Everybody sees the repository that the package is made in."""
    if isinstance(home, Unknown):
        return home
    seen: Any = {"repository": seal.repository, "visibility": home.visibility}
    return Passed("public", seen) if home.visibility == "public" else Failed("hidden", seen, FIX)


def hatted(_hat: Hat) -> Verdict:
    """There is a hat."""
    return Passed("a hat", {"hat": True})


def answer(fact: Fact) -> Answer[Any]:
    return Answer(type(fact), fact.subject, (fact,), (atom(),))


def repository(name: str) -> Repository:
    subject = Subject("github", "repo", name)
    return github.repository(subject=subject, within=subject, label=name, full_name=name)


def lamp(name: str, where: Subject, *, burns: bool = True) -> Lamp:
    subject = Subject("github", "lamp", f"{where.name}/{name}")
    return Lamp(subject=subject, within=where, label=name, web="https://web.test", lit=burns)


class Run:
    """One run over fake collectors, which keeps what was asked."""

    def __init__(self, names: str = "hazel/Catkin", *, listed: tuple[str, ...] = ()) -> None:
        self.names = names
        self.listed = listed
        self.asked: list[tuple[str, str]] = []
        self.settled: list[str] = []
        self.joined: dict[str, FactStore] = {}

    def seals(self, _client: Any, subject: Subject, _store: FactStore) -> Iterator[Answer[Any]]:
        yield answer(Seal(subject=subject, within=subject, repository=self.names))

    def repositories(
        self, _client: Any, subject: Subject, _store: FactStore
    ) -> Iterator[Answer[Any]]:
        names = self.listed if subject.kind == "user" else (subject.name,)
        for name in names:
            self.asked.append(("repository", name))
            yield answer(repository(name))

    def lamps(self, _client: Any, subject: Subject, _store: FactStore) -> Iterator[Answer[Any]]:
        self.asked.append(("lamps", subject.name))
        yield Answer(Lamp, subject, (lamp("front", subject),), (atom(),))

    def hats(self, _client: Any, subject: Subject, _store: FactStore) -> Iterator[Answer[Any]]:
        self.asked.append(("hats", subject.name))
        hat = Hat(subject=subject, within=subject, web="https://web.test")
        yield Answer(Hat, subject, (hat,), (atom(),))

    def __call__(self, joins: Joins, *roots: Subject) -> FactStore:
        of = (Repository,)
        collection = Collection(
            (
                Collector("seals", (Seal,), self.seals, roots=("npm:package",)),
                Collector(
                    "listing",
                    of,
                    self.repositories,
                    roots=("github:user",),
                    discovers=True,
                ),
                Collector("one", of, self.repositories, roots=("github:repo",)),
                Collector("lamps", (Lamp,), self.lamps, of=of),
                Collector("hats", (Hat,), self.hats, of=of),
            ),
            {name: self.client() for name in ("github", "npm")},
            {},
            joins=joins,
            settle=lambda home, _: self.settled.append(home.name),
            join=lambda home, store: self.joined.update({home.name: store}),
        )
        return collection.run(roots or (SEAL,))

    @staticmethod
    def client() -> Any:
        session = SimpleNamespace(stopped=threading.Event(), meter=Meter())
        return SimpleNamespace(session=session, secret=None)


WANTED = frozenset({Repository, Lamp})
ALL = WANTED | {Hat}


def test_a_packages_repository_is_asked_for_what_the_package_needs_and_is_not_judged() -> None:
    run = Run()
    run(Joins(WANTED, frozenset()))
    assert run.asked == [("repository", "hazel/catkin"), ("lamps", "hazel/catkin")]
    assert not run.settled
    where = Subject("github", "repo", "hazel/catkin")
    assert run.joined["hazel/catkin"].get(Lamp, where) is not None


def test_what_a_listing_shows_is_not_asked_again() -> None:
    run = Run(listed=("hazel/catkin", "hazel/other"))
    run(Joins(WANTED, ALL), HAZEL, SEAL)
    assert sorted(run.settled) == ["hazel/catkin", "hazel/other"]
    assert not run.joined
    assert len(run.asked) == len(set(run.asked)) == len(run.settled) * 3


def test_what_was_not_asked_of_a_target_is_asked_for_its_package() -> None:
    run = Run(listed=("hazel/catkin",))
    run(Joins(WANTED, frozenset({Repository, Hat})), HAZEL, SEAL)
    assert run.settled == ["hazel/catkin"]
    assert ("lamps", "hazel/catkin") in run.asked
    assert list(run.joined) == ["hazel/catkin"]


def test_another_github_is_not_asked_about_a_repository_of_the_same_name() -> None:
    run = Run()
    run(Joins(WANTED, frozenset(), asked=False))
    assert not run.asked


@pytest.mark.parametrize("name", ["", "hazel", "../catkin", "hazel/..", "hazel/a/b", "hazel/a?b"])
def test_a_name_that_is_none_is_never_asked_for(name: str) -> None:
    run = Run(name)
    run(Joins(WANTED, frozenset()))
    assert not run.asked


def test_the_account_that_asks_is_not_searched_for_more_packages() -> None:
    joins = Joins(frozenset(), frozenset(), frozenset({Seal, Package}), beside=frozenset({OWN}))
    tokens = Collector("tokens", (Seal,), lambda *_: (), roots=("npm:user",))
    packages = Collector("packages", (Package,), lambda *_: (), roots=("npm:user",), discovers=True)
    hats = Collector("hats", (Hat,), lambda *_: (), roots=("npm:user",))
    assert joins.wants(tokens, OWN, joined=False)
    assert not joins.wants(packages, OWN, joined=False)
    assert not joins.wants(hats, OWN, joined=False)


def findings(
    *answers: Answer[Any], function: Callable[..., Verdict | Unknown] = lit
) -> dict[str, Finding]:
    store = FactStore()
    for item in answers:
        store.put(item)
    judged = evaluate((a_check(function, "DOR103"),), Index(store, (NOW,)), NOW)
    return {str(finding.subject): finding for finding in judged}


def seal(name: str, repository: str) -> Answer[Any]:
    subject = Subject("npm", "package", name)
    return answer(Seal(subject=subject, within=subject, repository=repository))


def lamps(where: str, *, burn: bool) -> tuple[Answer[Any], Answer[Any]]:
    subject = Subject("github", "repo", where)
    return (
        answer(repository(where)),
        Answer(Lamp, subject, (lamp("front", subject, burns=burn),), (atom(),)),
    )


def test_each_package_is_judged_by_the_lamps_of_its_own_repository() -> None:
    found = findings(
        seal("seal", "hazel/Catkin"),
        seal("walrus", "hazel/other"),
        *lamps("hazel/catkin", burn=True),
        *lamps("hazel/other", burn=False),
    )
    assert {name: item.result for name, item in found.items()} == {
        "npm:package/seal": "passed",
        "npm:package/walrus": "failed",
    }


@pytest.mark.parametrize("named", ["", "hazel/other"])
def test_the_only_repository_that_is_known_is_not_taken_for_a_packages(named: str) -> None:
    """Whether all of something in it is asked for, or one fact about it."""
    for function in (lit, open_to_all):
        known = (seal("seal", named), *lamps("hazel/catkin", burn=True))
        outcome = findings(*known, function=function)["npm:package/seal"].outcome
        assert isinstance(outcome, Unknown)
        assert outcome.reason is Reason.NOT_ASKED


@pytest.mark.parametrize(
    ("named", "result"), [("hazel/other", "failed"), ("", "unknown"), ("../x", "unknown")]
)
def test_what_has_a_place_of_its_own_is_not_judged_by_its_packages(named: str, result: str) -> None:
    """A publisher on another service would pass by the rules of the package's repository."""
    inner = Subject("npm", "part", "seal/1")
    found = findings(
        seal("seal", "hazel/catkin"),
        answer(Seal(subject=inner, within=SEAL, repository=named)),
        *lamps("hazel/catkin", burn=True),
        *lamps("hazel/other", burn=False),
    )
    assert found["npm:package/seal"].result == "passed"
    assert found["npm:part/seal/1"].result == result


def test_a_repository_that_was_refused_says_why() -> None:
    where = Subject("github", "repo", "hazel/catkin")
    refused = Unknown(Reason.NOT_PERMITTED, "the scope repo")
    found = findings(
        seal("seal", "hazel/catkin"),
        answer(repository("hazel/catkin")),
        Answer(Lamp, where, (), (), refused),
    )
    assert found["npm:package/seal"].outcome == refused


def test_a_plan_tells_what_is_asked_for_whose_sake() -> None:
    made = plan((a_check(lit, "DOR103"), a_check(hatted, "DOR104")))
    assert made.joined() == WANTED
    assert made.direct() == {Repository, Hat}
    assert made.kept() == frozenset()
