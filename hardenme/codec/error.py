"""What cannot be read back."""

from __future__ import annotations

from typing import Self


class CodecError(ValueError):
    """A text or a value that is not of its form; the text says what is wrong with it.

    Attributes:
        why: what is wrong, in a few words.
        path: the names and numbers of the members that lead to it.
    """

    def __init__(self, why: str, path: tuple[str, ...] = ()) -> None:
        super().__init__(f"`{'.'.join(path)}` {why}" if path else why)
        self.why = why
        self.path = path

    def within(self, name: object) -> Self:
        """The same, told from further out."""
        return type(self)(self.why, (str(name), *self.path))


class OtherVersionError(CodecError):
    """What another version of hardenme reads; the text says which it is of."""


class MissingError(CodecError):
    """A member that is not there."""
