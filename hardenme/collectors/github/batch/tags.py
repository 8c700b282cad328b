"""Which tags a repository has, and which rulesets there are for tags."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hardenme.collectors.github.batch.part import Node, Part, each
from hardenme.collectors.github.refusal import wanted
from hardenme.collectors.github.rulesets import ruleset_seen
from hardenme.collectors.reading import Item, all_known
from hardenme.facts.github.tag_rules import NewestTags, TagRuleset, TagRulesets
from hardenme.model.fact import Answer, Fact
from hardenme.model.unknown import Reason, Unknown

NEWEST = 5
MOST = 20
"""Rulesets for tags and rules in each that are read; of one with more nothing is known."""
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
        number, enforcement.lower(), include, exclude, tuple(kind.lower() for kind in types)
    )


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
      databaseId enforcement name updatedAt source {{ __typename }}
      conditions {{ refName {{ include exclude }} }}
      rules(first: {MOST}) {{ totalCount nodes {{ type }} }}
    }}
  }}""",
        keys=("tagRulesets",),
        read=each(_rulesets),
    ),
)
