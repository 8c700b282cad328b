"""Credentials in the forms that people write them, each of which a run of the machine finds.

A form that is a reference, a name or an example is none. No value is ever in the report.
"""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hardenme.collectors.clear_text import has_credential, in_addresses
from hardenme.collectors.npmrc.credentials import passwords, tokens
from hardenme.collectors.npmrc.ini import settings
from tests.collectors.local.conftest import Look
from tests.collectors.local.home import GITHUB_TOKEN, NPM_TOKEN, Home
from tests.running import Stage
from tests.workstations import fill_orderly

HOST = "registry.example.test"
UNIQUE = "CANARY00aB34cD56eF78gH90"
"""A token of no known form."""
NPMRC = {
    "a password": f"registry=https://hazel:CANARY@{HOST}/",
    "for a scope": f"@grove:registry=https://hazel:CANARY@{HOST}/npm/",
    "without a name": f"registry=https://:CANARY@{HOST}/",
    "a token as the name": f"registry=https://{UNIQUE}@{HOST}/",
    "a token and no password": f"registry=https://{UNIQUE}:@{HOST}/",
    "a UUID as the name": f"registry=https://1f3c9d2e-0000-4000-8000-00000ca4a4a4@{HOST}/",
    "a proxy": "proxy=http://hazel:CANARY@proxy.example.test:8080",
    "a proxy for https": "https-proxy=http://hazel:CANARY@proxy.example.test:8080",
    "another proxy": "proxy=socks5://hazel:CANARY@proxy.example.test",
    "in quotes": f'registry="https://hazel:CANARY@{HOST}/"',
    "in a list": f"registry[]=https://hazel:CANARY@{HOST}/",
    "an at sign in the name": f"registry=https://hazel@example.test:CANARY@{HOST}/",
    "an at sign in the password": f"registry=https://hazel:CAN@ARY@{HOST}/",
    "percent signs": f"registry=https://hazel%40example.test:CAN%2FARY@{HOST}/",
    "in the key of a registry": f"//hazel:CANARY@{HOST}/:_authToken=${{NPM_TOKEN}}",
    "in a setting of a package": f"electron_mirror=https://hazel:CANARY@{HOST}/",
    "half of it by reference": f"registry=https://hazel:CANARY${{REST}}@{HOST}/",
    "to fall back on": f"registry=https://hazel:${{PASSWORD:-CANARY}}@{HOST}/",
    "a password to fall back on": f"//{HOST}/:_password=${{PASSWORD-CANARY}}",
    "an old name": f"//{HOST}/:password=CANARY",
    "behind a mark of the byte order": "\ufeff_auth=CANARY",
    "after a line break of old systems": "color=true\r_auth=CANARY",
    "in a section": "[mine]\n_auth=CANARY",
}
NPMRC_TOKENS = {
    "as the name": f"registry=https://{NPM_TOKEN}@{HOST}/",
    "as the password": f"registry=https://hazel:{NPM_TOKEN}@{HOST}/",
    "in another setting": f"NPM_TOKEN={NPM_TOKEN}",
    "with a wrong name": f"//{HOST}/:_authtoken={NPM_TOKEN}",
    "alone": NPM_TOKEN,
    "of GitHub": f"//{HOST}/:_authToken={GITHUB_TOKEN}",
    "an old name": f"//{HOST}/:authToken=CANARY",
    "to fall back on": f"//{HOST}/:_authToken=${{NPM_TOKEN:-CANARY}}",
    "to fall back on, by a dash": f"//{HOST}/:_authToken=${{NPM_TOKEN-{NPM_TOKEN}}}",
    "what looks like a reference": f"//{HOST}/:_authToken=${{NPM_TOKEN?CANARY}}",
}
NO_SECRETS = (
    f"registry=https://{HOST}/",
    f"registry=https://hazel@{HOST}/",
    f"registry=https://hazel:@{HOST}/",
    f"registry=https://build-agent-of-the-office-01@{HOST}/",
    f"registry=https://${{WHO}}:${{PASSWORD}}@{HOST}/",
    f"registry=https://hazel:${{PASSWORD:-}}@{HOST}/",
    f"registry=https://{HOST}:8080/@grove/web",
    f"@grove:registry=https://{HOST}/?mail=hazel@example.test",
    "noproxy=localhost,.example.test",
    "proxy=http://proxy.example.test:8080",
    "git-tag-version=false",
    f"//{HOST}/:_authToken=${{NPM_TOKEN:-}}",
    f"//{HOST}/:_authToken=${{NPM_TOKEN?}}",
    "key=${KEY-}",
)


