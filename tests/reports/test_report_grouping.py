from __future__ import annotations

from dataclasses import replace

from hardenme.model.finding import Errored, Finding
from hardenme.model.severity import Severity
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from hardenme.model.verdict import Failed, Fix, Manual
from hardenme.reports.grouping import checklist_of, name_of
from hardenme.reports.plain import first_sentence
from tests.reports.sample import (
    USER,
    WEB,
    bypassing_token,
    deploy_key,
    finding,
    maintainer,
    old_key,
    report_of,
    repository,
    unprotected,
    without_alerts,
)


def test_every_failed_finding_is_in_the_checklist_once() -> None:
    report = maintainer()
    checklist = checklist_of(report)
    outcomes = (one.outcome for one in report.findings)
    failed = [outcome for outcome in outcomes if isinstance(outcome, Failed)]
    cases = [case.fix for item in checklist.items for case in item.cases]
    assert len(cases) == len(failed) == checklist.failed
    assert {id(fix) for fix in cases} == {id(outcome.fix) for outcome in failed}


def test_pages_that_differ_by_the_subject_alone_are_one_place() -> None:
    checklist = checklist_of(report_of([unprotected("web"), unprotected("api")]))
    (place,) = checklist.places
    assert place.pages == (f"{WEB}/mallow/api/settings/rules", f"{WEB}/mallow/web/settings/rules")
    (item,) = place.items
    assert item.names == ("mallow/api", "mallow/web")


def test_a_key_is_grouped_by_the_page_of_its_repository() -> None:
    findings = [deploy_key(1, "web", "a"), deploy_key(2, "web", "b"), deploy_key(3, "api", "c")]
    (place,) = checklist_of(report_of(findings)).places
    assert place.pages == (f"{WEB}/mallow/api/settings/keys", f"{WEB}/mallow/web/settings/keys")
    assert len(place.items[0].cases) == 3


def test_pages_that_differ_otherwise_stay_apart() -> None:
    checklist = checklist_of(report_of([unprotected("web"), without_alerts("web")]))
    assert [place.pages[0].rsplit("/", 1)[1] for place in checklist.places] == [
        "rules",
        "security_analysis",
    ]


def test_the_name_is_left_out_of_an_address_only_where_it_stands_whole() -> None:
    short = Subject("github", "user", "set")
    fix = Fix(step="Do it.", page=f"{WEB}/settings/set/x")
    other = Fix(step="Do it.", page=f"{WEB}/settings/reset/x")
    findings = [
        finding("GHA101", short, Failed("off", {"on": False}, fix)),
        finding("GHA101", USER, Failed("off", {"on": False}, other)),
    ]
    assert len(checklist_of(report_of(findings)).places) == 2


def test_a_percent_encoded_name_counts_as_the_name() -> None:
    def package(name: str, quoted: str) -> Finding:
        page = f"{WEB}/package/{quoted}/access"
        failed = Failed("none", {"x": 1}, Fix(step="Do it.", page=page))
        return finding("NPP107", Subject("npm", "package", name), failed)

    findings = [package("@acorn/a", "%40acorn%2Fa"), package("@acorn/b", "@acorn%2Fb")]
    (place,) = checklist_of(report_of(findings)).places
    assert len(place.pages) == 2


def test_the_worst_place_and_the_worst_item_come_first() -> None:
    checklist = checklist_of(maintainer())
    worst = [place.items[0].severity for place in checklist.places]
    assert worst == sorted(worst, reverse=True)
    for place in checklist.places:
        weights = [item.severity for item in place.items]
        assert weights == sorted(weights, reverse=True)
    assert list(checklist.severities) == sorted(checklist.severities, reverse=True)


def test_the_verdict_s_severity_wins_over_the_check_s() -> None:
    failed = Failed("x", {"x": 1}, Fix("Do it.", page=f"{WEB}/a"), severity=Severity.CRITICAL)
    one = replace(finding("GHA103", USER, failed), severity=Severity.MEDIUM)
    checklist = checklist_of(report_of([one]))
    assert checklist.severities == {Severity.CRITICAL: 1}


