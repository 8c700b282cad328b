"""A part of a report that is a report itself, so that every format can be made from it.

What is cut away is counted in it: a part must not look like the whole of a run.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import overload

from hardenme.engine.catalogue import matches
from hardenme.engine.target import Target
from hardenme.ground.errors import UsageError
from hardenme.model.finding import Errored, Finding
from hardenme.model.finding_summary import FindingSummary, glances, picked, weight
from hardenme.model.inventory import Place
from hardenme.model.last_known import LastKnown
from hardenme.model.person import of_person, person_about, person_of
from hardenme.model.publishing import PackagePaths, Publishing
from hardenme.model.report import SELECTION, Report, WholeRun
from hardenme.model.severity import Severity
from hardenme.model.subject import Subject
from hardenme.model.unknown import Unknown
from hardenme.model.waiver import Waivers, fits, plain_id, shown_id

PATHS_LEFT_OUT = "Who can publish is left out of this selection"
LOST = frozenset({"unknown", "errored"})
"""The results that are not known."""


class Named:
    """What a word of the command line names: a subject's id, also with `*`, or a target.

    A target names everything in it: `github:acme` each repository and member of acme.

    Attributes:
        text: the word.

    Raises:
        UsageError: it is neither.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._target = _target(text)
        self._id = plain_id(text)
        if self._target is None:
            _demand_id(text)

    def covers(self, *subjects: Subject) -> bool:
        """Whether one of these is named, or is in something that is."""
        return any(self._is(one) or self._holds(one) for one in subjects)

    def _is(self, subject: Subject) -> bool:
        return fits(shown_id(subject), self._id)

    def _holds(self, subject: Subject) -> bool:
        target = self._target
        if target is None:
            return False
        if target.kind in {"me", "local"}:
            return target.kind == "me" or subject.provider == "local"
        if subject.provider != target.provider:
            return False
        # A subject within one of these names it as its container.
        if target.kind == "npm-package":
            return (subject.kind, subject.name) == ("package", target.name)
        if target.kind == "npm-scope":
            package = subject.kind == "package" and subject.name.startswith(f"@{target.name}/")
            return package or (subject.kind, subject.name) == ("org", target.name)
        name = subject.name.lower()
        if subject.kind == "repo":
            return target.name.lower() in {name, name.partition("/")[0]}
        return subject.kind in {"user", "org"} and name == target.name.lower()


@dataclass(frozen=True, slots=True)
class ReportFilter:
    """What of a report is wanted. Of several conditions all have to hold.

    Attributes:
        codes: checks, by codes, slugs or the beginning of a code; one of them; empty for all.
        named: subjects; one of them; empty for all.
        repositories: as `OWNER/REPO`, or the name alone; one of them; empty for all.
        unknown: only what is not known.
        least: the severity from which on findings are wanted; None for all.
    """

    codes: tuple[str, ...] = ()
    named: tuple[Named, ...] = ()
    repositories: tuple[str, ...] = ()
    unknown: bool = False
    least: Severity | None = None

    def __bool__(self) -> bool:
        return not self.of_places or bool(self.named or self.repositories)

    @property
    def of_places(self) -> bool:
        """Whether it only names places, so that everything found there is wanted."""
        return not (self.codes or self.unknown) and self.least is None

    def lies(self, *subjects: Subject) -> bool:
        """Whether a subject, or what it belongs to, is wanted."""
        if self.named and not any(one.covers(*subjects) for one in self.named):
            return False
        wanted = self.repositories
        return not wanted or any(is_repository(one, name) for one in subjects for name in wanted)

    def takes(self, finding: Finding) -> bool:
        """Whether a finding is wanted."""
        if self.codes and not any(matches(finding.code, finding.slug, one) for one in self.codes):
            return False
        if self.unknown and not isinstance(finding.outcome, Unknown | Errored):
            return False
        if self.least is not None and weight(finding) < self.least:
            return False
        return self.lies(finding.subject, finding.within)


