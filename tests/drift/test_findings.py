from __future__ import annotations

from dataclasses import replace

import pytest

from hardenme.drift import carry, compare, follow
from hardenme.drift.result import drift_code
from hardenme.ground.exit_code import Exit
from hardenme.model.depth import DEEPER
from hardenme.model.drift import DriftStep
from hardenme.model.finding import Finding
from hardenme.model.inventory import ALL_REPOSITORIES, Place
from hardenme.model.report import CheckText, Coverage, Report
from hardenme.model.severity import Severity
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from tests.drift.compared import (
    CODES,
    ORG,
    REFUSED,
    WEB,
    finding,
    key,
    owner,
    place,
    remembering,
    report,
    repository,
    steps,
    turns,
)

KNOWN = ("failed", "waived", "passed", "not_applicable", "attested")


UNSURE = ("unknown", "errored", "manual")


FEWER = {
    CODES[0]: CheckText(CODES[0], "a-check", "It is off", Severity.HIGH, "On.", "Why.", "", "")
}


def step(before: str, after: str) -> str | None:
    found = compare(report(finding(before)), report(finding(after))).changes
    return found[0].step.name if found else None


@pytest.mark.parametrize("good", ["passed", "not_applicable", "attested"])
def test_what_holds_and_then_fails_is_new_and_the_other_way_round_it_is_fixed(good: str) -> None:
    assert step(good, "failed") == "NEW"
    assert step("failed", good) == step("waived", good) == "FIXED"
    assert step(good, "waived") == "WAIVED"
    assert step(good, "passed") is None


@pytest.mark.parametrize("unsure", UNSURE)
@pytest.mark.parametrize("known", KNOWN)
def test_what_was_known_and_is_not_is_lost_and_never_fixed(known: str, unsure: str) -> None:
    assert step(known, unsure) == "LOST"


@pytest.mark.parametrize("unsure", UNSURE)
def test_what_was_never_known_is_no_change_unless_it_fails(unsure: str) -> None:
    assert step(unsure, "failed") == "FIRST"
    assert step(unsure, "waived") == "WAIVED"
    assert [step(unsure, other) for other in (*UNSURE, "passed", "not_applicable")] == [None] * 5


ELSE = Subject("github", "repo", "acme/else")
HOOK = Subject("github", "hook", "acme/web/1")
UNLISTED = Place(ORG, {"repository": None, ALL_REPOSITORIES: REFUSED}, (repository(),))
LISTED = Place(ORG, {"repository": None, ALL_REPOSITORIES: None}, (repository(),))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (report(finding("unknown", WEB)), finding(subject=HOOK, within=WEB), "FIRST"),
        (report(finding("passed", WEB)), finding(subject=HOOK, within=WEB), "NEW"),
        (
            report(finding("passed", WEB), halted=Reason.RATE_LIMITED),
            finding(subject=ELSE),
            "FIRST",
        ),
        (report(finding("passed", WEB), partial="stopped"), finding(subject=ELSE), "FIRST"),
        (report(finding("passed"), places=[UNLISTED, place()]), finding(subject=ELSE), "FIRST"),
        (report(finding("passed"), places=[LISTED, place()]), finding(subject=ELSE), "NEW"),
        (report(finding("passed"), places=[place()]), finding(subject=ELSE), "FIRST"),
        (report(finding("passed"), places=[place()]), finding(subject=HOOK, within=WEB), "NEW"),
    ],
    ids=[
        *("its list was unknown", "its list was read", "halted", "stopped", "hidden repositories"),
        *("a new repository", "another target", "a new thing in a repository"),
    ],
)
def test_what_was_not_looked_at_before_is_not_new(
    before: Report, after: Finding, expected: str
) -> None:
    """It counts as much as what is new: no one has seen it before."""
    later = report(after, week=1)
    drift = compare(before, later)
    (change,) = [one for one in drift.changes if one.after is not None]
    assert change.step.name == expected
    assert drift_code(drift, later) is Exit.FINDINGS


def test_a_failure_that_is_accepted_is_waived_and_one_that_is_so_no_longer_has_expired() -> None:
    assert step("failed", "waived") == "WAIVED"
    assert step("waived", "failed") == "EXPIRED"
    assert step("waived", "waived") is step("failed", "failed") is None


@pytest.mark.parametrize("result", ["failed", "waived"])
def test_another_severity_is_worse_or_better(result: str) -> None:
    low = report(finding(result, severity=Severity.LOW))
    high = report(finding(result, severity=Severity.HIGH))
    assert [one.step for one in compare(low, high).changes] == [DriftStep.WORSE]
    assert [one.step for one in compare(high, low).changes] == [DriftStep.BETTER]


