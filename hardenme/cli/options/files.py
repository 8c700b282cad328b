"""What a command does with the files of its settings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from hardenme.config.kinds import Kind
from hardenme.config.load import Loaded, load, nothing
from hardenme.config.places import SearchPlaces, places
from hardenme.config.settings import Setting
from hardenme.engine.catalogue import find, select
from hardenme.engine.waive import unknown
from hardenme.ground.errors import UsageError
from hardenme.ground.places import NOWHERE, config_folder, home
from hardenme.model.adjustment import Adjustment
from hardenme.model.severity import Severity

CHECKS = ("select", "ignore")
"""The settings that name checks as `select` takes them."""


def where() -> SearchPlaces:
    """The folders in which files for this folder are searched."""
    try:
        folder = Path.cwd()
    except OSError:
        folder = NOWHERE
    own = config_folder()
    return places(folder, home(), None if own == NOWHERE else own)


def load_here(instead: Path | None, *, without: bool) -> Loaded:
    """The files of a run that begins here.

    Args:
        instead: the file in place of the user's own; None for that.
        without: no file is read.
    """
    return nothing(where()) if without else load(where(), instead)


def wrong_names(loaded: Loaded) -> Iterator[str]:
    """What files name that is not a check, each in a sentence with its file."""
    for name in CHECKS:
        for said in loaded.says(name):
            for one in _parts(said.value):
                if why := _no_checks(one):
                    yield f"{said.place}: {name}: {why}"
    for said in loaded.says("severities"):
        for one in said.value:
            try:
                find(one)
            except UsageError as error:
                yield f"{said.place}: severities: {error}"
    yield from unknown((*loaded.waivers, *loaded.proposed))


def _parts(names: tuple[str, ...]) -> Iterator[str]:
    yield from (part.strip() for name in names for part in name.split(",") if part.strip())


def _no_checks(name: str) -> str:
    try:
        select([name])
    except UsageError as error:
        return str(error)
    return ""


def adjustments(loaded: Loaded, profiles: Mapping[str, str]) -> Iterator[Adjustment]:
    """What each file changes of how a run judges, the most trusted file first.

    Args:
        loaded: the files, which name checks that there are.
        profiles: the profiles that folders wish for, by the file's words.
    """
    for found in loaded.files:
        values = found.admission.values if found.admission else {}
        origin = loaded.origin(found)
        profile = profiles.get(origin, "")
        severities = values.get("severities", {})
        thresholds = values.get("thresholds", {})
        owners = values.get("owner-thresholds", {})
        if severities or thresholds or owners or profile:
            yield Adjustment(
                origin,
                not found.untrusted,
                {find(name).code: Severity.parse(word) for name, word in severities.items()},
                dict(thresholds),
                {pattern: dict(limits) for pattern, limits in owners.items()},
                profile,
            )


def loosens(name: str, value: Any, held: Any) -> bool:
    """Whether a folder's value lets more pass than what holds without it.

    Options that narrow the selection are not judged here: the report says so.
    """
    if name == "fail-on":
        return Severity.parse(value) > Severity.parse(held)
    return name == "since" and value < held


def expanded(setting: Setting, value: Any) -> Any:
    """A value with the home in place of `~` in its paths."""
    if setting.kind is Kind.PATH:
        return _expanded(value)
    if setting.kind is Kind.FILES:
        split = (item.partition(":") for item in value)
        return [f"{provider}:{_expanded(path)}" for provider, _, path in split]
    return list(value) if isinstance(value, tuple) else value


def _expanded(path: str) -> str:
    own = home()
    return str(own) + path[1:] if own and path.startswith("~/") else path
