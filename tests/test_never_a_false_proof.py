"""Where nothing changed, no run proves that a credential is dead: at any depth, however broken."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from hardenme.cli.stored.runbooks import runbook_of
from hardenme.derive.incident import LedgerRun, ledger
from hardenme.derive.incident.observed import same
from hardenme.model.depth import Depth
from hardenme.model.incident import LedgerRow, RowState
from hardenme.model.report import Report
from hardenme.model.runbook import LIST, EndedList
from hardenme.sandbox.http import Fault, LoopbackServer
from hardenme.sandbox.npm import scenarios as npm
from hardenme.sandbox.npm.world import TokenKind
from tests.mutations import SINGLE_SIGN_ON, WHOLE, Atom, lost_page
from tests.running import NOW, Stage, stage
from tests.worlds.organizations import base, weak_organization

pytestmark = pytest.mark.second_tier("forges proofs in every way", one_of=10)

TARGETS = ("github:bramble-labs", "me")
PARTS = 5
"""Runs with one fault; in each another part of the endpoints is broken."""
FAULTS = {
    **{name: WHOLE[name] for name in ("401", "403", "hiding 404", "500", "empty 200")},
    "empty object": WHOLE["empty object"],
    "single sign-on": SINGLE_SIGN_ON,
    "lost page": {"edit": lost_page},
}


@dataclass(frozen=True)
class Unchanged:
    """Servers, the run that was frozen, and what it asked."""

    servers: Stage
    frozen: LedgerRun
    asked: frozenset[tuple[str, str]]

    def later(self, depth: Depth = Depth.DEEP) -> LedgerRun:
        """A run of an hour later."""
        self.servers.rest()
        report = self.servers.audit(*TARGETS, depth=depth)
        return run_of(replace(report, started=NOW + timedelta(hours=1)))

    def break_part(self, name: str, part: int) -> None:
        """Break every answer of some of the endpoints."""
        for server in self.servers.servers:
            broken = {
                shape
                for url, shape in self.asked
                if url == server.url and zlib.crc32(shape.encode()) % PARTS == part
            }
            server.faults.append(
                Fault(".*", match=lambda one, of=broken: Atom.of(one).shape in of, **FAULTS[name])  # type: ignore[misc]
            )


def run_of(report: Report) -> LedgerRun:
    whole = replace(report, inventory=tuple(report.inventory))
    return LedgerRun(whole, runbook_of(whole))


def shapes(server: LoopbackServer) -> Iterator[tuple[str, str]]:
    for request in server.requests:
        yield server.url, Atom.of(request).shape


@pytest.fixture(scope="module")
def unchanged() -> Iterator[Unchanged]:
    registry = npm.weak_maintainer(NOW)
    world = weak_organization(NOW)
    with stage(world, registry, base.WEAK_CLASSIC, registry.token("mallow")) as servers:
        frozen = run_of(servers.audit(*TARGETS))
        asked = frozenset(one for server in servers.servers for one in shapes(server))
        assert len(asked) > 2 * PARTS
        yield Unchanged(servers, frozen, asked)


def proven(frozen: LedgerRun, later: LedgerRun) -> list[LedgerRow]:
    """The credentials that a later run is taken to show as dead."""
    rows = ledger(frozen, (), (later,), later.at).rows
    assert sum(one.credential for one in rows) > 20
    return [
        one
        for one in rows
        if one.credential and one.state is not RowState.PENDING and not one.key.startswith(LIST)
    ]


def overlooked(frozen: LedgerRun, later: LedgerRun) -> list[str]:
    """What would be in no row, had it been made after the frozen run, though its list is proven."""
    things = [
        thing
        for step in frozen.book.steps
        for item in step.items
        for thing in item.things
        if not thing.wants
    ]
    assert len(things) > 20
    made_later = {(one.place, one.kind.kind) for one in things}
    bare = tuple(
        replace(
            place,
            items=tuple(one for one in place.items if (place.subject, one.kind) not in made_later),
        )
        for place in frozen.report.inventory
    )
    rows = ledger(run_of(replace(frozen.report, inventory=bare)), (), (later,), later.at).rows
    read = {one.key for one in rows if one.state is RowState.PROVEN}
    return [
        thing.text
        for thing in things
        if EndedList(thing.kind).key in read
        and not any(same(thing.item, one) for one in later.places[thing.place].items)
    ]


@pytest.mark.sampled(16)
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("name", FAULTS)
def test_no_broken_answer_proves_anything(unchanged: Unchanged, name: str, part: int) -> None:
    unchanged.break_part(name, part)
    try:
        later = unchanged.later()
    finally:
        for server in unchanged.servers.servers:
            server.faults.clear()
    assert [(one.text, one.why) for one in proven(unchanged.frozen, later)] == []
    assert overlooked(unchanged.frozen, later) == []


@pytest.mark.second_tier("a whole run at each depth")
def test_no_other_depth_proves_anything(unchanged: Unchanged) -> None:
    runs = {depth: unchanged.later(depth) for depth in Depth}
    for one in Depth:
        before = runs[one]
        frozen = run_of(replace(before.report, started=NOW))
        for other in Depth:
            found = proven(frozen, runs[other])
            assert [(row.text, row.why) for row in found] == [], (one, other)
            assert overlooked(unchanged.frozen, runs[other]) == [], other


GITHUB = (base.WEAK_CLASSIC, base.WEAK_FINE_GRAINED, base.WEAK_APP, base.WEAK_MEMBER, "")


@pytest.mark.sampled(10)
@pytest.mark.parametrize("npm_kind", [*TokenKind, None])
@pytest.mark.parametrize("github", GITHUB)
def test_no_other_token_proves_anything(
    unchanged: Unchanged, github: str, npm_kind: TokenKind | None
) -> None:
    """With fewer rights less is shown, and what is not shown is not gone."""
    servers = unchanged.servers
    kept = servers.github_token, servers.npm_token
    credentials = servers.npm.world.credentials
    found = next((one for one in credentials if one.kind is npm_kind), None)
    servers.github_token, servers.npm_token = github, found.value if found else ""
    try:
        later = unchanged.later()
    finally:
        servers.github_token, servers.npm_token = kept
    assert [(one.text, one.why) for one in proven(unchanged.frozen, later)] == []
    assert overlooked(unchanged.frozen, later) == []


def test_what_is_gone_is_proven(unchanged: Unchanged) -> None:
    """So that the tests above are known to be able to fail."""
    kept = list(unchanged.servers.npm.world.tokens)
    unchanged.servers.npm.world.tokens.clear()
    try:
        later = unchanged.later()
        found = proven(unchanged.frozen, later)
    finally:
        unchanged.servers.npm.world.tokens[:] = kept
    assert {one.text.split(" of ")[0].split()[0] for one in found} == {"npm"}
    assert len(found) == len(kept)
    assert len(overlooked(unchanged.frozen, later)) == len(kept)
