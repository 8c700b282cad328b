"""What the real npm client runs for a `binding.gyp`, and what is said of such a release."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from hardenme.sandbox.http import Reply, Request
from hardenme.sandbox.npm.released import Version
from tests.hostile.publishing import PACKAGE, PATH, TARGET, publisher
from tests.hostile.sweeping import results
from tests.running import NOW, Stage
from tests.sandbox.test_npm_client import Client

ABOUT = f"npm:package/{PACKAGE}"
CODES = ("NPP114", "REL104")


def released(running: Stage, **how: bool) -> dict[str, str]:
    """What is said of a release an hour ago with such a `gypfile`."""
    (package,) = running.npm.world.packages  # type: ignore[attr-defined]  # the sandbox has it
    then = NOW - timedelta(hours=1)
    last = package.versions[-1]
    package.versions.append(Version("2.0.1", then, last.publisher, approver=last.approver, **how))
    report = running.audit(TARGET, select_=CODES)
    return {"NPP114": results(report, ABOUT)["NPP114"]} | {
        "REL104": results(report, f"{ABOUT}@2.0.1")["REL104"]
    }


@pytest.mark.sampled(3)
@pytest.mark.needs("npm")
@pytest.mark.parametrize(
    ("gypfile", "runs"), [(True, True), (None, True), (False, False)], ids=["true", "none", "false"]
)
def test_the_client_runs_node_gyp_for_a_file_without_any_script(
    tmp_path: Path, *, gypfile: bool | None, runs: bool
) -> None:
    with publisher() as running:
        world = running.npm.world  # type: ignore[attr-defined]  # the sandbox has it
        newest = world.packages[0].versions[-1]
        newest.binding_gyp, newest.gypfile = True, gypfile
        assert not newest.scripts
        client = Client(running.npm, tmp_path)  # type: ignore[arg-type]  # it is npm's sandbox
        project = {"name": "user", "version": "1.0.0", "allowScripts": {PACKAGE: True}}
        (tmp_path / "package.json").write_text(json.dumps(project))
        # Nothing is there to build with, so that it ends at once.
        words = ("install", PACKAGE, "--foreground-scripts", f"--nodedir={tmp_path / 'absent'}")
        done = client.run(*words, token=world.token("hazel"))
    assert ("node-gyp rebuild" in done.stdout + done.stderr) is runs, done.stderr


def test_a_release_that_says_so_runs_code_when_it_is_installed() -> None:
    with publisher() as running:
        assert released(running, binding_gyp=True, gypfile=True) == dict.fromkeys(CODES, "failed")


def test_a_release_that_switches_it_off_runs_none() -> None:
    with publisher() as running:
        assert released(running, binding_gyp=True, gypfile=False) == dict.fromkeys(CODES, "passed")


@pytest.mark.parametrize("lost", ["_npmUser", "signatures"])
def test_what_a_stripped_release_leaves_out_is_not_known(lost: str) -> None:
    """Its repository, its scripts and `gypfile`: none of them is absent in what was taken apart."""

    def strip(_request: Request, reply: Reply) -> Reply:
        data = json.loads(reply.encoded())
        for item in (data, *data["versions"].values()):
            item.pop("repository", None)
            item.pop(lost, None)
            item.get("dist", {}).pop(lost, None)
        return Reply(reply.status, data, reply.headers)

    with publisher() as running:
        whole = results(running.audit(TARGET, select_=("NPP114", "NPP115")), ABOUT)
        running.npm.fault(f"/{PATH}", edit=strip)
        found = results(running.audit(TARGET, select_=("NPP114", "NPP115")), ABOUT)
    assert whole == {"NPP114": "passed", "NPP115": "passed"}
    assert found == {"NPP114": "unknown", "NPP115": "unknown"}


@pytest.mark.parametrize(
    ("in_manifest", "on_top", "said"),
    [
        ("github:hazel/lantern", None, "passed"),
        ("github:hazel/lantern", "github:stranger/lantern", "passed"),
        ("https://git.acme.example/hazel/lantern", "github:hazel/lantern", "not_applicable"),
        (None, None, "failed"),
    ],
    ids=["the manifest alone", "both", "another one", "neither"],
)
def test_the_manifest_of_the_newest_release_names_the_repository(
    in_manifest: str | None, on_top: str | None, said: str
) -> None:
    def name(_request: Request, reply: Reply) -> Reply:
        data = json.loads(reply.encoded())
        for item, value in ((data, on_top), (data["versions"]["2.0.0"], in_manifest)):
            item.pop("repository", None)
            item.update({} if value is None else {"repository": value})
        return Reply(reply.status, data, reply.headers)

    with publisher() as running:
        running.npm.fault(f"/{PATH}", edit=name)
        found = results(running.audit(TARGET, select_=("NPP115",)), ABOUT)
    assert found == {"NPP115": said}
