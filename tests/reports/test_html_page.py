from __future__ import annotations

import ast
import base64
import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.large_report import large_report
from hardenme.engine.catalogue import families
from hardenme.model.publishing import State
from hardenme.model.report import Report
from hardenme.model.standard import Control, Standard, Support
from hardenme.model.unknown import Reason
from hardenme.model.verdict import Failed
from hardenme.model.waiver import Waiver, Waivers
from hardenme.reports import render
from hardenme.reports.fixplan.build import plan_of
from hardenme.reports.grouping import name_of
from hardenme.reports.html.blocks import Blocks
from hardenme.reports.html.element import is_link, written
from hardenme.reports.html.page import publishing
from hardenme.reports.html.rows import OWN
from hardenme.reports.html.tally import FAMILIES
from hardenme.reports.plain import plain_name
from tests.reports import publishing_sample, sample

pytestmark = pytest.mark.second_tier("whole pages", one_of=3)

DOLLARS = "$&-$$-$`-$'-$1"
"""What means something where a script replaces text."""
WAIVER = Waiver("GHR103", "github:repo/mallow/*", "it is an archive", date(2027, 1, 31), by="hazel")
STANDARD = Standard(
    "osps",
    "Open Source Project Security Baseline",
    "2026.02",
    "https://baseline.example.test/",
    date(2026, 11, 1),
    (
        Control("OSPS-AC-01.01", "A second factor is asked for", Support.COVERED, ("GHA101",)),
        Control("OSPS-AC-03.01", "Direct pushes", Support.PARTLY, ("GHB101",), "tags"),
        Control("OSPS-BR-01.01", "Injection", Support.ATTESTED, ("NPP107",), "what is run"),
        Control("OSPS-DO-01.01", "A guide", Support.NOT, (), "no check reads prose"),
    ),
)


def settled() -> Report:
    """A maintainer's report in which some failures are accepted, and some were."""
    report = sample.maintainer()
    findings = [
        replace(one, waiver=WAIVER)
        if one.code == "GHR103"
        else replace(one, lapsed=replace(WAIVER, until=date(2026, 11, 1)))
        if one.code == "GHA103" and isinstance(one.outcome, Failed)
        else one
        for one in report.findings
    ]
    odd = Waivers((replace(WAIVER, check="GHA104"),), (replace(WAIVER, check="GHT102"),), (WAIVER,))
    return replace(report, findings=findings, waivers=odd, standards=(STANDARD,))


def hostile() -> Report:
    """Every text of findings, paths, waivers and standards is an attack."""
    report = sample.hostile()
    report = replace(report, findings=[*report.findings, sample.unprotected(DOLLARS)])
    bad = publishing_sample.hostile()
    waivers = tuple(
        Waiver(text, text, text, date(2027, 1, 1), text, f"javascript:{text}", text)
        for text in sample.HOSTILE
    )
    findings = [
        replace(one, lapsed=waivers[number % len(waivers)])
        if isinstance(one.outcome, Failed) and number % 2
        else replace(one, waiver=waivers[number % len(waivers)])
        if isinstance(one.outcome, Failed)
        else one
        for number, one in enumerate(report.findings)
    ]
    standards = tuple(
        Standard(
            text,
            text,
            text,
            f"javascript:{text}",
            date(2026, 1, 1),
            (Control(text, text, Support.PARTLY, (text,), text),),
        )
        for text in sample.HOSTILE
    )
    return replace(
        report,
        findings=findings,
        publishing=bad.publishing,
        waivers=Waivers(waivers, waivers, waivers),
        standards=standards,
    )


REPORTS = {
    "maintainer": sample.maintainer,
    "settled": settled,
    "hostile": hostile,
    "five packages": publishing_sample.five,
    "hostile packages": publishing_sample.hostile,
    "nothing": lambda: sample.report_of(()),
    "partial": lambda: sample.report_of((), partial="stopped at a limit"),
    "large": lambda: large_report(3),
}