ALL = ReportFilter()
"""Everything."""


def cut(report: Report, wanted: ReportFilter) -> Report:
    """The part of a report that is wanted; the report itself where nothing is cut away."""
    if not wanted:
        return report
    chosen = FilteredFindings.of(report.findings, wanted.takes)
    publishing = _paths(report.publishing, wanted)
    notes = [_share(chosen, len(report.findings))]
    if report.publishing is not None and publishing is None:
        notes.append(PATHS_LEFT_OUT)
    places = (one for one in report.inventory if wanted.of_places and wanted.lies(one.subject))
    return narrowed(report, chosen, tuple(notes), publishing=publishing, inventory=tuple(places))


def cuts(report: Report, several: Iterable[ReportFilter]) -> Iterator[Report]:
    """What `cut` gives for each of several: parts of one run, so that its plan is made once."""
    report = _as_whole(report)
    return (cut(report, wanted) for wanted in several)


def _as_whole(report: Report) -> Report:
    """A report whose parts all have the same run."""
    return replace(report, whole=report.whole or WholeRun(report))


def of_member(
    report: Report, login: str, lists: Collection[str] = (), wanted: ReportFilter = ALL
) -> Report:
    """The findings about a person, and those lists of people that are not known.

    Without the latter, a person on a list that could not be read would look clean.

    Args:
        login: the person's account, in upper or lower case.
        lists: the checks whose subjects are people.
    """

    def takes(finding: Finding) -> bool:
        lost = finding.code in lists and isinstance(finding.outcome, Unknown | Errored)
        theirs = bool(of_person((finding,), login)) or (lost and not person_about(finding))
        return theirs and wanted.takes(finding)

    chosen = FilteredFindings.of(report.findings, takes)
    return narrowed(report, chosen, (_share(chosen, len(report.findings)),))


def each_member(report: Report, lists: Collection[str]) -> Iterator[tuple[str, Report]]:
    """Each member and outsider, by login, with what an organization or repository says of them.

    What is about an account itself stays with the one who ran the audit: `of_member` has it.

    Args:
        lists: the checks whose subjects are people.
    """
    lost: list[int] = []
    people: dict[str, tuple[str, list[int]]] = {}
    for at, finding in enumerate(report.findings):
        login = person_of(finding.subject)
        if login:
            people.setdefault(login.lower(), (login, []))[1].append(at)
        elif finding.code in lists and isinstance(finding.outcome, Unknown | Errored):
            lost.append(at)
    report = _as_whole(report)
    for _, (login, places) in sorted(people.items()):
        chosen = FilteredFindings(report.findings, sorted((*lost, *places)))
        notes = (_share(chosen, len(report.findings)),)
        yield login, narrowed(report, chosen, notes)


PLACES = frozenset({"repo", "package", "org", "user"})
"""Kinds of subject that everything else belongs to."""


def each_place(report: Report) -> Iterator[tuple[Subject, Report]]:
    """Each repository, package, account and organization, with what was found there."""
    found: dict[Subject, list[int]] = {}
    report = _as_whole(report)
    for at, finding in enumerate(report.findings):
        found.setdefault(_place(finding), []).append(at)
    for place, places in sorted(found.items(), key=lambda item: str(item[0])):
        chosen = FilteredFindings(report.findings, places)
        notes = (_share(chosen, len(report.findings)),)
        publishing = None
        if place.kind == "package":
            publishing = _paths(report.publishing, ReportFilter(named=(Named(str(place)),)))
        yield place, narrowed(report, chosen, notes, publishing=publishing)


def _place(finding: Finding) -> Subject:
    """What a finding is filed under: what it belongs to, where that is a place by itself."""
    within = finding.within
    return (
        within if within.kind in PLACES or finding.subject.kind not in PLACES else finding.subject
    )


