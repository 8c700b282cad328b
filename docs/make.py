"""Writes the pages of this folder that are made from the catalogue.

    python docs/make.py

A test holds them to it: where a check changes, the page changes with it.
"""

from __future__ import annotations

from pathlib import Path

from hardenme.engine.catalogue import catalogue
from hardenme.engine.rights import page

FOLDER = Path(__file__).parent
BEGIN, END = "<!-- table: begin -->\n", "<!-- table: end -->\n"


def permissions(text: str) -> str:
    """The page of rights with its table made anew."""
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    github = [check for check in catalogue() if check.code.startswith("GH")]
    return f"{head}{BEGIN}{page(github)}{END}{tail}"


def main() -> None:
    """Write every page."""
    path = FOLDER / "permissions.md"
    path.write_text(permissions(path.read_text()))


if __name__ == "__main__":
    main()
