"""Whether a change that no answer dates looks like an attack, or has to be known by a person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from hardenme.derive.attacker_changes import BY_KIND
from hardenme.derive.recent.found import place_kind
from hardenme.derive.recent.marks import ACCESS as DATED_ACCESS
from hardenme.derive.recent.marks import UNHEARD, WEBHOOK, has_secrets, workflow_signs
from hardenme.derive.release_names import VERSION
from hardenme.model.access import BYPASS, ENFORCED, ENFORCEMENT, OWNERS, PASSED, ROLE
from hardenme.model.drift import ItemChange, Turn
from hardenme.model.inventory import ACCESS, CODE_OWNERS, ROLE_TEAM, ROLE_USER, InventoryItem

MOVED = "what is released under that name is another commit"
GUARDS = frozenset({"branch protection", "branch ruleset", "tag ruleset"})
"""Rules that guard against a push."""
GRANTS = frozenset(
    {"owner", "maintainer", "writer", "trusted publisher", "runner group"}
    | {"self-hosted runners", "self-hosted runner"}
    | {"outside collaborator", "email address", "team", "membership", "member", ACCESS}
    | {ROLE_USER, ROLE_TEAM}
)
"""What gives someone access and has no time."""
EVERYTHING = "~ALL"
"""The pattern of a ruleset that is for every branch or every tag."""
SECRETS = frozenset({"secret", "Dependabot secret"})
MEASURES = frozenset({"two_factor_required", "base_permission", "two_factor"})
"""Settings that are loosened in no ordinary work."""


def loosened(change: ItemChange) -> tuple[str, ...]:
    """The fields of a change that became weaker, by the order of their values."""
    if change.turn is not Turn.CHANGED or change.before is None or change.after is None:
        return ()
    order = {
        name: values
        for one in BY_KIND.get((place_kind(change.place), change.kind), ())
        for name, values in one.weaker.items()
    }
    found = []
    for name in change.fields:
        values = order.get(name, ())
        once, now = change.before.state.get(name), change.after.state.get(name)
        if once in values and now in values and values.index(now) > values.index(once):
            found.append(name)
    return tuple(found)


def signs(change: ItemChange) -> tuple[str, ...]:
    """Why a change looks like an attack by itself; none if it does not."""
    return tuple(_signs(change))


def _signs(change: ItemChange) -> Iterator[str]:
    if change.kind in GUARDS and change.turn is Turn.VANISHED:
        yield "its rules are gone"
    moved = change.turn is Turn.CHANGED and "commit" in change.fields
    if moved and change.kind == "release tag" and _versioned(change):
        yield MOVED
    for name in loosened(change):
        if name in MEASURES:
            yield f"{name.replace('_', ' ')} was loosened"
    if change.turn is Turn.CHANGED and change.kind in GUARDS:
        yield from _rules(change)
    if change.kind == "workflow" and change.after is not None:
        yield from workflow_signs(change.after)


def _rules(change: ItemChange) -> Iterator[str]:
    """What rules lost: their force, a review, or someone who now need not keep to them."""
    before, after = change.before, change.after
    if before is None or after is None:
        return
    for name in change.fields:
        if name == ENFORCEMENT and after.state.get(name) != ENFORCED:
            yield f"its rules are not in force ({after.state.get(name)})"
        if name.startswith(BYPASS) and _added(before, after, name):
            yield "more people or apps can bypass its rules"
        if name in {"rules", "guards", "status_checks"} and _added(after, before, name):
            yield "it demands less than before"
        if name in PASSED and after.state.get(name) is True:
            yield "someone can bypass its rules"
        if name == "binds_admins" and before.state.get(name) is True:
            yield "administrators need not keep to its rules"
        if name == "approvals" and _less(before.state.get(name), after.state.get(name)):
            yield "it takes fewer approvals than before"
    yield from _left_out(before, after, change.fields)


def _left_out(before: InventoryItem, after: InventoryItem, fields: Iterable[str]) -> Iterator[str]:
    """Branches or tags that rules are for no more: they stay in force, for something else."""
    if "exclude" in fields and _added(before, after, "exclude"):
        yield "it leaves out more than before"
    everything = EVERYTHING in _texts(after, "include")
    if "include" in fields and not everything and _added(after, before, "include"):
        yield "it is for less than before"


def _texts(item: InventoryItem, name: str) -> tuple[str, ...]:
    found = item.state.get(name)
    return tuple(map(str, found)) if isinstance(found, tuple) else ()


def _added(before: InventoryItem, after: InventoryItem, name: str) -> bool:
    """Whether a list holds something that it did not."""
    once, now = before.state.get(name), after.state.get(name)
    if not isinstance(now, tuple):
        return False
    return not isinstance(once, tuple) or not set(now) <= set(once)


def _less(once: object, now: object) -> bool:
    return isinstance(once, int) and isinstance(now, int) and now < once


def to_confirm(change: ItemChange) -> tuple[str, ...]:
    """Why a person has to confirm that they know a change; none if it needs no one."""
    return tuple(dict.fromkeys(_to_confirm(change)))


def _to_confirm(change: ItemChange) -> Iterator[str]:
    item = change.after or change.before
    state = {} if item is None else item.state
    if change.turn is Turn.APPEARED and change.kind in GRANTS:
        yield "it gives access"
    if change.turn is Turn.VANISHED and (change.kind == "owner" or state.get(ROLE) in OWNERS):
        yield "an owner was removed"
    if change.turn is Turn.VANISHED and change.kind in {"maintainer", "version", "release tag"}:
        yield "it was removed"
    if change.turn is Turn.VANISHED and change.kind in {"environment", "repository"}:
        yield "it was removed"
    if change.kind == WEBHOOK and (change.turn is Turn.VANISHED or state.get("active") is False):
        yield UNHEARD
    if change.turn is not Turn.CHANGED and change.kind == CODE_OWNERS:
        yield "it decides whose review a change needs"
    if change.kind == "workflow":
        secrets = change.turn is not Turn.VANISHED and has_secrets(change.after)
        yield "it runs with secrets" if secrets else "it runs on your machines"
    if change.turn is Turn.CHANGED:
        yield from _changed(change)


def _changed(change: ItemChange) -> Iterator[str]:
    for name in loosened(change):
        yield f"{name.replace('_', ' ')} was loosened"
    if change.kind in GUARDS | {"environment", "trusted publisher", "runner group", CODE_OWNERS}:
        yield "it stands in the way of a change"
    if change.kind in GRANTS | DATED_ACCESS:
        yield "someone lost access" if _only_less(change) else "it gives access"
    if change.kind in SECRETS and "visibility" in change.fields:
        yield "other repositories can read it"
    if change.kind == "repository" and {"visibility", "default_branch", "name"} & {*change.fields}:
        yield "what is public, released or run follows from it"
    if change.kind == "release tag":
        yield "what runs by that name is another commit"
    if "protected_patterns" in change.fields or "autorun" in change.fields:
        yield "it stands in the way of a change, or starts a program"


def _only_less(change: ItemChange) -> bool:
    """Whether all that changed are lists that name fewer than before."""
    before, after = change.before, change.after
    if before is None or after is None:
        return False
    lists = [(before.state.get(name), after.state.get(name)) for name in change.fields]
    return bool(lists) and all(
        isinstance(once, tuple) and isinstance(now, tuple) and set(now) < set(once)
        for once, now in lists
    )


def _versioned(change: ItemChange) -> bool:
    item = change.after or change.before
    return item is not None and VERSION.fullmatch(item.label) is not None
