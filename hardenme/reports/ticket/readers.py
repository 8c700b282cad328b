"""Whom a ticket is for, and which check it comes from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from hardenme.model.report import Report
from hardenme.reports.closing import NOT_WHOLE
from hardenme.reports.fixplan.kinds import OWNER
from hardenme.reports.fixplan.plan import Action, Step
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
OWN = "the account's owner"
OWN_ON_NPM = "the owner of the npm account"
PUSHING = "a package maintainer who can push"
HOLDERS = {
    "a session of npm login": OWN_ON_NPM,
    "the account's own session": OWN_ON_NPM,
    "the account's password": OWN,
    "write access to the package and its repository": PUSHING,
    "write access to the repository and the package": PUSHING,
    "write access to the package": "a package maintainer",
    "write access to the repository": "anyone who can push",
    "a project with the package installed": "anyone who installs the package",
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


def takers(step: Step) -> tuple[str, ...]:
    """Everyone who takes a step, most actions first; an account's owner by name.

    No step is without one: what needs no right can be done by anyone who can open the page.
    """
    if step.who and step.who != OWNER:
        return (reader_of(step.who),)
    found = Counter(map(_taker, step.actions))
    # Who can do more can do less.
    less = {one for one in found for more in found if more.startswith(f"{one} ")}
    return tuple(one for one, _ in found.most_common() if one not in less)


def _taker(action: Action) -> str:
    reader = reader_of(action.fix.needs)
    accounts = {one.within.name for one in action.closes if one.within.kind == "user"}
    return accounts.pop() if reader in {OWN, OWN_ON_NPM} and len(accounts) == 1 else reader


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
