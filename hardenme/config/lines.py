"""On which line of a file a setting stands, as far as that can be told by looking at lines.

`tomllib` does not tell. A line that is not found is left out of messages, and nothing else hangs on
it.
"""

from __future__ import annotations

import re

from hardenme.model.text import visible

LONGEST_KEY = 60
"""Characters of a key that are shown."""
HEADER = re.compile(r"\s*(\[\[?)\s*([^\[\]#]+?)\s*\]\]?\s*(?:#.*)?")
KEY = re.compile(r"""\s*("[^"\\]*"|'[^']*'|[A-Za-z0-9_-]+)\s*=""")
LONG_STRING = re.compile(r'"""|\'\'\'')


def lines(text: str, table: tuple[str, ...] = ()) -> dict[str, int]:
    """The lines of settings by their names: `fail-on`, `severities.GHA101`, `waivers[1].until`.

    Args:
        text: the file.
        table: the keys that lead to the settings in it.
    """
    found: dict[str, int] = {}
    counted: dict[str, int] = {}
    outer, prefix = ".".join(table), ""
    inside, long = not table, False
    for number, line in enumerate(text.splitlines(), start=1):
        begins_outside = not long
        long ^= len(LONG_STRING.findall(line)) % 2 == 1
        if not begins_outside:
            continue
        if header := HEADER.fullmatch(line):
            name = header[2].replace(" ", "")
            inside = not outer or name == outer or name.startswith(f"{outer}.")
            prefix = name.removeprefix(outer).removeprefix(".") if inside else ""
            if inside and header[1] == "[[":
                counted[prefix] = counted.get(prefix, 0) + 1
                prefix = f"{prefix}[{counted[prefix]}]"
            if inside and prefix:
                found.setdefault(prefix.partition("[")[0].partition(".")[0], number)
                found.setdefault(prefix, number)
        elif inside and (key := KEY.match(line)):
            shown = visible(key[1].strip("\"'"), longest=LONGEST_KEY)
            found.setdefault(f"{prefix}.{shown}" if prefix else shown, number)
    return found
