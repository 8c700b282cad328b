"""The plan: from checks to the facts that they need, and to the rights that these take."""

from __future__ import annotations

import typing
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cache, lru_cache
from types import UnionType
from typing import Any, cast, get_args, get_origin

from hardenme.facts.github.collaborators import RepositoryAdministrators
from hardenme.facts.github.repository import Repository
from hardenme.facts.npm.package import Package
from hardenme.facts.npm.site import NpmFact
from hardenme.model.check import Check, Parameter, SharedNeeds, parameters_of, together
from hardenme.model.depth import Depth
from hardenme.model.fact import Every, Fact
from hardenme.model.given import Limits
from hardenme.model.permission import Requirement, least_scopes
from hardenme.model.unknown import Unknown


@dataclass(frozen=True, slots=True)
class Derivation:
    """A pure function that makes a derived fact.

    Attributes:
        gives: the derived fact.
        function: from facts to the derived one, or to `Every` of a list of them.
        parameters: what it needs; the derived fact is about the first one's subjects.
        together: those of the function's own parameters that take several of these as one.
    """

    gives: type[Fact]
    function: Callable[..., Any]
    parameters: tuple[Parameter, ...]
    together: Mapping[str, type[SharedNeeds]] = field(default_factory=dict)

    def make(self, arguments: Mapping[str, Any]) -> Any:
        """Call the function.

        Args:
            arguments: one for each parameter.
        """
        rest = dict(arguments)
        parts = {
            name: kind(**{part.name: rest.pop(part.name) for part in fields(cast("Any", kind))})
            for name, kind in self.together.items()
        }
        return self.function(**rest, **parts)


@cache
def derivations() -> dict[type[Fact], tuple[Derivation, ...]]:
    """Every derivation, by the fact that it makes.

    Several may make the same fact about different subjects, as of organizations and of their
    repositories.
    """
    from hardenme.derive.registry import DERIVATIONS  # noqa: PLC0415 (start-up: most commands need none)

    found: dict[type[Fact], tuple[Derivation, ...]] = {}
    for function in DERIVATIONS:
        item = _derivation(function)
        found[item.gives] = (*found.get(item.gives, ()), item)
    return found


def makers(kind: type[Fact]) -> tuple[Derivation, ...]:
    """The derivations that make a fact; none if it is read. It says itself which it is."""
    return derivations().get(kind, ()) if kind.source.startswith(DERIVED) else ()


def _derivation(function: Callable[..., Any]) -> Derivation:
    hint = typing.get_type_hints(function)["return"]
    if get_origin(hint) in {UnionType, typing.Union}:
        hint = next(item for item in get_args(hint) if item is not Unknown)
    gives = get_args(hint)[0] if get_origin(hint) is Every else hint
    return Derivation(gives, function, parameters_of(function), together(function))


DERIVED = "derived from "
"""How the source of a fact begins that is made of others."""
PROFILED: tuple[type[Fact], ...] = (Repository, RepositoryAdministrators)
"""The facts by which the profile of a repository is known."""
_SOURCES: dict[type[Fact], frozenset[type[Fact]]] = {}
_INDISPENSABLE: dict[type[Fact], frozenset[type[Fact]]] = {}
"""What was found out once a process; a plan asks for it hundreds of times."""


def sources(kinds: Iterable[type[Fact]]) -> frozenset[type[Fact]]:
    """The facts that have to be collected for these.

    Derived ones give way to what they are made of; what lists a fact's subjects is needed too.
    """
    return _sources(frozenset(kinds))


@lru_cache(maxsize=256)
def _sources(kinds: frozenset[type[Fact]]) -> frozenset[type[Fact]]:
    return frozenset(found for kind in kinds for found in _sources_of(kind))


def _sources_of(kind: type[Fact]) -> frozenset[type[Fact]]:
    if kind in _SOURCES:
        return _SOURCES[kind]
    waiting, needed = [kind], set[type[Fact]]()
    done: set[type[Fact]] = set()
    while waiting:
        found = waiting.pop()
        if found in done:
            continue
        done.add(found)
        made_by = makers(found)
        if not made_by:
            needed.add(found)
        for derivation in made_by:
            waiting.extend(item.kind for item in derivation.parameters if not item.given)
        if found.listed_by is not None:
            waiting.append(found.listed_by)
    return _SOURCES.setdefault(kind, frozenset(needed))


def indispensable(kinds: Iterable[type[Fact]]) -> frozenset[type[Fact]]:
    """The facts without which nothing is known: `sources` without the optional ones."""
    return frozenset(found for kind in kinds for found in _indispensable_for(kind))


def _indispensable_for(kind: type[Fact]) -> frozenset[type[Fact]]:
    if kind in _INDISPENSABLE:
        return _INDISPENSABLE[kind]
    waiting, needed = [kind], set[type[Fact]]()
    while waiting:
        found = waiting.pop()
        if found in needed:
            continue
        needed.add(found)
        for derivation in makers(found):
            parts = (item for item in derivation.parameters if not (item.given or item.optional))
            waiting.extend(item.kind for item in parts)
        if found.listed_by is not None:
            waiting.append(found.listed_by)
    return _INDISPENSABLE.setdefault(kind, frozenset(needed))


_OF_REPOSITORY: dict[type[Fact], bool] = {}


def of_repository(kind: type[Fact]) -> bool:
    """Whether a fact is about a repository, or about something within one.

    Such facts are judged one repository at a time and let go of; all others stay until the end.
    """
    if kind not in _OF_REPOSITORY:
        _OF_REPOSITORY[kind] = kind is Repository or any(map(of_repository, _upper(kind)))
    return _OF_REPOSITORY[kind]


