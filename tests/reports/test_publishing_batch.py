"""The steps of all packages as one list, and what is one plain call."""

from __future__ import annotations

import random
import shlex
from collections.abc import Sequence

import pytest

from hardenme.model.publishing import ClosingStep, PackagePaths
from hardenme.model.verdict import Fix
from hardenme.reports.batch import BatchStage, tasks_of
from hardenme.reports.calls import plain_call
from tests.reports.publishing_sample import (
    KEY,
    disallow,
    trust,
)


def step(key: str, command: str = "", *, presence: bool = False) -> ClosingStep:
    return ClosingStep(key, Fix(f"Do {key}", page="https://x.test/", command=command), (), presence)


def of(name: str, *steps: ClosingStep) -> PackagePaths:
    return PackagePaths(name, 1, (), steps)


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
        "npm trust github x --repo=_OWNER_/_REPO_ --file=release.yml",
        "npm trust revoke --id=ID x",
        "npm token revoke npm_CANARY00000000000000000000000000000000",
        "echo '{}' | gh api x --input -",
        "npm  owner rm x y",
    ],
)
def test_what_is_not_one_plain_call_is_left_to_a_person(command: str) -> None:
    assert plain_call(command) == ()


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
    assert stages["first"] is BatchStage.SET_UP
    assert stages["last"] is BatchStage.REVOKE
    assert [task.stage for task in tasks_of([of("web", first)])] == [BatchStage.SET_UP]
