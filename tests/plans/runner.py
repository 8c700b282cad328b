"""A fix plan that is followed to the letter, and what came of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from hardenme.model.report import Report
from hardenme.model.subject import Subject
from hardenme.reports.calls import placeholders
from hardenme.reports.fixplan.kinds import kind_of
from hardenme.reports.fixplan.making import plan_of
from hardenme.reports.fixplan.plan import Action, FixPlan, Step
from tests.plans.hosts import Hosts, Ran
from tests.plans.truth import Truth
from tests.running import PATIENT

IN_A_PROJECT = re.compile(r"npm (?:install|pkg|audit|config)\b")
"""How commands begin that change files of a checkout, or settings of the machine."""
Failing = frozenset[tuple[str, Subject]]


@dataclass(frozen=True, slots=True)
class Taken:
    """One printed command of a plan and what it came to.

    Attributes:
        step: the step that prints it.
        action: the action of the step.
        ran: what the line came to; None where it is not for the hosts to take.
        why: why it was not run.
        truth: what the hosts hold afterwards.
    """

    step: Step
    action: Action
    ran: Ran | None
    why: str = ""
    truth: Truth | None = None

    @property
    def kind(self) -> str:
        """The kind of the step."""
        return kind_of(self.step.codes[0]).key if self.step.codes else self.step.title


@dataclass(slots=True)
class Followed:
    """A plan that was followed.

    Attributes:
        plan: as it was printed.
        before: what had failed.
        after: what fails afterwards.
        first: what the hosts held before the first command.
        taken: the commands in the printed order.
    """

    plan: FixPlan
    before: Failing
    after: Failing
    first: Truth
    taken: list[Taken] = field(default_factory=list)

    @property
    def ran(self) -> list[Taken]:
        """The commands that were run."""
        return [one for one in self.taken if one.ran is not None]

    @property
    def refused(self) -> list[Taken]:
        """The commands that a client or a host did not take."""
        return [one for one in self.ran if one.ran is not None and not one.ran.accepted]

    def still_open(self) -> list[tuple[Taken, str, Subject]]:
        """What commands say that they close, and what fails all the same."""
        return [
            (one, closed.code, closed.subject)
            for one in self.ran
            for closed in one.action.closes
            if (closed.code, closed.subject) in self.after
            and closed.code not in kind_of(closed.code).stays
        ]

    @property
    def new(self) -> list[tuple[str, Subject]]:
        """What fails afterwards and did not before."""
        return sorted(self.after - self.before)

    def misled(self, malware: Iterable[str]) -> list[str]:
        """Tags that a command led to malware."""
        bad, found, before = set(malware), list[str](), self.first
        for one in self.taken:
            if one.truth is not None:
                found += one.truth.misled(before, bad)
                before = one.truth
        return found

    def locked_out(self) -> list[str]:
        """What the person lost, and what is left without anybody, before the last step."""
        last = max((one.step.number for one in self.taken), default=0)
        found = list[str]()
        for one in self.taken:
            if one.truth is not None and one.step.number < last:
                found += [
                    f"{one.step.title}: {right}" for right in self.first.held - one.truth.held
                ]
                found += [f"{one.step.title}: {name}" for name in one.truth.ownerless()]
        return found

    def counts(self) -> Counter[tuple[str, str]]:
        """How many commands were run and accepted, and findings closed and open, by kind."""
        found: Counter[tuple[str, str]] = Counter()
        left = {(id(one), code, subject) for one, code, subject in self.still_open()}
        for one in self.taken:
            if one.ran is None:
                found[one.kind, "not run"] += 1
                continue
            found[one.kind, "run"] += 1
            found[one.kind, "accepted"] += one.ran.accepted
            for closed in one.action.closes:
                key = (id(one), closed.code, closed.subject)
                said = "stays" if closed.code in kind_of(closed.code).stays else "closed"
                found[one.kind, "still open" if key in left else said] += 1
        return found


def failing(report: Report) -> Failing:
    """What fails in a report."""
    return frozenset((item.code, item.subject) for item in report.findings if item.fails)


def follow(hosts: Hosts, *targets: str, profile: str = "org", **order: Any) -> Followed:
    """Check, follow the plan to the letter in the printed order, and check again."""
    report = hosts.stage.audit(*targets, bounds=PATIENT, profile=profile, **order)
    plan = plan_of(report)
    first = Truth.of(hosts)
    taken = list(_take(hosts, plan))
    again = hosts.stage.audit(*targets, bounds=PATIENT, profile=profile, **order)
    return Followed(plan, failing(report), failing(again), first, taken)


def printed(plan: FixPlan) -> Iterator[tuple[Step, Action]]:
    """The commands of a plan, in the order in which it prints them."""
    for step in plan.steps:
        with_command = [one for one in step.actions if one.fix.command]
        for action in with_command or [one for one in step.apart if one.fix.command]:
            yield step, action


def _take(hosts: Hosts, plan: FixPlan) -> Iterator[Taken]:
    for step, action in printed(plan):
        command = action.fix.command
        if IN_A_PROJECT.match(command):
            yield Taken(step, action, None, "it is for a folder of the project")
        elif missing := placeholders(command):
            yield Taken(step, action, None, f"the reader fills in {', '.join(missing)}")
        else:
            lines = [hosts.run(line) for line in action.fix.commands]
            said = "\n".join(one.said for one in lines)
            ran = Ran(command, max(one.code for one in lines), said)
            yield Taken(step, action, ran, truth=Truth.of(hosts))


def table(counted: Iterable[Counter[tuple[str, str]]]) -> str:
    """What came of each kind of step, over several plans."""
    total: Counter[tuple[str, str]] = Counter()
    for one in counted:
        total.update(one)
    columns = ("run", "accepted", "closed", "stays", "still open", "not run")
    kinds = sorted({kind for kind, _ in total})
    lines = [f"{'kind of step':24}" + "".join(f"{name:>12}" for name in columns)]
    lines += [
        f"{kind:24}" + "".join(f"{total[kind, name]:12}" for name in columns) for kind in kinds
    ]
    sums = [sum(total[kind, name] for kind in kinds) for name in columns]
    return "\n".join([*lines, f"{'all':24}" + "".join(f"{number:12}" for number in sums)])
