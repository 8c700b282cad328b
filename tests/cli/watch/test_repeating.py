"""Cycles in the foreground: what one leaves is not there any more in the next one."""

from __future__ import annotations

import gc
import io
import weakref
from collections.abc import Callable
from types import SimpleNamespace
from unittest import mock

import pytest

from hardenme.cli.terminal.console import Console
from hardenme.cli.watch import repeating
from hardenme.ground.errors import HardenmeError, UsageError


class Held:
    """Something that holds itself, as a session and its parts do."""

    def __init__(self) -> None:
        self.own = self


class Pauses:
    """Pauses that end at once, and Ctrl-C in the last one.

    Args:
        number: how many there are.
    """

    def __init__(self, number: int) -> None:
        self.left = number
        self.seconds: list[float] = []

    def wait(self, seconds: float) -> None:
        self.seconds.append(seconds)
        self.left -= 1
        if not self.left:
            raise KeyboardInterrupt


def repeat(cycle: Callable[[], int], number: int) -> tuple[Pauses, str]:
    """Run a cycle so many times."""
    pauses, err = Pauses(number), io.StringIO()
    console = Console(io.StringIO(), err, {})
    event = SimpleNamespace(Event=lambda: pauses)
    with mock.patch.object(repeating, "threading", event), pytest.raises(KeyboardInterrupt):
        repeating.repeated(console, [cycle], "5m", stdin=False)
    return pauses, err.getvalue()


def test_what_a_cycle_leaves_is_gone_before_the_next_one() -> None:
    left: list[weakref.ref[Held]] = []

    def cycle() -> int:
        assert [one for one in left if one() is not None] == []
        left.append(weakref.ref(Held()))
        return 0

    gc.disable()
    try:
        pauses, _ = repeat(cycle, 3)
    finally:
        gc.enable()
    assert len(left) == 3
    assert all(0 < seconds <= 300 for seconds in pauses.seconds)


def test_an_error_of_one_cycle_is_said_and_the_next_one_comes() -> None:
    def cycle() -> int:
        raise HardenmeError("GitHub did not answer")

    pauses, said = repeat(cycle, 2)
    assert said.count("GitHub did not answer") == 2
    assert len(pauses.seconds) == 2


def test_what_was_typed_wrongly_ends_the_watch() -> None:
    def cycle() -> int:
        raise UsageError("--requests takes a number above 0")

    console = Console(io.StringIO(), io.StringIO(), {})
    with pytest.raises(UsageError, match="takes a number"):
        repeating.repeated(console, [cycle], "5m", stdin=False)
