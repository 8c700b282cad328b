"""A report to share: pseudonyms in place of names, everything else as it was.

It is made from a report and is one, so that every format can be made from it.
"""

from __future__ import annotations

from dataclasses import replace

from hardenme.model.publishing import Publishing
from hardenme.model.report import Identity, Report, UnreadTarget, WholeRun
from hardenme.model.waiver import Waivers
from hardenme.reports.pseudonyms.findings import finding, learn_finding, waiver
from hardenme.reports.pseudonyms.inventory import carried, learn_carried, learn_places, place
from hardenme.reports.pseudonyms.paths import learn_paths, publishing
from hardenme.reports.pseudonyms.shared import Pseudonymous
from hardenme.reports.pseudonyms.words import Pseudonyms

__all__ = ["REDACTED", "Pseudonyms", "shared"]

REDACTED = (
    "Redacted for sharing: names of accounts, organizations, repositories, packages, secrets and"
    " keys, email addresses, hosts other than github.com and npm's, and paths of the machine are"
    " pseudonyms. Still in it: checks with their texts and severities, results, numbers (of one"
    " above 99,999 the first digit), times, versions, and words that hardenme uses itself."
)

PROVIDERS = frozenset({"github", "local", "npm"})
"""What a target begins with, also where something has such a name."""


def shared(report: Report, names: Pseudonyms) -> Report:
    """The report with pseudonyms.

    Args:
        report: its findings are gone through once for their names, and again by each format.
        names: makes the pseudonyms, and learns the names.
    """
    _learn(report, names)
    made = None if report.publishing is None else publishing(report.publishing, names)
    traffic, coverage = report.traffic, report.coverage
    return replace(
        report,
        targets=tuple(_target(target, names) for target in report.targets),
        not_found=tuple(_target(target, names) for target in report.not_found),
        unread=_unread(report, names),
        identities=tuple(_identity(one, names) for one in report.identities),
        findings=Pseudonymous(report.findings, lambda one: finding(one, names)),
        coverage=replace(
            coverage,
            not_selected={names.text(why): n for why, n in coverage.not_selected.items()},
            notes=tuple(map(names.text, coverage.notes)),
        ),
        traffic=replace(
            traffic, requests={_origin(host, names): n for host, n in traffic.requests.items()}
        ),
        allowed_unknown=tuple(map(names.text, report.allowed_unknown)),
        partial=names.text(report.partial),
        warnings=tuple(map(names.text, report.warnings)),
        publishing=made,
        waivers=Waivers(
            *(
                tuple(waiver(one, names) for one in those)
                for those in (
                    report.waivers.unused,
                    report.waivers.expired,
                    report.waivers.proposed,
                )
            )
        ),
        # The name of an incident may reveal whose it is. Without the name, everything is in the
        # first section.
        accounted=(),
        redacted=f"{REDACTED} The mark of the key: {names.mark}.",
        inventory=Pseudonymous(report.inventory, lambda one: place(one, names)),
        carried=carried(report.carried, names),
        # Made again of what is shared.
        holders=None,
        whole=None if report.whole is None else WholeRun(shared(report.whole.report, names)),
    )


def _learn(report: Report, names: Pseudonyms) -> None:
    """All names that the report holds as such."""
    for identity in report.identities:
        names.learn(identity.login)
        names.learn_host(_bare(identity.host))
    for host in report.traffic.requests:
        names.learn_host(_bare(host))
    for target in report.targets:
        names.learn(target.partition(":")[2])
    for one in report.findings:
        learn_finding(one, names)
    of_none = report.waivers
    for accepted in (*of_none.unused, *of_none.expired, *of_none.proposed):
        names.learn(accepted.by)
    if isinstance(report.publishing, Publishing):
        learn_paths(report.publishing, names)
    learn_places(report.inventory, names)
    learn_carried(report.carried, names)


def _target(target: str, names: Pseudonyms) -> str:
    """As the user named it: the provider is kept, and so is a target without a name."""
    provider, colon, name = target.partition(":")
    kept = provider if colon and provider in PROVIDERS else names.text(provider)
    return f"{kept}{colon}{names.name(name)}"


def _unread(report: Report, names: Pseudonyms) -> tuple[UnreadTarget, ...] | None:
    if report.unread is None:
        return None
    return tuple(
        UnreadTarget(_target(one.target, names), names.text(one.why)) for one in report.unread
    )


def _identity(one: Identity, names: Pseudonyms) -> Identity:
    return replace(
        one,
        host=_origin(one.host, names),
        login=names.name(one.login),
        kind=names.text(one.kind),
        source=names.text(one.source),
    )


def _bare(origin: str) -> str:
    """The host of an address, without its port."""
    return origin.rpartition("://")[2].partition("/")[0].partition(":")[0]


def _origin(origin: str, names: Pseudonyms) -> str:
    """A host, or an address of one."""
    scheme, slashes, rest = origin.rpartition("://")
    host, slash, path = rest.partition("/")
    shown = names.host(host) if host else ""
    return f"{scheme}{slashes}{shown}{slash}{names.text(path)}"
