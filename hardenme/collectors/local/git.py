"""Reads how git keeps passwords on this workstation, and whether it signs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hardenme.collectors.book import Book
from hardenme.collectors.local.answering import about, each, not_known, of_this, place
from hardenme.collectors.local.git_config import GitFile, GitSetting, Step, configuration
from hardenme.collectors.local.workstation import THIS, Absent, Workstation
from hardenme.collectors.protocol import Collector
from hardenme.facts.local.git import HELPER, PASSWORD, GitCredentials, GitSigning, PlainCredential
from hardenme.model.evidence import Atom
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

IN_ADDRESS = re.compile(
    r"://(?:[^/\s:@]*:[^/\s@]+@|(?:gh[pousr]_|github_pat_|glpat-|npm_)[^/\s:@]+(?::[^/\s@]*)?@)"
)
"""A password, or a token in the place of the name, before the host of an address."""
STORE = re.compile(
    r"(?:!\s*git\s+credential-|(?:.*[/\\])?git-credential-)?store(?:\.exe)?(?:\s.*)?"
)
INLINE = re.compile(r"!.*password=(?![\"']?[$`])[^\s\"';]")
"""A helper that is a command with the password in it."""
HEADER = re.compile(r"authorization\s*:\s*\S", re.IGNORECASE)
NETRC_PASSWORD = re.compile(r"(?<!\S)password\s+\S")
COMMENT = re.compile(r"^[^\S\n]*#.*$", re.MULTILINE)
FORMATS = ("openpgp", "ssh", "x509")


def credentials(station: Workstation, _: Subject, __: Book) -> Iterator[Answer[Any]]:
    """The credentials in clear text in git's configurations and beside them; never their values."""
    looked: list[Atom] = []

    def found() -> Iterator[Answer[Any]]:
        config = configuration(station)
        looked.extend(config.absent)
        helpers = _plain_helpers(config.steps)
        for file in config.files:
            where = place(station, "git-config", file.path)
            if isinstance(file.settings, Unknown):
                yield not_known(GitCredentials, file.settings, where["subject"])
                continue
            lines = {item.line: PASSWORD for item in file.settings if _has_password(item)}
            lines.update((item.line, HELPER) for owner, item in helpers if owner is file)
            yield about(GitCredentials(**where, plain=_sorted(lines)), *file.evidence)
        for path, pattern in _files(station):
            text = station.text(path)
            where = place(station, "credential-file", path)
            if isinstance(text, Absent):
                looked.append(text.atom)
            elif isinstance(text, Unknown):
                yield not_known(GitCredentials, text, where["subject"])
            else:
                lines = dict.fromkeys(_lines(pattern, text[0]), PASSWORD)
                yield about(GitCredentials(**where, plain=_sorted(lines)), text[1])

    return each(GitCredentials, found(), looked)


def _sorted(lines: dict[int, str]) -> tuple[PlainCredential, ...]:
    return tuple(PlainCredential(line, lines[line]) for line in sorted(lines))


def _lines(pattern: re.Pattern[str], text: str) -> Iterator[int]:
    """The lines in which the pattern begins, without those that are comments."""
    text = COMMENT.sub("", text)
    for match in pattern.finditer(text):
        yield text.count("\n", 0, match.start()) + 1


def _files(station: Workstation) -> Iterator[tuple[Path, re.Pattern[str]]]:
    """Where `git credential-store` and curl keep credentials, and what one looks like."""
    yield station.home / ".git-credentials", IN_ADDRESS
    yield station.config / "git" / "credentials", IN_ADDRESS
    yield station.home / ".netrc", NETRC_PASSWORD
    if station.windows:
        yield station.home / "_netrc", NETRC_PASSWORD


def _plain_helpers(steps: list[Step]) -> list[tuple[GitFile, GitSetting]]:
    """The settings by which git writes credentials in clear text.

    An empty helper takes back those before it: all of them, or those of its own address.
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
        return INLINE.search(item.value) is not None
    if item.section == "http" and item.name == "extraheader":
        return HEADER.search(item.value) is not None
    return any(IN_ADDRESS.search(text) is not None for text in (item.value, item.scope))


def signing(station: Workstation, _: Subject, __: Book) -> Iterator[Answer[Any]]:
    """What git signs by the configurations that count in every folder; the last setting counts."""
    config = configuration(station)
    steps = [step for step in config.steps if _everywhere(step.file)]
    files = [file for file in config.files if _everywhere(file)]
    if not files:
        yield Answer(GitSigning, THIS, (), tuple(config.absent))
        return
    fact = GitSigning(
        **of_this("git", "signing"),
        commits=_on(_last(steps, "commit", "gpgsign")),
        tags=_on(_last(steps, "tag", "gpgsign")),
        format=_format(_last(steps, "gpg", "format")),
    )
    yield about(fact, *(atom for file in files for atom in file.evidence))


def _everywhere(file: GitFile) -> bool:
    return not file.local and not file.conditional


def _last(steps: list[Step], section: str, name: str) -> GitSetting | Unknown | None:
    """The setting that counts; unknown where a file that may hold a later one was not read."""
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


THIS_MACHINE = ("local:workstation",)
COLLECTORS = (
    Collector("git credentials", "local", (GitCredentials,), credentials, roots=THIS_MACHINE),
    Collector("git signing", "local", (GitSigning,), signing, roots=THIS_MACHINE),
)
