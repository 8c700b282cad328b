"""Whether GitHub runs a workflow, or someone or GitHub itself has disabled it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hardenme.facts.github.environments import ACTIONS
from hardenme.facts.github.repository import RepositoryFact
from hardenme.model.depth import Depth
from hardenme.model.fact import Endpoint, key

FOLDER = ".github/workflows/"
"""Where the files of workflows are."""
ACTIVE = "active"
DELETED = "deleted"
INACTIVE = "disabled_inactivity"
"""GitHub disabled it, because the repository was quiet for 60 days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowState(RepositoryFact):
    """Whether GitHub runs a workflow (subject `github:workflow-state/OWNER/REPO/ID`).

    Attributes:
        path: of its file; GitHub's own workflows have paths outside the folder of workflow files.
        state: whether it runs, or why not.
    """

    requirement = ACTIONS
    endpoint = Endpoint(
        "/repos/{owner}/{repo}/actions/workflows",
        "workflow-state",
        named="{scope}/{identity}",
        label=("path",),
        counted=True,
    )
    noun = "workflow"
    depth = Depth.STANDARD

    path: str = key("path")
    state: Literal[
        "active", "deleted", "disabled_fork", "disabled_inactivity", "disabled_manually"
    ] = key("state")

    @property
    def file(self) -> str:
        """The name of its file; empty for a workflow of GitHub's own."""
        return self.path.removeprefix(FOLDER) if self.path.startswith(FOLDER) else ""
