"""A run that could not sign in says so first, by why; it is neither calm nor a finding."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hardenme.engine.report_filter import ReportFilter, cut
from hardenme.model.drift import Change, Drift, DriftStep
from hardenme.model.finding import Finding
from hardenme.model.message import Form
from hardenme.model.report import Report
from hardenme.model.unknown import Reason, Unknown
from hardenme.model.verdict import NotApplicable, Passed
from hardenme.reports.fixplan.build import plan_of
from hardenme.reports.message import message
from hardenme.reports.screen.summary import summary_of
from hardenme.reports.screen.verdict import Verdict
from hardenme.reports.sign_in import WHY, first_words, unsigned
from tests.reports.sample import AT, NPM_USER, USER, finding, maintainer, report_of, unprotected

ON = Passed("it is on", {"on": True})


def turned_away(
    reason: Reason, *providers: str, more: tuple[Finding, ...] = (), host: str = ""
) -> Report:
    """A run with a credential for both, that some let in nowhere; the others know one thing."""
    subjects = {"github": USER, "npm": NPM_USER}
    lost = Unknown(reason, "a token that is accepted")
    found = [
        finding("GHA101", subject, lost if provider in providers else ON)
        for provider, subject in subjects.items()
    ]
    report = report_of([*found, *more])
    identities = (
        replace(one, login="" if one.provider in providers else one.login, host=host or one.host)
        for one in report.identities
    )
    return replace(report, identities=tuple(identities))


@pytest.mark.parametrize("reason", [one for one in Reason if one is not Reason.NOT_ASKED])
def test_each_reason_has_its_own_first_sentence(reason: Reason) -> None:
    seen = {unsigned(turned_away(one, "github")) for one in WHY}
    assert len(seen) == len(WHY)
    report = turned_away(reason, "github", "npm")
    assert len(unsigned(report)) == 2
    words = first_words(report)
    takes = {
        Reason.RATE_LIMITED: " It takes a token that is accepted.",
        Reason.NEEDS_SSO: " It takes a token that is accepted.",
        Reason.NOT_PERMITTED: " It takes a token that is accepted.",
    }
    assert words.endswith(f". Nothing was checked.{takes.get(reason, '')}")
    summary = summary_of(report, plan_of(report))
    assert (summary.verdict, summary.sentence) == (Verdict.NOT_KNOWN, words)


def test_a_refused_token_and_a_host_that_is_away_are_named() -> None:
    refused = turned_away(Reason.REJECTED, "github", "npm")
    assert unsigned(refused) == ("GitHub refused the token (401)", "npm refused the token (401)")
    away = turned_away(Reason.UNREACHABLE, "npm", host="https://registry.example.test/npm/")
    assert unsigned(away) == ("registry.example.test did not answer",)
    assert first_words(away) == "registry.example.test did not answer. Nothing of it was checked."


def named(report: Report) -> Report:
    """The same run, where each provider names the account of its token."""
    identities = (replace(one, login="mallow") for one in report.identities)
    return replace(report, identities=tuple(identities))


def test_who_has_no_token_was_not_refused() -> None:
    report = turned_away(Reason.REJECTED, "github", "npm")
    without = (replace(one, source="") for one in report.identities)
    report = replace(report, identities=tuple(without))
    assert unsigned(report) == ()
    assert not first_words(report)


def test_an_account_that_is_named_and_sees_something_was_let_in() -> None:
    for reason in Reason:
        seen = finding("GHA103", USER, ON), finding("GHA103", NPM_USER, ON)
        report = named(turned_away(reason, "github", "npm", more=seen))
        assert unsigned(report) == ()
        assert not first_words(report)


@pytest.mark.parametrize("reason", Reason)
def test_what_is_selected_says_of_its_run_what_the_run_says(reason: Reason) -> None:
    """Also where nothing of the selection is known: the run may have seen the rest."""
    seen = finding("GHA103", USER, ON), finding("GHA103", NPM_USER, ON)
    for more in ((), seen):
        report = turned_away(reason, "github", "npm", more=more)
        part = cut(report, ReportFilter(unknown=True))
        assert len(part.findings) == 2
        assert unsigned(part) == unsigned(report)
        summary = summary_of(part, plan_of(part))
        assert ("Nothing was checked" in summary.sentence) is bool(unsigned(report))


@pytest.mark.parametrize("reason", WHY)
def test_an_account_that_is_named_and_sees_nothing_is_kept_out_for_its_own_reason(
    reason: Reason,
) -> None:
    assert unsigned(named(turned_away(reason, "github"))) == unsigned(turned_away(reason, "github"))
    # What is not there, and what no one asked for, is no reason why nothing else was seen.
    for other in set(Reason) - set(WHY):
        assert unsigned(named(turned_away(other, "github"))) == ()


def test_a_token_of_a_job_names_nobody_and_is_let_in() -> None:
    for known in (ON, NotApplicable("there is none", {"count": 0})):
        more = (finding("GHA103", USER, known),)
        assert unsigned(turned_away(Reason.NOT_PERMITTED, "github", more=more)) == ()
    nothing = replace(turned_away(Reason.REJECTED, "github", "npm"), findings=())
    assert unsigned(nothing) == ()


def test_a_risk_elsewhere_is_told_after_it() -> None:
    report = turned_away(Reason.REJECTED, "npm", more=(unprotected("web"),))
    sentence = summary_of(report, plan_of(report)).sentence
    assert sentence.startswith("npm refused the token (401). Nothing of it was checked. ")


def test_a_mail_of_it_is_no_calm_and_counts_what_still_stands() -> None:
    before = unprotected("web")
    lost = Change(DriftStep.LOST, before.code, before.subject, before, None)
    fine = Change(DriftStep.LOST, "GHA101", USER, finding("GHA101", USER, ON), None)
    told = message(
        Drift(AT, AT, changes=[lost, fine]), turned_away(Reason.REJECTED, "github", "npm")
    )
    assert "GitHub refused the token (401)" in told.title
    assert told.urgent
    for form in Form:
        first, *_, last = (line for line in told.lines[form] if line.strip())
        assert "Nothing was checked; 1 earlier finding still stands." in first.replace("\\", "")
        assert "not known" in last
        assert "nothing open" not in last
    calm = message(Drift(AT, AT), maintainer())
    assert "refused" not in calm.title
