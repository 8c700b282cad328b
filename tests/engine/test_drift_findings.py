from __future__ import annotations

from dataclasses import replace

import pytest

from hardenme.engine.drift import carry, compare, follow
from hardenme.engine.drift.result import drift_code
from hardenme.engine.settle import Exit
from hardenme.model.depth import DEEPER
from hardenme.model.drift import Step
from hardenme.model.inventory import Item
from hardenme.model.report import CheckText, Coverage, Identity, Report
from hardenme.model.severity import Severity
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from tests.engine.compared import (
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
FEWER = {CODES[0]: CheckText(CODES[0], "a-check", Severity.HIGH, "On.", "Why.", "", "")}


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
    assert step(unsure, "failed") == "NEW"
    assert step(unsure, "waived") == "WAIVED"
    assert [step(unsure, other) for other in (*UNSURE, "passed", "not_applicable")] == [None] * 5


def test_a_failure_that_is_accepted_is_waived_and_one_that_is_so_no_longer_has_expired() -> None:
    assert step("failed", "waived") == "WAIVED"
    assert step("waived", "failed") == "EXPIRED"
    assert step("waived", "waived") is step("failed", "failed") is None


@pytest.mark.parametrize("result", ["failed", "waived"])
def test_another_severity_is_worse_or_better(result: str) -> None:
    low = report(finding(result, severity=Severity.LOW))
    high = report(finding(result, severity=Severity.HIGH))
    assert [one.step for one in compare(low, high).changes] == [Step.WORSE]
    assert [one.step for one in compare(high, low).changes] == [Step.BETTER]


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


def test_a_repository_with_a_new_name_is_the_same_with_all_that_is_in_it() -> None:
    hooks = [Subject("github", "hook", f"{name}/1") for name in ("acme/web", "acme/Site")]
    site = Subject("github", "repo", "acme/Site")
    before = report(
        finding(),
        finding(subject=hooks[0], within=WEB),
        places=[owner(repository()), place(key(1))],
    )
    after = report(
        finding(subject=site),
        finding("unknown", hooks[1], site),
        places=[owner(repository("acme/Site")), place(key(1, site), subject=site)],
    )
    drift, kept = follow(before, after)
    assert steps(drift) == [("LOST", f"GHR101 {hooks[1]}")]
    assert [(one.turn.name, one.fields) for one in drift.items] == [("CHANGED", ("name",))]
    assert [one.subject for one in kept.carried.findings] == [hooks[1]]
    assert kept.carried.findings[0].within == site


def test_a_new_repository_under_an_old_name_is_a_new_one() -> None:
    site = Subject("github", "repo", "acme/site")
    before = report(finding("passed"), places=[owner(repository())])
    after = report(
        finding(subject=site),
        finding(),
        places=[owner(repository("acme/site"), repository("acme/web", "R2"))],
    )
    assert sorted(steps(compare(before, after))) == [
        ("NEW", f"GHR101 {site}"),
        ("NEW", f"GHR101 {WEB}"),
    ]


def test_names_of_github_have_no_case_and_those_of_npm_do() -> None:
    upper = Subject("github", "repo", "Acme/Web")
    assert compare(report(finding()), report(finding(subject=upper))).empty
    npm = [Subject("npm", "package", name) for name in ("acme", "Acme")]
    before, after = (report(finding(subject=one)) for one in npm)
    assert {name for name, _ in steps(compare(before, after))} == {"NEW", "LOST"}


def test_a_name_with_hidden_characters_is_found_again_in_a_stored_report() -> None:
    raw, shown = (
        Subject("github", "hook", f"acme/web/{name}") for name in ("a\u200bb", "a\\u200bb")
    )
    assert compare(report(finding(subject=raw)), report(finding(subject=shown))).empty


def identity(login: str, host: str = "https://api.github.test") -> Identity:
    return Identity("github", host, login, "classic", "env")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"identities": (identity("rowan"),)}, "answered for hazel, and then for rowan"),
        ({"identities": (identity("hazel", "https://ghe.test"),)}, "and then at https://ghe.test"),
        ({"targets": ("github:other",)}, "other targets: github:acme, and then github:other"),
        ({"redacted": "Redacted. The mark of the key: ghjkl."}, "the later report is redacted"),
    ],
)
def test_what_has_nothing_in_common_is_not_compared(changes: dict[str, object], words: str) -> None:
    after = report(finding("passed"), **changes)
    drift, kept = follow(report(finding()), after)
    assert words in drift.incomparable
    assert drift.empty
    assert drift_code(drift, after) is Exit.USAGE
    assert not kept.carried.findings


