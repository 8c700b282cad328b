"""Reads npm's settings files: their owners, their contents, and whether git tracks them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from hardenme.collectors.answer import known, nothing
from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.local.answering import about, each, of_text, place
from hardenme.collectors.local.npm_places import places
from hardenme.collectors.local.tracking import tracking
from hardenme.collectors.local.workstation import THIS, Absent, Workstation
from hardenme.collectors.npmrc.credentials import passwords, shows_credential, tokens
from hardenme.collectors.npmrc.ini import IniLine, settings
from hardenme.collectors.protocol import Collector
from hardenme.facts.local.npmrc import (
    NpmrcFile,
    NpmrcSecrets,
    NpmrcTracking,
    PasswordLine,
    TokenLine,
)
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.text import visible
from hardenme.model.unknown import Unknown

HEAD, TAIL, SHORTEST = 8, 4, 20
"""Characters of a token that are shown at its ends, and the length below which none are."""


@each(NpmrcFile)
def files(station: Workstation, _: Subject, __: FactStore) -> Iterator[Answer[Any]]:
    """The owner and the rights of each settings file."""
    for one in places(station):
        rights = station.rights(one.path)
        where = place(station, "npmrc", one.path)
        if isinstance(rights, Absent):
            yield known(NpmrcFile, THIS, [rights.atom])
        elif isinstance(rights, Unknown):
            if station.windows and isinstance(station.read(one.path), Absent):
                yield known(NpmrcFile, THIS, [station.atom(one.path, 404)])
            else:
                yield nothing(NpmrcFile, where["subject"], rights)
        else:
            fact = NpmrcFile(
                **where,
                level=one.level,
                mode=rights.mode,
                owned=rights.owned,
                own_group=rights.own_group,
            )
            yield about(fact, rights.atom)


@each(NpmrcSecrets)
def secrets(station: Workstation, _: Subject, __: FactStore) -> Iterator[Answer[Any]]:
    """The lines with a credential in plain text of each settings file; never their values."""

    def build(level: str, text: str) -> dict[str, Any]:
        lines = settings(text)
        return {"level": level, "tokens": _tokens(lines), "passwords": _passwords(lines)}

    for one in places(station):
        yield of_text(NpmrcSecrets, station, "npmrc", one.path, partial(build, one.level))


@each(NpmrcTracking)
def kept(station: Workstation, _: Subject, __: FactStore) -> Iterator[Answer[Any]]:
    """Whether git keeps each settings file."""
    for one in places(station):
        there = station.read(one.path)
        if isinstance(there, Absent):
            yield known(NpmrcTracking, THIS, [there.atom])
            continue
        where = place(station, "npmrc", one.path)
        told = tracking(station, one.path)
        if isinstance(told, Unknown):
            yield nothing(NpmrcTracking, where["subject"], told)
        else:
            kept_as = station.shown(told.place)
            fact = NpmrcTracking(**where, tracked=told.tracked, kept_as=kept_as)
            yield about(fact, *told.evidence)


def _tokens(lines: tuple[IniLine, ...]) -> tuple[TokenLine, ...]:
    return tuple(
        TokenLine(one.item.line, visible(one.registry), ends(one.value), _setting(one.item))
        for one in tokens(lines)
    )


def _setting(item: IniLine) -> str:
    """The key, where npm's command line takes it and it may be shown."""
    name = visible(item.name)
    return "" if item.section or name != item.name or shows_credential(item) else name


def _passwords(lines: tuple[IniLine, ...]) -> tuple[PasswordLine, ...]:
    return tuple(PasswordLine(item.line, name) for item, name in passwords(lines))


def ends(value: str) -> str:
    """What npm's list shows of a token; empty for one that is short or refers to a variable."""
    if len(value) < SHORTEST or "$" in value:
        return ""
    return f"{value[:HEAD]}...{value[-TAIL:]}"


COLLECTORS = (
    Collector("npm settings files", (NpmrcFile,), files),
    Collector("npm credentials in files", (NpmrcSecrets,), secrets),
    Collector("npm settings in git", (NpmrcTracking,), kept),
)
