"""From a report's findings to the checklist: equal pages and equal causes stand once."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import TypeVar
from urllib.parse import quote

from hardenme.model.finding import Attested, Errored, Finding
from hardenme.model.report import CheckText, Report
from hardenme.model.severity import Severity
from hardenme.model.subject import Subject
from hardenme.model.unknown import WHAT_TO_DO, Unknown
from hardenme.model.verdict import Failed, Manual
from hardenme.reports.checklist import (
    ANY,
    ERRORED,
    Case,
    Cause,
    Checklist,
    Item,
    Place,
    Question,
    Statement,
)
from hardenme.reports.plain import first_sentence

ERRORED_ACTION = "The check itself broke: report it with this name; the other results stand."

NAMED = frozenset({"user", "org", "repo", "package"})
"""Kinds whose names say by themselves what they are."""
OPAQUE = re.compile(r"[0-9a-f-]{17,}")
"""Numbers that no person reads to the end."""
SHORT = 8

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)


def checklist_of(report: Report) -> Checklist:
    """Group a report's findings."""
    failed: list[tuple[Finding, Failed]] = []
    manual: list[tuple[Finding, Manual]] = []
    unknown: list[tuple[Finding, Unknown | Errored]] = []
    stated: list[tuple[Finding, Attested]] = []
    for finding in report.findings:
        outcome = finding.outcome
        if isinstance(outcome, Failed):
            failed.append((finding, outcome))
        elif isinstance(outcome, Manual):
            manual.append((finding, outcome))
        elif isinstance(outcome, Unknown | Errored):
            unknown.append((finding, outcome))
        elif isinstance(outcome, Attested):
            stated.append((finding, outcome))
    weights = Counter(weight(finding) for finding, _ in failed)
    return Checklist(
        severities={severity: weights[severity] for severity in sorted(weights, reverse=True)},
        places=_places(failed, report.checks),
        questions=_questions(manual),
        causes=_causes(unknown),
        statements=tuple(
            Statement(finding.code, name_of(finding), outcome.message, outcome.by, outcome.until)
            for finding, outcome in stated
        ),
    )


def weight(finding: Finding) -> Severity:
    """What a finding weighs: as its verdict says, else as its check does."""
    outcome = finding.outcome
    if isinstance(outcome, Failed) and outcome.severity is not None:
        return outcome.severity
    return finding.severity


def name_of(finding: Finding) -> str:
    """The subject in words, like `acme/web: deploy-key "ci" (77)`.

    A long number of the provider's is cut: the fix and the JSON have the whole of it.
    """
    subject, within, label = finding.subject, finding.within, finding.label
    if subject.kind in NAMED:
        return subject.name
    if subject == within:
        return f"{subject.kind} {subject.name}"
    own = subject.name.removeprefix(f"{within.name}/")
    shown = f"{own[:SHORT]}…" if OPAQUE.fullmatch(own) else own
    named = f'"{label}" ({shown})' if label and label not in {own, subject.name} else shown
    thing = f"{subject.kind} {named}"
    return thing if within.kind == "user" else f"{within.name}: {thing}"


def _places(
    failed: list[tuple[Finding, Failed]], texts: Mapping[str, CheckText]
) -> tuple[Place, ...]:
    pattern = _by(failed, lambda pair: _pattern(pair[1].fix.page, pair[0]))
    places = [
        Place(
            pages=tuple(sorted({outcome.fix.page for _, outcome in pairs if outcome.fix.page})),
            items=tuple(sorted(_items(pairs, texts), key=lambda item: (-item.severity, item.code))),
        )
        for pairs in pattern.values()
    ]
    return tuple(sorted(places, key=lambda place: (-place.worst, place.pages)))


def _own_names(finding: Finding) -> tuple[str, ...]:
    """The longest first, so that a name within another one is not replaced before it."""
    names = {*_spellings(finding.subject), *_spellings(finding.within), finding.label} - {""}
    return tuple(sorted(names, key=lambda name: (-len(name), name)))


def _pattern(page: str, finding: Finding) -> str:
    """The address with the subject's own name left out, so that like pages group together."""
    for subject in (finding.subject, finding.within):
        for name in _spellings(subject):
            page = re.sub(rf"(?<=/){re.escape(name)}(?=[/?#]|$)", ANY, page)
    return page


def _spellings(subject: Subject) -> tuple[str, ...]:
    name = subject.name
    quoted = (quote(name, safe=safe, errors="surrogatepass") for safe in ("/@", "/", "@", ""))
    return tuple(spelling for spelling in (name, *quoted) if spelling)


def _items(pairs: list[tuple[Finding, Failed]], texts: Mapping[str, CheckText]) -> Iterable[Item]:
    alike = _by(pairs, lambda pair: (pair[0].code, weight(pair[0])))
    for (code, severity), members in alike.items():
        text = texts.get(code)
        yield Item(
            code=code,
            slug=members[0][0].slug,
            severity=severity,
            title=text.summary if text else members[0][0].slug,
            why=first_sentence(text.why) if text else "",
            cases=tuple(
                Case(name_of(finding), outcome.message, outcome.fix, _own_names(finding))
                for finding, outcome in members
            ),
        )


def _questions(manual: list[tuple[Finding, Manual]]) -> tuple[Question, ...]:
    alike = _by(manual, lambda pair: (pair[1].page, pair[1].question))
    return tuple(
        Question(
            text=question,
            page=page,
            codes=_unique(finding.code for finding, _ in pairs),
            names=_unique(name_of(finding) for finding, _ in pairs),
        )
        for (page, question), pairs in sorted(alike.items())
    )


def _causes(unknown: list[tuple[Finding, Unknown | Errored]]) -> tuple[Cause, ...]:
    causes = [
        _cause(reason, needed, pairs)
        for (reason, needed), pairs in _by(unknown, lambda pair: _reason(pair[1])).items()
    ]
    return tuple(
        sorted(causes, key=lambda cause: (-cause.worst, -cause.count, cause.reason, cause.needed))
    )


def _reason(outcome: Unknown | Errored) -> tuple[str, str]:
    if isinstance(outcome, Errored):
        return (ERRORED, outcome.error)
    return (outcome.reason.value, outcome.needed)


def _cause(reason: str, needed: str, pairs: list[tuple[Finding, Unknown | Errored]]) -> Cause:
    first = pairs[0][1]
    seen = {outcome.seen for _, outcome in pairs if isinstance(outcome, Unknown)}
    return Cause(
        reason=reason,
        needed=needed,
        action=WHAT_TO_DO[first.reason] if isinstance(first, Unknown) else ERRORED_ACTION,
        seen=seen.pop() if len(seen) == 1 else "",
        codes=_unique(finding.code for finding, _ in pairs),
        names=_unique(name_of(finding) for finding, _ in pairs),
        count=len(pairs),
        worst=max(finding.severity for finding, _ in pairs),
    )


def _unique(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))


def _by(things: Iterable[T], key: Callable[[T], K]) -> dict[K, list[T]]:
    groups: defaultdict[K, list[T]] = defaultdict(list)
    for thing in things:
        groups[key(thing)].append(thing)
    return dict(groups)
