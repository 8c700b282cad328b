"""Whatever the world does and whatever a run can see of it: each change is told once."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from hardenme.drift import compare, follow
from hardenme.drift.steps import KNOWN
from hardenme.model.drift import DriftStep, Turn
from hardenme.model.finding import Finding
from hardenme.model.inventory import InventoryItem, Place, State
from hardenme.model.report import Report
from hardenme.model.severity import Severity
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason
from tests.drift.compared import ORG, REFUSED, WEB, finding, key, owner, place, report, repository

QUICK = settings(max_examples=60)
STATES = tuple(
    (result, severity)
    for result in ("failed", "waived", "passed")
    for severity in (Severity.LOW, Severity.HIGH)
    if not (result == "passed" and severity is Severity.LOW)
)
BLIND = ("unknown", "errored", "absent", "halted")
"""How a run does not see a finding. In one that was halted nothing is seen of its repository."""
SUBJECTS = tuple(Subject("github", "hook", f"acme/web/{number}") for number in range(3))

worlds = st.tuples(*(st.sampled_from(STATES) for _ in SUBJECTS))
sights = st.tuples(*(st.sampled_from(("seen", *BLIND)) for _ in SUBJECTS))
weeks = st.lists(st.tuples(worlds, sights), min_size=1, max_size=8)
Known = tuple[str, Severity]


def seen(week: int, world: tuple[Known, ...], sight: tuple[str, ...]) -> Report:
    """What a run sees of the world. A hook that it does not name is not proven to be gone."""
    halted = "halted" in sight
    found = []
    for subject, (result, severity), how in zip(SUBJECTS, world, sight, strict=True):
        if how == "seen" and not halted:
            found.append(finding(result, subject, WEB, severity=severity))
        elif how in {"unknown", "errored"} and not halted:
            found.append(finding(how, subject, WEB))
    if not halted:
        found.append(finding("unknown", WEB, ORG))
    return report(*found, week=week, halted=Reason.RATE_LIMITED if halted else None)


@QUICK
@given(weeks)
def test_each_change_of_a_finding_is_told_once_by_the_first_run_that_sees_it(
    run: list[tuple[tuple[Known, ...], tuple[str, ...]]],
) -> None:
    known: dict[Subject, Known | None] = dict.fromkeys(SUBJECTS)
    lost = dict.fromkeys(SUBJECTS, False)
    before: Report | None = None
    for week, (world, sight) in enumerate(run):
        drift, before = follow(before, seen(week, world, sight))
        told = {one.subject: one.step for one in drift.changes}
        assert len(told) == len(drift.changes)
        for subject, state, how in zip(SUBJECTS, world, sight, strict=True):
            step, once = told.get(subject), known[subject]
            if how != "seen" or "halted" in sight:
                assert step is (DriftStep.LOST if once and not lost[subject] else None)
                lost[subject] = once is not None
                continue
            if week == 0 or (once is None and state[0] == "passed"):
                assert step is None
            elif once is None or once != state:
                assert step not in {None, DriftStep.LOST, DriftStep.SEEN}
                assert (step is DriftStep.FIXED) == (state[0] == "passed")
                # Of the repository no run knows which hooks there are.
                assert (step is DriftStep.FIRST) == (once is None and state[0] == "failed")
                assert step is not DriftStep.NEW or once is not None
            else:
                assert step is (DriftStep.SEEN if lost[subject] else None)
            known[subject], lost[subject] = state, False


KEYS = st.frozensets(st.integers(1, 4))
lists = st.tuples(KEYS, st.booleans(), st.sampled_from(("whole", "part", "none", "halted")), KEYS)


@QUICK
@given(st.lists(lists, min_size=1, max_size=8))
def test_each_key_that_comes_or_goes_is_told_once_by_the_first_run_that_sees_it(
    run: list[tuple[frozenset[int], bool, str, frozenset[int]]],
) -> None:
    told: dict[int, bool] = {}
    whole = False
    before: Report | None = None
    for week, (there, writes, sight, part) in enumerate(run):
        items = [key(number, read_only=not writes) for number in sorted(there)]
        shown = items if sight == "whole" else [one for one in items if int(one.label[4:]) in part]
        places = {
            "whole": [place(*items)],
            "part": [place(*shown, why=REFUSED)],
            "none": [place(why=REFUSED)],
            "halted": [],
        }[sight]
        halted = Reason.RATE_LIMITED if sight == "halted" else None
        drift, before = follow(before, report(places=places, week=week, halted=halted))
        visible = {int(one.label[4:]) for one in (shown if sight in {"whole", "part"} else [])}
        for number in range(1, 5):
            turns = [
                one.turn
                for one in drift.items
                if (item := one.after or one.before) is not None and item.label == f"key {number}"
            ]
            turns = [one for one in turns if one not in {Turn.LOST, Turn.SEEN}]
            if number in visible:
                if number in told:
                    assert turns == ([Turn.CHANGED] if told[number] != writes else [])
                else:
                    assert turns == ([Turn.APPEARED] if whole and week else [])
                told[number] = writes
            elif sight == "whole" and number in told:
                assert turns == [Turn.VANISHED]
                del told[number]
            else:
                assert turns == []
        whole = whole or sight == "whole"


results = st.sampled_from((*sorted(KNOWN), "unknown", "errored", "manual"))
findings = st.lists(
    st.builds(
        finding,
        results,
        st.sampled_from((*SUBJECTS, WEB, ORG)),
        st.sampled_from((WEB, ORG)),
        st.sampled_from(("GHR101", "GHR102")),
        st.sampled_from((Severity.LOW, Severity.HIGH)),
    ),
    max_size=6,
    unique_by=lambda one: (one.code, one.subject),
)
places = st.lists(
    st.builds(
        lambda keys, subject, why: place(*map(key, sorted(keys)), subject=subject, why=why),
        KEYS,
        st.sampled_from((WEB, Subject("github", "repo", "acme/api"))),
        st.sampled_from((None, REFUSED)),
    ),
    max_size=2,
    unique_by=lambda one: one.subject,
)
halts = st.sampled_from((None, Reason.RATE_LIMITED))
reports = st.builds(
    lambda found, seen, halted: report(*found, places=seen, halted=halted), findings, places, halts
)


@QUICK
@given(reports, reports)
def test_a_report_held_against_itself_is_empty(first: Report, second: Report) -> None:
    assert compare(first, first).empty
    _, kept = follow(first, second)
    drift, again = follow(kept, second)
    assert drift.empty
    assert again.carried == kept.carried


@QUICK
@given(reports, reports)
def test_what_is_not_known_afterwards_is_never_fixed_better_or_gone(
    first: Report, second: Report
) -> None:
    known = {(one.code, one.subject) for one in second.findings if one.result in KNOWN}
    for one in compare(first, second).changes:
        if one.after is None:
            assert one.step in {DriftStep.LOST, DriftStep.GONE}
        elif (one.code, one.subject) not in known:
            assert one.step is DriftStep.LOST
    if second.halted and not second.findings:
        assert {one.step for one in compare(first, second).changes} <= {DriftStep.LOST}


@QUICK
@given(st.data(), st.lists(st.sampled_from(sorted(KNOWN)), min_size=2, max_size=5))
def test_a_change_of_any_one_finding_is_seen_and_nothing_else(
    data: st.DataObject, all_of: list[str]
) -> None:
    subjects = [Subject("github", "hook", f"acme/web/{number}") for number in range(len(all_of))]
    found = [finding(result, one, WEB) for result, one in zip(all_of, subjects, strict=True)]
    at = data.draw(st.integers(0, len(found) - 1))
    good = found[at].result not in {"failed", "waived"}
    others = [one for one in ("failed", "waived", "passed", "unknown") if one != found[at].result]
    other = data.draw(st.sampled_from([one for one in others if not (good and one == "passed")]))
    changed: list[Finding] = [*found]
    changed[at] = finding(other, subjects[at], WEB)
    drift = compare(report(*found), report(*changed))
    assert [one.subject for one in drift.changes] == [subjects[at]]


values = st.one_of(st.none(), st.booleans(), st.integers(2, 9), st.text("xyz", max_size=3))
states = st.dictionaries(st.sampled_from(("a", "b", "c")), values, min_size=1)


@QUICK
@given(states, st.data())
def test_a_change_of_any_one_field_of_an_item_is_seen(
    state: dict[str, State], data: st.DataObject
) -> None:
    item = InventoryItem(
        "secret", Subject("github", "secret", "acme/web/X"), "X", "acme/web/X", state
    )
    name = data.draw(st.sampled_from(sorted(state)))
    value = data.draw(values.filter(lambda one: one != state[name]))
    other = replace(item, state={**state, name: value})
    less = replace(item, state={field: one for field, one in state.items() if field != name})
    before, after, blind = (
        report(places=[owner(repository()), Place(WEB, {"secret": None}, (one,))])
        for one in (item, other, less)
    )
    assert [(one.turn, one.fields, one.after) for one in compare(before, after).items] == [
        (Turn.CHANGED, (name,), other)
    ]
    assert [(one.turn, one.fields) for one in compare(before, blind).items] == [
        (Turn.LOST, (name,))
    ]
