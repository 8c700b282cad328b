"""Who can bypass a ruleset, from its bypass list and from the account's own role."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hardenme.facts.github.ruleset import BypassActor, RefRuleset, RulesetDetail
from hardenme.model.known import field
from hardenme.model.maybe import all_of, any_of
from hardenme.model.unknown import Reason, Unknown

NEVER = "never"
ROLE = "RepositoryRole"
NAMED = frozenset(
    {"Integration", "Team", "User", "DeployKey", "OrganizationAdmin", "EnterpriseOwner"}
)
"""Kinds of actors that are named individually, or that are above the repository."""
ADMIN = 5
WRITERS = frozenset({1, 2, 3, 4})
"""GitHub's numbers of the built-in roles below `admin`: 2 is `maintain` and 4 is `write`. The other
two cannot push; GitHub does not document whether a role includes those above it.

Source: issues 4406 and 7111 of github/rest-api-description, and Terraform's provider for GitHub.
"""
PULL_REQUEST = "pull_request"
WHOLLY = frozenset({"always", "exempt"})


def anyone_bypasses(ruleset: RulesetDetail) -> Any:
    """Whether someone may bypass a ruleset, in whatever way."""
    viewer = field(ruleset, "viewer")
    own = viewer if isinstance(viewer, Unknown) else viewer != NEVER
    return any_of((own, _one_of(ruleset, _is_somebody)))


def writers(ruleset: RulesetDetail | RefRuleset, *, pushing: bool) -> Any:
    """Whether everyone with a role below administrator may bypass a ruleset.

    Args:
        ruleset: what is shown about it.
        pushing: by a push; else it is enough that they may merge a pull request against the rules.
    """
    return _one_of(ruleset, lambda actor: all_of((_is_writers(actor), _mode(actor, pushing))))


def _one_of(ruleset: RulesetDetail | RefRuleset, judge: Callable[[BypassActor], Any]) -> Any:
    actors = field(ruleset, "actors")
    return actors if isinstance(actors, Unknown) else any_of(map(judge, actors))


def _is_somebody(actor: BypassActor) -> Any:
    kind = field(actor, "kind")
    if kind == ROLE:
        return any_of((_is_writers(actor), field(actor, "number") == ADMIN))
    return True if kind in NAMED else _strange(kind, "actor_type")


def _is_writers(actor: BypassActor) -> Any:
    """Whether an actor means people who can write anyway."""
    kind, number = field(actor, "kind"), field(actor, "number")
    if kind in NAMED:
        return False
    if kind != ROLE:
        return _strange(kind, "actor_type")
    if isinstance(number, Unknown):
        return number
    if number == ADMIN or number in WRITERS:
        return number in WRITERS
    return Unknown(
        Reason.NOT_VISIBLE,
        "who has the custom role on the ruleset's bypass list; check the ruleset's page and the"
        " organization's repository roles",
        f"repository role {number} is a custom role",
    )


def _mode(actor: BypassActor, pushing: bool) -> Any:  # noqa: FBT001 (an argument passed on)
    mode = field(actor, "mode")
    if not pushing:
        return True
    if mode == PULL_REQUEST or mode in WHOLLY:
        return mode in WHOLLY
    return _strange(mode, "bypass_mode")


def _strange(value: Any, name: str) -> Unknown:
    if isinstance(value, Unknown):
        return value
    return Unknown(
        Reason.MALFORMED,
        f"a bypass list with a `{name}` that this version knows; update hardenme, or check the"
        " ruleset's page",
        f"`{name}` is not understood",
    )
