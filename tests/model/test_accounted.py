"""What is contained is deprecated, and no tag leads to it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hardenme.model.accounted import contained
from hardenme.model.inventory import InventoryItem, Place
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

PACKAGE = Subject("npm", "package", "left-wing")
VERSIONS = ("1.0.0", "1.1.0", "1.2.0")
UNREAD = Unknown(Reason.NOT_ASKED, "the package's page on npm")


def item(kind: str, label: str, **state: str | bool | None) -> InventoryItem:
    subject = Subject("npm", "package", f"left-wing@{label}")
    return InventoryItem(kind, subject, label, label, state)


@given(
    marks=st.fixed_dictionaries({one: st.sampled_from([True, False, None]) for one in VERSIONS}),
    tags=st.dictionaries(st.sampled_from(["latest", "beta", "next"]),
                         st.sampled_from([*VERSIONS, "", None])),
    lists=st.sampled_from([{}, {"dist-tag": None}, {"dist-tag": UNREAD}]),
)  # fmt: skip
def test_no_version_with_a_tag_and_none_of_which_that_is_not_known(
    marks: dict[str, bool | None], tags: dict[str, str | None], lists: dict[str, Unknown | None]
) -> None:
    items = [item("version", one, **({} if mark is None else {"deprecated": mark}))
             for one, mark in marks.items()]  # fmt: skip
    items += [item("dist-tag", tag, version=led) for tag, led in tags.items()]
    found = {one.name.rpartition("@")[2] for one in contained([Place(PACKAGE, lists, items)])}
    known = lists == {"dist-tag": None} and bool(tags) and all(tags.values())
    deprecated = {one for one, mark in marks.items() if mark is True}
    assert found == (deprecated - set(tags.values()) if known else set())
