"""The screen: its verdict, that its numbers add up, and that it fits whatever was found."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import pytest

from hardenme.model.drift import Change, Drift, DriftStep
from hardenme.model.finding import Finding
from hardenme.model.publishing import BlastRadius
from hardenme.model.report import DEMO, Report
from hardenme.model.severity import Severity
from hardenme.model.waiver import Waiver
from hardenme.model.way import Way
from hardenme.reports import drift, fixplan, render
from hardenme.reports.columns import width_of
from hardenme.reports.fixplan.kinds import kind_of
from hardenme.reports.fixplan.plan import FixPlan
from hardenme.reports.fixplan.step_kind import When
from hardenme.reports.outline.frame import cut
from hardenme.reports.screen.drawing import Screen
from hardenme.reports.screen.outline import STEP as STEPS
from hardenme.reports.screen.outline import outline_of
from hardenme.reports.screen.summary import Resolution, summary_of
from hardenme.reports.screen.verdict import Verdict
from hardenme.reports.screen.words import NEEDED, PREPARES, bounded, closes, heading
from hardenme.reports.sheet import Sheet
from hardenme.reports.style import Style
from hardenme.reports.ticket.readers import takers
from tests.reports import publishing_sample
from tests.reports.planned import failed, fix, plan, report, unknown
from tests.reports.sample import AT, hostile, large, maintainer

STEP = re.compile(r"^ ?(?P<number>\d+)  [a-z2-7]{6} \S")
REST = re.compile(r"THE REST\s+(?:(?P<findings>[\d,]+) findings? in )?(?P<steps>[\d,]+) steps?")
MORE_SIGNS = re.compile(r"(?P<number>[\d,]+) more to look at now")
CAUSE = re.compile(r"^ {1,5}(?P<number>[\d,]+)  (?:closes?|needs?|takes?) ")
REPORTS = {
    "a maintainer": maintainer,
    "five packages": publishing_sample.five,
    "hostile names": hostile,
    "a thousand repositories": lambda: large(1000),
    "nothing": report,
    "more signs than lines": lambda: report(
        *(
            attacked("REL101", f"npm:package/p{one}", f"npm dist-tag add p{one}@1.0.0 latest")
            for one in range(50)
        )
    ),
}


@cache
def named(name: str) -> Report:
    """One of REPORTS; a thousand repositories take a second to make."""
    return REPORTS[name]()


@cache
def planned(name: str) -> FixPlan:
    return plan(named(name))


def screen(made: Report, width: int = 100) -> str:
    return render(made, "screen", width=width)


def number(text: str | None) -> int:
    return int((text or "0").replace(",", ""))


@pytest.mark.second_tier("takes long in all", one_of=5)
@pytest.mark.sampled(6)
@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize(("width", "lines"), [(200, 40), (100, 40), (80, 40), (60, 60)])
def test_it_fits_whatever_was_found(name: str, width: int, lines: int) -> None:
    shown = screen(named(name), width).splitlines()
    assert len(shown) <= lines
    for line in shown:
        whole = "http" in line or "npm " in line or "gh " in line or "hardenme " in line
        assert width_of(line) <= min(width, 100) or whole, line


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize("width", [20, 30, 45])
@pytest.mark.second_tier("each width for each report", one_of=8)
def test_a_narrow_terminal_can_be_read(name: str, width: int) -> None:
    shown = screen(named(name), width)
    assert any(word in shown for word in Verdict)
    assert "QUESTIONS" in shown


@pytest.mark.parametrize("name", ["a maintainer", "five packages", "hostile names"])
def test_what_is_printed_of_a_step_counts_all_its_findings(name: str) -> None:
    for step in planned(name).steps:
        printed = closes(step)
        found = re.findall(r"[\d,]*\d(?= findings?\b| later| now)", printed)
        assert sum(map(number, found)) == step.closes + step.left, printed


@pytest.mark.parametrize("name", ["a maintainer", "five packages", "hostile names"])
def test_what_a_step_closes_has_its_unit_in_every_form(name: str) -> None:
    for step in planned(name).steps:
        for room in (18, 24, 200):
            printed = closes(step, room)
            assert len(printed) <= max(room, len(closes(step, 0)))
            units = [
                re.search(r"finding|later|now|path|unknown", one) for one in printed.split(", ")
            ]
            assert all(units) or printed == "prepares"
        assert not step.left or "finding" in closes(step, 200)


@pytest.mark.sampled(6)
@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize("width", [30, 80, 100])
@pytest.mark.second_tier("each width for each report", one_of=6)
def test_the_numbers_add_up(name: str, width: int) -> None:
    made = named(name)
    text = screen(made, width)
    lines = text.splitlines()
    steps = {step.number: step for step in planned(name).steps}
    shown = [int(found["number"]) for line in lines if (found := STEP.match(line))]
    rest = REST.search(" ".join(text.split()))
    left = (number(rest["findings"]), number(rest["steps"])) if rest else (0, 0)
    assert len(shown) + left[1] == len(steps)
    failing = sum(one.fails for one in made.findings)
    assert sum(steps[one].closes + steps[one].left for one in shown) + left[0] == failing
    signs = {one.number for one in steps.values() if one.section is When.LOOK}
    more = MORE_SIGNS.search(" ".join(text.split()))
    assert len(signs & {*shown}) + number(more and more["number"]) == len(signs)
    counts = made.counts()
    causes = [number(found["number"]) for line in lines if (found := CAUSE.match(line))]
    assert sum(causes) == counts["unknown"] + counts["errored"]


HIGH = failed("GHA101", "github:user/a", fix("Turn it on"), Severity.HIGH)
LOW = failed("GHA110", "github:user/a", fix("Tick it"), Severity.LOW)
MEDIUM = replace(LOW, severity=Severity.MEDIUM)
OPEN = unknown("GHA104", "github:ssh-key/1")
ACCEPTED = replace(HIGH, waiver=Waiver("GHA101", "github:user/a", "meant", date(2027, 1, 1)))
QUESTION = next(one for one in maintainer().findings if one.result == "manual")
PASSED = next(one for one in maintainer().findings if one.result == "passed")
NOTHING = next(one for one in maintainer().findings if one.result == "not_applicable")


@pytest.mark.parametrize(
    ("findings", "more", "verdict"),
    [
        ([HIGH, OPEN], {}, Verdict.AT_RISK),
        ([HIGH], {"fail_on": Severity.CRITICAL}, Verdict.AT_RISK),
        ([MEDIUM], {"fail_on": Severity.MEDIUM}, Verdict.AT_RISK),
        ([MEDIUM], {}, Verdict.TO_FIX),
        ([LOW], {"fail_on": Severity.MEDIUM}, Verdict.TO_FIX),
        ([LOW, OPEN], {}, Verdict.NOT_KNOWN),
        ([LOW, OPEN], {"allowed_unknown": ("GHA104",)}, Verdict.NOT_KNOWN),
        ([PASSED], {"partial": "interrupted"}, Verdict.NOT_KNOWN),
        ([PASSED], {"not_found": ("npm:none",)}, Verdict.NOT_KNOWN),
        ([], {}, Verdict.NOT_KNOWN),
        ([ACCEPTED], {}, Verdict.TO_FIX),
        ([QUESTION], {}, Verdict.NOT_KNOWN),
        ([NOTHING], {}, Verdict.NOT_KNOWN),
        ([QUESTION, NOTHING], {}, Verdict.NOT_KNOWN),
        ([PASSED], {}, Verdict.CLEAN),
        ([PASSED, NOTHING, QUESTION], {}, Verdict.CLEAN),
    ],
)
def test_the_verdict(findings: list[Finding], more: dict[str, object], verdict: Verdict) -> None:
    lines = screen(replace(report(*findings), **more)).splitlines()
    assert any("passes." in line for line in lines) == (verdict is Verdict.CLEAN)
    said = [word for line in lines for word in Verdict if line.startswith(word)]
    assert said[0] == verdict
    assert any(line.startswith("NOT KNOWN ") for line in lines)
    assert any(line.startswith("QUESTIONS ") for line in lines)


@pytest.mark.parametrize("form", ["screen", "table", "markdown", "html"])
@pytest.mark.parametrize(
    ("findings", "good"),
    [
        ([PASSED], "Every {}check that was run passes."),
        ([PASSED, LOW], "No finding is high or critical, and everything {}that was asked is known"),
        ([PASSED, ACCEPTED], "Nothing {}is open, except waived findings."),
    ],
)
def test_nothing_good_is_said_of_all_while_a_question_is_unanswered(
    form: str, findings: list[Finding], good: str
) -> None:
    other = "other " if good.startswith("Every") else "else "
    whole = " ".join(render(report(*findings), form, width=100).split())
    asked = " ".join(render(report(*findings, QUESTION, QUESTION), form, width=100).split())
    assert good.format("") in whole
    assert good.format("") not in asked
    assert f"2 questions unanswered. {good.format(other)}" in asked


BACK = "npm dist-tag add trivet@1.0.0 latest"


def attacked(code: str, subject: str, command: str = "") -> Finding:
    return failed(code, subject, fix("Look", command=command))


@pytest.mark.parametrize(
    ("findings", "signs", "looks"),
    [
        (
            # Two versions that one command leads back from are one step.
            [attacked("REL101", f"npm:package/trivet@{one}", BACK) for one in ("1.1.0", "1.2.0")]
            + [attacked("REL106", "npm:package/trivet@latest", BACK)],
            "2 versions show",
            "2 versions look",
        ),
        (
            [attacked("REL106", "npm:package/@a/b@latest")],
            "1 dist-tag shows",
            "1 dist-tag looks",
        ),
        (
            [
                attacked("NPP112", "npm:staged/1"),
                attacked("REL101", "npm:package/trivet"),
                attacked("GHR129", "github:repo/a/b"),
                attacked("GHR129", "github:repo/a/c"),
            ],
            "2 repositories, 1 package and 1 version show",
            "4 things look",
        ),
    ],
)
def test_what_looks_like_an_attack_is_counted_and_not_the_steps(
    findings: list[Finding], signs: str, looks: str
) -> None:
    made = report(*findings)
    for form in ("screen", "table", "markdown", "html"):
        text = " ".join(render(made, form, width=100).split())
        assert re.search(rf"[^,d] *\b{signs} signs of an attack", text), form
        if form in {"screen", "html"}:
            assert re.search(rf"[^,d] *\b{looks} unusual\. Unless you meant", text), form


def test_signs_that_have_no_room_are_counted() -> None:
    shown = screen(named("more signs than lines"))
    (found,) = MORE_SIGNS.finditer(" ".join(shown.split()))
    assert 0 < number(found["number"]) < 50


def test_what_a_reader_has_to_know_stands_on_it() -> None:
    made = replace(report(LOW), warnings=("one", "two", "three"))
    shown = screen(made)
    assert "NOTE" in shown
    assert "one (3 more: hardenme show --full)" in shown
    long = replace(made, warnings=("word " * 60, "two", "three"))
    for width in (40, 60, 80, 100):
        noted = screen(long, width=width).partition("NOTE")[2].splitlines()[:2]
        assert noted[0].endswith("…")
        assert noted[1].strip() == "(3 more: hardenme show --full)"
    stopped = screen(replace(made, partial="interrupted"))
    assert "The run stopped early: interrupted" in stopped


class Counted(Sequence[Finding]):
    """Findings that count how often they are gone through."""

    def __init__(self, *found: Finding) -> None:
        self.found, self.times = found, 0

    def __len__(self) -> int:
        return len(self.found)

    def __getitem__(self, at: Any) -> Any:
        return self.found[at]

    def __iter__(self) -> Iterator[Finding]:
        self.times += 1
        return iter(self.found)


def test_findings_are_gone_through_as_often_for_many_targets_as_for_two() -> None:
    found = [failed("GHO101", f"github:org/o{one}", fix("Turn it on")) for one in range(2)]
    times = []
    for number in (2, 200):
        counted = Counted(*found)
        targets = tuple(f"github:o{one}" for one in range(number))
        summary_of(replace(report(*found), findings=counted, targets=targets), plan(found))
        times.append(counted.times)
    assert times[0] == times[1]


def test_what_belongs_to_no_other_target_is_ones_own() -> None:
    found = (
        failed("GHR101", "github:repo/Ash/a", fix("Turn it on"), Severity.HIGH),
        failed("GHR101", "github:repo/ashes/a", fix("Turn it on"), Severity.MEDIUM),
        failed("NPP101", "npm:package/@ash/a", fix("Turn it on"), Severity.LOW),
    )
    made = replace(report(*found), targets=("me", "github:ASH", "npm:@ash", "local"))
    assert summary_of(made, plan(found)).targets == (
        "github:ASH: 1 high · 0 unknown",
        "local: nothing is known · 0 unknown",
        "me: 1 medium · 0 unknown",
        "npm:@ash: 1 low · 0 unknown",
    )


def test_several_targets_are_a_line_each_the_worst_first() -> None:
    found = [
        failed("GHA110", "github:repo/b/web", fix("Tick it"), Severity.LOW),
        failed("GHR101", "github:repo/a/web", fix("Turn it on"), Severity.HIGH),
    ]
    made = replace(report(*found), targets=("github:b", "github:a", "npm:none"))
    lines = screen(replace(made, not_found=("npm:none",))).splitlines()
    at = lines.index("github:a: 1 high · 0 unknown")
    assert "npm:none: not found" in lines[at + 1]
    assert lines[at + 2].startswith("github:b: 1 low")
    many = tuple(f"github:o{one}" for one in range(500))
    assert "and 481 more targets" in screen(replace(made, targets=many))


@pytest.mark.parametrize("width", [60, 80, 100])
def test_what_is_unknown_of_a_target_is_shown_however_narrow_it_is(width: int) -> None:
    severities = [Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW]
    found = [
        failed("GHR101", f"github:repo/cedar-labs/web-{level}", fix("Turn it on"), level)
        for level in severities
    ]
    found += [unknown("GHR102", "github:repo/cedar-labs/web")]
    targets = ("github:cedar-labs", "me")
    text = " ".join(screen(replace(report(*found), targets=targets), width).split())
    assert "github:cedar-labs: 1 critical, 1 high, 1 medium, 1 low · 1 unknown" in text


@pytest.mark.parametrize("width", [60, 79, 80, 100])
def test_who_takes_a_step_leaves_room_for_what_it_is(width: int) -> None:
    made = fix("Untick it", needs="organization owner")
    subject = "github:org/cedar-labs"
    text = screen(report(failed("GHO107", subject, made, Severity.HIGH)), width)
    line = next(one for one in text.splitlines() if STEP.match(one))
    assert "an owner" in text
    assert ("an owner" in line) == (width >= 80)
    assert len(line[:40].rstrip()) > 30


@pytest.mark.parametrize("width", range(40, 100, 3))
def test_a_title_is_cut_behind_a_word(width: int) -> None:
    long = "Move latest of @acorn-labs/sieve back to 0.8.0: 0.9.1 (f937091c) shows 6 signs"
    (line,) = cut(Sheet(Style(width=width)), long, width, 1)
    assert width_of(line) <= width
    kept = line.removesuffix("…").rstrip()
    assert f"{long} ".startswith((f"{kept} ", f"{kept}: "))
    assert kept.count("(") == kept.count(")")


OWN = re.compile(r"hardenme (?:fix(?! plan)|show|attest(?! NPP106)|explain|diff)\b[^`<\n·:]*")
"""Our commands about a run; what a path needs is a finding's own word, and so is its command."""


