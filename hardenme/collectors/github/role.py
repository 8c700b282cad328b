"""The account's role in an organization: what an empty list means depends on it.

GitHub shows non-members the public members without saying so, and lists those without 2FA
to owners only. So a list counts as whole only for whom it is known to be shown in full.
"""

from __future__ import annotations

from dataclasses import dataclass

from hardenme.collectors.declared import read
from hardenme.collectors.github.asking import fetch
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.github.refusal import refusal, sso_left_out, wanted
from hardenme.collectors.price import Price
from hardenme.collectors.reading import all_known
from hardenme.collectors.transport.response import NoAnswerError
from hardenme.facts.github import endpoints
from hardenme.facts.github.account import Membership
from hardenme.facts.github.people import MEMBERS, MEMBERS_AS_OWNER
from hardenme.facts.github.token import INSTALLATION
from hardenme.model.evidence import Atom
from hardenme.model.permission import Requirement
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

APP = "installation"
ROLE_PRICE = Price(once="role in {owner}", endpoint=endpoints.MEMBERSHIP.source)
PROFILE = Price(once="profile of {owner}", endpoint=endpoints.ORGANIZATION.source)


@dataclass(frozen=True, slots=True)
class AccountRole:
    """The place of the token's account in an organization.

    Attributes:
        role: `admin` (an owner), `member`, `billing_manager`, `installation` for an app that is
            known to read the members; empty if nothing is known.
        evidence: the answer that it was read from.
        why: why nothing is known; None if the role is.
        kind: the token's kind.
    """

    role: str
    evidence: tuple[Atom, ...]
    why: Unknown | None = None
    kind: str = ""

    @property
    def owner(self) -> bool:
        """Whether the account is known to be an owner."""
        return self.role == "admin"

    @property
    def inside(self) -> bool:
        """Whether it is known to be shown all members."""
        return self.role in {"admin", "member", APP}

    @property
    def manages(self) -> bool:
        """Whether it is known to be shown what concerns those who manage people."""
        return self.role in {"admin", APP}

    def lacks(self, requirement: Requirement) -> Unknown:
        """The unknown in place of what other roles are shown."""
        if self.why is not None:
            return self.why
        has = "an app has no role" if self.role == APP else f"the account's role is {self.role}"
        needed = wanted(requirement, self.kind)
        return Unknown(Reason.NOT_PERMITTED, needed, has, self.evidence)


def account_role(github: GitHub, organization: Subject) -> AccountRole:
    """The place of the token's account in an organization; asked once a run."""
    found: AccountRole = github.memo.get(
        ("standing", organization), lambda: _ask(github, organization.name)
    )
    return found


def _ask(github: GitHub, name: str) -> AccountRole:
    if github.kind == INSTALLATION:
        return _installation(github, name)
    found = fetch(github, endpoints.MEMBERSHIP.at(name), MEMBERS_AS_OWNER)
    if isinstance(found, Unknown):
        return AccountRole("", found.evidence, found, github.kind)
    response, item = found
    told = read(Membership, item, "role", "state", "organization")
    unread = all_known(told.values())
    if unread is not None:
        return AccountRole("", (response.atom,), unread, github.kind)
    login, role, state = told["organization"], told["role"], told["state"]
    if login.lower() != name.lower():
        return AccountRole("", (response.atom,), item.odd("organization"), github.kind)
    if state != "active":
        why = Unknown(
            Reason.NOT_PERMITTED,
            "an account that is a member: it has not accepted the invitation yet",
            "the membership is pending",
            (response.atom,),
        )
        return AccountRole("", (response.atom,), why, github.kind)
    return AccountRole(role, (response.atom,), kind=github.kind)


def _installation(github: GitHub, name: str) -> AccountRole:
    """An app has no role. That it may read members shows where no one else gets an answer."""
    try:
        response = github.get(endpoints.INVITATIONS.asking("per_page=1").at(name))
        if not response.ok:
            why: Unknown | None = refusal(response, MEMBERS, github.kind)
        elif not isinstance(response.json(), list):
            why = Unknown(Reason.MALFORMED, f"{response.endpoint} must answer with a list", "", ())
        else:
            why = sso_left_out(response)
    except NoAnswerError as error:
        return AccountRole("", error.unknown.evidence, error.unknown, github.kind)
    if why is not None:
        return AccountRole("", (response.atom,), why, github.kind)
    return AccountRole(APP, (response.atom,), kind=github.kind)
