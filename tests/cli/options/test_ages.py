from __future__ import annotations

import pytest

from hardenme.cli.options.durations import in_words, interval_in_words

DAY = 24 * 3600


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (7 * DAY, "7 days"),
        (7 * DAY - 1, "7 days"),
        (DAY - 60, "1 day"),
        (12 * 3600 + 40, "12 hours"),
        (299, "5 minutes"),
        (1, "1 minute"),
    ],
)
def test_an_interval_is_rounded_since_timers_are_never_exact(seconds: int, said: str) -> None:
    assert interval_in_words(seconds) == said


def test_a_time_that_passed_is_not_made_longer() -> None:
    assert in_words(7 * DAY - 1) == "6 days"
