"""A certificate authority for build runs: short-lived certificates that say which workflow ran.

It issues as Sigstore's public authority (Fulcio) does: a leaf of ten minutes below an intermediate.
The run's identity is in the extensions below `1.3.6.1.4.1.57264.1`, and the signed timestamp of a
certificate log is inside. Source: Fulcio's documentation of its object identifiers, RFC 6962.
"""

from __future__ import annotations

import base64
import hashlib
import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

GITHUB_ISSUER = "https://token.actions.githubusercontent.com"
GITLAB_ISSUER = "https://gitlab.com"
ARC = "1.3.6.1.4.1.57264.1"
FROM = datetime(2018, 1, 1, tzinfo=UTC)
UNTIL = datetime(2048, 1, 1, tzinfo=UTC)
LIFETIME = timedelta(minutes=10)
SCT_LIST = ObjectIdentifier("1.3.6.1.4.1.11129.2.4.2")
SHA256_ECDSA = b"\x04\x03"
ISSUER, SIGNER, SOURCE, COMMIT, REF, CONFIG = "8", "9", "12", "13", "14", "18"


@dataclass(frozen=True, slots=True)
class BuildRun:
    """The identity of a build run.

    Attributes:
        issuer: who vouches for it.
        repository: the address of the source repository.
        workflow: the path of the workflow's file.
        ref: the branch or tag that it ran on.
        commit: the commit that it ran on.
    """

    issuer: str
    repository: str
    workflow: str
    ref: str
    commit: str = "0" * 40

    @classmethod
    def of(cls, repository: str, workflow: str, ref: str, commit: str = "") -> BuildRun:
        """A run of GitHub Actions, or of GitLab if the repository is there."""
        gitlab = repository.startswith(f"{GITLAB_ISSUER}/")
        issuer = GITLAB_ISSUER if gitlab else GITHUB_ISSUER
        return cls(issuer, repository, workflow, ref, commit or "0" * 40)

    @property
    def config(self) -> str:
        """The address of the workflow's file at that ref."""
        slash = "//" if self.issuer == GITLAB_ISSUER else "/"
        return f"{self.repository}{slash}{self.workflow}@{self.ref}"

    @property
    def extensions(self) -> dict[str, str]:
        """What the certificate says, by the last number of each object identifier."""
        return {
            ISSUER: self.issuer,
            SIGNER: self.config,
            SOURCE: self.repository,
            COMMIT: self.commit,
            REF: self.ref,
            CONFIG: self.config,
        }


def spki(key: ec.EllipticCurvePrivateKey) -> bytes:
    """The public half as DER of SubjectPublicKeyInfo."""
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def log_id(key: ec.EllipticCurvePrivateKey) -> bytes:
    """The name of a log: the digest of its key."""
    return hashlib.sha256(spki(key)).digest()


