"""What a plan says and holds back where its steps end accepted ways to release."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardenme.model.acceptance import AcceptanceState, ReleaseWay
from hardenme.model.publishing import (
    ClosingStep,
    Hop,
    PackagePaths,
    Publishing,
    PublishPath,
    State,
)
from hardenme.model.release_ways import after
from hardenme.model.report import Report
from hardenme.model.verdict import Fix
from hardenme.model.way import Way
from hardenme.reports.fixplan import script
from hardenme.reports.fixplan.build import plan_of
from hardenme.reports.fixplan.plan import FixPlan
from hardenme.reports.fixplan.words import held
from hardenme.reports.style import Style
from tests.reports.planned import failed, report
from tests.reports.sample import report_of
from tests.reports.test_fix_plan_script import Shell

SECRET = "secret/secret/acme/web/T"
WAYS = (
    ReleaseWay("publisher/7d3c", Way.PUBLISHER, "release.yml of acme/web", AcceptanceState.UNKNOWN),
    ReleaseWay(SECRET, Way.SECRET, "T in release.yml", AcceptanceState.UNKNOWN),
    ReleaseWay("person/hazel", Way.PERSON, "hazel, by hand", AcceptanceState.UNKNOWN),
)
COMMANDS = {
    "trust": "npm trust github {0} --repo=acme/web --file=release.yml --env=npm"
    " --allow-stage-publish",
    "access": "npm access set mfa=publish {0}",
    "publisher": "npm trust revoke --id=7d3c {0}",
    "token": "npm token revoke 3f9c",
    "secret": "gh api -X DELETE repos/acme/web/actions/secrets/T",
    "workflow": "",
    "factor": "npm profile enable-2fa auth-and-writes",
}
CLOSES = {
    "access": ("token/*",),
    "publisher": ("publisher/7d3c",),
    "token": ("token/3f9c",),
    "secret": (SECRET,),
    "workflow": ("publisher/7d3c",),
}


def step(kind: str, package: str) -> ClosingStep:
    """A step as publish paths ask for it."""
    about = {"token": "3f9c", "publisher": "7d3c", "secret": "T", "factor": "hazel"}
    fix = Fix(
        f"Do {kind} for {package}",
        page="https://acme.example/x",
        command=COMMANDS[kind].format(package),
        needs="a right",
        undo="Undo it",
    )
    return ClosingStep(f"{kind}/{about.get(kind, package)}", fix, CLOSES.get(kind, ()))


def plan(*packages: PackagePaths) -> FixPlan:
    made: Report = replace(report_of([]), publishing=Publishing(packages))
    return plan_of(made)


def package(name: str, verdicts: Any, kinds: Any) -> PackagePaths:
    """A package with three ways, and with steps in the order in which they are safe."""
    ways = tuple(
        replace(way, verdict=AcceptanceState(verdict))
        for way, verdict in zip(WAYS, verdicts, strict=True)
    )
    order = [kind for kind in COMMANDS if kind in kinds]
    paths = (PublishPath("token/3f9c", Way.TOKEN, "ci", State.OPEN, "it publishes"),)
    return PackagePaths(name, 1, paths, tuple(step(kind, name) for kind in order), releases=ways)


A, R, U = "accepted", "refused", "unknown"


@pytest.mark.parametrize(
    ("verdicts", "kinds", "title", "holds"),
    [
        ((A, A, R), ["access"], "ends an accepted way to release web", False),
        ((U, A, R), ["access"], "but first release web another way", True),
        ((R, A, A), ["access"], "but first release web another way", True),
        ((U, A, A), ["token"], "but first release web another way", True),
        ((A, U, U), ["publisher"], "but first release web another way", True),
        ((A, R, A), ["access"], "", False),
        ((U, U, U), ["access", "publisher", "token", "secret"], "", False),
    ],
)
def test_a_step_says_in_its_title_what_it_ends(
    verdicts: Any, kinds: list[str], title: str, holds: object
) -> None:
    found = plan(package("web", verdicts, kinds))
    (last,) = found.steps
    assert title in last.title
    assert bool(title) is any("accepted way" in risk for risk in last.risks)
    assert bool(last.held_for) is bool(holds)


def test_what_is_not_seen_first_is_not_run() -> None:
    found = plan(package("web", (U, A, U), ["trust", "access"]))
    text = script.render(found, Style())
    guard = text.index("if released ")
    assert guard < text.index("  run npm access set mfa=publish web")
    assert text.index("  run npm trust github web") < guard
    assert "`hardenme rehearse` has to show that way as accepted" in held(found.steps[-1])


@pytest.mark.parametrize(
    ("code", "subject", "command", "verdicts", "held"),
    [
        ("GHR116", "github:secret/acme/web/T", COMMANDS["secret"], (U, A, A), True),
        ("GHR116", "github:secret/acme/web/T", COMMANDS["secret"], (A, A, A), False),
        ("NPT107", "npm:token/3f9c", COMMANDS["token"], (U, A, A), True),
        (
            "NPP104",
            "npm:trusted-publisher/web/7d3c",
            "npm trust revoke --id=7d3c web",
            (A, U, A),
            True,
        ),
    ],
)
def test_a_step_of_a_finding_alone_says_it_too(
    code: str, subject: str, command: str, verdicts: Any, held: object
) -> None:
    fix = Fix("End it", command=command, needs="a right", undo="None")
    finding = failed(code, subject, fix)
    made = report(finding, publishing=Publishing((package("web", verdicts, []),)))
    (one,) = plan_of(made).steps
    assert bool(one.held_for) is bool(held)
    assert ("another way" if held else "ends an accepted way") in one.title
    elsewhere = subject.replace("/T", "/X").replace("3f9c", "1a2b").replace("7d3c", "9e8f")
    other = failed(code, elsewhere, fix)
    (unrelated,) = plan_of(replace(made, findings=(other,))).steps
    assert "way" not in unrelated.title


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("GHR120", "but first release web another way"),
        ("GHW102", "(then rehearse web again)"),
        ("GHR118", "(then rehearse web again)"),
        ("GHR106", ""),
    ],
)
def test_a_change_of_the_repository_says_what_becomes_of_the_way(code: str, said: str) -> None:
    hops = (Hop("repository", "acme/web"), Hop("workflow", "release.yml"))
    path = PublishPath("publisher/7d3c", Way.PUBLISHER, "x", State.OPEN, "x", hops=hops)
    own = replace(package("web", (A, U, A), []), paths=(path,))
    other = replace(own, package="site", paths=(replace(path, hops=(Hop("repository", "a/b"),)),))
    made = report(
        failed(code, "github:repo/acme/web", Fix("Change it", page="https://acme.example/x")),
        publishing=Publishing((own, other)),
    )
    (one,) = plan_of(made).steps
    assert said in one.title
    assert "site" not in one.title
    assert ("rehearse" in one.title or "another way" in one.title) is bool(said)


def test_what_one_package_disallows_ends_no_way_of_another() -> None:
    path = PublishPath("token/*", Way.TOKEN, "tokens of others", State.OPEN, "x")
    first = replace(package("web", (A, A, A), ["access"]), paths=(path,))
    second = replace(package("site", (U, A, U), []), paths=(path,))
    (one,) = plan(first, second).steps
    assert "ends an accepted way to release web" in one.title
    assert not one.held_for


def test_a_script_runs_a_held_step_only_after_a_yes(tmp_path: Path) -> None:
    text = script.render(plan(package("web", (U, A, U), ["access"])), Style())
    shell = Shell(tmp_path)
    code, said, calls = shell.run(text, "--apply", "--apply-destructive")
    assert (code, calls) == (0, []), said
    assert "# not done: steps" in said
    code, said, calls = shell.run(text, "--apply", "--apply-destructive", "--yes")
    assert (code, calls) == (0, ["<npm><access><set><mfa=publish><web>"]), said
    code, said, calls = shell.run(text)
    assert calls == []
    assert "# first: Release web another way first" in said


def test_a_script_with_a_held_step_has_no_fault_of_a_shell_script(tmp_path: Path) -> None:
    file = tmp_path / "fix.sh"
    two = [package(name, (U, A, U), ["trust", "access", "token"]) for name in ("web", "it's")]
    file.write_text(script.render(plan(*two), Style()))
    program = Path(sys.executable).with_name("shellcheck")
    done = subprocess.run(  # noqa: S603 (the program that the tests install)
        [program, "--shell=sh", file], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


def lost(before: Iterable[ReleaseWay], later: Iterable[ReleaseWay]) -> list[ReleaseWay]:
    """The ways that are accepted before, and not afterwards."""
    both = zip(before, later, strict=False)
    return [way for way, then in both if way.accepted and not then.accepted]


verdict = st.sampled_from([A, R, U])
PACKAGES = st.lists(
    st.tuples(st.tuples(verdict, verdict, verdict), st.sets(st.sampled_from(sorted(COMMANDS)))),
    min_size=1,
    max_size=3,
)


@pytest.mark.second_tier("takes over half a second")
@settings(max_examples=150, deadline=None)
@given(PACKAGES)
def test_no_plan_ends_a_way_silently_or_the_last_one_unheld(drawn: Any) -> None:
    packages = [package(f"web-{n}", *one) for n, one in enumerate(drawn)]
    found = plan(*packages)
    ways = {one.package: one.releases for one in packages}
    changed = {one.package: set[str]() for one in packages}
    for one in found.steps:
        commands = {action.fix.command or action.fix.step for action in one.actions}
        for own in packages:
            taken = [s for s in own.steps if (s.fix.command or s.fix.step) in commands]
            changing = [s for s in taken if s.key.startswith("workflow/")]
            before = ways[own.package]
            unsure = lost(before, after(before, changing))
            changed[own.package] |= {way.key for way in unsure}
            later = after(before, [s for s in taken if s not in changing])
            ways[own.package] = later
            ended = lost(before, later)
            named = own.package in one.title or "packages" in one.title
            assert named or not (ended or unsure), one.title
            if unsure and not ended:
                assert own.package in " ".join(one.risks)
                assert one.held_for or "rehearse" in one.title or "ends an" in one.title
            if ended:
                assert "another way" in one.title or "ends an accepted way" in one.title
                left = [w for w in later if w.accepted and w.key not in changed[own.package]]
                ways_left = {w.way for w in left}
                unattended = any(w.way is not Way.PERSON for w in ended)
                enough = ways_left - {Way.PERSON} if unattended else ways_left
                assert enough or own.package in one.held_for
    text = script.render(found, Style())
    for one in found.steps:
        if one.held_for and one.runnable:
            part = text[text.index(f" {one.id} ") :].partition("# == ")[0]
            calls = [line for line in part.splitlines() if line.strip().startswith("run ")]
            assert calls
            assert part.index("if released ") < part.index(calls[0])
