"""The npm sandbox's answers have the shapes of npm's own OpenAPI document, where it has them."""

from __future__ import annotations

import json
import os
import urllib.error
import urllib.request
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from hardenme.sandbox.npm.scenarios import hardened_maintainer, weak_maintainer
from hardenme.sandbox.npm.server import NpmSandbox, npm_sandbox
from hardenme.sandbox.npm.world import TokenKind
from tests.moment import NOW

yaml = pytest.importorskip("ruamel.yaml", reason="ruamel.yaml reads the contract")

ROOT = Path(__file__).resolve().parents[2]
CONTRACTS = Path(os.environ.get("HARDENME_CONTRACTS", ROOT.parent / "shared" / "contracts"))
CONTRACT = CONTRACTS / "npm-registry.openapi.yaml"

pytestmark = pytest.mark.skipif(
    not CONTRACT.is_file(),
    reason="npm-registry.openapi.yaml is absent; HARDENME_CONTRACTS names its folder",
)

# The document says that `expiry` is a string; npm's own answers have null for a token that does
# not expire (npm/cli issue 9443).
NULLABLE_IN_PRACTICE = {"expiry"}

READS = [
    ("mallow", "/-/npm/v1/tokens", "/-/npm/v1/tokens"),
    ("mallow", "/-/npm/v1/tokens", "/-/npm/v1/tokens?page=1"),
    ("hazel", "/-/npm/v1/tokens", "/-/npm/v1/tokens"),
    ("mallow", "/-/org/{orgName}/package", "/-/org/acorn-labs/package"),
    ("mallow", "/-/org/{orgName}/team", "/-/org/acorn-labs/team"),
    ("mallow", "/-/org/{orgName}/user", "/-/org/acorn-labs/user"),
    (
        "mallow",
        "/-/org/{orgName}/{teamName}/user",
        "/-/org/acorn-labs/developers/user",
    ),
    (
        "mallow",
        "/-/team/{orgName}/{teamName}/package",
        "/-/team/acorn-labs/developers/package",
    ),
    (
        "mallow",
        "/-/package/{escapedPackageName}/collaborators",
        "/-/package/@acorn-labs%2fladle/collaborators",
    ),
    (
        "mallow",
        "/-/package/{escapedPackageName}/visibility",
        "/-/package/@acorn-labs%2fladle/visibility",
    ),
    ("mallow", "/-/v1/search", "/-/v1/search?text=maintainer:mallow&size=250"),
    ("hazel", "/-/v1/search", "/-/v1/search?text=scope:hazel-grove"),
    ("mallow", "/-/stage", "/-/stage"),
    ("hazel", "/-/stage", "/-/stage?package=@hazel-grove%2flantern&page=0&perPage=100"),
    ("hazel", "/-/package/{package}/trust", "/-/package/@hazel-grove%2flantern/trust"),
]


@cache
def contract() -> dict[str, Any]:
    """The document, with its nullable fields in JSON Schema's own words."""
    document = yaml.YAML(typ="safe", pure=True).load(CONTRACT.read_text(encoding="utf-8"))
    _translate(document)
    assert isinstance(document, dict)
    return document


def _translate(node: Any, name: str = "") -> None:
    """Turn OpenAPI 3.0's `nullable`, and what is null in practice, into a type."""
    if isinstance(node, list):
        for item in node:
            _translate(item)
    elif isinstance(node, dict):
        nullable = node.pop("nullable", False) or name in NULLABLE_IN_PRACTICE
        if nullable and isinstance(node.get("type"), str):
            node["type"] = [node["type"], "null"]
        for key, value in node.items():
            _translate(value, key)


def answer_schema(path: str, status: str, method: str = "get") -> dict[str, Any]:
    """The JSON Schema of an answer, with the document's schemas for its references."""
    answer = contract()["paths"][path][method]["responses"][status]
    if "$ref" in answer:
        answer = contract()["components"]["responses"][answer["$ref"].rpartition("/")[2]]
    schema: dict[str, Any] = dict(answer["content"]["application/json"]["schema"])
    return schema | {"components": {"schemas": contract()["components"]["schemas"]}}