def test_redacted_reports_are_compared_where_their_key_is_the_same() -> None:
    marks = [f"Redacted. The mark of the key: {mark}." for mark in ("ghjkl", "ghjkl", "mnpqr")]
    first, same, other = (report(finding(), redacted=mark) for mark in marks)
    assert not compare(first, same).incomparable
    assert "with other keys" in compare(first, other).incomparable


@pytest.mark.parametrize("login", ["", "HAZEL"])
def test_a_credential_that_is_gone_is_no_other_account(login: str) -> None:
    drift = compare(report(finding()), report(finding("unknown"), identities=(identity(login),)))
    assert not drift.incomparable
    assert drift.lost


def test_of_targets_that_overlap_what_both_looked_at_is_compared() -> None:
    other = Subject("npm", "package", "left")
    before = report(finding(), finding(subject=other), targets=("github:acme", "npm:left"))
    drift, _ = follow(before, report(finding("passed"), targets=("github:ACME",)))
    assert steps(drift) == [("FIXED", f"GHR101 {WEB}")]
    assert "only the earlier run looked at npm:left" in drift.notes


def test_a_finding_that_stands_twice_is_compared_twice() -> None:
    twice = report(finding(), finding("passed"))
    assert compare(twice, twice).empty
    assert steps(compare(twice, report(finding(), finding()))) == [("NEW", f"GHR101 {WEB}")]


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        (finding("passed"), finding(), Exit.FINDINGS),
        (finding("passed"), finding(severity=Severity.MEDIUM), Exit.CLEAN),
        (finding("waived"), finding(), Exit.FINDINGS),
        (finding("passed"), finding("waived"), Exit.CLEAN),
        (finding("waived", severity=Severity.LOW), finding("waived"), Exit.CLEAN),
        (finding(severity=Severity.LOW), finding(), Exit.FINDINGS),
        (finding(), finding(severity=Severity.LOW), Exit.CLEAN),
        (finding(), finding("unknown"), Exit.UNKNOWN),
        (finding(), finding("passed"), Exit.CLEAN),
        (finding("unknown"), finding("unknown"), Exit.CLEAN),
        (finding(), finding(), Exit.CLEAN),
    ],
)
def test_the_exit_code_tells_what_is_new_or_worse_and_then_what_is_lost(
    before: object, after: object, code: Exit
) -> None:
    later = report(after)
    assert drift_code(compare(report(before), later), later) is code


def test_an_unknown_that_the_user_accepts_is_told_and_does_not_count() -> None:
    later = report(finding("unknown"), allowed_unknown=("NOT_PERMITTED",))
    drift = compare(report(finding()), later)
    assert drift.lost
    assert drift_code(drift, later) is Exit.CLEAN


def test_what_gives_access_counts_like_a_finding() -> None:
    before, after = report(places=[place(key(1))]), report(places=[place(key(1), key(2))])
    assert drift_code(compare(before, after), after) is Exit.FINDINGS
    assert drift_code(compare(after, before), before) is Exit.CLEAN
    blind = report(places=[place(why=REFUSED)])
    assert drift_code(compare(before, blind), blind) is Exit.UNKNOWN


def test_what_is_carried_is_told_of_by_nobody_a_second_time() -> None:
    blind = remembering(report(finding("unknown")), finding())
    assert compare(blind, report(finding("unknown"), week=1)).empty
    assert carry(blind, report(finding("unknown"), week=1)).carried.findings == (finding(),)


