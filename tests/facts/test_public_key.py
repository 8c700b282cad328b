"""SSH public keys: type and size by their own bytes."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from hardenme.facts.github.public_key import PublicKey, parse_public_key

EXPONENT = b"\x01\x00\x01"


def line(key: object) -> str:
    public = key.public_key()  # type: ignore[attr-defined]  # all private keys have one
    return str(public.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode())


def blob(*parts: bytes) -> str:
    return base64.b64encode(b"".join(len(p).to_bytes(4, "big") + p for p in parts)).decode()


@pytest.mark.parametrize("bits", [1024, 2048, 3072])
def test_rsa(bits: int) -> None:
    key = rsa.generate_private_key(65537, bits)
    assert parse_public_key(line(key)) == PublicKey("ssh-rsa", bits)


def test_the_odd_length_of_a_modulus_counts_its_bits() -> None:
    text = "ssh-rsa " + blob(b"ssh-rsa", EXPONENT, b"\x01" + bytes(127))
    assert parse_public_key(text) == PublicKey("ssh-rsa", 127 * 8 + 1)


def test_dsa() -> None:
    text = "ssh-dss " + blob(b"ssh-dss", b"\x00" + b"\xff" * 128, b"q", b"g", b"y")
    assert parse_public_key(text) == PublicKey("ssh-dss", 1024)


def test_one_strength() -> None:
    assert parse_public_key(line(ed25519.Ed25519PrivateKey.generate())).bits == 0
    found = parse_public_key(line(ec.generate_private_key(ec.SECP256R1())))
    assert found == PublicKey("ecdsa-sha2-nistp256", 0)


def test_a_hardware_key_and_a_comment() -> None:
    name = b"sk-ssh-ed25519@openssh.com"
    text = f"  {name.decode()} {blob(name, bytes(32), b'ssh:')} laptop of hazel \n"
    assert parse_public_key(text) == PublicKey(name.decode(), 0)


GOOD = blob(b"ssh-rsa", EXPONENT, bytes(128))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ssh-rsa",
        "ssh-rsa ",
        "ssh-rsa !!!",
        "ssh-rsa AAAA",
        f"ssh-rsa {GOOD[:-8]}",
        f"ssh-rsa {blob(b'ssh-rsa')}",
        f"ssh-rsa {blob(b'ssh-rsa', b'e')}",
        f"ssh-ed25519 {GOOD}",
        f"ssh-rsa {blob(b'ssh-ed25519', bytes(32))}",
        f"ssh-rsa {blob(bytes([255, 254]))}",
        "ssh-rsa " + base64.b64encode(b"\xff\xff\xff\xffssh-rsa").decode(),
        "ssh-rsa " + base64.b64encode(b"\x00\x00").decode(),
    ],
)
def test_what_is_no_key(text: str) -> None:
    with pytest.raises(ValueError):
        parse_public_key(text)


@given(st.binary(max_size=60), st.text(max_size=20))
def test_any_bytes_are_a_key_or_none(data: bytes, name: str) -> None:
    for text in (name, f"{name} {base64.b64encode(data).decode()}"):
        try:
            assert parse_public_key(text).bits >= 0
        except ValueError:
            continue
