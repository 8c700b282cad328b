"""What a run asks of a registry for many packages, and for the organization beside one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from hardenme.model.depth import Depth
from hardenme.model.report import Report
from hardenme.model.unknown import Unknown
from hardenme.sandbox.npm import scenarios as npm
from hardenme.sandbox.npm.world import Organization, Package, Team, World
from tests.running import NOW, PATIENT, Stage, stage
from tests.worlds import github

pytestmark = pytest.mark.second_tier("counts the requests of whole runs", one_of=8)

A_PACKAGE = {Depth.STANDARD: 4, Depth.DEEP: 5}
"""Requests to npm that a package takes at most where its scope is a target."""
BESIDE = 20
"""Requests to npm for everything else: the account, its tokens, the organization and its teams."""


@contextmanager
def reed_bed(packages: int = 3) -> Iterator[tuple[Stage, World]]:
    registry = npm.scaled_maintainer(NOW, packages=packages, tokens=5)
    token = registry.token("sedge")
    world = github.scaled_maintainer(NOW, repositories=1)
    with stage(world, registry, github.SCALED_TOKEN, token) as running:
        yield running, registry


def asked(running: Stage) -> Counter[str]:
    return Counter(request.path for request in running.npm.requests)


def of_organizations(report: Report) -> dict[tuple[str, str], str]:
    found = [finding for finding in report.findings if finding.code.startswith("NPO")]
    return {(finding.code, str(finding.subject)): finding.result for finding in found}


@pytest.mark.second_tier("takes over half a second")
@pytest.mark.parametrize("depth", [Depth.STANDARD, Depth.DEEP], ids=str)
def test_a_scope_takes_few_requests_a_package(depth: Depth) -> None:
    with reed_bed(60) as (running, registry):
        report = running.audit("npm:@reed-bed", depth=depth, bounds=PATIENT)
        paths = asked(running)
    assert max(paths.values()) == 1, "nothing is asked twice"
    for package in registry.packages:
        name = package.name.replace("/", "%2F")
        about = [path for path in paths if name in re.split("/|@(?=[0-9])", path)]
        assert 2 <= len(about) <= A_PACKAGE[depth]
    assert sum(count for path, count in paths.items() if "stem-" not in path) <= BESIDE
    assert of_organizations(report)["NPO105", "npm:org/reed-bed"] == "passed"


def test_the_organization_of_a_package_is_asked_beside_it_and_not_judged() -> None:
    with reed_bed() as (running, _):
        report = running.audit("npm:@reed-bed/stem-1")
        paths = asked(running)
    assert paths["/-/org/reed-bed/user"] == paths["/-/org/reed-bed/team"] == 1
    assert paths["/-/team/reed-bed/developers/package"] == 1
    assert paths["/-/org/reed-bed/package"] == paths["/-/user/sedge/package"] == 0
    assert not of_organizations(report)
    assert {str(finding.subject) for finding in report.findings if finding.code == "NPP109"} == {
        "npm:package/@reed-bed/stem-1"
    }


def test_a_scope_that_the_account_is_not_in_is_told_apart_from_its_own() -> None:
    with reed_bed() as (running, registry):
        people = [*registry.packages[0].maintainers]
        bark = Package("@elm/bark", registry.packages[0].versions, people, {"sedge": "write"})
        registry.packages.append(bark)
        registry.organizations.append(Organization("elm", {"oak": "owner"}, [Team("developers")]))
        report = running.audit(select_=("NPO",), profile="team")
        paths = asked(running)
    found = of_organizations(report)
    assert found["NPO102", "npm:org/reed-bed"] == "failed"
    assert found["NPO103", "npm:org/reed-bed"] == "passed"
    assert {found[f"NPO{number}", "npm:org/elm"] for number in range(101, 106)} == {"unknown"}
    assert [path for path in paths if "/elm/" in path] == ["/-/org/elm/user"]
    needed: set[Any] = {
        finding.outcome.needed
        for finding in report.findings
        if str(finding.subject) == "npm:org/elm" and isinstance(finding.outcome, Unknown)
    }
    let_in = "an npm session token; or org:read (granular npm token)"
    assert needed == {f"{let_in} of a member of the npm organization elm"}
    assert report.partial == "", "the token is good elsewhere"
