"""What happens in the year, week by week, and what a report has to tell of it.

A line of a finding reads `new GHR105 github:…`, one of the inventory `appeared deploy key NAME in
github:…`, with the fields that changed behind it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from hardenme.sandbox.github.state.rules import BypassActor
from hardenme.sandbox.github.world import (
    DeployKey,
    Hook,
    Organization,
    OrganizationSecret,
    Repository,
)
from hardenme.sandbox.http import Reply
from hardenme.sandbox.npm.world import Person
from tests.worlds.organizations import base
from tests.year.clockwork import Year

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIC5v0v0v0v0v0v0v0v0v0v0v0v0v0v0v0v0v0v0v"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens.

    Attributes:
        week: when; the run of that week is the first that could see it.
        do: makes it happen.
        told: what is to be told of it.
        seen: the week in which it is told, where it could not be seen before.
    """

    week: int
    do: Callable[[Year], None]
    told: tuple[str, ...] = ()
    seen: int | None = None


def organization(year: Year) -> Organization:
    return year.github.organizations[0]


def repository(year: Year, number: int) -> Repository:
    return next(one for one in year.github.repositories if one.id == number)


CONE, RESIN = 33201, 33202
ORG, PINE = "github:org/cedar-labs", "github:repo/cedar-labs/pine"
PACKAGE = "npm:package/@hazel-grove/lantern"
RULES = "Protect the default branch"


def nothing(year: Year) -> None:
    """Time alone does it."""
    del year


def deploy_key(
    number: int, title: str, *, repo: int, read_only: bool = True
) -> Callable[[Year], None]:
    def do(year: Year) -> None:
        repository(year, repo).deploy_keys.append(
            DeployKey(number, title, KEY, year.now, read_only=read_only, added_by="linden")
        )

    return do


def without_deploy_key(number: int, *, repo: int) -> Callable[[Year], None]:
    def do(year: Year) -> None:
        keys = repository(year, repo).deploy_keys
        keys[:] = [key for key in keys if key.id != number]

    return do


def second_factor(login: str, state: str) -> Callable[[Year], None]:
    def do(year: Year) -> None:
        user = year.github.user(login)
        user.two_factor = state

    return do


def role(login: str, now: str) -> Callable[[Year], None]:
    def do(year: Year) -> None:
        organization(year).members[login] = now

    return do


def hook(year: Year) -> None:
    organization(year).connected.hooks.append(
        Hook(771, "http://collector.example.test/in", year.now, year.now, has_secret=False)
    )


def no_hook(year: Year) -> None:
    hooks = organization(year).connected.hooks
    hooks[:] = [one for one in hooks if one.id != 771]


def moved_tag(year: Year) -> None:
    repo = repository(year, CONE)
    repo.moved_tags[repo.tag_names[0]] = "ab" * 20


def bypass(year: Year) -> None:
    ruleset = organization(year).rulesets[0]
    ruleset.bypass_actors.append(BypassActor("Integration", 4711))
    ruleset.updated_at = year.now


def no_bypass(year: Year) -> None:
    ruleset = organization(year).rulesets[0]
    ruleset.bypass_actors.clear()
    ruleset.updated_at = year.now


def leaves(login: str) -> Callable[[Year], None]:
    def do(year: Year) -> None:
        del organization(year).members[login]

    return do


def renamed(year: Year) -> None:
    repo = repository(year, CONE)
    repo.former_names.append(repo.full_name)
    repo.name = "pine"


def public(year: Year) -> None:
    repository(year, RESIN).visibility = "public"


def secret(year: Year) -> None:
    organization(year).secrets.append(
        OrganizationSecret("NPM_PUBLISH", year.now, year.now, visibility="all")
    )


def app(year: Year) -> None:
    (first, *_) = organization(year).connected.installations
    first.permissions["contents"] = "write"


def maintainer(year: Year) -> None:
    package = year.npm.packages[0]
    package.maintainers.append(Person("stranger", "stranger@mail.example"))
    package.collaborators["stranger"] = "write"


def no_maintainer(year: Year) -> None:
    package = year.npm.packages[0]
    package.maintainers.pop()
    del package.collaborators["stranger"]


def release(number: str) -> Callable[[Year], None]:
    def do(year: Year) -> None:
        package = year.npm.packages[0]
        newest = package.versions[-1]
        made = replace(newest, version=number, published_at=year.now - timedelta(hours=2))
        package.versions.append(made)

    return do


def workflow(year: Year) -> None:
    files = repository(year, CONE).files
    path = ".github/workflows/ci.yml"
    files[path] = files[path] + b"# a line more\n"


def no_reviewers(year: Year) -> None:
    repo = repository(year, CONE)
    repo.environments[0].reviewers.clear()


def limit(requests: int) -> Callable[[Year], None]:
    def do(year: Year) -> None:
        year.github.limit = requests

    return do


def token(*, revoked: bool) -> Callable[[Year], None]:
    def do(year: Year) -> None:
        held = year.github.token(base.STRICT_CLASSIC)
        assert held is not None
        held.revoked = revoked

    return do


def registry(*, down: bool) -> Callable[[Year], None]:
    def do(year: Year) -> None:
        year.stage.npm.faults.clear()
        if down:
            year.stage.npm.fault(".*", edit=lambda *_: Reply(503, {"error": "down"}))

    return do


def sinks(*, down: bool) -> Callable[[Year], None]:
    def do(year: Year) -> None:
        year.hook.status = 500 if down else 200

    return do


