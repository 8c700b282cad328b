"""A field that is not known leaves a verdict as it is, or open; it never makes another."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest

from hardenme.engine.catalogue import checks_of
from hardenme.model.check import Check
from hardenme.model.given import Limits, Now
from hardenme.model.unknown import NotKnownError, Unknown
from hardenme.model.verdict import Failed, Manual
from hardenme_checks.npm import account, package, token, token_rights
from tests.factories import npm as make
from tests.factories.given import LOST, MISSING, NOW, TEAM, ago, every

CHECKS = (
    *checks_of(account.__name__),
    *checks_of(package.__name__),
    *checks_of(token.__name__),
    *checks_of(token_rights.__name__),
)
GOOD: dict[str, Any] = {
    "NpmAccount": make.npm_account(),
    "NpmProfile": make.npm_profile(),
    "NpmTwoFactor": make.npm_two_factor(),
    "MailDomain": make.mail_domain(),
    "DomainRegistration": make.domain_registration(),
    "NpmToken": make.npm_token(),
    "PackageGrant": make.package_grant(),
    "Package": make.package(),
    "NewestRelease": make.newest_release(),
    "WeeklyDownloads": make.weekly_downloads(),
}
BAD: dict[str, Any] = GOOD | {
    "NpmProfile": make.npm_profile(email_verified=False, email="other@hazel-grove.example"),
    "NpmTwoFactor": make.npm_two_factor(mode="off"),
    "MailDomain": make.mail_domain(receives_mail=False),
    "NpmToken": make.npm_token(
        name=None,
        classic=True,
        package_write=True,
        organization_write=True,
        bypass=True,
        all_packages=True,
        created_at=ago(400),
        expires_at=None,
        last_used=ago(100),
        cidr=(),
    ),
    "PackageGrant": make.package_grant(writes=False),
    "Package": make.package(maintainers=(make.maintainer(),)),
    "NewestRelease": make.newest_release(provenance=False, install_script=True),
}
OWN = {"subject", "within", "label", "registry"}
"""What a fact has of itself, and not of an answer."""


def judge(check: Check, facts: dict[str, Any], missing: Unknown | None = None) -> Any:
    """The verdict on these facts; `missing` leaves each list without an end."""
    arguments: list[Any] = []
    for parameter in check.parameters:
        if parameter.given:
            arguments.append({Now: NOW, Limits: TEAM}[parameter.kind])
        elif parameter.every:
            arguments.append(every(facts[parameter.kind.__name__], missing=missing))
        else:
            arguments.append(facts[parameter.kind.__name__])
    return check(*arguments)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.code)
@pytest.mark.parametrize("facts", [GOOD, BAD], ids=["good", "bad"])
def test_a_field_that_is_not_known_makes_no_other_verdict(
    check: Check, facts: dict[str, Any]
) -> None:
    usual = judge(check, facts)
    hidden = 0
    for kind in check.facts:
        fact = facts[kind.__name__]
        for item in fields(fact):
            if item.name in OWN:
                continue
            less = facts | {kind.__name__: replace(fact, **{item.name: MISSING})}
            try:
                verdict = judge(check, less)
            except NotKnownError:
                hidden += 1
            else:
                assert type(verdict) is type(usual), (kind.__name__, item.name)
    assert (hidden > 0) is not isinstance(usual, Manual)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.code)
def test_a_list_that_is_not_whole_never_passes(check: Check) -> None:
    if not any(parameter.every for parameter in check.parameters):
        assert type(judge(check, GOOD, LOST)) is type(judge(check, GOOD))
        return
    with pytest.raises(NotKnownError):
        judge(check, GOOD, LOST)


def test_every_check_that_is_no_question_fails_somewhere_in_the_bad_facts() -> None:
    questions = {"NPA103", "NPA104", "NPA108"}
    spared = {"NPP109", "NPT110"}
    failed = {check.code for check in CHECKS if isinstance(judge(check, BAD), Failed)}
    assert failed == {check.code for check in CHECKS} - questions - spared
