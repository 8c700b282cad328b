"""Who owns what workflows run: the files that are there, compared with the file of code owners."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hardenme.facts.github.code_owners import OwnersRule, deciding, owns, owns_everything
from hardenme.facts.github.files import (
    RepositoryActionFiles,
    RepositoryCodeOwners,
    WorkflowOwners,
)
from hardenme.model.known import field
from hardenme.model.maybe import first_unknown
from hardenme.model.unknown import Reason, Unknown

FIRST = ".github/CODEOWNERS"
"""A file here overrides one elsewhere, so it matters wherever the current one is."""
ADDED = (".github/workflows/added-by-anyone.yml", ".github/workflows/added-by-anyone.yaml")
"""Names that no line means in particular."""


def workflow_owners(
    owners: RepositoryCodeOwners, tree: RepositoryActionFiles | Unknown
) -> WorkflowOwners:
    """The files that no one owns; known without the tree where one is, or where each is owned."""
    path, rules = field(owners, "path"), field(owners, "rules")
    lost: Any = first_unknown((path, rules))
    unowned: Any = lost or _unowned(path, rules, tree)
    owns_new = lost or all(owns(rules, name) for name in ADDED)
    return WorkflowOwners(
        **owners.placed(),
        path=path,
        errors=field(owners, "errors"),
        unowned=unowned,
        owns_new=owns_new,
        line=0 if lost or path is None else _line(rules, unowned, owners),
    )


def _line(rules: Sequence[OwnersRule], unowned: Any, owners: RepositoryCodeOwners) -> int:
    """The line that takes the owner of a file away, or has an error; else the last one."""
    wrong = field(owners, "wrong_line")
    names = () if isinstance(unowned, Unknown) else unowned
    if not names and wrong and not isinstance(wrong, Unknown):
        return int(wrong)
    taken = deciding(rules, next(iter(names), ADDED[0]))
    if taken is not None:
        return taken.line
    return rules[-1].line if rules else 0


def _unowned(
    path: str | None, rules: tuple[OwnersRule, ...], tree: RepositoryActionFiles | Unknown
) -> tuple[str, ...] | Unknown:
    if owns_everything(rules):
        return ()
    files: Any = tree if isinstance(tree, Unknown) else field(tree, "files")
    whole: Any = files if isinstance(tree, Unknown) else field(tree, "whole")
    shown = () if isinstance(files, Unknown) else files
    names = dict.fromkeys([*shown, *([path] if path else []), FIRST])
    found = tuple(name for name in names if not owns(rules, name))
    if found:
        return found
    if isinstance(files, Unknown):
        return files
    if isinstance(whole, Unknown):
        return whole
    return () if whole else Unknown(Reason.INCOMPLETE, "a list of every file", "GitHub cut it")
