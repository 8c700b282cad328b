"""Whether releases can be changed, and what tokens of workflows call their repository."""

from __future__ import annotations

from typing import Any

import pytest

from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github import releases, repositories
from hardenme.facts.github.releases import (
    OidcSubject,
    OrganizationOidcSubject,
    RepositoryImmutableReleases,
)
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason
from hardenme.sandbox.http import Reply
from tests.collectors.scripted import GONE, github, reads

HERE = Subject("github", "repo", "cedar-labs/cone")
OWN = "/repos/cedar-labs/cone/immutable-releases"
ALL = "/orgs/cedar-labs/settings/immutable-releases"
CANARY = "/repos/cedar-labs/cone/actions/permissions"
NODE = {"nameWithOwner": "cedar-labs/cone", "isInOrganization": True, "viewerCanAdminister": True}
REFUSED = Reply(403, {"message": "Resource not accessible by personal access token"})


def store(**change: Any) -> FactStore:
    found = FactStore()
    with github({"graphql": {"data": {"repository": NODE | change}}}) as (client, _):
        for answer in repositories.one(client, HERE, FactStore()):
            found.put(answer)
    return found


def asked(said: dict[str, Any], **change: Any) -> tuple[Answer[Any], list[str]]:
    known = store(**change)
    with github(said) as (client, server):
        (answer,) = releases.immutable_releases(client, HERE, known)
        assert answer.kind is RepositoryImmutableReleases
        return answer, [request.path for request in server.requests]


def test_the_repositorys_own_setting() -> None:
    answer, paths = asked({OWN: {"enabled": True, "enforced_by_owner": False}, ALL: GONE})
    assert answer.facts[0].enabled is True
    assert paths == [ALL, OWN]
    answer, paths = asked({OWN: {"enabled": True}}, isInOrganization=False)
    assert answer.facts[0].enabled is True
    assert paths == [OWN], "a person's repository has no organization to ask"


def test_where_the_organization_decides_nothing_is_asked_of_the_repository() -> None:
    answer, paths = asked({OWN: GONE, ALL: {"enforced_repositories": "all"}})
    assert answer.missing is not None
    assert answer.missing.reason is Reason.NOT_ASKED
    assert paths == [ALL]


@pytest.mark.parametrize(
    "setting",
    [{"enforced_repositories": "selected"}, {"enforced_repositories": "none"}, {}, [], REFUSED],
)
def test_an_organization_that_decides_nothing(setting: Any) -> None:
    answer, _ = asked({OWN: {"enabled": False}, ALL: setting})
    assert answer.facts[0].enabled is False


def test_a_404_is_off_where_another_answer_proves_the_right() -> None:
    answer, paths = asked({OWN: GONE, CANARY: {"enabled": True}}, isInOrganization=False)
    assert answer.facts[0].enabled is False
    assert paths == [OWN, CANARY]
    assert len(answer.evidence) == 2


@pytest.mark.parametrize("canary", [GONE, REFUSED, {}, [], {"enabled": None}, Reply(500, {})])
def test_a_404_alone_is_not_off(canary: Any) -> None:
    answer, _ = asked({OWN: GONE, CANARY: canary}, isInOrganization=False)
    assert answer.facts == ()
    assert answer.missing is not None


@pytest.mark.parametrize("said", [REFUSED, Reply(401, {}), Reply(500, {}), Reply(200, body=b"<p>")])
def test_a_setting_that_is_refused(said: Any) -> None:
    answer, _ = asked({OWN: said, CANARY: {"enabled": True}})
    assert answer.facts == ()
    assert answer.missing is not None


@pytest.mark.parametrize("said", [{}, {"enabled": None}, {"enabled": "yes"}, [True]])
def test_a_setting_that_is_not_understood(said: Any) -> None:
    answer, _ = asked({OWN: said})
    assert "enabled" in answer.facts[0].unknown_fields()


def subject(said: Any) -> Answer[Any]:
    with github({"/repos/cedar-labs/cone/actions/oidc/customization/sub": said}) as (client, _):
        (answer,) = reads(OidcSubject)(client, HERE, FactStore())
        assert answer.kind is OidcSubject
        return answer


def test_subjects() -> None:
    numbered = "repo:cedar-labs@7/cone@41"
    said = {"use_default": True, "use_immutable_subject": True, "sub_claim_prefix": numbered}
    (fact,) = subject(said).facts
    assert (fact.immutable, fact.numbered, fact.default, fact.claims) == (True, True, True, ())
    for named in ("repo:cedar-labs/cone", "repo:a@1/cone", "repo:a/cone@1", f"{numbered}:x", ""):
        assert subject(said | {"sub_claim_prefix": named}).facts[0].numbered is False
    own = {"use_default": False, "include_claim_keys": ["repo", "context"]}
    (fact,) = subject(own | {"use_immutable_subject": False}).facts
    assert (fact.immutable, fact.default, fact.claims) == (False, False, ("repo", "context"))


@pytest.mark.parametrize(
    ("said", "unknown"),
    [
        ({"use_default": True}, {"immutable"}),
        ({"use_default": True, "use_immutable_subject": None}, {"immutable"}),
        ({"use_default": False, "use_immutable_subject": False}, {"claims"}),
        ({"use_immutable_subject": False}, {"default", "claims"}),
        (
            {"use_default": False, "use_immutable_subject": False, "include_claim_keys": [1]},
            {"claims"},
        ),
    ],
)
def test_a_subject_that_is_not_told(said: Any, unknown: set[str]) -> None:
    assert set(subject(said).facts[0].unknown_fields()) == unknown | {"numbered"}


@pytest.mark.parametrize("said", [GONE, REFUSED, []])
def test_a_subject_that_is_refused(said: Any) -> None:
    assert subject(said).missing is not None


def above(said: Any) -> Answer[Any]:
    with github({"/orgs/cedar-labs/actions/oidc/customization/sub": said}) as (client, _):
        owner = Subject("github", "org", "cedar-labs")
        (answer,) = reads(OrganizationOidcSubject)(client, owner, FactStore())
        return answer


@pytest.mark.parametrize("on", [True, False])
def test_the_organizations_subject(*, on: bool) -> None:
    said = {"include_claim_keys": ["repo"], "use_immutable_subject": on}
    assert above(said).facts[0].immutable is on


@pytest.mark.parametrize(
    "said", [{"include_claim_keys": []}, {"use_immutable_subject": None}, [], GONE, REFUSED]
)
def test_an_organizations_subject_that_is_not_told(said: Any) -> None:
    answer = above(said)
    assert answer.missing is not None or "immutable" in answer.facts[0].unknown_fields()
