"""The script with the real npm client at a terminal: a whole move, new packages, and approvals."""

from __future__ import annotations

import json
import sys
import uuid
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hardenme.sandbox.npm.tarball import pack
from hardenme.sandbox.npm.world import Person, Provenance, StagedVersion, Version
from tests.reports.move.scene import OLD, WINDOW, Scene, publisher, scene
from tests.reports.move.terminal import row

pytestmark = [
    pytest.mark.needs("npm", "node"),
    pytest.mark.second_tier("it starts the npm client for every call"),
    pytest.mark.sampled(20),
]
MOST, FEWER, FEW = 40, 12, 3
REPOSITORY = "https://github.com/acme/lib"


def released(found: Scene, number: int, *, by: str = "", workflow: str = "release.yml") -> None:
    """A release of a package an hour later: by a publisher's id, or with provenance alone."""
    package = found.package(number)
    version = Version("9.0.0", found.world.now, Person("GitHub Actions", "ci@npm.example"))
    if by:
        version.trusted_publisher = {"id": "github", "oidcConfigId": f"oidc:{by}"}
    else:
        version.provenance = Provenance(REPOSITORY, f".github/workflows/{workflow}")
    package.versions.append(version)


def added(found: Scene, number: int) -> str:
    """The id of the publisher that was added last."""
    return found.package(number).publishers[-1].id


