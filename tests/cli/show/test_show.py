"""`hardenme show`: the last run, and each part of it."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from hardenme.cli.main import run
from hardenme.cli.show.selection import ShowOptions, asked_of, missing
from hardenme.cli.terminal.console import Console
from hardenme.engine.report_filter import cut
from hardenme.ground import clock
from hardenme.model.report import Identity, Report
from hardenme.reports import FORMATS, pieces, render
from hardenme.reports.fixplan.build import plan_of
from hardenme.reports.header import day
from hardenme.reports.reading import load
from hardenme.reports.screen.summary import summary_of
from hardenme.store.runs import KeptRun, Runs
from tests.cli.command import Command, Ran
from tests.cli.conftest import Accounts
from tests.printed import printed
from tests.reports.planned import failed, fix, report
from tests.reports.rich_sample import rich
from tests.reports.sample import CANARY, hostile
from tests.worlds.organizations import base

OWNER = {"HARDENME_GITHUB_TOKEN": base.WEAK_CLASSIC}
ORG = "github:bramble-labs"
STATE = Path(".local/state/hardenme")


def keep(command: Command, report: Report, *, demo: bool = False) -> KeptRun:
    return Runs(command.home / STATE, demo=demo).keep(report, pieces(report, "json"))


class Terminal(io.StringIO):
    """A terminal in memory."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


@pytest.fixture
def kept(command: Command) -> Command:
    """A command whose last run holds something of everything."""
    keep(command, rich())
    return command


@pytest.mark.sampled(3, among="show")
def test_the_last_run_is_shown_with_whose_it_is(command: Command) -> None:
    command.now = clock.now()
    keep(command, replace(rich(), targets=("npm:older",)))
    whole = replace(rich(), partial="", halted=None)
    keep(command, replace(whole, started=command.now - timedelta(hours=3, minutes=5)))
    ran = command("show", "--full")
    assert ran.code == 0
    (told,) = ran.told
    when = r"\d{4}-\d\d-\d\dT[\d:]+Z"
    assert re.fullmatch(rf"hardenme: Run of {when} \(3 hours ago\): .+, as mallow on .+", told)
    assert "npm:older" not in told
    assert re.match(r"2 targets on \S+ and npm · ", ran.out)
    keep(command, replace(rich(), started=command.now + timedelta(days=1)))
    (told,) = command("show").told
    assert "(stopped before its end)" in told
    assert "(ahead of this machine's clock)" in told


@pytest.mark.sampled(3, among="show")
@pytest.mark.parametrize("form", list(FORMATS))
def test_every_format_is_what_the_run_gave(kept: Command, form: str) -> None:
    ran = kept("show", "-f", form, "-q")
    assert ran.code == 0
    assert ran.err.count("hardenme: Run of") == 0
    if form in {"json", "mermaid", "commands"}:
        assert ran.out == render(rich(), form, width=100)


@pytest.mark.sampled(3, among="show")
@pytest.mark.parametrize("words", [("report.json",), ("-",)])
def test_a_file_or_standard_input_takes_its_place(command: Command, words: tuple[str, ...]) -> None:
    (command.folder / "report.json").write_text(render(rich(), "json"))
    ran = command("show", *words, "-f", "json", text=render(rich(), "json"))
    assert (ran.code, ran.out) == (0, render(rich(), "json"))
    part = command("show", *words, "GHB101", "-f", "json", text=render(rich(), "json"))
    assert {one["code"] for one in json.loads(part.out)["findings"]} == {"GHB101"}


def test_it_asks_nobody(kept: Command) -> None:
    assert kept("show", http_proxy="http://127.0.0.1:9", https_proxy="http://127.0.0.1:9").code == 0


def test_pseudonyms_stand_in_all_that_is_said(kept: Command) -> None:
    usual, ran = kept("show", "-f", "json"), kept("show", "--redact", "-f", "json")
    assert "mallow" in usual.err
    assert "mallow" not in ran.err + ran.out
    assert len(ran.told) == 1


