from __future__ import annotations

from typing import Any

import pytest

from hardenme.derive.releases import immutable_releases
from hardenme.facts.github.organization import OrganizationImmutableReleases
from hardenme.facts.github.workflow import Workflow
from hardenme.model.fact import Every
from hardenme.model.subject import Subject
from hardenme.model.unknown import NotKnownError, Reason, Unknown
from hardenme.model.verdict import Failed, NotApplicable, Passed
from hardenme_checks.github.repository_releases import (
    repo_immutable_releases,
    repo_oidc_subject_immutable,
)
from tests.factories.github import repository
from tests.factories.github_repository import immutable, oidc, organization_oidc, own_immutable
from tests.factories.github_workflow import job, workflow
from tests.factories.given import MISSING, REFUSED

OWNER = Subject("github", "org", "Hazel")
QUIET = Every[Workflow](())
"""No workflow, so that none publishes."""


def setting(enforced: Any) -> OrganizationImmutableReleases:
    return OrganizationImmutableReleases(subject=OWNER, within=OWNER, enforced=enforced)


def test_immutable_releases() -> None:
    assert isinstance(repo_immutable_releases(immutable(), repository()), Passed)
    verdict = repo_immutable_releases(immutable(enabled=False), repository())
    assert isinstance(verdict, Failed)
    assert verdict.fix.command == "gh api -X PUT repos/hazel/catkin/immutable-releases"
    assert verdict.fix.wider is None, "nobody above a person sets it"
    with pytest.raises(NotKnownError):
        repo_immutable_releases(immutable(enabled=MISSING), repository())


def test_an_organization_closes_it_for_all() -> None:
    own = repository(in_organization=True)
    verdict = repo_immutable_releases(immutable(enabled=False), own)
    assert isinstance(verdict, Failed)
    assert verdict.fix.wider is not None
    assert verdict.fix.wider.command == (
        "gh api -X PUT orgs/hazel/settings/immutable-releases -f enforced_repositories=all"
    )


def test_what_is_archived_releases_nothing() -> None:
    archived = repository(archived=True)
    assert isinstance(repo_immutable_releases(immutable(enabled=MISSING), archived), NotApplicable)
    assert isinstance(
        repo_oidc_subject_immutable(oidc(immutable=MISSING), REFUSED, archived, QUIET),
        NotApplicable,
    )


@pytest.mark.parametrize(
    ("organization", "own", "enabled", "bound"),
    [
        (setting("all"), REFUSED, True, True),
        (setting("all"), own_immutable(enabled=False), True, True),
        (setting("none"), own_immutable(), True, False),
        (setting("selected"), own_immutable(enabled=False), False, False),
        (REFUSED, own_immutable(enabled=False), False, False),
        (setting(MISSING), own_immutable(enabled=MISSING), MISSING, False),
        (setting("none"), REFUSED, REFUSED, False),
    ],
)
def test_whose_setting_decides(organization: Any, own: Any, enabled: Any, *, bound: bool) -> None:
    made = immutable_releases(repository(in_organization=True), organization, own)
    if isinstance(enabled, Unknown):
        assert made.unknown_fields()["enabled"] is enabled
    else:
        assert made.enabled is enabled
    assert made.by_organization is bound


def test_another_organization_decides_nothing() -> None:
    other = Subject("github", "org", "grove")
    elsewhere = OrganizationImmutableReleases(subject=other, within=other, enforced="all")
    for home in (
        immutable_releases(repository(in_organization=True), elsewhere, REFUSED),
        immutable_releases(repository(in_organization=False), setting("all"), REFUSED),
        immutable_releases(repository(in_organization=MISSING), setting("all"), REFUSED),
    ):
        assert home.unknown_fields()["enabled"] is REFUSED


