from __future__ import annotations

from typing import Any

import pytest

from hardenme.model.unknown import NotKnownError, Reason, Unknown
from hardenme.model.verdict import Failed, Manual, NotApplicable, Passed
from hardenme_checks.github.account import (
    account_two_factor_enabled,
    account_two_factor_not_by_text,
    email_domain_alive,
    email_private,
    email_verified,
)
from tests.factories.github import (
    account,
    email,
    factors,
    mail_domain,
    registration,
    two_factor,
    two_factor_view,
)
from tests.factories.given import LOST, MISSING, NOW, REFUSED, TEAM, ahead, every

NOBODY = Unknown(Reason.NOT_ASKED, "a person's answer")


def test_two_factor() -> None:
    assert isinstance(account_two_factor_enabled(two_factor()), Passed)
    verdict = account_two_factor_enabled(two_factor(enabled=False))
    assert isinstance(verdict, Failed)
    assert verdict.seen == {"two_factor_authentication": False}
    assert verdict.fix.page == "https://github.com/settings/security"
    with pytest.raises(NotKnownError):
        account_two_factor_enabled(two_factor(enabled=MISSING))


def test_the_page_is_on_the_host_in_use() -> None:
    verdict = account_two_factor_enabled(two_factor(enabled=False, web="https://git.example"))
    assert isinstance(verdict, Failed)
    assert verdict.fix.page == "https://git.example/settings/security"


def by_text(views: Any, factor: Any = None, stated: Any = NOBODY) -> Any:
    known = two_factor() if factor is None else factor
    return account_two_factor_not_by_text(account(), views, known, stated)


def test_no_text_messages() -> None:
    good, bad = two_factor_view(), two_factor_view(insecure=True)
    assert isinstance(by_text(every(good)), Passed)
    assert by_text(every(good), REFUSED) is REFUSED
    for views in (every(bad), every(good, bad), every(bad, missing=LOST)):
        assert isinstance(by_text(views), Failed)
        assert isinstance(by_text(views, stated=factors()), Failed)


def test_no_text_messages_without_an_owners_view() -> None:
    for stated in (NOBODY, factors(resistant=False)):
        verdict = by_text(every(), stated=stated)
        assert isinstance(verdict, Manual)
        assert verdict.page == "https://github.com/settings/security"
    assert isinstance(by_text(every(), stated=factors()), Passed)
    assert isinstance(by_text(every(), REFUSED, factors()), Passed)


def test_no_text_messages_without_any_second_factor() -> None:
    off = two_factor(enabled=False)
    assert isinstance(by_text(every(missing=REFUSED), off), NotApplicable)
    with pytest.raises(NotKnownError):
        by_text(every(), two_factor(enabled=MISSING))


@pytest.mark.parametrize(
    "views",
    [
        every(missing=REFUSED),
        every(two_factor_view(), missing=LOST),
        every(two_factor_view(insecure=MISSING)),
    ],
)
def test_no_text_messages_unknown(views: Any) -> None:
    with pytest.raises(NotKnownError):
        by_text(views)


def test_email_verified() -> None:
    assert isinstance(email_verified(email()), Passed)
    assert isinstance(email_verified(email(verified=False)), Failed)
    with pytest.raises(NotKnownError):
        email_verified(email(verified=MISSING))


@pytest.mark.parametrize(
    ("domain", "ends_in", "message"),
    [
        ({"exists": False, "receives_mail": MISSING}, 365, "does not exist"),
        ({"receives_mail": False}, 365, "receives no mail"),
        ({}, 59.9, "expires in 59 days"),
        ({}, 1, "expires in 1 day"),
        ({}, -1, "has expired"),
    ],
)
def test_dead_domain(domain: dict[str, Any], ends_in: float, message: str) -> None:
    verdict = email_domain_alive(
        email(), mail_domain(**domain), registration(expires_at=ahead(ends_in)), NOW, TEAM
    )
    assert isinstance(verdict, Failed)
    assert message in verdict.message


def test_living_domain() -> None:
    alive = registration(expires_at=ahead(60))
    assert isinstance(email_domain_alive(email(), mail_domain(), alive, NOW, TEAM), Passed)


def test_domain_without_what_its_registry_tells() -> None:
    gone = mail_domain(exists=False, receives_mail=False)
    assert isinstance(email_domain_alive(email(), gone, REFUSED, NOW, TEAM), Failed)
    assert email_domain_alive(email(), mail_domain(), REFUSED, NOW, TEAM) is REFUSED


@pytest.mark.parametrize(
    ("domain", "ends"),
    [
        ({"exists": MISSING}, ahead(365)),
        ({"receives_mail": MISSING}, ahead(365)),
        ({}, MISSING),
    ],
)
def test_domain_unknown(domain: dict[str, Any], ends: Any) -> None:
    with pytest.raises(NotKnownError):
        email_domain_alive(email(), mail_domain(**domain), registration(expires_at=ends), NOW, TEAM)


def test_email_private() -> None:
    assert isinstance(email_private(email()), Passed)
    verdict = email_private(email(visibility="public"))
    assert isinstance(verdict, Failed)
    assert verdict.fix.command == "gh api -X PATCH user/email/visibility -f visibility=private"
    assert isinstance(email_private(email(visibility=None)), Manual)
    second = email(primary=False, visibility=MISSING)
    assert isinstance(email_private(second), NotApplicable)
    for unknown in ({"primary": MISSING}, {"visibility": MISSING}):
        with pytest.raises(NotKnownError):
            email_private(email(**unknown))


def test_the_address_that_github_gives_out_belongs_to_github() -> None:
    dead = mail_domain(domain="users.noreply.github.com", receives_mail=False)
    assert isinstance(email_domain_alive(email(), dead, registration(), NOW, TEAM), NotApplicable)
