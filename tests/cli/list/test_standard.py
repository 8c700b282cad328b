from __future__ import annotations

import io

import pytest

from hardenme.cli.main import run
from hardenme.cli.terminal.console import Console
from hardenme.engine.standards import find_standard, standards
from tests.printed import printed


class Terminal(io.StringIO):
    """A terminal of 60 columns."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


def listed(*arguments: str, out: io.StringIO | None = None) -> tuple[int, str, str]:
    console = Console(out or io.StringIO(), io.StringIO(), {"COLUMNS": "60"} if out else {})
    code = run(["list", *arguments], console)
    assert isinstance(console.out, io.StringIO)
    assert isinstance(console.err, io.StringIO)
    return code, console.out.getvalue(), console.err.getvalue()


@pytest.mark.parametrize("name", [standard.name for standard in standards()])
def test_a_pipe_gets_a_line_for_each_control_and_one_that_counts(name: str) -> None:
    code, out, _ = listed("--standard", name)
    standard = find_standard(name)
    *lines, last = out.splitlines()
    assert code == 0
    assert [line.split(" ")[0] for line in lines] == [one.key for one in standard.controls]
    assert last.startswith(f"{len(standard.controls)} controls of {standard.title}, ")
    assert last.endswith(f"read on {standard.read}, {standard.page}")


def test_a_line_says_how_far_and_by_which_checks_and_what_is_left() -> None:
    out = listed("--standard", "osps")[1].splitlines()
    assert out[3] == (
        "OSPS-AC-03.02  covered         The primary branch is not deleted by accident  [GHB109]"
    )
    assert out[0].endswith(
        "[ATT101 GHA101 GHO101 GHO102 GHO104]  Sign-in to GitHub is checked. Tokens, keys and"
        " apps need no 2FA."
    )


def test_a_terminal_gets_lines_that_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    _, out, _ = listed("--standard", "osps", out=Terminal())
    assert max(map(len, out.splitlines()[:-3])) <= 60
    assert "    covered: GHB109\n" in out
    assert "    not covered\n    hardenme does not read documentation.\n" in out


def test_json_holds_the_same() -> None:
    document = printed("standard", listed("--standard", "slsa", "-f", "json")[1])
    standard = find_standard("slsa")
    assert [one["key"] for one in document["controls"]] == [one.key for one in standard.controls]
    assert {one["support"] for one in document["controls"]} == {"partly", "not covered"}
    assert document["version"] == "1.2"


def test_with_checks_it_lists_what_these_answer() -> None:
    out = listed("GHB109", "--standard", "osps")[1].splitlines()
    assert [line.split(" ")[0] for line in out] == ["OSPS-AC-03.02", "1"]
    assert out[-1].startswith("1 control of ")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--standard", "ospx"), "hardenme: no standard is called 'ospx'; did you mean osps?\n"),
        (
            ("--standard", "osps", "-f", "xml"),
            "hardenme: --format takes one of: table, json; not 'xml'\n",
        ),
    ],
)
def test_what_there_is_not_is_a_line_and_exit_code_2(arguments: tuple[str, ...], said: str) -> None:
    assert listed(*arguments) == (2, "", said)


def test_explain_tells_which_standards_ask_for_it() -> None:
    console = Console(io.StringIO(), io.StringIO(), {})
    assert run(["explain", "GHB109"], console) == 0
    assert isinstance(console.out, io.StringIO)
    text = console.out.getvalue()
    assert "\nStandards\n  osps OSPS-AC-03.02: The primary branch is not deleted" in text
    assert text.index("\nStandards\n") < text.index("\nReads\n")
    console = Console(io.StringIO(), io.StringIO(), {})
    run(["explain", "NPT109"], console)
    assert isinstance(console.out, io.StringIO)
    assert "Standards" not in console.out.getvalue()
