"""Provenance bundles, verified by Sigstore's own library over real sockets."""

from __future__ import annotations

import base64
import hashlib
import json
import sys
from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.npm import package
from hardenme.collectors.npm.provenance import provenance, purl, sha512
from hardenme.collectors.npm.sigstore_proof import SigstoreRoot
from hardenme.collectors.reading import Item
from hardenme.facts.npm.provenance import (
    ABSENT,
    OTHER_ARTIFACT,
    UNVERIFIABLE,
    VERIFIED,
    ReleaseProvenance,
)
from hardenme.ground.distribution import install
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from hardenme.sandbox.http import Reply
from hardenme.sandbox.npm.authority import Authority, BuildRun
from hardenme.sandbox.npm.transparency import Notary, TransparencyLog, the_notary
from tests.collectors.scripted import registry

NAME = "@hazel/lamp"
LAMP = Subject("npm", "package", NAME)
PATH = "/@hazel%2Flamp"
ATTESTED = "/-/npm/v1/attestations/@hazel%2Flamp@2.0.0"
KIND = "https://slsa.dev/provenance/v1"
ARCHIVE = hashlib.sha512(b"the archive")
SOURCE = "https://github.com/hazel/lamp"
RUN = BuildRun.of(SOURCE, ".github/workflows/release.yml", "refs/tags/v2.0.0", "a" * 40)
AT = datetime(2026, 11, 1, tzinfo=UTC)
NOTARY = the_notary()


def packument(**dist: Any) -> dict[str, Any]:
    given = {
        "integrity": "sha512-" + base64.b64encode(ARCHIVE.digest()).decode(),
        "signatures": [{"keyid": "a", "sig": "a"}],
        "attestations": {
            "url": "https://elsewhere.example/-/npm/v1/attestations/@hazel%2flamp@2.0.0",
            "provenance": {"predicateType": KIND},
        },
    } | dist
    dist = {name: value for name, value in given.items() if value is not ...}
    return {
        "name": NAME,
        "dist-tags": {"latest": "2.0.0"},
        "time": {"2.0.0": "2026-11-01T00:00:00.000Z"},
        "versions": {"2.0.0": {"_id": f"{NAME}@2.0.0", "dist": dist}},
    }


def statement(**change: Any) -> bytes:
    said: dict[str, Any] = {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [
            {"name": "pkg:npm/%40hazel/lamp@2.0.0", "digest": {"sha512": ARCHIVE.hexdigest()}}
        ],
        "predicateType": KIND,
        "predicate": {},
    }
    return json.dumps(said | change).encode()


def attested(*bundles: Any, kind: str = KIND) -> dict[str, Any]:
    other = {"predicateType": "https://attest.example/publish", "bundle": {}}
    return {"attestations": [other, *({"predicateType": kind, "bundle": b} for b in bundles)]}


def bundle(payload: bytes = b"", run: BuildRun = RUN, **how: Any) -> dict[str, Any]:
    return NOTARY.sign(payload or statement(), run, AT, **how)


def read(answer: Any, said: Any = None, trust: str | None = None) -> Answer[Any]:
    paths = {PATH: packument() if said is None else said, ATTESTED: answer}
    with registry(paths) as (client, server):
        client.trust_root = json.dumps(NOTARY.trust_root()) if trust is None else trust
        store = FactStore()
        for part in package.packument(client, LAMP, store):
            store.put(part)
        (found,) = provenance(client, LAMP, store)
        assert {request.path for request in server.requests} <= {PATH, ATTESTED}
    assert found.kind is ReleaseProvenance
    return found


def proved(one: Any, **how: Any) -> ReleaseProvenance:
    answer = read(attested(one), **how)
    assert answer.missing is None, answer.missing
    fact: ReleaseProvenance = answer.facts[0]
    return fact


def unknown(answer: Answer[Any]) -> Unknown:
    assert not answer.facts
    assert answer.missing is not None
    return answer.missing


def test_a_provenance_that_holds() -> None:
    fact = proved(bundle())
    assert not fact.unknown_fields()
    assert (fact.outcome, fact.why, fact.version) == (VERIFIED, "", "2.0.0")
    assert (fact.provider, fact.address, fact.repository) == ("github", SOURCE, "hazel/lamp")
    assert fact.workflow == ".github/workflows/release.yml"
    assert (fact.ref, fact.commit) == ("refs/tags/v2.0.0", "a" * 40)


