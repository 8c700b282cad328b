from __future__ import annotations

import pytest

from hardenme.facts.local.gh import GhHosts
from hardenme.model.unknown import Reason
from tests.collectors.local.home import GITHUB_TOKEN, Home

PLACE = ".config/gh/hosts.yml"
HEAD = "github.com:\n    git_protocol: https\n    users:\n        hazel:\n"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (f"{HEAD}            oauth_token: {GITHUB_TOKEN}\n", (5,)),
        (f"github.com:\n    oauth_token: {GITHUB_TOKEN}\n    user: hazel\n", (2,)),
        (f'github.com:\n    "oauth_token": "{GITHUB_TOKEN}"\n', (2,)),
        (f"github.com: {{user: hazel, oauth_token: {GITHUB_TOKEN}}}\n", (1,)),
        (f"github.com:\n    oauth_token:\n        {GITHUB_TOKEN}\n", (2, 3)),
        (f"a:\n  oauth_token: {GITHUB_TOKEN}\nb:\n  oauth_token: {GITHUB_TOKEN}\n", (2, 4)),
        ("git.example.test:\n    oauth_token: 0123456789abcdef0123\n", (2,)),
        (f"github.com:\n    other: {GITHUB_TOKEN}\n", (2,)),
        (HEAD, ()),
        (f"{HEAD}            oauth_token: \n", ()),
        (f'{HEAD}            oauth_token: ""\n', ()),
        (f"{HEAD}            oauth_token: null\n", ()),
        (f"# oauth_token: {GITHUB_TOKEN}\n{HEAD}", ()),
        (f"{HEAD}            oauth_token:\n        rowan:\n", ()),
        ("", ()),
    ],
)
def test_tokens_in_the_file(home: Home, text: str, lines: tuple[int, ...]) -> None:
    home.write(PLACE, text)
    fact = home.one(GhHosts)
    assert fact.token_lines == lines
    assert fact.subject.name == f"~/{PLACE}"
    assert GITHUB_TOKEN not in repr(home.answers(GhHosts))


def test_where_the_file_is(home: Home) -> None:
    home.write("xdg/gh/hosts.yml", "")
    home.environ["XDG_CONFIG_HOME"] = str(home.home / "xdg")
    assert set(home.facts(GhHosts)) == {"~/xdg/gh/hosts.yml"}
    home.write("project/gh/hosts.yml", "")
    home.environ["GH_CONFIG_DIR"] = "gh"
    assert set(home.facts(GhHosts)) == {"~/project/gh/hosts.yml"}


def test_where_the_file_is_on_windows(home: Home) -> None:
    home.write("AppData/Roaming/GitHub CLI/hosts.yml", "")
    home.system = "win32"
    assert set(home.facts(GhHosts)) == {"~/AppData/Roaming/GitHub CLI/hosts.yml"}


def test_no_gh(home: Home) -> None:
    (answer,) = home.answers(GhHosts)
    assert answer.missing is None
    assert answer.facts == ()
    assert [(atom.endpoint, atom.status) for atom in answer.evidence] == [(f"FILE ~/{PLACE}", 404)]


def test_a_file_that_is_not_read_is_unknown(home: Home) -> None:
    (home.home / PLACE).mkdir(parents=True)
    (answer,) = home.answers(GhHosts)
    assert answer.missing is not None
    assert answer.missing.reason is Reason.MALFORMED
