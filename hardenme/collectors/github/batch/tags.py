"""Which tags a repository has, and which rulesets there are for tags."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hardenme.collectors.github.batch.part import Node, Part, each
from hardenme.collectors.github.batch.ref_rulesets import fields, lost, refused, rulesets
from hardenme.collectors.reading import Item, all_known
from hardenme.facts.github.tag_rules import NewestTags, TagRulesets
from hardenme.model.fact import Answer
from hardenme.model.unknown import Unknown

NEWEST = 5
RULESETS = "tagRulesets"


def _tags(node: Node) -> Iterator[Answer[Any]]:
    if (why := refused(node, "newestTags", NewestTags)) is not None:
        yield Answer(NewestTags, node.subject, (), node.atoms, why)
        return
    connection = node.item.item("newestTags")
    count: Any = connection.number("totalCount")
    names: list[Any] = [item.text("name") for item in connection.items("nodes")]
    if not isinstance(count, Unknown) and len(names) != min(count, NEWEST):
        count = lost(node, "tags")
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
        fields=fields(RULESETS, "TAG", first=20),
        keys=(RULESETS,),
        read=each(lambda node: [rulesets(node, RULESETS, TagRulesets)]),
    ),
)
