"""The jobs of a workflow file that publish to a registry of npm packages, and what starts them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from hardenme.facts.github.release_job import (
    BUNDLED,
    COMPUTED,
    GITHUB_TOKEN,
    SCRIPT,
    PublishCommand,
    ReleaseJob,
    ReleaseMaker,
    Trigger,
)
from hardenme.facts.github.workflow import ALL
from hardenme.facts.npm.workspaces import from_root, joined
from hardenme.model.secret_name import Likeness, npm_token_likeness
from hardenme.workflows.expressions import secrets
from hardenme.workflows.flow import FileFlow
from hardenme.workflows.jobs import LONGEST
from hardenme.workflows.release_commands import (
    RAISING,
    ClientCommand,
    installed_npm,
    moves_tag,
    publish_commands,
)
from hardenme.workflows.scripts import commands, program
from hardenme.workflows.source import WorkflowSource, permissions, text_of
from hardenme.workflows.steps import Files, RunStep

SETUP_NODE = "actions/setup-node"
TOOL_ACTIONS = {
    "codfish/semantic-release-action": "semantic-release",
    "cycjimmy/semantic-release-action": "semantic-release",
    "js-devtools/npm-publish": SCRIPT,
}
"""Actions that publish packages, with the client that they use."""
CHANGESETS = "changesets/action"
HARMLESS_OWNERS = frozenset({"actions", "github"})
INSTALLS_NODE = re.compile(
    r"node|npm|pnpm|yarn|bun|volta|mise|asdf|nix|proto|devbox|setup", re.IGNORECASE
)
"""Actions of such names may install Node or npm."""
KEEPS_NPM = frozenset({"pnpm/action-setup", "oven-sh/setup-bun", CHANGESETS, "denoland/setup-deno"})
"""Actions of such names that leave Node and npm as they are."""
TOKEN_VARIABLES = frozenset(
    {"NODE_AUTH_TOKEN", "NPM_TOKEN", "NPM_AUTH_TOKEN", "YARN_NPM_AUTH_TOKEN"}
    | {"NPM_CONFIG__AUTH", "NPM_CONFIG__AUTHTOKEN", "BUN_AUTH_TOKEN"}
)
NODE_MANAGERS = frozenset({"apk", "apt-get", "asdf", "fnm", "mise", "n", "nvm", "volta"})
"""Programs that may install another Node or npm."""
PROVENANCE = "NPM_CONFIG_PROVENANCE"
OFF = frozenset({"false", "0", "off", "no"})
MAKERS = frozenset(
    {"softprops/action-gh-release", "ncipollo/release-action", "actions/create-release"}
    | {"googleapis/release-please-action", "google-github-actions/release-please-action"}
    | {"release-drafter/release-drafter", "mathieudutour/github-tag-action"}
)
"""Actions that create a release or a tag."""
TOKEN_INPUTS = ("token", "github_token", "repo-token", "github-token")
ENV_NAME = re.compile(r"\$\{\{\s*env\.(\w+)\s*\}\}")


@dataclass(slots=True)
class _Toolchain:
    """What the steps so far have installed."""

    npm: str = BUNDLED
    node: str = ""
    registry: str = ""
    doubts: tuple[str, ...] = ()
    moves_tag: bool = False
    raises: bool = False
    tokens: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Caller:
    """What a job passes to the workflow file that it calls."""

    prefix: str = ""
    identity: tuple[bool | None, ...] = ()
    conditions: tuple[str, ...] = ()
    secrets: bool = True
    environment: Mapping[str, str] | None = None


def triggers(source: WorkflowSource) -> tuple[Trigger, ...]:
    """What starts a file."""
    return tuple(_trigger(event, settings) for event, settings in source.events.items())


def _trigger(event: str, settings: Any) -> Trigger:
    if not isinstance(settings, dict):
        return Trigger(event)
    return Trigger(
        event,
        _patterns(settings, "branches"),
        _patterns(settings, "tags"),
        _texts(settings, "types"),
    )


def _patterns(settings: Mapping[str, Any], name: str) -> tuple[str, ...]:
    ignored = _texts(settings, f"{name}-ignore")
    return _texts(settings, name) or tuple(f"!{one}" for one in ignored)


def _texts(settings: Mapping[str, Any], name: str) -> tuple[str, ...]:
    given = settings.get(name)
    listed = [given] if isinstance(given, str) else given if isinstance(given, list) else []
    return tuple(str(one)[:LONGEST] for one in listed)


def release_jobs(source: WorkflowSource, files: Files) -> tuple[ReleaseJob, ...]:
    """The jobs that publish, those of called files of the repository included."""
    return tuple(_jobs(FileFlow(source, files), _Caller()))


def _jobs(flow: FileFlow, caller: _Caller) -> Iterator[ReleaseJob]:
    for name, raw in flow.source.jobs.items():
        own = _identity(flow.source, raw)
        conditions = (*caller.conditions, *_condition(raw))
        callee = flow.callee(name)
        if callee is not None:
            inner = _Caller(
                f"{caller.prefix}{name[:LONGEST]} / ",
                (*caller.identity, own),
                conditions,
                caller.secrets and bool(raw.get("secrets")),
            )
            yield from _jobs(callee, inner)
            continue
        steps = flow.job(name).steps
        found = tuple(_commands(flow, name))
        if found:
            yield ReleaseJob(
                name=f"{caller.prefix}{name[:LONGEST]}",
                identity=(*caller.identity, own),
                environment=_environment(raw),
                runner=_runner(raw),
                container=_container(raw),
                conditions=conditions,
                actions=tuple(dict.fromkeys(_actions(steps))),
                passes_secrets=caller.secrets,
                commands=found,
            )


def _identity(source: WorkflowSource, raw: Mapping[str, Any]) -> bool | None:
    """Whether a job grants the identity token; None if neither it nor its file says."""
    own = permissions(raw)
    said = source.writes if own is None else own
    return None if said is None else bool({"id-token", ALL} & set(said))


def _condition(raw: Mapping[str, Any]) -> tuple[str, ...]:
    said = text_of(raw, "if")
    return (said[:LONGEST],) if said else ()


def _environment(raw: Mapping[str, Any]) -> str:
    said = raw.get("environment")
    return (
        text_of(said, "name") if isinstance(said, dict) else said if isinstance(said, str) else ""
    )


def _runner(raw: Mapping[str, Any]) -> tuple[str, ...]:
    said = raw.get("runs-on")
    if isinstance(said, dict):
        labels = said.get("labels", [])
        group = (f"group {said['group']}",) if isinstance(said.get("group"), str) else ()
        return (*group, *((labels,) if isinstance(labels, str) else map(str, labels or ())))
    return (said,) if isinstance(said, str) else tuple(map(str, said or ()))


def _container(raw: Mapping[str, Any]) -> str:
    said = raw.get("container")
    return (
        text_of(said, "image") if isinstance(said, dict) else said if isinstance(said, str) else ""
    )


def _actions(steps: Sequence[RunStep]) -> Iterator[str]:
    for step in steps:
        reference = text_of(step.raw, "uses")
        if reference:
            yield reference[:LONGEST]


def _commands(flow: FileFlow, name: str) -> Iterator[PublishCommand]:
    """What a job publishes with, in order, each with the clients that are installed by then."""
    chain, raw, steps = _Toolchain(), flow.source.jobs[name], flow.job(name).steps
    moved = any(moves_tag(step.script) for step in steps)
    swallows = text_of(raw, "continue-on-error") == "true"
    for step in steps:
        env = _variables(flow.source.env, raw.get("env"), *step.env)
        for command in _of_step(step, env, flow.job(name).folder):
            hides = swallows or text_of(step.raw, "continue-on-error") == "true"
            yield _made(command, chain, env, step, hides=hides, moved=moved)
        _install(chain, step, env)


def _of_step(step: RunStep, env: Mapping[str, str], default: str) -> Iterator[ClientCommand]:
    """The commands of a step; of an action those that it is given."""
    folder = text_of(step.raw, "working-directory") or default
    for found in publish_commands(step.script):
        yield replace(found, folder=from_root(joined(joined("", folder), found.folder)))
    if step.action == CHANGESETS and step.inputs.get("publish"):
        inner = list(publish_commands(_filled(step.inputs["publish"], env)))
        yield from inner or [ClientCommand(SCRIPT, (CHANGESETS, step.inputs["publish"]))]
    elif step.action in TOOL_ACTIONS:
        dry = step.inputs.get("dry-run", step.inputs.get("dry_run", "false"))
        if dry.lower() in {"", "false"}:
            tool = TOOL_ACTIONS[step.action]
            yield ClientCommand(tool, (step.action,), raised=tool in RAISING)


def _made(  # noqa: PLR0913 (what a command runs in)
    found: ClientCommand,
    chain: _Toolchain,
    env: Mapping[str, str],
    step: RunStep,
    *,
    hides: bool,
    moved: bool,
) -> PublishCommand:
    said = env.get(PROVENANCE, "").lower()
    provenance = "" if not said else "off" if said in OFF else "on"
    if "--no-provenance" in found.flags:
        provenance = "off"
    elif "--provenance" in found.flags:
        provenance = "off" if found.value("--provenance") in OFF else "on"
    registry = found.value("--registry") or env.get("NPM_CONFIG_REGISTRY", "") or chain.registry
    tokens = _tokens(step, env) | chain.tokens
    return PublishCommand(
        client=found.client,
        text=found.text,
        stages=found.stages,
        npm=found.npm or chain.npm,
        node=chain.node,
        doubts=chain.doubts,
        registry=registry,
        secrets=tuple(sorted(tokens)),
        tag=found.value("--tag"),
        provenance=provenance,
        flags=tuple(sorted(set(found.flags))),
        wrapped=found.wrapped,
        hidden_failure=hides or found.hidden,
        folder=found.folder,
        packed=found.packed,
        members=found.members,
        raises_version=found.raised or chain.raises or found.client in RAISING,
        moves_tag=moved,
    )


def _tokens(step: RunStep, env: Mapping[str, str]) -> frozenset[str]:
    """The secrets that a step can take for a token of npm."""
    named = {name for key in TOKEN_VARIABLES for name in secrets(env.get(key, ""))}
    inner = {key: value for key, value in step.raw.items() if key in {"run", "with"}}
    every = secrets([dict(env), inner])
    return frozenset(named | {one for one in every if npm_token_likeness(one) is Likeness.CERTAIN})


def _install(chain: _Toolchain, step: RunStep, env: Mapping[str, str]) -> None:
    """Note what a step installs for those after it."""
    if step.action == SETUP_NODE:
        file = step.inputs.get("node-version-file", "")
        chain.node = _filled(step.inputs.get("node-version", ""), env) or (
            f"file {file}" if file else ""
        )
        chain.npm = BUNDLED
        chain.registry = _filled(step.inputs.get("registry-url", ""), env) or chain.registry
    elif step.action and not step.script:
        owner = step.action.partition("/")[0]
        known = owner in HARMLESS_OWNERS or step.action in KEEPS_NPM
        inner = step.unread or (not known and INSTALLS_NODE.search(step.action))
        # The steps of an action of the repository that was read are in the list themselves.
        if inner and (step.unread or not step.action.startswith("./")):
            chain.doubts = (*chain.doubts, text_of(step.raw, "uses")[:LONGEST])
    version = installed_npm(step.script)
    if version:
        chain.npm = version
    names = {program(words[0]) for words in commands(step.script)}
    managers = sorted(names & NODE_MANAGERS)
    chain.doubts = (*chain.doubts, *managers[:1])
    chain.raises = chain.raises or any(
        one.raised for one in publish_commands(f"{step.script}\nnpm publish")
    )
    if ".npmrc" in step.script or "_authToken" in step.script:
        chain.tokens |= _tokens(step, env)


def _variables(*levels: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for level in levels:
        if isinstance(level, dict):
            found |= {
                name.upper(): _filled(value, found)
                for name, value in level.items()
                if isinstance(value, str)
            }
    return found


def _filled(text: str, env: Mapping[str, str]) -> str:
    """A text with the variables in it that are known."""
    return ENV_NAME.sub(lambda found: env.get(found[1].upper(), found[0]), text)


def makers(source: WorkflowSource, files: Files) -> Iterator[ReleaseMaker]:
    """What creates releases or tags in a file."""
    flow = FileFlow(source, files)
    for name, raw in source.jobs.items():
        if flow.callee(name) is not None or "steps" not in raw:
            continue
        for step in flow.job(name).steps:
            env = _variables(source.env, raw.get("env"), *step.env)
            if step.action in MAKERS:
                given = next(filter(None, map(step.inputs.get, TOKEN_INPUTS)), "")
                yield ReleaseMaker(step.action, _token(given or env.get(GITHUB_TOKEN, "")))
            elif _creates(step.script):
                given = env.get("GH_TOKEN", "") or env.get(GITHUB_TOKEN, "")
                yield ReleaseMaker("gh release create", _token(given))


def _creates(script: str) -> bool:
    return any({"gh", "release", "create"} <= set(words) for words in commands(script))


def _token(given: str) -> str:
    """Whose token a text names."""
    named = sorted(secrets(given))
    if named:
        return named[0]
    own = not given or "secrets.GITHUB_TOKEN" in given or "github.token" in given
    return GITHUB_TOKEN if own else given[:LONGEST] if COMPUTED in given else "a token"


def unfollowed(source: WorkflowSource, files: Files) -> tuple[str, ...]:
    """What jobs use without its being read: called files, and actions of the repository."""
    flow = FileFlow(source, files)
    found: list[str] = []
    for name, raw in source.jobs.items():
        if "uses" in raw and flow.callee(name) is None:
            found.append(text_of(raw, "uses")[:LONGEST])
        elif "steps" in raw:
            found += [step.unread[:LONGEST] for step in flow.job(name).steps if step.unread]
    return tuple(dict.fromkeys(found))
