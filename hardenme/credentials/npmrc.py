"""The token that the user's own `.npmrc` holds for one registry.

Source: npm's documentation of `.npmrc`: keys are `//host[:port]/path/:_authToken`, and `${NAME}` is
replaced by an environment variable.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from hardenme.ground.errors import CredentialError

USERCONFIG = ("NPM_CONFIG_USERCONFIG", "npm_config_userconfig")
LARGEST = 1024 * 1024
VARIABLE = re.compile(r"\$\{([^${}?]+)(\?)?\}")
"""As npm's client reads it: with `?` at its end, a variable that is not set is empty."""
COMMENT = re.compile(r"\s*(?<!\\)[;#].*")


def user_npmrc(environ: Mapping[str, str], home: Path | None) -> Path | None:
    """Where the user's file is; None if there is no home.

    Raises:
        CredentialError: a variable names a file that is another one in each working directory.
    """
    for name in USERCONFIG:
        if named := environ.get(name):
            if named.startswith("~/") and home:
                return home / named.removeprefix("~/")
            if not Path(named).is_absolute():
                raise CredentialError(
                    f"{name} is not an absolute path, so a project could hold the .npmrc that it"
                    " names; it is not read"
                )
            return Path(named)
    return home / ".npmrc" if home else None


def registry_key(registry: str) -> str:
    """The key under which `.npmrc` keeps the token of a registry."""
    parts = urlsplit(registry)
    path = parts.path.strip("/")
    return f"//{parts.netloc}/{path + '/' if path else ''}:_authToken"


def token_in(path: Path, registry: str, environ: Mapping[str, str]) -> str:
    """The token for exactly that registry; empty if the file has none.

    A variable that is not set leaves no token, as it leaves npm without one.
    """
    try:
        if not path.is_file() or path.stat().st_size > LARGEST:
            return ""
        lines = path.read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    wanted = registry_key(registry)
    found = ""
    for line in lines:
        name, equals, value = line.partition("=")
        if equals and name.strip() == wanted:
            found = _unquoted(value.strip())
    if any(name not in environ for name, _ in VARIABLE.findall(found)):
        return ""
    return VARIABLE.sub(lambda match: environ[match[1]], found)


def _unquoted(value: str) -> str:
    """The value by the rules of ini files: within quotes, or up to a comment."""
    if value[:1] in {'"', "'"} and value.endswith(value[0]):
        return value[1:-1]
    return COMMENT.sub("", value)
