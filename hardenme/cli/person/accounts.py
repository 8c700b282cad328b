"""Whether the accounts that the user named exist: a name can be mistyped."""

from __future__ import annotations

from dataclasses import dataclass, field

from hardenme.collectors.github.client import GitHub
from hardenme.collectors.npm.client import Npm
from hardenme.collectors.transport.response import NoAnswerError
from hardenme.engine.clients import Clients
from hardenme.facts.github import endpoints
from hardenme.facts.npm import endpoints as npm_endpoints
from hardenme.ground.errors import UsageError

ABSENT = 404
MANAGED = "_"
"""Is in the logins of accounts that an enterprise manages: no one outside of it sees those."""


@dataclass(slots=True)
class AccountLookup:
    """Looks up the accounts, before anything else is asked.

    Attributes:
        login: whose access ends.
        successor: who takes over; empty for no one.
        npm: their account on npm; empty if the user named none.
        npm_successor: the npm account of who takes over; empty for no one.
        gaps: what is not known of them, each with what it takes.
    """

    login: str = ""
    successor: str = ""
    npm: str = ""
    npm_successor: str = ""
    gaps: list[str] = field(default_factory=list)

    def look_up(self, clients: Clients) -> None:
        """Ask for each of them.

        Raises:
            UsageError: GitHub or npm shows no account with the name of who takes over.
        """
        github = clients.github or next(iter(clients.github_by_owner.values()), None)
        for login in filter(None, (self.login, self.successor)):
            there = None if github is None else _exists(github, login)
            if there is False and login == self.successor:
                raise UsageError(
                    f"GitHub shows no account {login}: check the spelling of --hands-over-to"
                )
            if there is False:
                self.gaps.append(
                    f"the account {login}, which GitHub does not show: check the spelling, or name"
                    " the new login if it was renamed"
                )
            elif there is None:
                self.gaps.append(f"whether {login} is spelled right: a token for GitHub")
        for name in filter(None, (self.npm, self.npm_successor)):
            there = _exists_on_npm(clients.npm, name)
            if there is False and name == self.npm_successor:
                raise UsageError(
                    f"npm shows no account {name}: check the spelling of --npm-successor"
                )
            if there is not True:
                self.gaps.append(
                    f"whether {name} on npm is spelled right: npm does not show it to this token"
                )


def _exists(github: GitHub, login: str) -> bool | None:
    """Whether an account exists; None if that was not answered."""
    try:
        response = github.get(endpoints.USER.at(username=login))
    except NoAnswerError:
        return None
    if response.status == ABSENT and MANAGED not in login:
        return False
    return True if response.ok else None


def _exists_on_npm(npm: Npm, name: str) -> bool | None:
    """The same of an account on npm."""
    try:
        response = npm.get(npm_endpoints.USER.at(user=name))
        found = response.json() if response.ok else None
    except NoAnswerError:
        return None
    if response.status == ABSENT:
        return False
    return True if isinstance(found, dict) and found.get("name") == name else None
