"""A run that was let in nowhere says so first, on the screen and in the mail; no heartbeat."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hardenme.sandbox.github.server import GitHubServer
from hardenme.sandbox.http import LoopbackServer, Reply, Request
from tests.cli.conftest import Accounts
from tests.delivery.receiving import Hook, hook

REPOSITORY = "bramble-labs/hedge"
DEAD = "ghp_CANARY000000000000000000000000000000"
BEAT = "/ping/CANARY-5a1c-heartbeat-0000"
PUBLIC = r"/api/v3/(?:user|rate_limit|meta|users/[^/]+)"
"""What every token may read, whatever it lacks."""


def _limited(_request: Request, _reply: Reply) -> Reply:
    headers = {
        "x-ratelimit-limit": "5000",
        "x-ratelimit-remaining": "0",
        "x-ratelimit-reset": str(int(time.time()) + 3000),
    }
    return Reply(403, {"message": "API rate limit exceeded for user ID 1."}, headers)


def _page(_request: Request, _reply: Reply) -> Reply:
    return Reply(headers={"content-type": "text/html"}, body=b"<html>a router</html>")


def _lacking(_request: Request, _reply: Reply) -> Reply:
    told = {"message": "Resource not accessible by personal access token"}
    return Reply(403, told, {"x-accepted-github-permissions": "metadata=read"})


def _single_sign_on(server: GitHubServer, token: str) -> None:
    found = server.world.token(token)
    assert found is not None
    found.sso_blocked = frozenset({"bramble-labs"})


KINDS: dict[str, tuple[str, Callable[[GitHubServer, str], object]]] = {
    "expired": ("GitHub refused the token (401)", lambda _server, _token: None),
    "offline": (
        "127.0.0.1 did not answer",
        lambda server, _token: server.fault(".*", hang_up=True),
    ),
    "wrong host": (
        "127.0.0.1 did not answer as GitHub does",
        lambda server, _token: server.fault(".*", edit=_page),
    ),
    "rate limit": (
        "GitHub's rate limit is used up",
        lambda server, _token: server.fault(".*", edit=_limited),
    ),
    "single sign-on": ("GitHub wants single sign-on for the token", _single_sign_on),
    "missing right": (
        "GitHub lets this token read nothing that was asked for",
        lambda server, _token: server.fault(f"(?!{PUBLIC}$).*", edit=_lacking),
    ),
}
"""Why a run is let in nowhere: what is said of it, and how it comes to that."""


@pytest.fixture
def web() -> Iterator[Hook]:
    with hook() as server:
        yield server


@pytest.fixture
def page() -> Iterator[LoopbackServer]:
    with LoopbackServer(lambda _: Reply(body=b"OK")) as server:
        yield server


def test_each_kind_has_its_own_sentence() -> None:
    assert len({sentence for sentence, _ in KINDS.values()}) == len(KINDS)


@pytest.mark.sampled(2)
@pytest.mark.parametrize("kind", KINDS)
def test_it_comes_first_everywhere_and_the_good_run_stands(
    organizations: Accounts, web: Hook, page: LoopbackServer, tmp_path: Path, kind: str
) -> None:
    server, token = organizations.github, organizations.github_token
    assert isinstance(server, GitHubServer)
    file = tmp_path / "addresses"
    file.write_text(f"{web.address()}\n")
    file.chmod(0o600)
    target = (f"github:{REPOSITORY}", "--no-local", "--no-cache", *organizations.urls)
    timed = ("report", *target, "--notify-file", str(file), "--heartbeat", f"{page.url}{BEAT}")
    good = organizations.command(*timed, HARDENME_GITHUB_TOKEN=token)
    assert len(page.requests) == 1, good.err

    sentence, happens = KINDS[kind]
    happens(server, token)
    used = DEAD if kind == "expired" else token
    ran = organizations.command(*timed, HARDENME_GITHUB_TOKEN=used)
    assert ran.code == 3
    first, second, *_ = ran.told
    assert first.startswith(f"hardenme: {sentence}. Nothing was checked."), ran.err
    assert " stands, with " in second
    assert len(page.requests) == 1
    told = web.taken[-1]
    assert told["title"] == f"hardenme: {sentence} (github:{REPOSITORY})"
    assert told["message"].startswith(f"{sentence}. Nothing was checked; ")

    shown = organizations.command("check", *target, HARDENME_GITHUB_TOKEN=used)
    assert f"NOT KNOWN {sentence}. Nothing was checked." in shown.out
    assert "SINCE" not in shown.out
    again = organizations.command("fix", "--lines")
    assert again.code == 0
    assert again.out.startswith("1. ")
