"""What `.ci/pyodide` runs on Python 3.14: all imports, then the tests that can run there.

Its last expression is the exit code.
"""

from __future__ import annotations

import importlib
import os
import sys
import warnings
from pathlib import Path

CHECKOUT = Path("/checkout")
ABSENT = {"cryptography", "dns", "nacl"}
"""Two libraries without a wheel for Pyodide, and one of an extra: what imports them is not run."""
ROOMS = ("tests/checks", "tests/drift", "tests/model", "tests/test_every_python.py")
"""What is run where the variable `TESTS` names nothing."""
BY_CRYPTOGRAPHY = (
    "tests/checks/test_github_branch.py",
    "tests/checks/test_npm_addresses.py",
    "tests/drift/test_watch.py",
    "tests/drift/test_watch_crippled.py",
    "tests/drift/test_watch_cycles.py",
    "tests/drift/test_watch_whole_turn.py",
)
BY_THREADS = (
    "tests/checks/test_publisher_replaced.py",
    "tests/drift/test_watch_requests.py",
)
"""They ask by threads, or a server on loopback; WebAssembly starts no thread."""
BY_TIME = "not takes_time and not read_once and not no_burden"
"""WebAssembly is several times slower, and has no clock of a process."""


def names() -> list[str]:
    """All modules of the product."""
    return sorted(
        ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")
        for root in (CHECKOUT, CHECKOUT / "checks")
        for path in (root / ("hardenme" if root == CHECKOUT else "hardenme_checks")).rglob("*.py")
    )


def imports() -> int:
    """How many modules failed for another reason than a library that cannot be there."""
    every, absent, wrong = names(), list[str](), 0
    warnings.simplefilter("error")
    for name in every:
        try:
            importlib.import_module(name)
        except ModuleNotFoundError as error:
            if (error.name or "").partition(".")[0] not in ABSENT:
                print(f"{name}: {error}")
                wrong += 1
            absent.append(name)
        except Exception as error:  # noqa: BLE001 (whatever it is, it is shown)
            print(f"{name}: {type(error).__name__}: {error}")
            wrong += 1
    print(f"Python {sys.version.partition(' ')[0]}: {len(every) - len(absent)} modules imported")
    print(f"not run, for want of {' and '.join(sorted(ABSENT))}: {', '.join(absent)}")
    return wrong


def tests() -> int:
    """The exit code of the tests."""
    import pytest  # noqa: PLC0415 (its path is set below)

    chosen = os.environ.get("TESTS", "").split() or ROOMS
    left_out = (f"--ignore={path}" for path in (*BY_CRYPTOGRAPHY, *BY_THREADS))
    plugins = ("pytest_socket", "_hypothesis_pytestplugin", "syrupy", "no:cacheprovider")
    options = (*left_out, "-k", BY_TIME, *(part for name in plugins for part in ("-p", name)))
    own = "--override-ini=addopts=--import-mode=importlib -q"
    return int(pytest.main([own, *options, *chosen]))


sys.dont_write_bytecode = True
sys.path[:0] = [str(CHECKOUT), str(CHECKOUT / "checks")]
sys.path.append("/site")
os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
os.chdir(CHECKOUT)
1 if imports() else tests()
