"""From a report's findings to the checklist: equal pages and equal causes are merged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from urllib.parse import quote

from hardenme.model.finding import Attested, Errored, Finding
from hardenme.model.finding_summary import weight
from hardenme.model.report import CheckText, Report
from hardenme.model.severity import Severity
from hardenme.model.subject import Subject
from hardenme.model.text import short_id
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Failed, Fix, Manual
from hardenme.reports.checklist import (
    ANY,
    ERRORED,
    AttestedFinding,
    Checklist,
    ChecklistItem,
    ChecklistQuestion,
    FailedSubject,
    FixPlace,
)
from hardenme.reports.gathering import KEPT, Blocked, Gathering
from hardenme.reports.members import Members
from hardenme.reports.plain import first_sentence
from hardenme.reports.waived import Acceptance

ERRORED_ACTION = "The check itself broke: report it with this name; the other results stand."

NAMED = frozenset({"user", "org", "repo", "package"})
"""Kinds whose names say by themselves what they are."""
THIS = "this"
"""The name of something that a machine has only one of."""

Way = tuple[str, str, str]
"""The step, the page and the command of a fix: two fixes that share them are the same."""


def checklist_of(report: Report, kept: int = KEPT) -> Checklist:
    """Group a report's findings, each of which is looked at once.

    Args:
        kept: subjects of an item that are kept with their texts; all others are counted.
    """
    groups = _Groups(report.checks, Acceptance(report.started, kept), kept)
    for finding in report.findings:
        groups.take(finding)
    return groups.checklist()


class _Groups:
    """Findings, put together while they come."""

    def __init__(self, texts: Mapping[str, CheckText], accepted: Acceptance, kept: int) -> None:
        self._texts = texts
        self._kept = kept
        self._accepted = accepted
        self._weights: Counter[Severity] = Counter()
        self._wider: dict[tuple[str, Way], Gathering] = {}
        self._own: dict[str, dict[tuple[str, Severity], Gathering]] = {}
        self._above: list[tuple[Finding, Failed]] = []
        self._alone: dict[tuple[str, Way], Finding] = {}
        self._questions: dict[tuple[str, str], tuple[dict[str, None], dict[str, None]]] = {}
        self._causes: dict[tuple[str, str], Blocked] = {}
        self._statements: list[AttestedFinding] = []
        self._members = Members()

    def take(self, finding: Finding) -> None:
        """One more finding."""
        outcome = finding.outcome
        self._members.take(finding)
        if finding.waiver is not None:
            self._accepted.take(finding, name_of(finding), weight(finding))
        elif isinstance(outcome, Failed):
            self._weights[weight(finding)] += 1
            self._fail(finding, outcome)
        elif isinstance(outcome, Manual):
            key = (outcome.page, outcome.question)
            codes, names = self._questions.setdefault(key, ({}, {}))
            codes.setdefault(finding.code)
            names.setdefault(name_of(finding))
        elif isinstance(outcome, Unknown | Errored):
            self._block(finding, outcome)
        elif isinstance(outcome, Attested):
            name = name_of(finding)
            stated = AttestedFinding(finding.code, name, outcome.message, outcome.by, outcome.until)
            self._statements.append(stated)

    def _fail(self, finding: Finding, outcome: Failed) -> None:
        wider = outcome.fix.wider
        if wider is not None:
            self._closed_by(finding, outcome, wider)
        elif finding.subject.kind == "org":
            # Whether it is closed by the same step as others is known at the end.
            self._above.append((finding, outcome))
        else:
            self._by_itself(finding, outcome)

    def _closed_by(self, finding: Finding, outcome: Failed, wider: Fix) -> None:
        key = (finding.code, _way(wider))
        if key not in self._wider:
            self._wider[key] = self._gathering(finding, wider)
            self._alone[key] = finding
        else:
            self._alone.pop(key, None)
        self._wider[key].add(_case(finding, outcome), weight(finding))

    def _gathering(self, finding: Finding, wider: Fix | None = None) -> Gathering:
        return Gathering(finding.code, finding.slug, finding.title, wider, kept=self._kept)

    def _by_itself(self, finding: Finding, outcome: Failed, *, first: bool = False) -> None:
        items = self._own.setdefault(page_pattern(outcome.fix.page, finding), {})
        key = (finding.code, weight(finding))
        gathering = items.setdefault(key, self._gathering(finding))
        gathering.add(_case(finding, outcome), weight(finding), first=first)

    def _block(self, finding: Finding, outcome: Unknown | Errored) -> None:
        reason, needed, action, seen = _blocking(outcome)
        blocked = self._causes.setdefault((reason, needed), Blocked(reason, needed, action))
        blocked.add(finding.code, name_of(finding), finding.severity, seen)

    def checklist(self) -> Checklist:
        """All groups, sorted."""
        self._sort_out()
        return Checklist(
            severities={
                severity: self._weights[severity]
                for severity in sorted(self._weights, reverse=True)
            },
            places=self._places(),
            questions=tuple(
                ChecklistQuestion(question, page, tuple(codes), tuple(names))
                for (page, question), (codes, names) in sorted(self._questions.items())
            ),
            causes=tuple(
                sorted(
                    (blocked.cause() for blocked in self._causes.values()),
                    key=lambda cause: (-cause.worst, -cause.count, cause.reason, cause.needed),
                )
            ),
            statements=tuple(self._statements),
            members=self._members.all(),
            accepted=self._accepted.all(),
        )

    def _sort_out(self) -> None:
        """Decide what could not be decided before all was seen.

        An organization's own finding joins those that the same step closes; what a wider step
        would close alone is shown with its own step.
        """
        for finding, outcome in reversed(self._above):
            key = (finding.code, _way(outcome.fix))
            if key in self._wider:
                self._wider[key].add(_case(finding, outcome), weight(finding), first=True)
                self._alone.pop(key, None)
            else:
                self._by_itself(finding, outcome, first=True)
        self._above.clear()
        for key, finding in self._alone.items():
            del self._wider[key]
            if isinstance(finding.outcome, Failed):
                self._by_itself(finding, finding.outcome)
        self._alone.clear()

    def _places(self) -> tuple[FixPlace, ...]:
        pages: dict[tuple[str, ...], list[Gathering]] = {}
        for items in self._own.values():
            found = tuple(sorted(set[str]().union(*(item.pages for item in items.values()))))
            pages.setdefault(found, []).extend(items.values())
        for (_, (_, page, _)), item in self._wider.items():
            pages.setdefault((page,) if page else (), []).append(item)
        places = [
            FixPlace(found, tuple(sorted(map(self._item, items), key=_worst)))
            for found, items in pages.items()
        ]
        return tuple(sorted(places, key=lambda place: (*_worst(place.items[0])[:2], place.pages)))

    def _item(self, gathering: Gathering) -> ChecklistItem:
        text = self._texts.get(gathering.code)
        return gathering.item("" if text is None else first_sentence(text.why))


def _worst(item: ChecklistItem) -> tuple[int, int, str]:
    return -item.severity, -item.closes, item.code


def _way(fix: Fix) -> Way:
    return fix.step, fix.page, fix.command


def _case(finding: Finding, outcome: Failed) -> FailedSubject:
    own = own_names(finding)
    return FailedSubject(
        name_of(finding), outcome.message, outcome.fix, own, finding, finding.lapsed
    )


def _blocking(outcome: Unknown | Errored) -> tuple[str, str, str, Iterable[str]]:
    if isinstance(outcome, Errored):
        return ERRORED, outcome.error, ERRORED_ACTION, ()
    return outcome.reason.value, outcome.needed, outcome.what_to_do, (outcome.seen,)


def name_of(finding: Finding) -> str:
    """The subject in words, like `acme/web: deploy-key "ci" (77)`.

    A long number of the provider's is cut: the fix and the JSON have the whole of it.
    """
    subject, within, label = finding.subject, finding.within, finding.label
    if subject.kind in NAMED:
        return subject.name
    if subject.name == THIS and subject.provider == "local":
        return f"this machine's {subject.kind}"
    if subject == within:
        return f"{subject.kind} {subject.name}"
    own = subject.name.removeprefix(f"{within.name}/")
    shown = short_id(own)
    named = f'"{label}" ({shown})' if label and label not in {own, subject.name} else shown
    thing = f"{subject.kind} {named}"
    if within.name == THIS and within.kind == "workstation":
        return f"{thing} on this machine"
    return thing if within.kind == "user" else f"{within.name}: {thing}"


def own_names(finding: Finding) -> tuple[str, ...]:
    """The longest first, so that a name within another one is not replaced before it."""
    names = {*_spellings(finding.subject), *_spellings(finding.within), finding.label} - {""}
    return tuple(sorted(names, key=lambda name: (-len(name), name)))


def page_pattern(page: str, finding: Finding) -> str:
    """The address with the subject's own name left out, so that like pages group together."""
    for subject in dict.fromkeys((finding.subject, finding.within)):
        for name in _spellings(subject):
            page = _without(page, name)
    return page


def _without(page: str, name: str) -> str:
    """The address with a placeholder for a name, wherever that is a whole part between slashes."""
    start = page.find(f"/{name}")
    while start >= 0:
        end = start + 1 + len(name)
        if end == len(page) or page[end] in "/?#":
            page = f"{page[: start + 1]}{ANY}{page[end:]}"
            end = start + 1 + len(ANY)
        start = page.find(f"/{name}", end)
    return page


@lru_cache(maxsize=256)
def _spellings(subject: Subject) -> tuple[str, ...]:
    name = subject.name
    quoted = (quote(name, safe=safe, errors="surrogatepass") for safe in ("/@", "/", "@", ""))
    return tuple(dict.fromkeys(spelling for spelling in (name, *quoted) if spelling))
