"""Provenance that packages were published with verifies by the trust root that the library brings.

npm's own client asks the registry that it is set up for. Where that has no attestations, or is not
reached, nothing is compared.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from hardenme.collectors.npm.provenance import purl, sha512
from hardenme.collectors.npm.sigstore_proof import SigstoreRoot
from hardenme.collectors.reading import Item
from hardenme.facts.npm.manifest import KIND
from hardenme.facts.npm.provenance import VERIFIED
from tests.collectors.scripted import server

pytestmark = pytest.mark.needs("node", "npm")
SCRIPT = Path(__file__).with_name("attestations.cjs")
BUNDLE = Path(__file__).parent / "bundles" / "sigstore-2.0.0.json"
INTEGRITY = (
    "sha512-RtTi90xIdzFmQAAKb9+Ki1nx4IR2Z5c+mFn3dN0xuPHgk3gTt3f7ZqKsZ9UF"
    "QP40ZAlm7un8LMyjhwgrTIXNPA=="
)
PUBLISHED = (
    *("sigstore@2.0.0", "sigstore@latest", "semver@latest", "npm@latest", "vite@latest"),
    *("@sigstore/bundle@latest", "@sigstore/verify@latest", "pacote@latest", "undici@latest"),
)
"""Releases with a provenance: of npm before 11 and after, and of several projects."""


def asked(*specs: str, registry: str = "") -> list[dict[str, Any]]:
    """What a registry has of releases; of npm's settings where none is named."""
    given = {"npm_config_registry": registry} if registry else {}
    done = subprocess.run(  # noqa: S603 (a fixed command)
        [shutil.which("node") or "node", SCRIPT, *specs],
        env={**os.environ, **given, "npm_config_fetch_retries": "0"},
        capture_output=True,
        text=True,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def outcomes(one: dict[str, Any]) -> list[Any]:
    """What is proved by each provenance of a release."""
    root = SigstoreRoot.of("")
    assert isinstance(root, SigstoreRoot)
    name, digest = one["spec"].rpartition("@")[0], sha512(one["integrity"])
    assert isinstance(digest, str)
    found = [
        root.prove(Item(bundle, "GET /"), purl(name, one["version"]), digest)
        for bundle in bundles(one)
    ]
    return [proof["outcome"] if isinstance(proof, dict) else proof for proof in found]


def bundles(one: dict[str, Any]) -> list[dict[str, Any]]:
    """The provenances of a release, among what else is attested."""
    listed = one.get("documents", {}).get("attestations", [])
    return [item["bundle"] for item in listed if item["predicateType"].startswith(KIND)]


def test_what_the_client_asks_for_is_what_is_verified() -> None:
    bundle = json.loads(BUNDLE.read_text("utf-8"))
    about = {"dist-tags": {}, "versions": {"2.0.0": {"dist": {"integrity": INTEGRITY}}}}
    other = {"predicateType": "https://attest.example/publish", "bundle": {}}
    listed = [other, {"predicateType": f"{KIND}v1", "bundle": bundle}]
    paths = {"/sigstore": about, "/-/npm/v1/attestations/sigstore@2.0.0": {"attestations": listed}}
    with server(paths) as running:
        found, lost = asked("sigstore@2.0.0", "absent@1.0.0", registry=running.url)
    assert outcomes(found) == [VERIFIED]
    assert lost == {"spec": "absent@1.0.0", "lost": "E404"}


def test_what_was_published_verifies() -> None:
    found = [one for one in asked(*PUBLISHED) if bundles(one)]
    if not found:
        pytest.skip("the registry that npm asks has no attestations, or is not reached")
    assert {one["spec"]: outcomes(one) for one in found} == {
        one["spec"]: [VERIFIED] for one in found
    }
