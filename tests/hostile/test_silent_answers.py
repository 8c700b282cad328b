"""Answers that look whole and keep silent about what decides: nothing passes by what they lack."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from hardenme.model.depth import Depth
from hardenme.sandbox.http import Fault, Reply, Request
from hardenme.sandbox.npm import scenarios as npm
from tests.failing import weak
from tests.hostile.sweeping import STRICT, operation, swept, told, unknown
from tests.mutations import absent, replaced
from tests.passing import fine_grained
from tests.running import NOW, stage
from tests.worlds import github

MEMBERSHIPS = "/user/memberships/orgs"
Edit = Callable[[Request, Reply], Reply]


@pytest.mark.parametrize("code", ["GHA102", "GHA111", "GHA112"])
def test_an_empty_list_of_memberships_proves_nothing_to_a_fine_grained_token(code: str) -> None:
    """GitHub does not say what it shows to tokens that are not classic ones."""
    with fine_grained() as running:
        running.github.faults.append(Fault(MEMBERSHIPS, edit=lambda *_: Reply(200, [])))
        report = running.audit(select_=(code,))
    assert code in unknown(report)
    assert not [item for item in report.findings if item.result in {"passed", "not_applicable"}]


def test_a_second_factor_that_is_being_set_up() -> None:
    """An answer without `pending` is not one of an account whose second factor is on."""
    registry = npm.weak_maintainer(NOW)
    user = next(user for user in registry.users if user.name == "mallow")
    user.tfa, user.tfa_pending = "auth-and-writes", True
    world = github.weak_maintainer(NOW)
    with stage(world, registry, github.WEAK_TOKEN, registry.token("mallow")) as running:
        codes = ("NPA101", "NPA102")
        before = {item.code: item.result for item in running.audit(select_=codes).findings}
        running.npm.faults.append(Fault("/-/npm/v1/user", edit=absent("pending")))
        after = running.audit(select_=codes)
    assert before["NPA101"] == "failed"
    assert unknown(after) == set(codes)


@pytest.mark.parametrize(
    ("edit", "codes"),
    [
        (replaced("defaultBranchRef", None), {"GHB101", "GHR124"}),
        (replaced("headTree", None), {"GHW201", "GHW205"}),
        (replaced("headTree", "something"), {"GHW201", "GHW205"}),
        (absent("headTree"), {"GHW201", "GHW205"}),
        (replaced("anyFile", "something"), {"GHR125"}),
        (absent("anyFile"), {"GHR125"}),
        (absent("isEmpty"), {"GHB101", "GHR124", "GHW201"}),
    ],
    ids=["branch", "no files", "odd files", "files absent", "odd file", "file absent", "emptiness"],
)
def test_what_a_repository_does_not_show_is_not_absent(edit: Edit, codes: set[str]) -> None:
    fault = Fault(".*", match=operation("Repositories"), edit=edit)
    report = swept(STRICT, fault, select_=tuple(codes), depth=Depth.DEEP)
    judged: dict[str, set[str]] = {}
    for (code, _), finding in told(report).items():
        judged.setdefault(code, set()).add(finding.result)
    assert judged == {code: {"unknown"} for code in codes}


def test_an_address_that_is_left_out_of_a_package_may_be_another() -> None:
    with weak() as running:
        select: dict[str, Any] = {"select_": ("NPA107",)}
        (before,) = running.audit(**select).findings
        running.npm.faults.append(Fault("/[a-z@][^/]*", edit=absent("email")))
        (after,) = running.audit(**select).findings
    assert (before.result, after.result) == ("failed", "unknown")
