"""What the name of a secret suggests: values are never read.

A name is split into words, even where they are written together, as in `NPMTOKEN2`. Its words then
show how likely the secret is an npm token.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import IntEnum
from functools import lru_cache


class Likeness(IntEnum):
    """How much a secret's name looks like something."""

    NONE = 0
    NEAR = 1
    CERTAIN = 2


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


NPM = _set("NPM NPMJS NPMRC NPMCOM NPMORG")
"""Words that mean npm and nothing else."""
TOKEN = _set("TOKEN TOKENS TKN AUTH BEARER JWT KEY KEYS PAT SECRET SECRETS CRED CREDS") | _set(
    "CREDENTIAL CREDENTIALS NPMRC"
)
PASSWORD = _set("PASSWORD PASSWORDS PASSWD PASSPHRASE PASS PWD OTP TOTP")
CREDENTIAL = TOKEN | PASSWORD
CLIENT = _set("NODE NODEJS PNPM YARN BUN LERNA CHANGESETS VERDACCIO CNPM TNPM")
"""What publishes to npm, or in its way, and may be given npm's token under its own name."""
GENERIC = _set("PUBLISH PUBLISHER PUBLISHING REGISTRY PACKAGE PACKAGES PKG")
"""Words used for publishing to npm and for publishing elsewhere."""
ELSEWHERE = _set(
    "ACR ARTIFACTORY AWS AZURE CARGO CHROME COCOAPODS CONTAINER CRATES DOCKER DOCKERHUB ECR GCR GEM"
    " GEMS GH GHCR GITHUB GITLAB GRADLE HELM HEX MARKETPLACE MAVEN NEXUS NUGET OSSRH OVSX PACKAGIST"
    " PYPI QUAY RUBYGEMS SIGNING SONATYPE TWINE VSCE"
)
"""Where else things are published, or what else a key is for."""
DESCRIBING = _set(
    "DIR DIRECTORY EMAIL EXPIRY HOST HOSTNAME ID MAIL NAME PATH PORT URI URL USERNAME VERSION"
)
"""What a name ends in where the value only describes a credential, as in `NPM_TOKEN_NAME`."""
HARMLESS = DESCRIBING | _set(
    "ADDRESS CACHE DOMAIN LOGLEVEL ORG ORGANIZATION ORIGIN PACKAGE PACKAGES PROXY REGISTRY SCOPE"
    " SERVER TAG USER"
)
"""What a name without a word for a credential ends in where the value opens nothing."""
WHERE = _set("CI DEV DEVELOPMENT LIVE PROD PRODUCTION STAGE STAGING TEST")
"""Words behind the one that says what the value is."""
OTHERS = _set(
    "ACCESS ACCOUNT ACTIONS ADMIN API AUTO AUTOMATION BOT CLASSIC CONFIG DEPLOY GLOBAL GRANULAR JS"
    " LOGIN MAIN MY NEW OLD ONLY OUR PRIVATE PUBLIC READ READONLY RELEASE RELEASES SERVICE TEAM"
    " WRITE"
)
PUBLISHING = (
    NPM | GENERIC - _set("PACKAGE PACKAGES PKG") | _set("RELEASE RELEASES PYPI RUBYGEMS NUGET")
)
"""Words of what is published, or of where."""
VOCABULARY = (
    NPM | CREDENTIAL | CLIENT | GENERIC | ELSEWHERE | HARMLESS | WHERE | OTHERS | PUBLISHING
)
LONGEST = max(map(len, VOCABULARY))
LONGEST_NAME = 512
"""Letters of a name that are looked at; GitHub takes fewer."""
NOT_NPM = _set("NPMX")
"""Words that contain "npm" and mean something else."""
JOINT = re.compile(r"(?<=[a-z])(?=[A-Z])")
RUN = re.compile(r"[A-Z]+")
NODE_AUTH_TOKEN = ("NODE", "AUTH", "TOKEN")
"""The name that `actions/setup-node` documents, in any company."""

