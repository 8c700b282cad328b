from __future__ import annotations

import pytest

from hardenme.facts.mail import DomainRegistration
from hardenme.model.check import Check
from hardenme.model.given import Limits
from hardenme.model.unknown import NotKnownError, Unknown
from hardenme.model.verdict import Failed, Manual, NotApplicable, Passed
from hardenme_checks.npm.account import (
    npm_account_linked_for_recovery,
    npm_email_domain_alive,
    npm_email_verified,
    npm_public_email_current,
    npm_recovery_codes_offline,
    npm_two_factor_enabled,
    npm_two_factor_for_writes,
    npm_two_factor_webauthn,
)
from tests.factories.given import LOST, MISSING, NOW, STRICT, TEAM, ahead, every
from tests.factories.npm import (
    USER,
    domain_registration,
    mail_domain,
    maintainer,
    npm_account,
    npm_profile,
    npm_two_factor,
    package,
)


@pytest.mark.parametrize("mode", ["auth-only", "auth-and-writes"])
def test_two_factor_in_either_mode_is_on(mode: str) -> None:
    verdict = npm_two_factor_enabled(npm_two_factor(mode=mode))
    assert isinstance(verdict, Passed)
    assert verdict.seen == {"tfa": mode}


@pytest.mark.parametrize(
    ("mode", "says"),
    [("off", "is off"), ("pending", "not finished"), ("a mode yet to come", "is off")],
)
def test_two_factor_that_is_off_or_unfinished_fails(mode: str, says: str) -> None:
    verdict = npm_two_factor_enabled(npm_two_factor(mode=mode))
    assert isinstance(verdict, Failed)
    assert says in verdict.message
    assert verdict.seen == {"tfa": mode}
    assert verdict.fix.page.endswith("/settings/hazel/tfa")
    assert verdict.fix.command == ""


def test_two_factor_for_writes_passes_in_its_mode_only() -> None:
    assert isinstance(npm_two_factor_for_writes(npm_two_factor()), Passed)
    verdict = npm_two_factor_for_writes(npm_two_factor(mode="auth-only"))
    assert isinstance(verdict, Failed)
    assert "at sign-in only" in verdict.message
    assert verdict.fix.command == "npm profile enable-2fa auth-and-writes"


@pytest.mark.parametrize("mode", ["off", "pending", "a mode yet to come"])
def test_two_factor_for_writes_fails_where_there_is_none(mode: str) -> None:
    verdict = npm_two_factor_for_writes(npm_two_factor(mode=mode))
    assert isinstance(verdict, Failed)
    assert verdict.message == "writes require no 2FA"


def test_two_factor_names_another_registry_in_its_command() -> None:
    factor = npm_two_factor(mode="auth-only", registry="https://registry.example.test")
    verdict = npm_two_factor_for_writes(factor)
    assert isinstance(verdict, Failed)
    assert verdict.fix.command.endswith("--registry https://registry.example.test")


@pytest.mark.parametrize("check", [npm_two_factor_enabled, npm_two_factor_for_writes])
def test_a_mode_that_is_not_told_is_not_judged(check: Check) -> None:
    with pytest.raises(NotKnownError):
        check(npm_two_factor(mode=MISSING))


@pytest.mark.parametrize(
    ("check", "page", "asks"),
    [
        (npm_two_factor_webauthn, "/settings/hazel/tfa", "passkeys"),
        (npm_recovery_codes_offline, "/settings/hazel/tfa", "recovery codes"),
        (npm_account_linked_for_recovery, "/settings/hazel/profile", "GitHub account"),
    ],
)
def test_what_no_api_shows_is_asked_of_a_person(check: Check, page: str, asks: str) -> None:
    verdict = check(npm_account())
    assert isinstance(verdict, Manual)
    assert verdict.page.endswith(page)
    assert asks in verdict.question


def test_email_verified() -> None:
    assert isinstance(npm_email_verified(npm_profile()), Passed)
    verdict = npm_email_verified(npm_profile(email_verified=False, email=MISSING))
    assert isinstance(verdict, Failed)
    assert verdict.seen == {"email_verified": False}
    assert verdict.fix.page.endswith("/email-edit")
    with pytest.raises(NotKnownError):
        npm_email_verified(npm_profile(email_verified=MISSING))


def test_a_domain_in_good_order_passes() -> None:
    verdict = npm_email_domain_alive(npm_profile(), mail_domain(), domain_registration(), NOW, TEAM)
    assert isinstance(verdict, Passed)
    assert verdict.message == "the domain takes mail and is registered for 365 more days"


@pytest.mark.parametrize("registration", [domain_registration(), LOST])
def test_a_domain_that_does_not_exist_fails_whatever_its_registration(
    registration: DomainRegistration | Unknown,
) -> None:
    domain = mail_domain(exists=False, receives_mail=MISSING)
    verdict = npm_email_domain_alive(npm_profile(), domain, registration, NOW, TEAM)
    assert isinstance(verdict, Failed)
    assert "does not exist" in verdict.message


def test_a_domain_without_mail_fails() -> None:
    domain = mail_domain(receives_mail=False)
    verdict = npm_email_domain_alive(npm_profile(), domain, LOST, NOW, TEAM)
    assert isinstance(verdict, Failed)
    assert verdict.message == "the domain takes no mail"


