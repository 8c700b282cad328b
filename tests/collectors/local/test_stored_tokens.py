"""The tokens of a file against a registry's list, by way of the whole audit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest

from hardenme.model.finding import Finding
from hardenme.model.unknown import Reason, Unknown
from hardenme.sandbox.http import Reply, Request
from hardenme.sandbox.npm import scenarios as npm
from hardenme.sandbox.npm.world import TokenKind, World
from tests.collectors.local.home import Home
from tests.running import NOW, Stage, stage
from tests.worlds import github

Edit = Callable[[Request, Reply], Reply]
WRITE = (("package", "write"),)


@contextmanager
def staged(home: Home, write: str | None = None, **changes: Any) -> Iterator[tuple[Stage, World]]:
    """A stage of hazel's account whose one listed token is changed, and her file.

    Args:
        home: where the file is written.
        write: the token in the file; None for the listed one.
        changes: of the listed token.
    """
    world = npm.hardened_maintainer(NOW)
    world.tokens[:] = [replace(token, **changes) for token in world.tokens]
    listed = world.token("hazel", TokenKind.READ)
    session = world.token("hazel")
    with stage(github.hardened_maintainer(NOW), world, "", session) as running:
        host = urlsplit(running.npm.url).netloc
        home.write(".npmrc", f"\n//{host}/:_authToken={listed if write is None else write}\n")
        running.others = lambda: {"local": home.station()}
        yield running, world


def judge(running: Stage, *targets: str) -> Finding:
    report = running.audit(*targets, select_=("LOC103",), local=True)
    (finding,) = report.findings
    return finding


@pytest.mark.parametrize(
    ("changes", "result"),
    [
        ({"permissions": WRITE}, "failed"),
        ({"permissions": WRITE, "bypass_2fa": True}, "failed"),
        ({"permissions": (("org", "write"),)}, "failed"),
        ({"permissions": WRITE, "expiry": NOW - timedelta(days=1)}, "not_applicable"),
        ({"permissions": WRITE, "revoked": NOW}, "not_applicable"),
        ({}, "passed"),
    ],
)
def test_a_listed_token(home: Home, changes: dict[str, Any], result: str) -> None:
    with staged(home, **changes) as (running, world):
        finding = judge(running)
    assert finding.result == result
    assert str(finding.subject) == "local:npmrc-token/~/.npmrc:2"
    if result == "failed":
        assert world.tokens[0].key in repr(finding.outcome)
    assert world.token("hazel", TokenKind.READ) not in repr(finding)


def test_the_session_that_asks(home: Home) -> None:
    session = npm.hardened_maintainer(NOW).token("hazel")
    with staged(home, session) as (running, _):
        finding = judge(running)
    assert finding.result == "passed"
    assert session not in repr(finding)


def unknown(finding: Finding) -> Unknown:
    assert isinstance(finding.outcome, Unknown), finding
    return finding.outcome


OTHER = "npm_CANARYsomebodyelse00000000000000XY12"


def test_a_token_of_another_account_is_unknown(home: Home) -> None:
    with staged(home, OTHER) as (running, _):
        assert unknown(judge(running)).reason is Reason.NOT_VISIBLE


def test_a_short_token_is_unknown(home: Home) -> None:
    with staged(home, "short") as (running, _):
        assert unknown(judge(running)).reason is Reason.NOT_VISIBLE


def test_without_a_token_for_npm(home: Home) -> None:
    with staged(home) as (running, _):
        running.npm_token = ""
        assert unknown(judge(running)).reason is Reason.NOT_PERMITTED


def test_a_token_that_may_not_read_the_list(home: Home) -> None:
    with staged(home) as (running, world):
        running.npm_token = world.token("hazel", TokenKind.READ)
        assert unknown(judge(running)).reason is Reason.NOT_PERMITTED


def test_the_machine_alone_asks_nobody(home: Home) -> None:
    with staged(home) as (running, _):
        finding = judge(running, "local")
        assert running.npm.requests == []
    assert unknown(finding).reason is Reason.NOT_ASKED


def test_without_this_machine_no_file_is_looked_at(home: Home) -> None:
    with staged(home) as (running, _):
        report = running.audit("me", select_=("LOC103",), local=False)
    assert {finding.result for finding in report.findings} <= {"unknown"}


def test_a_file_without_a_token_for_this_registry(home: Home) -> None:
    with staged(home) as (running, _):
        home.write(".npmrc", f"//registry.example.test/:_authToken={OTHER}\n")
        running.others = lambda: {"local": home.station()}
        assert judge(running).result == "not_applicable"


def test_no_file(home: Home) -> None:
    with staged(home) as (running, _):
        (home.home / ".npmrc").unlink()
        running.others = lambda: {"local": home.station()}
        assert judge(running).result == "not_applicable"


def test_a_file_that_is_not_read(home: Home) -> None:
    with staged(home) as (running, _):
        (home.home / ".npmrc").unlink()
        (home.home / ".npmrc").mkdir()
        running.others = lambda: {"local": home.station()}
        assert unknown(judge(running)).reason is Reason.MALFORMED


def edited(change: Callable[[dict[str, Any]], object]) -> Edit:
    """The list with each token changed."""

    def edit(_request: Request, reply: Reply) -> Reply:
        for token in reply.data["objects"]:
            change(token)
        return reply

    return edit


@pytest.mark.parametrize(
    "change",
    [
        lambda token: token.pop("token"),
        lambda token: token.update(token="npm_****"),
        lambda token: token.update(token=5),
        lambda token: token.update(token="..."),
    ],
)
def test_a_list_that_does_not_show_the_ends(home: Home, change: Any) -> None:
    session = npm.hardened_maintainer(NOW).token("hazel")
    with staged(home, session) as (running, _):
        running.npm.fault("/-/npm/v1/tokens", edit=edited(change))
        assert unknown(judge(running)).reason is Reason.MALFORMED


@pytest.mark.parametrize(
    "change",
    [
        lambda token: token.pop("permissions"),
        lambda token: token.update(permissions=[{"name": "new", "action": "write"}]),
    ],
)
def test_a_list_that_does_not_show_the_rights(home: Home, change: Any) -> None:
    with staged(home) as (running, _):
        running.npm.fault("/-/npm/v1/tokens", edit=edited(change))
        unknown(judge(running))


def test_a_list_that_is_not_whole(home: Home) -> None:
    def lost(_request: Request, reply: Reply) -> Reply:
        reply.data["total"] += 1
        return reply

    session = npm.hardened_maintainer(NOW).token("hazel")
    with staged(home, session) as (running, _):
        running.npm.fault("/-/npm/v1/tokens", edit=lost)
        assert unknown(judge(running)).reason is Reason.INCOMPLETE


def test_of_two_with_the_same_ends_the_stronger_counts(home: Home) -> None:
    with staged(home) as (running, world):
        twin = replace(
            world.tokens[0], key="22222222-2222-4333-8444-555555555555", permissions=WRITE
        )
        world.tokens.append(twin)
        assert judge(running).result == "failed"