def test_one_of_gitlab() -> None:
    run = BuildRun.of("https://gitlab.com/grove/sub/lamp", ".gitlab-ci.yml", "refs/heads/main")
    fact = proved(bundle(run=run))
    assert (fact.outcome, fact.provider, fact.repository) == (VERIFIED, "gitlab", "")
    assert (fact.address, fact.workflow) == (run.repository, ".gitlab-ci.yml")


def test_none_is_listed_and_nothing_is_asked() -> None:
    answer = read(Reply(500, {}), packument(attestations=...))
    assert answer.facts[0].outcome == ABSENT
    assert len(answer.evidence) == 1


SUBJECT = {"name": "pkg:npm/%40hazel/lamp@2.0.0", "digest": {"sha512": ARCHIVE.hexdigest()}}


@pytest.mark.parametrize(
    "subject",
    [
        [SUBJECT | {"name": "pkg:npm/%40hazel/lamp@2.0.1"}],
        [SUBJECT | {"name": "pkg:npm/%40stranger/lamp@2.0.0"}],
        [SUBJECT | {"digest": {"sha512": hashlib.sha512(b"other").hexdigest()}}],
        [SUBJECT | {"digest": {"sha256": hashlib.sha256(b"the archive").hexdigest()}}],
        [
            SUBJECT | {"digest": {"sha512": "00"}},
            SUBJECT | {"name": "pkg:npm/other@2.0.0"},
        ],
        [],
        {},
    ],
)
def test_one_of_another_artifact(subject: Any) -> None:
    fact = proved(bundle(statement(subject=subject)))
    assert (fact.outcome, fact.address, fact.repository) == (OTHER_ARTIFACT, "", "")


def test_the_certificate_counts_and_the_statement_may_not_say_otherwise() -> None:
    def said(repository: str) -> bytes:
        workflow = {"workflow": {"repository": repository}}
        return statement(predicate={"buildDefinition": {"externalParameters": workflow}})

    assert proved(bundle(said(SOURCE))).outcome == VERIFIED
    assert proved(bundle(said("https://github.com/hazel/lamb"))).outcome == UNVERIFIABLE


def flipped(text: str, at: int) -> str:
    data = bytearray(base64.b64decode(text))
    data[at % len(data)] ^= 1
    return base64.b64encode(data).decode()


def within(*path: Any) -> Callable[[dict[str, Any], Any], None]:
    """Changes the value at a path of a bundle."""

    def change(whole: dict[str, Any], how: Any) -> None:
        node: Any = whole
        for step in path[:-1]:
            node = node[step]
        node[path[-1]] = how(node[path[-1]])

    return change


ENTRY = ("verificationMaterial", "tlogEntries", 0)
PROOF = (*ENTRY, "inclusionProof")
ENCODED = {
    "payload": within("dsseEnvelope", "payload"),
    "signature": within("dsseEnvelope", "signatures", 0, "sig"),
    "certificate": within("verificationMaterial", "certificate", "rawBytes"),
    "entry": within(*ENTRY, "canonicalizedBody"),
    "promise": within(*ENTRY, "inclusionPromise", "signedEntryTimestamp"),
    "log": within(*ENTRY, "logId", "keyId"),
    "root": within(*PROOF, "rootHash"),
    "lowest hash": within(*PROOF, "hashes", 0),
    "highest hash": within(*PROOF, "hashes", -1),
}


KINDS = ("dsse", "intoto")


@pytest.mark.sampled(3)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("place", ENCODED)
@pytest.mark.parametrize("at", [0, 7, 40, 133, -1])
def test_one_flipped_bit_never_verifies(kind: str, place: str, at: int) -> None:
    broken = deepcopy(bundle(entry=kind))
    ENCODED[place](broken, lambda text: flipped(text, at))
    answer = read(attested(broken))
    assert [fact.outcome for fact in answer.facts] in ([], [UNVERIFIABLE])
    assert bool(answer.facts) is (answer.missing is None)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ((*ENTRY, "integratedTime"), "1793491260"),
        ((*ENTRY, "logIndex"), "3"),
        ((*PROOF, "logIndex"), "3"),
        ((*PROOF, "treeSize"), "900"),
        ((*PROOF, "hashes"), []),
        (("dsseEnvelope", "payloadType"), "application/json"),
    ],
)
@pytest.mark.parametrize("kind", KINDS)
def test_one_changed_word_never_verifies(path: tuple[Any, ...], value: Any, kind: str) -> None:
    broken = deepcopy(bundle(entry=kind))
    within(*path)(broken, lambda _: value)
    assert proved(broken).outcome == UNVERIFIABLE


