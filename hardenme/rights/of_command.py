"""What a command reads beside the checks: as questions, so that the least token is reckoned alike.

A question is asked of one kind of fact, is called as its list is, and judges nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from hardenme.derive.handover import FACTS as OF_A_PERSON
from hardenme.derive.inventory import TABLE
from hardenme.derive.recent import FACTS
from hardenme.engine.plan import makers
from hardenme.model.check import Check
from hardenme.model.fact import Fact, fact_name
from hardenme.model.severity import Severity
from hardenme.model.verdict import NotApplicable, Verdict

COMMANDS = {"recent": FACTS, "person": OF_A_PERSON}
"""The facts that a command reads, by its name."""


@cache
def questions(command: str) -> tuple[Check, ...]:
    """The questions of a command, one for each fact that it reads.

    Raises:
        KeyError: no such command asks for more than checks do.
    """
    kinds = sorted(COMMANDS[command], key=fact_name)
    return tuple(_question(kind) for kind in kinds if not makers(kind))


def _question(kind: type[Fact]) -> Check:
    name = kind.noun or TABLE[kind][0].kind
    return Check(name, fact_name(kind), name, Severity.INFO, "0.1", _read(kind))


def _read(kind: type[Fact]) -> Callable[..., Verdict]:
    def read(fact: Any) -> Verdict:
        return NotApplicable("it is read, and not judged", {"fact": fact.label})

    read.__annotations__ = {"fact": kind, "return": Verdict}
    return read
