"""Where each check passes: worlds in which everything that it looks at is right."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from unittest import mock

from hardenme.collectors.mail.client import MailLookups
from hardenme.engine.catalogue import catalogue
from hardenme.facts.mail import OPT_IN
from hardenme.sandbox.github.scenario.rulebook import release_branch
from hardenme.sandbox.github.state.repository import RepositoryInvitation, RepositorySecret
from hardenme.sandbox.github.state.rules import BranchProtection, ReviewProtection, Rule
from hardenme.sandbox.github.world import World
from hardenme.sandbox.http import LoopbackServer, Reply, Request
from hardenme.sandbox.npm import scenarios as npm
from hardenme.sandbox.npm.world import Access, Team
from hardenme.sandbox.npm.world import World as NpmWorld
from tests.attended import AtHand
from tests.collectors.name_server import NameServer
from tests.factories.statements import no_tokens
from tests.hostile.publishing import publisher
from tests.mutations import IDLE
from tests.running import NOW, QUICK, Stage, stage
from tests.watched_reads import READS
from tests.workstations import orderly, signed_in
from tests.worlds import github
from tests.worlds.weak_workflows import FROM_BRANCHES

MANUAL = frozenset(
    {*(f"ATT{number}" for number in range(101, 111)), "NPA103", "NPA104", "NPA108", "NPO101"}
    | {"GHO134", "GHO136"}
)
"""Checks that are always a question, or do not apply: no API shows what they ask."""
ALARMING = frozenset({"GHR129"})
"""Checks that fail by what shows, and are a question where nothing does: they never pass."""
ASKING = frozenset({"GHO114", "GHO131", "GHO132"})
"""Checks that pass by what shows, and are a question where nothing does: they never fail."""

OAUTH_TOKEN = "gho_CANARYalder000000000000000000000000000"


@dataclass(frozen=True, slots=True)
class Passing:
    """A check's passing case.

    Attributes:
        scenario: a key of `SCENARIOS`.
        subject: what passes in it.
        targets: what is asked for.
        profile: the profile in force.
        opted_in: options that the facts ask for.
        local: whether this machine is looked at.
    """

    scenario: str
    subject: str
    targets: tuple[str, ...] = ("me",)
    profile: str = "team"
    opted_in: tuple[str, ...] = ()
    local: bool = False


@contextmanager
def fine_grained() -> Iterator[Stage]:
    """A maintainer who did everything right, with a fine-grained token."""
    registry = npm.hardened_maintainer(NOW)
    world = github.hardened_maintainer(NOW)
    with stage(world, registry, github.HARDENED_TOKEN, registry.token("hazel")) as found:
        packages = [package.name for package in registry.packages]
        found.others = lambda: {"attested": no_tokens("hazel", found.npm.url, packages)}
        yield found


@contextmanager
def classic() -> Iterator[Stage]:
    """The same with a classic token, which shows the memberships, and with hazel at hand.

    One package is in a folder of its repository, as a workspace.
    """
    registry = npm.hardened_maintainer(NOW)
    world = github.hardened_maintainer(NOW)
    in_folder(world, registry, "basket")
    with stage(world, registry, github.HARDENED_CLASSIC, registry.token("hazel")) as found:
        packages = [package.name for package in registry.packages]
        found.others = lambda: {"attested": no_tokens("hazel", found.npm.url, packages)}
        found.person = AtHand()
        yield found


def in_folder(world: World, registry: NpmWorld, name: str) -> None:
    """Move a package into a folder of its repository, which releases it as a workspace."""
    home = next(one for one in world.repositories if one.name == name)
    package = next(one for one in registry.packages if one.name.endswith(f"/{name}"))
    folder, release = f"packages/{name}", ".github/workflows/release.yml"
    home.files[f"{folder}/package.json"] = home.files["package.json"]
    root = {"name": "root", "version": "0.0.0", "private": True, "workspaces": ["packages/*"]}
    home.files["package.json"] = json.dumps(root).encode()
    command = b"npm stage publish"
    assert command in home.files[release]
    home.files[release] = home.files[release].replace(command, command + b" -w " + folder.encode())
    assert isinstance(package.repository, dict)
    package.repository = {**package.repository, "directory": folder}


@contextmanager
def narrow() -> Iterator[Stage]:
    """A classic token with three reading scopes and no more."""
    registry = npm.hardened_maintainer(NOW)
    world = github.weak_maintainer(NOW)
    with stage(world, registry, github.WEAK_NARROW, registry.token("hazel")) as found:
        yield found


@contextmanager
def invited() -> Iterator[Stage]:
    """An invitation that came two days ago, and pushes that only named people may make.

    Releases come from a branch beside the default one too.
    """
    registry = npm.hardened_maintainer(NOW)
    world = github.hardened_maintainer(NOW)
    foreign = next(item for item in world.repositories if item.owner != "hazel")
    other = next(user.login for user in world.users if user.login != "hazel")
    foreign.invitations.append(RepositoryInvitation(8801, "hazel", other, NOW - timedelta(days=2)))
    for repository in world.repositories:
        fresh = NOW - timedelta(days=20)
        repository.secrets.append(RepositorySecret("SIGNING_KEY_ID", fresh, fresh))
        for ruleset in repository.rulesets:
            if ruleset.target == "branch":
                ruleset.rules.append(Rule("update"))
        repository.branches.append("next")
        repository.files[".github/workflows/next.yml"] = FROM_BRANCHES.encode()
        if repository.protection:
            repository.protection.append(BranchProtection("next", 8810, reviews=ReviewProtection()))
        else:
            repository.rulesets.append(release_branch(repository.id, repository.full_name, NOW))
    with stage(world, registry, github.HARDENED_CLASSIC, registry.token("hazel")) as found:
        yield found


@contextmanager
def own_registry() -> Iterator[Stage]:
    """The sandbox in the place of npm's own registry, with a token that writes one package."""
    registry = npm.hardened_maintainer(NOW)
    world = github.hardened_maintainer(NOW)
    package = registry.packages[0].name
    registry.tokens[:] = [
        replace(token, permissions=(("package", "write"),), scopes=(("package", package),))
        for token in registry.tokens
    ]
    with (
        stage(world, registry, github.HARDENED_TOKEN, registry.token("hazel")) as found,
        mock.patch("hardenme_checks.npm.token.REGISTRY", found.npm.url),
        mock.patch("hardenme_checks.npm.token_rights.REGISTRY", found.npm.url),
    ):
        yield found


