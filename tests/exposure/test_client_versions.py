"""Which version of a client runs, and whether that one keeps to the lock file that it finds."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardenme.exposure.client_versions import (
    ANY,
    NPM_OF_NODE,
    ROWS,
    Keeping,
    from_version,
    image_versions,
    kept,
    node_versions,
    npm_of,
)
from hardenme.exposure.job_clients import ENABLES
from hardenme.locks.ranges import admits, spans
from tests.exposure.test_judging import BOTH, NOT_SEEN, POSSIBLE, UNKNOWN, ci, look

RESOLVED_ANEW = (
    # client, format, version, frozen: what the real clients passed over, with exit code 0
    ("npm", "3", "6.14.18", False),
    ("pnpm", "5", "9.0.5", False),
    ("pnpm", "5", "9.15.9", False),
    ("pnpm", "5", "10.20.0", False),
    ("pnpm", "6", "5.18.10", False),
    ("pnpm", "6", "10.20.0", False),
    ("pnpm", "9", "5.18.10", False),
    ("pnpm", "9", "7.33.7", False),
    ("pnpm", "9", "8.15.9", False),
    *(("yarn", form, "1.22.22", frozen) for form in ("4", "6", "8") for frozen in (True, False)),
    ("bun", "0", "1.1.38", True),
    ("bun", "0", "1.1.38", False),
    ("bun", "2", "1.3.5", False),
)
NUMBERS = st.tuples(st.integers(0, 26), st.integers(0, 22), st.integers(0, 20))
COMMANDS = sorted(
    {(client, frozen, form) for client, frozen, forms, *_ in ROWS for form in forms.split()}
)


@pytest.mark.parametrize(("client", "form", "version", "frozen"), RESOLVED_ANEW)
def test_what_a_real_client_passed_over_is_not_kept(
    client: str, form: str, version: str, *, frozen: bool
) -> None:
    assert kept(client, form, spans(version) or [], frozen=frozen) is Keeping.NOT
    assert kept(client, form, [ANY], frozen=frozen) <= Keeping.UNSURE


@given(st.sampled_from(COMMANDS), st.lists(NUMBERS, min_size=4, max_size=4))
def test_the_less_is_known_of_a_version_the_less_is_kept(
    command: tuple[str, bool, str], numbers: list[tuple[int, int, int]]
) -> None:
    client, frozen, form = command
    first, low, high, last = sorted(from_version(*one) for one in numbers)
    near, far = (low, high), (first, last)
    inner = kept(client, form, [near], frozen=frozen)
    assert kept(client, form, [far], frozen=frozen) <= max(inner, Keeping.UNSURE) or low == high
    assert kept(client, form, [near, far], frozen=frozen) <= inner
    assert kept(client, form, [], frozen=frozen) == kept(client, form, [ANY], frozen=frozen)


@given(NUMBERS, st.sampled_from(["", "^", "~", ">=", "<", "<=", ">"]))
def test_a_span_has_each_version_that_its_range_admits(
    numbers: tuple[int, int, int], sign: str
) -> None:
    range_ = sign + ".".join(map(str, numbers))
    for asked in ((0, 0, 0), numbers, (numbers[0], numbers[1] + 1, 0), (numbers[0] + 1, 0, 0)):
        version = from_version(*asked)._replace(stable=True)
        admitted = admits(range_, ".".join(map(str, asked)))
        within = any(
            low <= version and (above is None or version < above)
            for low, above in spans(range_) or []
        )
        assert within is admitted


@given(NUMBERS, NUMBERS)
def test_an_older_node_brings_no_newer_npm(
    one: tuple[int, int, int], other: tuple[int, int, int]
) -> None:
    low, high = sorted((from_version(*one), from_version(*other)))
    assert npm_of((low, None))[0] <= npm_of((high, None))[0]
    for of_node, of_npm in NPM_OF_NODE:
        if high <= from_version(*of_node):
            below = npm_of((low, high))[1]
            assert below is not None
            assert below <= from_version(*of_npm)


@pytest.mark.parametrize(
    ("spec", "oldest"),
    [
        ("20", 20),
        ("v16.x", 16),
        ("14.21.3", 14),
        (">=14", 14),
        ("^14 || ^20", 14),
        ("lts/*", 18),
        ("lts/gallium", 16),
        ("lts/erbium", 0),
        ("latest", 18),
        ("20-nightly", 0),
        ("<21", 0),
        ("*", 0),
        ("", 0),
    ],
)
def test_a_wanted_node_leads_to_none_that_is_older(spec: str, oldest: int) -> None:
    assert min(low.line[0] for low, _above in node_versions(spec)) == oldest


@pytest.mark.parametrize(
    ("image", "oldest"),
    [
        ("node", 18),
        ("node:lts-alpine", 18),
        ("node:latest", 18),
        ("node:bookworm-slim", 18),
        ("docker.io/library/node:20-alpine3.19", 20),
        ("node:14.21.3-buster", 14),
        ("node:jod", 22),
        ("node:fermium", 0),
        ("node:erbium-alpine", 0),
        ("node:alpine3.11", 0),
        ("node:stretch", 0),
        ("node:onbuild", 0),
        ("node@sha256:" + "0" * 64, 0),
        ("debian:12", 0),
    ],
)
def test_an_image_has_no_node_that_is_older(image: str, oldest: int) -> None:
    assert min(low.line[0] for low, _above in image_versions(image)) == oldest


@pytest.mark.parametrize(
    ("script", "enabled"),
    [
        ("corepack enable", True),
        ("echo x\nsudo corepack enable yarn\nyarn install", True),
        ("if x; then\n  corepack enable\nfi", False),
        ("false &&\ncorepack enable", False),
        ("cat <<END\ncorepack enable\nEND", False),
        ("exit 0\ncorepack enable", False),
        ("f() {\ncorepack enable\n}", False),
        ("echo corepack enable", False),
    ],
)
def test_a_line_that_may_not_run_enables_nothing(script: str, *, enabled: bool) -> None:
    assert bool(ENABLES.match(script)) is enabled


WHOLE = json.dumps(
    {
        "lockfileVersion": 3,
        "packages": {
            "": {"dependencies": {"axios": "^1.13.0"}},
            "node_modules/axios": {"version": "1.14.0"},
        },
    }
)
NODE = "uses: actions/setup-node@v4\n        with: {{{}}}"
OWN = (
    "inputs: {{node: {{default: '{}'}}}}\nruns:\n  using: composite\n  steps:\n"
    "  - uses: actions/setup-node@v4\n    with: {{node-version: '${{{{ inputs.node }}}}'}}\n"
)


def installed(command: str, *before: str, job: str = "", **files: str) -> object:
    """The grade of a run that installs after other steps, by a lock that fits."""
    steps = "\n      - ".join([*before, f"run: {command}"])
    text = ci(job=job).replace("run: npm ci", steps)
    return look(text, **{"package-lock.json": WHOLE, **files})[0]


@pytest.mark.parametrize(
    ("step", "grade"),
    [
        (NODE.format("node-version: 20"), NOT_SEEN),
        (NODE.format("node-version: lts/*"), NOT_SEEN),
        (NODE.format("node-version: ''"), NOT_SEEN),
        (NODE.format("node-version: '16'"), NOT_SEEN),
        (NODE.format("node-version: 14"), POSSIBLE),
        (NODE.format("node-version: '>=14'"), UNKNOWN),
        (NODE.format("node-version: '${{ vars.NODE }}'"), UNKNOWN),
        (NODE.format("node-version: '${{ matrix.node }}'"), POSSIBLE),
        (NODE.format("node-version: '${{ matrix.new }}'"), NOT_SEEN),
        (NODE.format("node-version-file: .nvmrc"), POSSIBLE),
        (NODE.format("node-version-file: new/.nvmrc"), NOT_SEEN),
        (NODE.format("node-version-file: .tool-versions"), NOT_SEEN),
        (NODE.format("node-version-file: web/package.json"), POSSIBLE),
        (NODE.format("node-version-file: package.json"), UNKNOWN),
        (NODE.format("node-version-file: no-such-file"), UNKNOWN),
        (f"{NODE.format('node-version: 14')}\n        if: github.ref == 'x'", POSSIBLE),
        ("uses: ./tools/old", POSSIBLE),
        ("uses: ./tools/new", NOT_SEEN),
        ("uses: ./tools/old\n        with: {node: 22}", NOT_SEEN),
        ("uses: ./tools/new\n        with: {node: '${{ vars.NODE }}'}", UNKNOWN),
        ("run: sudo apt-get install -y nodejs npm", UNKNOWN),
        ("run: corepack enable npm", UNKNOWN),
    ],
)
def test_npm_keeps_to_its_lock_from_a_version_on(step: str, grade: object) -> None:
    files = {
        ".nvmrc": "v14.21.3\n",
        "new/.nvmrc": "lts/jod",
        ".tool-versions": "python 3.12\nnodejs 22.11.0 # newest\n",
        "web/package.json": '{"engines": {"node": "14.x"}}',
        "tools/old/action.yml": OWN.format("14"),
        "tools/new/action.yml": OWN.format("22"),
    }
    job = "strategy: {matrix: {node: [14, 20], new: [18, 20.x]}}"
    assert installed("npm install", step, job=job, **files) is grade


@pytest.mark.parametrize(
    ("later", "grade"),
    [("", NOT_SEEN), ("if: matrix.x", POSSIBLE), ("continue-on-error: true", POSSIBLE)],
)
def test_a_choice_counts_where_it_surely_was_made(later: str, grade: object) -> None:
    old, new = (NODE.format(f"node-version: {number}") for number in (14, 22))
    assert installed("npm install", old, f"{new}\n        {later}") is grade
    assert installed("npm install", f"parallel: [{{uses: actions/setup-node@v4}}]\n      - {new}")


@pytest.mark.parametrize(
    ("job", "grade"),
    [
        ("container: node:22", NOT_SEEN),
        ("container: node:lts-alpine", NOT_SEEN),
        ("container: node:14-slim", POSSIBLE),
        ("container: debian", UNKNOWN),
        (f"container: node@sha256:{'a' * 64}", UNKNOWN),
    ],
)
def test_an_image_has_the_node_of_its_tag(job: str, grade: object) -> None:
    assert installed("npm install", job=job) is grade


def test_an_old_machine_has_an_old_node() -> None:
    old = ci().replace("npm ci", "npm install").replace("ubuntu-latest", "ubuntu-20.04")
    assert look(old, **{"package-lock.json": WHOLE})[0] is UNKNOWN


BUN = """{{"lockfileVersion": {}, "workspaces": {{"": {{"dependencies": {{"axios": "^1.13.0"}}}}}},
"packages": {{"axios": ["axios@1.14.0", "", {{}}, "sha512-x"]}}}}"""


@pytest.mark.parametrize("command", ["bun install", "bun install --frozen-lockfile", "bun ci"])
@pytest.mark.parametrize(
    ("given", "form", "grade"),
    [
        ("bun-version: 1.1.38", 1, POSSIBLE),
        ("bun-version: 1.2.0", 1, NOT_SEEN),
        ("bun-version: latest", 1, NOT_SEEN),
        ("no-cache: true", 1, NOT_SEEN),
        ("bun-version: 1.x", 1, UNKNOWN),
        ("bun-version-file: .bun-version", 1, UNKNOWN),
        ("bun-version: 1.4.0", 2, NOT_SEEN),
    ],
)
def test_bun_keeps_to_its_lock_from_a_version_on(
    command: str, given: str, form: int, grade: object
) -> None:
    setup = f"uses: oven-sh/setup-bun@v2\n        with: {{{given}}}"
    assert installed(command, setup, **{"bun.lock": BUN.format(form)}) is grade


def test_bun_without_an_input_is_the_one_that_package_json_names() -> None:
    named = BOTH.replace("{", '{"packageManager": "bun@1.1.38", ', 1)
    files = {"package.json": named, "bun.lock": BUN.format(1)}
    assert installed("bun install", "uses: oven-sh/setup-bun@v2", **files) is POSSIBLE
    assert installed("bun install", **{"bun.lock": BUN.format(1)}) is UNKNOWN


PNPM = """lockfileVersion: '{}'
settings:
  autoInstallPeers: true
