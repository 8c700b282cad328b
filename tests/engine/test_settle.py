from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from hardenme.engine.settle import allows, exit_code, open_unknowns
from hardenme.ground.exit_code import Exit
from hardenme.model.finding import Attested, Errored, Finding, Outcome
from hardenme.model.report import Coverage, Identity, Report, Traffic
from hardenme.model.severity import Severity
from hardenme.model.unknown import Reason, Unknown
from hardenme.model.verdict import Failed, Manual, NotApplicable, Passed
from tests.engine.small import FIX, HOUSE, NOW, REFUSED, atom

SEEN: dict[str, Any] = {"field": True}
PASSED, ABSENT = Passed("in place", SEEN), NotApplicable("no object", SEEN)
FAILED = Failed("open", SEEN, FIX)
QUESTION = Manual("Is it?", "https://host.example.test/page")
STATED = Attested("stated", "hazel", NOW.time + timedelta(days=1))
BROKEN = Errored("KeyError")
REJECTED = Unknown(Reason.REJECTED, "a token that is accepted")
LOST = Unknown(Reason.UNREACHABLE, "an answer")
KNOWN = (Identity("github", "https://host.example.test", "hazel", "classic", "X"),)


def finding(outcome: Outcome, severity: Severity = Severity.HIGH) -> Finding:
    return Finding(
        "DOR101",
        "door-locked",
        "Door is open",
        HOUSE,
        HOUSE,
        "hazel",
        outcome,
        severity,
        (atom(),),
        frozenset(),
    )


def report(*outcomes: Outcome | Finding, **changes: Any) -> Report:
    findings = tuple(o if isinstance(o, Finding) else finding(o) for o in outcomes)
    whole = Report(
        version="0.1.0",
        started=NOW.time,
        targets=("me",),
        profile="solo",
        profile_chosen=True,
        identities=KNOWN,
        findings=findings,
        checks={},
        coverage=Coverage(0, len(findings), 1),
        traffic=Traffic({}, 0, 0.0),
        fail_on=Severity.HIGH,
    )
    return replace(whole, **changes)


@pytest.mark.parametrize(
    ("outcomes", "code"),
    [
        ((PASSED, ABSENT, QUESTION, STATED), Exit.CLEAN),
        ((QUESTION,), Exit.CLEAN),
        ((FAILED, PASSED), Exit.FINDINGS),
        ((FAILED, LOST, BROKEN), Exit.FINDINGS),
        ((PASSED, LOST), Exit.UNKNOWN),
        ((PASSED, BROKEN), Exit.UNKNOWN),
        ((REFUSED,), Exit.UNKNOWN),
        ((REJECTED,), Exit.NO_CREDENTIAL),
        ((REJECTED, QUESTION), Exit.NO_CREDENTIAL),
        ((REJECTED, REFUSED), Exit.UNKNOWN),
        ((REJECTED, PASSED), Exit.UNKNOWN),
        ((), Exit.NOTHING_MATCHED),
    ],
)
def test_the_code_of_an_identified_run(outcomes: tuple[Outcome, ...], code: Exit) -> None:
    assert exit_code(report(*outcomes)) is code


@pytest.mark.parametrize(
    ("outcomes", "code"),
    [
        ((REJECTED, REFUSED, QUESTION), Exit.NO_CREDENTIAL),
        ((REFUSED,), Exit.NO_CREDENTIAL),
        ((REJECTED, PASSED), Exit.UNKNOWN),
        ((REJECTED, FAILED), Exit.FINDINGS),
        ((REJECTED, LOST), Exit.UNKNOWN),
        ((LOST,), Exit.UNKNOWN),
        ((QUESTION,), Exit.CLEAN),
    ],
)
def test_the_code_of_a_run_for_nobody(outcomes: tuple[Outcome, ...], code: Exit) -> None:
    assert exit_code(report(*outcomes, identities=())) is code


@pytest.mark.parametrize("severity", list(Severity))
def test_the_bar_is_the_users(severity: Severity) -> None:
    for bar in Severity:
        code = exit_code(report(finding(FAILED, severity), fail_on=bar))
        assert code is (Exit.FINDINGS if severity >= bar else Exit.CLEAN)


def test_a_partial_report_is_not_clean() -> None:
    assert exit_code(report(PASSED, partial="interrupted")) is Exit.UNKNOWN
    assert exit_code(report(FAILED, partial="interrupted")) is Exit.FINDINGS


@pytest.mark.parametrize(
    ("reason", "code"),
    [(Reason.RATE_LIMITED, Exit.UNKNOWN), (Reason.REJECTED, Exit.NO_CREDENTIAL)],
)
@pytest.mark.parametrize("outcomes", [(PASSED,), (FAILED,), (FAILED, PASSED, REJECTED)])
def test_a_run_that_was_halted_says_so_before_its_findings(
    reason: Reason, code: Exit, outcomes: tuple[Outcome, ...]
) -> None:
    assert exit_code(report(*outcomes, partial="told", halted=reason)) is code
    allowed = report(*outcomes, partial="told", halted=reason, allowed_unknown=(reason.value,))
    assert exit_code(allowed) is code, "what was not asked is not what was allowed"


@pytest.mark.parametrize("name", ["DOR101", "dor", "door-locked", "NOT_PERMITTED", "not_permitted"])
def test_what_is_allowed_to_be_unknown(name: str) -> None:
    allowed = report(PASSED, REFUSED, allowed_unknown=(name,))
    assert allows(finding(REFUSED), (name,))
    assert open_unknowns(allowed) == ()
    assert exit_code(allowed) is Exit.CLEAN


@pytest.mark.parametrize("name", ["DOR102", "GH", "door", "REJECTED", ""])
def test_what_is_not_allowed_stays_open(name: str) -> None:
    assert not allows(finding(REFUSED), (name,))
    assert exit_code(report(PASSED, REFUSED, allowed_unknown=(name,))) is Exit.UNKNOWN


def test_a_broken_check_may_be_allowed_by_its_own_word() -> None:
    assert exit_code(report(PASSED, BROKEN, allowed_unknown=("ERRORED",))) is Exit.CLEAN
    assert exit_code(report(PASSED, BROKEN, allowed_unknown=("NOT_PERMITTED",))) is Exit.UNKNOWN


def test_allowing_an_unknown_allows_no_failure() -> None:
    assert exit_code(report(FAILED, allowed_unknown=("DOR101",))) is Exit.FINDINGS
