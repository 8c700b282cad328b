"""Waivers, as sections of Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hardenme.model.waiver import Waivers
from hardenme.reports.inert import code
from hardenme.reports.publishing_markdown import Inert
from hardenme.reports.waived import ADVICE, Accepted, left, said, told

GROUPS = 200
"""Groups of a section before the rest is counted."""
NAMES = 20
"""Subjects that stand in one sentence before the rest is counted."""


def waived(inert: Inert, accepted: Sequence[Accepted]) -> Iterator[str]:
    """What somebody accepts until a day, the worst first. There is nothing to tick off in it."""
    if not accepted:
        return
    yield from ("", "## Waived", "")
    for one in accepted[:GROUPS]:
        yield f"- **{one.severity}** {code(one.code)} {inert.sentence(one.title)}"
        yield f"  - Where: {inert.names(one.names, one.others, NAMES)}"
        yield f"  - By {inert.sentence(said(one.waiver))}"
        yield f"  - Ends: {inert.sentence(left(one))}"
    yield from _more(len(accepted) - GROUPS)


def idle(inert: Inert, waivers: Waivers) -> Iterator[str]:
    """The waivers that accept nothing: expired, unused, or proposed."""
    rows = list(told(waivers))
    if not rows:
        return
    yield from ("", "## Waivers that accept nothing", "")
    for label, text in rows[:GROUPS]:
        yield f"- {label}: {inert.sentence(text)}"
    yield from _more(len(rows) - GROUPS)
    if waivers.expired:
        yield from ("", f"{inert.sentence(ADVICE)}")


def _more(rest: int) -> Iterator[str]:
    if rest > 0:
        thing = "waivers" if rest > 1 else "waiver"
        yield from ("", f"and {rest} more {thing}: `--format json` has them all")
