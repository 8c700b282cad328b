"""What a command of a script publishes: a folder, an archive, or workspaces."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardenme.facts.github.release_job import EVERY
from hardenme.facts.npm.workspaces import UNCLEAR, from_root, joined
from hardenme.workflows.release_commands import ClientCommand, publish_commands
from hardenme.workflows.script_folders import placed_commands


def published(script: str) -> list[tuple[str, str, str, tuple[str, ...]]]:
    """Of each command: the client, its folder, and what it names."""
    return [(one.client, one.folder, one.packed, one.members) for one in publish_commands(script)]


def only(script: str) -> ClientCommand:
    (found,) = publish_commands(script)
    return found


@pytest.mark.parametrize(
    ("script", "folders"),
    [
        ("npm publish", [""]),
        ("cd packages/a && npm publish", ["packages/a"]),
        ("cd ./packages/a/\nnpm publish\ncd ../b\nnpm publish", ["packages/a", "packages/b"]),
        (
            "(cd packages/a && npm publish)\n(cd packages/b && npm publish)",
            ["packages/a"] * 1 + ["packages/b"],
        ),
        ("(cd packages/a && npm ci)\nnpm publish", [""]),
        ("cd packages/a; V=$(cd ../b && node -p 1); npm publish", ["packages/a"]),
        ("{ cd packages/a; npm publish; }", ["packages/a"]),
        ("pushd packages/a\nnpm publish\npopd\nnpm publish", ["packages/a", UNCLEAR]),
        ("cd -P packages/a && npm publish", ["packages/a"]),
        ("cd $GITHUB_WORKSPACE/packages/a && npm publish", ["$GITHUB_WORKSPACE/packages/a"]),
        ("cd packages && npm publish && cd a && npm publish", ["packages", "packages/a"]),
        ("cd /opt/a && npm publish", [UNCLEAR]),
        ("cd ~/a && npm publish", [UNCLEAR]),
        ("cd ../a && npm publish", [UNCLEAR]),
        ("cd - && npm publish", [UNCLEAR]),
        ("cd && npm publish", [UNCLEAR]),
        ("if [ -d a ]; then cd a; fi\nnpm publish", [UNCLEAR]),
        ("pnpm -C packages/a publish", ["packages/a"]),
        ("pnpm --dir=packages/a publish", ["packages/a"]),
        ("yarn --cwd packages/a publish", ["packages/a"]),
    ],
)
def test_the_folder_that_a_command_runs_in(script: str, folders: list[str]) -> None:
    assert [one.folder for one in publish_commands(script)] == folders


@pytest.mark.parametrize(
    ("script", "packed"),
    [
        ("npm publish ./packages/a --access public", "./packages/a"),
        ("npm publish --tag next ./packages/a", "./packages/a"),
        ("npm stage publish dist", "dist"),
        ("npx -y npm@11 publish ./a", "./a"),
        ("npm publish lib-1.0.0.tgz", "lib-1.0.0.tgz"),
        ("npm publish --provenance true --loglevel verbose", ""),
        ("npm publish > log.txt 2>&1", ""),
        ("npm publish # as it is", ""),
        ("npm publish || true", ""),
        ("npx changeset publish", ""),
        ("npm publish a b", UNCLEAR),
        ("npm --prefix packages/a publish", UNCLEAR),
        ("ls packages | xargs -n1 npm publish", UNCLEAR),
        ("find packages -maxdepth 1 -exec npm publish {} \\;", UNCLEAR),
    ],
)
def test_the_folder_or_archive_that_a_command_names(script: str, packed: str) -> None:
    assert only(script).packed == packed


@pytest.mark.parametrize(
    ("script", "members"),
    [
        ("npm publish", ()),
        ("npm publish --workspaces", (EVERY,)),
        ("npm publish -ws --provenance", (EVERY,)),
        ("npm publish -w @acme/a -w packages/b", ("@acme/a", "packages/b")),
        ("npm publish --workspace=@acme/a", ("@acme/a",)),
        ("pnpm publish -r --no-git-checks", (EVERY,)),
        ("pnpm recursive publish", (EVERY,)),
        ("pnpm --filter @acme/a publish", ("@acme/a",)),
        ("pnpm -r --filter=./packages/a publish", ("./packages/a",)),
        ("pnpm -F '!@acme/a' publish", ("!@acme/a",)),
        ("yarn workspace @acme/a npm publish", ("@acme/a",)),
        ("yarn workspaces foreach -Apt --no-private npm publish", (EVERY,)),
        ("yarn workspaces foreach --all --verbose npm publish", (EVERY,)),
        ("yarn workspaces foreach -A --exclude @acme/a npm publish", (UNCLEAR,)),
        ("yarn workspaces foreach --since npm publish", (UNCLEAR,)),
        ("yarn workspaces foreach -R npm publish", (UNCLEAR,)),
        ("yarn npm publish", ()),
    ],
)
def test_the_workspaces_that_a_command_names(script: str, members: tuple[str, ...]) -> None:
    assert only(script).members == members


def test_each_command_of_a_script_has_its_own() -> None:
    script = "cd packages && npm publish ./a\nnpm publish -w @acme/b\nyarn npm publish"
    assert published(script) == [
        ("npm", "packages", "./a", ()),
        ("npm", "packages", "", ("@acme/b",)),
        ("yarn", "packages", "", ()),
    ]


@pytest.mark.parametrize(
    ("folder", "within", "found"),
    [
        ("", "", ""),
        ("packages", "", "packages"),
        ("packages/a", "../b/", "packages/b"),
        ("packages", "..", ""),
        ("packages", "../..", UNCLEAR),
        ("packages", "$GITHUB_WORKSPACE", "$GITHUB_WORKSPACE"),
        ("packages", "${GITHUB_WORKSPACE}/a", "$GITHUB_WORKSPACE/a"),
        ("packages", "${{ github.workspace }}/a", "$GITHUB_WORKSPACE/a"),
        ("$GITHUB_WORKSPACE/a", "../b", "$GITHUB_WORKSPACE/b"),
        ("$GITHUB_WORKSPACE", "../b", UNCLEAR),
        ("", "packages/${{ matrix.name }}", "packages/${{ matrix.name }}"),
    ],
)
def test_a_path_that_a_command_names(folder: str, within: str, found: str) -> None:
    assert joined(folder, within) == found


def test_the_folder_of_the_checkout_is_the_root() -> None:
    assert from_root("$GITHUB_WORKSPACE") == ""
    assert from_root("$GITHUB_WORKSPACE/packages/a") == "packages/a"
    assert from_root("packages/a") == "packages/a"
    assert UNCLEAR in from_root("$GITHUB_WORKSPACES/a")


STEPS = st.sampled_from(["a", "b", "..", ".", "$X", "/a", "~", "-", "$GITHUB_WORKSPACE"])
PATHS = st.lists(STEPS, max_size=4).map("/".join)


@given(
    st.lists(st.sampled_from(["cd", "pushd", "popd", "(", ")", "then", "npm"]), max_size=9), PATHS
)
def test_no_script_leads_out_of_the_repository(words: list[str], path: str) -> None:
    script = "\n".join(f"{word} {path}" if word in {"cd", "pushd"} else word for word in words)
    for _, folder in placed_commands(f"{script}\nnpm publish"):
        plain = from_root(folder)
        assert UNCLEAR in plain or not {"..", "."} & set(plain.split("/"))
        assert not plain.startswith(("/", "~"))