@pytest.mark.parametrize("kind", KINDS)
def test_parts_of_two_bundles_do_not_make_one(kind: str) -> None:
    one, two = bundle(entry=kind), bundle(statement(predicate={"other": 1}), entry=kind)
    for part in ("verificationMaterial", "dsseEnvelope"):
        assert proved(one | {part: two[part]}).outcome == UNVERIFIABLE
    mixed = deepcopy(one)
    mixed["verificationMaterial"]["tlogEntries"] = two["verificationMaterial"]["tlogEntries"]
    assert proved(mixed).outcome == UNVERIFIABLE


@pytest.mark.parametrize("kind", KINDS)
def test_a_certificate_that_had_ended_or_not_begun_when_the_log_saw_it(kind: str) -> None:
    for delay in (timedelta(minutes=11), timedelta(minutes=-1)):
        fact = proved(bundle(delay=delay, entry=kind))
        assert fact.outcome == UNVERIFIABLE
        assert fact.why
    assert proved(bundle(delay=timedelta(minutes=9), entry=kind)).outcome == VERIFIED


def a_published_one() -> tuple[dict[str, Any], str]:
    """The provenance that `sigstore` 2.0.0 was published with, and the digest of its archive."""
    text = (Path(__file__).parent / "bundles" / "sigstore-2.0.0.json").read_text("utf-8")
    return json.loads(text), sha512(PUBLISHED)  # type: ignore[return-value]  # a digest


PUBLISHED = (
    "sha512-RtTi90xIdzFmQAAKb9+Ki1nx4IR2Z5c+mFn3dN0xuPHgk3gTt3f7ZqKsZ9UF"
    "QP40ZAlm7un8LMyjhwgrTIXNPA=="
)


def test_a_published_provenance_verifies_with_the_public_trust_root() -> None:
    one, digest = a_published_one()
    root = SigstoreRoot.of("")
    assert isinstance(root, SigstoreRoot)
    assert root.prove(Item(one, "GET /"), purl("sigstore", "2.0.0"), digest) == {
        "outcome": VERIFIED,
        "provider": "github",
        "address": "https://github.com/sigstore/sigstore-js",
        "repository": "sigstore/sigstore-js",
        "workflow": ".github/workflows/release.yml",
        "ref": "refs/heads/main",
        "commit": "f0b49a04e5a62250e0f60fb128004a73110fe311",
    }


@pytest.mark.parametrize("version", ["0.2", "0.3", "v0.3"])
def test_a_published_provenance_verifies_in_the_form_of_newer_clients(version: str) -> None:
    one, digest = a_published_one()
    material = one["verificationMaterial"]
    kind = "application/vnd.dev.sigstore.bundle"
    one["mediaType"] = f"{kind}+json;version={version}"
    if "3" in version:
        # One certificate instead of a chain; what is signed is the same.
        (first, *_) = material.pop("x509CertificateChain")["certificates"]
        material["certificate"] = first
    if version.startswith("v"):
        one["mediaType"] = f"{kind}.{version}+json"
    root = SigstoreRoot.of("")
    assert isinstance(root, SigstoreRoot)
    found = root.prove(Item(one, "GET /"), purl("sigstore", "2.0.0"), digest)
    assert isinstance(found, dict)
    assert found["outcome"] == VERIFIED


@pytest.mark.parametrize("place", ["payload", "signature", "entry", "promise", "root"])
def test_a_published_provenance_with_one_flipped_bit_does_not_verify(place: str) -> None:
    one, digest = a_published_one()
    ENCODED[place](one, lambda text: flipped(text, 100))
    root = SigstoreRoot.of("")
    assert isinstance(root, SigstoreRoot)
    found = root.prove(Item(one, "GET /"), purl("sigstore", "2.0.0"), digest)
    assert isinstance(found, Unknown) or found["outcome"] == UNVERIFIABLE


