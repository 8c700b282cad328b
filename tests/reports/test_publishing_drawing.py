from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from hardenme.model.acceptance import AcceptanceState, ReleaseWay
from hardenme.model.publishing import Hop, PackagePaths, Publishing, PublishPath, State
from hardenme.model.report import Report
from hardenme.model.way import Way
from hardenme.reports import render
from hardenme.reports.drawing import Drawing, EdgeStyle
from hardenme.reports.mermaid import MOST_EDGES, MOST_TEXT
from hardenme.reports.publishing import worst_first
from tests.reports.publishing_sample import (
    five,
    hardened,
    hostile,
    many,
    person,
    publisher,
    report_with,
    secret,
    token,
    wide_open,
)

# The whole of the grammar that we write: a line is one of these, and nothing else.
LABEL = r'"(?:[A-Za-z0-9 ,@/]|(?<=[A-Za-z0-9])-(?=[A-Za-z0-9])|\#[0-9]+;)*"'
MERMAID = re.compile(
    rf"""flowchart[ ]LR
    |[ ]{{2}}%%[ ][A-Za-z :,]+
    |[ ]{{2}}(?:n[0-9]+|rest|part)(?:\[{LABEL}\]|\[\[{LABEL}\]\])
    |[ ]{{2}}n[0-9]+[ ](?:==>|-\.->|-->)(?:\|(?:open|unknown|intended|closed)
      (?:,[ ]release[ ](?:accepted|refused|unknown))?\|)?[ ]n[0-9]+
    |[ ]{{2}}linkStyle[ ][0-9]+(?:,[0-9]+)*[ ]stroke:[a-z]+(?:,stroke-dasharray:8[ ]4)?
    """,
    re.VERBOSE,
)


def strange(report: Report) -> list[str]:
    text = render(report, "mermaid")
    assert text.isascii()
    return [line for line in text.splitlines() if not MERMAID.fullmatch(line)]


def labels(text: str) -> list[str]:
    """What a reader of the drawing sees on the nodes."""
    found = re.findall(r'^  n\d+\[+"(.*?)"\]', text, re.MULTILINE)
    return [re.sub(r"#(\d+);", lambda one: chr(int(one[1])), label) for label in found]


def names(report: Report) -> list[str]:
    assert report.publishing is not None
    drawing = Drawing(worst_first(report.publishing.packages))
    return [f"{node.kind} {node.name}" for node in drawing.nodes]


def test_only_our_own_grammar_is_written_and_every_name_is_text() -> None:
    partial = replace(five(), partial="a rate limit ended it")
    for report in (five(), hostile(), many(40), report_with(None), partial):
        assert strange(report) == []
    for report in (five(), hostile()):
        assert labels(render(report, "mermaid")) == names(report)
    assert "This report is not whole" in render(partial, "mermaid")


def drawn(*paths: PublishPath, package: str = "web") -> Drawing:
    return Drawing([PackagePaths(package, 1, paths)])


def lines(drawing: Drawing) -> dict[tuple[str, str], EdgeStyle]:
    name = {node.number: node.name for node in drawing.nodes}
    return {(name[edge.start], name[edge.end]): edge.line for edge in drawing.edges}


def test_a_path_goes_by_its_stations_to_the_package() -> None:
    drawing = drawn(publisher("a/b", intended=True))
    assert lines(drawing) == {
        ("a/b", "release.yml"): EdgeStyle.INTENDED,
        ("release.yml", "release"): EdgeStyle.INTENDED,
        ("release", "a person with a second factor"): EdgeStyle.INTENDED,
        ("a person with a second factor", "web"): EdgeStyle.INTENDED,
    }
    assert [edge.last for edge in drawing.edges] == [False, False, False, True]
    bare = PublishPath("token/x", Way.TOKEN, "x", State.CLOSED, "it only reads")
    assert lines(drawn(bare)) == {("x", "web"): EdgeStyle.CLOSED}


def test_what_paths_share_is_drawn_once_as_the_worst_of_them() -> None:
    packages = [
        PackagePaths(
            "one", 1, (publisher("a/b", State.CLOSED), secret("NPM_TOKEN", "a/b", State.UNKNOWN))
        ),
        PackagePaths("two", 1, (publisher("a/b", State.OPEN), token("t", State.UNKNOWN))),
    ]
    drawing = Drawing(packages)
    assert [node.name for node in drawing.nodes].count("release.yml") == 1
    assert lines(drawing) == {
        ("a/b", "release.yml"): EdgeStyle.OPEN,
        ("release.yml", "release"): EdgeStyle.OPEN,
        ("release", "one"): EdgeStyle.CLOSED,
        ("NPM_TOKEN", "a/b"): EdgeStyle.UNKNOWN,
        ("release.yml", "one"): EdgeStyle.UNKNOWN,
        ("release", "two"): EdgeStyle.OPEN,
        ("t", "two"): EdgeStyle.UNKNOWN,
    }
    assert lines(Drawing(reversed(packages))) == lines(drawing)


