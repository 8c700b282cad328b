from __future__ import annotations

import pytest

from hardenme.credentials.actions import limits
from hardenme.credentials.token import credential

INSTALLATION = "ghs_CANARY00000000000000000000000000000000"
CLASSIC = "ghp_CANARY00000000000000000000000000000000"
JOB = {"GITHUB_ACTIONS": "true"}


def told(value: str, source: str, environ: dict[str, str], provider: str = "github") -> str:
    found = credential(provider, value, source)
    assert found is not None
    return limits(found, environ)


@pytest.mark.parametrize("source", ["GITHUB_TOKEN", "GH_TOKEN", "GH_ENTERPRISE_TOKEN"])
def test_a_jobs_own_token_is_known_for_one(source: str) -> None:
    text = told(INSTALLATION, source, JOB)
    for words in (
        f"{source} is this job's own token",
        "this repository",
        "`permissions:`",
        "no account",
        "no organization's settings",
        "no other repository",
        "fine-grained token in an environment's secret",
        "GitHub App",
    ):
        assert words in text
    assert "\n" not in text
    assert "CANARY" not in text


@pytest.mark.parametrize(
    ("source", "environ"),
    [
        ("HARDENME_GITHUB_TOKEN", JOB),
        ("GITHUB_TOKEN", {}),
        ("GITHUB_TOKEN", {"GITHUB_ACTIONS": "false"}),
        ("standard input", JOB),
    ],
)
def test_any_other_installations_token_has_no_account(source: str, environ: dict[str, str]) -> None:
    text = told(INSTALLATION, source, environ)
    assert text.startswith(f"{source} holds the token of an app's installation")
    assert "no account" in text


def test_an_apps_token_for_a_user_ends_soon() -> None:
    text = told("ghu_CANARY00000000000000000000000000000000", "HARDENME_GITHUB_TOKEN", {})
    assert "for a user" in text
    assert "eight hours" in text


def test_of_other_tokens_nothing_is_said() -> None:
    assert told(CLASSIC, "GITHUB_TOKEN", JOB) == ""
    assert told("npm_CANARY000000000000000000", "NPM_TOKEN", JOB, "npm") == ""
