"""The shells complete commands, codes and the words of options, and load little for it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from hardenme.cli.completion import words as completing
from hardenme.cli.completion.command import SCRIPTS, VARIABLE
from hardenme.cli.main import root
from hardenme.config.kinds import SEVERITY_WORDS
from hardenme.config.option import Option
from tests.cli.command import SCRIPT, Command

BASH = """
compopt() {{ :; }}
source {script}
while IFS= read -r COMP_LINE; do
  COMP_POINT=${{#COMP_LINE}} COMPREPLY=() COMP_WORDBREAKS=$' \\t\\n"><=;|&(:'
  _hardenme hardenme
  echo "${{COMPREPLY[*]}}"
done
"""
ZSH = """
compdef() {{ : }}
compadd() {{ print -r -- "${{(j: :)words_found}}" }}
_files() {{ print }}
source {script}
while IFS= read -r line; do
  words=("${{(@s: :)line}}") CURRENT=$#words
  _hardenme
done
"""
FISH = """
source {script}
while read --line line
  echo (complete --do-complete $line | string split --fields 1 \\t)
end
"""
Ask = Callable[..., list[str]]


def ask(command: Command, shell: str, program: str) -> Ask:
    """Lines that are typed, and the words that the shell offers for each."""
    command.folder.mkdir(exist_ok=True)
    script = command.folder / "script"
    script.write_text(command("completion", shell).out)
    asking = command.folder / "asking"
    asking.write_text(program.format(script=script))

    def asked(*lines: str) -> list[str]:
        found = shutil.which(shell)
        assert found
        variables = command.variables({})
        done = subprocess.run(  # noqa: S603 (a shell of this system)
            [found, *(("--no-config",) if shell == "fish" else ()), str(asking)],
            input="".join(f"{line}\n" for line in lines),
            capture_output=True,
            text=True,
            env={**variables, "PATH": f"{SCRIPT.parent}:{variables['PATH']}"},
            cwd=command.folder,
            check=False,
            timeout=60,
        )
        command.ended(done.returncode, done.stdout.encode(), done.stderr.encode())
        assert done.stderr == ""
        return done.stdout.splitlines()

    return asked


@pytest.mark.second_tier("starts Python for each completion")
@pytest.mark.parametrize(
    ("shell", "program"),
    [("bash", BASH), ("zsh", ZSH), ("fish", FISH)],
    ids=["bash", "zsh", "fish"],
)
def test_a_shell_completes(command: Command, shell: str, program: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not on PATH")
    asked = ask(command, shell, program)
    offered = asked(
        "hardenme explain GHA10",
        "hardenme check --select GHA,GHB11",
        "hardenme check --profile s",
        "hardenme check npm",
    )
    assert offered[0].split() == [f"GHA10{number}" for number in range(1, 10)]
    assert offered[1].split() == [f"GHA,GHB11{number}" for number in range(8)]
    assert set(offered[2].split()) == {"solo", "strict"}
    assert offered[3] == "npm:"


def test_bash_offers_no_more_than_stands_behind_the_colon(command: Command) -> None:
    offered = ask(command, "bash", BASH)("hardenme check github:", "hardenme check --depth=f")
    assert offered == ["", "fast"]


def test_nothing_is_installed(command: Command) -> None:
    before = sorted(command.home.rglob("*"))
    for shell, text in SCRIPTS.items():
        assert command("completion", shell).out == text
        assert VARIABLE in text
    assert sorted(command.home.rglob("*")) == before
    assert command("--install-completion").code == 2
    assert command("completion", "tcsh").told == [
        "hardenme: SHELL is one of bash, zsh, fish; not 'tcsh'"
    ]


def options(command: Any) -> Iterator[Option[Any]]:
    """Every option of a command, and of those within it."""
    yield from getattr(command, "options", {}).values()
    for inner in getattr(command, "commands", {}).values():
        yield from options(inner)


def test_what_is_offered_exists() -> None:
    assert {word for word, _ in completing.severities("")} == set(SEVERITY_WORDS)
    offers = {option.offers for option in options(root()) if option.offers}
    assert {"checks", "one_check", "severities", "shells", "targets", "providers"} <= offers
    assert all(callable(getattr(completing, name)) for name in offers)
    assert set(SCRIPTS) == {word for word, _ in completing.shells("")}


def test_families_come_before_their_codes() -> None:
    assert [word for word, _ in completing.checks("")] == [
        *("ATT", "GHA", "GHB", "GHO", "GHR", "GHT", "GHW", "LOC"),
        *("NPA", "NPO", "NPP", "NPT", "PUB", "REL"),
    ]
    assert dict(completing.checks("GHA,lo"))["GHA,loc"] == "14 checks"
    assert ("loc101", ".npmrc holds a token in plain text") in completing.one_check("loc10")
    assert [word for word, _ in completing.unknowns("LOC101,NOT_A")] == ["LOC101,NOT_ASKED"]
    assert [word for word, _ in completing.one_check("npm-token-e")] == ["npm-token-expires"]
    assert completing.targets("github:") == []
