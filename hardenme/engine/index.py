"""Finds the facts that a function needs, for each subject that it is about."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from hardenme.collectors.fact_store import FactStore
from hardenme.engine.plan import Derivation, makers, of_repository
from hardenme.facts.github.repository import Repository
from hardenme.model.check import Parameter
from hardenme.model.evidence import Atom
from hardenme.model.fact import Answer, Attestation, Every, Fact
from hardenme.model.given import Given, Limits, Now
from hardenme.model.subject import Subject
from hardenme.model.unknown import NotKnownError, Reason, Unknown

MOST_ATOMS = 24
"""Answers that a finding shows one by one."""


@dataclass(frozen=True, slots=True)
class Instance:
    """One subject of a type of fact: the fact, or why it is not known, or that there is none.

    Attributes:
        subject: what it is about; the scope that was asked where there is no fact.
        within: what the subject belongs to.
        label: the subject's own name.
        ancestors: the subject, what it is within, and so on.
        fact: None if there is none.
        missing: why it is not known; None if it is, or where the list is empty.
        evidence: the answers behind it.
        attested: set where a person's statement is used instead.
    """

    subject: Subject
    within: Subject
    label: str
    ancestors: tuple[Subject, ...]
    fact: Fact | None = None
    missing: Unknown | None = None
    evidence: tuple[Atom, ...] = ()
    attested: tuple[Attestation, ...] = ()


@dataclass(frozen=True, slots=True)
class Bound:
    """The arguments of a function for one subject.

    Attributes:
        arguments: by parameter name.
        missing: the unknown that keeps the function from running; None if it can.
        evidence: the answers behind the arguments.
        attested: the statements behind the arguments, each with the type of fact that depends on
            it. The name is empty if all facts of a type were passed.
        unknowns: those that were passed as arguments.
    """

    arguments: dict[str, Any]
    missing: Unknown | None
    evidence: tuple[Atom, ...]
    attested: tuple[tuple[str, Attestation], ...]
    unknowns: tuple[Unknown, ...]


class Index:
    """Everything that was learnt, by type of fact, with derived facts made on first use.

    The index of one repository builds on that of everything above it. It makes facts about
    repositories itself, and takes all others from the upper one, which makes them once.
    """

    def __init__(
        self,
        store: FactStore,
        givens: Iterable[Given],
        above: Index | None = None,
        *,
        limits: Callable[[tuple[Subject, ...]], Limits] | None = None,
        timeless: Unknown | None = None,
    ) -> None:
        """Read a store of facts.

        Args:
            store: what was learnt.
            givens: what the engine supplies, the same for every subject.
            above: the index of all that is above a repository.
            limits: the thresholds for what is in these ancestors; None if they are given.
            timeless: why the time is not known; None if it is.
        """
        self._store = store
        self._above = above
        self._limits = limits
        self._givens: dict[type, Given | Unknown] = {type(item): item for item in givens}
        if timeless is not None:
            self._givens[Now] = timeless
        self._instances: dict[type[Fact], tuple[Instance, ...]] = {}
        self._by_ancestor: dict[type[Fact], dict[Subject, list[Instance]]] = {}
        self._subjects: dict[type[Fact], frozenset[Subject]] = {}
        self._repositories: dict[str, Subject] | None = None

    def instances(self, kind: type[Fact]) -> tuple[Instance, ...]:
        """Every subject of that type, known or not."""
        if self._above is not None and not of_repository(kind):
            return self._above.instances(kind)
        if kind not in self._instances:
            self._instances[kind] = tuple(self._made_of(kind))
            by_ancestor = self._by_ancestor[kind] = {}
            for instance in self._instances[kind]:
                for ancestor in instance.ancestors:
                    by_ancestor.setdefault(ancestor, []).append(instance)
        return self._instances[kind]

    def bind(self, parameters: Iterable[Parameter], near: Instance) -> Bound:
        """The arguments for a function about `near`, whose fact is the first parameter's."""
        arguments: dict[str, Any] = {}
        missing: Unknown | None = None
        found: list[Instance] = []
        unknowns: list[Unknown] = []
        attested: list[tuple[str, Attestation]] = []
        for position, item in enumerate(parameters):
            if item.given:
                given = arguments[item.name] = self._given(item.kind, near)
                missing = missing or (given if isinstance(given, Unknown) else None)
            elif item.every:
                arguments[item.name], parts = self._every(item.kind, near)
                found.extend(parts)
                attested += (("", one) for part in parts for one in part.attested)
            else:
                instance = near if position == 0 else self._nearest(item.kind, near)
                found.append(instance)
                attested += ((item.kind.__name__, one) for one in instance.attested)
                value = instance.fact or instance.missing or _none(item.kind, instance)
                if isinstance(value, Unknown):
                    unknowns.append(value)
                    missing = missing or (None if item.optional else value)
                arguments[item.name] = value
        return Bound(
            arguments,
            missing,
            _together(instance.evidence for instance in found),
            tuple(attested),
            tuple(unknowns),
        )

    def _given(self, kind: type[Given], near: Instance) -> Given | Unknown:
        if kind is Limits and self._limits is not None:
            return self._limits(near.ancestors)
        return self._givens[kind]

    def _nearest(self, kind: type[Fact], near: Instance) -> Instance:
        """The instance about the subject itself, else about what it is within, else the only.

        A single one does not count if it is about another subject of the same kind. Facts about a
        repository are never taken for being the only ones: they come from the repository that
        belongs to the subject, or from none.
        """
        everything = self.instances(kind)
        foreign = self._foreign(kind, near)
        for ancestor in self._beside(near) if foreign else near.ancestors:
            for instance in self._under(kind, ancestor):
                if instance.subject == ancestor:
                    return instance
        if len(everything) == 1 and not foreign and not _is_another(everything[0].subject, near):
            return everything[0]
        why = Unknown(Reason.NOT_ASKED, f"{kind.noun or kind.__name__} of {near.subject}")
        return Instance(near.subject, near.within, near.label, near.ancestors, missing=why)

    def _under(self, kind: type[Fact], ancestor: Subject) -> list[Instance]:
        """The instances at or below a subject, here or above."""
        self.instances(kind)
        found = self._by_ancestor.get(kind, {}).get(ancestor, [])
        return self._above._under(kind, ancestor) if not found and self._above else found  # noqa: SLF001 (another index)

    def _foreign(self, kind: type[Fact], near: Instance) -> bool:
        """Whether a fact is about a repository, and the subject that wants it is on npm."""
        return near.subject.provider == "npm" and of_repository(kind)

    def _beside(self, near: Instance) -> tuple[Subject, ...]:
        """The repository that belongs to a subject, or to the nearest thing that it is within.

        What has its repository elsewhere than on GitHub is not taken to be of its package's.
        """
        names = (self._store.joined(ancestor) for ancestor in near.ancestors)
        name = (next((name for name in names if name is not None), None) or "").lower()
        if not name:
            return ()
        if self._repositories is None:
            known = sorted(self._all(Repository), reverse=True)
            self._repositories = {s.name.lower(): s for s in known if s.kind == "repo"}
        found = self._repositories.get(name)
        return () if found is None else (found,)

    def _all(self, kind: type[Fact]) -> frozenset[Subject]:
        """The subjects of a type; one set for all that ask, of whom there may be thousands."""
        if kind not in self._subjects:
            self._subjects[kind] = frozenset(item.subject for item in self.instances(kind))
        return self._subjects[kind]

    def _every(self, kind: type[Fact], near: Instance) -> tuple[Every[Any], list[Instance]]:
        foreign = self._foreign(kind, near)
        if kind.everywhere:
            parts = list(self.instances(kind))
        elif foreign:
            parts = [item for beside in self._beside(near) for item in self._under(kind, beside)]
        else:
            parts = self._under(kind, self._lister(kind, near))
        if not parts and not foreign:
            # What was not asked of the subject itself was not asked of what it is within.
            parts = [
                instance
                for ancestor in near.ancestors
                for instance in self._under(kind, ancestor)
                if instance.subject == ancestor and instance.missing is not None
            ][:1]
        facts = tuple(part.fact for part in parts if part.fact is not None)
        missing = next((part.missing for part in parts if part.missing is not None), None)
        if not parts:
            missing = Unknown(Reason.NOT_ASKED, f"{kind.noun or kind.__name__} of {near.subject}")
        return Every(facts, missing), parts

    def _lister(self, kind: type[Fact], near: Instance) -> Subject:
        """The subject whose list of `kind` is meant: for a token's packages, its account."""
        if kind.listed_by is not None:
            listers = self._all(kind.listed_by)
            for ancestor in near.ancestors:
                if ancestor in listers:
                    return ancestor
        return near.subject

    def _answered(self, kind: type[Fact]) -> Iterable[Instance]:
        answers = list(self._store.answers(kind))
        for answer in answers:
            yield from self._of(answer)
        if kind.listed_by is not None:
            reached = {answer.scope for answer in answers}
            yield from self._unlisted(kind.listed_by, reached)

    def _of(self, answer: Answer[Any]) -> Iterable[Instance]:
        attested = (answer.attested,) if answer.attested else ()
        for fact in answer.facts:
            yield Instance(
                fact.subject,
                fact.within,
                fact.label,
                self._store.ancestors(fact.subject, fact.within),
                fact=fact,
                evidence=answer.evidence,
                attested=attested,
            )
        if answer.missing is not None or not answer.facts:
            yield self._gap(answer.scope, answer.missing, answer.evidence)

    def _gap(self, scope: Subject, missing: Unknown | None, evidence: tuple[Atom, ...]) -> Instance:
        ancestors = self._store.ancestors(scope, scope)
        within = ancestors[1] if len(ancestors) > 1 else scope
        return Instance(scope, within, "", ancestors, missing=missing, evidence=evidence)

    def _unlisted(self, lister: type[Fact], reached: set[Subject]) -> Iterable[Instance]:
        """What could not be asked, because what lists the subjects is unknown or empty."""
        for parent in self.instances(lister):
            if parent.fact is None and parent.subject not in reached:
                yield self._gap(parent.subject, parent.missing, parent.evidence)

    def _made_of(self, kind: type[Fact]) -> Iterable[Instance]:
        made_by = makers(kind)
        for derivation in made_by:
            # What is not about repositories is made by the index above.
            if self._above is None or of_repository(derivation.parameters[0].kind):
                yield from self._derived(derivation)
        if not made_by:
            yield from self._answered(kind)

    def _derived(self, derivation: Derivation) -> Iterable[Instance]:
        for near in self.instances(derivation.parameters[0].kind):
            if near.fact is None:
                yield near
                continue
            bound = self.bind(derivation.parameters, near)
            made: Any = bound.missing
            if made is None:
                try:
                    made = derivation.make(bound.arguments)
                except NotKnownError as error:
                    made = error.unknown
            yield from self._made(made, near, bound)

    def _made(self, made: Any, near: Instance, bound: Bound) -> Iterable[Instance]:
        missing = made if isinstance(made, Unknown) else None
        facts: tuple[Fact, ...] = () if missing else (made,)
        if isinstance(made, Every):
            facts, missing = made.facts, made.missing
        for fact in facts:
            yield Instance(
                fact.subject,
                fact.within,
                fact.label,
                self._store.ancestors(fact.subject, fact.within),
                fact=fact,
                evidence=bound.evidence,
                attested=tuple(statement for _, statement in bound.attested),
            )
        if missing is not None or not facts:
            yield replace(near, fact=None, missing=missing, evidence=bound.evidence)


