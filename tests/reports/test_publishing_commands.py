from __future__ import annotations

import random
import re
import shlex
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from hardenme.model.publishing import PackagePaths, Publishing, Step
from hardenme.model.unknown import Reason, Unknown
from hardenme.model.verdict import Fix
from hardenme.reports import render
from hardenme.reports.batch import Stage, tasks_of
from hardenme.reports.calls import plain_call
from hardenme.reports.commands import GUARD
from tests.reports.publishing_sample import (
    KEY,
    disallow,
    five,
    guard,
    hardened,
    hostile,
    many,
    readiness,
    report_with,
    revoke,
    secretive,
    trust,
    wide_open,
)

BASH = shutil.which("bash")


def step(key: str, command: str = "", *, presence: bool = False) -> Step:
    return Step(key, Fix(f"Do {key}", page="https://x.test/", command=command), (), presence)


def batch(*packages: PackagePaths) -> str:
    return render(report_with(Publishing(packages)), "commands")


def of(name: str, *steps: Step) -> PackagePaths:
    return PackagePaths(name, 1, (), steps)


def calls(text: str) -> list[str]:
    """The lines that are no comment, without those of the head and the waits."""
    lines = text.replace(GUARD, "").splitlines()
    return [line for line in lines if line.startswith(("npm ", "gh "))]


def test_steps_are_grouped_and_told_with_effect_needs_and_undo() -> None:
    text = render(five(), "commands")
    assert re.findall(r"^# == (.*) ==$", text, re.MULTILINE) == [
        "January 2027: tokens that bypass the second factor stop publishing",
        "1. Set up the new way",
        "2. Close the old ways",
        "3. Revoke what is left over",
    ]
    assert (
        "# 4 of 6: Require a second factor and disallow tokens.\n"
        "# For: @acorn/web\n"
        "# Effect: closes token ci-publish\n"
        "# Needs: write access to the package, and its second factor\n"
        "# Undo: npm access set mfa=automation, or the same page\n"
        "sleep 2\n"
        "npm access set mfa=publish @acorn/web\n"
    ) in text
    assert "# As it is set up today, 1 package stops publishing then:\n#   @acorn/web\n" in text
    assert [line.split()[1] for line in calls(text)] == [
        *("trust", "trust", "access", "token", "api"),
    ]


def test_every_line_is_a_comment_a_command_or_one_of_ours() -> None:
    ours = re.compile(r"|#.*|set -eu|sleep 2|exit 1|echo 'Read[^']*' >&2|read -r -p '[^']*'")
    for report in (five(), hostile(), many(30), report_with(secretive("x\ny"))):
        text = render(report, "commands")
        assert text.isascii()
        for line in text.splitlines():
            if not ours.fullmatch(line):
                assert shlex.join(shlex.split(line)) == line
                assert line.startswith(("npm ", "gh "))


def test_with_pseudonyms_every_command_is_a_comment() -> None:
    text = render(replace(five(), redacted="redacted: names are pseudonyms"), "commands")
    assert "#   npm access set mfa=publish" in text
    lines = text.splitlines()
    assert [line for line in lines if line[:1] not in {"", "#"}] == ["set -eu"]


@pytest.mark.skipif(BASH is None, reason="bash is not on PATH")
def test_bash_reads_it_and_hostile_names_run_nothing(tmp_path: Path) -> None:
    assert BASH is not None
    seen = tmp_path / "seen"
    for name in ("npm", "gh"):
        tool = tmp_path / name
        tool.write_text(f'#!/bin/sh\nprintf "%s\\0" "$#" "$@" >> {seen}\n')
        tool.chmod(0o700)
    (tmp_path / "sleep").symlink_to("/bin/true")
    for report in (five(), hostile()):
        seen.write_bytes(b"")
        text = render(report, "commands")
        script = text.replace(GUARD, "")
        done = subprocess.run([BASH, "-n"], input=text, text=True, check=True, capture_output=True)  # noqa: S603 (it is parsed alone)
        assert (done.stdout, done.stderr) == ("", "")
        subprocess.run(  # noqa: S603 (what is printed, with tools that do nothing)
            [BASH, "-c", script],
            cwd=tmp_path,
            env={"PATH": str(tmp_path)},
            input="\n" * 99,
            text=True,
            check=True,
        )
        expected = [shlex.split(line)[1:] for line in calls(text)]
        told = b"".join(
            b"\0".join(word.encode() for word in (str(len(words)), *words)) + b"\0"
            for words in expected
        )
        assert seen.read_bytes() == told
    found = {path.name for path in tmp_path.iterdir()}
    assert found == {"npm", "gh", "sleep", "seen"}
    assert not Path("/tmp/harm").exists()  # noqa: S108 (the hostile name would make it)


