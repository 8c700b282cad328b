"""What a text says that others do not: by its words, without their endings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from hardenme.reports.plain import SENTENCE_END

WORD = re.compile(r"[a-z0-9_@][a-z0-9_@./-]*[a-z0-9_]|[a-z0-9]")
STEM = 5
"""Letters by which words are compared: enough for `deleted` and `deletion` to be one."""
LITTLE = frozenset(
    (
        *("a", "an", "and", "are", "as", "at", "be", "been", "by", "can", "for", "from", "has"),
        *("have", "in", "is", "it", "its", "of", "on", "or", "that", "the", "them", "this"),
        *("to", "was", "were", "with"),
    )
)
"""Words that say nothing alone. Those that turn a sentence around, like `not`, are none of them."""
REFERS = re.compile(r"(?:It|They|That|This|These|Those|Then|Otherwise|Better|Direct)\b")
"""How a sentence begins that means nothing without the one before it."""
PRONOUN = re.compile(r"\b(?:it|them)\b")
"""A pronoun that may refer to the sentence before."""


def stems(*texts: str) -> frozenset[str]:
    """What the texts are about."""
    words = (word for text in texts for word in WORD.findall(text.lower()))
    return frozenset(
        word[:STEM] if word.isalpha() else word for word in words if word not in LITTLE
    )


def unsaid(notes: Sequence[str], actions: Iterable[str]) -> Iterator[str]:
    """Each note without the sentences that the actions or other notes say; it may be empty."""
    known = stems(*actions)
    parts = [(at, part) for at, note in enumerate(notes) for part in _parts(note)]
    for place in reversed(range(len(parts))):
        others = (part for at, (_, part) in enumerate(parts) if at != place)
        if stems(parts[place][1]) <= known | stems(*others):
            del parts[place]
    for at in range(len(notes)):
        yield " ".join(part for own, part in parts if own == at)


def _parts(note: str) -> list[str]:
    """The sentences of a note; one that refers to the sentence before it stays with that."""
    parts: list[str] = []
    for sentence in SENTENCE_END.split(note):
        if parts and (REFERS.match(sentence) or PRONOUN.search(sentence)):
            parts[-1] += f" {sentence}"
        else:
            parts.append(sentence)
    return parts
