"""Every file that is made as a whole, by its path from `docs`."""

from __future__ import annotations

from pathlib import Path

from docs.making import (
    attacker_changes,
    incidents,
    json_forms,
    manual,
    pages,
    standards,
    vocabulary,
)
from hardenme.cli.completion.command import SCRIPTS


def whole() -> dict[Path, str]:
    """Every file with its text."""
    return {
        Path("attacker-changes.md"): attacker_changes.page(),
        Path("incidents.md"): incidents.table(),
        Path("standards.md"): standards.page(),
        Path("hardenme.1"): manual.page(),
        **{Path(f"completion/hardenme.{shell}"): text for shell, text in SCRIPTS.items()},
        **json_forms.files(),
        Path("../hardenme/reports/pseudonyms/vocabulary.txt"): vocabulary.page(),
        **{Path("checks") / path: text for path, text in pages.check_pages().items()},
    }
