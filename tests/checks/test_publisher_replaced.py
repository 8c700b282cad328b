"""What fixes print for a trusted publisher, run on a registry: a package always has a way."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import product
from math import inf
from typing import Any

import pytest
import requests

from hardenme.facts.github.named import RENAMED
from hardenme.facts.npm.publishing import TrustedPublisher
from hardenme.model.verdict import Failed, Fix
from hardenme.sandbox.npm import world as npm
from hardenme.sandbox.npm.server import NpmSandbox, npm_sandbox
from hardenme_checks.npm.publisher import (
    trusted_publisher_environment,
    trusted_publisher_stages,
    trusted_publisher_workflow,
)
from hardenme_checks.npm.repository import trusted_publisher_repository
from tests.factories.github import repository
from tests.factories.github_repository import environment
from tests.factories.given import LOST, NOW, TEAM, every
from tests.factories.npm import PACKAGE, weekly_downloads
from tests.factories.npm_paths import (
    HOME,
    PUBLISHER,
    package_repository,
    release_workflow,
    route,
    trusted_publisher,
)
from tests.factories.npm_publishing import named_repository
from tests.worlds.npm_releases import ISSUER, PUBLISH, STAGE, Releases, id_token

OWNER, SESSION = "hazel", npm.canary("hazelREPLACED")
FILE = "release.yml"
LAST = "After a release through the new one was seen, remove the old one: "
FLAGS = {"--allow-publish": PUBLISH, "--allow-stage-publish": STAGE}
FEW = weekly_downloads()
SHAPES = [
    trusted_publisher(
        environment=environment, workflow=workflow, may_publish=publishes, may_stage=stages
    )
    for environment, workflow, (publishes, stages) in product(
        (None, "release"), ("", FILE), ((True, False), (True, True), (False, True))
    )
]
"""Publishers by environment, workflow and rights."""


def shape(one: TrustedPublisher) -> str:
    """A publisher, in a word."""
    rights = "publish" * one.may_publish + "stage" * one.may_stage
    return f"{one.workflow or 'any'}-{one.environment}-{rights}"


@dataclass(frozen=True, slots=True)
class Workflow:
    """What the default branch releases with: where, from which file and environment, and how."""

    repository: str = HOME
    file: str = FILE
    environment: str | None = "release"
    action: str = PUBLISH

    @property
    def claims(self) -> dict[str, str]:
        """What its id token says."""
        named = {} if self.environment is None else {"environment": self.environment}
        return {
            "iss": ISSUER,
            "repository": self.repository,
            "repository_visibility": "public",
            "workflow_ref": f"{self.repository}/.github/workflows/{self.file}@refs/tags/v1",
            "ref": "refs/tags/v1",
            "event_name": "push",
            "runner_environment": "github-hosted",
            **named,
        }


@dataclass(frozen=True, slots=True)
class Desk:
    """A registry with the package, and its owner's session with 2FA."""

    sandbox: NpmSandbox
    releases: Releases

    @property
    def package(self) -> npm.Package:
        """The package."""
        return self.sandbox.world.packages[0]

    def send(self, method: str, path: str, body: Any = None, token: str = SESSION) -> Any:
        """Send what the npm client sends."""
        return requests.request(
            method,
            f"{self.sandbox.url}{path}",
            json=body,
            headers={"authorization": f"Bearer {token}"},
            timeout=60,
        )

    def run(self, command: str) -> int:
        """Run a command of npm; returns the status of its answer."""
        words = shlex.split(command)
        options = dict(
            word[2:].split("=", 1) for word in words if word.startswith("--") and "=" in word
        )
        (name,) = [word for word in words[3:] if not word.startswith("-")] or [""]
        trust = f"/-/package/{name.replace('/', '%2f')}/trust"
        match words[1:3]:
            case ["trust", "github"]:
                claims = {"repository": options["repo"], "workflow_ref": {"file": options["file"]}}
                claims |= {"environment": options["env"]} if "env" in options else {}
                may = [FLAGS[word] for word in words if word in FLAGS]
                made = [{"type": "github", "claims": claims, "permissions": may}]
                return int(self.send("POST", trust, made).status_code)
            case ["trust", "revoke"]:
                return int(self.send("DELETE", f"{trust}/{options['id']}").status_code)
        raise AssertionError(command)

    def accepts(self, workflow: Workflow) -> bool:
        """Whether npm takes a release of the workflow by a publisher."""
        host = self.sandbox.url.partition("://")[2].partition(":")[0]
        token = id_token({**workflow.claims, "aud": f"npm:{host}"})
        path = f"/-/npm/v1/oidc/token/exchange/package/{PACKAGE.replace('/', '%2f')}"
        made = self.send("POST", path, token=token)
        if made.status_code != 201:
            return False
        _, matching = self.releases.runs[made.json()["token"]]
        return any(workflow.action in (one.permissions or (PUBLISH,)) for one in matching)


