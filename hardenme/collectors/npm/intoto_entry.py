"""Verifies an envelope whose log entry is of the kind `intoto`, version 0.0.2.

npm before 11 had its bundles logged in this kind. Sigstore's library verifies all of such a bundle
but the entry's body, and refuses it for that. Its steps are run one by one here, then the body is
compared with the envelope.

Source: https://github.com/sigstore/rekor/blob/main/pkg/types/intoto/v0.0.2/intoto_v0_0_2_schema.json
"""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any, cast

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import Encoding
from sigstore import dsse
from sigstore.errors import VerificationError
from sigstore.models import Bundle
from sigstore.verify import Verifier
from sigstore.verify.policy import VerificationPolicy

KIND = {"kind": "intoto", "version": "0.0.2"}


def verify_intoto(
    verifier: Verifier, data: dict[str, Any], policy: VerificationPolicy
) -> tuple[str, bytes]:
    """The type and the payload of a bundle's envelope, as `Verifier.verify_dsse` gives them.

    Raises:
        VerificationError: something of it does not hold.
    """
    # The library has no public call that stops before the entry's body.
    bundle = _named_dsse(data)
    verifier._verify_common_signing_cert(bundle, policy)  # noqa: SLF001 (the same)
    envelope = bundle._dsse_envelope  # noqa: SLF001 (the same)
    if envelope is None:
        raise VerificationError("it has no envelope")
    key = cast("EllipticCurvePublicKey", bundle.signing_certificate.public_key())
    payload = dsse._verify(key, envelope)  # noqa: SLF001 (the same)
    inner = envelope._inner  # noqa: SLF001 (the same)
    _compare(bundle, inner)
    return inner.payload_type, payload


def _named_dsse(data: dict[str, Any]) -> Bundle:
    """The bundle with its entry called of the kind whose logged time the library takes.

    The time of an entry is signed by the first version of the log, whatever its kind. The name of
    the kind is not signed; the body is, and has its own, which is compared.
    """
    material = data["verificationMaterial"]
    (entry,) = material["tlogEntries"]
    entry = {**entry, "kindVersion": {"kind": "dsse", "version": "0.0.1"}}
    return Bundle.from_json(
        json.dumps({**data, "verificationMaterial": {**material, "tlogEntries": [entry]}})
    )


def _compare(bundle: Bundle, envelope: Any) -> None:
    """Refuse an entry that is about another envelope, signature or certificate."""
    body = bundle.log_entry._inner.canonicalized_body  # noqa: SLF001 (the same)
    try:
        entry = json.loads(body)
        # The digest of the envelope as JSON: how it was written is not known any more.
        del entry["spec"]["content"]["hash"]
    except (ValueError, KeyError, TypeError) as error:
        raise VerificationError("its log entry is not understood") from error
    certificate = bundle.signing_certificate.public_bytes(Encoding.PEM)
    try:
        (signature,) = entry["spec"]["content"]["envelope"]["signatures"]
        logged = base64.b64decode(signature.pop("publicKey"), validate=True)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise VerificationError("its log entry has no signature that is understood") from error
    digest = hashlib.sha256(envelope.payload).hexdigest()
    # npm sends the signature in base64, and the log encodes it once more.
    sent = base64.b64encode(base64.b64encode(envelope.signatures[0].sig)).decode()
    content = {
        "envelope": {"payloadType": envelope.payload_type, "signatures": [{"sig": sent}]},
        "payloadHash": {"algorithm": "sha256", "value": digest},
    }
    spec = {"content": content}
    if entry != {"apiVersion": KIND["version"], "kind": KIND["kind"], "spec": spec}:
        raise VerificationError("its log entry is about another envelope")
    if logged.split() != certificate.split():
        raise VerificationError("its log entry is about another certificate")
