"""The registry's public keys, and the attestations of releases that have a provenance."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import quote

from hardenme.sandbox.http import Reply
from hardenme.sandbox.npm.packages import PROVENANCE, tarball_of
from hardenme.sandbox.npm.visit import Refusal, View, Visit, not_found
from hardenme.sandbox.npm.world import Package, Provenance, Version

PUBLISH = "https://github.com/npm/attestation/tree/main/specs/publish/v0.1"
PAYLOAD_TYPE = "application/vnd.in-toto+json"
BUNDLE_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json"


def keys(visit: Visit) -> Reply:
    """`GET /-/npm/v1/keys`: the key that verifies `dist.signatures`."""
    signer = visit.desk.signer
    key = {
        "expires": None,
        "keyid": signer.key_id,
        "keytype": "ecdsa-sha2-nistp256",
        "scheme": "ecdsa-sha2-nistp256",
        "key": base64.b64encode(signer.public_key).decode(),
    }
    return Reply(200, {"keys": [key]})


def attestations(visit: Visit) -> Reply:
    """`GET /-/npm/v1/attestations/{package}@{version}`; 404 for a release without any."""
    name, _, number = visit.args["release"].rpartition("@")
    package = visit.world.package(name)
    version = package.version(number) if package and visit.may_see(package) else None
    if package is None or version is None or version.provenance is None:
        raise Refusal(not_found())
    provenance = _statement(package, version, PROVENANCE, _slsa(version.provenance))
    publish = _statement(
        package,
        version,
        PUBLISH,
        {"name": package.name, "version": version.version, "registry": visit.desk.url},
    )
    return Reply(
        200,
        {
            "attestations": [
                {"predicateType": PUBLISH, "bundle": _bundle(visit, publish)},
                {"predicateType": PROVENANCE, "bundle": _bundle(visit, provenance)},
            ]
        },
    )


def _slsa(provenance: Provenance) -> dict[str, Any]:
    return {
        "buildDefinition": {
            "buildType": "https://slsa-framework.github.io/github-actions-buildtypes/workflow/v1",
            "externalParameters": {
                "workflow": {
                    "ref": provenance.ref,
                    "repository": provenance.repository,
                    "path": provenance.workflow,
                }
            },
        },
        "runDetails": {"builder": {"id": "https://github.com/actions/runner/github-hosted"}},
    }


def _statement(
    package: Package, version: Version, kind: str, predicate: dict[str, Any]
) -> dict[str, Any]:
    name = f"pkg:npm/{quote(package.name, safe='/')}@{version.version}"
    digest = {"sha512": tarball_of(package, version).sha512}
    return {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": name, "digest": digest}],
        "predicateType": kind,
        "predicate": predicate,
    }


def _bundle(visit: Visit, statement: dict[str, Any]) -> dict[str, Any]:
    """A DSSE envelope signed with the registry's key.

    npm signs only the publish attestation so; a provenance carries the certificate of its CI
    run and an entry of a public log, which a loopback server cannot have.
    """
    signer = visit.desk.signer
    payload = json.dumps(statement, sort_keys=True).encode()
    head = f"DSSEv1 {len(PAYLOAD_TYPE)} {PAYLOAD_TYPE} {len(payload)} ".encode()
    return {
        "mediaType": BUNDLE_TYPE,
        "verificationMaterial": {"publicKey": {"hint": signer.key_id}, "tlogEntries": []},
        "dsseEnvelope": {
            "payload": base64.b64encode(payload).decode(),
            "payloadType": PAYLOAD_TYPE,
            "signatures": [{"sig": signer.sign(head + payload), "keyid": signer.key_id}],
        },
    }


ROUTES: dict[str, View] = {
    "GET /-/npm/v1/keys": keys,
    "GET /-/npm/v1/attestations/{release}": attestations,
}
