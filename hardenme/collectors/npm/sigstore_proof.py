"""Verifies provenance bundles with Sigstore's own library. It is an extra: importing this loads it.

No network request is made. The trust root is the one that came with the library, or one that the
user names. An invalid signature is a finding. A bundle that this library or this trust root is too
old for is unknown.
"""

from __future__ import annotations

import base64
import json
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from typing import Any
from urllib.parse import quote

from cryptography import x509
from sigstore.errors import Error, VerificationError
from sigstore.models import Bundle, ClientTrustConfig
from sigstore.verify import Verifier
from sigstore.verify.policy import AnyOf, OIDCIssuerV2

from hardenme.collectors.npm.intoto_entry import KIND as INTOTO
from hardenme.collectors.npm.intoto_entry import verify_intoto
from hardenme.collectors.reading import Item
from hardenme.facts.npm.endpoints import ATTESTATIONS
from hardenme.facts.npm.manifest import KIND
from hardenme.facts.npm.provenance import OTHER_ARTIFACT, UNVERIFIABLE, VERIFIED
from hardenme.model.text import visible
from hardenme.model.unknown import Reason, Unknown

PUBLIC_ROOT = "https://tuf-repo-cdn.sigstore.dev"
"""Under this name the library holds the trust root of the public instance."""
CONFIG = "application/vnd.dev.sigstore.clienttrustconfig.v0.1+json"
SIGNING = "application/vnd.dev.sigstore.signingconfig.v0.2+json"
ISSUERS = {
    "https://token.actions.githubusercontent.com": "github",
    "https://gitlab.com": "gitlab",
}
"""Who vouches for a build run, and the provider that this is."""
ARC = "1.3.6.1.4.1.57264.1"
ISSUER, SOURCE, COMMIT, REF, CONFIGURED = "8", "12", "13", "14", "18"
"""What a certificate says of a run. Source: Fulcio's documentation of its object identifiers."""
ON_GITHUB = re.compile(r"https://github\.com/([A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+)")
ENTRIES = (
    {"kind": "dsse", "version": "0.0.1"},
    {"kind": "hashedrekord", "version": "0.0.2"},
    INTOTO,
)
"""The kinds of log entries for an envelope that are verified: what fails with another is not known
to be false."""
PAYLOAD = "application/vnd.in-toto+json"
STATEMENTS = frozenset({"https://in-toto.io/Statement/v0.1", "https://in-toto.io/Statement/v1"})
ENDPOINT = f"GET {ATTESTATIONS.path}"
UTF8 = 0x0C

logging.getLogger("sigstore").addHandler(logging.NullHandler())


def _strange(what: str) -> Unknown:
    return Unknown(
        Reason.MALFORMED,
        f"a provenance that hardenme can read: {what}; update hardenme and sigstore, or report it",
        what,
    )


@dataclass(frozen=True, slots=True)
class SigstoreRoot:
    """A trust root, and what verifies by it.

    Attributes:
        verifier: the library's.
        logs: the ids of the logs that it knows, of both kinds.
        authorities: the ids of the keys that its authorities certify with.
    """

    verifier: Verifier
    logs: frozenset[bytes]
    authorities: frozenset[bytes]

    @classmethod
    def of(cls, text: str) -> SigstoreRoot | Unknown:
        """The trust root of this JSON; the library's own where it is empty."""
        try:
            data = json.loads(text or _public())
            root = data.get("trustedRoot", data)
            config = {"mediaType": CONFIG, "trustedRoot": root}
            config["signingConfig"] = {"mediaType": SIGNING}
            trusted = ClientTrustConfig.from_json(json.dumps(config)).trusted_root
            certificates = trusted.get_fulcio_certs()
            verifier = Verifier(trusted_root=trusted)
            logs = frozenset(_log_ids(root))
            authorities = frozenset(
                _certifier(item, x509.SubjectKeyIdentifier) for item in certificates
            )
        except (Error, ValueError, TypeError, AttributeError, OSError) as error:
            return Unknown(
                Reason.MALFORMED, "a trust root that hardenme can read", type(error).__name__
            )
        return cls(verifier, logs, authorities)

    def prove(self, item: Item, name: str, digest: str) -> dict[str, str] | Unknown:
        """What a provenance proves of a release.

        Args:
            item: the bundle.
            name: the release as a package URL.
            digest: the SHA-512 digest of its archive, in hex.
        """
        unfit = _unfit(item)
        if unfit:
            return _strange(unfit)
        try:
            bundle = Bundle.from_json(json.dumps(item.data))
            said = _claims(bundle.signing_certificate)
        except Exception as error:  # noqa: BLE001 (the library raises much where a bundle is odd)
            return _strange(f"a bundle that is not read ({type(error).__name__})")
        if said.get(ISSUER) not in ISSUERS or not all(said.get(part) for part in (SOURCE, REF)):
            return _strange("it is not by a known build service")
        try:
            policy = AnyOf([OIDCIssuerV2(issuer) for issuer in ISSUERS])
            if _entry_kind(item) == INTOTO:
                kind, payload = verify_intoto(self.verifier, item.data, policy)
            else:
                kind, payload = self.verifier.verify_dsse(bundle, policy)
        except VerificationError as error:
            if _entry_kind(item) not in ENTRIES:
                return _strange("its log entry is of a kind that the library does not verify")
            if self._is_too_old(item, bundle.signing_certificate):
                return Unknown(
                    Reason.MALFORMED,
                    "a trust root that knows who signed: update with pip install -U sigstore, or"
                    " name one with --sigstore-trust-root",
                    "signed with keys that the trust root does not know",
                )
            return {"outcome": UNVERIFIABLE, "why": visible(str(error))[:200]}
        except Exception as error:  # noqa: BLE001 (the same)
            return _strange(f"a bundle that is not verified ({type(error).__name__})")
        return _judged(kind, payload, name, digest, said)

    def _is_too_old(self, item: Item, certificate: x509.Certificate) -> bool:
        """Whether a bundle names a log or an authority that the trust root does not know."""
        entry = next(item.item("verificationMaterial").items("tlogEntries"))
        named = [_decoded(entry.item("logId").data.get("keyId"))]
        try:
            stamps = certificate.extensions.get_extension_for_class(
                x509.PrecertificateSignedCertificateTimestamps
            ).value
            named += [stamp.log_id for stamp in stamps]
        except (x509.ExtensionNotFound, ValueError):
            pass
        by = _certifier(certificate, x509.AuthorityKeyIdentifier)
        return not self.logs.issuperset(named) or bool(by and by not in self.authorities)


