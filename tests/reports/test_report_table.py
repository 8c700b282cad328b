from __future__ import annotations

import re
import subprocess
import sys
import unicodedata
from collections.abc import Callable

import pytest
from syrupy.assertion import SnapshotAssertion

from hardenme.model.finding import Finding
from hardenme.model.report import Report
from hardenme.model.severity import Severity
from hardenme.model.unknown import Reason, Unknown
from hardenme.model.verdict import Failed, Fix, Passed
from hardenme.reports import FORMATS, render
from hardenme.reports.columns import width_of
from hardenme.reports.gathering import KEPT
from tests.reports.sample import (
    CANARY,
    COUNTED,
    finding,
    hostile,
    large,
    maintainer,
    old_key,
    report_of,
    repository,
    unprotected,
)

SGR = re.compile(r"\x1b\[[0-9;]+m")
WHOLE = re.compile(r"\s*(?:[A-Z][a-z]+ +)?(?:https?://|gh api |npm |`?hardenme )")
"""How lines begin that stay whole whatever the width: addresses and commands."""


def wide_lines(text: str, width: int) -> list[str]:
    lines = text.splitlines()
    if width >= 60:
        lines.pop()  # the last line stays whole, so that `tail -n 1` has all of it
    return [line for line in lines if width_of(line) > width and not WHOLE.match(line)]


def test_it_looks_as_it_did(snapshot: SnapshotAssertion) -> None:
    assert render(maintainer(), "table", width=80) == snapshot


@pytest.mark.sampled(3)
@pytest.mark.parametrize("ascii_only", [True, False])
@pytest.mark.parametrize("width", [30, 40, 59, 60, 80, 120, 200])
@pytest.mark.parametrize("report", [maintainer, hostile], ids=["maintainer", "hostile"])
def test_no_line_is_wider_than_the_terminal(
    report: Callable[[], Report], width: int, *, ascii_only: bool
) -> None:
    text = render(report(), "table", width=width, ascii_only=ascii_only)
    assert wide_lines(text, width) == []


@pytest.mark.parametrize("width", [1, 0, -5])
def test_a_terminal_too_narrow_for_anything_is_laid_out_at_the_least_width(width: int) -> None:
    assert render(maintainer(), "table", width=width) == render(maintainer(), "table", width=30)


@pytest.mark.parametrize("width", [40, 80])
def test_addresses_and_commands_stand_whole_on_their_own_line(width: int) -> None:
    lines = [line.strip() for line in render(maintainer(), "table", width=width).splitlines()]
    assert "https://github.example.test/mallow/left-pad/settings/security_analysis" in lines
    assert "gh api --method PUT repos/mallow/left-pad/vulnerability-alerts" in lines
    below = lines[lines.index("https://github.example.test/settings/security") + 1 :]
    assert below.count("https://github.example.test/settings/security") == 1


def test_each_item_has_what_why_step_needs_and_undo() -> None:
    text = render(maintainer(), "table", width=200)
    row = text[text.index("GHA101") :].partition("\n\n")[0]
    for part in (
        "GitHub account has no 2FA",
        "Now    mallow: two-factor authentication is off",
        "Why    One stolen password is enough to push to every repository.\n",
        "Fix    Enable two-factor authentication with a security key or a passkey.",
        "Needs  the account itself, at the keyboard",
        "Undo   Switch it off on the same page.",
    ):
        assert part in row
    assert "often" not in row


def test_texts_that_differ_by_the_name_stand_once_and_others_for_each() -> None:
    text = render(report_of([old_key(401, "old"), old_key(402, "older")]), "table", width=200)
    assert 'Fix    Delete the key "older", or use it. (the others alike)' in text or (
        'Fix    Delete the key "old", or use it. (the others alike)' in text
    )
    assert '• ssh-key "old" (401): "old" was last used 401 days ago' in text
    assert "gh api --method DELETE user/keys/401" in text
    assert "gh api --method DELETE user/keys/402" in text
    steps = [
        finding(
            "GHA103",
            repository(name),
            Failed("x", {"x": 1}, Fix(step, page="https://github.example.test/x")),
        )
        for name, step in (("a", "Delete it."), ("b", "Shorten it."))
    ]
    text = render(report_of(steps), "table", width=200)
    assert "Fix    • mallow/a: Delete it." in text
    assert "       • mallow/b: Shorten it." in text


