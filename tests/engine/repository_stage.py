"""One repository of a person, over sockets, for what its files, secrets and environments decide."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from hardenme.model.finding import Finding
from hardenme.sandbox.github.world import Repository, Token, User, World
from hardenme.sandbox.npm import scenarios as npm
from tests.running import NOW, Stage, stage

TOKEN = "ghp_CANARYrepository00000000000000000000"
TARGET = "github:hazel/catkin"


@contextmanager
def one_repository() -> Iterator[tuple[Stage, Repository]]:
    """The repository `hazel/catkin` with nothing in it, and its owner's classic token.

    What is changed in it shows in the next run.
    """
    then = NOW - timedelta(days=90)
    repository = Repository("hazel", "catkin", 71, then, then, files={"README.md": b"Hello\n"})
    world = World(
        now=NOW,
        users=[User("hazel", 7, then)],
        repositories=[repository],
        tokens=[Token(TOKEN, "classic", "hazel", frozenset({"repo", "user"}))],
    )
    with stage(world, npm.hardened_maintainer(NOW), TOKEN) as found:
        yield found, repository


def judged(found: Stage, code: str, profile: str = "team", **order: object) -> list[Finding]:
    """What one check says of the repository."""
    report = found.audit(TARGET, select_=(code,), profile=profile, **order)
    assert all(finding.code == code for finding in report.findings)
    return list(report.findings)
