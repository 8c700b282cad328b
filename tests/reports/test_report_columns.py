from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hardenme.reports.columns import fit, width_of, wrap

TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=120)


@given(TEXT, st.integers(4, 60), st.integers(0, 2))
def test_no_line_is_wider_than_asked_and_nothing_is_lost(
    text: str, columns: int, hang: int
) -> None:
    lines = wrap(text, columns, hang=hang)
    assert all(width_of(line) <= columns for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(line.strip() for line in lines)


@given(TEXT, st.integers(2, 60))
def test_a_cut_text_fits_and_says_that_it_is_cut(text: str, columns: int) -> None:
    cut = fit(text, columns, "…")
    assert width_of(cut) <= columns
    assert cut == text or (cut.endswith("…") and text.startswith(cut[:-1]))


def test_words_stay_whole_where_they_fit() -> None:
    assert wrap("one two three", 8) == ["one two", "three"]
    assert wrap("- one two three", 8, hang=2) == ["- one", "  two", "  three"]


def test_east_asian_characters_take_two_columns_and_combining_marks_none() -> None:
    assert width_of("日本") == 4
    assert width_of("e\u0301") == 1
    assert wrap("日本語", 4) == ["日本", "語"]


def test_a_long_word_is_broken_at_the_width() -> None:
    assert wrap("abcdefgh", 3) == ["abc", "def", "gh"]
    assert wrap("- abcdefgh", 5, hang=2) == ["-", "  abc", "  def", "  gh"]
