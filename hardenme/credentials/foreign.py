"""Tokens that are not a credential for where they were given: what they are, how to revoke them.

The list holds what developers have near their tokens of GitHub and npm, and paste in their place.
These are tokens of the forges, registries, clouds and services that a release or its pipeline uses,
if their format is unmistakable. Any other format is accepted, since providers invent new ones.

Sources: the providers' own descriptions of their tokens' prefixes, as GitHub's secret scanning
lists them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from hardenme.model.pages import GITHUB_WEB, github_page

GITHUB, NPM = "github", "npm"
NAMES = {GITHUB: "GitHub", NPM: "npm"}


@dataclass(frozen=True, slots=True)
class ForeignToken:
    """A kind of token.

    Attributes:
        form: what the whole value looks like.
        what: what it is, with its article.
        revoke: how it is revoked, after "If someone may have seen it, ".
        home: the provider whose API takes it; empty if neither does.
        elsewhere: registries other than npm's own take it, so that it may be given for npm.
    """

    form: re.Pattern[str]
    what: str
    revoke: str
    home: str = ""
    elsewhere: bool = False


def _page(name: str) -> str:
    return github_page(GITHUB_WEB, name)


REFRESH = ForeignToken(
    re.compile(r"ghr_.*"),
    "a GitHub refresh token, which is not a credential for the API; it should be only with the"
    " app that got it",
    f"revoke the app at {_page('account-app-grants')}",
)
KINDS = (
    REFRESH,
    ForeignToken(
        re.compile(r"ghp_.*"),
        "a GitHub token",
        f"delete it at {_page('account-classic-tokens')}",
        GITHUB,
    ),
    ForeignToken(
        re.compile(r"github_pat_.*"),
        "a GitHub token",
        f"delete it at {_page('account-fine-grained-tokens')}",
        GITHUB,
    ),
    ForeignToken(
        re.compile(r"gho_.*"),
        "a GitHub token of an OAuth app",
        f"revoke the app at {_page('account-oauth-grants')}",
        GITHUB,
    ),
    ForeignToken(
        re.compile(r"ghu_.*"),
        "a GitHub token of an app for a user",
        f"revoke the app at {_page('account-app-grants')}",
        GITHUB,
    ),
    ForeignToken(
        re.compile(r"ghs_.*"),
        "a GitHub token of an app's installation, as GITHUB_TOKEN in a workflow is",
        "end it with: gh api -X DELETE /installation/token; it ends by itself within the hour, or"
        " with the workflow's job",
        GITHUB,
    ),
    ForeignToken(
        re.compile(r"npm_.*"),
        "an npm token",
        "find its key with npm token list, then: npm token revoke KEY",
        NPM,
    ),
    ForeignToken(
        re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE),
        "a token in the form of a UUID, as npm's were once",
        "find its key with npm token list, then: npm token revoke KEY",
        NPM,
    ),
    ForeignToken(
        re.compile(r"gl(?:pat|oas|dt|rtr?|cbt|ptt|ft|imt|agent|wt|soat|ffct)-.*"),
        "a GitLab token",
        "revoke it where it was made, under Access tokens",
        elsewhere=True,
    ),
    ForeignToken(
        re.compile(r"pypi-.*"),
        "a PyPI token",
        "remove it on PyPI under Account settings, API tokens",
    ),
    ForeignToken(
        re.compile(r"rubygems_[0-9a-f]{48}"),
        "a RubyGems key",
        "delete it on RubyGems under Settings, API keys",
    ),
    ForeignToken(
        re.compile(r"xox[a-z](?:\.xox[bp])?-.*|xapp-.*"),
        "a Slack token",
        "revoke it on the page of its Slack app",
    ),
    ForeignToken(
        re.compile(r"dckr_[a-z]{3}_.*"),
        "a Docker Hub token",
        "delete it on Docker Hub under Account settings, Personal access tokens",
    ),
    ForeignToken(
        re.compile(r"sk-[A-Za-z0-9_-]{20,}"),
        "an API key of an AI provider",
        "delete it on the provider's page of API keys",
    ),
    ForeignToken(
        re.compile(r"(?:AKIA|ASIA)[A-Z2-7]{16}"),
        "the number of an AWS access key",
        "deactivate it with: aws iam update-access-key --status Inactive --access-key-id KEY",
    ),
    ForeignToken(
        re.compile(r"eyJ[A-Za-z0-9_-]+\.eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*"),
        "a JSON web token, as an OIDC provider or a GitHub App signs it",
        "end the session or replace the key that signed it; most end by themselves",
        elsewhere=True,
    ),
)


def foreign(provider: str, value: str) -> str:
    """What a value is, that is not a credential for a provider, and how it is revoked.

    Args:
        provider: `github` or `npm`.
        value: the credential that was given; no part of it is in the answer.

    Returns:
        Empty if it may be one of the provider's.
    """
    for kind in KINDS:
        if not kind.form.fullmatch(value):
            continue
        if kind.home == provider or (kind.elsewhere and provider == NPM):
            return ""
        return (
            f"{kind.what}; it was not sent to {NAMES[provider]}."
            f" If someone may have seen it, {kind.revoke}"
        )
    return ""
