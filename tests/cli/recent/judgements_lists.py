"""What a list and an earlier run prove: rules B, C and D of the table of right judgements."""

# ruff: noqa: ARG001 (all have the same parameters, and each plants by those that it needs)

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from hardenme.sandbox.github.world import DeployKey, Environment, Hook, Repository, RepositorySecret
from hardenme.sandbox.http import Reply, Request
from tests.cli.recent.judgements import (
    CONFIRM,
    DAY,
    GAP,
    HOUR,
    KEPT,
    LISTED,
    Judgement,
    Plant,
    actions_closed,
    actions_opened,
    base_admin,
    gone_key,
    gone_owner,
    new_key,
    no_two_factor,
    nothing_else,
    old_key,
    two_factor,
)
from tests.cli.recent.scene import ORG, Scene
from tests.worlds.intrusion import KEY, THIEF

OTHER = "resin"
"""A second repository."""
COLLABORATORS = ".*/outside_collaborators"


def _broken(scene: Scene, path: str, edit: Callable[[Request, Reply], Reply]) -> None:
    scene.github.fault(path, edit=edit)


def refused(path: str) -> Plant:
    """The answers of a path are refused."""
    reply = Reply(403, {"message": "Resource not accessible"})

    def plant(scene: Scene, one: Repository, now: datetime) -> None:
        _broken(scene, path, lambda _request, _reply: reply)

    return plant


def hidden(path: str) -> Plant:
    """The answers of a path are those of what is not there."""
    reply = Reply(404, {"message": "Not Found"})

    def plant(scene: Scene, one: Repository, now: datetime) -> None:
        _broken(scene, path, lambda _request, _reply: reply)

    return plant


def unread_key(scene: Scene, one: Repository, now: datetime) -> None:
    """A deploy key of before, in a list that the earlier run could not read."""
    old_key(scene, one, now)
    refused(".*/keys")(scene, one, now)


def gone_unread_key(scene: Scene, one: Repository, now: datetime) -> None:
    scene.github.faults.clear()
    gone_key(scene, one, now)


def gone_member(scene: Scene, one: Repository, now: datetime) -> None:
    del scene.planted.world.organizations[0].members["yarrow"]


def gone_outsider(scene: Scene, one: Repository, now: datetime) -> None:
    one.collaborators.clear()


def old_hook(scene: Scene, one: Repository, now: datetime) -> None:
    then = now - 90 * DAY
    one.hooks.append(Hook(991_101, "https://alarm.example.test/pushes", then, then))


def gone_hook(scene: Scene, one: Repository, now: datetime) -> None:
    """The webhook by which an alarm heard of pushes."""
    one.hooks.clear()


def old_secret(scene: Scene, one: Repository, now: datetime) -> None:
    one.secrets.append(RepositorySecret("SIGNING_KEY", now - 90 * DAY, now - 90 * DAY))


def gone_secret(scene: Scene, one: Repository, now: datetime) -> None:
    one.secrets.clear()


def old_environment(scene: Scene, one: Repository, now: datetime) -> None:
    then = now - 90 * DAY
    one.environments.append(Environment(991_102, "production", then, then, reviewers=["alder"]))


def gone_environment(scene: Scene, one: Repository, now: datetime) -> None:
    """With it, the approval that its deployments waited for."""
    one.environments.clear()


def old_tag(scene: Scene, one: Repository, now: datetime) -> None:
    one.tags.append("v3.1.4")


def gone_tag(scene: Scene, one: Repository, now: datetime) -> None:
    one.tags.remove("v3.1.4")


def second(scene: Scene, one: Repository, now: datetime) -> None:
    then = now - 300 * DAY
    scene.planted.world.repositories.append(
        Repository(one.owner, OTHER, 991_103, then, then, files={"a.md": b"a"})
    )


def gone_repository(scene: Scene, one: Repository, now: datetime) -> None:
    repositories = scene.planted.world.repositories
    repositories[:] = [each for each in repositories if each.name != OTHER]


def null_node(scene: Scene, one: Repository, now: datetime) -> None:
    """One of two repositories, with a new key, is null in GitHub's answer."""
    second(scene, one, now)
    new_key(scene, scene.planted.world.repositories[-1], now)

    def edit(_request: Request, reply: Reply) -> Reply:
        return replace(reply, data=_without_other(reply.data))

    _broken(scene, "/graphql", edit)


