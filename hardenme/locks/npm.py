"""`package-lock.json`, `npm-shrinkwrap.json` and `node_modules/.package-lock.json`, 1 to 3.

Source: https://docs.npmjs.com/cli/configuring-npm/package-lock-json
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hardenme.facts.npm.semver import version as parsed_version
from hardenme.ground.errors import ContentError
from hardenme.locks.contents import LockContents
from hardenme.locks.json_text import mapping, read_json, text_at, texts
from hardenme.locks.ranges import admits, aliased

VERSIONS = frozenset({1, 2, 3})
MODULES = "node_modules/"
ALIAS = "npm:"
DIRECT = ("peerDependencies", "devDependencies", "optionalDependencies", "dependencies")
"""Where a `package.json` lists dependencies; what is in several counts as in the last."""
DEEPEST = 200
"""How deep `dependencies` are nested."""


def npm_lock(text: str) -> LockContents:
    """What such a file resolves.

    Raises:
        ContentError: it is none that is understood.
    """
    data = read_json(text)
    number = data.get("lockfileVersion", 1)
    if type(number) is not int or number not in VERSIONS:
        raise ContentError("its lockfileVersion is not known")
    if not {"packages", "dependencies"} & data.keys() and number > 1:
        raise ContentError("it lists no packages")
    found = LockContents(form=str(number))
    places = {place: _object(entry, place) for place, entry in mapping(data, "packages").items()}
    for place, entry in places.items():
        if "\\" in place:
            raise ContentError("it has a place that npm does not write")
        _place(found, place, entry)
        _inside(found, place, entry, places)
    found.unmet = _unmet(places)
    # Versions 1 and 2 have this list, which older clients read.
    _nested(found, mapping(data, "dependencies"), "", 0)
    if "packages" not in data and number > 1:
        raise ContentError("it lists no packages")
    return found


def _place(found: LockContents, place: str, entry: dict[str, Any]) -> None:
    folder, separator, last = place.rpartition(MODULES)
    if not separator:
        found.add_wants(place, texts(entry, *DIRECT))
        return
    del folder
    if entry.get("link") is True:
        return
    _add(found, text_at(entry, "name") or last, entry, place)


def _inside(
    found: LockContents, place: str, entry: dict[str, Any], places: dict[str, dict[str, Any]]
) -> None:
    """What the archive of an entry brings with it, as far as the file does not list that."""
    below = f"{place}/{MODULES}"
    bundled = entry.get("bundleDependencies", entry.get("bundledDependencies"))
    if not place.rpartition(MODULES)[1]:
        return
    if isinstance(bundled, list):
        bundled = [one for one in bundled if f"{below}{one}" not in places]
    found.add_bundled(bundled, place)
    if entry.get("hasShrinkwrap") and not any(one.startswith(below) for one in places):
        found.unlisted = found.unlisted or place


def _unmet(places: dict[str, dict[str, Any]]) -> str:
    """A dependency that no entry fits, where Node.js looks for it; empty if there is none."""
    for place, entry in places.items():
        required = texts(entry, *(DIRECT[2:] if MODULES in place else DIRECT[1:]))
        for name, range_ in (texts(entry, "peerDependencies") | required).items():
            there = next((places[at] for at in _looked_for(place, name) if at in places), None)
            if there is None and name not in required and _is_optional(entry, name):
                # Where it is there, it has to fit as well.
                continue
            version = None if there is None else text_at(there, "version")
            if version is None or admits(aliased(range_, name)[1], version) is False:
                return f"{place} > {name}"
    return ""


def _is_optional(entry: dict[str, Any], peer: str) -> bool:
    about = mapping(entry, "peerDependenciesMeta").get(peer)
    return isinstance(about, dict) and about.get("optional") is True


def _looked_for(place: str, name: str) -> Iterator[str]:
    """The places in which Node.js looks for a package, from that of another on."""
    parts = place.split("/") if place else []
    for count in range(len(parts), -1, -1):
        if count == 0 or parts[count - 1] != MODULES.rstrip("/"):
            yield "/".join([*parts[:count], f"{MODULES}{name}"])


def _nested(found: LockContents, listed: dict[str, Any], above: str, depth: int) -> None:
    if depth > DEEPEST:
        raise ContentError(f"it is nested more than {DEEPEST} deep")
    for name, value in listed.items():
        place = f"{above}{name}"
        entry = _object(value, place)
        _add(found, name, entry, place)
        _nested(found, mapping(entry, "dependencies"), f"{place} > ", depth + 1)


def _add(found: LockContents, name: str, entry: dict[str, Any], place: str) -> None:
    version, address = text_at(entry, "version"), ""
    if not isinstance(entry.get("resolved"), bool):
        # npm writes `false` for what it could not resolve, and `true` for what is not to be shown.
        address = text_at(entry, "resolved")
    if version.startswith(ALIAS):
        name, _, version = version.removeprefix(ALIAS).rpartition("@")
    if parsed_version(version) is None:
        found.add_address(name, version or address, place)
    else:
        found.add(name, version, place)
    if address:
        found.add_source(address, place)


def _object(value: Any, place: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ContentError(f"{place[:80] or 'its root'} is not an object")
    return value
