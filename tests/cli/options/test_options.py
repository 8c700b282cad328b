from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest

from hardenme.cli.main import COMMANDS, root
from hardenme.ground.exit_code import Exit
from tests.cli.command import Command
from tests.cli.conftest import Accounts
from tests.printed import printed

pytestmark = pytest.mark.sampled(8)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("github:",), ("unknown target", "github:OWNER/REPO")),
        (("gitlab:x",), ("unknown target",)),
        (("npm:@",), ("unknown target",)),
        (("github:a/b/c",), ("unknown target",)),
        (("../etc",), ("unknown target",)),
        (("--select", "GHA999"), ("no check is called 'GHA999'", "did you mean GHA")),
        (("--select", "ssh-key-strng"), ("did you mean ssh-key-strong?",)),
        (("--ignore", "zzzz"), ("hardenme list",)),
        (("--format", "xml"), ("table, markdown, json", "'xml'")),
        (("--profile", "huge"), ("solo, team, org, strict",)),
        (("--fail-on", "terrible"), ("critical, high, medium, low, info",)),
        (("--allow-unknown", "SOMETIMES"), ("NOT_PERMITTED", "'SOMETIMES'")),
        (("--workers", "0"), ("--workers",)),
        (("--workers", "many"), ("--workers",)),
        (("--nonsense",), ("--nonsense",)),
        (("--github-url", "http://host.example.test"), ("loopback",)),
        (("--github-url", "ftp://host.example.test"), ("https://",)),
        (("--npm-registry", "https://host.example.test/?a=b"), ("no query",)),
        (("--github-url", "https://host.example.test:99999"), ("ort",)),
        (("--github-url", "https://g\u0456thub.example.test"), ("plain visible",)),
    ],
)
def test_what_is_not_understood_is_told_before_anybody_is_asked(
    weak: Accounts, arguments: tuple[str, ...], words: tuple[str, ...]
) -> None:
    ran = weak.check(*arguments)
    assert ran.code == 2
    assert ran.out == ""
    assert len(ran.told) <= 2, "one line, and where help is"
    for word in words:
        assert word in ran.told[0]
    assert weak.asked == 0


def codes(accounts: Accounts, *arguments: str) -> set[str]:
    ran = accounts.check("--format", "json", *arguments)
    return {item["code"] for item in json.loads(ran.out)["findings"]}


def test_checks_are_picked_by_code_slug_and_family(weak: Accounts) -> None:
    assert codes(weak, "--select", "GHA101") == {"GHA101"}
    assert codes(weak, "--select", "gha101") == {"GHA101"}
    assert codes(weak, "--select", "ssh-key-strong") == {"GHA104"}
    by_family = codes(weak, "--select", "GHT")
    assert len(by_family) > 3
    assert all(code.startswith("GHT") for code in by_family)
    several = codes(weak, "--select", "GHA101, ssh-key-strong", "--select", "GHT")
    assert several == by_family | {"GHA101", "GHA104"}
    assert codes(weak, "--select", "GHT", "--ignore", "GHT101,token-expires") == by_family - {
        "GHT101",
        "GHT102",
    }


def test_everything_ignored_matches_nothing(weak: Accounts) -> None:
    assert weak.check("--select", "GHT", "--ignore", "GH").code == 5


def subjects(accounts: Accounts, *arguments: str) -> set[str]:
    ran = accounts.check("--format", "json", "--select", "GHR101", *arguments)
    found = {item["within"] for item in json.loads(ran.out)["findings"]}
    return {name.removeprefix("github:repo/") for name in found if name.startswith("github:repo/")}


def test_repositories_are_picked_by_pattern(weak: Accounts) -> None:
    everything = subjects(weak)
    one, other, *_ = sorted(everything)
    name = one.partition("/")[2]
    assert len(everything) > 2
    assert subjects(weak, "--include", "*/*") == everything
    assert subjects(weak, "--include", one) == {one}
    assert subjects(weak, "--include", one.upper()) == {one}
    assert subjects(weak, "--include", name) == {one}
    assert subjects(weak, "--include", f"{name},{other}") == {one, other}
    assert subjects(weak, "--exclude", f"*/{name}") == everything - {one}
    assert subjects(weak, "--include", f"{name},{other}", "--exclude", other) == {one}


