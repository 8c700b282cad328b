"""`hardenme show FILE`: a stored report in any format, whatever is at the other end."""

from __future__ import annotations

import io
import json
import os
import shlex
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from hardenme.cli.main import run
from hardenme.cli.terminal.console import Console
from hardenme.model.report import Report
from hardenme.reports import FORMATS, render
from tests.cli.command import Command
from tests.cli.conftest import Accounts
from tests.reports.rich_sample import rich
from tests.reports.sample import hostile, large

pytestmark = pytest.mark.second_tier("reports of whole runs", one_of=3)

RICH = render(rich(), "json")


@pytest.fixture
def report(command: Command) -> Path:
    path = command.folder / "report.json"
    path.write_text(RICH)
    return path


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own, for runs in this process."""
    for name in ("HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report that fills every buffer."""
    path = tmp_path_factory.mktemp("big") / "report.json"
    path.write_text(render(large(50), "json"))
    return path


def read_from(file: Path) -> Report:
    """The report, with the file that commands about it name."""
    return replace(rich(), file=shlex.quote(str(file)))


@pytest.mark.parametrize("form", list(FORMATS))
def test_it_prints_what_the_run_would_have_printed(
    command: Command, report: Path, form: str
) -> None:
    ran = command("show", str(report), "-f", form)
    assert ran.code == 0
    assert ran.out
    if form in {"table", "markdown", "json", "mermaid", "commands"}:
        assert ran.out == render(read_from(report), form, width=100)


def test_standard_input_will_do(command: Command) -> None:
    ran = command("show", "-", "-f", "json", "-q", text=RICH)
    assert (ran.code, ran.out, ran.err) == (0, RICH, "")


def test_it_asks_nobody_and_leaves_nothing(command: Command, report: Path) -> None:
    before = set(command.home.rglob("*"))
    assert command("show", str(report), http_proxy="http://127.0.0.1:9").code == 0
    assert set(command.home.rglob("*")) == before
    assert [path.name for path in command.folder.iterdir()] == ["report.json"]


