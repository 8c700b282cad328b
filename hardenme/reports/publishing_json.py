"""Who can publish, as plain values of the JSON report."""

from __future__ import annotations

from typing import Any

from hardenme.model.publishing import PackagePaths, PublishPath, Reach, State, Step
from hardenme.reports.values import parts, text, texts


def package(one: PackagePaths) -> dict[str, Any]:
    """A package with all of its paths and steps."""
    return {
        "package": text(one.package),
        "weekly": one.weekly,
        "counts": {state.value: one.count(state) for state in State},
        "paths": [_path(path) for path in one.paths],
        "steps": [_step(step) for step in one.steps],
        "unread": texts(one.unread),
    }


def reach(one: Reach) -> dict[str, Any]:
    """How far one credential or account reaches."""
    return {
        "way": one.way.value,
        "name": text(one.name),
        "packages": texts(one.packages),
        "weekly": one.weekly,
        "at_least": one.at_least,
    }


def _path(path: PublishPath) -> dict[str, Any]:
    return {
        "key": text(path.key),
        "way": path.way.value,
        "name": text(path.name),
        "state": path.state.value,
        "intended": path.intended,
        "reason": text(path.reason),
        "needed": text(path.needed) or None,
        "hops": [{"kind": text(hop.kind), "name": text(hop.name)} for hop in path.hops],
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "key": text(step.key),
        "closes": texts(step.closes),
        "presence": step.presence,
        **parts(step.fix),
    }
