"""Reads which keyring Python programs use; no secret is asked for."""

from __future__ import annotations

import configparser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hardenme.collectors.answer import nothing
from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.local.answering import about, of_this
from hardenme.collectors.local.workstation import THIS, Absent, Workstation
from hardenme.collectors.protocol import Collector
from hardenme.facts.local.keyring import (
    CONFIGURATION,
    ITSELF,
    NONE,
    PLAIN,
    SAFE,
    KeyringBackend,
)
from hardenme.facts.local.keyring import VARIABLE as BY_VARIABLE
from hardenme.ground import clock
from hardenme.model.evidence import Atom
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

VARIABLE = "PYTHON_KEYRING_BACKEND"
CHAIN = "keyring.backends.chainer.ChainerBackend"
KINDS = {
    "keyring.backends.macOS.Keyring": SAFE,
    "keyring.backends.Windows.WinVaultKeyring": SAFE,
    "keyring.backends.SecretService.Keyring": SAFE,
    "keyring.backends.libsecret.Keyring": SAFE,
    "keyring.backends.kwallet.DBusKeyring": SAFE,
    "keyring.backends.kwallet.DBusKeyringKWallet4": SAFE,
    "keyring.backends.kwallet.DBusKeyringKWallet6": SAFE,
    "keyrings.alt.file.EncryptedKeyring": SAFE,
    "keyrings.cryptfile.cryptfile.CryptFileKeyring": SAFE,
    "keyring.backends.null.Keyring": NONE,
    "keyring.backends.fail.Keyring": NONE,
    "keyrings.alt.file.PlaintextKeyring": PLAIN,
}
"""What is known about backends. How others keep a secret is not known."""
SYSTEMS = frozenset(
    name for name, kind in KINDS.items() if kind == SAFE and name.startswith("keyring.backends.")
)
"""The operating systems' own stores. They come with keyring itself; its other safe backends are
files that ask for a password."""
WORST_FIRST = (PLAIN, SAFE, NONE)
"""In a chain one in plain text may get what the others refuse; one that keeps nothing only does
harm where there is no other."""


def backend(station: Workstation, _: Subject, __: FactStore) -> Iterator[Answer[Any]]:
    """The class that the environment or the configuration names, else what keyring itself finds."""
    found = configured(station)
    if isinstance(found, Unknown):
        yield nothing(KeyringBackend, THIS, found)
        return
    name, chosen_by, atoms = found
    names: tuple[str, ...] = (name,)
    if name in {"", CHAIN}:
        detected = station.keyrings()
        if isinstance(detected, Unknown):
            yield nothing(KeyringBackend, THIS, detected)
            return
        names = detected
        atoms = (*atoms, Atom("KEYRING get_keyring()", 200, clock.now()))
    fact = KeyringBackend(
        **of_this("keyring", "this"),
        path=station.shown(_file(station)),
        names=names,
        kind=_worst(names),
        chosen_by=chosen_by,
    )
    yield about(fact, *atoms)


def configured(station: Workstation) -> tuple[str, str, tuple[Atom, ...]] | Unknown:
    """The class that is named, by what, and the evidence; the name is empty if none is."""
    if VARIABLE in station.environ:
        atom = Atom(f"ENVIRONMENT {VARIABLE}", 200, clock.now())
        return station.environ[VARIABLE].strip(), BY_VARIABLE, (atom,)
    path = _file(station)
    text = station.text(path)
    if isinstance(text, Unknown):
        return text
    if isinstance(text, Absent):
        return "", ITSELF, (text.atom,)
    config = configparser.RawConfigParser()
    try:
        config.read_string(text[0])
    except configparser.Error:
        return station.odd(path, "is not understood")
    name = config.get("backend", "default-keyring", fallback="").strip()
    return name, CONFIGURATION if name else ITSELF, (text[1],)


def _file(station: Workstation) -> Path:
    if station.windows:
        folder = station.folder("LOCALAPPDATA", "AppData", "Local") / "Python Keyring"
    else:
        folder = station.config / "python_keyring"
    return folder / "keyringrc.cfg"


def _worst(names: tuple[str, ...]) -> Any:
    kinds = {KINDS.get(name) for name in names}
    if PLAIN not in kinds and None in kinds:
        return Unknown(
            Reason.MALFORMED,
            "how this keyring backend keeps secrets: look it up in its documentation",
            "a backend that this version does not know",
        )
    return next((kind for kind in WORST_FIRST if kind in kinds), NONE)


COLLECTORS = (Collector("keyring backend", (KeyringBackend,), backend),)