def test_a_failed_finding_does_not_change_the_exit_code(command: Command, report: Path) -> None:
    assert json.loads(RICH)["counts"]["failed"] > 0
    assert command("show", str(report), "-q").code == 0


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("absent.json", "No such file or directory"),
        (".", "Is a directory"),
        ("/dev/null", "it is empty"),
        ("/dev/zero", "it is not a JSON object"),
        ("half.json", "not written to its end"),
        ("other.json", "no `schema_version`"),
        ("later.json", "it is of version 2.0"),
        ("early.json", "`halted` is missing"),
        ("text.txt", "it is not a JSON object"),
        ("bytes.bin", "it is not text"),
        ("nul\0byte", "no file has such a name"),
    ],
)
def test_what_is_no_report_is_told_in_one_line(home: Path, name: str, why: str) -> None:
    (home / "half.json").write_text(RICH[: len(RICH) // 2])
    (home / "other.json").write_text('{"a": 1}')
    (home / "later.json").write_text('{"schema_version": "2.0"}')
    whole = {name: part for name, part in json.loads(RICH).items() if name != "halted"}
    (home / "early.json").write_text(json.dumps(whole))
    (home / "text.txt").write_text("hello")
    (home / "bytes.bin").write_bytes(b"{\xff\xfe}")
    target = home / "out.md"
    console = Console(io.StringIO(), io.StringIO(), {})
    assert run(["show", name, "-f", "markdown", "-o", str(target)], console) == 2
    assert console.out.getvalue() == ""  # type: ignore[attr-defined]
    told = console.err.getvalue()  # type: ignore[attr-defined]
    assert why in told
    assert told.count("\n") == 1
    assert not target.exists()


def test_an_unknown_format_is_refused_with_the_list(command: Command, report: Path) -> None:
    ran = command("show", str(report), "-f", "xml")
    assert ran.code == 2
    assert "--format takes one of: screen, table, markdown" in ran.err
    assert "did you mean" not in ran.err
    assert "not 'htlm'; did you mean html?" in command("show", str(report), "-f", "htlm").err


@pytest.mark.parametrize("name", ["check", "demo", "show"])
def test_help_names_every_format(command: Command, name: str) -> None:
    told = " ".join(command(name, "--help").out.split())
    start = told.index("--format FORMAT")
    listed = told[start : start + 400]
    assert [form for form in FORMATS if form not in listed] == []


def test_it_may_be_written_over_itself(command: Command, report: Path) -> None:
    assert command("show", str(report), "-f", "json", "-o", str(report)).code == 0
    assert report.read_text() == RICH
    assert stat.S_IMODE(report.stat().st_mode) == 0o600


class TestPlaces:
    """What may be at the other end of `-o`, for formats of a piece, of many, and of many files."""

    @pytest.fixture(params=["table", "json", "html", "sarif"])
    def form(self, request: pytest.FixtureRequest) -> str:
        name: str = request.param
        return name

    @pytest.fixture
    def to(self, home: Path, big: Path, form: str) -> tuple[Path, list[str]]:
        return home, ["show", str(big), "-f", form]

    @pytest.mark.sampled(2)
    def test_a_full_disk_is_told(self, to: tuple[Path, list[str]]) -> None:
        _, words = to
        # A short text is found out where it is flushed, a long one in its middle.
        with Path("/dev/full").open("w", encoding="utf-8") as full:
            console = Console(full, io.StringIO(), {})
            assert run(words, console) == 2
        told = console.err.getvalue()  # type: ignore[attr-defined]
        assert "standard output cannot be written: No space left on device" in told
        assert "Traceback" not in told

    @pytest.mark.sampled(2)
    def test_a_reader_that_goes_away_is_no_error(self, to: tuple[Path, list[str]]) -> None:
        _, words = to
        reads, writes = os.pipe()
        os.close(reads)
        with os.fdopen(writes, "w", encoding="utf-8") as gone:
            console = Console(gone, io.StringIO(), {})
            assert run([*words, "-q"], console) == 0
        told = console.err.getvalue()  # type: ignore[attr-defined]
        assert "Traceback" not in told
        assert "Broken pipe" not in told

    def test_only_a_regular_file_is_written(self, to: tuple[Path, list[str]]) -> None:
        home, words = to
        os.mkfifo(home / "pipe")
        for place in (home, home / "pipe", Path("/dev/full"), home / "absent" / "x"):
            console = Console(io.StringIO(), io.StringIO(), {})
            assert run([*words, "-o", str(place)], console) == 2
            assert str(place) in console.err.getvalue()  # type: ignore[attr-defined]
            assert console.out.getvalue() == ""  # type: ignore[attr-defined]
        assert {path.name for path in home.iterdir()} <= {"pipe", "home"}

    @pytest.mark.sampled(2)
    def test_a_link_is_replaced_and_not_followed(self, to: tuple[Path, list[str]]) -> None:
        home, words = to
        (home / "victim").write_text("untouched")
        (home / "link").symlink_to(home / "victim")
        console = Console(io.StringIO(), io.StringIO(), {})
        assert run([*words, "-o", str(home / "link")], console) == 0
        assert (home / "victim").read_text() == "untouched"
        assert not (home / "link").is_symlink()
        assert stat.S_IMODE((home / "link").stat().st_mode) == 0o600


@pytest.mark.sampled(3)
@pytest.mark.parametrize("form", list(FORMATS))
def test_an_ascii_terminal_without_anything_is_enough(home: Path, form: str) -> None:
    path = home / "report.json"
    path.write_text(render(hostile(), "json"))
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii", newline="")
    environ = {"TERM": "dumb", "NO_COLOR": "1", "COLUMNS": "0"}
    assert run(["show", str(path), "-f", form], Console(stream, io.StringIO(), environ)) == 0
    stream.flush()
    assert stream.buffer.getvalue().isascii()  # type: ignore[attr-defined]
    assert b"\x1b" not in stream.buffer.getvalue()  # type: ignore[attr-defined]


class TestMarkdown:
    """A report that is written into a file that holds more."""

    MINE = "# Mine\n\n<!-- hardenme:begin -->\n<!-- hardenme:end -->\n\nmore of mine\n"

    def test_it_is_replaced_in_place(self, command: Command, report: Path) -> None:
        todo = command.folder / "todo.md"
        todo.write_text(self.MINE)
        words = ("show", str(report), "-f", "markdown", "-o", str(todo))
        assert command(*words).told[1:] == [f"hardenme: the report is in {todo}"]
        first = todo.read_text()
        assert first == f"# Mine\n\n{render(read_from(report), 'markdown')}\nmore of mine\n"
        todo.write_text(first.replace("- [ ]", "- [x]", 1))
        (_, told, _) = command(*words).told
        assert told.startswith(f"hardenme: 1 ticked box was cleared in {todo}: ")
        assert todo.read_text() == first

    def test_unclear_marks_are_found_before_the_work(self, command: Command, report: Path) -> None:
        todo = command.folder / "todo.md"
        todo.write_text("<!-- hardenme:begin -->\n")
        ran = command("show", str(report), "-f", "markdown", "-o", str(todo))
        assert ran.code == 2
        (told,) = ran.told
        assert told.startswith(f"hardenme: {todo} is left as it is: ")
        assert todo.read_text() == "<!-- hardenme:begin -->\n"

    def test_a_file_without_marks_is_the_report(self, command: Command, report: Path) -> None:
        todo = command.folder / "todo.md"
        todo.write_bytes(b"before \xff")
        assert command("show", str(report), "-f", "markdown", "-o", str(todo)).code == 0
        assert todo.read_text() == render(read_from(report), "markdown")

    def test_other_formats_know_no_marks(self, command: Command, report: Path) -> None:
        todo = command.folder / "todo.txt"
        todo.write_text(self.MINE)
        assert command("show", str(report), "-o", str(todo)).code == 0
        assert "Mine" not in todo.read_text()


class TestRedacted:
    """A report to share."""

    def test_a_run_and_its_stored_report_are_redacted_the_same(self, weak: Accounts) -> None:
        words = ("--select", "GHA101,NPA101")
        stored = weak.check(*words, "-f", "json").out
        found = json.loads(weak.check(*words, "-f", "json", "--redact").out)
        (key,) = weak.command.home.rglob("pseudonyms.key")
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
        again = json.loads(weak.command("show", "-", "--redact", "-f", "json", text=stored).out)
        assert found["findings"]
        for name in ("findings", "checks", "counts", "targets", "redacted"):
            assert again[name] == found[name], name
        assert "mallow" in stored
        assert "mallow" not in json.dumps(found)

    def test_without_a_place_for_the_key_nothing_is_shared(
        self, command: Command, report: Path
    ) -> None:
        state = command.folder / "state"
        state.write_text("in the way")
        ran = command("show", str(report), "--redact", XDG_STATE_HOME=str(state))
        assert ran.code == 2
        assert ran.out == ""
        assert "the key of pseudonyms" in ran.err
