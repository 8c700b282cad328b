"""The tabletop exercise: a timed attack, whose commands are compared with the user's accounts."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence

from hardenme.cli.drill.own import Own
from hardenme.cli.drill.scenarios import Inject, tabletop
from hardenme.cli.terminal.interview import Interview
from hardenme.cli.terminal.texts import shown
from hardenme.reports.plain import counted

CREDENTIALS = ("npm token", "GitHub token", "SSH key", "deploy key", "secret")
"""What has to be rotated, by its kind in the inventory."""
PACKAGE = "package"
SHOWN = 3
"""Commands of the fix plan that are shown next to an answer."""


def rehearse(ask: Interview, own: Own, now: Callable[[], float] = time.monotonic) -> str:
    """Play it; returns the result in words.

    Raises:
        EndedError: the person ended it.
    """
    table = tabletop()
    ask.tell("", f"{table.title}. From a real case: {table.case}.", f"Source: {table.source}")
    ask.tell("Answer with the command or page that you would use. Nothing is run. quit stops it.")
    ask.tell(*own.missing)
    good, late, marks = 0, 0, list[str]()
    for inject in table.injects:
        ask.tell("", f"Minute {inject.minute}", filled(inject.text, own))
        begun = now()
        right = _choice(ask, inject) if inject.choices else _command(ask, inject, own)
        took = now() - begun
        if took > inject.seconds:
            late += 1
            ask.tell(f"You took {took:.0f} seconds; {inject.seconds} is the aim.")
        good += right
        if right and inject.key:
            marks.append(f"{inject.key} after {took:.0f} s")
    counts = [(kind, len(own.known(kind))) for kind in CREDENTIALS]
    held = ", ".join(counted(number, kind) for kind, number in counts if number)
    ask.tell("", f"The last run saw {held} to rotate." if held else "No run shows what to rotate.")
    told = f"{good} of {len(table.injects)} right, {late} late"
    told = "; ".join([told, *marks])
    ask.tell(f"{told}.")
    return told


def filled(text: str, own: Own) -> str:
    """A text with the names of the last run."""
    for name, value in own.names.items():
        text = text.replace(f"{{{name}}}", shown(value))
    return text


def _choice(ask: Interview, inject: Inject) -> bool:
    picked = inject.choices[ask.choose(inject.ask, [one.text for one in inject.choices])]
    ask.tell(f"{'Right.' if picked.good else 'Not this.'} {picked.why}")
    if not picked.good:
        ask.tell(f"Better: {next(one.text for one in inject.choices if one.good)}")
    return picked.good


def _command(ask: Interview, inject: Inject, own: Own) -> bool:
    ask.tell(inject.ask)
    typed = ask.until(">", _typed)
    right, why = judged(typed, inject, own)
    expected = filled(inject.expected, own)
    ask.tell("", f"{'Right.' if right else 'Not this.'} {why}")
    if typed != expected:
        ask.tell(f"{'Best' if right else 'Expected'}: {expected}")
    ask.tell(inject.why)
    alike = planned(expected, own.commands)
    if alike:
        ask.tell("Your fix plan has:")
        for command in alike:
            ask.tell(shown(command, longest=300), indent="  ")
    return right


def _typed(text: str) -> str:
    if not text:
        raise ValueError("Type a command or an address; ? if you do not know.")
    return text


def judged(typed: str, inject: Inject, own: Own) -> tuple[bool, str]:
    """Whether an answer is a good one, and the comment on it.

    A command that names something that the last run did not see is not wrong in its words, but
    would do nothing.
    """
    words = " ".join(typed.split())
    page = filled(inject.page, own)
    if page and words.startswith(page):
        return True, "The page does it."
    if not inject.command or not re.fullmatch(inject.command, words):
        return False, "That does not do it."
    if not inject.names:
        return True, ""
    known = own.known(inject.names)
    if not known:
        return True, "No run shows the names, so they were not compared."
    if inject.names == PACKAGE:
        # A command for another package of one's own leaves this one as it is.
        known = (own.names[PACKAGE],)
    if any(_names(words, name) for name in known):
        return True, f"It names the {inject.names} as your last run has it."
    if len(known) == 1:
        return False, f"The command is right, but it does not name {shown(known[0])}."
    return False, f"The command is right, but it names no {inject.names} of your last run."


def _names(words: str, name: str) -> bool:
    """Whether a command names a thing: as a word, or before its version."""
    parts = [part.strip("\"'") for part in words.split(" ")]
    return any(part == name or part.startswith(f"{name}@") for part in parts)


def planned(expected: str, commands: Sequence[str]) -> list[str]:
    """The commands of a fix plan that do what is expected, to other things."""
    words = expected.split()
    begin = " ".join(words[:3])
    same = [one for one in commands if one == begin or one.startswith(f"{begin} ")]
    return same[:SHOWN] if words[0] == "npm" else []
