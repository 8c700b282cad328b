from __future__ import annotations

from typing import Any

import pytest

from hardenme.derive.secrets import workflow_secrets
from hardenme.facts.github.environments import (
    ENVIRONMENT,
    ORGANIZATION,
    PROTECTED,
    Environment,
)
from hardenme.model.secret_name import Likeness, names_publish_environment, publish_likeness
from hardenme.model.severity import Severity
from hardenme.model.unknown import NotKnownError
from hardenme.model.verdict import Failed, NotApplicable, Passed
from hardenme_checks.github.repository_environments import (
    environment_binds_admins,
    publish_environment_guarded,
    publish_secret_in_environment,
    repo_npm_token_absent,
)
from tests.factories.github import repository, secret
from tests.factories.github_repository import (
    environment,
    environment_secret,
    guards,
    inherited_secret,
    selection,
    workflow_secret,
)
from tests.factories.given import LOST, MISSING, REFUSED, SOLO, TEAM, every

NPM_NAMES = ("NPM_TOKEN", "NODE_AUTH_TOKEN", "NPM_AUTH2", "PUBLISH_NPM_KEY", "npm_token", "NPMRC")
OTHER_NAMES = ("DEPLOY_HOST", "GH_TOKEN", "PNPM_VERSION", "NPM_SCOPE", "NPMX_TOKEN", "TOKEN")
OWNED = repository(in_organization=True)
PUBLISH_NAMES = ("RELEASE_TOKEN", "PYPI_API_TOKEN", "REGISTRY_PASSWORD")


@pytest.mark.parametrize("name", NPM_NAMES)
def test_named_like_a_token_for_npm(name: str) -> None:
    verdict = repo_npm_token_absent(workflow_secret(name))
    assert isinstance(verdict, Failed)
    assert verdict.fix.command == f"gh api -X DELETE repos/hazel/catkin/actions/secrets/{name}"


@pytest.mark.parametrize("name", [*OTHER_NAMES, *PUBLISH_NAMES])
def test_named_otherwise(name: str) -> None:
    assert isinstance(repo_npm_token_absent(workflow_secret(name)), Passed)


def test_a_token_is_deleted_where_it_is_kept() -> None:
    inner = repo_npm_token_absent(workflow_secret("NPM_TOKEN", ENVIRONMENT, environment="a b/c"))
    assert isinstance(inner, Failed)
    assert inner.fix.command == (
        "gh api -X DELETE repos/hazel/catkin/environments/a%20b%2Fc/secrets/NPM_TOKEN"
    )
    assert inner.fix.page == "https://github.com/hazel/catkin/settings/environments"
    above = repo_npm_token_absent(workflow_secret("NPM_TOKEN", ORGANIZATION))
    assert isinstance(above, Failed)
    assert above.fix.command == "gh api -X DELETE orgs/hazel/actions/secrets/NPM_TOKEN"
    assert above.fix.page == "https://github.com/organizations/hazel/settings/secrets/actions"
    assert above.fix.needs == "organization owner"
    assert above.fix.wider is not None, "one step closes it on all repositories that it reaches"


def test_a_name_that_is_not_known() -> None:
    for check in (repo_npm_token_absent, publish_secret_in_environment):
        with pytest.raises(NotKnownError):
            check(workflow_secret(MISSING))


@pytest.mark.parametrize("name", [*PUBLISH_NAMES, "publish_key", "NPM_TOKEN"])
def test_where_a_secret_that_publishes_is_kept(name: str) -> None:
    assert publish_likeness(name) is Likeness.CERTAIN
    assert isinstance(publish_secret_in_environment(workflow_secret(name, ENVIRONMENT)), Passed)
    for place in ("repository", ORGANIZATION):
        verdict = publish_secret_in_environment(workflow_secret(name, place))
        assert isinstance(verdict, Failed)
        assert place in verdict.message


@pytest.mark.parametrize("name", OTHER_NAMES)
def test_a_secret_that_does_not_publish(name: str) -> None:
    assert isinstance(publish_secret_in_environment(workflow_secret(name)), NotApplicable)


# --- the secrets in one list


