"""Which ways may have published the newest release, and what they and all others come to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from hardenme.facts.npm.package import NewestRelease
from hardenme.facts.npm.provenance import VERIFIED, ReleaseProvenance
from hardenme.model.acceptance import AcceptanceState, ReleaseWay
from hardenme.model.known import field
from hardenme.model.unknown import PASSING, Reason, Unknown
from hardenme.model.way import Way

FAILED = PASSING | {Reason.INCOMPLETE, Reason.REJECTED}
"""Reasons of an answer that did not come, or not whole."""
SOON = timedelta(days=30)
"""A way that ends within these days does not last."""


def candidates(
    ways: Iterable[ReleaseWay], newest: NewestRelease | Unknown, proof: ReleaseProvenance | Unknown
) -> tuple[ReleaseWay, ...] | Unknown:
    """The ways that may have published the newest release."""
    if isinstance(newest, Unknown):
        return newest
    trusted = field(newest, "trusted_publisher")
    if isinstance(trusted, Unknown):
        return trusted
    if trusted:
        by_workflow = [one for one in ways if one.way is Way.PUBLISHER]
        file = _file(proof)
        same = [one for one in by_workflow if one.name.startswith(f"{file} of ")] if file else []
        return tuple(same or by_workflow)
    name: Any = field(newest, "publisher")
    if isinstance(name, Unknown):
        return name
    keys = {f"person/{name}"}
    return tuple(one for one in ways if one.way is Way.SECRET or one.key in keys)


def _file(proof: ReleaseProvenance | Unknown) -> str:
    """The workflow file that the newest release is proven to be built by; empty for none."""
    if isinstance(proof, Unknown) or field(proof, "outcome") != VERIFIED:
        return ""
    path = field(proof, "workflow")
    return path.rpartition("/")[2] if isinstance(path, str) else ""


def accepted(found: tuple[ReleaseWay, ...] | Unknown) -> Any:
    """Whether the way of the newest release is accepted today."""
    if isinstance(found, Unknown):
        return found
    if not found:
        return Unknown(Reason.NOT_VISIBLE, "the way that published the newest release")
    verdicts = {one.verdict for one in found}
    if verdicts == {AcceptanceState.ACCEPTED}:
        return True
    if verdicts == {AcceptanceState.REFUSED}:
        return False
    why = _why(found)
    if why is None:
        said = ", ".join(f"{one.name} is {one.verdict}" for one in found)
        return Unknown(Reason.NOT_VISIBLE, f"which way published the newest release: {said}")
    return why


def _why(ways: Iterable[ReleaseWay]) -> Unknown | None:
    """Why something about ways is not known: an answer that failed counts before one not shown.

    What it takes is worded alike for all that needs it, so that it is listed once. None where
    nothing is unread.
    """
    needs = [need for one in ways for need in one.unread]
    first = next((need for need in needs if need.reason in FAILED), needs[0] if needs else None)
    if first is None:
        return None
    return Unknown(first.reason, first.needed)


def every_refused(ways: tuple[ReleaseWay, ...], missing: Unknown | None) -> Any:
    """Whether all ways are surely refused.

    Other accounts that may publish by hand are not shown, so that one of the ways has to be this
    account's own.
    """
    if any(one.accepted for one in ways):
        return False
    if missing is not None:
        return missing
    return _why(_unclear(ways)) or bool(ways)


def _unclear(ways: Iterable[ReleaseWay]) -> Iterator[ReleaseWay]:
    return (one for one in ways if one.verdict is AcceptanceState.UNKNOWN)


def ending(ways: tuple[ReleaseWay, ...], now: datetime) -> tuple[ReleaseWay, ...]:
    """The accepted ways, where each of them ends soon; none if one lasts."""
    open_ = [one for one in ways if one.accepted]
    if any(one.until is None or one.until - now > SOON for one in open_):
        return ()
    return tuple(open_)


def lasting(ways: tuple[ReleaseWay, ...], now: datetime) -> Any:
    """Whether an accepted way lasts: False if each one ends soon and no other may do."""
    if any(one.accepted and (one.until is None or one.until - now > SOON) for one in ways):
        return True
    return _why(_unclear(ways)) or False
