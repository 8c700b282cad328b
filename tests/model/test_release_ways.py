"""What becomes of the ways to release when steps of the plan are taken."""

from __future__ import annotations

import pytest

from hardenme.model.acceptance import AcceptanceState, RefusedCause, ReleaseWay
from hardenme.model.publishing import ClosingStep
from hardenme.model.release_ways import after
from hardenme.model.verdict import Fix
from hardenme.model.way import Way

ACCEPTED, REFUSED, UNKNOWN = (
    AcceptanceState.ACCEPTED,
    AcceptanceState.REFUSED,
    AcceptanceState.UNKNOWN,
)
PUBLISHER = ReleaseWay("publisher/7d3c", Way.PUBLISHER, "release.yml of acme/web", ACCEPTED)
SECRET = ReleaseWay("secret/secret/acme/web/T", Way.SECRET, "T in release.yml", ACCEPTED)
HAND = ReleaseWay("person/hazel", Way.PERSON, "hazel, by hand", ACCEPTED)
WITHOUT_2FA = ReleaseWay(
    "person/hazel", Way.PERSON, "hazel, by hand", REFUSED, (RefusedCause("H2", "no 2FA"),)
)


def step(key: str, *closes: str) -> ClosingStep:
    return ClosingStep(
        key, Fix("Do it", page="https://acme.example/x", needs="a right", undo="undo it"), closes
    )


@pytest.mark.parametrize(
    ("way", "taken", "verdict"),
    [
        (PUBLISHER, step("publisher/7d3c", "publisher/7d3c"), REFUSED),
        (PUBLISHER, step("publisher/other", "publisher/other"), ACCEPTED),
        (PUBLISHER, step("workflow/acme/web", "publisher/7d3c"), UNKNOWN),
        (PUBLISHER, step("access/web", "token/*"), ACCEPTED),
        (SECRET, step("access/web", "token/*"), REFUSED),
        (SECRET, step("secret/x", "secret/secret/acme/web/T"), REFUSED),
        (SECRET, step("token/3f9c", "token/3f9c"), UNKNOWN),
        (HAND, step("access/web", "token/*"), ACCEPTED),
        (WITHOUT_2FA, step("factor/hazel", "person/hazel"), UNKNOWN),
    ],
)
def test_a_step_changes_what_it_is_about(
    way: ReleaseWay, taken: ClosingStep, verdict: AcceptanceState
) -> None:
    (found,) = after((way,), (taken,))
    assert found.verdict is verdict


def test_a_new_publisher_is_unknown_until_a_release_shows_it() -> None:
    *_, new = after((HAND,), (step("trust/web"),))
    assert new.verdict is UNKNOWN
    assert "48 hours" in new.unread[0].needed


def test_no_step_makes_a_refused_way_accepted() -> None:
    keys = ("publisher/x", "workflow/x", "trust/x", "access/x", "token/x", "secret/x", "factor/x")
    for key in keys:
        for way in (WITHOUT_2FA, PUBLISHER, SECRET, HAND):
            before = way.accepted
            found = after((way,), (step(key, way.key),))
            assert before or not any(one.accepted for one in found)