def _upper(kind: type[Fact]) -> list[type[Fact]]:
    """The facts whose subjects a fact is asked of, or made of."""
    firsts = [item.parameters[0].kind for item in makers(kind)]
    return firsts or ([kind.listed_by] if kind.listed_by else [])


def of_package(kind: type[Fact]) -> bool:
    """Whether a fact is about an npm package, or about something within one."""
    return kind is Package or any(map(of_package, _upper(kind)))


def on_npm(kind: type[Fact]) -> bool:
    """Whether a fact is about something on npm."""
    return issubclass(kind, NpmFact)


@dataclass(frozen=True, slots=True)
class Selection:
    """What a run will look at.

    Attributes:
        checks: those that run.
        facts: the facts to collect.
        left_out: how many selected checks do not run, by why.
        depth: how deep the run asks.
        deeper: the facts that the checks could use too, and that only a deeper run asks for.
        wanted: facts that are asked for their own sake, whatever the checks need.
    """

    checks: tuple[Check, ...]
    facts: frozenset[type[Fact]]
    left_out: dict[str, int] = field(default_factory=dict)
    depth: Depth = Depth.STANDARD
    deeper: frozenset[type[Fact]] = frozenset()
    wanted: frozenset[type[Fact]] = frozenset()

    def requirements(self) -> tuple[Requirement, ...]:
        """What the facts require, each requirement once."""
        found = {kind.requirement for kind in self.facts if kind.requirement.alternatives}
        return tuple(sorted(found, key=str))

    def kept(self) -> frozenset[type[Fact]]:
        """The facts about repositories that are judged together with what is above them."""
        return self._of_repositories(lambda kind: not (of_repository(kind) or on_npm(kind)))

    def joined(self) -> frozenset[type[Fact]]:
        """The facts about repositories that are judged together with an npm package of theirs."""
        return self._of_repositories(on_npm)

    def direct(self) -> frozenset[type[Fact]]:
        """The facts that are asked about GitHub's targets for their own sake."""
        rest = (check for check in self.checks if not on_npm(check.subject_fact))
        needed = sources(kind for check in rest for kind in check.facts)
        return needed | frozenset(kind for kind in self.wanted if not on_npm(kind))

    def of_packages(self) -> frozenset[type[Fact]]:
        """The facts that are judged together with an npm package."""
        return self._where(of_package)

    def of_repositories(self) -> frozenset[type[Fact]]:
        """The facts that are judged together with a repository."""
        return self._where(of_repository)

    def _where(self, judged: Callable[[type[Fact]], bool]) -> frozenset[type[Fact]]:
        checks = (check for check in self.checks if judged(check.subject_fact))
        needed = sources(kind for check in checks for kind in check.facts)
        return needed | frozenset(filter(judged, self.wanted))

    def _of_repositories(self, judged: Callable[[type[Fact]], bool]) -> frozenset[type[Fact]]:
        checks = (check for check in self.checks if judged(check.subject_fact))
        return frozenset(
            kind for check in checks for kind in sources(check.facts) if of_repository(kind)
        )

    def providers(self, kinds: Iterable[type[Fact]] | None = None) -> frozenset[str]:
        """Who is asked, about everything or for these facts: `github`, `npm`, `mail`, `local`."""
        asked = self.facts if kinds is None else self.facts.intersection(kinds)
        return frozenset(kind.asked_at for kind in asked)

    def least_scopes(self) -> frozenset[str]:
        """The least classic scopes for these facts."""
        return least_scopes(self.requirements())


def plan(
    checks: Iterable[Check], opted_in: Iterable[str] = (), depth: Depth = Depth.STANDARD
) -> Selection:
    """Plan a run of these checks.

    Args:
        checks: those that were selected.
        opted_in: the command-line options that were given, of those that facts ask for.
        depth: how deep the run asks; a check that needs a deeper one is left out.
    """
    given = set(opted_in)
    running: list[Check] = []
    left_out: dict[str, int] = {}
    for check in checks:
        why = _left_out(check, given, depth)
        if why:
            left_out[why] = left_out.get(why, 0) + 1
        else:
            running.append(check)
    needed = sources(kind for check in running for kind in check.facts)
    if any(map(_profiled, running)):
        needed |= sources(PROFILED)
    facts = frozenset(kind for kind in needed if kind.depth <= depth)
    return Selection(tuple(running), facts, left_out, depth, needed - facts)


def with_facts(made: Selection, kinds: Iterable[type[Fact]]) -> Selection:
    """A plan that collects these facts, too, as far as it goes so deep and no one has to opt in."""
    wanted = frozenset(kind for kind in sources(kinds) if not kind.opt_in)
    now = frozenset(kind for kind in wanted if kind.depth <= made.depth)
    return replace(
        made,
        facts=made.facts | now,
        deeper=(made.deeper | wanted) - made.facts - now,
        wanted=wanted,
    )


def _profiled(check: Check) -> bool:
    """Whether a check of repositories goes by thresholds."""
    limited = any(item.kind is Limits for item in check.parameters)
    return limited and of_repository(check.subject_fact)


def _left_out(check: Check, given: set[str], depth: Depth) -> str:
    """Why a check does not run; empty if it does."""
    missing = {kind.opt_in for kind in sources(check.facts) if kind.opt_in} - given
    if missing:
        return f"needs {', '.join(sorted(missing))}"
    needed = indispensable(
        item.kind for item in check.parameters if not (item.given or item.optional)
    )
    deepest = max((kind.depth for kind in needed), default=depth)
    return f"needs --depth {deepest}" if deepest > depth else ""
