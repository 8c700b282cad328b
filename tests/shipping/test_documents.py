"""What the documents say of dependencies and of a release is so."""

from __future__ import annotations

import re
import tomllib

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.shipping.workflows import ROOT, TEXTS

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
TABLE = (ROOT / "docs" / "dependencies.md").read_text()
ROWS = re.findall(r"^\| ([\w.-]+)(?: \(`\w+`\))? \| (.+) \| (.+) \| (.+) \|$", TABLE, re.MULTILINE)
RELEASE = (ROOT / "docs" / "release.md").read_text()
README = (ROOT / "README.md").read_text()


def test_each_dependency_has_a_reason_a_maintainer_and_a_licence() -> None:
    optional = PROJECT["optional-dependencies"].values()
    asked = [*PROJECT["dependencies"], *(one for extra in optional for one in extra)]
    rows = [canonicalize_name(name) for name, *_ in ROWS if name != "package"]
    assert sorted(rows) == sorted({canonicalize_name(Requirement(one).name) for one in asked})


def test_the_two_commands_install_from_the_lock() -> None:
    assert re.findall(r"```\n(.*\.ci/install.*)\n```", README) == [
        "python3 .ci/install && .venv/bin/hardenme demo",
        "python3 .ci/install --dev && .venv/bin/pytest",
    ]


def test_the_checklist_ends_with_the_check_of_the_project() -> None:
    steps, _, rest = RELEASE.partition("## What a release consists of")
    assert (
        steps.rstrip().splitlines()[-2].strip().startswith("hardenme check github:_OWNER_/hardenme")
    )
    for name in ("hardenme.cdx.json", "hardenme-image.tar.gz", "SHA256SUMS"):
        assert name in rest
        assert name in TEXTS["release"]


def test_scripts_that_the_documents_name_are_there() -> None:
    for text in (README, RELEASE, (ROOT / "CONTRIBUTING.md").read_text()):
        for name in re.findall(r"\.ci/([\w-]+)", text):
            assert (ROOT / ".ci" / name).exists()
