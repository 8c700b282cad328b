from __future__ import annotations

from typing import Any

import pytest

from hardenme.derive.secrets import workflow_secrets
from hardenme.facts.github.environments import (
    ENVIRONMENT,
    EVERY_BRANCH,
    ORGANIZATION,
    PROTECTED,
    Environment,
)
from hardenme.facts.github.secret_name import Likeness, names_publish_environment, publish_likeness
from hardenme.model.unknown import NotKnownError
from hardenme.model.verdict import Failed, Manual, NotApplicable, Passed
from hardenme_checks.github.repository_environments import (
    environment_binds_admins,
    publish_environment_guarded,
    publish_secret_in_environment,
    repo_npm_token_absent,
)
from tests.factories.github import classic, no_classic, repository, secret
from tests.factories.github_repository import (
    environment,
    environment_secret,
    guards,
    inherited_secret,
    workflow_secret,
)
from tests.factories.given import LOST, MISSING, REFUSED, every

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
        "protection": classic(),
    }
    return publish_environment_guarded(one, **parts | given)


def test_a_guarded_environment() -> None:
    verdict = judged(environment())
    assert isinstance(verdict, Passed)
    assert verdict.seen == {"reviewers": 2, "deploys": "named", "policies": ["tag v*"]}
    assert isinstance(judged(environment(), guards=guards(branches=PROTECTED)), Passed)


@pytest.mark.parametrize(
    ("rules", "lacking"),
    [
        ({"reviewed": False}, "required reviewers"),
        ({"prevents_self_review": False}, "no self-review"),
        ({"limited": False}, "a selection of branches and tags"),
    ],
)
def test_a_rule_that_is_lacking_fails_at_once(rules: dict[str, Any], lacking: str) -> None:
    verdict = judged(environment(**rules), guards=REFUSED)
    assert isinstance(verdict, Failed)
    assert lacking in verdict.message
    assert lacking in verdict.fix.step
    assert verdict.fix.page == "https://github.com/hazel/catkin/settings/environments"


@pytest.mark.parametrize(
    ("rules", "lacking"),
    [
        ({"reviewers": 0}, "required reviewers"),
        ({"prevents_self_review": False}, "no self-review"),
        ({"branches": EVERY_BRANCH}, "a selection"),
        ({"branches": "something new"}, "a selection"),
        ({"patterns": ("branch main", "branch *")}, "patterns"),
        ({"patterns": ("branch **/*",)}, "patterns"),
        ({"patterns": ("tag *",)}, "patterns"),
    ],
)
def test_a_rule_that_is_there_in_name_only(rules: dict[str, Any], lacking: str) -> None:
    verdict = judged(environment(), guards=guards(**rules))
    assert isinstance(verdict, Failed)
    assert lacking in verdict.message


def test_protected_branches_are_all_where_none_is_protected() -> None:
    verdict = judged(environment(), guards=guards(branches=PROTECTED), protection=no_classic())
    assert isinstance(verdict, Failed)
    assert "every branch counts" in verdict.message


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
        (
            environment(),
            {"guards": guards(branches=PROTECTED), "protection": classic(rules=MISSING)},
        ),
    ],
)
def test_guards_not_known(one: Environment, given: dict[str, Any]) -> None:
    with pytest.raises(NotKnownError):
        judged(one, **given)


def test_what_is_not_known_is_handed_on() -> None:
    assert judged(environment(), guards=REFUSED) is REFUSED
    protected = guards(branches=PROTECTED)
    assert judged(environment(), guards=protected, protection=REFUSED) is REFUSED
    assert judged(environment(), secrets=REFUSED) is REFUSED
    assert environment_binds_admins(environment(), REFUSED) is REFUSED


def test_administrators_are_asked_about_where_something_is_published() -> None:
    verdict = environment_binds_admins(environment(), every())
    assert isinstance(verdict, Manual)
    assert "environment release" in verdict.question
    assert verdict.page == "https://github.com/hazel/catkin/settings/environments"
    assert isinstance(environment_binds_admins(environment("staging"), every()), NotApplicable)
    with pytest.raises(NotKnownError):
        environment_binds_admins(environment("staging"), every(missing=LOST))
