"""An organization that is meant by its ID, and whoever has its login now."""

from __future__ import annotations

import pytest

from hardenme.collectors.github.client import GitHub
from hardenme.collectors.npm.client import Npm
from hardenme.engine.audit import audit
from hardenme.engine.catalogue import select
from hardenme.engine.clients import Clients
from hardenme.engine.plan import plan
from hardenme.engine.progress import Silent
from hardenme.engine.run_config import RunConfig
from hardenme.engine.settle import exit_code
from hardenme.engine.target import Target
from hardenme.ground.exit_code import Exit
from hardenme.model.report import Report
from hardenme.model.secret import Secret
from hardenme.sandbox.github.server import GitHubServer, github_sandbox
from hardenme.sandbox.http import Reply
from tests.collectors.reader import QUICK
from tests.running import NOW
from tests.worlds.github import strict_organization
from tests.worlds.organizations import base


def report_of(server: GitHubServer, number: str, unlisted: str = "") -> Report:
    config = RunConfig(
        (Target.of_organization(base.STRICT, number),),
        plan(select(("GHO106", "GHR104"), ())),
        unlisted=unlisted,
    )
    client = GitHub.connect(server.url, Secret(base.STRICT_CLASSIC), bounds=QUICK)
    return audit(config, Clients(client, Npm.connect(server.url, None, bounds=QUICK)), Silent())


def number_of(server: GitHubServer) -> str:
    organization = server.world.organization(base.STRICT)
    assert organization is not None
    return str(organization.id)


def test_the_organization_that_is_meant_is_looked_at() -> None:
    with github_sandbox(strict_organization(NOW)) as server:
        report = report_of(server, number_of(server))
    assert {one.result for one in report.findings if one.code == "GHO106"} == {"passed"}
    assert any(one.subject.kind == "repo" for one in report.findings)


def test_another_account_under_the_login_is_never_looked_at() -> None:
    with github_sandbox(strict_organization(NOW)) as server:
        report = report_of(server, "99")
        asked = [request.path for request in server.requests]
    assert {one.result for one in report.findings} == {"unknown"}
    assert {"GHO106", "GHR104"} >= {one.code for one in report.findings} >= {"GHO106"}
    assert exit_code(report) is Exit.UNKNOWN
    assert sorted(asked) == ["/user", f"/users/{base.STRICT}"]
    assert "ID 99" in str(report.findings[0].outcome)


@pytest.mark.parametrize(
    "reply",
    [
        Reply(404, {"message": "Not Found"}),
        Reply(200, {"login": base.STRICT, "type": "Organization"}),
        Reply(200, {"login": base.STRICT, "type": "User", "id": 3302}),
        Reply(500, {}),
    ],
    ids=["gone", "no id", "a person", "no answer"],
)
def test_what_does_not_show_the_id_is_not_looked_at(reply: Reply) -> None:
    with github_sandbox(strict_organization(NOW)) as server:
        server.fault(f"/users/{base.STRICT}", edit=lambda *_: reply)
        report = report_of(server, number_of(server))
        asked = [request.path for request in server.requests]
    assert {one.result for one in report.findings} == {"unknown"}
    assert exit_code(report) is Exit.UNKNOWN
    assert not [path for path in asked if path.startswith(("/orgs", "/repos", "/graphql"))]


def test_a_run_whose_targets_may_not_be_all_is_not_whole() -> None:
    with github_sandbox(strict_organization(NOW)) as server:
        report = report_of(server, number_of(server), "not every organization was listed")
    assert report.partial == "not every organization was listed"
    assert exit_code(report) is Exit.UNKNOWN
