"""Where each check fails: the weak maintainer, and what is wrong elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import cache, partial
from unittest import mock

from hardenme.collectors.mail.client import MailLookups
from hardenme.facts.mail import OPT_IN
from hardenme.model.finding import Finding
from hardenme.model.report import Report
from hardenme.model.statement import Word
from hardenme.sandbox.github.world import RepositorySecret, VulnerabilityAlert
from hardenme.sandbox.npm import scenarios as npm
from hardenme.sandbox.npm.granular import Mint
from tests.attended import AtHand
from tests.collectors.name_server import NameServer
from tests.factories.statements import no_tokens
from tests.running import NOW, PATIENT, QUICK, Stage, stage
from tests.watched_reads import READS
from tests.workstations import careless as careless_workstation
from tests.worlds import github
from tests.worlds.weak_workflows import FROM_BRANCHES, workflow_text


@contextmanager
def weak(token: str = github.WEAK_TOKEN) -> Iterator[Stage]:
    """The maintainer with typical weaknesses, who is at hand."""
    registry = npm.weak_maintainer(NOW)
    with (
        stage(github.weak_maintainer(NOW), registry, token, registry.token("mallow")) as found,
        mock.patch("hardenme_checks.publishing.REGISTRY", found.npm.url),
    ):
        packages = [package.name for package in registry.packages]
        stated = partial(no_tokens, "mallow", packages=packages, answer=Word.NO)
        found.others = lambda: {"attested": stated(found.npm.url)}
        found.person = AtHand()
        yield found


@contextmanager
def weak_narrow() -> Iterator[Stage]:
    """The same with a classic token of three reading scopes."""
    with weak(github.WEAK_NARROW) as found:
        yield found


@contextmanager
def weak_fine_grained() -> Iterator[Stage]:
    """The same with a fine-grained token."""
    with weak(github.WEAK_FINE_GRAINED) as found:
        yield found


@contextmanager
def careless() -> Iterator[Stage]:
    """What the weak maintainer still has in order is wrong: factors, keys, a cache, the token.

    A dependency is malware, npm blocked what was released, the domains of all addresses have
    lapsed, and the registry holds a token of the old shape.
    """
    world = github.hardened_maintainer(NOW)
    for user in world.users:
        user.two_factor = "insecure"
        user.gpg_keys.clear()
        user.ssh_signing_keys.clear()
    for repository in world.repositories:
        if repository.owner != "hazel":
            repository.visibility = "private"
        else:
            repository.files[".github/workflows/answer.yml"] = workflow_text("GHW209")
            repository.files[".github/workflows/next.yml"] = FROM_BRANCHES.encode()
        taken = VulnerabilityAlert(7, "sandglass", NOW, classification="malware")
        repository.vulnerability_alerts.append(taken)
    token = next(item for item in world.tokens if item.value == github.HARDENED_CLASSIC)
    token.expires_at = NOW + timedelta(days=5)
    token.scopes |= {"repo", "user", "read:org"}
    registry = npm.weak_maintainer(NOW)
    for person in registry.users:
        person.tfa = None
    for package in registry.packages:
        package.versions[-1].status = "blocked"
    shape = frozenset({"permissions", "scopes", "expiry", "bypass_2fa"})
    registry.tokens.append(
        replace(registry.tokens[0], key="00000000-0000-4000-8000-000000000000", absent=shape)
    )
    with (
        stage(world, registry, token.value, registry.token("mallow")) as found,
        NameServer({}) as names,
        mock.patch("hardenme_checks.npm.token.REGISTRY", found.npm.url),
        mock.patch("hardenme_checks.npm.token_rights.REGISTRY", found.npm.url),
    ):
        bootstrap = f"{found.npm.url}/dns.json"
        found.others = lambda: {"mail": MailLookups.by(names.resolver(), bootstrap, QUICK)}
        yield found


BY_TOKEN = b"""\
on:
  push:
    tags: ['v*']
