"""Branches and tags with what protects them."""

from __future__ import annotations

from typing import Any

from hardenme.sandbox.github.graph.connections import connection
from hardenme.sandbox.github.graph.rules import view_protection, view_rule, view_update_rule
from hardenme.sandbox.github.graph.seen import Seen, View
from hardenme.sandbox.github.graph.tree import view_commit, view_object
from hardenme.sandbox.github.permits import administration, readable
from hardenme.sandbox.github.rest.contents import blob_id
from hardenme.sandbox.github.world import Repository, Ruleset

ADMINISTRATION = administration()
METADATA = readable("metadata:read")


def view_ref(seen: Seen, repository: Repository, branch: str) -> View:
    """A branch with what protects it; a plan without the feature protects nothing."""
    offered = seen.world.rules_offered(repository)
    found = repository.protection_of(branch) if offered else None

    def protection(_info: object) -> View | None:
        seen.need(ADMINISTRATION, repository)
        return view_protection(seen, repository, found) if found else None

    return {
        "id": f"REF_{repository.id}_{branch}",
        "name": branch,
        "prefix": "refs/heads/",
        "target": lambda _info: view_object(repository, branch),
        "branchProtectionRule": protection,
        "refUpdateRule": view_update_rule(seen, repository, found) if found else None,
        "rules": _rules(seen, repository, seen.world.active_rulesets(repository, branch)),
    }


def view_tag(seen: Seen, repository: Repository, tag: str) -> View:
    """A tag; classic protection is for branches only."""
    return {
        "id": f"REF_{repository.id}_tag_{tag}",
        "name": tag,
        "prefix": "refs/tags/",
        "target": lambda _info: _tagged(repository, tag),
        "branchProtectionRule": None,
        "refUpdateRule": None,
        "rules": _rules(seen, repository, seen.world.active_tag_rulesets(repository, tag)),
    }


def _tagged(repository: Repository, tag: str) -> View:
    """What a tag points to: a commit, or an object of its own that does."""
    commit = view_commit(repository.tag_commit(tag))
    if tag not in repository.annotated_tags:
        return commit
    sha = blob_id(f"{tag} {commit['oid']}".encode())
    return {"__typename": "Tag", "id": f"TA_{sha}", "name": tag, "oid": sha, "target": commit}


def _rules(seen: Seen, repository: Repository, rulesets: list[Ruleset]) -> Any:
    bound = [(ruleset, index) for ruleset in rulesets for index in range(len(ruleset.rules))]

    def rules(_info: object, **arguments: Any) -> View:
        seen.need(METADATA, repository)
        return connection(bound, lambda pair: view_rule(seen, repository, *pair), arguments)

    return rules
