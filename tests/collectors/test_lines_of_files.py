"""What fails in a file of a repository points to its line, in each kind of file."""

from __future__ import annotations

from typing import Any

import pytest

from hardenme.collectors.autorun import reader_of, runs
from hardenme.collectors.autorun_lines import line_of
from hardenme.collectors.github.update_tools import dependabot_wait, renovate_wait
from hardenme.derive.workflow_owners import workflow_owners
from hardenme.facts.github.code_owners import rules_of
from hardenme.model.unknown import Reason, Unknown
from tests.factories.github_files import action_files, code_owners

TASKS, CLAUDE, CODEX, ENVRC = (
    *(".vscode/tasks.json", ".claude/settings.json", ".codex/config.toml", ".envrc"),
)
STARTED = [
    (TASKS, '{"tasks": [\n{"x": {"runOn": "default"}},\n{"x": {"runOn":\n "folderOpen"}}]}', 3),
    (CLAUDE, '{"model": "hooks",\n"hooks":\n{"SessionStart": [{}]}}', 3),
    (CLAUDE, '{"hooks": {}, /* "SessionStart":\n */ "env":\n{"TZ": "UTC",\n"PATH": "x"}}', 4),
    (CLAUDE, '{"hooks":\n{"Session\\u0053tart": [{}]}}', 2),
    (CLAUDE, '{"permissions": {"deny": [],\n// "allow": 1\n"allow": ["Bash"]}}', 3),
    (".mcp.json", '{"mcpServers":\n{"a.b": {\n"command": "./x"}}}', 2),
    (".vscode/settings.json", '{"files.eol": "x",\n"task.allowAutomaticTasks": "on"}', 2),
    ("a.code-workspace", '{"settings": {\n"task.allowAutomaticTasks": "on"}}', 2),
    (".devcontainer.json", '{"image": "a",\n"initializeCommand": "./x"}', 2),
    (CODEX, 'model = "m"\n# notify = 1\nnotify = ["./x"]', 3),
    (CODEX, 'model = "m"\n[mcp_servers.a]\ncommand = "./x"', 2),
    (ENVRC, "# a\nexport A=1\nuse flake", 3),
    (ENVRC, "export A=1\nexport NODE_OPTIONS=-r./x.js", 2),
    (".idea/startup.xml", "<project>\n<configuration name='x'/></project>", 2),
]
"""Files that start something, with the line on which they do."""
UPDATES = "version: 2\nupdates:\n  - package-ecosystem: npm\n    directory: /\n"
SHORT = f"{UPDATES}    cooldown:\n      default-days: 1\n"
RENOVATE = '{\n"extends": [],\n"minimumReleaseAge": "1 day"}'
OWNERS = [
    ("* @hazel\n\n/.github/\n/docs/ @hazel\n", 0, 3, "a line takes the owner away"),
    ("# all\n/docs/ @hazel\n/src/ @hazel\n", 0, 3, "no line is about it: it is added at the end"),
    ("* @hazel\n/x[a] @hazel\n", 2, 2, "GitHub reports an error"),
    ("# nothing", 0, 0, "no line at all"),
]
FILE = ".github/workflows/ci.yml"
BEFORE = "\n" * 7
"""Empty lines, which no format takes for anything."""


def owned(text: str, wrong: int) -> Any:
    """The owners of a workflow by a CODEOWNERS file."""
    fact = code_owners(rules=rules_of(text), errors=int(wrong > 0), wrong_line=wrong)
    return workflow_owners(fact, action_files(FILE))


@pytest.mark.parametrize(("path", "text", "line"), STARTED)
@pytest.mark.parametrize("before", ["", BEFORE])
def test_what_starts_by_itself(path: str, text: str, line: int, before: str) -> None:
    reader = reader_of(path)
    assert reader is not None
    first = runs(before + text, reader)[0]
    assert line_of(before + text, path, first) == line + len(before)


def test_a_line_that_is_not_found_is_none() -> None:
    assert line_of("{}", CLAUDE, "SessionStart") == 0
    assert line_of("", CODEX, "notify") == 0


@pytest.mark.parametrize("before", ["", BEFORE])
def test_how_long_updates_wait(before: str) -> None:
    added = len(before)
    for wait, days, line in (
        (dependabot_wait(before + UPDATES), 3, 3),
        (dependabot_wait(before + SHORT), 1, 5),
        (renovate_wait(before + RENOVATE), 1, 3),
    ):
        assert wait is not None
        assert (wait.days, wait.line) == (days, line + added)
    unset = renovate_wait("{}")
    assert unset is not None
    assert unset.line == 0


@pytest.mark.parametrize(("text", "wrong", "line", "why"), OWNERS)
def test_who_owns_a_workflow(text: str, wrong: int, line: int, why: str) -> None:
    assert owned(text, wrong).line == line, why
    if line and not wrong:
        assert owned(BEFORE + text, 0).line == line + len(BEFORE), why


def test_a_line_that_github_does_not_show_changes_no_verdict() -> None:
    lost: Any = Unknown(Reason.MALFORMED, "the line of an error")
    fact = workflow_owners(code_owners(errors=1, wrong_line=lost), action_files(FILE))
    assert (fact.errors, fact.line) == (1, 1)
