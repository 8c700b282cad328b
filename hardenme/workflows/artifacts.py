"""What a job downloads of a run that outsiders may have started, and where it puts that."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from hardenme.workflows.file_commands import runs_files
from hardenme.workflows.level import Level
from hardenme.workflows.running import DOWNLOAD, RUNS
from hardenme.workflows.scripts import commands, is_of_a_shell, program, variables
from hardenme.workflows.source import text_of
from hardenme.workflows.steps import RunStep

OWN_RUN = "actions/download-artifact"
OTHER_RUNS = ("run-id", "github-token")
"""Inputs with which it fetches from another run than its own."""
BY_API = re.compile(r"downloadArtifact|/artifacts\b|archive_download_url")
HERE = frozenset({"", ".", "$GITHUB_WORKSPACE"})
SAME = re.compile(
    r"\$\{\{\s*(?:github\.(?P<workspace>workspace)|runner\.(?P<temp>temp))\s*\}\}"
    r"|\$\{?(?:env:)?(?P<name>GITHUB_WORKSPACE|RUNNER_TEMP)\}?"
)
"""Pairs of names for the same folder of the runner."""
TO_FOLDER = ("-C", "--directory")
UNPACKS: dict[str, tuple[str, ...]] = {
    "unzip": ("-d",),
    **dict.fromkeys(("tar", "bsdtar", "gtar"), TO_FOLDER),
    **dict.fromkeys(("7z", "7za", "7zz"), ("-o",)),
    "expand-archive": ("-DestinationPath",),
}
"""Programs that unpack, each with the options that name where to."""
EXTRACTS = re.compile(r"-?[a-zA-Z]*x[a-zA-Z]*|--extract|--get")
"""Options with which tar unpacks an archive."""
BY_PYTHON = re.compile(r"zipfile|tarfile")
MOVES = frozenset({"cp", "mv", "rsync", "install", "ln"})
"""Programs that put files where their last word says, or behind `-t`."""
INTO = frozenset({"-D", "--dir"})


@dataclass(frozen=True, slots=True)
class Artifacts:
    """What was downloaded so far.

    Attributes:
        packed: there is an archive that was not unpacked yet.
        here: it is in the working folder, over what was checked out.
        folders: the other folders that hold it.
        spread: a command that is not known took it, and may have put it anywhere.
    """

    packed: bool = False
    here: bool = False
    folders: frozenset[str] = frozenset()
    spread: bool = False

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
            found = replace(found, packed=True)
        if not is_of_a_shell(text_of(step.raw, "shell")):
            return replace(found, spread=True) if found.mentions(script) else found
        entered = found.mentions(text_of(step.raw, "working-directory"))
        looped: set[str] = set()
        for words in commands(script):
            if words[0] == "for" and words[1:] and found.mentions(" ".join(words)):
                looped.add(words[1])
            entered = entered or (words[0] in {"cd", "pushd"} and found.mentions(" ".join(words)))
            found = found.after_command(words, looped, entered=entered)
        return found

    @property
    def anywhere(self) -> bool:
        """Whether it may be in a folder of which the name is not known."""
        unknown = any("$" in folder.removeprefix("$RUNNER_TEMP") for folder in self.folders)
        return unknown or self.spread

    def mentions(self, text: str) -> bool:
        """Whether a text names a folder that holds it."""
        written = _same(text)
        return any(folder in written for folder in self.folders)

    def after_command(self, words: list[str], looped: set[str], *, entered: bool) -> Artifacts:
        """What there is after a command.

        Args:
            looped: variables of loops over the artifact's files.
            entered: it runs in a folder that holds an artifact.
        """
        names = [program(word) for word in words]
        if names[:1] == ["gh"] and {"run", "download"} <= set(words):
            return self._with(_after(words, tuple(INTO)))
        if not self:
            return self
        text = " ".join(words)
        named = entered or self.mentions(text) or bool(variables(text) & looped)
        unpacker = next((name for name in names if name in UNPACKS), None)
        if unpacker is not None and ("tar" not in unpacker or any(map(EXTRACTS.fullmatch, words))):
            return self._unpacked(_after(words, UNPACKS[unpacker]), entered, named)
        if BY_PYTHON.search(text):
            return self._unpacked(words[-1], entered, named)
        if MOVES & set(names[:2]) and named:
            place = _after(words, ("-t", "--target-directory")) or words[-1]
            return replace(self, spread=True) if entered else self._with(place)
        known = runs_files(names[0], words[1:]) is not Level.MAYBE or names[0] in RUNS
        return self if known or not named else replace(self, spread=True)

    def _unpacked(self, place: str, entered: bool, named: bool) -> Artifacts:  # noqa: FBT001 (both are about one command)
        """An archive is unpacked: the artifact's, or perhaps another one."""
        if entered:
            # What is named is seen from another folder.
            up = place.startswith("..")
            return replace(self, here=self.here or up, spread=True)
        return self._with(place) if self.packed or named else replace(self, spread=True)

    def _with(self, folder: str) -> Artifacts:
        named = _same(folder.strip().strip("\"'")).removeprefix("./").rstrip("/")
        named = named.removeprefix("$GITHUB_WORKSPACE/")
        if named in HERE:
            return replace(self, here=True)
        return replace(self, folders=self.folders | {named})


def _same(text: str) -> str:
    """A text with the runner's folders written in one way."""
    return SAME.sub(
        lambda found: "$RUNNER_TEMP" if _temporary(found) else "$GITHUB_WORKSPACE", text
    )


def _temporary(found: re.Match[str]) -> bool:
    return bool(found["temp"]) or found["name"] == "RUNNER_TEMP"


def _after(words: list[str], options: tuple[str, ...]) -> str:
    """The value after one of these options, or joined to it; empty for none."""
    for index, word in enumerate(words):
        for option in options:
            if word == option and words[index + 1 :]:
                return words[index + 1]
            if word.startswith(option) and len(word) > len(option):
                return word[len(option) :].lstrip("=")
    return ""