def test_all_secrets_that_a_workflow_reads() -> None:
    made = workflow_secrets(
        OWNED,
        every(secret("A")),
        every(inherited_secret("B")),
        every(environment()),
        every(environment_secret("C")),
    )
    assert made.missing is None
    assert [(item.name, item.kept_by, item.environment) for item in made] == [
        ("A", "repository", ""),
        ("B", "organization", ""),
        ("C", "environment", "release"),
    ]
    assert {str(item.subject) for item in made} == {
        "github:secret/hazel/catkin/A",
        "github:inherited-secret/hazel/catkin/B",
        "github:environment-secret/hazel/catkin/release/C",
    }


@pytest.mark.parametrize(
    "lists",
    [
        (every(secret("A"), missing=LOST), every(), every()),
        (every(secret("A")), every(missing=LOST), every()),
        (every(secret("A")), every(), every(missing=LOST)),
        (every(secret("A")), LOST, every()),
        (every(secret("A")), every(), LOST),
    ],
)
def test_a_list_that_was_not_read_is_not_empty(lists: Any) -> None:
    own, inherited, kept = lists
    made = workflow_secrets(OWNED, own, inherited, every(environment()), kept)
    assert made.missing is LOST
    assert [item.name for item in made.facts] == ["A"], "what was read counts"


def test_what_cannot_be_there_need_not_be_read() -> None:
    secrets = every(secret("A"))
    personal = repository(in_organization=False)
    assert workflow_secrets(personal, secrets, LOST, every(), LOST).missing is None
    for others in (every(missing=LOST), every(environment()), REFUSED):
        assert workflow_secrets(personal, secrets, LOST, others, LOST).missing is LOST
    for owner in (OWNED, repository(in_organization=MISSING)):
        assert workflow_secrets(owner, secrets, LOST, every(), every()).missing is LOST


# --- environments


@pytest.mark.parametrize(
    "name", ["release", "npm", "Production", "npm-publish", "eu/prod", "RELEASES"]
)
def test_an_environment_named_like_one_that_publishes(name: str) -> None:
    assert names_publish_environment(name)


@pytest.mark.parametrize("name", ["staging", "preview", "github-pages", "reproduction", "", "pnpm"])
def test_an_environment_of_another_name(name: str) -> None:
    assert not names_publish_environment(name)


def judged(one: Environment, **given: Any) -> Any:
    parts: dict[str, Any] = {
        "repository": repository(),
        "secrets": every(),
        "guards": guards(),
        "selection": selection(),
        "limits": TEAM,
    }
    return publish_environment_guarded(one, **parts | given)


def test_a_guarded_environment() -> None:
    verdict = judged(environment())
    assert isinstance(verdict, Passed)
    assert verdict.seen == {"reviewers": 2, "deploys": "named", "policies": ["tag v*"]}
    assert isinstance(judged(environment(), guards=guards(branches=PROTECTED)), Passed)


LACKING = [
    ({"reviewed": False}, "deployments need no approval", "Required reviewers"),
    ({"prevents_self_review": False}, "people can approve their own deployments", "Prevent self"),
    ({"limited": False}, "every branch and tag can deploy to it", "Selected branches and tags"),
]


@pytest.mark.parametrize(("rules", "said", "label"), LACKING)
def test_a_rule_that_is_lacking_fails_at_once(rules: dict[str, Any], said: str, label: str) -> None:
    verdict = judged(environment(**rules), guards=REFUSED)
    assert isinstance(verdict, Failed)
    assert said in verdict.message
    assert label in verdict.fix.step
    assert verdict.fix.page == "https://github.com/hazel/catkin/settings/environments"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"guards": guards(reviewers=0)}, "deployments need no approval"),
        ({"guards": guards(prevents_self_review=False)}, "approve their own deployments"),
        (
            {"selection": selection("tags of nearly every name")},
            "tags of nearly every name can deploy to it",
        ),
    ],
)
def test_a_rule_that_is_there_in_name_only(given: dict[str, Any], said: str) -> None:
    verdict = judged(environment(), **given)
    assert isinstance(verdict, Failed)
    assert said in verdict.message


