"""The head and the end of a report for people: who, what, how much is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from hardenme.model.report import Report
from hardenme.reports.plain import counted

NAMED = 20
"""Names in one sentence before the rest is counted."""
ROWS = 40
"""Sentences of one group before the rest is counted."""
NOT_WHOLE = "This report is not whole"
REDACTED = "Redacted for sharing: names are pseudonyms"
"""What a format says that has no room for the whole sentence."""


def counts_line(
    report: Report, *, short: bool = False, counts: Mapping[str, int] | None = None
) -> tuple[str, ...]:
    """The parts of the last line, in their order; the last part is the coverage.

    Short, the coverage is a percentage alone. A caller that has counted already passes the counts.

    A check that broke counts as unknown. The percentage is rounded down: only what is wholly known
    shows 100%.
    """
    counts = report.counts() if counts is None else counts
    known, asked = report.coverage.known, report.coverage.asked
    share = f"coverage {known * 100 // asked}%" if asked else "coverage none"
    if asked and not short:
        share = f"{share} ({known} of {asked})"
    return (
        f"{counts['failed']} failed",
        f"{counts['passed']} passed",
        f"{counts['unknown'] + counts['errored']} unknown",
        f"{counts['manual']} manual",
        f"{counts['attested']} attested",
        f"{counts['waived']} waived",
        share,
    )


def facts_of_run(report: Report, most: int = NAMED) -> tuple[tuple[str, str], ...]:
    """The head: what was asked, by which profile, as whom, each with so many names."""
    chosen = " (chosen from what was seen)" if report.profile_chosen else ""
    rows = [("shared", report.redacted)] if report.redacted else []
    rows += [
        ("targets", listed(report.targets, most) or "none"),
        ("profile", f"{report.profile}{chosen}"),
    ]
    for identity in report.identities[:most]:
        if identity.login or identity.source:
            # A kind that is not known reads "token" already.
            kind = identity.kind.removesuffix("token").strip()
            token = f"{kind} token from {identity.source}".strip()
            # An app's installation has no account, and a refused token shows none.
            who = f"{identity.login} at {identity.host}" if identity.login else identity.host
            rows.append((identity.provider, f"{who}, {token}"))
        else:
            rows.append((identity.provider, f"{identity.host}, without a credential"))
    rest = len(report.identities) - most
    if rest > 0:
        rows.append(("others", f"and {rest} more: --format json has them all"))
    return tuple(rows)


def listed(names: Sequence[str], most: int = NAMED) -> str:
    """The first of the names, and how many more there are."""
    rest = len(names) - most
    shown = ", ".join(names[:most])
    return f"{shown} and {rest} more" if rest > 0 else shown


def notes_of_run(
    report: Report, most: int = NAMED, rows_of_each: int = ROWS
) -> tuple[tuple[str, str], ...]:
    """The foot: what was left out, what was accepted, what the run cost."""
    rows = [*_rows("Note", (*report.warnings, *report.coverage.notes), rows_of_each)]
    left_out = sorted(report.coverage.not_selected.items())
    told = [f"{counted(number, 'check')}: {why}" for why, number in left_out if number]
    rows += _rows("Left out", told, rows_of_each)
    if report.allowed_unknown:
        rows.append(("Accepted", f"unknown results of {listed(report.allowed_unknown, most)}"))
    rows.append(("Run", _cost(report, most)))
    return tuple(rows)


def _rows(label: str, texts: Sequence[str], most: int) -> Iterator[tuple[str, str]]:
    """The first of the sentences, and how many more there are."""
    yield from ((label, text) for text in texts[:most])
    if len(texts) > most:
        yield label, f"and {len(texts) - most} more: --format json has them all"


def _cost(report: Report, most: int) -> str:
    traffic = report.traffic
    hosts = listed([f"{host} {number}" for host, number in sorted(traffic.requests.items())], most)
    requests = counted(sum(traffic.requests.values()), "request")
    spared = f', {traffic.spared} answered "not modified"' if traffic.spared else ""
    where = f" ({hosts})" if hosts else ""
    selected = counted(report.coverage.checks, "check")
    known = f"{report.coverage.known} of {report.coverage.asked} results known"
    return f"{selected}, {known}, {requests}{where}{spared}, {traffic.seconds:.1f} s"
