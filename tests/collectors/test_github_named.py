"""Whether a repository still has the name that npm knows it by."""

from __future__ import annotations

from typing import Any

import pytest

from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.github.named import repository
from hardenme.facts.github.named import GONE, OWNER_GONE, RENAMED, THERE, NamedRepository
from hardenme.facts.npm.package import PackageRepository
from hardenme.facts.npm.publishing import TrustedPublisher
from hardenme.model.fact import Answer, Fact
from hardenme.model.secret import Secret
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason
from hardenme.sandbox.github.server import github_sandbox
from hardenme.sandbox.http import Reply
from tests.collectors.reader import QUICK
from tests.collectors.scripted import GONE as NOT_FOUND
from tests.collectors.scripted import github
from tests.engine.small import atom
from tests.factories.npm_paths import trusted_publisher
from tests.running import NOW
from tests.worlds import github as scenarios

FINE_GRAINED = "github_pat_CANARY000000_" + "0" * 50


def store(fact: Fact) -> FactStore:
    found = FactStore()
    found.put(Answer(type(fact), fact.within, (fact,), (atom(),)))
    return found


def named(name: Any = "hazel/lamp") -> TrustedPublisher:
    return trusted_publisher(repository=name)


def ask(client: GitHub | None, fact: Fact) -> Answer[Any]:
    (found,) = repository(client, fact.subject, store(fact))
    assert found.kind is NamedRepository
    return found


def answer(paths: dict[str, Any], name: Any = "hazel/lamp", **how: Any) -> Answer[Any]:
    with github(paths, **how) as (client, _):
        return ask(client, named(name))


def test_one_that_is_there() -> None:
    (fact,) = answer({"/repos/hazel/lamp": {"full_name": "Hazel/Lamp"}}).facts
    assert (fact.state, fact.current, fact.named) == (THERE, "Hazel/Lamp", "hazel/lamp")
    assert fact.subject == named().subject
    assert fact.within == named().within


def test_one_that_has_another_name_now() -> None:
    moved = Reply(301, {"url": "x"}, {"Location": "/repositories/7"})
    paths = {"/repos/hazel/lamp": moved, "/repositories/7": {"full_name": "hazel/lantern"}}
    (fact,) = answer(paths).facts
    assert (fact.state, fact.current) == (RENAMED, "hazel/lantern")


def test_one_whose_owner_is_nobody() -> None:
    found = answer({})
    (fact,) = found.facts
    assert (fact.state, fact.current) == (OWNER_GONE, "")
    assert [item.status for item in found.evidence] == [404, 404]


def test_an_account_that_an_enterprise_manages_is_hidden_and_not_gone() -> None:
    found = answer({}, "hazel_grove/lamp")
    assert found.facts == ()
    assert found.missing is not None
    assert found.missing.reason is Reason.NOT_VISIBLE


OWNER = {"/users/hazel": {"login": "hazel", "type": "User"}}
SCOPES = {"x-oauth-scopes": "repo, read:org"}


@pytest.mark.parametrize(
    ("user", "token", "gone"),
    [
        (Reply(200, {"login": "Hazel"}, SCOPES), "ghp_CANARY", True),
        (Reply(200, {"login": "rowan"}, SCOPES), "ghp_CANARY", False),
        (Reply(200, {"login": "hazel"}, {"x-oauth-scopes": "public_repo"}), "ghp_CANARY", False),
        (Reply(200, {"login": "hazel"}), "ghp_CANARY", False),
        (Reply(200, {"login": "hazel"}, SCOPES), FINE_GRAINED, False),
        (Reply(401, {}), "ghp_CANARY", False),
        (NOT_FOUND, "ghp_CANARY", False),
    ],
)
def test_one_that_is_not_seen_is_gone_only_where_it_would_be_seen(
    user: Reply, token: str, *, gone: bool
) -> None:
    found = answer(OWNER | {"/user": user}, token=token)
    if gone:
        assert [fact.state for fact in found.facts] == [GONE]
        return
    assert found.facts == ()
    assert found.missing is not None
    assert found.missing.reason in {Reason.NOT_VISIBLE, Reason.NOT_PERMITTED}


@pytest.mark.parametrize(
    "said",
    [
        Reply(403, {"message": "Forbidden"}),
        Reply(401, {"message": "Bad credentials"}),
        Reply(451, {}),
        Reply(500, {}),
        Reply(200, {}),
        Reply(200, {"full_name": None}),
        Reply(200, []),
        Reply(200, body=b"<html>"),
        Reply(302, {}, {"Location": "/elsewhere"}),
        Reply(301, {}, {"Location": "https://evil.example/"}),
    ],
)
def test_any_other_answer_tells_nothing(said: Reply) -> None:
    assert answer({"/repos/hazel/lamp": said}).facts == ()
    assert answer({"/repos/hazel/lamp": NOT_FOUND, "/users/hazel": said}).facts == ()


@pytest.mark.parametrize("name", ["", "../../user", "hazel", "hazel/..", "a/b/c", "hazel/x?y"])
def test_a_name_that_is_none_is_not_asked_about(name: str) -> None:
    with github({}) as (client, server):
        found = ask(client, named(name))
        assert server.requests == []
    assert found.missing is not None
    assert found.missing.reason is Reason.NOT_ASKED


def test_another_github_is_not_asked_about_the_names_of_npm() -> None:
    with github({"/repos/hazel/lamp": {"full_name": "hazel/lamp"}}) as (client, server):
        client.web = "https://ghe.example"
        assert ask(client, named()).facts == ()
        assert server.requests == []
    assert ask(None, named()).facts == ()


def test_a_packages_own_entry_is_asked_about_as_well() -> None:
    subject = Subject("npm", "package", "lamp")
    entry = PackageRepository(
        subject=subject, within=subject, named="hazel/lamp", repository="hazel/lamp", directory=""
    )
    with github({"/repos/hazel/lamp": {"full_name": "hazel/lamp"}}) as (client, server):
        assert ask(client, entry).facts[0].subject == subject
        assert ask(client, named()).facts[0].state == THERE
        assert len(server.requests) == 1, "the same repository is asked about once"


@pytest.mark.parametrize(
    ("name", "state"),
    [("mallow/ladle", THERE), ("mallow/soup-spoon", RENAMED), ("nobody/ladle", OWNER_GONE)],
)
def test_the_sandbox_answers_as_github_does(name: str, state: str) -> None:
    with github_sandbox(scenarios.weak_maintainer(NOW)) as server:
        client = GitHub.connect(server.url, Secret(scenarios.WEAK_TOKEN), bounds=QUICK)
        assert [fact.state for fact in ask(client, named(name)).facts] == [state]
