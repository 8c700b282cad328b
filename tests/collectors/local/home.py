"""A workstation in a folder of a test, and what the collectors answer about it."""

from __future__ import annotations

import codecs
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.local import COLLECTORS
from hardenme.collectors.local.workstation import THIS, Workstation
from hardenme.model.fact import Answer, Fact

NOBODY = 65534
CODECS = ("utf-8-sig", "utf-16")
NPM_TOKEN = "npm_CANARYnotarealtoken0000000000000000"
GITHUB_TOKEN = "ghp_CANARY000000000000000000000000000000"
SAFE_KEYRING = "keyring.backends.SecretService.Keyring"


@dataclass
class Home:
    """A user's home with a project and an npm installation beside it.

    Attributes:
        root: the folder that holds all of it.
        environ: the environment.
        system: as `sys.platform` has it.
        keyrings: what the keyring library would say.
    """

    root: Path
    environ: dict[str, str] = field(default_factory=dict)
    system: str = "linux"
    keyrings: Any = (SAFE_KEYRING,)

    def __post_init__(self) -> None:
        for folder in (self.home, self.project, self.bin):
            folder.mkdir(parents=True)
        (self.project / "package.json").write_text("{}")
        (self.bin / "node").write_text("")
        (self.bin / "node").chmod(0o755)
        self.environ |= {"PATH": str(self.bin), "GIT_CONFIG_NOSYSTEM": "1"}

    @property
    def home(self) -> Path:
        return self.root / "home"

    @property
    def project(self) -> Path:
        return self.root / "home" / "project"

    @property
    def bin(self) -> Path:
        return self.root / "node" / "bin"

    def write(self, path: str, text: str | bytes, mode: int = 0o600) -> Path:
        """Write a file below the home."""
        target = self.home / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text if isinstance(text, bytes) else text.encode())
        target.chmod(mode)
        return target

    def install_npm(self, package: str = '{"name": "npm", "version": "12.2.0"}') -> Path:
        """Install npm as node does; returns its folder."""
        folder = self.root / "node" / "lib" / "node_modules" / "npm"
        (folder / "bin").mkdir(parents=True)
        (folder / "bin" / "npm-cli.js").write_text("")
        (folder / "bin" / "npm-cli.js").chmod(0o755)
        (folder / "package.json").write_text(package)
        (self.bin / "npm").symlink_to("../lib/node_modules/npm/bin/npm-cli.js")
        return folder

    def station(self) -> Workstation:
        """The workstation that the collectors see."""
        return Workstation(
            self.home, dict(self.environ), self.project, self.system, lambda: self.keyrings
        )

    def answers(self, kind: type[Fact], **changes: Any) -> list[Answer[Any]]:
        """What the collector of that kind answers."""
        collector = next(item for item in COLLECTORS if kind in item.gives)
        found = list(collector.read(replace(self.station(), **changes), THIS, FactStore()))
        assert found
        assert all(answer.kind is kind for answer in found)
        return found

    def facts(self, kind: type[Fact]) -> dict[str, Any]:
        """The known facts by the names of their subjects."""
        return {fact.subject.name: fact for answer in self.answers(kind) for fact in answer.facts}

    def one(self, kind: type[Fact]) -> Any:
        """The only fact of that kind."""
        (fact,) = self.facts(kind).values()
        return fact


@contextmanager
def as_nobody() -> Iterator[None]:
    """Give up the administrator's rights, before which every file is readable."""
    if os.geteuid() != 0:
        yield
        return
    for coding in CODECS:
        # Python loads a codec at its first use, from files that nobody may not read.
        codecs.lookup(coding)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@contextmanager
def shared_folder() -> Iterator[Path]:
    """A folder that other users can pass through, unlike those that pytest makes."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder
