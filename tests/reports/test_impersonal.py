from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from hardenme.model.person import PEOPLE as ASKED_FOR
from hardenme.model.unknown import Reason, Unknown
from hardenme.model.verdict import Failed, Manual
from hardenme.reports import render
from hardenme.reports.impersonal import PEOPLE, PERSONAL, impersonal
from tests.failing import weak_organization
from tests.reports import publishing_sample
from tests.reports.machine_sample import MEMBER, everything, naming, person
from tests.reports.sample import WEB, finding, maintainer, report_of, repository


def test_everybody_who_can_be_asked_for_can_be_left_out() -> None:
    assert {kind for _provider, kind in ASKED_FOR} == PEOPLE
    assert PEOPLE < PERSONAL


def test_findings_about_people_are_left_out_and_counted() -> None:
    report = impersonal(everything())
    kept = [one for one in everything().findings if one.subject.kind not in PERSONAL]
    assert [(one.code, one.subject) for one in report.findings] == [
        (one.code, one.subject) for one in kept
    ]
    assert len(report.findings) == len(kept) == len(everything().findings) - 4
    assert report.findings[0].fingerprint == kept[0].fingerprint
    assert report.coverage.notes[-1] == (
        "4 findings about people are left out; --with-members puts them in"
    )
    one = impersonal(report_of([person("member", "acorn/sorrel"), naming("sorrel")]))
    assert one.coverage.notes[-1].startswith("1 finding about a person is left out")
    assert impersonal(report_of([naming("x")])).coverage.notes == report_of([]).coverage.notes


def test_their_names_are_left_out_of_what_is_said_of_others() -> None:
    report = impersonal(report_of([person("member", f"acorn/{MEMBER}"), naming(MEMBER.upper())]))
    (kept,) = report.findings
    assert isinstance(kept.outcome, Failed)
    assert kept.outcome.message == (
        f"(a person) (and @(a person)) pushed; {MEMBER.upper()}s did not"
    )
    assert kept.outcome.fix.step == "Ask (a person)."
    assert kept.outcome.fix.page == f"{WEB}/acorn/web/people/(a person)"
    assert kept.outcome.fix.command == "gh api users/(a person)"


def test_every_outcome_loses_the_names() -> None:
    outcomes = (
        Unknown(
            Reason.NOT_PERMITTED,
            "ask sorrel",
            "sorrel said no",
            question=("Is sorrel one of you?", f"{WEB}/sorrel"),
        ),
        Manual("Is sorrel one of you?", f"{WEB}/sorrel"),
    )
    for outcome in outcomes:
        report = report_of(
            [person("member", "acorn/sorrel"), finding("NPA103", repository("web"), outcome)]
        )
        (kept,) = impersonal(report).findings
        assert "sorrel" not in repr(kept.outcome)
        assert "(a person)" in repr(kept.outcome)


def test_the_account_that_was_looked_at_keeps_its_name() -> None:
    findings = [person("member", "acorn/mallow"), naming("mallow"), naming("acorn")]
    report = replace(report_of(findings), targets=("github:acorn",))
    kept = impersonal(report).findings
    assert [one.outcome.message for one in kept if isinstance(one.outcome, Failed)] == [
        "mallow (and @mallow) pushed; mallows did not",
        "acorn (and @acorn) pushed; acorns did not",
    ]


def test_the_name_of_a_members_token_is_no_name_of_a_person() -> None:
    grant = person("token-grant", "acorn/77")
    report = report_of([replace(grant, label="web"), naming("web")])
    (kept,) = impersonal(report).findings
    assert isinstance(kept.outcome, Failed)
    assert kept.outcome.message.startswith("web (and @web)")
    invited = replace(person("org-invitation", "acorn/5"), label="sorrel")
    (kept,) = impersonal(report_of([invited, naming("sorrel")])).findings
    assert "sorrel " not in repr(kept.outcome)


def test_who_can_publish_is_a_list_of_names() -> None:
    report = impersonal(publishing_sample.five())
    assert report.publishing is None
    assert report.coverage.notes[-1] == "Who can publish is left out; --with-members puts it in"


def test_code_scanning_is_shown_nothing_that_is_one_member_s() -> None:
    """Credentials and invitations are one person's as much as the membership is."""
    with weak_organization() as at:
        report = at.audit("github:bramble-labs", select_=("GHO",), profile="strict")
    personal = {"member", "org-invitation", "sso-credential"}
    assert personal <= kinds(render(report, "sarif", with_members=True))
    told = kinds(render(report, "sarif"))
    assert told
    assert told.isdisjoint(personal | {"outside-collaborator", "token-grant"})


def kinds(sarif: str) -> set[str]:
    """What is judged in a log."""
    (run,) = json.loads(sarif)["runs"]
    return {
        place["kind"]
        for result in run["results"]
        for location in result["locations"]
        for place in location["logicalLocations"]
    }


@pytest.mark.parametrize("form", ["sarif", "github"])
def test_the_formats_that_many_read_name_people_only_where_they_are_asked_to(form: str) -> None:
    report = report_of([*maintainer().findings, person("member", f"acorn/{MEMBER}")])
    name = re.compile(rf"\b{MEMBER}\b")
    assert not name.search(render(report, form))
    assert name.search(render(report, form, with_members=True))
