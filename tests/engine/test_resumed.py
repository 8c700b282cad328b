"""A run that is gone on with judges an organization by what it sees, not by what it forgot."""

from __future__ import annotations

from collections.abc import Iterable

from hardenme.collectors.fact_store import FactStore
from hardenme.engine.catalogue import select
from hardenme.engine.judge import Judge
from hardenme.engine.plan import plan
from hardenme.engine.progress import Silent
from hardenme.engine.results import MemoryResultStore
from hardenme.facts.github.collaborators import RepositoryOutsideCollaborator
from hardenme.model.finding import Finding
from hardenme.model.given import Targets
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from hardenme.model.verdict import Failed, Passed
from hardenme.sandbox.http import Fault, Reply, Request
from tests.failing import weak_organization
from tests.passing import organization
from tests.running import NOW, Stage

OUTSIDERS = ("GHO123", "GHR113")


class Broken(MemoryResultStore):
    """The store of a run that was broken off after it had judged everything."""

    def known(self) -> Iterable[Subject]:
        return tuple(self._kept)


def slow(fragment: bytes) -> Fault:
    """GitHub has no time to tell the people of many repositories."""
    return Fault(
        "/graphql",
        match=lambda request: b"fragment " + fragment in request.body,
        edit=lambda _request, _reply: Reply(502, {"message": "not in time"}),
    )


def twice(running: Stage, target: str) -> tuple[Finding, Finding, int]:
    """The finding about the outsider, from a run and from one that goes on with it."""
    result_store = Broken()
    found = []
    for _ in range(2):
        asked = len(running.github.requests)
        report = running.audit(target, select_=OUTSIDERS, result_store=result_store)
        found += [finding for finding in report.findings if finding.code == "GHO123"]
    first, second = found
    return first, second, len(running.github.requests) - asked


def test_what_the_listing_shows_is_judged_again() -> None:
    with organization() as running:
        first, second, asked = twice(running, "github:cedar-labs")
    assert first.result == second.result == "passed"
    with weak_organization() as running:
        first, second, asked = twice(running, "github:bramble-labs")
    assert first.result == second.result == "failed"
    assert asked < 8, "no repository is asked about again"


def test_what_only_the_earlier_run_knew_is_unknown() -> None:
    with organization() as running:
        running.github.faults.append(slow(b"OutsideCollaborators"))
        first, second, _ = twice(running, "github:cedar-labs")
    assert first.result == "passed", "each repository was asked about by itself"
    assert isinstance(second.outcome, Unknown)
    assert second.outcome.reason is Reason.INCOMPLETE


def test_what_the_listing_does_not_show_at_all_is_unknown_too() -> None:
    known, fresh = Subject("github", "repo", "grove/ash"), Subject("github", "repo", "grove/elm")
    result_store, store = Broken(), FactStore()
    result_store.put(known, (), final=True)
    judge = Judge(
        plan(select(["GHO123"])),
        "team",
        store,
        roots=tuple,
        beside=tuple,
        targets=lambda: Targets(frozenset(), frozenset()),
        result_store=result_store,
        started=NOW,
        progress=Silent(),
    )
    assert not judge.known_already(fresh, store.scoped())
    assert store.get(RepositoryOutsideCollaborator, fresh) is None
    assert judge.known_already(known, store.scoped())
    answer = store.get(RepositoryOutsideCollaborator, known)
    assert answer is not None
    assert answer.missing is not None
    assert answer.missing.reason is Reason.INCOMPLETE


def administers(outcome: object) -> dict[str, object]:
    """What a verdict on a member tells of the repositories that the member administers."""
    seen = outcome.seen if isinstance(outcome, Passed | Failed) else {}
    return {name: value for name, value in seen.items() if name.startswith("administers")}


def of_nettle(running: Stage, result_store: Broken) -> Finding:
    """What a run finds of one member, who administers two repositories."""
    report = running.audit(
        "github:bramble-labs", select_=("GHO102", "GHR112"), result_store=result_store
    )
    (found,) = (one for one in report.findings if one.subject.name == "bramble-labs/nettle")
    return found


def cut_at(name: str) -> Fault:
    """The listing shows one repository's people in part; asked alone it shows them all."""

    def cut(_request: Request, reply: Reply) -> Reply:
        for node in reply.data["data"]["repositoryOwner"]["repositories"]["nodes"]:
            if node["nameWithOwner"] == f"bramble-labs/{name}":
                node["collaborators"]["edges"] = []
        return reply

    many = b"fragment Administrators"
    return Fault("/graphql", match=lambda request: many in request.body, edit=cut)


def test_what_the_listing_shows_of_administrators_is_counted_again() -> None:
    with weak_organization() as running:
        result_store = Broken()
        first, second = of_nettle(running, result_store), of_nettle(running, result_store)
    assert first.result == second.result == "failed"
    assert administers(first.outcome) == administers(second.outcome) == {"administers": 2}


def test_administrators_that_only_the_earlier_run_knew_are_not_counted_as_all() -> None:
    with weak_organization() as running:
        running.github.faults.append(cut_at("graft"))
        result_store = Broken()
        first, second = of_nettle(running, result_store), of_nettle(running, result_store)
    assert administers(first.outcome) == {"administers": 2}
    assert second.result == "failed"
    assert administers(second.outcome) == {"administers": 1, "administers_at_least": True}


def test_where_only_the_earlier_run_knew_administrators_no_number_is_told() -> None:
    with weak_organization() as running:
        running.github.faults.append(slow(b"Administrators"))
        result_store = Broken()
        first, second = of_nettle(running, result_store), of_nettle(running, result_store)
    assert administers(first.outcome) == {"administers": 2}
    assert second.result == "failed"
    assert administers(second.outcome) == {}
