"""The runbook's page: printed, ticked, and read on a phone in the first minutes of an attack."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from hardenme.cli.stored.runbooks import runbook_of, shown
from hardenme.reports.runbook import render
from hardenme.reports.style import Style
from tests.reports.rich_sample import rich
from tests.reports.sample import maintainer
from tests.reports.test_html_browser import browser

__all__ = ["browser"]
pytestmark = pytest.mark.needs("chromium")


@pytest.fixture(params=[maintainer, rich])
def page(browser: Browser, tmp_path: Path, request: pytest.FixtureRequest) -> Page:
    report = request.param()
    file = tmp_path / "runbook.html"
    file.write_text(render(shown(report, runbook_of(report)), "html", Style()))
    opened = browser.new_page(viewport={"width": 400, "height": 800})
    opened.goto(file.as_uri())
    return opened


@pytest.mark.sampled(2, among="runbook")
def test_on_a_phone_nothing_lies_beside_the_page(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    size = page.evaluate("parseFloat(getComputedStyle(document.querySelector('li')).fontSize)")
    assert size >= 12
    # A command is whole: it is broken over lines, or scrolled within its own box.
    outside = page.evaluate(
        "[...document.querySelectorAll('pre, code')].filter((one) =>"
        " one.getBoundingClientRect().right > 400).length"
    )
    assert outside == 0


@pytest.mark.sampled(2, among="runbook")
def test_each_task_is_ticked_by_its_words(page: Page) -> None:
    boxes = page.get_by_role("checkbox")
    assert boxes.count() > 10
    for number in range(boxes.count()):
        box = boxes.nth(number)
        assert re.search(r"\w", box.evaluate("(one) => one.closest('label').innerText"))
    first = boxes.first
    first.locator("xpath=ancestor::label").click()
    assert first.is_checked()


@pytest.mark.sampled(2, among="runbook")
def test_on_paper_every_task_has_its_box_and_every_command_its_whole_length(page: Page) -> None:
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 680, "height": 960})
    boxes = page.get_by_role("checkbox")
    assert all(boxes.nth(number).is_visible() for number in range(boxes.count()))
    cut = page.evaluate(
        "[...document.querySelectorAll('pre')].filter((one) => one.scrollWidth > one.clientWidth)"
        ".length"
    )
    assert cut == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 680
