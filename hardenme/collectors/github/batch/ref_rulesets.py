"""Reads rulesets with the patterns of the branches or tags that they are for."""

from __future__ import annotations

from typing import Any

from hardenme.collectors.declared import read
from hardenme.collectors.github.batch.part import RepositoryNode
from hardenme.collectors.reading import Item, all_known
from hardenme.facts.github.branch_names import BranchRulesets
from hardenme.facts.github.ruleset import SHOWN_BYPASS, BypassActor, RefRuleset, RulesetSeen
from hardenme.facts.github.tag_rules import TagRulesets
from hardenme.facts.github.token import CLASSIC, OAUTH
from hardenme.model.fact import Answer, Fact
from hardenme.model.unknown import Reason, Unknown

MOST = 20
"""Rules and entries of the bypass list in each ruleset that are read; of one with more nothing is
known."""
ROLE = "RepositoryRole"
WHOLE_ACCOUNT = frozenset({CLASSIC, OAUTH})
"""Kinds of token that may do what their account may do, as far as their scopes reach."""
ACTORS = {"App": "Integration", "Team": "Team", "User": "User"}
FLAGS = {
    "deployKey": "DeployKey",
    "organizationAdmin": "OrganizationAdmin",
    "enterpriseOwner": "EnterpriseOwner",
}
"""GraphQL's words for who is on a bypass list, with those of REST."""


def rulesets(
    node: RepositoryNode,
    name: str,
    kind: type[BranchRulesets | TagRulesets],
) -> Answer[BranchRulesets | TagRulesets]:
    """The rulesets of a repository under a name in the answer.

    Args:
        name: the key.
    """
    if (why := refused(node, name, kind)) is not None:
        return Answer(kind, node.subject, (), node.atoms, why)
    found = _whole(node, node.item.item(name))
    whole: Any = found
    if not isinstance(found, Unknown):
        each_one = [_ruleset(node, item) for item in found]
        whole = all_known(each_one) or tuple(each_one)
    told = () if isinstance(found, Unknown) else found
    seen = tuple(RulesetSeen(**read(RulesetSeen, item)) for item in told)
    fact = kind(**node.place, rulesets=whole, told=seen)
    return Answer(kind, node.subject, (fact,), node.atoms)


def _ruleset(node: RepositoryNode, item: Item) -> RefRuleset | Unknown:
    told = read(RefRuleset, item)
    rules = _whole(node, item.item("rules"))
    types: list[Any] = [] if isinstance(rules, Unknown) else [rule.text("type") for rule in rules]
    unread = all_known((*told.values(), rules, *types))
    if unread is not None:
        return unread
    lower = tuple(kind.lower() for kind in types)
    return RefRuleset(**told, rules=lower, actors=_actors(node, item))


def _actors(node: RepositoryNode, item: Item) -> Any:
    """The bypass list, in REST's words.

    GitHub shows it to those who may change the ruleset. Whether it refuses all others or gives them
    an empty list is not documented. So an empty one counts only for an owner's or administrator's
    token, and only for kinds of token that hold all rights of their account.
    """
    if not item.has_value(SHOWN_BYPASS):
        return item.absent(SHOWN_BYPASS)
    found = _whole(node, item.item(SHOWN_BYPASS))
    if isinstance(found, Unknown):
        return found
    if not found and not (node.github.kind in WHOLE_ACCOUNT and _administers(node, item)):
        return item.absent(SHOWN_BYPASS)
    return tuple(map(_actor, found))


def _administers(node: RepositoryNode, item: Item) -> bool:
    """Whether the account administers what the ruleset belongs to."""
    source = item.item("source")
    if source.data.get("__typename") == "Repository":
        return node.admin
    return source.data.get("viewerCanAdminister") is True


def _actor(item: Item) -> BypassActor:
    told = read(BypassActor, item, graph=True)
    kind: Any = ROLE
    if told["number"] is None:
        named = str(item.item("actor").data.get("__typename"))
        flags = (word for flag, word in FLAGS.items() if item.data.get(flag) is True)
        kind = ACTORS.get(named) or next(flags, None) or item.odd("actor")
    return BypassActor(kind=kind, **told)


def _whole(node: RepositoryNode, connection: Item) -> list[Item] | Unknown:
    """The objects of a connection, or that they are not all of it."""
    objects = list(connection.items("nodes"))
    if not connection.lists("nodes") or connection.data.get("totalCount") != len(objects):
        return lost(node, "rulesets and their rules")
    return objects


def refused(node: RepositoryNode, name: str, kind: type[Fact]) -> Unknown | None:
    """Why a connection of the answer is not there; None if it is."""
    if node.item.has_value(name):
        return None
    if node.denied(name):
        return node.refused(kind)
    why: Unknown = node.item.odd(name) if name in node.item else node.item.absent(name)
    return why


def lost(node: RepositoryNode, what: str) -> Unknown:
    """The replacement for an incomplete list."""
    return Unknown(Reason.INCOMPLETE, f"all {what} must be listed", evidence=node.atoms)


def fields(name: str, target: str, first: int) -> str:
    """What the query asks of so many rulesets for a target, under a name of the answer.

    Of a repository with more of them nothing is known. GitHub counts each one that is asked for
    against the limit of an hour, whether it is there or not.
    """
    return f"""
  {name}: rulesets(first: {first}, targets: [{target}], includeParents: true) {{
    totalCount
    nodes {{
      databaseId enforcement name createdAt updatedAt
      source {{ __typename ... on Organization {{ viewerCanAdminister }} }}
      bypassActors(first: {MOST}) {{
        totalCount
        nodes {{
          bypassMode repositoryRoleDatabaseId deployKey organizationAdmin enterpriseOwner
          actor {{ __typename }}
        }}
      }}
      conditions {{ refName {{ include exclude }} }}
      rules(first: {MOST}) {{ totalCount nodes {{ type }} }}
    }}
  }}"""
