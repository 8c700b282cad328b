"""One endpoint that changes something: how it is declared, and how it is asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from hardenme.sandbox.github.body import NOTHING, Body, read
from hardenme.sandbox.github.calls import Answer, PermittedRequest, Route, problem
from hardenme.sandbox.github.permits import NOT_FOUND, Permit
from hardenme.sandbox.http import Reply

ARCHIVED = "Repository was archived so is read-only."
DONE = 204
Method = Literal["POST", "PUT", "PATCH", "DELETE"]
Apply = Callable[[PermittedRequest, dict[str, Any]], Answer | None]


@dataclass(frozen=True, slots=True)
class Change:
    """One endpoint and what it does to the world.

    Attributes:
        pattern: written as in GitHub's own description.
        apply: does it, and answers; None is the plain 204.
        permit: who may.
        body: what the request may say.
        of_archived: an archived repository takes it too.
    """

    method: Method
    pattern: str
    apply: Apply
    permit: Permit
    body: Body = NOTHING
    of_archived: bool = False

    @property
    def route(self) -> Route:
        """The endpoint as the router takes it."""
        return Route(self.pattern, self._answer, self.permit)

    def _answer(self, call: PermittedRequest) -> Answer:
        if call.repo is not None and call.repo.archived and not self.of_archived:
            return problem(403, ARCHIVED)
        given = read(call.request, self.body)
        if isinstance(given, Reply):
            return given
        answer = self.apply(call, given)
        return Reply(DONE) if answer is None else answer


def missing() -> Reply:
    """The answer for what is not there."""
    return problem(404, NOT_FOUND)


def take_out(items: list[Any], number: str, name: str = "id") -> Reply | None:
    """Take the item of this number out of a list; the refusal where there is none."""
    left = [item for item in items if str(getattr(item, name)) != number]
    if len(left) == len(items):
        return missing()
    items[:] = left
    return None


def put(target: Any, given: dict[str, Any]) -> None:
    """Set the fields that were given, and leave the others."""
    for name, value in given.items():
        setattr(target, name, value)
