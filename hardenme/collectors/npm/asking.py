"""From a request to a registry to one object, or to why there is none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hardenme.collectors.declared import read
from hardenme.collectors.npm.client import Npm, refusal
from hardenme.collectors.npm.names import no_name
from hardenme.collectors.reading import Item
from hardenme.collectors.transport.response import NoAnswerError, Response
from hardenme.facts.npm.endpoints import PACKUMENT, NpmEndpoint
from hardenme.facts.npm.names import addressable
from hardenme.model.fact import Answer, Fact
from hardenme.model.permission import Requirement
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown


def endpoint_of(kind: type[Fact]) -> NpmEndpoint:
    """Where a fact is read.

    Raises:
        TypeError: it declares no address of a registry.
    """
    if not isinstance(kind.endpoint, NpmEndpoint):
        raise TypeError(f"{kind.__name__} is read from no registry")
    return kind.endpoint


def fetch(
    npm: Npm, kind: type[Fact], *, again: bool = False, **names: str
) -> tuple[Response, Item] | Unknown:
    """The one object that a fact is read from, or why there is none.

    Args:
        npm: who is asked.
        kind: the fact.
        again: what was answered before does not do.
        names: what stands in the endpoint's path.
    """
    return fetch_at(npm, kind, endpoint_of(kind).at(**names), again=again)


def fetch_at(
    npm: Npm, kind: type[Fact], path: str, *, again: bool = False
) -> tuple[Response, Item] | Unknown:
    """The same, at one of several addresses of a list."""
    command = endpoint_of(kind).command
    return _object(lambda: npm.get(path, command, again=again), path, kind.requirement)


def fetch_packument(
    npm: Npm, package: str, kind: type[Fact], *, kept: bool = False
) -> tuple[Response, Item] | Unknown:
    """All that is public about a package, or why there is nothing.

    Args:
        npm: who is asked.
        package: its name.
        kind: the fact.
        kept: an answer of an earlier run will do, without asking.
    """
    if not addressable(package):
        return no_name("a package")
    path = PACKUMENT.at(package=package)
    found = _object(lambda: npm.packument(path, kept=kept), path, kind.requirement)
    if isinstance(found, Unknown) or found[1].data.get(PACKUMENT.identity) == package:
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


def single_of(
    npm: Npm,
    kind: type[Fact],
    scope: Subject,
    found: tuple[Response, Item] | Unknown,
    **placed: Any,
) -> Answer[Any]:
    """The answer for a fact of the scope itself, whose fields one object holds.

    Args:
        npm: who was asked.
        kind: the fact.
        scope: of what it was asked.
        found: the object, or why there is none.
        placed: what the scope is within, and its label, as `place` takes them.
    """
    if isinstance(found, Unknown):
        return nothing(kind, scope, found)
    response, item = found
    fact = kind(**place(npm, scope, **placed), **read(kind, item))
    return Answer(kind, scope, (fact,), (response.atom,))
