"""What a shell offers from the last kept run: checks, steps and subjects. Nobody is asked.

Where there is no run, or one that cannot be read, nothing is offered and nothing is said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from hardenme.cli.completion.words import Offer, one_check

if TYPE_CHECKING:
    from hardenme.model.finding import Finding
    from hardenme.model.report import Report

LARGEST = 8 * 1024 * 1024
"""Bytes of a run that is read for this: a larger one would hold up the shell."""
MOST = 100
"""Words that are offered whole. Of more, each is offered up to where the next part of it begins."""
PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9@:/._~+-]*")
"""Words that mean nothing else to any shell. Names in a run are others' to choose."""
MEANING = 100
"""Characters of what stands beside a word."""
Params = Mapping[str, Any]
FromRun = Callable[[Params, str], list[Offer]]
"""Gets the arguments that are typed already, and the word that is begun."""


def steps(given: Params, incomplete: str) -> list[Offer]:
    """The steps of the plan: by number, and by id where one is begun."""
    from hardenme.reports.fixplan.making import plan_of  # noqa: PLC0415 (start-up is a feature)

    report = None if given.get("words") else _last(given)
    if report is None:
        return []
    plan = plan_of(report)
    numbers = [(str(step.number), step.title) for step in plan.steps]
    ids = [(step.id, step.title) for step in plan.steps if incomplete]
    return _begun(incomplete, [*numbers, *ids])


def shown(given: Params, incomplete: str) -> list[Offer]:
    """The checks of which the run has results, and their subjects."""
    if any("." in word or word == "-" for word in given.get("words") or ()):
        # A file was named, which may be of any run.
        return one_check(incomplete)
    found = list(_findings(given))
    return _codes(found, incomplete) + _subjects(found, incomplete)


def failed(given: Params, incomplete: str) -> list[Offer]:
    """The checks that failed, and nobody accepts that; all checks where none begins so."""
    return _checks(given, incomplete, _fails)


def failing(given: Params, incomplete: str) -> list[Offer]:
    """What the check failed for."""
    return _about(given, incomplete, _fails)


def asking(given: Params, incomplete: str) -> list[Offer]:
    """The checks that ask a person; all checks where none begins so."""
    return _checks(given, incomplete, _asks)


def asked(given: Params, incomplete: str) -> list[Offer]:
    """What the check asks about; with `--withdraw`, what has an answer on record."""
    if not given.get("withdraw"):
        return _about(given, incomplete, _asks)
    from hardenme.ground.places import state_folder  # noqa: PLC0415
    from hardenme.store.attestations import newest, read  # noqa: PLC0415 (start-up is a feature)

    code = _code(given)
    said = newest(read(state_folder()).statements)
    words = (one.subject for one in said if one.code == code and one.answer != "withdrawn")
    return _begun(incomplete, ((word, "") for word in words))


BY_COMMAND: Mapping[tuple[str, str], FromRun] = {
    ("fix", "words"): steps,
    ("show", "words"): shown,
    ("add", "code"): failed,
    ("add", "subject"): failing,
    ("attest", "code"): asking,
    ("attest", "subjects"): asked,
}
"""What is offered for an argument, by its command's name and its own."""


def offered(source: FromRun, given: Params, incomplete: str) -> list[Offer]:
    """What is offered; nothing where anything goes wrong, since a shell has nowhere to say it."""
    with suppress(Exception):
        return source(given, incomplete)
    return []


def _last(given: Params) -> Report | None:
    """The last run, unless there is none, or it is too large to be read while somebody types."""
    from hardenme.cli.stored.runs import kept, read, runs  # noqa: PLC0415 (start-up is a feature)

    newest = next(iter(kept(runs(demo=bool(given.get("demo"))))), None)
    return None if newest is None or newest.size > LARGEST else read(newest)


def _findings(given: Params) -> Iterator[Finding]:
    # Without a run that can be read, a check's code is completed all the same.
    with suppress(Exception):
        report = _last(given)
        if report is not None:
            yield from report.findings


def _fails(finding: Finding) -> bool:
    return finding.fails


def _asks(finding: Finding) -> bool:
    from hardenme.model.finding import question_in  # noqa: PLC0415 (start-up is a feature)

    return question_in(finding.outcome) is not None


def _checks(given: Params, incomplete: str, wanted: Callable[[Finding], bool]) -> list[Offer]:
    found = filter(wanted, _findings(given))
    return _codes(found, incomplete) or one_check(incomplete)


def _about(given: Params, incomplete: str, wanted: Callable[[Finding], bool]) -> list[Offer]:
    code = _code(given)
    return _subjects(
        (one for one in _findings(given) if one.code == code and wanted(one)),
        incomplete,
        without=frozenset(given.get("subjects") or ()),
    )


def _code(given: Params) -> str:
    """The code of the check that is named by code or slug."""
    from hardenme.engine.catalogue import find  # noqa: PLC0415 (start-up is a feature)

    return find(str(given.get("code") or "")).code


def _codes(findings: Iterable[Finding], incomplete: str) -> list[Offer]:
    titles: dict[str, str] = {}
    for one in findings:
        titles.setdefault(one.code.lower() if incomplete.islower() else one.code, one.title)
        if incomplete and one.slug.startswith(incomplete):
            titles.setdefault(one.slug, one.title)
    return _begun(incomplete, sorted(titles.items()))


def _subjects(
    findings: Iterable[Finding], incomplete: str, *, without: frozenset[str] = frozenset()
) -> list[Offer]:
    words = {str(one.subject) for one in findings} - without
    return _begun(incomplete, ((word, "") for word in sorted(words)))


def _begun(incomplete: str, offers: Iterable[Offer]) -> list[Offer]:
    """Those that begin so and are plain, with what they mean in one visible line."""
    from hardenme.model.secret import redact  # noqa: PLC0415 (start-up is a feature)
    from hardenme.model.text import visible  # noqa: PLC0415

    found = {
        word: visible(redact(text), longest=MEANING)
        for word, text in offers
        if word.startswith(incomplete) and word != incomplete and PLAIN.fullmatch(word)
    }
    return [(word, found.get(word, "")) for word in _stepwise(list(found), len(incomplete))]


def _stepwise(words: list[str], start: int) -> list[str]:
    """The words; where they are many, up to the first `/` or `:` by which they differ."""
    while len(words) > MOST:
        cut = list(dict.fromkeys(word[: _end(word, start)] for word in words))
        if len(cut) > 1:
            return cut
        start = len(cut[0])
    return words


def _end(word: str, start: int) -> int:
    ends = [at + 1 for mark in "/:" if (at := word.find(mark, start)) >= 0]
    return min(ends, default=len(word))
