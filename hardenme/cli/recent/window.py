"""How far back `hardenme recent` looks, as it is typed."""

from __future__ import annotations

from hardenme.config.option import text
from hardenme.config.table.headings import WHAT

WINDOW = text(
    "window",
    "How far back, like 10m, 48h, 7d, 4w or 10y.",
    "48h",
    spelled="--since",
    metavar="TIME",
    heading=WHAT,
)
