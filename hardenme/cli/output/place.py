"""The file of a report: opened before the work, so that what cannot be written is known then."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from hardenme.cli.output.delivery import MARKDOWN, Delivery
from hardenme.cli.output.inplace import before
from hardenme.ground.files import PrivateFile


def place_of(delivery: Delivery) -> PrivateFile | None:
    """See to it, before the work, that the place can be written; None for standard output.

    Raises:
        OutputError: it cannot be.
    """
    if delivery.file is None:
        return None
    if delivery.output_format == MARKDOWN:
        before(delivery.file)
    return PrivateFile(delivery.file)


@contextmanager
def output_file(delivery: Delivery) -> Iterator[PrivateFile | None]:
    """The file of `place_of`; it leaves no trace where it has not got its name by the end.

    Raises:
        OutputError: it cannot be written.
    """
    place = place_of(delivery)
    try:
        yield place
    finally:
        if place is not None:
            place.discard()
