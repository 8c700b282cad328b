"""Settings by which a client may install another version than the lock file's."""

from __future__ import annotations

import pytest

from hardenme.exposure.client_settings import FILES, changing_settings
from hardenme.exposure.known_variables import changing_lines, changing_variables
from hardenme.ground.errors import ContentError

VARIABLES = [
    ("npm_config_package_lock", "false", True),
    ("NPM_CONFIG_PACKAGE_LOCK", "false", True),
    ("NPM_CONFIG_PACKAGE_LOCK", "true", False),
    ("NPM_CONFIG_SHRINKWRAP", "${{ inputs.heed }}", True),
    ("NPM_CONFIG_USERCONFIG", "./other/.npmrc", True),
    ("npm_config_script_shell", "./sh", True),
    ("NPM_CONFIG_LOGLEVEL", "verbose", False),
    ("NPM_CONFIG_REGISTRY", "https://mirror.example", False),
    ("npm_config_lockfile", "false", True),
    ("pnpm_config_lockfile", "false", True),
    ("PNPM_HOME", "/opt/pnpm", False),
    ("YARN_LOCKFILE_FILENAME", "other.lock", True),
    ("YARN_YARN_PATH", "./yarn.js", True),
    ("YARN_ENABLE_IMMUTABLE_INSTALLS", "false", False),
    ("BUN_CONFIG_SKIP_LOAD_LOCKFILE", "1", True),
    ("BUN_OPTIONS", "--no-save", True),
    ("BUN_INSTALL", "/opt/bun", False),
    ("COREPACK_ENABLE_STRICT", "0", False),
    ("COREPACK_ROOT", "/opt", True),
    ("COREPACK_HOME", ".corepack", True),
    ("COREPACK_ENABLE_PROJECT_SPEC", "0", True),
    ("npm_config_install_links", "true", True),
    ("npm_config_auto_install_peers", "true", True),
    ("YARN_ENABLE_CONSTRAINTS_CHECKS", "true", True),
    ("SKIP_YARN_COREPACK_CHECK", "1", True),
    ("CURL_HOME", ".", True),
    ("NODE_OPTIONS", "--require ./hook.js", True),
    ("NODE_OPTIONS", "--max-old-space-size=8192 --no-warnings", False),
    ("NODE_AUTH_TOKEN", "x", False),
    ("NODE_ENV", "production", False),
    ("HOME", "/opt/home", True),
    ("CI", "true", False),
    ("NPM_TOKEN", "x", False),
]


@pytest.mark.parametrize(("name", "value", "changes"), VARIABLES)
def test_a_variable_that_is_not_known_to_be_harmless_counts(
    name: str, value: str, *, changes: bool
) -> None:
    assert bool(list(changing_variables({name: value}))) is changes


def test_variables_that_an_expression_makes_count() -> None:
    assert list(changing_variables("${{ fromJSON(inputs.env) }}")) == ["env"]
    assert list(changing_variables(None)) == []


SCRIPTS = {
    "export npm_config_package_lock=false": True,
    'echo "npm_config_package_lock=false" >> "$GITHUB_ENV"': True,
    "npm_config_shrinkwrap=0 npm install": True,
    "$env:NPM_CONFIG_PACKAGE_LOCK = 'false'": True,
    "cat >> $GITHUB_ENV <<X\nYARN_RC_FILENAME=a\nX": True,
    "echo 'BUN_OPTIONS<<X' >> $GITHUB_ENV": True,
    "printf 'npm_config_%s=false' package_lock >> $GITHUB_ENV": True,
    "echo 'package-lock=false' >> .npmrc": True,
    "echo package-lock=false>web/.npmrc": True,
    "echo '{}' > package-lock.json": True,
    "printf '%s' \"$LOCK\" > yarn.lock": True,
    "echo 'lockfile: false' >> pnpm-workspace.yaml": True,
    "echo '//npm.example/:_authToken=${NPM_TOKEN}' > .npmrc": False,
    'echo "//npm.example/:_authToken=${{ secrets.NPM_TOKEN }}" >> ~/.npmrc': False,
    "echo '@acme:registry=https://npm.example' >> .npmrc": False,
    "echo 'registry=https://npm.example\\npackage-lock=false' > .npmrc": True,
    "export NPM_CONFIG_LOGLEVEL=silly": False,
    "cat package.json > out.txt": False,
    "echo package.json > out.txt": False,
    "npm ci 2>&1": False,
    'echo "version=$V" >> "$GITHUB_OUTPUT"': False,
    "NODE_OPTIONS='--import ./x.mjs' npm ci": True,
    "NODE_OPTIONS=--max-old-space-size=4096 npm ci": False,
}


@pytest.mark.parametrize("script", SCRIPTS)
def test_what_a_script_sets(script: str) -> None:
    assert bool(list(changing_lines(script))) is SCRIPTS[script]


SETTINGS = [
    (".npmrc", "# all\n; of it\nfund=false\n@acme:registry=https://npm.example\n", []),
    (".npmrc", "//npm.example/:_authToken=${NPM_TOKEN}\nsave-exact = true", []),
    (".npmrc", "package-lock=false", ["package-lock"]),
    (".npmrc", "package-lock = true", []),
    (".npmrc", "hoist-pattern[]=*\nnode-options=--require=./x.js", ["node-options"]),
    (".yarnrc", '"@acme:registry" "https://npm.example"\n--install.frozen-lockfile true', []),
    (".yarnrc", "--install.no-lockfile true", ["no-lockfile"]),
    (".yarnrc", "yarn-path ./other.js", ["yarn-path"]),
    (".yarnrc.yml", "nodeLinker: node-modules\nyarnPath: .yarn/releases/yarn-4.1.0.cjs", []),
    (".yarnrc.yml", "plugins:\n  - path: .yarn/plugins/@yarnpkg/plugin-exec.cjs\n    spec: x", []),
    (".yarnrc.yml", "plugins:\n  - ./mine.js", ["plugins"]),
    (".yarnrc.yml", "lockfileFilename: other.lock", ["lockfileFilename"]),
    (".yarnrc.yml", "", []),
    ("pnpm-workspace.yaml", "packages: ['web/*']\nonlyBuiltDependencies: [esbuild]", []),
    ("pnpm-workspace.yaml", "lockfile: false", ["lockfile"]),
    ("pnpm-workspace.yaml", "lockfile: true", []),
    ("pnpm-workspace.yaml", "overrides: {axios: 1.14.1}", ["overrides"]),
    ("bunfig.toml", 'preload = ["./x.ts"]\n[install]\nexact = true', ["preload"]),
    ("bunfig.toml", "[install.lockfile]\nsave = false", ["lockfile"]),
]  # fmt: skip


@pytest.mark.parametrize(("path", "text", "expected"), SETTINGS)
def test_a_file_of_settings(path: str, text: str, expected: list[str]) -> None:
    assert list(changing_settings(f"web/{path}", text)) == expected


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (".yarnrc.yml", "- a"),
        (".yarnrc.yml", "a: ["),
        ("pnpm-workspace.yaml", "a: *b"),
        ("bunfig.toml", "install"),
        ("bunfig.toml", "install = 1"),
    ],
)
def test_a_broken_file_of_settings_is_not_understood(path: str, text: str) -> None:
    with pytest.raises(ContentError):
        list(changing_settings(path, text))


def test_every_kind_of_file_is_tried() -> None:
    assert {path for path, _text, _expected in SETTINGS} == set(FILES)
