"""A release from a tag to the registry: GitHub runs the workflow, and npm takes what it uploads."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import requests

from hardenme.sandbox.github.server import GitHubServer, github_sandbox
from hardenme.sandbox.github.world import Repository, Token, User
from hardenme.sandbox.github.world import World as GitHubWorld
from hardenme.sandbox.npm.server import NpmSandbox, npm_sandbox
from hardenme.sandbox.npm.world import (
    ClientToken,
    Package,
    Person,
    TokenKind,
    TrustedPublisher,
    Version,
    World,
    canary,
)
from hardenme.sandbox.npm.world import (
    User as NpmUser,
)
from tests.moment import NOW
from tests.worlds.github_runs import FOLDER, JobRun, Workflows
from tests.worlds.npm_releases import Releases, id_token

OWNER, NAME = "hazel", "lib"
FULL = f"{OWNER}/{NAME}"
MINE, OF_RUN = "ghp_CANARYhazelreleases00000000000000000", "ghs_CANARYtokenofarun000000000000000000"
SESSION = canary("hazelTAGGED")
PUBLISHER = "5c4b3a29-1807-4f6e-9d5c-4b3a29180716"
FILE, TAG = "release.yml", "v1.1.0"
RELEASE = """\
name: release
on:
  push:
    tags: ['v*']
permissions:
  contents: read
jobs:
  publish:
    runs-on: ubuntu-latest
    permissions:
      contents: read
      id-token: write
    steps:
      - uses: actions/checkout@v7
      - uses: actions/setup-node@v7
        with:
          node-version: 24
      - run: npm publish
