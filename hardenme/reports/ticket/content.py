"""Tickets from a report: of a step, of a repository, or of a person."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from hardenme.model.finding import Errored, Finding
from hardenme.model.report import CheckText, Report
from hardenme.model.subject import Subject
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Failed, Fix, Manual
from hardenme.reports.calls import plain_calls
from hardenme.reports.closing import NOT_WHOLE
from hardenme.reports.fixplan.build import plan_of
from hardenme.reports.fixplan.changes import StepEffect, change_of
from hardenme.reports.fixplan.kinds import kind_of
from hardenme.reports.fixplan.plan import Action, FixPlan, Step
from hardenme.reports.fixplan.words import BY_RELEASE, OF_DEMO, by_words
from hardenme.reports.grouping import name_of
from hardenme.reports.plain import counted, flowing
from hardenme.reports.ticket.confirming import confirmed_by
from hardenme.reports.ticket.in_run import REFERRED, closed_key, finding_key, known_in_run
from hardenme.reports.ticket.own import own_fix, own_task
from hardenme.reports.ticket.problems import CHECK, CODE, message_of, plain_note, problems_of
from hardenme.reports.ticket.ticket import Ticket, TicketAction, TicketProblem, TicketTask

LENGTH = 6
SITES = {"github": "GitHub", "npm": "npm"}
OURS = re.compile(r"\bhardenme [a-z]")
"""A command of hardenme's."""
DELETING = re.compile(r"gh api (?:--hostname \S+ )?-X DELETE \S+/keys/")
"""How a command begins that deletes a key."""
BRANCH = "rules"
"""The kind of step after which a branch takes pull requests only."""
RECORDED = re.compile(r", then record it with hardenme attest [A-Z]{3}\d{3} \S+$")
"""What anyone who sent the ticket does once a setting is made."""
THEN_REPORT = ", then say so to the person who sent you this"
OWNERS = re.compile(
    r"(?:an )?(?:organization (?:owner|admin)|owner or admin of the (?:npm )?organization"
    r"|enterprise owner)\b"
)
"""Prefixes of needs that an administrator of a repository cannot meet."""
RESTS = "This comes from a check of {places} on {day}. The check changed nothing."
FEW = 2
"""What holds of so many checks is written out; of more, what is wrong says it already."""
NONE_LEFT = 'Nothing that is listed under "What is wrong" is true any more.'
NOTHING_ELSE = 'Nothing else that is listed under "What is wrong" is true any more.'
UNTIL_SEEN = "until a later check sees it closed"
ALL_STAYS = 'What is listed under "What is wrong" stays {}.'
STAYS = "{} stay{} {}."
SEND_ON = "Each of these people does this in their own account. Send it on to them."
NO_HARDENME = "Release {names} another way first, and see that npm accepts it."
STAGED = "A staged version is published only once someone approves it with 2FA: npm stage approve."
NO_PATH = "Can no longer publish: {}."
WITH_2FA = "Publishes with 2FA only: {}."
PERSON = "person "
"""How a path begins that a person has, with the own account."""
FORMERLY = re.compile(r"^trusted publisher ")
"""How a path begins by a publisher, of which another one may have the same names."""
OTHER_RIGHTS = ". Parts that need another right name it: pass them on if you do not have it"
LATER = re.compile(r"\bthen (?:delete|revoke|remove|set)\b|\bonly then\b", re.IGNORECASE)
"""Says in a text that what its command takes away goes last."""
FORMER = re.compile(r"\b(?:former|previous)\b")
"""Says in a text that someone has to know what was there."""
GONE = "What was removed is no longer listed."
ABOUT_YOU = "This is about the account {login} alone."
WIDER = "Once for all repositories of {organization}, by {who}: {step}"
CLOSES = "Once for all repositories of {organization}, by {who}: {title} (reference {id})."


def ticket_id(kind: str, name: str) -> str:
    """The id of a ticket that is not of one step, made like a step's."""
    digest = hashlib.sha256(f"ticket\n{kind}\n{name.lower()}".encode(errors="surrogatepass"))
    return base64.b32encode(digest.digest()).decode().lower()[:LENGTH]


