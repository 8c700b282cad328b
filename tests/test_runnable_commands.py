"""No printed command has a word that its reader has to replace: it is whole, or it is not printed.

A placeholder that looks runnable is run. Where something is not known, the text says what to look
up, and there is no command.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import hardenme_checks
from hardenme.model.finding import Finding
from hardenme.model.verdict import Failed, Fix, Manual
from hardenme.reports.calls import placeholders
from hardenme.reports.fixplan.build import plan_of
from tests.each import each
from tests.plans.audited import WORLDS, audited

TO_REPLACE = re.compile(r"<[a-z][a-z _-]*>|…|\.\.\.|\bYOUR[-_]|\b(?:your|my)-[a-z]+\b")
"""What a reader replaces, written in another way than in capitals."""
MENTIONED = re.compile(r"\b(?:npm|gh|git|hardenme) [a-z][a-z-]*\b[^.,;:()]*")
"""A command that a text mentions, to where its sentence goes on."""
MAKERS = frozenset({"gh", "npm", "command"})
"""Functions that make a command of the words that they get."""


def missing(command: str) -> list[str]:
    """What a reader would have to fill in."""
    return [*placeholders(command), *TO_REPLACE.findall(command)]


def fixes(finding: Finding) -> Iterator[Fix]:
    """How a finding is closed, here and for all."""
    outcome = finding.outcome
    fix = outcome.fix if isinstance(outcome, (Failed, Manual)) else None
    while fix is not None:
        yield fix
        fix = fix.wider


@pytest.mark.sampled(2)
@pytest.mark.second_tier("an audit of a whole world each", one_of=30)
@pytest.mark.parametrize("name", WORLDS)
def test_a_world_has_commands_that_can_be_run_as_they_are_printed(name: str) -> None:
    report = audited(name)
    every = [fix for finding in report.findings for fix in fixes(finding)]
    commands = [line for fix in every for line in fix.commands]
    plan = plan_of(report)
    commands += [one.command for one in plan.questions]
    commands += [line for step in plan.steps for line in step.verify]
    for step in plan.steps:
        actions = (*step.actions, *step.apart)
        commands += [line for action in actions for line in action.fix.commands]
    assert len(commands) > len(plan.steps)
    assert {line: missing(line) for line in commands if missing(line)} == {}
    said = [text for fix in every for text in (fix.step, fix.undo, fix.needs)]
    said += [text for step in plan.steps for text in (step.title, *step.risks)]
    mentioned = [found[0] for text in said for found in MENTIONED.finditer(text)]
    assert {one: missing(one) for one in mentioned if missing(one)} == {}


def sources() -> Iterator[Path]:
    """The modules in which commands of fixes are written."""
    (folder,) = hardenme_checks.__path__
    yield from Path(folder).rglob("*.py")
    yield from Path("hardenme/derive").rglob("*.py")
    yield Path("hardenme/model/commands.py")


def written(source: str) -> Iterator[str]:
    """The texts that go into commands as they stand in a module."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            parts = [one.value for one in node.keywords if one.arg == "command"]
            parts += node.args if name in MAKERS else []
            for part in parts:
                for one in ast.walk(part):
                    if isinstance(one, ast.Constant) and isinstance(one.value, str):
                        yield one.value


@each(sorted(sources()))
def test_a_module_writes_no_placeholder_into_a_command(path: Path) -> None:
    found = {text: missing(text) for text in written(path.read_text(encoding="utf-8"))}
    assert {text: words for text, words in found.items() if words} == {}


def test_a_placeholder_is_seen() -> None:
    source = 'Fix("Add it", command=fact.npm("org", "set", name, "USER", "developer"))'
    assert {word for text in written(source) for word in missing(text)} == {"USER"}
    for text in ("npm owner add <user> x", "gh api repos/OWNER/REPO", "npm trust github … x"):
        assert missing(text)
    assert not missing("gh api -X DELETE repos/acme/web/keys/7")
