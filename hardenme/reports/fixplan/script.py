"""The fix plan as a POSIX shell script: to be read, and then run by a person.

Everything except its own functions is a comment or in quotes. hardenme runs none of it.
"""

from __future__ import annotations

import re
import shlex
import string
from collections.abc import Container, Iterable, Iterator, Sequence

from hardenme.reports.calls import ProgramCall, placeholders
from hardenme.reports.columns import paragraph
from hardenme.reports.fixplan import shell
from hardenme.reports.fixplan.changes import StepEffect
from hardenme.reports.fixplan.plan import Action, FixPlan, Step
from hardenme.reports.fixplan.words import BY_RELEASE, closing, headline, held, notes, unknown
from hardenme.reports.plain import flowing, plain, plain_name, timestamp
from hardenme.reports.style import Style

WIDTH = 98
CODES = 3
"""Checks whose benefits a comment lists before the rest is counted."""
LOOPED = 3
"""The number of similar commands from which on they become one loop over names."""
LONGEST = 100_000
WHOLE = re.compile(r"[A-Za-z0-9_/.:=@%+,-]*")
"""Characters that are safe next to a variable between double quotes."""
NAMING = frozenset(f"{string.ascii_letters}{string.digits}_.-")
"""Characters of a name: next to one of these it would be part of another name."""
VARIABLE = '"$name"'
ASKED = frozenset({"ok=yes", "ok=no"})


def render(plan: FixPlan, style: Style) -> str:  # noqa: ARG001  (every form takes a style)
    """The script, in ASCII."""
    lines = list(_steps(plan))
    acting = [line for line in lines if not line.lstrip().startswith("#")]
    words = {word.rstrip(";") for line in acting for word in line.split()[:2]}
    acts = any(acting)
    head = [shell.HEAD.rstrip("\n"), *_head(plan)]
    if acts:
        head += shell.HOW.format(name="fix.sh").splitlines()
    body = _functions(words) if acts else shell.EMPTY
    end = _end(plan) if acts else ""
    return "\n".join([*head, body, *lines, *_left_open(plan)]) + "\n" + end


def _end(plan: FixPlan) -> str:
    """What the script says last; a step that it says nothing of would be taken for done."""
    rested = {name for step in plan.steps for name in step.waits}
    silent = [step.id for step in plan.steps if not _speaks(step, rested)]
    told = shell.SILENT.format(names=", ".join(silent)) if silent else ""
    return told + shell.END


def _speaks(step: Step, rested: Container[str]) -> bool:
    """Whether the script says anything of a step when it runs."""
    return step.id in rested or bool(step.runnable)


def _steps(plan: FixPlan) -> Iterator[str]:
    """All steps; of those that someone else takes, whether they are done that others rest on."""
    rested = {name for step in plan.steps for name in step.waits}
    told = set[str]()
    here = {step.id for step in plan.steps}
    for step in plan.steps:
        for number, name in zip(step.after, step.waits, strict=True):
            if name in here | told:
                continue
            told.add(name)
            yield ""
            yield f"# == {_name_in(plan, number, name)} =="
            yield "# It is not in here: it takes another right, or is about other places."
            yield f"if step {number} {name} '' ''; then"
            yield f"  by_hand 'Step {name}, which is not in here, is done.'"
            yield "fi"
        yield from _step(plan, step, rested_on=step.id in rested)


def _name_in(plan: FixPlan, number: int, name: str) -> str:
    """What a step is headed by: its number and id, or its id alone where not all steps are."""
    return f"{number} [{name}]" if plan.numbered else name


def _functions(words: set[str]) -> str:
    """The functions that are called; one that is not called would only be something to read."""
    parts = {
        "run": shell.RUN,
        "run_with": shell.RUN_WITH,
        "read_from": shell.READ_FROM,
        "if_ok": shell.IF_OK,
        "by_hand": shell.BY_HAND,
        "released": shell.RELEASED,
    }
    text = shell.START + "".join(text for word, text in parts.items() if word in words)
    if words & {"if_ok", "read_from"}:
        return text
    # No one asks how the command before went.
    return "".join(line for line in text.splitlines(keepends=True) if line.strip() not in ASKED)


