"""Which versions of Node.js, npm, pnpm, yarn and bun a step of a job can run.

Sources: the README of actions/setup-node and oven-sh/setup-bun;
https://github.com/actions/runner-images (the machines bring Node.js and yarn 1).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from hardenme.exposure.client_versions import (
    ANY,
    NEW_BUN,
    NEW_NODE,
    YARN_1,
    bun_versions,
    image_versions,
    node_versions,
    npm_of,
)
from hardenme.exposure.jobs import ExpandedJob
from hardenme.exposure.known_expressions import variants
from hardenme.exposure.known_jobs import container_image, runs_on
from hardenme.exposure.project import Project
from hardenme.locks.ranges import VersionRange, spans
from hardenme.workflows.expressions import CLOSE, OPEN, bodies
from hardenme.workflows.steps import RunStep

WITH_NODE = re.compile(
    r"(?i)ubuntu-(?:latest|slim|2[2-9]\.\d\d)(?:-arm)?|windows-(?:latest|202[2-9]|11-arm)"
    r"|macos-(?:latest|1[3-9]|2\d)(?:-(?:intel|large|xlarge))?"
)
"""Labels of the machines of GitHub's that have a Node.js of today, and yarn 1.22.22."""
SETUP_NODE, SETUP_BUN = "actions/setup-node", "oven-sh/setup-bun"
ENABLES = re.compile(
    r"(?:(?!.*(?:<<|\b(?:case|exit|for|function|if|return|until|while)\b))(?!.*[{(|&]\s*\n).*\n)*"
    r"\s*(?:sudo\s+)?corepack\s+enable\s*(?:yarn\s*)?(?:\n|$)"
)
"""How a script begins that has yarn be the one that `package.json` names: each line is run."""
OF_INPUTS = re.compile(r"inputs\.(?P<name>[\w-]+)")
Versions = tuple[VersionRange, ...]


@dataclass(slots=True)
class JobClients:
    """The clients of a job, as its steps so far chose them.

    Attributes:
        there: the files of the commit.
        node: the versions that it can have.
        bun: the same; none if it is not known.
        old_yarn: its yarn may be one that does not heed which yarn `package.json` names.
    """

    job: ExpandedJob
    there: Project
    node: Versions = (ANY,)
    bun: Versions = ()
    old_yarn: bool = False
    _machine: Versions = field(init=False, default=(ANY,))

    def __post_init__(self) -> None:
        """Begin with what the machine or the container has."""
        image = container_image(self.job)
        if image:
            self._machine = tuple(image_versions(image))
        elif all(map(WITH_NODE.fullmatch, runs_on(self.job))):
            self._machine = (NEW_NODE,)
        self.node = self._machine
        self.old_yarn = self._machine != (NEW_NODE,) or image != ""

    def take(self, step: RunStep) -> None:
        """Take what a step chooses; where it may not run, what was there before stays possible."""
        if step.action == SETUP_NODE:
            chosen = self._node(step)
            self.node = tuple(chosen) if step.surely else (*self.node, *chosen)
        elif step.action == SETUP_BUN:
            chosen = self._bun(step)
            self.bun = tuple(chosen) if step.surely else (ANY, *self.bun, *chosen)
        elif step.surely and ENABLES.match(step.script):
            self.old_yarn = False

    def versions(self, client: str) -> Versions:
        """The versions of a client; none where that is not known, or the files decide it."""
        if client == "npm":
            return tuple(dict.fromkeys(map(npm_of, self.node)))
        if client == "pnpm":
            named = self.there.managers.get("pnpm", [])
            return tuple(_each(named, lambda one: spans(one) or [ANY]))
        if client == "yarn":
            return (YARN_1,) if self.old_yarn else ()
        return self.bun if client == "bun" else ()

    def _node(self, step: RunStep) -> Sequence[VersionRange]:
        given, file = (_input(step, key) for key in ("node-version", "node-version-file"))
        if given.strip():
            return self._values(given, node_versions, self._machine)
        if file.strip():
            return self._values(file, self._of_file, self._machine)
        return self.node

    def _of_file(self, path: str) -> Sequence[VersionRange]:
        return _each(self.there.node_files.get(path.removeprefix("./"), [""]), node_versions)

    def _bun(self, step: RunStep) -> Sequence[VersionRange]:
        given, file = (_input(step, key) for key in ("bun-version", "bun-version-file"))
        if given.strip():
            return self._values(given, bun_versions, (ANY,))
        if file.strip():
            return [ANY]
        # Without an input, a `package.json` may name one.
        named = self.there.managers.get("bun", [])
        return [NEW_BUN, *_each(named, bun_versions)]

    def _values(
        self, text: str, read: Callable[[str], Sequence[VersionRange]], empty: Versions
    ) -> Sequence[VersionRange]:
        """What each value of an input leads to, by the matrix of the job.

        Args:
            empty: what a value leads to that is empty.
        """
        found: list[VersionRange] = []
        for one in variants(text, self.job.raw):
            found += [ANY] if OPEN in one else read(one.strip()) if one.strip() else empty
        return list(dict.fromkeys(found))


def _input(step: RunStep, name: str) -> str:
    """An input of a step, with what the calls of own actions around it give."""
    text, frame = step.inputs.get(name, ""), step.frame
    while frame is not None:
        for body in bodies(text):
            named = OF_INPUTS.fullmatch(body.strip())
            if named is not None:
                key = named["name"].lower()
                value = frame.given.get(key, frame.action.defaults.get(key, ""))
                text = text.replace(f"{OPEN}{body}{CLOSE}", value)
        frame = frame.caller.frame
    return text


def _each(
    texts: Iterable[str], read: Callable[[str], Sequence[VersionRange]]
) -> list[VersionRange]:
    return list(dict.fromkeys(span for one in texts for span in read(one)))
