"""Scopes of npm in a fleet: planned, read and taken over, each by itself.

A shard of a scope asks npm alone, and holds nothing about the account that it asks as. It is
judged together with the repositories that other shards of the plan have read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from hardenme.cli.audit.run import PreparedRun
from hardenme.collectors.npm.asking import fetch
from hardenme.engine.plan import Selection
from hardenme.engine.recorder import RunContext
from hardenme.engine.target import Target
from hardenme.facts.npm.names import scope_of
from hardenme.facts.npm.organization import NpmOrganizationPackages
from hardenme.facts.npm.package import PackageGrant
from hardenme.fleet.plan import PlannedOwner, UnplannedOwner, scope_number
from hardenme.ground.errors import StoredError
from hardenme.model.fact import Answer, Fact, fact_name
from hardenme.model.subject import Subject
from hardenme.model.unknown import Unknown
from hardenme.store.recording import Recording

PERSONAL = frozenset({"user", "token"})
"""The kinds of subject that belong to the account that asks, and not to a scope."""


@dataclass(frozen=True, slots=True)
class ListedPackages:
    """What a recording holds of a scope's list of packages.

    Attributes:
        count: how many are listed.
        why: that these are not all, and what it takes; empty if they are.
    """

    count: int
    why: str


def planned_scope(run: PreparedRun, target: Target) -> PlannedOwner | UnplannedOwner:
    """The scope as npm shows it to the token in use, or what it takes to read it."""
    login = f"@{target.name}"
    if run.clients.npm.secret is None:
        return UnplannedOwner(login, "", f"an npm token for {login}")
    who = f"an owner or admin of the npm organization {target.name}"
    found = fetch(run.clients.npm, NpmOrganizationPackages, who=who, org=target.name)
    if isinstance(found, Unknown):
        return UnplannedOwner(login, "", found.needed)
    return PlannedOwner(login, scope_number(login), f"npm {login.lower()}", len(found[1].data))


def npm_alone(selection: Selection) -> Selection:
    """The same checks, without what is read elsewhere than on npm."""
    return replace(selection, facts=_of_npm(selection.facts), deeper=_of_npm(selection.deeper))


def _of_npm(kinds: frozenset[type[Fact]]) -> frozenset[type[Fact]]:
    return frozenset(kind for kind in kinds if kind.asked_at == "npm")


def demand_scope(
    recording: Recording, owner: PlannedOwner, read: Selection, others: frozenset[str]
) -> None:
    """Demand that facts are about this scope alone.

    Args:
        recording: the facts.
        owner: the scope, as it is planned.
        read: what each shard reads.
        others: the other scopes of the plan, in lower case.

    Raises:
        StoredError: they are about something else, or were not asked for as the plan says.
    """
    context = recording.context(RunContext)
    if context.roots != (owner.root,) or context.beside or context.repositories:
        raise StoredError("its facts are about another target")
    names = frozenset(fact_name(kind) for kind in _of_npm(read.facts))
    if context.depth != int(read.depth) or not names <= context.facts:
        raise StoredError("its facts were read with other settings than the plan's")
    for answer in _answers(recording):
        for subject in (answer.scope, *_subjects(answer)):
            if not _is_within(subject, owner.root, others):
                raise StoredError(f"it holds facts about {subject}, which is not part of it")


def listed_packages(recording: Recording, root: Subject) -> ListedPackages:
    """The list of a scope's packages, as far as it was read.

    Raises:
        StoredError: a line is not of its form.
    """
    lists = [
        answer
        for answer in _answers(recording)
        if answer.kind is PackageGrant and answer.scope == root
    ]
    missing = [answer.missing.needed for answer in lists if answer.missing is not None]
    if not lists:
        missing = ["a list of its packages"]
    why = f"not all of its packages were listed; it takes {missing[0]}" if missing else ""
    return ListedPackages(sum(len(answer.facts) for answer in lists), why)


def _answers(recording: Recording) -> Iterator[Answer[Any]]:
    for part in recording.parts():
        # That a package names a repository is there; what the repository is, other shards read.
        if part.repository is not None and (part.name != "joined" or part.answers):
            raise StoredError(f"it holds facts about {part.repository}, which is not part of it")
        yield from part.answers


def _subjects(answer: Answer[Any]) -> Iterator[Subject]:
    for fact in answer.facts:
        yield fact.subject
        yield fact.within


def _is_within(subject: Subject, root: Subject, others: frozenset[str]) -> bool:
    """Whether a fact about a subject can come from a scope's own shard.

    An organization may also be given packages outside of its scope, but not those of another
    scope of the plan.
    """
    if subject.provider != "npm" or subject.kind in PERSONAL:
        return False
    if subject.kind in {"org", "team"}:
        return subject.name.partition("/")[0].lower() == root.name.lower()
    return scope_of(subject.name).lower() not in others
