"""The options of a run: each in one place, and an error names where its value comes from."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from itertools import combinations

import pytest

from hardenme.cli.audit.clients import Connection
from hardenme.cli.audit.run import PreparedRun
from hardenme.cli.audit.tokens import AppLogin
from hardenme.cli.options.given import OptionValues
from hardenme.cli.options.run_config import FEW, SWEEPING, run_config
from hardenme.cli.output.delivery import Delivery
from hardenme.engine.run_config import RunConfig
from tests.cli.command import Command

PARTS = (RunConfig, Connection, Delivery, AppLogin)


@pytest.mark.parametrize(("one", "other"), list(combinations(PARTS, 2)))
def test_no_option_is_in_two_parts_of_a_run(one: type, other: type) -> None:
    assert is_dataclass(one)
    assert is_dataclass(other)
    assert not {item.name for item in fields(one)} & {item.name for item in fields(other)}


def test_what_is_prepared_repeats_nothing_of_its_parts() -> None:
    own = {item.name for item in fields(PreparedRun)} - {"observations"}
    assert not own & {item.name for part in PARTS for item in fields(part)}


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("HARDENME_PROFILE", "duo"),
        ("HARDENME_ALLOW_UNKNOWN", "GHX999"),
        ("HARDENME_RATE_BUDGET", "much"),
        ("HARDENME_FORMAT", "pdf"),
    ],
)
def test_a_wrong_value_is_told_with_the_variable_that_set_it(
    command: Command, variable: str, value: str
) -> None:
    ran = command("check", "local", **{variable: value})
    assert ran.code == 2
    assert f"(set by {variable})" in ran.err
    assert not ran.out


@pytest.mark.parametrize(
    ("targets", "workers"), [((), FEW), (("npm:left-pad",), FEW), (("github:acme",), SWEEPING)]
)
def test_an_organization_is_swept_with_more_requests_at_once(
    targets: tuple[str, ...], workers: int
) -> None:
    assert run_config(OptionValues({"targets": targets})).workers == workers
    assert run_config(OptionValues({"targets": targets, "workers": 2})).workers == 2


def test_owners_are_those_of_targets_each_once() -> None:
    targets = ("github:Acme", "github:acme/web", "github:bramble/api", "npm:left-pad", "me")
    assert run_config(OptionValues({"targets": targets})).owners == ("acme", "bramble")


def test_the_scope_of_a_run_is_the_same_in_any_order() -> None:
    one = run_config(OptionValues({"select": ("GHO,GHR", "NPP")}))
    other = run_config(OptionValues({"select": ("NPP", "GHR", "GHO")}))
    assert one.scope == other.scope
    assert one.scope != run_config(OptionValues({"select": ("GHO",)})).scope
