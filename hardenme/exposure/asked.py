"""What `hardenme exposed` is asked for, as it is typed."""

from __future__ import annotations

from hardenme.facts.npm.semver import version
from hardenme.ground.errors import UsageError
from hardenme.ground.names import FULL_NAME, PACKAGE
from hardenme.locks.contents import PackageVersion
from hardenme.model.exposure import AskedAction

FORMS = "PACKAGE@VERSION, like axios@1.14.1, or OWNER/ACTION@REF, like tj-actions/changed-files@v45"


def asked(text: str) -> PackageVersion | AskedAction:
    """A version of a package, or an action at a ref.

    Raises:
        UsageError: it is neither.
    """
    name, _, ref = text.rpartition("@")
    if PACKAGE.fullmatch(name) and version(ref) is not None:
        return PackageVersion(name, ref)
    owner_and_name = "/".join(name.split("/")[:2])
    if FULL_NAME.fullmatch(owner_and_name) and ref and not any(map(str.isspace, ref)):
        return AskedAction(owner_and_name.lower(), ref)
    raise UsageError(f"{text!r} is not {FORMS}")


def spellings(thing: PackageVersion | AskedAction) -> list[PackageVersion | AskedAction]:
    """What was asked for; a package with capital letters also without them.

    Source: https://docs.npmjs.com/cli/configuring-npm/package-json#name. New packages have none,
    and a name that is typed with some may mean one of these.
    """
    if isinstance(thing, PackageVersion) and thing.name != thing.name.lower():
        return [thing, PackageVersion(thing.name.lower(), thing.version)]
    return [thing]
