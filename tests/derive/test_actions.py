from __future__ import annotations

from typing import Any

import pytest

from hardenme.derive.actions import (
    organization_actions,
    organization_fork_approval,
    organization_fork_workflows,
    organization_selection,
    organization_token,
    repository_actions,
    repository_fork_approval,
    repository_fork_workflows,
    repository_selection,
    repository_token,
)
from hardenme.facts.github.actions import (
    OrganizationActions,
    OrganizationForkApproval,
    OrganizationForkWorkflows,
    OrganizationWorkflowToken,
    RepositoryActions,
    RepositoryForkApproval,
    RepositoryForkWorkflows,
    RepositoryWorkflowToken,
)
from hardenme.facts.github.repository import Repository
from hardenme.facts.github.selected_actions import (
    OrganizationSelectedActions,
    RepositorySelectedActions,
)
from hardenme.model.known import field
from hardenme.model.subject import Subject
from hardenme.model.unknown import Unknown
from tests.factories import github
from tests.factories.github_actions import ORGANIZATION, REPOSITORY, setting
from tests.factories.given import MISSING, REFUSED

ELSEWHERE = Subject("github", "org", "willow-works")
OPEN_TOKEN: dict[str, Any] = {"default": "write", "approves": True}
OPEN_FORKS: dict[str, Any] = {"runs": True, "write_tokens": True, "secrets": True, "waits": False}


def repository(**overrides: Any) -> Repository:
    """A public repository that cedar-labs listed."""
    place = {"subject": REPOSITORY, "within": ORGANIZATION, "label": REPOSITORY.name}
    return github.repository(**place | {"full_name": REPOSITORY.name} | overrides)


def test_an_organization_restricts_the_actions_of_its_repositories() -> None:
    own = setting(RepositoryActions, allowed="all", pinned=False)
    policy = repository_actions(repository(), own, setting(OrganizationActions))
    assert (policy.subject, policy.allowed, policy.pinned) == (REPOSITORY, "selected", True)
    assert policy.at.organization == "cedar-labs"


def test_what_an_organization_leaves_open_its_repositories_decide() -> None:
    open_ = setting(OrganizationActions, allowed="all", pinned=False)
    policy = repository_actions(repository(), setting(RepositoryActions), open_)
    assert (policy.allowed, policy.pinned) == ("selected", True)
    refused = repository_actions(repository(), REFUSED, open_)
    assert field(refused, "allowed") is REFUSED
    assert field(refused, "pinned") is REFUSED


@pytest.mark.parametrize(
    "foreign", [REFUSED, setting(OrganizationActions, subject=ELSEWHERE, within=ELSEWHERE)]
)
def test_another_organization_binds_nothing(foreign: Any) -> None:
    own = setting(RepositoryActions, allowed="all", pinned=False)
    policy = repository_actions(repository(), own, foreign)
    assert (policy.allowed, policy.pinned) == ("all", False)
    # A person's repository is below no organization, even where the run knows one only.
    person = github.repository()
    personal = repository_token(person, REFUSED, setting(OrganizationWorkflowToken), REFUSED)
    assert field(personal, "default") is REFUSED
    assert personal.at.organization == ""


def test_what_is_not_known_of_the_organization_binds_nothing() -> None:
    above = setting(OrganizationActions, allowed=MISSING, pinned=MISSING)
    policy = repository_actions(repository(), REFUSED, above)
    assert field(policy, "allowed") is REFUSED


def test_an_organizations_selection_counts_in_its_repositories() -> None:
    wide = setting(RepositorySelectedActions, patterns=("*",))
    above, selects = setting(OrganizationSelectedActions), setting(OrganizationActions)
    assert organization_selection(above).patterns == above.patterns
    bound = repository_selection(repository(), wide, above, selects)
    assert (bound.subject, bound.patterns) == (REPOSITORY, above.patterns)
    for free in (setting(OrganizationActions, allowed="all"), REFUSED):
        own = repository_selection(repository(), wide, above, free)
        assert own.patterns == ("*",)
        unread = repository_selection(repository(), REFUSED, above, free)
        assert field(unread, "patterns") is REFUSED


def test_an_organizations_selection_that_is_not_read_is_not_replaced_by_the_repositorys() -> None:
    own, selects = setting(RepositorySelectedActions), setting(OrganizationActions)
    hidden = repository_selection(repository(), own, REFUSED, selects)
    assert field(hidden, "patterns") is REFUSED
    foreign = setting(OrganizationSelectedActions, subject=ELSEWHERE, within=ELSEWHERE)
    other = repository_selection(repository(), own, foreign, selects)
    assert isinstance(field(other, "patterns"), Unknown)
    odd = setting(OrganizationSelectedActions, patterns=MISSING)
    assert field(repository_selection(repository(), own, odd, selects), "patterns") is MISSING


def test_the_token() -> None:
    own = setting(RepositoryWorkflowToken, **OPEN_TOKEN)
    open_ = setting(OrganizationWorkflowToken, **OPEN_TOKEN)
    bound = repository_token(repository(), own, setting(OrganizationWorkflowToken), REFUSED)
    assert (bound.default, bound.approves) == ("read", False)
    free = repository_token(repository(), own, open_, REFUSED)
    assert (free.default, free.approves) == ("write", True)
    half = setting(OrganizationWorkflowToken, approves=True)
    mixed = repository_token(repository(), REFUSED, half, REFUSED)
    assert mixed.default == "read"
    assert field(mixed, "approves") is REFUSED


