"""Whether a bad version or action ran, in every form: what is confirmed or possible first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hardenme import __version__
from hardenme.ground.exit_code import Exit
from hardenme.model.exposure import (
    RANKS,
    Exposure,
    ExposureGrade,
    ExposureRow,
    ExposureSign,
    RepositoryExposure,
    graded,
)
from hardenme.model.machine_exposure import MachineExposure
from hardenme.model.severity import Severity
from hardenme.reports.header import Header, minute
from hardenme.reports.machine_exposure import (
    NEVER_HERE,
    PrintedMachine,
    machine_headline,
    machine_sections,
    printed_machine,
)
from hardenme.reports.outline.forms import forms_of, rendered
from hardenme.reports.outline.parts import (
    EVERY,
    Detail,
    Entry,
    Group,
    Most,
    Outline,
    Section,
    about_run,
    command,
    ours,
    page,
    sentence,
    strong,
)
from hardenme.reports.outline.unread import not_looked_at
from hardenme.reports.plain import counted
from hardenme.reports.printed import PrintedDocument, as_json
from hardenme.reports.style import Style

FIRST = Most(5, 200)
"""Runs of a grade that are printed on a terminal."""
SHOWN = 2
"""Signs of a run that are printed on a terminal."""
WORDS = {
    ExposureGrade.CONFIRMED: "EXPOSED",
    ExposureGrade.POSSIBLE: "POSSIBLE",
    ExposureGrade.UNKNOWN: "NOT KNOWN",
    ExposureGrade.NOT_SEEN: "NOT SEEN",
}
TITLES = {
    ExposureGrade.CONFIRMED: "Confirmed: rotate what these jobs could reach",
    ExposureGrade.POSSIBLE: "Possible: rotate what these jobs could reach",
    ExposureGrade.UNKNOWN: "Not known",
}
NEVER = (
    "artifacts that a run wrote, and who read them later",
    "what a program downloads by itself, such as a test",
    "container images, submodules, and files that a job makes",
    "runs and logs that someone deleted",
    "machines that were not named, and other CI systems",
)
"""What this command never reads."""
LIMIT = "Not seen covers what was read, not"
CODES = {
    ExposureGrade.CONFIRMED: Exit.FINDINGS,
    ExposureGrade.POSSIBLE: Exit.FINDINGS,
    ExposureGrade.UNKNOWN: Exit.UNKNOWN,
    ExposureGrade.NOT_SEEN: Exit.CLEAN,
}


@dataclass(frozen=True, slots=True)
class ExposureShown:
    """What is shown.

    Attributes:
        found: the answer for repositories.
        machine: the one for this machine; None if it was not asked for.
        full: everything is shown.
        following: the command to run next; empty for none.
    """

    found: Exposure
    machine: MachineExposure | None = None
    full: bool = False
    following: str = ""
    version: str = __version__
    partial: str = ""

    @property
    def grade(self) -> ExposureGrade:
        """The heaviest of what was looked at."""
        if self.machine is None:
            return self.found.grade
        repositories = [self.found.grade] if self.found.repositories else []
        grades = [*repositories, self.machine.grade]
        return graded(ExposureSign(one, "") for one in grades)

    @property
    def exit_code(self) -> Exit:
        """By the heaviest grade."""
        return CODES[self.grade]

    @property
    def never(self) -> tuple[str, ...]:
        """What is never read of what was looked at."""
        here = () if self.machine is None else NEVER_HERE
        return (*(NEVER if self.found.repositories or not here else ()), *here)

    @property
    def headline(self) -> str:
        """The answer in a sentence or two, with its scope in numbers."""
        parts = [headline(self.found)] if self.found.repositories or self.machine is None else []
        parts += [machine_headline(self.machine)] if self.machine is not None else []
        return " ".join(parts)

    @property
    def header(self) -> Header:
        """What was asked, where, and the window."""
        window = f"{minute(self.found.start)} to {minute(self.found.end)}"
        names = [one.name for one in self.found.repositories]
        where = [names[0] if len(names) == 1 else f"{len(names):,} repositories"] if names else []
        where += ["this machine"] if self.machine is not None else []
        return Header(", ".join(self.found.asked), tuple(where), window)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedExposureRun:
    """A run in the window.

    Attributes:
        run: GitHub's number for it.
        attempt: counted from 1.
        grade: `confirmed`, `possible`, `unknown` or `not seen`.
        event: what started it.
        workflow: the path of its file.
        commit: its head commit.
        page: its address.
        signs: what was seen or not read, each with its grade.
        reach: what its jobs could reach, what can publish first.
    """

    run: int
    attempt: int
    grade: str
    event: str
    workflow: str
    commit: str
    page: str
    signs: tuple[str, ...]
    reach: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedExposureRepository:
    """A repository.

    Attributes:
        name: with its owner; the owner alone where not all of its repositories are known.
        grade: the heaviest of its runs, or unknown.
        faults: why it is not known as a whole.
        commits: of how many commits the files were read.
        locks: how many lock files were read.
        runs: those of the window.
    """

    name: str
    grade: str
    faults: tuple[str, ...]
    commits: int
    locks: int
    runs: tuple[PrintedExposureRun, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExposureDocument(PrintedDocument):
    """Whether bad versions or actions ran.

    Attributes:
        version: of hardenme.
        asked: the versions and actions.
        start: of the window.
        end: of the window.
        grade: the heaviest of the repositories and the machine.
        never: what is never read.
        repositories: in the order in which they were named.
        machine: this machine; null if it was not named.
    """

    version: str
    asked: tuple[str, ...]
    start: str
    end: str
    grade: str
    never: tuple[str, ...]
    repositories: tuple[PrintedExposureRepository, ...]
    machine: PrintedMachine | None


def outline(told: ExposureShown) -> Outline:
    """The verdict, what to rotate, then the runs by grade."""
    found = told.found
    lead = [(strong(f"{WORDS[told.grade]}: {told.headline}"),)]
    last = ((ours("Next: "), command(told.following)),) if told.following else ()
    return about_run(told, ", ".join(found.asked), lead, _sections(told), last)


def headline(found: Exposure) -> str:
    """What the runs come to, with its scope in numbers."""
    rows = [row for one in found.repositories for row in one.rows]
    parts = []
    for grade in ExposureGrade:
        number = sum(row.grade is grade for row in rows)
        if number:
            parts.append(f"{grade.value} in {counted(number, 'run')}")
    commits = sum(one.commits for one in found.repositories)
    locks = sum(one.locks for one in found.repositories)
    told = ", ".join(parts) or "no run of the window was seen"
    scope = f"{counted(commits, 'commit')} and {counted(locks, 'lock file')} were read"
    return f"{told}; {scope}."


def _sections(told: ExposureShown) -> Iterator[Section]:
    rows = [(one, row) for one in told.found.repositories for row in one.rows]
    rows.sort(key=lambda pair: (RANKS[pair[1].grade], _order(pair[1])))
    for grade, title in TITLES.items():
        entries = tuple(_entry(one, row, full=told.full) for one, row in rows if row.grade is grade)
        if entries:
            most = EVERY if told.full else FIRST
            group = Group(entries=entries, most=most, thing="run", all_by="--full")
            yield Section(title, (), (group,))
    if told.machine is not None:
        yield from machine_sections(told.machine, full=told.full)
    gaps = [f"{one.name}: {fault}" for one in told.found.repositories for fault in one.faults]
    gaps += [] if told.machine is None else told.machine.gaps
    notes = (f"{LIMIT} {'; '.join(told.never)}",)
    yield not_looked_at(
        gaps, nothing="GitHub still shows runs from before the window.", notes=notes
    )


def _order(row: ExposureRow) -> int:
    """What can publish comes first."""
    publishes = any("publish" in one or one.startswith(("OIDC", "all")) for one in row.reach)
    return 0 if publishes else 1


def _entry(one: RepositoryExposure, row: ExposureRow, *, full: bool) -> Entry:
    ran = row.attempt
    words = f"{one.name} {ran.file.rpartition('/')[2]}, run {ran.run} attempt {ran.attempt}"
    tone = Severity.HIGH if CODES[row.grade] is Exit.FINDINGS else None
    return Entry(
        (sentence(f"{words} ({ran.event}, {ran.commit[:12]})"),),
        tone=tone,
        whole=True,
        beside=tuple(_beside(row, full=full)),
    )


def _beside(row: ExposureRow, *, full: bool) -> Iterator[Detail]:
    signs = sorted(row.signs, key=lambda sign: RANKS[sign.grade])
    shown = signs if full else signs[:SHOWN]
    for sign in shown:
        yield Detail("why", ((sentence(sign.why),),))
    if rest := len(signs) - len(shown):
        yield Detail("also", ((sentence(counted(rest, "more sign")),),))
    if row.reach:
        yield Detail("reach", ((sentence("; ".join(row.reach)),),))
    yield Detail("page", ((page(row.attempt.page),),))


def _document(told: ExposureShown, _style: Style) -> str:
    found = told.found
    return as_json(
        ExposureDocument(
            version=told.version,
            asked=found.asked,
            start=found.start.isoformat(),
            end=found.end.isoformat(),
            grade=told.grade.value,
            never=told.never,
            repositories=tuple(map(_printed, found.repositories)),
            machine=None if told.machine is None else printed_machine(told.machine),
        )
    )


def _printed(one: RepositoryExposure) -> PrintedExposureRepository:
    return PrintedExposureRepository(
        name=one.name,
        grade=one.grade.value,
        faults=one.faults,
        commits=one.commits,
        locks=one.locks,
        runs=tuple(map(_run, one.rows)),
    )


def _run(row: ExposureRow) -> PrintedExposureRun:
    ran = row.attempt
    return PrintedExposureRun(
        run=ran.run,
        attempt=ran.attempt,
        grade=row.grade.value,
        event=ran.event,
        workflow=ran.file,
        commit=ran.commit,
        page=ran.page,
        signs=tuple(f"{sign.grade.value}: {sign.why}" for sign in row.signs),
        reach=row.reach,
    )


FORMS = forms_of(outline, json=_document)
"""Every form by its name on the command line."""


def render(told: ExposureShown, form: str, style: Style) -> str:
    """What is shown, in a form of `FORMS`."""
    return rendered(FORMS, told, form, style)