class TestNoRun:
    """A run that is not there, or not whole."""

    def test_none_is_kept(self, command: Command) -> None:
        ran = command("show")
        assert (ran.code, ran.out) == (2, "")
        assert ran.told == ["hardenme: No run is kept. Run `hardenme check` first."]
        assert command("show", "--demo").told == [
            "hardenme: No run of the demo is kept. Run `hardenme demo` first."
        ]

    @pytest.mark.parametrize(
        ("text", "why"),
        [
            (None, "No run is kept. Run `hardenme check` first."),
            ("", "it is empty. Run `hardenme check` again."),
            (render(rich(), "json")[:5000], "not written to its end. Run `hardenme check` again."),
            ('{"schema_version": "2.0"}', "it is of version 2.0, and"),
            ("\x00\xff", "it is not"),
        ],
    )
    def test_one_that_is_not_whole_is_not_shown(
        self, command: Command, text: str | None, why: str
    ) -> None:
        keep(command, replace(rich(), targets=("npm:older",)))
        path = keep(command, rich()).path
        for older in path.parent.glob("000001-*"):
            if text is None:
                older.unlink()
        if text is None:
            path.unlink()
        else:
            path.write_text(text)
        ran = command("show")
        assert (ran.code, ran.out) == (2, "")
        assert len(ran.told) == 1
        assert why in ran.err
        assert str(path) in ran.err or text is None

    def test_one_that_others_could_write_is_not_shown(self, command: Command) -> None:
        keep(command, rich()).path.chmod(0o666)
        ran = command("show")
        assert (ran.code, ran.out) == (2, "")
        assert "open to others" in ran.err

    def test_the_demos_is_not_taken_for_ones_own(self, command: Command) -> None:
        who = Identity("github", "http://127.0.0.1:4000", "mallow", "classic", "demo")
        keep(command, replace(rich(), identities=(who,)), demo=True)
        ran = command("show")
        assert (ran.code, ran.out) == (2, "")
        assert "hardenme show --demo" in ran.err
        shown = command("show", "--demo", "-f", "json")
        assert shown.code == 0
        assert "run none of the commands" in shown.err
        piped = command("show", "-", "-f", "json", text=shown.out)
        assert "run none of the commands" in piped.err


