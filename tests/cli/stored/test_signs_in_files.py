"""A file about a run opens with what looks like an attack in it, in every form."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.cli.command import Command, Ran

OPENING = 12
"""Lines of a file among which the signs are."""
LINE = re.compile(r"4 versions and 1 package show signs of an attack: `?hardenme fix [a-z2-7]{6}")


@pytest.mark.sampled(3)
@pytest.mark.second_tier("several whole commands of the demo")
@pytest.mark.parametrize(
    ("words", "forms"),
    [
        (("people",), ("table", "markdown", "html")),
        (("person", "nettle", "--stolen"), ("table", "markdown")),
        (("runbook",), ("table", "markdown", "html")),
    ],
    ids=str,
)
def test_a_file_opens_with_signs_of_an_attack(
    command: Command,
    demonstrate: Callable[[Command], Ran],
    words: tuple[str, ...],
    forms: tuple[str, ...],
) -> None:
    demonstrate(command)
    for form in forms:
        ran = command(*words, "--demo", "-f", form, "-o", f"it.{form}")
        text = (command.folder / f"it.{form}").read_text()
        above = text if form == "html" else "\n".join(text.splitlines()[:OPENING])
        plain = re.sub(r"<[^>]+>", "", above.partition("</style>")[2] or above)
        assert LINE.search(plain), (form, ran.err)
        assert len(LINE.findall(plain)) == 1
        assert "LOOK NOW" in plain
