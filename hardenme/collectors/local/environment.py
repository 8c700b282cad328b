"""Finds token variables in the session and in start-up files: their names, never their values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hardenme.collectors.clear_text import has_credential
from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.local.answering import about, each, of_text, of_this
from hardenme.collectors.local.npm_workspaces import project_folders
from hardenme.collectors.local.workstation import Workstation
from hardenme.collectors.protocol import Collector
from hardenme.facts.local.shell import TokenVariable, TokenVariables
from hardenme.ground import clock
from hardenme.model.evidence import Atom
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject

NAMES = (
    r"NPM_TOKEN|NPM_AUTH_TOKEN|NODE_AUTH_TOKEN|NPM_CONFIG__AUTH(?:TOKEN)?|YARN_NPM_AUTH_TOKEN"
    r"|GH_TOKEN|GITHUB_TOKEN|GH_ENTERPRISE_TOKEN|GITHUB_ENTERPRISE_TOKEN|GITHUB_PAT|GH_PAT"
    r"|HOMEBREW_GITHUB_API_TOKEN|HARDENME_GITHUB_TOKEN|HARDENME_NPM_TOKEN"
)
NAMED = re.compile(rf"(?:{NAMES})|npm_config_//.*:_(?:authToken|auth|password)", re.IGNORECASE)
OWN = "HARDENME_"
"""Variables that are set for one run of this program do not count as findings about the session."""
ASSIGNED = re.compile(
    rf"""(?:^|[\s;&('":])(?P<name>{NAMES})\s*=(?!=)\s*(?P<value>\S*)"""
    rf"""|\bset(?:env)?(?:\s+-\S+)*\s+(?P<other>{NAMES})\s+(?P<set>\S+)"""
)
"""`NAME=value` of shells, `$env:NAME = value` of PowerShell, `setenv` of csh and `set` of fish."""
REFERENCE = re.compile(r"""["']?(?:\$|`|\(|<)""")
"""How a value begins that a command or another variable gives."""
EMPTY = frozenset({"", '""', "''", ";", '"";', "'';"})
START_UP = (
    ".bashrc",
    ".bash_profile",
    ".bash_login",
    ".bash_aliases",
    ".profile",
    ".xprofile",
    ".zshenv",
    ".zprofile",
    ".zshrc",
    ".zlogin",
    ".kshrc",
    ".cshrc",
    ".tcshrc",
    ".envrc",
    ".env",
    ".pam_environment",
)
POWER_SHELL = ("PowerShell", "WindowsPowerShell")


@each(TokenVariables)
def variables(station: Workstation, _: Subject, __: FactStore) -> Iterator[Answer[Any]]:
    """The token variables of the session, then of each file that there is."""
    atom = Atom("ENVIRONMENT names", 200, clock.now())
    session = TokenVariables(
        **of_this("environment", "session"),
        variables=tuple(_in_session(station)),
        build_job=station.variable("CI").lower() not in {"", "0", "false"},
    )
    yield about(session, atom)
    for path in dict.fromkeys(_files(station)):
        yield of_text(TokenVariables, station, "shell", path, _of_file)


def _of_file(text: str) -> dict[str, Any]:
    return {"variables": tuple(_in_text(text)), "build_job": False}


def _in_session(station: Workstation) -> Iterator[TokenVariable]:
    for name, value in sorted(station.environ.items()):
        if not value.strip() or name.startswith(OWN):
            continue
        if NAMED.fullmatch(name) or has_credential(value):
            yield TokenVariable(name, 0, literal=True)


def _files(station: Workstation) -> Iterator[Path]:
    for name in START_UP:
        yield station.home / name
    zsh = station.variable("ZDOTDIR")
    if zsh:
        yield from (station.cwd / zsh / name for name in START_UP if name.startswith(".z"))
    yield station.config / "fish" / "config.fish"
    yield station.config / "environment.d" / "envvars.conf"
    if station.windows:
        documents = station.home / "Documents"
        for folder in POWER_SHELL:
            yield documents / folder / "Microsoft.PowerShell_profile.ps1"
    for project in project_folders(station):
        yield project / ".env"
        yield project / ".envrc"


def _in_text(text: str) -> Iterator[TokenVariable]:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.lstrip().startswith("#"):
            continue
        named = {
            (match["name"] or match["other"]): match["value"] or match["set"] or ""
            for match in ASSIGNED.finditer(line)
        }
        literal = has_credential(line, references=True)
        for name, value in named.items():
            if value not in EMPTY:
                plain = literal or REFERENCE.match(value) is None
                yield TokenVariable(name, number, literal=plain)
        if literal and not named:
            yield TokenVariable("", number, literal=True)


COLLECTORS = (Collector("token variables", (TokenVariables,), variables),)
