"""What an organization of the sandbox decides, and to whom it tells that."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from hardenme.sandbox.github.server import github_sandbox
from tests.moment import NOW
from tests.sandbox.github_reader import Reader
from tests.sandbox.test_github_contract import needs_contract, validator
from tests.worlds.github import (
    STRICT_ORG_APP,
    STRICT_ORG_FINE_GRAINED,
    STRICT_ORG_TOKEN,
    WEAK_ORG_FINE_GRAINED,
    WEAK_ORG_MEMBER,
    WEAK_ORG_TOKEN,
    strict_organization,
    weak_organization,
)

CONFIGURATIONS = "/orgs/{org}/code-security/configurations"
DEFAULTS = "/orgs/{org}/code-security/configurations/defaults"
RELEASES = "/orgs/{org}/settings/immutable-releases"
REQUESTS = "/orgs/{org}/personal-access-token-requests"
RULES = """query($org: String!) {
  organization(login: $org) {
    repositories(first: 10, isArchived: false) {
      nodes {
        name
        defaultBranchRef {
          rules(first: 20) { nodes { repositoryRuleset { source { __typename } } } }
        }
      }
    }
  }
}"""


@pytest.fixture
def weak() -> Iterator[Reader]:
    with github_sandbox(weak_organization(NOW)) as server, Reader(server) as read:
        yield read


@pytest.fixture
def strict() -> Iterator[Reader]:
    with github_sandbox(strict_organization(NOW)) as server, Reader(server) as read:
        yield read


def weakly(pattern: str) -> str:
    return pattern.replace("{org}", "bramble-labs")


def strictly(pattern: str) -> str:
    return pattern.replace("{org}", "cedar-labs")


def test_default_configurations(weak: Reader, strict: Reader) -> None:
    (half,) = weak(weakly(DEFAULTS), WEAK_ORG_TOKEN).data
    assert half["default_for_new_repos"] == "public"
    assert half["configuration"]["enforcement"] == "unenforced"
    (whole,) = strict(strictly(DEFAULTS), STRICT_ORG_FINE_GRAINED).data
    assert whole["default_for_new_repos"] == "all"
    assert whole["configuration"]["secret_scanning_push_protection"] == "enabled"


def test_a_configuration_that_is_no_default(weak: Reader) -> None:
    (found,) = weak.world.organizations[0].policies.configurations
    found.default_for = None
    assert weak(weakly(DEFAULTS), WEAK_ORG_TOKEN).data == []
    assert len(weak(weakly(CONFIGURATIONS), WEAK_ORG_TOKEN).data) == 1


def test_immutable_releases(weak: Reader, strict: Reader) -> None:
    chosen = weak(weakly(RELEASES), WEAK_ORG_FINE_GRAINED).data
    assert chosen["enforced_repositories"] == "selected"
    assert chosen["selected_repositories_url"].endswith("/repositories")
    assert strict(strictly(RELEASES), STRICT_ORG_TOKEN).data == {"enforced_repositories": "all"}


@pytest.mark.parametrize("pattern", [CONFIGURATIONS, DEFAULTS, RELEASES])
def test_owners_alone_are_told(weak: Reader, pattern: str) -> None:
    assert weak(weakly(pattern)).status == 401
    assert weak(weakly(pattern), WEAK_ORG_MEMBER).status in {403, 404}
    token = weak.world.token(WEAK_ORG_FINE_GRAINED)
    assert token is not None
    del token.permissions["organization_administration"]
    assert weak(weakly(pattern), WEAK_ORG_FINE_GRAINED).status == 403


def test_apps_alone_see_which_tokens_wait(strict: Reader) -> None:
    (request,) = strict(strictly(REQUESTS), STRICT_ORG_APP).data
    assert (request["owner"]["login"], request["token_name"]) == ("maple", "release notes")
    for token in (STRICT_ORG_TOKEN, STRICT_ORG_FINE_GRAINED):
        assert strict(strictly(REQUESTS), token).status == 403
    assert strict(strictly(REQUESTS)).status == 401


def test_an_organizations_ruleset_says_from_where_it_comes(weak: Reader, strict: Reader) -> None:
    sources = {}
    for read, token, org in (
        (weak, WEAK_ORG_TOKEN, "bramble-labs"),
        (strict, STRICT_ORG_FINE_GRAINED, "cedar-labs"),
    ):
        data = read.graphql(RULES, token, org=org)["data"]
        for node in data["organization"]["repositories"]["nodes"]:
            branch = node["defaultBranchRef"] or {"rules": {"nodes": []}}
            sources[node["name"]] = {
                rule["repositoryRuleset"]["source"]["__typename"]
                for rule in branch["rules"]["nodes"]
            }
    assert sources["cone"] == sources["resin"] == {"Organization"}
    assert sources["briar"] == sources["seed"] == set()


@needs_contract
@pytest.mark.parametrize("pattern", [CONFIGURATIONS, DEFAULTS, RELEASES, REQUESTS, "/orgs/{org}"])
def test_they_have_github_s_shape(weak: Reader, strict: Reader, pattern: str) -> None:
    answered = 0
    for read, path in ((weak, weakly(pattern)), (strict, strictly(pattern))):
        for token in ("", *(item.value for item in read.world.tokens)):
            answer = read(path, token)
            check = validator(pattern, answer.status)
            assert check is not None
            assert list(check.iter_errors(answer.data)) == []
            answered += answer.status == 200
    assert answered >= 2
