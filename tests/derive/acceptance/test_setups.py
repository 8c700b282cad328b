"""Whole set-ups, from the text of their workflows: broken ones are named, working ones pass."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from hardenme.derive.acceptance.ways import by_publisher, by_secret
from hardenme.facts.github.release_job import ReleaseWorkflow
from hardenme.model.acceptance import AcceptanceState, ReleaseWay
from hardenme.model.npm_address import REGISTRY
from hardenme.workflows.reading import release_fields
from hardenme.workflows.source import WorkflowSource, source
from tests.factories.acceptance import actions, attempt, manifest, release_workflow, token_attempt
from tests.factories.github import repository
from tests.factories.github_repository import environment, guards, workflow_secret
from tests.factories.github_tags import newest_tags
from tests.factories.given import every
from tests.factories.npm_paths import trusted_publisher
from tests.factories.npm_publishing import named_repository

HEAD = "on: {push: {tags: ['v*']}}\n"
GRANT = "permissions: {contents: read, id-token: write}\n"
NODE = "{uses: actions/setup-node@v7, with: {node-version: %s, registry-url: %s}}"

FILES = ("release.yml", "publish.yml")


def job(run: str = "npm publish", *, node: str = "24", more: str = "", before: str = "") -> str:
    """One job that publishes."""
    steps = [NODE % (node, REGISTRY), *([before] if before else []), f"{{run: {run!r}}}"]
    listed = ", ".join(steps)
    return f"  publish:\n    runs-on: ubuntu-latest\n{more}    steps: [{listed}]\n"


def flow(*parts: str, head: str = HEAD, grant: str = GRANT) -> str:
    """A workflow of such jobs."""
    return head + grant + "jobs:\n" + "".join(parts or (job(),))


@dataclass(frozen=True)
class Setup:
    """What a maintainer has set up.

    Attributes:
        release: the text of `release.yml`.
        row: the cause that refuses it; empty where nothing does.
        publish: the text of `publish.yml`; empty for none.
        publisher: what the trusted publisher has else than usual.
        parts: what else differs.
        by_token: a token in a secret releases.
    """

    release: str
    row: str = ""
    publish: str = ""
    publisher: dict[str, Any] = field(default_factory=dict)
    parts: dict[str, Any] = field(default_factory=dict)
    by_token: bool = False


def workflows(setup: Setup) -> tuple[ReleaseWorkflow, ...]:
    """The files, read as a run reads them."""
    texts = dict(zip(FILES, (setup.release, setup.publish), strict=True))
    files: dict[str, WorkflowSource] = {
        name: source(name, text) for name, text in texts.items() if text
    }
    made = []
    for name, file in files.items():
        found = release_fields(file, dict(files))
        assert isinstance(found, dict), found
        made.append(release_workflow(file=name, **found))
    return tuple(made)


def seen(setup: Setup) -> ReleaseWay:
    found = workflows(setup)
    given = {"workflows": every(*found), **setup.parts}
    if setup.by_token:
        (way,) = by_secret(token_attempt(**given))
        return way
    usual = {"environment": None, "may_publish": True}
    publisher = trusted_publisher(**{**usual, **setup.publisher})
    return by_publisher(attempt(**{"publishers": every(publisher), **given}), publisher)


CALLED = flow(head="on: {workflow_call: }\n", grant="")
CALL = "  call:\n    uses: ./.github/workflows/publish.yml\n"
GRANTED = "    permissions: {id-token: write, contents: read}\n"
ENVIRONMENT = "    environment: release\n"
ADMITTED = {"environments": every(environment()), "guards": every(guards())}
BROKEN = {
    "a job's permissions replace those of the workflow": Setup(
        flow(job(more="    permissions: {contents: read}\n")), "J3"
    ),
    "nothing grants the identity token": Setup(flow(grant=""), "J3"),
    "read-all does not grant it": Setup(flow(grant="permissions: read-all\n"), "J3"),
    "Node 22 brings npm 10": Setup(flow(job(node="22")), "CL1"),
    "Node 20 brings npm 10": Setup(flow(job(node="20.x")), "CL1"),
    "the first releases of Node 24 bring npm 11.3": Setup(flow(job(node="24.1.0")), "CL1"),
    "npm 10 is installed by hand": Setup(flow(job(before="{run: npm install -g npm@10}")), "CL1"),
    "npm 12.0.0 cannot publish": Setup(flow(job(before="{run: npm i -g npm@12.0.0}")), "CL1"),
    "npm@latest does not fit Node 22.14": Setup(
        flow(job(node="22.14.0", before="{run: npm install -g npm@latest}")), "CL3"
    ),
    "npm@latest does not fit Node 20": Setup(
        flow(job(node="20", before="{run: npm i -g npm@latest}")), "CL3"
    ),
    "npm stage is not in npm 11.6": Setup(
        flow(job("npm stage publish", before="{run: npm i -g npm@11.6.2}")), "CL2"
    ),
    "yarn classic has no trusted publishing": Setup(flow(job("yarn publish")), "CL5"),
    "bun has no trusted publishing": Setup(flow(job("bun publish")), "CL5"),
    "a stage-only publisher and npm publish": Setup(flow(), "P1", publisher={"may_publish": False}),
    "a stage-only publisher and changesets": Setup(
        flow(job("npx changeset publish")), "P1", publisher={"may_publish": False}
    ),
    "a stage-only publisher and semantic-release": Setup(
        flow(job("npx semantic-release")), "P1", publisher={"may_publish": False}
    ),
    "the file ends in .yaml on npm": Setup(flow(), "E5", publisher={"workflow": "release.yaml"}),
    "the called file is named on npm": Setup(
        flow(CALL + GRANTED), "E6", CALLED, publisher={"workflow": "publish.yml"}
    ),
    "the caller grants nothing": Setup(
        flow(CALL, grant="permissions: {}\n"), "J4", flow(head="on: {workflow_call: }\n")
    ),
    "the called workflow drops the right": Setup(
        flow(CALL + GRANTED),
        "J5",
        flow(head="on: {workflow_call: }\n", grant="permissions: {contents: read}\n"),
    ),
    "the publisher names an environment, the job none": Setup(
        flow(), "E8", publisher={"environment": "npm"}
    ),
    "the environment admits branches, tags release": Setup(
        flow(job(more=ENVIRONMENT)),
        "J6",
        publisher={"environment": "release"},
        parts={**ADMITTED, "guards": every(guards(patterns=("branch main",)))},
    ),
    "the repository was renamed": Setup(
        flow(),
        "E4",
        publisher={"repository": "hazel/old"},
        parts={"named": named_repository("renamed", "hazel/catkin", named="hazel/old")},
    ),
    "the owner is written in other letters": Setup(
        flow(), "E3", publisher={"repository": "Hazel/catkin"}
    ),
    "repository.url is the old repository": Setup(
        flow(),
        "P3",
        parts={"manifest": manifest(repository="git+https://github.com/hazel/old.git")},
    ),
    "repository.url is missing": Setup(flow(), "P3", parts={"manifest": manifest(repository="")}),
    "provenance from a private repository": Setup(
        flow(job("npm publish --provenance")),
        "P5",
        parts={"repository": repository(visibility="private")},
    ),
    "a self-hosted runner": Setup(
        flow(job().replace("ubuntu-latest", "[self-hosted, linux]")), "P4"
    ),
    "the tags have another form": Setup(
        flow(), "T5", parts={"tags": newest_tags("catkin@1.4.0", "catkin@1.3.0")}
    ),
    "pull_request_target": Setup(flow(head="on: [pull_request_target]\n"), "T10"),
    "a guard names the old repository": Setup(
        flow(job(more="    if: github.repository == 'hazel/old'\n")), "T11"
    ),
    "an action that is not allowed": Setup(
        flow(job(before="{uses: burdock/release@v1}")),
        "J1",
        parts={"actions": actions(allowed="selected")},
    ),
    "an action that is not pinned": Setup(flow(), "J2", parts={"actions": actions(pinned=True)}),
    "a secret of another name": Setup(
        flow(
            job(before="{run: npm ci, env: {NODE_AUTH_TOKEN: '${{ secrets.NPM_TOKN }}'}}").replace(
                "{run: 'npm publish'}",
                "{run: npm publish, env: {NODE_AUTH_TOKEN: '${{ secrets.NPM_TOKN }}'}}",
            ),
            grant="",
        ),
        "K1",
        by_token=True,
        parts={"secrets": every(workflow_secret("NPM_TOKEN"))},
    ),
}
RELEASE = "on: {release: {types: [published]}}\n"
WORKING = {
    "tags": Setup(flow()),
    "a release": Setup(flow(head=RELEASE)),
    "by hand on GitHub": Setup(flow(head="on: {workflow_dispatch: }\n")),
    "a push of the default branch": Setup(flow(head="on: {push: {branches: [main]}}\n")),
    "write-all": Setup(flow(grant="permissions: write-all\n")),
    "the job grants it": Setup(flow(job(more=GRANTED), grant="permissions: {}\n")),
    "Node 22 and npm 11": Setup(flow(job(node="22", before="{run: npm install -g npm@11}"))),
    "Node 22 and the newest npm": Setup(
        flow(job(node="22", before="{run: npm install -g npm@latest}"))
    ),
    "Node 20.19 and npm ^11.5.1": Setup(
        flow(job(node="20.19.0", before="{run: npm i -g npm@^11.5.1}"))
    ),
    "npx of a version": Setup(flow(job("npx -y npm@11 publish", node="22"))),
    "changesets": Setup(flow(job("npx changeset publish"))),
    "lerna": Setup(flow(job("npx lerna publish from-package --yes"))),
    "a stage-only publisher that stages": Setup(
        flow(job("npm stage publish", before="{run: npm i -g npm@11.15.0}")),
        publisher={"may_publish": False},
    ),
    "an environment that admits the tags": Setup(
        flow(job(more=ENVIRONMENT)), publisher={"environment": "release"}, parts=ADMITTED
    ),
    "a called workflow": Setup(flow(CALL + GRANTED), publish=CALLED),
    "a called workflow that asks for the right": Setup(
        flow(CALL + GRANTED), publish=flow(head="on: {workflow_call: }\n")
    ),
    "a guard of the own repository": Setup(
        flow(job(more="    if: github.repository == 'hazel/catkin'\n"))
    ),
    "a leftover token variable": Setup(
        flow(job(before="{run: npm ci, env: {NODE_AUTH_TOKEN: ''}}"))
    ),
    "a dist-tag for a prerelease": Setup(
        flow(job("npm publish --tag next")), parts={"manifest": manifest(version="2.0.0-rc.1")}
    ),
    "a private repository without provenance": Setup(
        flow(), parts={"repository": repository(visibility="private")}
    ),
    "actions of GitHub's own, selected": Setup(
        flow(), parts={"actions": actions(allowed="selected")}
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_set_up_is_refused_with_its_cause(name: str) -> None:
    setup = BROKEN[name]
    way = seen(setup)
    assert way.verdict is AcceptanceState.REFUSED, way
    assert setup.row in {one.row for one in way.refused}, way.refused


@pytest.mark.parametrize("name", WORKING)
def test_a_working_set_up_is_accepted(name: str) -> None:
    way = seen(WORKING[name])
    assert way.accepted, way


def test_there_are_enough_of_both() -> None:
    assert len(BROKEN) >= 30
    assert len(WORKING) >= 20
