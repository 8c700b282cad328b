"""What checks need where certain kinds of subject are looked at, found without loading a collector.

It follows from the facts: what lists a fact's subjects, and what a derived fact is made from. For
facts about the targets themselves it is the kind of subject.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hardenme.engine.plan import Derivation, makers, of_repository, on_npm
from hardenme.facts.npm.package import PackageGrant
from hardenme.model.check import Check, Parameter
from hardenme.model.fact import Fact

Kinds = frozenset[type[Fact]]

PROVIDERS = frozenset({"github", "npm", "mail", "local", "attested"})


@dataclass(frozen=True, slots=True)
class Needs:
    """The facts that a check asks for.

    Attributes:
        must: those without which it cannot be answered.
        may: those with which it answers in more cases.
    """

    check: Check
    must: Kinds
    may: Kinds

    @property
    def all(self) -> Kinds:
        """Both."""
        return self.must | self.may


class Reach:
    """The subjects that some kinds of subject lead to.

    Args:
        roots: the kinds of subject, like `github:user`.
        asked: the facts that a run collects.
        joined: whether packages bring related subjects: the repositories that they name, the
            account that asks, and the organization of their scope.
    """

    def __init__(
        self, roots: Iterable[str], providers: Iterable[str], asked: Kinds, *, joined: bool = False
    ) -> None:
        self._roots = frozenset(roots)
        self._providers = frozenset(providers)
        self._asked = asked
        self._joined = joined
        self._known: dict[type[Fact], bool] = {}

    def leads_to(self, kind: type[Fact]) -> bool:
        """Whether there are subjects for a fact."""
        if kind not in self._known:
            self._known[kind] = False
            self._known[kind] = self._leads_to(kind)
        return self._known[kind]

    def _leads_to(self, kind: type[Fact]) -> bool:
        made = makers(kind)
        if made:
            return any(map(self._made, made))
        if kind.asked_at not in self._providers:
            return False
        if self._roots.intersection(kind.roots):
            return True
        above = kind.found_by or ((kind.listed_by,) if kind.listed_by else ())
        return any(map(self.leads_to, above))

    def _made(self, derivation: Derivation) -> bool:
        """A derived fact is about the subjects of the first one that it is made of."""
        return self.leads_to(derivation.parameters[0].kind)

    def of(self, checks: Iterable[Check]) -> list[Needs]:
        """What the checks need that have something to judge here."""
        return [self._needs(check) for check in checks if self.leads_to(check.subject_fact)]

    def _needs(self, check: Check) -> Needs:
        joined = self._joined and on_npm(check.subject_fact)
        must = self._walk(check.parameters, joined=joined, optional=False)
        every = self._walk(check.parameters, joined=joined, optional=True)
        return Needs(check, must, every - must)

    def _walk(self, parameters: Iterable[Parameter], *, joined: bool, optional: bool) -> Kinds:
        """What is asked for these parameters.

        Args:
            parameters: of a check.
            joined: whether what a package names is asked for too.
            optional: whether what can be done without is followed too.
        """
        found, done = set[type[Fact]](), set[type[Fact]]()
        waiting = _kinds(parameters, optional=optional)
        while waiting:
            kind = waiting.pop()
            beside = joined and kind is not PackageGrant and (of_repository(kind) or on_npm(kind))
            if kind in done or not (beside or self.leads_to(kind)):
                continue
            done.add(kind)
            made = makers(kind)
            for derivation in made:
                if beside or self._made(derivation):
                    waiting += _kinds(derivation.parameters, optional=optional)
            if not made and kind in self._asked and kind.asked_at in self._providers:
                found.add(kind)
            if kind.listed_by is not None:
                waiting.append(kind.listed_by)
        return frozenset(found)


def _kinds(parameters: Iterable[Parameter], *, optional: bool) -> list[type[Fact]]:
    return [item.kind for item in parameters if not item.given and (optional or not item.optional)]