def test_a_provenance_that_npm_before_11_had_logged() -> None:
    fact = proved(bundle(entry="intoto"))
    assert (fact.outcome, fact.repository) == (VERIFIED, "hazel/lamp")


@pytest.mark.parametrize(
    "path",
    [
        ("kind",),
        ("apiVersion",),
        ("spec", "content", "payloadHash", "value"),
        ("spec", "content", "payloadHash", "algorithm"),
        ("spec", "content", "envelope", "payloadType"),
        ("spec", "content", "envelope", "signatures", 0, "sig"),
        ("spec", "content", "envelope", "signatures", 0, "publicKey"),
        ("spec", "content", "envelope", "signatures"),
        ("spec", "content", "envelope"),
        ("spec",),
    ],
    ids=str,
)
def test_an_old_entry_about_something_else_does_not_verify(path: tuple[Any, ...]) -> None:
    """The log itself holds it, so all signatures are good."""
    other = bundle(statement(predicate={"other": 1}), entry="intoto")
    one = deepcopy(bundle(entry="intoto"))
    entries = [two["verificationMaterial"]["tlogEntries"][0] for two in (one, other)]
    bodies = [json.loads(base64.b64decode(two["canonicalizedBody"])) for two in entries]
    node = bodies[1]
    for step in path:
        node = node[step]
    within(*path)(bodies[0], lambda value: node if node != value else "x")
    entry = NOTARY.log.enter({"apiVersion": "", "kind": ""} | bodies[0], AT)
    entry["kindVersion"] = {"kind": "intoto", "version": "0.0.2"}
    one["verificationMaterial"]["tlogEntries"] = [entry]
    assert proved(one).outcome == UNVERIFIABLE


def test_a_false_checkpoint() -> None:
    broken = deepcopy(bundle())
    envelope = within(*PROOF, "checkpoint", "envelope")
    envelope(broken, lambda text: text.replace("log.example - 4711", "log.example - 4712"))
    assert proved(broken).outcome == UNVERIFIABLE


def test_a_forger_with_the_names_of_known_keys_does_not_verify() -> None:
    """Another authority and another log that call themselves the known ones."""
    forger = Notary(Authority(), TransparencyLog())
    false = forger.sign(statement(), RUN, AT)
    theirs = NOTARY.log.enter({"kind": "dsse", "apiVersion": "0.0.1"}, AT)
    false["verificationMaterial"]["tlogEntries"][0]["logId"] = theirs["logId"]
    assert unknown(read(attested(false))).reason is Reason.MALFORMED
    half = Notary(NOTARY.authority, TransparencyLog()).sign(statement(), RUN, AT)
    half["verificationMaterial"]["tlogEntries"][0]["logId"] = theirs["logId"]
    assert proved(half).outcome == UNVERIFIABLE


@pytest.mark.parametrize(
    "stranger", [Notary(Authority(), NOTARY.log), Notary(NOTARY.authority, TransparencyLog())]
)
def test_one_by_keys_that_the_trust_root_does_not_know_is_not_known(stranger: Notary) -> None:
    why = unknown(read(attested(stranger.sign(statement(), RUN, AT))))
    assert "--sigstore-trust-root" in why.needed


def test_the_public_trust_root_comes_with_the_library_and_knows_no_sandbox() -> None:
    why = unknown(read(attested(bundle()), trust=""))
    assert why.reason is Reason.MALFORMED
    assert "--sigstore-trust-root" in why.needed


def test_a_trust_root_may_come_inside_a_client_configuration() -> None:
    config = json.dumps({"trustedRoot": NOTARY.trust_root(), "signingConfig": {"any": "thing"}})
    assert proved(bundle(), trust=config).outcome == VERIFIED


@pytest.mark.parametrize("trust", ["{", "[]", "{}", '{"mediaType": "x", "tlogs": []}'])
def test_a_trust_root_that_is_none_verifies_nothing(trust: str) -> None:
    assert "trust root" in unknown(read(attested(bundle()), trust=trust)).needed


