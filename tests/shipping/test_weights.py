"""What docs/dependencies.md says of sizes, measured again in the environment of the tests."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.shipping.workflows import ROOT

pytestmark = [
    pytest.mark.second_tier("measures what is installed"),
    pytest.mark.skipif(sys.platform != "linux", reason="the table is of Linux"),
]
PAGE = (ROOT / "docs" / "dependencies.md").read_text().partition("## What it weighs")[2]
WHOLE = re.findall(r"^\| ([\w. ()-]+) \| (\d+) \| (\d+) \|$", PAGE, re.MULTILINE)
ALONE = re.findall(r"^\| ([\w.-]+) \| ([\d.]+) \| \D.+ \|$", PAGE, re.MULTILINE)
OFF_BY = 0.25
"""By how much a size may differ: wheels of other Pythons and versions are not quite as large."""


def brought(text: str) -> dict[str, Distribution]:
    """A package and all that it asks for, by name."""
    found: dict[str, Distribution] = {}
    asked = [Requirement(text)]
    seen = set[str]()
    while asked:
        one = asked.pop()
        if str(one) in seen:
            continue
        seen.add(str(one))
        try:
            here = distribution(one.name)
        except PackageNotFoundError:
            # Of another system or Python.
            continue
        found[canonicalize_name(one.name)] = here
        asked += needs(here, one.extras or {""})
    return found


def needs(one: Distribution, extras: set[str]) -> Iterator[Requirement]:
    """What a package asks for here, with these extras."""
    for text in one.requires or ():
        need = Requirement(text)
        if need.marker is None or any(need.marker.evaluate({"extra": name}) for name in extras):
            yield need


def megabytes(one: Distribution) -> float:
    """The files of a package, without bytecode."""
    if one.metadata["Name"] == "hardenme":
        # It is installed in place.
        folders = (ROOT / "hardenme", ROOT / "checks" / "hardenme_checks")
        paths = [path for folder in folders for path in folder.rglob("*")]
    else:
        paths = [path for file in one.files or () if (path := one.locate_file(file))]
    sizes = (path.stat().st_size for path in paths if path.suffix != ".pyc" and path.is_file())
    return sum(sizes) / 1e6


@pytest.mark.parametrize(("name", "packages", "size"), WHOLE)
def test_an_installation_weighs_what_the_page_says(name: str, packages: str, size: str) -> None:
    found = brought(name.replace(" (all extras)", "[dns,fleet,notify,provenance]"))
    assert sum(map(megabytes, found.values())) == pytest.approx(float(size), rel=OFF_BY)
    assert len(found) == pytest.approx(int(packages), rel=OFF_BY)


@pytest.mark.parametrize(("name", "size"), ALONE)
def test_a_package_alone_weighs_what_the_page_says(name: str, size: str) -> None:
    assert megabytes(distribution(name)) == pytest.approx(float(size), rel=OFF_BY, abs=0.3)


def test_its_own_files_weigh_what_the_page_says() -> None:
    (size,) = re.findall(r"its files ([\d.]+) MB", PAGE)
    assert megabytes(distribution("hardenme")) == pytest.approx(float(size), rel=0.1)


def test_each_large_package_of_a_plain_install_has_a_row() -> None:
    assert len(WHOLE) >= 5
    large = {name for name, one in brought("hardenme").items() if megabytes(one) > 1.2}
    assert large - {"hardenme"} <= {canonicalize_name(name) for name, _ in ALONE}
