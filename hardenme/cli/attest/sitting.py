"""Questions that say the same of several subjects, put once, and what a person types for them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from hardenme.cli.attest.questions import OpenQuestion
from hardenme.cli.terminal.picking import ALL, numbers_in
from hardenme.model.subject import Subject
from hardenme.reports.plain import counted

YES, NO, SKIP, BACK, QUIT = "yes", "no", "skip", "back", "quit"
CONFIRM = "confirm"
"""Gives the answers that were noted on the page."""
WORDS = {
    word[:length]: word
    for word in (YES, NO, SKIP, BACK, QUIT, CONFIRM)
    for length in (1, len(word))
}
TYPED = re.compile(r"(?P<word>[a-z]+)(?:\s+(?P<which>all|[0-9][0-9 ,-]*))?")
ONE = "yes, no, skip, back or quit?"
SEVERAL = "yes all, no all, yes or no with numbers (yes 1-3,7), skip, back or quit?"
NOTED = "confirm what you noted, or "
WHICH = "say for which: {word} all, or {word} with numbers from 1 to {most}"


def grouped(questions: Iterable[OpenQuestion]) -> list[list[OpenQuestion]]:
    """Questions of one check that differ by their subject alone, together, in their order."""
    found: dict[tuple[str, str, str], list[OpenQuestion]] = {}
    for question in questions:
        name, kind = _named(question)
        text = question.text.replace(name, "") if name else question.text
        found.setdefault((question.check.code, kind, text), []).append(question)
    return [*found.values()]


def about(questions: Sequence[OpenQuestion]) -> str:
    """What several questions are about: `14 packages`."""
    kinds = {_named(question)[1] for question in questions}
    return counted(len(questions), kinds.pop() if len(kinds) == 1 else "subject")


def name_of(question: OpenQuestion) -> str:
    """The subject as a list names it: without the part that all of its kind share."""
    return _named(question)[0] or question.subject


def _named(question: OpenQuestion) -> tuple[str, str]:
    try:
        subject = Subject.parse(question.subject)
    except ValueError:
        return "", ""
    return subject.name, subject.kind.replace("-", " ")


def heard(typed: str, most: int, noted: Collection[int] = ()) -> tuple[str, frozenset[int]] | str:
    """A word and the numbers that it is about, from 1; else what is wrong with what was typed.

    Args:
        typed: what a person typed.
        most: the number of subjects. If there are several, the command says for which.
        noted: those that an answer was noted for, which can be confirmed.
    """
    found = TYPED.fullmatch(typed.strip().lower())
    word = WORDS.get(found["word"]) if found else None
    if found is None or word is None or (word == CONFIRM and not noted):
        return ""
    everything = frozenset(range(1, most + 1))
    if word in {BACK, QUIT}:
        return word, everything
    which = found["which"]
    if word == CONFIRM:
        whole = which is None or which == ALL
        asked = everything if whole else numbers_in(which, most) or frozenset()
        return word, asked.intersection(noted)
    if which == ALL or (which is None and (most == 1 or word == SKIP)):
        return word, everything
    numbers = None if which is None else numbers_in(which, most)
    return (word, numbers) if numbers else WHICH.format(word=word, most=most)
