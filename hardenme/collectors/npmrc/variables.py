"""The settings of npm that variables of the environment make.

Source: `loadEnv` of the package `@npmcli/config` of the npm client.
"""

from __future__ import annotations

from collections.abc import Mapping

from hardenme.collectors.npmrc.ini import IniLine
from hardenme.facts.local.npm import VARIABLE, setting_of


def variable_names(environ: Mapping[str, str]) -> dict[str, str]:
    """The variables that count, by the setting that they make; npm passes over empty ones."""
    return {
        setting_of(name): name
        for name, value in sorted(environ.items())
        if value and name.lower().startswith(VARIABLE) and setting_of(name)
    }


def from_environment(environ: Mapping[str, str]) -> tuple[IniLine, ...]:
    """The settings, as if they were in a file; their line is 0."""
    names = variable_names(environ)
    return tuple(IniLine(0, setting, environ[name]) for setting, name in names.items())
