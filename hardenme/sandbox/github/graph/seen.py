"""What one query sees: the caller, and how a refused field looks in GraphQL."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLError

from hardenme.sandbox.github.access import Caller
from hardenme.sandbox.github.permits import Denial, Permit
from hardenme.sandbox.github.world import Organization, Repository, User, World

View = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Seen:
    """The caller of one query, and how things that name each other look.

    Attributes:
        web: the base of the page addresses in the answer.
        views: how a user, an organization and a repository look, by its class.
    """

    caller: Caller
    web: str
    views: Mapping[type, Callable[[Seen, Any], View]]

    def view(self, thing: User | Organization | Repository) -> View:
        """How a thing looks."""
        return self.views[type(thing)](self, thing)

    @property
    def world(self) -> World:
        """What is asked about."""
        return self.caller.world

    def need(self, permit: Permit, subject: Repository | Organization | None) -> None:
        """Let a field be answered, or refuse it.

        Raises:
            GraphQLError: with the type that GitHub gives; the field becomes null.
        """
        denial = self.caller.denial(permit, subject)
        if denial is not None:
            raise self.refused(denial)

    def refused(self, denial: Denial) -> GraphQLError:
        """A refusal as a field's error."""
        extensions: dict[str, Any] = {"type": "FORBIDDEN"}
        if denial.kind == "sso":
            extensions["saml_failure"] = True
        if denial.kind != "scope":
            return GraphQLError(denial.message, extensions=extensions)
        held = sorted(self.caller.token.scopes) if self.caller.token else []
        return GraphQLError(
            "Your token has not been granted the required scopes to execute this query. "
            f"It has only been granted the: {held} scopes.",
            extensions={"type": "INSUFFICIENT_SCOPES"},
        )

    def owner_block(self, repository: Repository) -> GraphQLError | None:
        """What an organization has against the token, as an error for one item of a list."""
        blocked = self.caller.blocked(repository.owner)
        return self.refused(blocked) if blocked else None


def not_found(message: str) -> GraphQLError:
    """The error for what does not exist or is hidden."""
    return GraphQLError(message, extensions={"type": "NOT_FOUND"})
