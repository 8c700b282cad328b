"""Tokens that were given in the wrong place: told apart, not used, and the way to revoke them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardenme.collectors.github.client import PREFIXES
from hardenme.credentials.foreign import KINDS, foreign
from hardenme.credentials.token import credential
from hardenme.ground.errors import CredentialError

LONG = "CANARY" + "0" * 40
JWT = f"eyJ{LONG}.eyJ{LONG}.{LONG}"
UUID = "01234567-89ab-cdef-0123-456789abcdef"
GITLAB, PYPI = f"glpat-{LONG}", f"pypi-{LONG}"
CASES = [
    ("github", f"ghr_{LONG}", "refresh token", "settings/apps/authorizations"),
    ("npm", f"ghr_{LONG}", "refresh token", "settings/apps/authorizations"),
    ("github", f"npm_{LONG}", "an npm token", "npm token revoke"),
    ("npm", f"ghp_{LONG}", "a GitHub token", "settings/tokens"),
    ("npm", f"github_pat_{LONG}", "a GitHub token", "settings/personal-access-tokens"),
    ("npm", f"gho_{LONG}", "OAuth app", "settings/applications"),
    ("npm", f"ghu_{LONG}", "app for a user", "settings/apps/authorizations"),
    ("npm", f"ghs_{LONG}", "GITHUB_TOKEN", "installation/token"),
    ("github", GITLAB, "a GitLab token", "Access tokens"),
    ("github", f"glsoat-{LONG}", "a GitLab token", "Access tokens"),
    ("github", UUID, "as npm's were once", "npm token revoke"),
    ("github", UUID.upper(), "as npm's were once", "npm token revoke"),
    ("github", f"dckr_pat_{LONG}", "a Docker Hub token", "Docker Hub"),
    ("npm", f"dckr_oat_{LONG}", "a Docker Hub token", "Docker Hub"),
    ("github", f"xoxc-{LONG}", "a Slack token", "Slack app"),
    ("github", PYPI, "a PyPI token", "API tokens"),
    ("npm", PYPI, "a PyPI token", "API tokens"),
    ("npm", "rubygems_" + "0" * 48, "a RubyGems key", "API keys"),
    ("github", f"xoxb-{LONG}", "a Slack token", "Slack app"),
    ("npm", f"xoxe.xoxp-{LONG}", "a Slack token", "Slack app"),
    ("github", f"sk-{LONG}", "AI provider", "API keys"),
    ("npm", f"sk-ant-{LONG}", "AI provider", "API keys"),
    ("github", "AKIACANARYCANARYCANA", "AWS", "aws iam"),
    ("npm", "ASIACANARYCANARYCANA", "AWS", "aws iam"),
    ("github", JWT, "JSON web token", "replace the key"),
]
TAKEN = [
    ("github", f"{prefix}{LONG}") for prefix in PREFIXES
] + [
    ("github", "0123456789abcdef" * 2 + "01234567"),
    ("github", f"prefix_of_tomorrow_{LONG}"),
    ("npm", f"npm_{LONG}"),
    ("npm", "0" * 52),
    ("npm", UUID),
    # Registries of other houses take these.
    ("npm", GITLAB),
    ("npm", JWT),
    ("npm", f"NpmToken.{LONG}"),
]  # fmt: skip


@pytest.mark.parametrize(("provider", "value", "what", "way"), CASES)
def test_a_foreign_token_is_named_and_the_way_to_revoke_it(
    provider: str, value: str, what: str, way: str
) -> None:
    with pytest.raises(CredentialError) as caught:
        credential(provider, f" {value}\n", "THE_PLACE")
    said = str(caught.value)
    assert said.startswith("THE_PLACE holds ")
    assert what in said
    assert f"it was not sent to {'GitHub' if provider == 'github' else 'npm'}" in said
    assert "If someone may have seen it, " in said
    assert way in said
    assert "CANARY" not in said
    assert value[8:] not in said
    assert "\n" not in said


@pytest.mark.parametrize(("provider", "value"), TAKEN)
def test_what_may_be_the_provider_s_own_is_taken(provider: str, value: str) -> None:
    assert foreign(provider, value) == ""
    found = credential(provider, value, "THE_PLACE")
    assert found is not None
    assert found.secret.reveal() == value


def test_every_kind_is_tried() -> None:
    values = [value for _, value, *_ in CASES] + [value for _, value in TAKEN]
    for kind in KINDS:
        assert any(kind.form.fullmatch(value) for value in values), kind.what


@given(st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=12, max_size=80))
def test_what_is_told_depends_on_the_kind_alone(more: str) -> None:
    for provider, value, *_ in CASES:
        assert foreign(provider, f"{value}{more}") in {"", foreign(provider, value)}
