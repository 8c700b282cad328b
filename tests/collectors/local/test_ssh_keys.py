"""Keys are made by the libraries and tools that people use, and by hand where those cannot."""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from hypothesis import given
from hypothesis import strategies as st

from hardenme.collectors.local.ssh_keys import MOST_FILES
from hardenme.collectors.local.ssh_lock import KeyProtection, lock_of
from hardenme.facts.local.ssh import SshPrivateKey
from hardenme.model.unknown import NotKnownError, Reason
from tests.collectors.local.conftest import Look
from tests.collectors.local.home import Home, as_nobody, shared_folder
from tests.collectors.local.keys import LOCKED_KEY, OPEN_KEY, openssh, string, wrapped
from tests.running import Stage
from tests.workstations import LOCKED, fill_orderly, private_key

PASSPHRASE = b"CANARY passphrase"
ED25519 = ed25519.Ed25519PrivateKey.generate()
ECDSA = ec.generate_private_key(ec.SECP256R1())
LOCK = BestAvailableEncryption(PASSPHRASE)


def ecdsa(form: PrivateFormat, *, locked: bool) -> bytes:
    return ECDSA.private_bytes(Encoding.PEM, form, LOCK if locked else NoEncryption())


PUTTY = "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: {}\nComment: hazel\n"


@pytest.mark.parametrize(
    ("data", "lock"),
    [
        (
            ED25519.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()),
            KeyProtection(encrypted=False),
        ),
        (ecdsa(PrivateFormat.TraditionalOpenSSL, locked=False), KeyProtection(encrypted=False)),
        (ecdsa(PrivateFormat.TraditionalOpenSSL, locked=True), KeyProtection(encrypted=True)),
        (ecdsa(PrivateFormat.PKCS8, locked=False), KeyProtection(encrypted=False)),
        (ecdsa(PrivateFormat.PKCS8, locked=True), KeyProtection(encrypted=True)),
        (openssh(b"none", b"ssh-ed25519"), KeyProtection(encrypted=False)),
        (openssh(b"aes256-ctr", b"ssh-ed25519"), KeyProtection(encrypted=True)),
        (
            openssh(b"none", b"sk-ssh-ed25519@openssh.com"),
            KeyProtection(encrypted=False, hardware=True),
        ),
        (
            openssh(b"aes256-ctr", b"sk-ecdsa-sha2-nistp256@openssh.com"),
            KeyProtection(encrypted=True, hardware=True),
        ),
        (openssh(b"none", b"ssh-ed25519").replace(b"\n", b"\r\n"), KeyProtection(encrypted=False)),
        (b"note\n" + openssh(b"none", b"ssh-ed25519"), KeyProtection(encrypted=False)),
        (PUTTY.format("none").encode(), KeyProtection(encrypted=False, putty=True)),
        (PUTTY.format("aes256-cbc").encode(), KeyProtection(encrypted=True, putty=True)),
        (b"ssh-ed25519 AAAA hazel\n", None),
        (b"", None),
        (b"Host *\n  IdentityFile ~/.ssh/id_ed25519\n", None),
        (b"-----BEGIN PUBLIC KEY-----\n", None),
    ],
)
def test_how_a_key_is_kept(data: bytes, lock: KeyProtection | None) -> None:
    assert lock_of(data) == lock


@pytest.mark.parametrize(
    "data",
    [
        wrapped(b"")[:40],
        wrapped(b"no base64!"),
        wrapped(b""),
        openssh(b"none", b"ssh-ed25519", magic=b"openssh-key-v2\0"),
        openssh(b"none", b"ssh-ed25519")[:60],
        wrapped(base64.b64encode(b"openssh-key-v1\0" + b"\0\0\xff\xffnone")),
        wrapped(base64.b64encode(b"openssh-key-v1\0" + string(b"none") + b"\0\0")),
        PUTTY.format("new").encode(),
        b"PuTTY-User-Key-File-9: x\n",
    ],
)
def test_a_key_that_is_not_understood(home: Home, data: bytes) -> None:
    with pytest.raises(ValueError, match="key"):
        lock_of(data)
    home.write(".ssh/id", data)
    fact = home.one(SshPrivateKey)
    for name in ("encrypted", "hardware"):
        with pytest.raises(NotKnownError) as told:
            getattr(fact, name)
        assert told.value.unknown.reason is Reason.MALFORMED
    assert fact.mode == 0o600


