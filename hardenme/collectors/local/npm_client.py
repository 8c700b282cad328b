"""Reads the npm client's version, how it connects, and what it runs at an install."""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from hardenme.collectors.answer import nothing
from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.local.answering import about, each, of_text, of_this, place
from hardenme.collectors.local.npm_places import NpmrcPlace, npm_command, npm_folder, places
from hardenme.collectors.local.workstation import THIS, Absent, Workstation
from hardenme.collectors.npmrc.ini import IniLine, in_effect, settings
from hardenme.collectors.npmrc.variables import from_environment, variable_names
from hardenme.collectors.protocol import Collector
from hardenme.facts.local.npm import (
    ELSEWHERE,
    PLAIN_HTTP,
    UNCHECKED,
    NpmClient,
    NpmConnection,
    NpmInstallSettings,
    Weakness,
)
from hardenme.facts.local.npmrc import BUILT_IN, GLOBAL, PROJECT, USER
from hardenme.ground import clock
from hardenme.model.evidence import Atom
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.text import visible
from hardenme.model.unknown import Reason, Unknown

VERSION = re.compile(r"\d{1,4}\.\d{1,4}\.\d{1,6}(?:[-+][0-9A-Za-z.+-]{1,64})?")
ENVIRONMENT = "environment"
UNCHECKED_VARIABLE = "NODE_TLS_REJECT_UNAUTHORIZED"
OFF = frozenset({"false", "null", "undefined", "0", ""})
"""What npm reads as no; an empty value only before npm 7."""
SCRIPTS = ("ignore-scripts", "dangerously-allow-all-scripts", "strict-allow-scripts")
AGE = "min-release-age"
OWN_LEVELS = (USER, GLOBAL, BUILT_IN)
"""The files that count in every folder, the first before the others."""
NAMED_HOST = "localhost"


def client(station: Workstation, _: Subject, __: FactStore) -> Iterator[Answer[Any]]:
    """The `package.json` of the npm that a shell would start."""
    command, folder = npm_command(station), npm_folder(station)
    if command is None:
        yield Answer(NpmClient, THIS, (), (_path_atom(404),))
        return
    if folder is None:
        yield nothing(NpmClient, THIS, _hidden(station, command))
        return
    found = station.text(folder / "package.json")
    if isinstance(found, Unknown | Absent):
        why = found if isinstance(found, Unknown) else _hidden(station, command)
        yield nothing(NpmClient, THIS, why)
        return
    where = place(station, "npm", folder)
    yield about(NpmClient(**where, version=_version(station, folder, found[0])), found[1])


def _hidden(station: Workstation, command: Path) -> Unknown:
    return Unknown(
        Reason.NOT_VISIBLE,
        "the version of npm: run npm --version",
        f"{station.shown(command)} is not a link to npm's package",
        (station.atom(command, 200),),
    )


def _version(station: Workstation, folder: Path, package: str) -> Any:
    try:
        data = json.loads(package)
    except (ValueError, RecursionError):
        data = None
    version = data.get("version") if isinstance(data, dict) and data.get("name") == "npm" else None
    if isinstance(version, str) and VERSION.fullmatch(version):
        return version
    return station.odd(folder / "package.json", "does not show the version of npm")


def _path_atom(status: int) -> Atom:
    return Atom("ENVIRONMENT PATH", status, clock.now())


@each(NpmConnection)
def connections(station: Workstation, _: Subject, __: FactStore) -> Iterator[Answer[Any]]:
    """The settings of each file, and of the environment, that weaken the connection."""
    own = _own_registries(station)
    variables = _variables(station)
    if variables:
        names = variable_names(station.environ)
        weak = tuple(
            Weakness(0, names.get(one.name, one.name), one.why)
            for one in _weak(station, variables, None)
        )
        where = of_this("environment", "npm")
        atom = Atom("ENVIRONMENT npm_config_*", 200, clock.now())
        yield about(NpmConnection(**where, level=ENVIRONMENT, weaknesses=weak), atom)

    def build(level: str, text: str) -> dict[str, Any]:
        against = own if level == PROJECT else None
        return {"level": level, "weaknesses": tuple(_weak(station, settings(text), against))}

    for one in places(station):
        yield of_text(NpmConnection, station, "npmrc", one.path, partial(build, one.level))


def _variables(station: Workstation) -> tuple[IniLine, ...]:
    """The settings that the environment makes, and the variable of node's that weakens all."""
    unchecked = station.variable(UNCHECKED_VARIABLE)
    node = (IniLine(0, UNCHECKED_VARIABLE, unchecked),) if unchecked else ()
    return (*from_environment(station.environ), *node)


