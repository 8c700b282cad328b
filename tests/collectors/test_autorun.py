"""Files that start something by themselves, read as the editors read them."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardenme.collectors.autorun import FILES, runs
from hardenme.ground.errors import ContentError

CLAUDE, CURSOR, TASKS = ".claude/settings.json", ".cursor/hooks.json", ".vscode/tasks.json"
CODEX, ENVRC, MCP_ROOT = ".codex/config.toml", ".envrc", ".mcp.json"
DEV, DEV_ROOT = ".devcontainer/devcontainer.json", ".devcontainer.json"
ENVRC, STARTUP, MCP_ROOT, VSCODE = (
    ".envrc",
    ".idea/startup.xml",
    ".mcp.json",
    ".vscode/settings.json",
)
MOUNTED = "mounts: a folder of the machine"
JSONS = [path for path in FILES if path.endswith(".json")]
GEMINI, CURSOR_MCP, VSCODE_MCP = ".gemini/settings.json", ".cursor/mcp.json", ".vscode/mcp.json"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=10,
)


def found(path: str, text: str) -> tuple[str, ...]:
    return runs(text, FILES[path])


@pytest.mark.parametrize(
    ("path", "text", "what"),
    [
        (CLAUDE, '{"hooks": {"SessionStart": [{"hooks": []}]}}', ("SessionStart",)),
        (CLAUDE, '{"hooks": {"SessionStart": []}}', ()),
        (CLAUDE, '{"hooks": {"PostToolUse": [{}]}}', ("PostToolUse",)),
        (CLAUDE, '{"apiKeyHelper": "./x"}', ("apiKeyHelper",)),
        (CLAUDE, '{"statusLine": {"type": "command", "command": "./x"}}', ("statusLine",)),
        (CLAUDE, '{"enableAllProjectMcpServers": true}', ("enableAllProjectMcpServers",)),
        (CLAUDE, '{"enableAllProjectMcpServers": false, "unheard": 1, "hooks": {"Stop": [1]}}',
         ("Stop",)),
        (CLAUDE, '{"enabledMcpjsonServers": ["a"]}', ("enabledMcpjsonServers",)),
        (CLAUDE, '{"enabledPlugins": {"a@b": true}}', ("enabledPlugins",)),
        (CLAUDE, '{"env": {"NODE_OPTIONS": "-r ./x.js", "TZ": "UTC"}}', ("env.NODE_OPTIONS",)),
        (CLAUDE, '{"permissions": {"defaultMode": "bypassPermissions"}}',
         ("permissions.defaultMode: bypassPermissions",)),
        (CLAUDE, '{"permissions": {"allow": ["Bash"]}}', ("permissions.allow: Bash",)),
        (CLAUDE, '{"permissions": {"allow": ["Bash(*)"]}}', ("permissions.allow: Bash",)),
        (CLAUDE, '{"permissions": {"allow": ["Bash(npm run test:*)", "Read", "Bash(ls:*)"]}}', ()),
        (CLAUDE, '{"permissions": {"deny": ["Bash"]}}', ()),
        (GEMINI, '{"mcpServers": {"a": {"command": "./x"}}}', ("mcpServers.a",)),
        (GEMINI, '{"mcpServers": {"a": {"url": "https://a.example"}}}', ()),
        (GEMINI, '{"toolDiscoveryCommand": "./x"}', ("toolDiscoveryCommand",)),
        (GEMINI, '{"tools": {"discoveryCommand": "./x", "core": []}}', ("tools.discoveryCommand",)),
        (GEMINI, '{"hooks": {"BeforeTool": [{}]}}', ("BeforeTool",)),
        (GEMINI, '{"general": {"defaultApprovalMode": "yolo"}}',
         ("general.defaultApprovalMode: yolo",)),
        (GEMINI, '{"security": {"folderTrust": {"enabled": false}}}',
         ("security.folderTrust.enabled: off",)),
        (GEMINI, '{"theme": "x", "ui": {"hideBanner": true}}', ()),
        (CURSOR_MCP, '{"mcpServers": {"a": {"command": "npx"}}}', ("mcpServers.a",)),
        (VSCODE_MCP, '{"servers": {"a": {"type": "stdio", "command": "npx"}}}', ("servers.a",)),
        (VSCODE_MCP, '{"servers": {"a": {"type": "http", "url": "https://a.example"}}}', ()),
        (CLAUDE, "{}", ()),
        (MCP_ROOT, '{"mcpServers": {"a": {"command": "./x"}}}', ("mcpServers.a",)),
        (MCP_ROOT, '{"mcpServers": {"a": {"type": "http", "url": "https://a.example"}}}', ()),
        (GEMINI, '{"mcpServers": {"a": {"url": "https://a.example", "trust": true}}}',
         ("mcpServers.a",)),
        (GEMINI, '{"tools": {"shell": {"pager": "./x"}}}', ("tools.shell.pager",)),
        (CODEX, '[mcp_servers.a]\ncommand = "./x"', ("mcp_servers.a",)),
        (CODEX, 'notify = ["./x"]', ("notify",)),
        (CODEX, 'approval_policy = "never"', ("approval_policy: never",)),
        (CODEX, 'sandbox_mode = "danger-full-access"', ("sandbox_mode",)),
        (CODEX, 'model = "m"\napproval_policy = "on-request"', ()),
        (CODEX, "", ()),
        (VSCODE, '{"task.allowAutomaticTasks": "on"}', ("task.allowAutomaticTasks",)),
        (VSCODE, '{"chat.tools.autoApprove": true}', ("chat.tools.autoApprove",)),
        (VSCODE, '{"terminal.integrated.profiles.linux": {"a": {"path": "./x"}}}',
         ("terminal.integrated.profiles.linux",)),
        (VSCODE, '{"[python]": {"editor.tabSize": 2}, "files.eol": "\\n", // a\n}', ()),
        (VSCODE, '{"eslint.validate": ["a"], "typescript.preferences.quoteStyle": "single"}', ()),
        (DEV, '{"initializeCommand": "./x"}', ("initializeCommand",)),
        (DEV_ROOT, '{"image": "a", "initializeCommand": ["./x"]}', ("initializeCommand",)),
        (DEV, '{"image": "a", "postCreateCommand": "npm ci"}', ()),
        (DEV, '{"mounts": ["source=/,target=/host"]}', (MOUNTED,)),
        (DEV, '{"mounts": ["type=bind,source=${localEnv:HOME}/.ssh,target=/a"]}', (MOUNTED,)),
        (DEV, '{"mounts": [{"type": "bind", "source": "/var/run/docker.sock"}]}', (MOUNTED,)),
        (DEV, '{"mounts": ["source=a,target=/b,type=volume"], "runArgs": ["--init"]}', ()),
        (DEV, '{"mounts": [{"type": "tmpfs", "target": "/b"}]}', ()),
        (DEV, '{"runArgs": ["--platform=linux/amd64", "--shm-size=1g"]}', ()),
        (VSCODE, '{"python.testing.pytestEnabled": true}', ("python.testing.pytestEnabled",)),
        (VSCODE, '{"[python]": {"python.testing.unittestEnabled": true}}',
         ("python.testing.unittestEnabled",)),
        (VSCODE, '{"python.testing.pytestEnabled": false, "python.testing.pytestArgs": ["."]}', ()),
        (VSCODE, '{"evenBetterToml.formatter.alignComments": false, "mypy.severity": {}}', ()),
        (ENVRC, "use flake", ("a command",)),
        (ENVRC, 'export A="$(./x)"', ("a command",)),
        (ENVRC, "export A=1; ./x", ("a command",)),
        (ENVRC, "export NODE_OPTIONS=-r./x.js", ("NODE_OPTIONS",)),
        (ENVRC, "# a\n\nexport A=1\nB='x y'\nC=\"z\"\n", ()),
        (STARTUP, "<project><configuration name='x'/></project>", ("configuration",)),
        (CLAUDE, '\ufeff{"hooks": {"SessionStart": [{}]}}', ("SessionStart",)),
        (CLAUDE, '{"hooks": {"Session\\u0053tart": [{}]}}', ("SessionStart",)),
        (CURSOR, '{"version": 1, "hooks": {"beforeReadFile": [{}]}}', ("beforeReadFile",)),
        (CURSOR, '{"version": 1, "hooks": {"stop": []}}', ()),
        (TASKS, '{"tasks": [{"runOptions": {"runOn": "folderOpen"}}]}', ("runOn: folderOpen",)),
        (TASKS, '{"linux": {"tasks": [{"runOptions": {"runOn": "folderOpen"}}]}}',
         ("runOn: folderOpen",)),
        (TASKS, '{"tasks": [{"runOptions": {"runOn": "worktreeCreated"}}]}',
         ("runOn: worktreeCreated",)),
        (TASKS, '{"tasks": [{"runOptions": {"runOn": "default"}}]}', ()),
        (TASKS, '{"tasks": [{"label": "x" /* , "runOn": "folderOpen" */},], // "runOn"\n}', ()),
        (TASKS, '{"a": "// no comment", "runOn": "folderOpen"}', ("runOn: folderOpen",)),
        (TASKS, '{"a": "\\"/*", "runOn": "folderOpen", "b": "*/"}', ("runOn: folderOpen",)),
        (TASKS, '{"a": ",]", "runOn": /**/ "folderOpen",}', ("runOn: folderOpen",)),
    ],
)  # fmt: skip
def test_what_starts_by_itself(path: str, text: str, what: tuple[str, ...]) -> None:
    assert found(path, text) == what


@pytest.mark.parametrize(
    ("path", "text"),
    [
        *((path, text) for path in JSONS for text in ("", "[]", "null", "{", "\0", "{'a': 1}")),
        (CODEX, "["),
        (CODEX, "a = 1\na = 2"),
        (CODEX, 'unheard = "x"'),
        (CODEX, '[mcp_servers.a]\nunheard = "x"'),
        (ENVRC, "export Unheard=1"),
        (STARTUP, "<project/>"),
        (VSCODE, '{"unheard.path": "./x"}'),
        (VSCODE, '{"python.defaultInterpreterPath": "./x"}'),
        (VSCODE, '{"typescript.tsdk": "./x"}'),
        (VSCODE, '{"eslint.nodePath": "./x"}'),
        (VSCODE, '{"[python]": {"unheard.path": "./x"}}'),
        (DEV, '{"mounts": ["source=/etc,target=/host,type=bind"]}'),
        (DEV, '{"mounts": [{"type": "bind", "source": "../x"}]}'),
        (DEV, '{"mounts": "x"}'),
        (DEV, '{"runArgs": ["--name", "x"]}'),
        (DEV, '{"runArgs": ["--init", "-v=/:/x"]}'),
        (VSCODE, '{"python.testing.cwd": "x"}'),
        (DEV, '{"runArgs": ["--privileged"]}'),
        (DEV_ROOT, '{"unheard": 1}'),
        (MCP_ROOT, '{"unheard": 1}'),
        (VSCODE_MCP, '{"inputs": [{"type": "command", "command": "x"}]}'),
        *(
            (CLAUDE, json.dumps({"permissions": {"allow": [f"Bash(ls{sign}./x)"]}}))
            for sign in (";", " && ", " | ", " > ", " `", "\n")
        ),
        (CLAUDE, '{"hooks": []}'),
        (CLAUDE, '{"hooks": null}'),
        (CLAUDE, '{"hooks": {"SessionStart": [{}]}, "hooks": {}}'),
        (CLAUDE, '{"unheard": true}'),
        (CLAUDE, '{"model": "m", "sandbox": {"enabled": false}}'),
        (CLAUDE, '{"env": {"UNHEARD": "1"}}'),
        (CLAUDE, '{"env": []}'),
        (CLAUDE, '{"permissions": {"allow": ["Bash(python3 x.py)"]}}'),
        (CLAUDE, '{"permissions": {"allow": ["Bash(npm exec x)"]}}'),
        (CLAUDE, '{"permissions": {"allow": ["mcp__a__b"]}}'),
        (CLAUDE, '{"permissions": {"unheard": []}}'),
        (GEMINI, '{"tools": {"unheard": "x"}}'),
        (GEMINI, '{"mcpServers": {"a": {"unheard": "x"}}}'),
        (CURSOR, '{"version": 1, "unheard": {}}'),
        (CURSOR_MCP, '{"unheard": {}}'),
        (TASKS, '{"runOn": "tomorrow"}'),
        (TASKS, '{"runOn": ["folderOpen"]}'),
        (TASKS, '{"runOn": null}'),
        (TASKS, '{"tasks": [] /* open'),
        (TASKS, "[" * 100_000),
        (TASKS, "../elsewhere/tasks.json"),
    ],
)
def test_what_is_not_understood_is_told(path: str, text: str) -> None:
    with pytest.raises(ContentError):
        found(path, text)


@pytest.mark.parametrize("part", ['"', '\\"', "/*", "//", ",", ", ", "{", '"\\'])
def test_a_hostile_file_takes_no_long_time(part: str) -> None:
    before = time.process_time()
    with suppress(ContentError):
        found(TASKS, '{"a": ' + part * 200_000)
    assert time.process_time() - before < 20


@given(JSON, st.sampled_from(sorted(FILES)))
def test_any_json_is_judged_or_refused(data: Any, path: str) -> None:
    with suppress(ContentError):
        assert all(isinstance(item, str) for item in found(path, json.dumps(data)))


@given(st.dictionaries(st.text(max_size=12), st.text(max_size=12)))
def test_strings_that_look_like_comments_stay_what_they_are(data: dict[str, str]) -> None:
    text = json.dumps(data | {"runOn": "folderOpen"}, ensure_ascii=False)
    assert found(TASKS, text) == ("runOn: folderOpen",)
    assert found(TASKS, text.replace("\n", " \n") + "// end") == ("runOn: folderOpen",)
