"""Reads an organization's Actions policies: the list, and the rules of each policy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hardenme.collectors.answer import nothing
from hardenme.collectors.declared import read
from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github.asking import fetch, place, why_not_whole
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.price import Per, Price
from hardenme.collectors.protocol import Collector
from hardenme.collectors.reading import Item, all_known
from hardenme.facts.github import endpoints
from hardenme.facts.github.execution_policies import (
    ALL,
    NONE,
    PART,
    ExecutionPolicies,
    ListedPolicy,
)
from hardenme.facts.github.token import CLASSIC, OAUTH
from hardenme.model.evidence import Atom
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

LIST = endpoints.ACTIONS_POLICIES
KINDS = (CLASSIC, OAUTH)
"""The tokens that are shown policies without a permission to change them."""
WRITES = Unknown(
    Reason.NOT_ASKED,
    "a classic token of an organization owner with the scope admin:org: a"
    " fine-grained token would need write permission",
)
EVERYTHING = "~ALL"
RULES = {
    "restrict_actions_actors": "allowed_actors",
    "restrict_action_events": "allowed_events",
}
TARGET = "pull_request_target"


@dataclass(frozen=True, slots=True)
class _Policy:
    """An active policy: its name, whether it is for every workflow, and its lists by their key."""

    name: str
    everywhere: bool
    lists: dict[str, list[Any]]

    def covers(self, what: str) -> str:
        if what not in self.lists:
            return NONE
        return ALL if self.everywhere else PART


def policies(github: GitHub, scope: Subject, _: FactStore) -> Iterator[Answer[Any]]:
    """GET /orgs/{org}/actions/policies, and each of them: the list does not show the rules."""
    kind = ExecutionPolicies
    if github.kind not in KINDS:
        yield nothing(kind, scope, WRITES)
        return
    path = LIST.at(scope.name)
    listing = github.pages(path, counted=LIST.counted)
    missing = why_not_whole(listing, kind.requirement, github.kind)
    rows: list[Any] = [_identity(Item(raw, f"GET {path}")) for raw in listing.items]
    missing = missing or all_known(rows)
    evidence: tuple[Atom, ...] = listing.evidence
    active: list[Any] = []
    for row in () if missing else rows:
        one = endpoints.ACTIONS_POLICY.at(scope.name, policy_id=row.number)
        found = fetch(github, one, kind.requirement)
        if isinstance(found, Unknown):
            missing = found
            break
        response, item = found
        evidence = (*evidence, response.atom)
        active.append(_active(item) if _identity(item) == row else _another(item))
    missing = missing or all_known(active)
    if missing is not None:
        yield Answer(kind, scope, (), evidence, missing)
        return
    known: list[_Policy] = [one for one in active if one is not None]
    fact = kind(
        **place(github, scope),
        actors=_most(known, "allowed_actors"),
        events=_most(known, "allowed_events"),
        letting_in=tuple(
            sorted(one.name for one in known if TARGET in one.lists.get("allowed_events", ()))
        ),
    )
    yield Answer(kind, scope, (fact,), evidence)


def _most(read: list[_Policy], what: str) -> str:
    found = {one.covers(what) for one in read}
    return next((word for word in (ALL, PART) if word in found), NONE)


def _identity(item: Item) -> Any:
    """The number, name and enforcement of a policy, as the list and its own answer show them."""
    told = read(ListedPolicy, item)
    return all_known(told.values()) or ListedPolicy(**told)


def _another(item: Item) -> Unknown:
    return Unknown(
        Reason.INCOMPLETE, f"{item.endpoint} must answer with the policy of the list; run again"
    )


def _active(item: Item) -> Any:
    """A policy; None if it is not enforced, unknown if it is not understood."""
    if item.data["enforcement"] != "active":
        return None
    everywhere, lists = _everywhere(item), _lists(item)
    return all_known((everywhere, lists)) or _Policy(item.data["name"], everywhere, lists)


def _everywhere(item: Item) -> Any:
    """Whether the conditions leave out no repository and no workflow."""
    if not isinstance(item.data.get("conditions", ...), dict):
        return item.odd("conditions") if "conditions" in item else item.absent("conditions")
    conditions = item.item("conditions")
    return (
        conditions.data.keys() <= {"repository_name", "workflow_path"}
        and _whole(conditions.item("repository_name"))
        and ("workflow_path" not in conditions or _whole(conditions.item("workflow_path")))
    )


def _whole(names: Item) -> bool:
    included, excluded = names.data.get("include"), names.data.get("exclude")
    return isinstance(included, list) and EVERYTHING in included and excluded == []


def _lists(item: Item) -> Any:
    """What the rules allow, by the name of the list; two lists of one kind are merged."""
    if not item.lists("rules"):
        return item.odd("rules") if "rules" in item else item.absent("rules")
    found: dict[str, list[Any]] = {}
    for rule in item.items("rules"):
        kind: Any = rule.text("type")
        if isinstance(kind, Unknown):
            return kind
        parameters = rule.item("parameters")
        if kind not in RULES:
            # One that is of something else, like the lock file, unless it holds one of these lists.
            if parameters.data.keys() & {*RULES.values()}:
                return rule.odd("type")
            continue
        name = RULES[kind]
        if not parameters.lists(name) or not parameters.data[name]:
            return parameters.odd(name) if name in parameters else parameters.absent(name)
        found.setdefault(name, []).extend(parameters.data[name])
    return found


def _number(github: GitHub, owner: Subject) -> int:
    return len(github.pages(LIST.at(owner.name), counted=LIST.counted).items)


COLLECTORS = (
    Collector(
        "Actions policies",
        (ExecutionPolicies,),
        policies,
        priced=(
            Price(kinds=KINDS, endpoint=LIST.source),
            Price(
                Per.ITEM,
                kinds=KINDS,
                at_most=True,
                counted=_number,
                what="what each Actions policy says",
                endpoint=endpoints.ACTIONS_POLICY.source,
            ),
        ),
    ),
)
