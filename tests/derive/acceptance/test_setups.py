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
from tests.factories.acceptance import (
    actions,
    attempt,
    manifest,
    monorepo,
    release_workflow,
    token_attempt,
    workspace_files,
)
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


def packages(*workspaces: str, pnpm: Any = None, root: Any = None, **said: Any) -> dict[str, Any]:
    """The parts of a monorepo, of which the package is in `packages/catkin`."""
    found = monorepo(**said)
    named = {"name": "root", "private": True, "workspaces": workspaces, **(root or {})}
    return {**found, "manifest": manifest(**named), "workspaces": workspace_files(pnpm=pnpm)}


OF_NPM = packages("packages/*")
OF_PNPM = packages(pnpm=("packages/*", "!**/test/**"))
CHANGESETS = (
    "  publish:\n    runs-on: ubuntu-latest\n    steps: [%s, {uses: changesets/action@v1,"
    " with: {publish: npx changeset publish}}]\n"
) % (NODE % ("24", REGISTRY))


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
    # Monorepos: the manifest that is packed is the package's own.
    "the root has repository.url, the package has none": Setup(
        flow(job("npx changeset publish")), "P3", parts=packages("packages/*", repository="")
    ),
    "the package names its folder as the repository's name": Setup(
        flow(job("npm publish -w packages/catkin")),
        "P3",
        parts=packages("packages/*", repository="git+https://github.com/hazel/catkin-core.git"),
    ),
    "the monorepo was renamed, the packages were not": Setup(
        flow(job("npx lerna publish from-package --yes")),
        "P3",
        parts=packages("packages/*", repository="https://github.com/hazel/catkins"),
    ),
    "the workspace is private": Setup(
        flow(job("npm publish --workspaces")), "V1", parts=packages("packages/*", private=True)
    ),
    "the package is private in its folder": Setup(
        flow(job("cd packages/catkin && npm publish")),
        "V1",
        parts=packages("packages/*", private=True),
    ),
    "a package for GitHub Packages": Setup(
        flow(job("npx changeset publish")),
        "CL6",
        parts=packages("packages/*", to_registry="https://npm.pkg.github.com"),
    ),
    "a snapshot without a dist-tag": Setup(
        flow(job("npm publish ./packages/catkin")),
        "V4",
        parts=packages("packages/*", version="2.0.0-next.3"),
    ),
    "the tags of a monorepo": Setup(
        flow(job("cd packages/catkin && npm publish")),
        "T5",
        parts={**OF_NPM, "tags": newest_tags("catkin@1.4.0", "catkin@1.3.0")},
    ),
    "a stage-only publisher, and every workspace is published": Setup(
        flow(job("npm publish --workspaces")), "P1", publisher={"may_publish": False}, parts=OF_NPM
    ),
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
    "a package in its folder": Setup(flow(job("cd packages/catkin && npm publish")), parts=OF_NPM),
    "a package by its working directory": Setup(
        flow(
            job().replace(
                "{run: 'npm publish'}", "{run: npm publish, working-directory: ./packages/catkin/}"
            )
        ),
        parts=OF_NPM,
    ),
    "each package of a monorepo in parentheses": Setup(
        flow(job("(cd packages/catkin && npm publish)")), parts=OF_NPM
    ),
    "a folder as the argument": Setup(
        flow(job("npm publish ./packages/catkin --access public")), parts=OF_NPM
    ),
    "each package by its name": Setup(
        flow(job("npm publish -w @hazel-grove/catkin && npm publish -w @hazel-grove/willow")),
        parts=OF_NPM,
    ),
    "each package in its folder": Setup(
        flow(job("(cd packages/catkin && npm publish) && (cd packages/willow && npm publish)")),
        parts=OF_NPM,
    ),
    "a workspace by name": Setup(flow(job("npm publish -w @hazel-grove/catkin")), parts=OF_NPM),
    "all workspaces": Setup(flow(job("npm publish --workspaces --access public")), parts=OF_NPM),
    "changesets in a monorepo of npm": Setup(flow(CHANGESETS), parts=OF_NPM),
    "changesets in a monorepo of pnpm": Setup(flow(CHANGESETS), parts=OF_PNPM),
    "lerna in a monorepo": Setup(flow(job("npx lerna publish from-package --yes")), parts=OF_NPM),
    "publishConfig.directory, which npm leaves alone": Setup(
        flow(job("npm publish -w packages/catkin")), parts=packages("packages/*", directory="dist")
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


UNCLEAR = {
    "each package in a loop": Setup(
        flow(job('for one in packages/*; do (cd "$one" && npm publish); done')), parts=OF_NPM
    ),
    "a package of a matrix": Setup(
        flow(job("cd packages/${{ matrix.package }} && npm publish")), parts=OF_NPM
    ),
    "the files that a build makes": Setup(
        flow(job("npx changeset publish")), parts=packages("packages/*", directory="dist")
    ),
    "an archive": Setup(flow(job("npm publish ./catkin.tgz")), parts=OF_NPM),
    "npm takes it for a repository": Setup(flow(job("npm publish packages/catkin")), parts=OF_NPM),
    "a folder that is no workspace": Setup(
        flow(job("npx changeset publish")), parts=packages("apps/*")
    ),
    "pnpm publishes what changed": Setup(
        flow(job("pnpm --filter '...[origin/main]' publish")), parts=OF_PNPM
    ),
    "another package alone": Setup(flow(job("npm publish -w packages/willow")), parts=OF_NPM),
    "a folder next to it may be what is built of it": Setup(
        flow(job("(cd packages/catkin && npm publish) && (cd dist/catkin && npm publish)")),
        parts=OF_NPM,
    ),
    "nx has folders of its own": Setup(flow(job("npx nx release publish")), parts=OF_NPM),
}


@pytest.mark.parametrize("name", UNCLEAR)
def test_a_set_up_that_hides_its_manifest_is_neither(name: str) -> None:
    assert seen(UNCLEAR[name]).verdict is AcceptanceState.UNKNOWN


def test_there_are_enough_of_both() -> None:
    assert len(BROKEN) >= 30
    assert len(WORKING) >= 20
