"""Actions and workflows of other repositories, by the files of the commit that a run used."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from hardenme.ground.errors import ContentError
from hardenme.model.exposure import CommitFiles, RunAttempt
from hardenme.model.unknown import Reason, Unknown
from hardenme.workflows.actions import COMPOSITE, NAMES, SELF, action
from hardenme.workflows.lock import COMMIT
from hardenme.workflows.source import WorkflowSource, source, text_of
from hardenme.workflows.steps import DEEPEST, WORKFLOWS, Files, RunStep, expanded
from hardenme.workflows.yaml import load

Others = Callable[[str, str], CommitFiles | Unknown]
"""From a repository with its owner and a commit to the files of that commit."""
USES = re.compile(r"(?P<name>[^/@\s]+/[^/@\s]+)(?:/(?P<path>[^@\s]+))?@(?P<ref>\S+)")
IN_FOLDER = ("./", "../")
"""How a `uses` begins that leads to the working folder."""
OF_FILE = "$/"
"""How a `uses` begins that leads to the commit which its own file is of."""
PROGRAMS = re.compile(r"node\d+|docker")
"""Actions that are a program: they use no other action."""
NOT_ASKED = Unknown(Reason.NOT_ASKED, "the files of another repository")


def none_read(_name: str, _commit: str) -> CommitFiles | Unknown:
    """Reads no repository other than the run's own."""
    return NOT_ASKED


@dataclass(slots=True)
class Followed:
    """What jobs use of other repositories, as far as it was read.

    Attributes:
        others: reads the files of a commit of another repository.
        own: the repository's own files, which `./` means in the actions of others as well.
        known: actions that need not be read.
        actions: what was seen to use no other action than its steps show.
        steps: what was seen to run no more than its steps show.
    """

    others: Others
    own: Files
    known: frozenset[str]
    actions: set[str] = field(default_factory=set)
    steps: set[str] = field(default_factory=set)

    def all(self, steps: Sequence[RunStep], *, foreign: bool = False) -> list[RunStep]:
        """The steps of a job, each followed by those of the action of another repository it uses.

        Where any of them put another commit into the working folder, `./` in those after it leads
        to files that were not read.

        Args:
            foreign: they are of a workflow of another repository, so that `$/` leads there.
        """
        return self._each(steps, moved=False, foreign=foreign)[0]

    def _each(
        self, steps: Sequence[RunStep], *, moved: bool, foreign: bool, depth: int = 0
    ) -> tuple[list[RunStep], bool]:
        """The steps, and whether another commit may be in the working folder after them."""
        found: list[RunStep] = []
        for step in steps:
            uses = text_of(step.raw, "uses")
            elsewhere = foreign and uses.startswith(OF_FILE)
            unread = elsewhere or (moved and uses.startswith(IN_FOLDER))
            found.append(replace(step, unread=uses) if unread else step)
            moved = moved or step.moves
            inner = self._inner(step, moved=moved) if depth < DEEPEST else []
            below, moved = self._each(inner, moved=moved, foreign=True, depth=depth + 1)
            found += below
        return found, moved

    def _inner(self, step: RunStep, *, moved: bool) -> list[RunStep]:
        uses = text_of(step.raw, "uses")
        named = USES.fullmatch(uses)
        if uses.startswith(SELF) or named is None or step.action in self.known:
            return []
        if not COMMIT.fullmatch(named["ref"]):
            # A tag or branch can have led elsewhere then than it does today.
            return []
        files = self.others(named["name"], named["ref"])
        if isinstance(files, Unknown):
            return []
        folder = (named["path"] or "").strip("/")
        paths = [f"{folder}/{name}".lstrip("/") for name in NAMES]
        path = next((one for one in paths if one in files.texts), None)
        if path is None or any(one in files.unread for one in paths):
            return []
        try:
            inner = self._read(uses, folder, files.texts[path].decode(), moved=moved)
        except (ContentError, UnicodeDecodeError, RecursionError):
            return []
        return [
            replace(
                one,
                conditions=(*step.conditions, *one.conditions),
                env=(*step.env, *one.env),
                unsure=step.unsure or one.unsure,
            )
            for one in inner
        ]

    def _read(self, uses: str, folder: str, text: str, *, moved: bool) -> list[RunStep]:
        """The steps of an action.

        Raises:
            ContentError: it is not understood.
        """
        data = load(text)
        runs = data.get("runs") if isinstance(data, dict) else None
        using = text_of(runs, "using").lower() if isinstance(runs, dict) else ""
        if PROGRAMS.fullmatch(using):
            self.actions.add(uses)
        if using != COMPOSITE:
            return []
        steps = expanded({"steps": list(action(folder, text).steps)}, self.own, moved=moved)
        self.actions.add(uses)
        self.steps.add(uses)
        return steps


def called_elsewhere(
    uses: str, attempt: RunAttempt, others: Others
) -> tuple[WorkflowSource, Mapping[str, WorkflowSource | None]] | None:
    """A workflow of another repository that a job calls, with the others of its commit.

    GitHub's record of the run has the commit, whatever the job names.
    """
    named = USES.fullmatch(uses)
    path = (named["path"] or "") if named else ""
    if named is None or uses.startswith(SELF) or not path.startswith(WORKFLOWS):
        return None
    recorded = {commit for used, commit in attempt.called if used.lower() == uses.lower()}
    commits = recorded or ({named["ref"]} if COMMIT.fullmatch(named["ref"]) else set())
    if len(commits) != 1:
        return None
    files = others(named["name"], *commits)
    if isinstance(files, Unknown):
        return None
    workflows: dict[str, WorkflowSource | None] = {}
    for name, content in files.texts.items():
        folder, _, last = name.rpartition("/")
        if f"{folder}/" == WORKFLOWS:
            try:
                workflows[last] = source(last, content.decode())
            except (ContentError, UnicodeDecodeError):
                workflows[last] = None
    found = workflows.get(path.removeprefix(WORKFLOWS))
    return None if found is None else (found, workflows)
