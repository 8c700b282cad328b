"""Reads what one release says of itself in a full packument.

npm leaves out keys where there is nothing to say, and mirrors leave out more. So a key that is not
there says something only in a manifest that is whole; in any other one it is unknown.
"""

from __future__ import annotations

import re
from typing import Any

from hardenme.collectors.reading import Item, all_known
from hardenme.facts.npm.package import Maintainer
from hardenme.model.names import FULL_NAME

NAME = r"(?P<owner>[A-Za-z0-9][A-Za-z0-9_-]*)/(?P<name>[A-Za-z0-9._-]+?)"
SHORT = re.compile(rf"(?:github:)?{NAME}(?:#.*)?")
LONG = re.compile(
    r"(?:git\+)?(?:https?|ssh|git)://(?:[^@/]*@)?(?:www\.)?github\.com(?::\d+)?[/:]"
    rf"{NAME}(?:\.git)?/?(?:/tree/(?:(?!\.\.)[^?#])*)?(?:\?[^#]*)?(?:#.*)?",
    re.IGNORECASE,
)
INSTALL_SCRIPTS = ("preinstall", "install", "postinstall")
GYP_SCRIPT = "node-gyp rebuild"
"""What npm runs at installation for a `binding.gyp` where no script stands in its place."""


def stripped(version: Item) -> Any:
    """The unknown that stands for what a manifest leaves out; None where it is the full one.

    npm's registry writes each of these keys to every release: the abbreviated form leaves out
    `_id` and `_npmUser`, and what passes on no signature has taken the answer apart.
    """
    if not isinstance(version.data.get("_id"), str):
        return version.absent("_id")
    if not version.item("_npmUser").data.get("name"):
        return version.absent("_npmUser")
    return _unsigned(version.item("dist"))


def _unsigned(dist: Item) -> Any:
    """The unknown that stands for signatures that are not passed on; None where there are some."""
    if dist.lists("signatures") and dist.data["signatures"]:
        return None
    return dist.odd("signatures") if dist.has_value("signatures") else dist.absent("signatures")


def repository(version: Item, package: Item | None = None) -> tuple[Any, Any, Any]:
    """What `repository` says, in the forms that npm takes: the address, `owner/name`, the folder.

    Args:
        version: the manifest of a release.
        package: the packument around it; it counts where the manifest does not say.
    """
    item = version if package is None or "repository" in version else package
    named: Any = item.data.get("repository", "")
    directory: Any = ""
    if isinstance(named, dict):
        directory = named.get("directory", "")
        named = named.get("url", "")
    if named == "" and (why := stripped(version)):
        named = why
    elif not isinstance(named, str) or not isinstance(directory, str):
        named = directory = item.odd("repository")
    return named, on_github(named) if isinstance(named, str) else named, directory


def on_github(address: str) -> str:
    """The `owner/name` on github.com that an address of a repository means; empty for none.

    Source: npm's documentation of `repository` in package.json, and its client, which takes the
    page of a folder as well.
    """
    address = re.sub(r"^git@github\.com:", "ssh://git@github.com/", address)
    found = SHORT.fullmatch(address) or LONG.fullmatch(address)
    name = f"{found['owner']}/{found['name']}" if found else ""
    return name if FULL_NAME.fullmatch(name) else ""


def maintainers(item: Item) -> Any:
    """Who may publish; every package has somebody."""
    if not item.lists("maintainers") or not item.data["maintainers"]:
        return item.absent("maintainers")
    found = []
    for part in item.items("maintainers"):
        name, email = part.data.get("name"), part.data.get("email", "")
        if not isinstance(name, str) or not isinstance(email, str):
            return item.odd("maintainers")
        found.append(Maintainer(name, email))
    return tuple(found)


def addresses(item: Item) -> Any:
    """The same, where everybody stands there with an address."""
    lacking = [part for part in item.items("maintainers") if "email" not in part]
    return lacking[0].absent("email") if lacking else maintainers(item)


