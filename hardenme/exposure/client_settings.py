"""Settings of npm, pnpm, yarn and bun, and those that change no version which is installed.

A setting can make a client pass over the lock file, read another one, or run another program. So
one that is not listed counts as not read.

Sources: https://docs.npmjs.com/cli/v11/using-npm/config, https://pnpm.io/settings,
https://yarnpkg.com/configuration/yarnrc, https://bun.com/docs/runtime/bunfig.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from hardenme.ground.errors import ContentError
from hardenme.workflows.yaml import load

OF_NPM = """
    access always-auth audit audit-level auth-type ca cache cafile cert color email
    engine-strict fetch-retries fetch-retry-factor fetch-retry-maxtimeout fetch-retry-mintimeout
    fetch-timeout foreground-scripts fund git-tag-version http-proxy https-proxy if-present
    allow-same-version ignore-scripts include init-author-email init-author-name init-author-url
    init-license init-version install-strategy json key legacy-peer-deps loglevel logs-dir
    logs-max long maxsockets message min-release-age noproxy omit optional otp parseable
    prefer-offline prefix production progress provenance proxy registry save-exact save-prefix
    scope send-metrics sign-git-commit sign-git-tag strict-peer-deps strict-ssl
    tag-version-prefix timing tmp unicode update-notifier user-agent username workspaces-update
    yes
"""
OF_PNPM = """
    allow-builds child-concurrency
    enable-pre-post-scripts git-checks hoist hoist-pattern home ignored-built-dependencies
    manage-package-manager-versions minimum-release-age
    minimum-release-age-exclude network-concurrency only-built-dependencies
    package-import-method package-manager-strict packages
    public-hoist-pattern publish-branch recursive-install reporter
    save-workspace-protocol shamefully-hoist side-effects-cache store-dir
    strict-dep-builds strict-peer-dependencies verify-store-integrity virtual-store-dir
"""
OF_YARN = """
    approved-git-repositories cache-folder changeset-ignore-patterns checksum-behavior
    compression-level default-semver-range-prefix disable-self-update-check
    enable-colors enable-global-cache enable-hardened-mode
    enable-hyperlinks enable-immutable-cache enable-immutable-installs enable-inline-builds
    enable-messages enable-mirror enable-network enable-progress-bars enable-scripts
    enable-telemetry enable-timers enable-transparent-workspaces frozen-lockfile global-folder
    http-retry http-timeout immutable-patterns init-scope last-update-check log-filters
    network-timeout nm-hoisting-limits nm-mode nm-self-references node-linker npm-always-auth
    npm-auth-ident npm-auth-token npm-minimal-age-gate npm-preapproved-packages
    npm-publish-access npm-publish-provenance npm-publish-registry npm-registries
    npm-registry-server npm-scopes pnp-fallback-mode pnp-ignore-patterns pnp-mode
    progress-bar-style supported-architectures telemetry-interval telemetry-user-id
    ts-enable-auto-types version yarn-offline-mirror yarn-offline-mirror-pruning
"""
OF_BUN = """
    config-registry config-token dev exact global-bin-dir global-dir install install-cache-dir
    linker peer runtime-transpiler-cache-path save-text-lockfile scopes
"""
OF_COREPACK = """
    default-to-latest enable-auto-pin enable-download-prompt enable-strict
    integrity-keys npm-registry npm-token
"""
RESOLVING = frozenset(
    """
    auto-install-peers catalog catalogs dedupe-peer-dependents link-workspace-packages
    peer-dependency-rules prefer-workspace-packages resolution-mode
    """.split()  # noqa: SIM905 (words, not a list of strings)
)
"""Settings of pnpm by which it resolves anew where the lock file was made with others, and fails
where that has to fit."""
HARMLESS = frozenset(f"{OF_NPM} {OF_PNPM} {OF_YARN} {OF_BUN} {OF_COREPACK}".split())
"""What changes no version: where packages come from, how they are fetched, what is printed."""
CREDENTIAL = re.compile(r"(?i)//\S+:\w+|@[^:\s]+:registry|_auth(?:token)?|_password")
"""Settings of a registry: where it is, and who one is there."""
CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
HEEDS = re.compile(r"(?:package-lock|lockfile|shrinkwrap|shared-workspace-lockfile)=true")
"""Settings by which a client heeds the lock file, as it does without them."""
YARNS_OWN = re.compile(
    r"(?:\./)?\.yarn/(?:releases/yarn-[\w.-]+\.c?js|plugins/@yarnpkg/[\w-]+\.c?js)"
)
"""Where a repository has yarn itself, and plugins of yarn's own."""
YARN_FILE = re.compile(r"(?:.*/)?yarn-(?P<version>[\w.-]+)\.c?js")
"""The file of a yarn, with its version."""
UNNAMED = "?"
"""In place of a version that is not named."""
OTHERS_OF_BUN = frozenset({"install", "logLevel", "telemetry"})
"""Tables of bun's settings that have it load no code."""


