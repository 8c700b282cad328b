from __future__ import annotations

from typing import Any

import pytest

from hardenme.model.unknown import NotKnownError
from hardenme.model.verdict import Failed, NotApplicable, Passed
from hardenme_checks.github.repository import (
    repo_active_or_archived,
    repo_dependabot_alerts,
    repo_private_reporting,
    repo_push_protection,
    repo_secret_scanning,
    repo_security_policy,
)
from tests.factories.github import (
    deploy_key,
    private_reporting,
    repository,
    secret,
    security_policy,
    security_settings,
    vulnerability_alerts,
)
from tests.factories.given import LOST, MISSING, NOW, TEAM, ago, every

ARCHIVED = repository(archived=True)
EDIT = "gh api -X PATCH repos/hazel/catkin -f "


def test_secret_scanning() -> None:
    assert isinstance(repo_secret_scanning(security_settings(), repository()), Passed)
    for state in ("disabled", "a state of tomorrow"):
        verdict = repo_secret_scanning(security_settings(secret_scanning=state), repository())
        assert isinstance(verdict, Failed)
        assert verdict.fix.command == (
            f"{EDIT}'security_and_analysis[secret_scanning][status]=enabled'"
        )
    with pytest.raises(NotKnownError):
        repo_secret_scanning(security_settings(secret_scanning=MISSING), repository())


def test_push_protection() -> None:
    assert isinstance(repo_push_protection(security_settings(), repository()), Passed)
    off = security_settings(push_protection="disabled")
    assert isinstance(repo_push_protection(off, repository()), Failed)
    assert isinstance(repo_push_protection(off, ARCHIVED), NotApplicable)
    with pytest.raises(NotKnownError):
        repo_push_protection(security_settings(push_protection=MISSING), repository())
    with pytest.raises(NotKnownError):
        repo_push_protection(off, repository(archived=MISSING))


@pytest.mark.parametrize(
    ("check", "fact", "path"),
    [
        (repo_dependabot_alerts, vulnerability_alerts, "vulnerability-alerts"),
        (repo_private_reporting, private_reporting, "private-vulnerability-reporting"),
        (repo_security_policy, security_policy, ""),
    ],
)
def test_switches(check: Any, fact: Any, path: str) -> None:
    assert isinstance(check(fact(), repository()), Passed)
    verdict = check(fact(enabled=False), repository())
    assert isinstance(verdict, Failed)
    assert verdict.fix.command == (f"gh api -X PUT repos/hazel/catkin/{path}" if path else "")
    assert isinstance(check(fact(enabled=MISSING), ARCHIVED), NotApplicable)
    with pytest.raises(NotKnownError):
        check(fact(enabled=MISSING), repository())
    with pytest.raises(NotKnownError):
        check(fact(), repository(archived=MISSING))


OFF = {
    repo_secret_scanning: security_settings(secret_scanning="disabled"),
    repo_push_protection: security_settings(push_protection="disabled"),
    repo_dependabot_alerts: vulnerability_alerts(enabled=False),
    repo_private_reporting: private_reporting(enabled=False),
    repo_security_policy: security_policy(enabled=False),
}


@pytest.mark.parametrize("check", OFF, ids=lambda check: check.code)
def test_one_step_at_the_organization_closes_it_everywhere(check: Any) -> None:
    alone = check(OFF[check], repository())
    assert alone.fix.wider is None
    wider = [
        check(OFF[check], repository(in_organization=True, full_name=name)).fix.wider
        for name in ("acme/web", "acme/api")
    ]
    assert wider[0] is not None
    assert wider[0] == wider[1]
    assert "acme" in wider[0].page
    unknown = check(OFF[check], repository(in_organization=MISSING))
    assert unknown.fix.wider is None, "what is not known of the owner hides no failure"


def test_private_reporting_of_a_private_repository() -> None:
    private = private_reporting(applicable=False, enabled=MISSING)
    assert isinstance(repo_private_reporting(private, repository()), NotApplicable)
    with pytest.raises(NotKnownError):
        repo_private_reporting(private_reporting(applicable=MISSING), repository())


@pytest.mark.parametrize(
    ("state", "keys", "secrets"),
    [
        ({"archived": True, "pushed_at": MISSING}, every(missing=LOST), every(missing=LOST)),
        ({"pushed_at": ago(365)}, every(missing=LOST), every(secret())),
        ({"pushed_at": ago(366)}, every(), every()),
        ({"pushed_at": None}, every(), every()),
    ],
)
def test_active_or_at_rest(state: dict[str, Any], keys: Any, secrets: Any) -> None:
    verdict = repo_active_or_archived(repository(**state), keys, secrets, NOW, TEAM)
    assert isinstance(verdict, Passed)


@pytest.mark.parametrize(
    ("pushed", "keys", "secrets", "message"),
    [
        (
            ago(366),
            every(deploy_key()),
            every(),
            "no push for 366 days, and it still holds 1 key and 0 secrets",
        ),
        (
            ago(400),
            every(missing=LOST),
            every(secret(), secret("B")),
            "no push for 400 days, and it still holds 0 keys and 2 secrets",
        ),
        (
            None,
            every(deploy_key()),
            every(missing=LOST),
            "never pushed to, and it still holds 1 key and 0 secrets",
        ),
    ],
)
def test_at_rest_with_keys_or_secrets(pushed: Any, keys: Any, secrets: Any, message: str) -> None:
    verdict = repo_active_or_archived(repository(pushed_at=pushed), keys, secrets, NOW, TEAM)
    assert isinstance(verdict, Failed)
    assert verdict.message == message
    assert verdict.fix.page == "https://github.com/hazel/catkin/settings"
    assert not verdict.fix.command


@pytest.mark.parametrize(
    ("state", "keys", "secrets"),
    [
        ({"archived": MISSING}, every(), every()),
        ({"pushed_at": MISSING}, every(), every()),
        ({"pushed_at": ago(400)}, every(missing=LOST), every()),
        ({"pushed_at": ago(400)}, every(), every(missing=LOST)),
    ],
)
def test_at_rest_unknown(state: dict[str, Any], keys: Any, secrets: Any) -> None:
    with pytest.raises(NotKnownError):
        repo_active_or_archived(repository(**state), keys, secrets, NOW, TEAM)
