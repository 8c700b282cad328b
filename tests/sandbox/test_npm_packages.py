"""What the npm sandbox tells of packages: packuments, signatures, trust, stage, search."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from hardenme.sandbox.npm.packages import ABBREVIATED
from hardenme.sandbox.npm.scenarios import hardened_maintainer, scaled_maintainer, weak_maintainer
from hardenme.sandbox.npm.server import npm_sandbox
from hardenme.sandbox.npm.world import ClientToken, TokenKind, canary
from tests.moment import NOW
from tests.sandbox.npm_reader import Reader

LADLE = "@acorn-labs%2fladle"
GRANULAR = [TokenKind.READ, TokenKind.WRITE, TokenKind.BYPASS, TokenKind.STAGE_ONLY]


@pytest.fixture
def mallow() -> Iterator[Reader]:
    with npm_sandbox(weak_maintainer(NOW)) as sandbox:
        yield Reader(sandbox)


@pytest.fixture
def hazel() -> Iterator[Reader]:
    with npm_sandbox(hardened_maintainer(NOW)) as sandbox:
        yield Reader(sandbox)


def test_hidden_packages_are_absent(mallow: Reader) -> None:
    world = mallow.world
    for target in (
        "/@sorrel-works%2fledger",
        "/@sorrel-works/ledger/1.0.0",
        "/-/package/@sorrel-works%2fledger/collaborators",
        "/-/package/@sorrel-works%2fledger/dist-tags",
    ):
        assert mallow(target).status == 404
        assert mallow(target, world.token("mallow")).status == 404
    assert mallow("/-/v1/search?text=ledger").data["total"] == 0
    world.credentials.append(ClientToken(canary("sorrel"), "sorrel", TokenKind.SESSION))
    assert mallow("/@sorrel-works/ledger", world.token("sorrel")).status == 200
    assert "@sorrel-works/ledger" in mallow("/-/user/sorrel/package", world.token("sorrel")).data
    assert (
        "@sorrel-works/ledger" not in mallow("/-/user/sorrel/package", world.token("mallow")).data
    )


def test_packuments_full_and_abbreviated(mallow: Reader) -> None:
    full = mallow(f"/{LADLE}", accept="application/json")
    assert full.data == mallow("/@acorn-labs/ladle").data
    assert full.data["time"]["modified"] == full.data["time"]["1.4.0"]
    assert full.data["versions"]["1.2.0"]["_npmUser"]["name"] == "mallow"
    assert "attestations" not in full.data["versions"]["1.2.0"]["dist"]
    short = mallow(f"/{LADLE}", accept=f"{ABBREVIATED}; q=1.0, application/json; q=0.8")
    assert short.headers["content-type"] == ABBREVIATED
    assert "maintainers" not in short.data
    assert "_npmUser" not in short.data["versions"]["1.4.0"]
    grater = mallow("/@acorn-labs/grater", accept=ABBREVIATED).data["versions"]
    assert [grater[name].get("hasInstallScript") for name in ("3.3.0", "3.4.0")] == [None, True]


def test_packuments_are_not_sent_twice(mallow: Reader) -> None:
    first = mallow(f"/{LADLE}")
    tag = first.headers["etag"]
    again = mallow(f"/{LADLE}", if_none_match=f'"other", W/{tag}')
    assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag)
    mallow.world.packages[0].versions[-1].deprecated = "use another"
    changed = mallow(f"/{LADLE}", if_none_match=tag)
    assert changed.status == 200
    assert changed.data["versions"]["1.4.0"]["deprecated"] == "use another"


def test_one_release_by_version_and_tag(mallow: Reader) -> None:
    assert mallow(f"/{LADLE}/latest").data == mallow("/@acorn-labs/ladle/1.4.0").data
    assert mallow(f"/{LADLE}/9.9.9").status == 404
    assert mallow(f"/-/package/{LADLE}/dist-tags").data == {"latest": "1.4.0"}


def test_registry_signatures_verify(mallow: Reader) -> None:
    (key,) = mallow("/-/npm/v1/keys").data["keys"]
    public = load_der_public_key(base64.b64decode(key["key"]))
    assert isinstance(public, ec.EllipticCurvePublicKey)
    dist = mallow(f"/{LADLE}/1.4.0").data["dist"]
    (signature,) = dist["signatures"]
    assert signature["keyid"] == key["keyid"]
    text = f"@acorn-labs/ladle@1.4.0:{dist['integrity']}".encode()
    public.verify(base64.b64decode(signature["sig"]), text, ec.ECDSA(SHA256()))
    assert "signatures" not in mallow("/mallow-trivet/latest").data["dist"]


def test_attestations_name_the_build(mallow: Reader) -> None:
    found = mallow(f"/-/npm/v1/attestations/{LADLE}@1.4.0").data["attestations"]
    statements = {
        each["predicateType"]: json.loads(
            base64.b64decode(each["bundle"]["dsseEnvelope"]["payload"])
        )
        for each in found
    }
    slsa = statements["https://slsa.dev/provenance/v1"]
    assert slsa["predicate"]["buildDefinition"]["externalParameters"]["workflow"] == {
        "ref": "refs/heads/main",
        "repository": "https://github.com/mallow/ladle",
        "path": ".github/workflows/release.yml",
    }
    integrity = mallow(f"/{LADLE}/1.4.0").data["dist"]["integrity"]
    digest = base64.b64decode(integrity.removeprefix("sha512-")).hex()
    assert slsa["subject"] == [
        {"name": "pkg:npm/%40acorn-labs/ladle@1.4.0", "digest": {"sha512": digest}}
    ]
    assert mallow(f"/-/npm/v1/attestations/{LADLE}@1.2.0").status == 404


def test_trust_asks_for_a_one_time_password(hazel: Reader) -> None:
    target, token = "/-/package/@hazel-grove%2flantern/trust", hazel.world.token("hazel")
    hazel.world.users[0].remembers_otp = False
    plain = hazel(target, token)
    assert (plain.status, plain.headers["www-authenticate"]) == (401, "OTP")
    assert plain.headers["npm-notice"].startswith(f"Open {hazel.sandbox.url}/login/")
    assert hazel(target, token, npm_otp="999999").status == 401
    (publisher,) = hazel(target, token, npm_otp="000000").data
    assert publisher["claims"]["environment"] == "release"
    assert publisher["permissions"] == ["createStagedPackage"]
    assert hazel(target, token).status == 401


def test_trust_by_the_web_and_remembered(hazel: Reader) -> None:
    target, token = "/-/package/@hazel-grove%2flantern/trust", hazel.world.token("hazel")
    asked = hazel(target, token, npm_auth_type="web", npm_command="trust")
    assert asked.status == 401
    done = asked.data["doneUrl"].removeprefix(hazel.sandbox.url)
    waiting = hazel(done)
    assert (waiting.status, waiting.headers["retry-after"]) == (202, "1")
    code = hazel(done).data["token"]
    assert hazel(target, token, npm_otp=code).status == 200
    other = "/-/package/@hazel-grove%2fcompass/trust"
    assert hazel(other, token).status == 200
    assert hazel(other, token, npm_otp=code).status == 401, "it is good for once"
    assert hazel(other, token).status == 200


def test_the_window_closes(hazel: Reader) -> None:
    target, token = "/-/package/@hazel-grove%2flantern/trust", hazel.world.token("hazel")
    hazel.world.users[0].otp_window = 2
    assert hazel(target, token, npm_otp="000000").status == 200
    assert [hazel(target, token).status for _ in range(3)] == [200, 200, 401]


def test_trust_needs_the_right_to_write(mallow: Reader) -> None:
    token = mallow.world.token("mallow")
    mallow.world.packages[0].collaborators["mallow"] = "read"
    target = f"/-/package/{LADLE}/trust"
    assert "Insufficient permissions" in mallow(target, token, npm_otp="000000").data["message"]
    mallow.world.packages[0].collaborators["mallow"] = "write"
    (publisher,) = mallow(target, token, npm_otp="000000").data
    assert "permissions" not in publisher


def test_a_credential_may_always_ask_for_a_one_time_password(mallow: Reader) -> None:
    mallow.world.credentials[0].otp_paths = (r"/-/npm/v1/tokens",)
    token = mallow.world.token("mallow")
    assert mallow("/-/whoami", token).status == 200
    asked = mallow("/-/npm/v1/tokens", token)
    assert (asked.status, asked.headers["www-authenticate"]) == (401, "OTP")
    assert mallow("/-/npm/v1/tokens", token, npm_otp="000000").status == 200


def test_staged_versions(hazel: Reader) -> None:
    token = hazel.world.token("hazel")
    everything = hazel("/-/stage", token).data
    (staged,) = everything["items"]
    assert (staged["version"], staged["actorType"]) == ("2.1.0", "trusted automation")
    assert hazel("/-/stage?package=@hazel-grove%2fcompass", token).data["total"] == 0
    assert hazel("/-/stage?perPage=1000", token).data["perPage"] == 100


def test_search_is_paged(mallow: Reader) -> None:
    with npm_sandbox(scaled_maintainer(NOW, packages=30, tokens=3)) as sandbox:
        read = Reader(sandbox)
        first = read("/-/v1/search?text=maintainer:sedge").data
        assert (len(first["objects"]), first["total"]) == (20, 30)
        rest = read("/-/v1/search?text=maintainer:sedge&from=20&size=250").data
        assert len(rest["objects"]) == 10
        assert read("/-/npm/v1/tokens", sandbox.world.token("sedge")).data["total"] == 3
    assert mallow("/-/v1/search").data["code"] == "ERR_TEXT_MISSING"
