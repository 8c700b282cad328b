"""The names of branches that classic branch protection is for, and who can create such a branch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hardenme.collectors.answer import nothing
from hardenme.collectors.declared import read
from hardenme.collectors.github.batch.part import QueryPart, RepositoryNode, each
from hardenme.collectors.github.refusal import wanted
from hardenme.collectors.reading import Item, all_known
from hardenme.facts.github.environments import ClassicRule, ProtectedPatterns
from hardenme.facts.github.token import CLASSIC, OAUTH
from hardenme.model.fact import Answer
from hardenme.model.unknown import Reason, Unknown

RULES = "branchProtectionRules"
SHOWN_ALL = frozenset({CLASSIC, OAUTH})
"""Kinds of token that are shown all that their account may see, with the scope `repo`."""
BY_OTHERS = (
    "a classic token of a repository admin with the scope repo: others may not see every rule"
)


def _read(node: RepositoryNode) -> Iterator[Answer[Any]]:
    connection = node.item.item(RULES)
    missing = _missing(node, connection)
    if missing is not None:
        yield nothing(ProtectedPatterns, node.subject, missing)
        return
    rows = [read(ClassicRule, row) for row in connection.items("nodes")]
    told = read(ProtectedPatterns, connection)
    unread = all_known(row[name] for row in rows for name in ("pattern", "blocks_creations"))
    creatable: Any = unread or tuple(
        row["pattern"] for row in rows if row["blocks_creations"] is False
    )
    fact = ProtectedPatterns(**node.place, **told, creatable=creatable)
    yield Answer(ProtectedPatterns, node.subject, (fact,), node.atoms)


def _missing(node: RepositoryNode, connection: Item) -> Unknown | None:
    """Why the rules are not known, or not all of them; None if they are."""
    if not connection.lists("nodes"):
        if node.denied(RULES) is None:
            absent: Unknown = node.item.absent(RULES)
            return absent
        return node.refused(ProtectedPatterns)
    total: Any = connection.number("totalCount")
    if isinstance(total, Unknown):
        return total
    shown = len(list(connection.items("nodes")))
    if total != shown:
        needed = f"at most {shown} branch protection rules"
        return Unknown(Reason.INCOMPLETE, needed, f"there are {total}", node.atoms)
    if total or (node.admin and _reads_all(node)):
        return None
    # An empty list can mean "no rule" or "not for you".
    seen = "GraphQL showed no branch protection rule"
    if node.admin and node.github.kind not in SHOWN_ALL:
        return Unknown(Reason.NOT_VISIBLE, BY_OTHERS, seen, node.atoms)
    needed = wanted(ProtectedPatterns.requirement, node.github.kind)
    return Unknown(Reason.NOT_PERMITTED, needed, seen, node.atoms)


def _reads_all(node: RepositoryNode) -> bool:
    """Whether a token is shown all that its account may see."""
    held = node.graph.response.headers.get("x-oauth-scopes", "").replace(" ", "").split(",")
    return node.github.kind in SHOWN_ALL and "repo" in held


PARTS = (
    QueryPart(
        name="ProtectedPatterns",
        gives=(ProtectedPatterns,),
        fields=f"{RULES}(first: 50) {{"
        " totalCount nodes { pattern requiresApprovingReviews restrictsPushes lockBranch"
        " blocksCreations allowsDeletions } }",
        keys=(RULES,),
        read=each(_read),
    ),
)
