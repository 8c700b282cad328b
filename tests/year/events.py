"""What happens in the year, week by week, and what a report has to tell of it.

A line of a finding reads `new GHR105 github:…`, one of the inventory `appeared deploy key NAME in
github:…`, with the fields that changed behind it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from hardenme.sandbox.github.scenario.organizations import base
from hardenme.sandbox.github.state.connected import Installation
from hardenme.sandbox.github.state.repository import DeployKey, Hook, Secret
from hardenme.sandbox.github.state.rules import BypassActor
from hardenme.sandbox.github.world import Organization, OrganizationSecret, Repository
from hardenme.sandbox.npm.world import Person, Version
from tests.year.clockwork import Year

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIC5CANARYCANARYCANARYCANARYCANARYCANARYCA"


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


def deploy_key(number: int, title: str, *, repo: int, read_only: bool = True) -> Callable[[Year], None]:
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


def release(number: str, by: str = "") -> Callable[[Year], None]:
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


EVENTS: tuple[Event, ...] = (
    Event(3, deploy_key(9001, "build box", repo=CONE)),
    Event(4, second_factor("maple", "off")),
    Event(5, second_factor("maple", "secure")),
    Event(6, hook),
    Event(7, no_hook),
    Event(8, role("birch", "admin")),
    Event(9, role("birch", "member")),
    Event(10, deploy_key(9002, "laptop", repo=RESIN, read_only=False), seen=11),
    Event(14, moved_tag),
    Event(16, bypass),
    Event(17, no_bypass),
    Event(19, leaves("maple"), seen=20),
    Event(22, renamed),
    Event(24, public),
    Event(26, secret),
    Event(28, app),
    Event(32, maintainer),
    Event(33, no_maintainer),
    Event(34, release("2.1.0")),
    Event(38, no_reviewers),
    Event(42, workflow),
    Event(44, without_deploy_key(9001, repo=CONE)),
)
