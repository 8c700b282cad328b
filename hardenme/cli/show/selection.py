"""What the arguments of `hardenme show` name: a file, checks and subjects."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from hardenme.cli.options.given import demand_choice
from hardenme.cli.options.subjects import suggestion
from hardenme.cli.output.delivery import TABLE
from hardenme.cli.show.practices import FORMS as PRACTICES
from hardenme.engine.catalogue import catalogue, matches, select
from hardenme.engine.report_filter import Named, ReportFilter, is_repository
from hardenme.ground.errors import UsageError
from hardenme.ground.names import LOGIN, NPM_ACCOUNT
from hardenme.model.person import login_of
from hardenme.model.report import Report
from hardenme.model.severity import Severity
from hardenme.model.text import visible
from hardenme.reports import FORMATS, SCREEN
from hardenme.reports.counted_by import FORMS, WHAT

CODE = re.compile(r"[A-Za-z]{3}[0-9]{1,3}")
"""What looks like a check's code, whether or not there is one."""
SUBJECT = re.compile(r"(?:github|npm|local|practice):")
"""How the ids of subjects, and targets, begin."""
TARGETS = frozenset({"me", "local"})
STEP = re.compile(r"[a-z2-7]{6}")
TICKET = "ticket"
ISSUES = "issues"
TICKETS = (TICKET, ISSUES)
"""The forms that someone else reads: of one step, one member or repositories."""
LONGEST_WORD = 100
"""Characters of a word that a sentence repeats."""
NAMED_LIKE = (
    "a check is named like GHB102, a subject like github:OWNER/REPO or npm:PACKAGE, and a file"
    " stands first"
)


@dataclass(frozen=True, slots=True)
class ShowOptions:
    """The options and arguments, as given on the command line.

    Attributes:
        words: a file, checks, subjects.
        full: everything.
        step: a step's id; empty if no ticket of one is wanted.
        issue_in: the repository of all issues, as `OWNER/REPO`; empty for each one's own.
        member: whose findings; empty for all.
        repositories: as `OWNER/REPO` or `REPO`; empty for all.
        unknown: only what is not known.
        severity: from which on; empty for all.
        by: what findings are counted by; empty if they are shown.
        practices: the safeguards, in place of the findings.
        demo: the last run of the demo.
        each_member: the folder of a file for each member; empty for none.
        each_repository: the same for each repository, package and account.
        output_format: empty if none was named.
        html: a page.
        opened: the page is opened.
        redact: pseudonyms replace names.
        output: the file of the result; empty or `-` for standard output.
        quiet: the findings alone, two lines each.
        lines: with that, one line each.
        with_members: results about individuals are included even where many people read it.
    """

    words: tuple[str, ...] = ()
    full: bool = False
    step: str = ""
    issue_in: str = ""
    member: str = ""
    repositories: tuple[str, ...] = ()
    unknown: bool = False
    severity: str = ""
    by: str = ""
    practices: bool = False
    demo: bool = False
    each_member: str = ""
    each_repository: str = ""
    output_format: str = ""
    html: bool = False
    opened: bool = False
    redact: bool = False
    output: str = ""
    quiet: bool = False
    lines: bool = False
    with_members: bool = False

    @property
    def file(self) -> Path | None:
        """Where the result goes; None for standard output."""
        return None if self.output in {"", "-"} else Path(self.output)

    @property
    def form(self) -> str:
        """The format: what was named, or what fits the rest.

        Raises:
            UsageError: there is none of that name, or two things are asked for at once.
        """
        page = self.html or self.opened
        if page and self.output_format not in {"", "html"}:
            raise UsageError(f"--html and --format {self.output_format} go against each other")
        form = "html" if page else self.output_format
        whole = (*FORMATS, *TICKETS)
        allowed = tuple(FORMS if self.by else PRACTICES if self.practices else whole)
        option = "--by" if self.by else "--practices" if self.practices else ""
        demand_choice(f"--format with {option}" if option else "--format", form, ("", *allowed))
        return form or self._usual

    @property
    def _usual(self) -> str:
        """The format where none is named."""
        if self.by or self.practices:
            return FORMS[0]
        if self.issue_in:
            return ISSUES
        if self.step or self.each_member or self.each_repository:
            return TICKET
        return TABLE if self.full or self.member else SCREEN


@dataclass(frozen=True, slots=True)
class ShowSelection:
    """What is asked for.

    Attributes:
        file: the report; `-` for standard input, empty for the last run.
        member: whose findings; empty for all.
    """

    file: str
    cut: ReportFilter
    member: str = ""

    @property
    def things(self) -> int:
        """How many checks, subjects and repositories are named."""
        return len(self.cut.codes) + len(self.cut.named) + len(self.cut.repositories)

    @property
    def kinds(self) -> str:
        """What results have to be that are wanted, in words."""
        least = self.cut.least
        named = self.things or self.member
        told = (
            "part of this selection" if named else "",
            "unknown" if self.cut.unknown else "",
            "" if least is None else f"of a check of severity {least} or above",
        )
        return " and ".join(filter(None, told))


