"""For whom a provider answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from hardenme.collectors.github.asking import fetch
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.github.refusal import sso_left_out
from hardenme.collectors.npm.asking import fetch as npm_fetch
from hardenme.collectors.npm.client import Npm
from hardenme.collectors.protocol import Collector
from hardenme.collectors.transport.response import NoAnswerError
from hardenme.facts.github import endpoints
from hardenme.facts.github.token import KINDS
from hardenme.facts.npm.account import NpmAccount
from hardenme.model.permission import NOTHING
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

OWN_ACCOUNT = ("github:user",)
"""The roots of collectors that ask about the token's account, anyone who is named."""


@dataclass(frozen=True, slots=True)
class Who:
    """The account behind a credential.

    Attributes:
        login: empty if it is not known.
        kind: the kind of credential; empty if it is not known.
        refused: why the credential is of no use; None if it is.
        created: when the account was created; None if that is not shown.
        number: GitHub's id of the account, which stays when it is renamed; empty if that is not
            shown.
    """

    login: str = ""
    kind: str = ""
    refused: Unknown | None = None
    created: datetime | None = None
    number: str = ""


@dataclass(frozen=True, slots=True)
class GitHubOwner:
    """Who owns repositories.

    Attributes:
        kind: a `user`, an `org` or `ABSENT`'s; empty if no answer shows it.
        created: when it was created; None if that is not shown.
        number: GitHub's id, which stays when it is renamed and goes to no other; empty if it is not
            shown.
    """

    kind: str = ""
    created: datetime | None = None
    number: str = ""


def github_who(github: GitHub | None) -> Who:
    """Ask GET /user."""
    if github is None:
        return Who(refused=Unknown(Reason.NOT_PERMITTED, "a GitHub token", "no GitHub token"))
    found = fetch(github, endpoints.ACCOUNT.at(), NOTHING)
    if isinstance(found, Unknown):
        return Who(kind=github.kind, refused=found)
    login = found[1].data.get("login")
    if not isinstance(login, str) or not login:
        why = Unknown(
            Reason.MALFORMED,
            f"{endpoints.ACCOUNT.source} must name the account",
            "no `login`",
            (found[0].atom,),
        )
        return Who(kind=github.kind, refused=why)
    data = found[1].data
    return Who(login, github.kind or KINDS[0], created=_created(data), number=_number(data))


def npm_who(npm: Npm) -> Who:
    """Ask GET /-/whoami; a registry that knows no one may answer an empty object."""
    if npm.secret is None:
        return Who(refused=Unknown(Reason.NOT_PERMITTED, "an npm token", "no npm token"))
    found = npm_fetch(npm, NpmAccount)
    if isinstance(found, Unknown):
        return Who(refused=found)
    name = found[1].data.get("username")
    if not isinstance(name, str) or not name:
        why = Unknown(
            Reason.REJECTED,
            "an npm token that is accepted",
            "the registry knows no account by this token",
            (found[0].atom,),
        )
        return Who(refused=why)
    return Who(name)


@dataclass(slots=True)
class UnknownLogins:
    """Accounts of which a run learns less than of the token's own.

    Attributes:
        accounts: those that are looked at by the token of another.
        undecided: those that may as well be organizations, which are asked about in their place.
        renamed: why nothing is asked about an owner, by its lower-case login: another account may
            have taken the name.
    """

    accounts: dict[Subject, Who] = field(default_factory=dict)
    undecided: set[Subject] = field(default_factory=set)
    renamed: dict[str, Unknown] = field(default_factory=dict)

    def bar(self, collector: Collector, subject: Subject) -> Unknown | None:
        """Why a collector is not asked about a subject; None if it is."""
        if subject.provider == "github" and subject.kind in {"org", "repo"}:
            renamed = self.renamed.get(subject.name.partition("/")[0].lower())
            if renamed is not None:
                return renamed
        if subject in self.undecided:
            name = subject.name
            path = endpoints.USER.at(username=name)
            return Unknown(
                Reason.NOT_VISIBLE,
                f"whether {name} is a person or an organization: GET {path} has to show",
            )
        who = self.accounts.get(subject)
        if who is None or collector.roots != OWN_ACCOUNT:
            return None
        return Unknown(
            Reason.NOT_PERMITTED,
            f"a token of {subject.name}: to others GitHub does not show what is private about an"
            " account",
            f"the token belongs to {who.login}" if who.login else "the token belongs to no account",
        )


ABSENT = "nobody"
"""The kind of a login that no one has, or whose account the token does not see."""


def other_than_meant(found: GitHubOwner, login: str, number: str) -> Unknown | None:
    """Why a login is not known to be the organization with an ID; None if it is.

    After a rename, anyone can take the old login.
    """
    if (found.kind, found.number) == ("org", number):
        return None
    seen = f"{login} was not found" if found.kind == ABSENT else f"the ID of {login} is not shown"
    if found.number:
        seen = f"{login} has the ID {found.number}"
    return Unknown(
        Reason.NOT_VISIBLE,
        f"the name that the organization with the ID {number} has now: it had been {login}",
        seen,
    )


def github_owner_kind(github: GitHub | None, login: str) -> str:
    """Whether a login is a `user`, an `org` or `ABSENT`'s; empty if no answer shows it."""
    return github_owner(github, login).kind


def github_owner(github: GitHub | None, login: str) -> GitHubOwner:
    """Ask GET /users/{username}, which answers for organizations, too."""
    if github is None:
        return GitHubOwner()
    try:
        response = github.get(endpoints.USER.at(username=login))
        if response.status == 404:  # noqa: PLR2004 (HTTP's number)
            return GitHubOwner(ABSENT)
        told = response.ok and sso_left_out(response) is None
        data = response.json() if told else {}
    except NoAnswerError:
        return GitHubOwner()
    kind = data.get("type") if isinstance(data, dict) else None
    if not isinstance(kind, str):
        return GitHubOwner()
    of = "org" if kind == "Organization" else "user"
    return GitHubOwner(of, _created(data), _number(data))


def _number(data: Mapping[str, Any]) -> str:
    found = data.get("id")
    return str(found) if isinstance(found, int) and not isinstance(found, bool) else ""


def _created(data: Mapping[str, Any]) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(data.get("created_at")))
    except ValueError:
        return None
    return found if found.tzinfo is not None else None
