"""A check as data: what `hardenme list --format json` and the published catalogue say of it."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass

from hardenme.codec.shape import Paragraphs
from hardenme.engine.plan import Selection, indispensable, plan, sources
from hardenme.engine.target import Target
from hardenme.facts.npm.rights import ONE_TIME_PASSWORD
from hardenme.model.check import SECTIONS, Check
from hardenme.model.depth import Depth
from hardenme.model.fact import Fact
from hardenme.model.least import LeastToken, Permissions
from hardenme.model.permission import Scheme
from hardenme.model.severity import Severity
from hardenme.rights.permissions import needs_of, permissions

TARGETS = ("local", "github:OWNER/REPO", "github:ORG", "npm:PACKAGE", "npm:@SCOPE", "me")
"""Targets of each kind, with placeholders: the narrowest first."""


@dataclass(frozen=True, slots=True)
class NamedRight:
    """One right.

    Attributes:
        scheme: `classic` scopes, `fine-grained` permissions, `npm` tokens and rights, or a `role`
            of the account.
        name: in the provider's words.
    """

    scheme: Scheme
    name: str


@dataclass(frozen=True, slots=True)
class DescribedAnswer:
    """An answer that a check reads.

    Attributes:
        fact: the name of its type.
        what: a sentence on what it shows.
        provider: who answers.
        source: the endpoint or file, in the provider's words.
        needed: whether the check says nothing without it.
        depth: the depth from which it is asked for.
        presence: whether it is given only while a person gives 2FA.
        requires: any of these, each all of its members; empty if no right is needed.
    """

    fact: str
    what: str
    provider: str
    source: str
    needed: bool
    depth: Depth
    presence: bool
    requires: tuple[tuple[NamedRight, ...], ...]


@dataclass(frozen=True, slots=True)
class Unread:
    """What no token of one kind can read.

    Attributes:
        why: what it would take.
        whole: whether the check is unknown for it, or known in fewer cases.
    """

    why: str
    whole: bool


@dataclass(frozen=True, slots=True)
class DescribedToken:
    """The least token of one kind for a check.

    Attributes:
        provider: `github` or `npm`.
        kind: of the token.
        needed: rights without which the check is unknown.
        more: rights with which it is known in more cases.
        roles: what the account must be.
        unread: what no token of the kind can read.
    """

    provider: str
    kind: str
    needed: tuple[str, ...]
    more: tuple[str, ...]
    roles: tuple[str, ...]
    unread: tuple[Unread, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribedCheck:
    """Everything that is the same for each run of a check.

    Attributes:
        code: stable, and never given to another check.
        slug: stable: what holds where the check passes.
        title: the problem where it fails, in one line.
        severity: what a failure weighs where the finding does not say otherwise.
        family: the letters that its code begins with.
        since: the version that brought it.
        summary: what holds where it passes.
        look: of a question for a person, what to look for; else empty.
        why: the reason for it.
        fix: what to know before fixing; a finding has the exact step.
        limits: what it does not see; empty for nothing.
        profiles: those that it belongs to; empty for all.
        depth: the depth from which it runs.
        opt_in: options without which it does not run.
        asks_a_person: whether it may come to a question that only a person can answer.
        facts: what it is decided from, computed ones included.
        reads: the answers that these come from.
        target: the narrowest target whose run has something for it to judge, with placeholders.
        tokens: the least token of each kind for that target.
    """

    code: str
    slug: str
    title: str
    severity: Severity
    family: str
    since: str
    summary: str
    look: Paragraphs
    why: Paragraphs
    fix: Paragraphs
    limits: Paragraphs
    profiles: tuple[str, ...]
    depth: Depth
    opt_in: tuple[str, ...]
    asks_a_person: bool
    facts: tuple[str, ...]
    reads: tuple[DescribedAnswer, ...]
    target: str
    tokens: tuple[DescribedToken, ...]


def described(check: Check) -> DescribedCheck:
    """What a check is, reads and takes."""
    read = sorted(sources(check.facts), key=lambda kind: (kind.source, kind.__name__))
    must = needed(check)
    return DescribedCheck(
        code=check.code,
        slug=check.slug,
        title=check.title,
        severity=check.severity,
        family=check.family,
        since=check.since,
        summary=check.summary,
        **{section: check.texts[section] for section in SECTIONS},
        profiles=tuple(sorted(check.profiles)),
        depth=depth_of(check),
        opt_in=tuple(sorted({kind.opt_in for kind in read if kind.opt_in})),
        asks_a_person=check.may_ask,
        facts=tuple(kind.__name__ for kind in check.facts),
        reads=tuple(_answer(kind, must=kind in must) for kind in read),
        target=target_of(check),
        tokens=tuple(_token(token) for token in least_of(check).tokens),
    )


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


def _answer(kind: type[Fact], *, must: bool) -> DescribedAnswer:
    return DescribedAnswer(
        fact=kind.__name__,
        what=_what(kind),
        provider=kind.asked_at,
        source=kind.source,
        needed=must,
        depth=kind.depth,
        presence=present(kind),
        requires=tuple(
            tuple(NamedRight(item.scheme, item.name) for item in sorted(alternative))
            for alternative in kind.requirement.alternatives
        ),
    )


def _what(kind: type[Fact]) -> str:
    """What an answer shows, in the first sentence of its documentation."""
    first = (inspect.getdoc(kind) or "").split("\n\n", maxsplit=1)[0]
    words = re.sub(r" \(subject [^)]*\)", "", " ".join(first.split()))
    return re.split(r"(?<=\.)\s", words)[0]


def _token(token: LeastToken) -> DescribedToken:
    return DescribedToken(
        provider=token.provider,
        kind=token.kind,
        needed=tuple(right.name for right in token.rights if right.needed),
        more=tuple(right.name for right in token.rights if not right.needed),
        roles=tuple(role.name for role in token.roles),
        unread=tuple(Unread(gap.why, gap.whole) for gap in (*token.gaps, *token.refused)),
    )