def failing(name: str, message: str = "x", *, step: str = "Do it.", command: str = "") -> Finding:
    fix = Fix(step, page="https://github.example.test/x", command=command, needs=step)
    return finding("GHA103", repository(name), Failed(message, {"x": 1}, fix))


def test_subjects_that_say_the_same_share_a_line() -> None:
    report = report_of([failing("a", "old"), failing("b", "old"), failing("c", "new")])
    text = render(report, "table", width=200)
    assert "Now    • mallow/a, mallow/b: old" in text
    assert "       • mallow/c: new" in text
    report = report_of([failing(str(number), f"{number} days") for number in range(60)])
    text = render(report, "table", width=200)
    assert " more" not in text
    assert all(f"mallow/{number}: {number} days" in text for number in range(60))


def test_commands_that_differ_by_the_name_alone_stand_each() -> None:
    short = report_of([failing(name, command=f"gh api repos/mallow/{name}") for name in "abc"])
    text = render(short, "table")
    assert [text.count(f"gh api repos/mallow/{name}\n") for name in "abc"] == [1, 1, 1]
    body = "x" * 120
    long = report_of([failing(name, command=f"gh api mallow/{name} {body}") for name in "abc"])
    text = render(long, "table")
    assert text.count(body) == 3


def test_nothing_is_counted_in_place_of_being_shown() -> None:
    count = KEPT + 5
    text = render(report_of(unprotected(f"r{one:03}") for one in range(count)), "table")
    assert not COUNTED.search(" ".join(text.split()))
    assert all(f"mallow/r{one:03}" in text for one in range(count))


@pytest.mark.second_tier("thousands of findings")
def test_five_thousand_findings_are_all_there() -> None:
    report = large(500)
    assert len(report.findings) == 5000
    text = render(report, "table", width=80)
    assert not COUNTED.search(" ".join(text.split()))
    assert wide_lines(text, 80) == []
    assert text.splitlines()[-1].startswith("2500 failed")


def test_many_pages_that_have_nothing_in_common_stand_each() -> None:
    findings = [
        finding(
            "GHA103",
            repository(str(number)),
            Failed("x", {"x": 1}, Fix("Do it.", page=f"https://a.example.test/p{number}/")),
        )
        for number in range(100)
    ]
    text = render(report_of(findings), "table")
    assert text.count("https://a.example.test/p") == 100


def test_the_last_line_has_all_counts_and_the_coverage() -> None:
    assert render(maintainer(), "table", width=200).splitlines()[-1] == (
        "30 failed · 7 passed · 7 unknown · 1 manual · 1 attested · 0 waived"
        " · coverage 84% (39 of 46)"
    )
    assert render(maintainer(), "table", width=80).splitlines()[-1] == (
        "30 failed, 7 passed, 7 unknown, 1 manual, 1 attested, 0 waived, coverage 84%"
    )
    narrow = render(maintainer(), "table", width=40, ascii_only=True).splitlines()
    assert " ".join(narrow[-2:]) == (
        "30 failed, 7 passed, 7 unknown, 1 manual, 1 attested, coverage 84%"
    )


def test_a_last_line_that_is_too_long_leaves_out_what_there_is_nothing_of() -> None:
    assert render(maintainer(), "table", width=75).splitlines()[-1] == (
        "30 failed, 7 passed, 7 unknown, 1 manual, 1 attested, coverage 84%"
    )


def test_coverage_is_rounded_down() -> None:
    findings = [finding("GHA101", repository(str(n)), Passed("on", {"on": 1})) for n in range(999)]
    report = report_of([*findings, *[one for one in large(1).findings if one.result == "unknown"]])
    assert "coverage 99%" in render(report, "table").splitlines()[-1]


def test_requests_and_duration_are_told() -> None:
    text = " ".join(render(maintainer(), "table").split())
    assert "31 requests (api.github.example.test 24, registry.example.test 7)" in text
    assert '12 answered "not modified", 2.4 s' in text
    assert "2 checks: asked for with --network-lookups only" in text


def test_quiet_is_two_lines_an_item_and_the_last_line() -> None:
    lines = render(maintainer(), "table", width=80, quiet=True).splitlines()
    assert len(lines) == 19
    assert lines[0] == "critical GHA101 GitHub account has no 2FA: mallow"
    assert lines[1] == "  https://github.example.test/settings/security"
    for line in lines[1:-1:2]:
        assert WHOLE.match(line)
    assert "  hardenme show GHB101" in lines


