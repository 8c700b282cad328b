"""Whom a ticket is for, and which check it comes from."""

from __future__ import annotations

from collections.abc import Iterator

from hardenme.model.report import Report
from hardenme.reports.closing import NOT_WHOLE
from hardenme.reports.fixplan.words import OF_DEMO

SITES = {"github": "GitHub", "npm": "npm"}
RESTS = "This comes from a check of {places} on {day}. The check changed nothing."
READERS = {
    "org": "an owner of {}",
    "package": "a maintainer of {} on npm",
    "user": "{}",
    "enterprise": "an owner of {}",
    "token": "the token's owner",
}
"""Who makes the changes in a place, by its kind."""
HOLDERS = {
    "a session of npm login": "the owner of the npm account",
    "the account's own session": "the owner of the npm account",
    "the account's password": "the owner of the account",
    "a project with the package installed": "anyone who has a project with the package installed",
}
"""Who has what a step takes, where that is a thing."""


def reader_of(needs: str) -> str:
    """Who takes a step, by what it takes: a right is held by someone."""
    who = needs.partition(";")[0].partition(", and ")[0].strip()
    if not who:
        return "anyone who can open the page"
    if (holder := next((HOLDERS[one] for one in HOLDERS if who.startswith(one)), "")) != "":
        return holder
    if who.startswith("who "):
        return f"anyone {who}"
    if who.startswith(("a ", "an ", "the ", "your ", "each ", "anyone ")):
        return who
    if who.startswith(("write access", "read access")):
        return f"someone with {who}"
    article = "an" if who[:1] in "aeiou" else "a"
    return f"{article} {who}"


def basis(report: Report) -> Iterator[str]:
    """The basis of a ticket, and what its reader has to know about it."""
    logins = ", ".join(dict.fromkeys(one.login for one in report.identities if one.login))
    own = f"the accounts of {logins}" if logins else "the sender's accounts"
    places = ", ".join(own if one == "me" else _place(one) for one in report.targets)
    yield RESTS.format(places=places, day=f"{report.started:%Y-%m-%d}")
    if report.partial:
        yield f"{NOT_WHOLE}: {report.partial}. There may be more to change."
    if report.demo:
        yield OF_DEMO


def _place(target: str) -> str:
    """A target in words, like `acme/web on GitHub`."""
    site, _, name = target.partition(":")
    return f"{name} on {SITES[site]}" if name and site in SITES else target
