"""Whether a bad version or action ran, in every form: what is confirmed or possible first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from hardenme import __version__
from hardenme.ground.exit_code import Exit
from hardenme.model.exposure import (
    Exposure,
    ExposureGrade,
    ExposureRow,
    ExposureSign,
    RepositoryExposure,
    graded,
)
from hardenme.model.machine_exposure import MachineExposure
from hardenme.reports.exposed_runs import BRIEFS, Brief, RunSections, first_of, gaps, shared_fault
from hardenme.reports.header import Header, minute
from hardenme.reports.machine_exposure import (
    BRIEF_HERE,
    NEVER_HERE,
    PrintedMachine,
    machine_headline,
    machine_sections,
    printed_machine,
)
from hardenme.reports.outline.forms import forms_of, rendered
from hardenme.reports.outline.parts import (
    EVERY,
    Entry,
    Outline,
    Section,
    Words,
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

WORDS = {
    ExposureGrade.CONFIRMED: "EXPOSED",
    ExposureGrade.POSSIBLE: "POSSIBLE",
    ExposureGrade.UNKNOWN: "NOT KNOWN",
    ExposureGrade.NOT_SEEN: "NOT SEEN",
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
BRIEF = "Never read: artifacts, images, what was deleted, other machines (--full)"
SCREEN = 24
"""Lines of a usual terminal."""
NO_GAP = "GitHub shows runs from before the window, or the repository is younger."
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
        following: the commands to run next, in their order.
        lost: what to do where answers did not come; empty if all did.
        page: where the token is let in, if that alone is missing; empty if not.
        brief: how much of it a screen shows.
    """

    found: Exposure
    machine: MachineExposure | None = None
    full: bool = False
    following: tuple[str, ...] = ()
    lost: str = ""
    page: str = ""
    brief: Brief = BRIEFS[0]
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
    def refused(self) -> bool:
        """Whether nothing was looked at, since GitHub shows none of it to this token."""
        return self.machine is None and self.found.refused

    @property
    def unread(self) -> bool:
        """Whether nothing was looked at, since GitHub refused it or gave no answer."""
        rows = any(one.rows for one in self.found.repositories)
        asked = self.machine is None and bool(self.found.repositories)
        return asked and not rows and (self.refused or bool(self.lost))

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
    def never_in_brief(self) -> tuple[str, ...]:
        """The same in one line or two."""
        here = () if self.machine is None else (BRIEF_HERE,)
        return (*((BRIEF,) if self.found.repositories or not here else ()), *here)

    @property
    def headline(self) -> str:
        """The answer in a sentence or two, with its scope in numbers."""
        if self.unread:
            return " ".join(["nothing was looked at.", *_why_none(self.found)])
        parts = [headline(self.found)] if self.found.repositories or self.machine is None else []
        parts += [machine_headline(self.machine)] if self.machine is not None else []
        return " ".join(parts)

    @property
    def header(self) -> Header:
        """What was asked, where, and the window."""
        window = f"{minute(self.found.start)} to {minute(self.found.end)}"
        owners, names = list[str](), list[str]()
        for one in self.found.repositories:
            (names if "/" in one.name else owners).append(one.name)
        where = [f"{len(names):,} repositories"] if len(names) > 1 else names or owners
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
    lead = [(strong(_verdict(told)),)]
    last: list[Words] = [(sentence(told.lost),)] if told.lost else []
    last += [(ours("Next: "), command(one)) for one in told.following]
    last += [(ours("Next: "), page(told.page))] if told.page else []
    return about_run(told, ", ".join(found.asked), lead, _sections(told), last)


def _verdict(told: ExposureShown) -> str:
    """The word for what it comes to, and the answer; where that begins with the word, it is one."""
    word, text = WORDS[told.grade], told.headline
    alone = ", " not in text.partition(";")[0]
    if alone and text.startswith(f"{word.lower()} in "):
        return f"{word}{text[len(word) :]}"
    return f"{word}: {text}"


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
    if not parts:
        return " ".join(["GitHub lists no run of the window.", *_why_none(found)])
    told = ", ".join(parts)
    scope = f"{counted(commits, 'commit')} and {counted(locks, 'lock file')} were read"
    calm = all(row.grade is ExposureGrade.NOT_SEEN for row in rows)
    rest = ", but not all that counts" if calm and found.faults else ""
    return f"{told}; {scope}{rest}."


def _why_none(found: Exposure) -> Iterator[str]:
    """The reason why nothing is known, where it is the same everywhere, as a sentence."""
    for one in shared_fault(found):
        yield f"{one[0].upper()}{one[1:].removesuffix('.')}."


def _sections(told: ExposureShown) -> Iterator[Section]:
    yield from RunSections(told.found, None if told.full else told.brief).all()
    if told.machine is not None:
        yield from machine_sections(told.machine, full=told.full)
    unread = gaps(told.found, full=told.full)
    unread += [] if told.machine is None else told.machine.gaps
    if told.full:
        note = f"{LIMIT} {'; '.join(told.never)}"
        yield not_looked_at(unread, nothing=NO_GAP, notes=(note,), most=EVERY)
        return
    if told.unread:
        # The first line says why there is nothing.
        return
    said = [] if unread or told.found.faults else [NO_GAP]
    listed = [Entry((sentence(one),)) for one in (*said, *unread)]
    entries = (*first_of(listed, told.brief.gaps, "reason"), *map(_entry, told.never_in_brief))
    yield not_looked_at(entries, nothing="")


def _entry(text: str) -> Entry:
    return Entry((sentence(f"{text}."),))


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
    """What is shown, in a form of `FORMS`; a screen shows so much that its first line stays."""
    text = ""
    for brief in BRIEFS if form == "table" and not told.full else BRIEFS[:1]:
        text = rendered(FORMS, replace(told, brief=brief), form, style)
        if len(text.splitlines()) <= SCREEN:
            break
    return text