def test_a_fix_by_command_alone_has_a_place_without_a_page() -> None:
    fix = Fix(step="Run it.", command="npm logout")
    (place,) = checklist_of(report_of([finding("GHA101", USER, Failed("x", {"x": 1}, fix))])).places
    assert place.pages == ()


def test_texts_are_alike_where_only_the_subject_s_names_differ() -> None:
    (place,) = checklist_of(report_of([old_key(401, "old"), old_key(402, "older")])).places
    (item,) = place.items
    assert item.shared("step") is None
    assert item.alike("step")
    assert item.shared("undo") == "Add the public key again."
    assert item.commands() == (
        "gh api --method DELETE user/keys/401",
        "gh api --method DELETE user/keys/402",
    )


def test_texts_that_really_differ_are_not_alike() -> None:
    steps = ("Delete it.", "Shorten it.")
    findings = [
        finding(
            "NPT106",
            Subject("npm", "token", str(number)),
            Failed("x", {"x": 1}, Fix(step, page=f"{WEB}/tokens")),
            within=USER,
        )
        for number, step in enumerate(steps)
    ]
    (place,) = checklist_of(report_of(findings)).places
    assert not place.items[0].alike("step")


def test_equal_causes_stand_once_and_different_ones_apart() -> None:
    missing = Unknown(Reason.NOT_PERMITTED, "administration: read", "403")
    findings = [finding("GHR102", repository(name), missing) for name in ("a", "b")]
    findings += [
        finding("GHR103", repository("a"), missing),
        finding("GHR103", repository("b"), Unknown(Reason.NOT_PERMITTED, "other", "403")),
        finding("GHR103", repository("c"), Unknown(Reason.NOT_VISIBLE, "administration: read")),
        finding("GHR103", repository("d"), Errored("KeyError")),
    ]
    causes = checklist_of(report_of(findings)).causes
    assert sum(cause.count for cause in causes) == len(findings)
    first = causes[0]
    assert (first.reason, first.count) == ("NOT_PERMITTED", 3)
    assert first.codes == ("GHR102", "GHR103")
    assert first.names == ("mallow/a", "mallow/b")
    assert first.seen == "403"
    assert len(causes) == 4
    assert {cause.reason for cause in causes} == {"NOT_PERMITTED", "NOT_VISIBLE", "ERRORED"}


def test_what_was_answered_is_left_out_where_answers_differ() -> None:
    findings = [
        finding("GHR102", repository(seen), Unknown(Reason.UNREACHABLE, "an answer", seen))
        for seen in ("500", "timeout")
    ]
    (cause,) = checklist_of(report_of(findings)).causes
    assert cause.seen == ""


def test_equal_questions_stand_once() -> None:
    asked = Manual("Is it so?", f"{WEB}/page")
    findings = [finding("NPA103", repository(name), asked) for name in ("a", "b")]
    (question,) = checklist_of(report_of(findings)).questions
    assert question.codes == ("NPA103",)
    assert question.names == ("mallow/a", "mallow/b")


def test_names_tell_what_a_thing_is_and_where() -> None:
    assert name_of(unprotected("web")) == "mallow/web"
    assert name_of(deploy_key(7, "web", "ci")) == 'mallow/web: deploy-key "ci" (7)'
    assert name_of(bypassing_token("a1", "release")) == 'token "release" (a1)'
    assert name_of(bypassing_token("a1", "")) == "token a1"
    secret = Subject("github", "secret", "mallow/web/NPM_TOKEN")
    named = finding("GHR102", secret, Errored("X"), within=repository("web"), label="NPM_TOKEN")
    assert name_of(named) == "mallow/web: secret NPM_TOKEN"
    assert name_of(bypassing_token("0f754593-8e37-5503", "ci")) == 'token "ci" (0f754593…)'
    own = finding("GHR102", repository("web"), Errored("X"), within=USER, label="mallow/web")
    assert name_of(own) == "mallow/web"
    given = finding("GHT102", Subject("github", "token", "classic"), Errored("X"))
    assert name_of(given) == "token classic"


def test_the_reason_is_one_sentence() -> None:
    assert first_sentence("One thing.\nAnd more. Yes.") == "One thing."
    assert first_sentence("A file like .npmrc holds it") == "A file like .npmrc holds it"
    assert first_sentence("") == ""
