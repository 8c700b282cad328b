"""Whose drill it is, and what the last run saw of their accounts; no one is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from hardenme.cli.stored.runs import latest
from hardenme.collectors.github.client import api_url
from hardenme.engine.attested import account_name
from hardenme.ground.errors import NoRunError, UsageError
from hardenme.ground.names import LOGIN
from hardenme.model.pages import GITHUB_WEB, web_url
from hardenme.model.report import Report
from hardenme.reports.fixplan.build import plan_of

INVENTED = {
    "package": "your-package",
    "version": "1.2.3",
    "token": "0123abcd",
    "owner": "LOGIN",
    "web": GITHUB_WEB,
}
"""The placeholder in a command where no run shows the name."""


@dataclass(frozen=True, slots=True)
class Own:
    """What is known about the person and their accounts.

    Attributes:
        login: on GitHub; empty if it is not known.
        account: the same as statements name it; empty if it is not known.
        report: the last run; None for none.
        names: the names in expected commands, by the word in braces.
        missing: what could not be taken from the run, in sentences.
        commands: those of the run's fix plan.
    """

    login: str = ""
    account: str = ""
    report: Report | None = None
    names: dict[str, str] = field(default_factory=lambda: dict(INVENTED))
    missing: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()

    def known(self, kind: str) -> tuple[str, ...]:
        """The names of everything of one kind in the inventory; for a token it is its id."""
        places = self.report.inventory if self.report else ()
        names = (
            item.identity if kind == "npm token" else item.label
            for place in places
            for item in place.items
            if item.kind == kind or (kind == "package" and item.kind == "published package")
        )
        return tuple(dict.fromkeys(names))


def own_of(account: str) -> Own:
    """What the last kept run shows; without one, what the person says.

    Args:
        account: a login of GitHub; empty for that of the run.

    Raises:
        UsageError: the login is none, or not the run's.
    """
    if account and not LOGIN.fullmatch(account):
        raise UsageError(f"--account takes a login of GitHub; not {account!r}")
    try:
        report = latest().report
    except NoRunError as error:
        api = api_url(GITHUB_WEB)
        why = f"No run was read, so the names are invented: {error}"
        return Own(account, account_name("github", account, api), missing=(why,))
    known = [one for one in report.identities if one.provider == "github" and one.login]
    mine = [one for one in known if account.lower() in {"", one.login.lower()}]
    if known and not mine:
        told = f"the last run is of {known[0].login}, not of {account}"
        raise UsageError(f"{told}: run `hardenme check` first")
    login = mine[0].login if mine else account
    host = mine[0].host if mine else api_url(GITHUB_WEB)
    names, missing = _names(report, login, host)
    return Own(
        login,
        account_name("github", login, host),
        report,
        names,
        tuple(missing),
        tuple(_commands(report)),
    )


def _names(report: Report, login: str, host: str) -> tuple[dict[str, str], Sequence[str]]:
    """The names that commands take, and what the run does not show."""
    names, missing = {**INVENTED, "web": web_url(host)}, []
    items = [(place, item) for place in report.inventory for item in place.items]
    tags = [
        (place.subject.name, str(item.state["version"]))
        for place, item in items
        if item.kind == "dist-tag" and item.label == "latest" and item.state.get("version")
    ]
    odd = {one.within.name for one in report.findings if one.fails and one.code[:3] == "REL"}
    if tags:
        # Where the newest release looks unusual, it is none to go back to.
        names["package"], names["version"] = min(tags, key=lambda tag: tag[0] in odd)
    else:
        missing.append("The last run shows no published package of yours: the name is invented.")
    tokens = [item.identity for _, item in items if item.kind == "npm token"]
    if tokens:
        names["token"] = tokens[0]
    else:
        missing.append("The last run shows no npm token: add an npm session to the next run.")
    people = [
        item.label
        for place, item in items
        if item.kind == "maintainer" and place.subject.name == names["package"]
    ]
    others = [name for name in people if name.lower() != login.lower()]
    if people:
        names["owner"] = login or people[0]
    if tags and not others:
        missing.append(
            f"No second owner of {names['package']} shows: no one can act when you cannot."
        )
    return names, missing


def _commands(report: Report) -> Sequence[str]:
    actions = (one for step in plan_of(report).steps for one in (*step.actions, *step.apart))
    return list(dict.fromkeys(line for one in actions for line in one.fix.commands))
