"""What a script hands on: outputs of its step, and variables for the steps behind it.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from hardenme.collectors.workflows.origins import OURS, UNFOLLOWED, Level, Origin
from hardenme.collectors.workflows.scripts import commands, program, variables

OUTPUT = re.compile(r"\bGITHUB_OUTPUT\b|::set-output\b")
ENVIRONMENT = re.compile(r"\bGITHUB_(?:ENV|PATH)\b|::(?:set-env|add-path)\b")
PAIR = re.compile(r"""(?:^|[\s"'(])(?:::set-(?:output|env) name=)?([A-Za-z_][\w-]*)(?:::|=)(.*)""")
SHELL = re.compile(r"^\s*(?:export\s+|local\s+|readonly\s+|declare\s+)?([A-Za-z_]\w*)=(.*)$")
READ = re.compile(r"\bread\s+(?:-\w+\s+)*([A-Za-z_]\w*)")
SUBSTITUTED = re.compile(r"\$\(|`|<\(")
EVENT = re.compile(r"GITHUB_EVENT_PATH|GITHUB_HEAD_REF|event\.json")
ASKS = frozenset({"gh", "hub", "curl", "wget", "http"})
"""Programs that ask others."""
HISTORY = frozenset({"log", "show", "ls-remote", "fetch", "branch", "for-each-ref", "tag"})
"""What git is asked that holds others' words: messages, names of branches and people."""
READS = frozenset(
    {"awk", "cat", "grep", "head", "jq", "node", "python", "python3", "sed", "tail", "yq"}
)
"""Programs that give what a file holds."""


@dataclass(frozen=True, slots=True)
class Written:
    """Values by name in lower case, and where all others come from."""

    names: dict[str, Origin] = field(default_factory=dict)
    rest: Origin = OURS

    def get(self, name: str) -> Origin:
        """Where the value of a name comes from."""
        return self.names.get(name.lower(), self.rest)

    @property
    def all(self) -> Origin:
        """Where all of them together come from."""
        found = self.rest
        for item in self.names.values():
            found |= item
        return found


@dataclass(frozen=True, slots=True)
class Script:
    """A shell script.

    Attributes:
        text: with its expressions.
        expression: where the expressions of a part of it come from.
        variable: where a variable of its environment comes from.
        files: where what its files hold comes from.
    """

    text: str
    expression: Callable[[str], Origin]
    variable: Callable[[str], Origin]
    files: Origin = OURS

    def written(self, where: re.Pattern[str]) -> Written:
        """What it writes to a file of GitHub's, such as the outputs."""
        if not where.search(self.text):
            return Written()
        taken = self._taken()
        own = self._assigned(taken)
        names: dict[str, Origin] = {}
        for line in self.text.replace("\\\n", " ").splitlines():
            if not where.search(line):
                continue
            for name, value in PAIR.findall(line.split(">>")[0]):
                found = self._of(value, own, taken)
                names[name.lower()] = names.get(name.lower(), OURS) | found
        # What is written in another way, by a program or over several lines, is not followed.
        return Written(names, _capped(taken))

    def mentioned(self) -> Origin:
        """Where all that it looks up comes from: expressions, and variables of its environment."""
        found = self.expression(self.text)
        for name in variables(self.text):
            found |= self.variable(name)
        return found

    def _taken(self) -> Origin:
        """Where all that it works with comes from; what it asks others for is not followed."""
        found = self.mentioned()
        if EVENT.search(self.text):
            found |= UNFOLLOWED
        for words in commands(self.text):
            names = [program(word) for word in words]
            if ASKS & set(names) or ("git" in names and HISTORY & set(words)):
                found |= UNFOLLOWED
            if READS & set(names) or "<" in words:
                found |= self.files
        return found

    def _assigned(self, taken: Origin) -> dict[str, Origin]:
        """Where the variables that it sets for itself come from."""
        own: dict[str, Origin] = {}
        for line in self.text.replace("\\\n", " ").splitlines():
            for part in re.split(r"&&|\|\||;", line):
                found = SHELL.match(part)
                if found:
                    name = found[1].lower()
                    own[name] = own.get(name, OURS) | self._of(found[2], own, taken)
                for name in READ.findall(part):
                    own[name.lower()] = own.get(name.lower(), OURS) | _capped(taken)
        return own

    def _of(self, value: str, own: dict[str, Origin], taken: Origin) -> Origin:
        found = self.expression(value)
        for name in variables(value):
            found |= own.get(name.lower(), OURS) | self.variable(name)
        return found | _capped(taken) if SUBSTITUTED.search(value) else found


def _capped(found: Origin) -> Origin:
    """The same, but never sure: what a program makes of it is not seen."""
    return Origin(min(found.text, Level.MAYBE), min(found.code, Level.MAYBE))
