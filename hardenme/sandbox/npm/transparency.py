"""A transparency log, and the bundles that prove that something is in it.

The log is a Merkle tree after RFC 6962 with one signing key. Its entries, promises, proofs and
checkpoints have the format of Sigstore's public log (Rekor). So Sigstore's own libraries verify
them with the trust root of `trust_root`.
"""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from hardenme.sandbox.npm.authority import Authority, BuildRun, log_id, log_instance, the_authority
from hardenme.sandbox.npm.signing import Signer

PAYLOAD_TYPE = "application/vnd.in-toto+json"
BUNDLE_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json"
ROOT_TYPE = "application/vnd.dev.sigstore.trustedroot+json;version=0.1"
ORIGIN = "log.example - 4711"
DELAY = timedelta(seconds=3)
"""From the certificate to the entry."""


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def canonical(data: Any) -> bytes:
    """JSON with sorted keys and no spaces."""
    return json.dumps(data, sort_keys=True, separators=(",", ":")).encode()


def to_sign(payload: bytes) -> bytes:
    """What a signature in a DSSE envelope is made over."""
    return f"DSSEv1 {len(PAYLOAD_TYPE)} {PAYLOAD_TYPE} {len(payload)} ".encode() + payload


def _leaf(entry: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + entry).digest()


def _split(count: int) -> int:
    """The largest power of two below a count."""
    return 1 << (count - 1).bit_length() - 1


def tree_hash(leaves: list[bytes]) -> bytes:
    """The hash of a tree with these leaves."""
    if len(leaves) == 1:
        return leaves[0]
    at = _split(len(leaves))
    return hashlib.sha256(b"\x01" + tree_hash(leaves[:at]) + tree_hash(leaves[at:])).digest()


def path_to(index: int, leaves: list[bytes]) -> list[bytes]:
    """The hashes that lead from a leaf to the hash of the tree, lowest first."""
    if len(leaves) == 1:
        return []
    at = _split(len(leaves))
    if index < at:
        return [*path_to(index, leaves[:at]), tree_hash(leaves[at:])]
    return [*path_to(index - at, leaves[at:]), tree_hash(leaves[:at])]


