"""Single sign-on, IP allow lists and audit log streams of organizations on Enterprise Cloud."""

from __future__ import annotations

from typing import Any

import pytest

from hardenme.model.check import Check
from hardenme.model.unknown import NotKnownError, Reason, Unknown
from hardenme.model.verdict import Failed, Manual, NotApplicable, Passed
from hardenme_checks.github.access_policies import (
    org_audit_log_streamed,
    org_ip_allow_list_covers_apps,
    org_single_sign_on_enforced,
)
from tests.factories.github_organization import addresses, plan, sign_on

LOST = Unknown(Reason.NOT_PERMITTED, "an organization owner's token")
OTHERS: dict[Check, tuple[Any, ...]] = {
    org_single_sign_on_enforced: (sign_on(),),
    org_ip_allow_list_covers_apps: (addresses(),),
    org_audit_log_streamed: (),
}


@pytest.mark.parametrize("check", OTHERS, ids=lambda one: one.code)
def test_a_plan_that_has_it_not_needs_nothing_else(check: Check) -> None:
    unread: list[Any] = [LOST for _ in OTHERS[check]]
    assert isinstance(check(plan(enterprise_cloud=False), *unread), NotApplicable)
    with pytest.raises(NotKnownError):
        check(plan(enterprise_cloud=LOST), *OTHERS[check])


@pytest.mark.parametrize("check", [one for one in OTHERS if OTHERS[one]], ids=lambda one: one.code)
def test_what_is_not_read_stays_unknown(check: Check) -> None:
    unread: Any = LOST
    assert check(plan(), unread) is LOST


def test_a_provider_alone_is_no_pass_and_its_question_is_another() -> None:
    own, above = (
        org_single_sign_on_enforced(plan(), sign_on(provider=one)) for one in (True, False)
    )
    assert isinstance(own, Manual)
    assert isinstance(above, Manual)
    assert own.question != above.question
    with pytest.raises(NotKnownError):
        org_single_sign_on_enforced(plan(), sign_on(provider=LOST))


def test_a_stream_is_asked_about() -> None:
    assert isinstance(org_audit_log_streamed(plan()), Manual)


def test_a_list_that_is_on_leaves_out_addresses() -> None:
    judged = org_ip_allow_list_covers_apps
    assert isinstance(judged(plan(), addresses()), Passed)
    assert isinstance(judged(plan(), addresses(from_apps=True)), Passed)
    assert isinstance(judged(plan(), addresses(enabled=False, open_to=LOST)), NotApplicable)
    both = judged(plan(), addresses(open_to=("IPv4", "IPv6")))
    assert isinstance(both, Failed)
    assert both.message == "the IP allow list allows every IPv4 and every IPv6 address"
    for name in ("enabled", "open_to", "from_apps"):
        with pytest.raises(NotKnownError):
            judged(plan(), addresses(**{name: LOST}))
