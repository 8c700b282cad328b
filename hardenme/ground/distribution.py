"""How hardenme is installed, in the words of every message and file that says so.

Anyone can register a name that is free: on the package index, at GitHub, in a container registry.
So no text may print one that is not this project's.
"""

from __future__ import annotations

from hardenme import __version__

RELEASED = False
"""Whether `hardenme` on the package index is this project. Until its first release is there, anyone
can register the name, and decide what it installs."""
OWNER = "_OWNER_"
"""A placeholder for the GitHub account that publishes hardenme. No account can have this name."""
COMMIT = "_COMMIT_"
"""A placeholder for the full hash of the commit of hardenme that the reader has reviewed."""
BY_DIGEST = "python3 .ci/install --full"
"""Run in a checkout: installs the program with all extras, each package by its digest."""

DASK = "fleet-dask"
"""The extra that is not part of the others: it adds as much as half of a plain install."""
WITH_DASK = "python3 .ci/install --dask"
"""The same with the extra for a Dask cluster."""


def install(extra: str) -> str:
    """What to do for an extra to be there, as a part of a sentence."""
    if RELEASED:
        return f"pip install 'hardenme[{extra}]'"
    command = WITH_DASK if extra == DASK else BY_DIGEST
    return f"in your checkout of hardenme, run {command}"


def install_into(folder: str, *extras: str) -> str:
    """The commands that make an environment in a folder, which need not be there.

    Args:
        folder: its path, quoted for a shell.
        extras: those that a released version takes; a checkout brings all.
    """
    if RELEASED:
        wanted = f"'hardenme[{','.join(extras)}]=={__version__}'"
        return f"python3 -m venv {folder} && {folder}/bin/pip install {wanted}"
    return f"{BY_DIGEST} --into {folder}"
