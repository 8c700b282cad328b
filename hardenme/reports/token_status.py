"""What the tokens in use are good for, for the terminal and as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from hardenme.model.grant import PROVIDERS, Grant, Standing
from hardenme.model.secret import redact
from hardenme.model.token_status import TokenStatus
from hardenme.model.unknown import PASSING, Reason, Unknown
from hardenme.reports.codes import ranges
from hardenme.reports.columns import wrap
from hardenme.reports.plain import flowing
from hardenme.reports.sheet import DIM, Sheet
from hardenme.reports.style import Style

LABEL = 12
"""Columns of a row's label and what stands before and after it."""
NOBODY = "no user: it is the token of an app's installation"


def render(statuses: Iterable[TokenStatus], style: Style) -> str:
    """The statuses as terminal lines."""
    sheet = Sheet(style)
    for status in statuses:
        _status(sheet, status)
    return redact(sheet.text().lstrip("\n")) if sheet.lines else ""


def _status(sheet: Sheet, status: TokenStatus) -> None:
    of = f", for {status.owner}" if status.owner else ""
    sheet.section(sheet.value(f"{PROVIDERS[status.provider]} {sheet.dot} {status.address}{of}"))
    if status.source:
        _row(sheet, "from", status.source)
    if status.fault:
        _row(sheet, "not used", status.fault)
        return
    if status.grant is not None:
        _grant(sheet, status.grant)
    _judgement(sheet, status)
    for note in status.notes:
        _row(sheet, "note", note)


def _grant(sheet: Sheet, grant: Grant) -> None:
    if grant.refused is not None:
        label = "no answer" if grant.refused.reason in PASSING else "refused"
        _row(sheet, label, why_not(grant.refused))
        return
    _row(sheet, "account", _or_unknown(grant.identity) if grant.identity is not None else NOBODY)
    _row(sheet, "kind", _or_unknown(grant.kind))
    _row(sheet, "expires", _end(grant.expires_at))
    _row(sheet, "grant", ", ".join(_held(grant)) or "none that is proved")
    if grant.tried_at:
        _row(sheet, "tried at", ", ".join(grant.tried_at))


def why_not(refused: Unknown) -> str:
    """Why a token was not accepted, or why nothing is known of it."""
    if refused.reason is Reason.REJECTED:
        return f"{refused.seen}: the token is wrong, expired or revoked"
    if refused.reason in PASSING:
        return f"{refused.needed} ({refused.seen})"
    return f"{refused.seen}: it takes {refused.needed}"


def _judgement(sheet: Sheet, status: TokenStatus) -> None:
    if status.surplus is not None:
        _row(sheet, "surplus", _surplus(status))
    if status.shortfall is not None:
        missing = ", ".join(item.name for item in status.shortfall.missing)
        _row(sheet, "shortfall", missing or "none known")
        untold = ", ".join(item.permission.name for item in status.shortfall.untold)
        if untold:
            _row(sheet, "not shown", untold)
        codes = status.unknown_checks
        asked = f"of the {status.asked} checks that use it"
        if status.asked == 1:
            asked = "of the one check that uses it"
        # A right that is not told, or a role, may leave more of them unknown.
        number = f"{len(codes)}{' or more' if untold else ''}" if codes else "none known,"
        _row(sheet, "unknown", f"{number} {asked}")
        for item in status.blind:
            _row(sheet, "", f"{ranges(item.checks)}: it takes {item.needs}")
        if status.partly:
            _row(sheet, "in part", f"{ranges(status.partly)}: answered in fewer cases")
    for gap in status.person:
        _row(sheet, "asks you", f"{ranges(gap.checks)}: {gap.why}")
    for fix in status.repairs:
        _row(sheet, "repair", f"{fix.what}:")
        sheet.add(f"{' ' * LABEL}{sheet.value(fix.how)}")


def _surplus(status: TokenStatus) -> str:
    """What it holds too much, and whether that is all."""
    over = status.surplus
    if over is None:
        return ""
    proofs = {item.proves: item.endpoint for item in over.writes}
    told = [item.name for item in over.held if item not in proofs]
    told += [f"{item.name} (shown by {endpoint})" for item, endpoint in proofs.items()]
    listed = ", ".join(told) or ("none" if not over.untold else "")
    return "; ".join(part for part in (listed, over.untold) if part)


def _held(grant: Grant) -> list[str]:
    if grant.scopes is not None:
        return sorted(grant.scopes) or ["no scope"]
    return _with(grant, Standing.HELD)


def _with(grant: Grant, standing: Standing) -> list[str]:
    return [item.permission.name for item in grant.permissions if item.standing is standing]


def _or_unknown(value: str | Unknown | None) -> str:
    if isinstance(value, Unknown):
        seen = f" ({value.seen})" if value.seen else ""
        return f"unknown{seen}: it takes {value.needed}"
    return value or ""


def _end(value: datetime | Unknown | None) -> str:
    if isinstance(value, Unknown):
        return "not shown"
    return "never" if value is None else f"{value.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _row(sheet: Sheet, label: str, text: str) -> None:
    room = max(sheet.readable - LABEL, 12)
    first, *rest = wrap(sheet.value(flowing(text)), room) or [""]
    sheet.add(f"  {sheet.paint(label.ljust(LABEL - 2), DIM)}{first}".rstrip())
    sheet.add(*(" " * LABEL + line for line in rest))
