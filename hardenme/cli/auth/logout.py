"""`hardenme auth logout`: removes stored tokens, and says what could not be removed."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from hardenme.cli.audit.stored_tokens import stored_tokens
from hardenme.cli.auth.login import base_of
from hardenme.cli.options.trust import demand_file
from hardenme.cli.terminal.console import Console
from hardenme.collectors.npm.client import Npm
from hardenme.collectors.npm.session_token import log_out as end_session
from hardenme.collectors.transport.cache import Cache
from hardenme.credentials.chain import TokenChain
from hardenme.credentials.stored import StoredTokens, place_of
from hardenme.facts.github.token import CLASSIC, OAUTH
from hardenme.facts.npm.account import SESSION
from hardenme.ground import clock
from hardenme.ground.errors import CredentialError
from hardenme.ground.exit_code import Exit
from hardenme.ground.places import cache_folder, home, state_folder
from hardenme.model.pages import github_page, web_url
from hardenme.model.stored_token import KeyringToken
from hardenme.store.observations import NAME as OBSERVATIONS

PAGES = {CLASSIC: "account-classic-tokens", OAUTH: "account-oauth-grants"}
"""Where a GitHub token is deleted; fine-grained tokens have the page that is left."""

JOURNALS = "*.journal"
"""What runs leave that were interrupted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """Which tokens go.

    Attributes:
        provider: `github` or `npm`.
        base: the exact address.
        owner: the owner whose token alone goes; empty for all.
        login: the account whose tokens alone go; empty for all.
        ca_file: certificate authorities in place of the usual ones; empty for these.
    """

    provider: str
    base: str
    owner: str = ""
    login: str = ""
    ca_file: str = ""

    def covers(self, entry: KeyringToken) -> bool:
        """Whether a stored token goes."""
        return (
            (entry.provider, entry.base) == (self.provider, self.base)
            and self.owner.lower() in {"", entry.owner}
            and self.login.lower() in {"", entry.login.lower()}
        )


def log_out(  # noqa: PLR0913 (the options of the command)
    console: Console, provider: str, *, host: str, owner: str, as_login: str, ca_file: str
) -> int:
    """Remove tokens; returns the exit code."""
    demand_file(ca_file)
    base = base_of(provider, host)
    leaving = Leaving(provider=provider, base=base, owner=owner, login=as_login, ca_file=ca_file)
    return _Logout(console, leaving, stored_tokens(), dict(os.environ)).run()


@dataclass(frozen=True, slots=True)
class _Logout:
    """The removal."""

    console: Console
    leaving: Leaving
    stored: StoredTokens
    environ: Mapping[str, str] = field(repr=False)

    def run(self) -> int:
        entries = [one for one in self.stored.entries() if self.leaving.covers(one)]
        if self.stored.fault:
            self.console.say(self.stored.fault)
        code = Exit.CLEAN if entries else Exit.NOTHING_MATCHED
        if self.stored.fault:
            # What the keyring holds is not known then.
            code = Exit.UNKNOWN
        for entry in entries:
            code = max(code, self._remove(entry), key=_severity)
        if entries:
            code = max(code, self._clear_cache(), key=_severity)
        elif not self.stored.fault:
            self.console.say("nothing is stored there")
        for line in self._left():
            self.console.say(line)
        return code

    def _remove(self, entry: KeyringToken) -> Exit:
        """End the token where that is possible, then take it out of the keyring."""
        unended = self._end(entry)
        try:
            self.stored.forget(entry)
        except CredentialError as error:
            self.console.say(f"{place_of(entry)} could not be erased: {error}")
            return Exit.NO_CREDENTIAL
        self.console.tell(f"removed from {place_of(entry)}\n")
        if unended:
            self.console.say(unended)
        return Exit.UNKNOWN if unended and entry.kind == SESSION else Exit.CLEAN

    def _end(self, entry: KeyringToken) -> str:
        """End an npm session; returns a remark on a token that stays valid."""
        if entry.kind == SESSION:
            why = self._end_session(entry)
            return (
                f"the session of {entry.login} could not be ended{_stays(entry)}: {why}"
                if why
                else ""
            )
        if _is_over(entry):
            return f"the token of {entry.login} ended by itself on {_moment(entry)}"
        until = f" until {_moment(entry)}" if entry.expires_at else ""
        if entry.provider == "github":
            name = PAGES.get(entry.kind, "account-fine-grained-tokens")
            page = github_page(web_url(entry.base), name)
            return f"the token of {entry.login} stays valid{until}: delete it at {page}"
        return (
            f"the token of {entry.login} stays valid{until}: `npm token list` names its key,"
            " and `npm token revoke KEY` ends it"
        )

    def _end_session(self, entry: KeyringToken) -> str:
        """End a session of npm; returns why it could not be."""
        try:
            found = self.stored.reveal(entry)
        except CredentialError as error:
            return str(error)
        return end_session(Npm.connect(entry.base, found.secret, ca_file=self.leaving.ca_file))

    def _clear_cache(self) -> Exit:
        """Cached answers are named by a mark of the token, so without it their owner is unknown."""
        cache = Cache(cache_folder())
        removed = cache.clear()
        if cache.folder.exists():
            self.console.say(f"not every kept answer could be removed from {cache.folder}")
            return Exit.UNKNOWN
        if removed:
            self.console.tell(f"removed {removed} files of kept answers, those of all tokens\n")
        folder = state_folder()
        for path in (folder / OBSERVATIONS, *sorted(folder.glob(JOURNALS))):
            if path.exists():
                self.console.say(f"{path} stays: it holds what an earlier run found, and no token")
        return Exit.CLEAN

    def _left(self) -> Iterator[str]:
        """Other places that still hold a token for the same address."""
        chain = TokenChain(self.environ, home())
        try:
            found = (
                chain.github(self.leaving.base)
                if self.leaving.provider == "github"
                else chain.npm(self.leaving.base)
            )
        except CredentialError as error:
            yield str(error)
            return
        if found is not None and not self.leaving.owner:
            yield f"{found.source} still holds a token for that address; it is not hardenme's"


def _is_over(entry: KeyringToken) -> bool:
    return entry.expires_at is not None and entry.expires_at <= clock.now()


def _moment(entry: KeyringToken) -> str:
    return f"{entry.expires_at:%Y-%m-%d %H:%M} UTC"


def _stays(entry: KeyringToken) -> str:
    """What is known about a session that was not ended."""
    if entry.expires_at is None:
        return " and may stay valid"
    over = _is_over(entry)
    return (
        f", but should be over since {_moment(entry)}"
        if over
        else (f" and stays valid until {_moment(entry)}")
    )


def _severity(code: Exit) -> int:
    """How bad an outcome is, the worst highest."""
    return (Exit.CLEAN, Exit.NOTHING_MATCHED, Exit.UNKNOWN, Exit.NO_CREDENTIAL).index(code)