@cache
def page(name: str) -> str:
    return render(REPORTS[name](), "html")


@cache
def parsed(text: str) -> Any:
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)


def data_of(text: str) -> Any:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    assert found
    return json.loads(found[1])


def said(node: Any) -> str:
    return " ".join("".join(node.itertext()).split())


def node_of(tree: Any, key: str) -> Any:
    (found,) = [one for one in tree.iter() if one.get("id") == key]
    return found


def section(tree: Any, key: str) -> Any:
    found = node_of(tree, key)
    assert found.tag == "section"
    return found


@pytest.mark.second_tier("takes long in all", one_of=4)
@pytest.mark.sampled(2)
@pytest.mark.parametrize("name", REPORTS)
def test_the_page_parses_strictly_and_is_ascii(name: str) -> None:
    tree = parsed(page(name))
    assert page(name).isascii()
    ids = Counter(node.get("id") for node in tree.iter() if node.get("id"))
    assert set(ids.values()) == {1}


@pytest.mark.sampled(2, among="pages")
@pytest.mark.second_tier("takes long in all", one_of=5)
@pytest.mark.parametrize("name", REPORTS)
def test_the_policy_names_the_style_sheet_and_the_script_and_nothing_else(name: str) -> None:
    tree = parsed(page(name))
    (policy,) = [
        node.get("content")
        for node in tree.iter("meta")
        if node.get("http-equiv") == "Content-Security-Policy"
    ]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    (style,) = tree.iter("style")
    script, *others = [node for node in tree.iter("script") if node.get("type") is None]
    assert not others
    for rule, node in (("style-src", style), ("script-src", script)):
        digest = base64.b64encode(hashlib.sha256(node.text.encode()).digest()).decode()
        assert rules[rule] == f"'sha256-{digest}'"


@pytest.mark.parametrize("name", REPORTS)
def test_nothing_runs_styles_or_loads_by_an_attribute(name: str) -> None:
    for node in parsed(page(name)).iter():
        for attribute, value in node.attrib.items():
            assert not str(attribute).lower().startswith("on")
            assert attribute not in {"style", "src", "srcset", "action", "poster", "background"}
            if attribute == "href" and node.tag == "a":
                assert value.startswith("#") or is_link(value)
            if node.get("target") == "_blank":
                assert node.get("rel") == "noopener noreferrer"


@pytest.mark.second_tier("takes long", one_of=4)
@pytest.mark.parametrize("name", REPORTS)
def test_every_link_within_the_page_leads_somewhere(name: str) -> None:
    tree = parsed(page(name))
    ids = {node.get("id") for node in tree.iter()}
    anchors = [node.get("href") for node in tree.iter("a") if node.get("href", "").startswith("#")]
    assert anchors
    assert {anchor[1:] for anchor in anchors} <= ids


def test_hostile_names_make_no_element_that_tame_ones_do_not_make() -> None:
    tame = {
        node.tag
        for name in ("settled", "five packages", "large")
        for node in parsed(page(name)).iter()
    }
    assert {node.tag for node in parsed(page("hostile")).iter()} <= tame
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page("hostile")


@pytest.mark.parametrize("name", REPORTS)
def test_the_data_holds_every_result_once_and_no_character_that_ends_a_script(name: str) -> None:
    report, data = REPORTS[name](), data_of(page(name))
    raw = page(name).partition('id="data">')[2].partition("</script>")[0]
    assert not set("<>&\u2028\u2029") & set(raw)
    texts = data["texts"]
    found = Counter(
        (data["checks"][row[0]], data["outcomes"][row[2]]) for row in data["rows"]
    ) + Counter(
        (data["checks"][code], "passed") for code, subjects in data["passed"] for _ in subjects
    )
    assert found == Counter((one.code, one.result) for one in report.findings)
    names = {texts[key].replace(OWN, texts[own]) for own, _, key in data["subjects"]}
    if name in {"maintainer", "settled", "large"}:
        assert names == {str(one.subject) for one in report.findings}


