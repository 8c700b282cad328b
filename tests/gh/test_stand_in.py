"""The stand-in for gh asks what the real one asks, and says what it says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hardenme.ground.errors import UsageError
from hardenme.sandbox.http import LoopbackServer, Reply, Request
from tests.gh import real
from tests.gh.stand_in import run

TOKEN = "ghp_CANARYstandin0000000000000000000000000"
HOST = ("--hostname", "127.0.0.1")
ANSWER = {"enabled": True, "allowed_actions": "all", "selected_actions_url": "http://a.example"}
KEYS = [{"id": 7, "created_at": "2026-11-24T12:00:00Z"}, {"id": 8, "created_at": "2026-11-25"}]
LOOKUP = '.[] | select(.created_at == "2026-11-24T12:00:00Z") | "gh api keys/\\(.id)"'
COMMANDS: tuple[tuple[list[str], str], ...] = (
    (["api", *HOST, "-X", "DELETE", "user/keys/501"], ""),
    (["api", *HOST, "-X", "PUT", "repos/a/b/vulnerability-alerts"], ""),
    (["api", *HOST, "-X", "PATCH", "orgs/a", "-F", "on=false", "-f", "text=false"], ""),
    (["api", *HOST, "-X", "PATCH", "orgs/a", "-F", "n=12", "-F", "v=1.2", "-f", "m=12"], ""),
    (["api", *HOST, "-X", "PUT", "orgs/a", "-F", "a=true", "-f", "k[]=repo", "-f", "k[]=ref"], ""),
    (["api", *HOST, "-X", "PATCH", "repos/a/b", "-f", "s[secret_scanning][status]=enabled"], ""),
    (["api", *HOST, "-X", "PATCH", "orgs/a", "-f", "name=runners of a"], ""),
    (["api", *HOST, "-X", "POST", "repos/a/b/rulesets", "--input", "-"], '{"name": "x"}\n'),
    (["api", *HOST, "-X", "PATCH", "orgs/a/hooks/1/config", "-F", "secret=@FILE"], ""),
    (["api", *HOST, "repos/a/b/environments/a%2Fb/secrets"], ""),
    (["api", *HOST, "repos/a/b", "-f", "name=x"], ""),
    (["api", *HOST, "orgs/a/x", "--jq", 'del(.selected_actions_url, .x) | .allowed = "some"'], ""),
    (["api", *HOST, "orgs/a/x", "--jq", ".enabled = false | .pinned = true"], ""),
    (["api", *HOST, "--paginate", "repos/a/b/keys", "--jq", LOOKUP], ""),
    (["api", *HOST, "-X", "PUT", "orgs/refused", "-F", "a=true"], ""),
)


def answer(request: Request) -> Reply:
    if request.path.endswith("/refused"):
        return Reply(422, {"message": "Invalid request.", "errors": []})
    if request.path.endswith("/keys"):
        return Reply(200, KEYS)
    return Reply(200, ANSWER) if request.method == "GET" else Reply(204)


@pytest.fixture
def server() -> Iterator[LoopbackServer]:
    with LoopbackServer(answer) as running:
        yield running


def asked(server: LoopbackServer) -> tuple[Any, ...]:
    """The newest request, without what tells the two programs apart."""
    newest = server.requests[-1]
    return (
        newest.method,
        newest.path.removeprefix("/api/v3"),
        dict(newest.query),
        json.loads(newest.body) if newest.body else None,
        newest.headers.get("authorization"),
    )


@pytest.mark.needs("gh")
def test_it_asks_what_the_real_one_asks(server: LoopbackServer, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("s3cret")
    with real.relay(server.url) as place:
        environ = real.environment(tmp_path, place, TOKEN)
        for words, body in COMMANDS:
            filled = [word.replace("@FILE", f"@{secret}") for word in words]
            theirs = real.run(filled, body, environ)
            expected = asked(server)
            ours = run(filled, server.url, TOKEN, body)
            assert asked(server) == expected, words
            assert ours.code == theirs.returncode, (words, theirs.stderr)
            if LOOKUP in words:
                assert ours.output == theirs.stdout == "gh api keys/7\n"
            elif theirs.stdout:
                assert json.loads(ours.output) == json.loads(theirs.stdout)
            assert ours.error.split("(HTTP")[1:] == theirs.stderr.split("(HTTP")[1:]


@pytest.mark.parametrize(
    "words",
    [
        ["repo", "list"],
        ["api", "repos/{owner}/{repo}"],
        ["api", "user", "--paginate"],
        ["api", "user", "-f", "novalue"],
        ["api", "user", "-f", "[]=1"],
        ["api", "user", "--input", "file.json"],
        ["api", "user", "--input", "-", "-f", "a=b"],
        ["api", "user", "--jq", ".login"],
    ],
)
def test_what_it_does_not_know_is_an_error(server: LoopbackServer, words: list[str]) -> None:
    with pytest.raises(UsageError):
        run(words, server.url, TOKEN)