permissions:
  contents: read
jobs:
  release:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/setup-node@a0853c24544627f65ddf259abe73b1d18a591444 # v5.0.0
        with:
          node-version: 24
      - run: npm publish
        env:
          NODE_AUTH_TOKEN: ${{ secrets.NPM_TOKEN }}
"""


@contextmanager
def ending() -> Iterator[Stage]:
    """A package that only one token publishes, which expires in ten days."""
    world, registry = github.hardened_maintainer(NOW), npm.hardened_maintainer(NOW)
    package = next(one for one in registry.packages if one.name.endswith("/lantern"))
    home = next(one for one in world.repositories if one.name == "lantern")
    home.files[".github/workflows/release.yml"] = BY_TOKEN
    home.secrets.append(RepositorySecret("NPM_TOKEN", NOW, NOW))
    hazel = package.maintainers[0]
    package.publishers.clear()
    package.collaborators = {"hazel": "write"}
    package.maintainers = [hazel]
    last = package.versions[-1]
    package.versions[-1] = replace(
        last, publisher=hazel, trusted_publisher=None, approver=None, provenance=None
    )
    mint = Mint("hazel", NOW, registry.tokens, registry.credentials)
    named = (("package", package.name),)
    write = (("package", "write"),)
    mint.token("releases", permissions=write, scopes=named, age=90, left=10, bypass=True)
    for person in registry.users:
        person.tfa = None
    with stage(world, registry, github.HARDENED_CLASSIC, registry.token("hazel")) as found:
        names = [one.name for one in registry.packages]
        stated = partial(no_tokens, "hazel", packages=names, answer=Word.NO)
        found.others = lambda: {"attested": stated(found.npm.url)}
        found.person = AtHand()
        yield found


@contextmanager
def signed_out() -> Iterator[Stage]:
    """A token that an organization's single sign-on keeps out."""
    world = github.hardened_maintainer(NOW)
    registry = npm.hardened_maintainer(NOW)
    token = next(item for item in world.tokens if item.value == github.HARDENED_CLASSIC)
    token.scopes |= {"user", "read:org"}
    token.sso_blocked = frozenset(item.login for item in world.organizations)
    with stage(world, registry, token.value) as found:
        yield found


@contextmanager
def weak_organization(token: str = github.WEAK_ORG_TOKEN) -> Iterator[Stage]:
    """An organization that left everything open, with its owner's classic token."""
    with stage(github.weak_organization(NOW), npm.weak_maintainer(NOW), token) as found:
        yield found


@contextmanager
def weak_organization_app() -> Iterator[Stage]:
    """The same with the token of a GitHub App's installation."""
    with weak_organization(github.WEAK_ORG_APP) as found:
        yield found


ORGANIZATIONS = (weak_organization, weak_organization_app)
SCENARIOS: tuple[Callable[[], AbstractContextManager[Stage]], ...] = (
    weak,
    weak_narrow,
    weak_fine_grained,
    careless,
    ending,
    signed_out,
    careless_workstation,
    *ORGANIZATIONS,
)


def _reports() -> Iterator[Report]:
    """What a run says of each scenario, with the strict limits; the same on any day."""
    for scenario in SCENARIOS:
        with scenario() as running:
            others = running.others()
            yield running.audit(
                *(("github:bramble-labs",) if scenario in ORGANIZATIONS else ("me",)),
                profile="strict",
                bounds=PATIENT,
                opted_in=(OPT_IN,) if "mail" in others else (),
                local="local" in others,
            )


@cache
def failing_findings() -> dict[str, Finding]:
    """The first failure of each check, found by running every scenario.

    What is read in them, `READS` knows from then on.
    """
    return READS.shared("failing findings", _found)


def _found() -> dict[str, Finding]:
    found: dict[str, Finding] = {}
    for report in _reports():
        for finding in report.findings:
            if finding.result == "failed":
                found.setdefault(finding.code, finding)
    return found
