"""From a request to an answer for a fact: the two forms, one object and a list of objects."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from hardenme.collectors.answer import known, nothing
from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github.client import GitHub, Graph
from hardenme.collectors.github.pages import Listing, read_pages
from hardenme.collectors.github.refusal import refusal, sso_left_out, wanted
from hardenme.collectors.reading import Item
from hardenme.collectors.transport.response import NoAnswerError, Response
from hardenme.facts.github.repository import Repository
from hardenme.model.fact import Answer, Fact
from hardenme.model.permission import Requirement
from hardenme.model.subject import Subject
from hardenme.model.unknown import NotKnownError, Reason, Unknown

F = TypeVar("F", bound=Fact)


def place(github: GitHub, scope: Subject) -> dict[str, Any]:
    """The fields that a fact about the scope itself begins with."""
    return {"subject": scope, "within": scope, "label": scope.name, "web": github.web}


def visibility(scope: Subject, store: FactStore) -> str | Unknown:
    """Whether a repository is public, private or internal, or why that is not known."""
    repository = store.fact(Repository, scope)
    if repository is None:
        return Unknown(Reason.NOT_ASKED, "the visibility")
    return repository.unknown_fields().get("visibility") or repository.visibility


def fetch(github: GitHub, path: str, requirement: Requirement) -> tuple[Response, Item] | Unknown:
    """One object of the API, or why there is none."""
    try:
        response = github.get(path)
        if not response.ok:
            return refusal(response, requirement, github.kind)
        data = response.json()
    except NoAnswerError as error:
        return error.unknown
    if not isinstance(data, dict) or not data:
        return Unknown(
            Reason.MALFORMED,
            f"GET {path} must answer with an object",
            evidence=(response.atom,),
        )
    if (left_out := sso_left_out(response)) is not None:
        return left_out
    return response, Item(data, f"GET {path}")


def unanswered(
    github: GitHub, graph: Graph, requirement: Requirement, *, hidden: bool = False
) -> Unknown:
    """Why GraphQL gave nothing of what was asked for.

    Args:
        graph: the answer.
        requirement: what it takes.
        hidden: an answer without it means that it is not there, or is not shown.
    """
    if not graph.response.ok:
        return refusal(graph.response, requirement, github.kind)
    if (policy := graph.barred()) is not None:
        return policy
    kinds = {str(error.get("type")) for error in graph.errors}
    evidence = (graph.response.atom,)
    if kinds & {"FORBIDDEN", "INSUFFICIENT_SCOPES"}:
        needed = wanted(requirement, github.kind)
        return Unknown(Reason.NOT_PERMITTED, needed, "GraphQL refused it", evidence)
    if hidden or "NOT_FOUND" in kinds:
        needed = "the right name, and a token that sees it"
        return Unknown(Reason.NOT_VISIBLE, needed, "not found", evidence)
    return Unknown(Reason.MALFORMED, "a GraphQL answer that hardenme can read", "", evidence)


def single(
    github: GitHub, kind: type[F], scope: Subject, path: str, build: Callable[[Item], F]
) -> Answer[F]:
    """The answer for a fact that one object gives."""
    found = fetch(github, path, kind.requirement)
    if isinstance(found, Unknown):
        return nothing(kind, scope, found)
    response, item = found
    return known(kind, scope, response, build(item))


def why_not_whole(listing: Listing, requirement: Requirement, kind: str) -> Unknown | None:
    """Why a list is incomplete: a refusal, a lost page, single sign-on; None if it is."""
    if listing.missing is not None:
        return listing.missing
    for response in listing.responses:
        if not response.ok:
            return refusal(response, requirement, kind)
        if (left_out := sso_left_out(response)) is not None:
            return left_out
    return None


def listed(  # noqa: PLR0913 (a list is asked for by this much)
    github: GitHub,
    kind: type[F],
    scope: Subject,
    path: str,
    build: Callable[[Item], F | None],
    *,
    slim: Callable[[bytes], bytes] | None = None,
) -> Answer[F]:
    """The answer for a fact that each object of a list gives; `build` may leave one out.

    Where an object has no identity, or that of another one, the list is incomplete.

    Args:
        slim: takes out of an answer's body what must not be kept, in memory and on disk.
    """
    counted = kind.endpoint.counted
    if slim:
        listing = read_pages(github.session, path, counted=counted, slim=slim)
    else:
        listing = github.pages(path, counted=counted)
    missing = why_not_whole(listing, kind.requirement, github.kind)
    built: list[F | None] = []
    for raw in listing.items:
        try:
            built.append(build(Item(raw, f"GET {path}")))
        except NotKnownError as error:
            missing = missing or error.unknown
    facts = unique(built)
    if missing is None and len(facts) < sum(fact is not None for fact in built):
        missing = Unknown(
            Reason.INCOMPLETE,
            "every item must be listed once; run again",
            f"GET {path} named one twice",
            listing.evidence,
        )
    return Answer(kind, scope, facts, listing.evidence, missing)


def unique(facts: Iterable[F | None]) -> tuple[F, ...]:
    """The facts without those left out; of several on one subject, the first (pages may shift)."""
    found: dict[Subject, F] = {}
    for fact in facts:
        if fact is not None:
            found.setdefault(fact.subject, fact)
    return tuple(found.values())