class Authority:
    """A root, an intermediate and a certificate log, each with a key of its own."""

    def __init__(self) -> None:
        self.log_key = ec.generate_private_key(ec.SECP256R1())
        self._root_key = ec.generate_private_key(ec.SECP384R1())
        self._key = ec.generate_private_key(ec.SECP384R1())
        self.root = _above("sandbox", self._root_key, "sandbox", self._root_key, depth=1)
        self.intermediate = _above(
            "sandbox-intermediate", self._key, "sandbox", self._root_key, depth=0
        )

    def certify(
        self, run: BuildRun, key: ec.EllipticCurvePublicKey, at: datetime, **more: str
    ) -> x509.Certificate:
        """A certificate for a run, from `at` for ten minutes.

        Args:
            run: whose it is.
            key: what it certifies.
            at: from when.
            more: extensions in place of the run's own, by `x` and number; empty to leave it out.
        """
        said = run.extensions | {name.removeprefix("x"): text for name, text in more.items()}
        builder = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([]))
            .issuer_name(self.intermediate.subject)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(at)
            .not_valid_after(at + LIFETIME)
            .add_extension(_usage(signs=True), critical=True)
            .add_extension(
                x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CODE_SIGNING]), critical=False
            )
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
            .add_extension(_issued_by(self._key), critical=False)
            .add_extension(
                x509.SubjectAlternativeName([x509.UniformResourceIdentifier(run.config)]),
                critical=True,
            )
        )
        for number, text in said.items():
            if text:
                name = ObjectIdentifier(f"{ARC}.{number}")
                builder = builder.add_extension(
                    x509.UnrecognizedExtension(name, b"\x0c" + _with_length(text.encode())),
                    critical=False,
                )
        draft = builder.sign(self._key, SHA256())
        stamp = self._stamp(draft.tbs_certificate_bytes, at)
        return builder.add_extension(
            x509.UnrecognizedExtension(SCT_LIST, b"\x04" + _with_length(stamp)), critical=False
        ).sign(self._key, SHA256())

    def _stamp(self, draft: bytes, at: datetime) -> bytes:
        """The list of one signed timestamp for a certificate that does not hold it yet."""
        when = struct.pack("!Q", int(at.timestamp() * 1000))
        issuer = hashlib.sha256(spki(self._key)).digest()
        entry = issuer + len(draft).to_bytes(3, "big") + draft
        signed = b"\x00\x00" + when + b"\x00\x01" + entry + b"\x00\x00"
        signature = self.log_key.sign(signed, ec.ECDSA(SHA256()))
        stamp = b"\x00" + log_id(self.log_key) + when + b"\x00\x00"
        stamp += SHA256_ECDSA + struct.pack("!H", len(signature)) + signature
        inner = struct.pack("!H", len(stamp)) + stamp
        return struct.pack("!H", len(inner)) + inner

    def trusted(self) -> dict[str, Any]:
        """Its part of a trust root, in the form that Sigstore's libraries read."""
        chain = [
            {"rawBytes": base64.b64encode(item.public_bytes(Encoding.DER)).decode()}
            for item in (self.intermediate, self.root)
        ]
        return {
            "certificateAuthorities": [
                {
                    "subject": {"organization": "sandbox", "commonName": "sandbox"},
                    "uri": "https://authority.example",
                    "certChain": {"certificates": chain},
                    "validFor": {"start": FROM.isoformat()},
                }
            ],
            "ctlogs": [log_instance("https://certificates.example", self.log_key)],
        }


def log_instance(url: str, key: ec.EllipticCurvePrivateKey) -> dict[str, Any]:
    """A log of a trust root."""
    return {
        "baseUrl": url,
        "hashAlgorithm": "SHA2_256",
        "publicKey": {
            "rawBytes": base64.b64encode(spki(key)).decode(),
            "keyDetails": "PKIX_ECDSA_P256_SHA_256",
            "validFor": {"start": FROM.isoformat()},
        },
        "logId": {"keyId": base64.b64encode(log_id(key)).decode()},
    }


@cache
def the_authority() -> Authority:
    """The authority that all sandboxes of this process share."""
    return Authority()


def _above(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: str,
    issuer_key: ec.EllipticCurvePrivateKey,
    *,
    depth: int,
) -> x509.Certificate:
    """A certificate that issues others."""
    return (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(FROM)
        .not_valid_after(UNTIL)
        .add_extension(x509.BasicConstraints(ca=True, path_length=depth), critical=True)
        .add_extension(_usage(signs=False), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(_issued_by(issuer_key), critical=False)
        .sign(issuer_key, SHA256())
    )


def _name(name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "sandbox"),
            x509.NameAttribute(NameOID.COMMON_NAME, name),
        ]
    )


def _issued_by(key: ec.EllipticCurvePrivateKey) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key())


def _usage(*, signs: bool) -> x509.KeyUsage:
    """What a key is for: signing code, or else certificates."""
    return x509.KeyUsage(
        digital_signature=signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=not signs,
        crl_sign=not signs,
        encipher_only=False,
        decipher_only=False,
    )


def _with_length(data: bytes) -> bytes:
    """The data with its length before it, as DER writes it."""
    if len(data) < 0x80:  # noqa: PLR2004 (DER's short form)
        return bytes([len(data)]) + data
    size = len(data).to_bytes((len(data).bit_length() + 7) // 8, "big")
    return bytes([0x80 | len(size)]) + size + data
