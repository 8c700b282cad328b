"""The words of the screen: its headings, and one line for each step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from hardenme.model.severity import Severity
from hardenme.reports.fixplan.drafts import AGAIN
from hardenme.reports.fixplan.plan import FixPlan, Step
from hardenme.reports.fixplan.step_kind import When
from hardenme.reports.fixplan.titles import in_numbers, unusual
from hardenme.reports.fixplan.words import command_of
from hardenme.reports.plain import counted
from hardenme.reports.publishing import briefly
from hardenme.reports.screen.summary import Resolution

CLOSES = 18
"""Letters of what a step closes, at most."""
CAUSES = 3
"""Lines for what resolves what is not known."""
ANY_ROOM = 200
"""Letters where a line of its own says it."""
INSTALLED = "a project with the package installed"
"""What a command needs that has a result only there."""
PREPARES = "prepares"
"""In place of what a step closes that only comes before another."""
NEEDED = "A step is above those that need it."
"""Why the worst is not always first."""
HEADINGS = {
    When.LOOK: ("LOOK NOW", "Unless you meant one, run its command."),
    When.TODAY: ("DO TODAY", "Nothing here needs preparation."),
    When.NEXT: ("DO NEXT", "Each step needs a review, a test release, or a step above."),
}


def heading(section: When, steps: Sequence[Step]) -> tuple[str, str]:
    """The heading of a section of steps: a word or two, and a sentence."""
    word, text = HEADINGS[section]
    if section is When.LOOK:
        things = unusual(steps)
        number = sum(things.values())
        # The verdict says what they are; a heading has a line.
        what = in_numbers(things if len(things) == 1 else {"thing": number})
        text = f"{what} {'looks' if number == 1 else 'look'} unusual. {text}"
    if section is When.TODAY and _needed_above(steps):
        text = f"{text} {NEEDED}"
    return word, text


def _needed_above(steps: Sequence[Step]) -> bool:
    """Whether a step of a section is above one that weighs more, since that one needs it."""
    return any(
        one.id in then.waits and max(then.counts, default=0) > max(one.counts, default=0)
        for number, one in enumerate(steps)
        for then in steps[number + 1 :]
    )


def how(step: Step) -> str:
    """The one command or page that does a step; empty if that takes more than one."""
    if len(step.actions) > 1 and not step.is_sign:
        return ""
    fix = step.actions[0].fix
    if fix.needs == INSTALLED:
        # In any other folder its command says nothing of the package.
        return ""
    # What moves users off a release comes first; the step has the rest.
    first = next(iter(fix.commands), "")
    if step.section is When.LOOK:
        return first.partition(AGAIN)[0] or fix.page
    return "" if len(fix.commands) > 1 else first or fix.page


def reach(step: Step) -> str:
    """How many downloads a week a release has that looks unusual."""
    weekly = step.reach.weekly
    if not step.is_sign or not weekly:
        return ""
    return f" ({briefly(weekly)}/wk)"


def closes(step: Step, room: int = CLOSES) -> str:
    """What a step closes, in numbers: with what is left, all findings that are its own.

    Paths and what is not known come after the findings where there is room. The step has
    the rest.

    Args:
        room: how many letters there are.
    """
    findings = _findings(step, room)
    parts = [findings] if findings else []
    parts += [counted(len(step.paths), "path")] if step.paths else []
    parts += [f"{step.unknown:,} unknown"] if step.unknown else []
    while len(parts) > 1 and len(", ".join(parts)) > room:
        parts.pop()
    return ", ".join(parts) or PREPARES


def _findings(step: Step, room: int) -> str:
    """How many findings it closes, now and later; with their unit where there is room."""
    if not step.left:
        return counted(step.closes, "finding") if step.closes else ""
    later = f"{step.left:,} later"
    long, short = f"{counted(step.left, 'finding')} later", later
    if step.closes:
        long = f"{counted(step.closes, 'finding')}, {later}"
        short = f"{step.closes:,} now, {later}"
    return long if len(long) <= room else short


def answering(plan: FixPlan) -> str:
    """The command that asks the questions; the demo only shows them."""
    return command_of(plan, "show --full" if plan.demo else "attest")


def does(step: Step, room: int = ANY_ROOM) -> str:
    """The same as a predicate, for where nothing is headed by it."""
    closed = closes(step, room)
    return closed if closed == PREPARES else f"closes {closed}"


def rest(left: Sequence[Step]) -> str:
    """What has no room: findings by severity, steps, and how many of these are LOOK NOW."""
    counts: Counter[Severity] = Counter()
    for step in left:
        counts.update(step.counts)
    levels = ", ".join(f"{counts[one]:,} {one}" for one in sorted(counts, reverse=True))
    total = counts.total()
    told = f"{counted(total, 'finding')} in " if total else ""
    signs = sum(step.section is When.LOOK for step in left)
    unusual_too = f", {signs:,} more to look at now" if signs else ""
    return f"{told}{counted(len(left), 'step')}{unusual_too}" + (f": {levels}" if levels else "")


def bounded(causes: Sequence[Resolution]) -> Iterator[Resolution]:
    """The first causes, and as one more how many results wait for all others.

    A step that closes some is not a thing that they need, so `hardenme show --unknown` lists none.
    """
    shown = causes if len(causes) <= CAUSES else causes[: CAUSES - 1]
    yield from shown
    if left := causes[len(shown) :]:
        things = [one for one in left if one.step is None]
        number, total = sum(one.count for one in things), sum(one.count for one in left)
        needed = counted(len(things), "other thing")
        if number < total:
            steps = counted(len(left) - len(things), "other step")
            needed = f"{needed} ({number:,}) or {steps} ({total - number:,})" if things else steps
        yield Resolution(total, needed)


def resolved(cause: Resolution) -> str:
    """What resolves results that are not known: the predicate to their number."""
    one = cause.count == 1
    if cause.step is not None:
        return f"{'closes' if one else 'close'} with step {cause.step.id}"
    if cause.happened:
        return cause.needed
    return f"{'needs' if one else 'need'} {cause.needed}"
