"""What the tokens in use are good for: as an outline, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from hardenme.model.grant import PROVIDERS, Grant, PermissionStatus
from hardenme.model.token_status import TokenStatus
from hardenme.model.unknown import PASSING, Reason, Unknown
from hardenme.reports.codes import ranges
from hardenme.reports.header import Header, minute
from hardenme.reports.outline.forms import as_table, forms_of, rendered
from hardenme.reports.outline.parts import (
    EVERY,
    Detail,
    Entry,
    Group,
    Outline,
    Section,
    command,
    sentence,
)
from hardenme.reports.plain import counted, plain, showable
from hardenme.reports.style import Style
from hardenme.reports.token_status_json import document

NOBODY = "no user: it is the token of an app's installation"


@dataclass(frozen=True, slots=True)
class TokensShown:
    """What is shown.

    Attributes:
        statuses: of each token.
        requests: how many were sent.
    """

    statuses: tuple[TokenStatus, ...]
    requests: int
    now: datetime

    @property
    def header(self) -> Header:
        """Whose tokens they are, how many, and when they were looked at."""
        who = [
            f"{grant.identity} on {PROVIDERS[status.provider]}"
            for status in self.statuses
            if (grant := status.grant) is not None and isinstance(grant.identity, str)
        ]
        named = ", ".join(dict.fromkeys(who)) or "no known account"
        return Header(named, (counted(len(self.statuses), "token"),), minute(self.now))


def outline(told: TokensShown) -> Outline:
    """Each token in a section."""
    return Outline(
        title="hardenme auth status",
        warning=(),
        lead=(),
        sections=tuple(map(_section, told.statuses)),
        header=told.header,
        last=((sentence(f"{counted(told.requests, 'request')}, to read only"),),),
    )


def of_one(status: TokenStatus, style: Style) -> str:
    """The status of one token, for a terminal."""
    text = as_table(Outline("", (), (), (_section(status),), ()), style)
    return showable(text, ascii_only=style.ascii_only)


def _document(told: TokensShown, _style: Style) -> str:
    return document(told.statuses, told.requests)


FORMS = forms_of(outline, json=_document)
"""Every form by its name on the command line."""


def render(told: TokensShown, form: str, style: Style) -> str:
    """What is shown, in a form of `FORMS`."""
    return rendered(FORMS, told, form, style)


def _section(status: TokenStatus) -> Section:
    of = f", for {status.owner}" if status.owner else ""
    title = plain(f"{PROVIDERS[status.provider]} at {status.address}{of}")
    return Section(title, groups=(Group(entries=tuple(_rows(status)), most=EVERY),))


def _rows(status: TokenStatus) -> Iterator[Entry]:
    if status.source:
        yield _row("from", status.source)
    if status.fault:
        yield _row("not used", status.fault)
        return
    if status.grant is not None:
        yield from _grant(status.grant)
    yield from _judgement(status)
    for note in status.notes:
        yield _row("note", note)


def _grant(grant: Grant) -> Iterator[Entry]:
    if grant.refused is not None:
        label = "no answer" if grant.refused.reason in PASSING else "refused"
        yield _row(label, why_not(grant.refused))
        return
    yield _row("account", _or_unknown(grant.identity) if grant.identity is not None else NOBODY)
    yield _row("kind", _or_unknown(grant.kind))
    yield _row("expires", _end(grant.expires_at))
    yield _row("grant", ", ".join(_held(grant)) or "none that is proved")
    if grant.tried_at:
        yield _row("tried at", ", ".join(grant.tried_at))


def why_not(refused: Unknown) -> str:
    """Why a token was not accepted, or why nothing is known of it."""
    if refused.reason is Reason.REJECTED:
        return f"{refused.seen}: the token is wrong, expired or revoked"
    if refused.reason in PASSING:
        return f"{refused.needed} ({refused.seen})"
    return f"{refused.seen}: it takes {refused.needed}"


def _judgement(status: TokenStatus) -> Iterator[Entry]:
    if status.surplus is not None:
        yield _row("surplus", _surplus(status))
    if status.shortfall is not None:
        missing = ", ".join(item.name for item in status.shortfall.missing)
        yield _row("shortfall", missing or "none known")
        untold = ", ".join(item.permission.name for item in status.shortfall.untold)
        if untold:
            yield _row("not shown", untold)
        codes = status.unknown_checks
        asked = f"of the {status.asked} checks that use it"
        if status.asked == 1:
            asked = "of the one check that uses it"
        # A right that is not shown, or a role, may leave more of them unknown.
        number = f"{len(codes)}{' or more' if untold else ''}" if codes else "none known,"
        yield _row("unknown", f"{number} {asked}")
        for item in status.blind:
            yield _row("takes", f"{item.needs}: {ranges(item.checks)}")
        if status.partly:
            yield _row("in part", f"{ranges(status.partly)}: answered in fewer cases")
    for gap in status.person:
        yield _row("asks you", f"{ranges(gap.checks)}: {gap.why}")
    for fix in status.repairs:
        yield _row("repair", f"{fix.what}:", fix.how)


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
    return _with(grant, PermissionStatus.HELD)


def _with(grant: Grant, standing: PermissionStatus) -> list[str]:
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


def _row(label: str, text: str, run: str = "") -> Entry:
    beside = (Detail("Run", ((command(run),),)),) if run else ()
    return Entry((sentence(text),), label=label, beside=beside)
