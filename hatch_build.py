"""The README as the package index shows it: its links and picture lead to the repository.

The index shows the text alone, where `docs/install.md` would lead nowhere.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

LINK = re.compile(r"(!?\[[^\]]*\]\()(?!https?://|#|mailto:)([^)\s]+)(\))")


class CustomMetadataHook(MetadataHookInterface):
    """Adds the README to the metadata."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Add it, with addresses of this version's files."""
        text = (Path(self.root) / "README.md").read_text(encoding="utf-8")
        shown = absolute(text, metadata["urls"]["Source"], f"v{metadata['version']}")
        metadata["readme"] = {"content-type": "text/markdown", "text": shown}


def absolute(text: str, source: str, tag: str) -> str:
    """Markdown whose links to files are addresses.

    Args:
        text: the page, of the repository's root.
        source: the address of the repository.
        tag: which version of the files.
    """

    def address(found: re.Match[str]) -> str:
        kind = "raw" if found[1].startswith("!") else "blob"
        return f"{found[1]}{source}/{kind}/{tag}/{found[2]}{found[3]}"

    return LINK.sub(address, text)
