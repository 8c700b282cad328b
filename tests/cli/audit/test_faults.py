"""What happens where hardenme itself breaks."""

from __future__ import annotations

import io
import json
import logging
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hardenme.cli.audit import run as running
from hardenme.cli.main import run
from hardenme.cli.output import delivery
from hardenme.cli.terminal.console import Console
from hardenme.collectors.registry import collectors
from hardenme.model.secret import Secret
from hardenme.model.stop import Terminated
from tests.canary_forms import seen
from tests.cli.conftest import Accounts
from tests.reports.sample import report_of

SECRET = "CANARY-unforeseen-value-0000"


class Terminal:
    """A console in memory."""

    def __init__(self) -> None:
        self.streams = [io.TextIOWrapper(io.BytesIO(), "utf-8") for _ in range(2)]
        self.console = Console(*self.streams, {})

    def run(self, *arguments: str) -> int:
        return run(arguments, self.console)

    def read(self) -> tuple[str, str]:
        texts = []
        for stream in self.streams:
            stream.flush()
            assert isinstance(stream.buffer, io.BytesIO)
            texts.append(stream.buffer.getvalue().decode())
        return texts[0], texts[1]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for name in ("XDG_STATE_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "home"


def crash_files(home: Path) -> list[Path]:
    return sorted(home.rglob("crash-*.txt"))


def raising(error: BaseException) -> Callable[..., Any]:
    def act(*_arguments: object, **_named: object) -> Any:
        raise error

    return act


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("kind", [RuntimeError, SystemExit])
def test_what_was_not_foreseen_leaves_a_private_redacted_file(
    home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kind: type[BaseException]
) -> None:
    """A library that ends the process would print its own last words, and choose the code."""
    Secret(SECRET)
    monkeypatch.setattr(running, "audit", raising(kind(f"no way with {SECRET}")))
    monkeypatch.setattr(sys, "argv", ["hardenme", "check", "npm_CANARYargument0000000000000000"])
    terminal, file = Terminal(), tmp_path / "report"
    assert terminal.run("check", "local", "-o", str(file)) == 2
    out, err = terminal.read()
    (crash,) = crash_files(home)
    text = crash.read_text()
    assert out == ""
    assert len(err.splitlines()) == 1
    assert str(crash) in err
    assert kind.__name__ in err
    assert SECRET not in err + text
    assert "npm_CANARY" not in text
    assert "no way with [redacted]" in text
    assert "Traceback" in text
    assert stat.S_IMODE(crash.stat().st_mode) == 0o600
    assert not list(tmp_path.glob(".report*")), "no half file stays behind"
    assert not file.exists()


def chained(value: str) -> Callable[..., Any]:
    """Raises with a secret in all that an exception can carry, and in its locals."""

    def act(*_arguments: object, **_named: object) -> Any:
        local = {"token": value}
        inner = KeyError(value)
        inner.add_note(f"see {value}")
        group = ExceptionGroup(f"several {value}", [ValueError(local), OSError(5, value), inner])
        raise RuntimeError(f"no way with {value}", local) from group

    return act


@pytest.mark.parametrize("options", [(), ("--debug",)], ids=["quiet", "debug"])
@pytest.mark.parametrize("terminal", [False, True], ids=["pipe", "terminal"])
def test_a_crash_shows_no_secret_whatever_is_set(
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    options: tuple[str, ...],
    *,
    terminal: bool,
) -> None:
    Secret(SECRET)
    for name in ("_TYPER_STANDARD_TRACEBACK", "TYPER_STANDARD_TRACEBACK", "FORCE_COLOR"):
        monkeypatch.setenv(name, "1")
    monkeypatch.setenv("TYPER_USE_RICH", "1")
    monkeypatch.setattr(running, "audit", chained(SECRET))
    screen = Terminal()
    for stream in screen.streams:
        monkeypatch.setattr(stream, "isatty", lambda: terminal, raising=False)
    assert screen.run(*options, "check", "local") == 2
    out, err = screen.read()
    (crash,) = crash_files(home)
    text = crash.read_text()
    for shown in (out, err, text):
        assert not seen(shown.encode())
    for told in ("no way with [redacted]", "ValueError", "see [redacted]"):
        assert told in text
    assert "Traceback" not in err


def test_a_crash_file_that_cannot_be_written_is_not_promised(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.write_text("no folder")
    monkeypatch.setattr(running, "audit", raising(RuntimeError("no way")))
    terminal = Terminal()
    assert terminal.run("check", "npm:x") == 2
    _, err = terminal.read()
    assert "crash-" not in err
    assert "RuntimeError" in err


@pytest.mark.canaries_may_show("log")  # it is planted there
def test_a_collector_that_breaks_leaves_the_rest_and_a_file(
    home: Path, weak: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = next(item for item in collectors() if item.name == "SSH keys")
    planted = raising(RuntimeError(f"planted with {weak.github_token}"))
    monkeypatch.setattr(
        "hardenme.engine.audit.giving",
        lambda kinds: [
            _with(item, planted) if item is broken else item
            for item in collectors()
            if kinds.intersection(item.gives)
        ],
    )
    for name, value in weak.tokens.items():
        monkeypatch.setenv(name, value)
    handlers = list(logging.getLogger().handlers)
    terminal = Terminal()
    code = terminal.run("check", "--no-local", *weak.urls, "--select", "GHA", "-f", "json")
    out, err = terminal.read()
    findings = json.loads(out)["findings"]
    (crash,) = crash_files(home)
    assert code == 1
    assert {item["outcome"] for item in findings if item["code"] == "GHA104"} == {"unknown"}
    assert any(item["outcome"] == "failed" for item in findings)
    assert len(err.splitlines()) == 1
    assert str(crash) in err
    assert "planted with [redacted]" in crash.read_text()
    assert weak.github_token not in out + err + crash.read_text()
    assert logging.getLogger().handlers == handlers


def _with(collector: Any, read: Callable[..., Any]) -> Any:
    return type(collector)(
        **{name: getattr(collector, name) for name in collector.__slots__} | {"read": read}
    )


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("error", "code", "word"),
    [(KeyboardInterrupt(), 130, "interrupted"), (Terminated(), 143, "terminated")],
)
def test_an_interrupt_outside_the_run_is_told_in_a_line(
    monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, word: str, tmp_path: Path
) -> None:
    monkeypatch.setattr(delivery, "files", raising(error))
    monkeypatch.setattr(running, "audit", lambda *_: report_of([]))
    monkeypatch.setattr(delivery, "exit_code", lambda *_, **__: 0)
    terminal = Terminal()
    assert terminal.run("check", "npm:x", "-o", str(tmp_path / "report")) == code
    out, err = terminal.read()
    assert out == ""
    assert err.strip().splitlines()[-1] == f"hardenme: {word}"
    assert not list(tmp_path.glob("*report*"))
