"""What a script sets: outputs of its step, and variables for the steps after it.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from hardenme.collectors.workflows.interpreters import interpreted
from hardenme.collectors.workflows.level import Level
from hardenme.collectors.workflows.origins import OURS, UNFOLLOWED, ValueOrigin
from hardenme.collectors.workflows.scripts import DEFAULT_HEAD, commands, program, variables

OUTPUT = re.compile(r"\bGITHUB_OUTPUT\b|::set-output\b")
ENVIRONMENT = re.compile(r"\bGITHUB_(?:ENV|PATH)\b|::(?:set-env|add-path)\b")
PAIR = re.compile(r"""(?:^|[\s"'(])(?:::set-(?:output|env) name=)?([A-Za-z_][\w-]*)(?:::|=)(.*)""")
SETS = re.compile(r"=|\b(?:for|select|read|mapfile|readarray)\b")
"""What a script that sets variables has."""
LOOP = re.compile(r"^\s*(?:for|select)\s+([A-Za-z_]\w*)\s+in\s+(.*)$")
SHELL = re.compile(r"^\s*(?:export\s+|local\s+|readonly\s+|declare\s+)?([A-Za-z_]\w*)=(.*)$")
HERE = re.compile(r"(?:[^\"'<]|<(?!<)|\"[^\"]*\"|'[^']*')*<<-?\s*[\"']?(\w+)")
"""A line that is given a text up to a word; within quotes the same signs mean nothing."""
READ = re.compile(r"\bread\s+(?:-\w+\s+)*([A-Za-z_]\w*)")
SUBSTITUTED = re.compile(r"\$\(|`|<\(")
EVENT = re.compile(r"GITHUB_EVENT_PATH|GITHUB_HEAD_REF|event\.json")
ASKING = re.compile(r"GITHUB_EVENT_PATH|event\.json|\bgh\s")
"""What prints text of others in a script itself."""
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

    names: dict[str, ValueOrigin] = field(default_factory=dict)
    rest: ValueOrigin = OURS

    def get(self, name: str) -> ValueOrigin:
        """Where the value of a name comes from."""
        return self.names.get(name.lower(), self.rest)

    @property
    def all(self) -> ValueOrigin:
        """Where all of them together come from."""
        found = self.rest
        for item in self.names.values():
            found |= item
        return found


WORD = re.compile(r"[A-Za-z_]\w*")


@dataclass(frozen=True, slots=True)
class Script:
    """A shell script.

    Attributes:
        text: with its expressions.
        expression: where the expressions of a part of it come from.
        variable: where a variable of its environment comes from.
        given: the names of the variables that are seen to be set for it, in lower case.
        files: where what its files hold comes from.
    """

    text: str
    expression: Callable[[str], ValueOrigin]
    variable: Callable[[str], ValueOrigin]
    given: frozenset[str] = frozenset()
    files: ValueOrigin = OURS

    def written(self, where: re.Pattern[str]) -> Written:
        """What it writes to a file of GitHub's, such as the outputs."""
        if not where.search(self.text):
            return Written()
        taken = self._taken()
        own = self._assigned(taken)
        names: dict[str, ValueOrigin] = {}
        # What is written in another way, by a program, is not followed.
        rest = _capped(taken)
        for line in _writing(self.text, where):
            pairs = PAIR.findall(line)
            for name, value in pairs:
                found = self._of(value, own, taken)
                names[name.lower()] = names.get(name.lower(), OURS) | found
            if not pairs:
                rest |= self._of(line, own, taken)
        return Written(names, rest)

    def interpreted(self, holding: dict[str, Level] | None = None) -> Level:
        """How surely text of outsiders is run: by an interpreter, or as a program.

        Args:
            holding: the files that hold such text, by name; what the script writes is added.
        """
        own = self.local()

        def level(name: str) -> Level:
            found = own.get(name.lower(), OURS)
            if name.lower() in self.given or name == DEFAULT_HEAD:
                found |= self.variable(name)
            return found.text

        given = max((self.variable(name).text for name in self.given), default=Level.NO)
        reached = given or holding or ASKING.search(self.text)
        if not (reached or any(map(level, set(WORD.findall(self.text))))):
            return Level.NO
        return interpreted(self.text, level, given, holding)

    def local(self) -> dict[str, ValueOrigin]:
        """Where the variables that it sets for itself come from, by name in lower case."""
        return self._assigned(self._taken()) if SETS.search(self.text) else {}

    def mentioned(self) -> ValueOrigin:
        """Where all that it looks up comes from: expressions, and variables of its environment."""
        found = self.expression(self.text)
        for name in variables(self.text):
            found |= self.variable(name)
        # Other languages look them up by their bare names.
        for name in {word for word in WORD.findall(self.text) if word.lower() in self.given}:
            found |= self.variable(name)
        return found

    def _taken(self) -> ValueOrigin:
        """Where all that it works with comes from; what it asks others for is not followed."""
        found = self.mentioned()
        if EVENT.search(self.text):
            found |= UNFOLLOWED
        for words in commands(self.text):
            names = [program(word) for word in words]
            if ASKS & set(names) or ("git" in names and HISTORY & set(words)):
                found |= UNFOLLOWED
            if READS & set(names) or any(word.startswith("<") for word in words):
                found |= self.files
        return found

    def _assigned(self, taken: ValueOrigin) -> dict[str, ValueOrigin]:
        """Where the variables that it sets for itself come from."""
        own: dict[str, ValueOrigin] = {}
        for line in self.text.replace("\\\n", " ").splitlines():
            for part in re.split(r"&&|\|\||;", line):
                found = SHELL.match(part)
                if found:
                    name = found[1].lower()
                    own[name] = own.get(name, OURS) | self._of(found[2], own, taken)
                looped = LOOP.match(part)
                if looped:
                    name = looped[1].lower()
                    own[name] = own.get(name, OURS) | self._of(looped[2], own, taken)
                for name in READ.findall(part):
                    own[name.lower()] = own.get(name.lower(), OURS) | _capped(taken)
        return own

    def _of(self, value: str, own: dict[str, ValueOrigin], taken: ValueOrigin) -> ValueOrigin:
        substituted = SUBSTITUTED.search(value)
        found = self.expression(value)
        plain = value[: substituted.start()] if substituted else value
        for name in variables(plain):
            found |= own.get(name.lower(), OURS) | self.variable(name)
        return found | _capped(taken) if substituted else found


def _with_texts(script: str) -> Iterator[tuple[str, list[str]]]:
    """The lines of a script, each with the lines of the text that it is given up to a word."""
    lines = iter(script.replace("\\\n", " ").splitlines())
    for line in lines:
        ends = HERE.match(line)
        below: list[str] = []
        if ends:
            for inner in lines:
                if inner.strip() == ends[1]:
                    break
                below.append(inner)
        yield line, below


def _writing(script: str, where: re.Pattern[str]) -> Iterator[str]:
    """What a script writes to a file, line by line, groups in `{ }` or `( )` included."""
    group: list[str] = []
    for line, below in _with_texts(script):
        bare = line.strip()
        if bare in {"{", "("}:
            group = []
        elif not where.search(line):
            group += [line, *below]
        elif bare.startswith(("}", ")")):
            yield from group
            group = []
        else:
            yield from below or [line.split(">>")[0]]


def _capped(found: ValueOrigin) -> ValueOrigin:
    """The same, but never sure: what a program makes of it is not seen."""
    return found.at_most(Level.MAYBE)
