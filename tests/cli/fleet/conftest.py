"""The commands of a fleet, as an app that is installed on two organizations."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hardenme.sandbox.github.server import GitHubServer
from tests.cli.command import Ran
from tests.cli.conftest import Accounts
from tests.cli.test_app import install, options
from tests.credentials.app_keys import key_file, pem, rsa_key
from tests.worlds.organizations import base

CHECKS = ("--select", "GHO106,GHB101,GHR104")
BOTH = ("github:bramble-labs", "github:cedar-labs")


@pytest.fixture
def key(organizations: Accounts) -> Path:
    folder = organizations.command.home.parent / "keys"
    folder.mkdir()
    return key_file(folder, pem(rsa_key()))


class Fleet:
    """The three commands, as an app that is installed on both organizations."""

    def __init__(self, accounts: Accounts, key: Path) -> None:
        self.accounts = accounts
        self.asking = (*options(key), *accounts.urls, "--no-cache")

    def __call__(self, *arguments: str, **environ: str) -> Ran:
        return self.accounts.command("fleet", *arguments, **environ)

    @property
    def server(self) -> GitHubServer:
        """GitHub."""
        assert isinstance(self.accounts.github, GitHubServer)
        return self.accounts.github

    @property
    def running(self) -> tuple[str, ...]:
        """The arguments that read all shards."""
        return ("fleet", "run", "--plan", "plan.json", "--out", "out", *self.asking)

    def plan(self, *arguments: str, **environ: str) -> Any:
        ran = self("plan", *arguments, *CHECKS, *self.asking, "-o", "plan.json", **environ)
        assert ran.code in {0, 3}, ran.err
        return json.loads((self.accounts.command.folder / "plan.json").read_text())["plan"]

    def run(self, *arguments: str, **environ: str) -> Ran:
        return self(
            "run", "--plan", "plan.json", "--out", "out", *self.asking, *arguments, **environ
        )

    def merge(self, *arguments: str, **environ: str) -> Ran:
        return self("merge", "--plan", "plan.json", "--in", "out", *arguments, **environ)


@pytest.fixture
def fleet(organizations: Accounts, key: Path) -> Fleet:
    install(organizations, base.WEAK, base.STRICT)
    return Fleet(organizations, key)


def findings(ran: Ran) -> dict[tuple[str, str], str]:
    return {
        (one["code"], one["subject"]): one["outcome"] for one in json.loads(ran.out)["findings"]
    }
