"""A page of an outline: signs of an attack come first, in a box, and addresses can be links."""

from __future__ import annotations

import pytest

from hardenme.reports.header import Header
from hardenme.reports.html.outlined import outlined
from hardenme.reports.outline.parts import Outline, ours, page

ADDRESS = "https://github.com/settings/keys"


def outline(*signs: tuple[str, str]) -> Outline:
    header = Header("mallow on GitHub", when="3 Dec 2026, 05:30 UTC", signs=signs)
    return Outline("people", (), ((ours("Two people."),), (page(ADDRESS),)), (), header=header)


def test_each_sign_of_an_attack_is_in_a_box_above_the_title() -> None:
    text = outlined(outline(("A key is new", "hardenme recent")), "people")
    box, title = text.index('<p class="notice"><strong>LOOK NOW</strong>'), text.index("<h1>")
    assert box < text.index("A key is new") < title
    assert text.index('<p class="sentence">Two people.') > title
    assert text.count('class="notice"') == 1


def test_without_signs_there_is_no_box() -> None:
    assert 'class="notice"' not in outlined(outline(), "people")


@pytest.mark.parametrize("linked", [True, False])
def test_an_address_is_a_link_where_the_page_is_not_for_paper(*, linked: bool) -> None:
    text = outlined(outline(), "people", linked=linked)
    assert (f'<a href="{ADDRESS}"' in text) is linked
    assert ADDRESS.removeprefix("https://") in text
