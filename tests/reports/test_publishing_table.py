from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from hardenme.model.acceptance import AcceptanceState, RefusedCause, ReleaseWay, UnreadCause
from hardenme.model.publishing import BlastRadius, PackagePaths, Publishing, State
from hardenme.model.report import Report
from hardenme.model.way import Way
from hardenme.reports import render
from hardenme.reports.columns import width_of
from hardenme.reports.fixplan.build import plan_of
from hardenme.reports.inplace import BEGIN, END
from hardenme.reports.publishing import downloads, headline, is_fine, summary
from tests.reports.publishing_sample import (
    AT,
    five,
    hardened,
    hostile,
    many,
    person,
    publisher,
    report_with,
    token,
    unclear,
    wide_open,
)
from tests.reports.sample import COUNTED

WHOLE = re.compile(r"\s*(?:[A-Z][a-z]+ +)?(?:https://|npm |gh |hardenme )")
"""How lines begin that stay whole whatever the width: addresses and commands."""


def section(report: Report, width: int = 80, **style: bool) -> str:
    text = render(report, "table", width=width, **style)
    return text[text.index(" Who can publish ") : text.index(" About this run ")]


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("ascii_only", [True, False])
@pytest.mark.parametrize("width", [30, 40, 59, 60, 80, 120])
@pytest.mark.parametrize("report", [five, hostile], ids=["five", "hostile"])
def test_no_line_is_wider_than_the_terminal(
    report: Callable[[], Report], width: int, *, ascii_only: bool
) -> None:
    text = section(report(), width, ascii_only=ascii_only)
    lines = [line for line in text.splitlines()[1:] if not WHOLE.match(line)]
    assert [line for line in lines if width_of(line) > width] == []
    assert text.isascii() or not ascii_only


@pytest.mark.parametrize("width", [40, 80, 120])
def test_a_package_shows_its_paths_its_steps_and_what_was_not_read(width: int) -> None:
    text = section(five(), width)
    one = flat(text[text.index("@acorn/web ·") : text.index("acorn-press ·")])
    assert one.startswith(
        "@acorn/web · 3.1 M weekly downloads 3 of 6 unintended paths can publish; 1 "
        "unknown Closed by steps wsoj2w, 4n7zr7: hardenme fix wsoj2w Not read: "
    )
    assert "OPEN token ci-publish: " in one
    for state in ("OPEN secret NPM_TOKEN", "closed token installs", "intended person mallow"):
        assert state in one
    assert "hardenme attest NPP106" in one
    assert "Not read: who owns the organization on npm" in one


def test_the_worst_come_first_and_the_fine_ones_share_a_line() -> None:
    text = flat(section(five()))
    assert text.index("@acorn/web ·") < text.index("acorn-press ·") < text.index("@acorn/mill ·")
    assert (
        "No path but the intended one is open (2 packages): @acorn/compass, @acorn/lantern" in text
    )
    assert "@acorn/lantern ·" not in text
    assert "5 packages: 2 with paths to close, 1 not wholly known, 2 as intended" in text
    assert "npm refuses their releases from January 2027 on: @acorn/web" in text


def test_of_many_packages_each_is_there() -> None:
    text = section(many(200))
    assert not COUNTED.search(flat(text))
    assert all(f"@acorn/p{number:03}" in text for number in range(200))
    assert "No path but the intended one is open (100 packages): " in flat(text)


def test_what_a_credential_reaches_is_told_the_widest_first() -> None:
    text = section(five())
    rows = text[text.index(" How far each reaches ") :]
    assert flat(rows).endswith(
        "token ci-publish: at least 2 packages, 3.1 M weekly downloads (@acorn/web, acorn-press) "
        "person mallow: 1 package, 3.1 M weekly downloads (@acorn/web) ──"
    )
    narrow = flat(section(five(), 40))
    assert "token ci-publish: at least 2 packages, 3.1 M weekly downloads" in narrow


def test_a_name_that_says_what_it_is_stands_alone() -> None:
    paths = (token("tokens of anybody"), person("persons"), token("tokens"))
    text = flat(section(report_with(Publishing((PackagePaths("web", 1, paths),)))))
    assert "OPEN tokens of anybody: it writes" in text
    assert "OPEN person persons: publishes" in text
    assert "OPEN token tokens: it writes" in text


