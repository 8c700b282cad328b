"""A working directory full of settings, each of which would lead a token elsewhere."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from hardenme.facts.npm.site import REGISTRY
from tests.cli.command import Command, Ran
from tests.cli.conftest import Accounts
from tests.cli.terminal.watched import watched
from tests.collectors.raw_server import RawServer, says

pytestmark = pytest.mark.sampled(10)

GITHUB = "ghp_CANARY000000000000000000000000000000"
NPM = "npm_CANARYnotarealtoken0000000000000000"
THEIRS = "npm_plantedByTheFolder00000000000000000"
SETTINGS = """\
api-base = "{evil}"
github-url = "{evil}"
github_url = "{evil}"
npm-registry = "{evil}"
registry = "{evil}"
ca-file = "planted.pem"
insecure = true
proxy = "{evil}"
https-proxy = "{evil}"
token-command = "./pwn.sh"
token-file = ["github:planted-token"]
output = "planted-report"
plugins = ["planted"]
notify = "{evil}"
include = "planted/more.toml"
extends = "planted/more.toml"
userconfig = "planted/more.toml"
"""
NPMRC = (
    "registry={evil}\n//{host}/:_authToken={theirs}\nproxy={evil}\nhttps-proxy={evil}\ncafile=x\n"
)
ENV = """\
HARDENME_GITHUB_URL={evil}
HARDENME_API_BASE={evil}
GH_HOST={host}
GITHUB_TOKEN={theirs}
HTTPS_PROXY={evil}
"""
FILES = {
    "hardenme.toml": SETTINGS,
    ".github/hardenme.toml": SETTINGS,
    "planted/more.toml": SETTINGS,
    ".hardenme.toml": SETTINGS,
    ".hardenme/config.toml": SETTINGS,
    "config.toml": SETTINGS,
    ".config/hardenme/config.toml": SETTINGS,
    "hardenme/config.toml": SETTINGS,
    ".npmrc": NPMRC,
    "npmrc": NPMRC,
    ".env": ENV,
    ".envrc": ENV,
    ".netrc": "machine 127.0.0.1 login a password {theirs}\ndefault login a password {theirs}\n",
    "hosts.yml": "{host}:\n  oauth_token: {theirs}\n",
    ".config/gh/hosts.yml": "{host}:\n  oauth_token: {theirs}\n",
    "gh/config.yml": "http_unix_socket: planted\n",
    "planted-token": "{theirs}\n",
    "planted.pem": "",
}
"""What lies in the folder, by name."""


@pytest.fixture
def evil() -> Iterator[RawServer]:
    """Whoever connects to it is found out."""
    with RawServer(says(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")) as server:
        yield server


@pytest.fixture
def hook(tmp_path: Path) -> Path:
    folder = tmp_path / "hook"
    folder.mkdir()
    return folder


def plant(command: Command, evil: RawServer, *without: str) -> set[Path]:
    """Put everything into the working directory, which is a git repository."""
    (command.folder / ".git").mkdir(exist_ok=True)
    words = {"evil": evil.url, "host": urlsplit(evil.url).netloc, "theirs": THEIRS}
    texts = {name: text.format_map(words) for name, text in FILES.items() if name not in without}
    inner = "".join(f"{line}\n" for line in SETTINGS.format_map(words).splitlines())
    texts["pyproject.toml"] = f"[tool.hardenme]\n{inner}"
    for name, text in texts.items():
        path = command.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return {command.folder / name for name in texts}


ROW = re.compile(r"  (?P<label>\S(?:[^:]|:(?! ))*):  +(?P<text>\S.*)")


def rows(ran: Ran, name: str) -> list[str]:
    """The texts of doctor's rows of this name, each on one line."""
    found: list[str] = []
    taken = False
    for line in ran.out.splitlines():
        row = ROW.fullmatch(line)
        if row is not None:
            taken = row["label"] == name
            found += [row["text"]] if taken else []
        elif taken and line.startswith("    "):
            found[-1] += f" {line.strip()}"
    return found


