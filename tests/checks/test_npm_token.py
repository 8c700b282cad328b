from __future__ import annotations

import pytest

from hardenme.model.check import Check
from hardenme.model.given import Limits
from hardenme.model.severity import Severity
from hardenme.model.unknown import NotKnownError
from hardenme.model.verdict import Failed, NotApplicable, Passed
from hardenme_checks.npm.token import (
    npm_token_cidr,
    npm_token_expires,
    npm_token_in_use,
    npm_token_named,
    npm_token_not_legacy,
)
from tests.factories.given import MISSING, NOW, STRICT, TEAM, ago, ahead
from tests.factories.npm import KEY, npm_token

WRITES = [{"package_write": True}, {"organization_write": True}]

FAULTY = [
    (npm_token_expires, {"expires_at": None}, (TEAM,)),
    (npm_token_in_use, {"last_used": ago(100)}, (TEAM,)),
    (npm_token_cidr, {"package_write": True, "cidr": ()}, ()),
    (npm_token_named, {"name": None}, ()),
]
"""Each check of a token alone that spares ended ones: what makes it fail, and what it is given."""


@pytest.mark.parametrize(("check", "fault", "given"), FAULTY)
def test_a_fault_of_a_token_in_use_fails(
    check: Check, fault: dict[str, object], given: tuple[Limits, ...]
) -> None:
    verdict = check(npm_token(**fault), NOW, *given)
    assert isinstance(verdict, Failed)
    assert KEY not in verdict.message
    assert verdict.fix.needs
    assert verdict.fix.undo


@pytest.mark.parametrize(("check", "fault", "given"), FAULTY)
def test_the_token_that_hardenme_was_given_is_pointed_out(
    check: Check, fault: dict[str, object], given: tuple[Limits, ...]
) -> None:
    for presented, said in ((True, True), (False, False), (MISSING, False)):
        verdict = check(npm_token(**fault, presented=presented), NOW, *given)
        assert isinstance(verdict, Failed)
        assert ("it uses this one" in verdict.fix.step) is said


@pytest.mark.parametrize(("check", "fault", "given"), FAULTY)
@pytest.mark.parametrize("end", [{"expires_at": ago(40)}, {"revoked": True}])
def test_a_token_that_has_ended_is_not_judged(
    check: Check, fault: dict[str, object], given: tuple[Limits, ...], end: dict[str, object]
) -> None:
    assert isinstance(check(npm_token(**fault | end), NOW, *given), NotApplicable)


@pytest.mark.parametrize(("check", "fault", "given"), FAULTY)
@pytest.mark.parametrize("field", ["expires_at", "revoked"])
def test_a_fault_of_a_token_that_may_have_ended_is_not_known(
    check: Check, fault: dict[str, object], given: tuple[Limits, ...], field: str
) -> None:
    with pytest.raises(NotKnownError):
        check(npm_token(**fault | {field: MISSING}), NOW, *given)


@pytest.mark.parametrize("limits", [TEAM, STRICT])
@pytest.mark.parametrize("writes", WRITES)
def test_a_token_that_writes_may_live_as_long_as_the_limit(
    limits: Limits, writes: dict[str, bool]
) -> None:
    limit = limits.npm_write_days
    at = npm_token(**writes, created_at=ago(1), expires_at=ahead(limit - 1))
    assert isinstance(npm_token_expires(at, NOW, limits), Passed)
    beyond = npm_token(**writes, created_at=ago(1), expires_at=ahead(limit))
    verdict = npm_token_expires(beyond, NOW, limits)
    assert isinstance(verdict, Failed)
    assert verdict.severity is Severity.MEDIUM
    assert verdict.message == f"valid for {limit + 1} days, {limit} are allowed"
    assert f"an expiry of {limit} days" in verdict.fix.step


@pytest.mark.parametrize("limits", [TEAM, STRICT])
def test_a_token_that_reads_may_live_longer(limits: Limits) -> None:
    limit = limits.npm_read_days
    at = npm_token(created_at=ago(1), expires_at=ahead(limit - 1))
    verdict = npm_token_expires(at, NOW, limits)
    assert isinstance(verdict, Passed)
    assert verdict.message == f"valid for {limit} days"
    beyond = npm_token_expires(npm_token(created_at=ago(1), expires_at=ahead(limit)), NOW, limits)
    assert isinstance(beyond, Failed)
    assert beyond.severity is Severity.MEDIUM
    assert "read-only" in beyond.fix.step