def test_archived_repositories_are_looked_at_on_demand(weak: Accounts) -> None:
    everything = subjects(weak)
    archived = subjects(weak, "--archived") - everything
    assert archived
    ran = weak.check("--select", "GHR")
    assert f"{len(archived)} repositor" in ran.out
    # What the user names is looked at, whatever it is.
    assert subjects(weak, f"github:{min(archived)}") == {min(archived)}
    assert subjects(weak, f"github:{min(archived)}", "--include", "other") == {min(archived)}


def test_the_profile_is_chosen_from_what_is_seen_or_named(weak: Accounts) -> None:
    chosen = json.loads(weak.check("--format", "json").out)
    named = json.loads(weak.check("--format", "json", "--profile", "strict").out)
    assert chosen["profile"] == {"name": "team", "chosen": True}
    assert named["profile"] == {"name": "strict", "chosen": False}


def test_a_target_that_is_named_twice_is_looked_at_once(weak: Accounts) -> None:
    ran = weak.check("npm:@acorn-labs/grater", "npm:@acorn-labs/grater", "--format", "json")
    report = json.loads(ran.out)
    assert report["targets"] == ["npm:@acorn-labs/grater"]
    assert len({(f["code"], f["subject"]) for f in report["findings"]}) == len(report["findings"])


def test_names_of_users_and_organizations_are_told_apart(weak: Accounts) -> None:
    found = weak.check("github:acorn-labs", "--select", "GHR", "--format", "json")
    assert found.code in {0, 1, 3}
    assert json.loads(found.out)["profile"]["name"] == "org"


def test_quiet_is_the_findings_and_the_last_line(weak: Accounts) -> None:
    few = ("--select", "GHA,GHB,NPA")
    loud, quiet = weak.check(*few), weak.check("--quiet", *few)
    assert quiet.code == loud.code
    assert quiet.err == ""
    lines = quiet.out.splitlines()
    assert "coverage" in lines[-1]
    words = {"critical", "high", "medium", "low", "info"}
    assert all(line.split()[0] in words for line in lines[:-1] if line and line[0] != " ")
    assert len(lines) < len(loud.out.splitlines()) / 3
    assert lines[-1] == loud.out.splitlines()[-1]


def test_list_shows_the_catalogue(command: Command) -> None:
    table, rows = command("list"), command("list", "--format", "json")
    assert (table.code, rows.code) == (0, 0)
    listed = {row["code"]: row for row in printed("checks", rows.out)["checks"]}
    assert {"GHA101", "GHT105", "NPA101", "NPT106", "NPP107", "GHB101"} <= set(listed)
    for code, row in listed.items():
        assert any(
            line.startswith(code) and row["title"] in line for line in table.out.splitlines()
        )
    some = printed("checks", command("list", "GHT", "-f", "json").out)["checks"]
    assert {row["code"][:3] for row in some} == {"GHT"}
    for wrong in (("list", "GHA999"), ("list", "--format", "xml"), ("explain", "GHA999")):
        ran = command(*wrong)
        assert (ran.code, ran.out, len(ran.told)) == (2, "", 1)


def test_explain_tells_what_why_how_and_what_it_reads(command: Command) -> None:
    ran = command("explain", "account-two-factor-enabled")
    assert ran.code == 0
    for word in ("GHA101", "critical", "Why", "Fix", "Reads", "GET /user"):
        assert word in ran.out


def test_version_and_the_bare_command(command: Command) -> None:
    assert command("--version").out == "hardenme 0.1.0\n"
    bare = command()
    assert bare.code == 0
    assert len(bare.out.splitlines()) <= 15
    assert "It changes nothing" in bare.out
    assert "hardenme demo" in bare.out
    assert max(len(line) for line in bare.out.splitlines()) < 80


def test_an_unknown_command_is_told(command: Command) -> None:
    ran = command("chekc")
    assert (ran.code, ran.out) == (2, "")
    assert "chekc" in ran.err


