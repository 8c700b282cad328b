"""One change of a ticket: what is wrong, what is done, how to undo it, and what shows it."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from hardenme.model.finding import Finding
from hardenme.model.report import CheckText
from hardenme.model.verdict import Failed, Fix
from hardenme.reports.calls import plain_calls
from hardenme.reports.fixplan.changes import StepEffect, change_of
from hardenme.reports.fixplan.plan import Action, FixPlan, Step
from hardenme.reports.fixplan.step_kind import GONE, When
from hardenme.reports.fixplan.words import BY_RELEASE, by_words
from hardenme.reports.grouping import name_of
from hardenme.reports.plain import SENTENCE_END, flowing
from hardenme.reports.ticket.candidates import Candidates
from hardenme.reports.ticket.confirming import confirmed_by
from hardenme.reports.ticket.in_run import closed_key, risks_of
from hardenme.reports.ticket.own import own_fix, own_task, seen_by_owner
from hardenme.reports.ticket.problems import CODE, message_of, plain_note, problems_of
from hardenme.reports.ticket.readers import THE_SENDER
from hardenme.reports.ticket.shortened import spelled
from hardenme.reports.ticket.ticket import TicketAction, TicketProblem, TicketTask

RECORDED = re.compile(r", then record it with `hardenme attest [A-Z]{3}\d{3} [^\s`]+`$")
"""What anyone who sent the ticket does once a setting is made."""
THEN_REPORT = ", then say so to the person who sent you this"
OURS = re.compile(r"\bhardenme [a-z]")
"""A command of hardenme's."""
DELETING = re.compile(r"gh api (?:--hostname \S+ )?-X DELETE \S+/keys/")
"""How a command begins that deletes a key."""
FEW = 2
"""What holds of so many checks is written out; of more, what is wrong says it already."""
NONE_LEFT = 'Nothing that is listed under "What is wrong" is true any more.'
NOTHING_ELSE = 'Nothing else that is listed under "What is wrong" is true any more.'
UNTIL_SEEN = "until a later check sees it closed"
ALL_STAYS = 'What is listed under "What is wrong" stays {}.'
STAYS = "{} stay{} {}."
SEND_ON = "Each of these people does this in their own account. Send it on to them."
ANSWERED = "Each of them says that it is done."
NO_HARDENME = "Release {names} another way first, and see that npm accepts it."
STAGED = (
    "A staged version is published only once someone approves it with 2FA: `npm stage approve`."
)
NO_PATH = "Can no longer publish:"
WITH_2FA = "Publishes with 2FA only:"
PERSON = "person "
"""How a path begins that a person has, with the own account."""
FORMERLY = re.compile(r"^trusted publisher ")
"""How a path begins by a publisher, of which another one may have the same names."""
LATER = re.compile(r"\bthen (?:delete|revoke|remove|set|tick|turn)\b|\bonly then\b", re.IGNORECASE)
"""Says in a text that what its command takes away or restricts goes last."""
FIRST = re.compile(
    r"\bunless\b|(?<!at )\bonce (?!a\b)|\bcheck that\b|\bthose that no\b|, first\b"
    r"|^(?:check|see|ask|extend|replace|save|use|look)\b",
    re.IGNORECASE,
)
"""Says in a text that something is decided or prepared before its command is run."""
LAST = frozenset({StepEffect.REMOVES, StepEffect.BINDS})
"""What a command does that comes after all else."""
FORMER = re.compile(r"\b(?:former|previous)\b")
"""Says in a text that someone has to know what was there."""
COMMITTED = "The default branch has the change."
DECIDES = re.compile(
    r"^(?:see|decide) whether\b|\bunless (?:you|its|someone)\b|\boptional\b"
    r"|\bif you (?:do not|no)\b",
    re.IGNORECASE,
)
"""Says in a text that someone may decide to leave what is there as it is."""
KEPT = f"Or you keep what is there, for a reason, and {THE_SENDER} has that reason."


def names_hardenme(step: Step) -> bool:
    """Whether a step is taken by hardenme itself, so that no one can take it without."""
    fixes = [_passed_on(action).fix for action in step.actions]
    return any(OURS.search(text) for fix in fixes for text in (fix.step, fix.command))


def own_change(fix: Fix, findings: list[Finding], checks: Mapping[str, CheckText]) -> TicketTask:
    """One change in a person's own account.

    Its title has the first sentence of what to do, and the key, address or membership it is about.
    """
    task = next((task for one in findings if (task := own_task(one)) is not None), None)
    problems = list(problems_of(findings, checks))
    if task is not None:
        several = len({one.within for one in findings}) > 1
        cases = dict.fromkeys(
            (one.within.name if several else "", message_of(one)) for one in findings
        )
        worst = max(one.severity for one in problems)
        problems = [TicketProblem(task.title, worst, task.why, tuple(cases))]
    page = (fix.page,) if fix.page else ()
    first = SENTENCE_END.split(flowing(fix.step))[0].rstrip(".")
    things = dict.fromkeys(name_of(one) for one in findings if one.subject != one.within)
    about = f"{first}: {', '.join(map(spelled, things))}" if things else first
    kept = (KEPT,) if task is None and DECIDES.search(fix.step) else ()
    shown = confirmed_by(plain_calls(fix.command))
    return TicketTask(
        title=about if task is None else task.change,
        problems=tuple(problems),
        needs=fix.needs,
        before=(),
        risks=(),
        instead=None,
        actions=(
            TicketAction(
                fix.step, tuple(things), page, fix.commands, last=_ends(fix), seen=bool(shown)
            ),
        ),
        undo=(fix.undo,) if fix.undo else (),
        holds=kept if task is None else (task.holds,),
        pages=page if task is None and not shown else (),
        shown_by=shown,
    )


