"""Options that say which tokens are used, and who is asked: none of them is for a folder."""

from __future__ import annotations

from hardenme.config.kinds import Kind
from hardenme.config.option import Option, number, path, switch, text
from hardenme.config.table.headings import OTHER, REPORTS, RUN, USER
from hardenme.config.table.headings import TOKENS as HEADING
from hardenme.config.trust import Guard, Trust

STDIN = text(
    "token-stdin",
    "Read that token from standard input.",
    metavar="github|npm",
    heading=HEADING,
    least=RUN,
    guard=Guard.CREDENTIAL,
    offers="providers",
)
TOKEN_FILE: Option[tuple[str, ...]] = Option(
    "token-file",
    Kind.FILES,
    "Read a token from a file that only you can read (github:PATH, npm:PATH).",
    (),
    "--token-file",
    "PROVIDER:PATH",
    HEADING,
    least=USER,
    guard=Guard.CREDENTIAL,
    offers="token_files",
)
USE_GH = switch(
    "use-gh",
    "Use the token of `gh auth token` if no other place has a GitHub token.",
    heading=HEADING,
    least=USER,
    guard=Guard.CREDENTIAL,
)
APP_ID = number(
    "app-id",
    "Use this GitHub App, through its installation in each named organization.",
    0,
    metavar="N",
    heading=HEADING,
    least=USER,
    guard=Guard.CREDENTIAL,
    bounds=(0, None),
    shows_default=False,
)
APP_KEY = path(
    "app-key",
    "The app's private key, in a file that only you can read.",
    heading=HEADING,
    least=USER,
    guard=Guard.CREDENTIAL,
)
AS = text(
    "as",
    "Use LOGIN's stored GitHub token; stop if the one in use belongs to someone else.",
    metavar="LOGIN",
    heading=HEADING,
    least=USER,
    guard=Guard.CREDENTIAL,
    commands=REPORTS | {"status"},
)
GITHUB_URL = text(
    "github-url",
    "The address of GitHub Enterprise.",
    "https://github.com",
    metavar="URL",
    heading=HEADING,
    least=USER,
    guard=Guard.ADDRESS,
)
NPM_REGISTRY = text(
    "npm-registry",
    "A registry other than npm's own.",
    metavar="URL",
    heading=HEADING,
    least=USER,
    guard=Guard.ADDRESS,
)
CA_FILE = path(
    "ca-file",
    "Certificate authorities to trust in place of the operating system's (PEM).",
    heading=HEADING,
    least=USER,
    guard=Guard.CERTIFICATES,
)
TRUST_ROOT = path(
    "sigstore-trust-root",
    "Verify provenance by this trust root (JSON) in place of the public one.",
    heading=HEADING,
    least=USER,
    guard=Guard.CERTIFICATES,
)
CACHE = switch(
    "cache",
    "Keep answers for conditional requests.",
    default=True,
    spelled="--cache/--no-cache",
    heading=HEADING,
    least=USER,
)
EXPIRES_IN = number(
    "expires-in",
    "Days after which the new token expires.",
    30,
    metavar="DAYS",
    heading=HEADING,
    least=RUN,
    guard=Guard.CREDENTIAL,
    bounds=(1, 366),
)
HOST = text(
    "host",
    "A GitHub Enterprise host, or a registry other than npm's own.",
    metavar="HOST",
    heading=HEADING,
    least=RUN,
    guard=Guard.ADDRESS,
)
OWNER = text(
    "owner",
    "GitHub: the token for what this organization or user owns.",
    metavar="ORG",
    heading=HEADING,
    least=RUN,
    guard=Guard.CREDENTIAL,
)
READ_ONLY = switch(
    "read-only",
    "npm: paste a read-only token, in place of signing in for two hours.",
    heading=HEADING,
    least=RUN,
    guard=Guard.CREDENTIAL,
)
OFFLINE = switch("offline", "Send no request; look only at this machine.", least=RUN)
DEBUG = switch(
    "debug", "Log on standard error what is asked and answered, without secrets.", least=RUN
)
CONFIG = path(
    "config",
    "Read this file in place of your own; see `hardenme config`.",
    heading=OTHER,
    least=RUN,
    guard=Guard.FILE,
    instead="--config alone: a configuration file names no other",
)
NO_CONFIG = switch("no-config", "Read no configuration file.", heading=OTHER)


def _token(provider: str) -> Option[None]:
    variable = f"HARDENME_{provider.upper()}_TOKEN"
    return Option(
        f"{provider}-token",
        Kind.WORD,
        "A token; no configuration file holds one.",
        least=Trust.ENVIRONMENT,
        guard=Guard.CREDENTIAL,
        instead=f"the keyring (hardenme auth login), {variable}, --token-stdin or --token-file",
    )


GITHUB_TOKEN, NPM_TOKEN = _token("github"), _token("npm")

TOKENS = (STDIN, TOKEN_FILE, USE_GH)
"""Where tokens come from, in addition to the places that are always looked at."""
APP = (APP_ID, APP_KEY, AS)
"""As whom GitHub is asked."""
ADDRESSES = (GITHUB_URL, NPM_REGISTRY, CA_FILE)
"""Whom to ask."""
