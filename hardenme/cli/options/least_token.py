"""What a user asks of `hardenme permissions`, checked."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from hardenme.cli.options.given import OptionValues, split
from hardenme.collectors.transport.origin import base_url
from hardenme.config.table.access import EXPIRES_IN, GITHUB_URL, NPM_REGISTRY
from hardenme.config.table.selection import (
    DEPTH,
    FOR,
    FOR_COMMAND,
    IGNORE,
    PROFILE,
    SELECT,
)
from hardenme.engine.catalogue import select
from hardenme.engine.plan import Selection, plan
from hardenme.engine.target import Target
from hardenme.facts.npm.site import REGISTRY
from hardenme.ground.errors import UsageError
from hardenme.model.depth import Depth
from hardenme.model.least import Permissions
from hardenme.model.pages import GITHUB_WEB, web_url
from hardenme.model.profile import PROFILES
from hardenme.rights.of_command import COMMANDS, needs_of_command
from hardenme.rights.permissions import permissions

OWN = "me"
OF_ORGANIZATIONS = "org"
"""The profile that has no sense without an organization."""

OPTIONS = {
    "targets": "--for",
    "select": "--select",
    "ignore": "--ignore",
    "profile": "--profile",
    "depth": "--depth",
    "days": "--expires-in",
    "github_url": "--github-url",
    "npm_registry": "--npm-registry",
    "command": "--command",
}
"""The options of the command, by what `LeastTokenOptions` calls them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeastTokenOptions:
    """The options of the command, as they were typed.

    Attributes:
        targets: what is looked at; none for one's own accounts.
        select: the names of checks, with commas between them; none for all.
        ignore: the same of those that are left out.
        profile: by name; empty for the checks of all.
        depth: how deep a run asks.
        days: after how many the token ends.
        github_url: the host, as the user named it.
        npm_registry: the registry; empty for npm's own.
        command: the command that reads, by its name; empty for the checks.
    """

    targets: Sequence[str] = (OWN,)
    select: Sequence[str] = ()
    ignore: Sequence[str] = ()
    profile: str = ""
    depth: str = "standard"
    days: int = 30
    github_url: str = GITHUB_WEB
    npm_registry: str = ""
    command: str = ""

    @classmethod
    def of(cls, given: OptionValues) -> Self:
        """What was given."""
        return cls(
            targets=given[FOR],
            select=given[SELECT],
            ignore=given[IGNORE],
            profile=given[PROFILE],
            depth=given[DEPTH],
            days=given[EXPIRES_IN],
            github_url=given[GITHUB_URL],
            npm_registry=given[NPM_REGISTRY],
            command=given[FOR_COMMAND],
        )

    @classmethod
    def of_run(cls, given: OptionValues, targets: Sequence[str]) -> Self:
        """What shows the token that is enough for the command that runs, where it asks.

        Args:
            given: its options, among them those of addresses.
            targets: what it looks at.
        """
        command = given.context.command.name if given.context else ""
        return cls(
            targets=targets,
            github_url=given[GITHUB_URL],
            npm_registry=given[NPM_REGISTRY],
            command=command if command in COMMANDS else "",
        )

    @property
    def line(self) -> str:
        """The command that asks the same, with the options that say anything."""
        words, usual = ["hardenme", "permissions"], LeastTokenOptions()
        for name, option in OPTIONS.items():
            values = _several(getattr(self, name))
            if values != _several(getattr(usual, name)):
                words += [word for value in values for word in (option, value)]
        return shlex.join(words)

    def permissions(self) -> Permissions:
        """The least tokens.

        Raises:
            UsageError: an option is not of its form.
        """
        try:
            targets = [Target.parse(text) for text in self.targets or (OWN,)]
            host = self.github_url
            web = web_url(base_url(host if "://" in host else f"https://{host}"))
            registry = base_url(self.npm_registry or REGISTRY)
            return permissions(
                self._plan(targets), targets, web=web, registry=registry, days=self.days
            )
        except ValueError as error:
            raise UsageError(str(error)) from None

    def _plan(self, targets: Iterable[Target]) -> Selection:
        if self.profile and self.profile not in PROFILES:
            raise UsageError(f"--profile takes one of: {', '.join(PROFILES)}; not {self.profile!r}")
        if self.profile == OF_ORGANIZATIONS and all(t.kind != "github-owner" for t in targets):
            raise UsageError("--profile org is for an organization: name it, as --for github:ORG")
        if self.command:
            return self._of_command()
        checks = select(split(self.select), split(self.ignore))
        fitting = [one for one in checks if not self.profile or self._fits(one.profiles)]
        made = plan(fitting, depth=Depth.parse(self.depth))
        if len(fitting) < len(checks):
            made.left_out["belongs to another profile"] = len(checks) - len(fitting)
        return made

    def _of_command(self) -> Selection:
        if self.command not in COMMANDS:
            raise UsageError(
                f"--command takes one of: {', '.join(COMMANDS)}; not {self.command!r}. Without it:"
                " what checks need"
            )
        if self.select or self.ignore or self.profile:
            raise UsageError("--command is for all that it reads: leave out what selects checks")
        return plan(needs_of_command(self.command), depth=Depth.parse(self.depth))

    def _fits(self, profiles: frozenset[str]) -> bool:
        return not profiles or self.profile in profiles


def _several(value: str | int | Sequence[str]) -> tuple[str, ...]:
    return (str(value),) if isinstance(value, str | int) else tuple(value)
