"""Which checks a token leaves unknown, as far as that is known before a run."""

from __future__ import annotations

from collections.abc import Iterable

from hardenme.collectors.github.visibility import TokenKnowledge
from hardenme.engine.plan import Derivation, Selection, makers
from hardenme.model.check import Check
from hardenme.model.fact import Fact
from hardenme.model.forecast import Blind
from hardenme.rights.asked_of import AskedOf
from hardenme.rights.holdings import Holdings

Kinds = frozenset[type[Fact]]
NONE: Kinds = frozenset()


def blind(plan: Selection, targets: Iterable[AskedOf], asked: Kinds) -> tuple[Blind, ...]:
    """What cannot be read of some target, with the checks that then are unknown there.

    Args:
        plan: what is checked.
        targets: with what their tokens see.
        asked: the facts that the targets lead to.
    """
    codes: dict[tuple[str, str], set[str]] = {}
    for target in targets:
        why = {kind: _lacks(target, kind) for kind in plan.facts & asked}
        hidden = Hidden(frozenset(kind for kind, reason in why.items() if reason))
        for check in plan.checks:
            for kind in hidden.of_check(check):
                token = _token(target, kind)
                needs = token.needs(kind.requirement) if token else ""
                codes.setdefault((needs, why[kind]), set()).add(check.code)
    return tuple(
        Blind(needs, seen, tuple(sorted(found))) for (needs, seen), found in sorted(codes.items())
    )


def _lacks(target: AskedOf, kind: type[Fact]) -> str:
    token = _token(target, kind)
    return token.lacks(kind.requirement) if token else ""


def _token(target: AskedOf, kind: type[Fact]) -> TokenKnowledge | Holdings | None:
    """What is known about the token that a fact is asked with; None if there is none."""
    return {"github": target.token_knowledge, "npm": target.npm}.get(kind.asked_at)


class Hidden:
    """Follows what is hidden from facts that are asked for to those that are made of them.

    Args:
        hidden: the facts that cannot be read.
    """

    def __init__(self, hidden: Kinds) -> None:
        self._hidden = hidden
        self._known: dict[type[Fact], Kinds] = {}

    def of_check(self, check: Check) -> Kinds:
        """The hidden facts for whose lack a check is unknown; none if it can judge.

        A check gets all facts of one kind together: it may judge without looking at each.
        """
        needed = (p.kind for p in check.parameters if not (p.given or p.optional or p.every))
        return NONE.union(*map(self.of_fact, {check.subject_fact, *needed}))

    def of_fact(self, kind: type[Fact]) -> Kinds:
        """The hidden facts for whose lack a fact is unknown."""
        if kind not in self._known:
            self._known[kind] = NONE
            found = frozenset({kind}) & self._hidden
            if kind.listed_by is not None:
                found |= self.of_fact(kind.listed_by)
            made = (self._of_derivation(item) for item in makers(kind))
            self._known[kind] = found.union(*made)
        return self._known[kind]

    def _of_derivation(self, item: Derivation) -> Kinds:
        """What is needed has to be there, and of what is optional something.

        What only supplements the rest can be lacking.
        """
        parts = [
            part
            for part in item.parameters
            if not (part.given or getattr(part.kind, "supplements", False))
        ]
        needed = (self.of_fact(part.kind) for part in parts if not part.optional)
        choice = [self.of_fact(part.kind) for part in parts if part.optional]
        found = NONE.union(*needed)
        return found.union(*choice) if choice and all(choice) else found
