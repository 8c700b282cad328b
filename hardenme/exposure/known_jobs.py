"""Machines, images and inputs of actions that change nothing about what a job installs.

What is not listed counts as not read. A machine of one's own has what earlier jobs left on it. An
image or an input can bring other files or settings.

Sources: the `action.yml` of each action; https://docs.github.com/en/actions/reference/runners,
https://hub.docker.com/search?badges=official.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from hardenme.exposure.jobs import ExpandedJob
from hardenme.exposure.known_expressions import HARMLESS, values_of, variants
from hardenme.exposure.known_paths import alike, decides, is_known_folder
from hardenme.facts.npm.workspaces import MODULES
from hardenme.workflows.expressions import CLOSE, OPEN, bodies
from hardenme.workflows.source import text_of
from hardenme.workflows.steps import CHECKOUT, RunStep

HOSTED = re.compile(
    r"(?i)ubuntu-(?:latest|slim|\d\d\.\d\d)(?:-arm)?|windows-(?:latest|\d{4}|11-arm)"
    r"|macos-(?:latest|\d\d)(?:-(?:intel|large|xlarge))?"
)
"""Labels of GitHub's own machines, which begin empty; an owner chooses all other ones."""
OF_WINDOWS = re.compile(r"(?i)windows-.*")
OFFICIAL = re.compile(
    r"(?:docker\.io/)?(?:library/)?(?:alpine|amazonlinux|buildpack-deps|busybox|debian|elasticsearch"
    r"|fedora|gcc|golang|httpd|mariadb|memcached|mongo|mysql|nginx|node|php|postgres|python|rabbitmq"
    r"|redis|ruby|rust|ubuntu|valkey)(?::[\w.-]+)?(?:@sha256:[0-9a-f]{64})?"
)
"""Images of Docker's own, which have no package of npm other than npm and yarn."""
PLAIN_OPTIONS = re.compile(
    r"(?:\s*--(?:user|cpus|memory|shm-size|ipc|init|network-alias|hostname)(?:[= ][\w.:-]+)?)*\s*"
)
HEALTH = re.compile(
    r"""\s*--health-(?:interval|retries|start-period|start-interval|timeout)[= ]\w+"""
    r"""|\s*--health-cmd[= ](?:"[^"$`]*"|'[^'$`]*'|[^\s"'$`]+)|\s*--name[= ][\w.-]+"""
)
"""Options of a service that ask whether it answers."""
OF_CLIENT = re.compile(r"(?i)\b(?:npm|npx|pnpm|pnpx|yarn|bunx?|deno|corepack|node)\b")
OF_IMAGE = frozenset({"image", "env", "options", "credentials", "ports"})
"""Keys of a container that neither bring files nor choose what it runs."""
KEEPS_COMMIT = frozenset(
    """
    clean fetch-depth fetch-tags filter github-server-url lfs path persist-credentials
    set-safe-directory show-progress ssh-key ssh-known-hosts ssh-strict ssh-user token
    """.split()  # noqa: SIM905 (words, not a list of strings)
)
"""Inputs of a checkout that bring the run's own commit, whole."""
OF_THIS_COMMIT = {
    "ref": frozenset({"", "${{ github.sha }}"}),
    "repository": frozenset({"${{ github.repository }}"}),
    "submodules": frozenset({"false"}),
}
"""Values of its other inputs that do so as well."""
OF_THIS_RUN = frozenset(
    {"name", "path", "pattern", "merge-multiple", "artifact-ids", "skip-decompress"}
)
"""Inputs of a download that bring what jobs of the same run made."""
ARTIFACT = "actions/download-artifact"
CACHES = frozenset({"actions/cache", "actions/cache/restore"})
INPUTS = {
    "actions/setup-node": frozenset(
        """
        always-auth architecture cache cache-dependency-path check-latest node-version
        node-version-file package-manager-cache registry-url scope token
        """.split()  # noqa: SIM905 (the same)
    ),
    "oven-sh/setup-bun": frozenset(
        {"bun-version", "bun-version-file", "no-cache", "registry-url", "scope", "token"}
    ),
    "actions/setup-python": frozenset(
        """
        allow-prereleases architecture cache cache-dependency-path check-latest freethreaded
        pip-version python-version python-version-file token update-environment
        """.split()  # noqa: SIM905 (the same)
    ),
    "actions/setup-go": frozenset(
        {"architecture", "cache", "cache-dependency-path", "check-latest", "go-version"}
        | {"go-version-file", "token"}
    ),
    "actions/setup-java": frozenset(
        """
        architecture cache cache-dependency-path check-latest distribution gpg-passphrase
        gpg-private-key java-package java-version java-version-file job-status mvn-toolchain-id
        mvn-toolchain-vendor overwrite-settings server-id server-password server-username token
        """.split()  # noqa: SIM905 (the same)
    ),
    ARTIFACT: OF_THIS_RUN,
}
"""Inputs of actions that change nothing about what is installed."""
STORE = re.compile(
    r"\$\((?:npm config get cache|pnpm store path(?: --silent| -s)?|yarn cache dir"
    r"|yarn config get cacheFolder|bun pm cache)\)"
)
"""How a script asks a client for the folder of its cache."""
OUTPUT_OF = re.compile(r"steps\.(?P<id>[\w-]+)\.outputs\.[\w-]+")
OF_USER = re.compile(
    r"~/(?:\.(?:npm|yarn|pnpm-store|cache|cargo|gradle|m2|nuget)|\.bun/install/cache|go/pkg/mod"
    r"|\.local/share/pnpm|\.local/state/pnpm)(?:/[\w@.+*-]+)*/?"
)
"""Folders in which programs keep what they downloaded."""
IN_PROJECT = re.compile(
    r"(?:\./)?[\w@+-][\w@.+-]*(?:/[\w@.+-]+)*/?|\.(?:next|cache|turbo|nx)(?:/.*)?"
)
ANY_MODULES = re.compile(r"(?:\./)?(?:[\w@.+-]+/|\*\*?/)*node_modules/?")


def runs_on(job: ExpandedJob) -> list[str]:
    """The labels of a job's machine; an expression that is not written out stays as it is."""
    given = job.raw.get("runs-on")
    listed = given if isinstance(given, list) else [given]
    found: list[str] = []
    for one in map(str, listed):
        inner = one.strip().removeprefix(OPEN).removesuffix(CLOSE).strip()
        values = values_of(job.raw, inner) if one.strip().startswith(OPEN) else None
        found += [one] if values is None else values
    return found


def any_shell(job: ExpandedJob) -> bool:
    """Whether the usual shell of a job may be another one than bash."""
    labels = runs_on(job)
    return not all(map(HOSTED.fullmatch, labels)) or any(map(OF_WINDOWS.fullmatch, labels))


def unknown_parts(job: ExpandedJob) -> Iterator[str]:
    """What a job runs on or in that is not known."""
    for label in runs_on(job):
        if not HOSTED.fullmatch(label):
            yield f"runs-on: {label}"
    services = job.raw.get("services")
    named = services.values() if isinstance(services, dict) else [services] if services else []
    for kind, one in (("container", job.raw.get("container")), *(("services", s) for s in named)):
        if one and not _is_known_image(one):
            yield f"{kind}: {_image(one)}"


def container_image(job: ExpandedJob) -> str:
    """The image that the steps of a job run in; empty for none."""
    given = job.raw.get("container")
    return _image(given) if given else ""


def _image(given: Any) -> str:
    return text_of(given, "image") if isinstance(given, dict) else str(given)


def _is_known_image(given: Any) -> bool:
    if isinstance(given, dict):
        rest = HEALTH.sub(" ", text_of(given, "options"))
        plain = given.keys() <= OF_IMAGE and PLAIN_OPTIONS.fullmatch(rest)
        if not plain or OF_CLIENT.search(text_of(given, "options")):
            return False
    return OFFICIAL.fullmatch(_image(given)) is not None


def unknown_inputs(step: RunStep, job: ExpandedJob, folders: frozenset[str]) -> Iterator[str]:
    """The inputs of an action that are not known to change nothing about what is installed."""
    for name, value in step.inputs.items():
        if step.action == CHECKOUT:
            known = name in KEEPS_COMMIT or value.strip() in OF_THIS_COMMIT.get(name, ())
        elif step.action in CACHES and name == "path":
            paths = filter(None, map(str.strip, value.splitlines()))
            each = (one for path in paths for one in variants(path, job.raw))
            known = all(_is_known_cache(one, job, folders) for one in each)
        else:
            known = step.action not in INPUTS or name in INPUTS[step.action]
        if not known:
            shown = value.strip().replace("\n", " ")
            yield f"{text_of(step.raw, 'uses')} with {name}: {shown}"


def _is_known_cache(path: str, job: ExpandedJob, folders: frozenset[str]) -> bool:
    """Whether what a cache restores decides nothing about what is installed."""
    plain = path.removeprefix("!").strip("\"'")
    for body in bodies(plain):
        if not _is_known_value(body.strip(), job.steps):
            return False
        inside = body.strip() == "github.workspace"
        plain = plain.replace(f"{OPEN}{body}{CLOSE}", "." if inside else "x")
    if ".." in plain.split("/"):
        return False
    last = plain.rstrip("/").rpartition("/")[2]
    kept = alike(last) in set(map(alike, folders))
    if decides(last) or kept or last in {"", ".", "..", "*", "**"}:
        return False
    patterns = (OF_USER, IN_PROJECT, ANY_MODULES)
    return any(one.fullmatch(plain) for one in patterns)


def _is_known_value(body: str, steps: Sequence[RunStep]) -> bool:
    output = OUTPUT_OF.fullmatch(body)
    if output is not None:
        scripts = [step.script for step in steps if text_of(step.raw, "id") == output["id"]]
        return bool(scripts) and all(map(STORE.search, scripts))
    return HARMLESS.fullmatch(body) is not None


def brings_files(step: RunStep, folders: frozenset[str]) -> bool:
    """Whether a download puts files where a client may look for those of the project."""
    into = step.inputs.get("path", "").strip()
    known = IN_PROJECT.fullmatch(into) and not {"..", MODULES} & set(into.split("/"))
    return step.action == ARTIFACT and (not known or is_known_folder(into.rstrip("/"), folders))
