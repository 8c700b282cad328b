"""`POST /graphql`: one request, one document, one operation that is a query."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from importlib.resources import files
from threading import Lock
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    build_schema,
    execute_sync,
    get_operation_ast,
    parse,
    validate,
    value_from_ast_untyped,
)

from hardenme.sandbox.github.access import Caller
from hardenme.sandbox.github.calls import moment, problem
from hardenme.sandbox.github.graph.cost import Cost, price
from hardenme.sandbox.github.graph.people import roots, view_organization, view_user
from hardenme.sandbox.github.graph.repository import view_repository
from hardenme.sandbox.github.graph.seen import Seen, View
from hardenme.sandbox.github.limits import RateLimits
from hardenme.sandbox.github.world import Organization, Repository, User
from hardenme.sandbox.http import Reply, Request

VIEWS: dict[type, Callable[[Seen, Any], View]] = {
    User: view_user,
    Organization: view_organization,
    Repository: view_repository,
}
BAD_VARIABLES = "Variables are invalid JSON."
NO_QUERY = "A query attribute must be specified and must be a string."


_BUILDING = Lock()


def text_of_schema() -> str:
    """The subset schema as it is written."""
    return files(__package__).joinpath("schema.graphql").read_text(encoding="utf-8")


def schema() -> GraphQLSchema:
    """The subset schema, built once a process, however many queries come at once."""
    with _BUILDING:
        return _schema()


@cache
def _schema() -> GraphQLSchema:
    # That it is one, the tests see: to find out anew takes as long as all else.
    return build_schema(text_of_schema(), assume_valid=True, assume_valid_sdl=True)


def execute(request: Request, caller: Caller, limits: RateLimits) -> Reply:
    """Answer one GraphQL request; refusals of fields leave HTTP at 200, as on GitHub."""
    try:
        body = request.json()
    except ValueError:
        return problem(400, "Problems parsing JSON")
    if not isinstance(body, dict) or not isinstance(body.get("query"), str):
        return problem(400, NO_QUERY)
    if not isinstance(body.get("variables") or {}, dict):
        return problem(400, BAD_VARIABLES)
    if limits.budget(caller.token, "graphql").remaining == 0:
        who = caller.user.id if caller.user else 0
        message = f"API rate limit exceeded for user ID {who}."
        return Reply(200, {"errors": [{"type": "RATE_LIMITED", "message": message}]})
    web = f"http://{request.headers.get('host', '127.0.0.1')}"
    try:
        return _run(body, Seen(caller, web, VIEWS), limits)
    except GraphQLError as error:
        return Reply(200, {"errors": [formatted(error)]})


@lru_cache(maxsize=256)
def _read(text: str) -> tuple[DocumentNode, tuple[GraphQLError, ...]]:
    """A document and what is wrong with it; clients send the same few again and again.

    Raises:
        GraphQLError: it is none.
    """
    document = parse(text)
    return document, tuple(validate(schema(), document))


def _run(body: dict[str, Any], seen: Seen, limits: RateLimits) -> Reply:
    document, errors = _read(body["query"])
    operation = get_operation_ast(document, body.get("operationName"))
    if operation is None:
        raise GraphQLError("An operation name is required")
    if operation.operation is not OperationType.QUERY:
        raise GraphQLError("This server answers queries only")
    variables = body.get("variables") or {}
    if errors:
        return Reply(200, {"errors": [formatted(error) for error in errors]})
    cost = price(schema(), document, operation, _variables(operation, variables))
    if cost.errors:
        return Reply(200, {"errors": [formatted(error) for error in cost.errors]})
    limits.spend(seen.caller.token, "graphql", cost.points)
    result = execute_sync(
        schema(),
        document,
        root_value=roots(seen) | {"rateLimit": _rate_limit(seen, limits, cost)},
        variable_values=variables,
        operation_name=body.get("operationName"),
    )
    answer: dict[str, Any] = {"data": result.data}
    if result.errors:
        answer["errors"] = [formatted(error) for error in result.errors]
    return Reply(200, answer)


def _variables(operation: OperationDefinitionNode, given: dict[str, Any]) -> dict[str, Any]:
    """The variables with their defaults; the executor validates them."""
    defaults = {
        definition.variable.name.value: value_from_ast_untyped(definition.default_value)
        for definition in operation.variable_definitions or ()
        if definition.default_value is not None
    }
    return defaults | given


def _rate_limit(seen: Seen, limits: RateLimits, cost: Cost) -> dict[str, Any]:
    budget = limits.budget(seen.caller.token, "graphql")
    reset = seen.world.now.fromtimestamp(budget.reset, tz=seen.world.now.tzinfo)
    return {
        "cost": cost.points,
        "limit": budget.limit,
        "nodeCount": cost.nodes,
        "remaining": budget.remaining,
        "resetAt": moment(reset),
        "used": budget.used,
    }


def formatted(error: GraphQLError) -> dict[str, Any]:
    """An error as GitHub writes it: its type next to the message, not among the extensions."""
    data: dict[str, Any] = dict(error.formatted)
    extensions = dict(data.pop("extensions", {}))
    kind = extensions.pop("type", None)
    return (
        ({"type": kind} if kind else {}) | data | ({"extensions": extensions} if extensions else {})
    )