def of_step(report: Report, plan: FixPlan, step: Step) -> Ticket:
    """One step of a run, with everything that it closes.

    Args:
        report: the whole run.
        plan: its plan.
        step: one of that plan.
    """
    wanted = {closed_key(one) for action in step.actions for one in action.closes}
    task = _task(step, plan, _known(report, wanted), report.checks)
    ids = {one.title: one.id for one in plan.steps}
    before = (REFERRED.format(title=one, id=ids[one]) if one in ids else one for one in task.before)
    task = replace(task, before=tuple(before))
    people = dict.fromkeys(name for one in task.actions if one.own for name in one.names)
    others = dict.fromkeys(one.needs for one in task.actions if one.needs)
    who = ", ".join(people) or _reader(step.who or task.needs)
    if others and not people and not step.who:
        who += OTHER_RIGHTS
    return Ticket(step.id, step.title, (f"For: {who}.", *_rests(report)), (task,))


def of_repository(part: Report, name: str) -> Ticket:
    """What an administrator of one repository changes there.

    Changes at its organization are an owner's: they are named, and not described.

    Args:
        part: the findings of the repository.
        name: it, as `OWNER/REPO`.
    """
    plan = plan_of(_by_itself(part, tuple(map(_apart, part.findings))))
    found = {finding_key(one): one for one in part.findings if one.fails}
    own = _commits_first([step for step in plan.steps if not OWNERS.match(step.needs)])
    closing = _closing(part)
    wider = {step.id: _instead(step, found, closing) for step in own}
    tasks = (
        known_in_run(
            _task(step, plan, found, part.checks, instead=wider[step.id]), step, plan, part
        )
        for step in own
    )
    owner = (step.title for step in plan.steps if OWNERS.match(step.needs))
    return Ticket(
        ticket_id("repository", name),
        _headline(name, len(own), part.findings),
        (f"For: an administrator of {name}.", *_rests(part)),
        tuple(tasks),
        tuple(owner),
        tuple(_unknown(part.findings)),
        tuple(_questions(part.findings)),
        place=name,
    )


READERS = {
    "org": "an owner of {}",
    "package": "a maintainer of {} on npm",
    "user": "{}",
    "enterprise": "an owner of {}",
}
"""Who makes the changes in a place, by its kind."""


def of_place(part: Report, place: Subject) -> Ticket:
    """What is changed in one repository, package, organization or account, and by whom.

    Args:
        part: the findings of the place.
        place: it.
    """
    if (place.provider, place.kind) == ("github", "repo"):
        return of_repository(part, place.name)
    plan = plan_of(_by_itself(part, part.findings))
    found = {finding_key(one): one for one in part.findings if one.fails}
    own = [step for step in plan.steps if not names_hardenme(step)]
    where = f"{place.name} on npm" if place.provider == "npm" else place.name
    here = where if place.provider in SITES else "this machine"
    reader = READERS.get(place.kind, "anyone who uses it").format(place.name)
    return Ticket(
        ticket_id(f"{place.provider} {place.kind}", place.name),
        _headline(here, len(own), part.findings),
        (f"For: {reader}.", *_rests(part)),
        tuple(
            known_in_run(_passed_on_by(_task(step, plan, found, part.checks)), step, plan, part)
            for step in own
        ),
        unknown=tuple(_unknown(part.findings)),
        questions=tuple(_questions(part.findings)),
        sender=tuple(step.title for step in plan.steps if names_hardenme(step)),
        place=place.name,
    )


def of_member(part: Report, login: str) -> Ticket:
    """What one person changes in the own account.

    Args:
        part: an addressed report: the findings about the person, in the person's own words.
        login: the account.
    """
    groups: dict[Fix, list[Finding]] = {}
    for finding in part.findings:
        if finding.fails and isinstance(finding.outcome, Failed):
            groups.setdefault(finding.outcome.fix, []).append(finding)
    return Ticket(
        ticket_id("member", login),
        f"For {login}: {_number(len(groups), part.findings)}",
        (
            ABOUT_YOU.format(login=login),
            *_rests(part),
            *(f"{note.rstrip('.')}." for note in part.coverage.notes),
        ),
        tuple(_own(fix, findings, part.checks) for fix, findings in groups.items()),
        (),
        tuple(_unknown(part.findings)),
        tuple(_questions(part.findings)),
    )


