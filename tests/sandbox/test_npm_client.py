"""The real npm client reads the npm sandbox: what it prints is what the world holds."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from hardenme.sandbox.npm.scenarios import hardened_maintainer, scaled_maintainer, weak_maintainer
from hardenme.sandbox.npm.server import NpmSandbox, npm_sandbox
from hardenme.sandbox.npm.world import TokenKind, World
from tests.moment import NOW

NPM = shutil.which("npm")
pytestmark = pytest.mark.needs("npm")


@dataclass(frozen=True)
class Client:
    """The npm client with an empty home, bound to one sandbox and one token."""

    sandbox: NpmSandbox
    home: Path

    def environment(self, token: str = "") -> dict[str, str]:
        """The environment of a client that sends this token to the sandbox alone."""
        host = self.sandbox.url.removeprefix("http:")
        (self.home / "user.npmrc").write_text(f"{host}/:_authToken={token}\n" if token else "")
        (self.home / "global.npmrc").touch()
        settings = {
            "REGISTRY": f"{self.sandbox.url}/",
            "USERCONFIG": str(self.home / "user.npmrc"),
            "GLOBALCONFIG": str(self.home / "global.npmrc"),
            "CACHE": str(self.home / "cache"),
            "UPDATE_NOTIFIER": "false",
            "AUDIT": "false",
            "FUND": "false",
            "LOGS_MAX": "0",
            "NOPROXY": "127.0.0.1",
            "FETCH_RETRIES": "0",
        }
        return {f"NPM_CONFIG_{name}": value for name, value in settings.items()} | {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
        }

    def run(self, *arguments: str, token: str = "") -> subprocess.CompletedProcess[str]:
        assert NPM is not None
        return subprocess.run(  # noqa: S603 (our own npm, our own arguments)
            [NPM, *arguments],
            cwd=self.home,
            env=self.environment(token),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def json(self, *arguments: str, token: str = "") -> Any:
        done = self.run(*arguments, "--json", token=token)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def view(self, package: str) -> Any:
        """What `npm view` shows of a package; npm 12 lists it, npm 11 does not."""
        shown = self.json("view", package)
        return shown[0] if isinstance(shown, list) else shown


@pytest.fixture
def client_of(tmp_path: Path) -> Iterator[Callable[[World], Client]]:
    running: list[NpmSandbox] = []

    def start(world: World) -> Client:
        running.append(npm_sandbox(world).__enter__())
        return Client(running[-1], tmp_path)

    yield start
    for sandbox in running:
        sandbox.__exit__()


@pytest.fixture
def mallow() -> World:
    return weak_maintainer(NOW)


@pytest.mark.sampled(2, among="npm's client")
def test_whoami(client_of: Callable[[World], Client], mallow: World) -> None:
    client = client_of(mallow)
    done = client.run("whoami", token=mallow.token("mallow"))
    assert (done.returncode, done.stdout) == (0, "mallow\n")


@pytest.mark.sampled(2, among="npm's client")
def test_whoami_with_a_revoked_token(client_of: Callable[[World], Client], mallow: World) -> None:
    client = client_of(mallow)
    token = mallow.token("mallow")
    mallow.credentials[0].revoked = True
    done = client.run("whoami", token=token)
    assert done.returncode == 1
    assert "E401" in done.stderr


@pytest.mark.sampled(2, among="npm's client")
def test_whoami_from_a_refused_address(client_of: Callable[[World], Client]) -> None:
    world = hardened_maintainer(NOW)
    client = client_of(world)
    done = client.run("whoami", token=world.token("hazel", TokenKind.READ))
    assert done.returncode == 1
    assert "EAUTHIP" in done.stderr


@pytest.mark.sampled(2, among="npm's client")
def test_profile_get(client_of: Callable[[World], Client], mallow: World) -> None:
    client = client_of(mallow)
    profile = client.json("profile", "get", token=mallow.token("mallow"))
    assert profile["tfa"] == {"mode": "auth-only", "pending": False}
    assert profile["email_verified"] is False
    assert profile["created"] == "2018-05-30T12:00:00.000Z"
    lines = client.run("profile", "get", token=mallow.token("mallow")).stdout
    assert "two-factor auth: auth-only" in lines
    assert "mallow@acorn-labs.example(unverified)" in lines


@pytest.mark.sampled(2, among="npm's client")
def test_token_list_follows_the_pages(client_of: Callable[[World], Client], mallow: World) -> None:
    client = client_of(mallow)
    tokens = client.json("token", "list", token=mallow.token("mallow"))
    asked = [r.query for r in client.sandbox.requests if r.path == "/-/npm/v1/tokens"]
    assert asked == [{}, {"page": "1", "perPage": "10"}]
    assert len(tokens) == 12
    eleventh = tokens[10]
    assert eleventh["name"] == "deploy-all"
    assert eleventh["bypass_2fa"] is True
    assert eleventh["expiry"] is None
    assert eleventh["cidr"] == []
    assert eleventh["scopes"] == []
    assert eleventh["permissions"] == [{"name": "package", "action": "write"}]
    assert tokens[9]["readonly"] is False
    assert "permissions" not in tokens[9]


@pytest.mark.sampled(2, among="npm's client")
def test_token_list_with_a_granular_token_is_refused(
    client_of: Callable[[World], Client], mallow: World
) -> None:
    client = client_of(mallow)
    done = client.run("token", "list", token=mallow.token("mallow", TokenKind.READ))
    assert done.returncode == 1
    assert "E403" in done.stderr


@pytest.mark.sampled(2, among="npm's client")
def test_view_shows_the_newest_release(client_of: Callable[[World], Client], mallow: World) -> None:
    client = client_of(mallow)
    seen = client.view("@acorn-labs/ladle")
    assert seen["version"] == "1.4.0"
    assert seen["versions"] == ["1.2.0", "1.3.0", "1.4.0"]
    assert seen["dist"]["attestations"]["provenance"] == {
        "predicateType": "https://slsa.dev/provenance/v1"
    }
    assert len(seen["maintainers"]) == 6


@pytest.mark.sampled(2, among="npm's client")
def test_view_of_a_hidden_package_is_not_found(
    client_of: Callable[[World], Client], mallow: World
) -> None:
    client = client_of(mallow)
    done = client.run("view", "@sorrel-works/ledger", token=mallow.token("mallow"))
    assert done.returncode == 1
    assert "E404" in done.stderr


@pytest.mark.sampled(2, among="npm's client")
def test_access_list_packages_falls_back_to_the_user(
    client_of: Callable[[World], Client], mallow: World
) -> None:
    client = client_of(mallow)
    seen = client.json("access", "list", "packages", token=mallow.token("mallow"))
    assert seen == {
        "@acorn-labs/ladle": "read-write",
        "@acorn-labs/sieve": "read-write",
        "@acorn-labs/grater": "read-write",
        "@acorn-labs/whisk": "read-write",
        "mallow-trivet": "read-write",
    }
    paths = [request.path for request in client.sandbox.requests]
    assert paths == ["/-/whoami", "/-/org/mallow/package", "/-/user/mallow/package"]


@pytest.mark.sampled(2, among="npm's client")
def test_access_of_one_package(client_of: Callable[[World], Client], mallow: World) -> None:
    client = client_of(mallow)
    token = mallow.token("mallow")
    listed = client.json("access", "list", "collaborators", "@acorn-labs/whisk", token=token)
    assert listed == {"mallow": "read-write"}
    status = client.json("access", "get", "status", "@acorn-labs/whisk", token=token)
    assert status == {"@acorn-labs/whisk": "public"}


@pytest.mark.sampled(2, among="npm's client")
def test_owner_ls_shows_the_address_in_the_packument(
    client_of: Callable[[World], Client], mallow: World
) -> None:
    client = client_of(mallow)
    done = client.run("owner", "ls", "mallow-trivet")
    assert done.stdout.splitlines() == [
        "mallow <mallow@old-post.example>",
        "teasel <teasel@acorn-labs.example>",
    ]


@pytest.mark.sampled(2, among="npm's client")
def test_organization_and_teams(client_of: Callable[[World], Client], mallow: World) -> None:
    client = client_of(mallow)
    token = mallow.token("mallow")
    assert client.json("org", "ls", "acorn-labs", token=token) == {
        "mallow": "owner",
        "sorrel": "admin",
        "teasel": "developer",
    }
    assert client.json("team", "ls", "acorn-labs", token=token) == ["@acorn-labs:developers"]
    members = client.json("team", "ls", "acorn-labs:developers", token=token)
    assert sorted(members) == ["mallow", "sorrel", "teasel"]


@pytest.mark.sampled(2, among="npm's client")
def test_search_by_maintainer(client_of: Callable[[World], Client], mallow: World) -> None:
    client = client_of(mallow)
    found = client.json("search", "maintainer:sorrel")
    assert [hit["name"] for hit in found] == [
        "@acorn-labs/ladle",
        "@acorn-labs/sieve",
        "@acorn-labs/grater",
    ]


@pytest.mark.sampled(2, among="npm's client")
def test_install_takes_the_tarball(client_of: Callable[[World], Client]) -> None:
    client = client_of(scaled_maintainer(NOW, packages=1, tokens=0))
    (client.home / "package.json").write_text('{"private": true}')
    done = client.run("install", "@reed-bed/stem-0@1.1.0")
    assert done.returncode == 0, done.stderr
    installed = client.home / "node_modules" / "@reed-bed" / "stem-0" / "package.json"
    assert json.loads(installed.read_text())["version"] == "1.1.0"