def narrowed(
    report: Report,
    chosen: Sequence[Finding],
    notes: tuple[str, ...],
    *,
    publishing: Publishing | None = None,
    inventory: tuple[Place, ...] = (),
) -> Report:
    """The report with these findings alone: what is counted is counted anew.

    Remarks on a run as a whole, such as waivers that accept nothing and the controls of standards,
    do not apply to a part. The reason why a run stopped early does.
    """
    seen = [(one.code, one.result) for one in chosen]
    asked = [result for _, result in seen if result != "manual"]
    known = sum(result not in LOST for result in asked)
    codes = {code for code, _ in seen}
    coverage = replace(
        report.coverage,
        known=known,
        asked=len(asked),
        checks=len(codes),
        notes=(*notes, *report.coverage.notes),
    )
    return replace(
        report,
        findings=chosen,
        checks={code: text for code, text in report.checks.items() if code in codes},
        coverage=coverage,
        publishing=publishing,
        waivers=Waivers(),
        standards=(),
        inventory=inventory,
        carried=LastKnown(),
        holders=None,
        trend=(),
        whole=report.whole or WholeRun(report),
    )


class FilteredFindings(Sequence[Finding]):
    """Some of a report's findings, which are gone through where they lie.

    Attributes:
        places: which ones, in their order.
    """

    def __init__(self, findings: Sequence[Finding], places: Sequence[int]) -> None:
        self.places = places
        self._findings = findings

    @classmethod
    def of(cls, findings: Sequence[Finding], takes: Callable[[Finding], bool]) -> FilteredFindings:
        """Those that are taken, found by one pass."""
        return cls(findings, array("L", (at for at, one in enumerate(findings) if takes(one))))

    def __len__(self) -> int:
        return len(self.places)

    def __iter__(self) -> Iterator[Finding]:
        return (one for _, one in picked(self._findings, self.places))

    @overload
    def __getitem__(self, index: int) -> Finding: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Finding]: ...
    def __getitem__(self, index: int | slice) -> Finding | Sequence[Finding]:
        return tuple(self)[index]

    def glances(self) -> Iterator[FindingSummary]:
        """Each of them at a glance, in their order."""
        wanted = frozenset(self.places)
        return (one for at, one in enumerate(glances(self._findings)) if at in wanted)

    def picked(self, places: Collection[int]) -> Iterator[tuple[int, Finding]]:
        """Those at these places among the chosen ones, in their order."""
        own = {self.places[place]: place for place in places}
        return ((own[at], one) for at, one in picked(self._findings, own))


def is_repository(subject: Subject, name: str) -> bool:
    """Whether a subject is the repository of that name, or is in it.

    Args:
        subject: of whatever kind.
        name: `OWNER/REPO`, or the repository's own name, in upper or lower case.
    """
    if (subject.provider, subject.kind) != ("github", "repo"):
        return False
    owned, wanted = subject.name.lower(), name.lower()
    return owned == wanted or owned.partition("/")[2] == wanted


def _share(chosen: Sequence[Finding], of: int) -> str:
    results = "1 result" if of == 1 else f"{of} results"
    return f"{SELECTION}: {len(chosen)} of the {results} of the run"


def _paths(publishing: Publishing | None, wanted: ReportFilter) -> Publishing | None:
    """Who can publish the packages that are wanted; None if it is not about packages."""
    if publishing is None or not wanted.of_places:
        return None

    def lies(package: str) -> bool:
        return wanted.lies(Subject("npm", "package", package))

    packages: tuple[PackagePaths, ...] = tuple(
        one for one in publishing.packages if lies(one.package)
    )
    reaches = tuple(one for one in publishing.reaches if any(map(lies, one.packages)))
    return Publishing(packages, reaches) if packages else None


def _target(text: str) -> Target | None:
    try:
        return Target.parse(text)
    except UsageError:
        return None


def _demand_id(text: str) -> None:
    """See to it that a text is an id.

    Raises:
        UsageError: it is none.
    """
    try:
        Subject.parse(text)
    except ValueError:
        Target.parse(text)