@pytest.mark.parametrize(
    ("form", "more"),
    [
        *((form, {}) for form in ("screen", "table", "markdown", "html")),
        *((form, {"quiet": True}) for form in ("table", "markdown")),
    ],
)
@pytest.mark.parametrize("made", [maintainer, publishing_sample.five, lambda: large(60)])
def test_each_command_about_a_run_of_the_demo_names_its_runs(
    made: Callable[[], Report], form: str, more: dict[str, Any]
) -> None:
    identity = replace(maintainer().identities[0], source=DEMO)
    shown = render(replace(made(), identities=(identity,)), form, width=200, **more)
    # On the page, some words of a command stand in elements of their own.
    found = OWN.findall(re.sub("</?span[^>]*>", "", shown.partition("<script")[0]))
    assert found or more
    # No answer to a question of the demo is kept.
    assert not [one for one in found if "--demo" not in one or "attest" in one]


@pytest.mark.parametrize("width", [60, 80, 100])
@pytest.mark.parametrize("made", [maintainer, publishing_sample.five, lambda: large(60)])
def test_a_run_that_is_not_kept_names_no_command_that_needs_it(
    made: Callable[[], Report], width: int
) -> None:
    shown = screen(replace(made(), kept=False), width)
    assert OWN.findall(shown) == []
    assert "This run is not kept. Everything: hardenme check " in " ".join(shown.split())
    first = next(iter(plan(made()).steps))
    last = shown.splitlines()[-1]
    assert last.startswith("START     ")
    assert first.title.startswith(last.removeprefix("START     ").rstrip("…"))
    assert OWN.findall(screen(made(), width))


