"""Files that a run trusts in place of the usual: certificate authorities, and a trust root."""

from __future__ import annotations

import json
from pathlib import Path

from hardenme.ground.errors import UsageError

LONGEST = 1_000_000
"""Bytes; the public trust root has a hundredth of that."""


def demand_file(ca_file: str) -> None:
    """See to it that `--ca-file`, where it was given, names a file with certificates.

    Raises:
        UsageError: it names none, or holds none.
    """
    if not ca_file:
        return
    try:
        there = Path(ca_file).is_file()
    except OSError:
        # Such as a name that is too long.
        there = False
    if not there:
        raise UsageError(f"--ca-file names no file: {ca_file}")
    from hardenme.collectors.transport.authorities import trusting  # noqa: PLC0415 (start-up)

    try:
        trusting(ca_file)
    except OSError:
        raise UsageError(
            f"--ca-file holds no certificate in PEM that can be read: {ca_file}"
        ) from None


def trust_root(path: str) -> str:
    """What provenance is verified by in place of the public trust root, as JSON; empty for none.

    Raises:
        UsageError: the file cannot be read, or holds no JSON object.
    """
    if not path:
        return ""
    try:
        with Path(path).expanduser().open("rb") as file:
            data = file.read(LONGEST + 1)
    except (OSError, RuntimeError):
        raise UsageError(f"--sigstore-trust-root names no file: {path}") from None
    try:
        text = data.decode() if len(data) <= LONGEST else ""
        if isinstance(json.loads(text), dict):
            return text
    except ValueError:
        pass
    raise UsageError(f"--sigstore-trust-root takes a trusted_root.json; {path} is none")
