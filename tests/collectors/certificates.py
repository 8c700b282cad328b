"""Certificate authorities and what they certify, made for a test."""

from __future__ import annotations

import ipaddress
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

HERE = "127.0.0.1"
DAY = timedelta(days=1)
SIGNS = x509.KeyUsage(
    **dict.fromkeys(
        (
            *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment"),
            *("key_agreement", "encipher_only", "decipher_only"),
        ),
        False,
    ),
    key_cert_sign=True,
    crl_sign=True,
)
"""What an authority's key is for, without which a strict verifier refuses it."""


@dataclass(frozen=True)
class Authority:
    """An authority with its key.

    Attributes:
        folder: where files are written.
        key: the private key.
        made: its own certificate.
    """

    folder: Path
    key: ec.EllipticCurvePrivateKey
    made: x509.Certificate

    @classmethod
    def of(cls, folder: Path, name: str = "root", by: Authority | None = None) -> Self:
        """An authority that certifies itself, or that another one certifies."""
        key = ec.generate_private_key(ec.SECP256R1())
        own = _named(name)
        made = (
            _begun(own, by.made.subject if by else own, key, (by.key if by else key), (-DAY, DAY))
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(SIGNS, critical=True)
            .sign(by.key if by else key, hashes.SHA256())
        )
        return cls(folder, key, made)

    @property
    def file(self) -> Path:
        """Its certificate in PEM."""
        path = self.folder / f"{self.made.serial_number}.pem"
        path.write_bytes(self.made.public_bytes(Encoding.PEM))
        return path

    def serving(
        self, host: str = HERE, begins: timedelta = -DAY, ends: timedelta = DAY
    ) -> ssl.SSLContext:
        """TLS of a server with a certificate for a host, which it sends with this authority's."""
        key = ec.generate_private_key(ec.SECP256R1())
        by_number = host.replace(".", "").isdecimal()
        name = x509.IPAddress(ipaddress.ip_address(host)) if by_number else x509.DNSName(host)
        made = (
            _begun(_named("server"), self.made.subject, key, self.key, (begins, ends))
            .add_extension(x509.SubjectAlternativeName([name]), critical=False)
            .sign(self.key, hashes.SHA256())
        )
        path = self.folder / f"server-{made.serial_number}.pem"
        path.write_bytes(
            key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            + made.public_bytes(Encoding.PEM)
            + self.made.public_bytes(Encoding.PEM)
        )
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(path)
        return tls


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _begun(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    signer: ec.EllipticCurvePrivateKey,
    valid: tuple[timedelta, timedelta],
) -> x509.CertificateBuilder:
    """A certificate as RFC 5280 has it: from Python 3.13 on, libraries verify strictly."""
    now = datetime.now(UTC)
    begins, ends = valid
    of_key = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    of_signer = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + begins)
        .not_valid_after(now + ends)
        .add_extension(of_key, critical=False)
        .add_extension(of_signer, critical=False)
    )
