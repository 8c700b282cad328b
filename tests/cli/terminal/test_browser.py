"""What a browser that is opened gets of this process."""

from __future__ import annotations

import subprocess
import sys

import pytest

from hardenme.cli.terminal.browser import NAME
from tests.canary_forms import seen
from tests.cli.command import Command, until

PROGRAM = """
import os
from hardenme.cli.terminal.browser import open_page
from hardenme.model.secret import Secret
Secret(os.environ["OF_NO_KNOWN_NAME"])
before = dict(os.environ)
assert open_page("http://127.0.0.1/page")
assert dict(os.environ) == before
"""
BROWSER = """#!/bin/sh
{{ echo "$1"; env; }} > {folder}/seen
mv {folder}/seen {folder}/given-to-the-browser
"""


def test_a_browser_gets_no_token(command: Command) -> None:
    browser = command.folder / "browser"
    browser.write_text(BROWSER.format(folder=command.folder))
    browser.chmod(0o700)
    environ = {
        "BROWSER": str(browser),
        "HARDENME_GITHUB_TOKEN": "ghp_CANARY000000000000000000000000000000",
        "HARDENME_GITHUB_TOKEN__ACME_LABS": "CANARY-of-no-known-format",
        "NPM_TOKEN": "npm_CANARYnotarealtoken0000000000000000",
        "OF_NO_KNOWN_NAME": "CANARYandNoKnownFormat",
        "HTTPS_PROXY": "http://user:CANARYpassword@proxy.example.test:3128",
        "HARDENME_NOTIFY": "slack://CANARY/of/a/sink",
        "DISPLAY": ":7",
    }
    done = subprocess.run(  # noqa: S603 (our own interpreter)
        [sys.executable, "-c", PROGRAM],
        env=command.variables(environ),
        cwd=command.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    given = command.folder / "given-to-the-browser"
    until(given.exists)
    data = given.read_bytes()
    assert data.startswith(b"http://127.0.0.1/page\n")
    assert b"DISPLAY=:7" in data
    assert not seen(data)


@pytest.mark.parametrize("name", ["DISPLAY", "XAUTHORITY", "SSH_AUTH_SOCK", "HOME", "BROWSER"])
def test_what_a_browser_needs_it_gets(name: str) -> None:
    assert not NAME.search(name)
