"""Variables of the environment, and those that change neither what is installed nor what runs.

Shells, git, Node.js and package managers take settings from variables of known names. Of these, one
that is not listed here counts as not read. Variables of other names are a project's own.

Sources: https://www.gnu.org/software/bash/manual/html_node/Bash-Variables.html,
https://git-scm.com/docs/git#_environment_variables, https://nodejs.org/api/cli.html.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from hardenme.exposure.client_settings import is_harmless
from hardenme.exposure.known_paths import DECIDING
from hardenme.workflows.written import ENVIRONMENT

OF_PROGRAMS = re.compile(
    r"(?:BASH|BASHOPTS|CDPATH|COMSPEC|DYLD|ENV|EXECIGNORE|GIT|GLOBIGNORE|HOME|IFS|INIT_CWD|LD"
    r"|LESSCLOSE|LESSOPEN|NODE|PATH|PATHEXT|PREFIX|PROMPT_COMMAND|PS4|SHELL|SHELLOPTS|TAR_OPTIONS"
    r"|USERPROFILE|APPDATA|LOCALAPPDATA|XDG|GH_PAGER|GH_EDITOR|PAGER|EDITOR|VISUAL|TS_NODE"
    r"|PERL5OPT|PERL5LIB|AWKPATH|AWKLIBPATH|JEST|MOCHA|ESLINT|BABEL"
    r"|CURL|WGETRC|UNZIP|UNZIPOPT|ZIP|ZIPOPT|COREPACK_HOME|SKIP_YARN_COREPACK_CHECK|APT_CONFIG|BROWSER"
    r"|DOTENV_CONFIG|GCONV_PATH|GH_BROWSER|GH_CONFIG_DIR|GH_PATH|NAPI_RS|NYC|OPENSSL_CONF|OPENSSL_ENGINES"
    r"|OPENSSL_MODULES|PSMODULEPATH|SYSTEM_WGETRC|TAP|TEXTDOMAINDIR|ZDOTDIR)(?:_.*)?"
    r"|\w*_BINARY(?:_PATH)?|\w*_BIN_PATH"
)
"""Names by which such a program takes settings."""
HARMLESS = re.compile(
    r"NODE_(?:ENV|AUTH_TOKEN|VERSION|EXTRA_CA_CERTS|NO_WARNINGS|DISABLE_COLORS|TLS_\w+|OPTIONS)"
    r"|GIT_(?:AUTHOR|COMMITTER)_(?:NAME|EMAIL|DATE)"
    r"|GIT_(?:TERMINAL_PROMPT|TAG|SHA|COMMIT|BRANCH|REF|TOKEN|USER|NAME|EMAIL|DEPTH|LFS_\w+)"
    r"|PATH_[A-Z]\w*|ENV_\w+|LD_VERSION|JEST_(?:JUNIT_\w+|WORKERS)|BABEL_ENV|ESLINT_USE_FLAT_CONFIG"
)
"""Of these, those that change nothing."""
VARIABLE = re.compile(r"(?i)(?:p?npm_config|yarn|bun|pnpm|corepack)_(?P<key>\w*)")
"""A variable of the environment that sets something."""
RUNTIME = "NODE_OPTIONS"
RUNTIME_WORD = re.compile(
    r"--(?:max[-_]old[-_]space[-_]size|max[-_]semi[-_]space[-_]size|stack-trace-limit"
    r"|unhandled-rejections|dns-result-order|disable-warning|max-http-header-size)=[\w-]+"
    r"|--(?:no-warnings|no-deprecation|trace-\w+|enable-source-maps|openssl-legacy-provider"
    r"|use-openssl-ca|use-system-ca|throw-deprecation|experimental-vm-modules)|\$\{?NODE_OPTIONS\}?"
)
"""What Node.js may be given that has it load no other file."""
IN_SCRIPT = re.compile(
    r"(?i)\b(?P<of_npm>p?npm_config_\w*)"
    r"|\b(?P<name>(?:yarn|bun|pnpm|corepack)_\w+|NODE_OPTIONS)\s*(?:=|<<)\s*"
    r"(?P<value>\"[^\"\n]*\"|'[^'\n]*'|[^\s;&|]*)"
)
"""Where a script names a setting of npm or sets one of another client, in whatever language."""
WRITES = re.compile(rf">{{1,2}}\s*[\"']?[^\s\"'>|;&]*?(?<![\w.-])(?:{DECIDING})(?![\w.-])")
"""A redirect into a file that decides what is installed."""
NAMES_ONE = re.compile(
    r"[^>]*?\b(?:echo|printf)\s+(?:-\w+\s+)*[\"']?(?P<name>[A-Za-z_]\w*)(?:=|<<)(?P<value>[^>|]*)"
)
"""How a line begins that names the variable which later steps get."""
EXPRESSION = re.compile(r"\$\{\{[^}]*\}\}")
TALKS = re.compile(r"\s*(?:echo|printf)\s+(?:-\w+\s+)*")
"""How a command begins that prints what follows."""


def changing_variables(env: Any) -> Iterator[str]:
    """What an `env` of a workflow sets that may change what is installed."""
    if env is None:
        return
    if not isinstance(env, dict):
        yield "env"
        return
    for name, value in env.items():
        if sets_unknown_variable(str(name), str(value)):
            yield f"{name}: {value}"


def changing_lines(script: str) -> Iterator[str]:
    """What a script sets or writes by a redirect that may change what is installed."""
    for found in IN_SCRIPT.finditer(script):
        value = (found["value"] or "").strip("\"' ")
        if sets_unknown_variable(found["of_npm"] or found["name"], value):
            yield found[0]
    for line in script.splitlines():
        writes = WRITES.search(line) and not _prints_harmless(line)
        if writes or (ENVIRONMENT.search(line) and not _names_harmless(line)):
            yield line.strip()


def _names_harmless(line: str) -> bool:
    """Whether a line sets one variable for later steps, of a name that changes nothing."""
    named = NAMES_ONE.match(line)
    if named is None or "\\n" in line:
        return False
    return not sets_unknown_variable(named["name"], named["value"].strip("\"' "))


def sets_unknown_variable(name: str, value: str) -> bool:
    """Whether a variable may change what is installed or which program runs."""
    upper = name.upper()
    if OF_PROGRAMS.fullmatch(upper) and not HARMLESS.fullmatch(upper):
        return True
    if upper == RUNTIME:
        return not all(map(RUNTIME_WORD.fullmatch, value.split()))
    variable = VARIABLE.fullmatch(name)
    return variable is not None and not is_harmless(variable["key"], value)


def _prints_harmless(line: str) -> bool:
    """Whether a line writes by `echo` what sets no more than a registry and its credential."""
    talk = TALKS.match(line)
    if talk is None:
        return False
    printed = EXPRESSION.sub("x", line[talk.end() :]).partition(">")[0].strip().strip("\"'")
    settings = printed.replace("\\n", " ").split()
    return bool(settings) and all(
        "=" in one and is_harmless(*one.split("=", maxsplit=1)) for one in settings
    )
