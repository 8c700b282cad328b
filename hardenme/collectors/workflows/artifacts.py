"""What a job downloads of a run that outsiders may have started, and where it puts that."""

from __future__ import annotations

import re
from dataclasses import dataclass

from hardenme.collectors.workflows.scripts import commands, program
from hardenme.collectors.workflows.steps import RunStep

OWN_RUN = "actions/download-artifact"
OTHER_RUNS = ("run-id", "github-token")
"""Inputs with which it fetches from another run than its own."""
DOWNLOAD = re.compile(r"download.*artifact|artifact.*download")
BY_API = re.compile(r"downloadArtifact|/artifacts\b|archive_download_url")
HERE = frozenset({"", ".", "$GITHUB_WORKSPACE"})
SAME = re.compile(
    r"\$\{\{\s*(?:github\.(?P<workspace>workspace)|runner\.(?P<temp>temp))\s*\}\}"
    r"|\$\{?(?:env:)?(?P<name>GITHUB_WORKSPACE|RUNNER_TEMP)\}?"
)
"""The ways in which two folders of the runner are written."""
UNPACKS = {"unzip": ("-d",), "tar": ("-C", "--directory"), "bsdtar": ("-C",), "7z": ("-o",)}
"""Programs that unpack, each with the options that name where to."""
MOVES = frozenset({"cp", "mv", "rsync", "install", "ln"})
"""Programs that put files where their last word says."""
INTO = frozenset({"-D", "--dir"})


@dataclass(frozen=True, slots=True)
class Artifacts:
    """What was downloaded so far.

    Attributes:
        packed: an archive lies somewhere that was not unpacked yet.
        here: it lies in the working folder, over what was checked out.
        folders: the other folders that it lies in.
    """

    packed: bool = False
    here: bool = False
    folders: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return self.packed or self.here or bool(self.folders)

    def after(self, step: RunStep, script: str) -> Artifacts:
        """What there is once a step has run."""
        action, inputs = step.action, step.inputs
        if action and DOWNLOAD.search(action):
            if action == OWN_RUN and not set(OTHER_RUNS) & inputs.keys():
                return self
            return self._with(inputs.get("path", "") or inputs.get("workdir", ""))
        if not (self or "download" in script or BY_API.search(script)):
            return self
        found = self
        if BY_API.search(script):
            found = Artifacts(packed=True, here=found.here, folders=found.folders)
        for words in commands(script):
            found = found._command(words)
        return found

    @property
    def anywhere(self) -> bool:
        """Whether it lies in a folder of which the name is not known."""
        return any("$" in folder.removeprefix("$RUNNER_TEMP") for folder in self.folders)

    def mentions(self, text: str) -> bool:
        """Whether a text names a folder that holds it."""
        written = _same(text)
        return any(folder in written for folder in self.folders)

    def _command(self, words: list[str]) -> Artifacts:
        names = [program(word) for word in words]
        if names[:1] == ["gh"] and {"run", "download"} <= set(words):
            return self._with(_after(words, tuple(INTO)))
        unpacker = next((name for name in names if name in UNPACKS), None)
        if unpacker is not None and self.packed:
            return self._with(_after(words, UNPACKS[unpacker]))
        if MOVES & set(names[:2]) and self.mentions(" ".join(words[:-1])):
            return self._with(words[-1])
        return self

    def _with(self, folder: str) -> Artifacts:
        named = _same(folder.strip().strip("\"'")).removeprefix("./").rstrip("/")
        named = named.removeprefix("$GITHUB_WORKSPACE/")
        if named in HERE:
            return Artifacts(self.packed, here=True, folders=self.folders)
        return Artifacts(self.packed, self.here, self.folders | {named})


def _same(text: str) -> str:
    """A text with the runner's folders written in one way."""
    return SAME.sub(
        lambda found: "$RUNNER_TEMP" if _temporary(found) else "$GITHUB_WORKSPACE", text
    )


def _temporary(found: re.Match[str]) -> bool:
    return bool(found["temp"]) or found["name"] == "RUNNER_TEMP"


def _after(words: list[str], options: tuple[str, ...]) -> str:
    """What follows one of these options, or is written onto it; empty where none is there."""
    for index, word in enumerate(words):
        for option in options:
            if word == option and words[index + 1 :]:
                return words[index + 1]
            if word.startswith(option) and len(word) > len(option):
                return word[len(option) :].lstrip("=")
    return ""
