"""How often `hardenme watch` looks, and how much it asks, as they are typed."""

from __future__ import annotations

from hardenme.config.option import number, text
from hardenme.config.table.headings import SWEEP

EVERY = text(
    "every",
    "Stay in the foreground and look again after so long, like 5m; Ctrl-C ends it.",
    metavar="TIME",
    heading=SWEEP,
)
REQUESTS = number(
    "requests",
    "github: requests of a cycle at most; more look at each repository's own settings sooner. The"
    " default is 60 for each 100 repositories.",
    0,
    metavar="N",
    heading=SWEEP,
)