@pytest.mark.parametrize("lists", [{}, {"guards": REFUSED}])
@pytest.mark.parametrize("told", [{"prevents_self_review": False}, {}])
def test_the_ban_on_self_review_alone_weighs_less(
    told: dict[str, Any], lists: dict[str, Any]
) -> None:
    given = lists if told else {"guards": guards(prevents_self_review=False)}
    verdict = judged(environment(**told), **given)
    assert isinstance(verdict, Failed)
    assert (verdict.severity, verdict.message) == (
        Severity.MEDIUM,
        "people can approve their own deployments",
    )
    more = judged(environment(prevents_self_review=False, limited=False))
    assert isinstance(more, Failed)
    assert more.severity is None
    assert more.message.startswith(
        "people can approve their own deployments, and every branch and tag"
    )


@pytest.mark.parametrize("told", [False, MISSING])
def test_who_works_alone_approves_for_themselves(told: Any) -> None:
    one = environment(prevents_self_review=told)
    alone = {"guards": guards(prevents_self_review=told), "limits": SOLO}
    verdict = judged(one, **alone)
    assert isinstance(verdict, Passed)
    assert "self-review" not in verdict.message
    assert judged(one, guards=REFUSED, limits=SOLO) is REFUSED
    assert isinstance(judged(one, **alone, selection=selection("every branch")), Failed)


def test_an_environment_that_does_not_publish() -> None:
    plain = environment("staging", reviewed=False)
    assert isinstance(judged(plain), NotApplicable)
    by_secret = judged(plain, secrets=every(environment_secret("NPM_TOKEN"), missing=LOST))
    assert isinstance(by_secret, Failed), "the name of one secret is enough"
    assert isinstance(judged(environment(), repository=repository(archived=True)), NotApplicable)
    assert isinstance(judged(environment(), guards=guards(patterns=())), NotApplicable)


@pytest.mark.parametrize(
    ("one", "given"),
    [
        (environment(reviewed=MISSING), {}),
        (environment(prevents_self_review=MISSING), {}),
        (environment(limited=MISSING), {}),
        (environment(MISSING), {}),
        (environment("staging"), {"secrets": every(missing=LOST)}),
        (environment("staging"), {"secrets": every(environment_secret(MISSING))}),
        (environment(), {"guards": guards(reviewers=MISSING)}),
        (environment(), {"guards": guards(prevents_self_review=MISSING)}),
        (environment(), {"guards": guards(branches=MISSING)}),
        (environment(), {"guards": guards(patterns=MISSING)}),
        (environment(), {"selection": selection(MISSING)}),
    ],
)
def test_guards_not_known(one: Environment, given: dict[str, Any]) -> None:
    with pytest.raises(NotKnownError):
        judged(one, **given)


def test_what_is_not_known_is_handed_on() -> None:
    assert judged(environment(), guards=REFUSED) is REFUSED
    assert judged(environment(), selection=REFUSED) is REFUSED
    assert judged(environment(), secrets=REFUSED) is REFUSED


# --- administrators


def bound(one: Environment, **given: Any) -> Any:
    parts = {"repository": repository(), "secrets": every(), "guards": guards()}
    return environment_binds_admins(one, **parts | given)


def test_administrators_are_bound_where_something_is_published() -> None:
    assert isinstance(bound(environment()), Passed)
    verdict = bound(environment(), guards=guards(admins_bypass=True))
    assert isinstance(verdict, Failed)
    assert verdict.seen == {"name": "release", "can_admins_bypass": True}
    assert verdict.fix.page == "https://github.com/hazel/catkin/settings/environments"
    assert isinstance(bound(environment("staging"), guards=REFUSED), NotApplicable)
    assert isinstance(bound(environment(), repository=repository(archived=True)), NotApplicable)


def test_bypassing_administrators_are_named_beside_the_other_rules() -> None:
    verdict = judged(environment(), guards=guards(admins_bypass=True))
    assert isinstance(verdict, Passed)
    assert "admins can bypass" in verdict.message
    assert verdict.seen["can_admins_bypass"] is True
    assert isinstance(judged(environment(), guards=guards(admins_bypass=MISSING)), Passed)


def test_bypassing_that_is_not_known() -> None:
    assert bound(environment(), guards=REFUSED) is REFUSED
    assert bound(environment(), secrets=REFUSED) is REFUSED
    for given in ({"guards": guards(admins_bypass=MISSING)}, {"secrets": every(missing=LOST)}):
        with pytest.raises(NotKnownError):
            bound(environment("release" if "guards" in given else "staging"), **given)
