"""The inputs of a shareable report: the key of pseudonyms, and the words that are not names."""

from __future__ import annotations

from hardenme.ground.places import state_folder
from hardenme.reports.pseudonyms import Pseudonyms
from hardenme.reports.pseudonyms.vocabulary import vocabulary
from hardenme.store.pseudonym_key import pseudonym_key


def pseudonyms(*, wanted: bool) -> Pseudonyms | None:
    """What makes pseudonyms; None if none are wanted.

    Raises:
        UsageError: the key cannot be read or made.
    """
    if not wanted:
        return None
    return Pseudonyms(pseudonym_key(state_folder()), vocabulary())
