"""What doctor tells of the network and the environment is true, and holds no value."""

from __future__ import annotations

import io
import re
import subprocess
from pathlib import Path

import pytest
from requests import certs

from hardenme.cli.doctor.surroundings import _proxy
from hardenme.cli.main import run
from hardenme.cli.options.variables import KNOWN, AskedHosts, concerning
from hardenme.cli.terminal.console import Console
from hardenme.collectors.transport import authorities
from hardenme.collectors.transport.authorities import Store
from hardenme.collectors.transport.wire import SOCKS
from hardenme.credentials.chain import TokenChain
from hardenme.facts.npm.site import REGISTRY
from tests.cli.command import SCRIPT, Command
from tests.printed import printed

GITHUB = "https://api.github.com"
SERVER = "https://github.example.test/api/v3"
CLOUD = "https://api.acme.ghe.com"
OTHER = "https://registry.example.test"
TOKENS = (
    *("HARDENME_GITHUB_TOKEN", "GH_TOKEN", "GITHUB_TOKEN", "GH_ENTERPRISE_TOKEN"),
    *("GITHUB_ENTERPRISE_TOKEN", "GITHUB_PAT", "GH_PAT"),
)
NPM_TOKENS = ("HARDENME_NPM_TOKEN", "NPM_TOKEN", "NODE_AUTH_TOKEN", "NPM_AUTH_TOKEN")
PASSWORD = "CANARYpassword0000"


def said(name: str, asked: AskedHosts, value: str = "CANARYvalue00000000") -> str:
    found = dict(concerning({name: value}, asked, "a file"))
    return found.get(name, "")


@pytest.mark.parametrize("name", TOKENS)
@pytest.mark.parametrize("api", [GITHUB, SERVER, CLOUD])
def test_which_variable_is_a_token_of_github_is_told_as_it_is(name: str, api: str) -> None:
    used = (
        TokenChain({name: "ghp_CANARY000000000000000000000000000000"}, None).github(api) is not None
    )
    text = said(name, AskedHosts(api, REGISTRY))
    assert text.startswith("token, bound to ") is used
    assert text.startswith("not used") is not used


@pytest.mark.parametrize("name", NPM_TOKENS)
@pytest.mark.parametrize("registry", [REGISTRY, OTHER])
def test_which_variable_is_a_token_of_npm_is_told_as_it_is(name: str, registry: str) -> None:
    used = (
        TokenChain({name: "npm_CANARYnotarealtoken0000000000000000"}, None).npm(registry)
        is not None
    )
    text = said(name, AskedHosts(GITHUB, registry))
    assert text.startswith("token, bound to ") is used
    assert text.startswith("not used") is not used


def test_a_token_of_one_owner_is_told() -> None:
    text = said("HARDENME_GITHUB_TOKEN__CEDAR_LABS", AskedHosts(SERVER, REGISTRY))
    assert text == "token for one owner's things, bound to github.example.test"


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("REQUESTS_CA_BUNDLE", "ignored: certificates come from a file"),
        ("CURL_CA_BUNDLE", "ignored: certificates come from a file"),
        ("SSL_CERT_FILE", "ignored: certificates come from a file"),
        ("SSL_CERT_DIR", "ignored: certificates come from a file"),
        ("SSLKEYLOGFILE", "ignored: "),
        ("HARDENME_API_BASE", "not used: hardenme has no such variable"),
        ("GITHUB_API_URL", "ignored: --github-url"),
        ("npm_config_registry", "ignored: --npm-registry"),
        ("NPM_CONFIG_@acme:registry", "ignored: --npm-registry"),
        ("NPM_CONFIG_USERCONFIG", "names the .npmrc"),
        ("npm_config_strict_ssl", "not followed"),
        ("http_proxy", "not used"),
        ("PYTHONPATH", "Python takes modules from there first"),
        ("PYTHON_KEYRING_BACKEND", "names the keyring's backend"),
        ("PYTHONWARNINGS", "read by Python itself"),
        ("NETRC", "ignored"),
        ("GITHUB_SHA", "not used"),
        ("HOME", ""),
        ("XGITHUB_TOKEN", ""),
    ],
)
def test_what_is_done_with_a_variable_is_told(name: str, begins: str) -> None:
    text = said(name, AskedHosts(GITHUB, REGISTRY))
    assert text.startswith(begins)
    assert bool(text) is bool(begins)


