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
RESTS = "Made by hardenme{maker} on {day}, by a check of {places}. The check changed nothing."
ASK = "Questions: ask {}."
ASK_SAFELY = "Questions: ask {}, over a channel that you already had."
"""The same for a member, who may not expect such a letter."""
THE_SENDER = "the person who sent you this"
"""Whom a reader asks or answers, where the run shows no account of a person."""
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


def sender_of(report: Report) -> str:
    """Who had the check made, by the accounts that the providers answered for.

    Empty for an app, which has no account, and for more accounts than anyone would ask.
    """
    accounts = dict.fromkeys((one.login, one.provider) for one in report.identities if one.login)
    logins = dict.fromkeys(login for login, _ in accounts)
    if len(logins) == 1:
        return next(iter(logins))
    several = [f"{login} on {SITES.get(site, site)}" for login, site in accounts]
    return " or ".join(several) if len(several) <= len(SITES) else ""


def whose_account(step: Step) -> str:
    """The account that a step is about, where only its owner takes it; empty otherwise."""
    accounts = {one.within for action in step.actions for one in action.closes}
    own = reader_of(step.needs) in {OWN, OWN_ON_NPM}
    people = {one.name for one in accounts if one.kind == "user"}
    alone = own and not step.who and len(people) == len(accounts) == 1
    return people.pop() if alone else ""


def basis(report: Report, sender: str = "") -> Iterator[str]:
    """Who had a ticket made, from what and when, and what its reader has to know about it.

    Args:
        sender: who had it made, where the report no longer shows it.
    """
    logins = ", ".join(dict.fromkeys(one.login for one in report.identities if one.login))
    own = f"the accounts of {logins}" if logins else "the sender's accounts"
    places = ", ".join(own if one == "me" else _place(one) for one in report.targets)
    maker = sender or sender_of(report)
    made = f" for {maker}" if maker else ""
    ask = (ASK_SAFELY if sender else ASK).format(maker or THE_SENDER)
    yield f"{RESTS.format(maker=made, places=places, day=f'{report.started:%Y-%m-%d}')} {ask}"
    if report.partial:
        yield f"{NOT_WHOLE}: {report.partial}. There may be more to change."
    if report.demo:
        yield OF_DEMO


def _place(target: str) -> str:
    """A target in words, like `acme/web on GitHub`."""
    site, _, name = target.partition(":")
    return f"{name} on {SITES[site]}" if name and site in SITES else target
