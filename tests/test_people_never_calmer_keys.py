"""No key that an answer lacks makes `people` or `person` calmer: each lost name is of a named list.

Each key that a fact of theirs is read from is left out of an answer, or holds what no field is made
of. A kept run fills in what is lost, and no one becomes the last by it.
"""

from __future__ import annotations

from typing import Any

import pytest

from hardenme.derive.handover import FACTS
from hardenme.model.report import Report
from tests.breaking import Answers, declared_keys, ways_without
from tests.mutations import Atom
from tests.running import Stage
from tests.test_people_never_calmer import atoms, demand_no_calmer, run, servers, whole

__all__ = ["atoms", "servers", "whole"]
PARTS = 50
"""A run of all tests breaks one of so many parts of the keys."""


@pytest.fixture(scope="module")
def answers(servers: Stage, whole: Report) -> Answers:
    """What the whole run was answered."""
    with Answers.kept(servers.servers) as found:
        assert run(servers).findings == whole.findings
    return found


@pytest.mark.second_tier("some 17 runs over sockets")
@pytest.mark.sampled(PARTS)
@pytest.mark.parametrize("part", range(PARTS))
def test_no_key_that_is_lacking_makes_it_calmer(
    servers: Stage, whole: Report, atoms: list[tuple[Any, Atom]], answers: Answers, part: int
) -> None:
    failures = []
    for key in declared_keys(atoms, FACTS, answers)[part::PARTS]:
        for way, edit in ways_without(key):
            with key.broken(edit):
                broken = run(servers)
            try:
                demand_no_calmer(whole, broken)
            except AssertionError as error:
                error.add_note(f"{key.name} {way} in {key.atom}")
                failures.append(error)
    if failures:
        raise ExceptionGroup(f"{len(failures)} keys", failures)