@contextmanager
def own_registry_at_hand() -> Iterator[Stage]:
    """The sandbox in the place of npm's own registry, with a session and with hazel at hand."""
    with classic() as found, mock.patch("hardenme_checks.publishing.REGISTRY", found.npm.url):
        yield found


@contextmanager
def mail() -> Iterator[Stage]:
    """Mail domains that exist and are registered for long, and somebody who lets them be asked."""
    registry = npm.hardened_maintainer(NOW)
    world = github.hardened_maintainer(NOW)
    domains = {address.email.partition("@")[2] for user in world.users for address in user.emails}
    domains |= {user.email.partition("@")[2] for user in registry.users}
    ends = (NOW + timedelta(days=400)).isoformat()

    def rdap(request: Request) -> Reply:
        if request.path == "/rdap/dns.json":
            services = [[["example", "test", "com"], [f"{server.url}/"]]]
            return Reply(data={"version": "1.0", "services": services})
        events = [{"eventAction": "expiration", "eventDate": ends}]
        return Reply(
            data={"objectClassName": "domain", "events": events},
            headers={"content-type": "application/rdap+json"},
        )

    server = LoopbackServer(rdap)
    zone = {(domain, "MX"): [f"10 mx.{domain}."] for domain in domains}
    zone |= {(f"mx.{domain}", "A"): ["192.0.2.1"] for domain in domains}
    with (
        server,
        NameServer(zone) as names,
        stage(world, registry, github.HARDENED_TOKEN, registry.token("hazel")) as found,
    ):
        found.more = (server,)
        found.others = lambda: {
            "mail": MailLookups.by(
                names.resolver(),
                f"{server.url}/rdap/dns.json",
                replace(QUICK, idle=IDLE) if any(f.stall for f in server.faults) else QUICK,
            )
        }
        yield found


