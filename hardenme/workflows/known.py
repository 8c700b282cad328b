"""Actions and commands that are known by name: what restores a cache, publishes, or is an AI agent.

The names come from the projects' own READMEs and `action.yml` files, by November 2026. For caches
and publishing they also come from the lists in zizmor's `cache-poisoning` audit. What is not listed
is not recognized; each check that depends on a list says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from hardenme.workflows.actions import SELF
from hardenme.workflows.harmless_actions import restores_no_cache
from hardenme.workflows.origins import FOREIGN, OURS, UNFOLLOWED, WHOLE, ValueOrigin

Inputs = Mapping[str, str]
"""An action's `with`, keys in lower case."""
OFF = frozenset({"", "false", "no", "off", "never"})


def _always(_inputs: Inputs) -> bool:
    return True


def _given(name: str) -> Callable[[Inputs], bool]:
    """Only where an input is set."""
    return lambda inputs: inputs.get(name, "").strip().lower() not in OFF


def _unless_off(name: str) -> Callable[[Inputs], bool]:
    """Also where an input is left out."""
    return lambda inputs: inputs.get(name, "true").strip().lower() not in OFF


def _unless_on(name: str) -> Callable[[Inputs], bool]:
    """Also where an expression decides, which may come to either."""
    return lambda inputs: not _given(name)(inputs) or "${{" in inputs.get(name, "")


def _sets_up_node(inputs: Inputs) -> bool:
    """Newer versions restore npm's cache unasked; which version a commit is cannot be seen."""
    return _given("cache")(inputs) or _unless_off("package-manager-cache")(inputs)


def _keeps_environment(inputs: Inputs) -> bool:
    return _given("cache-downloads")(inputs) or _given("cache-environment")(inputs)


CACHES: dict[str, Callable[[Inputs], bool]] = {
    "actions/cache": _unless_on("lookup-only"),
    "actions/cache/restore": _unless_on("lookup-only"),
    "actions/setup-node": _sets_up_node,
    "actions/setup-python": _given("cache"),
    "actions/setup-java": _given("cache"),
    "actions/setup-dotnet": _given("cache"),
    "actions/setup-go": _unless_off("cache"),
    "astral-sh/setup-uv": _unless_off("enable-cache"),
    "bahmutov/npm-install": _always,
    "buildjet/cache": _unless_on("lookup-only"),
    "denoland/setup-deno": _given("cache"),
    "determinatesystems/magic-nix-cache-action": _always,
    "docker/build-push-action": _given("cache-from"),
    "docker/setup-buildx-action": _unless_off("cache-binary"),
    "docker/setup-qemu-action": _unless_off("cache-image"),
    "gradle/actions/setup-gradle": _unless_on("cache-disabled"),
    "gradle/gradle-build-action": _unless_on("cache-disabled"),
    "hendrikmuhs/ccache-action": _always,
    "hynek/build-and-inspect-python-package": _always,
    "hynek/setup-cached-uv": _unless_off("use-cache-if"),
    "jdx/mise-action": _unless_off("cache"),
    "jupyterlab/maintainer-tools/.github/actions/base-setup": _always,
    "mamba-org/setup-micromamba": _keeps_environment,
    "mozilla-actions/sccache-action": _always,
    "nix-community/cache-nix-action": _always,
    "oven-sh/setup-bun": _unless_on("no-cache"),
    "pnpm/action-setup": _given("cache"),
    "pre-commit/action": _always,
    "prefix-dev/setup-pixi": _unless_off("cache"),
    "ruby/setup-ruby": _given("bundler-cache"),
    "runs-on/cache": _unless_on("lookup-only"),
    "swatinem/rust-cache": _unless_on("lookup-only"),
    "ubicloud/cache": _unless_on("lookup-only"),
}
"""Actions that restore a cache, and when."""

PUBLISHERS: dict[str, Callable[[Inputs], bool]] = {
    "actions/create-release": _always,
    "changesets/action": _given("publish"),
    "codfish/semantic-release-action": _always,
    "cycjimmy/semantic-release-action": _always,
    "docker/bake-action": _given("push"),
    "docker/build-push-action": _given("push"),
    "goreleaser/goreleaser-action": _always,
    "haaleo/publish-vscode-extension": _always,
    "js-devtools/npm-publish": _always,
    "katyo/publish-crates": _always,
    "ncipollo/release-action": _always,
    "pypa/gh-action-pypi-publish": _always,
    "rubygems/release-gem": _always,
    "softprops/action-gh-release": _always,
    "svenstaro/upload-release-action": _always,
}
"""Actions that publish, and when."""

COMMANDS: tuple[tuple[str, ...], ...] = (
    ("bun", "publish"),
    ("cargo", "publish"),
    ("changeset", "publish"),
    ("deno", "publish"),
    ("docker", "push"),
    ("dotnet", "nuget", "push"),
    ("flit", "publish"),
    ("gem", "push"),
    ("gh", "release", "create"),
    ("gh", "release", "upload"),
    ("goreleaser", "release"),
    ("hatch", "publish"),
    ("jsr", "publish"),
    ("lerna", "publish"),
    ("mvn", "deploy"),
    ("npm", "publish"),
    ("nx", "release"),
    ("ovsx", "publish"),
    ("pnpm", "publish"),
    ("poetry", "publish"),
    ("release-it",),
    ("semantic-release",),
    ("twine", "upload"),
    ("uv", "publish"),
    ("vsce", "publish"),
    ("yarn", "publish"),
)
"""Commands that publish: these words, in this order, whatever flags are between them."""
RUNNERS = frozenset({"npm", "pnpm", "yarn", "bun"})
"""Programs that run a script of `package.json`, of which the name is all that is seen."""


