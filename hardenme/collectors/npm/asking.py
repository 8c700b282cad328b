"""From a request to a registry to one object, or to why there is none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hardenme.collectors.npm.client import Npm, escaped, refusal
from hardenme.collectors.npm.names import addressable, no_name
from hardenme.collectors.reading import Item
from hardenme.collectors.transport.response import NoAnswerError, Response
from hardenme.model.fact import Answer, Fact
from hardenme.model.permission import Requirement
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown


def fetch(
    npm: Npm, path: str, requirement: Requirement, command: str = "", *, again: bool = False
) -> tuple[Response, Item] | Unknown:
    """One object, or why there is none."""
    return _object(lambda: npm.get(path, command, again=again), path, requirement)


def fetch_packument(
    npm: Npm, package: str, requirement: Requirement, *, kept: bool = False
) -> tuple[Response, Item] | Unknown:
    """All that is public about a package, or why there is nothing.

    Args:
        npm: who is asked.
        package: its name.
        requirement: of the fact.
        kept: an answer of an earlier run will do, without asking.
    """
    if not addressable(package):
        return no_name("a package")
    path = f"/{escaped(package)}"
    found = _object(lambda: npm.packument(package, kept=kept), path, requirement)
    if isinstance(found, Unknown) or found[1].data.get("name") == package:
        return found
    return Unknown(
        Reason.MALFORMED,
        f"GET {path} must answer with that package",
        "it names another one, or none",
        (found[0].atom,),
    )


def _object(
    ask: Callable[[], Response], path: str, requirement: Requirement
) -> tuple[Response, Item] | Unknown:
    try:
        response = ask()
        if not response.ok:
            return refusal(response, requirement)
        data = response.json()
    except NoAnswerError as error:
        return error.unknown
    if not isinstance(data, dict):
        return Unknown(
            Reason.MALFORMED,
            f"GET {path} must answer with an object",
            evidence=(response.atom,),
        )
    return response, Item(data, f"GET {path.partition('?')[0]}")


def no_token(npm: Npm, kind: type[Fact]) -> Unknown:
    """The unknown where nothing was asked for want of a token that is of use."""
    return npm.refused or Unknown(
        Reason.NOT_PERMITTED, str(kind.requirement) or "an npm token", "no npm token"
    )


def nothing(kind: type[Fact], scope: Subject, why: Unknown) -> Answer[Any]:
    """The answer that nothing is known."""
    return Answer(kind, scope, (), why.evidence, why)


def place(npm: Npm, subject: Subject, within: Subject | None = None, label: str = "") -> Any:
    """The fields that every fact from a registry has."""
    return {
        "subject": subject,
        "within": within or subject,
        "label": label or subject.name,
        "registry": npm.registry,
    }
