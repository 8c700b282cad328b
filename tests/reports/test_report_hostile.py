"""Every format over one report in which every text of others is an attack.

A format that is registered later is looked at as well. What is its own kind of attack, like a
formula in a cell, is tested beside the format.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from hardenme.model.finding import Finding
from hardenme.model.report import Coverage, Identity, Report, Traffic
from hardenme.model.severity import Severity
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from hardenme.model.verdict import Failed, Fix, Manual
from hardenme.model.waiver import Waiver, Waivers
from hardenme.reports import FORMATS, SPLIT, STREAMED, files, pieces, render
from hardenme.reports.pseudonyms import Pseudonyms, shared
from tests.reports import publishing_sample
from tests.reports.rich_sample import rich
from tests.reports.sample import CANARY, HOSTILE, WEB, finding, hostile, report_of, repository

pytestmark = pytest.mark.second_tier("whole reports in every format", one_of=3)

ATTACKS = (
    *HOSTILE,
    "\x00nul\x00",
    "\x1b]52;c;aGFybQ==\x07\x9b31m\x85",
    "\x1b]8;;https://evil.example.test/\x1b\\click\x1b]8;;\x1b\\",
    "[link=https://evil.example.test/]x[/link][/x][bold",
    "=cmd|'/c calc'!A1",
    "+1+1",
    "-2+3",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    "\uff1d1+1",
    '"; a\n=b',
    "</script><script>alert(1)</script>",
    "]]><x/>&#0;&lt;",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "\n::set-env name=A::b\n::add-mask::x\n##[error]y\n",
    "EOF\nx<<EOF\n",
    "::error file=a,line=1::x%0A%25",
    "%zz%",
    "{{ 7*7 }} ${{ github.token }} {% x %}",
    "\ud800\udfff\udc80",
    "\ufffe\uffff\U0010ffff",
    "a\u0300\u0301" * 30,
    "<!-- hardenme:end -->",
    "--><!--",
    "../../etc/passwd",
    "CON",
)
NEVER = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff"
    "\ufffe\uffff\U000e0000-\U000e007f]"
)
"""Characters that steer a terminal, hide text, or are none. Line feeds and tabs are left out."""
LINE_ENDS = {"csv": "\r\n"}
"""The line ends of formats that have others, by RFC 4180."""
MEGABYTE = 1 << 20
ROOM = 3_000_000
"""Characters of the largest format: what is cut at 100,000 stands in a few places."""


def everything_hostile() -> Report:
    """Every attack in every place that others can fill."""
    findings: list[Finding] = []
    for number, text in enumerate(ATTACKS):
        repo = Subject("github", "repo", f"mallow/{text or 'x'}{number}")
        fix = Fix(f"Do {text}", f"{WEB}/{text}", f"gh api {text}", text, text)
        wider = replace(fix, wider=Fix(f"All {text}", text or "x"))
        findings += [
            finding("GHB101", repo, Failed(f"x{text}", {f"x{text}": [text, text]}, wider)),
            finding("GHR103", repo, Failed(f"x{text}", {"x": text}, fix), label=text),
            finding("GHR102", repo, Unknown(Reason.NOT_VISIBLE, text, text), label=text),
            finding("NPA103", repo, Manual(f"x{text}", f"x{text}", fix), label=text),
            replace(finding("GHA108", repo, Failed("x", {"x": 1}, fix)), title=text),
        ]
    accepted = Waiver("GHB101", f"github:repo/{ATTACKS[0]}", "x", date(2027, 1, 1), "x", "x", "x")
    waivers = tuple(
        Waiver(text or "x", text or "x", text or "x", date(2027, 1, 1), text, text, text)
        for text in ATTACKS
    )
    failed = finding("GHB101", repository("w"), Failed("x", {"x": 1}, Fix("Do", WEB)))
    findings += [
        replace(failed, waiver=accepted),
        *(
            replace(failed, subject=Subject("github", "repo", f"a/{n}"), lapsed=one)
            for n, one in enumerate(waivers)
        ),
    ]
    base = hostile()
    return Report(
        version=base.version,
        started=base.started,
        targets=ATTACKS,
        profile=ATTACKS[0],
        profile_chosen=True,
        identities=tuple(Identity(text, text, text, text, text) for text in ATTACKS),
        findings=tuple(sorted((*base.findings, *findings), key=lambda one: one.code)),
        checks={
            code: replace(text, title=title)
            for (code, text), title in zip(base.checks.items(), ATTACKS, strict=False)
        },
        coverage=Coverage(1, 3, 4, dict.fromkeys(ATTACKS, 1), ATTACKS),
        traffic=Traffic(dict.fromkeys(ATTACKS, 1), 0, 0.5),
        fail_on=Severity.LOW,
        allowed_unknown=ATTACKS,
        partial=" ".join(ATTACKS),
        warnings=ATTACKS,
        publishing=publishing_sample.hostile().publishing,
        waivers=Waivers(waivers, waivers, waivers),
    )


def huge() -> Report:
    """A name, a sentence and an address of a megabyte each."""
    name = "x" * MEGABYTE
    fix = Fix(f"Do {name}.", f"{WEB}/{name}", f"gh api {name}")
    found = [
        finding("GHB101", repository(name), Failed(name, {name: "x"}, fix)),
        finding("GHR102", repository("web"), Unknown(Reason.NOT_VISIBLE, name)),
    ]
    return replace(report_of(found), warnings=(name,))


REPORT = everything_hostile()
SHARED = shared(rich(), Pseudonyms(b"key", frozenset()))


@pytest.fixture(scope="module", params=list(FORMATS))
def form(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(scope="module")
def text(form: str) -> str:
    return shown(REPORT, form)


@pytest.fixture(scope="module")
def huge_report() -> Report:
    return huge()


def shown(report: Report, form: str, **look: Any) -> str:
    """The report in a format, with line feeds for the line ends that the format has."""
    text = render(report, form, **look)
    if form in LINE_ENDS:
        assert text.count(LINE_ENDS[form]) == text.count("\n")
        text = text.replace(LINE_ENDS[form], "\n")
    return text


@pytest.mark.second_tier("takes long in all", one_of=3)
@pytest.mark.sampled(3)
def test_nothing_in_it_steers_or_hides(text: str) -> None:
    found = NEVER.search(text)
    assert not found, repr(text[max(found.start() - 60, 0) : found.end() + 20])
    assert CANARY not in text


@pytest.mark.second_tier("takes long in all", one_of=5)
def test_it_can_be_written_anywhere(text: str) -> None:
    assert text.encode("utf-8").decode("utf-8") == text
    assert text.endswith("\n")


@pytest.mark.parametrize("form", ["table", "markdown"])
def test_colour_and_width_bring_nothing_of_others(form: str) -> None:
    ours = re.compile(r"\x1b\[[0-9;]*m")
    assert not NEVER.search(ours.sub("", shown(REPORT, form, width=0, color=True)))


@pytest.mark.sampled(3)
def test_plain_ascii_is_enough(form: str) -> None:
    text = shown(REPORT, form, ascii_only=True, quiet=True)
    assert text.isascii()
    assert not NEVER.search(text)


@pytest.mark.sampled(3)
@pytest.mark.second_tier("each form for each text", one_of=6)
def test_pieces_and_files_hold_the_same_each_time(form: str, text: str) -> None:
    whole = render(REPORT, form)
    assert whole.replace(LINE_ENDS.get(form, "\n"), "\n") == text
    parts = ["".join(part) for part in files(REPORT, form)]
    if form in SPLIT:
        assert "".join(pieces(REPORT, form)) == whole
        assert not any(map(NEVER.search, parts))
    else:
        assert parts == [whole], "files are made of pieces"


@pytest.mark.sampled(6)
@pytest.mark.second_tier("reports of megabytes")
def test_names_of_a_megabyte_stay_small(form: str, huge_report: Report) -> None:
    assert len(render(huge_report, form)) < ROOM


def test_a_redacted_report_says_so(form: str) -> None:
    assert "Redacted for sharing" in " ".join(render(SHARED, form).split())


def test_no_format_is_streamed_or_split_that_is_none() -> None:
    assert {*STREAMED, *SPLIT} <= set(FORMATS)
