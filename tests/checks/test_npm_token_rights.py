from __future__ import annotations

import pytest

from hardenme.facts.npm.token import BYPASS_PUBLISHING_ENDS
from hardenme.model.check import Check
from hardenme.model.given import Now
from hardenme.model.severity import Severity
from hardenme.model.unknown import NotKnownError
from hardenme.model.verdict import Failed, NotApplicable, Passed
from hardenme_checks.npm.token_rights import (
    npm_no_standing_write_token,
    npm_token_names_packages,
    npm_token_survives_2027,
    npm_token_without_bypass,
    npm_token_without_org_write,
)
from tests.factories.given import MISSING, NOW, ago, ahead
from tests.factories.npm import KEY, PACKAGE, npm_token

WRITE = {"package_write": True}
BYPASS = {"package_write": True, "bypass": True}
ELSEWHERE = {"registry": "https://registry.example.test"}

FAULTY = [
    (npm_token_without_bypass, BYPASS),
    (npm_token_survives_2027, BYPASS),
    (npm_no_standing_write_token, WRITE),
    (npm_token_names_packages, WRITE | {"all_packages": True, "packages": frozenset()}),
    (npm_token_without_org_write, {"organization_write": True}),
]
"""Each check of a token alone, with what makes it fail."""


@pytest.mark.parametrize(("check", "fault"), FAULTY)
def test_a_fault_of_a_token_in_use_fails(check: Check, fault: dict[str, object]) -> None:
    verdict = check(npm_token(**fault), NOW)
    assert isinstance(verdict, Failed)
    assert KEY not in verdict.message
    assert verdict.fix.needs
    assert verdict.fix.undo


@pytest.mark.parametrize(("check", "fault"), FAULTY)
@pytest.mark.parametrize(
    ("end", "says", "seen"),
    [
        (
            {"expires_at": ago(12), "revoked": MISSING},
            "expired 12 days ago",
            {"expiry": ago(12).isoformat()},
        ),
        ({"expires_at": NOW.time}, "expired 0 days ago", {"expiry": NOW.time.isoformat()}),
        ({"revoked": True}, "revoked", {"revoked": True}),
        ({"expires_at": None, "revoked": True}, "revoked", {"revoked": True}),
    ],
)
def test_a_token_that_has_ended_is_not_judged(
    check: Check, fault: dict[str, object], end: dict[str, object], says: str, seen: object
) -> None:
    verdict = check(npm_token(**fault | end), NOW)
    assert isinstance(verdict, NotApplicable)
    assert verdict.message.startswith(says)
    assert verdict.seen == seen


@pytest.mark.parametrize(("check", "fault"), FAULTY)
@pytest.mark.parametrize("field", ["expires_at", "revoked"])
def test_a_fault_of_a_token_that_may_have_ended_is_not_known(
    check: Check, fault: dict[str, object], field: str
) -> None:
    with pytest.raises(NotKnownError):
        check(npm_token(**fault | {field: MISSING}), NOW)


@pytest.mark.parametrize("check", [check for check, _ in FAULTY])
def test_a_right_that_is_not_told_never_passes(check: Check) -> None:
    with pytest.raises(NotKnownError):
        check(npm_token(package_write=MISSING, organization_write=MISSING), NOW)


@pytest.mark.parametrize("check", [npm_token_without_bypass, npm_no_standing_write_token])
def test_a_token_that_only_reads_passes_whatever_else_is_not_known(check: Check) -> None:
    token = npm_token(bypass=MISSING, revoked=MISSING, expires_at=MISSING, publish_policy=MISSING)
    verdict = check(token, NOW)
    assert isinstance(verdict, Passed)
    assert verdict.seen == {"permissions": "no package:write"}


def test_writing_with_the_second_factor_passes_as_without_bypass() -> None:
    verdict = npm_token_without_bypass(npm_token(**WRITE), NOW)
    assert isinstance(verdict, Passed)
    assert verdict.seen["bypass_2fa"] is False


