from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardenme.credentials import gh as module
from hardenme.credentials.chain import TokenChain
from hardenme.credentials.gh import Gh
from hardenme.ground.errors import CredentialError
from hardenme.ground.programs import find
from tests.moment import MOVER
from tests.posix import AS_ROOT

API = "https://api.github.com"
TOKEN = "gho_CANARYkeptbygh00000000000000000000000"
OTHERS = {
    name: f"ghp_CANARY{number}".ljust(40, "0")
    for number, name in enumerate(
        ("GH_TOKEN", "GITHUB_TOKEN", "HARDENME_GITHUB_TOKEN", "GH_ENTERPRISE_TOKEN", "MY_SECRET")
    )
} | {"NPM_TOKEN": "npm_CANARY000000000000", "LD_PRELOAD": "", "GH_HOST": "evil.example.test"}
pytestmark = pytest.mark.skipif(os.name != "posix", reason="the program is a script for sh")


@pytest.fixture
def bin_(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "bin"
    path.mkdir(mode=0o755)
    yield path
    path.chmod(0o755)


def install(folder: Path, body: str = f"echo {TOKEN}", name: str = "gh") -> Path:
    program = folder / name
    program.write_text(f"#!/bin/sh\n{body}\n")
    program.chmod(0o755)
    return program


def gh(path: Path | str, said: list[str] | None = None, seconds: float = 5.0, **more: str) -> Gh:
    lines: list[str] = [] if said is None else said
    return Gh({"PATH": str(path), **more}, lines.append, seconds)


def test_its_token_is_the_last_resort(bin_: Path) -> None:
    program, said = install(bin_), list[str]()
    chain = TokenChain({}, None, gh=gh(bin_, said))
    found = chain.github(API)
    assert found is not None
    assert (found.secret.reveal(), found.source) == (TOKEN, f"gh ({program})")
    assert said == [f"running {program} auth token --hostname github.com"]
    assert chain.npm(API) is None
    chain.environ = {"GITHUB_TOKEN": OTHERS["GITHUB_TOKEN"]}
    found = chain.github(API)
    assert found is not None
    assert found.source == "GITHUB_TOKEN"
    assert len(said) == 1


def test_nobody_runs_it_unasked(bin_: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(bin_, f"touch {bin_}/ran")
    monkeypatch.setenv("PATH", str(bin_))
    assert TokenChain({"PATH": str(bin_)}, None).github(API) is None
    assert not (bin_ / "ran").exists()


def test_fault_08_it_gets_a_scrubbed_environment_and_no_token(bin_: Path) -> None:
    install(
        bin_,
        f'env >{bin_}/environ; printf \'%s\\n\' "$0" "$@" >{bin_}/arguments; pwd >{bin_}/folder\n'
        f"if read -r line; then echo input >>{bin_}/folder; fi; echo {TOKEN}",
    )
    kept = {"HOME": "/home/mallow", "DBUS_SESSION_BUS_ADDRESS": "unix:path=/x", "LANG": "C"}
    assert gh(bin_, **OTHERS, **kept).token(API).secret.reveal() == TOKEN
    environ = dict(
        line.split("=", 1) for line in (bin_ / "environ").read_text().splitlines() if "=" in line
    )
    assert "CANARY" not in str(environ)
    shell = {"PWD", "OLDPWD", "SHLVL", "_"}
    assert environ.keys() - shell - MOVER == {*kept, "PATH", *module.FIXED}
    assert environ["PATH"] == "/usr/bin:/bin"
    assert (bin_ / "arguments").read_text().splitlines()[1:] == [
        *("auth", "token", "--hostname", "github.com")
    ]
    assert (bin_ / "folder").read_text() == "/\n"


@pytest.mark.parametrize("entry", ["", ".", "bin", "./bin", "../here/bin"])
def test_fault_34_the_working_directory_is_never_searched(
    bin_: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, entry: str
) -> None:
    here = tmp_path / "here"
    (here / "bin").mkdir(parents=True)
    for folder in (here, here / "bin"):
        install(folder, f"touch {tmp_path}/ran; echo {TOKEN}")
    monkeypatch.chdir(here)
    for path in (entry, f"{entry}{os.pathsep}", f"{os.pathsep}{entry}", "~/bin"):
        assert find("gh", path) is None
        with pytest.raises(CredentialError, match="no folder of PATH has a gh"):
            gh(path).token(API)
    assert not (tmp_path / "ran").exists()
    real = install(bin_)
    assert find("gh", f"{entry}{os.pathsep}{bin_}") == real


@pytest.mark.parametrize("mode", [0o775, 0o757, 0o777])
@pytest.mark.parametrize("what", ["program", "folder", "above"])
def test_fault_34_what_others_can_write_is_not_run(bin_: Path, what: str, mode: int) -> None:
    deeper = bin_ / "deeper"
    deeper.mkdir()
    program = install(deeper, f"touch {bin_}/ran; echo {TOKEN}")
    {"program": program, "folder": deeper, "above": bin_}[what].chmod(mode)
    said: list[str] = []
    with pytest.raises(CredentialError, match="others can write to"):
        gh(deeper, said).token(API)
    assert said == []
    assert not (bin_ / "ran").exists()


def test_fault_34_a_link_is_judged_by_where_it_leads(bin_: Path, tmp_path: Path) -> None:
    far = tmp_path / "far"
    far.mkdir()
    program = install(far, f"basename $0; echo {TOKEN} >/dev/null", "gh-2.97")
    (bin_ / "gh").symlink_to(program)
    said: list[str] = []
    gh(bin_, said).token(API)
    assert said == [f"running {program} auth token --hostname github.com"]
    far.chmod(0o777)
    with pytest.raises(CredentialError, match="others can write to"):
        gh(bin_).token(API)


def test_a_sticky_folder_above_is_no_danger(bin_: Path) -> None:
    deeper = bin_ / "deeper"
    deeper.mkdir()
    install(deeper)
    bin_.chmod(0o1777)
    assert gh(deeper).token(API).secret.reveal() == TOKEN
    install(bin_)
    with pytest.raises(CredentialError, match="others can write to"):
        gh(bin_).token(API)


@AS_ROOT
def test_fault_34_what_belongs_to_somebody_else_is_not_run(bin_: Path) -> None:
    program = install(bin_, f"touch {bin_}/ran; echo {TOKEN}")
    for path in (program, bin_):
        os.chown(path, 54321, 54321)
        with pytest.raises(CredentialError, match="belongs to someone else"):
            gh(bin_).token(API)
        os.chown(path, 0, 0)
    assert not (bin_ / "ran").exists()


def test_what_is_no_program_is_passed_over(bin_: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    (other / "gh").mkdir(parents=True)
    plain = tmp_path / "plain"
    plain.mkdir()
    install(plain).chmod(stat.S_IRUSR)
    program = install(bin_)
    assert find("gh", os.pathsep.join(map(str, (other, plain, "/nonexistent", bin_)))) == program


@pytest.mark.parametrize(
    ("api", "host"),
    [
        (API, "github.com"),
        ("https://api.acme.ghe.com", "acme.ghe.com"),
        ("https://github.example.test/api/v3", "github.example.test"),
    ],
)
def test_fault_14_it_is_asked_for_exactly_the_host(bin_: Path, api: str, host: str) -> None:
    install(bin_, f'[ "$4" = {host} ] && echo {TOKEN}')
    assert gh(bin_).token(api).secret.reveal() == TOKEN


@pytest.mark.parametrize(
    "api",
    [
        "http://127.0.0.1:8080",
        "https://github.example.test:8443/api/v3",
        "https://github.example.test/other",
        "https://github.com",
    ],
)
def test_fault_14_it_is_not_asked_for_what_it_cannot_tell_apart(bin_: Path, api: str) -> None:
    install(bin_, f"touch {bin_}/ran; echo {TOKEN}")
    with pytest.raises(CredentialError, match="by host alone"):
        gh(bin_).token(api)
    assert not (bin_ / "ran").exists()


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("exit 1", "gh has no token for github.com"),
        (f"echo {TOKEN}; exit 1", "gh has no token"),
        ("true", "gh has no token"),
        ("echo no oauth token", "blanks"),
        ("echo npm_CANARY0000000000000000", "holds an npm token"),
        ("echo ghr_CANARY0000000000000000", "refresh token"),
        ("printf '\\377\\376'", "no token"),
        ("head -c 5000 /dev/zero", "more than a token"),
    ],
)
def test_an_answer_that_is_no_token_is_told(bin_: Path, body: str, words: str) -> None:
    install(bin_, body)
    with pytest.raises(CredentialError, match=words) as caught:
        gh(bin_).token(API)
    assert "CANARY" not in str(caught.value)


@pytest.mark.second_tier("waits for a timeout, and measures it")
@pytest.mark.parametrize(
    "body", ["exec sleep 30", "sleep 2 &", f"echo {TOKEN}; exec sleep 30 >&-", "exec yes"]
)
def test_it_is_given_up_after_its_time(bin_: Path, body: str) -> None:
    install(bin_, body)
    begun = time.monotonic()
    with pytest.raises(CredentialError, match=r"did not answer|more than a token"):
        gh(bin_, seconds=0.3).token(API)
    assert time.monotonic() - begun < 5


def test_what_cannot_be_started_is_told(bin_: Path) -> None:
    program = bin_ / "gh"
    program.write_text("#!/nonexistent/sh\n")
    program.chmod(0o755)
    with pytest.raises(CredentialError, match="could not be started"):
        gh(bin_).token(API)
