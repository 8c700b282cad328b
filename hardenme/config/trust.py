"""How far each source of settings is trusted, and what takes more trust than a folder has."""

from __future__ import annotations

from enum import IntEnum, StrEnum

WITHOUT = "--no-config leaves all files out"


class Trust(IntEnum):
    """Who speaks, from the least trusted to the most.

    Files in the working directory were not written by the user: it may be a clone of anyone's
    repository. A file of the user's own, a variable and an option speak for the user. The user's
    file may name folders that are trusted further: what their files accept counts. They set nothing
    more than the files of other folders do.
    """

    FOLDER = 1
    TRUSTED = 2
    USER = 3
    ENVIRONMENT = 4
    OPTION = 5

    def __str__(self) -> str:
        return _WORDS[self]


_WORDS = {
    Trust.FOLDER: "a file in the working directory",
    Trust.TRUSTED: "a file in the working directory",
    Trust.USER: "your own configuration file",
    Trust.ENVIRONMENT: "a variable of the environment",
    Trust.OPTION: "an option of the command line",
}


class Guard(StrEnum):
    """What no file in the working directory may decide: a token could be led elsewhere by it."""

    ADDRESS = "who is asked"
    CERTIFICATES = "which certificates count"
    PROXY = "which proxy is used"
    CREDENTIAL = "which credential is used"
    OUTPUT = "where something is written"
    NOTIFICATION = "who is notified"
    PLUGIN = "what code is loaded"
    FILE = "which other file is read"