def _is_another(subject: Subject, near: Instance) -> bool:
    """Whether a subject is a second thing of the kind of the first, or another one's organization.

    What an organization sets holds in its own repositories alone.
    """
    same = (subject.provider, subject.kind) == (near.subject.provider, near.subject.kind)
    if same:
        return subject not in near.ancestors
    if (subject.provider, subject.kind) != ("github", "org"):
        return False
    owners = {one.name.partition("/")[0].lower() for one in near.ancestors if one.kind == "repo"}
    return bool(owners) and subject.name.lower() not in owners


def _none(kind: type[Fact], instance: Instance) -> Unknown:
    """The value for a fact that does not exist, where a function needs one."""
    return Unknown(
        Reason.NOT_VISIBLE,
        f"there is no {kind.noun or kind.__name__} of {instance.subject}",
        evidence=instance.evidence,
    )


def _together(parts: Iterable[tuple[Atom, ...]]) -> tuple[Atom, ...]:
    """The answers behind several facts, each once; many similar ones are merged as pages of one.

    What depends on all repositories of an organization depends on hundreds of answers, and each
    such finding would carry them all.
    """
    found = tuple(dict.fromkeys(atom for part in parts for atom in part))
    if len(found) <= MOST_ATOMS:
        return found
    alike: dict[tuple[str, int, bool], list[Atom]] = {}
    for atom in found:
        alike.setdefault((atom.endpoint, atom.status, atom.cached), []).append(atom)
    return tuple(_as_one(atoms) for atoms in alike.values())


def _as_one(atoms: list[Atom]) -> Atom:
    """Answers of one endpoint as one of many pages, observed when the first of them was."""
    if len(atoms) == 1:
        return atoms[0]
    counts = [atom.pages_expected for atom in atoms]
    known = [count for count in counts if count is not None]
    return replace(
        atoms[0],
        observed_at=min(atom.observed_at for atom in atoms),
        pages_read=sum(atom.pages_read for atom in atoms),
        pages_expected=sum(known) if len(known) == len(counts) else None,
    )
