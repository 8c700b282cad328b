"""Machines, images, actions and their inputs, and what of them leaves a lock file to decide."""

from __future__ import annotations

import json

import pytest

from hardenme.model.exposure import ExposureGrade
from tests.exposure.test_judging import NOT_SEEN, UNKNOWN, ci, look

CHECKOUT = "uses: actions/checkout@v4"
HEALTH = '--health-cmd "pg_isready -U x" --health-interval 10s --health-retries 5'
CACHE_OF_MATRIX = "uses: actions/cache@v4"
MATRIX = "strategy: {{matrix: {{os: [{}]}}}}"


@pytest.mark.parametrize(
    ("machine", "grade"),
    [
        ("ubuntu-24.04", NOT_SEEN),
        ("macos-latest", NOT_SEEN),
        ("windows-latest", NOT_SEEN),
        ("ubuntu-24.04-arm", NOT_SEEN),
        ("macos-15-intel", NOT_SEEN),
        ("windows-11-arm", NOT_SEEN),
        ("ubuntu-latest-8-cores", UNKNOWN),
        ("macos-builder", UNKNOWN),
        ("windows-2025-mine", UNKNOWN),
        ("[self-hosted, linux]", UNKNOWN),
        ("{group: builders}", UNKNOWN),
        ("build-machine", UNKNOWN),
        ("${{ inputs.machine }}", UNKNOWN),
        ("${{ matrix.os }}", UNKNOWN),
    ],
)
def test_a_machine_of_one_s_own_has_what_was_left_on_it(machine: str, grade: ExposureGrade) -> None:
    assert look(ci().replace("ubuntu-latest", machine))[0] is grade


@pytest.mark.parametrize(
    ("values", "grade"),
    [("ubuntu-latest, windows-latest", NOT_SEEN), ("ubuntu-latest, mine", UNKNOWN)],
)
def test_the_machines_of_a_matrix_are_those_that_it_lists(
    values: str, grade: ExposureGrade
) -> None:
    text = ci(job=MATRIX.format(values)).replace("ubuntu-latest\n", "${{ matrix.os }}\n")
    assert look(text)[0] is grade


@pytest.mark.parametrize(
    ("values", "script", "grade"),
    [
        ("[package-lock.json]", "rm -f ${{ matrix.x }}", UNKNOWN),
        ("[a, package]", "echo 1 > ${{ matrix.x }}.json", UNKNOWN),
        ("['-exec ./build +']", "find . ${{ matrix.x }}", UNKNOWN),
        ("[--upload-pack=./build]", "git fetch ${{ matrix.x }}", UNKNOWN),
        ("[web, dist]", "npm ci --prefix ${{ matrix.x }}", UNKNOWN),
        ("[web]", "npm ci --prefix ${{ matrix.x }}", NOT_SEEN),
        ("[20, 22]", "echo ${{ matrix.x }} > x.txt", NOT_SEEN),
        ("[a, b]", "rm -f ${{ matrix.x }}.txt", NOT_SEEN),
        ("['${{ inputs.x }}']", "echo ${{ matrix.x }}", UNKNOWN),
        (f"{list(range(40))}", "rm -f ${{ matrix.x }}.txt", UNKNOWN),
    ],
)
def test_a_script_is_judged_with_each_value_of_the_matrix(
    values: str, script: str, grade: ExposureGrade
) -> None:
    run = f"run: {json.dumps(script)}\n      - run: npm ci"
    text = ci(job=f"strategy: {{matrix: {{x: {values}}}}}").replace("run: npm ci", run)
    assert look(text, **{"web/package.json": "{}"})[0] is grade


def test_a_value_that_not_each_part_of_a_matrix_has_may_be_empty() -> None:
    step = "run: npm ci --prefix web/${{ matrix.x }}"
    matrix = "strategy: {matrix: {os: [a], include: [{os: b, x: web}]}}"
    text = ci(job=matrix).replace("run: npm ci", f"{step}\n      - run: echo > ${{{{ matrix.x }}}}")
    assert look(text, **{"web/web/package.json": "{}"})[0] is UNKNOWN


def test_a_script_on_a_machine_with_another_shell_is_taken_as_that_takes_it() -> None:
    script = "run: node -p \"'x'\""
    for step in (ci(), ci(step="shell: bash")):
        assert look(step.replace("run: npm ci", "run: echo `true`"))[0] is NOT_SEEN
    text = ci().replace("run: npm ci", "run: echo `true`")
    assert look(text.replace("ubuntu", "windows"))[0] is UNKNOWN
    assert look(ci().replace("run: npm ci", script).replace("ubuntu", "windows"))[0] is UNKNOWN


@pytest.mark.parametrize(
    ("job", "grade"),
    [
        ("container: node:22", NOT_SEEN),
        ("container: {image: 'node:22', options: --user root}", NOT_SEEN),
        ("container: registry.example/builder:1", UNKNOWN),
        ("container: '${{ inputs.image }}'", UNKNOWN),
        ("container: {image: 'node:22', volumes: ['/x:/y']}", UNKNOWN),
        ("container: {image: 'node:22', options: '-e PATH=/x'}", UNKNOWN),
        ("services: {db: {image: 'postgres:16', ports: ['5432']}}", NOT_SEEN),
        ("services: {app: {image: registry.example/app}}", UNKNOWN),
        ("services: {app: {image: 'node:22', command: npx axios}}", UNKNOWN),
        ("services: {app: {image: 'node:22', entrypoint: ./x}}", UNKNOWN),
        ("services: {app: {image: 'node:22', options: '--entrypoint x'}}", UNKNOWN),
        ("services: {app: {image: 'node:22', volumes: ['/home:/w']}}", UNKNOWN),
        ("services: {app: {image: 'node:22', options: '--health-cmd \"npm i x\"'}}", UNKNOWN),
        (f"services: {{db: {{image: 'postgres:16', options: '{HEALTH}'}}}}", NOT_SEEN),
        ("services: '${{ fromJSON(inputs.services) }}'", UNKNOWN),
    ],
)
def test_an_image_that_is_not_listed_was_not_read(job: str, grade: ExposureGrade) -> None:
    assert look(ci(job=job))[0] is grade


