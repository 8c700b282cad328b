"""Verifies that a file was signed by an SSH key: runs `ssh-keygen -Y verify`, and no more of it.

The program is found and demanded as `hardenme/ground/programs.py` says. It gets an empty
environment, a private folder that holds the keys and the signature, and the signed bytes as its
input. Of what it answers, the exit code counts, and which of the given keys it names.

Source: ssh-keygen(1), "-Y verify" and "ALLOWED SIGNERS".
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path

from hardenme.ground.errors import FileError, UnsafeFileError
from hardenme.ground.names import LOGIN
from hardenme.ground.programs import demand_own, find

SECONDS = 10.0
PROGRAM = "ssh-keygen"
KEY = re.compile(
    r"(?P<type>ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(?:256|384|521)"
    r"|sk-ssh-ed25519@openssh\.com|sk-ecdsa-sha2-nistp256@openssh\.com)"
    r" (?P<blob>[A-Za-z0-9+/]{40,8000}={0,2})(?: [^\r\n]{0,500})?"
)
"""A public key in one line; ssh-dss is left out, since OpenSSH does not take it."""
FINGERPRINT = re.compile(rb"\bSHA256:[A-Za-z0-9+/]{43}\b")


def fingerprint(key: str) -> str:
    """A public key's fingerprint, as ssh-keygen writes it; empty for what is not a key."""
    match = KEY.fullmatch(key.strip())
    if match is None:
        return ""
    try:
        blob = base64.b64decode(match["blob"], validate=True)
    except (ValueError, binascii.Error):
        return ""
    digest = base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")
    return f"SHA256:{digest}"


def verified(  # noqa: PLR0913 (what a signature is held against, by name)
    data: bytes, signature: bytes, *, login: str, keys: Iterable[str], purpose: str, path: str
) -> str:
    """The fingerprint of the key that signed the data.

    Args:
        signature: as `ssh-keygen -Y sign` writes it.
        keys: public keys, one line each; what is none is passed over.
        purpose: the namespace for which it was signed.
        path: the folders in which the program is looked for.

    Raises:
        FileError: none of these keys signed it, or that could not be found out.
    """
    known = {fingerprint(key): key.strip().split(" ")[:2] for key in keys}
    known.pop("", None)
    if not LOGIN.fullmatch(login) or not known:
        raise FileError(f"GitHub shows no SSH key of {login!r} that can be verified with")
    found = find(PROGRAM, path)
    if found is None:
        raise FileError(f"no folder of PATH has {PROGRAM}: install OpenSSH")
    try:
        program = demand_own(found)
    except UnsafeFileError as error:
        raise FileError(str(error)) from None
    signers = "".join(f'{login} namespaces="{purpose}" {" ".join(key)}\n' for key in known.values())
    with tempfile.TemporaryDirectory(prefix="hardenme-") as folder:
        place = Path(folder)
        (place / "signers").write_text(signers, encoding="ascii", newline="")
        (place / "signature").write_bytes(signature)
        told = _run(program, place, login, purpose, data)
    for name in FINGERPRINT.findall(told):
        if name.decode() in known:
            return str(name.decode())
    raise FileError(f"{PROGRAM} does not say which key signed it")


def _run(program: Path, place: Path, login: str, purpose: str, data: bytes) -> bytes:
    """What the program prints where the signature is good."""
    command = [str(program), "-Y", "verify", "-f", "signers", "-s", "signature"]
    try:
        ran = subprocess.run(  # noqa: S603 (checked, no shell, names of our own)
            [*command, "-I", login, "-n", purpose],
            cwd=place,
            env={},
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            check=False,
        )
    except OSError as error:
        raise FileError(f"{program} could not be started: {error.strerror}") from None
    except subprocess.TimeoutExpired:
        raise FileError(f"{program} did not answer within {SECONDS:g} s") from None
    if ran.returncode != 0:
        raise FileError(
            f"the signature is not by a key that GitHub shows for {login}, or the file was changed"
        )
    return ran.stdout
