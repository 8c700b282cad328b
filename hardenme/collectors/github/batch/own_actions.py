"""The actions that lie in the repositories of a page and that their workflow files use.

One query a round for all repositories together: the first for what workflow files use, a further
one where these actions use others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hardenme.collectors.github.batch.part import RepositoryNode
from hardenme.collectors.github.batch.texts import Texts, texts
from hardenme.ground.errors import ContentError
from hardenme.model.evidence import Atom
from hardenme.model.subject import Subject
from hardenme.model.unknown import Unknown
from hardenme.workflows.actions import NAMES, CompositeAction, action
from hardenme.workflows.source import WorkflowSource, steps_of
from hardenme.workflows.steps import own_actions as used_actions

MOST = 50
"""Actions of a repository that are read; where it uses more, none is."""


@dataclass(slots=True)
class OwnActions:
    """The actions of a repository that were read, by folder, and the answers with them."""

    found: dict[str, CompositeAction] = field(default_factory=dict)
    evidence: tuple[Atom, ...] = ()


def own_actions(
    nodes: Sequence[RepositoryNode], files: Mapping[Subject, Mapping[str, WorkflowSource | Unknown]]
) -> dict[Subject, OwnActions]:
    """Of each repository the actions that its workflow files use, and those that these use."""
    read = {subject: OwnActions() for subject in files}
    asked: dict[Subject, set[str]] = {subject: set() for subject in files}
    used = {subject: _used(own) for subject, own in files.items()}
    while any(used.values()):
        for subject, folders in used.items():
            asked[subject] |= folders
        wanted = [
            (node, [f"{folder}/{name}".lstrip("/") for folder in sorted(folders) for name in NAMES])
            for node in nodes
            if (folders := used.get(node.subject, set()))
        ]
        found = texts("Actions", wanted)
        for subject, folders in used.items():
            known = found.get(subject, Texts({}, ()))
            own = read[subject]
            own.evidence += known.evidence
            own.found |= {
                folder: known_action
                for folder in folders
                if (known_action := _action(folder, known))
            }
            nested = {
                inner
                for folder in folders
                if folder in own.found
                for inner in used_actions(own.found[folder].steps)
            }
            used[subject] = nested - asked[subject] if _few(asked[subject] | nested) else set()
    return read


def _used(own: Mapping[str, WorkflowSource | Unknown]) -> set[str]:
    folders = {
        folder
        for source in own.values()
        if isinstance(source, WorkflowSource)
        for job in source.jobs.values()
        for folder in used_actions(steps_of(job))
    }
    return folders if _few(folders) else set()


def _few(folders: set[str]) -> bool:
    return len(folders) <= MOST


def _action(folder: str, known: Texts) -> CompositeAction | None:
    """An action of which the steps can be read; None for any other, which stays unread."""
    for name in NAMES:
        text = known.found.get(f"{folder}/{name}".lstrip("/"))
        if text is None:
            continue
        try:
            return None if isinstance(text, Unknown) else action(folder, text)
        except ContentError:
            return None
    return None