HARDWARE_KEY = openssh(b"none", b"sk-ssh-ed25519@openssh.com")
KEYS = {
    "open behind locked": (LOCKED_KEY + OPEN_KEY, True),
    "open before locked": (OPEN_KEY + LOCKED_KEY, True),
    "open behind one in a device": (HARDWARE_KEY + OPEN_KEY, True),
    "two forms": (private_key(LOCKED) + private_key(NoEncryption()), True),
    "an old form behind a locked one": (
        (
            b"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n"
            b"-----END RSA PRIVATE KEY-----\n"
            b"-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n"
        ),
        True,
    ),
    "a mark of the byte order": (b"\xef\xbb\xbf" + OPEN_KEY, True),
    "another coding": (OPEN_KEY.decode().encode("utf-16"), True),
    "behind many certificates": (b"certificate\n" * 20_000 + OPEN_KEY, True),
    "two that are locked": (LOCKED_KEY + private_key(LOCKED), False),
    "locked, and in a device": (LOCKED_KEY + HARDWARE_KEY, False),
    "two in a device": (HARDWARE_KEY + HARDWARE_KEY, False),
}


@pytest.mark.parametrize(("data", "fails"), KEYS.values(), ids=KEYS)
def test_every_key_of_a_file_counts(home: Home, look: Look, data: bytes, *, fails: bool) -> None:
    home.write(".ssh/bundle.pem", data)
    assert bool(look("LOC112")) is fails


@given(st.lists(st.sampled_from([OPEN_KEY, LOCKED_KEY, HARDWARE_KEY]), min_size=1, max_size=5))
def test_one_open_key_opens_a_file(keys: list[bytes]) -> None:
    lock = lock_of(b"note\n".join(keys))
    assert lock is not None
    assert (lock.encrypted or lock.hardware) is (OPEN_KEY not in keys)
    assert lock.keys == len(keys)


def test_a_key_of_another_tool_is_not_passed_over(home: Home, running: Stage) -> None:
    fill_orderly(home)
    home.write(".ssh/old", "---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nAAAA\n")
    running.others = lambda: {"local": home.station()}
    report = running.audit("local", select_=("LOC112",), local=True)
    assert {one.result for one in report.findings} == {"passed", "unknown"}


@pytest.mark.second_tier("takes long", one_of=6)
@pytest.mark.sampled(3)
@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="there is no ssh-keygen")
@pytest.mark.parametrize("kind", ["ed25519", "rsa", "ecdsa"])
@pytest.mark.parametrize("form", ["RFC4716", "PEM", "PKCS8"])
@pytest.mark.parametrize("passphrase", ["", PASSPHRASE.decode()])
def test_keys_of_openssh_itself(tmp_path: Path, kind: str, form: str, passphrase: str) -> None:
    if kind == "ed25519" and form != "RFC4716":
        pytest.skip("OpenSSH writes these keys in its own form only")
    path = tmp_path / "id"
    words = ["ssh-keygen", "-q", "-t", kind, "-m", form, "-N", passphrase, "-f", str(path)]
    subprocess.run(words, check=True, capture_output=True)  # noqa: S603 (fixed words)
    assert lock_of(path.read_bytes()) == KeyProtection(encrypted=bool(passphrase))
    assert lock_of(path.with_suffix(".pub").read_bytes()) is None


def test_keys_are_found_by_what_they_hold(home: Home) -> None:
    home.write(".ssh/id_ed25519", OPEN_KEY, mode=0o644)
    home.write(".ssh/id_ed25519.pub", "ssh-ed25519 AAAA hazel")
    home.write(".ssh/config", "Host *\n")
    home.write(".ssh/known_hosts", b"x" * 70_000)
    home.write(".ssh/work/deploy", LOCKED_KEY)
    home.write(".ssh/work/deeper/deploy", LOCKED_KEY)
    os.mkfifo(home.home / ".ssh" / "pipe")
    facts = home.facts(SshPrivateKey)
    assert set(facts) == {"~/.ssh/id_ed25519", "~/.ssh/work/deploy"}
    assert (facts["~/.ssh/id_ed25519"].encrypted, facts["~/.ssh/id_ed25519"].octal) == (
        False,
        "0644",
    )
    assert facts["~/.ssh/work/deploy"].encrypted
    for answer in home.answers(SshPrivateKey):
        assert answer.missing is None
        assert [atom.endpoint for atom in answer.evidence] == [f"FILE {answer.scope.name}"]


