from __future__ import annotations

import threading

import keyring
import keyring.backend
import keyring.backends.fail
import keyring.backends.null
import pytest
from keyring.backends.chainer import ChainerBackend

from hardenme.collectors.local import detect
from hardenme.facts.local.keyring import NONE, PLAIN, SAFE, KeyringBackend
from hardenme.model.unknown import NotKnownError, Reason, Unknown
from tests.collectors.local.home import SAFE_KEYRING, Home
from tests.factories.given import REFUSED

CHAIN = "keyring.backends.chainer.ChainerBackend"
PLAINTEXT = "keyrings.alt.file.PlaintextKeyring"
NULL = "keyring.backends.null.Keyring"
CONFIGURATION = ".config/python_keyring/keyringrc.cfg"


def test_what_the_environment_names(home: Home) -> None:
    home.environ["PYTHON_KEYRING_BACKEND"] = PLAINTEXT
    home.write(CONFIGURATION, f"[backend]\ndefault-keyring={SAFE_KEYRING}\n")
    fact = home.one(KeyringBackend)
    assert (fact.names, fact.kind, fact.chosen_by) == ((PLAINTEXT,), PLAIN, "environment")


def test_what_the_configuration_names(home: Home) -> None:
    home.write(CONFIGURATION, f"[backend]\ndefault-keyring = {NULL}\nkeyring-path=/x\n")
    fact = home.one(KeyringBackend)
    assert (fact.names, fact.kind, fact.chosen_by) == ((NULL,), NONE, "configuration")


@pytest.mark.parametrize("text", [None, "", "[backend]\n", "[other]\ndefault-keyring=x\n"])
def test_what_keyring_finds_itself(home: Home, text: str | None) -> None:
    if text is not None:
        home.write(CONFIGURATION, text)
    (answer,) = home.answers(KeyringBackend)
    (fact,) = answer.facts
    assert (fact.names, fact.kind, fact.chosen_by) == ((SAFE_KEYRING,), SAFE, "keyring itself")
    assert [atom.endpoint for atom in answer.evidence] == [
        f"FILE ~/{CONFIGURATION}",
        "KEYRING get_keyring()",
    ]


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        ((SAFE_KEYRING, PLAINTEXT), PLAIN),
        (("other.Keyring", PLAINTEXT), PLAIN),
        ((SAFE_KEYRING, NULL), SAFE),
        ((NULL,), NONE),
        ((), NONE),
    ],
)
def test_a_chain_is_judged_by_its_members(home: Home, names: tuple[str, ...], kind: str) -> None:
    home.write(CONFIGURATION, f"[backend]\ndefault-keyring={CHAIN}\n")
    home.keyrings = names
    fact = home.one(KeyringBackend)
    assert (fact.names, fact.kind) == (names, kind)


@pytest.mark.parametrize("names", [("other.Keyring",), (SAFE_KEYRING, "other.Keyring")])
def test_a_backend_that_is_not_known(home: Home, names: tuple[str, ...]) -> None:
    home.keyrings = names
    fact = home.one(KeyringBackend)
    assert fact.names == names
    with pytest.raises(NotKnownError) as told:
        _ = fact.kind
    assert told.value.unknown.reason is Reason.MALFORMED


def missing(home: Home) -> Unknown:
    (answer,) = home.answers(KeyringBackend)
    assert answer.facts == ()
    assert answer.missing is not None
    return answer.missing


def test_keyring_does_not_tell(home: Home) -> None:
    home.keyrings = REFUSED
    assert missing(home) is REFUSED


@pytest.mark.parametrize(
    "text", ["no section\n", "[backend]\ndefault-keyring=a\ndefault-keyring=b\n"]
)
def test_a_configuration_that_is_not_understood(home: Home, text: str) -> None:
    home.write(CONFIGURATION, text)
    assert missing(home).reason is Reason.MALFORMED


def test_a_configuration_that_is_not_read(home: Home) -> None:
    (home.home / CONFIGURATION).mkdir(parents=True)
    assert missing(home).reason is Reason.MALFORMED


def test_the_configuration_on_windows(home: Home) -> None:
    home.write("AppData/Local/Python Keyring/keyringrc.cfg", f"[backend]\ndefault-keyring={NULL}\n")
    home.system = "win32"
    assert home.one(KeyringBackend).kind == NONE


def test_the_library_tells_its_backend(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        keyring.backend, "get_all_keyring", lambda: [keyring.backends.null.Keyring()]
    )
    assert detect.detect_keyring() == (NULL,)


def test_the_library_tells_the_members_of_a_chain(monkeypatch: pytest.MonkeyPatch) -> None:
    members = [keyring.backends.null.Keyring(), keyring.backends.fail.Keyring()]
    monkeypatch.setattr(ChainerBackend, "backends", members)
    monkeypatch.setattr(detect, "found_by_keyring", ChainerBackend)
    assert detect.detect_keyring() == (NULL, "keyring.backends.fail.Keyring")


def test_the_library_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(detect, "found_by_keyring", lambda: 1 // 0)
    found = detect.detect_keyring()
    assert isinstance(found, Unknown)
    assert (found.reason, found.seen) == (Reason.UNREACHABLE, "ZeroDivisionError")


def test_the_library_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    held = threading.Event()
    monkeypatch.setattr(detect, "SECONDS", 0.05)
    monkeypatch.setattr(detect, "found_by_keyring", held.wait)
    found = detect.detect_keyring()
    held.set()
    assert isinstance(found, Unknown)
    assert found.seen.startswith("no answer within")
