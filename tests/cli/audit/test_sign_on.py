"""The link to single sign-on: shown to the person at the terminal, and written nowhere."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from hardenme.cli.main import run
from hardenme.cli.terminal.console import Console
from hardenme.sandbox.github.router import SSO_REQUEST
from hardenme.sandbox.github.server import GitHubServer
from tests.cli.conftest import Accounts

pytestmark = pytest.mark.canaries_may_show("console")
"""The link is what the person at the terminal has to see."""


class Screen(io.TextIOWrapper):
    """Standard error in memory; a person may watch it."""

    def __init__(self, *, watched: bool) -> None:
        super().__init__(io.BytesIO(), "utf-8")
        self.watched = watched

    def isatty(self) -> bool:
        return self.watched

    def text(self) -> str:
        self.flush()
        assert isinstance(self.buffer, io.BytesIO)
        return self.buffer.getvalue().decode()


@pytest.fixture
def shut(organizations: Accounts) -> Accounts:
    """The organizations, where single sign-on keeps one of them from the token."""
    assert isinstance(organizations.github, GitHubServer)
    token = organizations.github.world.token(organizations.github_token)
    assert token is not None
    token.sso_blocked = frozenset({"bramble-labs"})
    return organizations


def checked(
    shut: Accounts, monkeypatch: pytest.MonkeyPatch, home: Path, *more: str, watched: bool
) -> tuple[str, str]:
    monkeypatch.setenv("HOME", str(home))
    for name in ("XDG_STATE_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HARDENME_GITHUB_TOKEN", shut.github_token)
    out, err = Screen(watched=False), Screen(watched=watched)
    run(("check", "github:bramble-labs", "--no-local", *shut.urls, *more), Console(out, err, {}))
    return out.text(), err.text()


@pytest.mark.sampled(2)
@pytest.mark.parametrize("form", ["table", "json", "markdown"])
@pytest.mark.parametrize("watched", [True, False], ids=["terminal", "pipe"])
def test_the_link_is_for_the_terminal_alone(
    shut: Accounts, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, form: str, *, watched: bool
) -> None:
    out, err = checked(shut, monkeypatch, tmp_path / "home", "-f", form, watched=watched)
    assert "a token that is authorized for single sign-on of bramble-labs" in " ".join(out.split())
    assert SSO_REQUEST not in out
    assert (SSO_REQUEST in err) is watched
    if watched:
        assert f"{shut.github.url}/orgs/bramble-labs/sso?authorization_request={SSO_REQUEST}" in err
    written = [path for path in (tmp_path / "home").rglob("*") if path.is_file()]
    assert written
    for path in written:
        assert SSO_REQUEST.encode() not in path.read_bytes(), path


def test_a_report_in_a_file_has_no_link(
    shut: Accounts, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    report = tmp_path / "report.json"
    more = ("-f", "json", "-o", str(report))
    _, err = checked(shut, monkeypatch, tmp_path / "home", *more, watched=True)
    assert SSO_REQUEST in err
    assert "single sign-on of bramble-labs" in report.read_text()
    assert SSO_REQUEST not in report.read_text()
