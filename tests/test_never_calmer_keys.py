"""No key that an answer lacks makes `recent` calmer: what was read from it is named as not known.

Each key that a fact of `recent` is read from is left out of an answer, or holds what no field is
made of. Whatever the whole run showed, the broken one shows too, or it names its place.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from hardenme.derive.recent import FACTS
from hardenme.model.depth import Depth
from tests.breaking import Answers, declared_keys, ways_without
from tests.running import Stage
from tests.test_never_calmer import atoms, before, clear, demand_no_calmer, run, servers, told

__all__ = ["before", "servers"]
PARTS = 200
"""A run of all tests breaks one of so many parts of the keys."""


@pytest.mark.second_tier("some 20 runs over sockets")
@pytest.mark.sampled(PARTS)
@pytest.mark.parametrize("part", range(PARTS))
def test_no_key_that_is_lacking_makes_it_calmer(servers: Stage, before: Path, part: int) -> None:
    clear(servers)
    with Answers.kept(servers.servers) as answers:
        report = run(servers, Depth.DEEP)
    wholes = [(told(servers, report, Depth.DEEP, earlier), earlier) for earlier in (before, None)]
    failures = []
    for key in declared_keys(atoms(servers), FACTS, answers)[part::PARTS]:
        for way, edit in ways_without(key):
            with key.broken(edit):
                broken = run(servers, Depth.DEEP)
            for whole, earlier in wholes:
                try:
                    demand_no_calmer(whole, told(servers, broken, Depth.DEEP, earlier))
                except AssertionError as error:
                    kept = "no kept run" if earlier is None else "a kept run"
                    error.add_note(f"{key.name} {way} in {key.atom}, with {kept}")
                    failures.append(error)
    if failures:
        raise ExceptionGroup(f"{len(failures)} keys", failures)
