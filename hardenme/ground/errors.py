"""The errors that end a command: each has a text for the person and an exit code."""

from __future__ import annotations

from typing import Self

from hardenme.ground.exit_code import Exit


class HardenmeError(Exception):
    """An error whose text a person can act on. The command line prints it and exits.

    Attributes:
        exit_code: what the command exits with.
        more: lines that follow the text: more that is wrong, and the next command.
    """

    exit_code: Exit = Exit.USAGE

    def __init__(
        self, text: str = "", exit_code: Exit | None = None, *, more: tuple[str, ...] = ()
    ) -> None:
        """Make it; without an exit code, that of the class holds."""
        super().__init__(text)
        self.more = more
        if exit_code is not None:
            self.exit_code = exit_code


class UsageError(HardenmeError, ValueError):
    """Something that the user typed or set cannot be taken; the text says what can."""


class FileError(HardenmeError):
    """A file or folder cannot be read, written or trusted; the text says which and why."""


class OutputError(FileError):
    """A place cannot be written."""


class UnsafeFileError(FileError):
    """A file, folder or program that someone else could have changed or can read."""


class StoredError(HardenmeError):
    """Something that hardenme stored is missing, damaged or of another version.

    Attributes:
        may_pass: the place gave no answer, and may give one a moment later.
    """

    def __init__(
        self,
        text: str = "",
        exit_code: Exit | None = None,
        *,
        more: tuple[str, ...] = (),
        may_pass: bool = False,
    ) -> None:
        """Make it; without `may_pass`, another attempt finds the same."""
        super().__init__(text, exit_code, more=more)
        self.may_pass = may_pass


class NoRunError(StoredError):
    """No kept run fits, or it cannot be read."""


class ContentError(HardenmeError, ValueError):
    """A text or a value is not of its form; the text says what is wrong with it.

    Attributes:
        why: what is wrong, in a few words.
        path: the names and numbers of the members that lead to it.
        missing: the member at that path is absent.
    """

    def __init__(self, why: str, path: tuple[str, ...] = (), *, missing: bool = False) -> None:
        """Make it, for a whole or for the member at a path."""
        super().__init__(f"`{'.'.join(path)}` {why}" if path else why)
        self.why = why
        self.path = path
        self.missing = missing

    def within(self, name: object) -> Self:
        """The same error, with the path as seen from an outer member."""
        return type(self)(self.why, (str(name), *self.path), missing=self.missing)


class OtherVersionError(ContentError):
    """Another version of hardenme reads it; the text says which it is of."""


class CredentialError(HardenmeError):
    """A token, key or session cannot be used."""

    exit_code = Exit.NO_CREDENTIAL


class EndedError(HardenmeError):
    """The person ended an interview, or no more input comes: nothing of it counts."""

    exit_code = Exit.NOTHING_MATCHED

    def __init__(self, text: str = "nothing was recorded") -> None:
        """Make it, with what the end means."""
        super().__init__(text)


class LockedError(HardenmeError):
    """Another process holds the lock."""

    exit_code = Exit.LOCKED
