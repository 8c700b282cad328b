"""What a change of the inventory weighs: by what the thing gives access to, and how it changed."""

from __future__ import annotations

from typing import NamedTuple

from hardenme.model.inventory import Item, State
from hardenme.model.severity import Severity

INFO, LOW, MEDIUM, HIGH = Severity.INFO, Severity.LOW, Severity.MEDIUM, Severity.HIGH


class Weight(NamedTuple):
    """What it weighs where a thing of a kind appears, changes, and vanishes."""

    appeared: Severity
    changed: Severity
    vanished: Severity


ENTRY = Weight(HIGH, HIGH, LOW)
"""Who holds it can act in somebody's name, or publish."""
PERSON = Weight(MEDIUM, MEDIUM, LOW)
"""Somebody, or something, that gets some access."""
GUARD = Weight(LOW, MEDIUM, MEDIUM)
"""What stands in the way of a change; it matters where it is taken down."""
OTHER = Weight(LOW, LOW, LOW)

KINDS = {
    **dict.fromkeys(
        (
            *("SSH key", "SSH signing key", "GPG key", "deploy key"),
            *("GitHub token", "npm token", "fine-grained token of a member"),
            *("credential for single sign-on", "e-mail address", "app"),
            *("owner", "maintainer", "writer", "trusted publisher", "staged version"),
            *("GitHub account", "npm account", "bypass actor"),
        ),
        ENTRY,
    ),
    **dict.fromkeys(
        (
            *("member", "membership", "team", "outside collaborator", "pending invitation"),
            *("webhook", "runner group", "self-hosted runners"),
            *("credentials in a file", "npm token in a file", "token variables"),
            *("SSH private key", "keyring"),
        ),
        PERSON,
    ),
    **dict.fromkeys(
        (
            *("branch protection", "branch ruleset", "tag ruleset", "environment"),
            *("organization", "npm organization"),
        ),
        GUARD,
    ),
    "release tag": Weight(INFO, HIGH, LOW),
    "dist-tag": Weight(INFO, INFO, LOW),
    "workflow": Weight(LOW, LOW, INFO),
}
"""What things weigh by what the inventory calls them."""
BACK = frozenset({"two_factor", "two_factor_required"})
"""Fields that weigh little where they come to be on, and much where they go off."""
BYPASS = "bypass"
"""What a field of rules is called, or begins with, that lists who need not keep to them."""
OFF = frozenset({None, False, "", "off", "none", "disabled"})


def weight_of(turn: str, kind: str, after: Item | None, fields: tuple[str, ...]) -> Severity:
    """What a change of an item weighs.

    Args:
        turn: how it changed: `appeared`, `changed`, `vanished`, or anything else.
        kind: what the inventory calls it.
        after: the item as it is; None where it is not there.
        fields: the names of what changed.
    """
    weights = KINDS.get(kind, OTHER)
    if turn == "appeared":
        return weights.appeared
    if turn == "vanished":
        return weights.vanished
    if turn != "changed":
        return INFO
    if after is not None and fields:
        return max(_of_field(weights, kind, name, after.state.get(name)) for name in fields)
    return weights.changed


def _of_field(weights: Weight, kind: str, name: str, value: State) -> Severity:
    if name in BACK:
        return HIGH if value in OFF else INFO
    if name.startswith(BYPASS):
        return HIGH
    if kind == "repository" and name == "visibility":
        return HIGH if value == "public" else INFO
    return weights.changed