class TestParts:
    """What is asked for, by words and options."""

    def codes(self, command: Command, *words: str) -> set[str]:
        ran = command("show", *words, "-f", "json", "-q")
        assert ran.code == 0
        return {one["code"] for one in json.loads(ran.out)["findings"]}

    def test_checks_go_by_code_slug_and_family(self, kept: Command) -> None:
        assert self.codes(kept, "GHA101") == {"GHA101"}
        assert self.codes(kept, "gha101", "GHB101") == {"GHA101", "GHB101"}
        assert self.codes(kept, "ssh-key-strong") <= {"GHA104"}
        assert all(code.startswith("GHA") for code in self.codes(kept, "GHA"))

    def test_what_is_left_out_is_said(self, kept: Command) -> None:
        out = kept("show", "GHA101").out
        assert re.search(r"This is a selection: \d+ of the \d+ results of the run", out)

    def test_options_narrow_further(self, kept: Command) -> None:
        found = json.loads(kept("show", "--severity", "critical", "-f", "json").out)["findings"]
        assert found
        assert {one["severity"] for one in found if "severity" in one} == {"critical"}
        unknown = json.loads(kept("show", "--unknown", "-f", "json").out)["findings"]
        assert {one["outcome"] for one in unknown} <= {"unknown", "errored"}
        assert unknown
        repo = json.loads(kept("show", "--repo", "web", "-f", "json").out)["findings"]
        assert repo
        assert all("/web" in one["subject"] + one["within"] for one in repo)

    def test_a_member(self, kept: Command) -> None:
        found = json.loads(kept("show", "--member", "SORREL", "-f", "json").out)
        assert {one["subject"].rpartition("/")[2] for one in found["findings"]} == {"sorrel"}
        ran = kept("show", "--member", "nobody-here")
        assert (ran.code, ran.out) == (5, "")
        assert ran.told[-1] == (
            "hardenme: nothing that was looked at is about nobody-here."
            " `hardenme show --by person` shows whom it is about"
        )

    @pytest.mark.parametrize(
        ("words", "told"),
        [
            (("github:repo/acme/x",), "github:repo/acme/x was not looked at in this run"),
            (("npm:left-pad",), "npm:left-pad was not looked at in this run"),
            (("GHO101",), "GHO101 was not checked in this run"),
            (("--repo", "nowhere"), "repository nowhere was not looked at in this run"),
        ],
    )
    def test_what_was_not_looked_at_is_named(
        self, kept: Command, words: tuple[str, ...], told: str
    ) -> None:
        ran = kept("show", *words)
        assert (ran.code, ran.out) == (5, "")
        assert ran.told[1:] == [f"hardenme: {told}"]
        some = kept("show", *words, "github:mallow", "GHA101", "-f", "json")
        assert some.code == 5
        assert f"hardenme: {told}" in some.told

    def test_nothing_of_a_kind_is_not_a_run_of_nothing(self, command: Command) -> None:
        keep(command, replace(rich(), findings=[f for f in rich().findings if f.code == "GHA101"]))
        ran = command("show", "--unknown")
        assert (ran.code, ran.out) == (0, "")
        assert ran.told[1] == "hardenme: None of the 2 results of this run is unknown"
        assert json.loads(command("show", "--unknown", "-f", "json").out)["findings"] == []

    @pytest.mark.parametrize(
        ("words", "told"),
        [
            (("GHB999",), "no check is called 'GHB999'; did you mean GHB"),
            (("GHA101", "report.json"), "'report.json' is not understood"),
            (("github:",), "unknown target"),
            (("--severity", "terrible"), "critical, high, medium, low, info"),
            (("--by", "repositry"), "did you mean repository?"),
            (("--by", "x" * 100_000), "repository, person or right"),
            (("--by", "person", "-f", "html"), "table, markdown, csv, json"),
            (("-f", "xml"), "--format takes one of: screen, table, markdown"),
            (("--html", "-f", "csv"), "against each other"),
            (("--member", "../x"), "--member takes a GitHub login"),
            (("--demo", "report.json"), "leave out the file"),
            (("--each-member", "d", "GHA101"), "the whole run"),
            (("nowhere.json",), "No such file"),
            (("x" * 100_000,), "cannot be read"),
            (("github:" + "x" * 100_000,), "unknown target"),
            (("github:repo/acme/" + "x" * 100_000,), "was not looked at"),
            (("--repo", "x" * 100_000), "was not looked at"),
            (("github:repo/\x1b[31m\u202e",), "was not looked at"),
        ],
    )
    def test_what_is_wrong_is_told(self, kept: Command, words: tuple[str, ...], told: str) -> None:
        ran = kept("show", *words)
        assert ran.code in {2, 5}
        assert ran.out == ""
        assert told in ran.err
        assert len(ran.err) < 3000
        assert "\x1b" not in ran.err
        assert "\u202e" not in ran.err