importers:
  .:
    dependencies:
      axios:
        specifier: ^1.13.0
        version: 1.14.0
packages:
  {}axios@1.14.0: {{}}
"""


@pytest.mark.parametrize(
    ("manager", "form", "grade"),
    [
        ("pnpm@10.20.0", "9.0", NOT_SEEN),
        ("pnpm@10.20.0+sha512.aa", "9.0", NOT_SEEN),
        ("pnpm@8.15.9", "9.0", POSSIBLE),
        ("pnpm@8.15.9", "6.0", NOT_SEEN),
        ("pnpm@10.20.0", "6.0", POSSIBLE),
        ("npm@11.0.0", "9.0", UNKNOWN),
    ],
)
def test_pnpm_passes_over_a_lock_of_another_version(manager: str, form: str, grade: object) -> None:
    named = BOTH.replace("{", f'{{"packageManager": "{manager}", ', 1)
    files = {"package.json": named, "pnpm-lock.yaml": PNPM.format(form, "/" * (form == "6.0"))}
    for command in ("pnpm install", "pnpm install --no-frozen-lockfile", "pnpm prune"):
        assert installed(f"corepack enable && {command}", **files) is grade
    assert installed("pnpm install --frozen-lockfile", **files) is NOT_SEEN


@pytest.mark.parametrize(
    ("job", "before", "grade"),
    [
        ("", "true", NOT_SEEN),
        ("container: node:22", "true", POSSIBLE),
        ("container: node:22", "corepack enable", NOT_SEEN),
        ("env: {SKIP_YARN_COREPACK_CHECK: 1}", "true", UNKNOWN),
    ],
)
def test_an_old_yarn_does_not_heed_which_one_is_named(job: str, before: str, grade: object) -> None:
    lock = (
        '__metadata:\n  version: 8\n"axios@npm:^1.13.0":\n  version: 1.14.0\n'
        '  resolution: "axios@npm:1.14.0"\n  linkType: hard\n'
        '"p@workspace:.":\n  resolution: "p@workspace:."\n  linkType: soft\n'
    )
    named = BOTH.replace("{", '{"packageManager": "yarn@4.5.3", ', 1)
    files = {"package.json": named, "yarn.lock": lock}
    command = "yarn install --immutable"
    assert installed(command, f"run: {before}", job=job, **files) is grade


@pytest.mark.parametrize("command", ["npm install --frozen-lockfile", "npm i --immutable"])
def test_an_option_that_a_client_has_not_freezes_nothing(command: str) -> None:
    other = WHOLE.replace("^1.13.0", "^1.12.0")
    assert installed(command, **{"package-lock.json": other}) is POSSIBLE


@pytest.mark.parametrize("setting", ["auto-install-peers=true", "resolution-mode=highest"])
def test_pnpm_resolves_anew_by_settings_where_it_need_not_keep_to_its_lock(setting: str) -> None:
    named = BOTH.replace("{", '{"packageManager": "pnpm@10.20.0", ', 1)
    files = {"package.json": named, "pnpm-lock.yaml": PNPM.format("9.0", "")}
    assert installed("pnpm install", **files) is NOT_SEEN
    assert installed("pnpm install", **files, **{".npmrc": setting}) is not NOT_SEEN
    assert installed("pnpm install --frozen-lockfile", **files, **{".npmrc": setting}) is NOT_SEEN
    other = files | {"pnpm-lock.yaml": PNPM.format("9.0", "").replace("true", "false")}
    assert installed("pnpm install", **other) is not NOT_SEEN


@pytest.mark.parametrize(
    ("pattern", "key", "grade"),
    [
        ("axios", "axios@1.14.0, axios@^1.13.0", NOT_SEEN),
        ("**/axios", "axios@1.14.0, axios@^1.13.0", NOT_SEEN),
        ("a/b/axios", "axios@1.14.0, axios@^1.13.0", NOT_SEEN),
        ("axios", "axios@^1.13.0", POSSIBLE),
    ],
)
def test_yarn_1_resolves_anew_what_package_json_has_in_place_of_a_range(
    pattern: str, key: str, grade: object
) -> None:
    named = BOTH.replace("{", f'{{"resolutions": {{"{pattern}": "1.14.0"}}, ', 1)
    lock = f'# yarn lockfile v1\n\n{key}:\n  version "1.14.0"\n'
    command = "yarn install --frozen-lockfile"
    assert installed(command, **{"package.json": named, "yarn.lock": lock}) is grade


@pytest.mark.parametrize("later", ["continue-on-error: true", "if: always()"])
def test_a_checkout_that_may_have_failed_brings_no_commit(later: str) -> None:
    text = ci().replace("actions/checkout@v4", f"actions/checkout@v4\n        {later}")
    assert look(text)[0] is UNKNOWN
    assert look(ci())[0] is NOT_SEEN


def test_a_lock_of_the_format_that_no_client_is_known_to_keep_to_decides_nothing() -> None:
    old = '{"dependencies": {"axios": {"version": "1.14.0"}}}'
    assert installed("npm ci", **{"package-lock.json": old}) is NOT_SEEN
    assert installed("npm install", **{"package-lock.json": old}) is POSSIBLE
    setup = NODE.format("node-version: 16")
    assert installed("npm ci", setup, **{"package-lock.json": old}) is UNKNOWN
