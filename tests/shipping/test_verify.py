"""`.ci/verify` sees whatever was changed in an environment, and runs nothing of it."""

from __future__ import annotations

import hashlib
import os
import py_compile
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.shipping.test_locked import script
from tests.shipping.wheels import wheel
from tests.shipping.workflows import ROOT

pytestmark = pytest.mark.second_tier("makes environments")
BASE = getattr(sys, "_base_executable", sys.executable)
PROGRAM = "def main():\n    print('as built')\n"
CHANGED = "def main():\n    print('changed!')\n"
"""As long as the program itself."""
ENTRY = "[console_scripts]\nhardenme = hardenme.start:main\n"
SITE = f"lib/python3.{sys.version_info[1]}/site-packages"
LARGE = shutil.ignore_patterns("__pycache__", "config-*", "idlelib", "site-packages", "test")
"""Of the standard library, what no start needs."""
CACHED = f"start.{sys.implementation.cache_tag}.pyc"


@dataclass(frozen=True, slots=True)
class Installed:
    """An environment with two packages, and the wheels that they came from."""

    environment: Path
    wheels: Path
    own: Path
    lock: Path

    @property
    def site(self) -> Path:
        """Where its packages are."""
        return self.environment / SITE

    def verified(self, *options: str) -> subprocess.CompletedProcess[str]:
        """What the script says of it."""
        return subprocess.run(  # noqa: S603 (our own script)
            [
                *(BASE, "-I", "-S", "-B", ROOT / ".ci" / "verify", self.environment),
                *("--wheel", self.own, "--wheels", self.wheels, "--lock", self.lock, *options),
            ],
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Made once; each test changes a copy of it."""
    folder = tmp_path_factory.mktemp("made")
    wheels = folder / "wheels"
    wheels.mkdir()
    own = wheel(
        folder, "hardenme", {"hardenme/__init__.py": "", "hardenme/start.py": PROGRAM}, ENTRY
    )
    script = {"helper-1.0.data/scripts/helper": "#!python\nprint('helper')\n"}
    other = wheel(wheels, "helper", {"helper.py": "X = 1, 1.0, frozenset('abc')\n", **script})
    lock = folder / "lock.txt"
    digest = hashlib.sha256(other.read_bytes()).hexdigest()
    lock.write_text(f"helper==1.0 \\\n    --hash=sha256:{digest}\n")
    environment = folder / "env"
    subprocess.run([BASE, "-m", "venv", "--without-pip", environment], check=True)  # noqa: S603
    python = environment / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-index"]
    quiet = {**os.environ, "PIP_ROOT_USER_ACTION": "ignore", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    subprocess.run([*pip, "--no-deps", own, other], check=True, env=quiet)  # noqa: S603
    return Installed(environment, wheels, own, lock)


@pytest.fixture
def installed(made: Installed) -> Callable[[], Installed]:
    """The environment, put back as it was after the test."""
    kept = made.environment.with_name("kept")
    if not kept.exists():
        shutil.copytree(made.environment, kept, symlinks=True)

    def again() -> Installed:
        shutil.rmtree(made.environment)
        shutil.copytree(kept, made.environment, symlinks=True)
        return made

    return again


def plant_bytecode(at: Installed) -> None:
    """Other code for a source that is as it was, with its time and size."""
    source = at.site / "hardenme" / "start.py"
    cached = source.parent / "__pycache__" / CACHED
    as_it_was = source.stat()
    source.write_text(CHANGED)
    os.utime(source, ns=(as_it_was.st_atime_ns, as_it_was.st_mtime_ns))
    py_compile.compile(str(source), str(cached), doraise=True)
    source.write_text(PROGRAM)
    os.utime(source, ns=(as_it_was.st_atime_ns, as_it_was.st_mtime_ns))
    ran = subprocess.run(  # noqa: S603 (made above)
        [at.environment / "bin" / "hardenme"], capture_output=True, text=True, check=False
    )
    assert ran.stdout == "changed!\n", "the planted code is what runs"


def change_dependency(at: Installed) -> None:
    """Another source, and a RECORD that agrees with it."""
    (at.site / "helper.py").write_text("X = 2\n")
    record = at.site / "helper-1.0.dist-info" / "RECORD"
    lines = [line for line in record.read_text().splitlines() if not line.startswith("helper.py,")]
    record.write_text("\n".join([*lines, "helper.py,,"]))
    shutil.rmtree(at.site / "__pycache__")


def change_script(at: Installed) -> None:
    """One line more in the console script."""
    script = at.environment / "bin" / "hardenme"
    script.write_text(script.read_text().replace("import sys", "import sys, helper", 1))


def other_python(at: Installed) -> None:
    """A console script that another program runs."""
    script = at.environment / "bin" / "hardenme"
    script.write_text("#!/tmp/python\n" + script.read_text().partition("\n")[2])


def more_packages(at: Installed) -> None:
    """Packages of the system count."""
    settings = at.environment / "pyvenv.cfg"
    settings.write_text(settings.read_text().replace("packages = false", "packages = true"))


def other_library(at: Installed) -> None:
    """The same Python, with the standard library of another folder."""
    home = at.environment.parent / "home" / "bin"
    library = home.parent / "lib" / f"python3.{sys.version_info[1]}"
    if not home.exists():
        shutil.copytree(Path(os.__file__).parent, library, ignore=LARGE)
        home.mkdir()
        (home / Path(BASE).name).symlink_to(BASE)
    settings = at.environment / "pyvenv.cfg"
    text = settings.read_text().partition("\n")[2]
    settings.write_text(f"home = {home}\n{text}")
    command = [at.environment / "bin" / "python", "-I", "-c", "import os; print(os.__file__)"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    assert ran.stdout == f"{library}/os.py\n", "the planted library is what runs"


def by_way_of_a_link(at: Installed) -> None:
    """The environment's Python by way of a link that is elsewhere."""
    other = at.environment.parent / "other"
    other.unlink(missing_ok=True)
    other.symlink_to(BASE)
    python = at.environment / "bin" / "python"
    python.unlink()
    python.symlink_to(other)


def writes(name: str, text: str = "import os\n") -> Callable[[Installed], None]:
    """Writes a file."""

    def write(at: Installed) -> None:
        path = at.environment / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    return write


def moved_python(at: Installed) -> None:
    """Another program in place of the environment's Python."""
    python = at.environment / "bin" / "python"
    python.unlink()
    python.symlink_to("/bin/sh")


def linked_package(at: Installed) -> None:
    """A folder of a package that is elsewhere."""
    (at.site / "linked").symlink_to("/tmp")  # noqa: S108 (nothing is read there)


PLANTED = {
    "bytecode of the source's time and size": (plant_bytecode, CACHED),
    "bytecode without a source": (writes(f"{SITE}/hardenme/more.pyc"), "more.pyc"),
    "bytecode of another Python": (
        writes(f"{SITE}/hardenme/__pycache__/start.cpython-39.pyc"),
        "start.cpython-39.pyc",
    ),
    "a .pth": (writes(f"{SITE}/more.pth"), "more.pth"),
    "a sitecustomize": (writes(f"{SITE}/sitecustomize.py"), "sitecustomize.py"),
    "a module in a package": (writes(f"{SITE}/hardenme/more.py"), "more.py"),
    "an extension in a package": (writes(f"{SITE}/hardenme/start.so"), "start.so"),
    "a changed dependency": (change_dependency, "helper.py"),
    "a dependency's script": (writes("bin/helper", "#!/bin/sh\nhelper\n"), "bin/helper"),
    "the console script": (change_script, "bin/hardenme"),
    "the console script's Python": (other_python, "bin/hardenme"),
    "what is sourced": (writes("bin/activate"), "bin/activate"),
    "a program more": (writes("bin/git"), "bin/git"),
    "the environment's Python": (moved_python, "bin/python"),
    "a link": (linked_package, "linked"),
    "a link to its Python": (by_way_of_a_link, "bin/python"),
    "the system's packages": (more_packages, "pyvenv.cfg"),
    "another standard library": (other_library, "pyvenv.cfg"),
}


def test_an_environment_as_it_was_installed_has_no_differences(
    installed: Callable[[], Installed],
) -> None:
    at = installed()
    cached = at.site / "hardenme" / "__pycache__" / CACHED
    assert cached.exists(), "pip compiles what it installs"
    done = at.verified()
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{at.environment}: 0 differences from 2 wheels\n"


@pytest.mark.parametrize("name", PLANTED)
def test_what_was_changed_is_named(installed: Callable[[], Installed], name: str) -> None:
    change, seen = PLANTED[name]
    at = installed()
    change(at)
    done = at.verified()
    assert done.returncode == 1, done.stderr
    assert [line for line in done.stdout.splitlines()[:-1] if seen in line], done.stdout
    assert len(done.stdout.splitlines()) == 2, done.stdout


SETTINGS = f"home = /usr/bin\ninclude-system-site-packages = false\nversion = {sys.version}\n"
LINES_ADDED = {
    "": False,
    "prompt = (env)": False,
    "home = /tmp/home": True,
    "HOME = /usr/bin": True,
    "include-system-site-packages = true": True,
    "prompt = x\rinclude-system-site-packages = true": True,
    "prompt = x\x0cinclude-system-site-packages = true": True,
    "base-prefix = /tmp": True,
}
"""Lines of settings, and whether they are a difference: Python takes a first or a last line."""


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("line", LINES_ADDED)
def test_settings_that_python_could_read_in_two_ways_are_named(
    tmp_path: Path, line: str, *, first: bool
) -> None:
    environment, fresh = tmp_path / "env", tmp_path / "fresh"
    for folder in (environment, fresh):
        folder.mkdir()
        (folder / "pyvenv.cfg").write_text(SETTINGS)
    text = f"{line}\n{SETTINGS}" if first else f"{SETTINGS}{line}\n"
    (environment / "pyvenv.cfg").write_text(text, newline="")
    found = list(script("verify").settings(environment, fresh))
    assert bool(found) == LINES_ADDED[line], found


def test_an_environment_of_another_python_is_not_compared(
    installed: Callable[[], Installed],
) -> None:
    at = installed()
    ours = at.site.parent
    ours.rename(ours.with_name("python3.99"))
    done = at.verified()
    assert done.returncode == 1
    assert done.stdout == ""
    assert f"has python3.99, and this is {ours.name}" in done.stderr


def test_settings_elsewhere_are_named(tmp_path: Path) -> None:
    (tmp_path / "elsewhere.cfg").write_text(SETTINGS)
    assert len(list(script("verify").settings(tmp_path, tmp_path))) == 1
    (tmp_path / "pyvenv.cfg").symlink_to("elsewhere.cfg")
    assert len(list(script("verify").settings(tmp_path, tmp_path))) == 1


def test_what_is_missing_is_named(installed: Callable[[], Installed]) -> None:
    at = installed()
    (at.site / "hardenme" / "start.py").unlink()
    done = at.verified()
    assert done.returncode == 1
    assert f"{SITE}/hardenme/start.py: missing" in done.stdout.splitlines()


def test_a_wheel_that_is_not_locked_counts_for_nothing(made: Installed, tmp_path: Path) -> None:
    lock = tmp_path / "lock.txt"
    lock.write_text(f"helper==1.0 \\\n    --hash=sha256:{'0' * 64}\n")
    done = replace(made, lock=lock).verified()
    assert done.returncode == 1
    assert "holds no wheel as locked of helper" in done.stderr


@pytest.mark.parametrize("options", [["-B"], ["-I"], ["-S"]], ids=str)
def test_it_refuses_to_run_where_something_else_could_decide(
    made: Installed, options: list[str]
) -> None:
    done = subprocess.run(  # noqa: S603 (our own script)
        [BASE, *options, ROOT / ".ci" / "verify", made.environment, "--wheel", made.own],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "-I -S -B" in done.stderr


def test_the_environment_does_not_verify_itself(made: Installed) -> None:
    python = made.environment / "bin" / "python"
    done = subprocess.run(  # noqa: S603 (made above)
        [python, "-I", "-S", "-B", ROOT / ".ci" / "verify", made.environment, "--wheel", made.own],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "not by that in it" in done.stderr
