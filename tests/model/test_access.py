"""What changes of the inventory weigh, and that exit codes follow."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hardenme.drift.result import drift_code
from hardenme.ground.exit_code import Exit
from hardenme.model.access import weight_of
from hardenme.model.drift import Drift, ItemChange, Turn
from hardenme.model.inventory import InventoryItem, State
from hardenme.model.severity import Severity
from hardenme.model.subject import Subject
from tests.drift.compared import AT, ORG, report

CRITICAL, HIGH, MEDIUM = Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM
LOW, INFO = Severity.LOW, Severity.INFO
THING = Subject("github", "thing", "acme/one")


def test_an_owner_s_place_that_is_offered_weighs_less_than_one_that_is_taken() -> None:
    def weight(turn: str, state: str, role: str = "admin") -> Severity:
        after = InventoryItem("membership", THING, "", "1", {"role": role, "state": state})
        return weight_of(turn, "membership", after, ("state",) if turn == "changed" else ())

    assert weight("appeared", "pending") is HIGH
    assert weight("appeared", "active") is CRITICAL
    assert weight("changed", "active") is CRITICAL
    assert weight("changed", "active", "member") is MEDIUM


def test_that_something_was_changed_weighs_nothing_beside_what_was() -> None:
    state = {"enforcement": "active", "updated_at": "2026-11-24T06:00:00Z"}
    one = InventoryItem("branch ruleset", THING, "", "1", state)
    both = ItemChange(Turn.CHANGED, one.kind, ORG, one, one, ("enforcement", "updated_at"))
    assert both.severity is INFO
    assert replace(both, fields=("updated_at",)).severity is MEDIUM


@pytest.mark.parametrize(
    ("turn", "kind", "field", "value", "weighs"),
    [
        # Who can do everything.
        (Turn.APPEARED, "owner", "", None, CRITICAL),
        (Turn.APPEARED, "member", "role", "admin", CRITICAL),
        (Turn.APPEARED, "member", "role", "owner", CRITICAL),
        (Turn.CHANGED, "member", "role", "admin", CRITICAL),
        (Turn.CHANGED, "membership", "role", "admin", CRITICAL),
        (Turn.APPEARED, "pending invitation", "role", "admin", HIGH),
        (Turn.APPEARED, "member", "role", "member", MEDIUM),
        (Turn.CHANGED, "member", "role", "member", MEDIUM),
        (Turn.VANISHED, "member", "role", "admin", LOW),
        # What runs with a repository's secrets, and what everybody can read.
        (Turn.APPEARED, "workflow", "blob", "ab", HIGH),
        (Turn.CHANGED, "workflow", "blob", "ab", LOW),
        (Turn.APPEARED, "repository", "visibility", "public", HIGH),
        (Turn.APPEARED, "repository", "visibility", "private", LOW),
        (Turn.CHANGED, "repository", "visibility", "public", HIGH),
        (Turn.CHANGED, "repository", "visibility", "private", INFO),
        (Turn.APPEARED, "repository", "", None, HIGH),
        # Rules that are switched off are as good as gone.
        (Turn.CHANGED, "branch ruleset", "enforcement", "disabled", HIGH),
        (Turn.CHANGED, "tag ruleset", "enforcement", "evaluate", HIGH),
        (Turn.CHANGED, "branch ruleset", "enforcement", "active", INFO),
    ],
)
def test_what_a_change_weighs_and_its_exit_code(
    turn: Turn, kind: str, field: str, value: State, weighs: Severity
) -> None:
    one = InventoryItem(kind, THING, "", "1", {field: value} if field else {})
    before = None if turn is Turn.APPEARED else one
    after = None if turn is Turn.VANISHED else one
    fields = (field,) if turn is Turn.CHANGED else ()
    change = ItemChange(turn, kind, ORG, before, after, fields)
    assert change.severity is weighs
    drift = Drift(AT, AT, items=(change,))
    for counts in Severity:
        code = drift_code(drift, replace(report(), fail_on=counts))
        alert = weighs > INFO and weighs >= counts
        assert code is (Exit.FINDINGS if alert else Exit.CLEAN)