def test_the_severity_that_a_verdict_gives_counts_as_a_stored_report_has_it() -> None:
    found = finding(severity=Severity.LOW)
    assert found.outcome is not None
    raised = replace(found, outcome=replace(found.outcome, severity=Severity.CRITICAL))  # type: ignore[type-var]
    assert steps(compare(report(found), report(raised)))[0][0] == "WORSE"
    assert compare(report(found), report(raised)).changes[0].severity is Severity.CRITICAL


def test_the_most_urgent_comes_first() -> None:
    subjects = [Subject("github", "repo", f"acme/{name}") for name in "abcd"]
    results = ("passed", "failed", "failed", "passed"), ("failed", "passed", "unknown", "failed")
    weights = (Severity.LOW, Severity.HIGH, Severity.HIGH, Severity.CRITICAL)
    before, after = (
        report(
            *(
                finding(result, subject, severity=severity)
                for result, subject, severity in zip(those, subjects, weights, strict=True)
            )
        )
        for those in results
    )
    assert [(name, subject[-1]) for name, subject in steps(compare(before, after))] == [
        ("NEW", "d"),
        ("NEW", "a"),
        ("LOST", "c"),
        ("FIXED", "b"),
    ]


def test_without_an_earlier_report_all_is_a_baseline() -> None:
    drift, kept = follow(None, report(finding(), week=1))
    assert (drift.since, drift.empty, drift.lost) == (None, True, False)
    assert drift_code(drift, kept) is Exit.CLEAN
    assert not kept.carried.findings


def hook(number: int, result: str = "failed") -> object:
    return finding(result, Subject("github", "hook", f"acme/web/{number}"), WEB, "GHK101")


def test_what_is_not_in_a_list_that_was_judged_to_its_end_is_gone() -> None:
    before = report(hook(1), hook(2, "passed"), hook(3, "waived"))
    after = report(hook(4, "passed"))
    drift, kept = follow(before, after)
    assert steps(drift) == [
        ("GONE", "GHK101 github:hook/acme/web/1"),
        ("GONE", "GHK101 github:hook/acme/web/3"),
    ]
    assert not kept.carried.findings


def test_a_list_that_is_empty_says_so_and_then_all_that_was_in_it_is_gone() -> None:
    none = finding("not_applicable", WEB, ORG, "GHK101")
    assert [name for name, _ in steps(compare(report(hook(1)), report(none)))] == ["GONE"]


@pytest.mark.parametrize("others", [(), ("unknown",), ("passed", "unknown"), ("errored",)])
def test_what_is_not_in_a_list_that_was_not_read_to_its_end_is_lost(
    others: tuple[str, ...],
) -> None:
    before = report(hook(1), hook(2, "passed"))
    after = report(*(hook(number, result) for number, result in enumerate(others, 7)))
    drift, kept = follow(before, after)
    assert {name for name, _ in steps(drift)} == {"LOST"}
    assert len(drift.changes) == len(kept.carried.findings) == 2


def test_a_repository_that_is_not_there_is_lost_though_others_were_judged() -> None:
    other = Subject("github", "repo", "acme/api")
    before = report(finding(subject=WEB, within=ORG), finding(subject=other, within=ORG))
    after = report(finding(subject=other, within=ORG))
    assert steps(compare(before, after)) == [("LOST", f"GHR101 {WEB}")]


def test_all_of_a_repository_that_vanished_from_a_whole_list_is_gone() -> None:
    branch = Subject("github", "branch", "acme/web/main")
    before = report(
        finding(subject=WEB, within=ORG),
        finding(subject=branch, within=WEB),
        hook(1),
        places=[owner(repository()), place(key(1))],
    )
    drift, kept = follow(before, report(places=[owner()]))
    assert {name for name, _ in steps(drift)} == {"GONE"}
    assert len(drift.changes) == 3
    assert turns(drift) == [("VANISHED", "acme/web")]
    assert not kept.carried.findings
    assert not kept.carried.places


def test_in_a_run_that_was_halted_what_was_not_looked_at_is_lost_and_told_once() -> None:
    seen = report(finding(subject=WEB, within=ORG), hook(1), hook(2, "passed"))
    halted = report(week=1, halted=Reason.RATE_LIMITED)
    drift, first = follow(seen, halted)
    assert {name for name, _ in steps(drift)} == {"LOST"}
    assert len(drift.changes) == 3
    assert any("did not go to its end" in note for note in drift.notes)
    again, second = follow(first, replace(halted, started=seen.started))
    assert again.empty
    back = report(finding("passed", WEB, ORG), hook(1), hook(2, "failed"), week=3)
    drift, kept = follow(second, back)
    assert sorted(steps(drift)) == [
        ("FIXED", f"GHR101 {WEB}"),
        ("NEW", "GHK101 github:hook/acme/web/2"),
        ("SEEN", "GHK101 github:hook/acme/web/1"),
    ]
    assert not kept.carried.findings


