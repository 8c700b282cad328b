"""How to verify the program that runs: whose build it is, and that its files are those."""

from __future__ import annotations

import os
import shlex
import sys

import hardenme
from hardenme.ground.distribution import OWNER

WAYS = """\
hardenme {version}
runs from {folder}
on Python {python}, {executable}

To verify what runs ({owner} is the GitHub account that publishes it):
1. Download the wheel of the release:
   gh release download v{version} -R {owner}/hardenme -p '*.whl' -p SHA256SUMS
2. Verify who built it, and from which commit:
   gh attestation verify {wheel} -R {owner}/hardenme
3. Compare the files that run with it. No output means no difference:
   {interpreter} -m zipfile -e {wheel} wheel
   diff -r -x __pycache__ wheel/hardenme {quoted}
   diff -r -x __pycache__ wheel/hardenme_checks {checks}
4. Build the same wheel yourself, in a checkout of v{version}:
   .ci/build dist && cat dist/SHA256SUMS
Run these with tools that you trust: a changed hardenme could print anything.
"""


def ways() -> str:
    """What `--version --verbose` prints."""
    folder = os.path.dirname(os.path.abspath(hardenme.__file__))  # noqa: PTH100, PTH120 (start-up)
    version = hardenme.__version__
    return WAYS.format(
        owner=OWNER,
        version=version,
        folder=folder,
        python=sys.version.partition(" ")[0],
        executable=sys.executable,
        interpreter=shlex.quote(sys.executable),
        wheel=f"hardenme-{version}-py3-none-any.whl",
        quoted=shlex.quote(folder),
        checks=shlex.quote(_checks()),
    )


def _checks() -> str:
    """Where the catalogue lies; it is not loaded for it."""
    from importlib.util import find_spec  # noqa: PLC0415 (start-up is a feature)

    found = find_spec("hardenme_checks")
    (place,) = (found and found.submodule_search_locations) or [""]
    return place
