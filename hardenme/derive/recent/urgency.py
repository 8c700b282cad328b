"""What a change that looks like an attack can still do, and so which one to stop first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import quote

from hardenme.derive.recent.found import Found, text_of
from hardenme.derive.recent.marks import workflow_signs
from hardenme.model.access import ENFORCED, ENFORCEMENT
from hardenme.model.commands import gh
from hardenme.model.drift import ItemChange, Turn
from hardenme.model.inventory import InventoryItem
from hardenme.model.recent import STILL_UNKNOWN, Still, Urgency
from hardenme.model.subject import Subject

RULES = "ruleset"
"""How the kinds of what has rules end."""


def still_of(one: Found, web: str) -> Still:
    """What a dated change can still do, as far as its kind and its fields show it.

    Args:
        one: the change.
        web: the address of GitHub's pages.
    """
    item, place = one.item, one.place.name
    if item.kind == "changed workflow":
        gone = item.state.get("removed") is True
        return STILL_UNKNOWN if gone else _workflow(one.beside, one.place, item.label, web)
    if item.kind == "deploy key":
        return _deploy_key(item, place)
    if item.kind == "app":
        return _app(item, place)
    if item.kind.endswith(RULES):
        off = text_of(item.state, ENFORCEMENT) not in {"", ENFORCED}
        return Still(Urgency.PUSHES, "it stops no push") if off else STILL_UNKNOWN
    if item.kind == "push":
        return Still(Urgency.SPREADS, "the branch is as it was pushed")
    made = BY_KIND.get(item.kind)
    return STILL_UNKNOWN if made is None else made(place)


def still_of_change(change: ItemChange, web: str) -> Still:
    """The same of a change that no answer dates."""
    if change.kind == "workflow" and change.after is not None:
        return _workflow(change.after, change.place, change.after.label, web)
    if change.kind == "release tag":
        return Still(Urgency.PUBLISHES, "everyone who uses the tag gets the other commit")
    rules = change.kind.endswith(RULES) or change.kind == "branch protection"
    if rules and change.turn in {Turn.VANISHED, Turn.CHANGED}:
        return Still(Urgency.PUSHES, "it stops fewer pushes than before")
    return STILL_UNKNOWN


def _workflow(file: InventoryItem | None, place: Subject, name: str, web: str) -> Still:
    if not tuple(workflow_signs(file)):
        return STILL_UNKNOWN
    path = f"repos/{place.name}/actions/workflows/{quote(name, safe='')}/disable"
    stop = gh(web, "api", "-X", "PUT", path)
    if file is not None and file.state.get("publishes_on_push") is True:
        return Still(Urgency.PUBLISHES, "the next push publishes", stop)
    return Still(Urgency.RUNS, "its next run gets the secrets", stop)


def _deploy_key(item: InventoryItem, place: str) -> Still:
    if item.state.get("read_only") is True:
        return Still(Urgency.READS, f"it can read {place}")
    return Still(Urgency.PUSHES, f"it can push to {place}")


def _app(item: InventoryItem, place: str) -> Still:
    held = item.state.get("permissions")
    reads = isinstance(held, tuple) and all(str(one).endswith(":read") for one in held)
    if reads:
        return Still(Urgency.READS, f"it can read {place}")
    return Still(Urgency.PUSHES, f"it can change {place}")


BY_KIND: Mapping[str, Callable[[str], Still]] = {
    "npm token": lambda place: Still(Urgency.PUBLISHES, f"it can publish as {place}"),
    "version": lambda _: Still(Urgency.PUBLISHES, "everyone who asks for it gets it"),
    "staged version": lambda _: Still(Urgency.RUNS, "one approval publishes it"),
    "SSH key": lambda place: Still(Urgency.PUSHES, f"it can push as {place}"),
    "fine-grained token of a member": lambda place: Still(
        Urgency.PUSHES, f"it acts in {place} as its member"
    ),
    "credential for single sign-on": lambda place: Still(
        Urgency.PUSHES, f"it acts in {place} as its member"
    ),
    "workflow run": lambda _: Still(Urgency.RUNS, "it can run again while its branch is there"),
    "pending invitation": lambda place: Still(
        Urgency.RUNS, f"the person who accepts it gets into {place}"
    ),
    "repository": lambda _: Still(Urgency.SPREADS, "everyone can read it"),
    "webhook": lambda place: Still(Urgency.READS, f"it is sent what happens in {place}"),
    "GPG key": lambda place: Still(Urgency.SIGNS, f"it can sign as {place}"),
    "SSH signing key": lambda place: Still(Urgency.SIGNS, f"it can sign as {place}"),
}
"""What the others can do, by what the inventory calls them."""