def publisher(version: Item) -> dict[str, Any]:
    """Who published it, with which address, by which trusted publisher, and who approved it.

    One that names somebody is whole: what it does not hold, there is not.
    """
    names = ("publisher", "publisher_email", "trusted_publisher", "approver")
    said = version.item("_npmUser")
    name = said.text("name")
    if all_known([name]) or not name:
        known = isinstance(version.data.get("_npmUser"), dict | None)
        why = version.absent("_npmUser") if known else version.odd("_npmUser")
        return dict.fromkeys(names, why)
    email = said.data.get("email", "")
    trusted, approver = said.data.get("trustedPublisher"), said.data.get("approver")
    return {
        "publisher": name,
        "publisher_email": email if isinstance(email, str) else version.odd("_npmUser"),
        "trusted_publisher": _named(version, trusted, "oidcConfigId", "id"),
        "approver": _named(version, approver, "name"),
    }


def _named(version: Item, said: Any, *names: str) -> Any:
    """The first of these names that an object holds; empty where there is no object."""
    if said is None:
        return ""
    found = (said.get(name) for name in names) if isinstance(said, dict) else ()
    return next((name for name in found if isinstance(name, str) and name), None) or version.odd(
        "_npmUser"
    )


def install_script(version: Item) -> Any:
    """Whether installing runs code."""
    scripts = install_scripts(version)
    return bool(scripts) if isinstance(scripts, dict) else scripts


def install_scripts(version: Item) -> Any:
    """The scripts that run at installation; with empty text where only the mark is there.

    All three keys are left out where there is nothing to say.

    Source: npm's client, which runs node-gyp for a `binding.gyp` unless `gypfile` is false or an
    earlier script stands there.
    """
    for mark in ("hasInstallScript", "gypfile"):
        if not isinstance(version.data.get(mark), bool | None):
            return version.odd(mark)
    scripts = version.data.get("scripts")
    if scripts is not None and not isinstance(scripts, dict):
        return version.odd("scripts")
    found = {name: scripts[name] for name in INSTALL_SCRIPTS if name in scripts} if scripts else {}
    if not all(isinstance(text, str) for text in found.values()):
        return version.odd("scripts")
    if version.data.get("gypfile") and found.keys().isdisjoint({"preinstall", "install"}):
        found["install"] = GYP_SCRIPT
    if found:
        return found
    if version.data.get("hasInstallScript"):
        return {"install": ""}
    return stripped(version) or {}


def dependencies(version: Item) -> Any:
    """What comes with it: npm installs optional and peer dependencies, too."""
    found: dict[str, str] = {}
    for name in ("peerDependencies", "dependencies", "optionalDependencies"):
        part = version.data.get(name) or {}
        if not isinstance(part, dict) or not all(isinstance(text, str) for text in part.values()):
            return version.odd(name)
        found |= part
    return stripped(version) or found


def provenance(version: Item) -> Any:
    """Whether the registry lists a provenance statement; only a whole `dist` can say no."""
    dist = version.item("dist")
    if not dist.has_value("integrity") and not dist.has_value("shasum"):
        return version.absent("dist")
    if not dist.has_value("attestations"):
        # npm signs every release; what passes on no signature may leave out attestations too.
        return _unsigned(dist) or False
    statement = dist.item("attestations").item("provenance")
    kind = statement.data.get("predicateType")
    if isinstance(kind, str) and kind.startswith("https://slsa.dev/provenance/"):
        return True
    return dist.odd("attestations")


def commit(version: Item) -> Any:
    """The commit that it says it was made from; empty for none."""
    said = version.data.get("gitHead")
    if said is None:
        return stripped(version) or ""
    return version.text("gitHead")


def deprecated(version: Item) -> Any:
    """Whether it is marked as not to be used; npm takes a mark away by an empty text."""
    said = version.data.get("deprecated")
    if said is None:
        return stripped(version) or False
    return bool(said) if isinstance(said, str | bool) else version.odd("deprecated")