def test_a_run_of_the_demo_that_is_not_kept_is_made_again() -> None:
    identity = replace(maintainer().identities[0], source=DEMO)
    shown = screen(replace(maintainer(), identities=(identity,), kept=False))
    assert "Everything: hardenme demo --full" in shown


@pytest.mark.parametrize("form", ["table", "markdown"])
def test_each_command_of_a_plan_of_the_demo_names_its_runs(form: str) -> None:
    identity = replace(maintainer().identities[0], source=DEMO)
    made = plan(replace(large(60), identities=(identity,)))
    found = OWN.findall(fixplan.render(made, form, Style(width=200)))
    assert found
    assert not [one for one in found if "--demo" not in one or "attest" in one]


def test_hostile_names_steer_nothing() -> None:
    for width in (30, 100):
        shown = screen(hostile(), width)
        assert not any(mark in shown for mark in "\x1b\x07\u202e\u200b\x00\x85\u2028\ud800")
        assert "CANARY" not in shown
    assert render(hostile(), "screen", ascii_only=True).isascii()
    coloured = render(maintainer(), "screen", color=True, width=100)
    plain = re.sub(r"\x1b\[[\d;]*m", "", coloured)
    link = r"\x1b\]8;;(https?://[!-~]+?)\x1b\\(.*?)\x1b\]8;;\x1b\\"
    found = re.findall(link, plain)
    assert found
    assert all(address == text for address, text in found)
    assert re.sub(link, r"\2", plain) == screen(maintainer())
    for line in render(hostile(), "screen", color=True).splitlines():
        rest = re.sub(link, "", re.sub(r"\x1b\[[\d;]*m", "", line))
        assert "\x1b" not in rest


