"""Who, where and when: the first line of everything that is printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from hardenme.model.grant import PROVIDERS
from hardenme.model.pages import GITHUB_API
from hardenme.model.report import DEMO, Identity, Report
from hardenme.reports.plain import counted


@dataclass(frozen=True, slots=True)
class Header:
    """The first line.

    Attributes:
        who: whose accounts, or what it is about, and where.
        scope: what was looked at, in a few words each.
        when: when, to the minute, in UTC.
        signs: what looks like an attack, if that opens the text: a sentence each, and the command
            that shows what to do.
    """

    who: str
    scope: tuple[str, ...] = ()
    when: str = ""
    signs: tuple[tuple[str, str], ...] = ()


def day(moment: datetime) -> str:
    """A day as a reader has it."""
    return f"{moment:%d %b %Y}".lstrip("0")


def minute(moment: datetime) -> str:
    """A moment in UTC as the first line has it."""
    return f"{moment:%d %b %Y, %H:%M} UTC".lstrip("0")


def header_of(report: Report) -> Header:
    """Whose accounts a run looked at, how far it went, and when it began."""
    return Header(_who(report), _scope(report), minute(report.started))


def _who(report: Report) -> str:
    """Whose accounts, and where."""
    hosts: dict[str, list[str]] = {}
    for identity in report.identities:
        place = _host(identity)
        places = hosts.setdefault(identity.login, [])
        if place not in places:
            places.append(place)
    if report.targets and report.targets != ("me",):
        where = list(dict.fromkeys(place for places in hosts.values() for place in places))
        return (
            f"{_listed(report.targets)} on {' and '.join(where)}"
            if where
            else _listed(report.targets)
        )
    named = {login: places for login, places in hosts.items() if login}
    told = [f"{login} on {' and '.join(places)}" for login, places in named.items()]
    return ", ".join(told) or "this machine"


def _host(identity: Identity) -> str:
    """Where someone has an account, as people call it."""
    # The addresses of the demo belong to no one.
    if identity.provider == "npm" or identity.host == GITHUB_API or identity.source == DEMO:
        return PROVIDERS[identity.provider]
    return identity.host.partition("://")[2] or identity.host


def _listed(names: Sequence[str]) -> str:
    """The target, without the provider that the hosts name; of several, how many."""
    return names[0].partition(":")[2] or names[0] if len(names) == 1 else f"{len(names):,} targets"


def _scope(report: Report) -> tuple[str, ...]:
    repositories = {one.within.name for one in report.findings if one.within.kind == "repo"}
    members = {one.subject for one in report.findings if one.subject.kind == "member"}
    packages = report.publishing.packages if report.publishing else ()
    parts = []
    for number, one, many in (
        (len(repositories), "repository", "repositories"),
        (len(members), "member", "members"),
        (len(packages), "package", "packages"),
    ):
        if number:
            parts.append(f"{number:,} {one if number == 1 else many}")
    told = [", ".join(parts)] if parts else []
    return (*told, f"profile {report.profile}", counted(report.coverage.checks, "check"))