def item(turn: str, kind: str, name: str, place: str = ORG, *fields: str) -> str:
    changed = f": {', '.join(fields)}" if fields else ""
    return f"{turn} {kind} {name} in {place}{changed}"


EVENTS: tuple[Event, ...] = (
    Event(1, nothing, ("new GHO121 github:org-invitation/cedar-labs/3411",)),
    Event(
        3,
        deploy_key(9001, "build box", repo=CONE),
        (item("appeared", "deploy key", "build box", "github:repo/cedar-labs/cone"),),
    ),
    Event(
        4,
        second_factor("maple", "off"),
        (
            item("changed", "member", "maple", ORG, "two_factor"),
            "new GHO102 github:member/cedar-labs/maple",
        ),
    ),
    Event(
        5,
        second_factor("maple", "secure"),
        (
            item("changed", "member", "maple", ORG, "two_factor"),
            "fixed GHO102 github:member/cedar-labs/maple",
        ),
    ),
    Event(
        6,
        hook,
        (
            item("appeared", "webhook", "collector.example.test"),
            "new GHO119 github:org-hook/cedar-labs/771",
            "new GHO120 github:org-hook/cedar-labs/771",
        ),
    ),
    Event(
        7,
        no_hook,
        (
            item("vanished", "webhook", "collector.example.test"),
            "gone GHO119 github:org-hook/cedar-labs/771",
            "gone GHO120 github:org-hook/cedar-labs/771",
        ),
    ),
    # The key that was put there in week 3 was never used for as long as a new one may wait.
    Event(8, nothing, ("new GHR109 github:deploy-key/cedar-labs/cone/9001",)),
    Event(8, role("birch", "admin"), (item("changed", "member", "birch", ORG, "role"),)),
    Event(9, role("birch", "member"), (item("changed", "member", "birch", ORG, "role"),)),
    Event(10, limit(30)),
    Event(
        10,
        deploy_key(9002, "laptop", repo=RESIN, read_only=False),
        (
            item("appeared", "deploy key", "laptop", "github:repo/cedar-labs/resin"),
            "new GHR108 github:deploy-key/cedar-labs/resin/9002",
        ),
        seen=11,
    ),
    Event(11, limit(5000)),
    Event(13, nothing, ("new GHO116 github:sso-credential/cedar-labs/8404",)),
    Event(
        14,
        moved_tag,
        (item("changed", "release tag", "v1.0.0", "github:repo/cedar-labs/cone", "commit"),),
    ),
    Event(15, nothing, ("new GHR109 github:deploy-key/cedar-labs/resin/9002",)),
    Event(
        16,
        bypass,
        (
            item("changed", "branch ruleset", RULES, ORG, "bypass", "updated_at"),
            "new GHB110 github:repo/cedar-labs/cone",
            "new GHB110 github:repo/cedar-labs/resin",
        ),
    ),
    Event(
        17,
        no_bypass,
        (
            item("changed", "branch ruleset", RULES, ORG, "bypass", "updated_at"),
            "fixed GHB110 github:repo/cedar-labs/cone",
            "fixed GHB110 github:repo/cedar-labs/resin",
        ),
    ),
    Event(18, token(revoked=True)),
    Event(19, leaves("maple"), (item("vanished", "member", "maple"),), seen=20),
    Event(20, token(revoked=False)),
    Event(22, renamed, (item("changed", "repository", "cedar-labs/pine", ORG, "name"),)),
    Event(24, public, (item("changed", "repository", "cedar-labs/resin", ORG, "visibility"),)),
    Event(
        26,
        secret,
        (
            item("appeared", "secret", "NPM_PUBLISH"),
            "new GHO128 github:org-secret/cedar-labs/NPM_PUBLISH",
        ),
    ),
    Event(28, app, (item("changed", "app", "labeler", ORG, "permissions"),)),
    Event(30, registry(down=True)),
    Event(
        30,
        maintainer,
        (
            item("appeared", "maintainer", "stranger", PACKAGE),
            f"new NPP110 {PACKAGE}",
        ),
        seen=31,
    ),
    Event(31, registry(down=False)),
    Event(
        33,
        no_maintainer,
        (item("vanished", "maintainer", "stranger", PACKAGE), f"fixed NPP110 {PACKAGE}"),
    ),
    Event(
        34,
        release("2.1.0"),
        (item("changed", "dist-tag", "latest", PACKAGE, "archive", "version"),),
    ),
    Event(36, sinks(down=True)),
    Event(36, nothing, (f"new NPP110 {PACKAGE}",)),
    Event(37, sinks(down=False)),
    Event(
        38,
        no_reviewers,
        (
            item("changed", "environment", "release", PINE, "prevents_self_review", "reviewed"),
            "new GHR118 github:environment/cedar-labs/pine/release",
        ),
    ),
    Event(42, workflow, (item("changed", "workflow", "ci.yml", PINE, "blob"),)),
    Event(
        44,
        without_deploy_key(9001, repo=CONE),
        (
            item("vanished", "deploy key", "build box", PINE),
            "gone GHR109 github:deploy-key/cedar-labs/pine/9001",
        ),
    ),
    Event(
        50,
        nothing,
        (
            "new GHO129 github:org-secret/cedar-labs/CHAT_ADDRESS",
            "new GHO129 github:org-secret/cedar-labs/RELEASE_TOKEN",
            "new GHO129 github:org-secret/cedar-labs/dependabot/NPM_READ_TOKEN",
        ),
    ),
)
"""The year. What is not in it changes nothing that a report tells of."""
