from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token
from syrupy.assertion import SnapshotAssertion

from hardenme.model.publishing import PackagePaths, Publishing
from hardenme.model.report import Report
from hardenme.model.verdict import Manual
from hardenme.reports import render
from hardenme.reports.inplace import BEGIN, END
from tests.reports import publishing_sample
from tests.reports.sample import (
    NPM_WEB,
    WEB,
    finding,
    hostile,
    large,
    maintainer,
    report_of,
    repository,
    unprotected,
)

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
INERT = {"text", "code_inline", "strong_open", "strong_close", "link_open", "link_close"}
HEADINGS = (
    "hardenme checklist",
    "Targets",
    "First steps",
    "To fix",
    "To confirm by hand",
    "Could not be checked",
)
MENTION = re.compile(r"(?<![\w`])@\w|#\d|GH-\d|://|www\.|[0-9a-f]{7}")


def tokens_of(text: str) -> list[Token]:
    return [child for block in PARSER.parse(text) for child in (block, *(block.children or []))]


def test_it_looks_as_it_did(snapshot: SnapshotAssertion) -> None:
    assert render(maintainer(), "markdown") == snapshot


def test_it_does_not_depend_on_the_terminal() -> None:
    one = render(maintainer(), "markdown", width=40, color=True)
    assert one == render(maintainer(), "markdown", width=200)


@pytest.mark.second_tier("takes long")
@pytest.mark.parametrize("report", [maintainer, hostile], ids=["maintainer", "hostile"])
def test_nothing_of_a_name_renders(report: Callable[[], Report]) -> None:
    text = render(report(), "markdown")
    tokens = tokens_of(text)
    kinds = {token.type for token in tokens}
    blocks = [token.content.strip() for token in tokens if token.type == "html_block"]
    assert blocks == [BEGIN, END]
    assert not kinds & {"html_inline", "image", "table_open", "fence", "code_block"}
    assert not kinds & {"hr", "blockquote_open", "ordered_list_open", "em_open", "s_open"}
    inline = {token.type for token in tokens if token.nesting == 0 and not token.block}
    assert inline <= {*INERT, "softbreak"}
    for token in tokens:
        if token.type == "link_open":
            assert str(token.attrs["href"]).startswith((WEB, NPM_WEB))
            assert token.info == "auto", token
    assert [where for where in _texts(tokens) if MENTION.search(where)] == []


def _texts(tokens: list[Token]) -> list[str]:
    """What GitHub would look through for mentions and references: text outside code and links."""
    found: list[str] = []
    inside = 0
    for token in tokens:
        if token.type in {"link_open", "link_close"}:
            inside += token.nesting
        elif token.type == "text" and not inside:
            found.append(token.content)
    return found


@pytest.mark.second_tier("takes long")
def test_every_heading_is_ours() -> None:
    tokens = PARSER.parse(render(hostile(), "markdown"))
    heads = [
        after.content
        for token, after in pairwise(tokens)
        if token.type == "heading_open" and token.tag in {"h1", "h2"}
    ]
    assert heads == [*HEADINGS, "Answered by a person", "About this run"]


def test_every_failed_subject_is_a_task() -> None:
    text = render(maintainer(), "markdown")
    section = text[text.index("## To fix") : text.index("## To confirm by hand")]
    tasks = re.split(r"^- \[ \] ", section, flags=re.MULTILINE)[1:]
    assert len(tasks) == 9
    assert sum(task.count("\n  - [ ] ") or 1 for task in tasks) == 30


def test_a_subject_with_a_page_of_its_own_links_to_it() -> None:
    text = render(report_of([unprotected("web"), unprotected("api")]), "markdown")
    assert text.count("  - Now: no active rule covers the default branch `main`\n") == 1
    for name in ("api", "web"):
        assert f"  - [ ] `mallow/{name}` <{WEB}/mallow/{name}/settings/rules>\n" in text


def test_the_last_line_has_all_counts_and_the_coverage() -> None:
    for quiet in (True, False):
        *_, last, mark = render(maintainer(), "markdown", quiet=quiet).splitlines()
        assert mark == END
        assert last == (
            "30 failed · 7 passed · 7 unknown · 1 manual · 1 attested · 0 waived"
            " · coverage 84% (39 of 46)"
        )


def test_quiet_is_two_lines_an_item_and_one_where_that_is_wanted() -> None:
    lines = render(maintainer(), "markdown", quiet=True).splitlines()
    assert [line.startswith("  - Do: ") for line in lines[1:19]] == [False, True] * 9
    lines = render(maintainer(), "markdown", quiet=True, lines=True).splitlines()
    assert len([line for line in lines if line.startswith("- [ ] **")]) == 9
    assert len(lines) == 13
    assert "Why" not in "".join(lines)


def test_ascii_only_holds_here_too() -> None:
    assert render(hostile(), "markdown", ascii_only=True).isascii()


@pytest.mark.second_tier("takes long")
def test_five_thousand_findings_stay_readable() -> None:
    text = render(large(500), "markdown")
    assert text.count("\n") < 1500
    assert "and 450 more: `--format json` has them all" in text
    shown = text.partition("## Could not be checked")[2].partition("\n## ")[0]
    left = re.search(r"(\d+) more (?:entries of this section are left out|causes)", shown)
    assert left
    assert int(left[1]) + shown.count("\n- **") == 501
    assert len(text) < 60_000


def test_the_order_is_that_of_the_findings_whatever_order_they_came_in() -> None:
    report = maintainer()
    turned = report_of(reversed(report.findings))
    assert isinstance(turned, Report)
    assert render(turned, "markdown") == render(report, "markdown")


@pytest.mark.parametrize("form", ["table", "markdown"])
def test_a_package_without_a_known_path_keeps_its_name_and_what_was_not_read(form: str) -> None:
    blind = PackagePaths("@acme/blind", 7, (), unread=("its access page was not visible",))
    made = publishing_sample.report_with(Publishing(packages=(blind, blind)))
    text = render(made, form, width=100)
    section = text.partition("Who can publish")[2]
    assert section.count("@acme/blind") == 2
    assert section.count("Not read: its access page was not visible") == 2
    assert "no path is known" in section
    assert "\n\n\n" not in text


def test_a_question_with_many_pages_is_asked_once_with_each_of_them() -> None:
    asked = [
        finding("GHR103", repository(name), Manual("Is it on?", f"{WEB}/mallow/{name}/settings"))
        for name in ("api", "docs", "web")
    ]
    text = render(report_of(asked), "markdown")
    assert text.count("Is it on?") == 1
    assert "### Each on its own page (3)" in text
    for name in ("api", "docs", "web"):
        assert f"`mallow/{name}` <{WEB}/mallow/{name}/settings>" in text
