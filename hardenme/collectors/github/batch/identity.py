"""What a repository is."""

from __future__ import annotations

from typing import Any

from hardenme.collectors.github.batch.part import Node, Part
from hardenme.facts.github.repository import Repository
from hardenme.model.subject import Subject


def repository(node: Node, within: Subject) -> Repository:
    """The fact about the repository itself."""
    item = node.item
    branch: Any = None
    if item.has_value("defaultBranchRef"):
        branch = item.item("defaultBranchRef").text("name")
    elif "defaultBranchRef" not in item:
        branch = item.absent("defaultBranchRef")
    visibility: Any = item.choice("visibility", "PUBLIC", "PRIVATE", "INTERNAL")
    return Repository(
        subject=node.subject,
        within=within,
        label=node.subject.name,
        web=node.github.web,
        node_id=item.text("id"),
        full_name=item.text("nameWithOwner"),
        visibility=visibility.lower() if isinstance(visibility, str) else visibility,
        archived=item.flag("isArchived"),
        fork=item.flag("isFork"),
        template=item.flag("isTemplate"),
        in_organization=item.flag("isInOrganization"),
        default_branch=branch,
        viewer_is_admin=item.flag("viewerCanAdminister"),
        pushed_at=item.optional("pushedAt", item.moment),
    )


PARTS = (
    Part(
        name="Identity",
        gives=(Repository,),
        fields="id nameWithOwner visibility isArchived isFork isTemplate isInOrganization pushedAt"
        " viewerCanAdminister defaultBranchRef { name }",
        keys=(),
        read=lambda _: (),
    ),
)
"""Asked for always: it names the repository that the other parts are about."""
