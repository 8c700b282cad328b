"""A text of paragraphs and lists, as it stands in a docstring."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hardenme.model.passages import ITEM, paragraphs

WORDS = st.lists(st.text("abc.", min_size=1), min_size=1).map(" ".join)
ITEMS = st.builds("{}{}".format, st.sampled_from(["- ", "1. ", "12. "]), WORDS)
PARAGRAPHS = st.lists(
    st.one_of(WORDS.map(lambda line: [line]), st.lists(ITEMS, min_size=1)), min_size=1
)


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
