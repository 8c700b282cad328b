"""Trusted publishers, the repositories that they and packages name, and the queue."""

from __future__ import annotations

import shlex
from typing import Any

import pytest

from hardenme.facts.github.named import GONE, OWNER_GONE, RENAMED
from hardenme.facts.npm.publishing import TrustedPublisher
from hardenme.model.severity import Severity
from hardenme.model.subject import Subject
from hardenme.model.unknown import NotKnownError, Unknown
from hardenme.model.verdict import Failed, Fix, NotApplicable, Passed
from hardenme_checks.npm.publisher import (
    package_trusted_publisher,
    trusted_publisher_environment,
    trusted_publisher_needed,
    trusted_publisher_stages,
    trusted_publisher_workflow,
)
from hardenme_checks.npm.queue import package_stage_queue_known
from hardenme_checks.npm.repository import (
    package_repository_matches,
    trusted_publisher_repository,
)
from tests.factories.github import repository
from tests.factories.github_repository import environment
from tests.factories.given import LOST, MISSING, NOW, TEAM, ago, every
from tests.factories.npm import PACKAGE, newest_release, npm_account, package, weekly_downloads
from tests.factories.npm_organization import past_release, release_history
from tests.factories.npm_paths import (
    HOME,
    collaborators,
    package_repository,
    release_workflow,
    route,
    trusted_publisher,
)
from tests.factories.npm_publishing import named_repository, staged_version

FEW, MANY = weekly_downloads(), weekly_downloads(weekly=2_000_000)
REVOKE = f"npm trust revoke --id=7d3c2b1a-0000-4000-8000-000000000001 {PACKAGE}"
OTHER = "7d3c2b1a-0000-4000-8000-000000000002"
NEXT_TO = (
    "npm trust github @hazel-grove/catkin --repo=hazel/catkin --file=release.yml"
    " --env=release-staged --allow-stage-publish"
)


def failed(verdict: Any, severity: Severity) -> Failed:
    assert isinstance(verdict, Failed)
    assert verdict.severity is severity
    assert shlex.split(verdict.fix.command) or verdict.fix.page
    return verdict


def has_publisher(*found: TrustedPublisher, **how: Any) -> Any:
    return package_trusted_publisher(
        how.get("release", newest_release()),
        every(*found, missing=how.get("missing")),
        how.get("source", package_repository()),
        how.get("downloads", FEW),
        NOW,
        TEAM,
    )


def test_a_package_has_a_publisher() -> None:
    assert isinstance(has_publisher(trusted_publisher()), Passed)
    verdict = failed(has_publisher(), Severity.HIGH)
    assert verdict.fix.command == (
        "npm trust github @hazel-grove/catkin --repo=hazel/catkin --file=release.yml --env=npm"
        " --allow-stage-publish"
    )
    assert failed(has_publisher(downloads=MANY), Severity.CRITICAL)
    for source in (LOST, package_repository(repository=MISSING), package_repository(repository="")):
        assert failed(has_publisher(source=source), Severity.HIGH).fix.command == ""
    old = newest_release(published_at=ago(366))
    assert isinstance(has_publisher(release=old, missing=LOST), NotApplicable)
    for facts in ({"missing": LOST}, {"release": newest_release(published_at=MISSING)}):
        with pytest.raises(NotKnownError):
            has_publisher(trusted_publisher(), **facts)


def staged(one: Any, downloads: Any) -> Any:
    return trusted_publisher_stages(one, LOST, LOST, named_repository(), downloads, TEAM)


def all_fixes(publisher: TrustedPublisher, standing: Any, *environments: Any) -> list[Fix]:
    """The fixes of all checks of a publisher that fail, where its repository stands like that."""
    files, there = every(release_workflow(file="publish.yml")), every(*environments)
    verdicts = (
        trusted_publisher_stages(publisher, files, there, standing, FEW, TEAM),
        trusted_publisher_environment(publisher, there, files, LOST, standing, FEW, TEAM),
        trusted_publisher_workflow(publisher, files, there, standing, FEW, TEAM),
        trusted_publisher_repository(
            publisher, standing, package_repository(), files, there, FEW, TEAM
        ),
    )
    return [one.fix for one in verdicts if isinstance(one, Failed)]


LOOSE = trusted_publisher(may_publish=True, environment=None, workflow="")


@pytest.mark.parametrize("state", [GONE, OWNER_GONE])
def test_no_fix_trusts_the_name_of_a_repository_that_is_gone(state: str) -> None:
    found = all_fixes(LOOSE, named_repository(state))
    assert len(found) == 4
    assert len(set(found)) == 1
    assert found[0].command == REVOKE
    assert "npm trust github" not in found[0].step
    # Nothing follows from what is not known.
    assert all("npm trust github" in fix.command for fix in all_fixes(LOOSE, LOST))


