"""The canary sweep finds what it is there to find: each form, in each channel."""

from __future__ import annotations

import base64
import io
import os
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from hardenme.cli.terminal.console import Console
from hardenme.sandbox.github.server import github_sandbox
from hardenme.sandbox.http import LoopbackServer, Reply
from tests.canaries import CHANNELS, SWEEP, Listener, Sweep, astray, left_behind, state
from tests.canary_forms import seen
from tests.collectors.raw_server import RawServer, says
from tests.collectors.reader import session
from tests.moment import NOW
from tests.worlds import github as scenarios

TOKEN = "ghp_CANARYofthesweep00000000000000000000"
PREFIXLESS = "0123CANARY4567"
ROOT = Path(__file__).parents[1]

DISGUISES: dict[str, Callable[[str], str]] = {
    "plain": str,
    "base64": lambda token: base64.b64encode(token.encode()).decode(),
    "base64 after one": lambda token: base64.b64encode(b"x" + token.encode() + b"y").decode(),
    "base64 after two": lambda token: base64.urlsafe_b64encode(b"xy" + token.encode()).decode(),
    "base64 in lines": lambda token: base64.encodebytes(b"x" * 50 + token.encode()).decode(),
    "hex": lambda token: token.encode().hex(),
    "upper hex": lambda token: token.encode().hex().upper(),
    "reversed": lambda token: token[::-1],
    "percent-encoded": lambda token: "".join(f"%{ord(char):02X}" for char in token),
    "percent-encoded in part": lambda token: quote(token).replace("A", "%41"),
    "escaped": lambda token: "".join(f"\\u{ord(char):04x}" for char in token),
    "for HTML": lambda token: token.replace("N", "&#78;"),
    "split by a line": lambda token: token.replace("CANA", "CA\n    NA"),
    "split by a colour": lambda token: token.replace("CANA", "CA\x1b[1;31mNA"),
    "split by zero width": "\u200b".join,
    "split by an escape": "\\u200b".join,
    "split by soft hyphens": "\u00ad".join,
    "percent-encoded twice": lambda token: "".join(f"%25{ord(char):02x}" for char in token),
    "escaped twice": lambda token: "".join(f"\\\\u{ord(char):04x}" for char in token),
    "escaped in eight": lambda token: "".join(f"\\U{ord(char):08x}" for char in token),
    "percent-encoded for HTML": lambda token: "".join(f"&#37;{ord(char):02x}" for char in token),
    "hex with colons": lambda token: ":".join(f"{ord(char):02x}" for char in token),
    "quoted-printable": lambda token: "".join(f"={ord(char):02X}" for char in token),
    "base64 percent-encoded": lambda token: quote(base64.b64encode(f"?{token}".encode()), safe=""),
    "in UTF-16": "\0".join,
    "split by a reference": lambda token: token.replace("CANA", "CAN&shy;A"),
    "split by an encoded line": lambda token: token.replace("CANA", "CAN%0D%0AA"),
    "split by an escaped colour": lambda token: token.replace("CANA", "CAN\\u001b[31mA"),
    "split by a character set": lambda token: token.replace("CANA", "CAN\x1b(BA"),
    "split by a tag": lambda token: token.replace("CANA", "CAN</b><wbr>A"),
    "split by marks": lambda token: token.replace("CANA", "CAN**A"),
    "split by the lines of a table": lambda token: token.replace("CANA", "CAN |\n| A"),
    "split by quotes": lambda token: token.replace("CANA", "CAN',\n  'A"),
    "split by blanks": lambda token: token.replace("CANA", "CA  NA"),
}


@pytest.mark.parametrize("token", [TOKEN, PREFIXLESS])
@pytest.mark.parametrize("disguise", DISGUISES.values(), ids=DISGUISES)
def test_each_form_is_seen(disguise: Callable[[str], str], token: str) -> None:
    assert seen(f"before {disguise(token)} after".encode())


@pytest.mark.parametrize(
    "text",
    ["", "\n \n", "a canary sings", "CANOE ARYAN", "[redacted]", "%43\\u0041&#78;", "x" * 999],
)
def test_ordinary_text_is_not(text: str) -> None:
    assert seen(text.encode()) == ""


def test_each_channel_is_looked_through() -> None:
    """All of them at once, by the listeners that watch this very test."""
    Console(io.StringIO(), io.StringIO(), {}).print("fine")
    sections = [("Captured stdout call", TOKEN), ("Captured log call", TOKEN)]
    heads = Sweep()
    heads.said.append(TOKEN)
    heads.children.append(f"program\0--token\0{TOKEN}")
    heads.written[f"/nowhere/{TOKEN}.json"] = None
    heads.read.append(TOKEN)
    assert [line.partition(":")[0] for line in heads.end(sections)] == [
        "output",
        "log",
        "output",
        "console",
        "child",
        "file",
    ]
    assert heads.end(sections, CHANNELS) == []


