"""The settings in force, as `hardenme config` shows them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import typer

from hardenme.cli.options.origins import SETTLED, SettingOrigin, Settled
from hardenme.cli.options.settled import LENIENT, SettledCommand, files_chosen
from hardenme.config.files import FoundFile
from hardenme.config.kinds import Kind
from hardenme.config.load import Loaded
from hardenme.config.settings import SETTINGS
from hardenme.config.trust import Trust
from hardenme.model.text import visible
from hardenme.model.waiver import Waiver
from hardenme.reports.printed import PrintedDocument, as_json

WIDE = 40
"""Columns of a setting, before where it comes from."""
OWNERS = "owner-thresholds"
OTHERS = ("people", "report")
"""The commands that have settings which a check does not have; its own go before theirs."""
LONGEST = 1000


@dataclass(frozen=True, slots=True)
class SettingRow:
    """A setting in force.

    Attributes:
        name: of the setting, or of a part of one.
        value: None if nothing sets it.
        origin: where it comes from.
        folder: it is the word of a folder that no one trusts.
    """

    name: str
    value: Any
    origin: SettingOrigin
    folder: bool = False


@dataclass(frozen=True, slots=True)
class Effective:
    """All settings that `hardenme check` has here, and those that other commands add.

    Attributes:
        rows: those with one value, in the order of the table.
        tables: those with a value for each of many names.
        owners: the thresholds of owners, by the pattern that fits them.
        settled: what else the files say.
    """

    rows: tuple[SettingRow, ...]
    tables: dict[str, tuple[SettingRow, ...]]
    owners: dict[str, tuple[SettingRow, ...]]
    settled: Settled


def effective(context: typer.Context) -> Effective:
    """The settings of these commands without an option but those that name files."""
    context.meta[LENIENT] = True
    others = [row for name in OTHERS for row in _of(name, context)[0]]
    of_check, found = _of("check", context)
    by_name = {row.name: row for row in (*others, *of_check)}
    rows = [by_name[name] for name in SETTINGS if name in by_name]
    loaded = found.loaded
    tables = {
        name: tuple(_parts(loaded, name)) if loaded else () for name in ("severities", "thresholds")
    }
    if loaded:
        rows += [
            SettingRow(
                "trusted-folders", list(said.value), SettingOrigin("own", said.place, said.origin)
            )
            for said in loaded.says("trusted-folders")
        ]
    return Effective(tuple(rows), tables, dict(_owners(loaded)) if loaded else {}, found)


def _of(name: str, context: typer.Context) -> tuple[list[SettingRow], Settled]:
    """The settings of a command, as it would have them here."""
    root: Any = context.find_root().command
    command: SettledCommand = root.get_command(context, name)
    inner: Any = command.make_context(name, files_chosen(context), parent=context, obj=context.obj)
    found: Settled = inner.meta[SETTLED]
    rows = []
    for parameter in command.get_params(inner):
        setting = command.setting_of(parameter)
        if setting is not None and setting.is_for(Trust.USER):
            value = inner.params[str(parameter.name)]
            if not value and not setting.default and setting.kind is not Kind.SWITCH:
                value = None
            rows.append(
                SettingRow(setting.name, value, found.origins.get(setting.name, SettingOrigin()))
            )
    return rows, found


def _parts(loaded: Loaded, name: str) -> Iterator[SettingRow]:
    """The parts of a table, each by the file that is trusted most."""
    done: set[str] = set()
    for found in loaded.files:
        values = found.admission.values.get(name, {}) if found.admission else {}
        kind = "own" if found.trust >= Trust.USER else "folder"
        for part, value in values.items():
            if part not in done:
                place = loaded.place(found, f"{name}.{part}")
                origin = SettingOrigin(kind, place, loaded.origin(found))
                yield SettingRow(part, value, origin, found.untrusted)
        done |= {part for part in values if not found.untrusted}


def _owners(loaded: Loaded) -> Iterator[tuple[str, tuple[SettingRow, ...]]]:
    """The thresholds of owners, which the user's own file alone sets."""
    for found in loaded.files:
        values = found.admission.values.get(OWNERS, {}) if found.admission else {}
        for pattern, limits in values.items():
            rows = []
            for name, value in limits.items():
                place = loaded.place(found, f'{OWNERS}."{pattern}".{name}')
                rows.append(SettingRow(name, value, SettingOrigin("own", place)))
            yield pattern, tuple(rows)


def sheet(found: Effective, *, show_origin: bool) -> str:
    """The settings as TOML; unset ones, and remarks, are comments."""
    return "".join(f"{line}\n" for line in _sheet(found, show_origin=show_origin))


