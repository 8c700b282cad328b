"""Which branches a repository has, and which rulesets there are for branches of any name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hardenme.collectors.declared import read
from hardenme.collectors.github.batch.part import QueryPart, RepositoryNode, each
from hardenme.collectors.github.batch.ref_rulesets import fields, refused, rulesets
from hardenme.facts.github.branch_names import Branches, BranchRulesets
from hardenme.model.fact import Answer

LISTED = 100
NAMES, RULESETS = "branches", "branchRulesets"


def _branches(node: RepositoryNode) -> Iterator[Answer[Any]]:
    if (why := refused(node, NAMES, Branches)) is not None:
        yield Answer(Branches, node.subject, (), node.atoms, why)
        return
    fact = Branches(**node.place, **read(Branches, node.item.item(NAMES)))
    yield Answer(Branches, node.subject, (fact,), node.atoms)


PARTS = (
    QueryPart(
        name="Branches",
        gives=(Branches,),
        fields=f"""
  {NAMES}: refs(refPrefix: "refs/heads/", first: {LISTED}) {{ totalCount nodes {{ name }} }}""",
        keys=(NAMES,),
        read=each(_branches),
    ),
    QueryPart(
        name="BranchRulesets",
        gives=(BranchRulesets,),
        fields=fields(RULESETS, "BRANCH", first=10),
        keys=(RULESETS,),
        read=each(lambda node: [rulesets(node, RULESETS, BranchRulesets)]),
    ),
)
