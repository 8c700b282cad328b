"""A working directory full of code, none of which is run: modules, programs, hooks, settings."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from hardenme.collectors.zizmor import installed
from tests.cli.command import SCRIPT, Command
from tests.cli.conftest import Accounts
from tests.cli.terminal.watched import planted_program, watched
from tests.worlds.organizations import base

pytestmark = pytest.mark.sampled(6)

STARTING = ("sitecustomize", "usercustomize")
"""What Python itself imports at its start, wherever it finds it."""
THIRD = (
    *("requests", "urllib3", "typer", "github", "keyring", "certifi", "platformdirs", "tabulate"),
    "truststore",
)
OURS = ("hardenme", "hardenme_checks", "checks")
PROGRAMS = (
    *("git", "gh", "npm", "node", "zizmor", "python", "python3", "sh", "xdg-open", "www-browser"),
    # Python's `ctypes`, through backends of the keyring library, asks these for a library.
    *("gcc", "cc", "ld", "objdump", "ldconfig"),
)
KEYRING = "LOC113"
"""The check that makes the keyring library look for its backends."""


@pytest.fixture
def hook(tmp_path: Path) -> Path:
    folder = tmp_path / "hook"
    folder.mkdir()
    return folder


@pytest.fixture
def marker(tmp_path: Path) -> Path:
    """What is there when something planted was run."""
    return tmp_path / "planted-was-run"


def plant_modules(folder: Path, marker: Path, *names: str) -> None:
    text = f"open({str(marker)!r}, 'w').close()\nraise SystemExit('planted')\n"
    for name in names:
        (folder / f"{name}.py").write_text(text)


def run(command: Command, *line: str | Path, **environ: str) -> subprocess.CompletedProcess[str]:
    variables = command.variables(environ)
    return subprocess.run(  # noqa: S603 (our own interpreter and script)
        line,
        capture_output=True,
        text=True,
        env={name: value for name, value in variables.items() if value},
        cwd=command.folder,
        check=False,
    )


def test_what_is_planted_would_run(command: Command, marker: Path) -> None:
    plant_modules(command.folder, marker, "requests")
    assert run(command, sys.executable, "-c", "import requests").returncode == 1
    assert marker.exists()


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    "line",
    [(SCRIPT,), (sys.executable, "-P", "-m", "hardenme"), (sys.executable, "-I", "-m", "hardenme")],
    ids=["script", "-P -m", "-I -m"],
)
def test_the_script_imports_nothing_from_the_folder(
    command: Command, marker: Path, line: tuple[str | Path, ...]
) -> None:
    standard = sorted(sys.stdlib_module_names - {"__main__"})
    plant_modules(command.folder, marker, *standard, *STARTING, *THIRD, *OURS)
    done = run(command, *line, "doctor", "--offline")
    assert done.returncode == 4, done.stderr
    assert "no module is taken from it, and no program" in " ".join(done.stdout.split())
    assert not marker.exists()


def test_the_module_imports_nothing_of_ours_or_of_others_from_the_folder(
    command: Command, marker: Path
) -> None:
    plant_modules(command.folder, marker, *STARTING, *THIRD, *OURS[1:], "pathlib", "json", "ssl")
    done = run(command, sys.executable, "-m", "hardenme", "doctor", "--offline")
    assert done.returncode == 4, done.stderr
    assert not marker.exists()


@pytest.mark.sampled(3)
@pytest.mark.parametrize("entry", [".", "", "{folder}"])
def test_a_module_path_with_the_folder_in_it_is_the_users_and_is_told(
    command: Command, entry: str
) -> None:
    path = os.pathsep.join([entry.format(folder=command.folder), "/nowhere"])
    ran = command("doctor", "--offline", PYTHONPATH=path)
    told = " ".join(ran.out.split())
    assert "Python takes modules from it; what lies there runs as hardenme" in told
    assert "PYTHONPATH: Python takes modules from there first" in told


TRAPS = {
    ".git/config": """\