@contextmanager
def organization(token: str = github.STRICT_ORG_TOKEN) -> Iterator[Stage]:
    """An organization that closed everything, with its owner's classic token."""
    with stage(github.strict_organization(NOW), npm.hardened_maintainer(NOW), token) as found:
        yield found


@contextmanager
def organization_app() -> Iterator[Stage]:
    """The same with the token of a GitHub App's installation."""
    with organization(github.STRICT_ORG_APP) as found:
        yield found


@contextmanager
def organization_without_classic() -> Iterator[Stage]:
    """The same, where classic tokens are refused, with its owner's classic token."""
    world = github.strict_organization(NOW)
    for organization in world.organizations:
        organization.classic_tokens_forbidden = True
    with stage(world, npm.hardened_maintainer(NOW), github.STRICT_ORG_TOKEN) as found:
        yield found


@contextmanager
def organization_without_apps() -> Iterator[Stage]:
    """The same, where OAuth apps are refused, with the token of one that its owner let in."""
    world = github.strict_organization(NOW)
    owner = world.token(github.STRICT_ORG_TOKEN)
    assert owner is not None
    world.tokens.append(replace(owner, value=OAUTH_TOKEN, kind="oauth", expires_at=None))
    for organization in world.organizations:
        organization.oauth_apps_restricted = True
    with stage(world, npm.hardened_maintainer(NOW), OAUTH_TOKEN) as found:
        yield found


@contextmanager
def npm_organization() -> Iterator[Stage]:
    """An organization on npm with a member who works in a team."""
    registry = npm.hardened_maintainer(NOW)
    (grove,) = registry.organizations
    grove.roster["alder"] = "developer"
    everybody = next(team for team in grove.teams if team.name == "developers")
    everybody.members.append("alder")
    reads: dict[str, Access] = {package.name: "read" for package in registry.packages}
    grove.teams.append(Team("docs", ["alder"], reads))
    with stage(
        github.hardened_maintainer(NOW),
        registry,
        github.HARDENED_TOKEN,
        registry.token("hazel"),
    ) as found:
        yield found


SCENARIOS: dict[str, Callable[[], AbstractContextManager[Stage]]] = {
    "one package": publisher,
    "fine-grained": fine_grained,
    "classic": classic,
    "narrow": narrow,
    "invited": invited,
    "own registry": own_registry,
    "own registry at hand": own_registry_at_hand,
    "mail": mail,
    "organization": organization,
    "organization app": organization_app,
    "organization without classic tokens": organization_without_classic,
    "organization without OAuth apps": organization_without_apps,
    "orderly workstation": orderly,
    "signed-in workstation": signed_in,
    "npm organization": npm_organization,
}


TARGETS = {
    "organization": ("github:cedar-labs",),
    "organization app": ("github:cedar-labs",),
    "organization without classic tokens": ("github:cedar-labs",),
    "organization without OAuth apps": ("github:cedar-labs",),
    "npm organization": ("npm:@hazel-grove",),
}
"""What is asked for where it is not `me`."""


@cache
def passing_cases() -> dict[str, Passing]:
    """The first passing case of each check, found by running the scenarios one after the other.

    Each is asked for what has not passed yet. What is read in them, `READS` knows from then on.
    """
    return READS.shared("passing cases", _found)


def _found() -> dict[str, Passing]:
    found: dict[str, Passing] = {}
    codes = [check.code for check in catalogue() if check.code not in MANUAL | ALARMING]
    for name, scenario in SCENARIOS.items():
        opted_in = (OPT_IN,) if name == "mail" else ()
        local = name.endswith("workstation")
        for profile in ("team", "strict"):
            missing = tuple(code for code in codes if code not in found)
            if not missing:
                return found
            targets = TARGETS.get(name, ("me",))
            with scenario() as running:
                report = running.audit(
                    *targets, select_=missing, profile=profile, opted_in=opted_in, local=local
                )
            undecided = {
                finding.code
                for finding in report.findings
                if finding.result in {"unknown", "errored"}
            }
            for finding in report.findings:
                good = finding.result in {"passed", "attested"}
                if good and finding.code not in undecided:
                    case = Passing(
                        name,
                        str(finding.subject),
                        targets=targets,
                        profile=profile,
                        opted_in=opted_in,
                        local=local,
                    )
                    found.setdefault(finding.code, case)
    return found
