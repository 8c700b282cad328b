"""Tokens that every program of a session can read from its environment."""

from __future__ import annotations

from dataclasses import dataclass

from hardenme.facts.local.machine import LocalFact
from hardenme.model.fact import key


@dataclass(frozen=True, slots=True)
class TokenVariable:
    """A variable that holds a token; never its value.

    Attributes:
        name: the variable; empty for a token that is on a line by itself.
        line: counted from 1; 0 for a variable of the running session.
        literal: the line has the token itself, and not a command or variable that returns it.
    """

    name: str
    line: int
    literal: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenVariables(LocalFact):
    """The token variables of one place.

    The subject is `local:environment/session` for the running session and `local:shell/PATH` for a
    file that shells or tools load.

    Attributes:
        variables: those that hold a token.
        build_job: the session is that of a build job, and ends with it.
    """

    source = "names in the environment; FILE ~/.bashrc and its like"
    noun = "shell start-up file"

    variables: tuple[TokenVariable, ...] = key()
    build_job: bool = key()
