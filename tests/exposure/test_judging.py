"""What the files of a run's commit come to, without asking anyone."""

from __future__ import annotations

import pytest

from hardenme.exposure.asked import asked
from hardenme.exposure.judging import judged, reached
from hardenme.exposure.reach import NOT_KNOWN
from hardenme.model.exposure import (
    CommitFiles,
    ExecutedStep,
    ExposureGrade,
    RunAttempt,
    graded,
)
from hardenme.model.reached import can_publish
from tests.cli.exposed.search_scene import FILE, INSIDE, SHA, lock

NOT_SEEN, POSSIBLE, UNKNOWN = (
    ExposureGrade.NOT_SEEN,
    ExposureGrade.POSSIBLE,
    ExposureGrade.UNKNOWN,
)
RUN = RunAttempt(2, 1, "push", FILE, SHA, INSIDE, INSIDE, INSIDE, "")
BOTH = '{"dependencies": {"axios": "^1.13.0"}}'


def look(ci: str, **more: str) -> tuple[ExposureGrade, list[str]]:
    """The grade of a run by this workflow, whose lock has another version, and its reach."""
    texts = {
        FILE: ci.encode(),
        "package.json": BOTH.encode(),
        "package-lock.json": lock(axios="1.14.0"),
        **{name: text.encode() for name, text in more.items()},
    }
    files = CommitFiles({name: name for name in texts}, texts)
    signs, reach = judged(RUN, files, [asked("axios@1.14.1")])
    return graded(signs), reach


CI = """
on: push
{workflow}
jobs:
  build:
    runs-on: ubuntu-latest
    {job}
    steps:
      - uses: actions/checkout@v4
      - run: npm ci
        {step}
"""


def ci(workflow: str = "", job: str = "", step: str = "") -> str:
    return CI.format(workflow=workflow, job=job, step=step)


HEEDS_NOT = "env: {npm_config_package_lock: false}"


@pytest.mark.parametrize(
    "text",
    [
        ci(HEEDS_NOT),
        ci(job=HEEDS_NOT),
        ci(step=HEEDS_NOT),
        ci(job=f"container: {{image: node, {HEEDS_NOT}}}"),
        ci("env: ${{ fromJSON(vars.ENV) }}"),
        ci(step='env: {NODE_OPTIONS: "-r ./hook.js"}'),
    ],
)
def test_a_setting_by_a_variable_is_not_passed_over(text: str) -> None:
    assert look(text)[0] is UNKNOWN


def test_a_setting_of_an_own_action_s_step_is_not_passed_over() -> None:
    own = f"runs:\n  using: composite\n  steps: [{{run: npm ci, shell: bash, {HEEDS_NOT}}}]\n"
    used = ci().replace("run: npm ci", "uses: ./.github/setup")
    assert look(used, **{".github/setup/action.yml": own})[0] is UNKNOWN
    called = used.replace("./.github/setup", "./.github/setup\n        " + HEEDS_NOT)
    plain = own.replace(f", {HEEDS_NOT}", "")
    assert look(called, **{".github/setup/action.yml": plain})[0] is UNKNOWN
    assert look(used, **{".github/setup/action.yml": plain})[0] is NOT_SEEN


@pytest.mark.parametrize(
    "text",
    [
        ci(),
        ci("env: {CI: true, NPM_CONFIG_FUND: false}"),
        ci(step="env: {NODE_AUTH_TOKEN: x, NPM_CONFIG_PACKAGE_LOCK: true}"),
        ci(HEEDS_NOT).replace("npm ci", "git status"),
    ],
)
def test_what_changes_no_version_leaves_the_lock_to_decide(text: str) -> None:
    assert look(text)[0] is NOT_SEEN


@pytest.mark.parametrize(
    ("name", "text", "grade"),
    [
        (".npmrc", "package-lock=false", UNKNOWN),
        ("web/.npmrc", "package-lock=false", UNKNOWN),
        (".npmrc", "fund=false", NOT_SEEN),
        (".yarnrc.yml", "a: [", UNKNOWN),
        ("node_modules/a/.npmrc", "package-lock=false", NOT_SEEN),
    ],
)
def test_settings_in_the_repository_are_read(name: str, text: str, grade: ExposureGrade) -> None:
    assert look(ci(), **{name: text})[0] is grade


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (ci("permissions: {id-token: write}"), True),
        (ci("permissions: write-all"), True),
        (ci(job="permissions: {id-token: write}"), True),
        (ci("permissions: {id-token: write}", job="permissions: {contents: read}"), False),
        (ci("permissions: {contents: read}"), False),
        (ci(), False),
    ],
)
def test_the_rights_of_a_workflow_are_those_of_its_jobs(text: str, *, expected: bool) -> None:
    assert any(one.startswith("OIDC") for one in look(text)[1]) is expected


