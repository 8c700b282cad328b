"""What is not in what was read is never stated as "no one", by `people` or by `person`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from hardenme.ground.exit_code import Exit
from tests.cli.command import Command
from tests.cli.people.judgements import TABLE, Statement
from tests.cli.recent.scene import Scene, calm


@pytest.fixture
def quiet(command: Command, present: datetime) -> Iterator[Scene]:
    with calm(command, present) as found:
        yield found


@pytest.mark.sampled(8)
@pytest.mark.second_tier("a run of the command each")
@pytest.mark.parametrize("one", TABLE, ids=str)
def test_it_states_what_is_there_and_what_was_not_read(
    quiet: Scene, present: datetime, one: Statement
) -> None:
    one.plant(quiet, present)
    done = quiet.run(*one.asked)
    text = " ".join(f"{done.out} {done.err}".split())
    assert [part for part in one.shown if part not in text] == [], text
    assert [part for part in one.not_shown if part in text] == [], text
    assert done.code in {Exit.UNKNOWN, Exit.NOTHING_MATCHED}, text
