"""Whether a shell script hands a text to something that runs it: a shell, an interpreter, `make`.

Only a command that is listed as taking text as data is known not to run it. One that is known to
run it is certain, and of all others it is not known.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from hardenme.collectors.workflows.level import Level
from hardenme.collectors.workflows.programs import (
    CODE,
    CONTAINER_DATA,
    DATA,
    DECLARES,
    EVALUATES,
    GIT_DATA,
    GIT_REMOTE,
    INTERPRETERS,
    LEADING,
    NUMBERS,
    OPTIONS_OF,
    RUN_BY_VARIABLE,
    RUNS_INPUT,
    SHELLS,
    VALUE,
    WINDOWS,
    WRAPPERS,
)
from hardenme.collectors.workflows.scripts import program
from hardenme.collectors.workflows.shell import (
    INDIRECT,
    ShellCommand,
    filled_in,
    shell_script,
    unquoted,
)

GROUP_ENDS = frozenset({"}", "done", "fi", "esac"})

Judge = Callable[["_Words"], Level]


def interpreted(script: str, level: Callable[[str], Level]) -> Level:
    """How surely a script has a text run.

    Args:
        script: of a shell.
        level: of a variable, by its name: how surely its value is such a text.
    """
    return _Search(level).through(script, 0)


@dataclass(slots=True)
class _Words:
    """A command whose words hold the text.

    Attributes:
        name: of the program.
        words: behind it, as they are written.
        held: how surely each of them holds the text.
        fed: how surely its input does.
    """

    name: str
    words: list[str]
    held: list[Level]
    fed: Level

    @property
    def operands(self) -> list[int]:
        """The places of the words that are no options."""
        return [at for at, word in enumerate(self.words) if not word.startswith("-")]

    def after(self, options: re.Pattern[str]) -> list[int]:
        """The places of the words behind these options."""
        last = len(self.words)
        return [n + 1 for n, w in enumerate(self.words) if options.fullmatch(w) and n + 1 < last]

    def any(self, places: Sequence[int]) -> bool:
        """Whether one of these words holds the text."""
        return any(self.held[at] for at in places)

    @property
    def leads(self) -> bool:
        """Whether the text could be an option: a word begins with it."""
        return any(
            h and unquoted(w)[:1] in "$`" for w, h in zip(self.words, self.held, strict=True)
        )


@dataclass(slots=True)
class _Search:
    """Goes through a script.

    Attributes:
        level: of a variable by its name.
        outputs: how surely what each command prints holds the text, by the command's identity.
        files: the files that hold it, as their names are written.
        all: how surely anything so far does.
    """

    level: Callable[[str], Level]
    outputs: dict[int, Level] = field(default_factory=dict)
    files: dict[str, Level] = field(default_factory=dict)
    all: Level = Level.NO

    def through(self, script: str, depth: int) -> Level:
        found = shell_script(script, depth)
        worst = max((self.computed(text) for text in found.arithmetic), default=Level.NO)
        for command in found.commands:
            worst = max(worst, self.command(command, depth))
        return worst

    def held(self, word: str) -> Level:
        """How surely what a word stands for holds the text."""
        return max(map(self.level, filled_in(word)), default=Level.NO)

    def computed(self, text: str) -> Level:
        """The same of what is computed, in which names stand for their values."""
        return max(map(self.level, re.findall(r"[A-Za-z_]\w*", text)), default=Level.NO)

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
        words, worst = list(command.words), Level.NO
        fed, levels = self.fed(command), [self.held(word) for word in words]
        holds = max([fed, *levels])
        self.outputs[id(command)] = holds
        self.all = max(self.all, holds)
        for word, held in zip(words, levels, strict=True):
            if held and any(map(self.level, filter(None, sum(INDIRECT.findall(word), ())))):
                worst = held
            if held and RUN_BY_VARIABLE.match(word):
                worst = max(worst, held)
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
                self.files[_file(name)] = holds
        levels = [
            max(h, self.files.get(_file(w), Level.NO)) for w, h in zip(words, levels, strict=True)
        ]
        return max(worst, self.program(words, levels, fed, command, depth))

    def program(
        self, words: list[str], levels: list[Level], fed: Level, command: ShellCommand, depth: int
    ) -> Level:
        if not words:
            return Level.NO
        if levels[0]:
            # The program itself is chosen by the text, or was written with it.
            return levels[0]
        name = program(unquoted(words[0])).removesuffix(".exe")
        one = _Words(name, words[1:], levels[1:], fed)
        inner = self.literal(one, command, depth)
        holds = max([fed, *one.held])
        if name == "xargs" and fed:
            return max(inner, min(holds, _by_xargs(one)))
        return max(inner, min(holds, _judge(one)) if holds else Level.NO)

    def literal(self, one: _Words, command: ShellCommand, depth: int) -> Level:
        """What a script that is written out for a shell does with the variables."""
        if one.name not in SHELLS or depth > 2:  # noqa: PLR2004 (deeper ones are rare)
            return Level.NO
        texts = [unquoted(one.words[at]) for at in one.after(re.compile(r"-\w*c"))]
        return max(
            (self.through(text, depth + 1) for text in (*texts, *command.script)),
            default=Level.NO,
        )


def _file(word: str) -> str:
    """The name of a file, written in one way."""
    return unquoted(word).removeprefix("./")


def _judge(one: _Words) -> Level:
    """How surely a command that is given a text runs it."""
    judge = JUDGES.get(one.name)
    if judge is not None:
        return judge(one)
    if one.name in EVALUATES:
        runs = any(one.held) or (one.fed and one.name in RUNS_INPUT)
        dev = one.fed and one.name in {"source", "."} and "/dev/stdin" in one.words
        return Level.YES if runs or dev else Level.NO
    if one.name in DATA:
        return Level.MAYBE if one.name in LEADING and one.leads else Level.NO
    return Level.MAYBE


def _shell(one: _Words) -> Level:
    scripts = one.after(re.compile(r"-\w*c"))
    if scripts:
        return Level.YES if one.any(scripts) else Level.NO
    operands = [at for at in one.operands if one.words[at] != "/dev/stdin"]
    if (not operands or "-s" in one.words) and one.fed:
        return Level.YES
    if operands and one.held[operands[0]]:
        return Level.YES
    # It runs a file, and what that does with the text is not seen.
    return Level.MAYBE


def _windows(one: _Words) -> Level:
    return Level.YES if any(one.held) or one.fed else Level.NO


def _interpreter(one: _Words) -> Level:
    coded = one.after(CODE)
    if one.any(coded) or (any(one.held) and one.name == "osascript"):
        return Level.YES
    if not coded and not one.operands and one.fed:
        return Level.YES
    if not coded and one.operands and one.held[one.operands[0]]:
        return Level.YES
    data = one.words[:2] == ["-m", "json.tool"]
    return Level.NO if data else Level.MAYBE


def _awk(one: _Words) -> Level:
    skipped = set(one.after(re.compile(r"-[vF]|--assign|--field-separator")))
    files = one.after(re.compile(r"-f|--file"))
    rest = [at for at in one.operands if at not in skipped and at not in files]
    return Level.YES if one.any(files) or (not files and one.any(rest[:1])) else Level.NO


def _sed(one: _Words) -> Level:
    scripts = one.after(re.compile(r"-\w*[ef]|--expression|--file"))
    joined = [at for at, word in enumerate(one.words) if re.match(r"--(?:expression|file)=", word)]
    if scripts or joined:
        return Level.YES if one.any([*scripts, *joined]) else Level.NO
    return Level.YES if one.any(one.operands[:1]) else Level.NO


def _git(one: _Words) -> Level:
    if one.any(one.after(re.compile(r"-c|--config-env|--exec|-x|--upload-pack|--receive-pack"))):
        return Level.YES
    verb = next((one.words[at] for at in one.operands if one.words[at] != "."), "")
    if verb in GIT_DATA or (verb in GIT_REMOTE and not one.leads):
        return Level.NO
    setting = next(iter(one.operands[1:]), None)
    named = verb == "config" and setting is not None and not one.held[setting]
    if named and setting is not None and re.match(r"user\.|--", one.words[setting]):
        return Level.NO
    return Level.MAYBE


def _make(one: _Words) -> Level:
    valued = [at for at, word in enumerate(one.words) if "=" in word]
    return Level.YES if one.any(valued) else Level.MAYBE


def _packages(one: _Words) -> Level:
    if one.any(one.after(re.compile(r"-c|--call|-p|--package"))):
        return Level.YES
    first = next((one.words[at] for at in one.operands), "")
    takes = one.name in {"npx", "bunx", "pnpx", "uvx"} or first in {
        "exec",
        "x",
        "dlx",
        "install",
        "i",
    }
    place = one.operands[0 if one.name in {"npx", "bunx", "pnpx", "uvx"} else 1 :][:1]
    return Level.YES if takes and one.any(place) else Level.MAYBE


def _container(one: _Words) -> Level:
    shells = [at for at, word in enumerate(one.words) if program(unquoted(word)) in SHELLS]
    inside = range(shells[0] + 1, len(one.words)) if shells else ()
    if one.any(inside) or (shells and one.fed and "-c" not in one.words):
        return Level.YES
    data = set(one.after(CONTAINER_DATA))
    others = [
        at
        for at, word in enumerate(one.words)
        if at not in data and not CONTAINER_DATA.fullmatch(word)
    ]
    return Level.MAYBE if one.any(others) or one.fed else Level.NO


def _declares(one: _Words) -> Level:
    chosen = [h for w, h in zip(one.words, one.held, strict=True) if not VALUE.match(w)]
    return Level.YES if any(chosen) or ("-i" in one.words and any(one.held)) else Level.NO


def _test(one: _Words) -> Level:
    signs = NUMBERS if one.name == "[[" else {"-v"}
    return Level.YES if signs & set(one.words) else Level.NO


def _gh(one: _Words) -> Level:
    verb = tuple(one.words[at] for at in one.operands[:2])
    if verb[:1] == ("extension",) or verb[:1] == ("alias",):
        return Level.YES
    return Level.MAYBE if verb[:1] in {("workflow",), ("codespace",)} else Level.NO


def _first(one: _Words) -> Level:
    """A filter of jq or yq, which reads variables and files; all else is data."""
    return Level.MAYBE if one.any(one.operands[:1]) else Level.NO


def _by_xargs(one: _Words) -> Level:
    """What xargs makes of its input: arguments of a program, echo where none is named."""
    rest = [one.words[at] for at in one.operands]
    if not rest:
        return Level.NO
    name = program(unquoted(rest[0]))
    if name in SHELLS | INTERPRETERS | EVALUATES:
        return Level.YES
    return Level.NO if name in DATA and name not in LEADING else Level.MAYBE


JUDGES: dict[str, Judge] = {
    **dict.fromkeys(SHELLS, _shell),
    **dict.fromkeys(WINDOWS, _windows),
    **dict.fromkeys(INTERPRETERS, _interpreter),
    **dict.fromkeys(("awk", "gawk", "mawk", "nawk"), _awk),
    **dict.fromkeys(("sed", "gsed"), _sed),
    **dict.fromkeys(("make", "gmake", "just", "task"), _make),
    **dict.fromkeys(("npx", "npm", "pnpm", "pnpx", "yarn", "bunx", "uvx"), _packages),
    **dict.fromkeys(("docker", "podman", "kubectl", "nerdctl"), _container),
    **dict.fromkeys(DECLARES, _declares),
    **dict.fromkeys(("test", "[", "[["), _test),
    **dict.fromkeys(("jq", "yq"), _first),
    "gh": _gh,
    "git": _git,
}
"""What says of a program that runs some of its arguments which these are."""
