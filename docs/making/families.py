"""The families of checks, by the letters that their codes begin with."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Family:
    """Checks of one kind of thing.

    Attributes:
        title: what they look at.
        guides: pages that tell more, below docs, each with its title.
    """

    title: str
    guides: tuple[tuple[str, str], ...] = ()


TOKENS = ("tokens.md", "Tokens")
PUBLISHING = ("publishing.md", "Who can publish this?")
ATTESTED = ("attestations.md", "Statements for what no API shows")

FAMILIES: dict[str, Family] = {
    "ATT": Family("What people do", (ATTESTED,)),
    "GHA": Family("Your GitHub account", (ATTESTED,)),
    "GHB": Family("Branches and tags"),
    "GHO": Family("GitHub organizations", (ATTESTED,)),
    "GHR": Family("Repositories"),
    "GHT": Family("The GitHub token that asks", (TOKENS,)),
    "GHW": Family("GitHub Actions and workflows"),
    "LOC": Family("This machine", (TOKENS,)),
    "NPA": Family("Your npm account", (ATTESTED,)),
    "NPO": Family("npm organizations"),
    "NPP": Family("npm packages and who may publish them", (PUBLISHING,)),
    "NPT": Family("npm tokens", (TOKENS,)),
    "PUB": Family("The paths to a release", (PUBLISHING,)),
    "REL": Family("Releases", (("watching.md", "Watching releases"),)),
}
"""Every family, in the order of the codes."""
