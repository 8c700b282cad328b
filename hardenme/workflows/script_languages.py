"""Whether a script in a language other than a shell's can run a text that it processes.

Few words of a language run a text: those that evaluate, start a program, or load such a module. A
script without any of them takes text as data. What a script with one of them does is not followed.

Sources: https://nodejs.org/api/child_process.html, https://nodejs.org/api/vm.html,
https://github.com/actions/toolkit (`exec`, `core.exportVariable`, `core.addPath`), and Python's
library reference: `os`, `subprocess`, `runpy`, `pickle`.
"""

from __future__ import annotations

import re

from hardenme.workflows.scripts import program

JAVASCRIPT, PYTHON, POWERSHELL, OTHER = "JavaScript", "Python", "PowerShell", "another language"
OF_JAVASCRIPT = frozenset({"node", "nodejs", "deno", "bun"})
FILES = re.compile(r"GITHUB_(?:ENV|PATH)|BASH_ENV")
"""Files by which a script sets what later steps run with."""
PURE = "assert buffer crypto fs fs/promises os path querystring url util"
LOADED = re.compile(
    r"\b(?:require|import)\s*(?:\(\s*)?[\"'`](?:node:)?(?:"
    + "|".join(map(re.escape, PURE.split()))
    + r")[\"'`]"
)
"""A library of Node that starts nothing is loaded."""
RUN_BY_JAVASCRIPT = re.compile(
    r"\b(?:exec\w*|spawn\w*|fork|child_process|eval|Function|constructor|vm|WebAssembly|Reflect|__proto__"
    r"|require|import|exportVariable|addPath|globalThis|__original_require__|Deno|Bun|dlopen)\b"
    r"|\bprocess\s*\[|\]\s*\("
)
TAKEN_FROM = re.compile(r"\bfrom[ \t]+([\w.]+)[ \t]+import\b")
IMPORTED = re.compile(r"\bimport[ \t]+([\w., ]+)")
DATA_OF_PYTHON = frozenset(
    """
    __future__ argparse base64 collections csv datetime decimal enum fnmatch functools glob hashlib
    html io itertools json locale math os pathlib pprint random re statistics string sys
    textwrap time tomllib typing unicodedata urllib uuid
    """.split()  # noqa: SIM905 (words, not a list of strings)
)
"""Modules of Python of which only the words below start a program."""
RUN_BY_PYTHON = re.compile(
    r"\b(?:system|popen|exec\w*|spawn\w*|posix_spawn\w*|startfile|fork|eval|compile|getattr|putenv"
    r"|globals|locals|vars|__\w+__|environ\s*\[[^]]*\]\s*=)"
)
RUN_BY_POWERSHELL = re.compile(
    r"\b(?:iex|Invoke-(?:Expression|Command|Item|\w*Script)|Start-\w+|scriptblock|Add-Type|New-Object"
    r"|SetEnvironmentVariable|bash|sh|cmd|pwsh|powershell|python\w*|node|ruby|perl)\b"
    r"|(?:^|[|;({=&])[ \t]*[&.][ \t]*[$({'\"]",
    re.IGNORECASE | re.MULTILINE,
)
OF_POWERSHELL = re.compile(r"\benv:|\[Environment\]|GetEnvironmentVariable", re.IGNORECASE)
"""How PowerShell looks up a variable of the environment, in no other shell's way."""


CONDITION = re.compile(r"\b(?:if|elseif|while|until)[ \t]*(?=\()", re.IGNORECASE)
COMPARES = re.compile(
    r"(?:[\s!]|\([ \t]*[A-Za-z][\w-]*[ \t]*\)|[()]|\$(?:env:)?\w+|\$\{\w+\}"
    r"|'[^']*'|\"[^\"$`]*\"|\d+"
    r"|-[ci]?(?:eq|ne|g[et]|l[et]|(?:not)?(?:match|like|contains|in))\b|-(?:and|or|xor|not)\b"
    r"|\[string\]::IsNullOr(?:Empty|WhiteSpace)(?=\()|Test-Path[ \t]+(?=['\"]))+",
    re.IGNORECASE,
)
"""What PowerShell compares: variables, texts, operators, and commands without any argument. What
runs a text has other words (`&`, `.`, `iex`).
Source: https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_operators"""
LONGEST_CONDITION = 2000


def without_comparisons(script: str) -> str:
    """A script of PowerShell without conditions that do nothing but compare."""
    parts, done = [], 0
    for found in CONDITION.finditer(script):
        end = _closed(script, found.end())
        if found.start() >= done and end and COMPARES.fullmatch(script[found.end() : end]):
            parts += [script[done : found.start()], "true;"]
            done = end
    return "".join(parts) + script[done:]


def _closed(script: str, start: int) -> int:
    """Where a parenthesis that opens here is closed; 0 if that is not seen."""
    depth, quote = 0, ""
    for at in range(start, min(len(script), start + LONGEST_CONDITION)):
        char = script[at]
        if quote or char in "'\"":
            quote = "" if char == quote else quote or char
        elif char in "()":
            depth += 1 if char == "(" else -1
            if depth == 0:
                return at + 1
    return 0


def language_of(shell: str) -> str:
    """The language of a program or of a step's `shell`."""
    words = shell.split()
    name = program(words[0]).removesuffix(".exe") if words else ""
    if name in OF_JAVASCRIPT:
        return JAVASCRIPT
    return PYTHON if name.startswith("python") else OTHER


def can_run_text(language: str, script: str) -> bool:
    """Whether a script has a word by which it could run a text."""
    if FILES.search(script):
        return True
    if language == JAVASCRIPT:
        return bool(RUN_BY_JAVASCRIPT.search(LOADED.sub(" ", script)))
    if language == POWERSHELL:
        return bool(RUN_BY_POWERSHELL.search(script))
    if language != PYTHON:
        return True
    taken = TAKEN_FROM.findall(script)
    listed = IMPORTED.findall(TAKEN_FROM.sub("", script))
    named = [*taken, *(part.split(" as ")[0] for one in listed for part in one.split(","))]
    modules = {name.strip().partition(".")[0] for name in named} - {""}
    bare = re.sub(r"__name__|__main__", " ", script)
    return not modules <= DATA_OF_PYTHON or bool(RUN_BY_PYTHON.search(bare))
