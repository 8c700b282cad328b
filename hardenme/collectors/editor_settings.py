"""Settings of editors, shells and containers that belong to a folder, key by key.

Only a key that is listed as harmless passes; one that is not listed here is not understood.

Sources: https://code.visualstudio.com/docs/reference/default-settings,
https://containers.dev/implementors/json_reference/, https://direnv.net/man/direnv-stdlib.1.html,
https://developers.openai.com/codex/config-reference
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from hardenme.collectors.agent_settings import (
    RUN_BY_VARIABLE,
    TUNING,
    Found,
    Judge,
    Unlisted,
    fails,
    harmless,
    servers,
    unless,
)

LOOKS = """
    breadcrumbs cSpell css debug diffEditor editor emmet explorer files html json less markdown
    notebook outline problems rulers scss search telemetry todo-tree window workbench yaml zenMode
""".split()  # noqa: SIM905 (words, not a list of strings)
"""Groups of VS Code's settings on looks, texts and searches: none starts a program."""
FORMATS = re.compile(
    r"(?:javascript|typescript|js/ts)\.(?:format|inlayHints|preferences|suggest|updateImportsOnFileMove"
    r"|validate)\b.*|eslint\.(?:enable|validate|format|quiet|run|codeActionsOnSave)\b.*"
    r"|prettier\.(?:enable|printWidth|requireConfig|semi|singleQuote|tabWidth|trailingComma|useTabs)"
    r"|npm\.(?:packageManager|exclude)|git\.(?:ignore|autofetch|enable|branch)\w*"
)
"""Settings of languages and tools that say how code is written, not which program does it."""
OPENED = re.compile(
    r"task\.allowAutomaticTasks|chat\.tools\.\w*\.?autoApprove|security\.workspace\.trust\..*"
    r"|terminal\.integrated\.(?:profiles|automationProfile|shell|shellArgs|env|cwd)\..*"
)
"""Settings that start what a task or a terminal runs, or ask less."""
COLLECTS = re.compile(r"python\.testing\.(?:pytest|unittest)Enabled")
"""With it, the tests of a folder are collected as it is opened, which runs its files.
Source: https://code.visualstudio.com/docs/python/testing"""
OF_TESTS = re.compile(
    r"python\.(?:testing\.(?:pytestArgs|unittestArgs|autoTestDiscoverOnSave\w+)"
    r"|terminal\.activateEnvironment|analysis\.(?:typeCheckingMode|diagnosticMode|autoImport\w*))"
    r"|evenBetterToml\.formatter\..*|[\w-]+\.severity|sortLines\..*"
)
"""Settings of tools that say how something looks or is reported, or what tests are given that run
for another reason."""
OFF: tuple[Any, ...] = (False, None, "off", "prompt", {})
LANGUAGE = re.compile(r"(?:\[[^\]]+\])+")
"""A group for languages, like `[python]`, which holds settings again."""


def vscode(data: Mapping[str, Any]) -> Found:
    """Settings of VS Code for a folder."""
    for name, value in data.items():
        if LANGUAGE.fullmatch(name) and isinstance(value, dict):
            yield from vscode(value)
        elif OPENED.fullmatch(name):
            if value not in OFF:
                yield name
        elif COLLECTS.fullmatch(name):
            if value is not False:
                yield name
        elif OF_TESTS.fullmatch(name):
            continue
        elif name.partition(".")[0] not in LOOKS and not FORMATS.fullmatch(name):
            yield Unlisted(name)


VOLUME = re.compile(r"(?:^|,)type=(?:volume|tmpfs)(?:,|$)")
HOME_OR_MACHINE = re.compile(
    r"(?:^|,)(?:source|src)=(?:~|/(?:,|$)|\$\{localEnv:(?:HOME|USERPROFILE)|[^,]*docker\.sock)"
)
"""A folder of keys, the whole machine, or what starts containers on it."""
RUN_ARGUMENT = re.compile(
    r"--(?:platform|name|hostname|shm-size|memory|cpus|gpus|ulimit)=[^=]*|--(?:init|rm)"
)


def _mounts(name: str, value: Any) -> Found:
    """Folders that a container is given: a volume is harmless, the user's home is not."""
    for one in value if isinstance(value, list) else [value]:
        given = [f"{key}={item}" for key, item in one.items()] if isinstance(one, dict) else [one]
        text = ",".join(map(str, given))
        if HOME_OR_MACHINE.search(text):
            yield f"{name}: a folder of the machine"
        elif not VOLUME.search(text):
            yield Unlisted(name)


def _run_arguments(name: str, value: Any) -> Found:
    """Options of `docker run`: names and limits are harmless."""
    for one in value if isinstance(value, list) else [value]:
        if not (isinstance(one, str) and RUN_ARGUMENT.fullmatch(one)):
            yield Unlisted(name)


DEV_CONTAINER: dict[str, Judge] = {
    "initializeCommand": fails,
    "mounts": _mounts,
    "runArgs": _run_arguments,
    **dict.fromkeys(
        """
        $schema name image build dockerFile dockerfile context dockerComposeFile service runServices
        features overrideFeatureInstallOrder customizations settings extensions forwardPorts appPort
        portsAttributes otherPortsAttributes remoteUser containerUser remoteEnv containerEnv init
        updateRemoteUserUID userEnvProbe workspaceFolder shutdownAction overrideCommand waitFor
        hostRequirements onCreateCommand updateContentCommand postCreateCommand postStartCommand
        postAttachCommand
        """.split(),  # noqa: SIM905 (the same)
        harmless,
    ),
}
"""Keys of a development container. Its commands run in it, after someone has started it; that of
`initializeCommand` runs on the machine itself."""

CODEX: dict[str, Judge] = {
    "mcp_servers": servers,
    "notify": fails,
    "approval_policy": unless("untrusted", "on-request", "on-failure"),
    "sandbox_mode": unless("read-only", "workspace-write"),
    **dict.fromkeys(
        """
        model model_reasoning_effort model_reasoning_summary model_verbosity hide_agent_reasoning
        show_raw_agent_reasoning file_opener disable_response_storage project_doc_max_bytes
        """.split(),  # noqa: SIM905 (the same)
        harmless,
    ),
}
"""Settings of Codex for a project. The harmless ones choose a model, a look and what is kept."""

SET = re.compile(r"(?:export\s+)?([A-Za-z_]\w*)=(?:'[^']*'|\"[^\"$`\\]*\"|[\w./:@%+,-]*)")
"""A variable that gets a value which is written out."""


def envrc(text: str) -> Found:
    """What direnv runs as a folder is entered: all but variables with a value is a command."""
    for line in text.splitlines():
        bare = line.strip()
        if not bare or bare.startswith("#"):
            continue
        found = SET.fullmatch(bare)
        if found is None:
            yield "a command"
        elif found[1] in RUN_BY_VARIABLE:
            yield found[1]
        elif found[1] not in TUNING and not found[1].isupper():
            yield Unlisted(found[1])


def startup(text: str) -> Found:
    """The run configurations that an editor of JetBrains starts with a project."""
    if "<configuration" in text:
        yield "configuration"
    elif text.strip():
        yield Unlisted("a form without configurations")
