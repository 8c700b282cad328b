"""What hardenme can and cannot see an attacker leave, made from the declaration of it."""

from __future__ import annotations

from hardenme.derive.attacker_changes import (
    ATTACKER_CHANGES,
    PLACES,
    AttackerChange,
    Visible,
    Watch,
)
from hardenme.model.pages import GITHUB, NPM

HEAD = """\
<!-- made by docs/make.py from hardenme/derive/attacker_changes: change that, not this page -->
# What hardenme can and cannot see an attacker leave

`hardenme recent` measures what it looked at by this list, not by what hardenme happens to read. A
kind of change with *no* in its columns is always under NOT LOOKED AT, with the reason.

- **time**: an answer has the time of the change.
- **earlier run**: no answer has the time. The change is seen next to a kept run of `hardenme check`
  from before it. Without such a run it cannot be dated, and what was removed cannot be seen at all.
- **no**: hardenme reads nothing that shows it. The page to look at is named where there is one.
- **watch**: how soon [`hardenme watch github:`](watching-github.md) sees it. *each cycle*: one bulk
  query or list shows it. *in rotation*: it takes a request for each repository, so each gets its
  turn. *no*: hardenme reads nothing that shows it. On npm, `hardenme watch` looks at releases.

No run sees what was changed and put back between two looks, unless the change has a time.
"""
WATCHED = frozenset({"github:user", "github:org", "github:repo"})
COLUMNS = ("what", "added", "changed", "removed", "watch", "read from", "permission", "limits")


def page() -> str:
    """The page."""
    parts = [HEAD]
    for place, title in PLACES.items():
        rows = [one for one in ATTACKER_CHANGES if one.place == place]
        if rows:
            head = f"| {' | '.join(COLUMNS)} |\n|{'---|' * len(COLUMNS)}"
            lines = "\n".join(map(_row, rows))
            parts.append(f"## {title[0].upper()}{title[1:]}\n\n{head}\n{lines}\n")
    return "\n".join(parts)


def _watched(one: AttackerChange) -> str:
    """How soon a watch sees it; nothing where no watch looks."""
    if one.place not in WATCHED:
        return ""
    return str(one.watch if one.read else Watch.NEVER)


def _row(one: AttackerChange) -> str:
    cells = (
        one.what,
        *(_seen(seen) for seen in (one.added, one.changed, one.removed)),
        _watched(one),
        _sources(one),
        one.permissions or "none",
        _limits(one),
    )
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def _seen(seen: Visible | None) -> str:
    return "" if seen is None else str(seen)


def _sources(one: AttackerChange) -> str:
    if not one.sources:
        return "nothing"
    return ", ".join(
        f"`{text}`" if text.startswith(("GET", "POST")) else text
        for text in one.sources.split(", ")
    )


def _limits(one: AttackerChange) -> str:
    texts = [one.why]
    where = {"github": GITHUB, "npm": NPM}.get(one.place.partition(":")[0], {})
    if not one.read and one.page in where:
        texts.append(f"look at `/{where[one.page]}`")
    return "; ".join(text for text in texts if text)
