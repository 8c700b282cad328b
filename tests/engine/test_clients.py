"""By which token something is asked about."""

from __future__ import annotations

import pytest

from hardenme.collectors.github.client import GitHub
from hardenme.collectors.npm.client import Npm
from hardenme.engine.clients import Clients
from hardenme.model.secret import Secret
from hardenme.model.subject import Subject

TOKEN = Secret("ghp_CANARY000000000000000000000000000000")


@pytest.mark.parametrize(
    ("subject", "lane"),
    [
        (Subject("github", "repo", "Acme/web"), "github/acme"),
        (Subject("github", "org", "acme"), "github/acme"),
        (Subject("github", "repo", "hazel/web"), "github"),
        (Subject("github", "token", "acme"), "github"),
        (Subject("npm", "trusted-publisher", "acme/1"), "github"),
        (Subject("npm", "package", "acme"), "github"),
    ],
)
def test_an_owners_token_is_for_what_is_that_owners_on_github(subject: Subject, lane: str) -> None:
    own = GitHub.connect("http://127.0.0.1:9", TOKEN)
    clients = Clients(None, Npm.connect("http://127.0.0.1:9", None), github_by_owner={"acme": own})
    assert clients.lane("github", subject) == lane
    assert clients.lane("npm", subject) == "npm"
