"""A home with a record of answers, and the command that writes it."""

from __future__ import annotations

import io
import json
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from hardenme.cli.main import run
from hardenme.cli.terminal.console import Console
from tests.canary_forms import seen
from tests.cli.conftest import Accounts
from tests.printed import printed

LANTERN = "npm:package/@hazel-grove/lantern"
QUESTION = 'Is "Require two-factor authentication and disallow tokens" chosen'
PRACTICE = "practice:user/hazel"


class Terminal(io.StringIO):
    """A stream at which a person sits."""

    def isatty(self) -> bool:
        return True


@dataclass
class Desk:
    """The command in this process, with a home of its own and servers to ask.

    Attributes:
        accounts: the servers and their tokens.
        home: where the record lies.
        tokens: the variables that hold tokens.
    """

    accounts: Accounts
    home: Path
    tokens: dict[str, str] = field(default_factory=dict)
    out: str = ""
    err: str = ""

    @property
    def folder(self) -> Path:
        return self.home / "state" / "hardenme"

    def __call__(self, *arguments: str, typed: str | None = None, tokens: bool = True) -> int:
        """Run a command; `typed` is what a person types, None where there is no terminal."""
        err: io.StringIO = io.StringIO() if typed is None else Terminal()
        out = io.StringIO()
        with pytest.MonkeyPatch.context() as patch:
            for name in list(os.environ):
                if "TOKEN" in name or name.startswith("XDG_"):
                    patch.delenv(name)
            patch.setenv("HOME", str(self.home))
            patch.setenv("XDG_STATE_HOME", str(self.home / "state"))
            for name, value in self.tokens.items() if tokens else ():
                patch.setenv(name, value)
            patch.setattr(sys, "stdin", io.StringIO() if typed is None else Terminal(typed))
            code = run(arguments, Console(out, err, {"COLUMNS": "100"}))
        self.out, self.err = out.getvalue(), err.getvalue()
        for name, text in {"out": self.out, "err": self.err, **self.files()}.items():
            assert not seen(text.encode("latin-1", "replace")), name
        assert "fault of hardenme" not in self.err
        return code

    def files(self) -> dict[str, str]:
        found = self.home.rglob("*")
        return {str(path): path.read_text("latin-1") for path in found if path.is_file()}

    def attest(self, *arguments: str, **how: Any) -> int:
        return self("attest", *self.accounts.urls, *arguments, **how)

    def checked(self, *targets: str, select: str = "NPP106", **how: Any) -> dict[str, Any]:
        """The findings of a check, by subject, and its warnings under the empty name."""
        self(
            *("check", "--no-local", "--no-cache", *self.accounts.urls, "--format", "json"),
            *("--select", select, "--depth", "deep", *targets),
            **how,
        )
        report = json.loads(self.out)
        found = {one["subject"]: one for one in report["findings"] if one["code"] == select}
        return {**found, "": report["warnings"]}


@pytest.fixture
def desk(hardened: Accounts, tmp_path: Path) -> Desk:
    home = tmp_path / "mine"
    home.mkdir()
    return Desk(hardened, home, hardened.tokens)


def listed(desk: Desk) -> list[dict[str, str]]:
    assert desk("attest", "--list", "-f", "json") == 0
    rows: list[dict[str, str]] = printed("answers", desk.out)["answers"]
    return rows
