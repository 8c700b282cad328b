"""One thing to fix, as the cells of a terminal's table."""

from __future__ import annotations

from collections.abc import Sequence

from hardenme.model.severity import Severity
from hardenme.reports.checklist import Item, Part, Text
from hardenme.reports.columns import wrap
from hardenme.reports.plain import flowing
from hardenme.reports.sheet import BOLD, LABEL, PAINT, Block, Sheet
from hardenme.reports.waived import history

NAMES = 12
"""Subjects that stand in one sentence before the rest is counted."""
CLOSED = 10
"""The same, where one step closes it for all of them."""
CASES = 6
"""Subjects with a line of their own before the rest is counted."""
LONG = 120
"""Characters from which a command is too long to be repeated for every subject."""
NARROW = 60
"""Columns below which the code stands below the severity, and the last line may wrap."""
READABLE = 100
"""Columns of a sentence at most: longer lines are hard to read."""
SEVERITY = max(len(str(severity)) for severity in Severity)
CODE = 6
LABELS: dict[Part, str] = {"step": "Fix", "needs": "Needs", "undo": "Undo"}


def row(sheet: Sheet, item: Item) -> Sequence[Block]:
    """The cells of a row: what it weighs, its code where there is room, and what to do."""
    severity = f"[ ] {sheet.paint(str(item.severity), PAINT[item.severity])}"
    narrow = sheet.width < NARROW
    used = 4 + SEVERITY + 2 + (0 if narrow else CODE + 2)
    columns = max(min(sheet.width - used, READABLE), 8)
    text = [sheet.paint(line, BOLD) for line in wrap(sheet.value(flowing(item.title)), columns)]
    text += _whole(sheet, item, columns) if item.wider is None else _wide(sheet, item, columns)
    if narrow:
        return ([severity, f"    {item.code}"], text)
    return ([severity], [item.code], text)


def _whole(sheet: Sheet, item: Item, columns: int) -> Block:
    """What was found, why it matters and how each is fixed."""
    return [
        *_found(sheet, item, columns, NAMES),
        *_once(sheet, item, columns),
        *sheet.labelled("Why", sheet.value(item.why), columns),
        *_part(sheet, item, "step", columns),
        *_commands(sheet, item, columns),
        *_part(sheet, item, "needs", columns),
        *_part(sheet, item, "undo", columns),
    ]


def _wide(sheet: Sheet, item: Item, columns: int) -> Block:
    """The one step that closes it for all, and then for which subjects."""
    step = item.wider or item.cases[0].fix
    how = f"One step closes {item.count}: {sheet.value(flowing(step.step))}"
    lines = sheet.labelled("Why", sheet.value(item.why), columns)
    lines += sheet.labelled("Fix", how, columns)
    if step.command:
        lines.append(f"  {sheet.value(step.command)}")
    lines += sheet.labelled("Needs", sheet.value(flowing(step.needs)), columns)
    lines += sheet.labelled("Undo", sheet.value(flowing(step.undo)), columns)
    return [*lines, *_found(sheet, item, columns, CLOSED), *_once(sheet, item, columns)]


def _once(sheet: Sheet, item: Item, columns: int) -> Block:
    """Who accepted it until a day that is past."""
    lines: Block = []
    for lapsed in item.lapsed[:CASES]:
        # Where all lapsed together, nobody has to read whose it was.
        whole = lapsed.count == item.count
        whose = "" if whole else f"{sheet.names(lapsed.names, NAMES, lapsed.others)}: "
        lines += sheet.labelled("Once", f"{whose}{sheet.value(flowing(history(lapsed)))}", columns)
    rest = len(item.lapsed) - CASES
    return [*lines, *sheet.labelled("", f"and {rest} more" if rest > 0 else "", columns)]


def _found(sheet: Sheet, item: Item, columns: int, most: int) -> Block:
    """What was found, for which subjects."""
    if item.message is None or item.count == 1:
        return _each(sheet, "Now", item, "message", columns)
    names = sheet.names(item.names, most, item.others)
    return [
        *sheet.labelled("Now", sheet.value(flowing(item.message)), columns),
        *sheet.labelled("Where", names, columns),
    ]


def _part(sheet: Sheet, item: Item, part: Part, columns: int) -> Block:
    """A part of the fix: once where the cases agree but for their names, else for each."""
    label = LABELS[part]
    if not item.alike(part):
        return _each(sheet, label, item, part, columns)
    text = sheet.value(flowing(item.cases[0].text(part)))
    others = "" if item.shared(part) is not None else " (the others alike)"
    return sheet.labelled(label, f"{text}{others}" if text else "", columns)


def _each(sheet: Sheet, label: str, item: Item, what: Text, columns: int) -> Block:
    """A sentence for each subject; where several say the same, once for all of them."""
    said: dict[str, list[str]] = {}
    for case in item.cases:
        said.setdefault(sheet.value(flowing(case.text(what))), []).append(case.name)
    bullet = f"{sheet.bullet} " if len(said) > 1 else ""
    room = max(columns - LABEL, 2)
    lines: Block = []
    for text, names in list(said.items())[:CASES]:
        line = f"{bullet}{sheet.names(names, NAMES)}: {text or 'nothing'}"
        lines += wrap(line, room, hang=len(bullet))
    rest = sum(map(len, list(said.values())[CASES:])) + item.others
    if rest:
        lines += wrap(f"and {rest} more", room)
    return sheet.beside(label, lines)


def _commands(sheet: Sheet, item: Item, columns: int) -> Block:
    """Commands, each on a line of its own and never wrapped, so that they can be copied.

    A line break in one, which only a name can have brought, comes out escaped: what follows it must
    not look like a command of ours. Of long ones that differ by a name alone the first is enough.
    """
    commands = item.commands()
    alike = item.alike("command")
    most = 1 if alike and commands and len(commands[0]) > LONG else CASES
    lines = [f"  {sheet.value(command)}" for command in commands[:most]]
    further = max(len(commands) - most, 0) + item.further_commands()
    if further:
        rest = f"and {further} more{', alike' if alike else ''}"
        lines += [f"  {line}" for line in wrap(rest, max(columns - 2, 2))]
    return lines