def change_of_step(  # noqa: PLR0913 (a step, its run and its place)
    step: Step,
    plan: FixPlan,
    found: Mapping[object, Finding],
    checks: Mapping[str, CheckText],
    *,
    instead: tuple[str, str] | None = None,
    whom: Candidates | None = None,
) -> TicketTask:
    """One step as a change of a ticket.

    Args:
        plan: the one that it is a step of.
        found: the findings by what names them.
        instead: how the whole organization closes it, and on which page.
        whom: the accounts that its actions can name; None if no run shows any.
    """
    addressed = [_addressed(_passed_on(one), found) for one in step.actions]
    actions, is_own = [action for action, _ in addressed], dict(addressed)
    closed = [
        found[closed_key(one)] for act in actions for one in act.closes if closed_key(one) in found
    ]
    titles = {one.id: one.title for one in plan.steps}
    before = [titles[name] for name in step.waits if name in titles]
    ahead = [BY_RELEASE, STAGED] if step.releases else []
    ahead += [NO_HARDENME.format(names=", ".join(step.held_for))] if step.held_for else []
    # Steps about people belong to the owner alone: what the owner does first, and risks by it, is
    # left out.
    alone = all(is_own.values())
    own = {task: None for one in closed if (task := own_task(one)) is not None}
    holds = [task.holds for task in own] if alone else [*map(plain_note, step.effects.values())]
    if step.left:
        holds = [*_staying(actions, found, step), *([NOTHING_ELSE] if step.closes else [])]
    elif all(DELETING.match(one.fix.command) for one in actions):
        # What the check says of a key that stays is not seen of one that is gone.
        holds = [GONE]
    elif len(dict.fromkeys(holds)) > FEW:
        holds = [NONE_LEFT]
    holds += _ended(step, plan)
    holds += [COMMITTED] if step.commits else []
    holds += [KEPT] if any(DECIDES.search(one.fix.step) for one in actions) else []
    needs = _usual(one.fix.needs for one in actions)
    # What a command shows needs no page; the rest is seen on its page alone.
    unseen = [one for one in actions if not confirmed_by(one.calls)]
    pages = dict.fromkeys(one.fix.page for one in unseen if one.fix.page)
    return TicketTask(
        title=step.title,
        problems=tuple(
            problems_of(closed, checks, () if alone else _advised(step, actions, found))
        ),
        needs=needs,
        before=() if alone else tuple(before),
        # What another check then says means nothing to a reader without hardenme.
        risks=() if alone else (*ahead, *risks_of(step)),
        instead=instead,
        actions=tuple(
            _action(one, step.title, found, own=is_own[one], needs=needs, whom=whom)
            for group in by_words(actions, ordered=step.ordered)
            for one in group
        ),
        undo=tuple(dict.fromkeys(filter(None, (_undo(one, found) for one in actions)))),
        holds=tuple(dict.fromkeys(filter(None, holds))) or (NONE_LEFT if step.effects else GONE,),
        # What a person changes in the own account names its page.
        pages=() if step.commits or alone else tuple(pages),
        shown_by=confirmed_by(call for one in actions for call in one.calls),
    )


def _advised(
    step: Step, actions: Iterable[Action], found: Mapping[object, Finding]
) -> Collection[str]:
    """The checks whose own fix is done; advice on another one would be about something else."""
    if step.section is When.LOOK:
        # What looks like an attack is looked at in every way.
        return step.codes
    codes = set[str]()
    for action in actions:
        for one in action.closes:
            outcome = found[closed_key(one)].outcome if closed_key(one) in found else None
            if isinstance(outcome, Failed):
                own = (outcome.fix, outcome.fix.wider)
                if any(fix is not None and _does(action.fix, fix) for fix in own):
                    codes.add(one.code)
    return frozenset(codes)


def _does(done: Fix, wanted: Fix) -> bool:
    """Whether a fix does what another one asks for: by its commands, or by its sentences."""
    if wanted.commands and {*wanted.commands} <= {*done.commands}:
        return True
    said = done.step.lower()
    return any(
        one.strip(" .") in said for one in wanted.step.lower().split(". ") if one.strip(" .")
    )


def sent_on(task: TicketTask, step: Step, found: Mapping[object, Finding]) -> TicketTask:
    """A change in a place, which its reader passes on where it is in the accounts of others.

    Args:
        step: which the change is made from.
        found: the findings by what names them.
    """
    if not all(one.own for one in task.actions):
        return task
    closes = (closed_key(one) for action in step.actions for one in action.closes)
    shown = dict.fromkeys(seen_by_owner(found[one]) for one in closes if one in found)
    # What the page of each of them shows, its reader does not see.
    return replace(
        task, needs="", risks=(SEND_ON,), holds=(ANSWERED,), shown_by=tuple(filter(None, shown))
    )


