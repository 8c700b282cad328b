"""What a query costs, by the documented formula, and which queries are refused unasked.

Each connection needs one request for each of its parents. The sum, divided by a hundred and
rounded, is the cost in points, at least one. The nodes are counted in the same way.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
    value_from_ast_untyped,
)

LARGEST_PAGE = 100
MOST_NODES = 500_000
REQUESTS_A_POINT = 100
LISTS = frozenset({"nodes", "edges"})


@dataclass(slots=True)
class Cost:
    """The price of one operation; `errors` is not empty if GitHub refuses to run it."""

    requests: int = 0
    nodes: int = 0
    errors: list[GraphQLError] = field(default_factory=list)

    @property
    def points(self) -> int:
        """What is taken from the budget."""
        return max(1, int(self.requests / REQUESTS_A_POINT + 0.5))


@dataclass(frozen=True, slots=True)
class _Walk:
    schema: GraphQLSchema
    fragments: dict[str, FragmentDefinitionNode]
    variables: dict[str, Any]
    cost: Cost

    def selections(self, chosen: SelectionSetNode | None, parent: Any, times: int) -> None:
        """Count what is selected below a type that occurs so many times."""
        for node in chosen.selections if chosen else ():
            if isinstance(node, FieldNode):
                self.one(node, parent, times)
            elif isinstance(node, InlineFragmentNode):
                condition = node.type_condition
                inner = self.schema.get_type(condition.name.value) if condition else parent
                self.selections(node.selection_set, inner, times)
            elif isinstance(node, FragmentSpreadNode):
                fragment = self.fragments[node.name.value]
                inner = self.schema.get_type(fragment.type_condition.name.value)
                self.selections(fragment.selection_set, inner, times)

    def one(self, node: FieldNode, parent: Any, times: int) -> None:
        """Count one field and those below it."""
        if not isinstance(parent, GraphQLObjectType | GraphQLInterfaceType):
            return
        known = parent.fields.get(node.name.value)
        if known is None:
            return
        inner = get_named_type(known.type)
        if inner.name.endswith("Connection"):
            size = self.page(node)
            self.cost.requests += times
            self.cost.nodes += times * size
            times *= size
        self.selections(node.selection_set, inner, times)

    def page(self, node: FieldNode) -> int:
        """How many items a connection is asked for; notes an error where that is not allowed."""
        arguments = {
            argument.name.value: value_from_ast_untyped(argument.value, self.variables)
            for argument in node.arguments or ()
        }
        sizes = {n: arguments[n] for n in ("first", "last") if arguments.get(n) is not None}
        name = node.name.value
        if not sizes:
            if LISTS & self.fields_of(node.selection_set):
                self.refuse(
                    "MISSING_PAGINATION_BOUNDARIES",
                    f"You must provide a `first` or `last` value to properly paginate the "
                    f"`{name}` connection.",
                    node,
                )
            return 0
        limit, size = next(iter(sizes.items()))
        if not isinstance(size, int) or not 0 <= size <= LARGEST_PAGE:
            self.refuse(
                "EXCESSIVE_PAGINATION",
                f"Requesting {size} records on the `{name}` connection exceeds the `{limit}` "
                f"limit of {LARGEST_PAGE} records.",
                node,
            )
            return 0
        return size

    def fields_of(self, chosen: SelectionSetNode | None) -> set[str]:
        """The names selected directly, through fragments too."""
        names: set[str] = set()
        for node in chosen.selections if chosen else ():
            if isinstance(node, FieldNode):
                names.add(node.name.value)
            elif isinstance(node, InlineFragmentNode):
                names |= self.fields_of(node.selection_set)
            elif isinstance(node, FragmentSpreadNode):
                names |= self.fields_of(self.fragments[node.name.value].selection_set)
        return names

    def refuse(self, kind: str, message: str, node: FieldNode) -> None:
        self.cost.errors.append(GraphQLError(message, node, extensions={"type": kind}))


def price(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: dict[str, Any],
) -> Cost:
    """The cost of an operation of a valid document.

    Args:
        schema: to know connections by their types.
        document: holds the fragments.
        operation: the one that runs.
        variables: their values, defaults included.
    """
    fragments = {
        node.name.value: node
        for node in document.definitions
        if isinstance(node, FragmentDefinitionNode)
    }
    cost = Cost()
    walk = _Walk(schema, fragments, variables, cost)
    walk.selections(operation.selection_set, schema.query_type, 1)
    if cost.nodes > MOST_NODES:
        message = (
            f"This query requests up to {cost.nodes:,} possible nodes which exceeds the maximum "
            f"limit of {MOST_NODES:,}."
        )
        cost.errors.append(GraphQLError(message, extensions={"type": "MAX_NODE_LIMIT_EXCEEDED"}))
    return cost