def _sheet(found: Effective, *, show_origin: bool) -> Iterator[str]:
    for row in found.rows:
        yield _line(row, show_origin=show_origin)
    for name, rows in found.tables.items():
        if rows:
            yield ""
            yield f"[{name}]"
        for row in rows:
            line = _line(row, show_origin=show_origin)
            yield f"# {line} (if that asks for more)" if row.folder else line
    for pattern, rows in found.owners.items():
        yield ""
        yield f"[{OWNERS}.{_toml(pattern)}]"
        yield from (_line(row, show_origin=show_origin) for row in rows)
    for waiver in found.settled.waivers:
        yield ""
        yield "[[waivers]]" + (f"  # {visible(waiver.origin)}" if show_origin else "")
        for key, value in _waiver(waiver).items():
            yield f"{key} = {value if key == 'until' else _toml(value)}"
    told = [f"proposed, not applied: {_in_words(one)}" for one in found.settled.proposed]
    told += [f"note: {note}" for note in found.settled.notes]
    if told:
        yield ""
    yield from (f"# {visible(line, longest=LONGEST)}" for line in told)


def _line(row: SettingRow, *, show_origin: bool) -> str:
    text = f"# {row.name} is not set" if row.value is None else f"{row.name} = {_toml(row.value)}"
    if not show_origin or (row.value is None and not row.origin.place):
        return text
    return f"{text:<{WIDE}}  # {visible(row.origin.place or 'the default')}"


def _toml(value: Any) -> str:
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, str):
        return json.dumps(visible(value, longest=LONGEST), ensure_ascii=False)
    return json.dumps(value)


def _waiver(waiver: Waiver) -> dict[str, str]:
    parts = {key: getattr(waiver, key) for key in ("check", "subject", "reason", "by", "issue")}
    return {key: text for key, text in parts.items() if text} | {"until": str(waiver.until)}


def _in_words(waiver: Waiver) -> str:
    return (
        f"{waiver.check} of {waiver.subject} until {waiver.until}: {waiver.reason}"
        f" ({waiver.origin})"
    )


SettingValue = bool | int | float | str | tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class PrintedOrigin:
    """Where a setting comes from.

    Attributes:
        kind: `option`, `variable`, `own` (the user's file), `folder`, or `default`.
        place: the option, the variable, or the file with the line where that is known.
    """

    kind: str
    place: str


@dataclass(frozen=True, slots=True)
class PrintedSetting:
    """A setting in force.

    Attributes:
        name: of the setting, or of a part of one.
        value: null if nothing sets it.
        origin: where it comes from.
    """

    name: str
    value: SettingValue
    origin: PrintedOrigin


@dataclass(frozen=True, slots=True)
class PrintedOwner:
    """The thresholds of some owners.

    Attributes:
        owner: a login on GitHub, a scope of npm with its @, or a pattern of these with `*`.
        thresholds: the numbers that checks compare with.
    """

    owner: str
    thresholds: tuple[PrintedSetting, ...]


@dataclass(frozen=True, slots=True)
class PrintedFile:
    """A file with settings.

    Attributes:
        path: where it is.
        kind: `own` (the user's file) or `folder`.
        trusted: whether all that it says counts.
        problem: why it is not read, or is trusted less; empty if neither holds.
        ignored: other files that it takes the place of.
    """

    path: str
    kind: str
    trusted: bool
    problem: str
    ignored: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigDocument(PrintedDocument):
    """The settings in force.

    Attributes:
        files: those with settings.
        settings: those with one value.
        severities: the severities of the findings of a check.
        thresholds: the numbers that checks compare with.
        owner_thresholds: those of the owners that a pattern fits.
        waivers: findings that are accepted.
        proposed: findings that a folder's file wants accepted.
        notes: sentences that a reader of a report has to know.
        problems: what is wrong in the files.
    """

    files: tuple[PrintedFile, ...]
    settings: tuple[PrintedSetting, ...]
    severities: tuple[PrintedSetting, ...]
    thresholds: tuple[PrintedSetting, ...]
    owner_thresholds: tuple[PrintedOwner, ...]
    waivers: tuple[Waiver, ...]
    proposed: tuple[Waiver, ...]
    notes: tuple[str, ...]
    problems: tuple[str, ...]


def document(found: Effective) -> str:
    """The settings as JSON."""
    settled, loaded = found.settled, found.settled.loaded
    return as_json(
        ConfigDocument(
            files=tuple(map(_file, loaded.files if loaded else ())),
            settings=tuple(map(_setting, found.rows)),
            severities=tuple(map(_setting, found.tables["severities"])),
            thresholds=tuple(map(_setting, found.tables["thresholds"])),
            owner_thresholds=tuple(
                PrintedOwner(pattern, tuple(map(_setting, rows)))
                for pattern, rows in found.owners.items()
            ),
            waivers=settled.waivers,
            proposed=settled.proposed,
            notes=settled.notes,
            problems=settled.problems,
        )
    )


def _file(one: FoundFile) -> PrintedFile:
    return PrintedFile(
        str(one.source.path),
        "own" if one.source.trust >= Trust.USER else "folder",
        not one.untrusted,
        one.problem or one.lowered,
        tuple(map(str, one.ignored)),
    )


def _setting(row: SettingRow) -> PrintedSetting:
    value = tuple(map(str, row.value)) if isinstance(row.value, list | tuple) else row.value
    return PrintedSetting(row.name, value, PrintedOrigin(row.origin.kind, row.origin.place))
