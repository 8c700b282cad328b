"""`hardenme auth login`: from the least sufficient token to one in the keyring."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TextIO

from hardenme.cli.audit.clients import Connection, clients
from hardenme.cli.audit.stored_tokens import stored_tokens
from hardenme.cli.audit.tokens import Tokens
from hardenme.cli.auth.least_token import guide
from hardenme.cli.auth.npm_web_login import npm_session
from hardenme.cli.options.given import split
from hardenme.cli.options.least_token import LeastTokenOptions
from hardenme.cli.options.trust import demand_file
from hardenme.cli.output.forms import style_of
from hardenme.cli.terminal.console import Console
from hardenme.cli.terminal.token_prompt import typed
from hardenme.collectors.github.client import api_url
from hardenme.collectors.npm.session_token import LIFE
from hardenme.collectors.transport.origin import base_url
from hardenme.collectors.transport.response import NoAnswerError
from hardenme.credentials.chain import variables
from hardenme.credentials.keyring import SAFE_WAYS, KeyringError
from hardenme.credentials.stored import StoredTokens, host_of, place_of
from hardenme.credentials.token import Credential
from hardenme.engine.catalogue import select
from hardenme.engine.plan import Selection, plan
from hardenme.engine.target import Target
from hardenme.facts.github.token import APP_USER, FINE_GRAINED, INSTALLATION
from hardenme.facts.npm.account import GRANULAR, SESSION
from hardenme.facts.npm.site import REGISTRY
from hardenme.ground import clock
from hardenme.ground.errors import CredentialError, UsageError
from hardenme.ground.exit_code import Exit
from hardenme.ground.names import LOGIN
from hardenme.model.grant import PROVIDERS, Grant
from hardenme.model.least import LeastToken
from hardenme.model.pages import GITHUB_WEB, web_url
from hardenme.model.stored_token import KeyringToken
from hardenme.model.token_status import TokenStatus
from hardenme.model.unknown import PASSING, Reason, Unknown
from hardenme.reports.token_status import of_one, why_not
from hardenme.rights.permissions import permissions
from hardenme.rights.token_status import Examination

NO_KEYRING = (
    "There is no usable keyring here, so hardenme stores nothing. Make the token on the page above,"
    " on any machine with a browser. Then keep it in one of these two ways:"
)
IN_A_FILE = "1. In a file only you can read. Paste the token, press Enter, then Ctrl-D:"
BY_A_MANAGER = "2. In a password manager that fills a variable for one command:"


def keeping(console: Console, provider: str, options: str) -> None:
    """Put before a person where to keep a token that hardenme cannot store.

    Args:
        console: the terminal; it all goes to standard error.
        provider: `github` or `npm`.
        options: what `hardenme check` needs to ask the same host; empty for the provider's own.
    """
    file = f"~/.config/hardenme/{provider}-token"
    check = f"hardenme check{options}"
    console.say(NO_KEYRING)
    console.put(
        f"  {IN_A_FILE}",
        f"     mkdir -p ~/.config/hardenme && (umask 077 && cat > {file})",
        f"     {check} --token-file {provider}:{file}",
        f"  {BY_A_MANAGER}",
        f'     HARDENME_{provider.upper()}_TOKEN="$(pass show {provider})" {check}',
        "",
    )


SHORT_LIVED = frozenset({INSTALLATION, APP_USER})
"""Tokens of apps: they end within hours, and are renewed by the app."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginOptions:
    """The arguments and options, as they were typed.

    Attributes:
        provider: `github` or `npm`.
        host: another than the provider's own; empty for that, or for the configured one.
        configured: the host of each provider that the configuration names.
        owner: whose things the token is for alone; empty for a general one.
        as_login: the account that it must be of; empty for any.
        select: the checks that it is for; none for all.
        read_only: of npm: a read-only token in place of a session.
        days: how long a token lives that the link makes.
        ca_file: certificate authorities in place of the usual ones; empty for these.
    """

    provider: str
    host: str = ""
    configured: Mapping[str, str] = field(default_factory=dict)
    owner: str = ""
    as_login: str = ""
    select: tuple[str, ...] = ()
    read_only: bool = False
    days: int = 30
    ca_file: str = ""

    def base(self) -> str:
        """The address that the token belongs to.

        Raises:
            UsageError: an option is not of its form, or does not fit the others.
        """
        if self.owner and self.provider == "npm":
            raise UsageError("--owner is for GitHub: a token of npm has no owner but its account")
        if self.owner and not LOGIN.fullmatch(self.owner):
            raise UsageError(f"--owner takes a GitHub login; not {self.owner!r}")
        if self.read_only and self.provider == "github":
            raise UsageError(
                "--read-only is for npm: GitHub's link asks for read-only rights anyway"
            )
        demand_file(self.ca_file)
        return base_of(self.provider, self.named)

    @property
    def named(self) -> str:
        """The host that was typed, else the configured one; empty for the provider's own."""
        return self.host or self.configured.get(self.provider, "")

    def plan(self) -> Selection:
        """The checks that the token is for.

        Raises:
            UsageError: a name picks no check.
        """
        return plan(select(split(self.select)))

    @property
    def target(self) -> Target:
        """What the token is for."""
        return Target.parse(f"github:{self.owner}" if self.owner else "me")