@pytest.mark.parametrize("text", NPMRC.values(), ids=NPMRC)
def test_a_password_of_npm(home: Home, look: Look, text: str) -> None:
    home.write("project/.npmrc", f"color=true\n{text}\n")
    (finding,) = look("LOC104")
    assert str(finding.subject) == "local:npmrc/~/project/.npmrc"


@pytest.mark.parametrize("text", NPMRC_TOKENS.values(), ids=NPMRC_TOKENS)
def test_a_token_of_npm(home: Home, look: Look, text: str) -> None:
    home.write(".npmrc", f"color=true\n{text}\n")
    (finding,) = look("LOC101")
    assert str(finding.subject) == "local:npmrc/~/.npmrc"


@pytest.mark.parametrize("text", NO_SECRETS)
def test_no_credential_of_npm(home: Home, look: Look, text: str) -> None:
    home.write(".npmrc", text)
    assert look("LOC101") == look("LOC104") == []


@pytest.mark.parametrize("code", ["LOC101", "LOC102", "LOC104"])
def test_a_secret_that_others_may_read(home: Home, look: Look, code: str) -> None:
    """An address's password is as secret as a setting's."""
    home.write(
        "project/.npmrc", f"registry=https://hazel:CANARY@{HOST}/\nx={NPM_TOKEN}", mode=0o644
    )
    assert len(look(code)) == 1


BASIC = "AUTHORIZATION: basic Q0FOQVJZOkNBTkFSWQ=="
SESSION = {
    "a header": {"GIT_CONFIG_VALUE_0": BASIC},
    "a header as parameters": {"GIT_CONFIG_PARAMETERS": f"'http.extraheader={BASIC}'"},
    "behind Bearer": {"MINE": f"Bearer {UNIQUE}"},
    "behind bearer, in a list": {"HEADERS": f"accept: x, authorization: bearer {UNIQUE}"},
    "behind Basic": {"MINE": "Basic Q0FOQVJZOkNBTkFSWQ=="},
    "a key that is an address": {"GIT_CONFIG_KEY_0": "url.https://h:CANARY@h.test/.insteadOf"},
    "a proxy": {"https_proxy": "http://hazel:CANARY@proxy.example.test:8080"},
    "an address": {"INDEX": "see https://hazel:CANARY@git.example.test/x.git"},
    "an address with a token": {"INDEX": f"git+https://{GITHUB_TOKEN}@git.example.test/x.git"},
    "a token within": {"OPTIONS": f"--token={NPM_TOKEN}"},
    "a registry": {"npm_config_registry": f"https://hazel:CANARY@{HOST}/"},
}
CLEAN = {
    "a name": {"PROXY": "http://hazel@proxy.example.test:8080"},
    "words": {"NOTE": "basic authentication is off, bearer tokens too"},
    "a login": {"REMOTE": "ssh://git:CANARY@git.example.test/x.git"},
    "a port": {"URL": "https://git.example.test:8443/@grove"},
    "JSON": {"JSON": '{"url":"https://git.example.test","mail":"hazel@example.test"}'},
}


@pytest.mark.parametrize("variables", SESSION.values(), ids=SESSION)
def test_a_credential_of_the_session(home: Home, look: Look, variables: dict[str, str]) -> None:
    home.environ |= variables
    (finding,) = look("LOC106")
    assert finding.outcome.seen["variables"] == sorted(variables)  # type: ignore[union-attr]


@pytest.mark.parametrize("variables", CLEAN.values(), ids=CLEAN)
def test_no_credential_of_the_session(home: Home, look: Look, variables: dict[str, str]) -> None:
    home.environ |= variables
    assert look("LOC106") == []


@pytest.mark.parametrize(
    ("line", "fails"),
    [
        ("export HTTPS_PROXY=http://hazel:CANARY@proxy.example.test", True),
        (f"alias up='curl -H \"Authorization: Bearer {UNIQUE}\" host'", True),
        ("export HTTPS_PROXY=http://hazel:$PASSWORD@proxy.example.test", False),
        ('export HTTPS_PROXY="http://hazel:$(pass proxy)@proxy.example.test"', False),
        ("alias up='curl -H \"Authorization: Bearer $TOKEN\" host'", False),
    ],
)
def test_a_credential_of_a_start_up_file(home: Home, look: Look, line: str, *, fails: bool) -> None:
    home.write(".bashrc", f"{line}\n")
    assert bool(look("LOC106")) is fails


def test_a_file_of_the_workspace_around_a_package(home: Home, look: Look) -> None:
    home.write("package.json", '{"workspaces": ["project"]}')
    home.write(".env", "NPM_TOKEN=x\n")
    assert [str(one.subject) for one in look("LOC106")] == ["local:shell/~/.env"]


