"""The promise, turned round: nobody who sees less is told anything better, or anything worse.

`test_never_a_false_pass.py` breaks what a finding read. What a collector takes as a guard stands in
no finding: that the account administers, that it owns, that it holds a scope, that a list has a
total. So here whole runs are compared. Each passing and each failing scene is judged once as it is.
Then somebody else asks for the same, who may do less, or a guard of an endpoint's answers is gone,
or a total is wrong. The world is the same, so a verdict may become unknown and nothing else: a pass
that was none before is false, and so is a failure. Where the truth is another one for whom asks
less, `EXPLAINED` says so.

Of the changes a part is tried with each scene, another one each time. `pytest --exhaustive` tries
all of them.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

import pytest

from hardenme.model.finding import Finding
from hardenme.model.report import Report
from tests.answers import Broken, Watched
from tests.askers import Asker, askers
from tests.running import Stage
from tests.scenes import SCENES

pytestmark = [pytest.mark.second_tier("whole runs of every case"), pytest.mark.sampled(5)]

VERDICTS = {"attested": "passed"}
DECIDED = frozenset({"passed", "failed", "not_applicable"})
OPEN = frozenset({"unknown", "errored", "manual"})
SIGHT = "GHT108"
"""Says how much of what the account owns the token does not show."""
ASKERS, ANSWERS = 12, 40
"""Of so many changes one is tried."""
TRIED: set[Broken] = set()
"""How an answer is read does not depend on the scene: each fault is tried with the first."""
EXPLAINED: tuple[tuple[str, str, str, str], ...] = (
    ("GHA102|GHA111", "membership", "not_applicable", "whoever owns no organization is not asked"),
    ("GHA111", "membership none", "", "there is no membership to judge"),
    ("GHA112", "membership none", "not_applicable", "no organization hides an invitation"),
    ("NPP115", "role|membership", "failed", "it asks whether the account runs the repository"),
    ("GHT105", "scope parts", "failed", "the parts of a scope that no check needs are too many"),
    ("GHT107", "scope|membership", "passed", "the token opens no private repository any more"),
    (SIGHT, "scope|sign-on|repositories", "failed", "the token does show less"),
    (SIGHT, "membership none", "passed", "nothing of an organization of others is hidden"),
    (
        r"NPP1\d\d|PUB10\d",
        r"/-/package/\{package\}/trust: .permissions absent",
        "failed",
        "a trust that was made before there were permissions may publish",
    ),
    ("GHR103", ".*, in silence", "passed|failed", "whether alerts are on is shown to all then"),
    ("GHR104|GHR129", ".*, in silence", "not_applicable", "that they are off is shown then too"),
    (
        "GHB110",
        r"Repositories: bypass\w+Allowances\.totalCount one more",
        "failed",
        "the count says that somebody is let past the rules",
    ),
    (
        ".*",
        r"Repositories: nodes\.isArchived absent",
        "nothing, then .*",
        "what may be archived is looked at like all else",
    ),
    (".*", "repositories none", "not_applicable", f"{SIGHT} says how many are not shown"),
)
"""Patterns of codes, changes and verdicts (or none) that may come of them, and why it is true."""
T = TypeVar("T")
Key = tuple[str, str]


def verdicts(report: Report) -> dict[Key, str]:
    """The results by check and subject."""
    return {
        (finding.code, str(finding.subject)): VERDICTS.get(finding.result, finding.result)
        for finding in report.findings
    }


def false(before: Report, after: Report, change: str) -> Iterator[str]:
    """What the second report says otherwise, beside that it does not know."""
    was, now = verdicts(before), verdicts(after)
    for key in sorted(was.keys() | now.keys()):
        code, subject = key
        result = now.get(key, "")
        told = f"{was.get(key, 'nothing')}, then {result}"
        if result == was.get(key) or _explained(code, change, result, told):
            continue
        if result in DECIDED:
            yield f"{code} {subject}: {told}"
    yield from _silent(before, after, change)


def _silent(before: Report, after: Report, change: str) -> Iterator[str]:
    """Failures of which the second report says nothing at all.

    What a check was not decided on it says itself. A repository that is not there at all is spoken
    of by the check of the token's sight, or in a note on what the run could not see.
    """
    now = verdicts(after)
    undecided = {code for (code, _), result in now.items() if result in OPEN}
    seen = {place for finding in after.findings for place in _places(finding)}
    short = any(code == SIGHT and result != "passed" for (code, _), result in now.items())
    told = short or bool(after.coverage.notes)
    for finding in before.findings:
        key = (finding.code, str(finding.subject))
        known = key in now or finding.code in undecided or _explained(finding.code, change, "")
        if finding.result != "failed" or known:
            continue
        if not (told and seen.isdisjoint(_places(finding))):
            yield f"{finding.code} {finding.subject}: failed, then nothing"


def _places(finding: Finding) -> set[str]:
    return {str(finding.subject), str(finding.within)}


def _explained(code: str, change: str, *results: str) -> bool:
    return any(
        re.fullmatch(codes, code)
        and re.match(changes, change)
        and any(re.fullmatch(verdict, result) for result in results)
        for codes, changes, verdict, _why in EXPLAINED
    )


def part(items: Sequence[T], of: int, name: str) -> Sequence[T]:
    """One of so many items; which, a name decides."""
    return items[zlib.crc32(name.encode()) % of :: of]


def judged(name: str, at: Stage) -> tuple[Report, list[Broken]]:
    """What is said of a scene as it is, and all that its answers could lack."""
    watched = Watched()
    with watched.watching(at):
        report = SCENES[name].judged(at)
    return report, list(watched.broken())


def compared(name: str, at: Stage, before: Report, changes: Iterable[Asker | Broken]) -> None:
    """Judge a scene again with each of the changes.

    Raises:
        AssertionError: with what is told otherwise, by change.
    """
    wrong = {}
    for change in changes:
        with change.asking(at):
            after = SCENES[name].judged(at)
        if told := list(false(before, after, str(change))):
            wrong[str(change)] = told
    assert not wrong, json.dumps(wrong, indent=1)


@pytest.mark.sampled(20)
@pytest.mark.parametrize("name", SCENES)
def test_nobody_who_may_do_less_is_told_anything_else(
    name: str,
    exhaustive: bool,  # noqa: FBT001 (a fixture)
) -> None:
    with SCENES[name].open() as at:
        every = list(askers(at))
        if chosen := every if exhaustive else part(every, ASKERS, name):
            compared(name, at, judged(name, at)[0], chosen)


@pytest.mark.sampled(20)
@pytest.mark.parametrize("name", SCENES)
def test_no_answer_that_lacks_something_says_anything_else(
    name: str,
    exhaustive: bool,  # noqa: FBT001 (a fixture)
) -> None:
    with SCENES[name].open() as at:
        before, every = judged(name, at)
        new = [fault for fault in every if fault not in TRIED]
        chosen = new if exhaustive else part(new, ANSWERS, name)
        TRIED.update(chosen)
        compared(name, at, before, chosen)


def test_a_scene_is_judged_the_same_twice_and_everybody_is_there() -> None:
    """What is compared does not differ by itself, and there is somebody who may do less."""
    kinds = set()
    for name in ("classic", "organization app", "orderly workstation"):
        with SCENES[name].open() as at:
            compared(name, at, judged(name, at)[0], [Asker("nobody", "else", {})])
            kinds |= {asker.kind for asker in askers(at)}
    assert kinds == {"role", "membership", "scope", "permission", "sign-on", "repositories"}
