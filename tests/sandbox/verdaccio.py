"""A real registry for tests: verdaccio on loopback, with a user, two tokens and a package.

`docs/testing-with-a-real-registry.md` tells how to install it. A test module takes the fixture by
importing it:

    from tests.sandbox.verdaccio import verdaccio  # noqa: F401 (a fixture)

Without verdaccio the tests that ask for it are skipped.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from hardenme.sandbox.npm.tarball import pack

USER = "alice"
PASSWORD = "alice-of-the-loopback"
PACKAGE = "@alice-press/broadsheet"
VERSION = "1.0.0"
READ_ONLY_RANGE = "127.0.0.0/8"
START_SECONDS = 60
CONFIG = """\
storage: ./storage
auth:
  htpasswd:
    file: ./htpasswd
uplinks: {}
web:
  enable: false
packages:
  '**':
    access: $all
    publish: $authenticated
    unpublish: $authenticated
log: {type: stdout, format: json, level: warn}
"""


@dataclass(frozen=True, slots=True)
class Verdaccio:
    """A running verdaccio.

    Attributes:
        url: the registry's address, without a trailing slash.
        user: the login of its user.
        token: the token that the user's login gave; it is not listed and reads everything.
        writing: a listed token that may publish, from any address.
        read_only: a listed read-only token, bound to loopback addresses.
        package: the package that the user published, at version 1.0.0.
    """

    url: str
    user: str
    token: str
    writing: str
    read_only: str
    package: str


def program() -> str | None:
    """The verdaccio to run: `HARDENME_VERDACCIO`, else one on PATH, else None."""
    return os.environ.get("HARDENME_VERDACCIO") or shutil.which("verdaccio")


@pytest.fixture(scope="session")
def verdaccio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Verdaccio]:
    """A verdaccio of this test run's own."""
    binary = program()
    if binary is None:
        pytest.skip("verdaccio is not installed: see docs/testing-with-a-real-registry.md")
    with running(binary, tmp_path_factory.mktemp("verdaccio")) as url:
        yield furnish(url)


@contextmanager
def running(binary: str, folder: Path) -> Iterator[str]:
    """Run verdaccio with an empty storage in this folder; gives its address."""
    (folder / "config.yaml").write_text(CONFIG, encoding="utf-8")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    # verdaccio runs on the `node` beside it, where one was installed with it.
    path = os.pathsep.join([str(Path(binary).parent), os.environ["PATH"]])
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 (the binary that the developer named)
            [binary, "--config", "config.yaml", "--listen", f"127.0.0.1:{port}"],
            cwd=folder,
            env={"PATH": path, "HOME": str(folder)},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait(url, process, log)
        yield url
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Return when the registry answers; fail with its log when it ends or takes too long."""
    end = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < end:
        try:
            call(url, "GET", "/-/ping")
        except urllib.error.URLError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"verdaccio did not start:\n{log.read_text(errors='replace')[-2000:]}")


def furnish(url: str) -> Verdaccio:
    """Make the user, two listed tokens and the package of an empty verdaccio."""
    account = {
        "_id": f"org.couchdb.user:{USER}",
        "name": USER,
        "password": PASSWORD,
        "email": f"{USER}@alice-press.example",
        "type": "user",
        "roles": [],
    }
    token = call(url, "PUT", f"/-/user/org.couchdb.user:{USER}", data=account)["token"]
    writing = create_token(url, token, readonly=False)["token"]
    read_only = create_token(url, token, readonly=True, cidr=(READ_ONLY_RANGE,))["token"]
    call(url, "PUT", f"/{PACKAGE.replace('/', '%2f')}", token=token, data=_publication(url))
    return Verdaccio(url, USER, token, writing, read_only, PACKAGE)


def create_token(url: str, token: str, *, readonly: bool, cidr: tuple[str, ...] = ()) -> Any:
    """Make a listed token of the user; gives verdaccio's answer, with `key` and `token`."""
    wish = {"password": PASSWORD, "readonly": readonly, "cidr_whitelist": list(cidr)}
    return call(url, "POST", "/-/npm/v1/tokens", token=token, data=wish)


def _publication(url: str) -> dict[str, Any]:
    """The document that a publishing client sends: a release with an install script."""
    manifest: dict[str, Any] = {
        "name": PACKAGE,
        "version": VERSION,
        "description": "A sheet that is printed on one side",
        "license": "MIT",
        "scripts": {"postinstall": "node build.js"},
    }
    tarball = pack(manifest)
    file = f"{PACKAGE.rpartition('/')[2]}-{VERSION}.tgz"
    release = manifest | {
        "_id": f"{PACKAGE}@{VERSION}",
        "hasInstallScript": True,
        "_npmUser": {"name": USER, "email": f"{USER}@alice-press.example"},
        "maintainers": [{"name": USER, "email": f"{USER}@alice-press.example"}],
        "dist": {
            "tarball": f"{url}/{PACKAGE}/-/{file}",
            "shasum": tarball.shasum,
            "integrity": tarball.integrity,
        },
    }
    return {
        "_id": PACKAGE,
        "name": PACKAGE,
        "description": manifest["description"],
        "dist-tags": {"latest": VERSION},
        "versions": {VERSION: release},
        "_attachments": {
            f"{PACKAGE}-{VERSION}.tgz": {
                "content_type": "application/octet-stream",
                "data": base64.b64encode(tarball.data).decode(),
                "length": len(tarball.data),
            }
        },
    }


def call(url: str, method: str, target: str, *, token: str = "", data: Any = None) -> Any:
    """One request to the registry; gives its JSON. Raises urllib.error.HTTPError on refusal."""
    request = urllib.request.Request(  # noqa: S310 (loopback)
        url + target,
        method=method,
        data=None if data is None else json.dumps(data).encode(),
        headers={"content-type": "application/json"}
        | ({"authorization": f"Bearer {token}"} if token else {}),
    )
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 (loopback)
        return json.load(answer)