@pytest.mark.canaries_may_show("file", "child", "console")
def test_what_the_product_does_is_told_from_what_a_test_does(tmp_path: Path) -> None:
    from hardenme.ground.files import PrivateFile  # noqa: PLC0415 (it is the product here)

    (tmp_path / "planted").write_text(TOKEN)
    PrivateFile(tmp_path / "report").write(f"a {TOKEN}")
    Console(io.StringIO(), io.StringIO(), {})._write(io.StringIO(), TOKEN)
    subprocess.run(["/bin/true"], env={"TOKEN": TOKEN}, check=True)
    written = set(SWEEP.written)
    assert str(tmp_path / "report") in written
    assert str(tmp_path / "planted") not in written
    assert SWEEP.said == [TOKEN]
    assert SWEEP.children == [], "the test's own child is its own affair"


def test_a_file_of_another_process_is_found_by_what_changed(tmp_path: Path) -> None:
    planted, other = tmp_path / "planted", tmp_path / "other"
    planted.write_text(TOKEN)
    other.write_text("fine")
    before = state(tmp_path)
    (tmp_path / "new").write_text(TOKEN[::-1])
    other.write_text(f"no longer {TOKEN}")
    found = left_behind(before, tmp_path)
    assert {line.rpartition("/")[2] for line in found} == {"new", "other"}
    os.utime(planted)
    assert len(list(left_behind(before, tmp_path))) == 3


def asks(url: str, token: str, header: str = "Authorization") -> None:
    request = urllib.request.Request(f"{url}/user", headers={header: f"token {token}"})  # noqa: S310 (loopback)
    with urllib.request.urlopen(request):  # noqa: S310 (as above)
        pass


def sends(url: str, said: str, way: str) -> None:
    """Send something in one part of a request."""
    path, headers = "/user", {}
    if way == "header":
        headers["X-Said"] = said
    elif way == "path":
        path = f"/{quote(said, safe='%')}"
    elif way == "query":
        path = f"/user?a={quote(said, safe='%')}"
    body = said.encode() if way == "body" else None
    request = urllib.request.Request(url + path, body, headers)  # noqa: S310 (loopback)
    with urllib.request.urlopen(request):  # noqa: S310 (as above)
        pass


