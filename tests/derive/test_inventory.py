"""What each answer adds to the inventory, and what it never does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardenme.derive.inventory import TABLE, Gathered, gather, place_of, together
from hardenme.derive.inventory.gathered import WITHIN
from hardenme.facts.github.account import AccountTwoFactor
from hardenme.facts.github.branch_names import BranchRulesets
from hardenme.facts.github.organization import OrganizationOwners
from hardenme.facts.github.people import (
    MemberTwoFactor,
    OrganizationMember,
    OutsideCollaborators,
)
from hardenme.facts.npm.access import PackageCollaborators
from hardenme.facts.npm.manifest import Maintainer
from hardenme.facts.npm.organization import NpmOrganization
from hardenme.facts.npm.package import Package
from hardenme.facts.npm.token import NpmToken
from hardenme.model.depth import BEYOND, Depth
from hardenme.model.evidence import Atom
from hardenme.model.fact import Answer, Fact, fact_name
from hardenme.model.inventory import InventoryItem, Place
from hardenme.model.secret import Secret
from hardenme.model.subject import Subject
from hardenme.model.text import visible
from hardenme.model.unknown import Reason, Unknown
from hardenme.store.recording import kinds
from tests.any_facts import HOSTILE, UNKNOWNS, fact
from tests.each import each
from tests.factories import github, github_apps, github_people, github_tags, npm, npm_organization
from tests.factories.given import NOW as CLOCK

NOW = CLOCK.time
GROVE = github_people.GROVE
REPO = github.REPO
REFUSED = Unknown(Reason.NOT_PERMITTED, "organization owner")
CANARY = "ghp_CANARYinventory000000000000000000000"

ADDING_NOTHING = """
attested.AccountFactors attested.PublishingAccess github.account.OrganizationContributions
github.alerts.RepositoryDependabotAlerts github.alerts.RepositoryMalwareAlerts
github.alerts.RepositorySecretAlerts github.branch_names.Branches
github.environments.InheritedSecret
github.files.RepositoryDependencyUpdates github.files.RepositoryLockFile
github.named.NamedRepository
github.organization.OrganizationRulesetReach
github.organization.TokenApprovalRequests
github.people.MemberContributions
github.repository.RepositorySecurityPolicy
github.repository_roles.CustomRepositoryRole
github.token.TokenVisibility
github.token.TokenWriteProbe github.workflow.WorkflowLock github.workflow.WorkflowScan
    github.release_job.ReleaseWorkflow github.source_manifest.SourceManifest
    github.source_manifest.FolderManifest github.source_manifest.WorkspaceFiles
github.workflow_state.WorkflowState
local.autorun.AutorunFile local.git.GitSigning local.npm.NpmClient local.npm.NpmConnection
local.npm.NpmInstallSettings local.npmrc.NpmrcFile local.npmrc.NpmrcTracking
mail.DomainRegistration mail.MailDomain
"""
"""Settings, verdicts of others, and what stands in another item already.

