"""What changes plain objects: each as its own line says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from hardenme.sandbox.github.calls import Answer, PermittedRequest
from hardenme.sandbox.github.rest.plain import PLAIN, Plain, state_of
from tests.worlds.github_writes.change import Change


def changes(table: Iterable[Plain]) -> Iterator[Change]:
    """The endpoints that change a plain object."""
    for one in table:
        if one.write is not None:
            yield Change(
                one.write.method, one.path, _set(one), one.write.permit, body=one.write.body
            )


def _set(one: Plain) -> Any:
    def apply(call: PermittedRequest, given: dict[str, Any]) -> Answer | None:
        state = state_of(call)
        state[one.path] = {**state.get(one.path, {}), **given}
        return one.shown(call) if one.write is not None and one.write.answers else None

    return apply


CHANGES = tuple(changes(PLAIN))