class TransparencyLog:
    """A log that grows by one entry for each bundle."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self._lock = threading.Lock()
        self._leaves = [_leaf(f"another {number}".encode()) for number in range(5)]

    def _sign(self, data: bytes) -> bytes:
        return self.key.sign(data, ec.ECDSA(SHA256()))

    def enter(self, body: dict[str, Any], at: datetime) -> dict[str, Any]:
        """Write an entry; returns it as a bundle holds it, with its promise and its proof."""
        written = canonical(body)
        with self._lock:
            index = len(self._leaves)
            # The entry after it makes both halves of the proof: what is left and what is right.
            self._leaves += [_leaf(written), _leaf(b"the next")]
            leaves = list(self._leaves)
        root = tree_hash(leaves)
        when = int(at.timestamp())
        promised = {
            "body": _b64(written),
            "integratedTime": when,
            "logID": log_id(self.key).hex(),
            "logIndex": index,
        }
        note = f"{ORIGIN}\n{len(leaves)}\n{_b64(root)}\n"
        signed = _b64(log_id(self.key)[:4] + self._sign(note.encode()))
        return {
            "logIndex": str(index),
            "logId": {"keyId": _b64(log_id(self.key))},
            "kindVersion": {"kind": body["kind"], "version": body["apiVersion"]},
            "integratedTime": str(when),
            "inclusionPromise": {"signedEntryTimestamp": _b64(self._sign(canonical(promised)))},
            "inclusionProof": {
                "logIndex": str(index),
                "rootHash": _b64(root),
                "treeSize": str(len(leaves)),
                "hashes": [_b64(step) for step in path_to(index, leaves)],
                "checkpoint": {"envelope": f"{note}\n\u2014 log.example {signed}\n"},
            },
            "canonicalizedBody": _b64(written),
        }


def _envelope(payload: bytes, signature: dict[str, str]) -> dict[str, Any]:
    return {"payload": _b64(payload), "payloadType": PAYLOAD_TYPE, "signatures": [signature]}


def _bundle(
    signer: dict[str, Any], entry: dict[str, Any], envelope: dict[str, Any]
) -> dict[str, Any]:
    material = {**signer, "tlogEntries": [entry]}
    return {
        "mediaType": BUNDLE_TYPE,
        "verificationMaterial": material,
        "dsseEnvelope": envelope,
    }


def _entry(payload: bytes, envelope: dict[str, Any], verifier: bytes) -> dict[str, Any]:
    """The body of a log entry for an envelope."""
    (signature,) = envelope["signatures"]
    return {
        "apiVersion": "0.0.1",
        "kind": "dsse",
        "spec": {
            "envelopeHash": {
                "algorithm": "sha256",
                "value": hashlib.sha256(canonical(envelope)).hexdigest(),
            },
            "payloadHash": {"algorithm": "sha256", "value": hashlib.sha256(payload).hexdigest()},
            "signatures": [{"signature": signature["sig"], "verifier": _b64(verifier)}],
        },
    }


def _intoto(payload: bytes, envelope: dict[str, Any], verifier: bytes) -> dict[str, Any]:
    """The body of a log entry as npm before 11 had it written: the signature encoded twice."""
    (signature,) = envelope["signatures"]
    signed = {"sig": _b64(signature["sig"].encode()), "publicKey": _b64(verifier)}
    body = _entry(payload, envelope, verifier)["spec"]
    content = {
        "envelope": {"payloadType": PAYLOAD_TYPE, "signatures": [signed]},
        "hash": body["envelopeHash"],
        "payloadHash": body["payloadHash"],
    }
    return {"apiVersion": "0.0.2", "kind": "intoto", "spec": {"content": content}}


ENTRIES = {"dsse": _entry, "intoto": _intoto}
"""What writes an entry, by its kind."""


class Notary:
    """Signs statements as a build run does: with a key that is certified for ten minutes."""

    def __init__(self, authority: Authority, log: TransparencyLog) -> None:
        self.authority = authority
        self.log = log
        self._lock = threading.Lock()
        self._made: dict[tuple[bytes, Any], dict[str, Any]] = {}

    def bundle(self, payload: bytes, run: BuildRun, at: datetime) -> dict[str, Any]:
        """The bundle for a run's statement; the same one each time."""
        return self._once(payload, run, lambda: self.sign(payload, run, at))

    def keyed(self, payload: bytes, signer: Signer, at: datetime) -> dict[str, Any]:
        """The bundle for a statement of the registry itself, signed with its own key."""
        signature = {"sig": signer.sign(to_sign(payload)), "keyid": signer.key_id}
        envelope = _envelope(payload, signature)
        body = _entry(payload, envelope, signer.pem)
        return self._once(
            payload,
            signer.key_id,
            lambda: _bundle(
                {"publicKey": {"hint": signer.key_id}}, self.log.enter(body, at), envelope
            ),
        )

    def _once(
        self, payload: bytes, who: BuildRun | str, make: Callable[[], dict[str, Any]]
    ) -> dict[str, Any]:
        with self._lock:
            if (payload, who) not in self._made:
                self._made[payload, who] = make()
            return self._made[payload, who]

    def sign(
        self,
        payload: bytes,
        run: BuildRun,
        at: datetime,
        *,
        delay: timedelta = DELAY,
        entry: str = "dsse",
        **extensions: str,
    ) -> dict[str, Any]:
        """A new bundle for a statement.

        Args:
            payload: the statement.
            run: who says it.
            at: from when the certificate counts.
            delay: until the entry in the log.
            entry: the entry's kind.
            extensions: as `Authority.certify` takes them.
        """
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = self.authority.certify(run, key.public_key(), at, **extensions)
        signature = {"sig": _b64(key.sign(to_sign(payload), ec.ECDSA(SHA256())))}
        envelope = _envelope(payload, signature)
        body = ENTRIES[entry](payload, envelope, certificate.public_bytes(Encoding.PEM))
        return _bundle(
            {"certificate": {"rawBytes": _b64(certificate.public_bytes(Encoding.DER))}},
            self.log.enter(body, at + delay),
            envelope,
        )

    def trust_root(self) -> dict[str, Any]:
        """What verifies its bundles, in the form that Sigstore's libraries read."""
        tlogs = [log_instance("https://log.example", self.log.key)]
        return {"mediaType": ROOT_TYPE, "tlogs": tlogs, **self.authority.trusted()}


@cache
def the_notary() -> Notary:
    """The notary that all sandboxes of this process share."""
    return Notary(the_authority(), TransparencyLog())


def trust_root() -> str:
    """The trust root of all sandboxes of this process, as JSON."""
    return json.dumps(the_notary().trust_root())