def every_command() -> Iterator[tuple[str, ...]]:
    """The words of the frame, of each command, and of each command of a group."""
    yield ()
    for name in COMMANDS:
        top = root().get_command(None, name)  # type: ignore[arg-type]  # it needs no context
        yield (name,)
        yield from ((name, below) for below in getattr(top, "commands", {}))


def test_every_command_has_whole_help_of_80_columns(command: Command) -> None:
    wide: dict[tuple[str, ...], int] = {}
    cut: list[tuple[str, ...]] = []
    for words in every_command():
        for option in ("--help", "--help-all"):
            ran = command(*words, option, COLUMNS="80")
            if option == "--help-all" and ran.code == Exit.USAGE:
                continue
            assert ran.code == 0, words
            assert ran.out.startswith(f"Usage: {' '.join(('hardenme', *words))}"), words
            lines = ran.out.splitlines()
            wide |= {(*words, line): len(line) for line in lines if len(line) > 80}
            cut += [(*words, line) for line in lines if re.search(r"\w\.\.\.$", line)]
    assert not wide
    assert not cut


def test_exit_codes_are_in_the_help_of_what_looks_at_something(command: Command) -> None:
    for words in ("check", "watch", "attest", "permissions", "doctor", "auth login", "auth status"):
        assert "Exit codes" in command(*words.split(), "--help").out


def test_the_cache_is_kept_and_cleared(weak: Accounts) -> None:
    arguments = ("check", "--no-local", *weak.urls, "--select", "GHA101")
    folder = weak.command("cache", "path").out.strip()
    assert folder.startswith(str(weak.command.home))
    for _ in range(2):
        assert weak.command(*arguments, **weak.tokens).code == 1
    assert any("if-none-match" in request.headers for request in weak.github.requests)
    cleared = weak.command("cache", "clear")
    assert cleared.code == 0
    assert folder in cleared.out
    weak.github.requests.clear()
    weak.command(*arguments, **weak.tokens)
    assert all("if-none-match" not in request.headers for request in weak.github.requests)


def test_a_repository_is_a_target_of_its_own(weak: Accounts) -> None:
    ran = weak.check("github:mallow/cellar", "--select", "GHB,GHR", "--format", "json")
    report = json.loads(ran.out)
    outcomes = [item["outcome"] for item in report["findings"]]
    assert "failed" in outcomes
    assert outcomes.count("unknown") < len(outcomes) / 4
    assert {item["within"] for item in report["findings"]} == {"github:repo/mallow/cellar"}


@pytest.mark.parametrize("name", ["auth", "cache"])
def test_a_group_by_itself_shows_its_commands(command: Command, name: str) -> None:
    ran = command(name)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"Usage: hardenme {name}")
    assert "\nCommands:\n" in ran.err


def test_help_lists_each_command_in_a_whole_line(command: Command) -> None:
    told = command("--help", COLUMNS="80").out.partition("\nCommands:\n")[2].splitlines()
    assert [line.split()[0] for line in told] == list(COMMANDS)
    assert not [line for line in told if line.endswith("...")]


def test_the_welcome_leads_from_no_token_to_the_first_check(command: Command) -> None:
    lines = command().out.splitlines()
    for name in ("hardenme permissions", "hardenme auth login github", "hardenme check "):
        assert any(line.strip().startswith(name) for line in lines[:12]), name
    assert max(map(len, lines)) <= 80


def test_help_shows_what_people_use_and_all_of_it_where_asked(command: Command) -> None:
    short, whole = command("check", "--help"), command("check", "--help-all")
    assert (short.code, whole.code, short.err, whole.err) == (0, 0, "", "")
    options = re.compile(r"^  (?:-\w, )?(--[a-z-]+)", re.MULTILINE)
    shown = [name for name in options.findall(short.out) if not name.startswith("--help")]
    every = [name for name in options.findall(whole.out) if not name.startswith("--help")]
    assert set(shown) < set(every)
    assert len(shown) == 15
    assert f"{len(every) - len(shown)} more options: hardenme check --help-all" in short.out
    assert "more options" not in whole.out
    assert "--help-all" in short.out
    assert "--help-all" not in command("show", "--help").out
