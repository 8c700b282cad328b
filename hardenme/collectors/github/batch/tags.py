"""Which tags a repository has, and which rulesets there are for tags."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hardenme.collectors.github.batch.part import Node, Part, each
from hardenme.collectors.github.refusal import wanted
from hardenme.collectors.github.rulesets import ruleset_seen
from hardenme.collectors.reading import Item, all_known
from hardenme.facts.github.ruleset import BypassActor
from hardenme.facts.github.tag_rules import TAG_BYPASS, NewestTags, TagRuleset, TagRulesets
from hardenme.facts.github.token import CLASSIC, OAUTH
from hardenme.model.fact import Answer, Fact
from hardenme.model.unknown import Reason, Unknown

NEWEST = 5
MOST = 20
"""Rulesets for tags, and rules and entries of the bypass list in each, that are read; of one with
more nothing is known."""
ROLE = "RepositoryRole"
WHOLE_ACCOUNT = frozenset({CLASSIC, OAUTH})
"""Kinds of token that may do what their account may do, as far as their scopes reach."""
MODES = {"ALWAYS": "always", "PULL_REQUEST": "pull_request", "EXEMPT": "exempt"}
ACTORS = {"App": "Integration", "Team": "Team", "User": "User"}
FLAGS = {
    "deployKey": "DeployKey",
    "organizationAdmin": "OrganizationAdmin",
    "enterpriseOwner": "EnterpriseOwner",
}
"""GraphQL's words for who is on a bypass list, with those of REST."""
ENFORCEMENTS = ("ACTIVE", "DISABLED", "EVALUATE")


def _tags(node: Node) -> Iterator[Answer[Any]]:
    if (why := _refused(node, "newestTags", NewestTags)) is not None:
        yield Answer(NewestTags, node.subject, (), node.atoms, why)
        return
    connection = node.item.item("newestTags")
    count: Any = connection.number("totalCount")
    names: list[Any] = [item.text("name") for item in connection.items("nodes")]
    if not isinstance(count, Unknown) and len(names) != min(count, NEWEST):
        count = _lost(node, "tags")
    newest: Any = all_known((count, *names)) or tuple(names)
    found: list[Any] = [_commit(item.item("target")) for item in connection.items("nodes")]
    commits: Any = all_known((newest, *found)) or tuple(found)
    fact = NewestTags(
        **node.place,
        count=count,
        newest=newest,
        commits=commits,
    )
    yield Answer(NewestTags, node.subject, (fact,), node.atoms)


def _commit(target: Item) -> Any:
    """What a tag points to; one with a message of its own does so by an object between."""
    behind = target.item("target")
    return behind.text("oid") if "target" in target else target.text("oid")


def _rulesets(node: Node) -> Iterator[Answer[Any]]:
    if (why := _refused(node, "tagRulesets", TagRulesets)) is not None:
        yield Answer(TagRulesets, node.subject, (), node.atoms, why)
        return
    found = _whole(node, node.item.item("tagRulesets"))
    read: Any = found
    if not isinstance(found, Unknown):
        each_one = [_ruleset(node, item) for item in found]
        read = all_known(each_one) or tuple(each_one)
    told = () if isinstance(found, Unknown) else tuple(map(ruleset_seen, found))
    fact = TagRulesets(**node.place, rulesets=read, told=told)
    yield Answer(TagRulesets, node.subject, (fact,), node.atoms)


def _ruleset(node: Node, item: Item) -> TagRuleset | Unknown:
    number: Any = item.number("databaseId")
    enforcement: Any = item.choice("enforcement", *ENFORCEMENTS)
    names = item.item("conditions").item("refName")
    include, exclude = _texts(names, "include"), _texts(names, "exclude")
    rules = _whole(node, item.item("rules"))
    types: list[Any] = [] if isinstance(rules, Unknown) else [rule.text("type") for rule in rules]
    unread = all_known((number, enforcement, include, exclude, rules, *types))
    if unread is not None:
        return unread
    return TagRuleset(
        number=number,
        enforcement=enforcement.lower(),
        include=include,
        exclude=exclude,
        rules=tuple(kind.lower() for kind in types),
        actors=_actors(node, item),
    )


