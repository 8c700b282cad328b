"""The table of what an attacker can leave is whole, and true to what hardenme reads."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings

from hardenme.derive.attacker_changes import (
    ATTACKER_CHANGES,
    BY_KIND,
    EACH_CYCLE,
    PLACES,
    AttackerChange,
    Visible,
    Watch,
    changes_in,
)
from hardenme.derive.inventory import TABLE
from hardenme.derive.recent.sources import BY_PLACE, FACTS, NAMED_ONLY
from hardenme.model.fact import Fact, fact_name
from hardenme.model.pages import GITHUB, NPM
from hardenme.store.recording import kinds
from tests.any_facts import HOSTILE, fact
from tests.each import each

EVERY_CHECK = list(HealthCheck)
OPEN_TO_ALL = frozenset({"verified-domain", "classic-token-policy", "oauth-app-policy"})
"""What GitHub shows to any token."""
FEW, MANY = 12, 60
"""Facts that are drawn of a type to see its fields: as a rule, few are enough."""
READ = [one for one in ATTACKER_CHANGES if one.read]
HOLDING_NO_TRACE = """
github.repository_roles.CustomRepositoryRole who holds one in a repository is not shown
github.account.AccountPrivateProfile a count
github.account.OrganizationContributions activity, not access
github.account.OwnerTwoFactorView the kind of 2FA, of which MemberTwoFactor shows the change
github.alerts.RepositoryDependabotAlerts a verdict of GitHub's
github.alerts.RepositoryMalwareAlerts a verdict of GitHub's
github.alerts.RepositorySecretAlerts a verdict of GitHub's
github.branch_names.Branches names alone; a push has the time at which one was made or deleted
github.changes.ScheduledRuns read off from runs
github.environments.InheritedSecret the organization's secrets
github.files.RepositoryDependencyUpdates a file of the repository; the push shows
github.files.RepositoryLockFile a file of the repository; the push shows
github.files.RepositorySbomExport made by GitHub of the repository's files
github.named.NamedRepository what a name leads to
github.organization.OrganizationOwners in the list of members
github.organization.OrganizationPlan what was bought
github.organization.OrganizationRulesetReach computed from rulesets
github.organization.OrganizationVisibility what the token sees
github.organization.TokenApprovalRequests whether there are requests
github.people.MemberAuditTrail activity, not access
github.people.MemberContributions activity, not access
github.people.MemberTwoFactorMethod the kind of 2FA, of which MemberTwoFactor shows the change
github.people.OutsideTwoFactor of outside collaborators, of whom GitHub shows only their access
github.release_tags.ReleaseTag the commit of a released version, in the list of tags
github.repository.RepositorySecurityPolicy a file of the repository; the push shows
github.selected_actions.OrganizationSelectedActions its patterns are judged and not compared
github.selected_actions.RepositorySelectedActions its patterns are judged and not compared
github.tag_rules.NewestTags some of what TagCommits shows
github.token.Token the token that hardenme itself uses
github.token.TokenReach the token that hardenme itself uses
github.token.TokenScopes the token that hardenme itself uses
github.token.TokenVisibility the token that hardenme itself uses
github.token.TokenWriteProbe the token that hardenme itself uses
github.workflow.WorkflowLock a file of the repository; the push shows
github.workflow.WorkflowScan computed from the workflow file
github.release_job.ReleaseWorkflow computed from the workflow file
github.workflow_state.WorkflowState read only where a workflow publishes
github.source_manifest.FolderManifest a file of the repository
github.source_manifest.SourceManifest a file of the repository
github.source_manifest.WorkspaceFiles files of the repository
npm.account.NpmAccount the name of the account
npm.package.NewestRelease in the list of versions
npm.package.VersionStatus a verdict of npm's
npm.package.WeeklyDownloads a count
npm.provenance.RegistrySignature checked over a version
npm.provenance.ReleaseProvenance checked over a version
npm.release.DependencyAge of a package that somebody else owns
npm.stored.StoredToken in the list of npm tokens
"""
"""Types of facts that are asked of GitHub or npm and show no change of an attacker, and why not."""
NO_TRACE = dict(line.split(" ", 1) for line in HOLDING_NO_TRACE.strip().splitlines())
MADE_IN_INCIDENTS = """
ssh-key ssh-signing-key gpg-key email-address session oauth-grant own-classic-token
own-fine-grained-token account-two-factor org-two-factor base-permission member-privileges
org-member team-membership team-access organization-role org-invitation org-app token-grant
org-webhook org-secret org-dependabot-secret org-variable runner-group org-runner
org-actions-policy org-branch-ruleset org-repository deploy-key repo-webhook repo-secret
environment environment-secret repo-dependabot-secret repo-variable repo-access repo-runner
branch-ruleset ruleset-bypass tag-ruleset branch-protection repo-actions-policy push
workflow-run workflow-file action-file tag release other-release npm-token npm-two-factor
version staged-version maintainer trusted-publisher dist-tag publishing-access
"""
AT_LEAST = frozenset(MADE_IN_INCIDENTS.split())
"""Changes that were made in incidents, or that answers to them have to name."""


def _name(one: AttackerChange) -> str:
    return one.name


def _asked() -> dict[str, type[Fact]]:
    """The types of facts that a request to GitHub or npm is for."""
    return {
        name: kind
        for name, kind in kinds().items()
        if kind.asked_at in {"github", "npm"} and not kind.source.startswith("derived")
    }


def test_each_type_of_fact_is_in_the_table_or_shows_no_change() -> None:
    told = {fact_name(kind) for one in ATTACKER_CHANGES for kind in one.facts}
    assert told.isdisjoint(NO_TRACE)
    assert _asked().keys() == (told | NO_TRACE.keys())


def test_what_was_done_in_incidents_is_in_the_table() -> None:
    names = [one.name for one in ATTACKER_CHANGES]
    assert len(names) == len(set(names))
    assert set(names) >= AT_LEAST
    assert {one.place for one in ATTACKER_CHANGES} == set(PLACES)


@each(ATTACKER_CHANGES, _name)
def test_a_change_says_how_it_is_seen(one: AttackerChange) -> None:
    seen = {one.added, one.changed, one.removed} - {None}
    assert seen
    assert (Visible.TIMED in seen) == bool(one.made or one.updated)
    if one.read:
        assert Visible.HIDDEN not in seen
        assert one.kind, "recent shows what the inventory has"
        assert not one.no_api
    else:
        assert seen == {Visible.HIDDEN}
        assert one.why
        assert one.no_api or one.source, "where it would be read"
        assert one.no_api or one.permission or one.place == "local:workstation"
        assert not (one.no_api and one.watch is not Watch.NEVER)


@each(ATTACKER_CHANGES, _name)
def test_its_page_is_one_that_is_there(one: AttackerChange) -> None:
    pages = {"github": GITHUB, "npm": NPM}.get(one.place.partition(":")[0], {})
    assert not one.page or one.page in pages


@each(READ, _name)
def test_each_of_its_facts_gives_the_inventory_its_kind(one: AttackerChange) -> None:
    gives = {source.kind for kind in one.facts for source in TABLE.get(kind, ())}
    assert one.kind in gives


@cache
def shown_of(kind: type[Fact], facts: int) -> frozenset[tuple[str, str]]:
    """The kinds of items that facts of a type give the inventory, each with a field that it has.

    Args:
        kind: the type.
        facts: how many are drawn.
    """
    shown: set[tuple[str, str]] = set()

    @settings(
        max_examples=facts, database=None, derandomize=True, suppress_health_check=EVERY_CHECK
    )
    @given(drawn=fact(kind, HOSTILE))
    def collect(drawn: Fact) -> None:
        items = (item for source in TABLE[kind] for item in source.read(drawn))
        shown.update((item.kind, name) for item in items for name in item.state)

    collect()
    return frozenset(shown)


@pytest.mark.second_tier("draws many facts of each kind")
@each([one for one in READ if one.fields or one.made], _name)
def test_its_fields_are_fields_of_the_inventory(one: AttackerChange) -> None:
    wanted = {*one.fields, one.made, one.updated} - {""}
    for facts in FEW, MANY:
        found = (pair for kind in one.facts for pair in shown_of(kind, facts))
        shown = {name for item, name in found if item == one.kind}
        if wanted <= shown:
            break
    assert wanted <= shown
    assert set(one.weaker) <= set(one.fields)


@each(BY_PLACE, lambda name: f"{name[0]} {name[1]}")
def test_what_recent_lists_is_in_the_table_with_the_same_times(name: tuple[str, str]) -> None:
    source, found = BY_PLACE[name], BY_KIND.get(name, ())
    if source.kind in NAMED_ONLY:
        assert not found
        return
    if name == ("github:org", "owner"):
        # Owners are members with a role.
        found = BY_KIND["github:org", "member"]
    assert found
    assert {one.made for one in found} >= {source.made}
    assert {one.updated for one in found} >= {source.changed}


GITHUB_KINDS = [name for name in BY_PLACE if name[0].startswith("github:")]


@each(GITHUB_KINDS, lambda name: f"{name[0]} {name[1]}")
def test_what_recent_marks_is_watched_or_says_why_not(name: tuple[str, str]) -> None:
    """Each kind is read in each cycle or in turn, or is declared with the right that it takes."""
    if BY_PLACE[name].kind in NAMED_ONLY:
        return
    kind = "member" if name == ("github:org", "owner") else name[1]
    found = BY_KIND[name[0], kind]
    assert found
    assert any(one.read and one.watch is not Watch.NEVER for one in found)
    for one in found:
        assert one.permissions or not one.facts or one.name in OPEN_TO_ALL, one.name


def test_what_each_cycle_reads_is_asked_for_by_the_run() -> None:
    read = {fact for one in ATTACKER_CHANGES if one.watch is Watch.CYCLE for fact in one.facts}
    assert read == EACH_CYCLE
    github = {fact for fact in EACH_CYCLE if fact.asked_at == "github"}
    asked = FACTS | {
        fact for one in ATTACKER_CHANGES if one.place.startswith("github:") for fact in one.facts
    }
    assert github <= asked


def test_places_have_their_own_changes() -> None:
    for place in PLACES:
        assert changes_in(place) == tuple(one for one in ATTACKER_CHANGES if one.place == place)
