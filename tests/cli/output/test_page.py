"""The page of the demo, as the command prints it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import html5lib
import pytest
from playwright.sync_api import sync_playwright

from hardenme.cli.main import COMMANDS
from hardenme.model.finding import Errored, Finding
from hardenme.model.report import Report
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Manual
from hardenme.reports.grouping import name_of
from hardenme.reports.plain import plain_name
from hardenme.store.runs import Runs
from tests.cli.command import Command

pytestmark = pytest.mark.sampled(4)

STATE = ".local/state/hardenme"
LARGEST = 450_000
"""Bytes of the page."""
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)


@pytest.fixture(scope="module")
def demo(
    tmp_path_factory: pytest.TempPathFactory, new_command: Callable[[Path], Command]
) -> tuple[Path, Report]:
    """The page, and the run that it is of."""
    from hardenme.reports.reading import load  # noqa: PLC0415

    command = new_command(tmp_path_factory.mktemp("demo"))
    page = command.home.parent / "page.html"
    page.write_text(command("demo", "-f", "html").out, encoding="ascii")
    page.with_suffix(".txt").write_text(command("show", "--demo").out, encoding="utf-8")
    (run,) = Runs(command.home / STATE, demo=True).all()
    with run.open() as file:
        return page, load(file)


@pytest.fixture(scope="module")
def tree(demo: tuple[Path, Report]) -> Any:
    text = demo[0].read_text(encoding="ascii")
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)


def said(node: Any) -> str:
    return " ".join("".join(node.itertext()).split())


def cards(tree: Any, key: str) -> Iterator[tuple[set[str], set[str], str]]:
    """The checks, the subjects and the text of each card of a section."""
    (section,) = [one for one in tree.iter("section") if one.get("id") == key]
    for card in section.iter("article"):
        codes = {*card.get("data-codes").split()}
        yield codes, {said(one) for one in card.iter("b")}, said(card)


def missing(tree: Any, key: str, findings: list[Finding]) -> list[tuple[str, str]]:
    """The findings that no card of a section names by check and subject."""
    found = [(codes, names) for codes, names, _ in cards(tree, key)]
    wanted = {(one.code, plain_name(name_of(one))) for one in findings}
    return sorted(
        (code, name)
        for code, name in wanted
        if not any(code in codes and name in names for codes, names in found)
    )


def test_it_is_small(demo: tuple[Path, Report]) -> None:
    assert demo[0].stat().st_size < LARGEST


def test_every_failed_finding_every_unknown_and_every_question_is_on_it(
    demo: tuple[Path, Report], tree: Any
) -> None:
    """Without a script: what stands in it for the script is not looked at."""
    findings = [*demo[1].findings]
    failed = [one for one in findings if one.fails]
    unknown = [one for one in findings if isinstance(one.outcome, Unknown | Errored)]
    asked = [one for one in findings if isinstance(one.outcome, Manual)]
    assert len(failed) > 200
    assert unknown
    assert asked
    assert missing(tree, "to-fix", failed) == []
    assert missing(tree, "unknown", unknown) == []
    assert missing(tree, "questions", asked) == []


def test_every_failed_finding_names_the_step_that_closes_it(tree: Any) -> None:
    (section,) = [one for one in tree.iter("section") if one.get("id") == "to-fix"]
    steps = {one.get("id") for one in tree.iter() if str(one.get("id")).startswith("step-")}
    for card in section.iter("article"):
        above = [one for one in card if one.tag == "p" and one.find("a") is not None]
        points = [item for one in card.iter("ul") if one.get("class") == "points" for item in one]
        for case in [item for item in card.iter("li") if item not in points]:
            links = [*case.iter("a"), *(link for one in above for link in one.iter("a"))]
            assert {one.get("href").removeprefix("#") for one in links} & steps, said(case)


def test_each_check_is_explained_once(demo: tuple[Path, Report]) -> None:
    text = re.sub(r"<[^>]*>", "", demo[0].read_text(encoding="ascii"))
    whole = "".join(text.replace("&#x27;", "'").replace("&quot;", '"').split())
    looked_at = {one.code for one in demo[1].findings}
    told = 0
    for code, check in demo[1].checks.items():
        for words in (check.why, check.limits):
            start = "".join(words.removeprefix("- ").split("`")[0].split("\n- ")[0].split())[:90]
            if code in looked_at and len(start) > 60 and start.isascii():
                assert whole.count(start) == 1, (code, start)
                told += 1
    assert told > 100


@pytest.mark.needs("chromium")
def test_the_verdict_and_the_first_steps_are_seen_at_1280_by_800(
    demo: tuple[Path, Report],
) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        tab = browser.new_page(viewport={"width": 1280, "height": 800})
        tab.set_default_timeout(120_000)
        tab.goto(demo[0].as_uri())
        tab.wait_for_selector("html[data-ready]")
        assert tab.inner_text("h1") == "AT RISK"
        steps = tab.locator(".first li").all()
        boxes = [one.bounding_box() for one in (tab.locator("h1"), *steps[:9])]
        # The last one stands where two things are folded around it.
        link = steps[-1].locator("a").first
        target = str(link.get_attribute("href"))
        assert not tab.locator(target).is_visible()
        link.click()
        tab.wait_for_selector(target, state="visible", timeout=5_000)
        browser.close()
    assert len(steps) >= 9
    assert [box for box in boxes if box is None or box["y"] + box["height"] > 800] == []


def test_the_terminal_says_the_same_first(demo: tuple[Path, Report], tree: Any) -> None:
    """The verdict, the sentence and its steps, in the same order."""
    screen = demo[0].with_suffix(".txt").read_text(encoding="utf-8")
    (head,) = tree.iter("header")
    words = " ".join(screen.split())
    assert said(next(head.iter("h1"))) in words
    (sentence,) = [one for one in head.iter("p") if one.get("class") == "sentence"]
    assert said(sentence) in words
    ids = [said(code) for code in head.iter("code") if "number" in str(code.get("class")).split()]
    on_screen = re.findall(r"^ ?\d+  ([a-z0-9]{6}) \S", screen, re.MULTILINE)
    assert on_screen == [one for one in ids if one in on_screen]
    assert len(on_screen) >= 7


def prose(node: Any) -> Iterator[str]:
    """The text of an element that is neither code nor the page's data."""
    if node.tag not in {"code", "pre", "script", "style", "title"}:
        yield node.text or ""
        for child in node:
            yield from prose(child)
            yield child.tail or ""


def test_a_command_of_hardenmes_is_marked_as_code(tree: Any) -> None:
    commands = rf"\bhardenme ({'|'.join(sorted(COMMANDS))})\b"
    assert [one[0] for one in re.finditer(rf".*{commands}.*", "".join(prose(tree)))] == []
    marked = [said(one) for one in tree.iter("code")]
    assert "hardenme attest NPP106 npm:package/@acorn-labs/ladle" in marked


def test_the_first_page_leads_to_the_questions_and_names_what_was_not_looked_at(tree: Any) -> None:
    (top,) = [one for one in tree.iter("header") if one.get("class") == "head"]
    (asked,) = [one for one in top.iter("p") if said(one).startswith("Questions ")]
    assert [one.get("href") for one in asked.iter("a")] == ["#questions"]
    assert not [*asked.iter("code")]
    assert any(one.get("id") == "questions" for one in tree.iter("section"))
    (reach,) = [one for one in top.iter("figure") if one.get("class") == "reach"]
    unseen = "2 of the repositories were not looked at: mallow/soup-spoon, mallow/strainer."
    assert unseen in said(reach)
