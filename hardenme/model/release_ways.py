"""What happens to the ways to release as the steps of the plan are taken."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from hardenme.model.acceptance import AcceptanceState, RefusedCause, ReleaseWay, UnreadCause
from hardenme.model.publishing import ClosingStep
from hardenme.model.way import Way

NEW = "trust"
"""How the key of a step begins that sets up a trusted publisher."""
REMOVED, REVOKED, DELETED, DISALLOWED = "publisher", "token", "secret", "access"
CHANGES = frozenset({"environment", "workflow"})
"""How the keys of steps begin that change what a workflow does."""
ARCHIVED = "archive"
FACTOR = "factor"
BY_TOKEN = RefusedCause("K5", "the package disallows tokens after this step")


def after(ways: Iterable[ReleaseWay], steps: Iterable[ClosingStep]) -> tuple[ReleaseWay, ...]:
    """The ways once all of these steps are taken, in their order.

    What a step sets up is not known before a release shows it. What it takes away is refused.
    """
    found = tuple(ways)
    for step in steps:
        kind = step.key.partition("/")[0]
        found = tuple(_changed(way, step, kind) for way in found)
        if kind == NEW and not any(way.key == step.key for way in found):
            found = (*found, _set_up(step))
    return found


def _changed(way: ReleaseWay, step: ClosingStep, kind: str) -> ReleaseWay:
    if kind == REMOVED and way.key in step.closes:
        return _ended(way, RefusedCause("E2", "this trusted publisher is removed", ""))
    if way.way is Way.SECRET and kind == DELETED and way.key in step.closes:
        return _ended(way, RefusedCause("K1", "this secret is deleted", ""))
    if way.way is Way.SECRET and kind == DISALLOWED and not way.stages:
        return _ended(way, BY_TOKEN)
    if way.way is Way.SECRET and kind == REVOKED and way.accepted:
        return _open(way, "K2", "whether the secret holds the token that is revoked")
    if kind == ARCHIVED and way.key in step.closes:
        return _ended(way, RefusedCause("T2", "its repository is archived"))
    if way.way is not Way.PERSON and kind in CHANGES and way.key in step.closes:
        return _open(way, "T4", f"the changed workflow: {step.fix.step}")
    if kind == FACTOR and {one.row for one in way.refused} == {"H2"}:
        return _open(way, "H2", "the same run again, after 2FA is on")
    return way


def _ended(way: ReleaseWay, cause: RefusedCause) -> ReleaseWay:
    refused = (*way.refused, cause)
    return replace(way, verdict=AcceptanceState.REFUSED, refused=refused, unread=(), until=None)


def _open(way: ReleaseWay, row: str, needed: str) -> ReleaseWay:
    if way.verdict is AcceptanceState.REFUSED and row not in {"H2", "T4"}:
        return way
    unread = (*way.unread, UnreadCause((row,), needed))
    return replace(
        way, verdict=AcceptanceState.UNKNOWN, refused=(), unread=unread, until=None, ends=""
    )


def _set_up(step: ClosingStep) -> ReleaseWay:
    needed = "a release by the new trusted publisher, within 48 hours of its creation"
    return ReleaseWay(
        key=step.key,
        way=Way.PUBLISHER,
        name="the new trusted publisher",
        verdict=AcceptanceState.UNKNOWN,
        unread=(UnreadCause(("E7",), needed),),
    )
