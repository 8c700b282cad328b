"""Whether the GitHub accounts that the user named exist: a login can be mistyped."""

from __future__ import annotations

from dataclasses import dataclass, field

from hardenme.collectors.github.client import GitHub
from hardenme.collectors.transport.response import NoAnswerError
from hardenme.engine.clients import Clients
from hardenme.facts.github import endpoints
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
        gaps: what is not known of them, each with what it takes.
    """

    login: str = ""
    successor: str = ""
    gaps: list[str] = field(default_factory=list)

    def look_up(self, clients: Clients) -> None:
        """Ask for each of them.

        Raises:
            UsageError: GitHub shows no account with the login of who takes over.
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


def _exists(github: GitHub, login: str) -> bool | None:
    """Whether an account exists; None where that was not answered."""
    try:
        response = github.get(endpoints.USER.at(username=login))
    except NoAnswerError:
        return None
    if response.status == ABSENT and MANAGED not in login:
        return False
    return True if response.ok else None