def test_a_called_workflow_has_the_rights_of_its_caller() -> None:
    uses = "jobs: {a: {uses: ./.github/workflows/b.yml}}"
    calls = f"on: push\npermissions: {{id-token: write}}\n{uses}\n"
    assert look(calls, **{".github/workflows/b.yml": ci()})[1][0].startswith("OIDC")


@pytest.mark.parametrize(
    ("workflow", "job", "token", "publishes"),
    [
        ("", "", ", with the default rights of the repository: what it wrote stays", False),
        ("permissions: read-all", "", ", which can only read", False),
        ("permissions: {}", "", ", which can only read", False),
        ("permissions: {id-token: write}", "", ", which can only read", False),
        ("permissions: write-all", "", ", which can write everything: what it wrote stays", True),
        (
            "permissions: {contents: write, packages: write, issues: read}",
            "",
            ", which can write contents, packages: what it wrote stays",
            True,
        ),
        (
            "permissions: write-all",
            "permissions: {contents: write}",
            ", which can write contents: what it wrote stays",
            False,
        ),
    ],
)
def test_the_token_of_a_job_is_named_with_its_rights(
    workflow: str, job: str, token: str, *, publishes: bool
) -> None:
    reach = look(ci(workflow, job))[1]
    assert f"GITHUB_TOKEN{token}" in reach
    assert can_publish(f"GITHUB_TOKEN{token}") is publishes


def test_a_called_workflow_can_do_no_more_than_its_caller_says() -> None:
    caller = (
        "on: push\njobs:\n  a:\n    permissions: {packages: write}\n"
        "    uses: ./.github/workflows/called.yml\n"
    )
    reach = look(caller, **{".github/workflows/called.yml": ci()})[1]
    assert "GITHUB_TOKEN, which can write packages: what it wrote stays" in reach


@pytest.mark.parametrize(
    "files",
    [
        {FILE: "jobs: ["},
        {FILE: "on: push\njobs:\n  a:\n    uses: ./.github/workflows/gone.yml\n"},
        {FILE: "on: push\njobs:\n  a:\n    uses: acme/ci/.github/workflows/x.yml@v1\n"},
    ],
)
def test_what_a_workflow_could_reach_that_was_not_read_is_not_nothing(
    files: dict[str, str],
) -> None:
    grade, reach = look(files[FILE])
    assert grade is UNKNOWN
    assert NOT_KNOWN in reach
    assert can_publish(NOT_KNOWN)
    assert NOT_KNOWN not in look(ci())[1]


def test_what_a_workflow_has_in_variables_can_be_reached() -> None:
    assert "secret NPM_TOKEN" in look(ci("env: {T: '${{ secrets.NPM_TOKEN }}'}"))[1]


def test_environments_are_named() -> None:
    assert "the secrets of environment release" in look(ci(job="environment: release"))[1]
    named = ci(job="environment: {name: release, url: x}")
    assert "the secrets of environment release" in look(named)[1]


@pytest.mark.parametrize(
    ("command", "grade"),
    [
        ("npm ci", NOT_SEEN),
        ("pnpm install --frozen-lockfile", NOT_SEEN),
        ("pnpm install", POSSIBLE),
        ("yarn", POSSIBLE),
        ("yarn install --frozen-lockfile", POSSIBLE),
        ("yarn workspaces focus", POSSIBLE),
        ("bun install", POSSIBLE),
        ("bun install --frozen-lockfile", POSSIBLE),
        ("pnpm remove left-pad", POSSIBLE),
    ],
)
def test_a_lock_of_another_client_decides_nothing(command: str, grade: ExposureGrade) -> None:
    assert look(ci().replace("npm ci", command))[0] is grade


@pytest.mark.parametrize("script", ["npm test", "npm run build", "yarn build", "pnpm run build"])
@pytest.mark.parametrize("content", ["{", '{"scripts": 1}', "\xff"])
def test_a_script_of_a_file_that_was_not_read_is_not_known(script: str, content: str) -> None:
    text = ci().replace("npm ci", script)
    whole = '{"scripts": {"test": "tsc", "build": "tsc"}}'
    assert look(text, **{"package.json": whole})[0] is NOT_SEEN
    assert look(text, **{"package.json": whole, "web/package.json": content})[0] is UNKNOWN