@pytest.mark.parametrize(
    ("days", "message"),
    [
        (59, "the domain's registration expires in 59 days"),
        (1, "the domain's registration expires in 1 day"),
        (0, "the domain's registration expires in 0 days"),
        (-0.5, "the domain's registration has expired"),
        (-400, "the domain's registration has expired"),
    ],
)
def test_a_registration_about_to_end_fails(days: float, message: str) -> None:
    registration = domain_registration(expires_at=ahead(days))
    verdict = npm_email_domain_alive(npm_profile(), mail_domain(), registration, NOW, TEAM)
    assert isinstance(verdict, Failed)
    assert verdict.message == message
    assert verdict.seen["expires_at"] == ahead(days).isoformat()


@pytest.mark.parametrize("limits", [TEAM, STRICT])
def test_a_registration_exactly_at_the_limit_passes(limits: Limits) -> None:
    registration = domain_registration(expires_at=ahead(limits.domain_days))
    verdict = npm_email_domain_alive(npm_profile(), mail_domain(), registration, NOW, limits)
    assert isinstance(verdict, Passed)


def test_an_unknown_registration_is_handed_on_and_never_passes() -> None:
    assert npm_email_domain_alive(npm_profile(), mail_domain(), LOST, NOW, TEAM) is LOST


@pytest.mark.parametrize("field", ["domain", "exists", "receives_mail"])
def test_a_domain_not_fully_told_is_not_judged(field: str) -> None:
    domain = mail_domain(**{field: MISSING})
    with pytest.raises(NotKnownError):
        npm_email_domain_alive(npm_profile(), domain, domain_registration(), NOW, TEAM)


def test_a_registration_without_its_end_is_not_judged() -> None:
    registration = domain_registration(expires_at=MISSING)
    with pytest.raises(NotKnownError):
        npm_email_domain_alive(npm_profile(), mail_domain(), registration, NOW, TEAM)


def test_packages_with_the_present_address_pass() -> None:
    other = package("@hazel-grove/husk", maintainers=(maintainer("rowan", "old@else.example"),))
    verdict = npm_public_email_current(npm_profile(), every(package(), other))
    assert isinstance(verdict, Passed)
    assert verdict.message == "1 package with the account's address"


def test_an_address_in_other_letters_is_the_same() -> None:
    shown = package(maintainers=(maintainer(email="Hazel@Hazel-Grove.example"),))
    assert isinstance(npm_public_email_current(npm_profile(), every(shown)), Passed)


def test_an_address_that_is_left_out_may_be_another() -> None:
    with pytest.raises(NotKnownError):
        npm_public_email_current(npm_profile(), every(package(addresses=MISSING)))
    old = package(maintainers=(maintainer(email="hazel@lapsed.example"),))
    verdict = npm_public_email_current(npm_profile(), every(package(addresses=MISSING), old))
    assert isinstance(verdict, Failed)


def test_packages_with_another_address_fail_and_keep_the_private_one_out() -> None:
    old = (maintainer(email="hazel@lapsed.example"), maintainer("rowan"))
    stale = [package(name, maintainers=old) for name in ("@hazel-grove/b", "@hazel-grove/a")]
    verdict = npm_public_email_current(npm_profile(), every(package(), *stale))
    assert isinstance(verdict, Failed)
    assert verdict.message == "2 packages with an address that is not the account's"
    assert verdict.seen == {
        "name": ["@hazel-grove/a", "@hazel-grove/b"],
        "maintainers.email": ["hazel@lapsed.example"],
    }
    assert verdict.fix.page.endswith("/package/@hazel-grove/a")


def test_one_witness_is_enough_beside_what_is_not_known() -> None:
    stale = package(maintainers=(maintainer(email="hazel@lapsed.example"),))
    unread = package("@hazel-grove/b", maintainers=MISSING)
    for packages in (every(unread, stale), every(stale, missing=LOST)):
        assert isinstance(npm_public_email_current(npm_profile(), packages), Failed)


def test_no_package_of_the_account_is_not_applicable() -> None:
    others = package(maintainers=(maintainer("rowan"),))
    hidden = package(maintainers=(maintainer(email=""),))
    for packages in (every(), every(others), every(hidden), every(package(maintainers=()))):
        verdict = npm_public_email_current(npm_profile(), packages)
        assert isinstance(verdict, NotApplicable)


@pytest.mark.parametrize(
    "packages",
    [
        every(package(), missing=LOST),
        every(package(), package("@hazel-grove/b", maintainers=MISSING)),
    ],
)
def test_packages_that_are_not_all_known_never_pass(packages: object) -> None:
    with pytest.raises(NotKnownError):
        npm_public_email_current(npm_profile(), packages)


def test_an_account_whose_address_is_not_told_is_not_judged() -> None:
    with pytest.raises(NotKnownError):
        npm_public_email_current(npm_profile(email=MISSING), every(package()))


def test_pages_of_an_account_quote_its_name() -> None:
    subject = type(USER)("npm", "user", "a b?")
    verdict = npm_two_factor_webauthn(npm_account(subject=subject))
    assert isinstance(verdict, Manual)
    assert verdict.page.endswith("/settings/a%20b%3F/tfa")
