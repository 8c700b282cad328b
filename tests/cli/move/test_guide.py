"""The guide "Move to trusted publishing without breaking a release", walked by its commands."""

from __future__ import annotations

import base64
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests

from hardenme.ground.exit_code import Exit
from hardenme.sandbox.npm.tarball import pack
from tests.reports.move.scene import OLD, Scene, claims_of, publisher, scene
from tests.worlds.npm_releases import id_token

pytestmark = [
    pytest.mark.needs("npm", "node"),
    pytest.mark.second_tier("it starts the npm client and hardenme for each command"),
    pytest.mark.sampled(10, among="whole stories"),
]
GUIDE = Path(__file__).parents[3] / "docs/guides/trusted-publishing.md"
PACKAGES = 2
NAMES = {"repository": "acme/lib", "workflow": "release.yml", "environment": "npm"}
COLUMNS = ("batch", "package", "repository", "workflow", "permission", "environment")
HARDENME = """\
#!/bin/sh
HARDENME_NPM_TOKEN={token} exec {python} -m hardenme "$@" --npm-registry {url} --no-cache
"""


def documented() -> set[str]:
    """The commands of the guide's script, by their first word."""
    return set(re.findall(r"sh move\.sh (\w+)", GUIDE.read_text(encoding="utf-8")))


def hardenme(found: Scene, *words: str) -> subprocess.CompletedProcess[str]:
    """Run hardenme in the person's folder."""
    return subprocess.run(  # noqa: S603 (our own command)
        [found.terminal.programs / "hardenme", *words],
        cwd=found.terminal.folder,
        env={"HOME": str(found.terminal.folder), "PATH": os.environ["PATH"], "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def answer(table: Path) -> None:
    """Write a name in place of each question, and have all packages in one batch."""
    lines = []
    for line in table.read_text().splitlines():
        if not line.startswith("#"):
            cells = dict(zip(COLUMNS, line.split(maxsplit=5), strict=True))
            named = {
                name: NAMES.get(name, cell) if cell == "?" else cell for name, cell in cells.items()
            }
            lines.append(" ".join((named | {"batch": "1"}).values()))
    table.write_text("\n".join(lines) + "\n")


def release(found: Scene, number: int) -> None:
    """Stage the next version, as the workflow does with its id token."""
    name, url = found.package(number).name, found.sandbox.url
    path = name.replace("/", "%2f")
    host = url.partition("://")[2].partition(":")[0]
    token = id_token(claims_of("acme/lib", "release.yml", "npm", host))
    exchange = f"{url}/-/npm/v1/oidc/token/exchange/package/{path}"
    made = requests.post(exchange, headers={"authorization": f"Bearer {token}"}, timeout=60)
    assert made.status_code == 201
    data = base64.b64encode(pack({"name": name, "version": "1.3.0"}, ("a.js", "//")).data)
    body = {
        "name": name,
        "dist-tags": {"latest": "1.3.0"},
        "versions": {"1.3.0": {"name": name, "version": "1.3.0", "gitHead": "4f1c09ab32d7"}},
        "_attachments": {f"{name}-1.3.0.tgz": {"data": data.decode()}},
    }
    reply = requests.post(
        f"{url}/-/stage/package/{path}",
        json=body,
        headers={"authorization": f"Bearer {made.json()['token']}"},
        timeout=60,
    )
    assert reply.status_code == 201, reply.text


@pytest.fixture
def found(tmp_path: Path) -> Iterator[Scene]:
    with scene(tmp_path, PACKAGES) as made:
        # hardenme goes by this machine's clock, and asks for 2FA at a terminal.
        made.terminal.set_clock(int(datetime.now(UTC).timestamp()))
        made.world.now = datetime.now(UTC)
        made.environ["TERM"] = "xterm"
        for package in made.world.packages:
            package.publishers.append(publisher())
        text = HARDENME.format(
            token=made.world.token("sedge"), python=sys.executable, url=made.sandbox.url
        )
        made.terminal.install("hardenme", text)
        yield made


def test_the_guide_is_walked(found: Scene) -> None:
    walked = set()

    def sh(command: str, *words: str) -> str:
        walked.add(command)
        ended = found.run(command, *words)
        assert ended.code == 0, ended.said
        return ended.said

    folder = found.terminal.folder
    (folder / "move.sh").unlink()
    ran = hardenme(found, "move", "npm:@reed-bed", "--to", "staged")
    assert ran.returncode == Exit.UNKNOWN, ran.stderr
    assert "ANSWER" in ran.stdout
    assert "write a name in place of each ?" in sh("check")
    answer(folder / "move.txt")
    assert sh("check").count("next: set 1") == PACKAGES
    sh("set", "1")
    assert sh("check").count("next: release it by") == PACKAGES
    for number in range(PACKAGES):
        release(found, number)
    sh("approve")
    assert [one.versions[-1].version for one in found.world.packages] == ["1.3.0"] * PACKAGES
    assert sh("check").count("finish, which removes") == PACKAGES
    sh("finish", "1")
    assert OLD not in {one.id for package in found.world.packages for one in package.publishers}
    assert {package.mfa for package in found.world.packages} == {"publish"}
    assert sh("check").count("nothing: a release through it was seen") == PACKAGES
    sh("undo")
    for package in found.world.packages:
        assert [one.claims["repository"] for one in package.publishers] == ["acme/old"]
    assert walked == documented()


def test_a_repository_that_moves_gets_a_second_publisher_first(found: Scene) -> None:
    name = found.package().name
    (found.terminal.folder / "move.sh").unlink()
    named = ("--repo", "acme/new", "--workflow", "release.yml", "--env", "npm")
    ran = hardenme(found, "move", f"npm:{name}", "--to", "staged", *named)
    assert ran.returncode == Exit.CLEAN, ran.stderr
    answer(found.terminal.folder / "move.txt")
    ended = found.run("set", "1")
    assert ended.code == 0, ended.said
    repositories = [one.claims["repository"] for one in found.package().publishers]
    assert repositories == ["acme/old", "acme/new"]