def test_notes_tell_of_another_profile_and_another_version() -> None:
    drift = compare(report(), report(version="0.2.0", profile="team", week=-1))
    assert [note.partition(" ")[0] for note in drift.notes] == ["the", "the", "hardenme"]


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


@pytest.mark.parametrize(
    ("provider", "kind", "what"),
    [("github", "org", "organization"), ("npm", "package", "published package")],
)
def test_one_that_goes_by_its_kind_alone_is_not_taken_for_another(
    provider: str, kind: str, what: str
) -> None:
    def seen(name: str, result: str, week: int) -> Report:
        subject = Subject(provider, kind, name)
        own = place(Item(what, subject, name, what, {}), subject=subject, kind=what)
        return report(finding(result, subject), places=[own], week=week)

    drift = compare(seen("cedar", "failed", 0), seen("birch", "passed", 1))
    assert steps(drift) == [("LOST", f"GHR101 {provider}:{kind}/cedar")]
    assert turns(drift) == [("LOST", f"{what} list")]


def test_a_repository_that_takes_the_name_of_a_deleted_one_is_not_taken_for_it() -> None:
    api = Subject("github", "repo", "acme/api")
    both = owner(repository("acme/api", "R2"), repository())
    before = report(finding("failed"), finding("passed", api), places=[both])
    after = report(finding("failed"), places=[owner(repository("acme/web", "R2"))], week=1)
    assert steps(compare(before, after)) == [
        ("NEW", "GHR101 github:repo/acme/web"),
        ("GONE", "GHR101 github:repo/acme/web"),
    ]


def test_what_is_in_a_repository_is_not_gone_with_the_one_whose_name_it_took() -> None:
    api = Subject("github", "repo", "acme/api")
    old = Subject("github", "deploy-key", "acme/api/1")
    both = owner(repository("acme/api", "R2"), repository())
    before = report(finding("failed", old, api, code="GHK101"), places=[both, place(subject=api)])
    unread = [owner(repository("acme/web", "R2")), place(why=REFUSED)]
    after = report(finding("unknown", code="GHK101"), places=unread, week=1)
    assert steps(compare(before, after)) == [("LOST", "GHK101 github:deploy-key/acme/web/1")]


def test_what_left_one_list_and_stands_in_another_is_not_gone() -> None:
    foo, person = Subject("npm", "package", "foo"), Subject("npm", "user", "hazel")
    publisher = Subject("npm", "trusted-publisher", "foo@1")
    item = Item("package", foo, "foo", "foo", {})
    roster = place(item, subject=Subject("npm", "org", "acme"), kind="package")
    mine = place(item, subject=person, kind="package")
    before = report(finding("failed", publisher, foo), places=[mine, roster])
    none = place(subject=person, kind="package")
    after = report(finding("unknown", foo), places=[none, roster], week=1)
    drift = compare(before, after)
    assert steps(drift) == [("LOST", "GHR101 npm:trusted-publisher/foo@1")]
    assert turns(drift) == [("VANISHED", "foo")]


def test_what_went_to_an_owner_that_was_not_looked_at_before_is_not_gone() -> None:
    hazel, moved = Subject("github", "user", "hazel"), Subject("github", "repo", "hazel/web")
    old = Subject("github", "deploy-key", "acme/web/1")
    before = report(
        finding("failed", old, WEB, code="GHK101"), places=[owner(repository()), place(key(1))]
    )
    theirs = place(repository("hazel/web"), subject=hazel, kind="repository")
    unread = [owner(), theirs, place(subject=moved, why=REFUSED)]
    after = report(finding("unknown", moved, code="GHK101"), places=unread, week=1)
    assert steps(compare(before, after)) == [("LOST", "GHK101 github:deploy-key/hazel/web/1")]


def test_a_question_that_nobody_answered_proves_nothing_gone() -> None:
    rule = Subject("github", "ruleset", "acme/web/7")
    before = report(finding("failed", rule, WEB), places=[place()])
    after = report(finding("manual"), places=[place()], week=1)
    assert steps(compare(before, after)) == [("LOST", "GHR101 github:ruleset/acme/web/7")]
