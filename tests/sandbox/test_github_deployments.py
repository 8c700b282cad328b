"""Deployment policies, OIDC subjects and immutable releases of the GitHub sandbox."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from hardenme.sandbox.github.server import github_sandbox
from tests.moment import NOW
from tests.sandbox.github_reader import BARE, INSTALLATION, Reader, every_kind
from tests.worlds import github as scenarios

CONE = "/repos/cedar-labs/cone"
POLICIES = f"{CONE}/environments/release/deployment-branch-policies"
SUBJECT = f"{CONE}/actions/oidc/customization/sub"
OWNER = scenarios.STRICT_ORG_TOKEN


@pytest.fixture
def strict() -> Iterator[Reader]:
    world = scenarios.strict_organization(NOW)
    every_kind(world, "birch", "cedar-labs")
    with github_sandbox(world) as server, Reader(server) as read:
        yield read


def test_the_names_that_may_deploy(strict: Reader) -> None:
    answer = strict(POLICIES, OWNER)
    assert answer.status == 200
    assert answer.data["total_count"] == 1
    (policy,) = answer.data["branch_policies"]
    assert (policy["type"], policy["name"]) == ("tag", "v*")
    assert strict(POLICIES).status == 200, "everybody reads those of a public repository"
    assert strict(POLICIES.replace("release", "gone"), OWNER).status == 404


def test_a_policy_that_is_not_custom_names_nothing(strict: Reader) -> None:
    repository = strict.world.repository("cedar-labs/cone")
    assert repository is not None
    repository.environments[0].branch_policy = "protected"
    assert strict(POLICIES, OWNER).data == {"total_count": 0, "branch_policies": []}


def test_subjects(strict: Reader) -> None:
    repository = strict.world.repository("cedar-labs/cone")
    organization = strict.world.organization("cedar-labs")
    assert repository is not None
    assert organization is not None
    numbered = f"repo:cedar-labs@{organization.id}/cone@{repository.id}"
    assert strict(SUBJECT, OWNER).data == {
        "use_default": True,
        "use_immutable_subject": True,
        "sub_claim_prefix": numbered,
    }
    repository.immutable_subject, repository.subject_claims = False, ["repo", "context"]
    assert strict(SUBJECT, OWNER).data == {
        "use_default": False,
        "include_claim_keys": ["repo", "context"],
        "use_immutable_subject": False,
        "sub_claim_prefix": "repo:cedar-labs/cone",
    }


def test_a_subject_without_a_value_of_its_own(strict: Reader) -> None:
    repository = strict.world.repository("cedar-labs/cone")
    organization = strict.world.organization("cedar-labs")
    assert repository is not None
    assert organization is not None
    repository.immutable_subject = None
    for on in (False, True):
        organization.policies.immutable_subject = on
        said = strict(SUBJECT, OWNER).data
        assert "use_immutable_subject" not in said
        assert ("@" in said["sub_claim_prefix"]) is on


def test_subjects_take_a_right(strict: Reader) -> None:
    assert strict(SUBJECT).status == 401
    assert strict(SUBJECT, BARE).status == 404, "a classic token without a scope"
    assert strict(SUBJECT, INSTALLATION).status == 403, "an app without actions: read"
    granted = strict(SUBJECT, scenarios.STRICT_ORG_APP)
    assert granted.status == 200
    assert granted.headers["x-accepted-github-permissions"] == "actions=read"


def test_an_organizations_subject(strict: Reader) -> None:
    path = "/orgs/cedar-labs/actions/oidc/customization/sub"
    organization = strict.world.organization("cedar-labs")
    assert organization is not None
    said = {"include_claim_keys": ["repo", "context"]}
    assert strict(path, OWNER).data == said | {"use_immutable_subject": False}
    organization.policies.immutable_subject = None
    assert strict(path, OWNER).data == said
    assert strict(path).status == 401
    refused = strict(path, BARE)
    assert refused.status == 404, "a classic token without a scope"
    assert refused.headers["x-accepted-oauth-scopes"] == "read:org"


def test_an_organization_may_enforce_immutable_releases(strict: Reader) -> None:
    path = f"{CONE}/immutable-releases"
    repository = strict.world.repository("cedar-labs/cone")
    organization = strict.world.organization("cedar-labs")
    assert repository is not None
    assert organization is not None
    organization.policies.immutable_releases = "all"
    repository.immutable_releases = False
    assert strict(path, OWNER).data == {"enabled": True, "enforced_by_owner": True}
    organization.policies.immutable_releases = "none"
    assert strict(path, OWNER).status == 404, "off looks like absent"
    repository.immutable_releases = True
    assert strict(path, OWNER).data == {"enabled": True, "enforced_by_owner": False}
    assert strict(path, BARE).status == 404
