"""Who can publish, over sockets: what both sandboxes tell, put together by a real run."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hardenme.model.finding import Finding
from hardenme.model.publishing import BlastRadius, PackagePaths, PublishPath, State
from hardenme.model.report import Report
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Failed
from hardenme.model.way import Way
from hardenme.sandbox.http import Fault
from hardenme.sandbox.npm import scenarios as npm
from tests.attended import AtHand
from tests.factories.statements import no_tokens
from tests.failing import weak
from tests.passing import classic
from tests.running import NOW, stage
from tests.worlds import github
from tests.worlds.incidents import INCIDENTS

pytestmark = pytest.mark.second_tier("whole runs of the engine", one_of=8)

LANTERN = "@hazel-grove/lantern"


def closed(report: Report, name: str) -> Finding:
    return next(
        item for item in report.findings if (item.code, item.subject.name) == ("PUB101", name)
    )


def told(report: Report, name: str = LANTERN) -> PackagePaths:
    assert report.publishing is not None
    return next(item for item in report.publishing.packages if item.package == name)


def ways(package: PackagePaths, way: Way) -> list[PublishPath]:
    return [path for path in package.paths if path.way is way]


@pytest.mark.parametrize("target", ["me", f"npm:{LANTERN}", "npm:@hazel-grove"])
def test_whatever_is_asked_for_a_closed_path_is_attested(target: str) -> None:
    with classic() as running:
        report = running.audit(target, select_=("PUB101",))
    assert closed(report, LANTERN).result == "attested"
    package = told(report)
    assert (package.steps, package.unread, package.weekly) == ((), (), 4_200)
    (publisher,) = ways(package, Way.PUBLISHER)
    assert publisher.intended
    assert [hop.name for hop in publisher.hops] == [
        *("hazel/lantern", "release.yml", "release", "2FA")
    ]


@pytest.mark.parametrize(
    ("lost", "leg"),
    [
        (r"/-/npm/v1/tokens.*", "whether tokens publish"),
        (r".*/trust", "whether the trusted publishers of"),
        (r"/graphql", "whether the trusted publishers of"),
    ],
)
def test_a_leg_that_was_not_read_is_named(lost: str, leg: str) -> None:
    with classic() as running:
        for server in running.servers:
            server.faults.append(Fault(lost, hang_up=True))
        outcome = closed(running.audit("me", select_=("PUB101",)), LANTERN).outcome
    assert isinstance(outcome, Unknown)
    assert leg in outcome.needed


def test_without_a_person_or_a_statement_nothing_is_passed() -> None:
    with classic() as running:
        running.person = None
        alone = running.audit("me", select_=("PUB101",))
        running.person, running.others = AtHand(), dict
        unsaid = running.audit("me", select_=("PUB101",))
    for report, leg in ((alone, "trusted publishers"), (unsaid, "whether tokens publish")):
        outcome = closed(report, LANTERN).outcome
        assert isinstance(outcome, Unknown)
        assert leg in outcome.needed
    assert "hardenme attest NPP106" in " ".join(told(unsaid).unread)


def test_a_weak_maintainer_sees_each_path_and_what_closes_it() -> None:
    with weak() as running:
        report = running.audit("me", select_=("PUB",))
    ladle = told(report, "@acorn-labs/ladle")
    states = {path.name: path.state for path in ladle.paths}
    assert states["acorn-labs:developers"] is State.OPEN
    assert states["release.yml of mallow/ladle"] is State.OPEN
    assert states["NPM_TOKEN in mallow/ladle"] is State.UNKNOWN
    assert len(ways(ladle, Way.TOKEN)) == 7
    phases = [step.key.partition("/")[0] for step in ladle.steps]
    assert phases == ["trust", "factor", "team", "access", "publisher", *["token"] * 5]
    outcome = closed(report, "@acorn-labs/ladle").outcome
    assert isinstance(outcome, Failed)
    assert outcome.message.startswith("as at axios")
    assert report.publishing is not None
    widest = next(item for item in report.publishing.reaches if item.way is Way.TOKEN)
    assert (len(widest.packages), widest.weekly, widest.at_least) == (5, 1_280_040, False)


def test_what_reaches_beyond_the_packages_that_were_asked_for_is_a_least() -> None:
    with weak() as running:
        report = running.audit("npm:@acorn-labs/ladle", select_=("PUB101",))
    assert report.publishing is not None
    found: dict[str, BlastRadius] = {item.name[:10]: item for item in report.publishing.reaches}
    assert found["deploy-all"].at_least
    assert not found["ci-ladle ("].at_least
    assert [item.package for item in report.publishing.packages] == ["@acorn-labs/ladle"]


def test_where_no_package_was_asked_for_nothing_is_told() -> None:
    with classic() as running:
        assert running.audit("github:hazel/lantern", select_=("PUB", "GHR101")).publishing is None
        assert running.audit("me", select_=("NPP109",)).publishing is None


@pytest.mark.parametrize(
    ("name", "shape"), [("axios", "as at axios"), ("tanstack", "as at TanStack")]
)
def test_the_shape_of_an_incident_shows_before_it_happens(name: str, shape: str) -> None:
    incident = INCIDENTS[name]
    world, registry = incident.github(incident.calm_at), incident.npm(incident.calm_at)
    with stage(world, registry, incident.github_token, incident.session) as running:
        running.person = AtHand()
        package = incident.packages[0]
        report = running.audit(f"npm:{package}", select_=("PUB101",))
    outcome = closed(report, package).outcome
    assert isinstance(outcome, Failed)
    assert shape in outcome.message


def test_the_steps_leave_the_intended_path_alone() -> None:
    """What the steps say, done in the sandbox, is what the next run finds."""
    registry = npm.hardened_maintainer(NOW)
    registry.packages[0] = replace(
        registry.packages[0],
        publishers=[
            replace(publisher, permissions=("createPackage", "createStagedPackage"))
            for publisher in registry.packages[0].publishers
        ],
    )
    world = github.hardened_maintainer(NOW)
    for repository in world.repositories:
        for environment in repository.environments:
            environment.reviewers.clear()
    names = [package.name for package in registry.packages]
    with stage(world, registry, github.HARDENED_CLASSIC, registry.token("hazel")) as running:
        running.person = AtHand()
        running.others = lambda: {"attested": no_tokens("hazel", running.npm.url, names)}
        before = running.audit(f"npm:{LANTERN}", select_=("PUB101",))
        assert isinstance(closed(before, LANTERN).outcome, Failed)
        # npm takes no second publisher with the same claims, so the new one has an environment.
        steps = told(before).steps
        assert [one.key.partition("/")[0] for one in steps] == ["environment", "trust", "publisher"]
        assert "--env=release-staged" in steps[1].fix.command
        assert steps[2].fix.command.startswith("npm trust revoke --id=")
        home = next(one for one in world.repositories if one.name == "lantern")
        home.environments.append(replace(home.environments[0], id=99, name="release-staged"))
        (publisher,) = registry.packages[0].publishers
        publisher.claims = {**publisher.claims, "environment": "release-staged"}
        publisher.permissions = ("createStagedPackage",)
        after = running.audit(f"npm:{LANTERN}", select_=("PUB101",))
    assert closed(after, LANTERN).result == "attested"
    assert told(after).steps == ()