def test_a_row_tells_what_the_finding_says() -> None:
    data = data_of(page("maintainer"))
    texts = data["texts"]
    (row,) = [
        row
        for row in data["rows"]
        if data["checks"][row[0]] == "GHR103"
        and texts[data["subjects"][row[1]][2]].replace(OWN, texts[data["subjects"][row[1]][0]])
        == "github:repo/mallow/web"
    ]
    own = texts[data["subjects"][row[1]][0]]
    parts = {
        texts[label]: texts[text].replace(OWN, own) for label, _, text in data["parts"][row[5]]
    }
    assert texts[row[4]] == "Dependabot alerts are off"
    step = node_of(parsed(page("maintainer")), f"step-{parts['Closed by']}")
    assert "gh api --method PUT repos/mallow/web/vulnerability-alerts" in said(step)
    assert parts["Page"] == f"{sample.WEB}/mallow/web/settings/security_analysis"
    labels, *seen_texts = data["seen"][row[6]]
    seen = {
        texts[label]: texts[text]
        for label, text in zip(data["labels"][labels], seen_texts, strict=True)
    }
    assert seen["hasVulnerabilityAlertsEnabled"] == "false"
    assert seen["read from"].startswith("POST /graphql, status 200, 2026-11-24T16:03Z")


def test_what_a_reader_has_to_know_first_comes_first() -> None:
    report = replace(
        sample.maintainer(),
        partial="stopped at a limit",
        halted=Reason.RATE_LIMITED,
        redacted="redacted: names are replaced",
        warnings=("the clock is off",),
    )
    body = render(report, "html").partition("<body>")[2]
    places = [
        body.index(text)
        for text in (
            "redacted: names are replaced",
            "stopped at a limit",
            "RATE_LIMITED",
            "<h1",
            "the clock is off",
            'class="first"',
        )
    ]
    assert places == sorted(places)


def test_what_is_accepted_was_accepted_or_is_asked_for_has_a_section() -> None:
    tree = parsed(page("settled"))
    told = said(section(tree, "accepted"))
    for text in (
        "8 failures accepted",
        "hazel: it is an archive",
        "GHT102 of github:repo/mallow/* was waived until",
        "GHA104 does not fail for github:repo/mallow/*, which is waived until",
        "asks to waive GHR103 of github:repo/mallow/* until 2027-01-31 by hazel",
    ):
        assert text in told
    labels = [said(one) for one in section(tree, "accepted").iter("dt")]
    assert labels[-3:] == ["Expired", "Unused", "Proposed"]
    assert "accepted until 2026-11-01 by hazel" in said(section(tree, "to-fix"))
    assert "GHR103" not in said(section(tree, "to-fix"))


def test_a_standard_shows_what_is_covered_and_what_was_found_and_claims_nothing() -> None:
    told = said(section(parsed(page("settled")), "standards"))
    for text in ("1 covered", "1 partly", "1 by attestation", "1 not covered", "Not seen: tags"):
        assert text in told
    assert "It does not show that a standard is met" in told
    assert re.search(r"GHA101 1 (failed|unknown)", told)
    assert "Not covered by any checkno check reads prose OSPS-DO-01.01 A guide" in told


@pytest.mark.sampled(2, among="pages")
@pytest.mark.second_tier("takes over half a second")
def test_lists_that_are_cut_tell_how_much_is_left_out() -> None:
    text = render(sample.large(230), "html")
    told = said(section(parsed(text), "to-fix"))
    assert "and 205 more subjects" in told
    assert len(data_of(text)["rows"]) + sum(len(one) for _, one in data_of(text)["passed"]) == 2300


