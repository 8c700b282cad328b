"""Who is where and cannot be seen, and what `people` and `person` have to state of it."""

# ruff: noqa: ARG001 (all have the same parameters, and each plants by those that it needs)

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from hardenme.sandbox.github.state.connected import App, Installation, OrganizationSecret
from hardenme.sandbox.github.state.organization import OrganizationInvitation
from hardenme.sandbox.github.world import DeployKey, Repository
from hardenme.sandbox.http import Reply, Request
from tests.cli.recent.scene import ORG, Scene
from tests.mutations import absent

OWNER = "linden"
PEOPLE = ("people", ORG, "--new", "--full")
LEAVES = ("--leaves",)
DONE = "Nothing of this person is left"
Plant = Callable[[Scene, datetime], None]


@dataclass(frozen=True, slots=True)
class Statement:
    """What is planted, what is asked, and what has to be in the answer and must not be.

    Attributes:
        about: what is planted, in words.
        plant: plants it.
        asked: the command and its arguments.
        shown: parts of the answer.
        not_shown: what would be said of everybody, or of nobody, without being known.
    """

    about: str
    plant: Plant
    asked: tuple[str, ...]
    shown: tuple[str, ...]
    not_shown: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.asked[0]}: {self.about}"


def broken(path: str, status: int = 403) -> Plant:
    """The answers of a path are refused, or those of what is not there."""
    reply = Reply(status, {"message": "Resource not accessible"})

    def plant(scene: Scene, now: datetime) -> None:
        scene.github.fault(path, edit=lambda _request, _reply: reply)

    return plant


def without(path: str, key: str) -> Plant:
    """A key is missing from the answers of a path."""

    def plant(scene: Scene, now: datetime) -> None:
        scene.github.fault(path, edit=absent(key))

    return plant


def both(*plants: Plant) -> Plant:
    """Several of them."""

    def plant(scene: Scene, now: datetime) -> None:
        for one in plants:
            one(scene, now)

    return plant


def nothing(scene: Scene, now: datetime) -> None:
    """Nothing."""


def one_owner(scene: Scene, now: datetime) -> None:
    scene.planted.world.organizations[0].members["alder"] = "member"


def personal(scene: Scene, now: datetime) -> None:
    """A repository of a member's own, to which two others push."""
    then = now.replace(year=now.year - 1)
    scene.planted.world.repositories.append(
        Repository(
            *(OWNER, "carvings", 993_001, then, then),
            files={"a.md": b"a"},
            collaborators={"birch": "write", "guest": "write"},
        )
    )


def owner_pending(scene: Scene, now: datetime) -> None:
    scene.planted.world.organizations[0].invitations.append(
        OrganizationInvitation(993_002, "guest", "maple", now, "admin")
    )


def address_pending(scene: Scene, now: datetime) -> None:
    scene.planted.world.organizations[0].invitations.append(
        OrganizationInvitation(
            *(993_003, None, "maple", now, "admin"), email="someone@mail.example.test"
        )
    )


def member_app(scene: Scene, now: datetime) -> None:
    world = scene.planted.world
    app = App(993_004, "roster", "maple")
    world.apps.append(app)
    world.organizations[0].connected.installations.append(
        Installation(993_005, app, now, {"members": "write"}, selection="all")
    )


def shared_secret(scene: Scene, now: datetime) -> None:
    scene.planted.world.organizations[0].secrets.append(
        OrganizationSecret("PUBLISH_ALL", now, now, visibility="all")
    )


def unsigned_key(scene: Scene, now: datetime) -> None:
    scene.planted.world.repositories[0].deploy_keys.append(
        DeployKey(993_006, "", "ssh-ed25519 AAAA", now, read_only=False)
    )


def lost_repository(scene: Scene, now: datetime) -> None:
    """The repositories are not shown; the organization's own list still names the outsider."""
    reply = Reply(403, {"message": "Resource not accessible"})

    def edit(request: Request, found: Reply) -> Reply:
        return reply if b"Repositories" in request.body else found

    scene.github.fault("/graphql", edit=edit)


OUTSIDERS = ".*/outside_collaborators"
INSTALLED = ".*/installations"
TABLE: tuple[Statement, ...] = (
    Statement(
        "the only owner, apps refused",
        both(one_owner, broken(INSTALLED)),
        PEOPLE,
        ("apps of 1 place", "not known"),
        ("no one else can stop",),
    ),
    Statement(
        "the only owner, roles of members not read",
        both(one_owner, without("/graphql", "role")),
        PEOPLE,
        ("own it",),
        ("no one else can stop", "someone can stop each"),
    ),
    Statement(
        "the only owner beside an app that makes members",
        both(one_owner, member_app),
        PEOPLE,
        ("roster", "adds and removes members and owners", "the app roster"),
    ),
    Statement(
        "who pushes to a personal repository",
        personal,
        ("people", f"github:{OWNER}/carvings", "--new", "--full"),
        ("birch", "guest", "sole owner"),
    ),
    Statement(
        "an owner who has not accepted",
        owner_pending,
        ("people", ORG, "--new", "--full", "--depth", "deep"),
        ("guest", "invited as owner"),
    ),
    Statement(
        "an owner invited by address",
        address_pending,
        ("people", ORG, "--new", "--full", "--depth", "deep"),
        ("someone@mail.example.test", "invited as owner"),
    ),
    Statement("invitations not read", owner_pending, PEOPLE, ("invitations of",)),
    Statement(
        "outside collaborators refused",
        broken(OUTSIDERS),
        PEOPLE,
        ("outside collaborators of 1 place",),
        ("someone can stop all",),
    ),
    Statement(
        "a secret of the organization",
        shared_secret,
        PEOPLE,
        ("PUBLISH_ALL", "for workflows in all repositories"),
    ),
    Statement(
        "an app without a name",
        both(member_app, without(INSTALLED, "app_slug")),
        PEOPLE,
        ("name was not shown",),
    ),
    Statement("a key without a name", unsigned_key, PEOPLE, ("993006, whose name was not shown",)),
    Statement(
        "an outsider of repositories that are not shown",
        lost_repository,
        ("person", "guest", ORG, *LEAVES),
        ("Remove guest from all of cedar-labs", "repositories"),
        (DONE,),
    ),
    Statement(
        "a mistyped login",
        nothing,
        ("person", "bircb", ORG, *LEAVES),
        ("no one with the login bircb was seen",),
        (DONE,),
    ),
    Statement(
        "a mistyped login, members refused",
        broken("/graphql"),
        ("person", "bircb", ORG, *LEAVES),
        ("members of",),
        (DONE,),
    ),
    Statement(
        "an invitation to an address",
        address_pending,
        ("person", "birch", ORG, *LEAVES, "--depth", "deep"),
        ("to an address may be for",),
    ),
    Statement(
        "the only owner, roles of members not read",
        both(one_owner, without("/graphql", "role")),
        ("person", OWNER, ORG, *LEAVES),
        ("own it",),
        ("is the only owner of cedar-labs: ",),
    ),
    Statement(
        "the only owner, apps refused",
        both(one_owner, broken(INSTALLED)),
        ("person", OWNER, ORG, *LEAVES),
        ("not every app was read",),
    ),
    Statement(
        "a collaborator of a personal repository",
        personal,
        ("person", "birch", f"github:{OWNER}/carvings", *LEAVES),
        ("Remove birch from linden/carvings",),
        (DONE,),
    ),
    Statement(
        "whose deploy key it is", unsigned_key, ("person", "birch", ORG, *LEAVES), ("who added",)
    ),
)
"""What may be there beside what is seen."""