class TestCounted:
    """`--by`: how many findings each has."""

    @pytest.mark.parametrize("what", ["repository", "person", "right"])
    def test_the_numbers_add_up(self, kept: Command, what: str) -> None:
        rows = printed("counts", kept("show", "--by", what, "-f", "json").out)["rows"]
        counts = json.loads(render(rich(), "json"))["counts"]
        failed = sum(
            row[one] for row in rows for one in ("critical", "high", "medium", "low", "info")
        )
        assert failed == counts["failed"]
        assert sum(row["unknown"] for row in rows) == counts["unknown"] + counts["errored"]
        assert sum(row["questions"] for row in rows) == counts["manual"]
        assert len({row["name"] for row in rows}) == len(rows)

    @pytest.mark.sampled(3)
    @pytest.mark.parametrize("columns", ["20", "40", "80", "100"])
    @pytest.mark.parametrize("what", ["repository", "person", "right"])
    def test_any_width_holds_it(self, command: Command, columns: str, what: str) -> None:
        keep(command, hostile())
        ran = command("show", "--by", what, COLUMNS=columns)
        assert ran.code == 0
        lines = ran.out.splitlines()
        assert max(map(len, lines[:-1])) <= max(int(columns), 40)
        assert "\x1b" not in ran.out
        assert "\u202e" not in ran.out

    @pytest.mark.sampled(2)
    @pytest.mark.parametrize("form", ["table", "markdown", "csv", "json"])
    def test_hostile_names_break_no_form(self, command: Command, form: str) -> None:
        keep(command, hostile())
        file = command.folder / "out"
        for words in ((), ("-o", str(file)), ("--redact",)):
            ran = command("show", "--by", "repository", "-f", form, *words)
            assert ran.code == 0
            text = file.read_text() if "-o" in words else ran.out
            assert CANARY not in text
            if form == "markdown":
                bars = {len(re.findall(r"(?<!\\)\|", line)) for line in text.splitlines()}
                assert bars == {9}
            if form == "json":
                assert json.loads(text)


@pytest.mark.sampled(3, among="show")
def test_a_terminal_of_20_columns(kept: Command) -> None:
    for words in ((), ("GHB101",), ("--unknown",), ("--member", "sorrel")):
        assert kept("show", *words, COLUMNS="20").code == 0


@pytest.mark.sampled(3, among="show")
def test_hostile_names_in_whose_run_it_is(command: Command) -> None:
    names = ("github:" + "x" * 100_000, "npm:\x1b]0;x\x07\u202e")
    keep(command, replace(hostile(), targets=names))
    (told,) = command("show", "-f", "json").told
    assert len(told) < 1100
    assert told.isprintable()