def _without_other(value: Any) -> Any:
    if isinstance(value, dict):
        named = str(value.get("nameWithOwner") or value.get("name") or "")
        if named.rpartition("/")[2] == OTHER:
            return None
        return {name: _without_other(each) for name, each in value.items()}
    return [_without_other(each) for each in value] if isinstance(value, list) else value


def one_too_few(scene: Scene, one: Repository, now: datetime) -> None:
    """A repository is counted by GitHub's answer and is not in it."""
    second(scene, one, now)

    def without(value: Any) -> Any:
        found = _without_other(value)
        return [each for each in found if each is not None] if isinstance(found, list) else found

    def walk(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: walk(each) for name, each in value.items()}
        return without(value) if isinstance(value, list) else value

    _broken(scene, "/graphql", lambda _request, reply: replace(reply, data=walk(reply.data)))


def archived_with_hook(scene: Scene, one: Repository, now: datetime) -> None:
    one.archived = True
    one.deploy_keys.append(
        DeployKey(991_104, "reader", KEY, now - HOUR, read_only=False, added_by=THIEF)
    )


REPOSITORY = f"{ORG}/cone"
AFTER = timedelta()
TABLE: tuple[tuple[Plant, Judgement], ...] = (
    (
        nothing_else,
        Judgement("B", "kept after an owner went", gone_owner, GAP, "owners", before=AFTER),
    ),
    (
        two_factor,
        Judgement("B", "kept after 2FA went", no_two_factor, GAP, "2FA requirement", before=AFTER),
    ),
    (
        nothing_else,
        Judgement(
            "B",
            "kept a minute too late",
            base_admin,
            GAP,
            "base permission",
            before=timedelta(minutes=48 * 60 - 1),
        ),
    ),
    (
        actions_closed,
        Judgement(
            "B",
            "kept of one repository alone",
            actions_opened,
            GAP,
            "workflow",
            before=KEPT,
            kept=(REPOSITORY, "--depth", "standard"),
        ),
    ),
    (
        old_key,
        Judgement(
            "B",
            "kept without the list",
            gone_key,
            GAP,
            "whatever was removed",
            before=KEPT,
            kept=(ORG, "--select", "GHO101", "--depth", "fast"),
        ),
    ),
    (old_hook, Judgement("C", "a webhook removed", gone_hook, CONFIRM, "alarm", before=KEPT)),
    (old_hook, Judgement("C", "a webhook, no earlier run", gone_hook, GAP, "removed")),
    (old_secret, Judgement("C", "a secret removed", gone_secret, LISTED, "SIGNING", before=KEPT)),
    (
        old_environment,
        Judgement("C", "an environment", gone_environment, CONFIRM, "production", before=KEPT),
    ),
    (old_tag, Judgement("C", "a tag removed", gone_tag, CONFIRM, "v3.1.4", before=KEPT)),
    (nothing_else, Judgement("C", "a member, no earlier run", gone_member, GAP, "members")),
    (nothing_else, Judgement("C", "a member", gone_member, LISTED, "yarrow", before=KEPT)),
    (nothing_else, Judgement("C", "an outsider", gone_outsider, LISTED, "guest", before=KEPT)),
    (
        unread_key,
        Judgement("C", "the earlier run was refused", gone_unread_key, GAP, "removed", before=KEPT),
    ),
    (second, Judgement("C", "a repository", gone_repository, CONFIRM, "resin", before=KEPT)),
    (nothing_else, Judgement("D", "a null node", null_node, GAP, "repositories")),
    (nothing_else, Judgement("D", "one too few", one_too_few, GAP, "repositories")),
    (nothing_else, Judgement("D", "members hidden", hidden(".*/members"), GAP, "members")),
    (
        nothing_else,
        Judgement("D", "outsiders refused", refused(COLLABORATORS), GAP, "outside"),
    ),
    (
        nothing_else,
        Judgement("D", "archived, a key that writes", archived_with_hook, CONFIRM, "reader"),
    ),
    (
        nothing_else,
        Judgement("D", "teams hidden", hidden(".*/teams"), GAP, "teams", before=KEPT),
    ),
)
"""What is there before a run is kept, and what comes after it."""