@pytest.mark.parametrize(
    ("given", "grade"),
    [
        ("fetch-depth: 0", NOT_SEEN),
        ("persist-credentials: false", NOT_SEEN),
        ("ref: '${{ github.sha }}'", NOT_SEEN),
        ("submodules: false", NOT_SEEN),
        ("ref: main", UNKNOWN),
        ("ref: '${{ github.ref }}'", UNKNOWN),
        ("repository: a/b", UNKNOWN),
        ("submodules: true", UNKNOWN),
        ("sparse-checkout: package.json", UNKNOWN),
        ("an-input-of-tomorrow: x", UNKNOWN),
    ],
)
def test_a_checkout_brings_the_whole_commit_of_the_run(given: str, grade: ExposureGrade) -> None:
    used = f"{CHECKOUT}\n        with: {{{given}}}"
    assert look(ci().replace(CHECKOUT, used))[0] is grade


@pytest.mark.parametrize(
    ("step", "grade"),
    [
        ("uses: actions/cache@v4\n        with: {path: ~/.npm, key: a}", NOT_SEEN),
        ("uses: actions/cache@v4\n        with: {path: '**/node_modules', key: a}", NOT_SEEN),
        ("uses: actions/cache@v4\n        with: {path: ., key: a}", UNKNOWN),
        ("uses: actions/cache@v4\n        with: {path: package-lock.json, key: a}", UNKNOWN),
        ("uses: actions/cache@v4\n        with: {path: '*', key: a}", UNKNOWN),
        ("uses: actions/cache@v4\n        with: {path: '${{ env.X }}', key: a}", UNKNOWN),
        ("uses: actions/cache@v4\n        with: {path: ~/.config, key: a}", UNKNOWN),
        ("uses: actions/cache@v4\n        with: {path: /usr/local, key: a}", UNKNOWN),
        (
            "uses: actions/cache@v4\n        with: {path: '${{ github.workspace }}', key: a}",
            UNKNOWN,
        ),
        ("uses: actions/cache@v4\n        with: {path: dist/.., key: a}", UNKNOWN),
        ("uses: actions/cache@v4\n        with: {path: .next/cache, key: a}", NOT_SEEN),
        ("uses: actions/download-artifact@v4\n        with: {path: x/..}", UNKNOWN),
        ("uses: actions/download-artifact@v4\n        with: {path: /home/runner}", UNKNOWN),
        ("uses: actions/setup-node@v4\n        with: {node-version: 22, cache: npm}", NOT_SEEN),
        ("uses: actions/setup-node@v4\n        with: {mirror: 'https://x.example'}", UNKNOWN),
        ("uses: actions/download-artifact@v4\n        with: {path: dist}", NOT_SEEN),
        ("uses: actions/download-artifact@v4\n        with: {name: dist}", UNKNOWN),
        ("uses: actions/download-artifact@v4\n        with: {path: web}", UNKNOWN),
        ("uses: actions/download-artifact@v4\n        with: {run-id: 7, path: dist}", UNKNOWN),
        (f"{CACHE_OF_MATRIX}\n        with: {{path: '${{{{ matrix.os }}}}', key: a}}", UNKNOWN),
        ("uses: actions/attest-sbom@v4", NOT_SEEN),
        ("uses: stefanzweifel/git-auto-commit-action@v5", UNKNOWN),
        ("uses: docker://node:22", UNKNOWN),
        ("uses: actions/setup-python@v5\n        with: {python-version: 3.13}", NOT_SEEN),
        ("uses: actions/setup-python@v5\n        with: {pip-install: nodeenv}", UNKNOWN),
        ("uses: actions/setup-java@v4\n        with: {settings-path: .}", UNKNOWN),
        ("uses: actions/setup-go@v5\n        with: {go-version: 1.25}", NOT_SEEN),
    ],
)
def test_an_action_brings_no_other_files(step: str, grade: ExposureGrade) -> None:
    text = ci().replace("- run: npm ci", f"- {step}\n      - run: npm ci")
    assert look(text, **{"web/package.json": "{}"})[0] is grade


def test_a_cache_is_where_a_client_says_that_it_is() -> None:
    path = "path: '${{ steps.dir.outputs.dir }}'"
    cache = f"uses: actions/cache@v4\n        with: {{{path}, key: a}}"
    ask = 'run: echo "dir=$(npm config get cache)" >> "$GITHUB_OUTPUT"\n        id: dir'
    text = ci().replace("- run: npm ci", f"- {ask}\n      - {cache}\n      - run: npm ci")
    assert look(text)[0] is NOT_SEEN
    assert look(text.replace("npm config get cache", "cat dir"))[0] is UNKNOWN


def test_without_a_checkout_no_file_of_the_commit_decides() -> None:
    assert look(ci().replace(f"- {CHECKOUT}\n", "- run: echo\n"))[0] is UNKNOWN
    late = ci().replace(f"- {CHECKOUT}\n      - run: npm ci", f"- run: npm ci\n      - {CHECKOUT}")
    assert look(late)[0] is UNKNOWN
    assert look(ci().replace(CHECKOUT, f"{CHECKOUT}\n        if: false"))[0] is UNKNOWN