def test_every_fix_trusts_a_renamed_repository_by_its_present_name() -> None:
    """It is not gone: what releases there only has to be trusted anew."""
    found = all_fixes(LOOSE, named_repository(RENAMED, "hazel/tassel"), environment("release"))
    assert len(found) == 4
    assert len(set(found)) == 1
    remove, add = found[0].command.split(" && ")
    assert remove == REVOKE
    assert add == (
        "npm trust github @hazel-grove/catkin --repo=hazel/tassel --file=publish.yml --env=release"
        " --allow-stage-publish"
    )


@pytest.mark.parametrize("environments", [(), ("release",), ("docs", "npm-publish", "prod")])
@pytest.mark.parametrize("workflow", ["", "publish.yml"])
@pytest.mark.parametrize("environment_", [None, "release"])
def test_what_is_said_of_a_publisher_names_one_place(
    environments: tuple[str, ...], workflow: str, environment_: str | None
) -> None:
    """Each check, and the plan of the package, print the same command for the same change."""
    publisher = trusted_publisher(may_publish=True, environment=environment_, workflow=workflow)
    there = [environment(name) for name in environments]
    files = every(release_workflow(file="publish.yml"))
    planned = route(publisher, environments=every(*there), workflows=files).steps
    commands = {
        command
        for command in (
            *(fix.command for fix in all_fixes(publisher, named_repository(), *there)),
            *(one.fix.command for one in planned),
        )
        if command.startswith("npm trust github ")
    }
    assert len(commands) == 1, commands


def test_a_publisher_stages() -> None:
    assert isinstance(staged(trusted_publisher(), FEW), Passed)
    both = trusted_publisher(may_publish=True)
    verdict = failed(staged(both, FEW), Severity.MEDIUM)
    assert verdict.fix.command == NEXT_TO
    assert verdict.fix.step.endswith(
        f"After a release through the new one was seen, remove the old one: `{REVOKE}`"
    )
    assert failed(staged(both, MANY), Severity.HIGH)
    with pytest.raises(NotKnownError):
        staged(trusted_publisher(may_publish=MISSING), FEW)


def test_what_undoes_a_removal_sets_up_what_was_there() -> None:
    again = trusted_publisher(may_publish=True).set_up_again
    command = again.removeprefix("Set it up again: `").removesuffix("`")
    assert command.startswith("npm trust github ")
    words = shlex.split(command)
    assert {f"--repo={HOME}", "--allow-publish", "--allow-stage-publish"} <= {*words}
    bound = trusted_publisher(environment="a b", may_stage=False, may_publish=True)
    assert "'--env=a b'" in bound.set_up_again
    assert "stage" not in bound.set_up_again
    assert "--env" not in trusted_publisher(environment=None).set_up_again
    lacking: list[dict[str, Any]] = [{"workflow": ""}, {"provider": "gitlab", "repository": ""}]
    for values in (*lacking, {"may_stage": MISSING}):
        text = trusted_publisher(**values).set_up_again
        assert text.startswith("Set it up again on the same page, ")
        assert "npm trust" not in text
        assert "environment release" in text


def test_a_fix_is_made_of_what_is_known() -> None:
    lacking = trusted_publisher(may_publish=True, repository=MISSING, workflow="", environment=None)
    command = failed(staged(lacking, FEW), Severity.MEDIUM).fix.command
    assert command == ""
    lacking = trusted_publisher(may_publish=True, workflow="", environment=None)
    command = failed(staged(lacking, FEW), Severity.MEDIUM).fix.command
    assert command.endswith("--file=release.yml --env=npm --allow-stage-publish")
    elsewhere = trusted_publisher(may_publish=True, provider="gitlab", repository="")
    fix = failed(staged(elsewhere, FEW), Severity.MEDIUM).fix
    assert (fix.command, fix.step.endswith(f"`{REVOKE}`")) == ("", True)
    hostile = trusted_publisher(may_publish=True, workflow="a;b.yml", environment="$(x)")
    command = failed(staged(hostile, FEW), Severity.MEDIUM).fix.command
    assert "'--file=a;b.yml' '--env=$(x)-staged'" in command


def bound(*found: Any, missing: Unknown | None = None, where: Any = None, **fields: Any) -> Any:
    return trusted_publisher_environment(
        trusted_publisher(**fields),
        every(*found, missing=missing),
        LOST,
        where or repository(),
        named_repository(),
        FEW,
        TEAM,
    )


