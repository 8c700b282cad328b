"""What a repository is."""

from __future__ import annotations

from typing import Any

from hardenme.collectors.declared import read
from hardenme.collectors.github.batch.part import QueryPart, RepositoryNode
from hardenme.facts.github.repository import Repository
from hardenme.model.subject import Subject
from hardenme.model.unknown import Unknown


def repository(node: RepositoryNode, within: Subject) -> Repository:
    """The fact about the repository itself."""
    item = node.item
    branch: Any = node.empty
    if not isinstance(branch, Unknown):
        branch = None if branch else item.item("defaultBranchRef").text("name")
    return Repository(
        subject=node.subject,
        within=within,
        label=node.subject.name,
        web=node.github.web,
        default_branch=branch,
        **read(Repository, item),
    )


PARTS = (
    QueryPart(
        name="Identity",
        gives=(Repository,),
        fields="id nameWithOwner visibility isArchived isFork isTemplate isInOrganization createdAt"
        " pushedAt viewerCanAdminister isEmpty defaultBranchRef { name }",
        keys=(),
        read=lambda _: (),
    ),
)
"""Asked for always: it names the repository that the other parts are about."""
