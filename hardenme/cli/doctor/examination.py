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
from hardenme.cli.doctor.surroundings import heading, row, surroundings
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

EXPIRY = "github-authentication-token-expiration"


def examine(  # noqa: PLR0913 (the options of the command)
    console: Console,
    github: str,
    registry: str,
    *,
    ca_file: str,
    use_gh: bool,
    offline: bool,
    loaded: Loaded | None = None,
) -> int:
    """Print what was found; 0 where a token is of use, 4 where none is, 2 for bad options."""
    github_url, npm_url = api_url(github), base_url(registry or REGISTRY)
    row(console, "hardenme", f"{__version__}, {len(catalogue())} checks")
    row(console, "Python", f"{platform.python_version()} on {sys.platform}")
    row(console, "output", f"{getattr(console.out, 'encoding', '?')}, {console.width} columns")
    row(console, "cache", _writable(cache_folder()))
    row(console, "state", _writable(state_folder()))
    for extra, module in (("dns", "dns"), ("provenance", "sigstore"), ("notify", "apprise")):
        missing = f"not installed: {install(extra)}"
        row(console, f"{extra} extra", "installed" if find_spec(module) else missing)
    surroundings(console, AskedHosts(github_url, npm_url, ca_file), loaded)
    heading(console, "Tokens and accounts")
    found = _tokens(console, github_url, npm_url, use_gh=use_gh)
    if offline:
        return Exit.CLEAN if any(found.secrets()) else Exit.NO_CREDENTIAL
    connected = clients(Connection(github_url, npm_url, ca_file=ca_file), found)
    good = []
    if connected.github is not None:
        good.append(_account(console, "GitHub", github_who(connected.github)))
        if good[-1]:
            _github_details(console, "GitHub token", connected.github)
    for owner, client in connected.github_by_owner.items():
        good.append(_account(console, f"GitHub {owner}", github_who(client)))
        if good[-1]:
            _github_details(console, f"GitHub {owner} token", client)
    if found.npm is not None:
        good.append(_account(console, "npm", npm_who(connected.npm)))
    return Exit.CLEAN if any(good) else Exit.NO_CREDENTIAL


def _writable(folder: Path) -> str:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        PrivateFile(folder / "probe").discard()
    except (OSError, OutputError) as error:
        return f"{folder} cannot be written ({type(error).__name__})"
    return str(folder)


def _tokens(console: Console, github_url: str, npm_url: str, *, use_gh: bool) -> Tokens:
    """The tokens that a check would find, each told of in a row."""
    environ, stored = dict(os.environ), stored_tokens()
    row(console, "stored tokens", _stored(stored))
    gh = Gh(environ, console.say) if use_gh else None
    chain = TokenChain(environ, home(), stored=stored, gh=gh)
    github = _find(console, "GitHub token", lambda: chain.github(github_url))
    npm = _find(console, "npm token", lambda: chain.npm(npm_url))
    owners = {}
    for owner in _owners(chain, github_url):
        look = partial(chain.github_of, owner, github_url)
        own = _find(console, f"GitHub token {owner}", look)
        if own is not None:
            owners[owner] = own
    found = Tokens(github, npm, owners)
    for told in job_limits(found, environ):
        row(console, "limits", told)
    return found


def _stored(stored: StoredTokens) -> str:
    """What lies in the keyring, which is not opened for it."""
    named = [
        f"{user_of(entry.login, entry.owner)} on {host_of(entry.provider, entry.base)}"
        for entry in stored.entries()
    ]
    return stored.fault or ", ".join(named) or "none"


def _owners(chain: TokenChain, api: str) -> tuple[str, ...]:
    try:
        return chain.owners(api)
    except CredentialError:
        # The row of the general token has told it.
        return ()


def _find(console: Console, name: str, look: Callable[[], Credential | None]) -> Credential | None:
    try:
        found = look()
    except CredentialError as error:
        row(console, name, f"refused: {error}")
        return None
    row(console, name, f"from {found.source}" if found else "none found")
    return found


def _account(console: Console, name: str, who: Who) -> bool:
    if who.refused is not None:
        row(console, f"{name} account", f"unknown: {who.refused.needed} ({who.refused.seen})")
        return False
    kind = f" ({who.kind})" if who.kind else ""
    row(console, f"{name} account", f"{who.login}{kind}")
    return True


def _github_details(console: Console, name: str, github: GitHub) -> None:
    headers = github.get(endpoints.ACCOUNT.at()).headers
    row(console, f"{name} expires", headers.get(EXPIRY, "never, or GitHub does not say"))
    if "x-oauth-scopes" in headers:
        row(console, f"{name} scopes", headers["x-oauth-scopes"] or "none")