[core]
\trepositoryformatversion = 0
\tfsmonitor = {program}
\thooksPath = {folder}/hooks
\tpager = {program}
\teditor = {program}
\tsshCommand = {program}
[credential]
\thelper = !{program}
[gpg]
\tprogram = {program}
[include]
\tpath = {folder}/more.gitconfig
[alias]
\tstatus = !{program}
""",
    "more.gitconfig": "[core]\n\tfsmonitor = {program}\n[diff]\n\texternal = {program}\n",
    ".git/HEAD": "ref: refs/heads/main\n",
    ".npmrc": "git={program}\nscript-shell={program}\nnode-options=--require {folder}/x.js\n"
    "globalconfig={folder}/npmrc\nprefix={folder}\nshell={program}\nviewer={program}\n"
    "//127.0.0.1/:tokenHelper={program}\n",
    "package.json": '{{"scripts": {{"preinstall": "{program}", "prepare": "{program}"}}}}',
    ".envrc": "{program}\n",
    ".gitattributes": "* filter=x diff=x\n",
}


def plant_repository(folder: Path, marker: Path) -> Path:
    program = planted_program(folder / "pwn.sh", marker)
    for name in ("post-index-change", "pre-commit", "post-checkout"):
        planted_program(folder / "hooks" / name, marker)
    for name in ("objects", "refs"):
        (folder / ".git" / name).mkdir(parents=True, exist_ok=True)
    for name, text in TRAPS.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.format(program=program, folder=folder))
    return program


def relative_first(folder: Path) -> Mapping[str, str]:
    """A PATH that begins with the working directory, in each way to write that."""
    for name in PROGRAMS:
        assert (folder / name).exists()
        assert (folder / "bin" / name).exists()
    return {"PATH": os.pathsep.join([".", "", "./bin", "bin", os.environ["PATH"]])}


def plant_programs(folder: Path, marker: Path) -> None:
    for name in PROGRAMS:
        planted_program(folder / name, marker)
        planted_program(folder / "bin" / name, marker)


def test_in_a_hostile_repository_nothing_is_started(
    command: Command, marker: Path, hook: Path
) -> None:
    folder = command.folder
    plant_repository(folder, marker)
    plant_programs(folder, marker)
    looked = watched(command, hook, "check", "local", "--no-cache", **relative_first(folder))
    assert looked.ran.code in {0, 1, 3}
    assert looked.opened() >= {folder / ".npmrc", folder / ".git" / "config"}
    assert looked.started() == []
    assert not marker.exists()


KEYRING_FILE = "[backend]\ndefault-keyring = planted.Keyring\nkeyring-path = {folder}\n"
"""By this file the library would load a backend from the folder."""


@pytest.mark.skipif(sys.platform == "darwin", reason="there the library looks without a program")
@pytest.mark.parametrize("what", [("check", "local"), ("auth", "login", "github")])
def test_the_keyring_library_starts_nothing_and_takes_nothing_from_the_folder(
    command: Command, marker: Path, hook: Path, what: tuple[str, ...]
) -> None:
    """What it started would get the whole environment, with the tokens in it."""
    folder = command.folder
    plant_programs(folder, marker)
    plant_modules(folder, marker, "planted")
    (folder / "python_keyring").mkdir()
    (folder / "python_keyring" / "keyringrc.cfg").write_text(KEYRING_FILE.format(folder=folder))
    options = ("--no-cache", "--select", KEYRING) if what[0] == "check" else ()
    # Where Python looks for its modules may be anywhere; this folder of PATH is an absolute one.
    environ = {"PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}", "XDG_CONFIG_HOME": "."}
    looked = watched(command, hook, *what, *options, **environ)
    assert looked.ran.code in {0, 1, 3, 4}
    assert "keyring.backends.macOS.api" in looked.imported(), "its backends were looked through"
    assert looked.started() == []
    assert not marker.exists()


def test_the_hostile_repository_bites_git(command: Command, marker: Path) -> None:
    plant_repository(command.folder, marker)
    git = next((Path(p) / "git" for p in os.get_exec_path() if (Path(p) / "git").exists()), None)
    if git is None:
        pytest.skip("git is not installed")
    run(command, git, "-c", f"safe.directory={command.folder}", "status")
    assert marker.exists()


def test_zizmor_is_the_installed_one_whatever_the_folder_holds(
    organizations: Accounts, marker: Path, hook: Path
) -> None:
    folder = organizations.command.folder
    plant_programs(folder, marker)
    info = folder / "zizmor-99.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: zizmor\nVersion: 99.0\n")
    (info / "RECORD").write_text("bin/zizmor,,\n")
    (folder / "zizmor.yml").write_text("rules: {}\n")
    token = {"HARDENME_GITHUB_TOKEN": base.WEAK_CLASSIC}
    options = ("--no-cache", *organizations.urls, "--select", "GHW", "--depth", "deep")
    looked = watched(
        organizations.command,
        hook,
        *("check", f"github:{base.WEAK}", *options),
        **relative_first(folder),
        **token,
    )
    assert looked.ran.code == 1
    assert set(looked.started()) == {str(installed())}
    assert folder / "zizmor.yml" not in looked.opened()
    assert not marker.exists()


BROWSE = """
import os, sys, webbrowser
from hardenme import __main__

sys.argv = ["hardenme", "--version"]
try:
    if sys.stdin.read() == "as hardenme":
        __main__.main()
except SystemExit:
    pass
webbrowser.open("http://127.0.0.1:9/")
"""


@pytest.mark.parametrize("hardened", [True, False])
def test_a_browser_is_looked_for_in_fixed_places_alone(
    command: Command, marker: Path, *, hardened: bool
) -> None:
    names = ("xdg-open", "www-browser", "firefox", "x-www-browser", "gio", "w3m", "links", "lynx")
    for name in names:
        planted_program(command.folder / name, marker)
    variables = command.variables({"PATH": ".:", "DISPLAY": ":99"})
    subprocess.run(  # noqa: S603 (our own interpreter)
        [sys.executable, "-P", "-c", BROWSE],
        input="as hardenme" if hardened else "",
        capture_output=True,
        text=True,
        env=variables,
        cwd=command.folder,
        check=True,
        timeout=30,
    )
    assert marker.exists() is not hardened


def test_no_keyring_is_asked_by_doctor(command: Command, hook: Path) -> None:
    looked = watched(command, hook, "doctor", "--offline")
    assert looked.ran.code == 4
    assert not {name for name in looked.imported() if name.startswith("keyring")}
