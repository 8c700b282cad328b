"""No parser of a file takes more than linear time: its steps are counted, not its seconds."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from hardenme.collectors.autorun import FILES, runs
from hardenme.collectors.clear_text import has_credential, in_addresses
from hardenme.collectors.github.update_tools import dependabot_waits, renovate_waits
from hardenme.collectors.local.environment import _in_text
from hardenme.collectors.local.git import _address_lines, _netrc_lines
from hardenme.collectors.local.git_syntax import parse as git_configuration
from hardenme.collectors.local.npm_workspaces import holds
from hardenme.collectors.npmrc.credentials import passwords, tokens
from hardenme.collectors.npmrc.ini import settings
from hardenme.collectors.workflows.expressions import bodies, parse
from hardenme.collectors.workflows.file_commands import put_on_path
from hardenme.collectors.workflows.interpreters import interpreted
from hardenme.collectors.workflows.level import Level
from hardenme.collectors.workflows.lock import lock
from hardenme.collectors.workflows.running import runs as commands_run
from hardenme.collectors.workflows.script_languages import JAVASCRIPT, PYTHON, can_run_text
from hardenme.collectors.workflows.scripts import _commands
from hardenme.collectors.workflows.shell import shell_script
from hardenme.collectors.workflows.yaml import load
from hardenme.facts.github.code_owners import rules_of
from hardenme.facts.github.public_key import parse_public_key
from hardenme.facts.npm.semver import version
from tests.steps import steps

Parser = Callable[[str], Any]
PARSERS: dict[str, Parser] = {
    ".npmrc": lambda text: [*tokens(settings(text)), *passwords(settings(text))],
    "addresses": lambda text: list(in_addresses(text)),
    "credentials in a text": has_credential,
    "git configuration": git_configuration,
    "git credentials": lambda text: list(_address_lines(text)),
    ".netrc": lambda text: list(_netrc_lines(text)),
    "start-up file of a shell": lambda text: list(_in_text(text)),
    "settings of an agent": lambda text: runs(text, FILES[".claude/settings.json"]),
    "tasks": lambda text: runs(text, FILES[".vscode/tasks.json"]),
    "settings of an editor": lambda text: runs(text, FILES[".vscode/settings.json"]),
    ".envrc": lambda text: runs(text, FILES[".envrc"]),
    "CODEOWNERS": rules_of,
    "dependabot.yml": dependabot_waits,
    "renovate.json": renovate_waits,
    "workflow file": load,
    "actions.lock": lock,
    "expression": parse,
    "expressions of a text": lambda text: list(bodies(text)),
    "commands": lambda text: list(_commands(text)),
    "shell script": shell_script,
    "text in a shell script": lambda text: interpreted(text, lambda _: Level.YES),
    "files that a script runs": commands_run,
    "PATH in a script": put_on_path,
    "ssh public key": parse_public_key,
    "version": version,
    "workspaces of a package": lambda text: holds([text, f"!{text}", text], "packages/a"),
    "script of JavaScript": lambda text: can_run_text(JAVASCRIPT, text),
    "script of Python": lambda text: can_run_text(PYTHON, text),
}
UNITS = (
    *("a", "A1", " ", "\t", "\n", ".", ":", "/", "://", "a:b@", "=", '"', "'", "\\", "\\\n", "#"),
    *("!", "$(", "${{ ", "`", "(", "[", "{", "<<A\n", "a | ", "export A=", "a=", "&& "),
    *("password ", "@a "),
)
SIZE = 100
"""Characters of the shorter text."""


def grown(parser: Parser, unit: str, size: int) -> int:
    return steps(lambda: parser((unit * size)[:size]))


def is_linear(first: int, second: int, third: int) -> bool:
    """Whether the steps of a text, of twice and of four times as much grow no faster than it.

    Quadratic growth would be fourfold at each doubling. A parser that gives up at a limit takes
    fewer steps then: that is no growth, and the next doubling has to do with none either.
    """
    return third - second <= 2.9 * max(0, second - first) + 200


@pytest.mark.sampled(5)
@pytest.mark.second_tier("it goes through each pattern step by step")
@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("name", PARSERS)
def test_twice_the_text_takes_twice_the_steps(name: str, unit: str) -> None:
    parser = PARSERS[name]
    counted = [grown(parser, unit, SIZE * times) for times in (1, 2, 4)]
    assert is_linear(*counted), counted


@pytest.mark.second_tier("takes seconds, and tests the test")
def test_quadratic_growth_is_seen() -> None:
    pattern = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")

    def quadratic(text: str) -> None:
        for start in range(len(text)):
            pattern.match(text, start)

    from hardenme.collectors import clear_text  # noqa: PLC0415 (its module is given the pattern)

    clear_text.SLOW = pattern  # type: ignore[attr-defined]  # the pattern that was here
    try:
        counted = [
            steps(lambda size=size: list(clear_text.SLOW.finditer("a" * size)))  # type: ignore[attr-defined,misc]  # the same
            for size in (SIZE, 2 * SIZE, 4 * SIZE)
        ]
    finally:
        del clear_text.SLOW  # type: ignore[attr-defined]  # the same
    assert not is_linear(*counted)


def test_growth_behind_a_limit_is_seen() -> None:
    assert is_linear(4032, 2026, 2026)
    assert not is_linear(4032, 2026, 2526)