def variables(name: str, value: str) -> dict[str, str]:
    return {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": name, "GIT_CONFIG_VALUE_0": value}


@pytest.mark.parametrize(
    "environ",
    [
        variables("credential.helper", "store"),
        variables("http.https://git.example.test/.extraHeader", BASIC),
        variables("url.https://h:CANARY@git.example.test/.insteadOf", "https://git.example.test/"),
        {"GIT_CONFIG_PARAMETERS": f"'http.extraheader={BASIC}'"},
        {"GIT_CONFIG_PARAMETERS": f"'a.b'='it'\\''s' 'http.extraheader'='{BASIC}'"},
        {"GIT_CONFIG_PARAMETERS": "'credential.helper'='store'"},
    ],
)
def test_a_credential_that_git_gets_from_variables(
    home: Home, look: Look, environ: dict[str, str]
) -> None:
    home.environ |= environ
    (finding,) = look("LOC110")
    assert str(finding.subject) == "local:environment/git"


@pytest.mark.parametrize(
    "environ",
    [
        {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "a.b"},
        {"GIT_CONFIG_COUNT": "many"},
        {"GIT_CONFIG_PARAMETERS": "'a.b"},
        {"GIT_CONFIG_PARAMETERS": "a.b=c"},
        variables("nosection", "x"),
    ],
)
@pytest.mark.parametrize("code", ["LOC110", "LOC111"])
def test_variables_of_git_that_are_not_understood(
    home: Home, running: Stage, environ: dict[str, str], code: str
) -> None:
    fill_orderly(home)
    home.environ |= environ
    running.others = lambda: {"local": home.station()}
    report = running.audit("local", select_=(code,), local=True)
    assert "unknown" in {one.result for one in report.findings}


def test_variables_count_after_the_files(home: Home, look: Look) -> None:
    assert look("LOC111") == []
    home.environ |= variables("commit.gpgsign", "false")
    assert len(look("LOC111")) == 1
    home.write(".gitconfig", "[commit]\ngpgsign = false\n")
    home.environ |= variables("Commit.gpgSign", "true")
    assert look("LOC111") == []
    home.write(".gitconfig", "[credential]\nhelper = store\n")
    home.environ |= variables("credential.helper", "")
    assert look("LOC110") == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (".netrc", f"machine {HOST} login {GITHUB_TOKEN}\n"),
        (".netrc", f"machine {HOST}\nlogin hazel\npassword\n  CANARY\n"),
        ("mine/netrc", f"machine {HOST} login hazel password CANARY\n"),
        (".git-credentials", f"https://{UNIQUE}@{HOST}\n"),
        ("passwords", f"https://hazel:CANARY@{HOST}\n"),
        (".config/git/credentials", f"https://hazel:CAN%40ARY@{HOST}:8443\n"),
        ("project/.git/config.worktree", '[remote "o"]\nurl = https://h:CANARY@git.example.test\n'),
    ],
)
def test_a_file_of_credentials(home: Home, look: Look, name: str, text: str) -> None:
    home.environ["NETRC"] = str(home.home / "mine" / "netrc")
    home.write("project/.git/config", "")
    home.write(".gitconfig", '[credential]\nhelper = store --file "~/passwords"\n')
    home.write(name, text)
    found = {finding.subject.name for finding in look("LOC110")}
    assert found == {"~/.gitconfig", f"~/{name}"}


NAMES = st.text(st.sampled_from("abcxyz.-%@"), max_size=8)
WORDS = st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=1, max_size=12)


@given(NAMES, WORDS, st.sampled_from(["http", "https", "git+https", "HTTPS"]))
@example("", "0", "http")
def test_every_password_before_a_host_is_seen(name: str, word: str, scheme: str) -> None:
    address = f"{scheme}://{name}:{word}@host.example/path"
    assert list(in_addresses(address))
    assert has_credential(f"A={address} more")
    assert [*passwords(settings(f"registry={address}")), *tokens(settings(f"registry={address}"))]


@given(st.text(max_size=12), WORDS)
def test_a_reference_is_no_credential(name: str, word: str) -> None:
    address = f"https://{quote(name, safe='')}:${{{word}}}@host.example/"
    assert not [*passwords(settings(f"registry={address}"))]


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    lines = settings(text)
    for item in (*(one.item for one in tokens(lines)), *(one for one, _ in passwords(lines))):
        assert 1 <= item.line <= len(text) + 1
    assert has_credential(text) >= any(in_addresses(text, web=True))