def test_many_packages(
    tmp_path: Path,
    exhaustive: bool,  # noqa: FBT001 (a fixture)
) -> None:
    many = MOST if exhaustive else FEWER
    with scene(tmp_path, many) as found:
        for package in found.world.packages:
            package.publishers.append(publisher())
        names = [package.name for package in found.world.packages]
        found.terminal.table(*map(row, names))
        ended = found.run("set", "1")
        assert ended.code == 0, ended.said
        # One call to read and one to add, of which a window carries so many.
        assert ended.prompts <= -(-2 * many // WINDOW) + 1
        assert [len(package.publishers) for package in found.world.packages] == [2] * many
        assert ended.said.count("stays until a release was seen") == many
        found.pass_hours(1)
        released(found, 0, by=added(found, 0))
        released(found, 1)
        released(found, 2, by=OLD)
        found.terminal.table(*map(row, names[:FEW]))
        ended = found.run("finish")
        assert ended.code == 1
        assert [len(package.publishers) for package in found.world.packages[:FEW]] == [1, 1, 2]
        assert f"{names[2]}: no release through the new publisher was seen" in ended.said
        assert [package.mfa for package in found.world.packages[:FEW]] == ["publish"] * 2 + [None]
        ended = found.run("undo")
        assert ended.code == 0, ended.said
        for package in found.world.packages[:2]:
            (back,) = package.publishers
            assert (back.claims, back.permissions) == (
                publisher().claims,
                publisher().permissions,
            )
            assert package.mfa == "automation"


def test_each_proof_ends_the_old_publisher(tmp_path: Path) -> None:
    with scene(tmp_path, 2) as found:
        for package in found.world.packages:
            package.publishers.append(publisher())
        found.terminal.table(*(row(package.name) for package in found.world.packages))
        assert found.run("set", "1").code == 0
        found.pass_hours(1)
        released(found, 0, by=added(found, 0))
        released(found, 1)
        ended = found.run("finish")
        assert ended.code == 0, ended.said
        assert [len(package.publishers) for package in found.world.packages] == [1, 1]


def moved_private(found: Scene, **released_as: str) -> None:
    """A private package with an old publisher and a new one, and a release."""
    package = found.package()
    package.private = True
    package.publishers.append(publisher())
    found.terminal.table(row(package.name))
    assert found.run("set", "1").code == 0
    found.pass_hours(1)
    by = added(found, 0) if released_as.get("by") == "new" else released_as.get("by", "")
    released(found, 0, by=by)


def test_npm_shows_the_release_of_a_private_package_to_its_owner(tmp_path: Path) -> None:
    with scene(tmp_path, 1) as found:
        moved_private(found, by="new")
        assert "finish, which removes what it replaces" in found.run("check").said
        ended = found.run("finish")
        assert ended.code == 0, ended.said
        assert "Did release.yml" not in ended.said
        assert [one.id != OLD for one in found.package().publishers] == [True]


@pytest.mark.parametrize("answer", ["y", "n"])
def test_a_person_says_by_what_a_private_package_was_released(tmp_path: Path, answer: str) -> None:
    """A staged version can name who approved it in place of the publisher."""
    with scene(tmp_path, 1) as found:
        moved_private(found)
        assert "finish, which asks whether 9.0.0 was released" in found.run("check").said
        ended = found.run("finish", answers=[answer, "y", "y"] if answer == "y" else [answer])
        assert "npm does not show through which publisher" in ended.said
        assert "9.0.0 was published 2026-11-24 13:00 UTC by GitHub Actions." in ended.said
        assert "Did release.yml of acme/lib, environment npm publish it?" in ended.said
        assert (ended.code == 0) is (answer == "y"), ended.said
        assert len(found.package().publishers) == (1 if answer == "y" else 2)


def test_a_private_release_by_the_old_publisher_is_no_proof(tmp_path: Path) -> None:
    with scene(tmp_path, 1) as found:
        moved_private(found, by=OLD)
        ended = found.run("finish", answers=[])
        assert ended.code == 1
        assert "no release through the new publisher was seen" in ended.said
        assert len(found.package().publishers) == 2


def test_provenance_of_another_workflow_is_no_proof(tmp_path: Path) -> None:
    with scene(tmp_path, 1) as found:
        package = found.package()
        package.publishers.append(publisher())
        found.terminal.table(row(package.name))
        assert found.run("set", "1").code == 0
        found.pass_hours(1)
        released(found, 0, workflow="publish.yml")
        assert found.run("finish").code == 1
        assert len(package.publishers) == 2


def test_provenance_does_not_tell_environments_apart(tmp_path: Path) -> None:
    with scene(tmp_path, 1) as found:
        package = found.package()
        package.publishers.append(publisher("acme/lib", "release.yml"))
        found.terminal.table(row(package.name))
        assert found.run("set", "1").code == 0
        found.pass_hours(1)
        released(found, 0)
        ended = found.run("finish")
        assert (ended.code, len(package.publishers)) == (1, 2)


def test_what_npm_cannot_change_is_left(tmp_path: Path) -> None:
    with scene(tmp_path, 3) as found:
        same = {"environment": "npm", "permissions": ("createPackage",)}
        found.package(0).publishers.append(publisher("acme/lib", "release.yml", **same))
        same["permissions"] = ("createStagedPackage",)
        found.package(1).publishers.append(publisher("acme/lib", "release.yml", **same))
        found.package(2).publishers += [
            publisher("acme/lib", f"{index}.yml", number=str(uuid.UUID(int=index)))
            for index in range(10)
        ]
        found.terminal.table(*(row(package.name) for package in found.world.packages))
        ended = found.run("set", "1")
        assert ended.code == 1
        assert found.writes() == []
        assert "Name another environment in the table" in ended.said
        assert f"{found.package(1).name}: is set already" in ended.said
        assert "it has 10 publishers" in ended.said


def test_what_expired_is_added_again(tmp_path: Path) -> None:
    with scene(tmp_path, 1) as found:
        package = found.package()
        found.terminal.table(row(package.name))
        assert found.run("set", "1").code == 0
        first = added(found, 0)
        found.pass_hours(49)
        assert "which adds it again: it expired" in found.run("check").said
        ended = found.run("set", "1")
        assert ended.code == 0, ended.said
        assert "1 have expired unused" in ended.said
        (new,) = package.publishers
        assert new.id != first
        assert new.live(found.world.now)


def test_a_new_package_gets_a_placeholder(tmp_path: Path) -> None:
    with scene(tmp_path, 1) as found:
        found.terminal.table(row("@reed-bed/new"))
        ended = found.run("set", "1")
        assert ended.code == 0, ended.said
        package = found.world.package("@reed-bed/new")
        assert package is not None
        assert [one.version for one in package.versions] == ["0.0.0-stage"]
        assert len(package.publishers) == 1
        (staged,) = found.world.staged
        assert f"npm stage reject {staged.id}" in ended.said


HARDENME = '#!/bin/sh\ncat "$HOME/judged.json"\n'


def staged(found: Scene, name: str, actor: str = "sedge") -> StagedVersion:
    """A version of a package that waits, with its archive."""
    one = StagedVersion(
        str(uuid.uuid5(uuid.NAMESPACE_OID, name)),
        name,
        "1.3.0",
        found.world.now,
        actor,
        extra={"gitHead": "4f1c09ab32d7"},
    )
    found.world.staged.append(one)
    evil = "harmless\n\x1b[2J\u202e"
    found.releases.tarballs[one.id] = pack({"name": name, "version": "1.3.0"}, ("a.js", evil)).data
    return one


def judged(folder: Path, outcome: str, staged_id: str) -> None:
    """What hardenme says of a package and of its staged version."""
    findings = [
        {"code": "REL101", "subject": "npm:package/x@1.2.0", "outcome": outcome, "message": "odd"},
        {"code": "NPP112", "subject": f"npm:staged/{staged_id}", "outcome": "passed"},
    ]
    (folder / "judged.json").write_text(json.dumps({"findings": findings}))


def test_an_approval_shows_who_what_and_the_difference(tmp_path: Path) -> None:
    with scene(tmp_path, 2) as found:
        found.terminal.install("hardenme", HARDENME)
        name = found.package().name
        one = staged(found, name)
        staged(found, found.package(1).name)
        judged(tmp_path, "passed", one.id)
        found.terminal.table(row(name))
        ended = found.run("approve")
        assert ended.code == 0, ended.said
        assert f"{name}@1.3.0, for the dist-tag latest" in ended.said
        assert "staged by sedge (user)" in ended.said
        assert "commit 4f1c09ab32d7" in ended.said
        assert "changes since 1.2.0" in ended.said
        assert "+harmless" in ended.said
        # npm writes out the first by itself.
        assert "^[[2J\\u{202e}" in ended.said
        assert "\x1b[2J" not in ended.said
        assert "left out, it is not in the table" in ended.said
        assert found.package().versions[-1].version == "1.3.0"
        assert len(found.world.staged) == 1


REAL = """\
#!/bin/sh
HARDENME_NPM_TOKEN={token} exec {python} -m hardenme "$@" --npm-registry {url} --no-cache
"""


@pytest.mark.parametrize(("actor", "approved"), [("sedge", True), ("someone", False)])
def test_hardenme_judges_who_staged_it(tmp_path: Path, actor: str, *, approved: bool) -> None:
    with scene(tmp_path, 1) as found:
        # hardenme goes by this machine's clock, and asks for 2FA at a terminal.
        found.environ["TERM"] = "xterm"
        found.terminal.set_clock(int(datetime.now(UTC).timestamp()))
        found.world.now = datetime.now(UTC)
        text = REAL.format(
            token=found.world.token("sedge"), python=sys.executable, url=found.sandbox.url
        )
        found.terminal.install("hardenme", text)
        name = found.package().name
        found.terminal.table(row(name))
        staged(found, name, actor)
        ended = found.run("approve")
        assert (found.world.staged == []) is approved, ended.said
        assert ("NPP112 failed: someone staged" in ended.said) is not approved


@pytest.mark.parametrize("permission", ["createStagedPackage", "createPackage"])
def test_what_a_workflow_staged_is_judged_by_the_publishers(
    tmp_path: Path, permission: str
) -> None:
    with scene(tmp_path, 1) as found:
        found.terminal.set_clock(int(datetime.now(UTC).timestamp()))
        found.world.now = datetime.now(UTC)
        found.environ["TERM"] = "xterm"
        token = found.world.token("sedge")
        text = REAL.format(token=token, python=sys.executable, url=found.sandbox.url)
        found.terminal.install("hardenme", text)
        name = found.package().name
        found.package().publishers.append(publisher("acme/lib", permissions=(permission,)))
        found.terminal.table(row(name))
        one = staged(found, name, "GitHub Actions")
        one.actor_type = "trusted automation"
        ended = found.run("approve")
        approved = permission == "createStagedPackage"
        assert (found.world.staged == []) is approved, ended.said
        assert ("NPP112 failed: GitHub Actions staged" in ended.said) is not approved


@pytest.mark.parametrize("outcome", ["failed", "unknown", "errored", "manual", ""])
def test_what_is_not_known_to_be_fine_is_left_out(tmp_path: Path, outcome: str) -> None:
    with scene(tmp_path, 1) as found:
        found.terminal.install("hardenme", HARDENME)
        one = staged(found, found.package().name)
        if outcome:
            judged(tmp_path, outcome, one.id)
        found.terminal.table(row(found.package().name))
        ended = found.run("approve", answers=[])
        assert ended.code == 1
        assert "left out" in ended.said
        assert found.world.staged == [one]
        assert found.writes() == []