def _staying(
    actions: Iterable[Action], found: Mapping[object, Finding], step: Step
) -> Iterator[str]:
    """What is still wrong once the step is taken, and until when."""
    left: dict[str, dict[str, None]] = {}
    for closed in (one for action in actions for one in action.closes if one.until):
        until = UNTIL_SEEN if CODE.search(closed.until) else closed.until
        if closed_key(closed) in found:
            left.setdefault(until, {})[f'"{found[closed_key(closed)].title}"'] = None
    if len(left) == 1 and not step.closes:
        yield ALL_STAYS.format(*left)
        return
    for until, titles in left.items():
        yield STAYS.format(", ".join(titles), "s" if len(titles) == 1 else "", until)


def _passed_on(action: Action) -> Action:
    """An action by someone who does not have hardenme."""
    return replace(action, fix=replace(action.fix, step=RECORDED.sub(THEN_REPORT, action.fix.step)))


def _addressed(action: Action, found: Mapping[object, Finding]) -> tuple[Action, bool]:
    """An action, and whether it is in the words of the person whose account it is about."""
    fixes = [own_fix(found[closed_key(one)]) for one in action.closes if closed_key(one) in found]
    # The first closes the worst of them.
    fix = next(iter(fixes), None)
    if fix is None or None in fixes or any(one.subject.provider == "npm" for one in action.closes):
        # On npm an owner asks, and removes: no page there is the member's own.
        return action, False
    names = dict.fromkeys(one.subject.name.rpartition("/")[2] for one in action.closes)
    return replace(action, fix=fix, calls=(), names=tuple(names)), True


def _action(  # noqa: PLR0913 (an action, its run and its reader)
    action: Action,
    title: str,
    found: Mapping[object, Finding],
    *,
    own: bool,
    needs: str,
    whom: Candidates | None,
) -> TicketAction:
    """What is done.

    Args:
        needs: what it takes to do most of the change.
        whom: the accounts that it can name.
    """
    fix = action.fix
    said = fix.step if own else f"{fix.step} {title}"
    return TicketAction(
        fix.step,
        tuple(name for name in action.names if name not in said),
        (fix.page,) if fix.page else (),
        fix.commands,
        own=own,
        needs=fix.needs if fix.needs != needs else "",
        last=_ends(fix),
        seen=bool(confirmed_by(action.calls)),
        who="" if whom is None else whom.of(action),
        undo=tuple(filter(None, (_undo(action, found),))),
    )


def _usual(needs: Iterable[str]) -> str:
    """What it takes to do most of a change."""
    ((text, _),) = Counter(needs).most_common(1)
    return text


def _ends(fix: Fix) -> bool:
    """Whether the command takes away or restricts what the text prepares first."""
    calls = plain_calls(fix.command)
    changes = {change_of(call) for call in calls}
    # A command that is not understood may change something, too.
    alters = bool(changes - {None}) if calls else bool(fix.command)
    prepared = alters and FIRST.search(fix.step) is not None
    return prepared or (bool(changes & LAST) and LATER.search(fix.step) is not None)


def _undo(action: Action, found: Mapping[object, Finding]) -> str:
    """How to undo it, with what its command replaces, as far as the findings show that."""
    undo = action.fix.undo
    if not FORMER.search(undo):
        return undo
    outcomes = (found[closed_key(one)].outcome for one in action.closes if closed_key(one) in found)
    former = {
        name: value
        for outcome in outcomes
        if isinstance(outcome, Failed)
        for name, value in outcome.seen.items()
        if isinstance(value, str | bool | int) and name in action.fix.command
    }
    values = ", ".join(f"`{name}` was {json.dumps(value)}" for name, value in former.items())
    return f"{undo.rstrip('.')}: {values}" if values else undo


def _ended(step: Step, plan: FixPlan) -> Iterator[str]:
    """Which ways to publish are closed by a step, and by none after it."""
    later = {path for one in plan.steps if step.id in one.waits for path in one.paths}
    closed = [path for path in step.paths if path not in later]
    people = [path.removeprefix(PERSON) for path in closed if path.startswith(PERSON)]
    others = [FORMERLY.sub(r"former \g<0>", one) for one in closed if not one.startswith(PERSON)]
    if people:
        yield _of_each(WITH_2FA, people)
    if others:
        yield _of_each(NO_PATH, others)


def _of_each(lead: str, paths: Iterable[str]) -> str:
    """The ways to publish, a line each: of one way the packages together."""
    packages: dict[str, list[str]] = {}
    for path in paths:
        way, _, package = path.rpartition(" to ")
        packages.setdefault(way, []).append(package)
    if sum(map(len, packages.values())) == 1:
        return f"{lead} {' to '.join([*packages, *next(iter(packages.values()))])}."
    return "\n".join((lead, *(f"{way}: {', '.join(names)}" for way, names in packages.items())))
