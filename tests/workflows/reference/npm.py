"""Installs GitHub's own packages with npm, and asks them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Reference:
    """The packages, in a folder of their own.

    Attributes:
        folder: where they are installed.
    """

    folder: Path

    def results(
        self,
        contexts: Iterable[Mapping[str, Any]],
        expressions: Iterable[tuple[str, Iterable[int]]],
    ) -> list[list[dict[str, Any]]]:
        """What each expression comes to in some of the contexts, by their numbers."""
        lines = [json.dumps({"context": context}) for context in contexts]
        lines += [json.dumps({"expression": text, "among": list(n)}) for text, n in expressions]
        done = subprocess.run(  # noqa: S603 (a fixed command)
            [shutil.which("node") or "node", "evaluate.mjs"],
            cwd=self.folder,
            input="\n".join(lines) + "\n",
            capture_output=True,
            text=True,
            check=True,
        )
        return [json.loads(line) for line in done.stdout.splitlines()]

    def schema(self) -> dict[str, Any]:
        """GitHub's descriptions of payloads: the definitions of a JSON schema."""
        path = self.folder / "node_modules/@octokit/webhooks-schemas/schema.json"
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return dict(found["definitions"])


def install(folder: Path) -> Reference:
    """Install the packages; skips where npm cannot have them, but for a run of CI."""
    for name in ("package.json", "package-lock.json", "evaluate.mjs"):
        shutil.copy(HERE / name, folder / name)
    command = [shutil.which("npm") or "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(  # noqa: S603 (a fixed command)
        command, cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode and not os.environ.get("CI"):
        pytest.skip("npm cannot install @actions/expressions and @octokit/webhooks-schemas")
    assert done.returncode == 0, done.stderr
    return Reference(folder)
