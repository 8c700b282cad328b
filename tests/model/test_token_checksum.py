"""A token that was mistyped is none that was made."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hardenme.model.token_checksum import DIGITS, checksum, is_whole_token

PREFIXES = st.sampled_from(("ghp_", "gho_", "ghu_", "ghr_", "npm_"))
RANDOM = st.text(DIGITS, min_size=30, max_size=30)


def test_the_published_example_fits() -> None:
    # The random part and the checksum of an expired token, as the format's description shows them.
    assert checksum("zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ") == "0mLq17"


@given(PREFIXES, RANDOM)
def test_what_was_made_is_whole(prefix: str, random: str) -> None:
    assert is_whole_token(f"{prefix}{random}{checksum(random)}")


@given(PREFIXES, RANDOM, st.integers(0, 35), st.sampled_from(DIGITS))
def test_one_other_character_does_not_fit(
    prefix: str, random: str, place: int, character: str
) -> None:
    made = random + checksum(random)
    assume(made[place] != character)
    mistyped = made[:place] + character + made[place + 1 :]
    assert not is_whole_token(prefix + mistyped)


@pytest.mark.parametrize(
    "value",
    ["", "ghp_", "github_pat_" + "a" * 82, "0" * 40, "ghp_" + "a" * 36, "npm_" + "é" * 36],
)
def test_what_has_no_checksum_is_not_whole(value: str) -> None:
    assert not is_whole_token(value)
