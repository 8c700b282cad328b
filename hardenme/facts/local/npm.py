"""The npm client: its version, how it connects, and what runs at an install."""

from __future__ import annotations

import re
from dataclasses import dataclass

from hardenme.facts.local.machine import LocalFact
from hardenme.facts.local.npmrc import PLACES
from hardenme.model.fact import key

NUMBERS = re.compile(r"([0-9]{1,9})\.([0-9]{1,9})\.")
RELEASE_AGE_SINCE = (11, 10)
"""The npm that knows `min-release-age`. Source: GitHub's changelog of 2026-02-18."""
STAGING_SINCE = (11, 15)
"""The npm that stages releases and limits trusted publishers. Source: changelog of 2026-05-22."""
POLICY_SINCE = (11, 16)
"""The npm that knows `strict-allow-scripts`. Source: npm's pull request 9360."""
SAFE_SINCE = (12, 0)
"""The npm that runs no install script of a dependency unless it is allowed. Source: GitHub's
changelog of 2026-07-08."""

VARIABLE = "npm_config_"
"""How the variables begin that make settings of npm, in capitals or not."""
PLAIN_HTTP = "plain http"
UNCHECKED = "certificates are not checked"
ELSEWHERE = "another registry than in your own settings"


def setting_of(variable: str) -> str:
    """The setting that a variable makes; npm reads `_` for `-`, but for a leading one."""
    name = variable[len(VARIABLE) :]
    # The key of a registry stays as it is.
    return name if name.startswith("//") else name[:1].lower() + name[1:].lower().replace("_", "-")


@dataclass(frozen=True, slots=True)
class Weakness:
    """A setting that weakens the connection to a registry.

    Attributes:
        line: counted from 1; 0 for a variable of the environment.
        name: the setting or the variable.
        why: `PLAIN_HTTP`, `UNCHECKED` or `ELSEWHERE`.
    """

    line: int
    name: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NpmConnection(LocalFact):
    """How npm connects, by one file or by the environment.

    The subject is `local:npmrc/PATH` or `local:environment/npm`.

    Attributes:
        level: as in `NpmrcFile`, or `environment`.
        weaknesses: the settings that weaken it.
    """

    source = PLACES
    noun = "npm setting"

    level: str = key()
    weaknesses: tuple[Weakness, ...] = key()


@dataclass(frozen=True, slots=True, kw_only=True)
class NpmClient(LocalFact):
    """The npm that a shell would start (subject `local:npm/FOLDER`).

    Attributes:
        version: as its own `package.json` says.
    """

    source = "FILE npm/package.json"
    noun = "npm client"

    version: str = key()

    @property
    def release(self) -> tuple[int, int]:
        """The first two numbers of the version; zeros, the oldest of all, where it has none."""
        match = NUMBERS.match(self.version)
        return (int(match[1]), int(match[2])) if match else (0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class NpmInstallSettings(LocalFact):
    """What npm runs and takes at an install, by your own settings (subject `local:npm/FOLDER`).

    Read from the environment, the user's file, the global file and the built-in one, in that order.
    A project's own file can override it within the project.

    Attributes:
        ignore_scripts: no script of any package runs.
        allow_all_scripts: scripts run whether or not they were allowed.
        strict_scripts: an install stops where a script was not allowed.
        release_age: days that a release must be old to be taken; 0 for any age.
        variables: those of the environment that make `ignore-scripts` or `min-release-age`: they
            count before any file.
    """

    source = PLACES
    noun = "npm client"

    ignore_scripts: bool = key("ignore-scripts")
    allow_all_scripts: bool = key("dangerously-allow-all-scripts")
    strict_scripts: bool = key("strict-allow-scripts")
    release_age: int = key("min-release-age")
    variables: tuple[str, ...] = key("npm_config_*")