def test_subjects() -> None:
    assert isinstance(
        repo_oidc_subject_immutable(oidc(claims=MISSING), REFUSED, repository(), QUIET), Passed
    )
    numbered = oidc(immutable=False, default=False, claims=("repository_id", "context"))
    assert isinstance(repo_oidc_subject_immutable(numbered, REFUSED, repository(), QUIET), Passed)
    verdict = repo_oidc_subject_immutable(oidc(immutable=False), REFUSED, repository(), QUIET)
    assert isinstance(verdict, Failed)
    assert verdict.fix.command == (
        "gh api -X PUT repos/hazel/catkin/actions/oidc/customization/sub"
        " -F use_default=true -F use_immutable_subject=true"
    )


def test_a_template_of_its_own_is_kept() -> None:
    own = oidc(immutable=False, default=False, claims=("repo", "context"))
    verdict = repo_oidc_subject_immutable(own, REFUSED, repository(), QUIET)
    assert isinstance(verdict, Failed)
    assert (
        "-F use_default=false -f 'include_claim_keys[]=repo' -f 'include_claim_keys[]=context'"
        in verdict.fix.command
    )


@pytest.mark.parametrize("field", [{"immutable": MISSING}, {"immutable": False, "claims": MISSING}])
@pytest.mark.parametrize("default", [True, False])
def test_a_subject_not_known(field: dict[str, Any], *, default: bool) -> None:
    with pytest.raises(NotKnownError):
        repo_oidc_subject_immutable(oidc(**field, default=default), REFUSED, repository(), QUIET)


UNSET: Any = Unknown(Reason.NOT_VISIBLE, "the key")
OFF = False
ON_ABOVE, OFF_ABOVE = organization_oidc(), organization_oidc(immutable=False)


@pytest.mark.parametrize(
    ("own", "numbered", "above", "result"),
    [
        (UNSET, MISSING, ON_ABOVE, Passed),
        (UNSET, MISSING, OFF_ABOVE, Failed),
        (OFF, True, ON_ABOVE, Passed),
        (OFF, False, ON_ABOVE, Failed),
        (OFF, MISSING, OFF_ABOVE, Failed),
        (OFF, True, OFF_ABOVE, Failed),
        (UNSET, True, REFUSED, Unknown),
        (OFF, True, REFUSED, Unknown),
    ],
)
def test_the_organizations_setting_counts_where_there_is_no_own(
    own: Any, numbered: Any, above: Any, result: type
) -> None:
    subject = oidc(immutable=own, numbered=numbered)
    shared = repository(in_organization=True)
    assert isinstance(repo_oidc_subject_immutable(subject, above, shared, QUIET), result)


def test_a_template_of_its_own_does_not_fall_back() -> None:
    own = oidc(immutable=False, default=False, claims=("repo", "context"))
    shared = repository(in_organization=True)
    assert isinstance(repo_oidc_subject_immutable(own, ON_ABOVE, shared, QUIET), Failed)


@pytest.mark.parametrize(
    ("numbered", "above", "owned"),
    [
        (True, organization_oidc(immutable=MISSING), True),
        (MISSING, ON_ABOVE, True),
        (True, ON_ABOVE, MISSING),
    ],
)
def test_an_organizations_setting_not_known(numbered: Any, above: Any, owned: Any) -> None:
    subject = oidc(immutable=False, numbered=numbered)
    with pytest.raises(NotKnownError):
        repo_oidc_subject_immutable(subject, above, repository(in_organization=owned), QUIET)


@pytest.mark.parametrize(
    ("workflows", "says"),
    [
        (QUIET, False),
        (Every((workflow(job(publishes=())),)), False),
        (Every((workflow(job(publishes=("npm publish",))),)), True),
        (Every((workflow(jobs=MISSING),)), True),
        (REFUSED, True),
    ],
)
def test_where_something_publishes_it_says_so_and_prints_no_command(
    workflows: Any,
    says: bool,  # noqa: FBT001 (a column)
) -> None:
    verdict = repo_oidc_subject_immutable(oidc(immutable=False), REFUSED, repository(), workflows)
    assert isinstance(verdict, Failed)
    assert ("contested" in verdict.fix.step) == says
    assert (verdict.fix.command == "") == says
    assert verdict.fix.page