def base_of(provider: str, host: str) -> str:
    """The base address that a user names by a host or an address; empty for the provider's own.

    Raises:
        UsageError: there is no such provider, or hardenme does not talk to that address.
    """
    if provider not in PROVIDERS:
        raise UsageError(f"auth takes github or npm; not {provider!r}")
    own = GITHUB_WEB if provider == "github" else REGISTRY
    named = host or own
    address = named if "://" in named else f"https://{named}"
    return api_url(address) if provider == "github" else base_url(address)


def log_in(console: Console, wanted: LoginOptions, stdin: TextIO | None) -> int:
    """Guide, read, look at the token, store it; returns the exit code."""
    with storing():
        return _Login(console, wanted, stdin, wanted.base(), wanted.plan(), stored_tokens()).run()


@contextmanager
def storing() -> Iterator[None]:
    """Have an error about a credential say that nothing was stored."""
    try:
        yield
    except CredentialError as error:
        raise CredentialError(f"nothing was stored: {error}", error.exit_code) from None


@dataclass(frozen=True, slots=True)
class _Login:
    """One token on its way to the keyring."""

    console: Console
    wanted: LoginOptions
    stdin: TextIO | None
    base: str
    plan: Selection
    stored: StoredTokens

    def run(self) -> int:
        # Before anyone makes a token: where it cannot be kept, there is no use in making one.
        try:
            self.stored.keyring.backend_name()
        except KeyringError as error:
            if not self._watched:
                raise
            self._without_keyring()
            # The lines above show where to keep the token.
            raise CredentialError(str(error).removesuffix(f"; {SAFE_WAYS}")) from None
        self.stored.entries()
        if self.stored.fault:
            raise CredentialError(self.stored.fault)
        found = self._credential()
        status = self._status(found)
        grant = self._accepted(status)
        entry = self._entry(grant)
        before = self._listed(entry)
        self.stored.put(entry, found.secret)
        style = style_of(self.console)
        self.console.print(of_one(replace(status, source=place_of(entry)), style))
        self._close(entry, replaced=before)
        return Exit.CLEAN

    @property
    def _watched(self) -> bool:
        """Whether a person is at a terminal."""
        return self.stdin is not None and self.stdin.isatty()

    def _without_keyring(self) -> None:
        """Show the link first, then where to keep the token."""
        self._guide()
        own = base_of(self.wanted.provider, "")
        option = "--github-url" if self.wanted.provider == "github" else "--npm-registry"
        options = "" if self.base == own else f" {option} {self.base}"
        keeping(self.console, self.wanted.provider, options)

    def _guide(self) -> None:
        least = self._least()
        if least is not None:
            host = host_of(self.wanted.provider, self.base)
            guide(self.console, least, host, self._asked.line)

    def _credential(self) -> Credential:
        """The credential that the person enters, after instructions."""
        watched = self._watched
        if self.wanted.provider == "npm" and watched and not self.wanted.read_only:
            return self._session()
        if watched:
            self._guide()
        return typed(self.console, self.stdin, self.wanted.provider, "Token (it is not shown): ")

    def _session(self) -> Credential:
        """A session of npm's web login."""
        if self.stdin is None:
            raise CredentialError("there is no terminal", Exit.USAGE)
        try:
            secret = npm_session(self.console, self.stdin, self.base, self.wanted.ca_file)
        except CredentialError as error:
            raise CredentialError(
                f"{error}; make a token there and pipe it in, or use --read-only"
            ) from None
        except NoAnswerError as error:
            raise CredentialError(error.unknown.needed, Exit.UNKNOWN) from None
        return Credential("npm", secret, "npm's web login")

    def _least(self) -> LeastToken | None:
        target = (self.wanted.target,)
        if self.wanted.provider == "npm":
            found = permissions(self.plan, target, registry=self.base, days=self.wanted.days)
            return found.of(GRANULAR)
        found = permissions(self.plan, target, web=web_url(self.base), days=self.wanted.days)
        return found.of(FINE_GRAINED, self.wanted.owner)

    @property
    def _asked(self) -> LeastTokenOptions:
        """What `hardenme permissions` would be asked for the same token."""
        wanted, github = self.wanted, self.wanted.provider == "github"
        return LeastTokenOptions(
            targets=(wanted.target.text,),
            select=wanted.select,
            days=wanted.days,
            github_url=(wanted.named if github else "") or GITHUB_WEB,
            npm_registry="" if github or self.base == REGISTRY else self.base,
        )

    def _status(self, found: Credential) -> TokenStatus:
        """What the token is good for; it is shown to its own host alone."""
        github = self.wanted.provider == "github"
        owner = self.wanted.owner.lower()
        tokens = Tokens(
            github=found if github and not owner else None,
            npm=None if github else found,
            owners={owner: found} if github and owner else {},
        )
        connection = Connection(
            self.base if github else base_of("github", ""),
            base_of("npm", "") if github else self.base,
            ca_file=self.wanted.ca_file,
        )
        examination = Examination(
            self.plan,
            (self.wanted.target,),
            clients(connection, tokens),
            self.wanted.days,
        )
        return next(examination.statuses())

    def _accepted(self, status: TokenStatus) -> Grant:
        """What the provider says of a token that it takes, and that is fit to be stored.

        Raises:
            CredentialError: it is not.
        """
        grant = status.grant
        if grant is None or grant.refused is not None:
            why = Unknown(Reason.UNREACHABLE, "an answer") if grant is None else grant.refused
            code = Exit.UNKNOWN if why and why.reason in PASSING else Exit.NO_CREDENTIAL
            raise CredentialError(why_not(why) if why else "", code)
        if grant.kind in SHORT_LIVED:
            raise CredentialError(
                "the token of an app expires within hours; give it to a run in a variable, or start"
                " hardenme as the app with --app-id and --app-key"
            )
        if not isinstance(grant.identity, str):
            needed = grant.identity.needed if grant.identity else "an account behind the token"
            raise CredentialError(f"it is not known whose token this is: it takes {needed}")
        expected = self.wanted.as_login
        if expected and expected.lower() != grant.identity.lower():
            raise CredentialError(f"the token belongs to {grant.identity}, not to {expected}")
        return grant

    def _entry(self, grant: Grant) -> KeyringToken:
        now = clock.now().replace(microsecond=0)
        ends = grant.expires_at if isinstance(grant.expires_at, datetime) else None
        if grant.kind == SESSION and self.base == REGISTRY:
            ends = now + LIFE
        return KeyringToken(
            provider=self.wanted.provider,
            base=self.base,
            login=str(grant.identity),
            owner=self.wanted.owner.lower(),
            kind=grant.kind if isinstance(grant.kind, str) else self._meant,
            stored_at=now,
            expires_at=ends,
        )

    @property
    def _meant(self) -> str:
        """The requested kind, where the provider does not show it."""
        return GRANULAR if self.wanted.read_only else ""

    def _listed(self, entry: KeyringToken) -> bool:
        """Whether a token of the same account is stored already."""
        return any(one.key == entry.key for one in self.stored.entries())

    def _close(self, entry: KeyringToken, *, replaced: bool) -> None:
        """Print what is stored, and what may take precedence over it."""
        say = self.console.say
        say(f"stored in {place_of(entry)}")
        if replaced:
            say("it replaces the token that was stored before, which stays valid until it expires")
        for name in variables(entry.provider, entry.base, entry.owner):
            if self.console.environ.get(name, "").strip():
                say(f"{name} is set and comes before the keyring; unset it to use what is stored")
        if entry.provider == "npm" and entry.kind == SESSION:
            host = f" --host {self.wanted.named}" if self.wanted.named else ""
            ends = f"`hardenme auth logout npm{host}` ends it"
            lasts = f"a session lasts for two hours; {ends} sooner"
            say(lasts if entry.base == REGISTRY else f"a session can be ended: {ends}")