@pytest.mark.sampled(2, among="pages")
@pytest.mark.second_tier("pages of hundreds of repositories")
def test_a_repository_with_fifteen_failures_adds_a_few_kilobytes() -> None:
    sizes = [len(render(large_report(number), "html")) for number in (10, 30)]
    assert (sizes[1] - sizes[0]) / 20 < 8_000


@pytest.mark.sampled(2, among="pages")
@pytest.mark.second_tier("a page of a hundred repositories")
def test_the_page_of_a_hundred_repositories_has_less_than_600_kilobytes() -> None:
    assert len(render(large_report(100), "html")) < 600_000


def test_subjects_of_which_the_same_is_said_are_one_line_with_their_names() -> None:
    report = sample.large(6)
    cards = [*section(parsed(render(report, "html")), "to-fix").iter("article")]
    lines = [item for card in cards for item in card.iter("li") if len([*item.iter("b")]) > 1]
    assert lines
    named = Counter((card.get("data-codes"), said(one)) for card in cards for one in card.iter("b"))
    failed = Counter((one.code, plain_name(name_of(one))) for one in report.findings if one.fails)
    assert named == failed


@pytest.mark.sampled(2, among="pages")
def test_nothing_in_a_page_is_lost_where_a_terminal_shows_ascii_alone() -> None:
    report = sample.hostile()
    assert render(report, "html", ascii_only=True) == render(report, "html")


def test_the_families_are_those_of_the_catalogue() -> None:
    assert set(FAMILIES) == set(families())


def _luminance(color: str) -> float:
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_every_colour_of_text_has_the_contrast_of_wcag_aa(scheme: int) -> None:
    css = resources.files("hardenme.reports.html").joinpath("page.css").read_text()
    blocks = re.findall(r":root \{(.*?)\}", css, re.DOTALL)
    colors = dict(re.findall(r"--(\w+): (#[0-9a-f]{6});", blocks[scheme]))
    for ground in ("paper", "sheet", "sunk"):
        for ink in ("ink", "soft", "accent", "critical", "high", "medium", "low", "info", "good"):
            one, other = sorted(map(_luminance, (colors[ink], colors[ground])))
            assert (other + 0.05) / (one + 0.05) >= 4.5, (ink, ground)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_every_number_in_a_drawing_has_the_contrast_of_wcag_aa(scheme: int) -> None:
    css = resources.files("hardenme.reports.html").joinpath("page.css").read_text()
    blocks = re.findall(r":root \{(.*?)\}", css, re.DOTALL)
    colors = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", blocks[scheme]))
    white = set(re.findall(r"\.(\w+)", css.partition(".heat g:is(")[2].partition(")")[0]))
    assert white == {"critical", "high"}
    for level in ("critical", "high", "medium", "low", "info"):
        ink = colors["on-fill" if level in white else "ink"]
        one, other = sorted(map(_luminance, (ink, colors[f"fill-{level}"])))
        assert (other + 0.05) / (one + 0.05) >= 4.5, level


@pytest.mark.second_tier("takes long")
@pytest.mark.parametrize("name", ["maintainer", "settled", "hostile", "large"])
def test_each_finding_to_fix_names_the_step_that_closes_it(name: str) -> None:
    data = data_of(page(name))
    texts = data["texts"]
    numbers = {
        str(node.get("id")).removeprefix("step-")
        for node in parsed(page(name)).iter()
        if str(node.get("id")).startswith("step-")
    }
    told = [
        {texts[label]: texts[text] for label, _, text in data["parts"][row[5]]}
        for row in data["rows"]
        if data["outcomes"][row[2]] == "failed"
    ]
    assert len(told) == sum(one.fails for one in REPORTS[name]().findings)
    assert {parts.get("Closed by") for parts in told} <= numbers


