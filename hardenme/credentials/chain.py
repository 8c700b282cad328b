"""The order in which tokens are looked for. The first place that has one decides."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO
from urllib.parse import urlsplit

from hardenme.credentials.memory import close_to_others
from hardenme.credentials.npmrc import token_in, user_npmrc
from hardenme.credentials.private_file import private_text
from hardenme.credentials.token import Credential, CredentialError, credential
from hardenme.facts.npm.site import REGISTRY

LARGEST = 64 * 1024
OWN = "HARDENME_GITHUB_TOKEN__"
"""How the names of variables begin that hold the token for one owner."""


class SameNameError(ValueError):
    """A variable that may be meant for more than one owner; the text says which."""


def own_variable(owner: str) -> str:
    """The variable of the token for one owner: the login in capitals, dashes as underscores."""
    return OWN + owner.upper().replace("-", "_")


def demand_own_variables(owners: Iterable[str], environ: Mapping[str, str]) -> None:
    """See to it that each owner's variable is no other owner's.

    Raises:
        SameNameError: a variable that is set could be meant for two of them.
    """
    found: dict[str, str] = {}
    for owner in dict.fromkeys(owner.lower() for owner in owners):
        name = own_variable(owner)
        other = found.setdefault(name, owner)
        if other != owner and environ.get(name, "").strip():
            raise SameNameError(
                f"{name} may be meant for {other} or for {owner}: look at each in a run of its own"
            )


@dataclass(slots=True)
class Chain:
    """Where tokens may be. With one, this process writes no core dump from now on.

    Attributes:
        environ: the environment.
        home: the user's home; None where there is none.
        stdin: whence `--token-stdin` reads.
        stdin_for: the provider that `--token-stdin` names; empty for none.
        files: the files that `--token-file` names, by provider.
    """

    environ: Mapping[str, str]
    home: Path | None
    stdin: TextIO | None = None
    stdin_for: str = ""
    files: Mapping[str, Path] = field(default_factory=dict)

    def __post_init__(self) -> None:
        close_to_others()

    def github_of(self, owner: str) -> Credential | None:
        """The token that is for one owner's things alone; None where there is none.

        A fine-grained token belongs to one owner, so that several organizations take several. It is
        bound to the address that is asked, as HARDENME_GITHUB_TOKEN is.

        Raises:
            CredentialError: it must not be used.
        """
        return self._variable("github", own_variable(owner))()

    def owners(self) -> tuple[str, ...]:
        """The owners that have a variable of their own, as these spell them: `ACME_LABS`."""
        names = (name for name, value in self.environ.items() if value.strip())
        return tuple(sorted(name.removeprefix(OWN) for name in names if name.startswith(OWN)))

    def github(self, api: str) -> Credential | None:
        """The token for a GitHub API address; None where there is none.

        Raises:
            CredentialError: the first token that was found must not be used.
        """
        host = urlsplit(api).hostname or ""
        cloud = host == "api.github.com" or host.endswith(".ghe.com")
        names = ("GH_TOKEN", "GITHUB_TOKEN") if cloud else ("GH_ENTERPRISE_TOKEN",)
        return self._first("github", names, lambda: None)

    def npm(self, registry: str) -> Credential | None:
        """The token for a registry; None where there is none.

        Raises:
            CredentialError: the first token that was found must not be used.
        """
        names = ("NPM_TOKEN", "NODE_AUTH_TOKEN") if registry == REGISTRY else ()
        return self._first("npm", names, lambda: self._npmrc(registry))

    def _first(
        self, provider: str, names: tuple[str, ...], last: Callable[[], Credential | None]
    ) -> Credential | None:
        own = f"HARDENME_{provider.upper()}_TOKEN"
        places: tuple[Callable[[], Credential | None], ...] = (
            lambda: self._stdin(provider),
            lambda: self._file(provider),
            *(self._variable(provider, name) for name in (own, *names)),
            last,
        )
        return next((found for place in places if (found := place()) is not None), None)

    def _stdin(self, provider: str) -> Credential | None:
        if self.stdin_for != provider:
            return None
        try:
            line = "" if self.stdin is None else self.stdin.readline(LARGEST)
        except UnicodeDecodeError:
            raise CredentialError("standard input holds no token: it is no text") from None
        found = credential(provider, line, "standard input")
        if found is None:
            raise CredentialError("standard input is empty; --token-stdin reads one line from it")
        return found

    def _file(self, provider: str) -> Credential | None:
        path = self.files.get(provider)
        if path is None:
            return None
        found = credential(provider, private_text(path), str(path))
        if found is None:
            raise CredentialError(f"{path} is empty")
        return found

    def _variable(self, provider: str, name: str) -> Callable[[], Credential | None]:
        return lambda: credential(provider, self.environ.get(name, ""), name)

    def _npmrc(self, registry: str) -> Credential | None:
        path = user_npmrc(self.environ, self.home)
        if path is None:
            return None
        return credential("npm", token_in(path, registry, self.environ), _shown(path, self.home))


def _shown(path: Path, home: Path | None) -> str:
    if home is not None and path.is_relative_to(home):
        return f"~/{path.relative_to(home)}"
    return str(path)