@pytest.mark.parametrize(
    ("folder", "grade"),
    [
        ("web", NOT_SEEN),
        ("./web", NOT_SEEN),
        ("${{ matrix.package }}", NOT_SEEN),
        ("${{ matrix.place }}", UNKNOWN),
        ("${{ github.workspace }}/web", NOT_SEEN),
        ("/opt/web", UNKNOWN),
        ("~/web", UNKNOWN),
        ("dist", UNKNOWN),
        ("web/node_modules/axios", UNKNOWN),
        ("${{ runner.temp }}/web", UNKNOWN),
        ("${{ steps.unpack.outputs.folder }}", UNKNOWN),
    ],
)
def test_a_folder_that_may_be_elsewhere_has_other_files(folder: str, grade: ExposureGrade) -> None:
    run = f'run: {{working-directory: "{folder}"}}'
    matrix = "strategy: {matrix: {package: [web], place: [web, dist]}}"
    for text in (
        ci(f"defaults: {{{run}}}", job=matrix),
        ci(job=f"{matrix}\n    defaults: {{{run}}}"),
        ci(job=matrix, step=f'working-directory: "{folder}"'),
    ):
        assert look(text, **{"web/package.json": "{}"})[0] is grade


@pytest.mark.parametrize(
    ("shell", "grade"),
    [
        ("bash", NOT_SEEN),
        ("bash -e {0}", NOT_SEEN),
        ("bash --noprofile --norc -eo pipefail {0}", NOT_SEEN),
        ("sh", NOT_SEEN),
        ("pwsh", NOT_SEEN),
        ("python", UNKNOWN),
        ("node {0}", UNKNOWN),
        ("bash -c 'npm install axios; {0}'", UNKNOWN),
        ("./shell {0}", UNKNOWN),
    ],
)
def test_a_shell_of_one_s_own_may_run_anything(shell: str, grade: ExposureGrade) -> None:
    assert look(ci(f'defaults: {{run: {{shell: "{shell}"}}}}'))[0] is grade
    assert look(ci(step=f'shell: "{shell}"'))[0] is grade


@pytest.mark.parametrize(
    ("line", "grade"),
    [
        ('echo "VERSION=$X" >> $GITHUB_ENV', UNKNOWN),
        ('echo "VERSION=$GITHUB_SHA" >> $GITHUB_ENV', NOT_SEEN),
        ("printf 'A=1' >> \"$GITHUB_ENV\"", NOT_SEEN),
        ("echo 'A<<END' >> ${GITHUB_ENV}", NOT_SEEN),
        ('echo "$X" >> $GITHUB_ENV', UNKNOWN),
        ("cat .env >> $GITHUB_ENV", UNKNOWN),
        ("cat .env | tee -a $GITHUB_ENV", UNKNOWN),
        ('echo "$PWD/bin" >> $GITHUB_PATH', UNKNOWN),
        ('echo "A=1" | tee -a "$GITHUB_ENV"', NOT_SEEN),
        ('echo "$NAME=1" >> "${GITHUB_ENV}"', UNKNOWN),
    ],
)
def test_what_a_line_sets_for_later_steps_has_a_known_name(line: str, grade: ExposureGrade) -> None:
    text = ci().replace("run: npm ci", "run: |\n          " + line + "\n          npm ci")
    assert look(text)[0] is grade


@pytest.mark.parametrize("name", [".pnpmfile.cjs", "web/.pnpmfile.cjs", ".pnpmfile.mjs"])
def test_code_that_changes_what_pnpm_resolves_is_not_passed_over(name: str) -> None:
    locked = {"pnpm-lock.yaml": "lockfileVersion: '9.0'\n"}
    text = ci().replace("npm ci", "pnpm install --frozen-lockfile")
    assert look(text, **locked)[0] is NOT_SEEN
    assert look(text, **locked, **{name: "module.exports = {}"})[0] is UNKNOWN


def test_a_range_of_a_catalog_is_decided_by_a_frozen_lock_alone() -> None:
    lock_of = {
        "package.json": '{"dependencies": {"axios": "catalog:"}}',
        "pnpm-lock.yaml": "lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n"
        "      axios:\n        specifier: 'catalog:'\n        version: 1.14.0\n"
        "packages:\n  axios@1.14.0: {}\n",
    }
    frozen = ci().replace("npm ci", "pnpm install --frozen-lockfile")
    assert look(frozen, **lock_of)[0] is NOT_SEEN
    assert look(frozen.replace(" --frozen-lockfile", ""), **lock_of)[0] is not NOT_SEEN