def test_a_step_beyond_those_on_the_page_is_a_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hardenme.reports.html.steps.STEPS", 2)
    text = render(settled(), "html")
    tree = parsed(text)
    ids = {node.get("id") for node in tree.iter()}
    _, second, third, *_ = (step.id for step in plan_of(settled()).steps)
    assert f"step-{second}" in ids
    assert "more steps: hardenme fix" in said(section(tree, "steps"))
    assert f"step-{third}" not in ids
    links = [node.get("href") for node in section(tree, "to-fix").iter("a")]
    assert {link[1:] for link in links if link.startswith("#")} <= ids
    assert f"hardenme fix {third}" in said(section(tree, "to-fix"))
    data = data_of(text)
    commands = {
        data["texts"][said] for parts in data["parts"] for _, how, said in parts if how == 2
    }
    assert f"hardenme fix {third}" in commands


@pytest.mark.sampled(2, among="pages")
@pytest.mark.second_tier("takes over half a second")
@given(st.lists(st.none() | st.integers(0, 10**9), min_size=1, max_size=8))
def test_packages_stand_by_weekly_downloads_and_those_not_known_last(
    weekly: list[int | None],
) -> None:
    report = publishing_sample.five()
    assert report.publishing is not None
    wanting = next(one for one in report.publishing.packages if one.count(State.OPEN))
    packages = tuple(
        replace(wanting, package=f"p{place}", weekly=number) for place, number in enumerate(weekly)
    )
    tree = publishing(
        replace(report, publishing=replace(report.publishing, packages=packages, reaches=())),
        plan_of(report, lambda _codes, _places: ()),
        Blocks(),
    )
    assert tree is not None
    names = re.findall(r"<b>p(\d+)</b>", written(tree))
    shown = [weekly[int(name)] for name in names]
    known = [number for number in shown if number is not None]
    assert len(shown) == len(weekly)
    assert shown == [*sorted(known, reverse=True), *[None] * (len(weekly) - len(known))]


def test_a_page_to_share_has_no_command_that_names_somebody_else() -> None:
    tree = parsed(render(replace(settled(), redacted="names are replaced"), "html"))
    assert [*section(tree, "steps").iter("pre")] == []


@pytest.mark.parametrize("made", [settled, publishing_sample.five])
def test_no_link_leads_to_a_step_that_is_not_on_the_page(
    made: Callable[[], Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hardenme.reports.html.steps.STEPS", 1)
    tree = parsed(render(made(), "html"))
    ids = {node.get("id") for node in tree.iter()}
    links = [node.get("href") for node in tree.iter("a")]
    assert {link for link in links if link.startswith("#")} <= {f"#{one}" for one in ids}
    steps = plan_of(made()).steps
    assert [one.id for one in steps if f"step-{one.id}" in ids] == [steps[0].id]
    first = [said(node) for node in tree.iter("ol") if node.get("class") == "first"]
    assert any(f"hardenme fix {steps[1].id}" in one for one in first)


@pytest.mark.parametrize("name", ["blocks", "sentences", "screen", "outlined"])
def test_what_draws_the_page_reads_the_outline_and_nothing_of_a_report(name: str) -> None:
    source = resources.files("hardenme.reports.html").joinpath(f"{name}.py").read_text("utf-8")
    modules = {
        node.module or ""
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom)
    }
    content = ("model.report", "model.finding", "reports.fixplan", "reports.checklist", "grouping")
    assert [one for one in modules if any(f".{part}" in one for part in content)] == []


@pytest.mark.parametrize("name", ["maintainer", "settled", "large"])
def test_a_card_names_a_step_that_closes_all_of_it_once(name: str) -> None:
    cards = 0
    for card in section(parsed(page(name)), "to-fix").iter("article"):
        steps = [str(one.get("href")) for one in card.iter("a")]
        steps = [one for one in steps if one.startswith("#step-")]
        if len(steps) > 1:
            assert len({*steps}) > 1, said(card)
        cards += bool(steps)
        # A step that is said of no one is of all.
        assert not [one for one in card.iter("p") if said(one).startswith("\u2192")]
    assert cards