def _public() -> str:
    """The trust root of the public instance, as the library brought it."""
    folder = resources.files("sigstore._store").joinpath(quote(PUBLIC_ROOT, safe=""))
    return folder.joinpath("trusted_root.json").read_text("utf-8")


def _log_ids(root: dict[str, Any]) -> Iterator[bytes]:
    for log in (*root["tlogs"], *root["ctlogs"]):
        for name in ("logId", "checkpointKeyId"):
            if name in log:
                yield _decoded(log[name]["keyId"])


def _decoded(text: Any) -> bytes:
    try:
        return base64.b64decode(text)
    except (ValueError, TypeError):
        return b""


def _certifier(
    certificate: x509.Certificate,
    kind: type[x509.SubjectKeyIdentifier | x509.AuthorityKeyIdentifier],
) -> bytes:
    """The id of the key that certifies, or that a certificate was made with; empty for none."""
    try:
        return certificate.extensions.get_extension_for_class(kind).value.key_identifier or b""
    except (x509.ExtensionNotFound, ValueError):
        return b""


def _unfit(item: Item) -> str:
    """What keeps the library from verifying a bundle; empty if nothing does."""
    if item.data.get("mediaType") not in [str(kind) for kind in Bundle.BundleType]:
        return "a bundle of another kind"
    entries = list(item.item("verificationMaterial").items("tlogEntries"))
    if len(entries) != 1:
        return "not one entry of a log"
    if not entries[0].item("inclusionProof").item("checkpoint").data:
        return "a log entry without a checkpoint"
    return ""


def _entry_kind(item: Item) -> object:
    """The kind and version of a bundle's log entry, as one object."""
    entry = next(item.item("verificationMaterial").items("tlogEntries"))
    return entry.item("kindVersion").data


def _claims(certificate: x509.Certificate) -> dict[str, str]:
    """What a certificate says of the run that it was given to."""
    found = {}
    for extension in certificate.extensions:
        arc, _, number = extension.oid.dotted_string.rpartition(".")
        if arc == ARC and isinstance(extension.value, x509.UnrecognizedExtension):
            found[number] = _text(extension.value.value)
    return found


def _text(der: bytes) -> str:
    """A string in DER; empty if it is none."""
    if len(der) < 2 or der[0] != UTF8:  # noqa: PLR2004 (a type and a length)
        return ""
    size, start = der[1], 2
    if size & 0x80:
        start += size & 0x7F
        size = int.from_bytes(der[2:start], "big")
    return der[start:].decode("utf-8", "replace") if len(der) - start == size else ""


def _judged(
    kind: str, payload: bytes, name: str, digest: str, said: dict[str, str]
) -> dict[str, str] | Unknown:
    """What a statement whose signature holds says of the release."""
    try:
        statement = Item(json.loads(payload), ENDPOINT)
    except ValueError:
        statement = Item(None, ENDPOINT)
    predicate = statement.data.get("predicateType")
    known = statement.data.get("_type") in STATEMENTS and isinstance(predicate, str)
    if kind != PAYLOAD or not known or not str(predicate).startswith(KIND):
        return _strange("a statement of another kind")
    if not any(
        one.data.get("name") == name and one.item("digest").data.get("sha512") == digest
        for one in statement.items("subject")
    ):
        return {"outcome": OTHER_ARTIFACT, "why": "the statement is about another archive"}
    address = said[SOURCE]
    built = statement.item("predicate").item("buildDefinition").item("externalParameters")
    if built.item("workflow").data.get("repository", address) != address:
        why = "the statement names another repository than the certificate"
        return {"outcome": UNVERIFIABLE, "why": why}
    workflow = said.get(CONFIGURED, "").removeprefix(address).lstrip("/").partition("@")[0]
    found = ON_GITHUB.fullmatch(address)
    return {
        "outcome": VERIFIED,
        "provider": ISSUERS[said[ISSUER]],
        "address": address,
        "repository": found[1] if found else "",
        "workflow": workflow,
        "ref": said[REF],
        "commit": said.get(COMMIT, ""),
    }
