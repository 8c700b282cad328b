"""How to verify the program that runs: whose build it is, and that its files are those."""

from __future__ import annotations

import os
import shlex
import sys
from importlib.util import find_spec

import hardenme
from hardenme.ground.distribution import OWNER

OF_EXTRAS = ("apprise", "dns", "fsspec", "sigstore")
"""A module of each extra."""
WAYS = """\
hardenme {version}
runs from {folder}
on Python {python}, {executable}

To verify what runs ({owner} is the GitHub account that publishes it):
1. Clone {owner}/hardenme, verify the tag, and check it out:
   git verify-tag v{version} && git checkout v{version}
2. Download the wheel of the release there:
   gh release download v{version} -R {owner}/hardenme -p '*.whl'
3. Verify that the release workflow built it from this tag:
   gh attestation verify {wheel} \\
     -R {owner}/hardenme --source-ref refs/tags/v{version} \\
     --signer-workflow {owner}/hardenme/.github/workflows/release.yml
4. Compare each file of the environment, those of dependencies too:
   {interpreter} -I -S -B .ci/verify \\
     {environment} --wheel {wheel}{full}
5. Build the same wheel yourself:
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
        interpreter=shlex.quote(_outside()),
        environment=shlex.quote(sys.prefix),
        full=" --full" if all(map(find_spec, OF_EXTRAS)) else "",
        wheel=f"hardenme-{version}-py3-none-any.whl",
    )


def _outside() -> str:
    """The Python that made the environment, with which nothing of the environment is loaded."""
    made_by: str = getattr(sys, "_base_executable", "") or sys.executable
    return made_by
