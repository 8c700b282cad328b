"""Several fixes for one key or token as one change: what ends it is done once, by one way."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from hardenme.model.verdict import Fix
from hardenme.reports.fixplan.rulesets import together
from hardenme.reports.fixplan.token_replacement import REVOKES, one_replacement
from hardenme.reports.plain import begun

MADE = re.compile(
    r"Generate a (?P<kind>fine-grained )?token with (?P<limit>.+), then delete (?:this one|the old"
    r" token)"
)
"""How a check asks for another GitHub token in place of one."""
EXPIRES = re.compile(r"\bexpiration\b")
THEN_DELETE = re.compile(r",? then delete (?:this one|it)\.?$")
"""How a text ends that prepares the deletion of a key."""
UNLESS = re.compile(r"Delete the \w+, unless\b")
"""How a text begins that deletes what no one needs."""


def one_change(fixes: Iterable[Fix]) -> Fix:
    """One fix in place of several for one object.

    Settings of it add up. Ways to end it exclude each other, and what is ended needs no settings.
    """
    every = list(fixes)
    ways = (one_replacement, _one_token, _one_revocation, _one_key)
    return next((one for way in ways if (one := way(every)) is not None), together(every))


def _one_token(fixes: Sequence[Fix]) -> Fix | None:
    """One new GitHub token with all limits; None if no other one is asked for."""
    made = [(fix, found) for fix in fixes if (found := MADE.fullmatch(fix.step))]
    if not made:
        return None
    asked = dict.fromkeys(found["limit"] for _, found in made)
    # A limit that another one begins with is part of that.
    limits = [
        one for one in asked if not any(other != one and other.startswith(one) for other in asked)
    ]
    if any(EXPIRES.search(fix.step) for fix in fixes):
        limits.append("an expiration")
    kind = next((found["kind"] for _, found in made if found["kind"]), "")
    step = f"Generate one {kind}token with {_joined(limits)}, and use it in place of the old token"
    return replace(made[0][0], step=f"{step}. Then delete the old token")


def _one_revocation(fixes: Sequence[Fix]) -> Fix | None:
    """One revocation of a token, after all that comes before it; None if none is asked for."""
    found = [(fix, REVOKES.fullmatch(fix.step)) for fix in fixes]
    revoking = next((fix for fix, match in found if match), None)
    if revoking is None:
        return None
    # What does not revoke it is done before it is gone.
    befores = (match["before"] if match else fix.step.rstrip(".") for fix, match in found)
    before = dict.fromkeys(filter(None, befores))
    after = dict.fromkeys(match["after"] for _, match in found if match and match["after"])
    said = (*before, "Then revoke the token" if before else "Revoke the token", *map(begun, after))
    return replace(revoking, step=". ".join(said))


def _joined(words: Sequence[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def _one_key(fixes: Sequence[Fix]) -> Fix | None:
    """One way to end a key; None if not several are asked for."""
    spare = next((fix for fix in fixes if UNLESS.match(fix.step)), None)
    ending = [fix for fix in fixes if THEN_DELETE.search(fix.step)]
    first = [*dict.fromkeys(THEN_DELETE.sub("", fix.step) for fix in ending)]
    if len(first) + (spare is not None) < 2:  # noqa: PLR2004 (a choice takes two)
        return None
    before = ". ".join(dict.fromkeys(said for one in first for said in one.split(". ")))
    if spare is None:
        return replace(ending[0], step=f"{before}. Then delete this one")
    step = spare.step.rstrip(".")
    if first:
        step += f". If something needs it: {before[:1].lower()}{before[1:]}. Then delete this one"
    return replace(ending[0] if ending else spare, step=step)
