from __future__ import annotations

import re
from dataclasses import replace
from importlib import resources
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardenme.model.acceptance import AcceptanceState, ReleaseWay
from hardenme.model.publishing import Hop, PackagePaths, PublishPath, State
from hardenme.model.way import Way
from hardenme.reports.drawing import Drawing
from hardenme.reports.html.element import written
from hardenme.reports.html.graph import STATIONS, WORD, graph, legend
from hardenme.reports.html.layout import BOX, LANE, TALL, laid_out
from tests.reports.publishing_sample import hardened, token, wide_open

ASCENT, DESCENT = 9, 3
"""Units of the words of a state above and below their baseline."""
STYLE = resources.files("hardenme.reports.html").joinpath("page.css").read_text()


def drawn(package: PackagePaths) -> str:
    made = graph(package, "g")
    assert made is not None
    return written(made)


def test_every_state_has_a_line_an_arrow_and_a_word_of_its_own() -> None:
    text = drawn(wide_open("@acorn/web", "acorn/web"))
    for state in ("open", "unknown", "intended", "closed"):
        assert f'id="arrow-{state}"' in written(legend())
        assert f"marker-end: url(#arrow-{state})" in STYLE
        assert f'class="mark {state}">{state}</text>' in text


@pytest.mark.parametrize(
    "package", [wide_open("@acorn/web", "acorn/web"), hardened("@acorn/web", "acorn/web")]
)
def test_no_station_covers_another_and_all_lie_within_the_drawing(package: PackagePaths) -> None:
    layout = laid_out(Drawing([package]))
    boxes = list(layout.boxes.values())
    assert len(boxes) == len(Drawing([package]).nodes)
    for number, one in enumerate(boxes):
        assert 0 <= one.left <= layout.width - BOX
        assert 0 <= one.top <= layout.height - TALL
        for other in boxes[number + 1 :]:
            assert abs(one.left - other.left) >= BOX or abs(one.top - other.top) >= TALL


def test_the_package_stands_at_the_right_and_every_line_comes_from_the_left_of_its_end() -> None:
    layout = laid_out(Drawing([wide_open("@acorn/web", "acorn/web")]))
    last = max(layout.boxes.values(), key=lambda box: box.left)
    assert last.node.kind == "package"
    for edge in layout.edges:
        assert layout.boxes[edge.start].left < layout.boxes[edge.end].left


STATIONS_OF_A_PATH = st.lists(
    st.builds(
        Hop,
        st.sampled_from(["person", "token", "repository", "workflow", "approval"]),
        st.sampled_from(["a", "b", "c"]),
    ),
    min_size=1,
    max_size=4,
)


@given(st.lists(STATIONS_OF_A_PATH, min_size=1, max_size=8))
def test_no_line_and_no_word_of_a_state_is_behind_a_box(paths: list[list[Hop]]) -> None:
    package = PackagePaths(
        "p",
        None,
        tuple(
            PublishPath(f"{number}", Way.TOKEN, "x", [*State][number % 3], "x", hops=tuple(hops))
            for number, hops in enumerate(paths)
        ),
    )
    layout = laid_out(Drawing([package]))
    boxes = layout.boxes.values()
    for edge in layout.edges:
        lanes = layout.lanes[edge.start, edge.end]
        for lane in lanes:
            assert 0 <= lane.top <= lane.top + LANE <= layout.height
            for box in boxes:
                beyond = lane.top + LANE <= box.top or lane.top >= box.top + TALL
                assert lane.left != box.left or beyond
        start = layout.boxes[edge.start]
        x, y = (lanes[-1].left, lanes[-1].middle) if lanes else (start.left, start.middle)
        word = (x + BOX, x + BOX + WORD, y - 18, y)
        for box in boxes if edge.last else ():
            apart = box.left >= word[1] or box.left + BOX <= word[0]
            assert apart or box.top >= word[3] or box.top + TALL <= word[2]
        if edge.last:
            # All words are in the column before the package.
            assert x + BOX + WORD <= layout.boxes[edge.end].left


RELEASED = st.lists(st.tuples(STATIONS_OF_A_PATH, st.sampled_from(AcceptanceState)), max_size=8)


def releasing(paths: list[tuple[list[Hop], AcceptanceState]]) -> PackagePaths:
    """A package whose paths each have a verdict of the next release."""
    made = [
        PublishPath(f"{number}", Way.SECRET, "x", State.OPEN, "x", hops=tuple(hops))
        for number, (hops, _) in enumerate(paths)
    ]
    ways = [
        ReleaseWay(f"{number}", Way.SECRET, "x", verdict)
        for number, (_, verdict) in enumerate(paths)
    ]
    return PackagePaths("p", None, tuple(made), releases=tuple(ways))


@given(RELEASED.filter(bool))
def test_words_above_and_below_lines_are_apart_and_within_the_drawing(paths: Any) -> None:
    text = drawn(releasing(paths))
    box = re.search(r'viewBox="0 0 [\d.]+ ([\d.]+)"', text)
    assert box is not None
    found = re.findall(r'<text x="([\d.]+)" y="([\d.]+)" class="mark', text)
    words = [(float(x), float(y)) for x, y in found]
    assert len(words) == len(set(words))
    for column, low in words:
        assert low - ASCENT >= 0
        assert low + DESCENT <= float(box[1])
        for beside, other in words:
            assert beside != column or other == low or abs(other - low) >= ASCENT + DESCENT


@pytest.mark.parametrize("verdict", AcceptanceState)
def test_a_line_says_whether_the_next_release_is_accepted(verdict: AcceptanceState) -> None:
    package = releasing([([Hop("secret", "T"), Hop("repository", "a/b")], verdict)])
    assert f'class="mark {verdict}">{verdict}</text>' in drawn(package)
    assert "below a line" in written(legend(releases=True))
    assert "below a line" not in written(legend())
    assert f".mark.{verdict} " in STYLE


def test_a_shared_line_shows_the_worst_verdict() -> None:
    same = [Hop("secret", "T")]
    both = [(same, AcceptanceState.ACCEPTED), (same, AcceptanceState.REFUSED)]
    for order in (both, both[::-1]):
        (edge,) = Drawing([releasing(order)]).edges
        assert edge.release is AcceptanceState.REFUSED
    assert {edge.release for edge in Drawing([wide_open("p", "a/b")]).edges} == {None}


def test_a_way_that_turns_back_on_itself_is_drawn_to_its_end() -> None:
    there, back = Hop("token", "a"), Hop("token", "b")
    path = PublishPath("x", Way.TOKEN, "a", State.OPEN, "x", hops=(there, back, there, back))
    layout = laid_out(Drawing([PackagePaths("p", None, (path,))]))
    assert len(layout.boxes) == 3


def test_more_stations_than_help_are_left_to_the_list() -> None:
    many = tuple(token(f"t{number}") for number in range(STATIONS))
    assert graph(PackagePaths("p", None, many), "g") is None
    assert graph(replace(hardened("p", "a/b"), paths=()), "g") is None
