"""Reports that a run was let in nowhere, and why: a refused token is neither good nor bad news."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit

from hardenme.model.finding import Errored
from hardenme.model.grant import PROVIDERS
from hardenme.model.report import Identity, Report
from hardenme.model.unknown import Reason, Unknown
from hardenme.reports.plain import counted

WHY: dict[Reason, str] = {
    Reason.REJECTED: "{provider} refused the token (401)",
    Reason.NEEDS_SSO: "{provider} wants single sign-on for the token",
    Reason.RATE_LIMITED: "{provider}'s rate limit is used up",
    Reason.UNREACHABLE: "{host} did not answer",
    Reason.MALFORMED: "{host} did not answer as {provider} does",
    Reason.NOT_PERMITTED: "{provider} lets this token read nothing that was asked for",
}
"""Why nothing is known of a provider that a credential was sent to."""
TAKES = {
    Reason.RATE_LIMITED: "It takes {needed}",
    Reason.NEEDS_SSO: "It takes {needed}",
    Reason.NOT_PERMITTED: "It takes {needed}",
}
"""The text for a reason whose needs explain it: until when, which organization, which right."""
KNOWN = frozenset({"passed", "failed"})
INSTALLATION = "installation"
"""The kind of a token that belongs to no account."""
OTHERWISE = "{provider} did not say whose token it is"


def unsigned(report: Report) -> tuple[str, ...]:
    """Why each provider that a credential was used for let no one in: `npm refused the token`.

    A provider counts if every result of the run that depends on it is unknown. It may name the
    account of a token that single sign-on or a missing right keeps from everything else. Empty for
    a run that saw something wherever it tried.
    """
    return tuple(dict.fromkeys(why for why, _ in _reasons(report)))


def elsewhere(report: Report) -> str:
    """Where no target was found: that the host names no account for the token; empty if it does.

    GitHub names the account of every token but an installation's, so this may not be GitHub.
    """
    for identity in report.identities if report.not_found else ():
        anonymous = identity.provider == "github" and identity.source and not identity.login
        if anonymous and identity.kind != INSTALLATION:
            host = urlsplit(identity.host).hostname or identity.host
            return f"{host} did not answer as GitHub does: it names no account for the token"
    return ""


def first_words(report: Report, stand: int = 0) -> str:
    """What a report says first where it could not sign in; empty elsewhere.

    Args:
        stand: the number of findings of an earlier run that this one could not look at.
    """
    why = " and ".join(unsigned(report))
    if not why:
        return ""
    known = any(finding.result in KNOWN for finding in report.findings)
    left = f"; {counted(stand, 'earlier finding')} still {'stands' if stand == 1 else 'stand'}"
    takes = dict.fromkeys(f" {takes}." for _, takes in _reasons(report) if takes)
    checked = "Nothing of it" if known else "Nothing"
    return f"{why}. {checked} was checked{left if stand else ''}.{''.join(takes)}"


def _reasons(report: Report) -> Iterator[tuple[str, str]]:
    """Why each provider let no one in, and what it takes; the latter is empty for most.

    All of a selection may be unknown, while the run saw the rest.
    """
    if report.whole is not None:
        if not report.whole.kept:
            return
        report = report.whole.report
    for identity in report.identities:
        reasons = _unknown(report, identity) if identity.source else None
        reason = None if reasons is None else _most(reasons, named=bool(identity.login))
        if reasons is not None and reason is not None:
            told = WHY.get(reason, OTHERWISE)
            host = urlsplit(identity.host).hostname or identity.host
            needed = next(one.needed for one, _ in reasons.most_common() if one.reason is reason)
            takes = TAKES.get(reason, "").format(needed=needed.rstrip("."))
            provider = PROVIDERS[identity.provider]
            yield told.format(provider=provider, host=host), f"{takes[:1].upper()}{takes[1:]}"


def _most(reasons: Counter[Unknown], *, named: bool) -> Reason | None:
    """The reason of most results; None where no reason says why an account saw nothing.

    Args:
        named: the provider named the account, so that only what kept it out is a reason.
    """
    order = [one for one, _ in Counter(one.reason for one in reasons.elements()).most_common()]
    return next((one for one in order if one in WHY), None) if named else order[0]


def _unknown(report: Report, identity: Identity) -> Counter[Unknown] | None:
    """What is not known of a provider; None where anything is, or where nothing was asked."""
    found = Counter[Unknown]()
    for finding in report.findings:
        if finding.subject.provider != identity.provider:
            continue
        outcome = finding.outcome
        if isinstance(outcome, Errored) or finding.result == "manual":
            continue
        if not isinstance(outcome, Unknown):
            return None
        if outcome.reason is not Reason.NOT_ASKED:
            found[Unknown(outcome.reason, outcome.needed)] += 1
    return found or None