def _headline(where: str, changes: int, findings: Iterable[Finding]) -> str:
    """What a ticket about one place asks for."""
    return f"{_number(changes, findings)} {'in' if changes else 'about'} {where}"


def _number(changes: int, findings: Iterable[Finding]) -> str:
    """How many changes a ticket asks for, or questions where there is no change."""
    asked = len([*_questions(findings)])
    return counted(changes, "change") if changes or not asked else counted(asked, "question")


def names_hardenme(step: Step) -> bool:
    """Whether a step is taken by hardenme itself, so that no one can take it without."""
    fixes = [_passed_on(action).fix for action in step.actions]
    return any(OURS.search(text) for fix in fixes for text in (fix.step, fix.command))


def _own(fix: Fix, findings: list[Finding], checks: Mapping[str, CheckText]) -> TicketTask:
    """One change in a person's own account."""
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
    return TicketTask(
        title=flowing(fix.step) if task is None else task.change,
        problems=tuple(problems),
        needs=fix.needs,
        before=(),
        risks=(),
        instead=None,
        actions=(TicketAction(fix.step, (), page, fix.commands),),
        undo=(fix.undo,) if fix.undo else (),
        holds=() if task is None else (task.holds,),
        pages=page,
        shown_by=(),
    )


def _task(
    step: Step,
    plan: FixPlan,
    found: Mapping[object, Finding],
    checks: Mapping[str, CheckText],
    *,
    instead: tuple[str, str] | None = None,
) -> TicketTask:
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
    elif len(holds) > FEW:
        holds = [NONE_LEFT]
    holds += _ended(step, plan)
    needs = _usual(one.fix.needs for one in actions)
    pages = dict.fromkeys(one.fix.page for one in actions if one.fix.page)
    return TicketTask(
        title=step.title,
        problems=tuple(problems_of(closed, checks, advises=not alone)),
        needs=needs,
        before=() if alone else tuple(before),
        # What another check then says means nothing to a reader without hardenme.
        risks=() if alone else (*ahead, *(one for one in step.risks if not CHECK.search(one))),
        instead=instead,
        actions=tuple(
            _action(one, step.title, found, own=is_own[one], needs=needs)
            for group in by_words(actions, ordered=step.ordered)
            for one in group
        ),
        undo=tuple(dict.fromkeys(filter(None, (_undo(one, found) for one in actions)))),
        holds=tuple(filter(None, holds)) or (GONE,),
        pages=tuple(pages),
        shown_by=confirmed_by(call for one in actions for call in one.calls),
    )


def _passed_on_by(task: TicketTask) -> TicketTask:
    """A change in a place, which its reader passes on where it is in the accounts of others."""
    if not all(one.own for one in task.actions):
        return task
    return replace(task, needs="", risks=(SEND_ON,))


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
    if fix is None or None in fixes:
        return action, False
    names = dict.fromkeys(one.subject.name.rpartition("/")[2] for one in action.closes)
    return replace(action, fix=fix, calls=(), names=tuple(names)), True


