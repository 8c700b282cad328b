"""A text of paragraphs and lists, as it stands in a docstring."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardenme.model.passages import ITEM, paragraphs

WORDS = st.lists(st.text("abc.", min_size=1), min_size=1).map(" ".join)
LISTS = st.one_of(
    st.lists(WORDS.map("- {}".format), min_size=1),
    st.lists(WORDS, min_size=1).map(
        lambda items: [f"{number}. {item}" for number, item in enumerate(items, 1)]
    ),
)
PARAGRAPHS = st.lists(st.one_of(WORDS.map(lambda line: [line]), LISTS), min_size=1)


@pytest.mark.second_tier("takes over half a second")
@given(PARAGRAPHS, st.data())
def test_where_the_source_is_wrapped_changes_nothing(
    written: list[list[str]], data: st.DataObject
) -> None:
    ends = st.sampled_from([" ", "\n", "\n    "])
    wrapped = "\n\n".join(
        "\n".join(
            # The mark stays on the line of its item's first word.
            (mark[0] if (mark := ITEM.match(line)) else "")
            + "".join(
                word + data.draw(ends) for word in ITEM.sub("", line, count=1).split(" ")
            ).rstrip()
            for line in lines
        )
        for lines in written
    )
    assert paragraphs(wrapped) == written


def test_a_list_follows_its_paragraph() -> None:
    assert paragraphs("One\nline:\n- first\n  item\n- second\n\nThe end.\n") == [
        ["One line:", "- first item", "- second"],
        ["The end."],
    ]


def test_a_number_that_a_line_happens_to_begin_with_is_not_an_item() -> None:
    assert paragraphs("Published in\n25. It needs npm\n12. Update.") == [
        ["Published in 25. It needs npm 12. Update."]
    ]
