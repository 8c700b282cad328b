"""What one release says of itself in a full packument.

npm leaves out keys where there is nothing to say, and mirrors leave out more. So a key that is not
there says something only in a manifest that is complete; in any other one it is unknown.

Each of these functions takes the manifest, or the object that it names. It raises what becomes an
unknown: KeyError for a missing key; ValueError, TypeError, IndexError and AttributeError for a
value that is not understood.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from hardenme.ground.errors import ContentError
from hardenme.ground.names import FULL_NAME
from hardenme.model.values import at, listed, text

Manifest = Mapping[str, Any]
NAME = r"(?P<owner>[A-Za-z0-9][A-Za-z0-9_-]*)/(?P<name>[A-Za-z0-9._-]+?)"
SHORT = re.compile(rf"(?:github:)?{NAME}(?:#.*)?")
LONG = re.compile(
    r"(?:git\+)?(?:https?|ssh|git)://(?:[^@/]*@)?(?:www\.)?github\.com(?::\d+)?[/:]"
    rf"{NAME}(?:\.git)?/?(?:/tree/(?:(?!\.\.)[^?#])*)?(?:\?[^#]*)?(?:#.*)?",
    re.IGNORECASE,
)
INSTALL_SCRIPTS = ("preinstall", "install", "postinstall")
GYP_SCRIPT = "node-gyp rebuild"
"""The script that npm runs at installation for a `binding.gyp` if no other script replaces it."""
KIND = "https://slsa.dev/provenance/"
"""Prefix of the type of a statement about where a release was built."""
WHOLE = ("_id", "_npmUser", "dist/signatures")
"""Keys that npm's registry writes to every release. The abbreviated form lacks the first two, and a
proxy that passes on no signature has rewritten the answer."""
DEPENDENCIES = ("peerDependencies", "dependencies", "optionalDependencies")
MAINTAINERS = ("maintainers", "maintainers/name")
OF_REPOSITORY = ("repository/url", "repository/directory")
OF_SCRIPTS = (
    *("scripts", *(f"scripts/{name}" for name in INSTALL_SCRIPTS)),
    *("hasInstallScript", "gypfile"),
)
OF_PROVENANCE = ("dist/attestations/provenance/predicateType",)
OF_TRUSTED = ("_npmUser/trustedPublisher",)


@dataclass(frozen=True, slots=True)
class Maintainer:
    """Someone who may publish, as the packument names them.

    Attributes:
        name: the npm account.
        email: the address that anyone can read.
    """

    name: str
    email: str


def maintainers(said: Manifest) -> tuple[Maintainer, ...]:
    """Who may publish; every package has someone."""
    found = listed(said["maintainers"])
    if not found:
        raise KeyError("maintainers")
    pairs = [(one.get("name"), one.get("email", "")) for one in found]
    if not all(isinstance(part, str) for pair in pairs for part in pair):
        raise ValueError("a maintainer without a name")
    return tuple(Maintainer(*pair) for pair in pairs)


def addresses(said: Manifest) -> tuple[Maintainer, ...]:
    """The same, if everyone there has an address."""
    found = maintainers(said)
    if not all("email" in one for one in said["maintainers"]):
        raise KeyError("email")
    return found


def named_repository(version: Manifest) -> str:
    """The address of its repository, in the forms that npm takes; empty for none."""
    named, _ = _repository(version)
    if not named:
        _whole(version)
    return named


def directory(version: Manifest) -> str:
    """The folder in it."""
    return _repository(version)[1]


def _repository(version: Manifest) -> tuple[str, str]:
    said = version.get("repository", "")
    named = said.get("url", "") if isinstance(said, dict) else said
    within = said.get("directory", "") if isinstance(said, dict) else ""
    return _of_type(named, str), _of_type(within, str)


def on_github(version: Manifest) -> str:
    """The `owner/name` on github.com that its repository means; empty for none.

    Source: npm's documentation of `repository` in package.json, and its client, which takes the
    page of a folder as well.
    """
    address = re.sub(r"^git@github\.com:", "ssh://git@github.com/", named_repository(version))
    found = SHORT.fullmatch(address) or LONG.fullmatch(address)
    name = f"{found['owner']}/{found['name']}" if found else ""
    return name if FULL_NAME.fullmatch(name) else ""


def _publisher(version: Manifest) -> Manifest:
    """One that names someone is complete: what it does not hold, there is not."""
    said = version["_npmUser"]
    if said is None or not _of_type(said, dict).get("name"):
        raise KeyError("_npmUser")
    text(said["name"])
    return said  # type: ignore[no-any-return]  # it is a mapping


def publisher_name(version: Manifest) -> str:
    """The account that published it; the provider's name for a trusted publisher."""
    return str(_publisher(version)["name"])


