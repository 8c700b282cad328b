from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from hardenme.facts.github.hooks import Webhook
from hardenme.model.check import Check
from hardenme.model.unknown import NotKnownError
from hardenme.model.verdict import Failed, Passed
from hardenme_checks.github.hooks import (
    org_webhook_secret,
    org_webhook_tls,
    repo_webhook_secret,
    repo_webhook_tls,
)
from tests.factories.github_hooks import organization_hook, repository_hook
from tests.factories.given import MISSING


@dataclass(frozen=True)
class Kind:
    make: Callable[..., Webhook]
    tls: Check
    secret: Check
    path: str
    page: str


KINDS = pytest.mark.parametrize(
    "kind",
    [
        Kind(
            organization_hook,
            org_webhook_tls,
            org_webhook_secret,
            "orgs/cedar-labs/hooks/8201",
            "https://github.com/organizations/cedar-labs/settings/hooks/8201",
        ),
        Kind(
            repository_hook,
            repo_webhook_tls,
            repo_webhook_secret,
            "repos/cedar-labs/cone/hooks/8201",
            "https://github.com/cedar-labs/cone/settings/hooks/8201",
        ),
    ],
    ids=["organization", "repository"],
)


@KINDS
def test_what_is_guarded_passes(kind: Kind) -> None:
    assert isinstance(kind.tls(kind.make(number=MISSING)), Passed)
    assert isinstance(kind.secret(kind.make(number=MISSING)), Passed)


@KINDS
def test_what_goes_in_the_clear_fails(kind: Kind) -> None:
    verdict = kind.tls(kind.make(scheme="http", verifies=MISSING))
    assert isinstance(verdict, Failed)
    assert verdict.fix.page == kind.page
    assert verdict.fix.command == "", "the address is not known here"


@KINDS
def test_a_certificate_that_is_not_checked_fails(kind: Kind) -> None:
    verdict = kind.tls(kind.make(verifies=False))
    assert isinstance(verdict, Failed)
    assert verdict.fix.command == f"gh api -X PATCH {kind.path}/config -f insecure_ssl=0"
    assert verdict.fix.page == kind.page


@KINDS
def test_what_is_not_signed_fails(kind: Kind) -> None:
    verdict = kind.secret(kind.make(has_secret=False))
    assert isinstance(verdict, Failed)
    assert verdict.fix.page == kind.page
    # The secret stands in no command line: others on the machine read those.
    assert verdict.fix.command == ""
    assert verdict.seen == {"host": "chat.example.test", "secret": False}


@KINDS
@pytest.mark.parametrize("field", ["scheme", "host", "verifies"])
def test_what_is_not_known_is_no_verdict_on_the_way(kind: Kind, field: str) -> None:
    with pytest.raises(NotKnownError):
        kind.tls(kind.make(**{field: MISSING}))


@KINDS
def test_a_secret_that_is_not_known_is_no_verdict(kind: Kind) -> None:
    with pytest.raises(NotKnownError):
        kind.secret(kind.make(has_secret=MISSING))