@dataclass(frozen=True, slots=True)
class Agent:
    """An action that lets a language model act.

    Attributes:
        opened_by: the input that names those whom it obeys without write access, `*` for all; empty
            if it obeys everyone.
    """

    opened_by: str = ""


AGENTS: dict[str, Agent] = {
    "anomalyco/opencode/github": Agent(),
    "anthropics/claude-code-action": Agent(opened_by="allowed_non_write_users"),
    "anthropics/claude-code-action/base-action": Agent(),
    "anthropics/claude-code-base-action": Agent(),
    "augmentcode/augment-agent": Agent(),
    "factory-ai/droid-action": Agent(),
    "google-gemini/gemini-cli-action": Agent(),
    "google-github-actions/run-gemini-cli": Agent(),
    "openai/codex-action": Agent(opened_by="allow-users"),
    "qodo-ai/pr-agent": Agent(),
    "qwenlm/qwen-code-action": Agent(),
    "sst/opencode/github": Agent(),
    "the-pr-agent/pr-agent": Agent(),
    "codium-ai/pr-agent": Agent(),
    "warpdotdev/oz-agent-action": Agent(),
}
"""The two that guard themselves say so in `docs/security.md` and in `action.yml`."""
AGENT_COMMANDS: tuple[tuple[str, ...], ...] = (
    ("aider",),
    ("claude", "-p"),
    ("claude", "--print"),
    ("@anthropic-ai/claude-code",),
    ("codex", "exec"),
    ("@openai/codex", "exec"),
    ("copilot", "-p"),
    ("copilot", "--prompt"),
    ("cursor-agent",),
    ("gemini", "-p"),
    ("gemini", "--prompt"),
    ("gemini", "--yolo"),
    ("@google/gemini-cli",),
    ("opencode", "run"),
    ("qwen", "-p"),
    ("qwen", "--prompt"),
)
"""Commands that let a language model act without a person at the keyboard."""
INSTALLS = frozenset({"install", "i", "add", "ci"})
"""A package that is only installed is not run."""


SCRIPTS = {
    "actions/github-script": "script",
    "addnab/docker-run-action": "run",
    "appleboy/ssh-action": "script",
    "azure/cli": "inlinescript",
    "azure/powershell": "inlinescript",
    "cloudflare/wrangler-action": "command",
    "jannekem/run-python-script-action": "script",
    "mikefarah/yq": "cmd",
    "nick-fields/retry": "command",
    "reactivecircus/android-emulator-runner": "script",
    "sergeysova/jq-action": "cmd",
}
"""Actions with an input that is a script, by the input's name in lower case."""

OTHER_LANGUAGES = {
    "actions/github-script": "node",
    "jannekem/run-python-script-action": "python",
}
"""Those of which the script is none of a shell, with the program that runs it."""

GIVES: dict[str, ValueOrigin] = {
    "alessbell/pull-request-comment-branch": WHOLE,
    "dawidd6/action-get-tag": OURS,
    "eficode/resolve-pr-refs": WHOLE,
    "gotson/pull-request-comment-branch": WHOLE,
    "jitterbit/get-changed-files": FOREIGN,
    "juliangruber/read-file-action": UNFOLLOWED,
    "khan/pull-request-comment-trigger": FOREIGN,
    "peter-evans/find-comment": FOREIGN,
    "potiuk/get-workflow-origin": WHOLE,
    "shanegenschaw/pull-request-comment-trigger": FOREIGN,
    "tj-actions/branch-names": WHOLE,
    "tj-actions/changed-files": FOREIGN,
    "trilom/file-changes-action": FOREIGN,
    "xt0rted/pull-request-comment-branch": WHOLE,
}
"""Actions whose outputs are known to hold names of files or branches, or words, of outsiders."""
GIVES_OURS = (
    "actions/attest",
    "actions/cache",
    "actions/checkout",
    "actions/configure-pages",
    "actions/create-github-app-token",
    "actions/deploy-pages",
    "actions/setup-",
    "actions/upload-",
    "aws-actions/configure-aws-credentials",
    "dependabot/fetch-metadata",
    "docker/build-push-action",
    "docker/login-action",
    "docker/setup-",
    "google-github-actions/auth",
    "jupyter-server/jupyter_releaser/",
    "oven-sh/setup-bun",
    "peter-evans/create-or-update-comment",
    "pnpm/action-setup",
    "ruby/setup-ruby",
    "swatinem/rust-cache",
)
"""Actions whose outputs are ids, versions, paths, addresses that GitHub makes, and yes or no."""


def gives(action: str) -> ValueOrigin:
    """Where the outputs of an action come from; what is not known by name is not followed."""
    if action.startswith(GIVES_OURS):
        return OURS
    return GIVES.get(action, UNFOLLOWED)


def restores_cache(action: str, inputs: Inputs) -> bool:
    """Whether an action restores a cache."""
    when = CACHES.get(action)
    return when is not None and when(inputs)


def may_restore_cache(action: str) -> bool:
    """Whether it is not known of an action if it restores a cache."""
    own = action.startswith(SELF)
    return bool(action) and not (own or action in CACHES or restores_no_cache(action))


def publishes(action: str, inputs: Inputs) -> bool:
    """Whether an action publishes."""
    when = PUBLISHERS.get(action)
    return when is not None and when(inputs)


def is_agent(action: str, _inputs: Inputs) -> bool:
    """Whether an action is an agent."""
    return action in AGENTS


def obeys_anyone(action: str, inputs: Inputs) -> bool:
    """Whether an action is an agent that does not ask who speaks to it."""
    agent = AGENTS.get(action)
    if agent is None:
        return False
    named = inputs.get(agent.opened_by, "")
    return not agent.opened_by or "*" in named or "${{" in named
