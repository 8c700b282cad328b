"""The access that the commands of fixes need, and the access that they remove."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from hardenme.model.commands import without_options
from hardenme.model.pages import GITHUB_WEB, NPM_WEB
from hardenme.model.shell import shell_words
from hardenme.model.verdict import Fix

OWN_LAST = (
    "Do this after every other step, and only while someone else has the same right: afterwards"
    " you cannot undo it yourself"
)
"""What a fix says that takes something from the account that is in use; no command does it."""
JOINED = re.compile(r" && | \| ")
ORGANIZATION = re.compile(r"orgs/([^/]+)")
REPOSITORY = re.compile(r"repos/([^/]+/[^/]+)")
MEMBER = re.compile(r"orgs/([^/]+)/(?:memberships|members|outside_collaborators)/([^/]+)")
COLLABORATOR = re.compile(r"repos/([^/]+/[^/]+)/collaborators/([^/]+)")
GETS = frozenset({"role=admin", "permission=admin"})
ANYONE = ""
"""Anyone who has the right through a team or in any other way."""
ACTION = 2


@dataclass(frozen=True, slots=True)
class Access:
    """A right of an account.

    Attributes:
        provider: `github` or `npm`.
        place: the organization, repository or package that it is about.
        login: whose it is; `ANYONE` for everyone who has it.
    """

    provider: str
    place: str
    login: str = ANYONE

    def covers(self, other: Access) -> bool:
        """Whether it includes another right: an organization's covers its repositories."""
        whose = self.login.casefold() in {ANYONE, other.login.casefold()}
        mine, theirs = self.place.casefold(), other.place.casefold()
        inside = self.provider == "github" and theirs.startswith(f"{mine}/")
        return whose and self.provider == other.provider and (mine == theirs or inside)


def takes(command: str) -> tuple[Access, ...]:
    """The rights that a command takes from someone."""
    return tuple(found for words in _calls(command) for found in _takes(words))


def needs(command: str) -> tuple[Access, ...]:
    """The rights without which a command is refused, anyone who runs it."""
    return tuple(found for words in _calls(command) for found in _needs(words))


def without_own(fix: Fix, provider: str, login: str) -> Fix:
    """The fix with no command that takes a right from the account that is in use.

    Args:
        fix: as a check prints it.
        login: the account; empty if none is known.
    """
    wider = without_own(fix.wider, provider, login) if fix.wider is not None else None
    lines = fix.commands
    left = [line for line in lines if not _takes_from(line, provider, login)]
    if len(left) == len(lines):
        return fix if wider is fix.wider else replace(fix, wider=wider)
    step = f"{fix.step.rstrip('.')}. {OWN_LAST}"
    page = fix.page or (NPM_WEB if provider == "npm" else GITHUB_WEB)
    return replace(fix, step=step, page=page, command="\n".join(left), wider=wider)


def own_last(fix: Fix) -> bool:
    """Whether a fix takes something from the account that is in use."""
    return OWN_LAST in fix.step


def _takes_from(command: str, provider: str, login: str) -> bool:
    own = Access(provider, "", login)
    return bool(login) and any(
        one.login and one.covers(replace(own, place=one.place)) for one in takes(command)
    )


def _calls(command: str) -> Iterator[Sequence[str]]:
    """The calls of a command, in words; none of what cannot be read as such."""
    for part in JOINED.split(command.replace("\n", " && ")):
        words = shell_words(part)
        if words:
            yield words


def _takes(words: Sequence[str]) -> Iterator[Access]:
    if words[:2] == ["gh", "api"]:
        path = _path(words)
        ends = _method(words) == "DELETE" or (
            _method(words) in {"PUT", "PATCH"} and GETS.isdisjoint(words)
        )
        for pattern in (MEMBER, COLLABORATOR):
            if ends and (found := pattern.fullmatch(path)):
                yield Access("github", found[1], found[2])
        if "archived=true" in words and (found := REPOSITORY.fullmatch(path)):
            yield Access("github", found[1])
    elif words[0] == "npm":
        yield from _npm_takes(without_options(words))


def _npm_takes(words: Sequence[str]) -> Iterator[Access]:
    match list(words):
        case ["npm", "owner", "rm", who, package]:
            yield Access("npm", package, who)
        case ["npm", "org", "rm", organization, who]:
            yield Access("npm", organization, who)
        case ["npm", "org", "set", organization, who, role] if role != "owner":
            yield Access("npm", organization, who)
        case ["npm", "access", "grant", "read-only", _, package]:
            yield Access("npm", package)
        case ["npm", "access", "revoke", _, package]:
            yield Access("npm", package)
        case ["npm", "unpublish", *_]:
            yield Access("npm", _package(words[ACTION]))


def _needs(words: Sequence[str]) -> Iterator[Access]:
    if words[:2] == ["gh", "api"]:
        path = _path(words)
        found = ORGANIZATION.match(path) or REPOSITORY.match(path)
        if found and _method(words) != "GET":
            yield Access("github", found[1])
    elif words[0] == "npm":
        given = without_options(words)
        match given:
            case ["npm", "org" | "team", _, place, *_]:
                yield Access("npm", place.removeprefix("@").partition(":")[0])
            case ["npm", "access", "grant" | "revoke", *_, team, _] if ":" in team:
                yield Access("npm", team.removeprefix("@").partition(":")[0])
            case ["npm", "owner" | "access", *_, package]:
                yield Access("npm", package)
            case ["npm", "dist-tag", _, spec, *_] | ["npm", "deprecate" | "unpublish", spec, *_]:
                yield Access("npm", _package(spec))
            case ["npm", "trust", _, package, *_]:
                yield Access("npm", package)


def _package(spec: str) -> str:
    """The name in `name@version`."""
    return spec[:1] + spec[1:].partition("@")[0]


def _method(words: Sequence[str]) -> str:
    return words[words.index("-X") + 1] if "-X" in words[:-1] else "GET"


def _path(words: Sequence[str]) -> str:
    return next((one for one in words if one.startswith(("orgs/", "repos/", "user/"))), "")
