from __future__ import annotations

import shlex

from hypothesis import given
from hypothesis import strategies as st

from hardenme.model.shell import is_whole, shell_words

LINES = st.text(alphabet="ab '\"\\#$&\n\té", max_size=40)


@given(LINES)
def test_a_line_has_the_words_that_a_shell_reads(line: str) -> None:
    try:
        words = shlex.split(line)
    except ValueError:
        assert not is_whole(line)
        assert shell_words(line) == []
    else:
        assert is_whole(line)
        assert shell_words(line) == words


@given(st.lists(st.text(max_size=20)))
def test_quoted_words_come_back(words: list[str]) -> None:
    assert shell_words(shlex.join(words)) == words
