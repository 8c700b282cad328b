"""Which tags a repository has, and which rulesets there are for tags."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hardenme.collectors.declared import read
from hardenme.collectors.github.batch.part import QueryPart, RepositoryNode, each
from hardenme.collectors.github.batch.ref_rulesets import fields, lost, refused, rulesets
from hardenme.collectors.reading import all_known
from hardenme.facts.github.tag_rules import NewestTags, TagRulesets
from hardenme.model.fact import Answer

NEWEST = 5
RULESETS = "tagRulesets"


def _tags(node: RepositoryNode) -> Iterator[Answer[Any]]:
    if (why := refused(node, "newestTags", NewestTags)) is not None:
        yield Answer(NewestTags, node.subject, (), node.atoms, why)
        return
    connection = node.item.item("newestTags")
    told = read(NewestTags, connection)
    shown = len(list(connection.items("nodes")))
    if isinstance(told["count"], int) and shown != min(told["count"], NEWEST):
        told["count"] = lost(node, "tags")
    told["newest"] = all_known((told["count"],)) or told["newest"]
    told["commits"] = all_known((told["newest"],)) or told["commits"]
    fact = NewestTags(**node.place, **told)
    yield Answer(NewestTags, node.subject, (fact,), node.atoms)


PARTS = (
    QueryPart(
        name="NewestTags",
        gives=(NewestTags,),
        fields=f"""
  newestTags: refs(
    refPrefix: "refs/tags/", first: {NEWEST}, orderBy: {{field: TAG_COMMIT_DATE, direction: DESC}}
  ) {{ totalCount nodes {{ name target {{ oid ... on Tag {{ target {{ oid }} }} }} }} }}""",
        keys=("newestTags",),
        read=each(_tags),
    ),
    QueryPart(
        name="TagRulesets",
        gives=(TagRulesets,),
        fields=fields(RULESETS, "TAG", first=20),
        keys=(RULESETS,),
        read=each(lambda node: [rulesets(node, RULESETS, TagRulesets)]),
    ),
)
