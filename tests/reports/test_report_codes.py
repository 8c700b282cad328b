from __future__ import annotations

import pytest

from hardenme.reports.codes import ranges


@pytest.mark.parametrize(
    ("codes", "words"),
    [
        ((), ""),
        (("GHO101",), "GHO101"),
        (("GHO102", "GHO101"), "GHO101-102"),
        (("GHO101", "GHO103", "GHO103"), "GHO101, GHO103"),
        (("GHW101", "GHO109", "GHO110", "GHO111"), "GHO109-111, GHW101"),
        (("GHO199", "GHO200"), "GHO199-200"),
    ],
)
def test_codes_that_follow_one_another_are_told_as_one(codes: tuple[str, ...], words: str) -> None:
    assert ranges(codes) == words