def test_no_end_at_all_weighs_high_whatever_the_token_may_do() -> None:
    token = npm_token(expires_at=None, package_write=MISSING, created_at=MISSING)
    verdict = npm_token_expires(token, NOW, TEAM)
    assert isinstance(verdict, Failed)
    assert verdict.severity is None
    assert npm_token_expires.severity is Severity.HIGH
    assert verdict.message == "never expires"
    assert "an expiry of 7 days" in verdict.fix.step
    assert verdict.fix.page.endswith("/settings/hazel/tokens")


def test_a_short_life_passes_whatever_the_token_may_do() -> None:
    token = npm_token(package_write=MISSING, organization_write=MISSING)
    assert isinstance(npm_token_expires(token, NOW, TEAM), Passed)


@pytest.mark.parametrize(
    "unknown",
    [
        {"created_at": MISSING},
        {"package_write": MISSING, "created_at": ago(100)},
        {"organization_write": MISSING, "created_at": ago(100)},
    ],
)
def test_a_life_that_is_not_told_is_not_judged(unknown: dict[str, object]) -> None:
    with pytest.raises(NotKnownError):
        npm_token_expires(npm_token(**unknown), NOW, TEAM)


def test_a_token_never_used_has_a_week() -> None:
    new = npm_token(last_used=None, created_at=ago(TEAM.npm_new_token_days))
    verdict = npm_token_in_use(new, NOW, TEAM)
    assert isinstance(verdict, Passed)
    assert verdict.message == "created 7 days ago and not used yet"
    old = npm_token(last_used=None, created_at=ago(TEAM.npm_new_token_days + 1))
    late = npm_token_in_use(old, NOW, TEAM)
    assert isinstance(late, Failed)
    assert late.message == "never used in the 8 days since it was created"
    assert late.seen["accessed"] is None
    assert late.fix.command == f"npm token revoke {KEY}"


@pytest.mark.parametrize("writes", WRITES)
def test_a_token_that_writes_may_rest_for_a_month(writes: dict[str, bool]) -> None:
    limit = TEAM.npm_write_unused_days
    assert isinstance(
        npm_token_in_use(npm_token(**writes, last_used=ago(limit)), NOW, TEAM), Passed
    )
    verdict = npm_token_in_use(npm_token(**writes, last_used=ago(limit + 1)), NOW, TEAM)
    assert isinstance(verdict, Failed)
    assert verdict.message == "unused for 31 days, 30 are allowed"
    assert verdict.seen["accessed"] == ago(limit + 1).isoformat()


@pytest.mark.parametrize(("limits", "limit"), [(TEAM, 90), (STRICT, 30)])
def test_a_token_that_reads_may_rest_longer(limits: Limits, limit: int) -> None:
    at = npm_token_in_use(npm_token(last_used=ago(limit)), NOW, limits)
    assert isinstance(at, Passed)
    beyond = npm_token_in_use(npm_token(last_used=ago(limit + 1)), NOW, limits)
    assert isinstance(beyond, Failed)
    assert beyond.message == f"unused for {limit + 1} days, {limit} are allowed"


def test_a_token_used_lately_passes_whatever_it_may_do() -> None:
    unread = {"package_write": MISSING, "created_at": MISSING}
    at = npm_token(**unread, last_used=ago(TEAM.npm_write_unused_days))
    assert isinstance(npm_token_in_use(at, NOW, TEAM), Passed)
    verdict = npm_token_in_use(npm_token(**unread, last_used=ahead(0.01)), NOW, TEAM)
    assert isinstance(verdict, Passed)
    assert verdict.message == "used 0 days ago"


@pytest.mark.parametrize(
    "unknown",
    [
        {"last_used": MISSING},
        {"last_used": None, "created_at": MISSING},
        {"last_used": ago(60), "package_write": MISSING},
    ],
)
def test_a_use_that_is_not_told_is_not_judged(unknown: dict[str, object]) -> None:
    with pytest.raises(NotKnownError):
        npm_token_in_use(npm_token(**unknown), NOW, TEAM)