def _weak(
    station: Workstation, lines: tuple[IniLine, ...], own: dict[str, str] | None
) -> Iterator[Weakness]:
    """What weakens the connection.

    Args:
        station: whose environment resolves references.
        lines: the settings.
        own: the hosts by setting that the user's own files name; None for those files themselves.
    """
    for item in lines:
        value = item.expanded(station.environ).strip()
        if item.name == "registry" or item.name.endswith(":registry"):
            if _plain_http(value):
                yield Weakness(item.line, visible(item.name), PLAIN_HTTP)
            elif own is not None and own.get(item.name, _host(value)) != _host(value):
                yield Weakness(item.line, visible(item.name), ELSEWHERE)
        elif (item.name == "strict-ssl" and value.lower() in OFF) or (
            item.name == UNCHECKED_VARIABLE and value == "0"
        ):
            yield Weakness(item.line, item.name, UNCHECKED)


def _own_registries(station: Workstation) -> dict[str, str]:
    """The hosts that the user's own files name, by setting; the user's before the others'."""
    found: dict[str, str] = {}
    for one in places(station):
        text = station.text(one.path) if one.level in OWN_LEVELS else None
        if isinstance(text, tuple):
            named = {
                item.name: _host(item.expanded(station.environ).strip())
                for item in settings(text[0])
                if item.name == "registry" or item.name.endswith(":registry")
            }
            found = named | found
    return found


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").lower()
    except ValueError:
        return ""


def _plain_http(address: str) -> bool:
    """Whether an address is http to anything but this machine."""
    if not address.lower().startswith("http://"):
        return False
    host = _host(address)
    try:
        return not ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host != NAMED_HOST


def install_settings(station: Workstation, _: Subject, __: FactStore) -> Iterator[Answer[Any]]:
    """What npm runs and takes at an install, by the settings that count in every folder."""
    command = npm_command(station)
    if command is None:
        yield Answer(NpmInstallSettings, THIS, (), (_path_atom(404),))
        return
    looked = [_path_atom(200)]
    files = {one.level: one for one in places(station) if one.level in OWN_LEVELS}
    levels = [
        _variables(station),
        *(_level(station, files[level], looked) for level in OWN_LEVELS if level in files),
    ]
    folder, names = npm_folder(station), variable_names(station.environ)
    where = place(station, "npm", folder or command)
    fact = NpmInstallSettings(
        **where,
        ignore_scripts=_effective(levels, SCRIPTS[0], _flag, default=False),
        allow_all_scripts=_effective(levels, SCRIPTS[1], _flag, default=False),
        strict_scripts=_effective(levels, SCRIPTS[2], _flag, default=False),
        release_age=_effective(levels, AGE, _days, default=0),
        variables=tuple(sorted(names[one] for one in (SCRIPTS[0], AGE) if one in names)),
    )
    yield about(fact, *looked)


def _level(
    station: Workstation, one: NpmrcPlace, looked: list[Atom]
) -> tuple[IniLine, ...] | Unknown:
    text = station.text(one.path)
    if isinstance(text, Unknown):
        looked.extend(text.evidence)
        return text
    if isinstance(text, Absent):
        looked.append(text.atom)
        return ()
    looked.append(text[1])
    if station.is_utf_16(one.path):
        return station.odd(one.path, "is in UTF-16, which npm does not read")
    return in_effect(text[0])


def _effective(
    levels: list[tuple[IniLine, ...] | Unknown],
    name: str,
    read: Callable[[str], Any],
    *,
    default: Any,
) -> Any:
    """The value that counts; unknown if a level that could hold it was not read."""
    for level in levels:
        if isinstance(level, Unknown):
            return level
        values = [item.value for item in level if item.name == name]
        if values:
            try:
                return read(values[-1])
            except ValueError:
                return Unknown(
                    Reason.MALFORMED,
                    f"{name} must have a value that npm understands; see: npm config get {name}",
                    f"`{name}` is not understood",
                )
    return default


def _flag(value: str) -> bool:
    if "$" in value:
        raise ValueError(value)
    return value.strip().lower() not in OFF


def _days(value: str) -> int:
    return max(0, int(value) if value.strip() != "null" else 0)


COLLECTORS = (
    Collector("npm client", (NpmClient,), client),
    Collector("npm connections", (NpmConnection,), connections),
    Collector("npm install settings", (NpmInstallSettings,), install_settings),
)
