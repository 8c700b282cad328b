"""The page as a browser shows it: headless Chromium, the one that the system has."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.large_report import large_report
from hardenme.derive.holders import holders
from hardenme.model.finding_summary import weight
from hardenme.model.report import Report
from hardenme.model.severity import Severity
from hardenme.model.trend_point import TrendPoint
from hardenme.reports import render
from hardenme.reports.fixplan.build import plan_of
from hardenme.reports.grouping import name_of
from hardenme.reports.html.outlined import outlined
from hardenme.reports.outline.parts import Outline, Section, ours
from hardenme.reports.plain import plain_name
from tests.reports import publishing_sample, sample
from tests.reports.rich_sample import rich
from tests.reports.test_html_page import hostile, settled

NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)
pytestmark = [pytest.mark.needs("chromium"), pytest.mark.sampled(16)]
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 900}
OPEN = "document.querySelectorAll('details').forEach((one) => { one.open = true; })"
WATCH = """
window.violations = [];
addEventListener("securitypolicyviolation", (event) => violations.push(event.blockedURI));
"""


@dataclass
class Opened:
    """A page, and what it did.

    Attributes:
        page: Playwright's.
        address: where it lies.
        said: what it wrote to its console, errors among it.
        asked: what it asked for.
        dialogs: what it interrupted the reader with.
    """

    page: Page
    address: str
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    def one(self, script: str, argument: Any = None) -> Any:
        """What a script gives."""
        return self.page.evaluate(script, argument)

    def quiet(self) -> None:
        """Nothing went wrong, and nothing left the page."""
        assert self.said == []
        assert self.dialogs == []
        assert {one for one in self.asked if not one.startswith("data:")} == {self.address}
        assert self.one("window.violations") == []


Open = Callable[..., Opened]


def crowded() -> Report:
    """A report that fills every drawing, with notices above them."""
    report = large_report(30)
    points = tuple(
        TrendPoint(report.started - timedelta(days=one), {Severity.HIGH: 300 + one}, 20, whole=True)
        for one in range(8, 0, -1)
    )
    return replace(
        report,
        holders=holders(report),
        trend=points,
        lately=3,
        partial="stopped at a limit",
        targets=tuple(f"github:acorn-labs/service-{number:05}" for number in range(20)),
    )


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    found: dict[str, Path] = {}
    reports = {
        "settled": settled(),
        "hostile": hostile(),
        "large": large_report(5),
        "five": publishing_sample.five(),
        "crowded": crowded(),
        "answers": rich(),
        "demo": replace(rich(), identities=(replace(rich().identities[0], source="demo"),)),
    }
    for name, report in reports.items():
        found[name] = folder / f"{name}.html"
        found[name].write_text(render(report, "html"), encoding="ascii")
    return found


@pytest.fixture
def open_page(browser: Browser, files: dict[str, Path]) -> Iterator[Open]:
    contexts = []

    def opening(name: str, fragment: str = "", **options: Any) -> Opened:
        context = browser.new_context(**{"viewport": DESK, **options})
        contexts.append(context)
        page = context.new_page()
        # A busy machine takes its time; whether the page is fast is a benchmark.
        page.set_default_timeout(120_000)
        opened = Opened(page, files[name].as_uri())
        page.on("console", lambda message: opened.said.append(message.text))
        page.on("pageerror", lambda error: opened.said.append(str(error)))
        page.on("request", lambda request: opened.asked.append(request.url.partition("#")[0]))
        page.on("dialog", lambda dialog: (opened.dialogs.append(dialog.message), dialog.dismiss()))
        if options.get("java_script_enabled", True):
            page.add_init_script(WATCH)
        page.goto(opened.address + fragment)
        if options.get("java_script_enabled", True):
            page.wait_for_selector("html[data-ready]")
        return opened

    yield opening
    for context in contexts:
        context.close()


def rows_of(report: Report, *, result: str = "", family: str = "", severity: str = "") -> int:
    return sum(
        one.result == (result or one.result)
        and one.code.startswith(family)
        and str(one.severity) == (severity or str(one.severity))
        for one in report.findings
    )


def listed(opened: Opened) -> int:
    return int(opened.one("document.querySelectorAll('#rows > .row').length"))


def shown(opened: Opened, query: str) -> list[str]:
    """The texts of what is seen."""
    script = """(query) => [...document.querySelectorAll(query)]
        .filter((one) => one.checkVisibility()).map((one) => one.textContent)"""
    return list(opened.one(script, query))


def wait_for_count(opened: Opened, number: int) -> None:
    opened.page.wait_for_function(
        "(text) => document.getElementById('shown').textContent.includes(text)",
        arg=f" and {number} of ",
        timeout=10_000,
    )


def test_the_filter_shows_what_fits_and_counts_it_and_stands_in_the_address(
    open_page: Open,
) -> None:
    report = settled()
    opened = open_page("settled")
    page = opened.page
    total = len(report.findings)
    assert f"{total} of {total} results fit" in page.inner_text("#shown")
    # What passed, or had no object, is listed where it is asked for.
    quiet = rows_of(report, result="passed") + rows_of(report, result="not_applicable")
    assert listed(opened) == total - quiet

    page.focus("#subject")
    page.keyboard.type("mallow/WEB")
    wanted = sum("mallow/web" in f"{one.subject} {one.within}" for one in report.findings)
    wait_for_count(opened, wanted)
    assert listed(opened) == wanted
    assert all("mallow/web" in text for text in shown(opened, "#to-fix .card"))
    assert all("mallow/web" in text for text in shown(opened, "#to-fix .card > ul > li"))
    page.click("#clear")
    wait_for_count(opened, total)

    page.select_option("#family", "GHB")
    wait_for_count(opened, rows_of(report, family="GHB"))
    cards = shown(opened, "#to-fix .card")
    assert cards
    assert all("GHB" in text for text in cards)
    assert shown(opened, "#accepted .card") == []
    page.click("#clear")

    # By the keyboard alone: from the family on to the first severity, and the space bar.
    page.focus("#family")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    critical = rows_of(report, severity="critical") - rows_of(
        report, severity="critical", result="passed"
    )
    wait_for_count(opened, critical)
    page.click('#filters label:has(input[value="failed"])')
    number = rows_of(report, severity="critical", result="failed")
    wait_for_count(opened, number)
    assert 0 < number < critical
    assert listed(opened) == number
    fragment = opened.one("location.hash")
    again = open_page("settled", fragment)
    wait_for_count(again, number)
    assert listed(again) == number
    opened.quiet()
    again.quiet()


def test_a_number_of_the_table_lists_its_subjects_and_a_result_opens_with_its_details(
    open_page: Open,
) -> None:
    opened = open_page("settled")
    page = opened.page
    opened.one(OPEN)
    page.click('[aria-label$="passed of GHR102: list them"]')
    wait_for_count(opened, rows_of(settled(), family="GHR102", result="passed"))
    assert listed(opened) > 1
    page.click('[aria-label$="waived of GHR103: list them"]')
    wait_for_count(opened, 8)
    page.locator("#rows > .row > summary").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#rows .row[open] .more-of-it")
    told = page.inner_text("#rows .row[open]")
    for text in ("gh api --method PUT repos/mallow/", "POST /graphql", "until 2027-01-31 by hazel"):
        assert text in told
    opened.quiet()


def test_hostile_names_stay_text(open_page: Open) -> None:
    report = hostile()
    opened = open_page("hostile")
    page = opened.page
    for name in ("failed", "unknown", "manual", "attested", "waived", "passed", "not_applicable"):
        page.check(f'#filters input[value="{name}"]', force=True)
    # The list is made once more for the last of them, and the address tells when it was.
    page.wait_for_function("(name) => location.hash.includes(name)", arg=name)
    wait_for_count(opened, len(report.findings))
    opened.one(OPEN)
    page.wait_for_function("() => !document.querySelector('#rows .row > summary:only-child')")
    for name in ("img", "iframe", "object", "embed", "base", "b b", "h2 h2"):
        assert page.locator(name).count() == 0
    assert opened.one("document.querySelectorAll('script').length") == 2
    links = opened.one("[...document.querySelectorAll('a')].map((one) => one.getAttribute('href'))")
    assert {one.partition(":")[0] for one in links if not one.startswith("#")} <= {"https"}
    named = Counter(
        opened.one("[...document.querySelectorAll('.row > summary > b')].map((e) => e.textContent)")
    )
    assert named == Counter(plain_name(name_of(one)) for one in report.findings)
    told = page.inner_text("#rows")
    assert "<script>alert(1)</script><img src=x onerror=alert(1)>" in told
    assert "\\u202e" in told
    assert not {"\u202e", "\u200b", "\x1b", "\x01"} & set(page.inner_text("body"))
    opened.quiet()


def test_the_policy_stops_what_a_script_in_the_page_would_send_or_run(open_page: Open) -> None:
    opened = open_page("settled")
    refused = opened.one("""async () => {
        const tries = [
            () => fetch("https://evil.example.test/"),
            () => { document.body.innerHTML = "<b>x</b>"; },
        ];
        const found = [];
        for (const one of tries) {
            try { await one(); found.push("done"); } catch { found.push("refused"); }
        }
        const image = new Image();
        const failed = new Promise((resolve) => { image.onerror = () => resolve("refused"); });
        image.src = "https://evil.example.test/i.png";
        return [...found, await failed];
    }""")
    assert refused == ["refused"] * 3
    assert opened.one("window.violations.length") == 3


@pytest.mark.parametrize("name", ["settled", "large"])
@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_the_verdict_and_the_first_steps_are_seen_without_scrolling(
    open_page: Open, name: str, *, script: bool
) -> None:
    size = {"width": 1280, "height": 800}
    page = open_page(name, viewport=size, java_script_enabled=script).page
    verdict = page.locator("h1")
    assert verdict.inner_text() == "AT RISK"
    steps = page.locator(".first li").all()
    assert len(steps) >= 3
    places = [one.bounding_box() for one in (verdict, page.locator(".counts"), *steps[:3])]
    for place in places:
        assert place is not None
        assert place["y"] >= 0
        assert place["y"] + place["height"] <= 800
        assert place["x"] + place["width"] <= 1280
    assert [one["y"] for one in places if one] == sorted(one["y"] for one in places if one)


def test_a_step_of_the_first_screen_and_of_a_finding_opens_where_it_stands_in_full(
    open_page: Open,
) -> None:
    opened = open_page("settled")
    for link in (".first li:first-child a", "#to-fix .card li > a"):
        opened.page.locator(link).first.click()
        target = opened.one("location.hash")
        assert target.startswith("#step-")
        step = opened.page.locator(target)
        step.wait_for(state="visible")
        assert step.locator("xpath=..").evaluate("(one) => one.open")
        opened.page.wait_for_function(
            "(query) => document.querySelector(query).getBoundingClientRect().top < innerHeight",
            arg=target,
        )
    opened.quiet()


def test_critical_and_high_findings_stand_open_and_a_filter_opens_the_others(
    open_page: Open,
) -> None:
    opened = open_page("settled")
    by_level = {
        str(level): any(one.fails and weight(one) is level for one in settled().findings)
        for level in Severity
    }
    for level, found in by_level.items():
        cards = shown(opened, f"#to-fix .card.{level}")
        assert bool(cards) is (found and level in {"critical", "high"}), level
    opened.page.check('#filters input[value="medium"]', force=True)
    wait_for_count(opened, rows_of(settled(), severity="medium"))
    assert shown(opened, "#to-fix .card.medium")
    opened.page.locator("#to-fix .card.medium .evidence > summary").first.click()
    opened.page.wait_for_selector("#to-fix .card.medium .evidence[open] .seen")
    assert "read from" in opened.page.inner_text("#to-fix .card.medium .evidence[open]")
    opened.quiet()


def test_light_and_dark_differ_and_nothing_is_wider_than_a_phone(open_page: Open) -> None:
    grounds = set()
    for name in ("settled", "hostile"):
        for scheme in ("light", "dark"):
            opened = open_page(name, viewport=PHONE, color_scheme=scheme)
            opened.one(OPEN)
            assert opened.one("document.documentElement.scrollWidth") <= 360
            grounds.add(opened.one("getComputedStyle(document.body).backgroundColor"))
            opened.quiet()
    assert len(grounds) == 2


BROKEN = """
() => [...document.querySelectorAll("code")].flatMap((one) => {
  if (!/ |^-/.test(one.textContent)) return [];
  const found = [], texts = document.createTreeWalker(one, NodeFilter.SHOW_TEXT);
  let top = null, before = " ";
  while (texts.nextNode()) {
    const text = texts.currentNode;
    for (let at = 0; at < text.length; at += 1) {
      const range = document.createRange();
      range.setStart(text, at);
      range.setEnd(text, at + 1);
      const [box] = range.getClientRects(), char = text.data[at];
      // A space at the end of a line has no box.
      if (!box || char === " ") { before = char; continue; }
      const word = one.textContent.split(" ").find((part) => part.length > 40);
      if (top !== null && box.top > top + 4 && before !== " " && !word) {
        found.push(one.textContent);
      }
      [top, before] = [box.top, char];
    }
  }
  return found;
})
"""
"""The commands within sentences of which a word is broken at the end of a line."""


def test_no_word_of_a_command_in_a_sentence_is_broken(open_page: Open) -> None:
    kept = 0
    for name in ("crowded", "settled", "five"):
        for width in (340, 400):
            opened = open_page(name, viewport={"width": width, "height": 740})
            opened.one(OPEN)
            kept += opened.one("document.querySelectorAll('code > span').length")
            assert opened.one(BROKEN) == []
    assert kept


def test_what_is_printed_is_black_on_white_and_open(open_page: Open) -> None:
    opened = open_page("settled", color_scheme="dark")
    closed = """[...document.querySelectorAll("main details:not(.answers)")]
        .filter((one) => ![...one.children].slice(1).some((inner) => inner.getClientRects().length
            && inner.checkVisibility({contentVisibilityAuto: true}))).length"""
    rows = "document.querySelectorAll('#rows').forEach((one) => one.replaceChildren())"
    opened.one(rows)
    assert opened.one(closed) > 3
    opened.page.check("#print-all")
    opened.page.emulate_media(media="print", color_scheme="dark")
    # A page hears of the paper when it is next drawn.
    opened.page.wait_for_function(f"() => {closed} === 0", timeout=5_000)
    assert "status 200" not in opened.page.inner_text("#rows")
    assert "status 200" in opened.page.inner_text("#to-fix")
    assert opened.one("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert opened.one("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert shown(opened, "#filters") == []


@pytest.mark.sampled(6)
@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
@pytest.mark.parametrize("name", ["settled", "five", "hostile", "crowded"])
def test_the_first_page_alone_is_printed_until_everything_is_asked_for(
    open_page: Open, name: str, *, script: bool
) -> None:
    page = open_page(name, java_script_enabled=script).page
    # Names of 200 letters take more than one sheet.
    assert pages_of(page) <= (3 if name == "hostile" else 1)
    page.check("#print-all")
    assert pages_of(page) > 1


def wait_for_steps(opened: Opened, number: int) -> None:
    opened.page.wait_for_function(
        "(text) => document.getElementById('shown').textContent.startsWith(text)",
        arg=f"{number} of ",
        timeout=10_000,
    )


def test_the_filter_leaves_the_steps_that_close_what_fits(open_page: Open) -> None:
    opened = open_page("settled")
    plan = plan_of(settled())
    closing = {
        step.id
        for step in plan.steps
        for action in step.actions
        for one in action.closes
        if plain_name(one.name).startswith("mallow/web")
    }
    steps = "#steps .step > div"
    everything = {str(one.get_attribute("id")) for one in opened.page.locator(steps).all()}
    assert everything == {f"step-{step.id}" for step in plan.steps}
    opened.page.fill("#subject", "mallow/web")
    wait_for_steps(opened, len(closing))
    shown_steps = {
        str(one.get_attribute("id"))
        for one in opened.page.locator("#steps .step:not([hidden]) > div").all()
    }
    assert shown_steps == {f"step-{one}" for one in closing}
    opened.page.click("#clear")
    wait_for_steps(opened, len(plan.steps))
    opened.quiet()


def test_a_tick_and_an_answer_stay_in_the_browser_and_only_open_questions_are_saved(
    open_page: Open,
) -> None:
    opened = open_page("answers")
    page = opened.page
    page.locator("#steps .tick").first.check()
    assert page.locator("#answers").is_hidden()
    page.locator("#questions .answers > summary").first.click()
    page.locator("#questions .answers[open] select").first.select_option("no")
    page.evaluate("""() => {
        const key = `hardenme notes: ${document.title}`;
        const notes = JSON.parse(localStorage.getItem(key));
        notes.answers["NPP106 npm:package/closed"] = "yes";
        localStorage.setItem(key, JSON.stringify(notes));
    }""")
    page.reload()
    page.wait_for_selector("html[data-ready]")
    assert page.locator("#steps .tick").first.is_checked()
    assert page.locator("#steps .step.done").count() == 1
    with page.expect_download() as saved:
        page.click("#answers button")
    assert saved.value.suggested_filename == "hardenme-answers.json"
    (answer,) = json.loads(Path(saved.value.path()).read_text())["answers"]
    asked = {(one.code, str(one.subject)) for one in rich().findings if one.result == "manual"}
    assert (answer["code"], answer["subject"]) in asked
    assert answer["answer"] == "no"
    opened.quiet()


def test_a_question_of_the_demo_has_no_answer_to_note(open_page: Open) -> None:
    opened = open_page("demo")
    assert opened.page.locator("#questions .card").count()
    assert opened.page.locator("#questions .answers").count() == 0


def test_the_first_drawing_of_who_can_publish_is_seen(open_page: Open) -> None:
    opened = open_page("five")
    assert opened.page.locator("#publishing .block[open]").count() == 1
    assert opened.page.locator("#publishing .block[open] .graph").is_visible()


def pages_of(page: Page) -> int:
    """Sheets of A4 that a page takes."""
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True)))


def test_what_has_no_first_page_is_printed_whole(browser: Browser, tmp_path: Path) -> None:
    sections = tuple(
        Section(f"Part {number}", ((ours(f"Sentence {number}."),),)) for number in (1, 2)
    )
    outline = Outline("t", (), ((ours("First."),),), sections, ())
    file = tmp_path / "page.html"
    file.write_text(outlined(outline, "title"), encoding="utf-8")
    with browser.new_context(viewport=PHONE) as context:
        page = context.new_page()
        page.goto(file.as_uri())
        page.emulate_media(media="print")
        for text in ("First.", "Sentence 1.", "Sentence 2."):
            assert page.get_by_text(text, exact=True).is_visible()


def test_what_is_unknown_has_a_whole_black_edge_in_print(open_page: Open) -> None:
    opened = open_page("settled")
    opened.page.emulate_media(media="print")
    found = opened.page.eval_on_selector_all(
        ":is(.severities, .keys) rect.unknown",
        "all => all.map(one => [getComputedStyle(one).stroke,"
        " getComputedStyle(one.closest('svg')).overflow])",
    )
    assert found == [["rgb(0, 0, 0)", "visible"]] * 2
    opened.quiet()


def test_a_drawing_is_not_wider_than_a_phone_and_a_bar_has_a_width(open_page: Open) -> None:
    opened = open_page("large", viewport=PHONE)
    for query, least in ((".falls .bar, .severities .bar, .heat svg", 100), (".heat rect", 20)):
        boxes = [box.bounding_box() for box in opened.page.locator(query).all()]
        assert len(boxes) > 3
        for place in boxes:
            assert place is not None
            assert place["width"] > least
            assert place["x"] + place["width"] <= 360
    opened.quiet()


def test_without_a_script_the_whole_checklist_is_there(open_page: Open) -> None:
    page = open_page("settled", java_script_enabled=False).page
    for text in ("Add a branch ruleset", "npm token revoke a1b2c3", "it is an archive"):
        assert page.get_by_text(text).count()
    assert page.locator("#to-fix .card").first.is_visible()
    assert page.locator("#steps .step > [id^='step-']").count()
    assert not page.locator("#filters").is_visible()
    assert page.get_by_text("This list is made by the page's script").is_visible()
    assert not page.get_by_text("Press a number").is_visible()
    assert sample.WEB in str(page.locator("#steps li > a").first.get_attribute("href"))