def _action(
    action: Action, title: str, found: Mapping[object, Finding], *, own: bool, needs: str
) -> TicketAction:
    """What is done.

    Args:
        needs: what it takes to do most of the change.
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
        undo=tuple(filter(None, (_undo(action, found),))),
    )


def _usual(needs: Iterable[str]) -> str:
    """What it takes to do most of a change."""
    ((text, _),) = Counter(needs).most_common(1)
    return text


def _ends(fix: Fix) -> bool:
    """Whether the command takes something away that the text replaces first."""
    removes = any(change_of(call) is StepEffect.REMOVES for call in plain_calls(fix.command))
    return removes and LATER.search(fix.step) is not None


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
        yield WITH_2FA.format("; ".join(people))
    if others:
        yield NO_PATH.format("; ".join(others))


def _commits_first(steps: Sequence[Step]) -> list[Step]:
    """Steps in an order in which files are committed before the branch takes no more pushes."""
    kinds = [kind_of(step.codes[0]) if step.codes else None for step in steps]
    found = zip(kinds, steps, strict=True)
    keys = [kind.key if kind else "" for kind in kinds]
    if BRANCH not in keys:
        return [*steps]
    at = keys.index(BRANCH)
    behind = [step for kind, step in [*found][at:] if kind is not None and kind.commits]
    rest = [step for step in steps[at:] if step not in behind]
    return [*steps[:at], *behind, *rest]


def _by_itself(part: Report, findings: Sequence[Finding]) -> Report:
    """A part of a run as a run of its own; what the run knows of who has access, it knows too."""
    inventory = part.inventory if part.whole is None else part.whole.report.inventory
    return replace(part, findings=findings, inventory=inventory, whole=None)


def _apart(finding: Finding) -> Finding:
    """A finding that is closed at its own place."""
    outcome = finding.outcome
    if not isinstance(outcome, Failed) or outcome.fix.wider is None:
        return finding
    return replace(finding, outcome=replace(outcome, fix=replace(outcome.fix, wider=None)))


def _closing(part: Report) -> dict[object, tuple[Step, Action]]:
    """By finding: the step of the whole run that closes it, and which of its actions does."""
    steps = () if part.whole is None else plan_of(part).steps
    return {
        closed_key(one): (step, action)
        for step in steps
        for action in step.actions
        for one in action.closes
    }


def _instead(
    step: Step,
    found: Mapping[object, Finding],
    closing: Mapping[object, tuple[Step, Action]],
) -> tuple[str, str] | None:
    """How the whole organization closes what a step closes in one repository.

    Args:
        step: of the repository alone.
        found: the findings of the repository.
        closing: what closes them in the plan of the whole run.
    """
    for one in (one for action in step.actions for one in action.closes):
        outcome = found[closed_key(one)].outcome if closed_key(one) in found else None
        if isinstance(outcome, Failed) and (fix := outcome.fix.wider) is not None:
            organization = one.within.name.partition("/")[0]
            above, action = closing.get(closed_key(one), (step, None))
            if action is not None and OWNERS.match(above.needs):
                who = _reader(action.fix.needs)
                names = {"id": above.id, "title": above.title, "organization": organization}
                return CLOSES.format(who=who, **names), action.fix.page
            text = WIDER.format(who=_reader(fix.needs), organization=organization, step=fix.step)
            return text, fix.page
    return None


def _reader(needs: str) -> str:
    """Who takes a step, by what it takes: a right is held by someone."""
    who = needs.partition(";")[0].partition(", and ")[0].strip()
    if not who:
        return "anyone who can open the page"
    if who.startswith("who "):
        return f"anyone {who}"
    if who.startswith(("a ", "an ", "the ", "your ", "each ", "anyone ")):
        return who
    if who.startswith(("write access", "read access")):
        return f"someone with {who}"
    article = "an" if who[:1] in "aeiou" else "a"
    return f"{article} {who}"


def _rests(report: Report) -> Iterator[str]:
    """The basis of a ticket, and what its reader has to know about it."""
    logins = ", ".join(dict.fromkeys(one.login for one in report.identities if one.login))
    own = f"the accounts of {logins}" if logins else "the sender's accounts"
    places = ", ".join(own if one == "me" else _place(one) for one in report.targets)
    yield RESTS.format(places=places, day=f"{report.started:%Y-%m-%d}")
    if report.partial:
        yield f"{NOT_WHOLE}: {report.partial}. There may be more to change."
    if report.demo:
        yield OF_DEMO


def _place(target: str) -> str:
    """A target in words, like `acme/web on GitHub`."""
    site, _, name = target.partition(":")
    return f"{name} on {SITES[site]}" if name and site in SITES else target


def _unknown(findings: Iterable[Finding]) -> Iterator[str]:
    groups: dict[str, dict[str, None]] = {}
    for finding in findings:
        if isinstance(finding.outcome, Unknown | Errored):
            groups.setdefault(finding.title, {}).setdefault(name_of(finding))
    for title, names in groups.items():
        yield f"{title} ({', '.join(names)})"


def _questions(findings: Iterable[Finding]) -> Iterator[tuple[str, str]]:
    asked = (one.outcome for one in findings if isinstance(one.outcome, Manual))
    return iter(dict.fromkeys((one.question, one.page) for one in asked))


def _known(report: Report, wanted: Collection[object]) -> dict[object, Finding]:
    """The findings that a step closes, found by one pass."""
    return {key: one for one in report.findings if (key := finding_key(one)) in wanted}
