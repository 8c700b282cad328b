"""Tokens on the command line: they are never taken, and never repeated in a message.

Other users of the machine can read a command line, and shells keep it. No option takes a token;
what a user puts there all the same is redacted from every message and crash file.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

OPTION = re.compile(r"--?[a-z-]*(?:token|password|passwd|secret|pat|otp|api-?key)", re.IGNORECASE)
"""Options by which other programs take a secret."""
OWN = re.compile(r"--(?:token-(?:stdin|file)|app-key)", re.IGNORECASE)
"""Options of ours that look alike and name a provider or a file."""
BARE = re.compile(
    r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|(?=[A-Za-z_]*[0-9])[A-Za-z0-9_]{30,}",
    re.IGNORECASE,
)
"""A single word that can only be a token, such as a UUID, npm's former format."""
REFUSED = (
    "hardenme takes no token on the command line, where others can read it: use --token-stdin,"
    " --token-file, HARDENME_GITHUB_TOKEN or HARDENME_NPM_TOKEN, or store it with"
    " `hardenme auth login`; revoke one that stood there"
)


def hide(arguments: Sequence[str]) -> None:
    """Have what may be a token among the arguments redacted from now on."""
    before, secrets = "", list[str]()
    for argument in arguments:
        name, equals, value = argument.partition("=")
        if asks_for_secret(name) and equals:
            secrets.append(value)
        elif (asks_for_secret(before) and not argument.startswith("-")) or (
            BARE.fullmatch(argument) and not before.startswith("-")
        ):
            secrets.append(argument)
        before = argument
    if secrets:
        from hardenme.model.secret import REDACTOR  # noqa: PLC0415 (start-up is a feature)

        for secret in secrets:
            REDACTOR.learn(secret)


def asks_for_secret(option: str) -> bool:
    """Whether an option is one by which other programs take a secret."""
    return bool(OPTION.fullmatch(option)) and not OWN.fullmatch(option)
