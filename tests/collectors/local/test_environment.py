from __future__ import annotations

import pytest

from hardenme.facts.local.shell import TokenVariables
from hardenme.model.unknown import Reason
from tests.collectors.local.home import GITHUB_TOKEN, NPM_TOKEN, Home


def session(home: Home) -> list[str]:
    found = home.facts(TokenVariables)["session"]
    assert all(item.line == 0 and item.literal for item in found.variables)
    return [item.name for item in found.variables]


def test_a_clean_session(home: Home) -> None:
    home.environ |= {"EDITOR": "vi", "NPM_TOKENS": "x", "MY_GH_TOKEN_FILE": "x", "GH_TOKEN": " "}
    assert session(home) == []


def test_token_variables_of_the_session(home: Home) -> None:
    home.environ |= {
        "GH_TOKEN": "x",
        "NODE_AUTH_TOKEN": "x",
        "npm_config_//registry.example.test/:_authToken": "x",
        "SOMETHING": GITHUB_TOKEN,
        "OTHER": NPM_TOKEN,
        "HARDENME_GITHUB_TOKEN": GITHUB_TOKEN,
    }
    (answer,) = home.answers(TokenVariables)
    assert session(home) == [
        "GH_TOKEN",
        "NODE_AUTH_TOKEN",
        "OTHER",
        "SOMETHING",
        "npm_config_//registry.example.test/:_authToken",
    ]
    for token in (GITHUB_TOKEN, NPM_TOKEN):
        assert token not in repr(answer)


@pytest.mark.parametrize(
    ("value", "job"), [("true", True), ("1", True), ("", False), ("false", False), ("0", False)]
)
def test_a_build_job(home: Home, value: str, *, job: bool) -> None:
    home.environ["CI"] = value
    home.write(".bashrc", "")
    assert home.facts(TokenVariables)["session"].build_job is job
    assert home.facts(TokenVariables)["~/.bashrc"].build_job is False


@pytest.mark.parametrize(
    ("line", "name", "literal"),
    [
        ("export GH_TOKEN=abc", "GH_TOKEN", True),
        ("GH_TOKEN=abc", "GH_TOKEN", True),
        ("  export GH_TOKEN='abc'", "GH_TOKEN", True),
        ('export FIRST=1 NPM_TOKEN="abc"', "NPM_TOKEN", True),
        ("declare -x NODE_AUTH_TOKEN=abc", "NODE_AUTH_TOKEN", True),
        ("set -gx GITHUB_TOKEN abc", "GITHUB_TOKEN", True),
        ("set -g -x GITHUB_TOKEN abc", "GITHUB_TOKEN", True),
        ("setenv GITHUB_TOKEN abc", "GITHUB_TOKEN", True),
        ('$env:GH_TOKEN = "abc"', "GH_TOKEN", True),
        ("test -z x && export GH_TOKEN=abc", "GH_TOKEN", True),
        ("alias g='GH_TOKEN=abc gh'", "GH_TOKEN", True),
        ("export HARDENME_NPM_TOKEN=abc", "HARDENME_NPM_TOKEN", True),
        ("export GH_TOKEN=$(gh auth token)", "GH_TOKEN", False),
        ('export GH_TOKEN="$(pass github)"', "GH_TOKEN", False),
        ("export GH_TOKEN=`pass github`", "GH_TOKEN", False),
        ("export GH_TOKEN=$OTHER", "GH_TOKEN", False),
        ("set -gx GH_TOKEN (pass github)", "GH_TOKEN", False),
        (f"export GH_TOKEN=${{OTHER:-{GITHUB_TOKEN}}}", "GH_TOKEN", True),
        (f"export SOMETHING={NPM_TOKEN}", "", True),
        (f"curl -H 'authorization: bearer {GITHUB_TOKEN}' host", "", True),
    ],
)
def test_a_token_in_a_file(home: Home, line: str, name: str, *, literal: bool) -> None:
    home.write(".bashrc", f"# start\n{line}\n")
    (found,) = home.facts(TokenVariables)["~/.bashrc"].variables
    assert (found.name, found.line, found.literal) == (name, 2, literal)
    assert "abc" not in repr(found)
    assert "CANARY" not in repr(found)


@pytest.mark.parametrize(
    "line",
    [
        "# export GH_TOKEN=abc",
        "export GH_TOKEN=",
        'export GH_TOKEN=""',
        "export GH_TOKEN",
        "unset GH_TOKEN",
        'if [ "$GH_TOKEN" = "" ]; then',
        "export OTHER_GH_TOKENS=abc",
        "export PATH=~/bin:$PATH",
        "echo npm_config_registry",
    ],
)
def test_what_is_no_token(home: Home, line: str) -> None:
    home.write(".bashrc", line)
    assert home.facts(TokenVariables)["~/.bashrc"].variables == ()


def test_every_place(home: Home) -> None:
    for name in (
        ".profile",
        ".zshenv",
        ".config/fish/config.fish",
        ".config/environment.d/envvars.conf",
        "zsh/.zshrc",
        "project/.env",
        "project/.envrc",
    ):
        home.write(name, "")
    home.environ["ZDOTDIR"] = str(home.home / "zsh")
    assert set(home.facts(TokenVariables)) == {
        "session",
        "~/.profile",
        "~/.zshenv",
        "~/.config/fish/config.fish",
        "~/.config/environment.d/envvars.conf",
        "~/zsh/.zshrc",
        "~/project/.env",
        "~/project/.envrc",
    }


def test_power_shell(home: Home) -> None:
    name = "Documents/PowerShell/Microsoft.PowerShell_profile.ps1"
    home.write(name, '$env:NPM_TOKEN="abc"\r\n'.encode("utf-16"))
    assert f"~/{name}" not in home.facts(TokenVariables)
    home.system = "win32"
    (found,) = home.facts(TokenVariables)[f"~/{name}"].variables
    assert found.name == "NPM_TOKEN"


def test_a_file_that_is_not_read_is_unknown(home: Home) -> None:
    (home.home / ".bashrc").mkdir()
    missing = [answer.missing for answer in home.answers(TokenVariables)]
    assert [found.reason for found in missing if found] == [Reason.MALFORMED]
