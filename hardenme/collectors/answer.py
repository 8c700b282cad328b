"""The answers of collectors: what is known, or why nothing is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from hardenme.collectors.transport.response import Response
from hardenme.model.evidence import Atom
from hardenme.model.fact import Answer, Fact
from hardenme.model.subject import Subject
from hardenme.model.unknown import Unknown

F = TypeVar("F", bound=Fact)


def nothing(kind: type[F], scope: Subject, why: Unknown) -> Answer[F]:
    """The answer that nothing is known."""
    return Answer(kind, scope, (), why.evidence, why)


def known(kind: type[F], scope: Subject, read: Response | Iterable[Atom], *facts: F) -> Answer[F]:
    """The whole answer that was read; without facts, that there is nothing.

    Args:
        facts: that it shows.
    """
    atoms = (read.atom,) if isinstance(read, Response) else tuple(dict.fromkeys(read))
    return Answer(kind, scope, facts, atoms)
