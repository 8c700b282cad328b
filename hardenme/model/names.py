"""Names as the providers let them be."""

from __future__ import annotations

import re

REPOSITORY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,48}/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}")
"""A repository's full name, by GitHub's own rules."""