def _text(text: str) -> str:
    return plain(flowing(text), longest=LONGEST, ascii_only=True)


def _comment(text: str, label: str = "") -> Iterator[str]:
    """A comment, wrapped; no name in it can end one, or be taken for a directive."""
    head = f"{label}: " if label else ""
    for number, line in enumerate(paragraph(head + _text(text), WIDTH - 4)):
        safe = f"- {line}" if line.startswith("shellcheck") else line
        yield f"# {safe}" if not number else f"#   {safe}"


def _all(names: Sequence[str]) -> str:
    return ", ".join(plain_name(flowing(name), ascii_only=True) for name in names)


def _head(plan: FixPlan) -> Iterator[str]:
    yield from _comment(
        f"The fix plan of the report of {timestamp(plan.started)}, for {_all(plan.targets)} at"
        f" {_all(plan.hosts) or 'no host'}. Written by hardenme {plan.version}, which runs none"
        " of it."
    )
    yield "#"
    yield from _comment(
        "Read it to its end before you run anything: its commands come from the report, and names"
        " in them from GitHub, from npm and from a machine. A report that someone else made may"
        " name what is theirs. Take out what you do not want."
    )
    for note in notes(plan):
        yield "#"
        yield from _comment(note)
    yield "#"
    yield from _comment(f"{headline(plan).rstrip('.')}.")


def _step(plan: FixPlan, step: Step, *, rested_on: bool) -> Iterator[str]:
    acting = step.runnable
    yield ""
    yield f"# == {_name_in(plan, step.number, step.id)} =="
    yield from _comments(step)
    yield from _by_hand([one for one in step.actions if not one.calls])
    asks = rested_on and (step.releases or not acting)
    if not acting and not asks:
        return
    removes = f" removes {shlex.quote(_text(step.title))}" if _removes(step) and acting else ""
    codes, after = shlex.quote(" ".join(step.codes)), shlex.quote(" ".join(step.waits))
    yield f"if step {step.number} {step.id} {codes} {after}{removes}; then"
    if step.held_for and acting:
        yield f"  if released {shlex.quote(_text(held(step)))}; then"
        yield from (f"  {line}" for line in _actions(step, acting))
        yield "  fi"
    else:
        yield from _actions(step, acting)
    if asks:
        question = BY_RELEASE if step.releases and acting else _text(step.title)
        yield f"  by_hand {shlex.quote(question)}"
    yield "fi"


def _removes(step: Step) -> bool:
    return step.change is StepEffect.REMOVES


def _comments(step: Step) -> Iterator[str]:
    """All that a reader has to know of a step."""
    yield from _comment(step.title)
    yield from _comment(closing(step), "Closes")
    if step.codes:
        yield from _comment(" ".join(step.codes), "Checks")
    yield from _comment(_all(step.names), "For")
    effects = list(step.effects.values())[:CODES]
    if not effects and step.paths:
        effects = [f"these can no longer publish: {_all(step.paths)}"]
    if effects:
        yield from _comment(" ".join(effects), "Effect")
    if step.risks:
        yield from _comment(" ".join(step.risks[: CODES + 1]), "Risk")
    rest = (("Needs", step.needs), ("Undo", step.undo))
    for label, text in rest:
        if text:
            yield from _comment(text, label)
    if step.after:
        yield from _comment(", ".join(step.waits), "After the steps")
    for command in step.verify:
        yield f"# Verify: {plain(command, longest=LONGEST, ascii_only=True)}"


def _by_hand(left: Sequence[Action]) -> Iterator[str]:
    """What no command does: the pages, and commands that someone has to look at first."""
    if not left:
        return
    yield from _comment("By hand:")
    for text in dict.fromkeys(one.fix.step for one in left):
        yield from _comment(text)
    yield from _pages(dict.fromkeys(one.fix.page for one in left if one.fix.page))
    for command in dict.fromkeys(line for one in left for line in one.fix.commands):
        gaps = placeholders(command)
        why = f"fill in {', '.join(gaps)}" if gaps else "look at it first"
        yield f"#   {plain(command, longest=LONGEST, ascii_only=True)}  ({why})"


