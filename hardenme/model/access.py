"""How much a change to the inventory matters, by the access that an item gives and the change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from hardenme.model.inventory import InventoryItem, State
from hardenme.model.severity import Severity

INFO, LOW, MEDIUM, HIGH = Severity.INFO, Severity.LOW, Severity.MEDIUM, Severity.HIGH
CRITICAL = Severity.CRITICAL


class Weight(NamedTuple):
    """How much it matters when an item of this kind appears, changes or vanishes."""

    appeared: Severity
    changed: Severity
    vanished: Severity


ALL = Weight(CRITICAL, HIGH, LOW)
"""Full access: its holder can do everything, and remove everyone else."""
ENTRY = Weight(HIGH, HIGH, LOW)
"""Who holds it can act in someone's name, or publish."""
PERSON = Weight(MEDIUM, MEDIUM, LOW)
"""Someone, or something, that gets some access."""
GUARD = Weight(LOW, MEDIUM, MEDIUM)
"""What guards against a change; it matters when it is removed."""
OTHER = Weight(LOW, LOW, LOW)

KINDS = {
    "owner": ALL,
    **dict.fromkeys(
        (
            *("person with a role", "team with a role"),
            *("SSH key", "SSH signing key", "GPG key", "deploy key"),
            *("GitHub token", "npm token", "fine-grained token of a member"),
            *("credential for single sign-on", "email address", "app"),
            *("maintainer", "writer", "trusted publisher", "staged version"),
            *("GitHub account", "npm account", "bypass actor"),
        ),
        ENTRY,
    ),
    **dict.fromkeys(
        (
            *("member", "membership", "team", "outside collaborator", "pending invitation"),
            *("webhook", "runner group", "self-hosted runners", "self-hosted runner"),
            *("credentials in a file", "npm token in a file", "token variables"),
            *("SSH private key", "keyring"),
        ),
        PERSON,
    ),
    **dict.fromkeys(
        (
            *("branch protection", "branch ruleset", "tag ruleset", "environment"),
            *("organization", "npm organization", "repository settings"),
            "security configuration",
        ),
        GUARD,
    ),
    "release tag": Weight(INFO, HIGH, LOW),
    "dist-tag": Weight(INFO, INFO, LOW),
    "workflow": Weight(HIGH, LOW, INFO),
}
"""The weights by kind of inventory item."""
BACK = frozenset({"two_factor", "two_factor_required"})
"""Fields that weigh little where they come to be on, and much where they go off."""
ROLE, OWNERS = "role", frozenset({"admin", "owner"})
"""The field that says what someone may do in an organization, and its values for its owners: the
words of GitHub and of npm."""
PUBLIC = "public"
PRIVATE = frozenset({"private", "internal"})
"""The values of a repository's visibility with which not everyone can read it."""
PENDING = "pending"
"""The value of a membership's `state` that is offered and not taken."""
WHEN = "updated_at"
"""The field that only records when the other fields changed."""
ENFORCEMENT, ENFORCED = "enforcement", "active"
"""The field that says whether rules are in force, and its value where they are."""
BYPASS = "bypass"
"""Names, or beginnings of names, of rule fields that list who can bypass the rules."""
PASSED = ("pull_request_bypass", "force_push_bypass")
"""Fields that say whether someone is let past a branch protection."""
OFF = frozenset({None, False, "", "off", "none", "disabled"})


def weight_of(
    turn: str, kind: str, after: InventoryItem | None, fields: tuple[str, ...]
) -> Severity:
    """How much a change to an item matters.

    Args:
        turn: how it changed: `appeared`, `changed`, `vanished`, or anything else.
        kind: what the inventory calls it.
        after: the item as it is; None if it is not there.
        fields: the names of what changed.
    """
    weights = KINDS.get(kind, OTHER)
    state = {} if after is None else after.state
    if turn == "appeared":
        return max(weights.appeared, _given(kind, state))
    if turn == "vanished":
        return weights.vanished
    if turn != "changed":
        return INFO
    if after is not None and fields:
        telling = [name for name in fields if name != WHEN] or fields
        return max(_of_field(weights, kind, name, state) for name in telling)
    return weights.changed


def _given(kind: str, state: Mapping[str, State]) -> Severity:
    """The weight of a new item, by its state."""
    if kind == "repository":
        return _of_visibility(state)
    if state.get(ROLE) not in OWNERS:
        return INFO
    # An invitation gives nothing until it is accepted, and can be cancelled until then.
    return HIGH if kind == "pending invitation" or state.get("state") == PENDING else CRITICAL


def _of_visibility(state: Mapping[str, State]) -> Severity:
    """What is not known to be private may be public."""
    return INFO if state.get("visibility") in PRIVATE else HIGH


def _of_field(weights: Weight, kind: str, name: str, state: Mapping[str, State]) -> Severity:
    value = state.get(name)
    if name in BACK:
        return HIGH if value in OFF else INFO
    if name.startswith(BYPASS):
        return HIGH
    if name == ENFORCEMENT:
        return HIGH if value != ENFORCED else INFO
    if name in {ROLE, "state"} and state.get(ROLE) in OWNERS:
        return _given(kind, state)
    if kind == "repository" and name == "visibility":
        return _of_visibility(state)
    return weights.changed