@pytest.mark.second_tier("a whole run that is traced")
def test_a_run_opens_of_what_lies_in_the_folder_its_settings_alone(
    weak: Accounts, evil: RawServer, hook: Path
) -> None:
    planted = plant(weak.command, evil)
    settings = {
        weak.command.folder / name
        for name in ("hardenme.toml", ".github/hardenme.toml", "pyproject.toml")
    }
    arguments = ("--no-local", "--no-cache", *weak.urls, "--select", "GHA101,NPA101")
    run = watched(weak.command, hook, "check", *arguments, **weak.tokens)
    assert run.ran.code == 2
    assert run.opened() & planted <= settings
    assert not weak.asked, "it stops before anybody is asked"
    run = watched(weak.command, hook, "check", "--no-config", *arguments, **weak.tokens)
    assert run.ran.code == 1
    assert not run.opened() & planted
    assert not run.started()
    assert evil.heads == []
    assert weak.github.requests
    assert weak.npm.requests
    sent = {request.headers.get("authorization") for request in weak.npm.requests}
    assert sent == {f"Bearer {weak.npm_token}"}
    doctor = watched(weak.command, hook, "doctor", "--offline", **weak.tokens)
    assert doctor.opened() & planted == settings, "doctor shows what a run would stop at"


@pytest.mark.parametrize("name", ["hardenme.toml", ".github/hardenme.toml", "pyproject.toml"])
def test_doctor_shows_what_a_folder_asks_for_and_follows_none_of_it(
    weak: Accounts, evil: RawServer, name: str
) -> None:
    plant(weak.command, evil)
    for other in ("hardenme.toml", ".github/hardenme.toml", "pyproject.toml"):
        if other != name:
            (weak.command.folder / other).unlink()
    ran = weak.command("doctor", *weak.urls, **weak.tokens)
    assert ran.code == 0
    assert evil.heads == []
    assert urlsplit(evil.url).netloc not in ran.out
    assert THEIRS not in ran.out
    assert rows(ran, "of the working directory") == [str(weak.command.folder / name)]
    assert rows(ran, "may set") == ["nothing"]
    refused = rows(ran, "refused")
    assert {line.partition(" ")[0] for line in refused} == {
        line.partition(" ")[0] for line in SETTINGS.splitlines()
    }
    assert "github-url is refused: a file in the working directory never decides who is asked" in (
        " ".join(refused)
    )


def test_everything_in_the_folder_together_leads_nowhere(weak: Accounts, evil: RawServer) -> None:
    plant(weak.command, evil)
    ran = weak.command("check", "--no-cache", *weak.urls, **weak.tokens)
    assert ran.code == 2
    assert not weak.asked
    assert (
        "hardenme.toml:2: github-url is refused: a file in the working directory never" in ran.err
    )
    assert "--no-config leaves all files out" in ran.err
    ran = weak.command("check", "--no-config", "--no-cache", *weak.urls, **weak.tokens)
    assert ran.code == 1
    assert evil.heads == []
    tokens = {f"token {weak.github_token}", f"Bearer {weak.npm_token}", None}
    for server in (weak.github, weak.npm):
        assert server.requests
        assert {request.headers.get("authorization") for request in server.requests} <= tokens


def test_a_file_leads_to_no_other(command: Command, evil: RawServer, hook: Path) -> None:
    own = command.home / ".config" / "hardenme" / "config.toml"
    own.parent.mkdir(parents=True)
    lead = 'include = "{0}"\nextends = ["{0}"]\nuserconfig = "{0}"\nconfig = "{0}"\n'
    for path in (own, command.folder / "hardenme.toml"):
        path.write_text(lead.format(command.folder / "next.toml"))
    (command.folder / "next.toml").write_text(f'github-url = "{evil.url}"\nselect = ["GHA"]\n')
    run = watched(command, hook, "doctor", "--offline")
    assert run.opened() >= {own, command.folder / "hardenme.toml"}
    assert command.folder / "next.toml" not in run.opened()
    assert rows(run.ran, "may set") == ["nothing", "nothing"]
    assert len(rows(run.ran, "refused")) == 8
    assert all("names no other" in line for line in rows(run.ran, "refused"))


