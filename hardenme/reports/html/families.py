"""What the families of checks are about, by the letters of their codes."""

from __future__ import annotations

LETTERS = 3
FAMILIES: dict[str, str] = {
    "ATT": "Practices",
    "GHA": "GitHub account",
    "GHB": "Branches",
    "GHO": "Organization",
    "GHR": "Repositories",
    "GHT": "GitHub token",
    "GHW": "Workflows",
    "LOC": "This machine",
    "NPA": "npm account",
    "NPO": "npm organization",
    "NPP": "npm packages",
    "NPT": "npm tokens",
    "PUB": "Publish paths",
    "REL": "Releases",
}


def family_of(code: str) -> str:
    """The letters of a code."""
    return code[:LETTERS]


def title_of(family: str) -> str:
    """What a family is about; its letters where that is not known."""
    return FAMILIES.get(family, family)
