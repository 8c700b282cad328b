"""Actions of which it is known what they do not do; of all others it is not known.

The names and inputs come from the actions' own `action.yml` and READMEs, by November 2026.
"""

from __future__ import annotations

from collections.abc import Mapping

GITHUB_ALONE = """
    actions-ecosystem/action-add-labels actions-ecosystem/action-remove-labels
    actions-r-us/actions-tagger
    actions/add-to-project actions/create-release actions/delete-package-versions
    actions/first-interaction actions/github-script actions/labeler actions/stale
    actions/upload-release-asset
    agronholm/release-notes amannn/action-semantic-pull-request dependabot/fetch-metadata
    dorny/paths-filter hmarr/auto-approve-action int128/hide-comment-action
    joerick/update-vx.y-tag-action marocchino/sticky-pull-request-comment ncipollo/release-action
    octokit/request-action peter-evans/create-or-update-comment peter-evans/create-pull-request
    peter-evans/find-comment release-drafter/release-drafter
    scientific-python/issue-from-pytest-log-action softprops/action-gh-release
    thollander/actions-comment-pull-request tj-actions/changed-files toshimaru/auto-author-assign
    actions/create-github-app-token actions/dependency-review-action
    dsaltares/fetch-gh-release-asset
    convictional/trigger-workflow-and-wait re-actors/alls-green
"""
FILES = """
    actions/attest actions/attest-build-provenance actions/attest-sbom actions/checkout
    actions/configure-pages actions/deploy-pages actions/download-artifact actions/upload-artifact
    actions/upload-pages-artifact casperdcl/deploy-pypi casperdcl/push-dir
    github/codeql-action/analyze github/codeql-action/upload-sarif
    jamesives/github-pages-deploy-action peaceiris/actions-gh-pages
    stefanzweifel/changelog-updater-action stefanzweifel/git-auto-commit-action
"""
SENDS = """
    aws-actions/configure-aws-credentials codecov/codecov-action docker/login-action
    docker/metadata-action google-github-actions/auth pypa/gh-action-pypi-publish
    scientific-python/upload-nightly-action slackapi/slack-github-action
    step-security/harden-runner js-devtools/npm-publish rubygems/release-gem
"""
BUILDS = """
    conda-incubator/setup-miniconda goreleaser/goreleaser-action pypa/cibuildwheel
    sigstore/cosign-installer
    uraimo/run-on-arch-action jupyter-server/jupyter_releaser/.github/actions/finalize-release
    jupyter-server/jupyter_releaser/.github/actions/populate-release
    jupyter-server/jupyter_releaser/.github/actions/prep-release
    jupyter-server/jupyter_releaser/.github/actions/publish-changelog
    jupyter-server/jupyter-releaser/.github/actions/finalize-release
"""
RESTORES_NO_CACHE = {
    name: reason
    for names, reason in (
        (GITHUB_ALONE, "asks GitHub, or changes something there"),
        (FILES, "moves files of this repository or this run"),
        (SENDS, "signs in, or sends what was built"),
        (BUILDS, "installs or builds, and keeps nothing between runs"),
    )
    for name in names.split()
}
"""Actions that restore no cache, each with what they do instead."""

EVERY = frozenset({"*"})
POSTS = """
    actions-ecosystem/action-add-labels actions-ecosystem/action-remove-labels
    actions/add-to-project actions/first-interaction actions/labeler actions/stale
    amannn/action-semantic-pull-request dependabot/fetch-metadata hmarr/auto-approve-action
    int128/hide-comment-action marocchino/sticky-pull-request-comment
    peter-evans/create-or-update-comment peter-evans/find-comment
    release-drafter/release-drafter thollander/actions-comment-pull-request
    toshimaru/auto-author-assign
"""
"""Actions that hand all of their inputs to GitHub as text."""
DATA_INPUTS: dict[str, frozenset[str]] = {
    **dict.fromkeys(POSTS.split(), EVERY),
    "actions/cache": frozenset({"key", "restore-keys"}),
    "actions/cache/restore": frozenset({"key", "restore-keys"}),
    "actions/cache/save": frozenset({"key"}),
    "actions/checkout": frozenset({"ref", "repository"}),
    "actions/download-artifact": frozenset({"name", "pattern", "run-id", "artifact-ids"}),
    "actions/github-script": frozenset({"script"}),
    "actions/setup-dotnet": frozenset({"dotnet-version"}),
    "actions/setup-go": frozenset({"go-version"}),
    "actions/setup-java": frozenset({"java-version"}),
    "actions/setup-node": frozenset({"node-version"}),
    "actions/setup-python": frozenset({"python-version"}),
    "actions/upload-artifact": frozenset({"name"}),
    "codecov/codecov-action": frozenset({"flags", "name", "override_branch", "override_commit"}),
    "docker/metadata-action": frozenset({"labels", "tags"}),
    "github/codeql-action/analyze": frozenset({"category"}),
    "github/codeql-action/upload-sarif": frozenset({"category"}),
    "slackapi/slack-github-action": frozenset({"payload", "slack-message"}),
}
"""Inputs that are data: a name, a key, a version of the project's own, a message. The commit and
the repository of a checkout, and scripts, are judged by themselves."""
OWN_ENVIRONMENT = frozenset(
    {"actions/github-script", "nick-fields/retry", "reactivecircus/android-emulator-runner"}
)
"""Actions that run a script in the environment of the step itself, so that its variables are those
that the script looks up."""


def restores_no_cache(action: str) -> bool:
    """Whether an action is known to restore no cache."""
    return action in RESTORES_NO_CACHE


def not_data(action: str, inputs: Mapping[str, str]) -> list[str]:
    """The inputs of an action of which it is not known that they are data."""
    data = DATA_INPUTS.get(action, frozenset())
    return [] if "*" in data else [name for name in inputs if name not in data]


def reads_no_variables(action: str) -> bool:
    """Whether nothing but its own script, if it has one, makes use of variables of its step."""
    return action in DATA_INPUTS or action in OWN_ENVIRONMENT