@pytest.mark.parametrize("own", [False, True])
def test_a_variable_in_a_file_stands_for_itself(
    weak: Accounts, evil: RawServer, *, own: bool
) -> None:
    path = weak.command.folder / "hardenme.toml"
    if own:
        path = weak.command.home / ".config" / "hardenme" / "config.toml"
        path.parent.mkdir(parents=True)
    names = ("${HARDENME_NPM_TOKEN}", "$HARDENME_GITHUB_TOKEN", "%HARDENME_NPM_TOKEN%")
    path.write_text(
        "".join(
            f'"{key}" = "{evil.url}/{"/".join(names)}"\n'
            for key in ("github-url", "npm-registry", "profile", names[0])
        )
        + f'select = ["{names[0]}"]\n'
        + f'[[waivers]]\ncheck = "GHA101"\nsubject = "github:user/{names[0]}"\n'
        + f'reason = "{names[1]}"\nuntil = 2027-01-31\n'
    )
    ran = weak.command("doctor", *weak.urls, **weak.tokens)
    assert ran.code == 0
    assert names[0] in ran.out, "it is shown as it stands"
    stopped = weak.check("--select", "GHA101")
    assert stopped.code == 2
    assert evil.heads == []
    asked = " ".join(request.path for request in (*weak.github.requests, *weak.npm.requests))
    assert "HARDENME" not in asked


REFUSED = 'ignore = ["GH", "NP", "ALL"]\nallow-unknown = ["NOT_PERMITTED"]\n'
UNTIL = (datetime.now(UTC) + timedelta(days=300)).date()
WAIVERS = f"""\
select = ["NPA101"]
fail-on = "critical"
profile = "solo"
since = 1
[severities]
GHA101 = "info"
[[waivers]]
check = "GHA101"
subject = "github:user/mallow"
reason = "nothing to see here"
by = "somebody"
until = {UNTIL}
"""
HIDING = {
    "hardenme.toml": WAIVERS,
    ".github/hardenme.toml": WAIVERS,
    ".hardenmeignore": "*\n",
    ".hardenme-waivers.toml": WAIVERS,
    "waivers.toml": WAIVERS,
    "hardenme-baseline.json": '{"findings": []}',
    ".zizmor.yml": "rules: {}\n",
}


def checked(accounts: Accounts) -> tuple[int, list[Any], Any]:
    ran = accounts.check("--format", "json", "--select", "GHA,NPA,GHW")
    report = json.loads(ran.out)
    keys = ("code", "subject", "outcome", "severity", "message", "waiver")
    findings = [tuple(item.get(key) for key in keys) for item in report["findings"]]
    assert len(findings) > 20
    return ran.code, sorted(findings, key=str), report["counts"]


def test_what_a_folder_accepts_hides_no_finding(weak: Accounts) -> None:
    before = checked(weak)
    own = weak.command.folder / "hardenme.toml"
    own.write_text(REFUSED + WAIVERS)
    stopped = weak.check("--select", "GHA,NPA,GHW")
    assert stopped.code == 2
    assert "hardenme.toml:1: ignore is refused" in stopped.err
    assert "hardenme.toml:2: allow-unknown is refused" in stopped.err
    for name, text in HIDING.items():
        path = weak.command.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (weak.command.folder / "pyproject.toml").write_text(
        WAIVERS.replace("[severities]", "[tool.hardenme.severities]")
        .replace("[[waivers]]", "[[tool.hardenme.waivers]]")
        .replace("select", "[tool.hardenme]\nselect", 1)
    )
    assert checked(weak) == before
    assert before[0] == 1
    ran = weak.command("doctor", "--offline", **weak.tokens)
    (proposed,) = rows(ran, "proposes to waive")
    assert proposed == (
        f"GHA101 of github:user/mallow until {UNTIL}: nothing to see here (shown, not applied)"
    )
    assert not rows(ran, "waives")
    assert not rows(ran, "refused")


@pytest.mark.parametrize(
    ("how", "told"),
    [
        ("mode", "others can write it; run: chmod go-w on it"),
        ("link", "it is a link to elsewhere"),
        ("folder", "others can write its folder; run: chmod go-w on that"),
    ],
)
@pytest.mark.skipif(not hasattr(os, "getuid"), reason="rights are not nine bits here")
def test_a_file_that_others_can_write_says_nothing_of_security(
    weak: Accounts, evil: RawServer, how: str, told: str
) -> None:
    own = weak.command.home / ".config" / "hardenme" / "config.toml"
    own.parent.mkdir(parents=True)
    own.parent.chmod(0o755)
    own.write_text(f'github-url = "{evil.url}"\nca-file = "/x.pem"\nselect = ["GHA"]\n')
    own.chmod(0o644)
    ran = weak.command("doctor", *weak.urls, **weak.tokens)
    assert rows(ran, "may set") == ["github-url, ca-file, select"]
    if how == "mode":
        own.chmod(0o666)
    elif how == "folder":
        own.parent.chmod(0o777)
    else:
        shutil.move(own, own.with_name("real.toml"))
        own.symlink_to(own.with_name("real.toml"))
    ran = weak.command("doctor", *weak.urls, **weak.tokens)
    assert ran.code == 0
    assert rows(ran, "trusted less") == [f"{told}; until then, refused: github-url, ca-file"]
    assert rows(ran, "may set") == ["select"]
    assert rows(ran, "refused") == []
    assert evil.heads == []


