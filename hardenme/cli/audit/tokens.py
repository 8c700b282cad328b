"""The credentials of a run: one for each owner that has its own, and one for all else."""

from __future__ import annotations

import shlex
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from hardenme.cli.options.given import OptionValues
from hardenme.cli.options.run_config import lists_organizations
from hardenme.config.table.access import APP_ID, APP_KEY, GITHUB_URL, NPM_REGISTRY
from hardenme.credentials.actions import limits
from hardenme.credentials.app import AppCredential
from hardenme.credentials.chain import TokenChain, demand_own_variables, own_variable
from hardenme.credentials.token import Credential
from hardenme.engine.run_config import RunConfig
from hardenme.ground.errors import UsageError
from hardenme.model.secret import Secret


@dataclass(frozen=True, slots=True)
class Tokens:
    """What was found.

    Attributes:
        github: for all of GitHub that has none of its own.
        npm: for the registry.
        owners: for single owners on GitHub, by their lower-case login.
        installed: the GitHub App that asks about single owners, by their lower-case login.
    """

    github: Credential | None = None
    npm: Credential | None = None
    owners: Mapping[str, Credential] = field(default_factory=dict)
    installed: Mapping[str, AppCredential] = field(default_factory=dict)

    def secrets(self) -> Iterator[Secret]:
        """The values of all of them, in a stable order."""
        for name in sorted(self.owners):
            yield self.owners[name].secret
        # An installation's token lives for an hour: the app's key is what stays the same.
        for name in sorted(self.installed):
            yield self.installed[name].key
        yield from (item.secret for item in (self.github, self.npm) if item is not None)

    def sources(self) -> dict[str, str]:
        """Where each was found, by whom it asks."""
        found = {f"github/{owner}": item.source for owner, item in self.owners.items()}
        for owner, app in self.installed.items():
            found[f"github/{owner}"] = f"the GitHub App {app.number}, by {app.source}"
        general = {"github": self.github, "npm": self.npm}
        return found | {name: item.source for name, item in general.items() if item is not None}


@dataclass(frozen=True, slots=True)
class AppLogin:
    """A GitHub App that asks.

    Attributes:
        number: its ID.
        key: the file of its private key.
    """

    number: int
    key: Path

    @classmethod
    def of(cls, given: OptionValues, config: RunConfig) -> Self | None:
        """The app that the options name; None for none.

        Raises:
            UsageError: half of it is missing, or no organization is asked about.
        """
        named = bool(config.owners) or lists_organizations(given)
        with given.naming_origins():
            return cls._of(given[APP_ID], given[APP_KEY], named=named)

    @classmethod
    def _of(cls, number: int, key: str, *, named: bool) -> Self | None:
        if bool(number) != bool(key):
            raise UsageError("--app-id and --app-key go together: the app's ID and its private key")
        if not number:
            return None
        if not named:
            raise UsageError("a GitHub App asks about organizations: name one, as github:ORG")
        try:
            return cls(number, Path(key).expanduser())
        except RuntimeError:
            raise UsageError(f"--app-key {key}: there is no such home") from None


def find(
    places: TokenChain, config: RunConfig, hosts: tuple[str, str], login: AppLogin | None = None
) -> Tokens:
    """Look for what the targets and the checks have a use for, and for nothing else.

    An owner is asked about with its own token, else as the GitHub App that is named, else with the
    general token.

    Args:
        places: where tokens may be.
        hosts: the addresses of GitHub's API and of the registry.
        login: the GitHub App that asks; None for none.

    Raises:
        CredentialError: one that was found must not be used, or others can read the app's key.
        UsageError: a variable may be meant for two of the owners.
    """
    asked, (github_url, registry) = providers_asked(config), hosts
    owners: dict[str, Credential] = {}
    installed: dict[str, AppCredential] = {}
    if "github" in asked:
        demand_own_variables(config.owners, places.environ)
        found = {owner: places.github_of(owner, github_url) for owner in config.owners}
        owners = {owner: own for owner, own in found.items() if own is not None}
        if login is not None:
            app = AppCredential.from_file(login.number, login.key)
            installed = {owner: app for owner in config.owners if owner not in owners}
    general = "github" in asked and needs_general(config, {*owners, *installed})
    return Tokens(
        github=places.github(github_url) if general else None,
        npm=places.npm(registry) if "npm" in asked else None,
        owners=owners,
        installed=installed,
    )


def job_limits(found: Tokens, environ: Mapping[str, str]) -> tuple[str, ...]:
    """What the tokens of jobs and other installations cannot see, one line each."""
    held = [*found.owners.values(), *((found.github,) if found.github else ())]
    return tuple(dict.fromkeys(told for item in held if (told := limits(item, environ))))


def providers_asked(config: RunConfig) -> frozenset[str]:
    """The providers whose credentials the targets and the checks have a use for."""
    named = {target.provider for target in config.targets}
    if _joins(config):
        named.add("github")
    asked = config.selection.providers()
    return asked if "" in named else asked & named


def needs_general(config: RunConfig, served: Container[str]) -> bool:
    """Whether something of GitHub is asked about that has no credential of its own."""
    mine = any(target.kind == "me" for target in config.targets)
    return mine or _joins(config) or any(owner not in served for owner in config.owners)


def _joins(config: RunConfig) -> bool:
    """Whether packages are looked at together with the repositories that they name."""
    packages = any(target.provider == "npm" for target in config.targets)
    return packages and "github" in config.selection.providers(config.selection.of_packages())


def report_missing(given: OptionValues, config: RunConfig, found: Tokens) -> None:
    """Say in one line what is not looked at for want of a token."""
    console = given.console
    hosts = {"GitHub": given.typed([GITHUB_URL]), "npm": given.typed([NPM_REGISTRY])}
    login = shlex.join(["hardenme", "auth", "login", "github", *hosts["GitHub"]])
    kinds = {target.kind for target in config.targets}
    asked = providers_asked(config)
    missing = {}
    served = {*found.owners, *found.installed}
    if "github" in asked and found.github is None and needs_general(config, served):
        left = [owner for owner in config.owners if owner not in served]
        if served and left and "me" not in kinds:
            names = ", ".join(left)
            console.say(
                f"there is no GitHub token for {names}, so nothing of {names} was looked at; store"
                f" one with `{login} --owner {left[0]}`, or set"
                f" {own_variable(left[0])}"
            )
        elif not left and "me" not in kinds:
            console.say(
                "there is no GitHub token, so the repositories of these packages were not looked"
                f" at; store one with `{login}`, or set HARDENME_GITHUB_TOKEN"
            )
        else:
            missing["GitHub"] = "HARDENME_GITHUB_TOKEN"
    if found.npm is None and "npm" in asked and "me" in kinds:
        missing["npm"] = "HARDENME_NPM_TOKEN"
    if missing:
        tokens = " and no ".join(f"{name} token" for name in missing)
        accounts = f"{' and '.join(missing)} account{'s' if len(missing) > 1 else ''}"
        logins = " and ".join(
            f"`{shlex.join(['hardenme', 'auth', 'login', name.lower(), *hosts[name]])}`"
            for name in missing
        )
        from hardenme.cli.options.least_token import LeastTokenOptions  # noqa: PLC0415 (start-up)

        targets = [target.text for target in config.targets]
        enough = LeastTokenOptions.of_run(given, targets).line
        console.say(
            f"there is no {tokens}, so nothing of the {accounts} was looked at; store one with"
            f" {logins}, or set {' and '.join(missing.values())}; `{enough}` shows which is enough,"
            " and `hardenme demo` shows how a result looks"
        )
