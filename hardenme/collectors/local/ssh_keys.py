"""Reads whether SSH private keys take a passphrase; the keys themselves are not kept."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hardenme.collectors.answer import nothing
from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.local.answering import place
from hardenme.collectors.local.ssh_lock import lock_of
from hardenme.collectors.local.workstation import THIS, Absent, Content, Workstation
from hardenme.collectors.protocol import Collector
from hardenme.facts.local.ssh import SshPrivateKey
from hardenme.model.evidence import Atom
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

LARGEST = 1024 * 1024
"""Maximum bytes of a key file, as in OpenSSH (`MAX_KEY_FILE_SIZE` in its `authfile.c`)."""
DEEPEST = 2
MOST_FILES = 500


def keys(station: Workstation, _: Subject, __: FactStore) -> Iterator[Answer[Any]]:
    """The private keys below `~/.ssh`, by what the files hold and not by their names."""
    looked: list[Atom] = []
    paths: list[Path] = []
    missing = _walk(station, station.home / ".ssh", paths, looked, DEEPEST)
    answers = list(_keys_in(station, paths, looked))
    yield from answers
    if missing is not None:
        yield nothing(SshPrivateKey, THIS, missing)
    elif not answers:
        yield Answer(SshPrivateKey, THIS, (), tuple(looked))


def _walk(
    station: Workstation, folder: Path, paths: list[Path], looked: list[Atom], deep: int
) -> Unknown | None:
    """Gather the files below a folder; why they are not all, or None."""
    found = station.entries(folder)
    if isinstance(found, Unknown):
        return found
    if isinstance(found, Absent):
        looked.append(found.atom)
        return None
    looked.append(found[1])
    missing: Unknown | None = None
    for path in found[0]:
        if len(paths) >= MOST_FILES:
            return Unknown(
                Reason.INCOMPLETE,
                f"{station.shown(folder)} has more than {MOST_FILES} files; look at it by hand",
                "too many files",
                tuple(looked),
            )
        if os.path.isdir(path):  # noqa: PTH112 (it never raises)
            if not _within_home(station, path):
                missing = _leaves(station, path)
            elif deep > 1:
                missing = _walk(station, path, paths, looked, deep - 1) or missing
        else:
            paths.append(path)
    return missing


def _keys_in(station: Workstation, paths: list[Path], looked: list[Atom]) -> Iterator[Answer[Any]]:
    for path in paths:
        where = place(station, "ssh-key", path)
        if not _within_home(station, path):
            yield nothing(SshPrivateKey, where["subject"], _leaves(station, path))
            continue
        content = station.read(path, LARGEST)
        if isinstance(content, Content):
            fact = _judge(station, path, content, where)
            looked.append(content.atom)
            if fact is not None:
                yield Answer(SshPrivateKey, fact.subject, (fact,), (content.atom,))
        elif isinstance(content, Unknown) and content.reason is not Reason.MALFORMED:
            # What is too large or a socket is not a key; what cannot be read may be one.
            yield nothing(SshPrivateKey, where["subject"], content)


def _judge(
    station: Workstation, path: Path, content: Content, where: dict[str, Any]
) -> SshPrivateKey | None:
    try:
        lock: Any = lock_of(content.data)
    except ValueError as error:
        lock = station.odd(path, f"is a private key, but {error}")
    if lock is None:
        return None
    rights: Any = station.rights(path)
    if isinstance(rights, Absent):
        rights = station.odd(path, "went away while it was read")

    def part(whole: Any, name: str) -> Any:
        return whole if isinstance(whole, Unknown) else getattr(whole, name)

    return SshPrivateKey(
        **where,
        mode=part(rights, "mode"),
        owned=part(rights, "owned"),
        own_group=part(rights, "own_group"),
        encrypted=part(lock, "encrypted"),
        hardware=part(lock, "hardware"),
        putty=part(lock, "putty"),
        keys=part(lock, "keys"),
    )


def _within_home(station: Workstation, path: Path) -> bool:
    real, home = os.path.realpath(path), os.path.realpath(station.home)
    return Path(real).is_relative_to(home)


def _leaves(station: Workstation, path: Path) -> Unknown:
    return Unknown(
        Reason.NOT_VISIBLE,
        f"{station.shown(path)} leads out of your home and was not followed; look at it by hand",
        "a symbolic link",
        (station.atom(path, 403),),
    )


COLLECTORS = (Collector("ssh private keys", (SshPrivateKey,), keys),)