ENVIRONMENTS = frozenset(
    {"npm", "npmjs", "prod", "production", "publish", "publishing", "release", "releases"}
    | {"registry", "pypi"}
)
"""Words in the names of environments from which packages are published."""
WORD = re.compile(r"[^a-z0-9]+")


def names_publish_environment(name: str) -> bool:
    """Whether an environment is named like one that publishes: `release`, `npm-publish`, `prod`."""
    return not ENVIRONMENTS.isdisjoint(WORD.split(name.lower()))


def names_npm_token(name: str) -> bool:
    """Whether a secret is certainly named like a token for npm."""
    return npm_token_likeness(name) is Likeness.CERTAIN


@lru_cache(maxsize=4096)
def npm_token_likeness(name: str) -> Likeness:
    """How much a secret is named like a token for npm. Case does not matter.

    Certain is `NODE_AUTH_TOKEN`, and a name with both a word for npm and a word for a credential:
    `NPM_TOKEN`, `NPM_AUTH2`, `PUBLISH_NPM_KEY`, `PROD_NPMRC`, `NPMTOKEN`. Near is a name with one
    of the two and no other explanation: `NPM_PROD`, `YARN_TOKEN`, `PUBLISH_TOKEN`. So is a name
    with both that says it is something else, like `NPM_TOKEN_NAME`. `NPM_REGISTRY_URL` is neither.
    """
    words = _words(name)
    known, last = set(words), _last(words)
    opens = not known.isdisjoint(CREDENTIAL)
    if (opens and not known.isdisjoint(NPM)) or _in_a_row(words, NODE_AUTH_TOKEN):
        return _by_ending(last)
    if last in HARMLESS:
        return Likeness.NONE
    hidden = any("NPM" in word for word in known - CLIENT - NOT_NPM)
    client = opens and not known.isdisjoint(CLIENT)
    generic = not known.isdisjoint(TOKEN) and not known.isdisjoint(GENERIC)
    near = hidden or client or (generic and known.isdisjoint(ELSEWHERE))
    return Likeness.NEAR if near else Likeness.NONE


def publish_likeness(name: str) -> Likeness:
    """How much a secret is named like one that publishes: on npm, or anywhere else.

    Certain is what is certainly a token for npm, and what has both a word for publishing and one
    for a credential: `RELEASE_TOKEN`, `PYPI_API_TOKEN`, `PUBLISH_KEY`. Near is what may be a token
    for npm, and what only describes such a credential.
    """
    words = _words(name)
    if set(words) & PUBLISHING and set(words) & CREDENTIAL:
        return _by_ending(_last(words))
    return npm_token_likeness(name)


def _by_ending(last: str) -> Likeness:
    """How sure the words for what is published and for a credential are, by the last one."""
    return Likeness.NEAR if last in DESCRIBING else Likeness.CERTAIN


def _last(words: list[str]) -> str:
    """The word that says what the value is; empty if there is none."""
    return next((word for word in reversed(words) if word not in WHERE), "")


def _words(name: str) -> list[str]:
    """The words of a name, in order; letters that make none stay together."""
    apart = JOINT.sub("_", name[:LONGEST_NAME]).upper()
    return [word for run in RUN.findall(apart) for word in _taken_apart(run)]


def _taken_apart(run: str) -> tuple[str, ...]:
    """The fewest known words that letters consist of; the letters where they do not."""
    best: list[tuple[str, ...] | None] = [()]
    for end in range(1, len(run) + 1):
        ways = list(_ways(run, end, best))
        best.append(min(ways, key=len) if ways else None)
    return best[-1] or (run,)


def _ways(run: str, end: int, best: list[tuple[str, ...] | None]) -> Iterator[tuple[str, ...]]:
    """The ways to read the letters up to a place, by the last word."""
    for begin in range(max(0, end - LONGEST), end):
        before = best[begin]
        if before is not None and run[begin:end] in VOCABULARY:
            yield (*before, run[begin:end])


def _in_a_row(words: list[str], wanted: tuple[str, ...]) -> bool:
    """Whether words follow one another in a name."""
    size = len(wanted)
    return any(tuple(words[at : at + size]) == wanted for at in range(len(words) - size + 1))