def test_a_publisher_is_bound_to_an_environment() -> None:
    assert isinstance(bound(environment("other"), environment("Release")), Passed)
    for name, wanted in (("docs", "npm"), ("release", "release")):
        none = failed(bound(environment(name), environment=None), Severity.MEDIUM)
        assert none.fix.command.endswith(f"--env={wanted} --allow-stage-publish")
        assert ("Give the environment release reviewers" in none.fix.step) is (name == "release")
    gone = failed(bound(environment("other")), Severity.MEDIUM)
    assert gone.fix.page == "https://github.com/hazel/catkin/settings/environments"
    assert "does not exist" in gone.message
    assert failed(bound(where=LOST), Severity.MEDIUM).fix.command == NEXT_TO
    assert isinstance(bound(provider="circleci", environment=None), NotApplicable)
    with pytest.raises(NotKnownError):
        bound(environment("other"), missing=LOST)
    with pytest.raises(NotKnownError):
        bound(provider="gitlab", missing=LOST)


def runs(*found: Any, missing: Unknown | None = None, **fields: Any) -> Any:
    publisher = trusted_publisher(**fields)
    files = every(*found, missing=missing)
    return trusted_publisher_workflow(publisher, files, LOST, LOST, FEW, TEAM)


def test_a_publisher_names_a_workflow_that_exists() -> None:
    assert isinstance(runs(release_workflow(), missing=LOST), Passed)
    assert failed(runs(release_workflow(file="test.yml")), Severity.HIGH).fix.command == REVOKE
    assert "every workflow" in failed(runs(release_workflow(), workflow=""), Severity.HIGH).message
    assert isinstance(runs(provider="circleci", workflow=""), NotApplicable)
    with pytest.raises(NotKnownError):
        runs(release_workflow(file="test.yml"), missing=LOST)
    with pytest.raises(NotKnownError):
        runs(release_workflow(), workflow=MISSING)


def stands(standing: Any = None, source: Any = None, downloads: Any = FEW, **fields: Any) -> Any:
    return trusted_publisher_repository(
        trusted_publisher(**fields),
        standing or named_repository(),
        source or package_repository(),
        LOST,
        LOST,
        downloads,
        TEAM,
    )


@pytest.mark.parametrize(
    ("state", "current", "severity"),
    [
        (OWNER_GONE, "", Severity.CRITICAL),
        (GONE, "", Severity.CRITICAL),
        (RENAMED, "rowan/catkin", Severity.CRITICAL),
        (RENAMED, "Hazel/willow", Severity.HIGH),
        ("something new", "", Severity.CRITICAL),
    ],
)
def test_a_name_that_can_be_taken(state: str, current: str, severity: Severity) -> None:
    verdict = failed(stands(named_repository(state, current), LOST), severity)
    again = f" && npm trust github {PACKAGE} --repo={current}"
    assert (again in verdict.fix.command) is (state == RENAMED)
    assert verdict.fix.command.startswith("npm trust revoke --id=")


def test_a_publisher_names_the_packages_repository() -> None:
    assert isinstance(stands(), Passed)
    assert isinstance(stands(source=package_repository(repository="Hazel/Catkin")), Passed)
    other = package_repository(named="github:rowan/x", repository="rowan/x")
    verdict = failed(stands(LOST, other), Severity.HIGH)
    assert verdict.fix.command == (
        f"npm trust github {PACKAGE} --repo=rowan/x --file=release.yml --env=release"
        " --allow-stage-publish"
    )
    assert failed(stands(source=other, downloads=MANY), Severity.CRITICAL)
    nameless = failed(stands(source=package_repository(named="", repository="")), Severity.MEDIUM)
    assert nameless.fix.command == "npm pkg set repository=github:hazel/catkin"
    assert stands(source=LOST) is LOST
    assert stands(LOST) is LOST
    assert isinstance(stands(provider="gitlab", repository=""), NotApplicable)
    for lacking in ({"repository": MISSING}, {"standing": named_repository(MISSING)}):
        with pytest.raises(NotKnownError):
            stands(**lacking)


def matches(**how: Any) -> Any:
    return package_repository_matches(
        how.get("source", package_repository()),
        how.get("standing", named_repository()),
        how.get("where", repository()),
        how.get("account", npm_account()),
        how.get("of", package()),
        FEW,
        TEAM,
    )


