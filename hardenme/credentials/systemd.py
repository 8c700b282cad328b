"""Credentials that systemd passes to a service: files in `$CREDENTIALS_DIRECTORY`.

A unit names them with `LoadCredential=` or `LoadCredentialEncrypted=`. systemd keeps them in memory
and lets the service's user read them. Either the files belong to the user, or they belong to root
and an access list admits the user. Such a list shows as a right of the group (mode 0440).

Source: systemd.exec(5), "CREDENTIALS".
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from hardenme.credentials.private_file import private_text
from hardenme.credentials.token import Credential, credential
from hardenme.ground.errors import CredentialError

VARIABLE = "CREDENTIALS_DIRECTORY"
NAMES = {"github": "hardenme-github-token", "npm": "hardenme-npm-token"}
FORBIDDEN = 0o037
"""What a file must not give: an access list may show in that the group can read it."""


def provider_token(environ: Mapping[str, str], provider: str, owner: str = "") -> Credential | None:
    """The token of a provider, or of one owner, from systemd's credentials; None for none.

    Raises:
        CredentialError: it must not be used, or the folder is not as systemd makes it.
    """
    folder = _folder(environ)
    if folder is None:
        return None
    path = _path(folder, f"{NAMES[provider]}.{owner}" if owner else NAMES[provider])
    if path is None:
        return None
    found = credential(provider, private_text(path, FORBIDDEN), str(path), owner=owner.lower())
    if found is None:
        raise CredentialError(f"{path} is empty")
    return found


def systemd_text(environ: Mapping[str, str], name: str) -> str | None:
    """The text of a systemd credential, such as the addresses of targets; None for none.

    Raises:
        CredentialError: it must not be used, or the folder is not as systemd makes it.
    """
    folder = _folder(environ)
    path = _path(folder, name) if folder else None
    return private_text(path, FORBIDDEN) if path else None


def owners(environ: Mapping[str, str]) -> tuple[str, ...]:
    """The owners that have a file of their own, in lower case."""
    folder = _folder(environ)
    start = f"{NAMES['github']}."
    names = (name.lower() for name in (() if folder is None else _names(folder)))
    return tuple(sorted(name.removeprefix(start) for name in names if name.startswith(start)))


def _folder(environ: Mapping[str, str]) -> Path | None:
    named = environ.get(VARIABLE, "")
    if not named:
        return None
    if not Path(named).is_absolute():
        raise CredentialError(f"{VARIABLE} is not an absolute path, as systemd sets it")
    return Path(named)


def _path(folder: Path, name: str) -> Path | None:
    """The file of that name in whatever case; None if there is none."""
    same = [entry for entry in _names(folder) if entry.lower() == name.lower()]
    if not same:
        return None
    if len(same) > 1:
        raise CredentialError(f"{folder} holds {' and '.join(sorted(same))}: keep one of them")
    _demand_systemds(folder)
    return folder / same[0]


def _names(folder: Path) -> list[str]:
    try:
        return [path.name for path in folder.iterdir()]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise CredentialError(f"{VARIABLE} ({folder}) cannot be read: {error.strerror}") from None


def _demand_systemds(folder: Path) -> None:
    """See to it that no one but the user and the administrator could have put something there."""
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode):
        raise CredentialError(f"{VARIABLE} ({folder}) is not a folder")
    if hasattr(os, "getuid") and (
        status.st_uid not in {os.getuid(), 0} or status.st_mode & (stat.S_IWGRP | stat.S_IRWXO)
    ):
        raise CredentialError(
            f"{VARIABLE} ({folder}) is open to others, which systemd's own never is"
        )
