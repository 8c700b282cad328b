from __future__ import annotations

from hardenme.derive.organization_secrets import shared_secrets
from hardenme.facts.github.organization import OrganizationProfile
from tests.factories.github_organization_secrets import (
    ORGANIZATION,
    actions_secret,
    dependabot_secret,
)
from tests.factories.given import LOST, MISSING, REFUSED, every

PROFILE = OrganizationProfile(subject=ORGANIZATION, within=ORGANIZATION, verified=False)


def test_both_lists_are_one() -> None:
    made = shared_secrets(PROFILE, every(actions_secret()), every(dependabot_secret()))
    assert made.missing is None
    assert [(str(s.subject), s.name, s.kept_for, s.visibility) for s in made] == [
        ("github:org-secret/cedar-labs/RELEASE_TOKEN", "RELEASE_TOKEN", "Actions", "selected"),
        ("github:org-secret/cedar-labs/dependabot/NPM_TOKEN", "NPM_TOKEN", "Dependabot", "all"),
    ]
    assert {secret.within for secret in made} == {ORGANIZATION}


def test_one_list_counts_without_the_other() -> None:
    made = shared_secrets(PROFILE, every(actions_secret()), every(missing=REFUSED))
    assert len(made.facts) == 1
    assert made.missing is REFUSED
    made = shared_secrets(PROFILE, every(missing=LOST), every(dependabot_secret()))
    assert len(made.facts) == 1
    assert made.missing is LOST


def test_what_is_not_known_of_a_secret_stays_so() -> None:
    made = shared_secrets(PROFILE, every(actions_secret(visibility=MISSING)), every())
    (secret,) = made.facts
    assert secret.unknown_fields() == {"visibility": MISSING}
