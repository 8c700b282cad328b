from __future__ import annotations

import re

from hardenme.sandbox.http import Reply
from tests.cli.command import Command, Ran
from tests.cli.conftest import Accounts
from tests.worlds.organizations import base


def rows(ran: Ran) -> dict[str, str]:
    found: dict[str, str] = {}
    name = ""
    for line in ran.out.splitlines():
        if re.match(r"  \S", line):
            name, _, line = line.strip().partition(":")  # noqa: PLW2901 (what is left of it)
        found[name] = f"{found.get(name, '')} {line.strip()}".strip()
    return found


def test_it_tells_whose_the_tokens_are(weak: Accounts) -> None:
    ran = weak.command("doctor", *weak.urls, **weak.tokens)
    found = rows(ran)
    assert ran.code == 0
    assert found["GitHub token"] == "from HARDENME_GITHUB_TOKEN"
    assert found["npm token"] == "from HARDENME_NPM_TOKEN"
    assert found["GitHub account"].startswith("mallow")
    assert found["npm account"].startswith("mallow")
    assert "admin:" in found["GitHub token scopes"]
    assert found["GitHub token expires"] == "never, or GitHub does not say"
    assert str(weak.command.home) in found["cache"]
    assert len(weak.github.requests) == 1
    assert len(weak.npm.requests) == 1
    long = [line for line in ran.out.splitlines() if len(line) > 100]
    assert all("/" in line for line in long), "only a path may be longer"


def test_a_place_of_heartbeats_that_cannot_be_read_is_told(weak: Accounts) -> None:
    assert "Runs for a timer" not in weak.command("doctor", *weak.urls, "--offline").out
    place = weak.command.home / ".local/state/hardenme/heartbeat"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text("no folder")
    told = weak.command("doctor", *weak.urls, "--offline").out
    assert f"{place} cannot be read: Not a directory" in " ".join(told.split())


def test_it_tells_of_the_tokens_for_single_owners(organizations: Accounts) -> None:
    environ = {
        "HARDENME_GITHUB_TOKEN__CEDAR_LABS": base.STRICT_FINE_GRAINED,
        "HARDENME_GITHUB_TOKEN__OTHER": "npm_CANARYnotarealtoken0000000000000000",
        "HARDENME_GITHUB_TOKEN__EMPTY": " ",
    }
    ran = organizations.command("doctor", *organizations.urls, **environ)
    found = rows(ran)
    assert ran.code == 0
    assert found["GitHub token"] == "none found"
    assert found["GitHub token CEDAR_LABS"] == "from HARDENME_GITHUB_TOKEN__CEDAR_LABS"
    assert found["GitHub CEDAR_LABS account"] == "linden (fine-grained)"
    assert found["GitHub CEDAR_LABS token expires"].startswith("20")
    assert found["GitHub token OTHER"].startswith("refused: ")
    assert "GitHub token EMPTY" not in found
    assert len(organizations.github.requests) == 1


def test_offline_asks_nobody(weak: Accounts) -> None:
    ran = weak.command("doctor", "--offline", *weak.urls, **weak.tokens)
    assert ran.code == 0
    assert weak.asked == 0


def test_without_tokens_it_says_so(command: Command) -> None:
    ran = command("doctor", "--offline")
    assert ran.code == 4
    assert rows(ran)["GitHub token"].startswith("none found")
    assert rows(ran)["npm token"].startswith("none found")


def test_a_token_in_the_wrong_place_is_told_and_not_sent(weak: Accounts) -> None:
    ran = weak.command("doctor", *weak.urls, HARDENME_GITHUB_TOKEN=weak.npm_token)
    assert ran.code == 4
    assert rows(ran)["GitHub token"].startswith("refused: HARDENME_GITHUB_TOKEN holds an npm token")
    assert not weak.github.requests


def test_a_rejected_token_is_told(weak: Accounts) -> None:
    weak.github.fault(".*", edit=lambda _q, _r: Reply(401, {"message": "Bad credentials"}))
    ran = weak.command("doctor", *weak.urls, HARDENME_GITHUB_TOKEN=weak.github_token)
    assert ran.code == 4
    assert "accepted" in rows(ran)["GitHub account"]


def test_a_password_of_a_proxy_is_not_shown(command: Command) -> None:
    proxy = "http://user:CANARYpassword0000@proxy.example.test:3128"
    ran = command("doctor", "--offline", HTTPS_PROXY=proxy)
    found = rows(ran)
    assert found["proxy for api.github.com"] == "proxy.example.test:3128"


def test_an_unusable_address_is_told(command: Command) -> None:
    ran = command("doctor", "--github-url", "http://host.example.test")
    assert (ran.code, ran.out, len(ran.told)) == (2, "", 1)