def asked_of(wanted: ShowOptions) -> ShowSelection:
    """Sort the words, and check what they and the options name.

    Raises:
        UsageError: something is not of its form, or does not go together.
    """
    words = wanted.words
    file = words[0] if words and not (_is_check(words[0]) or _is_subject(words[0])) else ""
    codes: list[str] = []
    named: list[Named] = []
    for word in words[1:] if file else words:
        if _is_subject(word):
            named.append(_named(word))
        elif _is_check(word):
            codes.append(word)
        else:
            raise UsageError(f"{_short(word)!r} is not understood: {NAMED_LIKE}")
    if file and wanted.demo:
        raise UsageError(
            f"--demo shows the last run of the demo: leave out the file {_short(file)!r}, as in"
            f" `hardenme show --demo`; {NAMED_LIKE}"
        )
    if wanted.by and wanted.by not in WHAT:
        near = suggestion(wanted.by[:LONGEST_WORD], WHAT)
        raise UsageError(
            f"--by takes {', '.join(WHAT[:-1])} or {WHAT[-1]}; not {_short(wanted.by)!r}{near}"
        )
    if wanted.member and not _is_account(wanted.member):
        raise UsageError(
            f"--member takes a GitHub login, or npm:LOGIN; not {_short(wanted.member)!r}"
        )
    cut = ReportFilter(
        tuple(codes), tuple(named), wanted.repositories, wanted.unknown, _least(wanted)
    )
    if wanted.step and not STEP.fullmatch(wanted.step):
        raise UsageError(
            f"--step takes the id of a step, six characters; not {_short(wanted.step)!r}"
        )
    if wanted.practices and (cut or wanted.member or wanted.by):
        raise UsageError("--practices shows the safeguards of a whole run: name a format alone")
    others = (
        wanted.step,
        wanted.member,
        wanted.by,
        wanted.practices,
        wanted.opened,
        wanted.file,
        wanted.redact,
    )
    folders = {"--each-member": wanted.each_member, "--each-repository": wanted.each_repository}
    asked = [option for option, folder in folders.items() if folder]
    if asked and (cut or any(others) or len(asked) > 1):
        raise UsageError(f"{asked[0]} writes its own files of the whole run: name a format alone")
    return ShowSelection(file, cut, wanted.member)


def missing(report: Report, asked: ShowSelection) -> tuple[str, ...]:
    """A sentence for each named thing that was not looked at.

    Raises:
        UsageError: a check of that name is in neither the report nor the catalogue.
    """
    if not asked.things:
        return ()
    codes, named = set(asked.cut.codes), set(asked.cut.named)
    repositories = set(asked.cut.repositories)
    for finding in report.findings:
        if not (codes or named or repositories):
            break
        places = finding.subject, finding.within
        codes -= {one for one in codes if matches(finding.code, finding.slug, one)}
        named -= {one for one in named if one.covers(*places)}
        repositories -= {
            one for one in repositories if any(is_repository(place, one) for place in places)
        }
    for code in codes:
        _demand_check(code)
    absent = (
        *(f"{_short(one)} was not checked" for one in asked.cut.codes if one in codes),
        *(f"{_short(one.text)} was not looked at" for one in asked.cut.named if one in named),
        *(
            f"repository {_short(one)} was not looked at"
            for one in asked.cut.repositories
            if one in repositories
        ),
    )
    return tuple(f"{text} in this run" for text in absent)


def _is_account(word: str) -> bool:
    own = login_of(word)
    return bool((LOGIN if own == word else NPM_ACCOUNT).fullmatch(own))


def _is_subject(word: str) -> bool:
    return bool(SUBJECT.match(word)) or word in TARGETS


def _is_check(word: str) -> bool:
    if CODE.fullmatch(word):
        return True
    return any(matches(check.code, check.slug, word) for check in catalogue())


def _demand_check(name: str) -> None:
    """See to it that there is a check of that name.

    Raises:
        UsageError: there is none.
    """
    select([name])


def _named(word: str) -> Named:
    return Named(word)


def _least(wanted: ShowOptions) -> Severity | None:
    try:
        return Severity.parse(wanted.severity) if wanted.severity else None
    except ValueError as error:
        raise UsageError(f"--severity: {error}") from None


def _short(word: str) -> str:
    return visible(word, longest=LONGEST_WORD)
