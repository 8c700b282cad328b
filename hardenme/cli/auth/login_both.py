"""`hardenme auth login` without a provider: GitHub, then npm, each of which can be skipped."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TextIO

from hardenme.cli.auth.login import LoginOptions, log_in, storing
from hardenme.cli.terminal.console import Console
from hardenme.cli.terminal.ending import exit_code_of
from hardenme.ground.exit_code import Exit
from hardenme.model.grant import PROVIDERS

ONE = "name github or npm: hardenme auth login github"
GO, SKIP, QUIT = "go on", "skip", "quit"
PROMPT = "Sign in now (yes, no or quit; Enter is yes)?"
AGAIN = "That is none of these: type yes, no or quit."
WORDS = {
    "": GO,
    "y": GO,
    "yes": GO,
    "n": SKIP,
    "no": SKIP,
    "s": SKIP,
    "skip": SKIP,
    "q": QUIT,
    "quit": QUIT,
}


def log_in_both(console: Console, wanted: LoginOptions, stdin: TextIO | None) -> int:
    """Sign in at each provider in turn; where one fails, the other is done all the same.

    Returns:
        The exit code: the highest of those that failed, or 5 where all was skipped.
    """
    if wanted.host or wanted.owner or wanted.as_login:
        console.say(f"--host, --owner and --as are of one provider; {ONE}")
        return Exit.USAGE
    if stdin is None or not stdin.isatty():
        console.say(f"a token from standard input is of one provider; {ONE}")
        return Exit.USAGE
    with storing():
        each = _each(wanted)
    codes = _codes(console, each, stdin)
    if not codes:
        console.say("nothing was stored")
        return Exit.NOTHING_MATCHED
    failed = [PROVIDERS[provider] for provider, code in codes.items() if code]
    if failed:
        console.say(f"not done: {', '.join(failed)}")
    return max(codes.values())


def _each(wanted: LoginOptions) -> list[LoginOptions]:
    """The options for each provider.

    Raises:
        UsageError: an option is not of its form.
    """
    # GitHub's link asks for rights that only read anyway.
    each = [
        replace(wanted, provider=name, read_only=wanted.read_only and name == "npm")
        for name in PROVIDERS
    ]
    for one in each:
        one.base()
        one.plan()
    return each


def _codes(console: Console, each: list[LoginOptions], stdin: TextIO) -> dict[str, int]:
    """The exit code of each provider at which the person signed in."""
    codes: dict[str, int] = {}
    for number, one in enumerate(each, 1):
        console.put(f"{PROVIDERS[one.provider]}, {number} of {len(each)}")
        word = _hear(console, stdin)
        if word == QUIT:
            break
        if word == GO:
            codes[one.provider] = exit_code_of(console, partial(log_in, console, one, stdin))
    return codes


def _hear(console: Console, stdin: TextIO) -> str:
    """What the person wants; the end of the input is an end."""
    while True:
        console.put(f"  {PROMPT} ", end="")
        line = stdin.readline()
        word = WORDS.get(line.strip().lower())
        if not line or word is not None:
            return word if line and word else QUIT
        console.put(f"  {AGAIN}")
