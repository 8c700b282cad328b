"""Whether ranges admit versions."""

from __future__ import annotations

import json
import subprocess
from itertools import product
from pathlib import Path
from shutil import which

import pytest

from hardenme.locks.ranges import admits, aliased

RANGES = [
    *("", "*", "x", "1", "1.x", "1.2", "1.2.x", "1.2.3", "=1.2.3", "v1.2.3", "^1.2.3", "^1.2"),
    *("^1", "^0.2.3", "^0.0.3", "^0.0", "^0", "~1.2.3", "~1.2", "~1", "~>1.2", "~0.2", ">1.2.3"),
    *(">1.2", ">1", ">=1.2.3", ">=1.2", "<1.2.3", "<1.2", "<=1.2.3", "<=1.2", "<=1", ">=1.2 <2"),
    *(">= 1.2.0 < 1.3.0", "1.2.3 - 1.3.0", "1.2 - 1.3", "1.2.3 - 2", "<1.0.0 || >=1.2.3"),
    *("^0.2 || ^1.3 || 2.x", "0.2.3 1.2.3"),
]
VERSIONS = [
    *("0.0.2", "0.0.3", "0.0.4", "0.2.2", "0.2.3", "0.2.4", "0.3.0", "1.0.0", "1.1.9", "1.2.2"),
    *("1.2.3", "1.2.4", "1.3.0", "1.3.1", "1.9.9", "2.0.0", "2.5.0", "3.0.0"),
]
NPM = (
    "const s=require(process.argv[1]);let [r,v]=JSON.parse(process.argv[2]);"
    "console.log(JSON.stringify(r.map(a=>v.map(b=>s.satisfies(b,a)))))"
)


@pytest.mark.needs("npm")
def test_npm_says_the_same() -> None:
    npm, node = which("npm"), which("node")
    assert npm
    assert node
    library = Path(npm).resolve().parent.parent / "node_modules" / "semver"
    asked = json.dumps([RANGES, VERSIONS])
    done = subprocess.run(  # noqa: S603 (a fixed program)
        [node, "-e", NPM, str(library), asked], capture_output=True, check=True, text=True
    )
    expected = [answer for row in json.loads(done.stdout) for answer in row]
    assert [admits(*pair) for pair in product(RANGES, VERSIONS)] == expected


@pytest.mark.parametrize(
    ("range_", "version", "answer"),
    [
        ("^1.13.0", "1.14.1", True),
        ("~1.13.0", "1.14.1", False),
        ("1.14.0", "1.14.1", False),
        ("0.30.3", "0.30.4", False),
        ("^0.30.3", "0.30.4", True),
        ("latest", "1.14.1", None),
        ("^1.0.0 || next", "2.0.0", None),
        ("^1.0.0 || next", "1.0.0", True),
        ("github:axios/axios", "1.14.1", None),
        ("https://mirror.example/a.tgz", "1.14.1", None),
        ("workspace:^1.0.0", "1.14.1", True),
        ("${{ inputs.version }}", "1.14.1", None),
        (">=1.0.0-rc.1", "1.0.0-rc.2", True),
        (">=1.0.0", "1.0.0-rc.2", False),
        ("*", "1.0.0-rc.2", True),
        ("1.2.3", "no version", None),
        ("1" * 600, "1.2.3", None),
    ],
)
def test_a_range(range_: str, version: str, answer: object) -> None:
    assert admits(range_, version) is answer


def test_an_alias_asks_for_another_package() -> None:
    assert aliased("npm:axios@^1.0.0", "http") == ("axios", "^1.0.0")
    assert aliased("npm:@a/b@1", "http") == ("@a/b", "1")
    assert aliased("npm:@a/b", "http") == ("@a/b", "")
    assert aliased("^1.0.0", "axios") == ("axios", "^1.0.0")
