"""From a request to a registry to one object, or to why there is none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hardenme.collectors.answer import known, nothing
from hardenme.collectors.declared import read
from hardenme.collectors.npm.client import Npm, refusal
from hardenme.collectors.reading import Item
from hardenme.collectors.transport.response import NoAnswerError, Response
from hardenme.facts.npm.endpoints import PACKUMENT, NpmEndpoint
from hardenme.facts.npm.names import addressable
from hardenme.model.fact import Answer, Fact
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

Found = tuple[Response, Item] | Unknown
NAMED = {"package": "a package", "org": "an organization", "user": "an account"}
REFUSALS = frozenset({Reason.NOT_PERMITTED, Reason.NOT_VISIBLE, Reason.REJECTED})


def endpoint_of(kind: type[Fact]) -> NpmEndpoint:
    """Where a fact is read.

    Raises:
        TypeError: it declares no address of a registry.
    """
    if not isinstance(kind.endpoint, NpmEndpoint):
        raise TypeError(f"{kind.__name__} is read from no registry")
    return kind.endpoint


def fetch(npm: Npm, kind: type[Fact], *, who: str = "", **names: str) -> Found:
    """What a fact is read from, or why there is nothing.

    Args:
        who: who gets an answer, for the words of a refusal.
        names: the names in the endpoint's path.

    Raises:
        TypeError: the fact declares no address of a registry.
        KeyError: the path names something that is not given.
    """
    for name, value in names.items():
        if name in NAMED and not addressable(value):
            return no_name(NAMED[name])
    found = fetch_at(npm, kind, endpoint_of(kind).at(**names))
    return _refused(found, kind, who) if who and isinstance(found, Unknown) else found


def fetch_at(npm: Npm, kind: type[Fact], path: str, *, again: bool = False) -> Found:
    """The same, at one of several addresses of a list; `again` as `Npm.get` takes it."""
    endpoint = endpoint_of(kind)
    return _answer(npm, lambda: npm.get(path, endpoint.command, again=again), path, kind)


def fetch_packument(npm: Npm, package: str, kind: type[Fact], *, kept: bool = False) -> Found:
    """All that is public about a package, or why there is nothing.

    Args:
        package: its name.
        kept: an answer of an earlier run will do, without asking.
    """
    if not addressable(package):
        return no_name("a package")
    path = PACKUMENT.at(package=package)
    found = _answer(npm, lambda: npm.packument(path, kept=kept), path, kind)
    if isinstance(found, Unknown) or found[1].data.get(PACKUMENT.identity) == package:
        return found
    return Unknown(
        Reason.MALFORMED,
        f"GET {path} must answer with that package",
        "it names another one, or none",
        (found[0].atom,),
    )


def _answer(npm: Npm, ask: Callable[[], Response], path: str, kind: type[Fact]) -> Found:
    source, of_names = f"GET {path.partition('?')[0]}", endpoint_of(kind).of_names
    try:
        response = ask()
        if not response.ok:
            return refusal(response, kind.requirement, signed_in=npm.secret is not None)
        data = response.json()
    except NoAnswerError as error:
        return error.unknown
    evidence = (response.atom,)
    if of_names and "rel=" in response.headers.get("link", ""):
        # npm gives these lists whole; what names further pages is part of one.
        needed = f"all of {source} in one answer"
        return Unknown(Reason.INCOMPLETE, needed, "it names further pages", evidence)
    if of_names and not (isinstance(data, list) and all(isinstance(one, str) for one in data)):
        needed = f"{source} must answer with a list of names"
        return Unknown(Reason.MALFORMED, needed, evidence=evidence)
    if not of_names and not isinstance(data, dict):
        needed = f"GET {path} must answer with an object"
        return Unknown(Reason.MALFORMED, needed, evidence=evidence)
    return response, Item(data, source)


def _refused(why: Unknown, kind: type[Fact], who: str) -> Unknown:
    """Why something is kept from anyone who is not let in: in words that say who is.

    A 401 does not show here that the token is bad: npm answers so to one that may not read this.
    """
    elsewhere = why.reason is Reason.NOT_PERMITTED and why.needed != str(kind.requirement)
    if why.reason not in REFUSALS or elsewhere:
        return why
    reason = Reason.NOT_PERMITTED if why.reason is Reason.REJECTED else why.reason
    return replace(why, reason=reason, needed=f"{kind.requirement} of {who}")


def no_name(what: str) -> Unknown:
    """The unknown in place of an answer about something whose name cannot be part of a request."""
    return Unknown(Reason.MALFORMED, f"a name of {what} that npm would give", "no such name")


def no_token(npm: Npm, kind: type[Fact]) -> Unknown:
    """The unknown if nothing was asked for want of a token that is of use."""
    return npm.refused or Unknown(
        Reason.NOT_PERMITTED, str(kind.requirement) or "an npm token", "no npm token"
    )


def place(npm: Npm, subject: Subject, within: Subject | None = None, label: str = "") -> Any:
    """The fields that every fact from a registry has."""
    return {
        "subject": subject,
        "within": within or subject,
        "label": label or subject.name,
        "registry": npm.registry,
    }


def single_of(
    npm: Npm, kind: type[Fact], scope: Subject, found: Found, **placed: Any
) -> Answer[Any]:
    """The answer for a fact of the scope itself, whose fields one object holds."""
    if isinstance(found, Unknown):
        return nothing(kind, scope, found)
    response, item = found
    fact = kind(**place(npm, scope, **placed), **read(kind, item))
    return known(kind, scope, response, fact)
