"""The real npm client verifies what the sandbox signs, and sees the faults that hardenme sees."""

from __future__ import annotations

import base64
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from hardenme.model.report import Report
from hardenme.sandbox.http import Fault, Reply, Request
from hardenme.sandbox.npm.scenarios import hardened_maintainer
from hardenme.sandbox.npm.server import NpmSandbox
from hardenme.sandbox.npm.transparency import trust_root
from tests.running import NOW, Stage, stage
from tests.sandbox.test_npm_client import Client
from tests.sandbox.tuf_mirror import Mirror, repository
from tests.worlds.github import hardened_maintainer as on_github

LANTERN, COMPASS, BASKET = (f"@hazel-grove/{name}" for name in ("lantern", "compass", "basket"))
pytestmark = pytest.mark.needs("npm")


@dataclass(frozen=True)
class Auditor(Client):
    """The npm client, which gets its trust root from a mirror."""

    mirror: Mirror

    def environment(self, token: str = "") -> dict[str, str]:
        return super().environment(token) | self.mirror.environment


@pytest.fixture
def running() -> Iterator[Stage]:
    with stage(on_github(NOW), hardened_maintainer(NOW)) as found:
        yield found


@pytest.fixture
def auditor(running: Stage, tmp_path: Path) -> Iterator[Auditor]:
    files = repository(trusted_root=trust_root().encode())
    assert isinstance(running.npm, NpmSandbox)
    with Mirror(tmp_path, files) as mirror:
        client = Auditor(running.npm, tmp_path, mirror)
        mirror.seed(client.home / "cache")
        needs = dict.fromkeys((LANTERN, COMPASS, BASKET), "2.0.0")
        (client.home / "package.json").write_text(json.dumps({"dependencies": needs}))
        done = client.run("install", "--ignore-scripts")
        assert done.returncode == 0, done.stderr
        yield client


def flip(text: str) -> str:
    data = bytearray(base64.b64decode(text))
    data[-1] ^= 1
    return base64.b64encode(data).decode()


def unproven(_: Request, reply: Reply) -> Reply:
    """The provenance, with one bit of its signature flipped."""
    data = json.loads(reply.encoded())
    (one,) = (part for part in data["attestations"] if "slsa.dev" in part["predicateType"])
    (signature,) = one["bundle"]["dsseEnvelope"]["signatures"]
    signature["sig"] = flip(signature["sig"])
    return Reply(200, data)


def unsigned(_: Request, reply: Reply) -> Reply:
    """The packument, with one bit of the registry's signature of the newest release flipped."""
    data = json.loads(reply.encoded())
    (signature,) = data["versions"]["2.0.0"]["dist"]["signatures"]
    signature["sig"] = flip(signature["sig"])
    return Reply(200, data)


def failures(report: Report) -> set[tuple[str, str]]:
    return {
        (finding.code, finding.subject.name)
        for finding in report.findings
        if finding.result == "failed"
    }


def judged(running: Stage) -> Report:
    targets = (f"npm:{name}" for name in (LANTERN, COMPASS, BASKET))
    report = running.audit(*targets, select_=("NPP107", "NPP113"))
    assert len(report.findings) == 6
    unknown = [one for one in report.findings if one.result not in {"passed", "failed"}]
    assert unknown == []
    return report


@pytest.mark.sampled(2, among="audits on npm")
def test_signatures_and_provenance_are_verified(running: Stage, auditor: Auditor) -> None:
    seen = auditor.json("audit", "signatures", "--include-attestations")
    assert (seen["invalid"], seen["missing"]) == ([], [])
    assert {one["name"] for one in seen["verified"]} == {LANTERN, COMPASS, BASKET}
    for one in seen["verified"]:
        assert len(one["attestationBundles"]) == 2
    assert any("trusted_root" in path for path in auditor.mirror.asked)
    assert not failures(judged(running))


@pytest.mark.sampled(2, among="audits on npm")
def test_what_is_broken_is_seen_by_both(running: Stage, auditor: Auditor) -> None:
    running.npm.faults += [
        Fault(r"/-/npm/v1/attestations/@hazel-grove.*lantern@2\.0\.0", edit=unproven),
        Fault(r"/@hazel-grove.*compass", edit=unsigned),
    ]
    shutil.rmtree(auditor.home / "cache" / "_cacache")
    done = auditor.run("audit", "signatures", "--json")
    assert done.returncode == 1
    seen = json.loads(done.stdout)
    assert {(one["code"], one["name"]) for one in seen["invalid"]} == {
        ("EATTESTATIONVERIFY", LANTERN),
        ("EINTEGRITYSIGNATURE", COMPASS),
    }
    assert failures(judged(running)) == {("NPP107", LANTERN), ("NPP113", COMPASS)}
