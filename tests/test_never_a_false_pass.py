"""The promise: no broken, partial, refused or strange answer makes a check pass.

For each check of the catalogue, its passing case is run against the real servers over sockets. Of
the answers that the case rests on, a smallest set that suffices is found; each of them is then
broken in every way, with the others in order. The verdict must never be passed. A check without a
passing case fails. Where several of them come from one endpoint, like the environments of several
repositories, the first is broken key by key, and all of them as a whole.

Each way to break an answer is tried with the first check that rests on an answer of that reader.
With each further check one in so many is tried, another one each time: how an answer is read does
not depend on the check. The first is the first of the catalogue: all of this file is run by one
process, in order. Most endpoints have a reader of their own; those that are read by their
declaration alone have one for lists and one for objects. Ways that are one to every reader, such as
a refused connection and one that is cut, are one here: `tests/collectors/test_alike.py` shows of
the clients that they are.

Of the keys that are read by their declaration alone, one is broken for each check, in another way
from check to check and from turn to turn: `tests/collectors/test_declared.py` shows of the reader
that a key that is absent, null or odd is unknown, whichever it is.

A lost page is known to be one however it is read; whether a check asks if its list is whole is its
own affair. So each check is also given each of its lists once more, with all that was in it, as one
that may lack something.

What a run finds outlasts it: one in ten is stored, as a report and as a journal, and has to say the
same when it is read again. `pytest --exhaustive` tries all of it, as does who picks a few checks.
"""

from __future__ import annotations

import json
import sys
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any
from unittest import mock

import pytest

from hardenme.collectors import declared
from hardenme.collectors.registry import by_hand, collectors
from hardenme.engine.catalogue import catalogue
from hardenme.engine.plan import derivations
from hardenme.model.check import Check
from hardenme.model.fact import Every, Fact
from hardenme.model.finding import Finding
from hardenme.model.unknown import NotKnownError
from hardenme.model.verdict import Passed
from hardenme.sandbox.http import Edit, Fault, Reply, Request
from tests.factories.given import LOST
from tests.kept import demand_the_same
from tests.mutations import (
    ALIKE,
    EXCEPTIONS,
    IDLE,
    SINGLE_SIGN_ON,
    WHOLE,
    Atom,
    absent,
    answered_by,
    declared_at,
    holds,
    in_headers,
    is_list,
    is_null,
    lost_page,
    of_keys,
    one_more,
    optional_keys,
    plain_keys,
    replaced,
    unknown_value,
)
from tests.passing import ALARMING, MANUAL, SCENARIOS, Passing, passing_cases
from tests.running import QUICK, Stage

EXISTENTIAL = frozenset({"GHA107", "NPP103", "NPP105", "PUB103", "PUB105", "REL105"})
"""Checks that one witness passes: what else a list may hold does not matter to them."""
ONE_IS_ENOUGH = {
    ("NPP112", "publishers"): "of a package's trusted publishers, one that may stage",
}
"""Single lists of which the same holds."""

ON_FILES = frozenset(f"LOC{number}" for number in range(101, 115)) - {"LOC103"}
"""Checks that rest on files alone: `test_never_a_false_pass_local.py` breaks those."""
REFUSED = "403"
"""The way by which it is found out which answers a verdict needs."""
PLAIN = frozenset(kind for one in collectors()[len(by_hand()) :] for kind in one.gives)
"""Facts that are read by their declaration alone."""
SHORT = 20
"""Bytes; no whole answer to a query is as short."""
TRIED: set[tuple[str, str]] = set()
"""What was tried already: a reader of answers, and the way in which one was broken."""
OF_A_WHOLE = frozenset({*WHOLE, "truncated", "single sign-on", "lost last page"})
"""Ways to break an answer that take no key of it."""
PART = 28
STORED = 10
"""Every so manieth run is stored and read again: whatever came out has to be the same then."""
FEW = 20
"""Who picks no more tests than these is given all ways."""
INDIFFERENT = {
    ("GHA111", "restrictedContributionsCount"): "a contribution that shows is one",
    ("GHA112", "login"): "an organization that is no invitation any more is not named",
    ("GHB101", "type"): "a rule that nobody has seen yet is a rule",
    ("GHB110", "type"): "whatever a rule demands, nobody gets past an empty bypass list",
    ("GHB117", "restrictsPushes"): "a rule for pull requests stops pushes by itself",
    ("GHB117", "lockBranch"): "the same",
    ("GHB117", "blocksCreations"): "a branch that is there and stays is not created anew",
    ("GHO102", "id"): "the teams of a member are said beside what fails",
    ("GHO133", "base_role"): "the name of a predefined role says what it gives",
    ("GHO133", "source"): "a name and a base role that say the same need no origin",
    ("GHR101", "full_name"): "a repository that is asked for by itself is told from no other",
    ("GHR102", "full_name"): "the same",
    ("GHR103", "viewerCanAdminister"): "that alerts are on is not told to hide anything",
    ("GHR104", "viewerCanAdminister"): "of whom the batch leaves out, a list of its own tells",
    ("GHR126", "full_name"): "a repository that is asked for by itself is told from no other",
    ("GHR118", "id"): "the patterns of an environment have one, and it is not read",
    ("GHR118", "visibility"): "whom an empty list is shown matters where it is empty",
    ("GHR128", "visibility"): "the same",
    ("NPP103", "totalCount"): "an environment that is named is there, however many there are",
    ("NPP103", "visibility"): "whom an empty list is shown matters where it is empty",
    ("NPP104", "login"): "whose token asks matters where the repository does not show",
    ("NPP115", "login"): "the same",
    ("PUB103", "name"): "who administers a repository does not hang on its branch's name",
    ("GHR118", "pattern"): "an environment that names its own branches rests on no classic rule",
    ("REL102", "maintainers"): "a trusted publisher may publish, whoever maintains the package",
}
"""Keys of answers that others are read from: this check, where it passes, rests on none of them."""
CODES = [check.code for check in catalogue() if check.code not in ON_FILES]