@pytest.mark.skipif(BASH is None, reason="bash is not on PATH")
def test_unread_it_runs_nothing(tmp_path: Path) -> None:
    assert BASH is not None
    done = subprocess.run(  # noqa: S603 (no tool is on its path)
        [BASH, "-c", render(five(), "commands")],
        cwd=tmp_path,
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "Read this file first, then take out this line and the next.\n"


@pytest.mark.parametrize(
    "command",
    [
        "",
        "rm -rf home",
        "npm owner rm x y; touch harm",
        "npm owner rm $(touch harm) y",
        "npm owner rm 'x",
        "npm owner rm x\ntouch y",
        "npm owner rm 'x\ny' z",
        "npm owner rm x --registry2=https://evil.example.test",
        "npm owner rm --global x",
        "npm owner rm \u202ex y",
        "npm owner rm USER y",
        "npm trust github x --repo=OWNER/REPO --file=release.yml",
        "npm trust revoke --id=ID x",
        "npm token revoke npm_CANARY00000000000000000000000000000000",
        "echo '{}' | gh api x --input -",
        "npm  owner rm x y",
    ],
)
def test_what_is_not_one_plain_call_is_left_to_a_person(command: str) -> None:
    assert plain_call(command) == ()
    text = batch(of("web", step("a", command)))
    assert calls(text) == []
    assert "# By hand:" in text
    assert "read -r -p 'Step 1 is done by hand. Press Enter" in text


def test_what_is_one_plain_call_stands_as_it_is() -> None:
    for command in (
        "npm access set mfa=publish @acorn/web",
        "npm owner rm 'it'\"'\"'s me' web",
        f"npm token revoke {KEY} --registry http://127.0.0.1:4873",
        "npm trust github web --repo=a/b --file=release.yml --env=npm --allow-stage-publish",
        "gh api -X DELETE repos/a/b/actions/secrets/NPM_TOKEN",
        "gh api -X DELETE repos/a/b/keys/1",
        "npm profile enable-2fa auth-and-writes",
    ):
        assert shlex.join(plain_call(command)) == command


def test_a_step_of_many_packages_stands_once_behind_what_each_of_them_needs_first() -> None:
    text = render(many(20), "commands")
    lines = calls(text)
    assert sum("token revoke" in line for line in lines) == 1
    assert "# For: @acorn/p019, @acorn/p017," in text
    kinds = [line.split()[1] for line in lines]
    assert kinds == sorted(kinds, key=["trust", "access", "token", "api"].index)
    assert kinds.count("trust") == kinds.count("access") == 10


def orders_kept(packages: Sequence[PackagePaths]) -> bool:
    order = [task.step.key for task in tasks_of(packages)]
    return all(
        sorted(keys, key=order.index) == keys
        for keys in ([one.key for one in package.steps] for package in packages)
    )


def test_each_package_keeps_its_own_order() -> None:
    chance = random.Random(7)  # noqa: S311 (a test's own choice)
    commands = (
        "npm trust github web",
        "npm access set mfa=publish web",
        "npm token revoke a",
        "gh api -X DELETE repos/a/b/actions/secrets/B",
        "",
    )
    for _ in range(50):
        ranked = [step(f"s{number}", chance.choice(commands)) for number in range(12)]
        packages = [
            of(f"p{number}", *(one for one in ranked if chance.random() < 0.4))
            for number in range(6)
        ]
        tasks = tasks_of(packages)
        assert orders_kept(packages)
        assert len(tasks) == len({one.key for package in packages for one in package.steps})
        stages = [task.stage for task in tasks]
        assert stages == sorted(stages)


def test_orders_that_contradict_one_another_lose_no_step() -> None:
    a, b = step("a", "npm token revoke a"), step("b", "npm access set mfa=publish web")
    assert [task.step.key for task in tasks_of([of("x", a, b), of("y", b, a)])] == ["b", "a"]


def test_a_step_by_hand_belongs_to_what_it_prepares() -> None:
    first, last = step("first"), step("last")
    stages = {
        task.step.key: task.stage
        for task in tasks_of([of("web", first, trust("web", "a/b"), disallow("web"), last)])
    }
    assert stages["first"] is Stage.SET_UP
    assert stages["last"] is Stage.REVOKE
    assert [task.stage for task in tasks_of([of("web", first)])] == [Stage.SET_UP]


def test_the_old_ways_are_closed_after_a_release_by_the_new_one() -> None:
    text = batch(of("web", trust("web", "a/b"), disallow("web")))
    ask = text.index("read -r -p 'Make a release by the new way")
    assert text.index("npm trust") < ask < text.index("npm access")
    assert "Make a release" not in batch(of("web", disallow("web")))
    factor = step("factor", "npm profile enable-2fa auth-and-writes")
    end = step("end", "npm trust revoke --id=x web")
    assert "Make a release" not in batch(of("web", factor, end))
    unclear = step("trust", "npm trust github web --repo=OWNER/REPO --file=release.yml")
    assert "Make a release" in batch(of("web", unclear, disallow("web")))


def test_windows_are_counted_and_commands_in_them_are_spaced() -> None:
    packages = [of(f"p{number:03}", disallow(f"p{number:03}")) for number in range(161)]
    text = batch(
        *packages, of("z", guard("a/b"), step("k", "gh api -X DELETE repos/a/b/actions/secrets/K"))
    )
    assert re.findall(r"^# Window (\d) of (\d):", text, re.MULTILINE) == [
        *(("1", "3"), ("2", "3"), ("3", "3")),
    ]
    windows = [part.count("\nnpm access") for part in text.split("# Window ")[1:]]
    assert windows == [80, 80, 1]
    assert text.count("sleep 2\n") == 160
    assert re.search(r"[^2]\ngh api -X DELETE repos/a/b/actions/secrets/K", text)


def test_january_is_told_of_each_package_or_of_none() -> None:
    package = wide_open("web", "a/b")
    told = render(report_with(Publishing((package,))), "commands")
    assert "# No package is known to stop publishing then." in told
    lost = replace(readiness("b"), outcome=Unknown(Reason.NEEDS_PRESENCE, "the publishers"))
    findings = (readiness("c"), readiness("a"), lost)
    told = render(report_with(Publishing((package,)), *findings), "commands")
    assert "# As it is set up today, 2 packages stop publishing then:\n#   a\n#   c\n" in told
    assert "# Not known of:\n#   b\n" in told


def test_without_steps_or_packages_there_is_nothing_to_run() -> None:
    for publishing, said in (
        (None, "# No package was looked at."),
        (Publishing(()), "# No package was looked at."),
        (Publishing((hardened("web", "a/b"),)), "# There is no step to take."),
    ):
        text = render(report_with(publishing), "commands")
        assert said in text
        lines = [line for line in text.splitlines() if line and not line.startswith("#")]
        assert lines == ["set -eu"]


def test_a_report_that_is_not_whole_says_so() -> None:
    text = render(replace(five(), partial="interrupted"), "commands")
    assert "# This report is not whole: interrupted" in text


def test_steps_of_one_key_that_differ_are_two() -> None:
    one = revoke(KEY, "ci")
    other = replace(one, fix=replace(one.fix, command="npm token revoke other"))
    assert len(calls(batch(of("a", one), of("b", other)))) == 2
    assert len(calls(batch(of("a", one), of("b", one)))) == 1