def test_each_path_is_there() -> None:
    paths = tuple(token(f"t{number}", State.CLOSED) for number in range(20))
    package = PackagePaths("web", 1, (*paths, person("x", intended=True)), unread=("a",) * 6)
    text = section(report_with(Publishing((package,))))
    assert all(f"t{number}: " in text for number in range(20))
    assert text.count("Not read: ") == 6


def test_paths_name_the_steps_of_the_plan_that_close_them() -> None:
    report = many(9)
    ids = {step.id for step in plan_of(report, lambda _codes, _places: ()).steps if step.paths}
    named = re.findall(r"Closed by steps? ([a-z2-7, ]+): hardenme fix [a-z2-7]{6}", section(report))
    assert len(named) == 4
    assert {one for text in named for one in text.split(", ")} == ids


RELEASES = (
    ReleaseWay(
        "publisher/1", Way.PUBLISHER, "release.yml of acorn/web", AcceptanceState.ACCEPTED, until=AT
    ),
    ReleaseWay(
        "secret/x",
        Way.SECRET,
        "NPM_TOKEN in ci.yml",
        AcceptanceState.REFUSED,
        (RefusedCause("K1", "no secret NPM_TOKEN is visible to publish (E404)"),),
    ),
    ReleaseWay(
        "person/mallow",
        Way.PERSON,
        "mallow, by hand",
        AcceptanceState.UNKNOWN,
        unread=(UnreadCause(("V1", "V2"), "the package.json of @acorn/web"),),
    ),
)


def test_each_way_to_release_stands_with_its_package() -> None:
    released = replace(wide_open("@acorn/web", "acorn/web"), releases=RELEASES)
    report = report_with(Publishing((released, unclear("@acorn/mill"))))
    for text in (flat(section(report)), render(report, "markdown"), render(report, "html")):
        plain = html.unescape(re.sub(r"<[^>]+>|[\\`]", "", text))
        assert "Next release: 1 accepted, 1 not known" in plain
        assert "release.yml of acorn/web is accepted until 2026-" in plain
        assert "NPM_TOKEN in ci.yml is refused: no secret NPM_TOKEN is visible" in plain
        assert "mallow, by hand is not known: the package.json of @acorn/web" in plain
    assert "Next release" not in section(report_with(Publishing((unclear("p"),))))


def test_each_way_is_there_and_markdown_counts_the_rest() -> None:
    many = replace(wide_open("@acorn/web", "acorn/web"), releases=RELEASES * 5)
    report = report_with(Publishing((many,)))
    assert section(report).count("is refused") == 5
    text = flat(render(report, "markdown"))
    assert "and 7 more ways: `hardenme rehearse npm:@acorn/web --full`" in text


def test_states_are_words_and_colours_add_nothing() -> None:
    painted = render(five(), "table", color=True)
    assert "\x1b[1;31mOPEN\x1b[0m" in painted
    assert re.sub(r"\x1b\[[0-9;]+m", "", painted) == render(five(), "table")


def test_quiet_and_without_packages_there_is_no_section() -> None:
    for text in (
        render(five(), "table", quiet=True),
        render(five(), "markdown", quiet=True),
        render(report_with(None), "table"),
        render(report_with(Publishing(())), "table"),
        render(report_with(None), "markdown"),
    ):
        assert "an publish" not in text


@pytest.mark.parametrize(
    ("package", "told"),
    [
        (PackagePaths("a", 1, ()), "no path is known"),
        (unclear("a"), "no unintended path is known to be open; 1 is unknown"),
        (PackagePaths("a", 1, (token("t", State.CLOSED),)), "no unintended path is open"),
        (hardened("a", "a/b"), "no unintended path is open"),
        (PackagePaths("a", 1, (token("t"), token("u"))), "2 of 2 unintended paths can publish"),
        (
            PackagePaths("a", 1, (token("t"), person("x", intended=True))),
            "1 of 1 unintended path can publish",
        ),
        (PackagePaths("a", 1, (person("x", intended=True),)), "only the intended path"),
        (
            PackagePaths("a", 1, tuple(person(name, intended=True) for name in "xy")),
            "only intended paths",
        ),
    ],
)
def test_headlines(package: PackagePaths, told: str) -> None:
    assert headline(package) == told


