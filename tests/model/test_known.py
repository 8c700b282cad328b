"""Values that may be unknown: nothing gets at one without noticing, and none gets lost."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from hardenme.model.known import Known, field
from hardenme.model.unknown import NotKnownError, Reason, Unknown

NOT_SHOWN = Unknown(Reason.NOT_VISIBLE, "an answer that holds `color`")


@dataclass(frozen=True, slots=True)
class Lamp(Known):
    place: str
    color: str | Unknown


@pytest.fixture
def lamp() -> Lamp:
    return Lamp("hall", NOT_SHOWN)


def test_what_is_not_known_cannot_be_read(lamp: Lamp) -> None:
    assert lamp.place == "hall"
    with pytest.raises(NotKnownError):
        _ = lamp.color
    with pytest.raises(NotKnownError):
        replace(lamp, place="stairs")


def test_a_changed_one_keeps_what_is_not_known(lamp: Lamp) -> None:
    moved = lamp.changed(place="stairs")
    assert moved.place == "stairs"
    assert field(moved, "color") is NOT_SHOWN
    assert moved.unknown_fields() == {"color": NOT_SHOWN}
    assert moved.changed(color="green").color == "green"