def test_outside_contributors_are_not_bound_by_the_organization() -> None:
    own = setting(RepositoryForkApproval, policy="first_time_contributors")
    found = repository_fork_approval(repository(), own, REFUSED)
    assert found.policy == "first_time_contributors"
    unread = repository_fork_approval(repository(), REFUSED, REFUSED)
    assert field(unread, "policy") is REFUSED


def test_forks_of_private_repositories() -> None:
    private = repository(visibility="private")
    own = setting(RepositoryForkWorkflows, **OPEN_FORKS)
    above = setting(OrganizationForkWorkflows)
    bound = repository_fork_workflows(private, own, above, REFUSED)
    assert (bound.runs, bound.write_tokens, bound.secrets, bound.waits) == (
        False,
        False,
        False,
        True,
    )
    open_ = setting(OrganizationForkWorkflows, **OPEN_FORKS)
    free = repository_fork_workflows(private, own, open_, REFUSED)
    assert (free.runs, free.write_tokens, free.secrets, free.waits) == (True, True, True, False)


@pytest.mark.parametrize(
    ("visibility", "approval", "forks"),
    [("public", "", "public"), ("private", "private", ""), ("internal", "private", "")],
)
def test_each_setting_is_for_one_kind_of_repository(
    visibility: str, approval: str, forks: str
) -> None:
    shown = repository(visibility=visibility)
    assert repository_fork_approval(shown, REFUSED, REFUSED).at.idle == approval
    assert repository_fork_workflows(shown, REFUSED, REFUSED, REFUSED).at.idle == forks
    hidden = repository(visibility=MISSING)
    for unclear in (
        repository_fork_approval(hidden, REFUSED, REFUSED),
        repository_fork_workflows(hidden, REFUSED, REFUSED, REFUSED),
    ):
        assert field(unclear, "at") is MISSING


def test_where_actions_are_off_nothing_is_decided() -> None:
    off = setting(RepositoryActions, enabled=False, allowed=MISSING, pinned=MISSING)
    assert repository_actions(repository(), off, REFUSED).at.idle == "disabled"
    assert repository_token(repository(), REFUSED, REFUSED, off).at.idle == "disabled"
    assert repository_fork_approval(repository(), REFUSED, off).at.idle == "disabled"
    none = setting(OrganizationActions, enabled_repositories="none")
    assert repository_actions(repository(), REFUSED, none).at.idle == "disabled"
    assert organization_actions(none).at.idle == "disabled"
    assert organization_token(setting(OrganizationWorkflowToken), none).at.idle == "disabled"
    approval = organization_fork_approval(setting(OrganizationForkApproval), none)
    forks = organization_fork_workflows(setting(OrganizationForkWorkflows), none)
    assert (approval.at.idle, forks.at.idle) == ("disabled", "disabled")
    archived = repository(archived=True)
    assert repository_actions(archived, REFUSED, REFUSED).at.idle == "archived"


def test_that_actions_are_off_is_not_guessed() -> None:
    assert repository_token(repository(), REFUSED, REFUSED, REFUSED).at.idle == ""
    unsaid = setting(RepositoryActions, enabled=MISSING)
    assert "at" in repository_token(repository(), REFUSED, REFUSED, unsaid).unknown_fields()
    hidden = repository(archived=MISSING)
    assert "at" in repository_token(hidden, REFUSED, REFUSED, REFUSED).unknown_fields()
    foreign = setting(OrganizationActions, subject=ELSEWHERE, enabled_repositories="none")
    assert organization_token(setting(OrganizationWorkflowToken), foreign).at.idle == ""


@pytest.mark.parametrize(
    ("change", "binds"),
    [
        ({}, True),
        ({"allowed": "local_only"}, True),
        ({"allowed": "all"}, False),
        ({"pinned": False}, False),
        ({"allowed": MISSING}, False),
        ({"pinned": MISSING}, False),
        ({"allowed": "all", "enabled_repositories": "none"}, True),
        ({"enabled_repositories": MISSING}, True),
    ],
)
def test_what_spares_asking_for_the_actions(change: dict[str, Any], *, binds: bool) -> None:
    assert setting(OrganizationActions, **change).binds() is binds


@pytest.mark.parametrize(
    "change",
    [{"default": "write"}, {"approves": True}, {"default": MISSING}, {"approves": MISSING}],
)
def test_what_spares_asking_for_the_token(change: dict[str, Any]) -> None:
    assert setting(OrganizationWorkflowToken).binds()
    assert not setting(OrganizationWorkflowToken, **change).binds()


@pytest.mark.parametrize(
    "change", [{"write_tokens": True}, {"secrets": True}, {"secrets": MISSING}]
)
def test_what_spares_asking_for_the_forks(change: dict[str, Any]) -> None:
    assert setting(OrganizationForkWorkflows, runs=True).binds()
    assert not setting(OrganizationForkWorkflows, **change).binds()
