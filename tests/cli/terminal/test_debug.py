"""The log of `--debug`: what helps with a fault report, and no secret."""

from __future__ import annotations

import http.client
import io
import logging
import re

import pytest

from hardenme.cli.terminal.console import Console
from hardenme.cli.terminal.debug import DebugHandler, RedactingFormatter, turn_on
from hardenme.model.secret import SHOWN, Secret
from hardenme.sandbox.http import LoopbackServer, Reply, Request
from tests.cli.command import Command
from tests.cli.conftest import Accounts
from tests.collectors.reader import TOKEN, session, unanswered

VALUE = "CANARY-of-the-debug-log"
REQUEST = re.compile(
    r"\d\d:\d\d:\d\d\.\d{3} hardenme\.requests: GET /user -> 200, \d+ ms, \d+ bytes, left: \d+, "
    r".*has scopes: .*, id: [0-9A-F:]+"
)


def record(message: str, *arguments: object, **more: object) -> logging.LogRecord:
    made = logging.LogRecord("a.library", logging.DEBUG, "here.py", 1, message, arguments, None)
    for name, value in more.items():
        setattr(made, name, value)
    return made


@pytest.mark.parametrize("way", [("--debug",), ()])
def test_requests_and_sources_are_told_without_a_secret(
    weak: Accounts, way: tuple[str, ...]
) -> None:
    environ = weak.tokens if way else {**weak.tokens, "HARDENME_DEBUG": "1"}
    ran = weak.command(
        *way, "check", "--no-local", *weak.urls, "--select", "GHA104,NPA101", **environ
    )
    assert ran.code == 1
    assert any(REQUEST.fullmatch(line) for line in ran.told), ran.err
    assert "github: the credential is from HARDENME_GITHUB_TOKEN" in ran.err
    assert "npm: the credential is from HARDENME_NPM_TOKEN" in ran.err
    assert "urllib3.connectionpool: http://127.0.0.1" in ran.err
    assert "Authorization" not in ran.err


def test_a_second_run_tells_what_came_from_the_cache(weak: Accounts) -> None:
    arguments = ("check", "--no-local", *weak.urls, "--select", "GHA104")
    weak.command(*arguments, **weak.tokens)
    ran = weak.command("--debug", *arguments, **weak.tokens)
    assert "-> 304, " in ran.err
    assert "from the cache" in ran.err


def test_without_it_there_is_no_log(weak: Accounts) -> None:
    assert weak.check("--select", "GHA104").err == ""


def test_what_reads_a_secret_is_redacted_after_it_was_made_into_text() -> None:
    Secret(VALUE)
    formatter = RedactingFormatter()
    error = ValueError(f"no {VALUE}")
    error.__cause__ = KeyError(VALUE)
    error.add_note(f"see {VALUE}")
    info = (ValueError, error, None)
    made = record("%s of %s and %r", VALUE, {"key": VALUE}, Secret(VALUE), exc_info=info)
    made.exc_text = f"kept {VALUE}"
    made.stack_info = f"Stack {VALUE}"
    text = formatter.format(made)
    assert VALUE not in text
    assert text.count(SHOWN) >= 7
    assert "ValueError" in text
    # The record is other handlers' too.
    assert made.args == (VALUE, {"key": VALUE}, Secret(VALUE))
    assert made.exc_text == f"kept {VALUE}"
    assert "message" not in vars(made)


def test_a_record_that_is_broken_shows_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    out, err = io.StringIO(), io.StringIO()
    handler = DebugHandler(Console(out, err, {}))
    handler.handle(record("%d of %s", VALUE, VALUE))
    handler.handleError(record("%d of %s", VALUE, VALUE))
    assert err.getvalue() == "a.library: a record that is not understood (TypeError)\n"
    assert capsys.readouterr() == ("", "")


def test_a_record_cannot_steer_a_terminal() -> None:
    err = io.StringIO()
    DebugHandler(Console(io.StringIO(), err, {})).handle(record("a\x1b[2Jb\u202ec\nd"))
    assert err.getvalue().endswith("a\\x1b[2Jb\\u202ec\nd\n")


def test_it_ends_as_it_began() -> None:
    root = logging.getLogger()
    before = root.level, list(root.handlers)
    end = turn_on(Console(io.StringIO(), io.StringIO(), {}))
    assert root.level == logging.DEBUG
    end()
    assert (root.level, root.handlers) == before


def test_what_http_client_prints_of_a_request_stays_off(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(http.client.HTTPConnection, "debuglevel", 9)
    monkeypatch.setenv("PYTHONHTTPSDEBUG", "1")
    with LoopbackServer(lambda _: Reply(data={})) as server:
        assert session(server.url).get("/user").ok
    assert server.requests[0].headers["authorization"] == f"Bearer {TOKEN}"
    assert capfd.readouterr() == ("", "")


def test_a_failure_is_told_with_its_tries(caplog: pytest.LogCaptureFixture) -> None:
    def answer(_: Request) -> Reply:
        return Reply(500, {})

    with LoopbackServer(answer) as server:
        unanswered(lambda: session(server.url, retries=1).get("/x"))
        server.fault("/y", hang_up=True)
        unanswered(lambda: session(server.url).get("/y"))
    told = [item.getMessage() for item in caplog.records if item.name == "hardenme.requests"]
    assert [line.partition(" ms")[0].rpartition(", ")[0].partition(" -> ")[2] for line in told] == [
        "500",
        "500",
        "ConnectionError",
    ]
    assert told[1].endswith(", try 2")


def test_the_variable_counts_for_every_command(command: Command) -> None:
    assert command("list", HARDENME_DEBUG="1").code == 0
    assert command("list", HARDENME_DEBUG="0").err == ""


def test_a_parameter_that_is_a_token_is_not_told(caplog: pytest.LogCaptureFixture) -> None:
    with LoopbackServer(lambda _: Reply(data={})) as server:
        session(server.url).get("/x?page=2&access_token=Q0000000000000001")
    (told,) = [item.getMessage() for item in caplog.records if item.name == "hardenme.requests"]
    assert told.startswith("GET /x?page=2&access_token=[redacted] -> 200, ")


def test_a_token_is_not_cut_before_it_is_taken_out(caplog: pytest.LogCaptureFixture) -> None:
    value = "CANARYopaque00000000000000000000000000"
    Secret(value)
    headers = {"X-GitHub-Request-Id": "x" * (200 - len(value) + 2) + value}
    with LoopbackServer(lambda _: Reply(data={}, headers=headers)) as server:
        session(server.url).get("/x")
    (told,) = [item.getMessage() for item in caplog.records if item.name == "hardenme.requests"]
    assert "id: xxx" in told
    assert "CANARY" not in told