@pytest.mark.parametrize("kind", ["pipe", "folder", "loop", "device"])
def test_what_is_no_file_neither_hangs_nor_crashes(command: Command, kind: str) -> None:
    own = command.home / ".config" / "hardenme" / "config.toml"
    own.parent.mkdir(parents=True)
    for path in (own, command.folder / "hardenme.toml"):
        if kind == "pipe":
            os.mkfifo(path)
        elif kind == "folder":
            path.mkdir()
        else:
            path.symlink_to(path if kind == "loop" else "/dev/zero")
    ran = command("doctor", "--offline")
    assert ran.code == 4
    assert len(rows(ran, "not read")) == 2
    assert not ran.err


MOVING = (
    *("HARDENME_API_BASE", "HARDENME_GITHUB_URL", "HARDENME_NPM_REGISTRY", "HARDENME_REGISTRY"),
    *("HARDENME_GITHUB_API", "HARDENME_HOST", "HARDENME_CONFIG", "HARDENME_CA_FILE"),
    *("GITHUB_API_URL", "GITHUB_SERVER_URL", "GITHUB_GRAPHQL_URL", "GITHUB_URL", "GITHUB_HOST"),
    *("NPM_CONFIG_REGISTRY", "npm_config_registry", "NPM_REGISTRY", "NPM_REGISTRY_URL"),
    *("NPM_CONFIG_PROXY", "npm_config_https_proxy", "HTTP_PROXY", "http_proxy"),
    *("GH_API_URL", "GH_BASE_URL"),
)
"""Variables that lead other tools, or that somebody might expect to lead this one."""


@pytest.mark.parametrize("provider", ["github", "npm"])
def test_no_variable_and_no_file_moves_an_address(
    command: Command, evil: RawServer, provider: str
) -> None:
    host, select, token = {
        "github": ("api.github.com", "GHA101", {"HARDENME_GITHUB_TOKEN": GITHUB}),
        "npm": (urlsplit(REGISTRY).hostname, "NPA101", {"HARDENME_NPM_TOKEN": NPM}),
    }[provider]
    plant(command, evil)
    (command.home / ".npmrc").write_text(f"registry={evil.url}\n@acme:registry={evil.url}\n")
    (command.home / ".npmrc").chmod(0o600)
    own = command.home / ".config" / "gh" / "hosts.yml"
    own.parent.mkdir(parents=True)
    own.write_text(f"{urlsplit(evil.url).netloc}:\n  user: mallow\n")
    environ = dict.fromkeys(MOVING, evil.url) | {"GH_HOST": urlsplit(evil.url).netloc}
    with RawServer(says(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")) as proxy:
        through = proxy.url.replace("//", "//user:CANARYproxy@")
        environ |= {"HTTPS_PROXY": through, "NO_PROXY": "", **token}
        arguments = ("--no-config", "--no-local", "--no-cache", "--select", select)
        ran = command("--debug", "check", *arguments, **environ)
        heads = [head.decode() for head in proxy.heads]
    assert ran.code in {3, 4}
    assert {tuple(head.split()[:2]) for head in heads} == {("CONNECT", f"{host}:443")}
    assert not [value for value in token.values() for head in heads if value in head]
    assert "HARDENME_API_BASE is not used: hardenme has no such variable" in ran.err
    assert evil.heads == []
    doctor = command("doctor", "--offline", **environ)
    for moving in MOVING:
        (said,) = rows(doctor, moving)
        assert said.startswith(("ignored: ", "not used", "not followed")), moving
    assert urlsplit(evil.url).netloc not in doctor.out
