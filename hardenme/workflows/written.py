"""What a script sets: outputs of its step, and variables for the steps after it.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain
from operator import attrgetter

from hardenme.workflows.asking import fetches_theirs, prints_others
from hardenme.workflows.expressions import OPEN
from hardenme.workflows.interpreters import interpreted
from hardenme.workflows.level import Level
from hardenme.workflows.origins import OURS, UNFOLLOWED, ValueOrigin
from hardenme.workflows.programs import DATA
from hardenme.workflows.scripts import (
    ACTORS,
    DEFAULT_HEAD,
    commands,
    program,
    readings,
    variables,
)
from hardenme.workflows.shell import filled_in

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
ASKING = re.compile(
    r"GITHUB_EVENT_PATH|event\.json|\b(?:gh|git|hub)\s|api|GITHUB_\w+_URL|github\.com"
)
"""What may print text of others in a script itself."""
ASKS = frozenset({"gh", "hub", "curl", "wget", "http"})
"""Programs that ask others."""
HISTORY = frozenset({"log", "show", "ls-remote", "fetch", "branch", "for-each-ref", "tag"})
"""What git is asked that holds others' words: messages, names of branches and people."""
ASKED = ValueOrigin(asked=Level.MAYBE)
KNOWN_PROGRAMS = frozenset({*DATA, "git", "python", "python3"}) - {"curl", "wget", "http", "read"}
"""Programs that ask GitHub for nothing but what is seen."""
WRITTEN_TO = re.compile(r"(?:>>?|\btee(?:\s+-a)?)\s*[\"']?([\w./-]+)")
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
        holding: the names of files of which it is known that they hold text of outsiders.
    """

    text: str
    expression: Callable[[str], ValueOrigin]
    variable: Callable[[str], ValueOrigin]
    given: frozenset[str] = frozenset()
    files: ValueOrigin = OURS
    holding: frozenset[str] = frozenset()

    def written(self, where: re.Pattern[str]) -> Written:
        """What it writes to a file of GitHub's, such as the outputs."""
        if not where.search(self.text):
            return Written()
        taken = self._taken()
        own = self._assigned(taken)
        names: dict[str, ValueOrigin] = {}
        # What is written in another way, by a program, is not followed.
        rest = replace(_capped(taken), asked=Level.NO)
        for line in _writing(self.text, where):
            pairs = PAIR.findall(line)
            for name, value in pairs:
                found = self._of(value, own, taken)
                names[name.lower()] = names.get(name.lower(), OURS) | found
            if not pairs:
                rest |= self._of(line, own, taken)
        return Written(names, rest)

    def interpreted(
        self, holding: dict[str, Level] | None = None, *, anyhow: bool = False
    ) -> Level:
        """How surely text of outsiders is run: by an interpreter, or as a program.

        Args:
            holding: the files that hold such text, by name; what the script writes is added.
            anyhow: only what a command asks for counts, whatever the event.
        """
        of: Callable[[ValueOrigin], Level] = attrgetter("asked" if anyhow else "text")
        named = frozenset(name for name in holding or () if name in self.text)
        reading = replace(self, files=self.files | UNFOLLOWED | ASKED, holding=named)
        own = (reading if named else self).local()

        def found(name: str) -> ValueOrigin:
            found = own.get(name.lower(), OURS)
            if name.lower() in self.given or name == DEFAULT_HEAD:
                found |= self.variable(name)
            return found

        def level(name: str) -> Level:
            return of(found(name))

        def address(word: str) -> Level:
            names = filled_in(word)
            by_actor = Level.YES if ACTORS & names else Level.NO
            inline = self.expression(word).address if OPEN in word else Level.NO
            return max([by_actor, inline, *(found(name).address for name in names)])

        given = max((of(self.variable(name)) for name in self.given), default=Level.NO)
        reached = given or holding or ASKING.search(self.text) or address(self.text)
        if not (reached or any(map(level, set(WORD.findall(self.text))))):
            return Level.NO
        return interpreted(self.text, level, None if anyhow else address, given, holding)

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
        if prints_others(self.text):
            found |= ASKED
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
        for line in chain.from_iterable(readings(self.text)):
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
        if not substituted:
            return found
        made = _capped(taken)
        inner = (own.get(name.lower(), OURS) | self.variable(name) for name in variables(value))
        addresses = max([found.address, *(item.address for item in inner)])
        if fetches_theirs(value, lambda _text: addresses):
            made |= UNFOLLOWED
        if taken.asked and not self._may_ask(value):
            made = replace(made, asked=found.asked)
        return found | made

    def _may_ask(self, value: str) -> bool:
        """Whether what a script asks others for may be in a value."""
        whole = value.count("(") <= value.count(")") and value.count("`") % 2 == 0
        named = {program(words[0]) for words in commands(value.replace("=", " = ", 1))}
        lines = (line for line in self.text.splitlines() if prints_others(line))
        asked = {*self.holding, *(name for line in lines for name in WRITTEN_TO.findall(line))}
        by_file = any(name in value for name in asked)
        return not whole or by_file or prints_others(value) or not named <= KNOWN_PROGRAMS


def _with_texts(lines: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    """The lines of a script, each with the lines of the text that it is given up to a word."""
    lines = iter(lines)
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
    for lines in readings(script):
        yield from _written(lines, where)


def _written(lines: Iterable[str], where: re.Pattern[str]) -> Iterator[str]:
    group: list[str] = []
    for line, below in _with_texts(lines):
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
