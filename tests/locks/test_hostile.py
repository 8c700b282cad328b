"""Lock files by hand: names that deceive, dependencies from elsewhere, files that are broken."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from hardenme.locks.contents import PackageVersion, Resolved
from hardenme.locks.reading import is_lock, lock_file

AXIOS = PackageVersion("axios", "1.14.1")
ARCHIVE = "https://mirror.example/npm/axios/-/axios-1.14.1.tgz"


def npm(packages: dict[str, Any] | None = None, **more: Any) -> str:
    return json.dumps({"lockfileVersion": 3, "packages": packages or {}, **more})


def pnpm(packages: str, importers: str = "", number: str = "'9.0'") -> str:
    return f"lockfileVersion: {number}\n{importers}\npackages:\n{packages}"


def berry(entries: str) -> str:
    """A lock of a later yarn: its own project, and these entries."""
    whole = re.sub(r"(?m)^(  resolution: .*)$", r"\1\n  linkType: hard", entries)
    return f"__metadata:\n  version: 8\n\n{PROJECT}{whole}"


def bun(*entry: Any) -> str:
    return json.dumps({"lockfileVersion": 1, "packages": {"al": list(entry)}})


PROJECT = '"p@workspace:.":\n  version: 0.0.0\n  resolution: "p@workspace:."\n  linkType: soft\n'
V1 = "# yarn lockfile v1\n\n"
FOUND = {
    "npm: plain": ("package-lock.json", npm({"node_modules/axios": {"version": "1.14.1"}})),
    "npm: nested": (
        "package-lock.json",
        npm({"node_modules/a/node_modules/axios": {"version": "1.14.1"}}),
    ),
    "npm: in a workspace": (
        "package-lock.json",
        npm({"packages/a/node_modules/axios": {"version": "1.14.1"}}),
    ),
    "npm: alias": (
        "package-lock.json",
        npm({"node_modules/http": {"name": "axios", "version": "1.14.1"}}),
    ),
    "npm: another name, and the address of the archive": (
        "package-lock.json",
        npm({"node_modules/left-pad": {"version": "1.3.0", "resolved": ARCHIVE}}),
    ),
    "npm: archive without a version": (
        "package-lock.json",
        npm({"node_modules/left-pad": {"resolved": ARCHIVE + "?a=b"}}),
    ),
    "npm: in the list for old clients alone": (
        "package-lock.json",
        npm(
            {},
            dependencies={
                "a": {"version": "1.0.0", "dependencies": {"axios": {"version": "1.14.1"}}}
            },
        ),
    ),
    "npm 1: alias": (
        "npm-shrinkwrap.json",
        json.dumps({"lockfileVersion": 1, "dependencies": {"x": {"version": "npm:axios@1.14.1"}}}),
    ),
    "npm 1: address": (
        "package-lock.json",
        json.dumps({"lockfileVersion": 1, "dependencies": {"x": {"version": ARCHIVE}}}),
    ),
    "pnpm 5": (
        "pnpm-lock.yaml",
        pnpm("  /axios/1.14.1_debug@4.4.1:\n    dev: false\n", number="5.4"),
    ),
    "pnpm 5: registry in front": (
        "pnpm-lock.yaml",
        pnpm("  mirror.example/axios/1.14.1:\n    dev: false\n", number="5.4"),
    ),
    "pnpm 6": (
        "pnpm-lock.yaml",
        pnpm("  /axios@1.14.1(debug@4.4.1):\n    dev: false\n", number="'6.0'"),
    ),
    "pnpm 9": ("pnpm-lock.yaml", pnpm("  axios@1.14.1:\n    engines: {node: '>=8'}\n")),
    "pnpm 9: flow style": ("pnpm-lock.yaml", pnpm("  {'axios@1.14.1': {}}\n")),
    "pnpm 9: anchor": ("pnpm-lock.yaml", pnpm("  ? axios@1.14.1\n  : &a {hasBin: true}\n")),
    "pnpm 9: a patched one": (
        "pnpm-lock.yaml",
        pnpm("  axios@1.14.1(patch_hash=abc):\n    hasBin: true\n"),
    ),
    "pnpm 9: archive": (
        "pnpm-lock.yaml",
        pnpm(f"  al@{ARCHIVE}:\n    resolution: {{tarball: {ARCHIVE}}}\n    version: 9.9.9\n"),
    ),
    "pnpm 9: second document": (
        "pnpm-lock.yaml",
        pnpm("  a@1.0.0: {}\n") + "---\n" + pnpm("  axios@1.14.1: {}\n"),
    ),
    "pnpm: of a branch": ("pnpm-lock.main.yaml", pnpm("  axios@1.14.1: {}\n")),
    "yarn 1": ("yarn.lock", V1 + 'axios@^1.0.0, axios@^1.14.0:\n  version "1.14.1"\n'),
    "yarn 1: alias": ("yarn.lock", V1 + '"http@npm:axios@^1.0.0":\n  version "1.14.1"\n'),
    "yarn 1: address": ("yarn.lock", V1 + f'"x@{ARCHIVE}":\n  version "9.9.9"\n'),
    "yarn 1: resolved": (
        "yarn.lock",
        V1 + f'x@^1.0.0:\n  version "1.0.0"\n  resolved "{ARCHIVE}#ab"\n',
    ),
    "yarn 1: by Windows": ("yarn.lock", V1 + 'axios@^1.0.0:\r\n  version "1.14.1"\r\n'),
    "berry": (
        "yarn.lock",
        berry('"axios@npm:^1.0.0":\n  version: 1.14.1\n  resolution: "axios@npm:1.14.1"\n'),
    ),
    "berry: alias": (
        "yarn.lock",
        berry('"h@npm:axios@^1":\n  version: 1.14.1\n  resolution: "axios@npm:1.14.1"\n'),
    ),
    "berry: patch": (
        "yarn.lock",
        berry(
            '"axios@patch:axios@npm%3A1.14.1#~/p.patch":\n  version: 1.14.0\n'
            '  resolution: "axios@patch:axios@npm%3A1.14.1#~/p.patch::version=1.14.1&hash=ab"\n'
        ),
    ),
    "bun": ("bun.lock", bun("axios@1.14.1", "", {}, "sha512-x")),
    "bun: address": ("bun.lock", bun("x@1.0.0", ARCHIVE, {}, "sha512-x")),
    "bun: archive": ("bun.lock", bun(f"x@{ARCHIVE}", {})),
}


@pytest.mark.parametrize("case", FOUND)
def test_the_version_is_found(case: str) -> None:
    assert lock_file(*encoded(FOUND[case])).holds(AXIOS).held is Resolved.YES


@pytest.mark.parametrize("case", FOUND)
def test_another_version_and_another_name_are_not_found(case: str) -> None:
    lock = lock_file(*encoded(FOUND[case]))
    for other in (PackageVersion("axios", "1.14.2"), PackageVersion("axio", "1.14.1")):
        assert lock.holds(other).held is not Resolved.YES


UNKNOWN = {
    "npm: from git": (
        "package-lock.json",
        npm({"node_modules/axios": {"resolved": "git+ssh://git@github.com/axios/axios.git#ab"}}),
    ),
    "npm 1: from git": (
        "package-lock.json",
        json.dumps(
            {"lockfileVersion": 1, "dependencies": {"axios": {"version": "github:axios/axios#ab"}}}
        ),
    ),
    "pnpm: from git": (
        "pnpm-lock.yaml",
        pnpm("  axios@https://codeload.github.com/axios/axios/tar.gz/ab: {}\n"),
    ),
    "yarn 1: without a version": (
        "yarn.lock",
        V1 + '"axios@git+https://github.com/axios/axios.git":\n  uid ab\n',
    ),
    "bun: from git": ("bun.lock", bun("axios@github:axios/axios#ab", {}, "ab")),
    "empty": ("package-lock.json", ""),
    "JSON of a list": ("package-lock.json", "[]"),
    "npm: cut": ("package-lock.json", npm({"node_modules/a": {"version": "1.0.0"}})[:-3]),
    "npm: of a later version": ("package-lock.json", npm({}, lockfileVersion=4)),
    "npm: without packages": ("package-lock.json", '{"lockfileVersion": 3}'),
    "npm: the same name twice": (
        "package-lock.json",
        '{"lockfileVersion": 3, "packages": {"node_modules/axios": {}}, "packages": {}}',
    ),
    "npm: a version that is a number": (
        "package-lock.json",
        npm({"node_modules/axios": {"version": 1}}),
    ),
    "npm: an entry that is a text": ("package-lock.json", npm({"node_modules/axios": "1.14.1"})),
    "npm: nested without end": (
        "package-lock.json",
        '{"lockfileVersion":1,"dependencies":' + '{"a":{"dependencies":' * 9000,
    ),
    "npm: a conflict": ("package-lock.json", "<<<<<<< HEAD\n" + npm({})),
    "npm: bytes": ("package-lock.json", b'{"lockfileVersion": 3, "packages": {"\xff": {}}}'),
    "pnpm: of a later version": ("pnpm-lock.yaml", pnpm("  a@1.0.0: {}\n", number="'10.0'")),
    "pnpm: without a version": ("pnpm-lock.yaml", "packages:\n  a@1.0.0: {}\n"),
    "pnpm: the same key twice": ("pnpm-lock.yaml", pnpm("  a@1.0.0: {}\n  a@1.0.0: {}\n")),
    "pnpm: a conflict": ("pnpm-lock.yaml", pnpm("  a@1.0.0: {}\n<<<<<<< HEAD\n")),
    "pnpm: a merge key": ("pnpm-lock.yaml", pnpm("  <<: {axios@1.14.1: {}}\n")),
    "pnpm: what is used is not listed": (
        "pnpm-lock.yaml",
        pnpm(
            "  a@1.0.0: {}\n",
            "importers:\n  .:\n    dependencies:\n      axios: {specifier: ^1, version: 1.14.1}\n",
        ),
    ),
    "pnpm 5: what is used is not listed": (
        "pnpm-lock.yaml",
        pnpm("  /a/1.0.0:\n    dependencies: {axios: 1.14.1}\n", number="5.4"),
    ),
    "yarn 1: a line of another kind": ("yarn.lock", V1 + 'a@1:\n  version "1.0.0"\n<<<<<<< HEAD\n'),
    "yarn 1: what is used is not listed": (
        "yarn.lock",
        V1 + 'a@1:\n  version "1.0.0"\n  dependencies:\n    axios "^1.0.0"\n',
    ),
    "yarn 1: a field twice": ("yarn.lock", V1 + 'a@1:\n  version "1.14.1"\n  version "1.0.0"\n'),
    "berry: of a later version": ("yarn.lock", "__metadata:\n  version: 99\n"),
    "berry: without a version": ("yarn.lock", '"a@npm:1":\n  version: 1.0.0\n'),
    "berry: without a resolution": ("yarn.lock", berry('"axios@npm:1":\n  version: 1.14.1\n')),
    "berry: what is used is not listed": (
        "yarn.lock",
        berry(
            '"a@npm:1":\n  version: 1.0.0\n  resolution: "a@npm:1.0.0"\n'
            '  dependencies:\n    axios: "npm:^1"\n'
        ),
    ),
    "berry: an entry without its last line": (
        "yarn.lock",
        f'{berry("")}"a@npm:1":\n  version: 1.0.0\n  resolution: "a@npm:1.0.0"\n',
    ),
    "berry: without the project": (
        "yarn.lock",
        berry('"a@npm:1":\n  version: 1.0.0\n  resolution: "a@npm:1.0.0"\n').replace(PROJECT, ""),
    ),
    "berry: what the project uses is not listed": (
        "yarn.lock",
        berry("").replace("  linkType", '  dependencies:\n    axios: "npm:^1"\n  linkType'),
    ),
    "bun: of a later version": ("bun.lock", '{"lockfileVersion": 3, "packages": {}}'),
    "bun: a comment": ("bun.lock", '{"lockfileVersion": 1, /* "packages": {} */ "packages": {}}'),
    "bun: an entry of another form": ("bun.lock", bun({"axios": "1.14.1"})),
    "bun: binary": ("bun.lockb", b"#!/usr/bin/env bun\nbun-lockfile-format-v0\n\0\0"),
    "bun: empty binary": ("bun.lockb", b""),
    "deno": ("deno.lock", "{}"),
    "vlt": ("vlt-lock.json", "{}"),
}


@pytest.mark.parametrize("case", UNKNOWN)
def test_what_is_not_understood_is_unknown(case: str) -> None:
    answer = lock_file(*encoded(UNKNOWN[case])).holds(AXIOS)
    assert answer.held is Resolved.UNKNOWN
    assert answer.why


NOT_THERE = {
    "npm: a workspace of that name": npm({"axios": {"version": "1.14.1"}}),
    "npm: a link": npm({"node_modules/axios": {"link": True, "resolved": "packages/axios"}}),
    "npm: a name with it at its end": npm({"node_modules/@fork/axios": {"version": "1.14.1"}}),
    "npm: a folder of that name": npm({"node_modules/axios/node_modules/a": {"version": "1.14.1"}}),
    "npm: an archive of another scope": npm(
        {
            "node_modules/x": {
                "version": "1.0.0",
                "resolved": "https://m.example/@a/bxios/-/axios-1.14.1.tgz",
            }
        }
    ),
    "npm: in a text": npm({"node_modules/a": {"version": "1.0.0", "license": "axios@1.14.1"}}),
}


@pytest.mark.parametrize("case", NOT_THERE)
def test_a_name_that_only_looks_alike_is_not_it(case: str) -> None:
    assert lock_file("package-lock.json", NOT_THERE[case].encode()).holds(AXIOS).held is Resolved.NO


@pytest.mark.parametrize(
    "path", ["package-lock.json", "a/b/yarn.lock", "pnpm-lock.main.yaml", "bun.lockb", "deno.lock"]
)
def test_a_lock_is_known_by_its_name(path: str) -> None:
    assert is_lock(path)
    assert not is_lock(f"{path}.md")


def test_names_that_differ_in_case_are_two_packages() -> None:
    lock = lock_file(
        "pnpm-lock.yaml", pnpm("  JSONStream@1.0.0: {}\n  jsonstream@1.0.3: {}\n").encode()
    )
    assert lock.holds(PackageVersion("jsonstream", "1.0.3")).held is Resolved.YES
    assert lock.holds(PackageVersion("JSONStream", "1.0.3")).held is Resolved.NO


def encoded(case: tuple[str, str | bytes]) -> tuple[str, bytes]:
    name, content = case
    return name, content if isinstance(content, bytes) else content.encode()
