"""What a whole run sends: reads only, each to the server whose token it is."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import cache
from pathlib import Path

import pytest
from graphql import OperationDefinitionNode, OperationType, build_schema, parse, validate

from hardenme.collectors.transport.cache import Cache
from hardenme.sandbox.http import Request
from hardenme.sandbox.npm import scenarios as npm
from tests.running import NOW, QUICK, Stage, stage
from tests.worlds import github

pytestmark = pytest.mark.second_tier("counts the requests of whole runs", one_of=8)

ROOT = Path(__file__).parent.parent.parent
CONTRACTS = Path(os.environ.get("HARDENME_CONTRACTS", ROOT.parent / "shared" / "contracts"))
CONTRACT = CONTRACTS / "github.graphql.gz"
WORLDS = ("weak", "weak, fine-grained", "hardened", "hardened, classic", "scaled")


def world(name: str) -> AbstractContextManager[Stage]:
    kind, _, token = name.partition(", ")
    if kind == "weak":
        registry = npm.weak_maintainer(NOW)
        value = github.WEAK_FINE_GRAINED if token else github.WEAK_TOKEN
        return stage(github.weak_maintainer(NOW), registry, value, registry.token("mallow"))
    if kind == "hardened":
        registry = npm.hardened_maintainer(NOW)
        value = github.HARDENED_CLASSIC if token else github.HARDENED_TOKEN
        return stage(github.hardened_maintainer(NOW), registry, value, registry.token("hazel"))
    registry = npm.scaled_maintainer(NOW)
    grown = github.scaled_maintainer(NOW, repositories=30, organizations=2)
    return stage(grown, registry, github.SCALED_TOKEN, registry.token("sedge"))


@cache
def sent(name: str) -> tuple[list[Request], list[Request], Stage]:
    """What a run sent to GitHub and to npm; it has ended, and so have the servers."""
    with world(name) as running:
        running.audit(profile="strict")
        return running.github.requests, running.npm.requests, running


@pytest.mark.second_tier("takes over half a second")
@pytest.mark.sampled(4)
@pytest.mark.parametrize("name", WORLDS)
def test_a_run_only_reads(name: str) -> None:
    to_github, to_npm, _ = sent(name)
    assert len(to_github) > 10
    assert len(to_npm) > 3
    assert {request.method for request in to_npm} == {"GET"}
    for request in to_github:
        if request.method == "GET":
            assert request.body == b""
            continue
        assert (request.method, request.path) == ("POST", "/graphql")
        document = parse(json.loads(request.body)["query"])
        operations = [
            part.operation
            for part in document.definitions
            if isinstance(part, OperationDefinitionNode)
        ]
        assert operations == [OperationType.QUERY]


@pytest.mark.sampled(2, among="requests of a run")
@pytest.mark.second_tier("takes long")
@pytest.mark.parametrize("name", WORLDS)
def test_each_token_goes_to_its_own_server(name: str) -> None:
    to_github, to_npm, running = sent(name)
    for requests, own, other in (
        (to_github, f"token {running.github_token}", running.npm_token),
        (to_npm, f"Bearer {running.npm_token}", running.github_token),
    ):
        for request in requests:
            assert request.headers.get("authorization") == own
            everything = f"{request.path}{request.query}{request.headers}".encode() + request.body
            assert other.encode() not in everything
            assert everything.count(own.partition(" ")[2].encode()) == 1


@pytest.mark.parametrize("name", WORLDS)
def test_nothing_is_asked_twice(name: str) -> None:
    for requests in sent(name)[:2]:
        asked = [(r.method, r.path, tuple(sorted(r.query.items())), r.body) for r in requests]
        assert sorted(asked) == sorted(set(asked))


@pytest.fixture(scope="module")
def validated() -> Callable[[str], list[str]]:
    if not CONTRACT.exists():
        pytest.skip("github.graphql.gz is absent; HARDENME_CONTRACTS names its folder")
    schema = build_schema(gzip.decompress(CONTRACT.read_bytes()).decode(), assume_valid=True)
    return lambda document: [error.message for error in validate(schema, parse(document))]


@pytest.mark.sampled(2, among="requests of a run")
def test_the_queries_are_githubs(validated: Callable[[str], list[str]]) -> None:
    documents = {
        json.loads(request.body)["query"]
        for name in WORLDS
        for request in sent(name)[0]
        if request.method == "POST"
    }
    names = {document.split("(")[0].split()[1] for document in documents}
    assert {"Repositories", "Contributions"} <= names
    for document in documents:
        assert validated(document) == []
    assert validated("query Q { viewer { noSuchField } }") != []


@pytest.mark.second_tier("takes over half a second")
def test_a_query_for_one_repository_is_githubs(validated: Callable[[str], list[str]]) -> None:
    with world("hardened") as running:
        running.audit("github:hazel/lantern")
        documents = [
            json.loads(request.body)["query"]
            for request in running.github.requests
            if request.method == "POST"
        ]
    assert documents
    for document in documents:
        assert validated(document) == []


@pytest.mark.sampled(2, among="requests of a run")
@pytest.mark.parametrize("name", ["weak", "hardened, classic"])
def test_a_second_run_is_spared_by_what_was_kept(name: str, tmp_path: Path) -> None:
    with world(name) as running:
        reports = [
            running.audit(profile="strict", cache=Cache(tmp_path / "answers"), bounds=QUICK)
            for _ in range(2)
        ]
    first, second = (
        [(f.code, str(f.subject), f.result) for f in report.findings] for report in reports
    )
    assert first == second
    tagged = [r for r in running.github.requests if "if-none-match" in r.headers]
    assert len(tagged) > 10
    for path in (tmp_path / "answers").iterdir():
        data = path.read_bytes()
        assert running.github_token.encode() not in data
        assert running.npm_token.encode() not in data