@pytest.mark.parametrize(
    "one",
    [
        bundle(statement(predicateType="https://attest.example/v1")),
        bundle(statement(_type="https://in-toto.io/Statement/v9")),
        bundle(b"{"),
        bundle(b"[]"),
        bundle(x8="https://accounts.example"),
        bundle(x8=""),
        bundle(x12=""),
        bundle(x14=""),
        bundle() | {"mediaType": "application/vnd.dev.sigstore.bundle.v9+json"},
        bundle() | {"mediaType": []},
        bundle() | {"mediaType": {}},
        {name: value for name, value in bundle().items() if name != "dsseEnvelope"},
        bundle() | {"verificationMaterial": {}},
        bundle() | {"extra": 1},
        {},
    ],
)
def test_what_is_not_understood_is_not_known(one: Any) -> None:
    assert unknown(read(attested(one))).reason is Reason.MALFORMED


@pytest.mark.parametrize(("kind", "version"), [("intoto", "0.0.1"), ("dsse", "0.0.2"), ("x", "")])
def test_entries_of_old_clients_are_not_known(kind: str, version: str) -> None:
    old = deepcopy(bundle())
    within(*ENTRY, "kindVersion")(old, lambda _: {"kind": kind, "version": version})
    assert unknown(read(attested(old))).reason is Reason.MALFORMED


def test_an_entry_without_a_checkpoint_is_not_known() -> None:
    old = deepcopy(bundle())
    within(*ENTRY, "inclusionProof")(old, lambda _: {})
    assert unknown(read(attested(old))).reason is Reason.MALFORMED


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Reply(404, {"error": "Not found"}), Reason.NOT_VISIBLE),
        (Reply(403, {"message": "no"}), Reason.NOT_PERMITTED),
        (Reply(500, {"message": "down"}), Reason.UNREACHABLE),
        (Reply(200, None, {"content-type": "text/html"}, b"<html>Sign in"), Reason.MALFORMED),
        (
            Reply(200, None, {"content-type": "application/json"}, b'{"attestations": [{"pre'),
            Reason.MALFORMED,
        ),
        ([], Reason.MALFORMED),
        ({}, Reason.NOT_VISIBLE),
        ({"attestations": None}, Reason.NOT_VISIBLE),
        (attested(), Reason.NOT_VISIBLE),
        (attested(bundle(), kind="https://attest.example/v1"), Reason.NOT_VISIBLE),
        (attested(bundle(), bundle()), Reason.MALFORMED),
        (attested(None), Reason.MALFORMED),
        (attested("bundle"), Reason.MALFORMED),
    ],
)
def test_an_answer_that_holds_none_is_not_known(answer: Any, reason: Reason) -> None:
    assert unknown(read(answer)).reason is reason


@pytest.mark.parametrize(
    "dist",
    [
        {"integrity": ...},
        {"integrity": "sha1-AAAA"},
        {"integrity": "sha512-AAAA"},
        {"integrity": "sha512-?"},
        {"integrity": 5},
        {"attestations": {}},
        {"attestations": {"provenance": {"predicateType": "new"}}},
        {"attestations": ..., "signatures": ...},
    ],
)
def test_what_the_packument_does_not_tell_is_not_known(dist: dict[str, Any]) -> None:
    assert unknown(read(attested(bundle()), packument(**dist))).needed


def test_without_the_extra_nothing_is_asked_and_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delitem(sys.modules, "hardenme.collectors.npm.sigstore_proof", raising=False)
    monkeypatch.delattr("hardenme.collectors.npm.sigstore_proof", raising=False)
    monkeypatch.setitem(sys.modules, "sigstore.errors", None)
    answer = read(attested(bundle()))
    why = unknown(answer)
    assert why.reason is Reason.NOT_ASKED
    assert install("provenance") in why.needed
    assert len(answer.evidence) == 1, "the packument alone"
    assert read(Reply(500, {}), packument(attestations=...)).facts[0].outcome == ABSENT


def test_names_and_digests_as_npm_writes_them() -> None:
    assert purl("lamp", "1.0.0-rc.1") == "pkg:npm/lamp@1.0.0-rc.1"
    assert purl("@hazel/lamp", "1.0.0") == "pkg:npm/%40hazel/lamp@1.0.0"
    encoded = base64.b64encode(ARCHIVE.digest()).decode()
    assert sha512(f"sha1-AAAA sha512-{encoded}?size=3") == ARCHIVE.hexdigest()