def violations(path: str, status: str, data: Any) -> list[str]:
    schema = answer_schema(path, status)
    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(data)]


def read(url: str, token: str, **headers: str) -> tuple[int, Any]:
    sent = {"Authorization": f"Bearer {token}"} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    request = urllib.request.Request(url, headers=sent)  # noqa: S310 (loopback)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 (loopback)
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, json.load(refused)


@pytest.fixture(scope="module")
def sandboxes() -> Iterator[dict[str, NpmSandbox]]:
    weak, hardened = weak_maintainer(NOW), hardened_maintainer(NOW)
    for world in (weak, hardened):
        world.visibility_by_name = True
        world.long_access_words = True
    with npm_sandbox(weak) as mallow, npm_sandbox(hardened) as hazel:
        yield {"mallow": mallow, "hazel": hazel}


@pytest.mark.parametrize(("user", "path", "target"), READS)
def test_answer_has_the_documented_shape(
    sandboxes: dict[str, NpmSandbox], user: str, path: str, target: str
) -> None:
    sandbox = sandboxes[user]
    status, data = read(sandbox.url + target, sandbox.world.token(user), npm_otp="000000")
    assert status == 200
    assert data
    assert violations(path, "200", data) == []


def test_every_documented_key_of_a_listed_token_is_sent(
    sandboxes: dict[str, NpmSandbox],
) -> None:
    sandbox = sandboxes["hazel"]
    _, data = read(f"{sandbox.url}/-/npm/v1/tokens", sandbox.world.token("hazel"))
    schema = answer_schema("/-/npm/v1/tokens", "200")
    documented = set(schema["properties"]["objects"]["items"]["properties"])
    # Real answers have no `readonly`: what a token may do stands in `permissions`.
    assert documented - set(data["objects"][0]) == {"readonly"}


def test_every_documented_key_of_a_search_result_is_sent(
    sandboxes: dict[str, NpmSandbox],
) -> None:
    sandbox = sandboxes["mallow"]
    _, data = read(f"{sandbox.url}/-/v1/search?text=ladle", sandbox.world.token("mallow"))
    schema = answer_schema("/-/v1/search", "200")
    documented = schema["properties"]["objects"]["items"]["properties"]
    (hit,) = data["objects"]
    assert set(documented) == set(hit)
    assert set(documented["package"]["properties"]) == set(hit["package"])


@pytest.mark.parametrize(
    ("target", "path", "status"),
    [
        ("/-/v1/search", "/-/v1/search", "400"),
        ("/-/package/@hazel-grove%2fnone/trust", "/-/package/{package}/trust", "404"),
        ("/-/package/@hazel-grove%2flantern/trust", "/-/package/{package}/trust", "401"),
    ],
)
def test_refusal_has_the_documented_shape(
    sandboxes: dict[str, NpmSandbox], target: str, path: str, status: str
) -> None:
    sandbox = sandboxes["hazel"]
    web = {"npm_auth_type": "web", "npm_command": "trust"}
    sandbox.desk.proven.clear()
    seen, data = read(sandbox.url + target, sandbox.world.token("hazel"), **web)
    assert str(seen) == status
    assert violations(path, status, data) == []


def test_trust_refuses_an_account_without_two_factor() -> None:
    world = weak_maintainer(NOW)
    world.users[0].tfa = None
    with npm_sandbox(world) as sandbox:
        target = f"{sandbox.url}/-/package/@acorn-labs%2fladle/trust"
        status, data = read(target, world.token("mallow"))
        assert status == 403
        assert data["message"] == "Please enable 2fa for your account"
        assert violations("/-/package/{package}/trust", "403", data) == []
        world.users[0].tfa = "auth-only"
        status, data = read(target, world.token("mallow", TokenKind.BYPASS))
        assert status == 401
