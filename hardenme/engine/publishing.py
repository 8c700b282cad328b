"""Who can publish what, over all packages of a run: the section of the report about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from hardenme.derive.publishing.reach import reaches
from hardenme.engine.index import Index, Instance
from hardenme.facts.npm.acceptance import ReleaseAcceptance
from hardenme.facts.npm.account import NpmAccount
from hardenme.facts.npm.package import PackageGrant
from hardenme.facts.npm.paths import PublishPaths
from hardenme.facts.npm.token import NpmToken
from hardenme.model.acceptance import ReleaseWay
from hardenme.model.check import Check
from hardenme.model.known import field
from hardenme.model.publishing import PackagePaths, Publishing
from hardenme.model.way import Way


def publishing(
    checks: Iterable[Check], index: Index, wanted: Callable[[Instance], bool]
) -> Publishing | None:
    """The packages that were looked at, and what each credential reaches; None without any.

    Args:
        checks: those that run.
        index: what was learnt.
        wanted: whether a subject is judged in this run.
    """
    checks = tuple(checks)
    if not any(PublishPaths in check.facts for check in checks):
        return None
    instances = [item for item in index.instances(PublishPaths) if wanted(item)]
    told = {
        item.fact.told.package: item.fact.told
        for item in instances
        if isinstance(item.fact, PublishPaths)
    }
    if not told and not any(item.missing for item in instances):
        return None
    releases = _releases(checks, index)
    packages = tuple(replace(told[name], releases=releases.get(name, ())) for name in sorted(told))
    return Publishing(packages, reaches(packages, _bounded(index, packages)))


def _releases(checks: Iterable[Check], index: Index) -> dict[str, tuple[ReleaseWay, ...]]:
    """Whether the next release is accepted, by package and way; empty if no check asks."""
    if not any(ReleaseAcceptance in check.facts for check in checks):
        return {}
    facts = [item.fact for item in index.instances(ReleaseAcceptance)]
    return {one.subject.name: one.ways for one in facts if isinstance(one, ReleaseAcceptance)}


def _bounded(index: Index, packages: tuple[PackagePaths, ...]) -> set[str]:
    """The keys of paths that surely lead to no other package.

    A token that names its packages reaches no more. Where the whole list of the account's packages
    was read, neither do its own tokens and the account itself. Packages of others may trust the
    same workflow or team, or take the same secret: theirs are not shown.
    """
    names = {package.package for package in packages}
    found = set()
    for instance in index.instances(NpmToken):
        token = instance.fact
        if isinstance(token, NpmToken):
            named = field(token, "packages")
            narrow = field(token, "unlimited") is False and field(token, "scopes") == frozenset()
            if narrow and isinstance(named, frozenset) and named <= names:
                found.add(f"token/{token.subject.name}")
    grants = index.instances(PackageGrant)
    held = {item.subject.name for item in grants if item.fact is not None}
    if not grants or any(item.missing for item in grants) or not held <= names:
        return found
    own = {item.subject.name for item in index.instances(NpmAccount) if item.fact is not None}
    every = (path for package in packages for path in package.paths)
    return found | {
        path.key
        for path in every
        if path.way is Way.TOKEN or (path.way is Way.PERSON and path.name in own)
    }