def test_workflows_environments_and_secrets_of_two_repositories_are_two() -> None:
    paths = [path for name in ("a/b", "c/d") for path in (publisher(name), secret("KEY", name))]
    found = [node.name for node in drawn(*paths).nodes]
    assert [found.count(name) for name in ("release.yml", "release", "KEY", "a/b")] == [2, 2, 2, 1]


def test_an_intended_path_that_is_closed_or_not_known_is_not_drawn_as_intended() -> None:
    for state, line in ((State.CLOSED, EdgeStyle.CLOSED), (State.UNKNOWN, EdgeStyle.UNKNOWN)):
        assert set(lines(drawn(person("x", state, intended=True))).values()) == {line}


def test_a_station_that_comes_twice_does_not_lead_to_itself() -> None:
    hops = (Hop("token", "t"), Hop("token", "t"))
    path = PublishPath("token/t", Way.TOKEN, "t", State.OPEN, "why", hops=hops)
    assert lines(drawn(path)) == {("t", "web"): EdgeStyle.OPEN}


def test_each_state_has_a_line_and_a_word_of_its_own() -> None:
    package = PackagePaths(
        "web",
        1,
        (
            token("a"),
            token("b", State.UNKNOWN),
            token("c", State.CLOSED),
            person("d", intended=True),
        ),
    )
    report = report_with(Publishing((package,)))
    text = render(report, "mermaid")
    for line in (
        "n1 ==>|open| n0",
        "n2 -.->|unknown| n0",
        "n3 -->|closed| n0",
        "n4 -->|intended| n0",
        "linkStyle 2 stroke:gray,stroke-dasharray:8 4",
        "linkStyle 3 stroke:green",
    ):
        assert f"  {line}\n" in text


@pytest.mark.parametrize("verdict", AcceptanceState)
def test_a_leg_says_whether_the_next_release_is_accepted(verdict: AcceptanceState) -> None:
    path = token("t1")
    way = ReleaseWay(path.key, path.way, path.name, verdict)
    with_it = report_with(Publishing((PackagePaths("web", 1, (path,), releases=(way,)),)))
    assert f"n1 ==>|open, release {verdict}| n0\n" in render(with_it, "mermaid")
    assert "%% release: whether npm accepts the next release that way" in render(with_it, "mermaid")
    assert strange(with_it) == []
    without = report_with(Publishing((PackagePaths("web", 1, (path,)),)))
    assert "release" not in render(without, "mermaid")


def test_what_mermaid_does_not_draw_is_counted() -> None:
    text = render(many(400), "mermaid")
    arrows = len(re.findall(r"^  n\d+ \S+ n\d+$", text, re.MULTILINE))
    assert 100 < arrows <= MOST_EDGES
    assert len(text) <= MOST_TEXT
    packages = text.count('[["package ')
    assert f'rest["and {400 - packages} more packages, in the JSON report"]' in text
    # Those with open paths come first.
    assert text.index("package @acorn/p399") < text.index("package @acorn/p397")


def test_one_package_is_drawn_whatever_its_size() -> None:
    paths = tuple(token(f"t{number:04}") for number in range(600))
    text = render(report_with(Publishing((PackagePaths("web", 1, paths),))), "mermaid")
    assert text.count("==>|open|") == 600
    assert "more packages" not in text


def test_where_no_package_was_looked_at_the_drawing_is_empty_and_valid() -> None:
    for publishing in (None, Publishing(())):
        report = report_with(publishing)
        assert render(report, "mermaid") == "flowchart LR\n  %% No package was looked at\n"


def test_the_order_of_packages_does_not_change_what_is_drawn() -> None:
    one, two = wide_open("one", "a/one"), hardened("two", "a/two")
    orders = ((one, two), (two, one))
    texts = {render(report_with(Publishing(order)), "mermaid") for order in orders}
    assert len(texts) == 1


def test_the_drawing_in_the_documentation_is_one_of_ours() -> None:
    page = (Path(__file__).parents[2] / "docs" / "publishing.md").read_text()
    shown = re.search(r"```mermaid\n(.*?)```", page, re.DOTALL)
    report = report_with(Publishing((wide_open("@acorn/web", "acorn/web"),)))
    assert shown is not None
    assert shown[1] == render(report, "mermaid")
