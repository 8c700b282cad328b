"""What a package that ran on this machine could read, what can publish first; never a value."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from hardenme.facts.local.gh import GhHosts
from hardenme.facts.local.git import GitCredentials
from hardenme.facts.local.npmrc import NpmrcSecrets
from hardenme.facts.local.shell import TokenVariables
from hardenme.facts.local.ssh import SshPrivateKey
from hardenme.model.fact import Answer, Fact
from hardenme.model.stored_token import KeyringToken

NPM, GITHUB, GIT, SSH = range(4)
"""The order in which credentials are rotated: those that can publish to npm first."""
KINDS: dict[type[Fact], int] = {
    NpmrcSecrets: NPM,
    TokenVariables: GITHUB,
    GhHosts: GITHUB,
    GitCredentials: GIT,
    SshPrivateKey: SSH,
}
"""The facts about credentials, each with the place in the order where nothing else is known."""
OF_NPM = re.compile(r"npm|node_auth|yarn", re.IGNORECASE)
"""What the name of a variable contains that holds an npm token."""
ALWAYS = (
    "sessions of npm and GitHub in browsers",
    "secrets in files and programs that hardenme does not read",
)
"""What is on the list whatever was read."""


def credentials(
    answers: Iterable[Answer[Any]], stored: Sequence[KeyringToken], files: Sequence[str]
) -> tuple[str, ...]:
    """The credentials of a machine, in the order in which to rotate them.

    Args:
        answers: the facts about this machine.
        stored: the tokens that hardenme has in the keyring.
        files: other files that hold credentials as a rule.
    """
    found = [*map(_stored, stored)]
    for answer in answers:
        if answer.kind in KINDS:
            found += [line for fact in answer.facts for line in _known(fact)]
            if answer.missing is not None:
                found.append((KINDS[answer.kind], f"not known: {answer.missing.needed}"))
    found.sort(key=lambda pair: pair[0])
    also = (f"what {file} has" for file in files)
    return tuple(dict.fromkeys([*(text for _place, text in found), *also, *ALWAYS]))


def _stored(token: KeyringToken) -> tuple[int, str]:
    rank = NPM if token.provider == "npm" else GITHUB
    return rank, f"{token.provider} token of {token.login} in the keyring"


def _known(fact: Fact) -> Iterator[tuple[int, str]]:
    """The lines of a fact; of one that is not known as a whole, the file that it is about."""
    if fact.unknown_fields():
        yield KINDS[type(fact)], f"{fact.noun} {fact.label}: not known as a whole"
    else:
        yield from _lines(fact)


def _lines(fact: Fact) -> Iterator[tuple[int, str]]:
    """What a fact shows: each credential, with its place in the order."""
    match fact:
        case NpmrcSecrets():
            for token in fact.tokens:
                shown = f" ({token.shown})" if token.shown else ""
                yield NPM, f"npm token{shown} in {fact.path} line {token.line}"
            for password in fact.passwords:
                yield NPM, f"{password.name} in {fact.path} line {password.line}"
        case TokenVariables():
            yield from _variables(fact)
        case GhHosts():
            for number in fact.token_lines:
                yield GITHUB, f"GitHub token of gh in {fact.path} line {number}"
        case GitCredentials():
            for plain in fact.plain:
                yield GIT, f"{plain.what} in {fact.path or 'variables of git'} line {plain.line}"
        case SshPrivateKey() if not fact.hardware:
            yield SSH, f"SSH key {fact.path}, with{'' if fact.encrypted else 'out'} a passphrase"


def _variables(fact: TokenVariables) -> Iterator[tuple[int, str]]:
    for one in fact.variables:
        rank = NPM if OF_NPM.search(one.name) else GITHUB
        where = f"{fact.path} line {one.line}" if one.line else "the environment"
        yield rank, f"{one.name or 'a token'} in {where}"