@contextmanager
def desk(publisher: TrustedPublisher) -> Iterator[Desk]:
    """A registry that has this publisher."""
    hazel = npm.Person(OWNER, "hazel@hazel.example")
    claims: dict[str, Any] = {"repository": publisher.repository}
    claims |= {"workflow_ref": {"file": publisher.workflow}} if publisher.workflow else {}
    claims |= {"environment": publisher.environment} if publisher.environment else {}
    rights = {PUBLISH: publisher.may_publish, STAGE: publisher.may_stage}
    allowed = tuple(name for name, held in rights.items() if held)
    old = npm.TrustedPublisher(PUBLISHER, "github", claims, allowed)
    version = npm.Version("1.0.0", NOW.time - timedelta(days=30), hazel)
    world = npm.World(
        NOW.time,
        users=[npm.User(OWNER, hazel.email, tfa="auth-and-writes", remembers_otp=True)],
        packages=[npm.Package(PACKAGE, [version], [hazel], {OWNER: "write"}, publishers=[old])],
        credentials=[npm.ClientToken(SESSION, OWNER, npm.TokenKind.SESSION)],
    )
    releases = Releases()
    with npm_sandbox(world, writes=releases.routes()) as sandbox:
        sandbox.desk.proven[SESSION] = inf
        yield Desk(sandbox, releases)
        assert sandbox.crashes == []


def present(publisher: TrustedPublisher) -> Workflow:
    """The workflow that the publisher is for."""
    action = PUBLISH if publisher.may_publish else STAGE
    return Workflow(publisher.repository, FILE, publisher.environment, action)


def bound_by(command: str) -> Workflow:
    """The workflow that a new publisher is for, as a person changes it."""
    options = dict(word[2:].split("=", 1) for word in shlex.split(command) if "=" in word)
    return Workflow(options["repo"], options["file"], options["env"], STAGE)


def replaced(publisher: TrustedPublisher, add: str, remove: str) -> None:
    """Do both as printed; look after each step whether the package can be released."""
    with desk(publisher) as found:
        workflow = present(publisher)
        assert found.accepts(workflow)
        assert found.run(add) == 200
        assert found.accepts(workflow)
        workflow = bound_by(add)
        assert found.accepts(workflow)
        # The release that is to be seen.
        found.package.publishers[-1].proven = True
        assert found.run(remove) == 204
        assert found.accepts(workflow)
        assert len(found.package.publishers) == 1


def fixes(publisher: TrustedPublisher) -> Iterator[Fix]:
    """The fixes of all that is wrong with a publisher that works."""
    elsewhere = package_repository(named="github:rowan/x", repository="rowan/x")
    verdicts = (
        trusted_publisher_stages(publisher, LOST, LOST, named_repository(), FEW, TEAM),
        trusted_publisher_environment(
            publisher, every(environment()), LOST, repository(), named_repository(), FEW, TEAM
        ),
        trusted_publisher_workflow(publisher, every(release_workflow()), LOST, LOST, FEW, TEAM),
        trusted_publisher_repository(
            publisher, named_repository(), elsewhere, LOST, LOST, FEW, TEAM
        ),
    )
    return (one.fix for one in verdicts if isinstance(one, Failed) and one.fix)


@pytest.mark.second_tier("takes long in all", one_of=5)
@pytest.mark.parametrize("publisher", SHAPES, ids=shape)
def test_a_fix_leaves_the_old_publisher_until_a_release_was_seen(
    publisher: TrustedPublisher,
) -> None:
    found = list(fixes(publisher))
    assert found
    for fix in found:
        assert "&&" not in fix.command
        replaced(publisher, fix.command, fix.step.partition(LAST)[2].strip("`"))


@pytest.mark.parametrize("publisher", SHAPES, ids=shape)
def test_so_do_the_steps_of_a_plan(publisher: TrustedPublisher) -> None:
    steps = route(publisher, environments=every(environment(reviewed=False))).steps
    commands = [one.fix.command for one in steps if one.fix.command]
    if not commands:
        assert not publisher.may_publish
        return
    add, remove = commands
    replaced(publisher, add, remove)


def test_an_old_name_of_a_repository_ends_first() -> None:
    """Nothing is released by it any more, and anyone can take the name."""
    publisher = replace(trusted_publisher(), repository="hazel/old")
    renamed = named_repository(RENAMED, HOME)
    verdict = trusted_publisher_repository(publisher, renamed, LOST, LOST, LOST, FEW, TEAM)
    assert isinstance(verdict, Failed)
    assert verdict.fix is not None
    remove, add = verdict.fix.command.split(" && ")
    with desk(publisher) as found:
        workflow = Workflow(action=STAGE)
        assert not found.accepts(workflow)
        assert (found.run(remove), found.run(add)) == (204, 200)
        assert found.accepts(workflow)