@pytest.mark.parametrize("ca_file", [True, False])
@pytest.mark.parametrize("has_store", [True, False])
def test_where_certificates_come_from_is_told_alike_of_the_network_and_of_variables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, has_store: bool, ca_file: bool
) -> None:
    monkeypatch.setattr(authorities, "system", lambda: Store("its store") if has_store else None)
    monkeypatch.setattr(authorities, "BY_SYSTEM", False)
    monkeypatch.setenv("SSL_CERT_FILE", "other.pem")
    monkeypatch.setenv("HOME", str(tmp_path))
    file = tmp_path / "own.pem"
    file.write_bytes(Path(certs.where()).read_bytes())
    out, named = io.StringIO(), ("--ca-file", str(file)) if ca_file else ()
    run(["doctor", "--offline", "-f", "json", *named], Console(out, io.StringIO(), {}))
    sections = printed("doctor", out.getvalue())["sections"]
    rows = {row["name"]: row["text"] for section in sections for row in section["rows"]}
    told = rows["certificates"]
    assert told.startswith(
        "only ~/own.pem" if ca_file else "its" if has_store else "certifi's list"
    )
    assert rows["SSL_CERT_FILE"] == f"ignored: certificates come from {told}"


def test_a_file_of_authorities_that_cannot_be_used_is_told(command: Command) -> None:
    ran = command("doctor", "--offline", "--ca-file", "nowhere.pem")
    assert "certificates: --ca-file names no file: nowhere.pem" in " ".join(ran.out.split())


def test_an_empty_variable_is_not_used() -> None:
    assert said("GITHUB_TOKEN", AskedHosts(GITHUB, REGISTRY), " ") == "not used: it is empty"


def test_a_value_never_shows_whatever_the_variable() -> None:
    names = ["GITHUB_TOKEN", "SSL_CERT_FILE", "HTTPS_PROXY", "npm_config_x", "HARDENME_X"]
    rows = list(concerning(dict.fromkeys(names, PASSWORD), AskedHosts(GITHUB, REGISTRY), ""))
    assert {name for name, _ in rows} == set(names)
    assert PASSWORD not in repr(rows)


def test_what_a_build_job_sets_takes_one_row() -> None:
    environ = {f"GITHUB_THING_{number}": "1" for number in range(30)}
    environ |= {"GITHUB_TOKEN": "x", "GITHUB_API_URL": "x"}
    rows = dict(concerning(environ, AskedHosts(GITHUB, REGISTRY), ""))
    assert rows.keys() == {"GITHUB_API_URL", "GITHUB_THING_0 … GITHUB_*", "GITHUB_TOKEN"}
    assert rows["GITHUB_THING_0 … GITHUB_*"] == "not used, nor are 29 more of its kind"


def test_every_text_has_what_it_fills_in() -> None:
    words = AskedHosts(GITHUB, REGISTRY).words("a file")
    for _, text in KNOWN:
        assert set(re.findall(r"{(\w+)}", text)) <= words.keys()