def publisher_email(version: Manifest) -> str:
    """The address that is given for the publisher; empty for none."""
    return str(_of_type(_publisher(version).get("email", ""), str))


def name_in(key: str, *names: str) -> Callable[[Manifest], str]:
    """The first of these names that an object with the publisher holds; empty for no object."""

    def found(version: Manifest) -> str:
        said = _publisher(version).get(key)
        if said is None:
            return ""
        told = [name for name in map(said.get, names) if isinstance(name, str) and name]
        return str(told[0])

    return found


def newest_publisher(version: Manifest) -> str | None:
    """Who published it; None if a trusted publisher did."""
    return None if is_trusted(version) else text(version["_npmUser"]["name"])


def is_trusted(version: Manifest) -> bool:
    """Whether a trusted publisher is named there."""
    return _of_type(version["_npmUser"], dict).get("trustedPublisher") is not None


def newest_approver(version: Manifest) -> str | None:
    """Who approved it; None for no one, which only a full manifest can show."""
    said = version["_npmUser"]
    if said is None or said.get("name") is None:
        raise KeyError("_npmUser")
    if "approver" not in said:
        return None
    if not said["approver"]["name"]:
        raise ContentError("approver")
    return at("approver", text, said["approver"]["name"])


def runs_code(version: Manifest) -> bool:
    """Whether installing runs code."""
    return bool(install_scripts(version))


def install_scripts(version: Manifest) -> Mapping[str, str]:
    """The scripts that run at installation; with empty text where only the mark is there.

    Source: npm's client, which runs node-gyp for a `binding.gyp` unless `gypfile` is false or an
    earlier script is defined there.
    """
    marked, gyp = (
        _of_type(version.get(name), bool | None, name) for name in ("hasInstallScript", "gypfile")
    )
    said = _of_type(version.get("scripts"), dict | None, "scripts") or {}
    found = {name: _of_type(said[name], str, "scripts") for name in INSTALL_SCRIPTS if name in said}
    if gyp and found.keys().isdisjoint({"preinstall", "install"}):
        found["install"] = GYP_SCRIPT
    if not found and marked:
        found["install"] = ""
    if not found:
        _whole(version)
    return found


def dependencies(version: Manifest) -> Mapping[str, str]:
    """What comes with it: npm installs optional and peer dependencies, too."""
    found: dict[str, str] = {}
    for name in DEPENDENCIES:
        for package, said in _of_type(version.get(name) or {}, dict, name).items():
            found[package] = _of_type(said, str, name)
    _whole(version)
    return found


def provenance(dist: Manifest) -> bool:
    """Whether the registry lists a provenance statement; only a whole `dist` can say no."""
    if dist.get("integrity") is None and dist.get("shasum") is None:
        raise KeyError("dist")
    if dist.get("attestations") is None:
        # npm signs every release; what passes on no signature may leave out attestations too.
        _signed(dist)
        return False
    if not text(dist["attestations"]["provenance"]["predicateType"]).startswith(KIND):
        raise ValueError("another kind of statement")
    return True


def commit(version: Manifest) -> str:
    """The commit that it says it was made from; empty for none."""
    said = version.get("gitHead")
    if said is None:
        _whole(version)
        return ""
    return at("gitHead", text, said)


def deprecated(version: Manifest) -> bool:
    """Whether it is marked as not to be used; npm takes a mark away by an empty text."""
    said = version.get("deprecated")
    if said is None:
        _whole(version)
    return bool(_of_type(said, str | bool | None, "deprecated"))


def tags(said: Manifest) -> Mapping[str, str]:
    """The dist-tags, with the version that each points to."""
    return {name: _of_type(version, str) for name, version in said.items()}


def _whole(version: Manifest) -> None:
    """Raises the error for a missing key, unless the manifest is a full one."""
    if not isinstance(version.get("_id"), str):
        raise KeyError("_id")
    said, dist = version.get("_npmUser"), version.get("dist")
    if not isinstance(said, dict) or not said.get("name"):
        raise KeyError("_npmUser")
    _signed(dist if isinstance(dist, dict) else {})


def _signed(dist: Manifest) -> None:
    said = dist.get("signatures")
    if said is None:
        raise KeyError("signatures")
    if not isinstance(said, list) or not said:
        raise ContentError("signatures")


def _of_type(said: Any, kind: Any, name: str = "") -> Any:
    if isinstance(said, kind):
        return said
    raise ContentError(name) if name else TypeError("a value of another type")
