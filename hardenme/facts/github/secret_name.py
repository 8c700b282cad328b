"""What the name of a secret tells: values are never read."""

from __future__ import annotations

EXACT = frozenset({"NODE_AUTH_TOKEN", "NPMRC", "NPMTOKEN"})
"""Whole names: the one that `actions/setup-node` documents, and two of one word."""
NPM = frozenset({"NPM", "NPMJS", "NPMRC", "NPMTOKEN"})
CREDENTIAL = frozenset({"TOKEN", "AUTH", "KEY", "SECRET", "PASSWORD", "NPMRC", "NPMTOKEN"})


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