@pytest.mark.canaries_may_show("request")
def test_a_token_that_reaches_two_servers_went_astray() -> None:
    with (
        LoopbackServer(lambda _: Reply(data={})) as one,
        LoopbackServer(lambda _: Reply(data={})) as other,
        RawServer(says(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")) as raw,
    ):
        asks(one.url, TOKEN)
        assert list(astray(SWEEP.listeners)) == []
        asks(raw.url, PREFIXLESS)
        asks(other.url, TOKEN, "X-Other")
        (told,) = astray(SWEEP.listeners)
        assert one.url in told
        assert other.url in told
        coded = base64.b64encode(f"user:{PREFIXLESS}".encode()).decode()
        asks(other.url, f"Basic {coded}")
        assert any(raw.url in line for line in astray(SWEEP.listeners))


SENT = {
    "as it is": str,
    "in a word": lambda token: f"x{token}",
    "in pieces": lambda token: f"{token[:7]}%20{token[7:]}",
    **{name: DISGUISES[name] for name in ("base64", "base64 after one", "base64 after two")},
    **{name: DISGUISES[name] for name in ("hex", "upper hex", "reversed", "percent-encoded")},
    **{name: DISGUISES[name] for name in ("percent-encoded twice", "escaped", "for HTML")},
    "base64 percent-encoded": DISGUISES["base64 percent-encoded"],
}


@pytest.mark.canaries_may_show("request")
@pytest.mark.parametrize("way", ["header", "path", "query", "body"])
def test_a_token_that_is_sent_in_a_disguise_is_the_same(way: str) -> None:
    with (
        LoopbackServer(lambda _: Reply(data={})) as own,
        LoopbackServer(lambda _: Reply(data={})) as evil,
    ):
        asks(own.url, TOKEN)
        for name, disguise in SENT.items():
            evil.requests.clear()
            sends(evil.url, disguise(TOKEN), way)
            told = list(astray(SWEEP.listeners))
            assert any(f"and to {evil.url}" in line for line in told), name


@pytest.mark.canaries_may_show("request")
def test_a_token_of_one_server_is_for_no_other() -> None:
    with (
        github_sandbox(scenarios.weak_maintainer(NOW)) as own,
        LoopbackServer(lambda _: Reply(data={})) as evil,
    ):
        asks(own.url, scenarios.WEAK_TOKEN)
        assert list(astray(SWEEP.listeners)) == []
        own.requests.clear()
        asks(evil.url, scenarios.WEAK_TOKEN)
        (told,) = astray(SWEEP.listeners)
        assert f"of {own.url} was sent to {evil.url}" in told


@pytest.mark.canaries_may_show("request")
def test_a_server_that_no_client_was_made_for_gets_no_token() -> None:
    with (
        LoopbackServer(lambda _: Reply(data={})) as one,
        LoopbackServer(lambda _: Reply(data={})) as other,
    ):
        session(one.url, token=TOKEN).get("/user")
        session(other.url, token=TOKEN).get("/user")
        assert list(astray(SWEEP.listeners, SWEEP.bound)) == []
        SWEEP.bound.discard(other.url)
        one.requests.clear()
        (told,) = astray(SWEEP.listeners, SWEEP.bound)
        assert f"was sent to {other.url}, for which no client was made" in told


def test_servers_that_did_not_run_at_one_time_may_share_a_token() -> None:
    for _ in range(2):
        with LoopbackServer(lambda _: Reply(data={})) as server:
            asks(server.url, TOKEN)
    assert len(SWEEP.listeners) == 2
    one, other = SWEEP.listeners
    assert not one.beside(other)
    assert Listener(server, 0).beside(one)


LEAKING = """
import io, logging, subprocess, sys
from pathlib import Path
import pytest
from hardenme.cli.terminal.console import Console
from hardenme.collectors.zizmor import Analyser
from hardenme.sandbox.http import LoopbackServer, Reply
from hardenme.ground.files import PrivateFile
from tests.test_canaries import TOKEN, asks

def test_output(): print(TOKEN)
def test_error(): print(TOKEN, file=sys.stderr)
def test_log(): logging.getLogger("any").debug("see %s", TOKEN)
def test_console(): Console(io.StringIO(), io.StringIO(), {})._write(io.StringIO(), TOKEN)
def test_file(tmp_path): PrivateFile(tmp_path / "report").write(TOKEN[::-1])
def test_child(tmp_path, monkeypatch):
    monkeypatch.setattr("hardenme.collectors.zizmor._environment", lambda _: {"T": TOKEN})
    Analyser(program=Path("/bin/true")).scan(["on: push"])
def test_taken_from_the_capture(capsys):
    print(TOKEN)
    capsys.readouterr()
def test_name_of_a_folder(tmp_path):
    from hardenme.cli.check import from_facts as facts_file
    line = "import os; os.mkdir(path)"
    exec(compile(line, facts_file.__file__, "exec"), {"path": tmp_path / TOKEN})
def test_program():
    from hardenme.cli.check import from_facts as facts_file
    line = "import os; os.waitpid(os.posix_spawn('/bin/true', ['true', word], {}), 0)"
    exec(compile(line, facts_file.__file__, "exec"), {"word": TOKEN})
def test_request():
    with LoopbackServer(lambda _: Reply()) as one, LoopbackServer(lambda _: Reply()) as two:
        asks(one.url, TOKEN)
        asks(two.url, TOKEN)
@pytest.fixture
def late():
    yield
    print(TOKEN)
def test_fixture(late): pass
@pytest.mark.canaries_may_show("output")
def test_allowed(): print(TOKEN)
def test_planted(tmp_path): (tmp_path / "planted").write_text(TOKEN)
def test_clean(): print("fine")
"""


@pytest.mark.second_tier("starts pytest")
def test_a_test_that_leaks_fails(tmp_path: Path) -> None:
    """With the real conftest, in a pytest of its own."""
    (tmp_path / "test_leaking.py").write_text(LEAKING)
    options = ("-p", "tests.conftest", "-p", "no:cacheprovider", "-n0", "-rA", "--tb=short")
    where = ("-c", ROOT / "pyproject.toml", "--rootdir", tmp_path)
    done = subprocess.run(  # noqa: S603 (our own interpreter)
        [sys.executable, "-m", "pytest", *options, *where, tmp_path],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
        check=False,
    )
    broken = {
        line.split("::")[1].split()[0] for line in done.stdout.splitlines() if line[:5] == "ERROR"
    }
    assert broken == {
        *("test_output", "test_error", "test_log", "test_console", "test_file", "test_child"),
        *("test_request", "test_fixture", "test_taken_from_the_capture"),
        *("test_name_of_a_folder", "test_program"),
    }, done.stdout + done.stderr
    assert "canary sweep" in done.stdout
    assert "a canary (reversed) in " in done.stdout
