"""The whole run against real servers, where what matters is not one check."""

from __future__ import annotations

import pytest

from hardenme.engine.settle import exit_code
from hardenme.ground.errors import CredentialError
from hardenme.ground.exit_code import Exit
from hardenme.model.unknown import Reason, Unknown
from hardenme.sandbox.http import Reply, Request
from hardenme.sandbox.npm import scenarios as npm
from tests.passing import SCENARIOS
from tests.running import NOW, stage
from tests.worlds import github

pytestmark = pytest.mark.second_tier("whole runs of the engine", one_of=8)


@pytest.mark.sampled(2, among="audits")
@pytest.mark.second_tier("several whole runs")
def test_the_same_world_gives_the_same_findings() -> None:
    with SCENARIOS["fine-grained"]() as running:
        reports = [running.audit(workers=workers) for workers in (1, 4, 16)]
    for report in reports[1:]:
        assert [(f.code, f.subject, f.outcome) for f in report.findings] == [
            (f.code, f.subject, f.outcome) for f in reports[0].findings
        ]


@pytest.mark.sampled(2, among="audits")
@pytest.mark.second_tier("takes over half a second")
def test_findings_are_sorted_and_each_stands_once() -> None:
    with SCENARIOS["classic"]() as running:
        findings = running.audit().findings
    found = [(item.code, item.subject) for item in findings]
    above = [pair for pair in found if pair[1].kind in {"user", "token", "ssh-key", "email"}]
    assert above == sorted(above)
    homes = [item.subject.name for item in findings if item.subject.kind == "repo"]
    assert homes == sorted(homes), "one repository after the other"
    assert len(found) == len(set(found))


def test_an_account_without_an_organization_of_its_own_is_solo() -> None:
    world, registry = github.scaled_maintainer(NOW), npm.scaled_maintainer(NOW)
    with stage(world, registry, github.SCALED_TOKEN, registry.token("sedge")) as running:
        report = running.audit(select_=("GHT", "NPP"))
    assert (report.profile, report.profile_chosen) == ("solo", True)


@pytest.mark.sampled(2, among="audits")
def test_several_maintainers_are_a_team() -> None:
    with SCENARIOS["classic"]() as running:
        assert running.audit().profile == "team"
        named = running.audit(profile="strict")
    assert (named.profile, named.profile_chosen) == ("strict", False)


def test_an_organization_as_target_chooses_its_profile() -> None:
    with SCENARIOS["classic"]() as running:
        assert running.audit("github:willow-works", select_=("GHR",)).profile == "org"


def test_what_is_private_about_another_account_is_not_read_from_the_tokens_own() -> None:
    with SCENARIOS["classic"]() as running:
        report = running.audit("github:rowan", select_=("GHA", "GHR"))
        own = running.audit("github:Hazel", select_=("GHA101",))
    about = {item.code: item.outcome for item in report.findings if item.code.startswith("GHA")}
    assert {"GHA101", "GHA104", "GHA108", "GHA111"} <= about.keys()
    for outcome in about.values():
        assert isinstance(outcome, Unknown)
        assert outcome.reason is Reason.NOT_PERMITTED
        assert "a token of rowan" in outcome.needed
        assert outcome.seen == "the token belongs to hazel"
    assert [item.result for item in own.findings] == ["passed"]


def test_an_owner_whose_kind_did_not_come_is_not_taken_for_the_tokens_account() -> None:
    with SCENARIOS["classic"]() as running:
        running.github.fault("/users/willow-works", hang_up=True)
        report = running.audit("github:willow-works", select_=("GHA101", "GHR101"))
    assert {item.result for item in report.findings if item.code == "GHA101"} == {"unknown"}


def test_an_answer_that_names_nobody_is_nobodys() -> None:
    def nameless(_request: Request, reply: Reply) -> Reply:
        return Reply(reply.status, {}, reply.headers)

    with SCENARIOS["classic"]() as running:
        running.github.fault("/user", edit=nameless)
        report = running.audit(select_=("GHA",))
        assert len(running.github.requests) <= 2
    assert report.identities[0].login == ""
    assert {type(finding.outcome) for finding in report.findings} == {Unknown}


def test_a_token_without_an_account_still_reads_a_repository() -> None:
    refused = Reply(403, {"message": "Resource not accessible by integration"})
    with SCENARIOS["classic"]() as running:
        running.github.fault("/user", edit=lambda _q, _r: refused)
        report = running.audit("github:hazel/lantern", select_=("GHB",))
    assert any(finding.result == "passed" for finding in report.findings)
    assert exit_code(report) is not Exit.NO_CREDENTIAL


def test_without_a_token_nothing_of_github_is_asked() -> None:
    with SCENARIOS["classic"]() as running:
        running.github_token = ""
        report = running.audit("me", "github:hazel/lantern", select_=("GHA", "GHB"))
        assert running.github.requests == []
    reasons = {f.outcome.reason for f in report.findings if isinstance(f.outcome, Unknown)}
    assert reasons == {Reason.NOT_PERMITTED}
    assert exit_code(report) is Exit.NO_CREDENTIAL


@pytest.mark.parametrize("expected", ["rowan", "haze", "hazel "])
def test_another_account_than_expected_is_refused_before_more_is_asked(expected: str) -> None:
    with SCENARIOS["classic"]() as running:
        with pytest.raises(CredentialError, match="belongs to hazel, not to"):
            running.audit(expected_login=expected)
        assert [request.path for request in running.github.requests] == ["/user"]
        assert running.npm.requests == []


def test_coverage_counts_what_is_known_of_what_was_asked() -> None:
    with SCENARIOS["classic"]() as running:
        running.github.fault("/user/keys", edit=lambda _q, _r: Reply(403, {"message": "No"}))
        report = running.audit(select_=("GHA101", "GHA104", "NPA103"))
    counts = report.counts()
    assert counts["manual"] == 1
    assert counts["unknown"] == 1
    assert report.coverage.asked == sum(counts.values()) - 1
    assert report.coverage.known == report.coverage.asked - 1
    assert report.coverage.checks == 3


@pytest.mark.sampled(2, among="audits")
def test_the_report_counts_its_requests() -> None:
    with SCENARIOS["classic"]() as running:
        report = running.audit()
        asked = (len(running.github.requests), len(running.npm.requests))
    assert tuple(report.traffic.requests[s.url] for s in running.servers) == asked


@pytest.mark.sampled(2, among="audits")
def test_every_verdict_rests_on_an_answer() -> None:
    with SCENARIOS["classic"]() as running:
        report = running.audit()
    for finding in report.findings:
        if finding.result in {"passed", "failed", "not_applicable"}:
            assert finding.sources
            assert all(atom.status for atom in finding.sources)


def test_the_report_names_the_controls_that_its_checks_support() -> None:
    with SCENARIOS["classic"]() as running:
        report = running.audit(select_=("GHA101", "GHB109", "GHT"))
    assert report.checks["GHB109"].controls[0] == "osps:OSPS-AC-03.02"
    assert report.checks["GHT101"].controls == ()
    assert [standard.name for standard in report.standards] == ["osps", "scm", "cis", "slsa"]
    assert any("GHR125" in control.checks for control in report.standards[0].controls)