@pytest.mark.parametrize(
    ("version", "grade"), [('"1.14.1"', POSSIBLE), ('"1.14.0"', NOT_SEEN), ("1", UNKNOWN)]
)
def test_a_package_that_is_in_the_commit_needs_no_install(
    version: str, grade: ExposureGrade
) -> None:
    own = {"web/node_modules/axios/package.json": f'{{"version": {version}}}'}
    assert look(ci().replace("npm ci", "jest"), **own)[0] is grade


YARN_LOCK = '# yarn lockfile v1\n\naxios@^1.13.0:\n  version "1.14.0"\n'


@pytest.mark.parametrize(
    ("workspaces", "grade"),
    [
        ('["web"]', NOT_SEEN),
        ('{"packages": ["w*"]}', NOT_SEEN),
        ('["packages/*"]', POSSIBLE),
        ('["*", "!web"]', POSSIBLE),
        ("[]", POSSIBLE),
    ],
)
@pytest.mark.parametrize("command", ["yarn install --frozen-lockfile", "yarn install"])
def test_a_lock_of_the_folder_above_is_for_its_workspaces(
    workspaces: str, grade: ExposureGrade, command: str
) -> None:
    root = f'{{"dependencies": {{"axios": "^1.13.0"}}, "workspaces": {workspaces}}}'
    wanted = '"dependencies": {"axios": "^1.13.0"}'
    npm = f'"": {{{wanted}}}, "web": {{{wanted}}}, "node_modules/axios": {{"version": "1.14.0"}}'
    files = {
        "package.json": root,
        "web/package.json": BOTH,
        "yarn.lock": YARN_LOCK,
        "package-lock.json": f'{{"lockfileVersion": 3, "packages": {{{npm}}}}}',
    }
    text = ci(step="working-directory: web").replace("npm ci", command)
    assert look(text, **files)[0] is grade


@pytest.mark.parametrize(
    ("pattern", "grade"),
    [("packages/*", POSSIBLE), ("packages/**", NOT_SEEN), ("packages/*/b", NOT_SEEN)],
)
def test_a_star_of_workspaces_is_one_folder(pattern: str, grade: ExposureGrade) -> None:
    entries = f'"packages/a/b": {BOTH}, "node_modules/axios": {{"version": "1.14.0"}}'
    files = {
        "package.json": f'{{"workspaces": ["{pattern}"]}}',
        "packages/a/b/package.json": BOTH,
        "package-lock.json": f'{{"lockfileVersion": 3, "packages": {{{entries}}}}}',
        "yarn.lock": YARN_LOCK,
    }
    text = ci(step="working-directory: packages/a/b").replace("npm ci", "yarn install")
    assert look(text, **files)[0] is grade


def test_yarn_1_resolves_anew_what_a_workspace_has_and_a_frozen_lock_has_not() -> None:
    web = '{"dependencies": {"axios": "^1.13.0", "kit": "^2.0.0"}}'
    files = {
        "package.json": '{"workspaces": ["*"]}',
        "web/package.json": web,
        "kit/package.json": '{"name": "kit", "version": "2.1.0"}',
        "yarn.lock": YARN_LOCK,
    }
    text = ci().replace("npm ci", "yarn install --frozen-lockfile")
    assert look(text, **files)[0] is NOT_SEEN
    assert look(text, **files | {"yarn.lock": "# yarn lockfile v1\n"})[0] is POSSIBLE
    assert look(text, **files | {"web/package.json": web.replace("^2", "^3")})[0] is not NOT_SEEN


LATER = """__metadata:
  version: 8
"axios@npm:^1.13.0":
  version: 1.14.0
  resolution: "axios@npm:1.14.0"
  linkType: hard
"p@workspace:.":
  resolution: "p@workspace:."
  dependencies:
    axios: "npm:^1.13.0"
  linkType: soft
"""


