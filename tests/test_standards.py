from __future__ import annotations

import importlib
import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

import hardenme_checks.standards
from hardenme.engine.catalogue import catalogue, find
from hardenme.engine.standards import (
    answered_by,
    controls_of,
    find_standard,
    standards,
    supported,
)
from hardenme.ground.errors import UsageError
from hardenme.model.standard import Control, Standard, Support
from hardenme_checks.standards import MODULES

CODES = {check.code for check in catalogue()}
CONTROLS = [(standard, control) for standard in standards() for control in standard.controls]
ASKING = {check.code for check in catalogue() if check.may_ask}

LENGTHS = {
    "osps": {"OSPS": 24 + 19 + 21},
    "ssdf": {"PO": 13, "PS": 4, "PW": 16, "RV": 9},
    "slsa": {"build": 8, "source": 14},
    "cis": {"1": 48, "2": 28, "3": 12, "4": 14, "5": 11},
}
"""How many controls there are by the beginning of their keys, as the standards' own texts count."""


def named(standard: Standard, control: Control) -> str:
    return f"{standard.name} {control.key}"


def test_every_standard_is_listed_once() -> None:
    folder = Path(hardenme_checks.standards.__file__).parent
    names = [importlib.import_module(name).STANDARD.name for name in MODULES]
    assert names == ["osps", "scm", "cis", "slsa", "ssdf"]
    with_standards = {
        path.stem for path in folder.glob("*.py") if "\nSTANDARD = " in path.read_text("utf-8")
    }
    assert {name.rpartition(".")[2] for name in MODULES} == with_standards


@pytest.mark.parametrize("standard", standards(), ids=lambda standard: standard.name)
def test_a_standard_tells_its_version_its_page_and_when_it_was_read(standard: Standard) -> None:
    assert re.fullmatch(r"[a-z]+", standard.name)
    assert standard.title
    assert standard.version
    assert standard.page.startswith("https://")
    assert date(2026, 1, 1) < standard.read <= date(2026, 12, 31)
    keys = [control.key for control in standard.controls]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize(("name", "lengths"), LENGTHS.items())
def test_the_lists_are_whole(name: str, lengths: dict[str, int]) -> None:
    standard = find_standard(name)
    counted = Counter(re.split(r"[-.]", control.key)[0] for control in standard.controls)
    assert counted == lengths


def test_the_numbers_of_a_standard_have_no_holes() -> None:
    for name, form in (("cis", r"(\d+\.\d+)\.(\d+)"), ("ssdf", r"([A-Z]{2}\.\d)\.(\d)")):
        last: dict[str, int] = {}
        for control in find_standard(name).controls:
            match = re.fullmatch(form, control.key)
            assert match, control.key
            # SSDF 1.1 has no PW.4.3: it was moved.
            skipped = 2 if control.key == "PW.4.4" else 1
            assert int(match[2]) == last.get(match[1], 0) + skipped, control.key
            last[match[1]] = int(match[2])


def test_a_control_names_checks_that_there_are_and_says_what_is_left() -> None:
    for standard, control in CONTROLS:
        where = named(standard, control)
        assert set(control.checks) <= CODES, where
        assert list(control.checks) == sorted(set(control.checks)), where
        assert control.title == control.title.strip(), where
        assert not control.title.endswith("."), where
        assert control.gap == "" or control.gap.endswith("."), where
        assert set(re.findall(r"\b[A-Z]{3}\d{3}\b", control.gap)) <= CODES, where


def test_an_answer_of_a_person_covers_nothing() -> None:
    for standard, control in CONTROLS:
        if control.support is Support.COVERED:
            assert not ASKING.intersection(control.checks), named(standard, control)
        if control.support is Support.ATTESTED:
            assert ASKING.issuperset(control.checks), named(standard, control)


def test_what_rests_on_a_person_alone_is_by_attestation() -> None:
    for standard, control in CONTROLS:
        if control.checks and ASKING.issuperset(control.checks):
            assert control.support is Support.ATTESTED, named(standard, control)


def test_a_check_knows_its_controls() -> None:
    assert controls_of("GHB109")[:2] == (
        "osps:OSPS-AC-03.02",
        "scm:repository/missing_default_branch_protection_deletion",
    )
    for standard, control in supported("GHO101"):
        assert "GHO101" in control.checks
        assert control in standard.controls
    assert controls_of("NPT109") == ()


def test_a_run_reports_the_standards_that_its_checks_answer() -> None:
    assert answered_by(CODES) == standards()
    assert [one.name for one in answered_by(["GHR125"])] == ["osps", "cis", "ssdf"]
    assert answered_by(["NPT109"]) == ()


def test_a_name_that_is_none_is_answered_with_those_there_are() -> None:
    assert find_standard(" OSPS ").name == "osps"
    with pytest.raises(UsageError, match=r"no standard is called 'slas'; did you mean slsa\?"):
        find_standard("slas")
    with pytest.raises(UsageError, match="one of: osps, scm, cis, slsa, ssdf"):
        find_standard("zzz")


def test_every_family_that_a_standard_could_ask_for_is_asked_for() -> None:
    asked = {code[:3] for _, control in CONTROLS for code in control.checks}
    assert asked == {check.family for check in catalogue()} - {"GHT", "NPT"}
    assert find("GHB103").code == "GHB103"
