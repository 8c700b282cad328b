"""The registry's signatures, verified with the keys that it serves."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.npm import package
from hardenme.collectors.npm.signatures import signature
from hardenme.facts.npm.package import NewestRelease
from hardenme.facts.npm.provenance import (
    ABSENT,
    EXPIRED_KEY,
    INVALID,
    UNKNOWN_KEY,
    VALID,
    RegistrySignature,
)
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from hardenme.sandbox.http import Reply
from hardenme.sandbox.npm.signing import Signer
from tests.collectors.scripted import registry

NAME = "@hazel/lamp"
LAMP = Subject("npm", "package", NAME)
PATH = "/@hazel%2Flamp"
KEYS = "/-/npm/v1/keys"
INTEGRITY = "sha512-" + base64.b64encode(bytes(64)).decode()
SIGNER, STRANGER = Signer(), Signer()
TEXT = f"{NAME}@2.0.0:{INTEGRITY}"


def signed(text: str = TEXT, signer: Signer = SIGNER, **change: str) -> dict[str, str]:
    return {"keyid": signer.key_id, "sig": signer.sign(text.encode())} | change


def key(signer: Signer = SIGNER, **change: Any) -> dict[str, Any]:
    said = {
        "expires": None,
        "keyid": signer.key_id,
        "keytype": "ecdsa-sha2-nistp256",
        "scheme": "ecdsa-sha2-nistp256",
        "key": base64.b64encode(signer.public_key).decode(),
    } | change
    return {name: value for name, value in said.items() if value is not ...}


def packument(*signatures: Any, **change: Any) -> dict[str, Any]:
    dist = {"shasum": "00", "integrity": INTEGRITY, "signatures": list(signatures)} | change
    older = {"dist": {"shasum": "11", "signatures": [signed()]}}
    newest = {
        "_id": f"{NAME}@2.0.0",
        "dist": {name: value for name, value in dist.items() if value is not ...},
    }
    return {
        "name": NAME,
        "dist-tags": {"latest": "2.0.0"},
        "time": {"2.0.0": "2026-11-01T00:00:00.000Z"},
        "versions": {"1.0.0": older, "2.0.0": newest},
    }


def read(said: Any, keys: Any) -> Answer[Any]:
    """The answer, and that nobody but this registry was asked, once for each of the two."""
    with registry({PATH: said, KEYS: keys}) as (client, server):
        store = FactStore()
        for answer in package.packument(client, LAMP, store):
            store.put(answer)
        (found,) = signature(client, LAMP, store)
        assert len(list(signature(client, LAMP, store))) == 1
        assert [request.path for request in server.requests] == [PATH, KEYS]
    assert found.kind is RegistrySignature
    return found


def unjudged(answer: Answer[Any]) -> Unknown:
    """Why nothing is said of a signature."""
    if answer.missing is not None:
        assert not answer.facts
        return answer.missing
    return answer.facts[0].unknown_fields()["outcome"]


def outcome(said: Any, keys: Any = None) -> str:
    fact = read(said, {"keys": [key()]} if keys is None else keys).facts[0]
    text: str = fact.outcome
    return text


def test_a_signature_that_holds() -> None:
    answer = read(packument(signed()), {"keys": [key(STRANGER), key()]})
    fact = answer.facts[0]
    assert (fact.outcome, fact.version, fact.keys) == (VALID, "2.0.0", (SIGNER.key_id,))
    asked = [atom.endpoint.lower() for atom in answer.evidence]
    assert asked == [f"get {PATH.lower()}", f"get {KEYS}"]


@pytest.mark.parametrize(
    ("said", "keys", "expected"),
    [
        (packument(), [key()], ABSENT),
        (packument(signatures=...), [key()], ABSENT),
        (packument(signed("@hazel/lamp@2.0.1:" + INTEGRITY)), [key()], INVALID),
        (packument(signed("@hazel/lamq@2.0.0:" + INTEGRITY)), [key()], INVALID),
        (packument(signed(), integrity="sha512-" + "B" * 86 + "=="), [key()], INVALID),
        (packument(signed(sig="not base64")), [key()], INVALID),
        (packument(signed(sig="AAAA")), [key()], INVALID),
        (packument(signed(keyid=STRANGER.key_id)), [key(), key(STRANGER)], INVALID),
        (packument(signed(signer=STRANGER)), [key()], UNKNOWN_KEY),
        (packument(signed()), [key(expires="2026-11-01T00:00:00.000Z")], EXPIRED_KEY),
        (packument(signed()), [key(expires="2026-11-01T00:00:00.001Z")], VALID),
        (packument(signed(), signed(sig="AAAA")), [key()], INVALID),
        (packument(signed(), signed(signer=STRANGER)), [key()], UNKNOWN_KEY),
        (packument(signed(), signed(signer=STRANGER)), [key(), key(STRANGER)], VALID),
        # Of several that are bad the worst one counts, in whichever order they stand.
        (
            packument(signed(), signed(signer=STRANGER)),
            [key(expires="2026-11-01T00:00:00.000Z")],
            UNKNOWN_KEY,
        ),
        (
            packument(signed(signer=STRANGER), signed()),
            [key(expires="2026-11-01T00:00:00.000Z")],
            UNKNOWN_KEY,
        ),
        (packument(signed(signer=STRANGER), signed(sig="AAAA")), [key()], INVALID),
        (packument(signed(sig="AAAA"), signed(signer=STRANGER)), [key()], INVALID),
        # One that is known to be bad counts, whatever is not known of another.
        (
            packument(signed(signer=STRANGER), signed(sig="AAAA")),
            [key(), key(STRANGER, keytype="new")],
            INVALID,
        ),
    ],
)
def test_each_outcome(said: Any, keys: list[Any], expected: str) -> None:
    assert outcome(said, {"keys": keys}) == expected


@pytest.mark.parametrize("place", range(0, 90, 7))
def test_one_flipped_bit_never_holds(place: int) -> None:
    signature_ = bytearray(base64.b64decode(signed()["sig"]))
    place %= len(signature_)
    signature_[place] ^= 1
    assert outcome(packument(signed(sig=base64.b64encode(signature_).decode()))) == INVALID


def other_key(public: Any) -> str:
    der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(der).decode()


@pytest.mark.parametrize(
    "strange",
    [
        key(expires=...),
        key(expires="soon"),
        key(keytype="ecdsa-sha2-nistp521"),
        key(keytype=...),
        key(key=...),
        key(key="AAAA"),
        key(key="?"),
        key(key=other_key(rsa.generate_private_key(65537, 2048).public_key())),
        key(key=other_key(ec.generate_private_key(ec.SECP384R1()).public_key())),
    ],
)
def test_a_key_that_is_not_understood_leaves_it_unknown(strange: dict[str, Any]) -> None:
    assert unjudged(read(packument(signed()), {"keys": [strange]})).needed


def test_two_keys_of_one_name_leave_it_unknown() -> None:
    twice = {"keys": [key(), key(STRANGER, keyid=SIGNER.key_id)]}
    assert unjudged(read(packument(signed()), twice)).reason is Reason.MALFORMED


@pytest.mark.parametrize(
    ("keys", "reason"),
    [
        (Reply(404, {"error": "Not found"}), Reason.NOT_VISIBLE),
        ({"keys": []}, Reason.NOT_VISIBLE),
        ({}, Reason.NOT_VISIBLE),
        (Reply(200, None, {"content-type": "text/html"}, b"<html>Sign in"), Reason.MALFORMED),
        (Reply(200, None, {"content-type": "application/json"}, b'{"keys": [{'), Reason.MALFORMED),
        ([key()], Reason.MALFORMED),
        (Reply(403, {"message": "no"}), Reason.NOT_PERMITTED),
        (Reply(500, {"message": "down"}), Reason.UNREACHABLE),
    ],
)
def test_without_keys_nothing_is_known(keys: Any, reason: Reason) -> None:
    assert unjudged(read(packument(signed()), keys)).reason is reason


@pytest.mark.parametrize(
    "said",
    [
        packument(signed(), integrity=...),
        packument(signed(), integrity=None),
        packument({"keyid": SIGNER.key_id}),
        packument("AAAA"),
        packument(signatures={"keyid": "a"}),
        packument(signatures=None),
        packument(integrity=..., shasum=..., signatures=...),
        packument(signed()) | {"time": {}},
    ],
)
def test_what_the_packument_does_not_tell_is_not_judged(said: Any) -> None:
    assert unjudged(read(said, {"keys": [key(expires="2027-01-01T00:00:00.000Z")]})).needed


def test_a_registry_that_hands_on_no_signature_at_all_is_not_judged() -> None:
    mirrored = packument(signatures=...)
    mirrored["versions"]["1.0.0"]["dist"].pop("signatures")
    assert "hands on" in unjudged(read(mirrored, {"keys": [key()]})).needed


def test_without_a_newest_release_nothing_is_asked() -> None:
    with registry({}) as (client, server):
        (found,) = signature(client, LAMP, FactStore())
        assert not server.requests
    assert unjudged(found).reason is Reason.NOT_ASKED


@pytest.mark.parametrize(
    ("user", "expected"),
    [
        ({"name": "GitHub Actions"}, None),
        ({"name": "hazel", "approver": {"name": "rowan", "email": "r@mail.example"}}, "rowan"),
        ({"name": "hazel", "approver": {}}, "unknown"),
        ({"name": "hazel", "approver": None}, "unknown"),
        ({"name": "hazel", "approver": "rowan"}, "unknown"),
        ({}, "unknown"),
        (None, "unknown"),
    ],
)
def test_who_approved_a_release(user: Any, expected: str | None) -> None:
    said = packument(signed())
    said["versions"]["2.0.0"]["_npmUser"] = user
    with registry({PATH: said}) as (client, _):
        answers = list(package.packument(client, LAMP, FactStore()))
    (fact,) = next(answer.facts for answer in answers if answer.kind is NewestRelease)
    if expected == "unknown":
        assert "approver" in fact.unknown_fields()
    else:
        assert fact.approver == expected
