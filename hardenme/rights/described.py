"""A check as data: what `hardenme list --format json` and the published catalogue say of it."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from typing import Any

from hardenme.engine.plan import Selection, indispensable, plan, sources
from hardenme.engine.target import Target
from hardenme.facts.npm.rights import ONE_TIME_PASSWORD
from hardenme.model.check import SECTIONS, Check
from hardenme.model.depth import Depth
from hardenme.model.fact import Fact
from hardenme.model.least import LeastToken, Permissions
from hardenme.model.permission import Requirement
from hardenme.rights.permissions import needs_of, permissions

TARGETS = ("local", "github:OWNER/REPO", "github:ORG", "npm:PACKAGE", "npm:@SCOPE", "me")
"""Targets of each kind, with placeholders: the narrowest first."""


def described(check: Check) -> dict[str, Any]:
    """Everything that is the same for each run of a check, in types that JSON has."""
    read = sorted(sources(check.facts), key=lambda kind: (kind.source, kind.__name__))
    must = needed(check)
    return {
        "code": check.code,
        "slug": check.slug,
        "title": check.title,
        "severity": str(check.severity),
        "family": check.family,
        "since": check.since,
        "summary": check.summary,
        **{section: check.texts[section] for section in SECTIONS},
        "profiles": sorted(check.profiles),
        "depth": str(depth_of(check)),
        "opt_in": sorted({kind.opt_in for kind in read if kind.opt_in}),
        "asks_a_person": check.may_ask,
        "facts": [kind.__name__ for kind in check.facts],
        "reads": [_answer(kind, must=kind in must) for kind in read],
        "target": target_of(check),
        "tokens": [_token(token) for token in least_of(check).tokens],
    }


def target_of(check: Check) -> str:
    """The narrowest target whose run has something for a check to judge."""
    whole = _plan(check)
    return next(text for text in TARGETS if needs_of(whole, Target.parse(text)))


def least_of(check: Check) -> Permissions:
    """What a check takes, of its narrowest target, as deep as it can ask."""
    return permissions(_plan(check), [Target.parse(target_of(check))])


def _plan(check: Check) -> Selection:
    return plan([check], {kind.opt_in for kind in sources(check.facts)}, Depth.DEEP)


def needed(check: Check) -> frozenset[type[Fact]]:
    """The answers without which a check says nothing."""
    parameters = [item for item in check.parameters if not (item.given or item.optional)]
    return indispensable(item.kind for item in parameters)


def depth_of(check: Check) -> Depth:
    """The depth from which a check runs."""
    return max((kind.depth for kind in needed(check)), default=Depth.FAST)


def present(kind: type[Fact]) -> bool:
    """Whether an answer is given only while a person proves to be there."""
    return any(
        item.name == ONE_TIME_PASSWORD
        for alternative in kind.requirement.alternatives
        for item in alternative
    )


def _answer(kind: type[Fact], *, must: bool) -> dict[str, Any]:
    return {
        "fact": kind.__name__,
        "what": _what(kind),
        "provider": kind.asked_at,
        "source": kind.source,
        "needed": must,
        "depth": str(kind.depth),
        "presence": present(kind),
        "requires": list(_alternatives(kind.requirement)),
    }


def _what(kind: type[Fact]) -> str:
    """What an answer shows, in the first sentence of its documentation."""
    first = (inspect.getdoc(kind) or "").split("\n\n", maxsplit=1)[0]
    words = re.sub(r" \(subject [^)]*\)", "", " ".join(first.split()))
    return re.split(r"(?<=\.)\s", words)[0]


def _alternatives(requirement: Requirement) -> Iterator[list[dict[str, str]]]:
    for alternative in requirement.alternatives:
        yield [{"scheme": str(item.scheme), "name": item.name} for item in sorted(alternative)]


def _token(token: LeastToken) -> dict[str, Any]:
    return {
        "provider": token.provider,
        "kind": token.kind,
        "needed": [right.name for right in token.rights if right.needed],
        "more": [right.name for right in token.rights if not right.needed],
        "roles": [role.name for role in token.roles],
        "unread": [{"why": gap.why, "whole": gap.whole} for gap in (*token.gaps, *token.refused)],
    }