@pytest.mark.parametrize("there", [True, False])
def test_no_key(home: Home, *, there: bool) -> None:
    if there:
        home.write(".ssh/config", "Host *\n")
    (answer,) = home.answers(SshPrivateKey)
    assert answer.missing is None
    assert answer.facts == ()
    endpoints = [(atom.endpoint, atom.status) for atom in answer.evidence]
    assert endpoints[0] == ("FOLDER ~/.ssh", 200 if there else 404)


def test_a_link_within_the_home_is_followed(home: Home) -> None:
    home.write("keys/id", LOCKED_KEY)
    home.write(".ssh/config", "")
    (home.home / ".ssh" / "id").symlink_to("../keys/id")
    assert home.one(SshPrivateKey).encrypted


def test_a_link_out_of_the_home_is_not_followed(home: Home) -> None:
    (home.root / "id").write_bytes(OPEN_KEY)
    home.write(".ssh/config", "")
    (home.home / ".ssh" / "id").symlink_to(home.root / "id")
    (answer,) = home.answers(SshPrivateKey)
    assert answer.facts == ()
    assert answer.missing is not None
    assert answer.missing.reason is Reason.NOT_VISIBLE
    assert str(answer.scope) == "local:ssh-key/~/.ssh/id"


def test_a_link_that_leads_nowhere(home: Home) -> None:
    home.write(".ssh/config", "")
    (home.home / ".ssh" / "id").symlink_to("gone")
    (answer,) = home.answers(SshPrivateKey)
    assert answer.missing is None


def test_a_folder_behind_a_link(home: Home) -> None:
    home.write(".ssh/config", "")
    home.write("keys/id", OPEN_KEY)
    (home.home / ".ssh" / "more").symlink_to("../keys")
    assert set(home.facts(SshPrivateKey)) == {"~/.ssh/more/id"}
    (home.home / ".ssh" / "more").unlink()
    (home.root / "keys").mkdir()
    (home.home / ".ssh" / "more").symlink_to(home.root / "keys")
    (answer,) = home.answers(SshPrivateKey)
    assert answer.missing is not None
    assert answer.missing.reason is Reason.NOT_VISIBLE


def test_more_files_than_are_read(home: Home) -> None:
    home.write(".ssh/0", LOCKED_KEY)
    for number in range(1, MOST_FILES + 1):
        (home.home / ".ssh" / f"{number}.pub").touch()
    *known, last = home.answers(SshPrivateKey)
    assert len(known) == 1
    assert last.missing is not None
    assert last.missing.reason is Reason.INCOMPLETE


@pytest.mark.parametrize("closed", [".ssh", ".ssh/work", ".ssh/id"])
def test_what_may_not_be_read_is_unknown(closed: str) -> None:
    with shared_folder() as folder:
        home = Home(folder)
        home.write(".ssh/id", LOCKED_KEY, mode=0o644)
        home.write(".ssh/work/id", LOCKED_KEY, mode=0o644)
        (home.home / closed).chmod(0)
        with as_nobody():
            answers = home.answers(SshPrivateKey)
        (home.home / closed).chmod(0o700)
    missing = [answer.missing for answer in answers if answer.missing is not None]
    assert [found.reason for found in missing] == [Reason.NOT_PERMITTED]
    assert missing[0].needed == f"read access to ~/{closed}"


def test_a_folder_that_can_be_listed_and_not_entered() -> None:
    with shared_folder() as folder:
        home = Home(folder)
        home.write(".ssh/id", LOCKED_KEY, mode=0o644)
        (home.home / ".ssh").chmod(0o444)
        with as_nobody():
            (answer,) = home.answers(SshPrivateKey)
        (home.home / ".ssh").chmod(0o700)
    assert answer.missing is not None
    assert answer.missing.reason is Reason.NOT_PERMITTED


def test_rights_are_unknown_on_windows(home: Home) -> None:
    home.write(".ssh/id", LOCKED_KEY)
    home.system = "win32"
    fact = home.one(SshPrivateKey)
    assert fact.encrypted
    with pytest.raises(NotKnownError):
        _ = fact.mode