@pytest.mark.parametrize("command", ["yarn", "yarn install", "yarn install --immutable"])
def test_yarn_1_does_not_read_the_lock_of_a_later_one(command: str) -> None:
    text = ci().replace("npm ci", command)
    named = '{"packageManager": "yarn@4.5.0", "dependencies": {"axios": "^1.13.0"}}'
    start = "yarnPath: .yarn/releases/yarn-{}.cjs\n"
    assert look(text, **{"yarn.lock": LATER})[0] is POSSIBLE
    chosen = "yarn install --immutable" in command
    for more, known in (
        ({"package.json": named}, True),
        ({"package.json": named.replace("4.5.0", "1.22.22")}, False),
        ({".yarnrc.yml": start.format("4.5.0")}, True),
        ({".yarnrc.yml": start.format("1.22.22")}, False),
    ):
        grade = look(text, **{"yarn.lock": LATER}, **more)[0]
        assert (grade is NOT_SEEN) is (known and chosen)


@pytest.mark.parametrize(
    ("workspaces", "grade"), [('"workspaces": ["web"]', NOT_SEEN), ('"private": true', POSSIBLE)]
)
def test_npm_heeds_the_lock_above_a_folder_only_for_a_workspace(
    workspaces: str, grade: ExposureGrade
) -> None:
    entries = f'"": {{}}, "web": {BOTH}, "node_modules/axios": {{"version": "1.14.0"}}'
    files = {
        "package.json": f"{{{workspaces}}}",
        "web/package.json": BOTH,
        "package-lock.json": f'{{"lockfileVersion": 3, "packages": {{{entries}}}}}',
    }
    text = ci(step="working-directory: web").replace("npm ci", "npm install")
    assert look(text, **files)[0] is grade


@pytest.mark.parametrize("name", ["package.yaml", "web/package.json5"])
def test_a_manifest_of_another_form_was_not_read(name: str) -> None:
    locked = {"pnpm-lock.yaml": "lockfileVersion: '9.0'\n", "package.json": "{}"}
    text = ci().replace("npm ci", "pnpm install")
    assert look(text, **locked)[0] is NOT_SEEN
    assert look(text, **locked, **{name: ""})[0] is UNKNOWN


@pytest.mark.parametrize(
    ("path", "grade"),
    [
        (".yarn/cache/axios-npm-1.14.1-a1b2-c3.zip", POSSIBLE),
        ("web/.yarn/cache/axios-npm-1.14.1-a1b2-c3.zip", POSSIBLE),
        (".yarn/cache/axios-npm-1.14.0-a1b2-c3.zip", NOT_SEEN),
        (".yarn/cache/my-axios-npm-1.14.1-a1b2-c3.zip", NOT_SEEN),
    ],
)
def test_yarn_runs_what_is_in_a_cache_of_the_commit(path: str, grade: ExposureGrade) -> None:
    assert look(ci().replace("npm ci", "jest"), **{path: "zip"})[0] is grade


@pytest.mark.parametrize(
    ("name", "grade"),
    [
        ("@pnpm/exe@9.1.0", UNKNOWN),
        ("@pnpm/linux-x64@9.1.0", UNKNOWN),
        ("@yarnpkg/cli-dist@4.5.0", UNKNOWN),
        ("@oven/bun-linux-x64@1.2.0", UNKNOWN),
        ("@pnpm/logger@5.0.0", NOT_SEEN),
    ],
)
def test_a_package_by_which_a_client_comes_is_in_no_lock(name: str, grade: ExposureGrade) -> None:
    files = {FILE: ci().encode(), "package.json": b"{}", "package-lock.json": lock()}
    there = CommitFiles({name: name for name in files}, files)
    assert graded(judged(RUN, there, [asked(name)])[0]) is grade


OWN = "runs:\n  using: composite\n  steps: [{run: npm ci, shell: bash}]\n"


@pytest.mark.parametrize(
    ("before", "grade"),
    [
        ("run: npm ci", NOT_SEEN),
        ("uses: actions/setup-node@v4", NOT_SEEN),
        ("run: git checkout x", UNKNOWN),
        ("run: ./build", UNKNOWN),
        ("run: cp x tools/setup/action.yml", UNKNOWN),
        ("run: rm -r tools", UNKNOWN),
        ("uses: actions/download-artifact@v4\n        with: {path: tools}", UNKNOWN),
        ("uses: actions/cache@v4\n        with: {path: tools, key: a}", UNKNOWN),
        ("uses: actions/checkout@v4\n        with: {repository: a/b, path: tools}", UNKNOWN),
    ],
)
def test_a_step_can_replace_an_action_of_the_working_folder(
    before: str, grade: ExposureGrade
) -> None:
    used = ci().replace("run: npm ci", f"{before}\n      - uses: ./tools/setup")
    texts = {FILE: used.encode(), "tools/setup/action.yml": OWN.encode()}
    files = CommitFiles({name: name for name in texts}, texts)
    assert graded(judged(RUN, files, [asked("nettle/files@v45")])[0]) is grade


