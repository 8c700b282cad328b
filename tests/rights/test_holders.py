"""What each kind of token can be told, what is guarded, and how a token is repaired."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import pytest

from hardenme.engine.catalogue import catalogue, select
from hardenme.engine.plan import plan, sources
from hardenme.engine.target import Target
from hardenme.facts.github.organization import APP
from hardenme.facts.github.people import OWNER
from hardenme.facts.github.repository import ADMINISTRATION
from hardenme.facts.github.site import GitHubFact
from hardenme.model.depth import Depth
from hardenme.model.fact import Fact
from hardenme.model.least import LeastToken
from hardenme.model.permission import Requirement, any_of, classic, fine_grained, npm
from hardenme.rights.holders import HOLDERS, HolderVisibility
from hardenme.rights.needs import Needs
from hardenme.rights.permissions import guarded, permissions
from hardenme.rights.token_status import repair
from hardenme.sandbox.github.server import github_sandbox
from hardenme.sandbox.github.world import Token, World
from tests.moment import NOW
from tests.sandbox.github_reader import Reader
from tests.worlds import github
from tests.worlds.organizations import base

FINE, INSTALLED = HOLDERS["fine-grained"], HOLDERS["installation"]
WRITE = any_of(classic("admin:org"), {fine_grained("organization_administration:write"), OWNER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Guarded(GitHubFact):
    """A fact that GitHub would guard with a right to write."""

    requirement: ClassVar[Requirement] = WRITE
    source: ClassVar[str] = "GET /orgs/{org}/rulesets"


@dataclass(frozen=True, slots=True, kw_only=True)
class Within(GitHubFact):
    """A fact whose subjects it lists."""

    requirement: ClassVar[Requirement] = ADMINISTRATION
    listed_by: ClassVar[type[Fact] | None] = Guarded


def test_a_right_to_write_is_not_asked_for() -> None:
    right = frozenset({"organization_administration:write"})
    for holder in (FINE, INSTALLED):
        assert holder.options(WRITE) == ()
        assert holder.refused(WRITE) == (right,)
        sight = HolderVisibility(holder, frozenset({Guarded, Within}))
        assert sight.refused(Guarded) == "organization_administration:write"
        assert sight.unreadable(Guarded) == ""
        assert sight.refused(Within) == "organization_administration:write", "nobody lists it"
        (check, *_) = catalogue()
        assert sight.hides(Needs(check, frozenset({Within}), frozenset()))
    assert HOLDERS["classic"].options(WRITE) == (frozenset({"admin:org"}),)


@pytest.mark.parametrize(
    ("kind", "requirement", "options"),
    [
        ("fine-grained", any_of(fine_grained("keys:read")), [{"keys:read"}]),
        ("installation", any_of(fine_grained("keys:read")), []),
        ("fine-grained", any_of({fine_grained("members:read"), APP}), []),
        ("installation", any_of({fine_grained("members:read"), APP}), [{"members:read"}]),
        ("classic", any_of(fine_grained("keys:read"), classic("user")), [{"user"}]),
        ("session", any_of({npm("session token"), npm("one-time password")}), [{"session token"}]),
        ("granular", any_of(npm("session token"), npm("org:read")), [{"org:read"}]),
        ("granular", any_of(npm("session token"), npm("org:write")), []),
        ("granular", any_of(npm("session token")), []),
    ],
)
def test_what_a_kind_can_hold(kind: str, requirement: Requirement, options: list[set[str]]) -> None:
    assert list(HOLDERS[kind].options(requirement)) == options


def test_roles_are_a_persons() -> None:
    held = frozenset({"organization_administration:write"})
    assert FINE.roles(WRITE, held) == {"organization owner"}
    assert INSTALLED.roles(WRITE, held) == frozenset()


def test_which_checks_look_at_what_is_guarded() -> None:
    found = {check.code: dict(guarded(check)) for check in catalogue()}
    # A rule that writers may bypass is none, so each check of what the rules demand looks there.
    assert {code: list(keys) for code, keys in found.items() if keys} == {
        **{f"GHB{number}": ["bypass_actors"] for number in range(102, 115)},
        "GHB115": ["bypassActors"],
        "GHB117": ["bypassActors"],
    }


@pytest.mark.parametrize(
    ("make", "login", "path", "right"),
    [
        (github.hardened_maintainer, "hazel", "/repos/hazel/compass", "administration"),
        (
            *(github.strict_organization, "linden"),
            *(f"/orgs/{base.STRICT}", "organization_administration"),
        ),
    ],
)
def test_what_is_guarded_shows_to_who_may_write_alone(
    make: Callable[..., World], login: str, path: str, right: str
) -> None:
    """The key comes with a right that the fact names, and not without it."""
    world = make(NOW)
    owner = path.split("/")[2]
    (number, *_) = (
        rules.id
        for place in (*world.organizations, *world.repositories)
        for rules in place.rulesets
        if rules.source in path
    )
    shown = {}
    for level in ("read", "write"):
        value = f"github_pat_CANARY{level}_" + "0" * 60
        rights = {"metadata": "read", right: level}
        world.tokens.append(Token(value, "fine-grained", login, permissions=rights, owner=owner))
        with github_sandbox(world) as server, Reader(server) as read:
            answer = read(f"{path}/rulesets/{number}", value)
            shown[level] = "bypass_actors" in answer.data
    assert shown == {"read": False, "write": True}
    facts = sources(kind for check in catalogue() for kind in check.facts)
    requirements = [needs for kind in facts for needs in kind.guarded_keys.values()]
    assert all(frozenset({f"{right}:write"}) in FINE.refused(needs) for needs in requirements)


def least(kind: str, *targets: str) -> LeastToken:
    made = permissions(plan(select(), depth=Depth.DEEP), [Target.parse(text) for text in targets])
    owner = targets[0].partition(":")[2] if kind in {"fine-grained", "installation"} else ""
    token = made.of(kind, owner)
    assert token is not None
    return token


@pytest.mark.parametrize(
    ("kind", "target", "missing", "page", "command"),
    [
        (
            *("fine-grained", "github:acme", "members:read"),
            *("https://github.com/settings/personal-access-tokens", ""),
        ),
        (
            *("installation", "github:acme", "members:read"),
            *("https://github.com/organizations/acme/settings/apps", ""),
        ),
        ("classic", "me", "user", "https://github.com/settings/tokens", ""),
        (
            *("oauth", "me", "user", "https://github.com/settings/applications"),
            "gh auth refresh -h github.com -s user",
        ),
        ("session", "me", "", "https://", "npm login"),
        (
            *("granular", "me", "", "https://www.npmjs.com/settings/~/tokens/"),
            "npm token create --name hardenme --expires 30 --packages-all",
        ),
    ],
)
def test_how_a_token_is_repaired(
    kind: str, target: str, missing: str, page: str, command: str
) -> None:
    fix = repair(least(kind, target), [missing] if missing else [])
    assert fix.page.startswith(page)
    assert fix.command.startswith(command)
    assert bool(fix.command) == bool(command)
    assert missing in fix.step


@pytest.mark.parametrize("web", ["https://github.com", "https://ghes.example"])
def test_a_token_is_edited_where_it_stands_and_not_made_anew(web: str) -> None:
    made = permissions(plan(select()), [Target.parse("github:acme")], web=web, days=5)
    token = made.of("fine-grained", "ACME")
    assert token is not None
    assert repair(token).page == f"{web}/settings/personal-access-tokens"
    assert bool(token.link) is (web == "https://github.com"), "it has no page that is filled in"