def test_lines_are_one_an_item_and_the_last_line() -> None:
    lines = render(maintainer(), "table", width=80, quiet=True, lines=True).splitlines()
    assert len(lines) == 10
    weights = [Severity.parse(line.split()[0]) for line in lines[:-1]]
    assert weights == sorted(weights, reverse=True)
    assert all(width_of(line) <= 80 for line in lines)
    assert lines[0] == "critical GHA101 GitHub account has no 2FA: mallow"
    assert "Why" not in "".join(lines)
    assert lines[-1].startswith("30 failed")


@pytest.mark.parametrize("quiet", [True, False])
@pytest.mark.parametrize("form", ["table", "markdown"])
def test_a_partial_run_says_so(form: str, *, quiet: bool) -> None:
    report = report_of([unprotected("web")], partial="the token was rejected in the middle")
    text = " ".join(render(report, form, quiet=quiet).replace("*", "").split())
    assert "This report is not whole: the token was rejected in the middle" in text


def test_nothing_failed_and_nothing_checked_are_told_apart() -> None:
    passed = finding("GHA101", repository("web"), Passed("on", {"on": True}))
    assert "CLEAN Every check that was run passes.\n" in render(report_of([passed]), "table")
    lost = finding("GHA103", repository("web"), Unknown(Reason.NOT_PERMITTED, "a right"))
    assert "NOT KNOWN Not everything that was asked is known." in render(
        report_of([passed, lost]), "table"
    )
    empty = render(report_of([]), "table")
    assert "NOT KNOWN Nothing was looked at." in empty
    assert empty.splitlines()[-1].endswith("coverage none")


def test_colours_are_ours_alone_and_only_where_asked_for() -> None:
    plain = render(hostile(), "table", width=100)
    assert "\x1b" not in plain
    colored = render(hostile(), "table", width=100, color=True)
    assert SGR.search(colored)
    assert SGR.sub("", colored) == plain
    assert "\x1b[1;31mcritical\x1b[0m" in render(maintainer(), "table", color=True)


def test_ascii_only_escapes_names_and_replaces_our_own_marks() -> None:
    text = render(hostile(), "table", ascii_only=True)
    assert text.isascii()
    assert "\\u65e5\\u672c" in "".join(text.split())
    assert "-- To fix ---" in text
    assert render(maintainer(), "table", ascii_only=True).count("\\") == 0


@pytest.mark.sampled(3)
@pytest.mark.parametrize("quiet", [True, False])
@pytest.mark.parametrize("form", list(FORMATS))
def test_hostile_names_cannot_steer_hide_or_leak(form: str, *, quiet: bool) -> None:
    text = render(hostile(), form, width=100, quiet=quiet)
    lines = text.replace("\r\n", "\n") if form == "csv" else text
    steering = {
        char
        for char in lines
        if char != "\n" and unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    }
    assert steering == set()
    assert CANARY not in text
    assert text.endswith("\n")
    assert text.encode()


def test_a_line_break_in_a_name_cannot_make_a_command_of_its_own() -> None:
    fix = Fix(step="Do it.", command="gh api repos/a\nrm -rf home")
    report = report_of([finding("GHA101", repository("x"), Failed("x", {"x": 1}, fix))])
    assert "gh api repos/a\\nrm -rf home" in render(report, "table")
    assert "`gh api repos/a\\nrm -rf home`" in render(report, "markdown")


def test_an_unknown_format_is_refused_with_the_list() -> None:
    with pytest.raises(
        ValueError, match="'yaml' is not a format; one of: screen, table, markdown, json"
    ):
        render(maintainer(), "yaml")


def test_importing_the_reports_loads_no_layout_library() -> None:
    heavy = ("tabulate", "requests", "github", "keyring", "rich", "pydantic", "asyncio")
    code = (
        "import sys, hardenme.reports\n"
        f"loaded = {{*{heavy!r}, 'importlib.metadata'}} & set(sys.modules)\n"
        "sys.exit(f'loaded: {loaded}' if loaded else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)  # noqa: S603  (our own interpreter)
    assert done.returncode == 0, done.stderr