def _pages(pages: Iterable[str]) -> Iterator[str]:
    return (f"#   {plain(page, longest=LONGEST, ascii_only=True)}" for page in pages)


def _actions(step: Step, actions: Sequence[Action]) -> Iterator[str]:
    """The commands of each subject: alike ones once, with the names in a list."""
    groups: dict[object, list[Action]] = {}
    for one in actions:
        shape = None if _removes(step) else _shape(one)
        groups.setdefault(id(one) if shape is None else shape, []).append(one)
    for alike in groups.values():
        if len(alike) >= LOOPED:
            yield "  for name in \\"
            names = [shlex.quote(_name(one)) for one in alike]
            yield from (f"    {name} \\" for name in names[:-1])
            yield f"    {names[-1]}"
            yield "  do"
            yield from (f"  {line}" for line in _calls(alike[0].calls, _name(alike[0])))
            yield "  done"
            continue
        for one in alike:
            if len(actions) > 1:
                yield from (f"  {line}" for line in _comment(_all(one.names)))
            yield from _calls(one.calls)


def _name(one: Action) -> str:
    """The one name that a one's commands differ by from those of others; empty for none."""
    name = one.names[0] if len(one.names) == 1 else ""
    words = (word for call in one.calls for word in call.words)
    return name if name and any(len(_around(word, name)) > 1 for word in words) else ""


def _shape(one: Action) -> tuple[str, ...] | None:
    """The lines of a one with a variable in place of its name; None if it has none."""
    name = _name(one)
    return tuple(_calls(one.calls, name)) if name else None


def _calls(calls: Sequence[ProgramCall], name: str = "") -> Iterator[str]:
    """One line a call; what comes second is run only where the first went well."""
    for number, call in enumerate(calls):
        lead = "  if_ok " if number else "  "
        words = _words(call.words, name)
        if call.reads:
            yield f"{lead}read_from {_words(call.reads, name)}"
            yield f"{lead}write_back {words}"
        elif call.body:
            yield f"{lead}run_with {_word(call.body, name)} \\"
            yield f"    {words}"
        else:
            yield f"{lead}run {words}"


def _words(words: Sequence[str], name: str) -> str:
    return " ".join(_word(word, name) for word in words)


def _word(word: str, name: str) -> str:
    """A word in quotes, with the variable in place of the name where the whole name is in it."""
    if not name:
        return shlex.quote(word)
    parts = _around(word, name)
    if len(parts) == 1:
        return shlex.quote(word)
    if all(map(WHOLE.fullmatch, parts)):
        return f'"{"$name".join(parts)}"'
    return VARIABLE.join(shlex.quote(part) if part else "" for part in parts)


def _around(word: str, name: str) -> list[str]:
    """The text before, between and after the whole occurrences of a name in a word."""
    parts, start, at = list[str](), 0, word.find(name)
    while at >= 0:
        end = at + len(name)
        before, behind = word[at - 1 : at] if at else "", word[end : end + 1]
        if before in NAMING or behind in NAMING:
            at = word.find(name, at + 1)
            continue
        parts.append(word[start:at])
        start, at = end, word.find(name, end)
    return [*parts, word[start:]]


def _left_open(plan: FixPlan) -> Iterator[str]:
    """What remains open after all steps are taken."""
    if not (plan.causes or plan.questions or plan.waived):
        return
    yield ""
    yield "# == What remains afterwards =="
    for cause in plan.causes:
        yield from _comment(unknown(cause))
    for question in plan.questions:
        yield from _comment(f"{question.text} {question.page}", question.code)
        if question.command:
            yield f"#   {plain(question.command, longest=LONGEST, ascii_only=True)}"
    if plan.waived:
        yield from _comment(f"{plan.waived} waived: accepted, and not in here")