class TestPage:
    """The page, in the browser."""

    def opened(self, command: Command, monkeypatch: pytest.MonkeyPatch, *words: str) -> list[str]:
        pages: list[str] = []

        def browse(page: str) -> bool:
            pages.append(page)
            return bool(command.home)

        monkeypatch.setattr("hardenme.cli.show.run.open_page", browse)
        monkeypatch.setenv("HOME", str(command.home))
        monkeypatch.delenv("XDG_STATE_HOME", raising=False)
        monkeypatch.chdir(command.folder)
        console = Console(io.StringIO(), io.StringIO(), {})
        assert run(["show", *words], console) == 0
        assert console.out.getvalue() == ""  # type: ignore[attr-defined]
        return pages

    def test_it_is_private(self, kept: Command, monkeypatch: pytest.MonkeyPatch) -> None:
        pages = self.opened(kept, monkeypatch, "--html", "--open")
        path = kept.home / STATE / "page.html"
        assert pages == [path.as_uri()]
        assert path.read_text().startswith("<!DOCTYPE html>")
        assert path.stat().st_mode & 0o777 == 0o600

    def at_a_terminal(
        self, command: Command, monkeypatch: pytest.MonkeyPatch, *words: str
    ) -> tuple[str, str]:
        """What goes to standard output and to standard error, where a person watches both."""
        monkeypatch.setenv("COLUMNS", "300")
        monkeypatch.setenv("HOME", str(command.home))
        monkeypatch.delenv("XDG_STATE_HOME", raising=False)
        monkeypatch.chdir(command.folder)
        console = Console(Terminal(), Terminal(), {"COLUMNS": "200"})
        assert run(["show", *words], console) == 0
        return console.out.getvalue(), console.err.getvalue()  # type: ignore[attr-defined]

    @pytest.mark.parametrize("words", [(), ("-q",), ("GHA101",)])
    def test_a_terminal_is_told_its_file(
        self, kept: Command, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
    ) -> None:
        out, err = self.at_a_terminal(kept, monkeypatch, "--html", *words)
        path = kept.home / STATE / "page.html"
        assert out == ""
        assert err.splitlines()[-1] == f"hardenme: the page is {path}"
        assert path.read_text().startswith("<!DOCTYPE html>")
        assert path.stat().st_mode & 0o777 == 0o600

    @pytest.mark.parametrize("words", [("--html", "-o", "-"), ("-f", "html")])
    def test_a_terminal_gets_its_source_where_that_is_asked_for(
        self, kept: Command, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
    ) -> None:
        out, _ = self.at_a_terminal(kept, monkeypatch, *words)
        assert out.startswith("<!DOCTYPE html>")
        assert not (kept.home / STATE / "page.html").exists()

    def test_a_pipe_gets_its_source(self, kept: Command) -> None:
        ran = kept("show", "--html")
        assert ran.out.startswith("<!DOCTYPE html>")
        assert not (kept.home / STATE / "page.html").exists()

    def test_a_file_of_the_users_gets_it_at_a_terminal_too(
        self, kept: Command, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        out, err = self.at_a_terminal(kept, monkeypatch, "--html", "-o", "mine.html")
        assert out == ""
        assert err.splitlines()[-1] == "hardenme: the report is in mine.html"
        assert (kept.folder / "mine.html").read_text().startswith("<!DOCTYPE html>")
        assert not (kept.home / STATE / "page.html").exists()

    def test_it_goes_where_it_is_wanted(
        self, kept: Command, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        pages = self.opened(kept, monkeypatch, "--open", "-o", "page.html", "GHA101")
        assert pages == [(kept.folder / "page.html").as_uri()]

    def test_without_a_browser_its_place_is_told(self, kept: Command) -> None:
        ran = kept("show", "--html", "--open", BROWSER="/nowhere/browser", PATH="/nowhere")
        assert ran.code == 0
        assert "page.html" in ran.err


@pytest.fixture(scope="module")
def whole(
    tmp_path_factory: pytest.TempPathFactory,
    new_command: Callable[[Path], Command],
    demonstrate: Callable[[Command], Ran],
) -> dict[str, Report]:
    """What the demo and a check of an organization with weaknesses kept."""
    from hardenme.sandbox.github.server import github_sandbox  # noqa: PLC0415
    from hardenme.sandbox.npm import scenarios as npm  # noqa: PLC0415
    from hardenme.sandbox.npm.server import npm_sandbox  # noqa: PLC0415
    from tests.worlds.organizations import weak_organization  # noqa: PLC0415

    command = new_command(tmp_path_factory.mktemp("whole"))
    demonstrate(command)
    now = clock.now()
    with (
        github_sandbox(weak_organization(now)) as host,
        npm_sandbox(npm.weak_maintainer(now)) as packages,
    ):
        Accounts(command, host, packages, base.WEAK_CLASSIC, "").bare(ORG, "-q", **OWNER)
    found = {}
    for name, demo in (("demo", True), ("organization", False)):
        (one,) = Runs(command.home / STATE, demo=demo).all()
        with one.open() as file:
            report = load(file)
            # They are gone through hundreds of times.
            found[name] = replace(report, findings=tuple(report.findings))
    return found


@pytest.mark.sampled(3, among="show")
@pytest.mark.second_tier("goes through a report for each finding")
@pytest.mark.parametrize("name", ["demo", "organization"])
def test_every_failed_finding_is_reached_by_its_check_and_by_its_subject(
    whole: dict[str, Report], name: str
) -> None:
    report = whole[name]
    failed = [one for one in report.findings if one.fails]
    assert len(failed) > 100
    for by in (lambda one: one.code, lambda one: str(one.subject)):
        reached = set()
        for word in sorted({by(one) for one in failed}):
            asked = asked_of(ShowOptions(words=(word,)))
            assert not asked.file, word
            assert missing(report, asked) == (), word
            found = [one for one in cut(report, asked.cut).findings if one.fails]
            assert {one.fingerprint for one in failed if by(one) == word} <= {
                one.fingerprint for one in found
            }, word
            reached |= {one.fingerprint for one in found}
        assert reached == {one.fingerprint for one in failed}


@pytest.mark.sampled(3, among="show")
@pytest.mark.parametrize("name", ["demo", "organization"])
def test_the_command_reaches_them(whole: dict[str, Report], command: Command, name: str) -> None:
    report = whole[name]
    keep(command, report, demo=name == "demo")
    worst = max((one for one in report.findings if one.fails), key=lambda one: one.severity)
    for word in (worst.code, str(worst.subject)):
        ran = command("show", *(("--demo",) if name == "demo" else ()), word)
        assert ran.code == 0
        assert worst.code in ran.out


@pytest.mark.sampled(3, among="show")
def test_a_run_to_share_has_the_same_numbers(
    command: Command, demonstrate: Callable[[Command], Ran]
) -> None:
    demonstrate(command)
    own, shown = (
        load(io.BytesIO(command("show", "--demo", *words, "-f", "json").out.encode()))
        for words in ((), ("--redact",))
    )
    plans = plan_of(own), plan_of(shown)
    one, other = summary_of(own, plans[0]), summary_of(shown, plans[1])
    assert one.sentence == other.sentence
    for name in ("verdict", "severities", "unknown", "questions", "others"):
        assert getattr(one, name) == getattr(other, name)
    for mine, theirs in zip(plans[0].steps, plans[1].steps, strict=True):
        assert (mine.section, mine.counts, mine.left, len(mine.paths)) == (
            theirs.section,
            theirs.counts,
            theirs.left,
            len(theirs.paths),
        )
        assert len(mine.actions) == len(theirs.actions), mine.title


@pytest.mark.parametrize(
    "words",
    [
        ("show", "github:repo/acme/web"),
        ("show", "--by", "repository"),
        ("show", "--unknown"),
        ("fix", "{step}"),
        ("people",),
        ("runbook",),
    ],
    ids=" ".join,
)
def test_signs_of_an_attack_open_what_shows_a_run(command: Command, words: tuple[str, ...]) -> None:
    released = failed(
        "REL102", "npm:release/@acme/web@1.4.1", fix("Ask who"), within="npm:package/@acme/web"
    )
    usual = failed("GHR104", "github:repo/acme/web", fix("Turn it on"))
    made = report(released, usual, targets=("github:acme",))
    steps = {step.codes[0]: step.id for step in plan_of(made).steps}
    keep(command, made)
    ran = command(*(word.format(step=steps["GHR104"]) for word in words))
    (line,) = [text for text in ran.told if "LOOK NOW" in text]
    assert f"1 version shows signs of an attack: `hardenme fix {steps['REL102']}`" in line
    keep(command, report(usual, targets=("github:acme",)))
    assert not any("LOOK NOW" in text for text in command(words[0]).told)


@pytest.mark.sampled(3, among="show")
def test_the_page_shows_the_kept_runs_before_and_who_reaches_what(command: Command) -> None:
    whole = replace(rich(), partial="", halted=None)
    keep(command, whole)
    assert "No earlier run is kept" in command("show", "--html").out
    later = replace(whole, started=whole.started + timedelta(days=7), findings=whole.findings[:-2])
    keep(command, later)
    page = command("show", "--html").out
    assert "No earlier run is kept" not in page
    for one in (whole, later):
        failed = sum(finding.fails for finding in one.findings)
        assert f"<title>{day(one.started)}: {failed} findings, " in page
    assert "Who reaches what" in page
    # A part of a run has neither.
    part = command("show", "GHB101", "--html").out
    assert "Who reaches what" not in part
    assert "No earlier run is kept" in part


@pytest.mark.sampled(3, among="show")
def test_the_page_to_share_names_nobody_who_reaches_something(command: Command) -> None:
    keep(command, replace(rich(), partial="", halted=None))
    names = re.compile(r"\b(hazel|acorn|mallow)\b")
    page = command("show", "--html").out
    shared = command("show", "--html", "--redact").out
    drawn = re.compile(r'<figure class="reach">.*?</figure>', re.DOTALL)
    before, after = drawn.search(page), drawn.search(shared)
    assert before
    assert after
    assert names.search(before[0])
    assert not names.search(after[0])
