"""What a command does with a text among its arguments or in its input: takes it, or runs it.

Sources: see `programs`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from hardenme.workflows.level import Level
from hardenme.workflows.programs import (
    CODE,
    CONTAINER_DATA,
    DATA,
    DATA_OPTIONS,
    DECLARES,
    EVALUATES,
    GIT_DATA,
    GIT_REMOTE,
    INTERPRETERS,
    LEADING,
    NUMBERS,
    RUNS_INPUT,
    SHELLS,
    VALUE,
    WINDOWS,
)
from hardenme.workflows.scripts import program
from hardenme.workflows.shell import unquoted


@dataclass(slots=True)
class ReachedCommand:
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
        """The indexes of the words that are not options."""
        return [at for at, word in enumerate(self.words) if not word.startswith("-")]

    def after(self, options: re.Pattern[str]) -> list[int]:
        """The places of the words behind these options."""
        last = len(self.words)
        return [n + 1 for n, w in enumerate(self.words) if options.fullmatch(w) and n + 1 < last]

    def any(self, places: Sequence[int]) -> bool:
        """Whether one of these words holds the text."""
        return any(self.held[at] for at in places)

    @property
    def chooses_option(self) -> bool:
        """Whether the text could be an option, or what an option has run.

        It is none behind an option that is known to take data.
        """
        taking = DATA_OPTIONS.get(self.name, frozenset())
        behind = set(self.after_any(taking))
        return any(
            held
            and at not in behind
            and unquoted(word)[:1] in {"$", "`", "-"}
            and unquoted(word).partition("=")[0] not in taking
            for at, (word, held) in enumerate(zip(self.words, self.held, strict=True))
        )

    def after_any(self, options: Collection[str]) -> list[int]:
        """The places of the words behind these options."""
        last = len(self.words)
        return [n + 1 for n, word in enumerate(self.words) if word in options and n + 1 < last]


Judge = Callable[[ReachedCommand], Level]


def judged(one: ReachedCommand) -> Level:
    """How surely a command that is given a text runs it."""
    judge = JUDGES.get(one.name)
    if judge is not None:
        return judge(one)
    if one.name in EVALUATES:
        runs = any(one.held) or (one.fed and one.name in RUNS_INPUT)
        dev = one.fed and one.name in {"source", "."} and "/dev/stdin" in one.words
        return Level.YES if runs or dev else Level.NO
    if one.name in DATA:
        return Level.MAYBE if one.name in LEADING and one.chooses_option else Level.NO
    return Level.MAYBE


def _shell(one: ReachedCommand) -> Level:
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


def _windows(one: ReachedCommand) -> Level:
    return Level.YES if any(one.held) or one.fed else Level.NO


def _interpreter(one: ReachedCommand) -> Level:
    coded = one.after(CODE)
    if one.any(coded) or (any(one.held) and one.name == "osascript"):
        return Level.YES
    if not coded and not one.operands and one.fed:
        return Level.YES
    if not coded and one.operands and one.held[one.operands[0]]:
        return Level.YES
    data = one.words[:2] == ["-m", "json.tool"]
    return Level.NO if data else Level.MAYBE


def _awk(one: ReachedCommand) -> Level:
    skipped = set(one.after(re.compile(r"-[vF]|--assign|--field-separator")))
    files = one.after(re.compile(r"-f|--file"))
    rest = [at for at in one.operands if at not in skipped and at not in files]
    return Level.YES if one.any(files) or (not files and one.any(rest[:1])) else Level.NO


def _sed(one: ReachedCommand) -> Level:
    scripts = one.after(re.compile(r"-\w*[ef]|--expression|--file"))
    joined = [at for at, word in enumerate(one.words) if re.match(r"--(?:expression|file)=", word)]
    if scripts or joined:
        return Level.YES if one.any([*scripts, *joined]) else Level.NO
    return Level.YES if one.any(one.operands[:1]) else Level.NO


def _git(one: ReachedCommand) -> Level:
    if one.any(one.after(re.compile(r"-c|--config-env|--exec|-x|--upload-pack|--receive-pack"))):
        return Level.YES
    verb = next((one.words[at] for at in one.operands if one.words[at] != "."), "")
    if verb in GIT_DATA or (verb in GIT_REMOTE and not one.chooses_option):
        return Level.NO
    setting = next(iter(one.operands[1:]), None)
    named = verb == "config" and setting is not None and not one.held[setting]
    if named and setting is not None and re.match(r"user\.|--", one.words[setting]):
        return Level.NO
    return Level.MAYBE


def _make(one: ReachedCommand) -> Level:
    valued = [at for at, word in enumerate(one.words) if "=" in word]
    return Level.YES if one.any(valued) else Level.MAYBE


def _packages(one: ReachedCommand) -> Level:
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


def _container(one: ReachedCommand) -> Level:
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


def _declares(one: ReachedCommand) -> Level:
    chosen = [h for w, h in zip(one.words, one.held, strict=True) if not VALUE.match(w)]
    computes = any(re.match(r"-\w*[in]", word) for word in one.words) and any(one.held)
    return Level.YES if any(chosen) or computes else Level.NO


def _named(one: ReachedCommand) -> Level:
    """A name of a variable: its index is computed, with the substitutions in it."""
    return Level.YES if any(one.held) else Level.NO


def _printf(one: ReachedCommand) -> Level:
    return Level.YES if one.any(one.after_any({"-v"})) else Level.NO


def _folder(one: ReachedCommand) -> Level:
    """A folder that is chosen: a relative path after this runs what it holds."""
    return Level.MAYBE if any(one.held) else Level.NO


def _test(one: ReachedCommand) -> Level:
    signs = NUMBERS if one.name == "[[" else {"-v"}
    return Level.YES if signs & set(one.words) else Level.NO


def _gh(one: ReachedCommand) -> Level:
    verb = tuple(one.words[at] for at in one.operands[:2])
    if verb[:1] == ("extension",) or verb[:1] == ("alias",):
        return Level.YES
    return Level.MAYBE if verb[:1] in {("workflow",), ("codespace",)} else Level.NO


def _first(one: ReachedCommand) -> Level:
    """A filter of jq or yq, which reads variables and files; all else is data."""
    return Level.MAYBE if one.any(one.operands[:1]) else Level.NO


def by_xargs(one: ReachedCommand) -> Level:
    """What xargs makes of its input: arguments of a program, or of echo if none is named."""
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
    **dict.fromkeys(("read", "mapfile", "readarray", "unset"), _named),
    **dict.fromkeys(("cd", "pushd", "cp", "mv", "ln", "chmod"), _folder),
    "printf": _printf,
    "gh": _gh,
    "git": _git,
}
"""For programs that run some of their arguments, functions that return which."""
