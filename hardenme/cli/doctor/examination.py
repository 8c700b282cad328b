"""What `hardenme doctor` looks at."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from hardenme import __version__
from hardenme.cli.audit.clients import Connection, clients
from hardenme.cli.audit.stored_tokens import stored_tokens
from hardenme.cli.audit.tokens import Tokens, job_limits
from hardenme.cli.doctor.surroundings import surroundings
from hardenme.cli.options.variables import AskedHosts
from hardenme.cli.terminal.console import Console
from hardenme.collectors.github.client import GitHub, api_url
from hardenme.collectors.transport.origin import base_url
from hardenme.config.load import Loaded
from hardenme.credentials.chain import TokenChain
from hardenme.credentials.gh import Gh
from hardenme.credentials.stored import StoredTokens, host_of, user_of
from hardenme.credentials.token import Credential
from hardenme.engine.catalogue import catalogue
from hardenme.engine.identity import Who, github_who, npm_who
from hardenme.facts.github import endpoints
from hardenme.facts.npm.site import REGISTRY
from hardenme.ground.distribution import install
from hardenme.ground.errors import CredentialError, OutputError
from hardenme.ground.exit_code import Exit
from hardenme.ground.files import PrivateFile
from hardenme.ground.places import cache_folder, home, state_folder
from hardenme.reports.doctor import DoctorRows

EXTRAS = {
    "dns": "dns",
    "provenance": "sigstore",
    "notify": "apprise",
    "fleet": "fsspec",
    "fleet-dask": "distributed",
}
"""A module of each extra."""
EXPIRY = "github-authentication-token-expiration"


def examine(  # noqa: PLR0913 (the options of the command)
    rows: DoctorRows,
    console: Console,
    github: str,
    registry: str,
    *,
    ca_file: str,
    use_gh: bool,
    offline: bool,
    loaded: Loaded | None = None,
) -> int:
    """Add what a run would use; 0 if a token works, 4 where none does, 2 for bad options."""
    github_url, npm_url = api_url(github), base_url(registry or REGISTRY)
    rows.heading("This installation")
    rows.row(
        "hardenme", f"{__version__}, {len(catalogue())} checks; a run counts those that it selects"
    )
    rows.row("Python", f"{platform.python_version()} on {sys.platform}")
    rows.row("output", f"{getattr(console.out, 'encoding', '?')}, {console.width} columns")
    rows.row("cache", _writable(cache_folder()))
    rows.row("state", _writable(state_folder()))
    for extra, module in EXTRAS.items():
        missing = f"not installed: {install(extra)}"
        rows.row(f"{extra} extra", "installed" if find_spec(module) else missing)
    surroundings(rows, AskedHosts(github_url, npm_url, ca_file), loaded)
    rows.heading("Tokens and accounts")
    found = _tokens(rows, console, github_url, npm_url, use_gh=use_gh)
    if offline:
        return Exit.CLEAN if any(found.secrets()) else Exit.NO_CREDENTIAL
    connected = clients(Connection(github_url, npm_url, ca_file=ca_file), found)
    good = []
    if connected.github is not None:
        good.append(_account(rows, "GitHub", github_who(connected.github)))
        if good[-1]:
            _github_details(rows, "GitHub token", connected.github)
    for owner, client in connected.github_by_owner.items():
        good.append(_account(rows, f"GitHub {owner}", github_who(client)))
        if good[-1]:
            _github_details(rows, f"GitHub {owner} token", client)
    if found.npm is not None:
        good.append(_account(rows, "npm", npm_who(connected.npm)))
    return Exit.CLEAN if any(good) else Exit.NO_CREDENTIAL


def _writable(folder: Path) -> str:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        PrivateFile(folder / "probe").discard()
    except (OSError, OutputError) as error:
        return f"{folder} cannot be written ({type(error).__name__})"
    return str(folder)


def _tokens(
    rows: DoctorRows, console: Console, github_url: str, npm_url: str, *, use_gh: bool
) -> Tokens:
    """The tokens that a check would find, one row each."""
    environ, stored = dict(os.environ), stored_tokens()
    rows.row("stored tokens", _stored(stored))
    gh = Gh(environ, console.say) if use_gh else None
    chain = TokenChain(environ, home(), stored=stored, gh=gh)
    github = _find(rows, "GitHub token", lambda: chain.github(github_url))
    npm = _find(rows, "npm token", lambda: chain.npm(npm_url))
    owners = {}
    for owner in _owners(chain, github_url):
        look = partial(chain.github_of, owner, github_url)
        own = _find(rows, f"GitHub token {owner}", look)
        if own is not None:
            owners[owner] = own
    found = Tokens(github, npm, owners)
    for told in job_limits(found, environ):
        rows.row("limits", told)
    return found


def _stored(stored: StoredTokens) -> str:
    """The entries of the keyring, which is not opened for it."""
    named = [
        f"{user_of(entry.login, entry.owner)} on {host_of(entry.provider, entry.base)}"
        for entry in stored.entries()
    ]
    return stored.fault or ", ".join(named) or "none"


def _owners(chain: TokenChain, api: str) -> tuple[str, ...]:
    try:
        return chain.owners(api)
    except CredentialError:
        # The row of the general token has shown it.
        return ()


def _find(rows: DoctorRows, name: str, look: Callable[[], Credential | None]) -> Credential | None:
    try:
        found = look()
    except CredentialError as error:
        rows.row(name, f"refused: {error}")
        return None
    rows.row(name, f"from {found.source}" if found else "none found")
    return found


def _account(rows: DoctorRows, name: str, who: Who) -> bool:
    if who.refused is not None:
        rows.row(f"{name} account", f"unknown: {who.refused.needed} ({who.refused.seen})")
        return False
    kind = f" ({who.kind})" if who.kind else ""
    rows.row(f"{name} account", f"{who.login}{kind}")
    return True


def _github_details(rows: DoctorRows, name: str, github: GitHub) -> None:
    headers = github.get(endpoints.ACCOUNT.at()).headers
    rows.row(f"{name} expires", headers.get(EXPIRY, "never, or GitHub does not say"))
    if "x-oauth-scopes" in headers:
        rows.row(f"{name} scopes", headers["x-oauth-scopes"] or "none")
