"""The registry's public keys, and the attestations of releases that have a provenance."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from hardenme.sandbox.http import Reply
from hardenme.sandbox.npm.packages import PROVENANCE, tarball_of
from hardenme.sandbox.npm.visit import RefusedVisit, View, Visit, not_found
from hardenme.sandbox.npm.world import Package, Provenance, Version

PUBLISH = "https://github.com/npm/attestation/tree/main/specs/publish/v0.1"


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
        raise RefusedVisit(not_found())
    from hardenme.sandbox.npm.transparency import the_notary  # noqa: PLC0415 (start-up)

    publish = _statement(
        package,
        version,
        PUBLISH,
        {"name": package.name, "version": version.version, "registry": visit.desk.url},
    )
    bundles = {
        PUBLISH: the_notary().keyed(publish, visit.desk.signer, version.published_at),
        PROVENANCE: provenance_of(package, version, version.provenance),
    }
    return Reply(
        200,
        {
            "attestations": [
                {"predicateType": kind, "bundle": bundle} for kind, bundle in bundles.items()
            ]
        },
    )


def provenance_of(package: Package, version: Version, provenance: Provenance) -> dict[str, Any]:
    """The bundle that says where a release was built; its run begins a minute before it is out."""
    from hardenme.sandbox.npm.authority import BuildRun  # noqa: PLC0415 (start-up)
    from hardenme.sandbox.npm.transparency import the_notary  # noqa: PLC0415 (start-up)

    where = (provenance.repository, provenance.workflow, provenance.ref)
    return the_notary().bundle(
        _statement(package, version, PROVENANCE, _slsa(provenance)),
        BuildRun.of(*where, version.commit or ""),
        version.published_at - timedelta(minutes=1),
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


def _statement(package: Package, version: Version, kind: str, predicate: dict[str, Any]) -> bytes:
    name = f"pkg:npm/{quote(package.name, safe='/')}@{version.version}"
    digest = {"sha512": tarball_of(package, version).sha512}
    statement = {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": name, "digest": digest}],
        "predicateType": kind,
        "predicate": predicate,
    }
    return json.dumps(statement, sort_keys=True).encode()


ROUTES: dict[str, View] = {
    "GET /-/npm/v1/keys": keys,
    "GET /-/npm/v1/attestations/{release}": attestations,
}
