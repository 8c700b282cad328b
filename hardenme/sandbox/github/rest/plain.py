"""Plain answers: objects and lists that one endpoint shows, and that nothing else depends on.

One line of `PLAIN` is a whole endpoint: its route, its good state, the bad state of the weak
worlds, and what changes it. A world sets another state by `plain` of an organization, a repository
or a user.

Source: GitHub's description of its REST API, and its documentation of permissions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from hardenme.sandbox.github.body import Body
from hardenme.sandbox.github.calls import Answer, PermittedRequest, Route
from hardenme.sandbox.github.pages import PagedAnswer
from hardenme.sandbox.github.permits import Permit, administration


@dataclass(frozen=True, slots=True)
class Write:
    """What changes an object: the body names the keys that it sets.

    Attributes:
        body: what the request may say.
        permit: who may.
        method: by which it is asked.
        answers: it answers with the object, and else with nothing.
    """

    body: Body
    permit: Permit
    method: Literal["PUT", "PATCH"] = "PUT"
    answers: bool = False


@dataclass(frozen=True, slots=True)
class Plain:
    """One endpoint that shows an object, or a list of objects.

    Attributes:
        path: as GitHub's description writes it.
        permit: who is answered.
        good: the object or the list, with all in order.
        weak: where much is wrong: what is otherwise in the object, or the list; None for the same.
        listed: the key of the list, if it comes with its total.
        write: what changes the object; None if nothing does.
    """

    path: str
    permit: Permit
    good: Mapping[str, Any] | Sequence[Mapping[str, Any]]
    weak: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None
    listed: str | None = None
    write: Write | None = None

    @property
    def route(self) -> Route:
        """The endpoint as the router takes it."""
        return Route(self.path, self.shown, self.permit)

    def shown(self, call: PermittedRequest) -> Answer:
        """The object or the list as it is now."""
        found = state_of(call).get(self.path)
        if isinstance(self.good, Mapping):
            return {**self.good, **(found or {})}
        return PagedAnswer(self.good if found is None else found, dict, key=self.listed)


def state_of(call: PermittedRequest) -> dict[str, Any]:
    """What is not in order, or was changed, of that which a path names; by path."""
    return (call.repo or call.org or call.me).plain


def weak_of(start: str) -> dict[str, Any]:
    """The bad state of all whose paths begin with this, by path."""
    return {
        one.path: one.weak for one in PLAIN if one.path.startswith(start) and one.weak is not None
    }


USER, ORG, REPO = "/user/", "/orgs/{org}/", "/repos/{owner}/{repo}/"
WRITING = administration("write")
"""What even the reading of some takes."""

PLAIN: tuple[Plain, ...] = (
    Plain(
        f"{REPO}interaction-limits/pulls/creation-cap",
        WRITING,
        {"enabled": False, "max_open_pull_requests": 10},
    ),
    Plain(f"{REPO}code-quality/setup", WRITING, {"state": "not-configured"}),
    Plain(
        f"{REPO}codespaces/secrets",
        Permit(scopes=("repo",), permissions=(("codespaces_secrets:write",),), role="write"),
        [],
        listed="secrets",
    ),
)
ROUTES = tuple(one.route for one in PLAIN)
