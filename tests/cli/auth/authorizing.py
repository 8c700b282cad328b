"""`hardenme auth` within this process: a keyring in memory, the real list, servers on loopback."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from hardenme.cli.main import run
from hardenme.cli.terminal.console import Console
from hardenme.credentials.stored import StoredTokens
from hardenme.model.stored_token import KeyringToken
from hardenme.store.token_index import TokenIndex
from tests.credentials.backends import Memory, keyring_with


class Piped(io.StringIO):
    """Standard input from a pipe."""


class Typed(io.StringIO):
    """Standard input at a terminal."""

    def isatty(self) -> bool:
        return True


@dataclass
class Auth:
    """The command, its keyring, and what it printed.

    Attributes:
        home: where the list of stored tokens and the cache lie.
        monkeypatch: puts the keyring and standard input in place.
        backend: the keyring.
        environ: variables that the command sees.
        out: what went to standard output in the last run.
        err: what went to standard error.
    """

    home: Path
    monkeypatch: pytest.MonkeyPatch
    backend: Memory = field(default_factory=Memory)
    environ: dict[str, str] = field(default_factory=lambda: {"COLUMNS": "100"})
    out: str = ""
    err: str = ""

    def __post_init__(self) -> None:
        for name in ("auth.login", "auth.logout", "audit.clients"):
            self.monkeypatch.setattr(f"hardenme.cli.{name}.stored_tokens", self.tokens)
        self.monkeypatch.setattr(
            "hardenme.cli.auth.logout.cache_folder", lambda: self.home / "cache"
        )
        self.monkeypatch.setenv("HOME", str(self.home))
        for name in ("GITHUB_TOKEN", "GH_TOKEN", "HARDENME_GITHUB_TOKEN", "HARDENME_NPM_TOKEN"):
            self.monkeypatch.delenv(name, raising=False)

    def tokens(self) -> StoredTokens:
        """What is stored."""
        return StoredTokens(TokenIndex(self.home), keyring_with(self.home, self.backend))

    @property
    def entries(self) -> tuple[KeyringToken, ...]:
        """What the list holds."""
        return self.tokens().entries()

    def __call__(self, *arguments: str, stdin: io.StringIO | None = None) -> int:
        """Run `hardenme auth` with these arguments."""
        out, err = io.StringIO(), io.StringIO()
        self.monkeypatch.setattr("sys.stdin", stdin or Piped(""))
        code = run(["auth", *arguments], Console(out, err, self.environ))
        self.out, self.err = out.getvalue(), err.getvalue()
        return code

    def types(self, text: str | Callable[[], str]) -> Typed:
        """A terminal at which a person types this where nothing is shown."""

        def asked(prompt: str, stream: io.StringIO) -> str:
            stream.write(prompt)
            return text if isinstance(text, str) else text()

        self.monkeypatch.setattr("getpass.getpass", asked)
        return Typed("")
