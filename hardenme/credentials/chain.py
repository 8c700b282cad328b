"""The order in which tokens are looked for. The first place that has one decides."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TextIO
from urllib.parse import urlsplit

from hardenme.credentials import systemd
from hardenme.credentials.gh import Gh
from hardenme.credentials.memory import close_to_others
from hardenme.credentials.npmrc import token_in, user_npmrc
from hardenme.credentials.private_file import private_text
from hardenme.credentials.stored import StoredTokens, host_of
from hardenme.credentials.token import Credential, credential, piped
from hardenme.facts.npm.site import REGISTRY
from hardenme.ground.errors import CredentialError, UsageError

OWN = "HARDENME_GITHUB_TOKEN__"
"""How the names of variables begin that hold the token for one owner."""

Found = Credential | None
Place = Callable[[], Found]


def own_variable(owner: str) -> str:
    """The variable of the token for one owner: the login in capitals, dashes as underscores."""
    return OWN + owner.upper().replace("-", "_")


def variables(provider: str, base: str, owner: str = "") -> tuple[str, ...]:
    """The variables that may hold a token for an address, the first that is set decides."""
    if owner:
        return (own_variable(owner),)
    if provider == "npm":
        return (
            "HARDENME_NPM_TOKEN",
            *(("NPM_TOKEN", "NODE_AUTH_TOKEN") if base == REGISTRY else ()),
        )
    host = urlsplit(base).hostname or ""
    cloud = host == "api.github.com" or host.endswith(".ghe.com")
    return (
        "HARDENME_GITHUB_TOKEN",
        *(("GH_TOKEN", "GITHUB_TOKEN") if cloud else ("GH_ENTERPRISE_TOKEN",)),
    )


def demand_own_variables(owners: Iterable[str], environ: Mapping[str, str]) -> None:
    """Ensure that each owner's variable is not also another owner's.

    Raises:
        UsageError: a variable that is set could be meant for two of them.
    """
    found: dict[str, str] = {}
    for owner in dict.fromkeys(owner.lower() for owner in owners):
        name = own_variable(owner)
        other = found.setdefault(name, owner)
        if other != owner and environ.get(name, "").strip():
            raise UsageError(
                f"{name} may be meant for {other} or for {owner}: look at each in a run of its own"
            )


@dataclass(slots=True)
class TokenChain:
    """Where tokens may be. With one, this process writes no core dump from now on.

    Attributes:
        environ: the environment.
        home: the user's home; None if there is none.
        stdin: what `--token-stdin` reads from.
        stdin_for: the provider that `--token-stdin` names; empty for none.
        files: the files that `--token-file` names, by provider.
        stored: the entries of the keyring; None for nothing.
        as_login: the GitHub account whose stored token is meant; empty for the only one.
        gh: asked last; None where --use-gh was not given.
    """

    environ: Mapping[str, str] = field(repr=False)
    home: Path | None
    stdin: TextIO | None = None
    stdin_for: str = ""
    files: Mapping[str, Path] = field(default_factory=dict)
    stored: StoredTokens | None = None
    as_login: str = ""
    gh: Gh | None = None

    def __post_init__(self) -> None:
        close_to_others()

    @property
    def fault(self) -> str:
        """What is wrong with the list of stored tokens; empty for nothing."""
        return "" if self.stored is None else self.stored.fault

    def github_of(self, owner: str, api: str) -> Credential | None:
        """The token that is for one owner's things alone; None if there is none.

        A fine-grained token belongs to one owner, so that several organizations take several. It is
        bound to the address that is asked, as HARDENME_GITHUB_TOKEN is.

        Raises:
            CredentialError: it must not be used.
        """
        return _first(
            lambda: systemd.provider_token(self.environ, "github", owner),
            self._variable("github", own_variable(owner)),
            lambda: self._stored("github", api, owner),
        )

    def owners(self, api: str) -> tuple[str, ...]:
        """The owners that have a token of their own for an address.

        If only a variable names one, it is in the variable's spelling: `ACME_LABS`.

        Raises:
            CredentialError: the folder of systemd's credentials cannot be read.
        """
        kept = () if self.stored is None else self.stored.entries("github", api)
        found = {*systemd.owners(self.environ), *(one.owner for one in kept if one.owner)}
        known = {own_variable(owner) for owner in found}
        names = {name for name, value in self.environ.items() if value.strip()} - known
        found |= {name.removeprefix(OWN) for name in names if name.startswith(OWN)}
        return tuple(sorted(found))

    def github(self, api: str) -> Credential | None:
        """The token for a GitHub API address; None if there is none.

        Raises:
            CredentialError: the first token that was found must not be used.
        """
        last = (lambda: None) if self.gh is None else partial(self.gh.token, api)
        return self._first_token("github", api, last)

    def npm(self, registry: str) -> Credential | None:
        """The token for a registry; None if there is none.

        Raises:
            CredentialError: the first token that was found must not be used.
        """
        return self._first_token("npm", registry, lambda: self._npmrc(registry))

    def _first_token(self, provider: str, base: str, last: Place) -> Found:
        return _first(
            lambda: self._stdin(provider),
            lambda: self._file(provider),
            lambda: systemd.provider_token(self.environ, provider),
            *(self._variable(provider, name) for name in variables(provider, base)),
            lambda: self._stored(provider, base),
            last,
        )

    def _stdin(self, provider: str) -> Credential | None:
        if self.stdin_for != provider:
            return None
        return piped(provider, self.stdin, "--token-stdin reads one line from it")

    def _file(self, provider: str) -> Credential | None:
        path = self.files.get(provider)
        if path is None:
            return None
        found = credential(provider, private_text(path), str(path))
        if found is None:
            raise CredentialError(f"{path} is empty")
        return found

    def _variable(self, provider: str, name: str) -> Place:
        return lambda: credential(provider, self.environ.get(name, ""), name)

    def _stored(self, provider: str, base: str, owner: str = "") -> Credential | None:
        if self.stored is None:
            return None
        login = self.as_login if provider == "github" else ""
        found = self.stored.find(provider, base, owner=owner, login=login)
        if found is None and login and not owner and self.gh is None:
            others = [one for one in self.stored.entries(provider, base) if not one.owner]
            if others:
                names = ", ".join(one.login for one in others)
                raise CredentialError(
                    f"the keyring has no token of {login} for {host_of(provider, base)}, but of"
                    f" {names}"
                )
        return found

    def _npmrc(self, registry: str) -> Credential | None:
        path = user_npmrc(self.environ, self.home)
        if path is None:
            return None
        return credential("npm", token_in(path, registry, self.environ), _shown(path, self.home))


def _first(*places: Place) -> Found:
    """What the first place gives that has something."""
    return next((found for place in places if (found := place()) is not None), None)


def _shown(path: Path, home: Path | None) -> str:
    if home is not None and path.is_relative_to(home):
        return f"~/{path.relative_to(home)}"
    return str(path)
