"""Reads how git keeps passwords on this workstation, and whether it signs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from hardenme.collectors.answer import known, nothing
from hardenme.collectors.clear_text import TOKEN, in_addresses
from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.local.answering import about, each, of_text, of_this, place
from hardenme.collectors.local.git_config import (
    ENVIRONMENT,
    ConfigStep,
    GitFile,
    configuration,
)
from hardenme.collectors.local.git_syntax import GitSetting
from hardenme.collectors.local.workstation import THIS, Workstation
from hardenme.collectors.protocol import Collector
from hardenme.facts.local.git import HELPER, PASSWORD, GitCredentials, GitSigning, PlainCredential
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.text import visible
from hardenme.model.unknown import Reason, Unknown

STORE = re.compile(
    r"(?:!\s*git\s+credential-|(?:.*[/\\])?git-credential-)?store(?:\.exe)?(?:\s.*)?"
)
INLINE = re.compile(r"password=(?![\"']?[$`])[^\s\"';]")
"""A helper that is a command with the password in it."""
STORE_FILE = re.compile(r"\s--file[=\s]\s*(\S+)")
HEADER = re.compile(r"authorization\s*:\s*\S", re.IGNORECASE)
NETRC_PASSWORD = re.compile(r"(?<!\S)password\s+\S")
COMMENT = re.compile(r"^[^\S\n]*#.*$", re.MULTILINE)
Lines = Callable[[str], Iterator[int]]
"""Recognizes the lines of a text that have a credential."""
FORMATS = ("openpgp", "ssh", "x509")


@each(GitCredentials)
def credentials(station: Workstation, _: Subject, __: FactStore) -> Iterator[Answer[Any]]:
    """The plain-text credentials in git's configuration and credential files, without values."""
    config = configuration(station)
    yield from (known(GitCredentials, THIS, [atom]) for atom in config.absent)
    helpers = _plain_helpers(config.steps)
    for file in config.files:
        in_file = file.path is not ENVIRONMENT
        where = (
            place(station, "git-config", file.path) if in_file else of_this("environment", "git")
        )
        if isinstance(file.settings, Unknown):
            yield nothing(GitCredentials, where["subject"], file.settings)
            continue
        plain = [
            PlainCredential(item.line, PASSWORD) for item in file.settings if _has_password(item)
        ]
        plain += [
            PlainCredential(item.line, HELPER, _shown(item))
            for owner, item in helpers
            if owner is file
        ]
        yield about(GitCredentials(**where, plain=_sorted(plain)), *file.evidence)
    for path, lines_of in _files(station, config.steps):
        build = partial(_passwords, lines_of)
        yield of_text(GitCredentials, station, "credential-file", path, build)


def _passwords(lines_of: Lines, text: str) -> dict[str, Any]:
    return {"plain": _sorted(PlainCredential(line, PASSWORD) for line in lines_of(text))}


def _sorted(plain: Iterable[PlainCredential]) -> tuple[PlainCredential, ...]:
    """One for each line; a password says more of a line than a helper."""
    found: dict[int, PlainCredential] = {}
    for one in sorted(plain, key=lambda one: (one.line, one.what != PASSWORD)):
        found.setdefault(one.line, one)
    return tuple(found.values())


def _shown(item: GitSetting) -> str:
    """The name of a setting; empty if it holds a credential, or what cannot be seen."""
    name = item.full_name
    return "" if visible(name) != name or any(in_addresses(name)) else name


def _address_lines(text: str) -> Iterator[int]:
    """The lines with a credential in an address, but for comments."""
    lines = COMMENT.sub("", text).split("\n")
    return (number for number, line in enumerate(lines, start=1) if _in_address(line))


def _netrc_lines(text: str) -> Iterator[int]:
    """The lines in which a password or a token begins, but for comments."""
    text = COMMENT.sub("", text)
    for pattern in (NETRC_PASSWORD, TOKEN):
        line, seen = 1, 0
        for match in pattern.finditer(text):
            line += text.count("\n", seen, match.start())
            seen = match.start()
            yield line


