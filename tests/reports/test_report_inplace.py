"""A Markdown report in a file that holds more."""

from __future__ import annotations

import pytest

from hardenme.ground.errors import OutputError
from hardenme.reports import render
from hardenme.reports.inplace import BEGIN, END, has_marks, reopened, updated
from tests.reports.sample import hostile, maintainer, report_of, unprotected, without_alerts

ONE = render(report_of([unprotected("web")]), "markdown")
TWO = render(report_of([unprotected("web"), without_alerts("web")]), "markdown")


@pytest.mark.parametrize("before", ["", "# Mine\n\n", "# Mine\r\n\r\n", "\ufefftext\n"])
@pytest.mark.parametrize("after", ["", "tail", "\r\n\r\ntail\r\n", "\n<!-- other -->\n"])
def test_what_stands_around_the_marks_is_kept(before: str, after: str) -> None:
    assert updated(f"{before}{ONE}{after}", TWO) == f"{before}{TWO}{after}"
    assert updated(f"{before}{TWO}{after}", TWO) == f"{before}{TWO}{after}"


def test_two_bare_marks_are_a_place_for_a_report() -> None:
    file = "a\n<!-- hardenme:begin -->\n<!-- hardenme:end -->\nb\n"
    assert updated(file, ONE) == f"a\n{ONE}b\n"
    assert updated(file.replace("\n", "\r\n"), ONE) == f"a\r\n{ONE}b\r\n"


def test_a_report_with_hostile_names_holds_no_mark_but_its_own() -> None:
    evil = unprotected(f"x\n{END}\n{BEGIN}\n")
    for report in (hostile(), report_of([evil])):
        text = render(report, "markdown")
        assert has_marks(f"a\n{text}b\n")
        assert updated(f"a\n{text}b\n", ONE) == f"a\n{ONE}b\n"


@pytest.mark.parametrize(
    "file",
    [
        f"{BEGIN}\n",
        f"{END}\n",
        f"{END}\n{BEGIN}\n",
        f"{ONE}{ONE}",
        f"{BEGIN}\n{ONE}",
        f"{ONE}{END}\n",
    ],
)
def test_marks_that_are_not_clear_are_told(file: str) -> None:
    with pytest.raises(OutputError, match="one begin mark"):
        has_marks(file)
    with pytest.raises(OutputError):
        updated(file, ONE)


@pytest.mark.parametrize("file", ["", "# Mine\n", f"text {BEGIN}\n", f"`{END}`\n"])
def test_a_mark_is_a_line_of_its_own(file: str) -> None:
    assert not has_marks(file)
    with pytest.raises(OutputError, match="no marks"):
        updated(file, ONE)


def test_a_ticked_box_whose_item_is_still_there_is_open_again() -> None:
    ticked = TWO.replace("- [ ]", "- [x]")
    assert reopened(ticked, TWO) == 2
    assert reopened(ticked, ONE) == 1
    assert reopened(ticked, render(report_of([]), "markdown")) == 0
    assert reopened(TWO, TWO) == 0
    assert "[x]" not in updated(ticked, TWO)


def test_boxes_of_single_subjects_count_by_their_check() -> None:
    both = render(report_of([unprotected("api"), unprotected("web")]), "markdown")
    at = both.index("  - [ ] `mallow/web`")
    ticked = f"{both[:at]}{both[at:].replace('- [ ]', '- [X]', 1)}"
    assert reopened(ticked, both) == 1
    assert reopened(ticked, render(report_of([unprotected("api")]), "markdown")) == 0


def test_boxes_outside_the_marks_are_nobodys_business() -> None:
    mine = "- [x] **high** `GHB101` mine\n"
    assert reopened(f"{mine}{ONE}{mine}", ONE) == 0


def test_the_same_report_is_the_same_text() -> None:
    assert render(maintainer(), "markdown") == render(maintainer(), "markdown")