What one object tells of the scope itself is no item by its declaration."""
NOTHING = frozenset(ADDING_NOTHING.split())


def answer(*facts: Fact, scope: Subject | None = None, missing: Unknown | None = None) -> Any:
    kind = type(facts[0])
    return Answer(kind, scope or facts[0].within, facts, (Atom("GET /x", 200, NOW),), missing)


def refused(kind: type[Fact], scope: Subject, why: Unknown = REFUSED) -> Any:
    return Answer(kind, scope, (), (), why)


def placed(
    *answers: Any, at: Subject = GROVE, owner: Subject | None = None
) -> dict[Subject, Place]:
    found: dict[Subject, Gathered] = {}
    gather([(one, at) for one in answers], found, owner)
    return {subject: gathered.place() for subject, gathered in found.items()}


def of(kind: str, place: Place) -> list[InventoryItem]:
    return [item for item in place.items if item.kind == kind]


def test_each_type_of_fact_adds_something_or_is_known_to_add_nothing() -> None:
    told = {fact_name(kind) for kind in TABLE}
    known = kinds().items()
    own = {name for name, kind in known if kind.endpoint.path and not kind.endpoint.kind}
    assert NOTHING.isdisjoint(told | own)
    assert told | own | NOTHING == kinds().keys()


@pytest.mark.second_tier("takes long in all", one_of=5)
@pytest.mark.sampled(3)
@pytest.mark.parametrize("kind", TABLE, ids=fact_name)
@settings(max_examples=12)
@given(data=st.data())
def test_any_facts_are_taken_and_nothing_hides_in_what_comes_of_them(
    kind: type[Fact], data: st.DataObject
) -> None:
    given_ = data.draw(st.lists(fact(kind, HOSTILE), min_size=1, max_size=3))
    missing = data.draw(st.one_of(st.none(), st.sampled_from(UNKNOWNS)))
    for place in placed(answer(*given_, scope=REPO, missing=missing), at=REPO).values():
        assert list(place.items) == sorted(place.items, key=lambda item: item.kind)
        assert len({(item.kind, item.identity) for item in place.items}) == len(place.items)
        for item in place.items:
            texts = [item.label, item.identity, item.subject.name]
            for value in item.state.values():
                assert value is None or isinstance(value, str | bool | int | tuple)
                texts += value if isinstance(value, tuple) else [str(value)]
            assert texts == [visible(text, longest=100_000) for text in texts]


@each(TABLE, fact_name)
def test_what_is_not_known_is_no_part_of_the_state(kind: type[Fact]) -> None:
    unknown = {item.name: REFUSED for item in fields(kind)}
    unknown |= {"subject": REPO, "within": REPO, "label": "x"}  # type: ignore[dict-item]
    for place in placed(answer(kind(**unknown), scope=REPO), at=REPO).values():  # type: ignore[arg-type]
        assert all(not item.state for item in place.items)


def test_what_several_facts_tell_of_a_member_is_one_item() -> None:
    member, factor = github_people.member(role="admin"), github_people.two_factor(enabled=False)
    (place,) = placed(
        answer(factor),
        answer(member),
        answer(github_people.teams()),
        answer(github_people.method()),
    ).values()
    (item,) = place.items
    assert (item.kind, item.identity) == ("member", "11")
    assert item.state == {
        "by_text_message": False,
        "login": "hazel",
        "role": "admin",
        "teams": ("keepers", "reviewers"),
        "two_factor": False,
    }
    assert place.lists == {"member": None}


def test_a_list_is_whole_where_one_that_tells_of_it_is() -> None:
    member = answer(github_people.member())
    both = placed(member, refused(MemberTwoFactor, GROVE))[GROVE]
    assert (both.lists, "two_factor" in both.items[0].state) == ({"member": None}, False)
    only = placed(refused(MemberTwoFactor, GROVE), refused(OrganizationMember, GROVE))[GROVE]
    assert only.lists == {"member": REFUSED}
    teams = placed(answer(github_people.teams()))[GROVE]
    assert teams.lists["member"] == Unknown(Reason.NOT_ASKED, "a list of all of them")


def listings(kind: str) -> list[type[Fact]]:
    """The types of fact that list items of a kind: of an organization, of a repository."""
    found = {one for one, all_ in TABLE.items() for n in all_ if n.lists and n.kind == kind}
    return sorted(found, key=fact_name)


@pytest.mark.parametrize(
    ("inner", "outer", "within", "kind"),
    [
        (inner, outer, *kinds)
        for inner, outer in WITHIN.items()
        for kinds in zip(listings(inner), listings(outer), strict=True)
    ],
)
def test_a_list_within_another_is_known_as_far_as_that_is(
    inner: str, outer: str, within: type[Fact], kind: type[Fact]
) -> None:
    nothing = Answer(kind, GROVE, (), (Atom("GET /x", 200, NOW),), None)
    assert placed(nothing)[GROVE].lists[inner] is None
    assert placed(refused(kind, GROVE))[GROVE].lists[inner] == REFUSED
    assert placed(nothing, refused(within, GROVE))[GROVE].lists[inner] == REFUSED
    place = Gathered(GROVE)
    place.note(outer, "", None)
    place.add([InventoryItem(outer, GROVE, "x", "1", {})])
    assert inner not in place.place().lists, "nobody asked what is within an item that is there"


def test_what_only_a_deeper_run_asks_is_in_no_list() -> None:
    beyond = BEYOND[Depth.DEEP]
    assert placed(refused(AccountTwoFactor, GROVE, beyond)) == {}
    some = answer(github_people.member(), missing=beyond)
    assert placed(some)[GROVE].lists == {"member": beyond}


def test_owners_stand_with_the_members_where_these_are_all_known() -> None:
    owners = OrganizationOwners(subject=GROVE, within=GROVE, label="grove", logins=("hazel",))
    alone = placed(answer(owners), refused(OrganizationMember, GROVE))[GROVE]
    assert [item.subject.name for item in of("owner", alone)] == ["grove/hazel"]
    assert alone.lists == {"member": REFUSED, "owner": None}
    both = placed(answer(owners), answer(github_people.member(role="admin")))[GROVE]
    assert both.lists == {"member": None}
    assert not of("owner", both)


def test_an_outside_collaborator_goes_by_number_also_under_another_name() -> None:
    def item(login: str) -> InventoryItem:
        (place,) = placed(
            answer(github_people.outsiders(login)),
            answer(github_people.outside_factor(subject=_outsider(login))),
        ).values()
        (found,) = place.items
        return found

    assert item("stray").identity == item("strayed").identity == "21"
    assert item("stray").fingerprint != item("strayed").fingerprint


def _outsider(login: str) -> Subject:
    return Subject("github", "outside-collaborator", f"grove/{login}")


def test_numbers_that_do_not_fit_the_names_are_not_taken_for_theirs() -> None:
    people = OutsideCollaborators(
        subject=GROVE, within=GROVE, label="grove", logins=("a", "b"), accounts=(1,)
    )
    assert [item.identity for item in placed(answer(people))[GROVE].items] == ["a", "b"]


def test_a_deploy_key_is_the_same_one_in_a_batch_and_in_the_list() -> None:
    listed = github.deploy_key(label="mirror")
    batched = github.deploy_key(
        label="mirror", subject=Subject("github", "deploy-key", f"{REPO.name}/DK_1"), key_id=None
    )
    one, other = (
        placed(answer(key, scope=REPO), at=REPO)[REPO].items[0] for key in (listed, batched)
    )
    assert one.identity == other.identity
    twins = placed(answer(listed, batched, scope=REPO), at=REPO)[REPO].items
    assert len({item.identity for item in twins}) == 2


def test_what_is_in_a_repository_keeps_its_identity_when_that_is_renamed() -> None:
    def identities(name: str) -> list[str]:
        repo = Subject("github", "repo", name)
        secret = github.secret(
            subject=Subject("github", "secret", f"{name}/NPM_TOKEN"), within=repo
        )
        tags = github_tags.newest_tags("v1.0.0", subject=repo, within=repo, label=name)
        place = placed(answer(secret), answer(tags), at=repo)[repo]
        return [item.identity for item in place.items]

    assert identities("hazel/catkin") == identities("rowan/willow") == ["v1.0.0", "NPM_TOKEN"]


def test_a_repository_stands_with_its_owner_and_goes_by_its_number() -> None:
    found = placed(
        answer(github.repository(), scope=REPO), answer(github.deploy_key(), scope=REPO),
        at=REPO, owner=GROVE,
    )  # fmt: skip
    assert list(found) == [REPO, GROVE] or list(found) == [GROVE, REPO]
    (item,) = found[GROVE].items
    assert (item.kind, item.identity, item.subject) == ("repository", "R_kgDO71", REPO)
    assert item.state["visibility"] == "public"
    assert "pushed_at" not in item.state
    alone = placed(answer(github.repository(), scope=REPO), at=REPO)
    assert [one.kind for one in alone[REPO].items] == ["repository"]
    untold = github.repository(node_id=REFUSED)
    assert placed(answer(untold), at=GROVE)[GROVE].items[0].identity == REPO.name


def test_a_moved_tag_is_the_same_tag_with_another_commit() -> None:
    before, after = (
        placed(answer(github_tags.newest_tags("v1", commits=(commit,)), scope=REPO), at=REPO)[REPO]
        for commit in ("a" * 40, "b" * 40)
    )
    assert before.items[0].identity == after.items[0].identity
    assert before.items[0].state != after.items[0].state
    assert before.lists == {"release tag": None}
    cut = placed(answer(github_tags.newest_tags("v1", count=9), scope=REPO), at=REPO)[REPO]
    assert [one.label for one in cut.items] == ["v1"]
    assert "release tag" not in cut.lists, "an old tag that leaves the newest ones is not lost"


def test_a_ruleset_from_above_stands_with_the_organization_once() -> None:
    rules = github.active_rulesets(
        github.ruleset(7), github.ruleset(8, above=True, name="rules 8", updated_at=NOW)
    )
    passing = github.bypass(
        github.detail(github.actor("Team", 12), number=7), github.detail(number=8, above=True)
    )
    found = placed(answer(rules, scope=REPO), answer(passing, scope=REPO), at=REPO, owner=GROVE)
    (own,), (shared,) = found[REPO].items, found[GROVE].items
    assert (own.identity, own.state["bypass"]) == ("7", ("Team 12, always",))
    assert (shared.identity, shared.state["bypass"], shared.label) == ("8", (), "rules 8")
    assert found[REPO].lists["branch ruleset"] is not None, "one that is disabled is not in force"
    assert found[GROVE].lists["branch ruleset"] is not None, "some bind no repository"
    none = placed(refused(BranchRulesets, REPO), answer(rules, scope=REPO), at=REPO)
    assert none[REPO].lists == {"branch ruleset": REFUSED}


def test_the_newest_version_is_the_dist_tag_latest_told_once() -> None:
    scope = Subject("npm", "package", "@hazel/catkin")
    package, newest = npm.package(), npm.newest_release()
    (place,) = placed(answer(package, scope=scope), answer(newest, scope=scope), at=scope).values()
    (tag,) = of("dist-tag", place)
    assert (tag.identity, tag.state["version"]) == ("latest", newest.version)
    assert place.lists["dist-tag"] == Unknown(Reason.NOT_ASKED, "a list of all of them")


def test_who_writes_by_the_packument_is_told_once() -> None:
    package = npm.package(maintainers=(Maintainer("hazel", "hazel@mail.example"),))
    scope = package.subject
    people = PackageCollaborators(
        subject=scope, within=scope, label=scope.name, writers=("hazel", "rowan"), readers=("ash",)
    )
    both = placed(answer(package, scope=scope), answer(people, scope=scope), at=scope)[scope]
    assert [item.label for item in of("maintainer", both)] == ["hazel"]
    assert [item.label for item in of("writer", both)] == ["rowan"]
    lone = placed(refused(Package, scope), answer(people, scope=scope), at=scope)[scope]
    assert lone.lists["writer"] == REFUSED, "whoever is a maintainer is not known"


def test_an_organization_found_by_an_account_has_a_place_of_its_own() -> None:
    account, grove = Subject("npm", "user", "hazel"), Subject("npm", "org", "grove")
    roster = npm_organization.npm_organization(
        subject=grove, within=account, owners=("hazel",), admins=(), developers=REFUSED
    )
    found = placed(answer(roster, scope=account), at=account)
    assert found[account].lists == {"npm organization": None}
    assert [item.state for item in found[grove].items] == [{"role": "owner"}]
    assert found[grove].lists == {"member": REFUSED}
    assert placed(refused(NpmOrganization, account), at=account)[account].lists == {
        "npm organization": REFUSED
    }


def test_no_part_of_a_value_and_nothing_that_changes_by_itself_is_in_it() -> None:
    token = npm.npm_token(shown="npm_aBcD...7890", last_used=NOW)
    assert isinstance(token, NpmToken)
    (place,) = placed(answer(token), at=token.within).values()
    assert "7890" not in str(place)


@pytest.mark.parametrize(
    "made", [github.ssh_key, github.deploy_key, npm.npm_token, github_apps.sso_credential]
)
def test_the_last_use_of_a_credential_is_no_change_of_it(made: Callable[..., Fact]) -> None:
    def items(when: datetime | None) -> tuple[InventoryItem, ...]:
        field = "accessed_at" if made is github_apps.sso_credential else "last_used"
        found = made(**{field: when})
        return placed(answer(found, scope=GROVE))[GROVE].items

    assert items(None) == items(NOW)


def test_a_name_that_holds_a_token_does_not_show_it() -> None:
    Secret(CANARY)
    key = github.deploy_key(label=f"key {CANARY}\u202e", added_by=CANARY)
    (place,) = placed(answer(key, scope=REPO), at=REPO).values()
    assert "CANARY" not in str(place)
    assert place.items[0].label == "key [redacted]\\u202e"


def test_parts_and_looks_are_put_together() -> None:
    whole = Place(GROVE, {"member": None}, ())
    broken = Place(GROVE, {"member": REFUSED, "team": None}, ())
    assert together(whole, broken).lists == {"member": None, "team": None}
    found = Gathered(GROVE)
    found.take(whole)
    found.take(broken)
    assert found.place().lists == {"member": REFUSED, "team": None}


def test_a_place_is_the_nearest_thing_that_can_be_one() -> None:
    inside = Subject("github", "environment", "hazel/catkin/release")
    assert place_of((inside, REPO, GROVE)) == REPO
    assert place_of((Subject("mail", "domain", "mail.example"),)) is None


def test_the_order_in_which_answers_come_makes_no_difference() -> None:
    answers = [
        answer(github_people.member()),
        answer(github_people.method(insecure=True)),
        answer(github_people.teams()),
        answer(github_people.outsiders("stray", "moth")),
    ]
    assert placed(*answers) == placed(*reversed(answers))