def is_harmless(name: str, value: str = "") -> bool:
    """Whether a setting changes no version.

    Args:
        name: as a file, a variable or a command line has it; `fooBar` is `foo-bar`.
        value: empty if it does not matter.
    """
    plain = _kebab(name)
    heeds = HEEDS.fullmatch(f"{plain}={value.lower()}")
    return plain in HARMLESS or bool(heeds or CREDENTIAL.fullmatch(name))


def _kebab(name: str) -> str:
    return CAMEL.sub("-", name).lower().replace("_", "-").removeprefix("npm-config-")


def sets_unknown(words: Sequence[str]) -> bool:
    """Whether the words after `npm config set`, or the like, set what is not harmless."""
    given = [word.strip("\"'") for word in words if not word.startswith("-")]
    if given and "=" in given[0]:
        return not all(is_harmless(*one.split("=", maxsplit=1)) for one in given if "=" in one)
    pairs = zip(given[::2], [*given[1::2], ""], strict=False)
    return not all(is_harmless(name, value) for name, value in pairs)


# The files of a commit that hold settings.


def changing_settings(path: str, text: str) -> Iterator[str]:
    """What a file of settings sets that may change which versions are installed.

    Raises:
        ContentError: it is not understood.
    """
    for name, value in FILES[path.rpartition("/")[2]](text):
        known = is_harmless(name, value) or _kebab(name) in RESOLVING
        if not (known or YARNS_OWN.fullmatch(value)):
            yield name


def resolving_settings(path: str, text: str) -> Iterator[str]:
    """What a file of settings sets by which pnpm may resolve anew, if it need not keep to its lock.

    Raises:
        ContentError: it is not understood.
    """
    settings = FILES[path.rpartition("/")[2]](text)
    yield from (name for name, _value in settings if _kebab(name) in RESOLVING)


def started_yarn(path: str, text: str) -> str:
    """The version of the yarn that a file of settings has yarn 1 start; empty for none.

    Raises:
        ContentError: it is not understood.
    """
    for name, at in FILES[path.rpartition("/")[2]](text):
        if name in {"yarnPath", "yarn-path"}:
            named = YARN_FILE.fullmatch(at)
            return named["version"] if named is not None else UNNAMED
    return ""


def _of_npmrc(text: str) -> Iterator[tuple[str, str]]:
    for line in map(str.strip, text.splitlines()):
        if line and line[0] not in "#;[":
            name, _, value = line.partition("=")
            yield name.strip().removesuffix("[]"), value.strip()


def _of_yarnrc(text: str) -> Iterator[tuple[str, str]]:
    """Settings of yarn 1: `name value`, or an option of a command, like `--install.name value`."""
    for line in map(str.strip, text.splitlines()):
        if line and not line.startswith("#"):
            name, _, value = line.partition(" ")
            option = name.strip('"').removeprefix("--").rpartition(".")[2]
            yield (option if name.startswith("--") else name.strip('"')), value.strip().strip('"')


def _of_yaml(text: str) -> Iterator[tuple[str, str]]:
    if all(not line.strip() or line.lstrip().startswith("#") for line in text.splitlines()):
        return
    data = load(text)
    if not isinstance(data, dict):
        raise ContentError("it is not a list of settings")
    for name, value in data.items():
        if name == "plugins" and isinstance(value, list):
            yield from (("plugins", _plugin(one)) for one in value)
        else:
            yield str(name), str(value).lower() if isinstance(value, bool) else str(value)


def _plugin(one: Any) -> str:
    return str(one.get("path", "")) if isinstance(one, dict) else str(one)


def _of_bunfig(text: str) -> Iterator[tuple[str, str]]:
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ContentError(f"it is not TOML: {error}") from None
    yield from ((name, "") for name in data.keys() - OTHERS_OF_BUN)
    install = data.get("install", {})
    if not isinstance(install, dict):
        raise ContentError("its settings of installing are not understood")
    for name, value in install.items():
        yield name, str(value).lower() if isinstance(value, bool) else str(value)


FILES: Mapping[str, Callable[[str], Iterator[tuple[str, str]]]] = {
    ".npmrc": _of_npmrc,
    ".yarnrc": _of_yarnrc,
    ".yarnrc.yml": _of_yaml,
    "pnpm-workspace.yaml": _of_yaml,
    "bunfig.toml": _of_bunfig,
}
"""Files of settings by their names, each with what reads it."""