def test_only_what_is_wholly_known_and_as_meant_is_fine() -> None:
    fine = hardened("a", "a/b")
    assert is_fine(fine)
    wrong = [
        replace(fine, paths=()),
        replace(fine, unread=("the roster",)),
        replace(fine, steps=wide_open("a", "a/b").steps),
        replace(fine, paths=(*fine.paths, token("t", State.UNKNOWN))),
        replace(fine, paths=(*fine.paths, token("t"))),
        replace(fine, paths=(person("x", State.UNKNOWN, intended=True),)),
        replace(fine, paths=(publisher("a/b", State.CLOSED, intended=True),)),
    ]
    assert [one for one in wrong if is_fine(one)] == []
    for one in wrong:
        assert "as intended" not in summary([one])
    lost = replace(fine, paths=(publisher("a/b", State.UNKNOWN, intended=True),))
    assert "unknown publisher a/b release.yml: the intended path: it may only stage" in flat(
        section(report_with(Publishing((lost,))))
    )


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (None, "weekly downloads not known"),
        (0, "0 weekly downloads"),
        (1, "1 weekly download"),
        (999_999, "999,999 weekly downloads"),
        (1_000_000, "1.0 M weekly downloads"),
        (3_199_999, "3.1 M weekly downloads"),
        (1_234_567_890, "1,234.5 M weekly downloads"),
    ],
)
def test_downloads(number: int | None, told: str) -> None:
    assert downloads(number) == told


def test_markdown_has_all_packages_in_an_order_that_downloads_do_not_move() -> None:
    report = many(60)
    text = render(report, "markdown")
    headings = re.findall(r"^### `(@acorn/p\d+)` ·", text, re.MULTILINE)
    assert headings == [f"@acorn/p{number:03}" for number in range(1, 60, 2)]
    publishing = report.publishing
    assert publishing is not None
    moved = tuple(replace(one, weekly=1) for one in reversed(publishing.packages))
    again = render(replace(report, publishing=replace(publishing, packages=moved)), "markdown")
    assert re.findall(r"^### `(@acorn/p\d+)` ·", again, re.MULTILINE) == headings


def test_hostile_names_stay_text_in_markdown() -> None:
    begin, *lines, end = render(hostile(), "markdown").splitlines()
    assert (begin, end) == (BEGIN, END)
    text = "\n".join(lines)
    body = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)|<https://npm[^>]*>", "", text)
    for sign in ("<", "](", "javascript", "@mallow", "deadbeef", "evil.example", "**bold"):
        assert sign not in body
    assert not re.search(r"^# heading", text, re.MULTILINE)


def test_a_wide_reach_of_one_kind_only() -> None:
    reach = BlastRadius(Way.PUBLISHER, "a/b", ("x", "y"), 5)
    text = flat(section(report_with(Publishing((hardened("x", "a/b"),), (reach,)))))
    assert "publisher a/b: 2 packages, 5 weekly downloads" in text


def test_those_who_reach_the_same_are_one_line_with_their_names() -> None:
    report = five()
    assert report.publishing is not None
    owners = tuple(
        BlastRadius(Way.PERSON, f"owner{number:02}", ("@acorn/a", "@acorn/b"), 2_000)
        for number in range(14)
    )
    other = replace(owners[0], name="teasel", at_least=True)
    robot = replace(owners[0], name="ci", way=Way.TOKEN)
    publishing = replace(report.publishing, reaches=(*owners, other, robot))
    text = render(replace(report, publishing=publishing), "table", width=100)
    names = ", ".join(one.name for one in owners)
    line = f"14 people ({names}): each 2 packages, 2,000 weekly downloads (@acorn/a, @acorn/b)"
    assert line in " ".join(text.split())
    assert "person teasel: at least 2 packages" in text
    assert "token ci: 2 packages" in text