@pytest.mark.parametrize("stepped", range(4))
def test_a_step_that_closes_unknowns_is_not_counted_as_a_thing(stepped: int) -> None:
    step = plan(maintainer()).steps[0]
    first = [Resolution(9, f"cause {number}") for number in range(2)]
    later = [Resolution(2, f"thing {number}") for number in range(3 - stepped)]
    closed = [Resolution(1, "", step)] * stepped
    rest = [*bounded([*first, *later, *closed])][-1]
    assert rest.count == sum(one.count for one in (*later, *closed))
    number = re.search(r"(\d+) other things? \((\d+)\)|(\d+) other things?$", rest.needed)
    assert (int(number[1] or number[3]) if number else 0) == len(later)
    assert ("other step" in rest.needed) is bool(stepped)
    if number and number[2]:
        assert int(number[2]) == sum(one.count for one in later)
        assert rest.needed.endswith(f" ({stepped})")


def test_a_check_of_no_known_kind_is_a_step_that_its_fix_names() -> None:
    def titles(*steps: str) -> list[str]:
        places = [f"github:repo/a/{one}" for one in ("api", "docs", "web")]
        found = [
            replace(
                failed("GHR101", place, fix(step, f"https://github.com/{place}")), code="NEW101"
            )
            for place, step in zip(places, steps, strict=False)
        ]
        return [step.title for step in plan(report(*found)).steps]

    assert not kind_of("NEW101").title
    assert titles("Lower it.") == ["Lower it: a/api"]
    assert titles("Lower it.", "Lower it.") == ["Lower it: a/api and a/docs"]
    assert titles("Lower it by 1", "Lower it by 2") == ["Lower it by 1 (the others alike)"]


