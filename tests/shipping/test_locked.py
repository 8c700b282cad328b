"""The locked requirements: whole, for each Python and system, and without an address."""

from __future__ import annotations

import ast
import hashlib
import importlib.machinery
import importlib.util
import json
import platform
import re
import subprocess
import sys
import sysconfig
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.shipping.wheels import wheel
from tests.shipping.workflows import BIN, ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
LOCK = re.compile(r"([a-z0-9-]+)==(\S+)((?: \\\n    --hash=sha256:[0-9a-f]{64})+)\n")
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
PLATFORMS = {
    "linux": {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"},
    "macos": {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix"},
    "windows": {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt"},
}
SETS = {
    "run": (),
    "full": ("dns", "fleet", "notify", "provenance"),
    "dask": ("dns", "fleet", "fleet-dask", "notify", "provenance"),
    "dev": ("dev", "docs"),
}
FILES = [(python, system, name) for python in PYTHONS for system in PLATFORMS for name in SETS]


def script(name: str) -> ModuleType:
    """One of the scripts in `.ci`, loaded."""
    path = ROOT / ".ci" / name
    name = f"ci_{name}"
    loader = importlib.machinery.SourceFileLoader(name, str(path))
    spec = importlib.util.spec_from_loader(name, loader)
    assert spec
    module = importlib.util.module_from_spec(spec)
    # Where dataclasses look up what their annotations mean.
    sys.modules[name] = module
    loader.exec_module(module)
    return module


def pins(path: Path) -> dict[str, str]:
    """Name and version of all that a file locks; it holds nothing else."""
    text = path.read_text()
    head, mark, rest = text.partition("--only-binary :all:\n")
    assert mark
    assert head.startswith("# ")
    assert LOCK.sub("", rest) == ""
    found = [(name, version) for name, version, _ in LOCK.findall(rest)]
    assert len(dict(found)) == len(found)
    return dict(found)


def asked(extras: tuple[str, ...], environment: dict[str, str]) -> Iterator[Requirement]:
    """What the project asks for, directly."""
    optional = PROJECT["optional-dependencies"]
    for text in (*PROJECT["dependencies"], *(one for extra in extras for one in optional[extra])):
        requirement = Requirement(text)
        if requirement.marker is None or requirement.marker.evaluate(environment):
            yield requirement


@pytest.mark.parametrize(("python", "system", "name"), FILES)
def test_a_file_locks_all_that_the_project_asks_for(python: str, system: str, name: str) -> None:
    locked = pins(ROOT / "requirements" / f"{python}-{system}" / f"{name}.txt")
    environment = {
        **PLATFORMS[system],
        "python_version": python,
        "python_full_version": f"{python}.0",
    }
    for requirement in asked(SETS[name], environment):
        version = locked[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(version), f"{requirement} is not {version}: .ci/lock"


def test_there_is_a_file_for_each_python_that_the_project_names() -> None:
    named = re.findall(r"Python :: (3\.\d+)", "\n".join(PROJECT["classifiers"]))
    assert tuple(named) == PYTHONS
    folder = ROOT / "requirements"
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*.txt")}
    assert there == {
        "build.txt",
        "pip.txt",
        "3.14-pyodide/test.txt",
        *(f"{python}-{system}/{name}.txt" for python, system, name in FILES),
    }
    builds = tomllib.loads((ROOT / "pyproject.toml").read_text())["build-system"]["requires"]
    locked = pins(folder / "build.txt")
    for requirement in map(Requirement, builds):
        assert requirement.specifier.contains(locked[requirement.name])


def test_all_of_one_python_and_system_agree() -> None:
    for python in PYTHONS:
        for system in PLATFORMS:
            run, full, dask, dev = (
                pins(ROOT / "requirements" / f"{python}-{system}" / f"{name}.txt") for name in SETS
            )
            assert run.items() <= full.items()
            assert full.items() <= dask.items()
            assert run.items() <= dev.items()


def test_pyodide_gets_the_versions_of_linux() -> None:
    folder = ROOT / "requirements"
    here = pins(folder / "3.14-pyodide" / "test.txt")
    assert here.items() <= pins(folder / "3.14-linux" / "dev.txt").items()
    assert {"hypothesis", "pytest", "requests", "urllib3"} <= here.keys()
    lock = json.loads((folder / "3.14-pyodide" / "package-lock.json").read_text())
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert packages["node_modules/pyodide"]["version"].startswith("314.")
    assert all(package["integrity"].startswith("sha512-") for package in packages.values())
    assert not any("resolved" in package for package in packages.values())


def test_the_installer_takes_the_file_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    install = script("install")
    version = "{}.{}".format(*sys.version_info)
    monkeypatch.setattr(platform, "machine", lambda: "arm64")
    for system_, system in (("linux", "linux"), ("darwin", "macos"), ("win32", "windows")):
        monkeypatch.setattr(sys, "platform", system_)
        assert install.lock_file("run") == ROOT / "requirements" / f"{version}-{system}" / "run.txt"
    monkeypatch.setattr(sys, "platform", "freebsd15")
    with pytest.raises(SystemExit, match=r"No locked requirements for Python .* on freebsd15"):
        install.lock_file("run")


def test_the_installer_says_at_once_that_it_has_no_wheels(monkeypatch: pytest.MonkeyPatch) -> None:
    install = script("install")
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(platform, "machine", lambda: "x86_64")
    with pytest.raises(SystemExit, match="on a Mac with an Intel processor"):
        install.lock_file("run")
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(sysconfig, "get_config_var", lambda _: "cpython-313-x86_64-linux-musl")
    with pytest.raises(SystemExit, match="on Linux with musl"):
        install.lock_file("run")


def test_the_installer_advises_nothing_that_an_old_python_cannot_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    install = script("install")
    assert "{}.{}".format(*install.OLDEST) == PYTHONS[0]
    monkeypatch.setattr(sys, "version_info", (3, 10, 13, "final", 0))
    with pytest.raises(SystemExit, match=r"needs Python 3\.11 or newer, and this is 3\.10") as said:
        install.lock_file("run")
    assert "pip install" not in str(said.value)


def test_an_old_python_can_read_the_installer() -> None:
    """Python 3.6 knows no `from __future__ import annotations`, and evaluates each annotation."""
    tree = ast.parse((ROOT / ".ci" / "install").read_text(), feature_version=(3, 6))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            assert node.module != "__future__"
        for kind in ("annotation", "returns"):
            known = (ast.Name, ast.Constant, type(None))
            assert isinstance(getattr(node, kind, None), known), ast.unparse(node)


def test_the_installer_asks_for_digests_and_then_for_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    calls: list[tuple[str, ...]] = []

    def run(command: tuple[str, ...], **_: object) -> subprocess.CompletedProcess[str]:
        calls.append(command)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(sys, "argv", ["install", "--dev", "--into", str(tmp_path / "env")])
    monkeypatch.setattr(sys, "platform", "linux")
    script("install").main()
    made, *installs = calls
    assert made[1:3] == ("-m", "venv")
    *locked, project = installs
    first, *_ = locked
    assert first[-1] == str(ROOT / "requirements" / "pip.txt")
    assert len(locked) == 3
    assert all("--require-hashes" in call for call in locked)
    assert {"--no-deps", "--no-index", "--no-build-isolation", "-e", str(ROOT)} <= set(project)


@pytest.mark.second_tier("makes an environment")
def test_an_sbom_that_says_something_else_than_the_lock_is_refused(tmp_path: Path) -> None:
    environment, written = tmp_path / "env", tmp_path / "sbom.json"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(environment)], check=True)  # noqa: S603
    (site,) = environment.glob("lib/*/site-packages")
    for name, version in (("one", "1.0"), ("two-b", "2.0")):
        about = site / f"{name.replace('-', '_')}-{version}.dist-info"
        about.mkdir()
        (about / "METADATA").write_text(
            f"Metadata-Version: 2.4\nName: {name}\nVersion: {version}\nLicense-Expression: MIT\n"
        )
    lock = tmp_path / "lock.txt"
    own = wheel(tmp_path, "hardenme", {})
    first, second = f" \\\n    --hash=sha256:{'1' * 64}", f" \\\n    --hash=sha256:{'2' * 64}"
    for text, code in (
        (f"one==1.0{first}\ntwo-b==2.1{second}\n", 1),
        (f"one==1.0\ntwo-b==2.0{second}\n", 1),
        (f"one==1.0{first}\ntwo-b==2.0{first}{second}\n", 0),
    ):
        lock.write_text(text)
        done = subprocess.run(  # noqa: S603 (our own script)
            [BIN / "python", ROOT / ".ci" / "sbom", environment, written, lock, own],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, done.stderr
    document = json.loads(written.read_text())
    assert document["bomFormat"] == "CycloneDX"
    assert document["metadata"]["component"]["name"] == "hardenme"
    found = {part["name"]: part["hashes"] for part in document["components"]}
    assert {name: [one["content"][0] for one in each] for name, each in found.items()} == {
        "one": ["1"],
        "two-b": ["1", "2"],
    }
    digest = hashlib.sha256(own.read_bytes()).hexdigest()
    assert document["metadata"]["component"]["hashes"] == [{"alg": "SHA-256", "content": digest}]
