"""Reads the provenance of newest releases, and has it verified where the extra is installed."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

from hardenme.collectors.answer import nothing
from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.npm.asking import fetch, place
from hardenme.collectors.npm.client import Npm
from hardenme.collectors.protocol import Collector
from hardenme.collectors.reading import Item, all_known
from hardenme.facts.npm.manifest import KIND
from hardenme.facts.npm.package import NewestRelease
from hardenme.facts.npm.provenance import ABSENT, ReleaseProvenance
from hardenme.ground.distribution import install
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

SHA512 = 64
FIELDS = ("why", "provider", "address", "repository", "workflow", "ref", "commit")
EMPTY: dict[str, Any] = dict.fromkeys(FIELDS, "")


def provenance(npm: Npm, scope: Subject, store: FactStore) -> Iterator[Answer[Any]]:
    """GET /-/npm/v1/attestations/{package}@{version}, where the packument lists a provenance."""
    release = store.fact(NewestRelease, scope)
    evidence = store.evidence(NewestRelease, scope)
    if release is None:
        yield nothing(ReleaseProvenance, scope, Unknown(Reason.NOT_ASKED, "a newest release"))
        return
    unread = release.unknown_fields()
    why = next((unread[name] for name in ("version", "provenance") if name in unread), None)
    if why is not None:
        yield Answer(ReleaseProvenance, scope, (), evidence, why)
        return
    if not release.provenance:
        fact = ReleaseProvenance(
            **place(npm, scope),
            **EMPTY,
            package=scope.name,
            version=release.version,
            outcome=ABSENT,
        )
        yield Answer(ReleaseProvenance, scope, (fact,), evidence)
        return
    digest = unread.get("integrity") or sha512(release.integrity)
    if isinstance(digest, Unknown):
        yield Answer(ReleaseProvenance, scope, (), evidence, digest)
        return
    yield _verified(npm, scope, release.version, digest, evidence)


def sha512(integrity: str) -> str | Unknown:
    """The SHA-512 digest in hex out of a subresource integrity."""
    for part in integrity.split():
        name, _, value = part.partition("-")
        try:
            digest = base64.b64decode(value.partition("?")[0], validate=True)
        except ValueError:
            continue
        if name == "sha512" and len(digest) == SHA512:
            return digest.hex()
    return Unknown(Reason.NOT_VISIBLE, "a packument whose `integrity` holds a SHA-512 digest")


def purl(package: str, version: str) -> str:
    """How a provenance names a release. Source: the npm client's `npa.toPurl`."""
    return f"pkg:npm/{package.replace('@', '%40', 1)}@{version}"


def _verified(
    npm: Npm, scope: Subject, version: str, digest: str, evidence: tuple[Any, ...]
) -> Answer[Any]:
    try:
        from hardenme.collectors.npm import sigstore_proof  # noqa: PLC0415 (sigstore is an extra)
    except ImportError:
        why = Unknown(
            Reason.NOT_ASKED,
            f"the extra that verifies provenance: {install('provenance')}",
            "sigstore is not installed",
        )
        return Answer(ReleaseProvenance, scope, (), evidence, why)
    found = fetch(npm, ReleaseProvenance, package=scope.name, version=version)
    if isinstance(found, Unknown):
        return Answer(ReleaseProvenance, scope, (), (*evidence, *found.evidence), found)
    response, item = found
    evidence = (*evidence, response.atom)
    trust = npm.memo.get("the trust root", lambda: sigstore_proof.SigstoreRoot.of(npm.trust_root))
    bundle = _bundle(item)
    lacking = all_known((trust, bundle))
    if lacking is not None:
        return Answer(ReleaseProvenance, scope, (), evidence, lacking)
    proof = trust.prove(bundle, purl(scope.name, version), digest)
    if isinstance(proof, Unknown):
        return Answer(ReleaseProvenance, scope, (), evidence, proof)
    fact = ReleaseProvenance(
        **place(npm, scope), package=scope.name, version=version, **EMPTY | proof
    )
    return Answer(ReleaseProvenance, scope, (fact,), evidence)


def _bundle(item: Item) -> Any:
    """The one provenance of an answer, among what else is attested."""
    if not item.lists("attestations"):
        return item.absent("attestations")
    found = [
        one.item("bundle")
        for one in item.items("attestations")
        if str(one.data.get("predicateType")).startswith(KIND)
    ]
    if not found:
        return Unknown(Reason.NOT_VISIBLE, f"an answer to {item.endpoint} that holds a provenance")
    return found[0] if len(found) == 1 else item.odd("attestations")


def _loads(scope: Subject, store: FactStore) -> tuple[str, ...]:
    """Sigstore's library is worth its time where there is a provenance to verify."""
    release = store.fact(NewestRelease, scope)
    listed = release and "provenance" not in release.unknown_fields() and release.provenance
    return ("hardenme.collectors.npm.sigstore_proof",) if listed else ()


COLLECTORS = (
    Collector(
        "npm provenance",
        (ReleaseProvenance,),
        provenance,
        loads=_loads,
    ),
)
