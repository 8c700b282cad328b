"""Whether a step runs what is in its working folder: an install, a build, a test, a script.

A command is one that runs such things, one that is known not to, or one of which that is not known.
The words are the programs' own names; a program that is not listed may run anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from hardenme.workflows.file_commands import put_on_path, runs_files
from hardenme.workflows.harmless_actions import restores_no_cache
from hardenme.workflows.known import CACHES
from hardenme.workflows.level import Level
from hardenme.workflows.scripts import commands, program

RUNS = frozenset(
    """
    npm npx pnpm pnpx yarn bun bunx node deno tsx ts-node tsc corepack jest vitest lerna nx turbo
    python python3 pip pip3 pipx uv uvx poetry hatch pdm tox nox pytest pre-commit conda mamba
    ruby bundle gem rake go cargo rustc php composer swift xcodebuild dotnet nuget msbuild gradle
    gradlew mvn mvnw ant sbt mix rebar3 dart flutter cabal stack julia rscript perl lua luarocks
    make gmake cmake ctest ninja meson bazel bazelisk buck just task mise nix nix-build earthly
    bash sh zsh dash pwsh powershell source . eval exec docker docker-compose podman buildah
    kubectl helm terraform tofu pulumi ansible-playbook act patch xargs env nohup timeout
    """.split()  # noqa: SIM905 (words, not a list of strings)
)
"""Programs that run the content of a folder, or of what another word of the command names."""
PREFIXES = frozenset({"sudo", "time", "then", "else", "do", "if", "while", "!", "command", "{"})
"""Words before the program that are not programs themselves."""
ASSIGNED = re.compile(r"[A-Za-z_]\w*\+?=")
A_FILE = re.compile(
    r"(?:\.{1,2}|\$\{?GITHUB_WORKSPACE\}?|\$\{?PWD\}?)?/.*|.*\.(?:sh|bash|py|js|mjs|ps1|rb|pl)"
)
"""A program that is named by its path."""
SYSTEM = ("/bin/", "/usr/", "/opt/", "/dev/", "/etc/")

RUNS_ACTION = (
    "docker/build-push-action",
    "docker/bake-action",
    "gradle/actions/",
    "gradle/gradle-build-action",
    "goreleaser/goreleaser-action",
    "pre-commit/action",
    "wagoid/commitlint-github-action",
    "cypress-io/github-action",
    "bahmutov/npm-install",
    "borales/actions-yarn",
    "pnpm/action-setup",
    "golangci/golangci-lint-action",
    "github/codeql-action/autobuild",
    "changesets/action",
    "actions/jekyll-build-pages",
    "super-linter/super-linter",
    "github/super-linter",
    "pypa/cibuildwheel",
    "ruby/setup-ruby",
)
"""Actions that install, build or run what the folder holds."""
RUNS_NOT_ACTION = (
    "actions/add-to-project",
    "actions/attest",
    "actions/cache",
    "actions/checkout",
    "actions/configure-pages",
    "actions/create-github-app-token",
    "actions/delete-package-versions",
    "actions/deploy-pages",
    "actions/dependency-review-action",
    "actions/download-artifact",
    "actions/first-interaction",
    "actions/labeler",
    "actions/setup-",
    "actions/stale",
    "actions/upload-artifact",
    "actions/upload-pages-artifact",
    "actions-ecosystem/action-add-labels",
    "actions-ecosystem/action-remove-labels",
    "amannn/action-semantic-pull-request",
    "aws-actions/configure-aws-credentials",
    "codecov/codecov-action",
    "dependabot/fetch-metadata",
    "docker/login-action",
    "docker/metadata-action",
    "docker/setup-",
    "dorny/paths-filter",
    "github/codeql-action/analyze",
    "github/codeql-action/init",
    "github/codeql-action/upload-sarif",
    "google-github-actions/auth",
    "hmarr/auto-approve-action",
    "marocchino/sticky-pull-request-comment",
    "oven-sh/setup-bun",
    "peter-evans/create-or-update-comment",
    "peter-evans/find-comment",
    "release-drafter/release-drafter",
    "slackapi/slack-github-action",
    "step-security/harden-runner",
    "thollander/actions-comment-pull-request",
    "tj-actions/changed-files",
    "toshimaru/auto-author-assign",
)
"""Actions that do not, by what their projects say; a name that ends with `-` is the beginning
of several."""
SCRIPTED = "actions/github-script"
DOWNLOAD = re.compile(r"download.*artifact|artifact.*download")
"""Names of actions that download an artifact."""
LOADS = re.compile(
    r"\b(?:require|import)\s*\(\s*['\"`]?(?:\.|\$|process)|\bexec\b|child_process|spawn"
)
"""What in a script for actions/github-script runs other files."""


def runs(script: str) -> tuple[Level, str]:
    """Whether a shell script runs what its folder holds, and the command that does or may."""
    found = (Level.NO, "")
    if put_on_path(script):
        return Level.YES, "a folder on the PATH"
    for name, words in _programs(script):
        level = _runs(name, words)
        if level is Level.YES:
            return Level.YES, name
        if level is Level.MAYBE and not found[1]:
            found = (Level.MAYBE, name)
    return found


def action_runs(action: str, inputs: Mapping[str, str]) -> tuple[Level, str]:
    """Whether an action runs what its folder holds, and its name."""
    if action == SCRIPTED:
        return (Level.YES if LOADS.search(inputs.get("script", "")) else Level.NO), action
    if action.startswith(RUNS_ACTION):
        return Level.YES, action
    return (Level.NO if known_not_to_run(action) else Level.MAYBE), action


def known_not_to_run(action: str) -> bool:
    """Whether an action is known to run nothing of what its folder holds."""
    return any(
        action.startswith(name if name.endswith("-") else f"{name}/") or action == name
        for name in RUNS_NOT_ACTION
    )


def known_to_bring_nothing(action: str) -> bool:
    """Whether an action is known to put no files of others into the folder that a step runs.

    Checkouts, downloads of artifacts, and actions of the repository are judged by themselves.
    """
    judged = action.startswith(("./", "$/")) or "checkout" in action or DOWNLOAD.search(action)
    listed = known_not_to_run(action) or restores_no_cache(action) or action in CACHES
    return bool(judged) or listed or action.startswith(RUNS_ACTION) or action == SCRIPTED


def _programs(script: str) -> Iterator[tuple[str, list[str]]]:
    """The program of each command, with all its words."""
    for words in commands(script):
        rest = list(words)
        while rest and (rest[0].lower() in PREFIXES or ASSIGNED.match(rest[0])):
            rest.pop(0)
        # What begins with an option is the rest of a command that holds another one.
        if rest and not rest[0].startswith("-"):
            named = rest[0]
            path = A_FILE.fullmatch(named) and not named.startswith(SYSTEM)
            yield (named if path else program(named)), rest


def _runs(name: str, words: list[str]) -> Level:
    if name == "sudo" or name in RUNS:
        return Level.YES
    if A_FILE.fullmatch(name) and not name.startswith(SYSTEM):
        return Level.YES
    return runs_files(name, words[1:])
