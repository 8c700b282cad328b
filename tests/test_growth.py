"""No parser of a file takes more than linear time: its steps are counted, not its seconds."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import sys
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import hardenme.collectors
import hardenme.facts
import hardenme.workflows
from hardenme.collectors.autorun import FILES, reader_of, runs
from hardenme.collectors.autorun_lines import line_of
from hardenme.collectors.local.environment import _in_text
from hardenme.collectors.local.git import _address_lines, _netrc_lines
from hardenme.collectors.local.npm_workspaces import holds
from hardenme.collectors.npmrc.credentials import passwords, tokens
from hardenme.collectors.npmrc.ini import settings
from hardenme.workflows.actions import action
from hardenme.workflows.asking import fetches_theirs
from hardenme.workflows.assignments import sets_variable
from hardenme.workflows.interpreters import interpreted
from hardenme.workflows.level import Level
from hardenme.workflows.origins import OURS, origin
from hardenme.workflows.script_languages import JAVASCRIPT, PYTHON, can_run_text
from hardenme.workflows.scripts import _commands, fetched, replaced
from hardenme.workflows.source import source
from hardenme.workflows.zizmor_harmless import harmless
from tests.steps import is_linear, steps

Parser = Callable[[str], Any]
NAMES = frozenset({"line", "script", "text", "word"})
"""What the parameter of a function is called that takes a text apart."""
WORKSPACE, CONTAINER = "a.code-workspace", ".devcontainer/a/devcontainer.json"


def own_parsers() -> Iterator[tuple[str, Parser, int]]:
    """The public functions of collectors, facts and workflows that take a text apart, by discovery.

    Each comes with its name, and with how many arguments it needs.
    """
    for package in (hardenme.collectors, hardenme.facts, hardenme.workflows):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            module = importlib.import_module(found.name)
            for name, function in vars(module).items():
                own = getattr(function, "__module__", "") == found.name and callable(function)
                if not own or name.startswith("_") or isinstance(function, type):
                    continue
                parameters = inspect.signature(function).parameters.values()
                texts = [one for one in parameters if one.name in NAMES and one.annotation == "str"]
                if texts:
                    needed = [one for one in parameters if one.default is one.empty]
                    yield f"{found.name}.{name}", function, len(needed)


DISCOVERED = {name: function for name, function, needed in own_parsers() if needed == 1}
"""Those that need nothing but the text."""
WITH_MORE: dict[str, Parser] = {
    "collectors.autorun.runs": lambda text: runs(text, FILES[".claude/settings.json"]),
    "collectors.autorun_lines.line_of": lambda text: line_of(text, "a.json", "a.b: c"),
    "workflows.actions.action": lambda text: action("a", text),
    "workflows.asking.fetches_theirs": lambda text: fetches_theirs(text, lambda _: Level.YES),
    "workflows.assignments.sets_variable": lambda text: sets_variable(f"{text}>> $GITHUB_ENV", "a"),
    "workflows.interpreters.interpreted": lambda text: interpreted(
        text, lambda _: Level.YES, lambda _: Level.YES
    ),
    "workflows.origins.origin": lambda text: origin(text, lambda _: OURS),
    "workflows.scripts.fetched": lambda text: list(fetched(text, {"A"}, {"a"})),
    "workflows.script_languages.can_run_text": lambda text: can_run_text(PYTHON, text),
    "workflows.scripts.replaced": lambda text: replaced(text, lambda _: "a"),
    "workflows.source.source": lambda text: source("a.yml", text),
    "workflows.zizmor_harmless.harmless": lambda text: (
        harmless("github-env", "", text),
        harmless("template-injection", text, ""),
    ),
}
"""Those that need more, by their names without the package's."""


def settings_of(path: str) -> Parser:
    read = reader_of(path)
    assert read is not None
    return lambda text: runs(text, read)


SETTINGS = {path: settings_of(path) for path in (*FILES, WORKSPACE, CONTAINER)}
"""Settings of editors and agents, each by its own reader."""
PARSERS: dict[str, Parser] = {
    **DISCOVERED,
    **WITH_MORE,
    **SETTINGS,
    ".npmrc": lambda text: [*tokens(settings(text)), *passwords(settings(text))],
    "git credentials": lambda text: list(_address_lines(text)),
    ".netrc": lambda text: list(_netrc_lines(text)),
    "start-up file of a shell": lambda text: list(_in_text(text)),
    "commands": lambda text: list(_commands(text)),
    "text of the event in a shell script": lambda text: interpreted(
        text, lambda _: Level.NO, lambda _: Level.YES
    ),
    "workspaces of a package": lambda text: holds([text, f"!{text}", text], "packages/a"),
    "script of JavaScript": lambda text: can_run_text(JAVASCRIPT, text),
}
UNITS = (
    *("a", "A1", " ", "\t", "\n", ".", ":", "/", "://", "a:b@", "=", '"', "'", "\\", "\\\n", "#"),
    *("!", "$(", "${{ ", "`", "(", "[", "{", "<<A\n", "a | ", "export A=", "a=", "&& "),
    *("password ", "@a "),
    *("curl ", "git log ", "gh api ", "`a ", "<(", "-O", "repos/a/", "github.com/a/b"),
)
SIZE = 100
"""Characters of the shorter text."""


def grown(parser: Parser, unit: str, size: int) -> int:
    def parsed() -> None:
        found = parser((unit * size)[:size])
        if isinstance(found, Iterator):
            deque(found, 0)

    clear_caches()
    return steps(parsed)


def clear_caches() -> None:
    """Forget what was parsed before: a kept answer takes no steps."""
    for module in [item for name, item in sys.modules.items() if name.startswith("hardenme.")]:
        for kept in vars(module).values():
            if hasattr(kept, "cache_clear") and hasattr(kept, "cache_info"):
                kept.cache_clear()


def test_each_parser_is_counted() -> None:
    needing_more = {name for name, _function, needed in own_parsers() if needed > 1}
    known = {f"hardenme.{name}" for name in WITH_MORE}
    assert needing_more == known
    assert len(DISCOVERED) > len(WITH_MORE)
    assert {"hardenme.workflows.yaml.load", "hardenme.facts.npm.semver.version"} <= set(DISCOVERED)


@pytest.mark.sampled(240)
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