def _actors(node: Node, item: Item) -> Any:
    """The bypass list, in REST's words.

    GitHub shows it to who may change the ruleset. Whether it refuses all others or gives them an
    empty list is not documented, so an empty one counts for an owner's or administrator's token
    alone, and of these for the kinds that hold all the rights of their account.
    """
    if not item.has_value(TAG_BYPASS):
        return item.absent(TAG_BYPASS)
    found = _whole(node, item.item(TAG_BYPASS))
    if isinstance(found, Unknown):
        return found
    if not found and not (node.github.kind in WHOLE_ACCOUNT and _administers(node, item)):
        return item.absent(TAG_BYPASS)
    return tuple(map(_actor, found))


def _administers(node: Node, item: Item) -> bool:
    """Whether the account administers what the ruleset belongs to."""
    source = item.item("source")
    if source.data.get("__typename") == "Repository":
        return node.admin
    return source.data.get("viewerCanAdminister") is True


def _actor(item: Item) -> BypassActor:
    mode: Any = item.choice("bypassMode", *MODES)
    number: Any = item.optional("repositoryRoleDatabaseId", item.number)
    kind: Any = ROLE
    if number is None:
        named = str(item.item("actor").data.get("__typename"))
        flags = (word for flag, word in FLAGS.items() if item.data.get(flag) is True)
        kind = ACTORS.get(named) or next(flags, None) or item.odd("actor")
    mode = mode if isinstance(mode, Unknown) else MODES[mode]
    return BypassActor(kind=kind, number=number, mode=mode)


def _texts(item: Item, name: str) -> Any:
    """A list of strings."""
    if name not in item:
        return item.absent(name)
    values = item.data[name]
    whole = isinstance(values, list) and all(isinstance(value, str) for value in values)
    return tuple(values) if whole else item.odd(name)


def _whole(node: Node, connection: Item) -> list[Item] | Unknown:
    """The objects of a connection, or that they are not all of it."""
    objects = list(connection.items("nodes"))
    if not connection.lists("nodes") or connection.data.get("totalCount") != len(objects):
        return _lost(node, "rulesets for tags and their rules")
    return objects


def _refused(node: Node, name: str, kind: type[Fact]) -> Unknown | None:
    """Why a connection is not there; None where it is."""
    if node.item.has_value(name):
        return None
    if node.denied(name):
        return Unknown(
            Reason.NOT_PERMITTED,
            wanted(kind.requirement, node.github.kind),
            "GraphQL refused it",
            node.atoms,
        )
    why: Unknown = node.item.odd(name) if name in node.item else node.item.absent(name)
    return why


def _lost(node: Node, what: str) -> Unknown:
    return Unknown(Reason.INCOMPLETE, f"all {what} must be listed", evidence=node.atoms)


PARTS = (
    Part(
        name="NewestTags",
        gives=(NewestTags,),
        fields=f"""
  newestTags: refs(
    refPrefix: "refs/tags/", first: {NEWEST}, orderBy: {{field: TAG_COMMIT_DATE, direction: DESC}}
  ) {{ totalCount nodes {{ name target {{ oid ... on Tag {{ target {{ oid }} }} }} }} }}""",
        keys=("newestTags",),
        read=each(_tags),
    ),
    Part(
        name="TagRulesets",
        gives=(TagRulesets,),
        fields=f"""
  tagRulesets: rulesets(first: {MOST}, targets: [TAG], includeParents: true) {{
    totalCount
    nodes {{
      databaseId enforcement name updatedAt
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
  }}""",
        keys=("tagRulesets",),
        read=each(_rulesets),
    ),
)