@pytest.mark.parametrize("width", [50, 100])
def test_a_step_that_only_prepares_is_not_said_to_close_that(width: int) -> None:
    made = report(HIGH)
    (step,) = plan(made).steps
    before = replace(step, counts={})
    page = replace(plan(made), steps=(before,))
    shown = Screen(Style(width=width), page, summary_of(made, page)).text()
    assert PREPARES in shown
    assert f"closes {PREPARES}" not in shown.lower().replace("\n", " ")


def test_a_table_names_each_credential_by_which_packages_can_be_published() -> None:
    five = publishing_sample.five()
    assert five.publishing is not None
    reaches = tuple(BlastRadius(Way.TOKEN, f"t{one}", (f"web{one}",), 7) for one in range(20))
    made = replace(five, publishing=replace(five.publishing, reaches=reaches))
    assert {f"t{one}" for one in range(20)} <= set(re.findall(r"\w+", render(made, "table")))


def test_what_is_left_out_is_counted_in_words_that_there_are() -> None:
    found = [replace(HIGH, code=f"GHB{one}") for one in range(70)]
    changes = [Change(DriftStep.NEW, one.code, one.subject, None, one) for one in found]
    assert "and 10 more lines: " in drift.render(Drift(AT, AT, changes), "table")


@pytest.mark.parametrize("name", REPORTS)
def test_each_first_step_of_a_page_names_who_takes_it(name: str) -> None:
    made, steps = named(name), {one.id: one for one in planned(name).steps}
    page = outline_of(made, planned(name), summary_of(made, planned(name)))
    shown = [
        entry
        for one in page.sections
        if one.thing == STEPS
        for group in one.groups
        for entry in group.entries
    ]
    assert bool(shown) is bool(steps)
    for entry in shown:
        (who,) = (one for one in entry.beside if one.label == "Who")
        assert str(who.lines[0][0])
        assert takers(steps[entry.place])


