"""The paths that start from trusted publishers, and the two legs that are about them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from hardenme.derive.publishing import steps
from hardenme.derive.publishing.cover import Remedy
from hardenme.derive.publishing.criterion import Criterion
from hardenme.derive.publishing.routes import path_key
from hardenme.derive.publishing.steps import shown
from hardenme.derive.publishing.workflow import reasons_text
from hardenme.facts.npm.paths import PublisherRoute
from hardenme.facts.npm.publishing import TrustedPublisher
from hardenme.model.fact import Every
from hardenme.model.known import field
from hardenme.model.maybe import first_unknown
from hardenme.model.publishing import Hop, PublishPath, State
from hardenme.model.unknown import Reason, Unknown
from hardenme.model.way import Way

NONE = "no trusted publisher is set up"


def idle(publisher: TrustedPublisher) -> bool:
    """Whether it surely may do nothing."""
    return field(publisher, "may_publish") is False and field(publisher, "may_stage") is False


def publisher_path(route: PublisherRoute) -> PublishPath:
    """The path of one trusted publisher."""
    publisher: TrustedPublisher = field(route, "publisher")
    wrong = (*field(route, "unguarded"), *field(route, "unsound"))
    values = (field(route, "guarded"), field(route, "sound"))
    unknown = first_unknown(values)
    state, reason, needed = State.OPEN, reasons_text(wrong), ""
    intended = False
    if idle(publisher):
        state, reason = State.CLOSED, "it may neither stage nor publish"
    elif not wrong and unknown is not None:
        state, reason, needed = State.UNKNOWN, "what guards it was not read", unknown.needed
    elif not wrong:
        intended, reason = True, _as_meant(publisher)
        remarks = field(route, "remarks")
        reason += f"; {reasons_text(remarks)}" if remarks else ""
    return PublishPath(
        path_key(publisher),
        Way.PUBLISHER,
        shown(publisher),
        state,
        reason,
        intended=intended,
        hops=tuple(_hops(publisher)),
        needed=needed,
    )


def _as_meant(publisher: TrustedPublisher) -> str:
    if field(publisher, "may_publish") is False:
        return "it only stages, and a person approves the release with 2FA"
    return f"it publishes once a reviewer of {field(publisher, 'environment')} approves the run"


def _hops(publisher: TrustedPublisher) -> Iterator[Hop]:
    parts = (
        ("repository", field(publisher, "repository")),
        ("workflow", field(publisher, "workflow")),
        ("environment", field(publisher, "environment")),
    )
    yield from (Hop(kind, name) for kind, name in parts if isinstance(name, str) and name)
    if field(publisher, "may_publish") is False:
        yield Hop("approval", "2FA")


def judge(package: str, routes: Every[PublisherRoute]) -> tuple[Criterion, Criterion]:
    """The legs that a trusted publisher is set up and guarded, and that its workflow is sound."""
    guarded = Criterion(f"whether the trusted publishers of {package} are guarded")
    sound = Criterion(f"whether the release workflow of {package} is sound")
    used = [route for route in routes.facts if not idle(field(route, "publisher"))]
    for route in used:
        name = shown(field(route, "publisher"))
        for leg, value, why in ((guarded, "guarded", "unguarded"), (sound, "sound", "unsound")):
            leg.against.extend(f"{name}: {reason}" for reason in field(route, why))
            found = field(route, value)
            leg.unread.extend([found] if isinstance(found, Unknown) else [])
    if routes.missing is not None:
        guarded.unread.append(routes.missing)
        sound.unread.append(routes.missing)
    elif not used:
        guarded.against.append(NONE)
        none = Unknown(Reason.NOT_VISIBLE, f"a trusted publisher of {package}, which has none")
        sound.unread.append(none)
    return guarded, sound


def exposed(routes: Iterable[PublisherRoute]) -> bool:
    """Whether one that publishes by itself can be reached by outsiders."""
    return any(field(route, "exposed") is True for route in routes)


def remedies(routes: Sequence[PublisherRoute], paths: Iterable[PublishPath]) -> Iterator[Remedy]:
    """What closes the paths of trusted publishers that are not as they should be.

    One that is set right keeps what it is for. One that is ended is lost, and only ever offered
    where another is left that is as it should be.
    """
    listed = {path.key: path for path in paths}
    good = any(path.intended and path.way is Way.PUBLISHER for path in listed.values())
    for route in routes:
        publisher: TrustedPublisher = field(route, "publisher")
        key = path_key(publisher)
        if listed[key].state is not State.OPEN or listed[key].intended:
            continue
        right: Any = field(route, "steps")
        if right:
            yield Remedy(right)
        if good:
            package = field(route, "package")
            name = package if isinstance(package, str) else publisher.within.name
            yield Remedy((steps.untrust(publisher, name, (key,)),), losses=1)
