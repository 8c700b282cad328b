"""What is asked of one repository and has no batched form."""

from __future__ import annotations

from datetime import UTC, datetime

from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github import repository
from hardenme.facts.github.repository import (
    ActionsSecret,
    DeployKey,
    RepositoryPrivateReporting,
)
from tests.collectors.default_branch import HERE, NODE, booked, kinds, seen
from tests.collectors.scripted import GONE, github, of, reads


def test_private_reporting_is_asked_of_public_repositories() -> None:
    path = "/repos/hazel/lantern/private-vulnerability-reporting"
    for node, said, expected in (
        (NODE, {"enabled": True}, (True, True)),
        (NODE | {"visibility": "PRIVATE"}, GONE, (False, False)),
    ):
        with github({path: said}) as (client, server):
            answer = of(
                RepositoryPrivateReporting,
                list(repository.private_reporting(client, HERE, booked(seen(node)))),
            )
        fact = answer.facts[0]
        assert (fact.applicable, fact.enabled) == expected
        assert len(server.requests) == expected[0]
    for node in (NODE | {"visibility": "NEW"}, {"nameWithOwner": "hazel/lantern"}):
        with github({path: {"enabled": True}}) as (client, _):
            (answer,) = repository.private_reporting(client, HERE, booked(seen(node)))
        assert answer.missing is not None


def test_deploy_keys_that_the_batch_counted_to_zero_are_not_asked_for() -> None:
    with github({"/repos/hazel/lantern/keys": []}) as (client, server):
        assert list(repository.deploy_keys(client, HERE, booked(seen(NODE)))) == []
        assert server.requests == []
        for node in (
            NODE | {"deployKeys": {"totalCount": 1}},
            NODE | {"deployKeys": None},
            NODE | {"viewerCanAdminister": False},
        ):
            assert "DeployKey" not in kinds(seen(node))
        (answer,) = repository.deploy_keys(client, HERE, FactStore())
    assert (answer.kind, answer.facts, answer.missing) == (DeployKey, (), None)


def test_the_names_of_secrets() -> None:
    path = "/repos/hazel/lantern/actions/secrets"
    secret = {"name": "NPM_TOKEN", "updated_at": "2026-01-01T00:00:00Z"}
    said = {"total_count": 1, "secrets": [secret]}
    with github({path: said}) as (client, _):
        (answer,) = reads(ActionsSecret)(client, HERE, FactStore())
    assert answer.kind is ActionsSecret
    assert answer.facts[0].updated_at == datetime(2026, 1, 1, tzinfo=UTC)
    assert str(answer.facts[0].subject) == "github:secret/hazel/lantern/NPM_TOKEN"
    with github({path: said | {"total_count": 2}}) as (client, _):
        (answer,) = reads(ActionsSecret)(client, HERE, FactStore())
    assert answer.missing is not None