def test_an_action_uses_another_one_in_some_of_its_versions() -> None:
    used = ci().replace("run: npm ci", "uses: tj-actions/changed-files@v34").encode()
    files = CommitFiles({FILE: FILE}, {FILE: used})
    assert graded(judged(RUN, files, [asked("tj-actions/glob@v17")])[0]) is UNKNOWN


FOREIGN = {
    ".github/workflows/c.yml": ci().replace("run: npm ci", "uses: $/tools/setup"),
    "tools/setup/action.yml": OWN.replace("npm ci", "npm i axios"),
    "leads/action.yml": OWN.replace("{run: npm ci, shell: bash}", "{uses: $/tools/setup}"),
    "fetch/action.yml": OWN.replace("{run: npm ci, shell: bash}", "{uses: actions/checkout@v4}"),
}


def with_others(text: str) -> ExposureGrade:
    """The grade of a run by a workflow that uses what is in another repository."""
    texts = {
        FILE: text.encode(),
        "package.json": BOTH.encode(),
        "package-lock.json": lock(axios="1.14.0"),
        "tools/setup/action.yml": OWN.encode(),
    }
    theirs = {name: one.encode() for name, one in FOREIGN.items()}
    own, there = (CommitFiles({name: name for name in one}, one) for one in (texts, theirs))
    return graded(judged(RUN, own, [asked("axios@1.14.1")], lambda _name, _commit: there)[0])


def test_a_path_in_the_commit_of_another_repository_does_not_lead_to_the_own_one() -> None:
    calls = f"on: push\njobs: {{a: {{uses: a/b/.github/workflows/c.yml@{SHA}}}}}\n"
    assert with_others(calls) is UNKNOWN
    assert with_others(ci().replace("run: npm ci", f"uses: a/b/leads@{SHA}")) is UNKNOWN
    assert with_others(ci().replace("run: npm ci", "uses: $/tools/setup")) is NOT_SEEN


def test_a_condition_of_an_action_is_one_of_its_steps() -> None:
    fetches = ci().replace("actions/checkout@v4", f"a/b/fetch@{SHA}")
    assert with_others(fetches) is NOT_SEEN
    assert with_others(fetches.replace(SHA, f"{SHA}\n        if: inputs.x")) is UNKNOWN


@pytest.mark.parametrize(
    "step",
    [
        "parallel: [{name: Run actions/checkout@v4, run: npm i axios}]",
        "{name: 'Run ${{ matrix.x }}', run: npm i axios}",
        "run: ${{ inputs.x }}",
    ],
)
def test_a_step_that_may_be_called_like_a_checkout_is_none(step: str) -> None:
    steps = [ExecutedStep(1, 1, "Set up job"), ExecutedStep(1, 2, "Run actions/checkout@v4")]
    package = [asked("axios@1.14.1")]
    for text, expected in ((ci(), False), (ci().replace("run: npm ci", step), True)):
        files = CommitFiles({FILE: FILE}, {FILE: text.encode()})
        assert reached(RUN, [files], steps, package) is expected


def test_which_client_a_machine_has_is_not_in_the_commit() -> None:
    files = {FILE: ci().encode(), "package.json": b"{}", "package-lock.json": lock()}
    there = CommitFiles({name: name for name in files}, files)
    assert graded(judged(RUN, there, [asked("npm@11.6.0")])[0]) is UNKNOWN
    assert graded(judged(RUN, there, [asked("left-pad@1.3.0")])[0]) is NOT_SEEN


@pytest.mark.parametrize(
    ("ref", "grade"),
    [
        ("v45", POSSIBLE),
        ("refs/tags/v45", POSSIBLE),
        ("refs/heads/v45", POSSIBLE),
        ("v44", UNKNOWN),
        ("main", UNKNOWN),
        ("b" * 40, UNKNOWN),
    ],
)
def test_another_ref_of_an_action_can_have_led_to_the_same_commit(
    ref: str, grade: ExposureGrade
) -> None:
    used = ci().replace("actions/checkout@v4", f"nettle/files@{ref}").encode()
    there = CommitFiles({FILE: FILE}, {FILE: used})
    assert graded(judged(RUN, there, [asked("nettle/files@v45")])[0]) is grade
