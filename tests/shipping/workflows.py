"""The project's own workflows, read as GitHub reads them, and the programs that look at them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / ".github"
WORKFLOWS = sorted((FOLDER / "workflows").glob("*.yml"))
TEXTS = {path.stem: path.read_text() for path in WORKFLOWS}
READ: dict[str, Any] = {name: YAML(typ="safe").load(text) for name, text in TEXTS.items()}
BIN = Path(sys.executable).parent


def ran(*command: str | Path, **more: Any) -> subprocess.CompletedProcess[str]:
    """Run a program of this environment or of the system."""
    found = shutil.which(command[0], path=f"{BIN}:{more.pop('path', '/usr/bin:/bin')}")
    assert found, f"{command[0]} is not there"
    return subprocess.run(  # noqa: S603 (what is installed here)
        [found, *command[1:]], capture_output=True, text=True, check=False, **more
    )


def jobs() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Workflow, name and content of each job."""
    for workflow, read in READ.items():
        for name, job in read["jobs"].items():
            yield workflow, name, job


def steps() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Workflow, job and content of each step."""
    for workflow, name, job in jobs():
        for step in job["steps"]:
            yield workflow, name, step


def script(workflow: str, name: str) -> str:
    """The shell of the step of that name, which is the same in each job that has one."""
    return str(step_of(workflow, name)["run"])


def step_of(workflow: str, name: str) -> dict[str, Any]:
    """The step of that name, which is the same in each job that has one."""
    first, *others = (
        step for where, _, step in steps() if (where, step.get("name")) == (workflow, name)
    )
    assert all(step == first for step in others), name
    return first
