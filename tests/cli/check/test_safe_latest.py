"""No printed command moves a tag to a version that is young, deprecated or stands out.

A package with an honest history, a candidate, and an hour ago a release by a stolen token that took
`latest`. What is printed then leads to the candidate only where that is safe.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardenme.cli.fix.plan import script_of
from hardenme.derive.safe_version import safe_version
from hardenme.engine.catalogue import catalogue
from hardenme.facts.npm.semver import version
from hardenme.model.report import Report
from hardenme.model.verdict import Failed
from hardenme.reports import render
from hardenme.reports.calls import plain_calls
from hardenme.sandbox.github.server import github_sandbox
from hardenme.sandbox.npm.released import Person, Version
from hardenme.sandbox.npm.server import npm_sandbox
from tests.cli.command import Command
from tests.factories.npm_release import START, history, past_release
from tests.reports.test_fix_plan_script import Shell
from tests.running import NOW, stage
from tests.worlds.incidents.story import Incident, Issued, Line, Project

NAME = "@hazel-grove/catkin"
HAZEL, ROWAN = Person("hazel", "hazel@grove.example"), Person("rowan", "rowan@grove.example")
STRANGER = Person("stranger", "stranger@post.example")
CI_RUN = Person("GitHub Actions", "npm-oidc-no-reply@github.com")
TRUSTED = {"id": "github", "oidcConfigId": "oidc:7"}
DAY = timedelta(days=1)
WEEK = 7 * DAY


def honest(number: str, age: timedelta, **change: Any) -> Version:
    """A release by the workflow, so long ago."""
    given: dict[str, Any] = {
        "trusted_publisher": TRUSTED,
        "maintainers": (HAZEL, ROWAN),
        "file_count": 20,
        "unpacked_size": 60_000,
    }
    return Version(number, NOW - age, CI_RUN, **given | change)


PAST = [honest(f"1.{minor}.0", timedelta(days=400 - 50 * minor)) for minor in range(8)]
"""The newest is 1.7.0, of fifty days ago."""
BY_HAND: dict[str, Any] = {"publisher": HAZEL, "trusted_publisher": None}
BAD = replace(honest("1.7.9", timedelta(hours=1)), **BY_HAND)
WICK = Line(
    "wick", (Issued(Version("1.0.0", NOW - 11 * DAY, STRANGER)),), ((NOW - 11 * DAY, (STRANGER,)),)
)


def incident(
    *newer: Version, past: Iterable[Version] = PAST, untagged: Iterable[str] = (), latest: str = ""
) -> Incident:
    """These releases after the honest ones."""
    released = sorted((*past, *newer), key=lambda one: one.published_at)
    issued = [
        Issued(one, "latest", "" if one.version in untagged else f"v{one.version}")
        for one in released
    ]
    if latest:
        issued = [
            replace(one, tag="latest" if one.version.version == latest else None) for one in issued
        ]
    people = ((NOW - 500 * DAY, (HAZEL, ROWAN)),)
    line = Line(NAME, tuple(issued), people, "hazel/catkin")
    project = Project("hazel/catkin", {})
    return Incident("catkin", HAZEL, NOW, (line,), foreign=(WICK,), projects=(project,))


def audited(told: Incident, *select: str, days: int = 30) -> Report:
    with stage(told.github(NOW), told.npm(NOW), told.github_token, told.session) as running:
        return running.audit(
            f"npm:{NAME}", select_=select or ("REL",), accounts=False, release_days=days
        )


def moves(report: Report) -> set[tuple[str, str]]:
    """Where the printed commands move tags of the package: the version, and the tag."""
    calls = [
        call.words
        for finding in report.findings
        if isinstance(finding.outcome, Failed)
        for call in plain_calls(finding.outcome.fix.command)
    ]
    added = [words for words in calls if words[:3] == ("npm", "dist-tag", "add")]
    return {(words[3].rpartition("@")[2], words[4]) for words in added}


def says_none(report: Report, code: str) -> bool:
    return any(
        finding.code == code
        and isinstance(finding.outcome, Failed)
        and "No version is known to be safe to move latest to." in finding.outcome.fix.step
        for finding in report.findings
    )


@pytest.mark.parametrize(
    ("age", "target"),
    [(WEEK - timedelta(seconds=1), "1.7.0"), (WEEK, "1.7.1"), (10 * DAY, "1.7.1")],
    ids=["a second short of a week", "a week", "ten days"],
)
def test_a_version_has_to_have_stood_for_a_week(age: timedelta, target: str) -> None:
    assert moves(audited(incident(honest("1.7.1", age), BAD))) == {(target, "latest")}


def test_a_deprecated_version_is_passed_over() -> None:
    candidate = honest("1.7.1", 10 * DAY, deprecated="use another")
    assert moves(audited(incident(candidate, BAD))) == {("1.7.0", "latest")}


OF_HISTORY: Mapping[str, Callable[[], Incident]] = {
    "REL101": lambda: incident(replace(honest("1.7.1", 10 * DAY), **BY_HAND), BAD),
    "REL102": lambda: incident(
        replace(honest("1.7.1", 10 * DAY), publisher=STRANGER, trusted_publisher=None), BAD
    ),
    "REL104": lambda: incident(honest("1.7.1", 10 * DAY, scripts={"install": "node x.js"}), BAD),
    "REL107": lambda: incident(
        *(honest(f"1.7.{patch}", 10 * DAY - timedelta(minutes=patch)) for patch in range(1, 6)), BAD
    ),
    "REL108": lambda: incident(
        honest("1.7.1", 10 * DAY),
        BAD,
        past=[honest("1.7.0", 390 * DAY), honest("1.6.0", 395 * DAY)],
    ),
    "REL109": lambda: incident(
        honest("1.7.1", 10 * DAY, maintainers=(HAZEL, ROWAN, STRANGER)), BAD
    ),
    "REL110": lambda: incident(
        honest("1.7.1", 10 * DAY, dependencies={"wick": "git+https://git.acme.example/wick.git"}),
        BAD,
    ),
    "REL111": lambda: incident(honest("1.7.1", 10 * DAY, unpacked_size=900_000), BAD),
}
"""A candidate of ten days ago for which a check fails by the packument alone."""
BEYOND: Mapping[str, Callable[[], Incident]] = {
    "REL103": lambda: incident(honest("1.7.1", 10 * DAY, dependencies={"wick": "^1.0.0"}), BAD),
    "REL105": lambda: incident(honest("1.7.1", 10 * DAY), BAD, untagged=["1.7.1"]),
}
"""The same by what else is asked."""


@pytest.mark.parametrize("code", [*OF_HISTORY, *BEYOND])
def test_a_version_for_which_a_check_of_releases_fails_is_passed_over(code: str) -> None:
    report = audited((OF_HISTORY | BEYOND)[code]())
    failed = {(one.code, one.subject.name) for one in report.findings if one.result == "failed"}
    assert (code, f"{NAME}@1.7.1") in failed
    assert moves(report) == {("1.7.0", "latest")}


@pytest.mark.parametrize("code", OF_HISTORY)
@pytest.mark.parametrize("days", [3, 30])
def test_whatever_the_run_selects_and_however_few_days_it_looks_at(code: str, days: int) -> None:
    report = audited(OF_HISTORY[code](), "REL101", days=days)
    assert moves(report) == {("1.7.0", "latest")}


def not_taken(report: Report) -> set[str]:
    """What the steps say of versions that are passed over."""
    steps = [one.outcome.fix.step for one in report.findings if isinstance(one.outcome, Failed)]
    found = (step.partition(" Not taken as latest: ") for step in steps)
    return {said for _, marker, said in found if marker}


@pytest.mark.parametrize(
    ("candidates", "why"),
    [
        ([honest("1.7.1", 6 * DAY)], {"1.7.1 (younger than 7 days)."}),
        ([honest("1.7.1", 10 * DAY, deprecated="use another")], {"1.7.1 (deprecated)."}),
        ([honest("1.7.1", 10 * DAY)], set()),
        (
            [honest(f"1.7.{number}", number * DAY) for number in range(1, 7)],
            {"6 versions (younger than 7 days)."},
        ),
        (
            [honest("1.7.2", 6 * DAY), honest("1.7.1", 8 * DAY, deprecated="use another")],
            {"1.7.2 (younger than 7 days), 1.7.1 (deprecated)."},
        ),
        (
            [replace(honest("1.7.1", timedelta(hours=1, minutes=20)), trusted_publisher=TRUSTED)],
            {"1.7.1 (it came with a version that a check of releases marks)."},
        ),
    ],
    ids=["young", "deprecated", "taken", "many", "two reasons", "together"],
)
def test_a_newer_version_that_is_not_taken_is_named_with_why(
    candidates: list[Version], why: set[str]
) -> None:
    assert not_taken(audited(incident(*candidates, BAD))) == why


@pytest.mark.parametrize("code", OF_HISTORY)
def test_so_is_what_each_check_says_of_it(code: str) -> None:
    report = audited(OF_HISTORY[code](), "REL101", "REL106")
    title = next(one.title for one in catalogue() if one.code == code)
    said = not_taken(report)
    assert said
    assert all("1.7.1" in one or "versions (" in one for one in said)
    assert all(f"{code}: {title}" in one for one in said)


def test_so_it_is_where_no_version_is_safe() -> None:
    past = [honest("1.0.0", 6 * DAY), honest("1.0.1", 5 * DAY)]
    said = not_taken(audited(incident(BAD, past=past)))
    assert said == {"1.0.1 and 1.0.0 (younger than 7 days)."}
    young = audited(behind(honest("1.8.0", 6 * DAY)), "REL106")
    assert not_taken(young) == {"1.8.0 (younger than 7 days)."}


def behind(candidate: Version, *more: Version) -> Incident:
    """`latest` points to a version before the candidate."""
    return incident(candidate, *more, latest="1.7.0")


def test_latest_is_moved_forward_to_what_is_safe_alone() -> None:
    assert moves(audited(behind(honest("1.8.0", 10 * DAY)), "REL106")) == {("1.8.0", "latest")}
    young = audited(behind(honest("1.8.0", 6 * DAY)), "REL106")
    assert moves(young) == set()
    assert says_none(young, "REL106")
    between = audited(behind(honest("1.8.0", 10 * DAY), honest("1.8.1", 6 * DAY)), "REL106")
    assert moves(between) == {("1.8.0", "latest")}
    doubted = audited(behind(replace(honest("1.8.0", 10 * DAY), **BY_HAND)), "REL106")
    assert moves(doubted) == set()
    assert says_none(doubted, "REL106")


def test_where_no_version_is_safe_it_is_said_and_none_is_printed(tmp_path: Path) -> None:
    past = [honest("1.0.0", 6 * DAY), honest("1.0.1", 5 * DAY)]
    report = audited(incident(BAD, past=past))
    assert moves(report) == set()
    assert says_none(report, "REL101")
    for form in ("json", "table", "markdown", "html", "sarif"):
        assert "dist-tag add @" not in render(report, form), form
    code, _, calls = Shell(tmp_path).run(
        script_of(report), "--apply", "--apply-destructive", "--yes"
    )
    assert code == 0
    assert not [call for call in calls if "<dist-tag>" in call]


def test_a_script_moves_no_tag_as_if_that_took_nothing_away(tmp_path: Path) -> None:
    """What everybody installs changes with it: it waits for the word that takes things away."""
    script = script_of(audited(behind(honest("1.8.0", 10 * DAY)), "REL106"))
    shell = Shell(tmp_path)
    _, said, calls = shell.run(script, "--apply", "--yes")
    assert calls == []
    assert "removes something: printed, and run only with --apply-destructive" in said
    _, _, calls = shell.run(script, "--apply", "--apply-destructive", "--yes")
    assert [call.startswith(f"<npm><dist-tag><add><{NAME}@1.8.0><latest>") for call in calls] == [
        True
    ]


@pytest.mark.parametrize(
    "arguments",
    [("watch",), ("check", "--select", "REL", "--no-local"), ("check", "--full", "--no-local")],
)
def test_the_commands_print_the_same(command: Command, arguments: tuple[str, ...]) -> None:
    told = OF_HISTORY["REL104"]()
    command.now = NOW
    with github_sandbox(told.github(NOW)) as host, npm_sandbox(told.npm(NOW)) as registry:
        urls = ("--npm-registry", registry.url, "--github-url", host.url, "--no-cache")
        tokens = {"HARDENME_GITHUB_TOKEN": told.github_token, "HARDENME_NPM_TOKEN": told.session}
        ran = command(*arguments, *urls, f"npm:{NAME}", **tokens)
    assert ran.code == 1
    printed = " ".join(ran.out.split())
    assert f"npm dist-tag add {NAME}@1.7.0 latest" in printed
    assert f"{NAME}@1.7.1 latest" not in printed


VERSIONS = st.sampled_from(
    [
        f"{major}.{minor}.0{rest}"
        for major in range(3)
        for minor in range(3)
        for rest in ("", "-rc.1")
    ]
)


@pytest.mark.second_tier("takes over half a second")
@settings(max_examples=60)
@given(data=st.data())
def test_the_rule_over_any_history(data: st.DataObject) -> None:
    """Whatever there is: what is given is known, old enough, not deprecated and not in doubt."""
    numbers = data.draw(st.lists(VERSIONS, min_size=1, max_size=8, unique=True))
    several = {"min_size": len(numbers), "max_size": len(numbers)}
    hours = data.draw(st.lists(st.integers(0, 480), **several))
    marks = data.draw(st.lists(st.booleans(), **several))
    releases = [
        past_release(number, START + timedelta(hours=then), deprecated=mark)
        for number, then, mark in zip(numbers, hours, marks, strict=True)
    ]
    some = st.sampled_from(numbers)
    tags = data.draw(st.dictionaries(st.sampled_from(["latest", "next", "old"]), some))
    doubted = data.draw(st.sets(some))
    current, tag = data.draw(some), data.draw(st.sampled_from(["latest", "next"]))
    now = START + timedelta(hours=data.draw(st.integers(0, 24 * 30)))
    found = safe_version(history(*releases, tags=tags), tag, current, now, doubted)
    safe = {
        one.version
        for one in releases
        if now - one.published_at >= WEEK and not one.deprecated and one.version not in doubted
    }
    assert found in safe | {""} - {current}
    if found and tag == "latest" and any("-" not in number for number in numbers):
        assert "-" not in found
    ranks = version(found), version(current)
    if found and tag != "latest":
        assert ranks[0] is not None
        assert ranks[1] is not None
        assert ranks[0] < ranks[1]
    if not found and tag == "latest" and not tags:
        assert not {one for one in safe if "-" not in one} - {current}
