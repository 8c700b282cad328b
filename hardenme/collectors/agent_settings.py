"""Settings files of agents, key by key: what runs a command, what opens permissions, what neither.

Only a key that is listed as harmless passes; one that is not listed here is not understood.

Sources: https://code.claude.com/docs/en/settings, https://code.claude.com/docs/en/hooks,
https://github.com/google-gemini/gemini-cli/blob/main/docs/reference/configuration.md,
https://cursor.com/docs/agent/hooks, https://cursor.com/docs/context/mcp,
https://code.visualstudio.com/docs/copilot/reference/mcp-configuration
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hardenme.ground.errors import ContentError


@dataclass(frozen=True, slots=True)
class Unlisted:
    """A setting that is neither known to be harmless nor known to run or open something.

    Attributes:
        name: of its key, with those around it.
    """

    name: str


Found = Iterator[str | Unlisted]
"""What runs or opens something, in a few words each, and what is not known."""
Reader = Callable[[dict[str, Any]], Found]
Judge = Callable[[str, Any], Found]
"""Says of a key, by its full name, and its value what it runs or opens."""


def harmless(_name: str, _value: Any) -> Found:
    """A key that runs nothing and opens nothing, whatever its value."""
    yield from ()


def fails(name: str, value: Any) -> Found:
    """A key that runs a command or opens permissions, unless it is empty or off."""
    if value:
        yield name


def guard(name: str, value: Any) -> Found:
    """A guard, which opens permissions where it is off."""
    if value is not True:
        yield f"{name}: off"


def unless(*values: Any) -> Judge:
    """A key that opens permissions, with any value but these."""

    def judge(name: str, value: Any) -> Found:
        if value not in values:
            yield f"{name}: {value}" if isinstance(value, str) and value.isalpha() else name

    return judge


def within(table: Mapping[str, Judge]) -> Judge:
    """A key with keys of its own."""
    return lambda name, value: judged(_mapping(name, value), table, f"{name}.")


def judged(data: Mapping[str, Any], table: Mapping[str, Judge], before: str = "") -> Found:
    """What the keys of a mapping run or open, by a table of all known keys."""
    for key, value in data.items():
        judge = table.get(key)
        name = f"{before}{key}"
        if judge is None:
            yield Unlisted(name)
        else:
            yield from judge(name, value)


def _mapping(name: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ContentError(f"its {name} are of a form that is not known")
    return value


def hooks(name: str, value: Any) -> Found:
    """Hooks: each event with a command counts, since any use of the agent brings it about."""
    for event, commands in _mapping(name, value).items():
        if commands:
            yield event


def servers(name: str, value: Any) -> Found:
    """Servers of tools (MCP): those that are commands are started; an address is only asked."""
    for server, given in _mapping(name, value).items():
        keys = set(_mapping(name, given))
        if keys & STARTED or given.get("trust"):
            yield f"{name}.{server}"
        elif not keys <= ASKED:
            yield Unlisted(f"{name}.{server}")


def inputs(name: str, value: Any) -> Found:
    """What the user is asked for: texts; one that is a command of the editor is not known."""
    for one in value if isinstance(value, list) else [value]:
        kind = one.get("type") if isinstance(one, dict) else None
        if kind not in {"promptString", "pickString"}:
            yield Unlisted(f"{name}: {kind}")


STARTED = frozenset({"command", "args", "headersHelper", "envFile"})
ASKED = frozenset({"type", "url", "httpUrl", "headers", "timeout", "description", "trust"})
"""Keys of a server by which it is started, and those of one that is only an address. One that is
trusted acts without asking."""

ALLOWED = re.compile(r"(\w+)(?:\(([^()]*)\))?")
ONLY_LOOK = frozenset({"Glob", "Grep", "LS", "NotebookRead", "Read", "TodoWrite", "WebSearch"})
"""Tools of Claude Code that read files or keep a list, and run nothing."""
SHELLS = frozenset({"Bash", "PowerShell"})
LOOKING = frozenset(
    "cat date df diff dir du echo file grep head jq ls mkdir pwd tail tree uniq wc which".split()  # noqa: SIM905 (words, not a list of strings)
)
"""Programs that may be allowed whole: none runs another program, whatever its options."""
BUILDING = frozenset(
    "cargo eslint git go make npm pnpm prettier pytest ruff tsc uv yarn".split()  # noqa: SIM905 (the same)
)
"""Programs that may be allowed with a specific subcommand: it builds, tests or commits when the
agent is asked to, and nothing starts it automatically."""
JOINS = re.compile(r"[;&|<>$`\n]")
"""Signs by which one line has several commands, or writes a file."""
ANYTHING = frozenset({"config", "dlx", "exec", "x"})
"""Commands of theirs that take another program or script."""


def allowed(name: str, value: Any) -> Found:
    """Rules for what is done without asking: looking, and named commands of known programs."""
    for rule in value if isinstance(value, list) else [value]:
        found = ALLOWED.fullmatch(rule) if isinstance(rule, str) else None
        if found is None:
            yield Unlisted(name)
            continue
        tool, given = found[1], (found[2] or "").strip()
        if tool in ONLY_LOOK or (tool == "WebFetch" and given):
            continue
        first, second, *_ = [*re.split(r"[\s:]+", given), "", ""]
        if tool not in SHELLS or JOINS.search(given):
            yield Unlisted(f"{name}: {tool}")
        elif not first or "*" in first:
            yield f"{name}: {tool}"
        elif first not in LOOKING and not (
            first in BUILDING and second.replace("-", "x").isalnum() and second not in ANYTHING
        ):
            yield Unlisted(f"{name}: {tool}({first})")


def _variables(name: str, value: Any) -> Found:
    for variable in _mapping(name, value):
        if variable in RUN_BY_VARIABLE:
            yield f"{name}.{variable}"
        elif variable not in TUNING:
            yield Unlisted(f"{name}.{variable}")


RUN_BY_VARIABLE = frozenset(
    """
    BASH_ENV CLAUDE_CODE_SHELL_PREFIX DYLD_INSERT_LIBRARIES ENV GIT_SSH_COMMAND LD_PRELOAD
    NODE_OPTIONS PATH PERL5OPT PROMPT_COMMAND PYTHONSTARTUP RUBYOPT SHELL
    """.split()  # noqa: SIM905 (the same)
)
"""Variables that have a program run something."""
TUNING = frozenset(
    """
    ANTHROPIC_MODEL ANTHROPIC_SMALL_FAST_MODEL BASH_DEFAULT_TIMEOUT_MS BASH_MAX_OUTPUT_LENGTH
    BASH_MAX_TIMEOUT_MS CLAUDE_BASH_MAINTAIN_PROJECT_WORKING_DIR
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC CLAUDE_CODE_MAX_OUTPUT_TOKENS
    CLAUDE_CODE_EXPERIMENTAL_AGENT_TEAMS DISABLE_AUTOUPDATER DISABLE_BUG_COMMAND
    DISABLE_COST_WARNINGS DISABLE_ERROR_REPORTING DISABLE_NON_ESSENTIAL_MODEL_CALLS
    DISABLE_TELEMETRY FORCE_COLOR LANG LC_ALL MAX_MCP_OUTPUT_TOKENS MAX_THINKING_TOKENS
    MCP_TIMEOUT MCP_TOOL_TIMEOUT NO_COLOR TZ USE_BUILTIN_RIPGREP
    """.split()  # noqa: SIM905 (the same)
)
"""Variables that choose a model, a limit, a language or what is reported, and run nothing."""


def _known(words: str, judge: Judge) -> dict[str, Judge]:
    return dict.fromkeys(words.split(), judge)


CLAUDE = {
    "hooks": hooks,
    "env": _variables,
    "permissions": within(
        {
            "allow": allowed,
            "defaultMode": unless("default", "plan"),
            "additionalDirectories": fails,
            **_known("deny ask disableBypassPermissionsMode", harmless),
        }
    ),
    **_known(
        """apiKeyHelper awsAuthRefresh awsCredentialExport gcpAuthRefresh otelHeadersHelper
        statusLine subagentStatusLine fileSuggestion enableAllProjectMcpServers
        enabledMcpjsonServers enabledPlugins skipDangerousModePermissionPrompt
        skipAutoPermissionPrompt""",
        fails,
    ),
    **_known(
        """$schema advisorModel alwaysThinkingEnabled attribution autoMemoryEnabled
        autoUpdatesChannel availableModels awaySummaryEnabled cleanupPeriodDays
        companyAnnouncements disableAllHooks disabledMcpjsonServers deniedMcpServers
        disableDeepLinkRegistration editorMode effortLevel fastMode fastModePerSessionOptIn
        feedbackSurveyRate forceLoginMethod forceLoginOrgUUID includeCoAuthoredBy
        includeGitInstructions language minimumVersion model outputStyle plansDirectory
        prefersReducedMotion promptSuggestionEnabled respectGitignore
        showClearContextOnPlanAccept showTurnDuration spinnerTipsEnabled spinnerTipsOverride
        spinnerVerbs syntaxHighlightingDisabled terminalProgressBarEnabled
        terminalTitleFromRename theme verbose viewMode voiceEnabled""",
        harmless,
    ),
}
"""Settings of Claude Code. The harmless ones choose a model, a look, a language, how long talk is
kept and who may sign in, or take something away."""

GEMINI = {
    "hooks": hooks,
    "mcpServers": servers,
    "general": within(
        {
            "defaultApprovalMode": unless("default", "plan"),
            **_known(
                """checkpointing debugKeystrokeLogging disableAutoUpdate disableUpdateNag
                enableAutoUpdate enableAutoUpdateNotification enableNotifications
                enablePromptCompletion plan previewFeatures retryFetchErrors sessionRetention
                vimMode""",
                harmless,
            ),
        }
    ),
    "tools": within(
        {
            **_known("discoveryCommand callCommand autoAccept allowed", fails),
            **_known(
                "core exclude truncateToolOutputThreshold useRipgrep enableToolOutputTruncation",
                harmless,
            ),
            "shell": within(
                {
                    "pager": unless("cat"),
                    **_known("enableInteractiveShell inactivityTimeout showColor", harmless),
                }
            ),
        }
    ),
    "mcp": within({"serverCommand": fails, **_known("allowed excluded", harmless)}),
    "security": within(
        {
            "auth": harmless,
            "folderTrust": within({"enabled": guard}),
            **_known("disableYoloMode disableAlwaysAllow environmentVariableRedaction", harmless),
            **_known("enablePermanentToolApproval autoAddToPolicyByDefault", fails),
        }
    ),
    "approvalMode": unless("default", "plan"),
    **_known("toolDiscoveryCommand toolCallCommand mcpServerCommand autoAccept", fails),
    **_known(
        """$schema accessibility allowMCPServers bugCommand checkpointing context contextFileName
        coreTools excludeMCPServers excludeTools excludedProjectEnvVars fileFiltering hideBanner
        hideFooter hideTips hideWindowTitle ide ideMode includeDirectories
        loadMemoryFromIncludeDirectories maxSessionTurns memoryImportFormat model output privacy
        selectedAuthType showLineNumbers showMemoryUsage summarizeToolOutput theme ui
        usageStatisticsEnabled useRipgrep vimMode""",
        harmless,
    ),
}
"""Settings of Gemini CLI, in its groups and as it had them before."""

CURSOR_HOOKS = {"hooks": hooks, "version": harmless}
MCP = {"mcpServers": servers, "servers": servers, "inputs": inputs}
"""Servers of Claude Code, Cursor and VS Code."""


def by(table: Mapping[str, Judge]) -> Reader:
    """What reads a file by a table."""
    return lambda data: judged(data, table)
