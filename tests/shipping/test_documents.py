"""What the documents say of dependencies and of a release is so."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from check_jsonschema import main
from click.testing import CliRunner
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from platformdirs.unix import Unix
from ruamel.yaml import YAML

from hardenme.ground.distribution import COMMIT, OWNER
from tests.shipping.workflows import ROOT, TEXTS, ran

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
TABLE = (ROOT / "docs" / "dependencies.md").read_text()
ROWS = re.findall(
    r"^\| ([\w.-]+)(?: \(`[\w-]+`\))? \| (.+) \| (.+) \| (.+) \|$", TABLE, re.MULTILINE
)
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


def test_no_setting_has_none_for_a_bound() -> None:
    page = (ROOT / "docs" / "configuration.md").read_text()
    assert "a whole number from 0 |" in page
    assert not re.search(r"\bto None\b", page)


def test_the_job_for_gitlab_is_of_its_schema_and_its_shell_is_sound(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "guides" / "gitlab.md").read_text()
    (text,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    job = tmp_path / ".gitlab-ci.yml"
    job.write_text(text)
    done = CliRunner().invoke(main, ["--builtin-schema", "vendor.gitlab-ci", str(job)])
    assert done.exit_code == 0, done.output
    lines = YAML(typ="safe").load(text)["hardenme"]["script"]
    assert any(f"/{OWNER}/hardenme {COMMIT}" in line for line in lines)
    checked = ran("shellcheck", "--shell=bash", "--severity=style", "-", input="\n".join(lines))
    assert checked.returncode == 0, checked.stdout


def test_the_platforms_without_a_lock_are_those_that_the_installer_refuses() -> None:
    page = (ROOT / "docs" / "install.md").read_text()
    refused = (ROOT / ".ci" / "install").read_text()
    for word in ("Intel", "musl"):
        assert word in page.partition("## Platforms")[2]
        assert word in refused
    assert "pip install --prefer-binary ." in page
    assert "pip install --prefer-binary ." in refused


def test_how_to_upgrade_and_remove_names_every_place(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CACHE", "STATE", "CONFIG"):
        monkeypatch.delenv(f"XDG_{name}_HOME", raising=False)
    page = (ROOT / "docs" / "upgrade.md").read_text()
    # Its module asks who runs it, which Windows does not tell.
    macos = pytest.importorskip("platformdirs.macos", exc_type=ImportError)
    for system in (Unix, macos.MacOS):
        folders = system("hardenme", appauthor=False)
        for name in ("user_cache_dir", "user_state_dir", "user_config_dir"):
            shown = getattr(folders, name).replace(str(Path.home()), "~")
            assert f"`{shown}`" in page
    assert "hardenme auth logout github" in page
    assert "hardenme auth logout npm" in page
