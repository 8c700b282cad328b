"""Secrets by the words in their names: what is near a token for npm is never silent."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardenme.model.secret_name import (
    CREDENTIAL,
    DESCRIBING,
    HARMLESS,
    NPM,
    OTHERS,
    WHERE,
    Likeness,
    npm_token_likeness,
    publish_likeness,
)
from hardenme.model.severity import Severity
from hardenme.model.verdict import Failed, Manual, Passed
from hardenme_checks.github.organization_secrets import org_secret_scoped
from hardenme_checks.github.repository_environments import (
    publish_secret_in_environment,
    repo_npm_token_absent,
)
from tests.factories.github_organization_secrets import shared_secret
from tests.factories.github_repository import workflow_secret

CERTAIN = (
    *("NPM_TOKEN", "NODE_AUTH_TOKEN", "NPM_AUTH_TOKEN", "NPM_PUBLISH_TOKEN", "NPM_ACCESS_TOKEN"),
    *("NPMJS_TOKEN", "ORG_NPM_TOKEN_2", "npm_token", "NPMRC", "PROD_NPMRC", "NPM_KEY", "NPM_AUTH2"),
    *("PUBLISH_NPM_KEY", "NPMTOKEN", "NPM_TOKEN_PROD", "npmToken", "NPMAUTHTOKEN2", "NPM_PAT"),
    *("NODE_AUTH_TOKEN_CI", "YARN_NPM_AUTH_TOKEN", "NPM_REGISTRY_AUTH", "NPM_PASSWORD", "MYNPMKEY"),
    *("NPM_CREDENTIALS", "NPM2_TOKEN", "NPM_TOKEN_ORG", "NPM_CONFIG__AUTH", "TOKEN_FOR_NPM"),
)
NEAR = (
    *("NPM", "NPM_PROD", "NPM_PUBLISH", "NPM_AUTOMATION", "NPM_CONFIG", "ACMENPMTOKEN"),
    *("YARN_TOKEN", "PNPM_AUTH", "NODE_TOKEN", "PUBLISH_TOKEN", "publish_key", "REGISTRY_TOKEN"),
    *("NPM_TOKEN_NAME", "NPM_AUTH_URL"),
)
NONE = (
    *("NPM_REGISTRY_URL", "NPM_USERNAME", "PNPM_VERSION", "NPM_SCOPE", "NPM_REGISTRY", "NPM_EMAIL"),
    *("NPM_REGISTRY_PROD", "NPM_VERSION", "NPM_DIST_TAG", "NODE_VERSION", "NODE_ENV", "NPM_ORG"),
    *("DEPLOY_HOST", "GH_TOKEN", "NPMX_TOKEN", "TOKEN", "CODECOV_TOKEN", "SIGNING_KEY_ID"),
    *(
        "RELEASE_TOKEN",
        "PYPI_API_TOKEN",
        "DOCKER_REGISTRY_TOKEN",
        "REGISTRY_PASSWORD",
        "",
        "_",
        "1",
    ),
    *("STRIPE_PUBLISHABLE_KEY", "GITHUB_PACKAGES_TOKEN", "DEPLOYMENT_KEY", "MONKEY"),
)


@pytest.mark.parametrize(
    ("likeness", "names"),
    [(Likeness.CERTAIN, CERTAIN), (Likeness.NEAR, NEAR), (Likeness.NONE, NONE)],
    ids=lambda value: getattr(value, "name", ""),
)
def test_how_near_a_name_is(likeness: Likeness, names: tuple[str, ...]) -> None:
    assert {name: npm_token_likeness(name) for name in names} == dict.fromkeys(names, likeness)


NEUTRAL = sorted(OTHERS | WHERE | {"ACME", "X", "7", "42"})
JOINTS = st.sampled_from(["_", "__", "_2_"])


def _name(draw: st.DrawFn, words: list[str]) -> str:
    """Words as a name, in any case."""
    name = "".join(word + draw(JOINTS) for word in words[:-1]) + words[-1]
    return draw(st.sampled_from([name, name.lower(), name.title()]))


@st.composite
def credentials(draw: st.DrawFn) -> str:
    """A word for npm and one for a credential, in any order and company."""
    words = [draw(st.sampled_from(sorted(NPM))), draw(st.sampled_from(sorted(CREDENTIAL)))]
    words += draw(st.lists(st.sampled_from(NEUTRAL), max_size=3))
    return _name(draw, draw(st.permutations(words)))


@given(credentials())
def test_a_word_for_npm_and_one_for_a_credential_are_certain(name: str) -> None:
    assert npm_token_likeness(name) is Likeness.CERTAIN
    assert publish_likeness(name) is Likeness.CERTAIN


@given(credentials(), st.sampled_from(sorted(DESCRIBING)))
def test_what_tells_of_a_token_is_never_silent(name: str, last: str) -> None:
    assert npm_token_likeness(f"{name}_{last}") is Likeness.NEAR
    assert publish_likeness(f"{name}_{last}") is Likeness.NEAR


@given(st.sampled_from(sorted(NPM)), st.sampled_from(sorted(CREDENTIAL)), st.integers(0, 99))
def test_words_that_are_written_together_are_told_apart(npm: str, opens: str, number: int) -> None:
    assert npm_token_likeness(f"{npm}{opens}{number}") is Likeness.CERTAIN


@given(st.lists(st.sampled_from(NEUTRAL), max_size=4), st.data())
def test_npm_without_what_explains_it_is_never_silent(
    others: list[str], data: st.DataObject
) -> None:
    words = data.draw(st.permutations(["NPM", *others]))
    assert npm_token_likeness("_".join(words)) is not Likeness.NONE


@given(
    st.lists(st.sampled_from(NEUTRAL), max_size=3),
    st.sampled_from(sorted(HARMLESS)),
    st.lists(st.sampled_from(sorted(WHERE)), max_size=2),
)
def test_what_opens_nothing_is_no_token(others: list[str], last: str, where: list[str]) -> None:
    assert npm_token_likeness("_".join(["NPM", *others, last, *where])) is Likeness.NONE


@given(st.text(max_size=60))
def test_any_text_has_an_answer_and_publishing_is_never_less(name: str) -> None:
    assert publish_likeness(name) >= (npm_token_likeness(name) is not Likeness.NONE)


def test_a_long_name_takes_no_time() -> None:
    started = time.process_time()
    for name in ("NPMTOKEN" * 20_000, "A" * 200_000, "_" * 200_000, "aB" * 100_000):
        npm_token_likeness(name)
    assert time.process_time() - started < 2


# --- what becomes of a name that is near


def test_a_name_that_is_near_is_a_question() -> None:
    verdict = repo_npm_token_absent(workflow_secret("NPM_PROD"))
    assert isinstance(verdict, Manual)
    assert "NPM_PROD" in verdict.question
    assert verdict.page == "https://github.com/hazel/catkin/settings/secrets/actions"
    assert isinstance(repo_npm_token_absent(workflow_secret("NPM_SCOPE")), Passed)


def test_a_name_that_is_near_weighs_less() -> None:
    kept = publish_secret_in_environment(workflow_secret("NPM_PROD"))
    assert isinstance(kept, Failed)
    assert kept.severity is Severity.LOW
    spread = org_secret_scoped(shared_secret(name="NPM_PROD", visibility="all"))
    assert isinstance(spread, Failed)
    assert spread.severity is Severity.MEDIUM
    certain = org_secret_scoped(shared_secret(name="NPM_AUTH2", visibility="all"))
    assert isinstance(certain, Failed)
    assert certain.severity is None
