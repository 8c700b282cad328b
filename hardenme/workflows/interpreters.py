"""Whether a shell script passes a text to something that runs it: a shell, an interpreter, `make`.

Only a command that is listed as taking text as data is known not to run it. One that is known to
run it is certain, and of all others it is not known.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from hardenme.workflows.asking import (
    OF_EVENT,
    PRINTS_WORDS,
    SOMEWHERE,
    fetches_theirs,
    prints_others,
    saved,
)
from hardenme.workflows.level import Level
from hardenme.workflows.programs import (
    INTERPRETERS,
    OPTIONS_OF,
    RUN_BY_VARIABLE,
    SHELLS,
    VALUE,
    WRAPPERS,
)
from hardenme.workflows.reached_commands import ReachedCommand, by_xargs, judged
from hardenme.workflows.running import A_FILE
from hardenme.workflows.script_languages import can_run_text, language_of
from hardenme.workflows.scripts import program
from hardenme.workflows.shell import (
    INDIRECT,
    ShellCommand,
    filled_in,
    shell_script,
    unquoted,
)

SOURCES = frozenset({"source", "."})
GROUP_ENDS = frozenset({"}", "done", "fi", "esac"})
WORD = re.compile(r"[A-Za-z_]\w*")
POSITIONAL = re.compile(r"\$\{?[@*0-9]")
SUBSTITUTED = re.compile(r"\$\(|`|<\(")
FILE_NAME = re.compile(r"[\w./$-]+")
LISTS = {
    **dict.fromkeys(("env", "printenv"), frozenset({"-0"})),
    **dict.fromkeys(("envsubst", "set"), frozenset[str]()),
    **dict.fromkeys(("export", "declare", "typeset"), frozenset({"-p"})),
}
"""Commands that print variables with their values, each with the only arguments of that form."""
INDEX = re.compile(r"\$\{\w+\[([^]]*)\]")
"""The index of an array, which bash computes."""
DATA_FILE = re.compile(
    r"/dev/(?:null|stdout|stderr|fd/\d+)|.*\bGITHUB_(?:OUTPUT|STEP_SUMMARY|STATE)\}?"
    r"|(?:[\w./-]*/)?(?!\.|package\.json$|composer\.json$|deno\.json$|tsconfig\.json$)"
    r"(?:[\w-]+|[\w.-]+\.(?:csv|html|json|log|md|rst|tsv|txt|xml))"
)
"""A file that no program runs, by its name: GitHub's own, a text, a table, data without an ending.
"""
RUN_FILES = re.compile(r"(?:.*/)?(?:[A-Z]\w*file|makefile|\w*rc|hosts|profile)|/etc/.*|.*\.git/.*")
"""Names without an ending of files that programs read their commands or settings from."""


def interpreted(
    script: str,
    level: Callable[[str], Level],
    address: Callable[[str], Level] | None,
    given: Level = Level.NO,
    files: dict[str, Level] | None = None,
) -> Level:
    """How surely a script has a text run.

    Args:
        script: of a shell.
        level: of a variable, by its name: how surely its value is such a text.
        address: for a word: how surely it names what outsiders control; None if no outsider starts
            the run, so that the event is not theirs.
        given: how surely one of the variables of its environment holds such a text.
        files: those that hold it, by name; what the script writes is added.
    """
    found = {} if files is None else files
    return _Search(level, address, given, found).through(script, 0)


@dataclass(slots=True)
class _Search:
    """Goes through a script.

    Attributes:
        level: of a variable by its name.
        address: of a word: how surely it names what outsiders hold; None if the event is none of
            theirs.
        given: how surely one of the environment's variables holds the text.
        files: the files that hold it, as their names are written.
        outputs: how surely what each command prints holds the text, by the command's identity.
        positional: how surely the arguments that `set` gave do.
        all: how surely anything so far does.
    """

    level: Callable[[str], Level]
    address: Callable[[str], Level] | None
    given: Level
    files: dict[str, Level]
    outputs: dict[int, Level] = field(default_factory=dict)
    positional: Level = Level.NO
    all: Level = Level.NO

    def through(self, script: str, depth: int) -> Level:
        found = shell_script(script, depth)
        worst = max((self.computed(text) for text in found.arithmetic), default=Level.NO)
        for command in found.commands:
            worst = max(worst, self.command(command, depth))
        return worst

    def held(self, word: str) -> Level:
        """How surely the value of a word holds the text."""
        found = max(map(self.level, filled_in(word)), default=Level.NO)
        if SUBSTITUTED.search(word):
            asked = min(self.asked(word), Level.MAYBE)
            named = (self.files.get(_file(name), Level.NO) for name in FILE_NAME.findall(word))
            found = max([found, asked, *named])
        return max(found, self.positional) if POSITIONAL.search(word) else found

    def asked(self, text: str) -> Level:
        """How surely commands print what outsiders wrote."""
        if prints_others(text) or (self.address and OF_EVENT.search(text)):
            return Level.MAYBE
        return fetches_theirs(text, self.address) if self.address else Level.NO

    def computed(self, text: str) -> Level:
        """The same of what is computed, in which a bare name is a variable."""
        return max(map(self.level, WORD.findall(text)), default=Level.NO)

    def fed(self, command: ShellCommand) -> Level:
        """How surely a command's input holds the text."""
        found = max(map(self.held, (*command.fed, *command.reads)), default=Level.NO)
        found = max([found, *(self.files.get(_file(name), Level.NO) for name in command.reads)])
        source = command.source
        if source is None:
            return found
        group = not source.words or source.words[0] in GROUP_ENDS
        return max(found, self.all if group else self.outputs.get(id(source), Level.NO))

    def command(self, command: ShellCommand, depth: int) -> Level:
        words = list(command.words)
        fed, levels = self.fed(command), [self.held(word) for word in words]
        holds = max([fed, *levels, self.printed(words)])
        self.outputs[id(command)] = holds
        self.all = max(self.all, holds)
        worst = self.expanded(words, levels)
        while words and (VALUE.match(words[0]) or unquoted(words[0]).lower() in WRAPPERS):
            wrapper = words.pop(0)
            while words and words[0].startswith("-"):
                option = words.pop(0)
                if words and option in OPTIONS_OF.get(wrapper, ()):
                    words.pop(0)
            if wrapper == "timeout" and words:
                words.pop(0)
        levels = levels[len(levels) - len(words) :]
        if holds:
            tees = words[1:] if words and program(words[0]) == "tee" else []
            for name in (*command.writes, *tees):
                worst = max(worst, self.written(name, holds))
            for name in saved(words):
                self.keep(name, holds)
        levels = [
            max(h, self.files.get(_file(w), Level.NO)) for w, h in zip(words, levels, strict=True)
        ]
        if words[:1] == ["set"]:
            self.positional = max([self.positional, *levels])
        return max(worst, self.program(words, levels, fed, command, depth))

    def expanded(self, words: list[str], levels: list[Level]) -> Level:
        """How surely the shell itself runs the text as it reads the words."""
        worst = Level.NO
        for word, held in zip(words, levels, strict=True):
            if held and any(map(self.level, filter(None, sum(INDIRECT.findall(word), ())))):
                worst = held
            if held and RUN_BY_VARIABLE.match(word):
                worst = max(worst, held)
            worst = max([worst, *map(self.computed, INDEX.findall(word))])
        return worst

    def printed(self, words: list[str]) -> Level:
        """How surely what a command prints is such a text, whatever it is given."""
        name = program(unquoted(words[0])) if words else ""
        if self.asked(" ".join(words)):
            return Level.MAYBE
        if self.address and name not in PRINTS_WORDS and any(map(self.address, words[1:])):
            return Level.MAYBE
        lists = name in LISTS and LISTS[name].issuperset(words[1:])
        named = words[1:] if name == "printenv" or "-p" in words[1:2] else []
        return max([self.given if lists else Level.NO, *map(self.level, named)])

    def written(self, name: str, holds: Level) -> Level:
        """Keep that a file holds the text; whether something may run it that is not seen here."""
        file = self.keep(name, holds)
        if DATA_FILE.fullmatch(file) and not RUN_FILES.fullmatch(file):
            return Level.NO
        # `GITHUB_ENV` and `GITHUB_PATH` are judged by what is written to them.
        return Level.NO if file.strip("${}") in {"GITHUB_ENV", "GITHUB_PATH"} else Level.MAYBE

    def keep(self, name: str, holds: Level) -> str:
        """Keep that a file holds the text, and give its name."""
        file = _file(name)
        self.files[file] = max(holds, self.files.get(file, Level.NO))
        return file

    def program(
        self, words: list[str], levels: list[Level], fed: Level, command: ShellCommand, depth: int
    ) -> Level:
        if not words:
            return Level.NO
        if levels[0]:
            # The program itself is chosen by the text, or was written with it.
            return levels[0]
        name = program(unquoted(words[0])).removesuffix(".exe")
        one = ReachedCommand(name, words[1:], levels[1:], fed)
        inner = max(self.literal(one, command, depth), self.from_somewhere(words[0], one))
        holds = max([fed, *one.held])
        if name == "xargs" and fed:
            return max(inner, min(holds, by_xargs(one)))
        return max(inner, min(holds, judged(one)) if holds else Level.NO)

    def from_somewhere(self, written: str, one: ReachedCommand) -> Level:
        """How surely a command runs a file that may be one that was fetched."""
        kept = self.files.get(SOMEWHERE, Level.NO)
        runs = one.name in SHELLS | INTERPRETERS | SOURCES and one.operands
        return min(kept, Level.MAYBE) if runs or A_FILE.fullmatch(written) else Level.NO

    def literal(self, one: ReachedCommand, command: ShellCommand, depth: int) -> Level:
        """What a script that is written out for a shell or an interpreter does with variables."""
        texts = [unquoted(one.words[at]) for at in one.after(re.compile(r"-\w*[cerE]|--eval"))]
        texts += command.script
        if one.name in INTERPRETERS:
            return max((self.of_language(one.name, text) for text in texts), default=Level.NO)
        if one.name not in SHELLS or depth > 2:  # noqa: PLR2004 (deeper ones are rare)
            return Level.NO
        return max((self.through(text, depth + 1) for text in texts), default=Level.NO)

    def of_language(self, name: str, text: str) -> Level:
        """How surely a script of another language runs what it looks up in the environment."""
        held = max(map(self.level, set(WORD.findall(text))), default=Level.NO)
        return Level.MAYBE if held and can_run_text(language_of(name), text) else Level.NO


def _file(word: str) -> str:
    """The name of a file, written in one way."""
    return unquoted(word).removeprefix("./")
