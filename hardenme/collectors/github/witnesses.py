"""Reads that GitHub guards with write: an answer proves that the token may write.

All of them are GET requests, and nothing is changed. A refusal proves nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hardenme.collectors.github.accepted import takes
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.github.refusal import refusal, sso_left_out
from hardenme.collectors.reading import Item
from hardenme.collectors.transport.response import NoAnswerError, Response
from hardenme.facts.github import endpoints
from hardenme.facts.github.token import WITNESSES
from hardenme.model.evidence import Atom
from hardenme.model.permission import NOTHING
from hardenme.model.unknown import Reason, Unknown

RULESETS = endpoints.RULESETS.asking("includes_parents=false")
MOST = 6
"""Requests at most, without the one for the repository itself."""
NOT_SHOWN = frozenset({403, 404})


class Witnesses:
    """Asks about one repository, and about the organization that owns it.

    Attributes:
        found: by the fields of `TokenWriteProbe`, whether it was shown, or why that is not known.
        evidence: the answers.
    """

    def __init__(self, github: GitHub) -> None:
        self._github = github
        self.found: dict[str, Any] = {}
        self.evidence: list[Atom] = []

    def ask(self, repository: str, item: Item, organization: str = "") -> None:
        """Ask for what may prove a right that is not proved yet.

        Args:
            repository: its full name, like `acme/web`.
            item: the repository as GET /repos/{owner}/{repo} gave it.
            organization: the login of the organization that owns it; empty for a person.
        """
        self.found["merge_settings_shown"] = "allow_squash_merge" in item
        path = endpoints.CREATION_CAP.at(repository)
        cap = self._shown("creation_cap_shown", path, _is_cap)
        path = endpoints.CODE_QUALITY.at(repository)
        quality = cap or self._shown("code_quality_shown", path, _is_setup)
        if not quality and (number := self._ruleset(repository)):
            path = endpoints.RULESET_HISTORY.at(repository, ruleset_id=number)
            self._shown("ruleset_history_shown", path, _is_history)
        path = endpoints.CODESPACES_SECRETS.at(repository)
        self._shown("codespaces_secrets_shown", path, _are_secrets)
        if organization:
            path = endpoints.ORGANIZATION_RULESETS.at(organization)
            self._shown("organization_rulesets_shown", path, _are_rulesets)
        spared = Unknown(Reason.NOT_ASKED, "nothing: it would not prove anything more", "not asked")
        for name in WITNESSES:
            self.found.setdefault(name, spared)

    def _shown(self, name: str, path: str, fits: Callable[[Any], bool]) -> bool:
        """Note whether it was shown; returns whether it surely was."""
        found = self._answer(name, path, fits)
        self.found[name] = found
        return found is True

    def _answer(self, name: str, path: str, fits: Callable[[Any], bool]) -> Any:
        try:
            response = self._github.get(path)
            self.evidence.append(response.atom)
            if response.status in NOT_SHOWN:
                return False
            if not response.ok:
                return refusal(response, NOTHING, self._github.kind)
            data = response.json()
        except NoAnswerError as error:
            return error.unknown
        # An answer that takes less than the right to write does not prove that right, and an empty
        # list could come from anywhere, unless it says what it took.
        demanded = takes(response, WITNESSES[name][1])
        if demanded is False or (data == [] and demanded is None):
            return False
        if (left_out := sso_left_out(response)) is not None:
            return left_out
        return fits(data) or _odd(response)

    def _ruleset(self, repository: str) -> int:
        """The number of one of the repository's own rulesets; 0 if none is shown."""
        try:
            response = self._github.get(RULESETS.at(repository))
            data = response.json() if response.ok else ()
        except NoAnswerError:
            return 0
        for raw in data if isinstance(data, list) else ():
            number = raw.get("id") if isinstance(raw, dict) else None
            own = isinstance(raw, dict) and raw.get("source_type") == "Repository"
            if own and isinstance(number, int) and not isinstance(number, bool):
                return number
        return 0


def _odd(response: Response) -> Unknown:
    return Unknown(
        Reason.MALFORMED,
        f"an answer to {response.endpoint} that hardenme can read",
        seen="an answer in another format",
        evidence=(response.atom,),
    )


def _is_cap(data: Any) -> bool:
    return isinstance(data, dict) and isinstance(data.get("enabled"), bool)


def _is_setup(data: Any) -> bool:
    return isinstance(data, dict) and data.get("state") in ("configured", "not-configured")


def _is_history(data: Any) -> bool:
    return _are_objects(data, "version_id") and bool(data)


def _are_secrets(data: Any) -> bool:
    return isinstance(data, dict) and _are_objects(data.get("secrets"), "name")


def _are_rulesets(data: Any) -> bool:
    return _are_objects(data, "enforcement")


def _are_objects(data: Any, name: str) -> bool:
    return isinstance(data, list) and all(isinstance(raw, dict) and name in raw for raw in data)
