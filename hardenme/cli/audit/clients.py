"""From options and credentials to clients."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Self, TextIO

from hardenme.cli.audit.stored_tokens import stored_tokens
from hardenme.cli.audit.tokens import Tokens
from hardenme.cli.options.given import OptionValues
from hardenme.cli.options.trust import demand_file, trust_root
from hardenme.cli.terminal.guards import quiet_libraries
from hardenme.collectors.attested import Statements
from hardenme.collectors.github.client import GitHub, api_url
from hardenme.collectors.local.workstation import Workstation
from hardenme.collectors.mail.client import MailLookups
from hardenme.collectors.npm.client import Npm
from hardenme.collectors.npm.observed import Observations
from hardenme.collectors.npm.presence import Presence
from hardenme.collectors.transport.bounds import Bounds
from hardenme.collectors.transport.cache import Cache
from hardenme.collectors.transport.origin import base_url
from hardenme.collectors.transport.pace import Budget
from hardenme.collectors.transport.session import Wait
from hardenme.collectors.transport.shared_pause import SharedPause
from hardenme.config.table.access import (
    AS,
    CA_FILE,
    CACHE,
    GITHUB_URL,
    NPM_REGISTRY,
    STDIN,
    TOKEN_FILE,
    TRUST_ROOT,
    USE_GH,
)
from hardenme.config.table.selection import MAX_WAIT, RATE_BUDGET
from hardenme.credentials.app import InstallationToken
from hardenme.credentials.chain import TokenChain
from hardenme.credentials.gh import Gh
from hardenme.engine.clients import Clients
from hardenme.facts.npm.site import REGISTRY
from hardenme.ground.errors import UsageError
from hardenme.ground.places import cache_folder, home, state_folder
from hardenme.model.secret import Secret
from hardenme.store.attestations import load

PAUSES = "pauses"
"""The folder of pauses, in the state folder."""
LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Connection:
    """Whom to ask, and how.

    Attributes:
        github_url: the address of GitHub's API.
        npm_registry: the address of the registry.
        web: the address of GitHub's pages; empty to derive it.
        shown_registry: the registry that commands name; empty for the one that is asked.
        cache: where answers are kept; None for nowhere.
        bounds: of time and size; None for the usual ones.
        ca_file: certificate authorities in place of the usual ones; empty for these.
        trust_root: what provenance is verified by, as JSON; empty for the public trust root.
        on_wait: called when a rate limit is waited out.
        budget: how much of what GitHub allows each token may use; None for all of it.
        presence: asks a person for npm's 2FA; None for no one.
        observations: what earlier runs read with it; None for nothing.
        statements: what a person has stated; None for nothing.
    """

    github_url: str
    npm_registry: str
    web: str = ""
    shown_registry: str = ""
    cache: Cache | None = None
    bounds: Bounds | None = None
    ca_file: str = ""
    trust_root: str = ""
    on_wait: Callable[[Wait], None] | None = None
    budget: Budget | None = None
    presence: Presence | None = None
    observations: Observations | None = None
    statements: Statements | None = None

    @classmethod
    def of(
        cls,
        given: OptionValues,
        *,
        on_wait: Callable[[Wait], None],
        presence: Presence | None,
        observations: Observations,
    ) -> Self:
        """The connection of a run, as the options name it; `Connection` says what the others are.

        Raises:
            UsageError: an option is not of its form.
        """
        with given.naming_origins():
            demand_file(given[CA_FILE])
            return cls(
                *hosts_of(given),
                cache=Cache(cache_folder()) if given[CACHE] else None,
                bounds=Bounds(patience=float(given[MAX_WAIT])),
                ca_file=given[CA_FILE],
                trust_root=trust_root(given[TRUST_ROOT]),
                on_wait=on_wait,
                budget=_budget(given[RATE_BUDGET]),
                presence=presence,
                observations=observations,
                statements=load(state_folder()),
            )

    @property
    def hosts(self) -> tuple[str, str]:
        """Who is asked."""
        return self.github_url, self.npm_registry


def _budget(text: str) -> Budget | None:
    if not text:
        return Budget()
    if text == "off":
        return None
    if not re.fullmatch(r"[1-9][0-9]{0,5}", text):
        raise UsageError(f"--rate-budget takes a number of requests an hour, or off; not {text!r}")
    return Budget(most=int(text))


def hosts_of(given: OptionValues) -> tuple[str, str]:
    """The addresses of GitHub's API and of the npm registry that the options name.

    Raises:
        UsageError: one is not an address that hardenme asks.
    """
    return api_url(given[GITHUB_URL]), base_url(given[NPM_REGISTRY] or REGISTRY)


def clients(connection: Connection, found: Tokens) -> Clients:
    """The clients for these credentials; nothing is asked yet."""
    quiet_libraries()
    for whom, source in found.sources().items():
        LOG.debug("%s: the credential is from %s", whom, source)
    npm = found.npm
    by_owner = {owner: github(connection, own.secret) for owner, own in found.owners.items()}
    for owner, app in found.installed.items():
        token = app.installed_on(
            owner, connection.github_url, bounds=connection.bounds, ca_file=connection.ca_file
        )
        pause = SharedPause(state_folder() / PAUSES, f"{connection.github_url} app {app.number}")
        by_owner[owner] = github(connection, token, pause)
    return Clients(
        github=github(connection, found.github.secret) if found.github else None,
        github_by_owner=by_owner,
        npm=Npm.connect(
            connection.npm_registry,
            npm.secret if npm else None,
            shown=connection.shown_registry,
            cache=connection.cache,
            bounds=connection.bounds,
            ca_file=connection.ca_file,
            trust_root=connection.trust_root,
            on_wait=connection.on_wait,
            presence=connection.presence,
            observations=connection.observations,
        ),
        others={
            "mail": MailLookups.public(connection.ca_file),
            "local": Workstation.here(),
            "attested": connection.statements or Statements(),
        },
        sources=found.sources(),
    )


def github(
    connection: Connection,
    secret: Secret | InstallationToken,
    pause: SharedPause | None = None,
) -> GitHub:
    """GitHub as one credential sees it; nothing is asked yet.

    Args:
        pause: what processes of this machine share that ask with it; None for nothing.
    """
    return GitHub.connect(
        connection.github_url,
        secret,
        web=connection.web,
        cache=connection.cache,
        bounds=connection.bounds,
        ca_file=connection.ca_file,
        on_wait=connection.on_wait,
        budget=connection.budget,
        pause=pause,
    )


def token_files(options: Iterable[str]) -> dict[str, Path]:
    """The files that `--token-file PROVIDER:PATH` names.

    Raises:
        UsageError: it is not of that form.
    """
    files: dict[str, Path] = {}
    for option in options:
        provider, colon, path = option.partition(":")
        if provider not in {"github", "npm"} or not colon or not path:
            raise UsageError(
                "--token-file takes github:PATH or npm:PATH, a file that only you can read"
            )
        try:
            files[provider] = Path(path).expanduser()
        except RuntimeError:
            raise UsageError(f"--token-file {path}: there is no such home") from None
    return files


def token_chain(given: OptionValues, stdin: TextIO | None) -> TokenChain:
    """The places where tokens are looked for, as the options name them.

    Raises:
        UsageError: an option is not of its form.
    """
    if given[STDIN] not in {"", "github", "npm"}:
        raise UsageError("--token-stdin takes github or npm")
    environ = dict(os.environ)
    return TokenChain(
        environ,
        home(),
        stdin,
        given[STDIN],
        token_files(given[TOKEN_FILE]),
        stored_tokens(),
        given[AS],
        Gh(environ, given.console.say) if given[USE_GH] else None,
    )
