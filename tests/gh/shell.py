"""Runs the commands of fixes without a shell: `&&`, one pipe, `echo`, and the stand-in for gh."""

from __future__ import annotations

import shlex
from dataclasses import replace

from hardenme.ground.errors import UsageError
from tests.gh.stand_in import Asked, Done, run


def execute(command: str, url: str, token: str) -> Done:
    """Run a command line as a shell would; it stops at the first command that fails.

    Raises:
        UsageError: for what no command of a fix holds.
    """
    asked: list[Asked] = []
    done = Done(0)
    for step in split(command, "&&"):
        done = Done(0)
        for words in split_words(step, "|"):
            done = _one(words, done.output, url, token)
            asked += done.asked
            if done.code:
                return replace(done, asked=tuple(asked))
    return replace(done, asked=tuple(asked))


def split(command: str, mark: str) -> list[list[str]]:
    """The words between the marks of a command line."""
    lexer = shlex.shlex(command, posix=True, punctuation_chars="|&;<>()")
    lexer.whitespace_split = True
    lexer.commenters = ""
    return split_words(list(lexer), mark)


def split_words(words: list[str], mark: str) -> list[list[str]]:
    """The same of words."""
    parts: list[list[str]] = [[]]
    for word in words:
        if word == mark:
            parts.append([])
        else:
            parts[-1].append(word)
    return parts


def _one(words: list[str], given: str, url: str, token: str) -> Done:
    if words[0] == "echo":
        (text,) = words[1:]
        return Done(0, f"{text}\n")
    if words[0] != "gh":
        raise UsageError(f"no command of a fix begins like that: {words[0]}")
    return run(words[1:], url, token, given)
