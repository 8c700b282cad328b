"""What a repository is."""

from __future__ import annotations

from typing import Any

from hardenme.collectors.github.batch.part import Node, Part
from hardenme.facts.github.repository import Repository
from hardenme.model.subject import Subject
from hardenme.model.unknown import Unknown


def repository(node: Node, within: Subject) -> Repository:
    """The fact about the repository itself."""
    item = node.item
    branch: Any = node.empty
    if not isinstance(branch, Unknown):
        branch = None if branch else item.item("defaultBranchRef").text("name")
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
        " viewerCanAdminister isEmpty defaultBranchRef { name }",
        keys=(),
        read=lambda _: (),
    ),
)
"""Asked for always: it names the repository that the other parts are about."""
