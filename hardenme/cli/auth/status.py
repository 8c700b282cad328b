"""`hardenme auth status`: what the tokens in use are good for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TextIO

from hardenme.cli.audit.clients import Connection, clients, hosts_of, token_chain
from hardenme.cli.audit.tokens import Tokens
from hardenme.cli.options.given import OptionValues, split
from hardenme.cli.options.least_token import LeastTokenOptions
from hardenme.cli.options.trust import demand_file
from hardenme.cli.output.delivery import JSON
from hardenme.cli.output.forms import form_asked, show_form
from hardenme.cli.output.place import output_file
from hardenme.cli.terminal.console import Console
from hardenme.cli.terminal.sign_on import say_sign_on
from hardenme.config.table.access import (
    CA_FILE,
)
from hardenme.config.table.selection import FOR, IGNORE, SELECT
from hardenme.credentials.actions import limits
from hardenme.credentials.chain import TokenChain, own_variable
from hardenme.credentials.stored import StoredTokens, host_of, user_of
from hardenme.credentials.token import Credential
from hardenme.engine.catalogue import select
from hardenme.engine.clients import Clients
from hardenme.engine.plan import plan
from hardenme.engine.target import Target
from hardenme.ground import clock
from hardenme.ground.errors import CredentialError
from hardenme.ground.exit_code import Exit
from hardenme.model.token_status import TokenStatus
from hardenme.model.unknown import PASSING
from hardenme.reports.token_status import FORMS, TokensShown, render
from hardenme.rights.token_status import Examination

Look = Callable[[], Credential | None]
NONE = (
    "no token was found; `{}` shows which is enough, and `hardenme auth login github` and"
    " `hardenme auth login npm` store one"
)


def show_status(given: OptionValues, stdin: TextIO | None) -> int:
    """Look at every token that a check would find, and show what it is good for."""
    console, delivery = given.console, form_asked(given, FORMS)
    github_url, registry = hosts_of(given)
    demand_file(given[CA_FILE])
    planned = plan(select(split(given[SELECT]), split(given[IGNORE])))
    targets = tuple(dict.fromkeys(Target.parse(text) for text in given[FOR] or ("me",)))
    places = token_chain(given, stdin)
    found = _Found(github_url, registry)
    found.look(places, targets)
    connected = clients(Connection(github_url, registry, ca_file=given[CA_FILE]), found.tokens)
    looked_at = Examination(planned, targets, connected).statuses()
    statuses = [*found.faults, *(found.noted(status, places.environ) for status in looked_at)]
    sent = _sent(connected)
    shown = TokensShown(tuple(statuses), sent, clock.now())
    if statuses or delivery.output_format == JSON:
        with output_file(delivery) as place:
            if show_form(console, delivery, place, shown, render) is not Exit.CLEAN:
                return Exit.USAGE
    say_sign_on(console, connected)
    _elsewhere(console, places.stored, (github_url, registry))
    if places.fault:
        console.say(places.fault)
    elif not statuses:
        console.say(NONE.format(LeastTokenOptions.of(given).line))
    return _code(statuses)


@dataclass(slots=True)
class _Found:
    """The tokens that a check would find, and those that must not be used."""

    github_url: str
    registry: str
    tokens: Tokens = field(default_factory=Tokens)
    faults: list[TokenStatus] = field(default_factory=list)

    def look(self, places: TokenChain, targets: tuple[Target, ...]) -> None:
        """Look in every place, for all owners that have a token of their own."""
        github = self._one("github", lambda: places.github(self.github_url))
        npm = self._one("npm", lambda: places.npm(self.registry))
        named = {t.name.partition("/")[0].lower() for t in targets if t.provider == "github"}
        owners: dict[str, Credential] = {}
        for owner in sorted({*named, *self._owners(places, named)}):
            own = self._one("github", partial(places.github_of, owner, self.github_url), owner)
            if own is not None:
                owners[owner] = own
        self.tokens = Tokens(github, npm, owners)

    def noted(self, status: TokenStatus, environ: Mapping[str, str]) -> TokenStatus:
        """The status with additional remarks for the holder of the token."""
        own = {"github": self.tokens.github, "npm": self.tokens.npm}[status.provider]
        token = self.tokens.owners[status.owner] if status.owner else own
        said = limits(token, environ) if token is not None else ""
        return replace(status, notes=(said,)) if said else status

    def _owners(self, places: TokenChain, named: Collection[str]) -> Iterator[str]:
        """The owners that have a token of their own, in addition to those that are named."""
        try:
            found = places.owners(self.github_url)
        except CredentialError:
            # The general token has shown it.
            return
        variables = {own_variable(owner) for owner in named}
        for owner in found:
            if owner == owner.lower():
                yield owner
            elif own_variable(owner) not in variables:
                # A variable's name: most logins that it may encode have dashes.
                yield owner.lower().replace("_", "-")

    def _one(self, provider: str, look: Look, owner: str = "") -> Credential | None:
        try:
            return look()
        except CredentialError as error:
            address = self.github_url if provider == "github" else self.registry
            self.faults.append(
                TokenStatus(
                    provider=provider, address=address, source="", owner=owner, fault=str(error)
                )
            )
            return None


def _sent(connected: Clients) -> int:
    used = (connected.github, connected.npm, *connected.github_by_owner.values())
    return sum(client.session.meter.sent for client in used if client is not None)


def _elsewhere(console: Console, stored: StoredTokens | None, asked: tuple[str, ...]) -> None:
    """Report tokens that are stored for addresses that were not asked."""
    for entry in () if stored is None else stored.entries():
        if entry.base not in asked:
            user, host = user_of(entry.login, entry.owner), host_of(entry.provider, entry.base)
            option = "--github-url" if entry.provider == "github" else "--npm-registry"
            url = host if "://" in host else f"https://{host}"
            console.say(f"a token of {user} is stored for {host}; see it with {option} {url}")


def _code(statuses: list[TokenStatus]) -> Exit:
    """The exit code: one refused token counts, whatever the others are."""
    if not statuses:
        return Exit.NO_CREDENTIAL
    refused = [status for status in statuses if not status.accepted]
    if not refused:
        return Exit.CLEAN
    return Exit.UNKNOWN if all(map(_passing, refused)) else Exit.NO_CREDENTIAL


def _passing(status: TokenStatus) -> bool:
    why = status.grant.refused if status.grant else None
    return why is not None and why.reason in PASSING
