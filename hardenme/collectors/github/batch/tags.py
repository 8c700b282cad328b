"""Which tags a repository has, and which rulesets there are for tags."""

from __future__ import annotations

from typing import Any

from hardenme.collectors.declared import read
from hardenme.collectors.github.batch.part import QueryPart, RepositoryNode, each
from hardenme.collectors.github.batch.ref_rulesets import fields, lost, refused, rulesets
from hardenme.collectors.reading import all_known
from hardenme.facts.github.tag_rules import NewestTags, TagCommits, TagRulesets
from hardenme.model.fact import Answer, Fact

NEWEST = 5
MOST = 100
"""Tags that one query shows of a repository. Source: GitHub's limit of a connection."""
RULESETS = "tagRulesets"


def _refs(node: RepositoryNode, name: str, most: int, kind: type[Fact]) -> Answer[Any]:
    """The newest tags, which the answer has under a name.

    Args:
        node: the repository.
        name: in the answer.
        most: how many the query asks for.
        kind: the fact, with the fields of `NewestTags`.
    """
    if (why := refused(node, name, kind)) is not None:
        return Answer(kind, node.subject, (), node.atoms, why)
    connection = node.item.item(name)
    told = read(kind, connection)
    shown = len(list(connection.items("nodes")))
    if isinstance(told["count"], int) and shown != min(told["count"], most):
        told["count"] = lost(node, "tags")
    told["newest"] = all_known((told["count"],)) or told["newest"]
    told["commits"] = all_known((told["newest"],)) or told["commits"]
    return Answer(kind, node.subject, (kind(**node.place, **told),), node.atoms)


def _asked(name: str, most: int) -> str:
    """What the query asks of so many tags."""
    return f"""
  {name}: refs(
    refPrefix: "refs/tags/", first: {most}, orderBy: {{field: TAG_COMMIT_DATE, direction: DESC}}
  ) {{ totalCount nodes {{ name target {{ oid ... on Tag {{ target {{ oid }} }} }} }} }}"""


PARTS = (
    QueryPart(
        name="NewestTags",
        gives=(NewestTags,),
        fields=_asked("newestTags", NEWEST),
        keys=("newestTags",),
        read=each(lambda node: [_refs(node, "newestTags", NEWEST, NewestTags)]),
    ),
    QueryPart(
        name="TagCommits",
        gives=(TagCommits,),
        fields=_asked("tagCommits", MOST),
        keys=("tagCommits",),
        read=each(lambda node: [_refs(node, "tagCommits", MOST, TagCommits)]),
    ),
    QueryPart(
        name="TagRulesets",
        gives=(TagRulesets,),
        fields=fields(RULESETS, "TAG", first=20),
        keys=(RULESETS,),
        read=each(lambda node: [rulesets(node, RULESETS, TagRulesets)]),
    ),
)
