"""Whether a batch left something to a request about one repository."""

from __future__ import annotations

from hardenme.model.depth import is_beyond
from hardenme.model.unknown import Reason, Unknown

LEFT = frozenset({Reason.INCOMPLETE, Reason.NOT_PERMITTED})


def needs_single_request(missing: Unknown | None) -> bool:
    """Whether to ask again, of one repository, for what a batch did not show.

    A list that was cut, a part that GitHub refused in a batch or had no time for may well be
    answered alone. An answer that was not understood stays not understood.
    """
    return missing is not None and (is_beyond(missing) or missing.reason in LEFT)