def test_bypass_tells_for_how_long_and_how_to_end_it() -> None:
    verdict = npm_token_without_bypass(npm_token(**BYPASS), NOW)
    assert isinstance(verdict, Failed)
    assert verdict.message == "can write packages without 2FA for 20 more days"
    assert verdict.severity is None
    assert verdict.fix.command == f"npm token revoke {KEY}"
    assert verdict.fix.page.endswith("/settings/hazel/tokens")
    endless = npm_token_without_bypass(npm_token(**BYPASS, expires_at=None), NOW)
    assert isinstance(endless, Failed)
    assert endless.message.endswith("until it is revoked")
    assert endless.seen["expiry"] is None


def test_bypass_weighs_the_same_for_a_token_that_stages() -> None:
    verdict = npm_token_without_bypass(npm_token(**BYPASS, publish_policy="stage_only"), NOW)
    assert isinstance(verdict, Failed)


@pytest.mark.parametrize("check", [npm_token_without_bypass, npm_token_survives_2027])
def test_a_bypass_that_is_not_told_never_passes(check: Check) -> None:
    with pytest.raises(NotKnownError):
        check(npm_token(**WRITE, bypass=MISSING), NOW)


def test_the_deadline_is_of_npms_own_registry() -> None:
    verdict = npm_token_survives_2027(npm_token(**BYPASS, **ELSEWHERE), NOW)
    assert isinstance(verdict, NotApplicable)
    assert verdict.seen == ELSEWHERE


def test_the_deadline_does_not_concern_a_token_that_reads() -> None:
    assert isinstance(npm_token_survives_2027(npm_token(), NOW), NotApplicable)


@pytest.mark.parametrize(
    ("fields", "decided"),
    [
        (WRITE, {"bypass_2fa": False}),
        (BYPASS | {"publish_policy": "stage_only"}, {"publish_policy": "stage_only"}),
    ],
)
def test_what_goes_on_after_the_deadline_passes(
    fields: dict[str, object], decided: dict[str, object]
) -> None:
    verdict = npm_token_survives_2027(npm_token(**fields), NOW)
    assert isinstance(verdict, Passed)
    assert verdict.seen == decided


def test_the_deadline_counts_days_and_names_the_package() -> None:
    verdict = npm_token_survives_2027(npm_token(**BYPASS), NOW)
    assert isinstance(verdict, Failed)
    assert verdict.message == "stops publishing 1 package about January 2027, in 37 days"
    assert verdict.seen["scopes"] == [PACKAGE]
    assert verdict.seen["publishing_ends"] == "2027-01"
    assert verdict.seen["bypass_2fa"] is True
    assert verdict.fix.page.endswith(f"/package/{PACKAGE}/access")
    assert verdict.fix.command == ""


@pytest.mark.parametrize(
    ("fields", "what", "scopes"),
    [
        ({"packages": frozenset({"b", "a"})}, "2 packages", ["a", "b"]),
        (
            {"all_packages": True, "packages": frozenset(), "scopes": frozenset({"@x"})},
            "packages it does not name",
            ["@x"],
        ),
    ],
)
def test_the_deadline_tells_which_releases_break(
    fields: dict[str, object], what: str, scopes: list[str]
) -> None:
    verdict = npm_token_survives_2027(npm_token(**BYPASS | fields), NOW)
    assert isinstance(verdict, Failed)
    assert f"publishing {what} about" in verdict.message
    assert verdict.seen["scopes"] == scopes
    assert verdict.fix.command == ""
    assert verdict.fix.page.endswith("/settings/hazel/packages")


def test_the_deadline_has_come() -> None:
    token = npm_token(**BYPASS, expires_at=None)
    verdict = npm_token_survives_2027(token, Now(BYPASS_PUBLISHING_ENDS))
    assert isinstance(verdict, Failed)
    assert verdict.message.endswith("about January 2027, a date that has passed")


