"""What a token holds, compared with what facts require: which of them cannot be read with it."""

from __future__ import annotations

from dataclasses import dataclass

from hardenme.collectors.github.visibility import APP_ROLE, OWNER_ROLE, PRIVATE_ALONE
from hardenme.collectors.npm.client import Npm
from hardenme.facts.github.token import INSTALLATION
from hardenme.facts.npm.rights import ONE_TIME_PASSWORD
from hardenme.model.grant import Grant, PermissionStatus
from hardenme.model.permission import Permission, Requirement, Scheme
from hardenme.rights.npm_grant import npm_grant

OF_A_PERSON = frozenset({ONE_TIME_PASSWORD})
"""What comes from a person and not with a token."""


@dataclass(frozen=True, slots=True)
class Holdings:
    """A token, compared with what facts require.

    Attributes:
        grant: what is known about it.
        owner: whether its account owns the organization that is looked at; None if that is not
            known, or where none is looked at.
    """

    grant: Grant
    owner: bool | None = None

    def needs(self, requirement: Requirement) -> str:
        """What it takes in words: of this kind of token, where such a token can hold it."""
        return str(requirement.within(self.grant.scheme)) or str(requirement)

    def lacks(self, requirement: Requirement) -> str:
        """Why the requirement is known not to be met; empty if it may be.

        What takes no more than to see a repository sees every public one.
        """
        own = requirement.within(self.grant.scheme).alternatives
        return "" if own == (PRIVATE_ALONE,) else self._lacks(requirement)

    def hides_private(self, requirement: Requirement) -> bool:
        """Whether the requirement is met for what is public, and known not to be for the rest."""
        own = requirement.within(self.grant.scheme).alternatives
        return own == (PRIVATE_ALONE,) and bool(self._lacks(requirement))

    def _lacks(self, requirement: Requirement) -> str:
        if not requirement.alternatives:
            return ""
        if self.grant.refused is not None:
            return self.grant.refused.seen or self.grant.refused.needed
        own = requirement.within(self.grant.scheme).alternatives
        if not own:
            return f"no {self._kind} token can hold it"
        reasons = [self._missing(alternative) for alternative in own]
        return "" if "" in reasons else min(reasons, key=len)

    @property
    def _kind(self) -> str:
        return self.grant.kind if isinstance(self.grant.kind, str) else "such"

    def _missing(self, alternative: frozenset[Permission]) -> str:
        for item in sorted(alternative):
            if item.scheme is Scheme.ROLE:
                if why := self._role(item.name):
                    return why
            elif item.name not in OF_A_PERSON:
                told = self.grant.standing(item)
                if told.standing is PermissionStatus.REFUSED:
                    return told.why
        return ""

    def _role(self, name: str) -> str:
        """Why the token does not act in a role; empty if it may."""
        installed = self.grant.kind == INSTALLATION
        if name == APP_ROLE:
            return "" if installed else "the token is not that of a GitHub App"
        if name == OWNER_ROLE and self.owner is False and not installed:
            return "the account does not own the organization"
        return ""


def npm_holdings(npm: Npm) -> Holdings:
    """The permissions of a registry's token; nothing if there is no token."""
    return Holdings(npm_grant(npm))
