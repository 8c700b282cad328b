"""What the tokens in use are good for, as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hardenme.codec.layout import Layout
from hardenme.model.forecast import Blind
from hardenme.model.grant import Grant, PermissionStatus
from hardenme.model.permission import Scheme
from hardenme.model.secret import redact
from hardenme.model.token_status import Repair, TokenStatus
from hardenme.model.unknown import Reason, Unknown
from hardenme.reports.plain import timestamp
from hardenme.reports.printed import PrintedDocument, as_json, printed


@dataclass(frozen=True, slots=True)
class PrintedRefusal:
    """Why a token was not accepted, or why nothing is known of it.

    Attributes:
        reason: one of the reasons for not knowing.
        needed: what it takes.
        seen: what was seen.
    """

    reason: Reason
    needed: str
    seen: str


@dataclass(frozen=True, slots=True)
class PrintedGrant:
    """A permission, and what is known about it.

    Attributes:
        name: in the provider's words.
        standing: whether it is held.
        why: the answer that shows it, or why it is not shown.
    """

    name: str
    standing: PermissionStatus
    why: str


@dataclass(frozen=True, slots=True)
class ProvedWrite:
    """A permission to write that a read proved.

    Attributes:
        name: of the permission.
        proved_by: the endpoint that was asked.
    """

    name: str
    proved_by: str


@dataclass(frozen=True, slots=True)
class PrintedSurplus:
    """The rights of a token beyond the needed ones.

    Attributes:
        held: proved to be held, and not needed.
        writes: proved to write what hardenme never writes.
        not_told: what cannot be known, as a sentence; empty where everything is.
    """

    held: tuple[str, ...]
    writes: tuple[ProvedWrite, ...]
    not_told: str


@dataclass(frozen=True, slots=True)
class PrintedUntold:
    """A permission of which it is not known whether the token holds it.

    Attributes:
        name: of the permission.
        why: it is not known.
    """

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class AskingChecks:
    """Checks that take a person.

    Attributes:
        checks: their codes.
        why: what it takes.
    """

    checks: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedToken:
    """One token: where it was found, whose it is, what it may do, what it lacks.

    Attributes:
        provider: `github` or `npm`.
        address: the only address that it is sent to.
        owner: the GitHub owner whose things alone it is for; empty for all.
        source: where it was found.
        fault: why it is not used at all; empty if it is.
        accepted: whether the provider took it.
        refused: why not.
        account: the account that it acts for; null if there is none, or it is unknown.
        kind: of the token; null if it is not known.
        expires: its expiry in UTC; `never`, or null if it is not shown.
        grant: its permissions, as far as they are known.
        grant_is_whole: whether there is nothing else that it holds.
        tried_at: the owner and the repository that its permissions were tried at.
        surplus: what it holds beyond what is needed; null if that was not found out.
        shortfall: what it lacks.
        not_told: permissions that it may lack.
        checks_asked: how many of the selected checks ask by it.
        checks_unknown: what cannot be read with it, and the checks that are unknown for it.
        checks_in_part: the codes of the checks that it answers in fewer cases.
        checks_that_ask_you: what takes a person in addition to the token.
        repairs: how to close the shortfall and the surplus.
        notes: sentences that its holder has to know.
    """

    provider: str
    address: str
    owner: str
    source: str
    fault: str
    accepted: bool
    refused: PrintedRefusal | None
    account: str | None
    kind: str | None
    expires: str | None
    grant: tuple[PrintedGrant, ...]
    grant_is_whole: bool
    tried_at: tuple[str, ...]
    surplus: PrintedSurplus | None
    shortfall: tuple[str, ...]
    not_told: tuple[PrintedUntold, ...]
    checks_asked: int
    checks_unknown: tuple[Blind, ...]
    checks_in_part: tuple[str, ...]
    checks_that_ask_you: tuple[AskingChecks, ...]
    repairs: tuple[Repair, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TokensDocument(PrintedDocument):
    """The tokens in use.

    Attributes:
        requests: how many were sent to find out.
        tokens: one entry for each.
    """

    requests: int
    tokens: tuple[PrintedToken, ...]


FORM = printed({Blind: Layout(("checks", "needs", "seen"))})


def document(statuses: Iterable[TokenStatus], requests: int) -> str:
    """The statuses as JSON.

    Args:
        statuses: one for each token.
        requests: how many were sent to find out.
    """
    tokens = tuple(map(_token, statuses))
    return redact(as_json(TokensDocument(requests=requests, tokens=tokens), FORM))


def _token(status: TokenStatus) -> PrintedToken:
    grant, lacks = status.grant, status.shortfall
    return PrintedToken(
        provider=status.provider,
        address=status.address,
        owner=status.owner,
        source=status.source,
        fault=status.fault,
        accepted=status.accepted,
        refused=None if grant is None else _refusal(grant.refused),
        account=None if grant is None else _known(grant.identity),
        kind=None if grant is None else _known(grant.kind),
        expires=_expiry(grant),
        grant=() if grant is None else _permissions(grant),
        grant_is_whole=grant is not None and grant.whole,
        tried_at=() if grant is None else grant.tried_at,
        surplus=_surplus(status),
        shortfall=() if lacks is None else tuple(item.name for item in lacks.missing),
        not_told=()
        if lacks is None
        else tuple(PrintedUntold(one.permission.name, one.why) for one in lacks.untold),
        checks_asked=status.asked,
        checks_unknown=status.blind,
        checks_in_part=status.partly,
        checks_that_ask_you=tuple(AskingChecks(gap.checks, gap.why) for gap in status.person),
        repairs=status.repairs,
        notes=status.notes,
    )


def _permissions(grant: Grant) -> tuple[PrintedGrant, ...]:
    if grant.scopes is not None:
        why = "the token lists its scopes"
        return tuple(
            PrintedGrant(name, PermissionStatus.HELD, why) for name in sorted(grant.scopes)
        )
    return tuple(
        PrintedGrant(item.permission.name, item.standing, item.why)
        for item in grant.permissions
        if item.permission.scheme is not Scheme.ROLE
    )


def _surplus(status: TokenStatus) -> PrintedSurplus | None:
    over = status.surplus
    if over is None:
        return None
    return PrintedSurplus(
        tuple(item.name for item in over.held),
        tuple(ProvedWrite(one.proves.name, one.endpoint) for one in over.writes),
        over.untold,
    )


def _expiry(grant: Grant | None) -> str | None:
    if grant is None or isinstance(grant.expires_at, Unknown):
        return None
    return "never" if grant.expires_at is None else timestamp(grant.expires_at)


def _refusal(unknown: Unknown | None) -> PrintedRefusal | None:
    if unknown is None:
        return None
    return PrintedRefusal(unknown.reason, unknown.needed, unknown.seen)


def _known(value: str | Unknown | None) -> str | None:
    return value if isinstance(value, str) else None