def test_packages_that_are_not_told_leave_the_deadline_unknown() -> None:
    with pytest.raises(NotKnownError):
        npm_token_survives_2027(npm_token(**BYPASS, packages=MISSING), NOW)


def test_a_standing_right_to_write_weighs_high() -> None:
    verdict = npm_no_standing_write_token(npm_token(**WRITE), NOW)
    assert isinstance(verdict, Failed)
    assert verdict.severity is None
    assert npm_no_standing_write_token.severity is Severity.HIGH
    assert verdict.message == "can write packages for 20 more days"


def test_a_standing_right_to_stage_weighs_medium() -> None:
    verdict = npm_no_standing_write_token(npm_token(**WRITE, publish_policy="stage_only"), NOW)
    assert isinstance(verdict, Failed)
    assert verdict.severity is Severity.MEDIUM
    assert verdict.seen["publish_policy"] == "stage_only"


@pytest.mark.parametrize("policy", ["unstated", "a policy yet to come"])
def test_only_the_policy_itself_lowers_the_severity(policy: str) -> None:
    verdict = npm_no_standing_write_token(npm_token(**WRITE, publish_policy=policy), NOW)
    assert isinstance(verdict, Failed)
    assert verdict.severity is None
    assert "publish_policy" not in verdict.seen


@pytest.mark.parametrize(
    ("check", "fields"), [(npm_no_standing_write_token, WRITE), (npm_token_survives_2027, BYPASS)]
)
def test_a_policy_that_cannot_be_read_is_not_judged(
    check: Check, fields: dict[str, object]
) -> None:
    with pytest.raises(NotKnownError):
        check(npm_token(**fields, publish_policy=MISSING), NOW)


def test_a_token_that_names_its_packages_passes() -> None:
    verdict = npm_token_names_packages(npm_token(**WRITE, bypass=MISSING), NOW)
    assert isinstance(verdict, Passed)
    assert verdict.message == "names 1 package"


def test_naming_packages_is_not_asked_of_a_token_that_reads() -> None:
    token = npm_token(all_packages=True, expires_at=MISSING)
    assert isinstance(npm_token_names_packages(token, NOW), NotApplicable)


@pytest.mark.parametrize(
    ("bypass", "severity"),
    [(False, None), (True, Severity.CRITICAL), (MISSING, None)],
)
def test_a_token_for_everything_weighs_more_with_bypass(
    bypass: object, severity: Severity | None
) -> None:
    token = npm_token(
        **WRITE, all_packages=True, packages=frozenset(), scopes=frozenset({"@x"}), bypass=bypass
    )
    verdict = npm_token_names_packages(token, NOW)
    assert isinstance(verdict, Failed)
    assert verdict.severity is severity
    assert ("without 2FA" in verdict.message) is (bypass is True)
    assert verdict.seen.get("bypass_2fa") is (True if bypass is True else None)
    assert verdict.seen["scopes"] == ["@x"]
    assert verdict.fix.command == ""
    assert "an expiry of 7 days" in verdict.fix.step


def test_a_reach_that_is_not_told_never_passes() -> None:
    with pytest.raises(NotKnownError):
        npm_token_names_packages(npm_token(**WRITE, all_packages=MISSING), NOW)


def test_a_token_without_right_to_organizations_passes() -> None:
    verdict = npm_token_without_org_write(npm_token(package_write=MISSING), NOW)
    assert isinstance(verdict, Passed)


def test_a_token_of_another_registry_is_revoked_there() -> None:
    verdict = npm_token_without_org_write(npm_token(organization_write=True, **ELSEWHERE), NOW)
    assert isinstance(verdict, Failed)
    assert verdict.fix.command.endswith("--registry https://registry.example.test")


def test_an_end_in_the_last_hours_is_counted_in_days() -> None:
    verdict = npm_no_standing_write_token(npm_token(**WRITE, expires_at=ahead(0.5)), NOW)
    assert isinstance(verdict, Failed)
    assert verdict.message == "can write packages for 0 more days"