@pytest.mark.parametrize(
    ("fixes", "named"),
    [
        (("write access to the package and 2FA",), ("a package maintainer",)),
        (("repository admin; the command needs the scope repo",), ("a repository admin",)),
        (
            ("write access to the package", "write access to the package and its repository"),
            ("a package maintainer who can push",),
        ),
        (
            ("repository admin", "the repository's owner", "repository admin"),
            ("a repository admin", "the repository's owner"),
        ),
        (("",), ("anyone who can open the page",)),
    ],
)
def test_who_takes_a_step_is_who_has_what_its_actions_need(
    fixes: Sequence[str], named: Sequence[str]
) -> None:
    found = (
        failed("REL101", f"npm:package/p{at}", fix(f"Look at p{at}", needs=needs))
        for at, needs in enumerate(fixes)
    )
    whole = plan(found)
    actions = tuple(action for step in whole.steps for action in step.actions)
    assert takers(replace(whole.steps[0], actions=actions)) == tuple(named)


@pytest.mark.parametrize("needs", ["the account's owner", "a session of npm login and 2FA"])
def test_the_owner_of_an_account_is_named(needs: str) -> None:
    (step,) = plan([failed("GHA101", "github:user/mallow", fix("Turn it on", needs=needs))]).steps
    assert takers(step) == ("mallow",)


def test_where_the_worst_is_not_first_the_heading_says_why() -> None:
    first, second = plan(maintainer()).steps[:2]
    light = replace(first, counts={Severity.HIGH: 1}, section=When.TODAY)
    grave = replace(second, counts={Severity.CRITICAL: 1}, section=When.TODAY, waits=(first.id,))
    _, text = heading(When.TODAY, [light, grave])
    assert text.endswith(NEEDED)
    _, text = heading(When.TODAY, [grave, light])
    assert NEEDED not in text
    _, text = heading(When.TODAY, [light, replace(grave, waits=())])
    assert NEEDED not in text
