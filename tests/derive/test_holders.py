"""Who holds what, out of a report: what is not in it is never said of everybody."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from hardenme.derive.holders import holders
from hardenme.derive.holders.unread import CONTAINERS, LISTS, MOST, ROLES, _listed
from hardenme.model.finding import Attested
from hardenme.model.holders import Holder, HolderKind
from hardenme.model.inventory import InventoryItem, Place
from hardenme.model.report import Report
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from hardenme.reports.header import header_of
from hardenme.reports.holders import FORMS, HoldersView, render
from hardenme.reports.style import Style
from hardenme.sandbox.github.state.staff import Team
from hardenme.sandbox.npm import scenarios as npm
from tests.moment import NOW
from tests.running import stage
from tests.worlds.intrusion import intrusion

ROOT = Path(__file__).parents[2]
ORG = Subject("github", "org", "cedar-labs")
CONE = Subject("github", "repo", "cedar-labs/cone")
LOST = Unknown(Reason.NOT_PERMITTED, "a token that sees it")
WANTED = {
    place: {**CONTAINERS.get(place, {}), **LISTS.get(place, {})} for place in {*CONTAINERS, *LISTS}
}
WANTED["github:org"] |= ROLES
LISTED = sorted((place, kind) for place in ("github:org", "github:repo") for kind in WANTED[place])
"""Each list that counts of an organization and a repository: the kind of the place and its own."""
UNIVERSAL = (
    *("someone can stop each of them", "remove each account.", "remove everybody else"),
    *("There is none", "There is no one else", "all that this asks for was read"),
)
"""Sentences about everybody."""


@cache
def seen() -> Report:
    """A report of an organization by its owner."""
    found = intrusion(NOW, repositories=3)
    organization = found.world.organizations[0]
    organization.staff.teams.append(Team(7001, "core", frozenset({"birch"})))
    for role in organization.staff.roles or ():
        if role.name == "all_repo_admin":
            role.users.add("fennel")
        if role.name == "all_repo_write":
            role.teams.add("core")
    with stage(found.world, npm.hardened_maintainer(NOW), found.token) as running:
        return running.audit("github:cedar-labs")


@cache
def complete() -> Report:
    """The same, as if every list had been read to its end."""
    report = seen()
    inventory = [
        replace(one, lists={**one.lists, **dict.fromkeys(_kinds(one))}) for one in report.inventory
    ]
    return replace(report, inventory=inventory, coverage=replace(report.coverage, notes=()))


def kind_of(subject: Subject) -> str:
    return f"{subject.provider}:{subject.kind}"


def _kinds(place: Place) -> tuple[str, ...]:
    return tuple(WANTED.get(kind_of(place.subject), ()))


def lists() -> Iterator[tuple[Subject, str]]:
    """Each list that counts."""
    for place in complete().inventory:
        yield from ((place.subject, kind) for kind in _kinds(place))


def changed(report: Report, subject: Subject, **fields: Any) -> Report:
    inventory = [
        replace(one, **fields) if one.subject == subject else one for one in report.inventory
    ]
    return replace(report, inventory=inventory)


def place_of(report: Report, subject: Subject) -> Place:
    return next(one for one in report.inventory if one.subject == subject)


def without(report: Report, subject: Subject, kind: str, *, every: int) -> Report:
    """A report in which one list was not read to its end: each nth item of it is missing."""
    place = place_of(report, subject)
    of_kind = [one for one in place.items if one.kind == kind]
    gone = set(map(id, of_kind[::every]))
    items = tuple(one for one in place.items if id(one) not in gone)
    return changed(report, subject, items=items, lists={**place.lists, kind: LOST})


def texts(report: Report) -> str:
    """All that is written of a report, in every form."""
    shown = HoldersView(
        holders(report),
        "",
        report.targets,
        "1",
        header_of(report),
        full=True,
        notes=report.coverage.notes,
    )
    style = Style(1000, color=False, ascii_only=True)
    return "\n".join(render(shown, form, style) for form in FORMS)


def alone(report: Report) -> set[tuple[str, str, str]]:
    found = holders(report).holders
    return {(one.name, hold.way, str(hold.place)) for one in found for hold in one.alone}


def named(report: Report, name: str) -> Holder:
    return next(one for one in holders(report).holders if one.name == name)


def ways(report: Report, name: str) -> dict[str, str]:
    return {hold.way: str(hold.place) for hold in named(report, name).holds}


def test_of_a_complete_list_it_is_said_what_holds_of_all() -> None:
    assert holders(complete()).extent.gaps == ()
    text = texts(complete())
    assert "someone can stop each of them" in text
    assert "Someone else can remove each account." in text


@pytest.mark.second_tier("each list in every form", one_of=10)
@pytest.mark.parametrize(("place", "kind"), LISTED)
@pytest.mark.parametrize("every", [1, 2])
def test_of_a_broken_list_nothing_is_said_of_all(place: str, kind: str, every: int) -> None:
    base = complete()
    broken_lists = [
        subject for subject, listed in lists() if (kind_of(subject), listed) == (place, kind)
    ]
    assert broken_lists
    for subject in broken_lists:
        broken = without(base, subject, kind, every=every)
        assert not holders(broken).extent.complete
        text = texts(broken)
        assert [one for one in UNIVERSAL if one in text] == []
        assert alone(broken) <= alone(base)


@pytest.mark.second_tier("takes long in all", one_of=3)
@pytest.mark.parametrize("place", sorted({place for place, _ in LISTED}))
def test_of_a_place_that_is_missing_nothing_is_said_of_all(place: str) -> None:
    base = complete()
    missing = {subject for subject, _ in lists() if kind_of(subject) == place}
    assert missing
    for subject in missing:
        broken = replace(base, inventory=[one for one in base.inventory if one.subject != subject])
        assert not holders(broken).extent.complete
        assert [one for one in UNIVERSAL if one in texts(broken)] == []
        assert alone(broken) <= alone(base)


def test_what_the_user_left_out_is_not_vouched_for() -> None:
    base = complete()
    note = "2 repositories were left out as archived or by name: --archived adds archived ones"
    report = replace(base, coverage=replace(base.coverage, notes=(note,)))
    extent = holders(report).extent
    assert (extent.gaps, extent.left_out, extent.complete) == ((), (note,), False)
    text = texts(report)
    assert note in text
    assert [one for one in UNIVERSAL if one in text] == []


def test_universal_words_stand_in_claims_alone() -> None:
    """What is written of holders says "everybody" only by way of what knows whether that holds."""
    words = ("everybody", "each account.", "There is no", "all that", "stop each of them")
    for path in sorted((ROOT / "hardenme" / "reports" / "holders").glob("*.py")):
        tree = ast.parse(path.read_text())
        claims = [
            node
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "claim"
        ]
        claimed = {id(part) for call in claims for part in ast.walk(call.args[0])}
        claimed |= {
            id(value.value)
            for value in ast.walk(tree)
            if isinstance(value, ast.Assign)
            and {one.id for one in value.targets if isinstance(one, ast.Name)} & {"nothing"}
        }
        loose = [
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in claimed
            and any(word in node.value for word in words)
            and not _is_docstring(tree, node)
        ]
        assert loose == [], path.name


def _is_docstring(tree: ast.Module, node: ast.Constant) -> bool:
    return any(isinstance(one, ast.Expr) and one.value is node for one in ast.walk(tree))


def test_an_organization_is_never_a_person() -> None:
    """A repository alone is the target, so that nobody read who owns its owner."""
    base = complete()
    (cone,) = (one for one in base.inventory if one.subject == CONE)
    item = InventoryItem(
        "repository", CONE, "cone", "1", {"name": CONE.name, "in_organization": True}
    )
    for items in (cone.items, (*cone.items, item)):
        report = replace(
            base, inventory=[replace(cone, items=items)], targets=("github:cedar-labs/cone",)
        )
        assert "cedar-labs" not in {one.name for one in holders(report).holders}
        assert alone(report) == set()
        gaps = holders(report).extent.gaps
        assert "who owns cedar-labs: name github:cedar-labs as a target" in gaps


def test_an_owner_of_whom_it_was_not_read_what_it_is_is_no_person() -> None:
    """A target of unknown kind is asked as an account; its repositories say what it is."""
    base = complete()
    place = place_of(base, ORG)
    user = Subject("github", "user", "cedar-labs")
    rest = [one for one in base.inventory if one.subject != ORG]
    for items in (place.items, tuple(one for one in place.items if one.kind != "repository")):
        report = replace(base, inventory=[*rest, Place(user, {}, items)])
        assert "cedar-labs" not in {one.name for one in holders(report).holders}
        assert not holders(report).extent.complete


def test_who_pushes_to_a_personal_repository_is_there() -> None:
    base = complete()
    subject = Subject("github", "repo", "linden/notes")
    access = InventoryItem(
        "access", subject, "", "access", {"admins": ("linden",), "pushers": ("linden", "tansy")}
    )
    own = InventoryItem(
        "repository", subject, "notes", "9", {"name": "linden/notes", "in_organization": False}
    )
    report = replace(base, inventory=[*base.inventory, Place(subject, {}, (access, own))])
    assert ways(report, "tansy")["collaborator"] == str(subject)
    assert "linden/notes" in named(report, "tansy").repositories
    assert ("linden", "sole owner", str(subject)) in alone(report)


def test_a_repository_of_which_only_the_name_is_known_is_not_owned_and_not_forgotten() -> None:
    base = complete()
    subject, known = (Subject("github", "repo", f"linden/{name}") for name in ("gone", "notes"))
    own = InventoryItem(
        "repository", known, "notes", "9", {"name": "linden/notes", "in_organization": False}
    )
    seen = Place(known, {}, (own,))
    why = Unknown(Reason.NOT_VISIBLE, "a token that sees it")
    hidden = Place(subject, {"repository": why}, ())
    report = replace(base, inventory=[*base.inventory, seen, hidden])
    assert ("linden", "sole owner", str(known)) in alone(report)
    assert ("linden", "sole owner", str(subject)) not in alone(report)
    assert not holders(report).extent.complete
    # Another reason shows nothing of whether it is there.
    unread = Unknown(Reason.NOT_PERMITTED, "a token that sees it")
    hidden = Place(subject, {"repository": unread}, ())
    report = replace(base, inventory=[*base.inventory, seen, hidden])
    assert ("linden", "sole owner", str(subject)) in alone(report)


def test_an_outside_collaborator_of_a_repository_that_was_not_seen_is_there() -> None:
    report = changed(complete(), CONE, items=())
    assert ways(report, "guest") == {
        "outside collaborator in repositories that were not seen": str(ORG)
    }


def test_organization_roles_are_held() -> None:
    report = complete()
    assert ways(report, "fennel")["organization role all_repo_admin"] == str(ORG)
    assert ways(report, "birch")["organization role all_repo_write through a team"] == str(ORG)
    for name in ("fennel", "birch"):
        assert set(named(report, name).repositories) >= {"cedar-labs/cone", "cedar-labs/resin"}
    removed = next(hold for hold in named(report, "fennel").holds if "role" in hold.way)
    assert removed.command.endswith("organization-roles/users/fennel/8136")
    assert removed.by == ("alder", "linden")


def test_one_answer_of_a_person_stands_in_for_roles_that_are_not_shown() -> None:
    broken = without(complete(), ORG, "organization role", every=1)
    (gap,) = (one for one in holders(broken).extent.gaps if "roles" in one)
    assert gap == "organization roles of cedar-labs: a token that sees it"
    finding = next(one for one in broken.findings if one.code == "GHO133")
    said = replace(finding, subject=ORG, outcome=Attested("yes", "linden", NOW + timedelta(days=9)))
    answered = replace(broken, findings=(*broken.findings, said))
    assert holders(answered).extent.gaps == ()


def test_a_team_whose_members_are_not_shown_is_a_gap() -> None:
    base = complete()
    place = place_of(base, ORG)
    items = tuple(one for one in place.items if one.state.get("by_team") is not True)
    gaps = holders(changed(base, ORG, items=items)).extent.gaps
    assert [one for one in gaps if "members of the team core" in one]


def of_org(kind: str, label: str, **state: Any) -> Report:
    base = complete()
    item = InventoryItem(kind, Subject("github", "x", f"cedar-labs/{label}"), label, label, state)
    return changed(base, ORG, items=(*place_of(base, ORG).items, item))


def test_a_pending_owner_is_there() -> None:
    report = of_org("pending invitation", "stray", role="admin")
    assert named(report, "stray").kind is HolderKind.INVITATION
    assert ways(report, "stray") == {"invited as owner": str(ORG)}


def test_a_members_token_is_there() -> None:
    kind = "fine-grained token of a member"
    state = {"permissions": ("contents:write", "metadata:read"), "repository_selection": "all"}
    report = of_org(kind, "ci", login="maple", **state)
    assert named(report, "ci").kind is HolderKind.TOKEN
    assert list(ways(report, "ci")) == ["token of maple, contents:write in all repositories"]
    assert "cedar-labs/cone" in named(report, "ci").repositories


def test_an_organizations_secret_is_there() -> None:
    assert named(complete(), "DEPLOY_TOKEN").kind is HolderKind.SECRET


def test_what_an_app_can_do_is_there() -> None:
    rights = ("administration:write", "members:write", "metadata:read")
    report = of_org("app", "helper", permissions=rights, repository_selection="selected")
    assert named(report, "helper").powers == (
        "adds and removes members and owners",
        "changes rules, keys and access of repositories",
    )


def test_an_admin_of_a_repository_is_there() -> None:
    base = complete()
    access = next(one for one in place_of(base, CONE).items if one.kind == "access")
    more = replace(access, state={**access.state, "admins": ("birch", "linden")})
    items = tuple(more if one is access else one for one in place_of(base, CONE).items)
    report = changed(base, CONE, items=items)
    assert ways(report, "birch")["admin of the repository"] == str(CONE)


def test_whom_a_team_lets_publish_is_no_maintainer() -> None:
    base = complete()
    subject = Subject("npm", "package", "@grove/sieve")
    people = tuple(
        InventoryItem(kind, subject, name, name, {})
        for kind, name in (("maintainer", "mallow"), ("writer", "teasel"))
    )
    lists_of = dict.fromkeys(("maintainer", "writer", "trusted publisher"))
    report = replace(base, inventory=[*base.inventory, Place(subject, lists_of, people)])
    (hold,) = named(report, "teasel").holds
    assert (hold.way, hold.command, hold.by) == ("publishes through a team", "", ("mallow",))
    # Whether a team's member can remove a maintainer is not known.
    assert alone(report) == alone(base)


@pytest.mark.parametrize("kind", ["GHB102", "GHB108", "GHB110"])
def test_a_bypass_by_the_role_write_counts_for_whoever_can_push(kind: str) -> None:
    base = complete()
    failed = next(one for one in base.findings if one.result == "failed")
    open_to = [replace(failed, code=code, subject=CONE) for code in ("GHB102", "GHB108", "GHB110")]
    others = [one for one in base.findings if one.subject != CONE or not one.code.startswith("GHB")]
    judged = [one for one in base.findings if one.subject == CONE and one.code == "GHB101"]
    report = replace(base, findings=[*others, *judged, *open_to])
    assert CONE.name in named(report, "maple").past_rules
    fewer = replace(
        base, findings=[*others, *judged, *(one for one in open_to if one.code != kind)]
    )
    assert CONE.name not in named(fewer, "maple").past_rules


def test_rules_that_are_not_judged_are_a_gap() -> None:
    base = complete()
    findings = [one for one in base.findings if one.code != "GHB110"]
    gaps = holders(replace(base, findings=findings)).extent.gaps
    (gap,) = [one for one in gaps if one.startswith("whether rules stop those who can push")]
    assert f"({CONE.name}" in gap or f", {CONE.name}" in gap


def test_repositories_that_were_not_read_are_named() -> None:
    assert _listed(["a/two", "a/one"]) == "2 repositories (a/one, a/two)"
    assert _listed(["a/one"]) == "1 repository (a/one)"
    many = _listed(f"a/{number:02}" for number in range(MOST + 3))
    assert many.startswith(f"{MOST + 3} repositories (a/00, a/01, ")
    assert many.endswith(" and 3 more)")


@pytest.mark.parametrize(
    ("provider", "kind", "state", "shown"),
    [
        ("github", "GitHub account", False, "off"),
        ("github", "GitHub account", True, "on"),
        ("github", "GitHub account", None, ""),
        ("npm", "npm account", "auth-and-writes", "on"),
        ("npm", "npm account", "auth-only", "at sign-in only"),
        ("npm", "npm account", "off", "off"),
        ("npm", "npm account", "pending", "pending"),
        ("npm", "npm account", None, ""),
    ],
)
def test_the_2fa_of_the_own_account_is_known_as_far_as_it_was_read(
    provider: str, kind: str, state: Any, shown: str
) -> None:
    own = Subject(provider, "user", "thistle")
    places = [place_with(own, kind, "thistle", two_factor=state)]
    if provider == "npm":
        package = Subject("npm", "package", "@acme/web")
        places.append(place_with(package, "maintainer", "thistle"))
    else:
        organization = Subject("github", "org", "acme")
        places.append(place_with(organization, "member", "thistle", role="member"))
    report = replace(seen(), inventory=places)
    (found,) = (one for one in holders(report).holders if one.name == "thistle")
    assert (found.provider, found.two_factor) == (provider, shown)


def place_with(subject: Subject, kind: str, label: str, **state: Any) -> Place:
    """A place that holds one item."""
    item = InventoryItem(kind, subject, label, label, state)
    return Place(subject, {kind: None}, (item,))
