"""Who can publish, with pseudonyms."""

from __future__ import annotations

from dataclasses import replace

from hardenme.model.acceptance import ReleaseWay
from hardenme.model.publishing import (
    BlastRadius,
    ClosingStep,
    Hop,
    PackagePaths,
    Publishing,
    PublishPath,
)
from hardenme.reports.pseudonyms.findings import fix, rounded
from hardenme.reports.pseudonyms.words import Pseudonyms

ANYONE = "/*"
"""How the key of a path ends whose name is our own words."""
APPROVAL = "approval"
"""A station that we name ourselves."""


def learn_paths(all_of_them: Publishing, names: Pseudonyms) -> None:
    """The names in it."""
    for one in all_of_them.packages:
        names.learn(one.package)
        for path in one.paths:
            if not path.key.endswith(ANYONE):
                names.learn(path.name)
                for hop in path.hops:
                    if hop.kind != APPROVAL:
                        names.learn(hop.name)
    for reach in all_of_them.reaches:
        names.learn(reach.name)


def publishing(all_of_them: Publishing, names: Pseudonyms) -> Publishing:
    """All of it with pseudonyms, in the order in which it was."""
    return Publishing(
        packages=tuple(_package(one, names) for one in all_of_them.packages),
        reaches=tuple(_reach(one, names) for one in all_of_them.reaches),
    )


def _package(one: PackagePaths, names: Pseudonyms) -> PackagePaths:
    return replace(
        one,
        package=names.name(one.package),
        weekly=None if one.weekly is None else rounded(one.weekly),
        paths=tuple(_path(path, names) for path in one.paths),
        steps=tuple(_step(step, names) for step in one.steps),
        unread=tuple(map(names.text, one.unread)),
        releases=tuple(_release(way, names) for way in one.releases),
    )


def _release(way: ReleaseWay, names: Pseudonyms) -> ReleaseWay:
    return replace(
        way,
        key=_key(way.key, names),
        name=names.text(way.name),
        refused=tuple(
            replace(one, cause=names.text(one.cause), repair=names.text(one.repair))
            for one in way.refused
        ),
        unread=tuple(replace(one, needed=names.text(one.needed)) for one in way.unread),
        notes=tuple(map(names.text, way.notes)),
        ends=names.text(way.ends),
        job=names.text(way.job),
    )


def _path(path: PublishPath, names: Pseudonyms) -> PublishPath:
    ours = path.key.endswith(ANYONE)
    return replace(
        path,
        key=_key(path.key, names),
        name=names.text(path.name) if ours else names.name(path.name),
        reason=names.text(path.reason),
        needed=names.text(path.needed),
        hops=tuple(_hop(hop, names, ours=ours) for hop in path.hops),
    )


def _hop(hop: Hop, names: Pseudonyms, *, ours: bool) -> Hop:
    ours = ours or hop.kind == APPROVAL
    return replace(hop, name=names.text(hop.name) if ours else names.name(hop.name))


def _key(key: str, names: Pseudonyms) -> str:
    kind, slash, rest = key.partition("/")
    return f"{names.text(kind)}{slash}{names.name(rest)}"


def _step(step: ClosingStep, names: Pseudonyms) -> ClosingStep:
    return replace(
        step,
        key=_key(step.key, names),
        fix=fix(step.fix, names.text),
        closes=tuple(_key(key, names) for key in step.closes),
    )


def _reach(reach: BlastRadius, names: Pseudonyms) -> BlastRadius:
    return replace(
        reach,
        name=names.name(reach.name),
        packages=tuple(map(names.name, reach.packages)),
        weekly=rounded(reach.weekly),
    )
