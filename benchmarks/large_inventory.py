"""The inventory of an organization of any size: of each repository what a usual one has."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import overload

from hardenme.model.inventory import InventoryItem, Place, State
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

SINCE = "2025-03-04T09:30:00Z"
KINDS = (
    "branch protection",
    "branch ruleset",
    "deploy key",
    "environment",
    "outside collaborator",
    "secret",
    "tag ruleset",
    "webhook",
    "workflow",
)
SOME = Unknown(Reason.NOT_ASKED, "a list of all of them")
REFUSED = Unknown(Reason.NOT_PERMITTED, "repository administration: read")


class Places(Sequence[Place]):
    """The organization with its repositories and members, then each repository."""

    def __init__(self, login: str, repositories: int, members: int) -> None:
        self._organization = Subject("github", "org", login)
        self._repositories = repositories
        self._members = members

    def __iter__(self) -> Iterator[Place]:
        members = map(self._member, range(self._members))
        repositories = map(self._repository, range(self._repositories))
        lists = {"member": None, "repository": None}
        yield Place(self._organization, lists, (*members, *repositories))
        yield from map(self._place, range(self._repositories))

    def __len__(self) -> int:
        return self._repositories + 1

    @overload
    def __getitem__(self, at: int) -> Place: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Place]: ...
    def __getitem__(self, at: int | slice) -> Place | Sequence[Place]:
        return list(self)[at]

    def _member(self, number: int) -> InventoryItem:
        login = f"member-{number:04}"
        subject = Subject("github", "member", f"{self._organization.name}/{login}")
        state: dict[str, State] = {"login": login, "role": "member", "two_factor": True}
        return InventoryItem("member", subject, login, str(70_000 + number), state)

    def _name(self, number: int) -> str:
        return f"{self._organization.name}/service-{number:05}"

    def _repository(self, number: int) -> InventoryItem:
        name = self._name(number)
        state: dict[str, State] = {
            "archived": False,
            "default_branch": "main",
            "fork": False,
            "name": name,
            "visibility": "private" if number % 3 else "public",
        }
        identity = f"R_kgDO{number:08}"
        return InventoryItem("repository", Subject("github", "repo", name), name, identity, state)

    def _place(self, number: int) -> Place:
        name = self._name(number)

        def item(kind: str, of: str, identity: str, **state: State) -> InventoryItem:
            return InventoryItem(
                kind, Subject("github", of, f"{name}/{identity}"), identity, identity, state
            )

        def digest(text: str) -> str:
            return hashlib.sha256(f"{name} {text}".encode()).hexdigest()[:40]

        guards = ("blocks_deletion", "blocks_force_push", "pull_request")
        workflows = [
            item("workflow", "workflow", file, blob=digest(file))
            for file in ("ci.yml", "codeql.yml", "release.yml")
        ]
        tags = [
            item("release tag", "tag", f"v1.{minor}.0", commit=digest(str(minor)))
            for minor in range(5)
        ]
        found = (
            item("branch protection", "branch", "main", approvals=1, branch="main", guards=guards),
            item("environment", "environment", "release", limited=True, reviewed=True),
            *tags,
            item("secret", "secret", "DEPLOY_HOST", updated_at=SINCE),
            item("webhook", "repo-hook", str(8_000_000 + number), host="ci.example.test"),
            *workflows,
        )
        lists = dict.fromkeys(KINDS) | {"release tag": SOME}
        if number % 9 == 0:
            lists["deploy key"] = REFUSED
        return Place(Subject("github", "repo", name), dict(sorted(lists.items())), found)
