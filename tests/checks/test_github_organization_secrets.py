from __future__ import annotations

from typing import Any

import pytest

from hardenme.facts.github.organization_secrets import DEPENDABOT
from hardenme.model.unknown import NotKnownError
from hardenme.model.verdict import Failed, NotApplicable, Passed
from hardenme_checks.github.organization_secrets import org_secret_rotated, org_secret_scoped
from tests.factories.github_organization_secrets import shared_secret
from tests.factories.given import MISSING, NOW, STRICT, TEAM, ago

SETTINGS = "https://github.com/organizations/cedar-labs/settings"


@pytest.mark.parametrize("name", ["NPM_TOKEN", "NODE_AUTH_TOKEN", "RELEASE_TOKEN", "PYPI_API_KEY"])
def test_a_secret_for_publishing_that_every_repository_reads(name: str) -> None:
    verdict = org_secret_scoped(shared_secret(name, visibility="all"))
    assert isinstance(verdict, Failed)
    assert verdict.fix.page == f"{SETTINGS}/secrets/actions"
    for visibility in ("selected", "private"):
        assert isinstance(org_secret_scoped(shared_secret(name, visibility=visibility)), Passed)


def test_a_secret_for_dependabot_is_changed_on_a_page_of_its_own() -> None:
    verdict = org_secret_scoped(shared_secret(visibility="all", kept_for=DEPENDABOT))
    assert isinstance(verdict, Failed)
    assert verdict.message == "Dependabot can read it in every repository"
    assert verdict.fix.page == f"{SETTINGS}/secrets/dependabot"


def test_a_secret_for_something_else() -> None:
    secret = shared_secret("CHAT_ADDRESS", visibility=MISSING)
    assert isinstance(org_secret_scoped(secret), NotApplicable)


@pytest.mark.parametrize("field", ["name", "visibility"])
def test_a_reach_that_is_not_known(field: str) -> None:
    changed: dict[str, Any] = {field: MISSING}
    with pytest.raises(NotKnownError):
        org_secret_scoped(shared_secret(**changed))


def test_an_old_secret() -> None:
    assert isinstance(org_secret_rotated(shared_secret(updated_at=ago(365)), NOW, TEAM), Passed)
    old = shared_secret(updated_at=ago(366))
    verdict = org_secret_rotated(old, NOW, TEAM)
    assert isinstance(verdict, Failed)
    assert verdict.message == "last set 366 days ago"
    assert isinstance(org_secret_rotated(shared_secret(updated_at=ago(181)), NOW, STRICT), Failed)
    with pytest.raises(NotKnownError):
        org_secret_rotated(shared_secret(updated_at=MISSING), NOW, TEAM)