@pytest.mark.parametrize(
    "ranges", [("192.0.2.0/24",), ("192.0.2.7",), ("192.0.2.0/24", "2001:db8::/48")]
)
def test_a_token_bound_to_addresses_passes_whatever_it_may_do(ranges: tuple[str, ...]) -> None:
    token = npm_token(cidr=ranges, package_write=MISSING, bypass=MISSING)
    verdict = npm_token_cidr(token, NOW)
    assert isinstance(verdict, Passed)
    assert verdict.seen == {"cidr": sorted(ranges)}


@pytest.mark.parametrize("rights", [*WRITES, {"bypass": True}])
def test_a_token_that_writes_or_bypasses_from_anywhere_fails(rights: dict[str, bool]) -> None:
    verdict = npm_token_cidr(npm_token(**rights, cidr=()), NOW)
    assert isinstance(verdict, Failed)
    assert verdict.message == "works from any address"
    assert "limited to the addresses" in verdict.fix.step


@pytest.mark.parametrize("ranges", [("0.0.0.0/0",), ("192.0.2.0/24", "::/0"), ("no range",)])
def test_a_range_of_everything_or_nothing_readable_counts_as_none(ranges: tuple[str, ...]) -> None:
    verdict = npm_token_cidr(npm_token(package_write=True, cidr=ranges), NOW)
    assert isinstance(verdict, Failed)
    assert verdict.message == "its address ranges are larger than any single network"


def test_a_token_that_only_reads_needs_no_range() -> None:
    verdict = npm_token_cidr(npm_token(cidr=(), revoked=MISSING), NOW)
    assert isinstance(verdict, NotApplicable)
    assert verdict.seen["bypass_2fa"] is False


@pytest.mark.parametrize(
    "unknown", [{"cidr": MISSING}, {"package_write": MISSING}, {"bypass": MISSING}]
)
def test_ranges_or_rights_that_are_not_told_are_not_judged(unknown: dict[str, object]) -> None:
    with pytest.raises(NotKnownError):
        npm_token_cidr(npm_token(**{"cidr": ()} | unknown), NOW)


@pytest.mark.parametrize("name", [None, "", "  \t"])
def test_a_token_without_a_name_fails(name: str | None) -> None:
    verdict = npm_token_named(npm_token(name=name), NOW)
    assert isinstance(verdict, Failed)
    assert verdict.message == "has no name"


def test_a_token_with_a_name_passes() -> None:
    verdict = npm_token_named(npm_token(revoked=MISSING), NOW)
    assert isinstance(verdict, Passed)
    assert verdict.seen == {"name": "install, build box"}


def test_a_name_that_is_not_told_is_not_judged() -> None:
    with pytest.raises(NotKnownError):
        npm_token_named(npm_token(name=MISSING), NOW)


def test_a_granular_token_is_not_a_legacy_one() -> None:
    verdict = npm_token_not_legacy(npm_token(expires_at=MISSING))
    assert isinstance(verdict, Passed)
    assert verdict.seen == {"classic": False}


def test_a_token_of_classic_shape_fails_even_where_its_end_is_not_told() -> None:
    verdict = npm_token_not_legacy(npm_token(classic=True, expires_at=MISSING, revoked=MISSING))
    assert isinstance(verdict, Failed)
    assert npm_token_not_legacy.severity is Severity.CRITICAL
    assert verdict.fix.command == f"npm token revoke {KEY}"


def test_other_registries_may_use_classic_tokens() -> None:
    elsewhere = "https://registry.example.test"
    verdict = npm_token_not_legacy(npm_token(classic=MISSING, registry=elsewhere))
    assert isinstance(verdict, NotApplicable)
    assert verdict.seen == {"registry": elsewhere}


def test_a_shape_that_is_not_told_is_not_judged() -> None:
    with pytest.raises(NotKnownError):
        npm_token_not_legacy(npm_token(classic=MISSING))


@pytest.mark.parametrize(("check", "fault", "given"), [FAULTY[0], FAULTY[3]])
@pytest.mark.parametrize(
    ("writes", "client"),
    [(True, "with npm 11.20 and newer, or 12.1 and newer"), (False, "with npm 11.6 or newer")],
)
def test_a_token_that_may_only_stage_takes_a_client_that_knows_it(
    check: Check, fault: dict[str, object], given: tuple[Limits, ...], *, writes: bool, client: str
) -> None:
    verdict = check(npm_token(package_write=writes, **fault), NOW, *given)
    assert isinstance(verdict, Failed)
    assert verdict.fix.needs.endswith(client)
    assert ("stage-only" in verdict.fix.step) is writes
