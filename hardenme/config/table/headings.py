"""The headings under which help shows options, and who may set them."""

from __future__ import annotations

from hardenme.config.trust import Trust

TARGETS = "Targets"
WHAT = "What is checked"
SHOWN = "What is shown"
SWEEP = "Organizations and long runs"
TOKENS = "Tokens and addresses"
RESULT = "The result"
TIMER = "Runs for a timer"
OTHER = "Options"

FOLDER, USER, RUN = Trust.FOLDER, Trust.USER, Trust.OPTION
"""A file in the working directory; the user's own; the command line, for one run."""
CHECK = frozenset({"check"})
"""For settings that other commands have, too, and mean otherwise: a watch looks at younger releases
and alerts earlier."""
REPORTS = CHECK | {"report"}
"""For those that a check and its periodic report have in common."""