def _in_address(text: str) -> bool:
    return any(in_addresses(text))


def _files(station: Workstation, steps: Iterable[ConfigStep]) -> Iterator[tuple[Path, Lines]]:
    """Where `git credential-store` and curl keep credentials, and what one looks like."""
    stores = [station.home / ".git-credentials", station.config / "git" / "credentials"]
    for step in steps:
        item = step.setting
        if isinstance(item, GitSetting) and item.name == "helper" and _stores_plainly(item):
            named = STORE_FILE.search(item.value)
            stores += [station.named(named[1].strip("\"'"))] if named else []
    for path in dict.fromkeys(stores):
        yield path, _address_lines
    yield station.home / ".netrc", _netrc_lines
    if station.variable("NETRC"):
        yield station.named(station.variable("NETRC")), _netrc_lines
    if station.windows:
        yield station.home / "_netrc", _netrc_lines


def _plain_helpers(steps: list[ConfigStep]) -> list[tuple[GitFile, GitSetting]]:
    """The settings by which git writes credentials in plain text.

    An empty helper cancels those before it: all of them, or those of its own address.
    """
    found: list[tuple[GitFile, GitSetting]] = []
    for step in steps:
        item = step.setting
        if isinstance(item, Unknown) or item.section != "credential":
            continue
        if item.name == "helper" and not item.value and not step.file.conditional:
            found = [one for one in found if item.scope and one[1].scope != item.scope]
        elif _stores_plainly(item):
            found.append((step.file, item))
    return found


def _stores_plainly(item: GitSetting) -> bool:
    if item.name == "helper":
        return STORE.fullmatch(item.value.strip()) is not None
    return item.name == "credentialstore" and item.value.strip().lower() == "plaintext"


def _has_password(item: GitSetting) -> bool:
    if item.section == "credential" and item.name == "helper":
        _, command, text = item.value.partition("!")
        return bool(command) and any(map(INLINE.search, text.split("\n")))
    if item.section == "http" and item.name == "extraheader":
        return HEADER.search(item.value) is not None
    return any(map(_in_address, (item.value, item.scope)))


def signing(station: Workstation, _: Subject, __: FactStore) -> Iterator[Answer[Any]]:
    """What git signs by the configurations that count in every folder; the last setting counts."""
    config = configuration(station)
    steps = [step for step in config.steps if _everywhere(step.file)]
    files = [file for file in config.files if _everywhere(file)]
    if not files:
        yield Answer(GitSigning, THIS, (), tuple(config.absent))
        return
    commits = _last(steps, "commit", "gpgsign")
    fact = GitSigning(
        **of_this("git", "signing"),
        commits=_on(commits),
        tags=_on(_last(steps, "tag", "gpgsign")),
        format=_format(_last(steps, "gpg", "format")),
        by_variable=isinstance(commits, GitSetting) and commits.line == 0,
    )
    yield about(fact, *(atom for file in files for atom in file.evidence))


def _everywhere(file: GitFile) -> bool:
    return not file.local and not file.conditional


def _last(steps: list[ConfigStep], section: str, name: str) -> GitSetting | Unknown | None:
    """The setting that counts; unknown if a file that may hold a later one was not read."""
    for step in reversed(steps):
        item = step.setting
        if isinstance(item, Unknown):
            return item
        if (item.section, item.scope, item.name) == (section, "", name):
            return item
    return None


def _on(found: GitSetting | Unknown | None) -> Any:
    return found.on if isinstance(found, GitSetting) else found or False


def _format(found: GitSetting | Unknown | None) -> Any:
    if isinstance(found, Unknown):
        return found
    if found is None or found.value in FORMATS:
        return found.value if found is not None else FORMATS[0]
    return Unknown(
        Reason.MALFORMED,
        f"gpg.format must be one of {', '.join(FORMATS)}; see: git config gpg.format",
        "`gpg.format` is not understood",
    )


COLLECTORS = (
    Collector("git credentials", (GitCredentials,), credentials),
    Collector("git signing", (GitSigning,), signing),
)