def test_a_change_while_sight_was_lost_is_told_in_the_first_run_that_sees_it() -> None:
    _, blind = follow(report(finding()), report(finding("unknown"), week=1))
    _, blind = follow(blind, report(finding("errored"), week=2))
    drift, kept = follow(blind, report(finding("passed"), week=3))
    assert steps(drift) == [("FIXED", f"GHR101 {WEB}")]
    assert follow(kept, report(finding("passed"), week=4))[0].empty
    drift, _ = follow(blind, report(finding(), week=3))
    assert steps(drift) == [("SEEN", f"GHR101 {WEB}")]


def test_what_a_run_did_not_select_is_a_note_and_stays_to_be_remembered() -> None:
    before = report(finding(), finding("passed", code="GHR102"))
    narrow = report(finding(), checks=FEWER, week=1)
    drift, kept = follow(before, narrow)
    assert drift.empty
    assert "only the earlier runs selected GHR102; 1 result of theirs are remembered" in drift.notes
    drift, _ = follow(kept, report(finding(), finding(code="GHR102"), week=2))
    assert steps(drift) == [("NEW", f"GHR102 {WEB}")]
    drift, _ = follow(kept, report(finding(), finding("passed", code="GHR102"), week=2))
    assert drift.empty


def test_what_only_the_later_run_selected_is_a_note_that_counts_its_failures() -> None:
    after = report(finding(), finding(code="GHR102"), finding("passed", ORG, code="GHR102"))
    drift = compare(report(finding(), checks=FEWER), after)
    assert drift.empty
    assert any("GHR102; 1 failure of theirs stand" in note for note in drift.notes)


def test_what_waits_for_a_deeper_run_is_no_change() -> None:
    deeper = Coverage(0, 0, 3, notes=(f"4 {DEEPER}",))
    drift, kept = follow(report(finding(), hook(1)), report(finding(), coverage=deeper, week=1))
    assert drift.empty
    assert any("not to look at" in note for note in drift.notes)
    drift, _ = follow(kept, report(finding(), hook(1), week=2))
    assert drift.empty


def test_a_repository_that_is_left_out_is_no_change() -> None:
    listed = owner(repository(), repository("acme/api", "R2"))
    api = Subject("github", "repo", "acme/api")
    looked = [listed, place(key(1)), place(key(2, api), subject=api)]
    before = report(finding(), finding(subject=api), places=looked)
    drift, kept = follow(before, report(finding(), places=looked[:2], week=1))
    assert drift.empty
    assert len(drift.notes) == 2
    drift, _ = follow(kept, report(finding(), finding("passed", api), places=looked, week=2))
    assert steps(drift) == [("FIXED", f"GHR101 {api}")]
    assert not drift.items


def test_a_finding_that_stands_twice_is_compared_twice() -> None:
    twice = report(finding(), finding("passed"))
    assert compare(twice, twice).empty
    assert steps(compare(twice, report(finding(), finding()))) == [("NEW", f"GHR101 {WEB}")]


def test_what_is_carried_is_told_of_by_nobody_a_second_time() -> None:
    blind = remembering(report(finding("unknown")), finding())
    assert compare(blind, report(finding("unknown"), week=1)).empty
    assert carry(blind, report(finding("unknown"), week=1)).carried.findings == (finding(),)


def test_an_unknown_says_what_it_takes() -> None:
    why = Unknown(Reason.NEEDS_SSO, "a sign-on")
    drift = compare(report(places=[place(key(1))]), report(places=[place(why=why)]))
    assert drift.items[0].needed == "a sign-on"


def test_what_a_narrower_run_did_not_ask_is_remembered_and_a_failure_after_it_is_new() -> None:
    seen = [place(subject=WEB)]
    rule = Subject("github", "ruleset", "acme/web/7")
    once = report(finding("passed"), finding("passed", rule, WEB, code="GHK101"), places=seen)
    narrow = report(places=seen, week=1, checks={CODES[1]: once.checks[CODES[1]]})
    drift, kept = follow(once, narrow)
    assert drift.empty
    assert len(kept.carried.findings) == 2
    other = Subject("github", "ruleset", "acme/web/8")
    now = report(finding(), finding("failed", other, WEB, code="GHK101"), places=seen, week=2)
    new = [("NEW", "GHK101 github:ruleset/acme/web/8"), ("NEW", "GHR101 github:repo/acme/web")]
    assert steps(compare(kept, now)) == new


def test_a_question_that_nobody_answered_proves_nothing_gone() -> None:
    rule = Subject("github", "ruleset", "acme/web/7")
    before = report(finding("failed", rule, WEB), places=[place()])
    after = report(finding("manual"), places=[place()], week=1)
    assert steps(compare(before, after)) == [("LOST", "GHR101 github:ruleset/acme/web/7")]
