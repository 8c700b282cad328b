"""What help says of every command that shows a stored report."""

from __future__ import annotations

STORED = """\
It reads reports of every version 1.x, and ignores what a later 1.x adds. It refuses an incomplete
report.

--redact replaces each name with a pseudonym: accounts, organizations, repositories, packages,
secrets, keys, addresses, hosts other than github.com and npm's, and paths of this machine. A name
gets the same pseudonym in every report that you redact on this machine, so you can compare them.
The key for it stays in your state folder, so no one can test guesses. Checks and their texts,
severities, counts, times and hardenme's own words stay.

In Markdown, a report is between the lines <!-- hardenme:begin --> and <!-- hardenme:end -->. If the
file of -o has both, only the part between them is replaced. A ticked box is cleared if its item is
still there.
"""
