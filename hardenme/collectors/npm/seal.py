"""Reads from a packument the signatures over a release."""

from __future__ import annotations

from typing import Any

from hardenme.collectors.npm.client import Npm
from hardenme.collectors.reading import Item
from hardenme.facts.npm.site import REGISTRY
from hardenme.model.unknown import Reason, Unknown


def signatures(npm: Npm, packument: Item, version: Item, told: Any) -> Any:
    """The registry's signatures over a release, where these are told.

    npm has signed every release that there is. So where a package has no signed release at all, it
    is another registry's way to leave them out, and nothing is known.
    """
    dist = version.item("dist")
    if not dist.has_value("integrity") and not dist.has_value("shasum"):
        return version.absent("dist")
    if "signatures" in dist and dist.data["signatures"] != []:
        return told
    if npm.registry == REGISTRY or _signs(packument):
        return ()
    return Unknown(
        Reason.NOT_VISIBLE,
        "a registry that hands on npm's signatures",
        "no release of the package is signed",
    )


def _signs(packument: Item) -> bool:
    """Whether any release of a package is signed."""
    versions = packument.item("versions")
    return any(versions.item(name).item("dist").data.get("signatures") for name in versions.data)
