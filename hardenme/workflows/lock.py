"""The lock file of a repository's workflows, `.github/workflows/actions.lock`.

It holds, for each workflow that takes part, the actions that it uses. For each action it holds the
commit that runs, with the actions that it uses in turn. Anything that deviates from its schema is
refused: a lock that is half understood pins nothing.

Source: https://github.com/github/actions-lockfile/tree/main/schema
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hardenme.ground.errors import ContentError
from hardenme.workflows.yaml import load

NAME = "actions.lock"
"""Its name in the folder of workflow files."""
VERSIONS = frozenset({"v0.0.2", "v0.0.3"})
PARTS = frozenset({"version", "workflows", "dependencies"})
DEMANDED = frozenset({"ref", "commit", "owner_id", "repo_id"})
KEYS = {"v0.0.2": DEMANDED | {"uses"}, "v0.0.3": DEMANDED | {"uses", "hostname"}}
PIN = re.compile(r"([^/@:\s]+/[^/@:\s]+)@([^:\s]+)")
REFERENCE = re.compile(r"([^/@:\s]+/[^/@:\s]+)(?:/[^@\s]*)?@([^:\s]+)")
COMMIT = re.compile(r"[0-9a-f]{40}")
DIGEST = re.compile(r"sha1-([0-9a-f]{40})")
NUMBER = re.compile(r"[1-9][0-9]*")
HOST = re.compile(r"github\.com|[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.ghe\.com")


@dataclass(frozen=True, slots=True)
class Locked:
    """What the lock holds for one workflow.

    Attributes:
        pins: the actions that the workflow uses, as `OWNER/NAME@REF` with the names in lower case,
            each with its commit.
        open_ends: what these use in turn, for which the lock has no commit.
    """

    pins: tuple[str, ...] = ()
    open_ends: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ActionsLock:
    """A lock file.

    Attributes:
        workflows: by the path of a workflow file, what it uses.
        dependencies: by action, what that uses.
    """

    workflows: Mapping[str, tuple[str, ...]]
    dependencies: Mapping[str, tuple[str, ...]]

    def of(self, path: str) -> Locked | None:
        """What it holds for a workflow file; None if that takes no part."""
        if path not in self.workflows:
            return None
        pins = [pin for pin in self.workflows[path] if pin in self.dependencies]
        return Locked(tuple(pins), tuple(sorted(set(self._open_ends(pins)))))

    def _open_ends(self, pins: list[str]) -> Iterator[str]:
        seen, waiting = set(pins), list(pins)
        while waiting:
            for used in self.dependencies[waiting.pop()]:
                if used not in self.dependencies:
                    yield used
                elif used not in seen:
                    seen.add(used)
                    waiting.append(used)


def pin_of(reference: str) -> str:
    """How a lock file names an action: the folder within its repository does not count.

    What no lock can hold is given back as it is.
    """
    found = REFERENCE.fullmatch(reference.strip())
    return reference if found is None else f"{found[1].lower()}@{found[2]}"


def lock(text: str) -> ActionsLock:
    """Parse a lock file.

    Raises:
        StoredError: it is none that is understood.
    """
    data = load(text)
    if not isinstance(data, dict) or not data.keys() <= PARTS:
        raise ContentError("it has parts that a lock file of actions does not have")
    version = data.get("version")
    if version not in VERSIONS:
        raise ContentError("it has an unknown version")
    return ActionsLock(
        {path: _pins(used) for path, used in _mapping(data.get("workflows", {})).items()},
        {
            _pin(key): _action(key, action, KEYS[version])
            for key, action in _mapping(data.get("dependencies", {})).items()
        },
    )


def _mapping(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ContentError("a part of it has an unknown format")
    return value


def _pins(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ContentError("a list of actions has an unknown format")
    return tuple(_pin(item) for item in value)


def _pin(value: Any) -> str:
    found = PIN.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise ContentError("it names an action in an unknown format")
    return f"{found[1].lower()}@{found[2]}"


def _action(key: str, value: Any, known: frozenset[str]) -> tuple[str, ...]:
    """What an action uses, once all else about it is of a form that is known."""
    action = _mapping(value)
    if not DEMANDED <= action.keys() <= known:
        raise ContentError("an action in it has unknown keys")
    texts = {name: text for name, text in action.items() if name != "uses"}
    if not all(isinstance(text, str) for text in texts.values()):
        raise ContentError("a key of an action has an unknown format")
    digest = DIGEST.fullmatch(texts["commit"])
    ref = key.partition("@")[2]
    if digest is None or (COMMIT.fullmatch(ref) and ref != digest[1]):
        raise ContentError("the commit of an action has an unknown format")
    numbers = all(NUMBER.fullmatch(texts[name]) for name in ("owner_id", "repo_id"))
    if not (numbers and texts["ref"] and HOST.fullmatch(texts.get("hostname", "github.com"))):
        raise ContentError("a key of an action has an unknown format")
    return _pins(action.get("uses", []))
