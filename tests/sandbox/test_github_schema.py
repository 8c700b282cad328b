"""The sandbox's GraphQL schema is a part of GitHub's own: nothing in it is ours."""

from __future__ import annotations

import gzip
import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    build_schema,
    is_introspection_type,
    is_specified_scalar_type,
    validate_schema,
)

from hardenme.sandbox.github.graph.execute import schema, text_of_schema

ROOT = Path(__file__).resolve().parents[2]
CONTRACTS = Path(os.environ.get("HARDENME_CONTRACTS", ROOT.parent / "shared" / "contracts"))
CONTRACT = CONTRACTS / "github.graphql.gz"

needs_contract = pytest.mark.skipif(
    not CONTRACT.is_file(),
    reason="github.graphql.gz is absent; HARDENME_CONTRACTS names its folder",
)


@cache
def github() -> GraphQLSchema:
    with gzip.open(CONTRACT, "rt", encoding="utf-8") as file:
        return build_schema(file.read(), assume_valid=True)


def differences(ours: GraphQLSchema, theirs: GraphQLSchema) -> list[str]:
    """What our schema says that GitHub's does not say in the same way."""
    found: list[str] = []
    for name, kind in ours.type_map.items():
        if is_introspection_type(kind) or is_specified_scalar_type(kind):
            continue
        other: Any = theirs.type_map.get(name)
        if other is None or other.__class__ is not kind.__class__:
            found.append(f"{name}: no such type of this kind")
        elif isinstance(kind, GraphQLEnumType):
            found += [f"{name}.{v}: no such value" for v in kind.values if v not in other.values]
        elif isinstance(kind, GraphQLUnionType):
            members = {member.name for member in other.types}
            found += [
                f"{name}: {m.name} is none of it" for m in kind.types if m.name not in members
            ]
        elif isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            implemented = {i.name for i in other.interfaces}
            found += [
                f"{name}: is no {i.name}" for i in kind.interfaces if i.name not in implemented
            ]
            found += field_differences(name, kind, other)
        elif isinstance(kind, GraphQLInputObjectType):
            found += [
                f"{name}.{f}: {field.type}"
                for f, field in kind.fields.items()
                if f not in other.fields or str(other.fields[f].type) != str(field.type)
            ]
    return found


def field_differences(
    name: str,
    kind: GraphQLObjectType | GraphQLInterfaceType,
    other: GraphQLObjectType | GraphQLInterfaceType,
) -> list[str]:
    found: list[str] = []
    for field_name, field in kind.fields.items():
        theirs = other.fields.get(field_name)
        if theirs is None or str(theirs.type) != str(field.type):
            found.append(f"{name}.{field_name}: {field.type}, not {theirs and theirs.type}")
            continue
        for argument, given in field.args.items():
            known = theirs.args.get(argument)
            if known is None or str(known.type) != str(given.type):
                found.append(f"{name}.{field_name}({argument}): {given.type}")
        required = {a for a, v in theirs.args.items() if str(v.type).endswith("!")}
        found += [f"{name}.{field_name}({a}): left out" for a in required - set(field.args)]
    return found


def test_the_schema_is_valid_and_has_queries_only() -> None:
    # The sandbox takes it for valid without a look.
    assert validate_schema(build_schema(text_of_schema())) == []
    assert schema().mutation_type is None
    assert schema().subscription_type is None


@pytest.mark.second_tier("takes over half a second")
@needs_contract
def test_every_type_field_argument_and_value_is_github_s() -> None:
    assert differences(schema(), github()) == []
    assert len(schema().type_map) > 80


@pytest.mark.second_tier("takes long")
@needs_contract
@pytest.mark.parametrize(
    ("right", "wrong", "seen"),
    [
        (
            "createdAt: DateTime!\n  enabled",
            "createdAt: DateTime\n  enabled",
            "DeployKey.createdAt",
        ),
        ("hasAnyContributions", "hasContributions", "ContributionsCollection.hasContributions"),
        ("  EVALUATE\n", "  REHEARSE\n", "RuleEnforcement.REHEARSE"),
        (
            "repositoryOwner(login: String!)",
            "repositoryOwner(login: ID!)",
            "repositoryOwner(login)",
        ),
        ("union BypassActor = App | Team", "union BypassActor = App | User", "BypassActor: User"),
    ],
)
def test_the_comparison_sees_a_difference(right: str, wrong: str, seen: str) -> None:
    path = ROOT / "hardenme" / "sandbox" / "github" / "graph" / "schema.graphql"
    text = path.read_text(encoding="utf-8")
    assert right in text
    found = differences(build_schema(text.replace(right, wrong)), github())
    assert any(seen in line for line in found), found
