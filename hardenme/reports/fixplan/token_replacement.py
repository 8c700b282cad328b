"""Several wishes for one token as one change: one new token has all limits, or none is needed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from hardenme.model.verdict import Fix

NEW = re.compile(
    r"(?P<asks>(?:Give hardenme another token first: it uses this one\. )?)"
    r"Create a token (?P<limit>[^.]+)\. Choose (?P<right>.+?) and an expiry of (?P<days>\d+) days"
    r"(?P<more>[^.]*)\. Then revoke the old one\.?"
)
"""How a check asks for a narrower token in place of another one."""
ASKS = re.compile(r"Give hardenme another token first: it uses this one\. ")
REVOKES = re.compile(
    r"(?:(?P<before>.+?)(?:\. |,? (?:and )?then ))?[Rr]evoke the token"
    r"(?:,? (?:and|then) (?P<after>.+?))?\.?"
)
"""How a text revokes a token: after what, and before what else."""
EXPIRES = frozenset({"that expires", "with a shorter lifetime"})
"""What the expiry of the new token says already."""
NAMED = "whose name says "
PICK = "Pick one way, see that it works, and only then revoke the old token"
CREATE = "Create one token, use it in place of the old one, and only then revoke that"


def one_replacement(fixes: Iterable[Fix]) -> Fix | None:
    """One fix in place of several for one token; None if none of them creates a token.

    It has no command: what uses the token stops at once when it is revoked.
    """
    every = list(fixes)
    found = [made for fix in every if (made := NEW.fullmatch(fix.step))]
    if not found:
        return None
    others = [fix for fix in every if not NEW.fullmatch(fix.step)]
    first = next(fix for fix in every if NEW.fullmatch(fix.step))
    limits = [*dict.fromkeys(made["limit"] for made in found if made["limit"] not in EXPIRES)]
    more = dict.fromkeys(made["more"] for made in found)
    days = min(int(made["days"]) for made in found)
    token = f"a token with {found[0]['right']} and an expiry of {days} days{''.join(more)}"
    token += f", {' and '.join(map(_clause, limits))}" if limits else ""
    asks = next((match[0] for fix in every if (match := ASKS.match(fix.step))), "")
    way = next(filter(None, map(_way, others)), "")
    if not way:
        return replace(first, step=f"{asks}{CREATE}: {token}", command="")
    step = f"{asks}{PICK}: 1. {way[:1].lower()}{way[1:]}; 2. create {token}"
    return replace(first, step=step, command="")


def _way(fix: Fix) -> str:
    """What is done in place of using the token; empty for its revocation alone."""
    step = ASKS.sub("", fix.step).rstrip(".")
    found = REVOKES.fullmatch(step)
    return step if found is None else found["before"] or found["after"] or ""


def _clause(limit: str) -> str:
    """A limit of the new token as part of a sentence."""
    if limit.startswith(NAMED):
        return f"that has a name which says {limit.removeprefix(NAMED)}"
    return limit
