"""What the name of a secret tells: values are never read."""

from __future__ import annotations

import re

EXACT = frozenset({"NODE_AUTH_TOKEN", "NPMRC", "NPMTOKEN"})
"""Whole names: the one that `actions/setup-node` documents, and two of one word."""
NPM = frozenset({"NPM", "NPMJS", "NPMRC", "NPMTOKEN"})
CREDENTIAL = frozenset({"TOKEN", "AUTH", "KEY", "SECRET", "PASSWORD", "NPMRC", "NPMTOKEN"})


PUBLISHING = NPM | {"PUBLISH", "PUBLISHING", "RELEASE", "REGISTRY", "PYPI", "RUBYGEMS", "NUGET"}
"""Words of what is published, or of where."""
ENVIRONMENTS = frozenset(
    {"npm", "npmjs", "prod", "production", "publish", "publishing", "release", "releases"}
    | {"registry", "pypi"}
)
"""Words in the names of environments from which packages are published."""
WORD = re.compile(r"[^a-z0-9]+")


def names_publish_secret(name: str) -> bool:
    """Whether a secret is named like one that publishes: on npm, or anywhere else.

    True for what is named like a token for npm, and for names that hold, between underscores, both
    a word for publishing and one for a credential: `RELEASE_TOKEN`, `PYPI_API_TOKEN`,
    `PUBLISH_KEY`.
    """
    words = set(name.upper().split("_"))
    return names_npm_token(name) or bool(words & PUBLISHING and words & CREDENTIAL)


def names_publish_environment(name: str) -> bool:
    """Whether an environment is named like one that publishes: `release`, `npm-publish`, `prod`."""
    return not ENVIRONMENTS.isdisjoint(WORD.split(name.lower()))


def names_npm_token(name: str) -> bool:
    """Whether a secret is named like a token for npm.

    True for `NODE_AUTH_TOKEN`, and for names that hold, between underscores, both a word for npm
    and a word for a credential: `NPM_TOKEN`, `NPM_AUTH_TOKEN`, `NPM_PUBLISH_TOKEN`,
    `MY_NPM_ACCESS_TOKEN`, `NPM_TOKEN_2`, `PROD_NPMRC`. Case does not matter: GitHub stores names in
    upper case.
    """
    name = name.upper()
    words = set(name.split("_"))
    return name in EXACT or bool(words & NPM and words & CREDENTIAL)