def test_a_package_names_a_repository_of_its_maintainer() -> None:
    assert isinstance(matches(), Passed)
    for named in ("", "lamp"):
        source = package_repository(named=named, repository="")
        assert failed(matches(source=source, where=LOST), Severity.MEDIUM)
    away = package_repository(named="https://gitlab.com/hazel/lamp", repository="")
    assert isinstance(matches(source=away), NotApplicable)
    for state in (OWNER_GONE, GONE, RENAMED):
        assert failed(matches(standing=named_repository(state), where=LOST), Severity.MEDIUM)
    assert matches(where=LOST) is LOST
    assert matches(standing=LOST) is LOST
    foreign = repository(viewer_is_admin=False)
    assert failed(matches(where=foreign), Severity.MEDIUM)
    assert matches(where=foreign, account=LOST) is LOST
    assert matches(where=foreign, of=LOST) is LOST
    assert isinstance(matches(where=foreign, account=npm_account(name="wren")), NotApplicable)
    with pytest.raises(NotKnownError):
        matches(where=repository(viewer_is_admin=MISSING))


def needed(*used: Any, found: tuple[TrustedPublisher, ...], missing: Any = None) -> Any:
    releases = [
        past_release(f"1.{number}.0", ago(days), trusted_publisher=name)
        for number, (days, name) in enumerate(used)
    ]
    history = release_history(*releases)
    return trusted_publisher_needed(history, every(*found, missing=missing), FEW, NOW, TEAM)


ONE, TWO = trusted_publisher(), trusted_publisher(OTHER)


def test_each_publisher_is_used() -> None:
    assert isinstance(needed(found=()), NotApplicable)
    assert isinstance(needed(found=(ONE,)), Passed)
    by_each = ((3, f"oidc:{ONE.publisher_id}"), (90, OTHER))
    assert isinstance(needed(*by_each, found=(ONE, TWO)), Passed)
    one = failed(needed(by_each[0], (400, OTHER), found=(ONE, TWO)), Severity.MEDIUM)
    assert one.fix.command == f"npm trust revoke --id={OTHER} {PACKAGE}"
    none = failed(needed((3, ""), found=(ONE, TWO)), Severity.MEDIUM)
    assert none.fix.command == f"npm trust list {PACKAGE}"
    strange = failed(needed((3, "oidc:x"), found=(ONE, TWO)), Severity.MEDIUM)
    assert strange.fix.command == f"npm trust list {PACKAGE}"
    assert isinstance(needed((3, "github"), found=(ONE, TWO)), NotApplicable)
    with pytest.raises(NotKnownError):
        needed(*by_each, found=(ONE, TWO), missing=LOST)
    with pytest.raises(NotKnownError):
        needed((3, MISSING), found=(ONE, TWO))


def waits(staged: Any = None, **how: Any) -> Any:
    return package_stage_queue_known(
        staged or staged_version(),
        how.get("of", package()),
        how.get("writers", collaborators("hazel")),
        how.get("publishers", every(trusted_publisher())),
        how.get("downloads", FEW),
        NOW,
        TEAM,
    )


def test_what_waits_was_handed_in_by_somebody_known() -> None:
    assert isinstance(waits(), Passed)
    stranger = staged_version(actor="nettle")
    verdict = failed(waits(stranger), Severity.HIGH)
    assert verdict.fix.command == f"npm stage reject {stranger.stage_id}"
    assert failed(waits(stranger, downloads=MANY), Severity.CRITICAL)
    assert waits(stranger, writers=LOST) is LOST
    assert isinstance(waits(writers=LOST), Passed)
    assert waits(writers=LOST, of=LOST) is LOST
    with pytest.raises(NotKnownError):
        waits(staged_version(actor=MISSING))


def test_what_waits_was_handed_in_by_a_workflow_that_is_trusted() -> None:
    machine = staged_version(actor="GitHub Actions", automated=True)
    assert isinstance(waits(machine, writers=LOST, of=LOST), Passed)
    assert failed(waits(machine, publishers=every()), Severity.HIGH)
    only = every(trusted_publisher(may_stage=False))
    assert failed(waits(machine, publishers=only), Severity.HIGH)
    with pytest.raises(NotKnownError):
        waits(machine, publishers=every(missing=LOST))


def test_what_waits_for_long() -> None:
    assert isinstance(waits(staged_version(created_at=ago(7))), Passed)
    verdict = failed(waits(staged_version(created_at=ago(8)), downloads=MANY), Severity.LOW)
    assert "8 days" in verdict.message
    stranger = staged_version(actor="nettle", created_at=ago(8))
    assert failed(waits(stranger), Severity.HIGH), "who it is weighs more"
    with pytest.raises(NotKnownError):
        waits(staged_version(created_at=MISSING))


def test_the_pages_are_npms() -> None:
    assert waits(staged_version(actor="x")).fix.page == "https://www.npmjs.com/staged-packages"
    subject = Subject("npm", "package", PACKAGE)
    page = failed(has_publisher(release=newest_release(subject=subject)), Severity.HIGH).fix.page
    assert page == "https://www.npmjs.com/package/@hazel-grove/catkin/access"
