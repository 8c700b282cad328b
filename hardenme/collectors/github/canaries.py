"""Finds out which permissions a token holds, by one read request for each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hardenme.collectors.github.accepted import denies, takes
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.github.place import TrialPlace
from hardenme.collectors.github.refusal import barring, sso_left_out
from hardenme.collectors.github.sign_on import asked
from hardenme.collectors.github.visibility import APP_ROLE
from hardenme.collectors.transport.response import NoAnswerError, Response
from hardenme.facts.github import endpoints
from hardenme.facts.github.canaries import ACCOUNT, APPS_ONLY, CANARIES, OPEN
from hardenme.facts.github.token import INSTALLATION
from hardenme.model.fact import Endpoint
from hardenme.model.grant import ObservedPermission, PermissionStatus
from hardenme.model.permission import fine_grained
from hardenme.model.unknown import Reason

HOPELESS = frozenset({Reason.RATE_LIMITED, Reason.REJECTED})
"""Reasons for which the next request would fail as well."""
PATIENCE = 2
"""Requests without a usable answer, after which no more are sent."""
EMPTY: dict[str, Any] = {}


class Canaries:
    """Asks one request for each permission, until there is no use in asking.

    Attributes:
        given_up: why nothing more is asked; empty as long as there is use in it.
    """

    def __init__(self, github: GitHub, place: TrialPlace) -> None:
        self._github = github
        self._place = place
        self._unanswered = 0
        self.given_up = ""

    def told(self) -> Iterator[ObservedPermission]:
        """What is known about each permission of `CANARIES`."""
        for name, endpoint in CANARIES.items():
            standing, why = self._standing(name, endpoint)
            yield ObservedPermission(fine_grained(name), standing, why)

    def _standing(self, name: str, endpoint: Endpoint) -> tuple[PermissionStatus, str]:
        if why := self._unaskable(name, endpoint) or self.given_up:
            return PermissionStatus.UNTOLD, why
        environment = ""
        if "{environment_name}" in endpoint.path:
            environment = self._environment()
            if not environment:
                return PermissionStatus.UNTOLD, "no environment is visible to try it on"
        place = self._place
        scope = place.organization if "{org}" in endpoint.path else place.repository
        path = endpoint.at(scope, environment_name=environment)
        try:
            response = self._github.get(path, store=False)
            data = response.json() if response.ok else None
        except NoAnswerError as error:
            why = error.unknown.seen or error.unknown.needed
            return PermissionStatus.UNTOLD, self._note(f"GET {path}: {why}", error.unknown.reason)
        return self._meaning(name, response, data)

    def _unaskable(self, name: str, endpoint: Endpoint) -> str:
        """Why there is nothing that could be asked; empty if there is."""
        if name in APPS_ONLY and self._github.kind != INSTALLATION:
            return f"only a {APP_ROLE} gets an answer"
        if name in ACCOUNT and self._github.kind == INSTALLATION:
            return "an app installation has no account"
        if "{org}" in endpoint.path and not self._place.organization:
            return "no organization to try it on"
        if "{repo}" in endpoint.path and not self._place.repository:
            return "no repository to try it on"
        if name in OPEN and not self._place.private:
            return "public repositories answer everyone, and there is no private one to try it on"
        return ""

    def _environment(self) -> str:
        """The name of an environment; empty if none is shown."""
        try:
            response = self._github.get(endpoints.ENVIRONMENTS.at(self._place.repository))
            data = response.json() if response.ok else EMPTY
        except NoAnswerError as error:
            self._note("the environments are not visible", error.unknown.reason)
            return ""
        found = data.get("environments") if isinstance(data, dict) else None
        first = found[0] if isinstance(found, list) and found else EMPTY
        name = first.get("name") if isinstance(first, dict) else None
        return name if isinstance(name, str) else ""

    def _note(self, why: str, reason: Reason) -> str:
        """Count what came to nothing; enough of it, and nothing more is asked."""
        self._unanswered += 1
        if reason in HOPELESS or self._unanswered >= PATIENCE:
            self.given_up = f"not asked, since an earlier request was not answered ({why})"
        return why

    def _meaning(self, name: str, response: Response, data: Any) -> tuple[PermissionStatus, str]:
        answered = f"{response.endpoint} answered {response.status}"
        if response.ok:
            if takes(response, name) is False:
                return (
                    PermissionStatus.UNTOLD,
                    f"{answered}, for which another permission is enough",
                )
            if not _fits(name, data):
                return PermissionStatus.UNTOLD, f"{answered}, in an unknown format"
            if sso_left_out(response) is not None:
                return (
                    PermissionStatus.UNTOLD,
                    f"{answered} in part: single sign-on hides something",
                )
            return PermissionStatus.HELD, answered
        if asked(response.headers):
            return PermissionStatus.UNTOLD, f"{answered}: the organization requires single sign-on"
        if (policy := barring(response)) is not None:
            return PermissionStatus.UNTOLD, f"{answered}: it needs {policy.needed}"
        if denies(response, name):
            return PermissionStatus.REFUSED, f"{answered} and names this permission"
        return PermissionStatus.UNTOLD, f"{answered}, which may have another reason"


def _fits(name: str, data: Any) -> bool:
    """Whether the answer has the documented form."""
    endpoint = CANARIES[name]
    if endpoint.kind and not endpoint.counted:
        return isinstance(data, list)
    return (
        isinstance(data, dict)
        and ("total_count" if endpoint.counted else endpoint.identity) in data
    )
