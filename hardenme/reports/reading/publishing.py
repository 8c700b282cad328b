"""Who can publish, as a stored report tells it."""

from __future__ import annotations

from hardenme.model.publishing import (
    Hop,
    PackagePaths,
    Publishing,
    PublishPath,
    Reach,
    State,
    Step,
    Way,
)
from hardenme.reports.reading.fields import Fields
from hardenme.reports.reading.findings import fix_of


def publishing_of(fields: Fields | None) -> Publishing | None:
    """All packages and reaches; None where none was asked for.

    Raises:
        ReportError: something in it is not of its form.
    """
    if fields is None:
        return None
    return Publishing(
        packages=tuple(map(_package, fields.parts("packages"))),
        reaches=tuple(map(_reach, fields.parts("reaches"))),
    )


def _package(fields: Fields) -> PackagePaths:
    return PackagePaths(
        package=fields.text("package"),
        weekly=fields.number_or_none("weekly"),
        paths=tuple(map(_path, fields.parts("paths"))),
        steps=tuple(map(_step, fields.parts("steps"))),
        unread=fields.texts("unread"),
    )


def _path(fields: Fields) -> PublishPath:
    return PublishPath(
        key=fields.text("key"),
        way=fields.word("way", Way),
        name=fields.text("name"),
        state=fields.word("state", State),
        reason=fields.text("reason"),
        intended=fields.flag("intended"),
        hops=tuple(Hop(hop.text("kind"), hop.text("name")) for hop in fields.parts("hops")),
        needed=fields.text("needed", ""),
    )


def _step(fields: Fields) -> Step:
    return Step(
        key=fields.text("key"),
        fix=fix_of(fields),
        closes=fields.texts("closes"),
        presence=fields.flag("presence"),
    )


def _reach(fields: Fields) -> Reach:
    return Reach(
        way=fields.word("way", Way),
        name=fields.text("name"),
        packages=fields.texts("packages"),
        weekly=fields.number("weekly"),
        at_least=fields.flag("at_least"),
    )