@pytest.fixture
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.mark.parametrize(
    ("environ", "told"),
    [
        ({}, "none"),
        ({"HTTPS_PROXY": "http://proxy.example.test:3128"}, "proxy.example.test:3128"),
        ({"https_proxy": "proxy.example.test:3128"}, "proxy.example.test:3128"),
        ({"ALL_PROXY": "http://proxy.example.test"}, "proxy.example.test"),
        (
            {"ALL_PROXY": "socks5://127.0.0.1:9"},
            f"socks5://127.0.0.1:9: {SOCKS}",
        ),
        ({"HTTP_PROXY": "http://proxy.example.test:3128"}, "none"),
        (
            {"HTTPS_PROXY": "http://proxy.example.test", "NO_PROXY": ".github.com"},
            "none: NO_PROXY takes this host in",
        ),
        (
            {"HTTPS_PROXY": f"http://user:{PASSWORD}@proxy.example.test:3128"},
            "proxy.example.test:3128",
        ),
        ({"HTTPS_PROXY": f"user:{PASSWORD}@proxy.example.test:3128"}, "proxy.example.test:3128"),
        ({"HTTPS_PROXY": f"http://user:{PASSWORD}/x@proxy:1"}, "set, but not understood"),
        ({"HTTPS_PROXY": "http://user:12/34@proxy:1"}, "set, but not understood"),
        ({"HTTPS_PROXY": "http://proxy:port"}, "set, but not understood"),
        ({"HTTPS_PROXY": "http://["}, "set, but not understood"),
        ({"HTTPS_PROXY": "http://:3128"}, "set, but not understood"),
    ],
)
@pytest.mark.usefixtures("no_proxy")
def test_the_proxy_is_told_without_its_password(
    monkeypatch: pytest.MonkeyPatch, environ: dict[str, str], told: str
) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    assert _proxy(GITHUB) == told


def test_a_check_behind_a_socks_proxy_says_what_to_set(command: Command) -> None:
    ran = command(
        *("check", "github:acme/web", "--full", "--select", "GHR101", "--no-cache"),
        HARDENME_GITHUB_TOKEN="ghp_CANARY000000000000000000000000000000",
        ALL_PROXY="socks5h://127.0.0.1:9",
    )
    assert ran.code == 3
    assert "SOCKS proxies are not supported: name an HTTP" in " ".join(ran.out.split())


@pytest.mark.usefixtures("no_proxy")
def test_plain_http_goes_through_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example.test")
    monkeypatch.setenv("ALL_PROXY", "http://proxy.example.test")
    assert _proxy("http://127.0.0.1:8080").startswith("none: ")


def test_without_files_it_tells_where_it_looked(command: Command) -> None:
    ran = command("doctor", "--offline")
    text = " ".join(ran.out.split())
    assert "found: none looked for: ~/.config/hardenme/config.toml" in text
    assert f"in the working directory, up to {command.folder}" in text


def test_it_fits_a_terminal_of_80_columns(command: Command) -> None:
    own = command.home / ".config" / "hardenme" / "config.toml"
    own.parent.mkdir(parents=True)
    own.write_text('github-url = "x"\nfial-on = "x"\ntoken = "x"\nselect = ["GHA"]\n')
    (command.folder / ".npmrc").write_text("")
    names = ("HARDENME_API_BASE", "SSL_CERT_FILE", "HTTPS_PROXY", "GH_HOST", "GITHUB_SHA")
    names += ("HARDENME_GITHUB_TOKEN__A_LONG_NAME_OF_AN_OWNER",)
    ran = command("doctor", "--offline", COLUMNS="80", **dict.fromkeys(names, "x"))
    told = ran.out.partition("Tokens and accounts")[0]
    assert "HARDENME_GITHUB_TOKEN__A_LONG_NAME_OF_AN_OWNER:\n" in told
    long = [line for line in told.splitlines() if len(line) > 80]
    assert all("/" in line for line in long), "only a path may be longer"
    assert ran.out.count("\n\n── ") == 6, "headings stand apart"


def test_a_name_from_outside_steers_no_terminal(command: Command) -> None:
    (command.folder / "hardenme.toml").write_text('"\\u001b[2J\\u202Eevil" = 1\n')
    ran = command("doctor", "--offline", **{"GITHUB_\x1b[2J": "x"})
    assert "\x1b" not in ran.out
    assert "\u202e" not in ran.out
    assert r"\x1b[2J\u202eevil is not a setting" in ran.out


def test_a_working_directory_that_is_gone_is_told(command: Command, tmp_path: Path) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    go = 'cd "$1" && rmdir "$1" && exec "$2" doctor --offline'
    done = subprocess.run(  # noqa: S603 (our own script)
        ["/bin/sh", "-c", go, "sh", folder, SCRIPT],
        capture_output=True,
        text=True,
        env=command.variables({}),
        check=False,
    )
    assert done.returncode == 4, done.stderr
    assert "is gone" in done.stdout
