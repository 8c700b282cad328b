"""`hardenme waive remove`: a waiver goes before its time, and the finding fails again."""

from __future__ import annotations

from typing import Any, TextIO

from hardenme.cli.terminal.console import Console
from hardenme.cli.terminal.interview import Interview
from hardenme.cli.terminal.picking import pick
from hardenme.cli.terminal.texts import shown
from hardenme.cli.waive.files import WaiverFile, code_of, target
from hardenme.cli.waive.subject import subject_of
from hardenme.config.editing import entries, remove
from hardenme.engine.catalogue import find
from hardenme.ground.exit_code import Exit
from hardenme.model.waiver import plain_id

NONE = "there is no waiver of {} in {}"
SEVERAL = "nothing was removed: hardenme waive remove {} SUBJECT"


def withdraw(  # noqa: PLR0913 (what was typed)
    console: Console, code: str, subject: str, file: str, stdin: TextIO | None, *, project: bool
) -> int:
    """Remove the waivers of a check, of one subject or of those that a person picks.

    Args:
        console: where it is printed.
        code: the check's code or slug.
        subject: as it was given to `waive add`; empty for those that are picked.
        file: another file than the user's own; empty for that one.
        stdin: where numbers are typed.
        project: it is the project's file.

    Raises:
        EndedError: the person ends it before.
        OutputError: the file cannot be changed.
        UsageError: there is no such check, or the subject names none.
    """
    check = find(code)
    wanted = plain_id(subject_of(check, subject)) if subject else ""
    found = target(file, project=project)
    own = [one for one in _read(found) if code_of(one.get("check")) == check.code]
    own = [one for one in own if wanted in {"", plain_id(str(one.get("subject")))}]
    if not own:
        console.say(NONE.format(f"{check.code} {shown(subject)}".rstrip(), found.words))
        return Exit.NOTHING_MATCHED
    if not wanted and len(own) > 1:
        rows = [_row(one) for one in own]
        if not console.can_ask(stdin) or stdin is None:
            console.tell("".join(f"{row}\n" for row in rows))
            console.say(SEVERAL.format(check.code))
            return Exit.USAGE
        places = pick(
            Interview(console, stdin), "Which do you remove (numbers, all, or quit)?", rows
        )
        own = [own[place] for place in places]
    _take_out(found, own)
    for one in own:
        console.tell(f"removed {check.code} {_row(one)}; it fails again from now on\n")
    console.tell(f"written to {found.words}\n")
    return Exit.CLEAN


def _read(found: WaiverFile) -> list[dict[str, Any]]:
    """The waivers of a file, which stays as it is."""
    read: list[dict[str, Any]] = []

    def same(text: str, table: tuple[str, ...]) -> str:
        read.extend(entries(text, table))
        return text

    found.change(same)
    return read


def _take_out(found: WaiverFile, gone: list[dict[str, Any]]) -> None:
    """Remove them from the file, wherever they are by now."""

    def without(text: str, table: tuple[str, ...]) -> str:
        there = enumerate(entries(text, table))
        return remove(text, table, {number for number, one in there if one in gone})

    found.change(without)


def _row(one: dict[str, Any]) -> str:
    """A waiver in one line, whatever someone wrote into it."""
    subject, until, reason = (
        shown(str(one.get(key, "?")), longest=400) for key in ("subject", "until", "reason")
    )
    return f"{subject}, until {until}: {reason}"