@cache
def all_facts() -> dict[str, type[Fact]]:
    """Every kind of fact by its name.

    A class with slots is a copy of the one that was written, which may still be there: no answer
    is one of those, and no derivation makes one.
    """
    found: dict[str, type[Fact]] = {}
    waiting = [Fact]
    while waiting:
        kind = waiting.pop()
        if getattr(sys.modules[kind.__module__], kind.__name__, None) is kind:
            found[kind.__name__] = kind
        waiting.extend(kind.__subclasses__())
    return found


@dataclass(frozen=True, slots=True)
class Way:
    """One way to break one answer.

    Attributes:
        atom: the request.
        name: the way, with the key where it is one of a key.
        fault: what breaks it.
        plain: the key is read by its declaration alone.
    """

    atom: Atom
    name: str
    fault: Fault
    plain: bool = False


class Looked(Exception):  # noqa: N818 (no error)
    """A list was looked at."""


class Untouched(tuple[Any, ...]):
    """Stands for what is in a list that a verdict does not hang on."""

    __slots__ = ()

    def _look(self, *_: object) -> Any:
        raise Looked

    __iter__ = __len__ = __getitem__ = __contains__ = _look


@dataclass
class Case:
    """One check's passing case on a stage that can be broken.

    Attributes:
        reads: what the check read when it passed the last time.
    """

    check: Check
    passing: Passing
    stage: Stage
    replies: dict[Atom, Reply] = field(default_factory=dict)
    requests: dict[Atom, Request] = field(default_factory=dict)
    stored: int = STORED
    runs: int = 0
    failed: set[str] | None = None
    read: set[tuple[type[Any], str, str]] = field(default_factory=set)
    judged: list[dict[str, Any]] = field(default_factory=list)
    reads: frozenset[tuple[str, str]] = frozenset()

    def run(self, *faults: Fault) -> Finding | None:
        """The finding about the passing subject; None where the check knows less than all."""
        bounds = replace(QUICK, idle=IDLE) if any(fault.stall for fault in faults) else QUICK
        self.stage.rest()
        for server in self.stage.servers:
            server.faults[:] = faults
        try:
            report = self.stage.audit(
                *self.passing.targets,
                select_=(self.check.code,),
                bounds=bounds,
                profile=self.passing.profile,
                opted_in=self.passing.opted_in,
                local=self.passing.local,
            )
        finally:
            for server in self.stage.servers:
                server.faults.clear()
        self.runs += 1
        if self.runs % self.stored == 0:
            demand_the_same(report)
        if any(finding.result in {"unknown", "errored"} for finding in report.findings):
            # A list that is not whole leaves what it shows as it is, and says so beside it.
            return None
        failed = {str(item.subject) for item in report.findings if item.result == "failed"}
        if self.failed is None:
            self.failed = failed
        elif failed - self.failed:
            # A plain 404 may show that something is absent elsewhere: that is seen too.
            return None
        return next((f for f in report.findings if str(f.subject) == self.passing.subject), None)

    def passes(self, *faults: Fault) -> bool:
        finding = self.run(*faults)
        if finding is None or finding.result not in {"passed", "attested"}:
            return False
        self.reads = finding.reads
        return True

    def watch(self) -> list[Atom]:
        """Run it unbroken, and keep what was answered."""

        def keep(request: Request, reply: Reply) -> Reply:
            atom = Atom.of(request)
            self.requests[atom] = request
            self.replies[atom] = Reply(reply.status, None, dict(reply.headers), reply.encoded())
            return reply

        readers = declared._readers

        def watched(kind: type[Any], source: str, name: str, value: Any) -> Any:
            def read(item: Any) -> Any:
                self.read.add((kind, source, name))
                return value(item)

            return read

        def watching(kind: type[Any], source: str) -> Any:
            return [
                (name, path, watched(kind, source, name, value))
                for name, path, value in readers(kind, source)
            ]

        def judge(check: Check, **facts: Any) -> Any:
            if check is self.check:
                self.judged.append(facts)
            return check.function(**facts)

        with (
            mock.patch.object(declared, "_readers", watching),
            mock.patch.object(Check, "__call__", judge),
        ):
            assert self.passes(Fault(".*", edit=keep)), f"{self.check.code} has no passing case"
        return list(self.replies)

    def cut_lists(self) -> set[str]:
        """The lists that the check passes by, although they may lack something."""
        found = set()
        for facts in self.judged:
            for name, told in facts.items():
                if isinstance(told, Every) and told.missing is None:
                    cut = {**facts, name: replace(told, missing=LOST)}
                    blind = {**facts, name: Every(Untouched())}
                    if self.says(facts) and self.says(cut) and not self.says(blind):
                        found.add(name)
        return found

    def says(self, facts: dict[str, Any]) -> bool:
        """Whether the check itself passes by facts."""
        try:
            return isinstance(self.check(**facts), Passed)
        except (NotKnownError, Looked):
            return False

    def needed(self, atoms: list[Atom]) -> tuple[list[Atom], list[Fault]]:
        """A smallest set of answers that suffices, and the faults that keep the others away."""
        needed: list[Atom] = []
        away: list[Fault] = []
        for atom in atoms:
            fault = atom.fault(**WHOLE[REFUSED])
            if self.passes(*away, fault):
                away.append(fault)
            else:
                needed.append(atom)
        return needed, away

    def on_github(self, atom: Atom) -> bool:
        return any(Atom.of(request) == atom for request in self.stage.github.requests)

    def list_mutations(self, atom: Atom) -> Iterator[tuple[str, Fault]]:
        if self.on_github(atom):
            yield "single sign-on", atom.fault(**SINGLE_SIGN_ON)
        if is_list(self.replies[atom], self.requests[atom]):
            yield "lost last page", atom.fault(edit=lost_page)

    def mutations(self, atom: Atom, reads: frozenset[tuple[str, str]]) -> Iterator[Way]:
        """Every way to break an answer."""
        reply = self.replies[atom]
        for name, how in WHOLE.items():
            yield Way(atom, name, atom.fault(**how))
        # Short enough to break what a smaller question, asked in its place, is answered too.
        cut = atom.fault(cut=min(len(reply.encoded()) // 2, SHORT))
        yield Way(atom, "truncated", cut)
        if self.check.code not in EXISTENTIAL:
            for name, fault in self.list_mutations(atom):
                yield Way(atom, name, fault)
        facts = all_facts()
        keys = {
            entry
            for fact, field_name in reads
            if fact in facts and answered_by(facts[fact], atom)
            for entry in of_keys(facts[fact], field_name)
            if declared_at(facts[fact], atom, entry[0])
        }
        plain_ones = plain_keys(self.read) - EXCEPTIONS - self.by_hand(atom, reads)
        for name, nullable, free in sorted(keys):
            if not holds(reply, name) or (self.check.code, name) in INDIFFERENT:
                continue
            plain = name in plain_ones
            for how, edit in self.of_key(reply, name, nullable=nullable, free=free):
                yield Way(atom, f"{name} {how}", atom.fault(edit=edit), plain)
        optional = {
            name
            for fact, field_name in reads
            if fact in facts and answered_by(facts[fact], atom)
            for name in optional_keys(facts[fact], field_name)
        }
        for name in sorted(optional - {name for name, _, _ in keys}):
            if holds(reply, name):
                yield Way(atom, f"{name} unknown", atom.fault(edit=unknown_value(name, free=False)))

    def by_hand(self, atom: Atom, reads: frozenset[tuple[str, str]]) -> set[str]:
        """The keys that count for a field which the generic reader did not read."""
        facts = all_facts()
        read = {(kind, name) for kind, _, name in self.read}
        return {
            entry[0]
            for fact, name in reads
            if fact in facts and answered_by(facts[fact], atom) and (facts[fact], name) not in read
            for entry in of_keys(facts[fact], name)
        } | {
            step
            for fact, _ in reads
            if fact in facts
            for path in getattr(facts[fact], "gates", ())
            for step in path.split("/")
        }

    @staticmethod
    def of_key(
        reply: Reply, name: str, *, nullable: bool, free: bool
    ) -> Iterator[tuple[str, Edit]]:
        """Every way to break one key, or header, of an answer."""
        header = in_headers(reply, name)
        if not (nullable and header):
            yield "absent", absent(name)
        if not nullable and not header and not is_null(reply, name):
            yield "null", replaced(name, None)
        if name in EXCEPTIONS:
            yield "strange", one_more(name, "~SOMETHING_NEW")
        yield "unknown", unknown_value(name, free=free)


def chosen(code: str, ways: list[Way], turn: int) -> list[Way]:
    """The ways that are tried: new ones, and of the others a few that the code decides on.

    Of those that break plain keys it is one. Each turn it is the next ones.
    """
    found = []
    plain: list[Way] = []
    by_hand: dict[Atom, list[Way]] = {}
    for way in ways:
        if way.plain:
            plain.append(way)
        else:
            by_hand.setdefault(way.atom, []).append(way)
    for atom, several in by_hand.items():
        begin = (zlib.crc32(f"{code} {atom.path}".encode()) + turn) % PART
        new = [way for way in several if trial(way) not in TRIED]
        found += one_of_each(new, f"{code} {atom.shape}", turn)
        TRIED.update(map(trial, new))
        found += [
            way for place, way in enumerate(several) if place % PART == begin and way not in found
        ]
    if plain:
        found.append(plain[(zlib.crc32(code.encode()) + turn) % len(plain)])
    return found


def one_of_each(ways: list[Way], name: str, turn: int) -> Iterator[Way]:
    """Of ways that are one to every reader, one; which, a name and the turn decide."""
    kinds: dict[str, list[Way]] = {}
    for way in ways:
        kinds.setdefault(kind_of(way), []).append(way)
    for kind, several in kinds.items():
        yield several[(zlib.crc32(f"{name} {kind}".encode()) + turn) % len(several)]


def trial(way: Way) -> tuple[str, str]:
    """By what a way is known again: who reads the answer, and what it takes the way to be.

    What is made of one key differs from endpoint to endpoint, whoever reads it.
    """
    return reader(way.atom) if way.name in OF_A_WHOLE else way.atom.shape, kind_of(way)


def kind_of(way: Way) -> str:
    """What every reader takes a way to be."""
    return next((kind for kind, names in ALIKE.items() if way.name in names), way.name)


@cache
def reader(atom: Atom) -> str:
    """Who reads an answer: the one of declared lists or of objects, or one of this endpoint."""
    kinds = {
        kind
        for one in collectors()
        for kind in one.gives
        if answered_by(kind, atom) and not derivations().get(kind)
    }
    if kinds and kinds <= PLAIN:
        return "lists" if all(kind.endpoint.kind for kind in kinds) else "objects"
    return atom.shape


@pytest.mark.sampled(9)
@pytest.mark.second_tier("thousands of runs", one_of=12)
@pytest.mark.parametrize("code", CODES)
def test_no_broken_answer_passes(
    code: str,
    record_property: pytest.RecordProperty,
    exhaustive: bool,  # noqa: FBT001 (a fixture)
    request: pytest.FixtureRequest,
) -> None:
    if code in MANUAL | ALARMING:
        pytest.skip("a question for a person: no verdict that could be false")
    assert code in passing_cases(), f"{code} needs a passing case in tests/passing.py"
    passing = passing_cases()[code]
    check = next(check for check in catalogue() if check.code == code)
    with ExitStack() as stack:
        case = Case(check, passing, stack.enter_context(SCENARIOS[passing.scenario]()))
        atoms = case.watch()
        by_less = {(code, name) for name in case.cut_lists()} - ONE_IS_ENOUGH.keys()
        assert not by_less or code in EXISTENTIAL, "passes by a list that may lack something"
        needed, away = case.needed(atoms)
        assert needed, "a verdict that needs no answer"
        # That a refusal keeps it from passing was found out on the way.
        TRIED.update((reader(atom), REFUSED) for atom in needed)
        # It passed the last time by these answers alone.
        read = case.reads
        ways: list[Way] = []
        shapes: set[str] = set()
        for atom in needed:
            # Of answers of one endpoint, each is broken as a whole, and one of them key by key.
            reads = frozenset[tuple[str, str]]() if atom.shape in shapes else read
            shapes.add(atom.shape)
            ways += case.mutations(atom, reads)
        everything = exhaustive or request.session.testscollected <= FEW
        case.stored = 1 if everything else STORED
        tried = ways if everything else chosen(code, ways, request.config.getoption("--turn"))
        false_passes = [
            f"{way.atom.path}{way.atom.operation}: {way.name}"
            for way in tried
            if case.passes(way.fault, *away)
        ]
    record_property("mutations", len(tried))
    assert not false_passes, json.dumps(false_passes)


def test_every_check_is_covered() -> None:
    assert set(CODES) | ON_FILES == set(passing_cases()) | MANUAL | ALARMING
