"""The errors that end a command: each has a text for the person and an exit code."""

from __future__ import annotations

from hardenme.ground.exit_code import Exit


class HardenmeError(Exception):
    """An error whose text a person can act on. The command line prints it and exits.

    Attributes:
        exit_code: what the command exits with.
    """

    exit_code: Exit = Exit.USAGE

    def __init__(self, text: str = "", exit_code: Exit | None = None) -> None:
        """Make it; without an exit code, that of the class holds."""
        super().__init__(text)
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
    """Something that hardenme stored is missing, damaged or of another version."""


class NoRunError(StoredError):
    """No kept run fits, or it cannot be read."""


class CredentialError(HardenmeError):
    """A token, key or session cannot be used."""

    exit_code = Exit.NO_CREDENTIAL


class LockedError(HardenmeError):
    """Another process holds the lock."""

    exit_code = Exit.LOCKED
