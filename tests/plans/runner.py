"""A fix plan that is followed to the letter, and what came of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from hardenme.model.report import Report
from hardenme.model.subject import Subject
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Failed
from hardenme.reports.calls import placeholders
from hardenme.reports.fixplan.build import plan_of
from hardenme.reports.fixplan.kinds import kind_of
from hardenme.reports.fixplan.plan import Action, FixPlan, Step
from tests.plans.hosts import Hosts, Ran
from tests.plans.truth import Truth
from tests.running import PATIENT

IN_A_PROJECT = re.compile(r"npm (?:install|pkg)\b")
"""How commands begin that are run in a checkout."""
SHOWS = re.compile(r"npm (?:token list|audit signatures|stage list|trust list|view)\b")
"""How commands begin that change nothing."""
OUTSIDE = re.compile(r"npm audit signatures\b")
"""How a command begins for which npm asks a server of sigstore, too."""
ITS_FILES = ("package.json", "package-lock.json")
"""Files of a checkout that these change."""
Open = dict[tuple[str, Subject], str]
"""What fails or is not known, by check and subject, with what is said of it."""


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

    @property
    def shows(self) -> bool:
        """Whether the command changes nothing: a person acts on what it shows."""
        return all(map(SHOWS.match, self.action.fix.commands))


@dataclass(slots=True)
class Followed:
    """A plan that was followed.

    Attributes:
        plan: as it was printed.
        before: what had failed.
        after: what fails afterwards.
        unknown: what is not known afterwards.
        first: what the hosts held before the first command.
        taken: the commands in the printed order.
    """

    plan: FixPlan
    before: Open
    after: Open
    unknown: Open
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
        """What commands say that they close, and what fails or is not known all the same."""
        return [
            (one, closed.code, closed.subject)
            for one in self.ran
            for closed in one.action.closes
            if not one.shows and not closed.until and self.said((closed.code, closed.subject))
        ]

    def said(self, finding: tuple[str, Subject]) -> str:
        """What is said afterwards of what fails or is not known; empty for what is closed."""
        return self.after.get(finding) or self.unknown.get(finding, "")

    @property
    def new(self) -> list[tuple[str, Subject]]:
        """What fails afterwards and did not before."""
        return sorted(self.after.keys() - self.before.keys())

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
                said = "stays" if closed.until else "by hand" if one.shows else "closed"
                found[one.kind, "still open" if key in left else said] += 1
        return found


def failing(report: Report) -> Open:
    """What fails in a report."""
    return {
        (item.code, item.subject): item.outcome.message
        for item in report.findings
        if isinstance(item.outcome, Failed)
    }


def unknown(report: Report) -> Open:
    """What is not known in a report."""
    return {
        (item.code, item.subject): f"not known: {item.outcome.needed}"
        for item in report.findings
        if isinstance(item.outcome, Unknown)
    }


def follow(hosts: Hosts, *targets: str, profile: str = "org", **order: Any) -> Followed:
    """Check, follow the plan to the letter in the printed order, and check again."""
    report = hosts.stage.audit(*targets, bounds=PATIENT, profile=profile, **order)
    plan = plan_of(report)
    first = Truth.of(hosts)
    taken = list(_take(hosts, plan))
    again = hosts.stage.audit(*targets, bounds=PATIENT, profile=profile, **order)
    return Followed(plan, failing(report), failing(again), unknown(again), first, taken)


def printed(plan: FixPlan) -> Iterator[tuple[Step, Action]]:
    """The commands of a plan, in the order in which it prints them."""
    for step in plan.steps:
        with_command = [one for one in step.actions if one.fix.command]
        for action in with_command or [one for one in step.apart if one.fix.command]:
            yield step, action


def _take(hosts: Hosts, plan: FixPlan) -> Iterator[Taken]:
    for step, action in printed(plan):
        command = action.fix.command
        if OUTSIDE.match(command):
            yield Taken(step, action, None, "npm asks a server of sigstore for it")
        elif IN_A_PROJECT.match(command):
            yield Taken(step, action, _in_checkout(hosts, action), truth=Truth.of(hosts))
        elif missing := placeholders(command):
            yield Taken(step, action, None, f"the reader fills in {', '.join(missing)}")
        else:
            lines = [hosts.run(line) for line in action.fix.commands]
            said = "\n".join(one.said for one in lines)
            ran = Ran(command, max(one.code for one in lines), said)
            yield Taken(step, action, ran, truth=Truth.of(hosts))


def _in_checkout(hosts: Hosts, action: Action) -> Ran:
    """Run a command in a checkout of each repository that it is for, and push what it changed."""
    names = {one.within.name for one in action.closes if one.within.kind == "repo"}
    ran = Ran(action.fix.command, 0, "")
    for number, name in enumerate(sorted(names) or [""]):
        folder = hosts.folder / f"checkout-{number}-{len(hosts.checkouts)}"
        hosts.checkouts.append(folder)
        folder.mkdir()
        repository = hosts.github.world.repository(name) if name else None
        files = {} if repository is None else repository.files
        for file in ITS_FILES:
            text = files.get(file, b"") or (b'{"name": "x"}' if file == ITS_FILES[0] else b"")
            if text:
                (folder / file).write_bytes(text)
        lines = [hosts.run(line, folder) for line in action.fix.commands]
        said = "\n".join([ran.said, *(one.said for one in lines)])
        ran = Ran(ran.command, max(ran.code, *(one.code for one in lines)), said)
        for file in ITS_FILES:
            if repository is not None and (folder / file).exists():
                files[file] = (folder / file).read_bytes()
    return ran


def table(counted: Iterable[Counter[tuple[str, str]]]) -> str:
    """What came of each kind of step, over several plans."""
    total: Counter[tuple[str, str]] = Counter()
    for one in counted:
        total.update(one)
    columns = ("run", "accepted", "closed", "stays", "by hand", "still open", "not run")
    kinds = sorted({kind for kind, _ in total})
    lines = [f"{'kind of step':24}" + "".join(f"{name:>12}" for name in columns)]
    lines += [
        f"{kind:24}" + "".join(f"{total[kind, name]:12}" for name in columns) for kind in kinds
    ]
    sums = [sum(total[kind, name] for kind in kinds) for name in columns]
    return "\n".join([*lines, f"{'all':24}" + "".join(f"{number:12}" for number in sums)])
