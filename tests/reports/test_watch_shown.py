"""What the first line of a cycle says, and the title of its message."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from hardenme.drift.watch import blind_cycle
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from hardenme.model.watch import NotRead, WatchCycle, WatchMemory
from hardenme.reports.watch import CycleShown, cycle_message
from tests.moment import NOW

BEFORE = NOW - timedelta(minutes=5)
MEMORY = WatchMemory(BEFORE, BEFORE, cycles=3)
ORG = Subject("github", "org", "acme")
HOOKS = NotRead("webhooks", (ORG,), Unknown(Reason.UNREACHABLE, "an answer"), BEFORE)
CALM = WatchCycle(NOW, BEFORE, MEMORY, repositories=3)


def shown(cycle: WatchCycle, **more: str) -> CycleShown:
    return CycleShown(cycle, ("github:acme",), ("github.com",), "1.0", **more)


def test_what_was_read_before_and_is_not_comes_before_what_is_calm() -> None:
    calm = shown(CALM).sentence
    assert calm.startswith("No difference in what was read between 11:55 and 12:00 UTC")
    once = shown(replace(CALM, not_read=(HOOKS,))).sentence
    assert once == calm
    late = replace(CALM, not_read=(replace(HOOKS, alert=True),))
    assert shown(late).sentence == (
        f"1 list or setting that was read before cannot be read. {calm}"
    )
    message = cycle_message(shown(late))
    assert message is not None
    assert message.urgent
    assert message.title == ("hardenme watch: what was read before cannot be read (github:acme)")


@pytest.mark.parametrize(
    ("why", "said"),
    [
        ("the token was refused", "The token was refused."),
        ("https://api.acme.example did not answer", "https://api.acme.example did not answer."),
    ],
)
def test_why_a_cycle_could_not_look_is_a_sentence(why: str, said: str) -> None:
    blind = blind_cycle(MEMORY, NOW + timedelta(minutes=15), why)
    sentence = shown(blind).sentence
    assert sentence.startswith(f"This cycle could not look. {said} The last look was at ")
    assert shown(blind, command="recent").sentence.startswith("This run could not look.")
    message = cycle_message(shown(blind, command="recent"))
    assert message is not None
    assert message.title == "hardenme recent: nothing can be read (github:acme)"


def test_no_cycle_says_that_nothing_happened() -> None:
    for cycle in (CALM, replace(CALM, since=None), replace(CALM, not_read=(HOOKS,))):
        assert "nothing happened" not in shown(cycle).sentence.lower()