"""
MANIFEST: dict[str, Any] = {
    "name": NAME,
    "version": "1.1.0",
    "repository": f"git+https://github.com/{FULL}.git",
}
RUN = "run"
"""What answered, where a run did and no request."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The last answer that a release came to.

    Attributes:
        by: what answered: the path's last word of a request, or `run`.
        answer: its status, or how the run stands.
        text: its message.
    """

    by: str
    answer: int | str
    text: str = ""


@dataclass(slots=True)
class Release:
    """A release that nothing refuses, to be changed in one thing.

    Attributes:
        by: the token that creates the tag.
        commit: what the tag is created at; empty for the default branch's head.
        event: what starts the workflow: the tag, a dispatch, a proposed version, or another event.
        provenance: the upload holds provenance, as npm adds it for a public repository.
    """

    github: GitHubServer
    npm: NpmSandbox
    workflows: Workflows
    releases: Releases
    by: str = MINE
    commit: str = ""
    event: str = "push"
    provenance: bool = True
    manifest: dict[str, Any] = field(default_factory=lambda: dict(MANIFEST))

    @property
    def repository(self) -> Repository:
        """The repository."""
        (found,) = self.github.world.repositories
        return found

    @property
    def package(self) -> Package:
        """The package."""
        (found,) = self.npm.world.packages
        return found

    def file(self, text: str, name: str = FILE) -> None:
        """Write a workflow file on the default branch."""
        self.repository.files[FOLDER + name] = text.encode()

    def edit(self, old: str, new: str) -> None:
        """Change the release workflow in one place."""
        text = self.repository.files[FOLDER + FILE].decode()
        assert old in text
        self.file(text.replace(old, new, 1))

    def claims(self, **claims: str) -> None:
        """Change what the publisher is bound to."""
        (publisher,) = self.package.publishers
        bound = dict(publisher.claims)
        if "file" in claims:
            bound["workflow_ref"] = {"file": claims.pop("file")}
        publisher.claims = bound | claims

    def go(self) -> Answered:
        """Release, until something refuses it."""
        started = self._start()
        if not isinstance(started.answer, int) or started.answer >= 400:
            return started
        jobs = self.workflows.runs
        if not jobs:
            return Answered(RUN, "none")
        job = jobs[-1]
        if job.status != "completed" or job.conclusion != "success":
            return Answered(RUN, job.conclusion or job.status, job.message)
        return self.publish(job)

    def _start(self) -> Answered:
        repository = self.repository
        head = self.commit or repository.head("main")
        base = f"{self.github.url}/repos/{repository.full_name}"
        if self.event == "push":
            return self._send(f"{base}/git/refs", {"ref": f"refs/tags/{TAG}", "sha": head})
        if self.event == "workflow_dispatch":
            return self._send(f"{base}/actions/workflows/{FILE}/dispatches", {"ref": "main"})
        if self.event == "pulls":
            pull = {"title": "Version 1.1.0", "head": "release", "base": "main"}
            return self._send(f"{base}/pulls", pull)
        self.workflows.start(repository, self.event, "refs/heads/main", head, OWNER)
        return Answered(RUN, 0)

    def _send(self, url: str, body: dict[str, Any], token: str = "") -> Answered:
        reply = requests.request(
            "PUT" if url.startswith(self.npm.url) and "/-/" not in url else "POST",
            url,
            json=body,
            headers={"authorization": f"Bearer {token or self.by}", "user-agent": "tests"},
            timeout=60,
        )
        said = reply.json() if reply.content else {}
        text = said.get("message") or said.get("error") or said.get("token") or ""
        return Answered(url.rpartition("/")[2], reply.status_code, text)

    def publish(self, job: JobRun) -> Answered:
        """What npm says to the run: exchange its id token, and upload the version."""
        if job.claims is None:
            return Answered(RUN, "no id token")
        host = self.npm.url.partition("://")[2].partition(":")[0]
        claims = {**job.claims, "aud": f"npm:{host}"}
        exchange = f"{self.npm.url}/-/npm/v1/oidc/token/exchange/package/{NAME}"
        made = self._send(exchange, {}, id_token(claims))
        if made.answer != 201:
            return Answered("exchange", made.answer, made.text)
        number = self.manifest["version"]
        files = {f"{NAME}-{number}.tgz": {"data": base64.b64encode(b"archive").decode()}}
        if self.provenance:
            files[f"{NAME}-{number}.sigstore"] = {"data": json.dumps({})}
        body = {
            "name": NAME,
            "dist-tags": {"latest": number},
            "versions": {number: self.manifest},
            "access": "public",
            "_attachments": files,
        }
        return self._send(f"{self.npm.url}/{NAME}", body, made.text)


@contextmanager
def tagged_release() -> Iterator[Release]:
    """A repository, its package, and a tag that releases it."""
    then = NOW - timedelta(days=30)
    repository = Repository(OWNER, NAME, 7301, then, then)
    repository.files |= {
        FOLDER + FILE: RELEASE.encode(),
        "package.json": json.dumps(MANIFEST).encode(),
    }
    repository.tags.append("v1.0.0")
    token = Token(MINE, "classic", OWNER, frozenset({"repo", "read:org", "user"}))
    run = Token(
        OF_RUN,
        "installation",
        None,
        permissions={"contents": "write", "actions": "write", "pull_requests": "write"},
        owner=OWNER,
    )
    github = GitHubWorld(
        NOW, users=[User(OWNER, 7300, then)], repositories=[repository], tokens=[token, run]
    )
    hazel = Person(OWNER, "hazel@hazel.example")
    publisher = TrustedPublisher(
        PUBLISHER,
        "github",
        {"repository": FULL, "workflow_ref": {"file": FILE}},
        ("createPackage", "createStagedPackage"),
    )
    # It has published, so that npm does not let it expire.
    version = Version(
        "1.0.0",
        then,
        Person("GitHub Actions", "ci@npm.example"),
        trusted_publisher={"id": "github", "oidcConfigId": f"oidc:{PUBLISHER}"},
    )
    package = Package(
        NAME,
        [version],
        [hazel],
        {OWNER: "write"},
        repository=MANIFEST["repository"],
        publishers=[publisher],
    )
    npm = World(
        NOW,
        users=[NpmUser(OWNER, hazel.email, tfa="auth-and-writes", remembers_otp=True)],
        packages=[package],
        credentials=[ClientToken(SESSION, OWNER, TokenKind.SESSION)],
    )
    workflows, releases = Workflows(github, own_tokens={OF_RUN}), Releases()
    with (
        github_sandbox(github, writes=workflows.routes()) as host,
        npm_sandbox(npm, writes=releases.routes()) as registry,
    ):
        yield Release(host, registry, workflows, releases)
        assert host.crashes == registry.crashes == []
