from __future__ import annotations

from typing import Any

import pytest

from hardenme.model.unknown import NotKnownError
from hardenme.model.verdict import Failed, Manual, Passed
from hardenme_checks.github.account_keys import (
    gpg_key_valid,
    signing_key_present,
    ssh_key_in_use,
    ssh_key_recent,
    ssh_key_strong,
)
from tests.factories.github import account, gpg_key, signing_key, ssh_key, subkey
from tests.factories.given import LOST, MISSING, NOW, STRICT, TEAM, ago, ahead, every


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ({"last_used": ago(181)}, "unused for 181 days"),
        ({"last_used": ago(412), "created_at": MISSING}, "unused for 412 days"),
        ({"last_used": None, "created_at": ago(31)}, "never used since it was added 31 days ago"),
    ],
)
def test_unused_key(key: dict[str, Any], message: str) -> None:
    verdict = ssh_key_in_use(ssh_key(**key), NOW, TEAM)
    assert isinstance(verdict, Failed)
    assert verdict.message == message
    assert verdict.fix.command == "gh api -X DELETE user/keys/41"
    assert verdict.fix.page == "https://github.com/settings/keys"


@pytest.mark.parametrize(
    "key",
    [
        {},
        {"last_used": ago(180)},
        {"last_used": ago(180.9)},
        {"last_used": None, "created_at": ago(30)},
    ],
)
def test_used_key(key: dict[str, Any]) -> None:
    assert isinstance(ssh_key_in_use(ssh_key(**key), NOW, TEAM), Passed)


def test_the_profile_decides_how_long_unused() -> None:
    assert isinstance(ssh_key_in_use(ssh_key(last_used=ago(100)), NOW, STRICT), Failed)


@pytest.mark.parametrize(
    "key", [{"last_used": MISSING}, {"last_used": None, "created_at": MISSING}]
)
def test_unused_key_unknown(key: dict[str, Any]) -> None:
    with pytest.raises(NotKnownError):
        ssh_key_in_use(ssh_key(**key), NOW, TEAM)


@pytest.mark.parametrize(
    ("algorithm", "bits", "kind"),
    [
        ("ssh-ed25519", MISSING, Passed),
        ("sk-ssh-ed25519@openssh.com", 0, Passed),
        ("ecdsa-sha2-nistp256", 0, Passed),
        ("ssh-rsa", 4096, Passed),
        ("ssh-rsa", 3072, Passed),
        ("ssh-rsa", 3071, Failed),
        ("ssh-rsa", 1024, Failed),
        ("ssh-dss", 1024, Failed),
        ("ssh-marvel", 9000, Manual),
    ],
)
def test_strength(algorithm: str, bits: Any, kind: type[Any]) -> None:
    assert isinstance(ssh_key_strong(ssh_key(algorithm=algorithm, bits=bits), TEAM), kind)


@pytest.mark.parametrize("key", [{"algorithm": MISSING}, {"algorithm": "ssh-rsa", "bits": MISSING}])
def test_strength_unknown(key: dict[str, Any]) -> None:
    with pytest.raises(NotKnownError):
        ssh_key_strong(ssh_key(**key), TEAM)


def test_age() -> None:
    assert isinstance(ssh_key_recent(ssh_key(created_at=ago(730)), NOW, TEAM), Passed)
    verdict = ssh_key_recent(ssh_key(created_at=ago(731)), NOW, TEAM)
    assert isinstance(verdict, Failed)
    assert verdict.message == "added 731 days ago"
    assert isinstance(ssh_key_recent(ssh_key(created_at=ago(366)), NOW, STRICT), Failed)
    with pytest.raises(NotKnownError):
        ssh_key_recent(ssh_key(created_at=MISSING), NOW, TEAM)


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ({"revoked": True, "expires_at": MISSING}, "revoked"),
        ({"expires_at": ago(0)}, "expired 0 days ago"),
        ({"expires_at": ago(40), "subkeys": MISSING}, "expired 40 days ago"),
        (
            {"subkeys": (subkey(), subkey(expires_at=ago(1)))},
            "1 subkey of 2 expired or revoked",
        ),
        ({"subkeys": (subkey(revoked=True),)}, "1 subkey of 1 expired or revoked"),
    ],
)
def test_ended_gpg_key(key: dict[str, Any], message: str) -> None:
    verdict = gpg_key_valid(gpg_key(**key), NOW)
    assert isinstance(verdict, Failed)
    assert verdict.message == message
    assert verdict.fix.command == "gh api -X DELETE user/gpg_keys/61"


@pytest.mark.parametrize(
    "key",
    [
        {},
        {"expires_at": ahead(0.1)},
        {"expires_at": None, "subkeys": (subkey(expires_at=None),)},
        {"subkeys": ()},
    ],
)
def test_valid_gpg_key(key: dict[str, Any]) -> None:
    assert isinstance(gpg_key_valid(gpg_key(**key), NOW), Passed)


@pytest.mark.parametrize("name", ["revoked", "expires_at", "subkeys"])
def test_gpg_key_unknown(name: str) -> None:
    with pytest.raises(NotKnownError):
        gpg_key_valid(gpg_key(**{name: MISSING}), NOW)


@pytest.mark.parametrize(
    ("gpg", "ssh"),
    [
        (every(gpg_key()), every()),
        (every(), every(signing_key())),
        (every(missing=LOST), every(signing_key())),
        (every(gpg_key()), every(missing=LOST)),
    ],
)
def test_signing_key(gpg: Any, ssh: Any) -> None:
    assert isinstance(signing_key_present(account(), gpg, ssh), Passed)


def test_no_signing_key() -> None:
    verdict = signing_key_present(account(), every(), every())
    assert isinstance(verdict, Failed)
    assert verdict.seen == {"gpg_keys": 0, "ssh_signing_keys": 0}
    for gpg, ssh in ((every(missing=LOST), every()), (every(), every(missing=LOST))):
        with pytest.raises(NotKnownError):
            signing_key_present(account(), gpg, ssh)
