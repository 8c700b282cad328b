"""What has to be read about a person, and which lists can name one."""

from __future__ import annotations

from hardenme.derive.recent import FACTS as DATED
from hardenme.facts.github.changes import (
    EnvironmentAge,
    RepositoryChange,
    ScheduledRuns,
    WorkflowFileChange,
    WorkflowRun,
)
from hardenme.facts.github.collaborators import RepositoryAdministrators
from hardenme.facts.github.files import RepositoryCodeOwners
from hardenme.facts.github.organization import OrganizationVisibility
from hardenme.model.inventory import APPROVERS, CODE_OWNERS, SCHEDULED

OF_EVERY_DAY = frozenset({RepositoryChange, WorkflowFileChange, WorkflowRun})
FACTS = (DATED - OF_EVERY_DAY) | {
    *(RepositoryAdministrators, RepositoryCodeOwners, EnvironmentAge, ScheduledRuns),
    OrganizationVisibility,
}
"""The facts that show what a person holds."""
LISTS = {
    "github:org": {
        "member": "members",
        "outside collaborator": "outside collaborators",
        "pending invitation": "invitations",
        "fine-grained token of a member": "their fine-grained tokens",
        "credential for single sign-on": "their credentials for single sign-on",
        "secret": "secrets",
    },
    "github:repo": {
        "deploy key": "deploy keys",
        "outside collaborator": "outside collaborators",
        "pending invitation": "invitations",
        "secret": "secrets",
        "secret of an environment": "secrets of environments",
        APPROVERS: "reviewers of environments",
        CODE_OWNERS: "code owners",
        SCHEDULED: "scheduled workflows",
    },
    "npm:package": {"maintainer": "maintainers", "trusted publisher": "trusted publishers"},
    "npm:org": {"member": "members"},
}
"""The lists that can name a person, by the kind of place."""
