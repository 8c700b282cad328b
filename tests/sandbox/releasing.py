"""A run of GitHub Actions that releases a package by the real npm client, and a sandbox for it."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from hardenme.sandbox.http import LoopbackServer, Reply, Request
from hardenme.sandbox.npm.granular import Mint
from hardenme.sandbox.npm.server import NpmSandbox, npm_sandbox
from hardenme.sandbox.npm.world import (
    ClientToken,
    Package,
    Person,
    TokenKind,
    TrustedPublisher,
    User,
    Version,
    World,
    canary,
)
from tests.moment import NOW
from tests.sandbox.npm_clients import npm_program, other_client
from tests.sandbox.test_npm_client import Client
from tests.worlds.npm_releases import ISSUER, Releases, id_token

NAME, OWNER = "lib", "hazel"
SESSION = canary("hazelSESSION")
PUBLISHER = "5c4b3a29-1807-4f6e-9d5c-4b3a29180716"
WRITES = frozenset({"POST", "PUT", "DELETE"})
SIGSTORE = "sigstore"
"""For whom a run asks for an id token to sign provenance."""
PLACEHOLDER = "XXXXX-XXXXX-XXXXX-XXXXX"
"""What setup-node before version 7 exports where no token is given."""


class IdTokens(LoopbackServer):
    """Where a run asks for its id token."""

    def __init__(self, claims: dict[str, Any]) -> None:
        super().__init__(self._answer)
        self.claims = claims
        self.broken = False
        self.audiences: list[str] = []

    def _answer(self, request: Request) -> Reply:
        if self.broken:
            return Reply(500, {"message": "Internal Server Error"})
        self.audiences.append(request.query["audience"])
        if request.query["audience"] == SIGSTORE:
            # What is signed would go to Sigstore's own servers.
            return Reply(200, {})
        return Reply(200, {"value": id_token({**self.claims, "aud": request.query["audience"]})})


@dataclass(slots=True)
class Run:
    """A job that releases: the world in which it is accepted, to be changed in one thing.

    Attributes:
        manifest: its package.json.
        command: what it runs, after `npm`.
        token: what its configuration holds as a token; None for no line.
        variables: its own variables; None for one that is not set.
        client: the npm client's version; empty for the machine's.
        through: another client that hands the release to npm or publishes itself; empty for none.
        oidc: it may ask for an id token.
        hosted: it runs on GitHub Actions.
        answers: of requests that write: the method, the last word of the path, and the status.
    """

    folder: Path
    sandbox: NpmSandbox
    releases: Releases
    ids: IdTokens
    manifest: dict[str, Any]
    command: tuple[str, ...] = ("publish",)
    token: str | None = None
    variables: dict[str, str | None] = field(default_factory=dict)
    client: str = ""
    through: str = ""
    oidc: bool = True
    hosted: bool = True
    answers: list[tuple[str, int]] = field(default_factory=list)

    @property
    def world(self) -> World:
        """What the registry knows."""
        return self.sandbox.world

    @property
    def package(self) -> Package:
        """The package."""
        found = self.world.package(NAME)
        assert found is not None
        return found

    @property
    def publisher(self) -> TrustedPublisher:
        """Its one publisher."""
        (one,) = self.package.publishers
        return one

    def claims(self, **claims: str) -> None:
        """Change what the publisher is bound to."""
        bound = dict(self.publisher.claims)
        if "file" in claims:
            bound["workflow_ref"] = {"file": claims.pop("file")}
        self.publisher.claims = bound | claims

    def by_token(self, **given: Any) -> None:
        """Release by a granular token in place of the publisher."""
        mint = Mint(OWNER, self.world.now)
        whole = {"permissions": (("package", "write"),), "bypass": True} | given
        mint.token("ci", **whole)
        self.world.tokens += mint.made
        self.world.credentials += mint.credentials
        self.token, self.oidc = mint.credentials[0].value, False

    def by_hand(self) -> None:
        """Release by a person's session."""
        self.token, self.oidc, self.hosted = SESSION, False, False

    def go(self) -> subprocess.CompletedProcess[str]:
        """Run it."""
        self.folder.joinpath("package.json").write_text(json.dumps(self.manifest))
        environ = Client(self.sandbox, self.folder.parent).environment()
        host = self.sandbox.url.removeprefix("http:")
        line = f"{host}/:_authToken={self.token}\n" if self.token is not None else ""
        Path(environ["NPM_CONFIG_USERCONFIG"]).write_text(line)
        if self.hosted:
            environ |= {"GITHUB_ACTIONS": "true", "CI": "true"}
        if self.oidc:
            environ |= {
                "ACTIONS_ID_TOKEN_REQUEST_URL": f"{self.ids.url}/token?api-version=2",
                "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "canary",
            }
        given = {"PATH": os.environ["PATH"], "NPM_CONFIG_PROVENANCE": "false"} | environ
        if self.through:
            found = self.folder.parent / "programs"
            found.mkdir(exist_ok=True)
            # By itself pnpm takes the npm that is next to its Node.
            program, given["NPM_CONFIG_NPM_PATH"] = other_client(self.through, self.client, found)
            words = [program]
        else:
            words = npm_program(self.client).words
        return subprocess.run(  # noqa: S603 (npm, and our own words)
            [*words, *self.command],
            cwd=self.folder,
            env={name: text for name, text in (given | self.variables).items() if text is not None},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )


@contextmanager
def run(folder: Path) -> Iterator[Run]:
    """A run whose release is accepted."""
    hazel = Person(OWNER, "hazel@acme.example")
    package = Package(
        NAME,
        [Version("1.0.0", NOW - timedelta(days=30), hazel)],
        [hazel],
        {OWNER: "write"},
        publishers=[
            TrustedPublisher(
                PUBLISHER,
                "github",
                {"repository": "acme/lib", "workflow_ref": {"file": "release.yml"}},
                ("createPackage", "createStagedPackage"),
            )
        ],
    )
    world = World(
        NOW,
        users=[User(OWNER, hazel.email, tfa="auth-and-writes", remembers_otp=True)],
        packages=[package],
        credentials=[ClientToken(SESSION, OWNER, TokenKind.SESSION)],
    )
    claims = {
        "iss": ISSUER,
        "repository": "acme/lib",
        "repository_visibility": "public",
        "workflow_ref": "acme/lib/.github/workflows/release.yml@refs/tags/v1.1.0",
        "job_workflow_ref": "acme/lib/.github/workflows/release.yml@refs/tags/v1.1.0",
        "ref": "refs/tags/v1.1.0",
        "event_name": "push",
        "runner_environment": "github-hosted",
    }
    work = folder / "lib"
    work.mkdir()
    manifest = {
        "name": NAME,
        "version": "1.1.0",
        "repository": "git+https://github.com/acme/lib.git",
    }
    releases = Releases()
    with npm_sandbox(world, writes=releases.routes()) as sandbox, IdTokens(claims) as ids:
        made = Run(work, sandbox, releases, ids, manifest)
        answer = sandbox.handler

        def noted(request: Request) -> Reply:
            reply = answer(request)
            if request.method in WRITES:
                what = "exchange" if "/oidc/" in request.path else request.method
                made.answers.append((what, reply.status))
            return reply

        sandbox.handler = noted
        yield made
        assert sandbox.crashes == []
