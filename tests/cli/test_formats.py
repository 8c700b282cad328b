"""Every command that prints takes every format with every option, or refuses it in a sentence."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from hardenme.cli.main import COMMANDS, root
from hardenme.ground.exit_code import Exit
from hardenme.reports import FORMATS
from hardenme.reports.drift import FORMS as CHANGES
from hardenme.reports.fixplan import FORMS as STEPS
from tests.cli.command import Command
from tests.cli.examples import Reader, accounts

pytestmark = pytest.mark.second_tier("runs each command in each format, with each option")
WORDS = tuple(dict.fromkeys((*FORMATS, *CHANGES, *STEPS, "toml", "alerts", "none")))
"""Every name of a format that a command has, and one that none has."""
ONE_CHECK = ("--select", "GHA103", "--no-cache", "--no-local")
COMMON = ("", "-q", "-o out", "--full", "--redact", "--lines", "--with-members")
WINDOW = "2026-03-31T00:21Z/2026-03-31T03:29Z"
USES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "demo": (("demo",), ("", "--hardened", "-q", "--full", "--lines", "--with-members")),
    "check": (
        ("check", *ONE_CHECK),
        (
            *COMMON,
            *("--baseline monday.json", "--baseline last", "--plan", "--member mallow"),
            *("--baseline monday.json --redact", "--baseline monday.json -q -o out"),
            *("--baseline monday.json --lines", "--baseline monday.json --full --with-members"),
            *("--fail-on info", "--save-facts kept.jsonl", "--no-keep", "--resume"),
        ),
    ),
    "show": (
        ("show", "report.json"),
        (
            *COMMON,
            *("--html", "--unknown", "--severity high", "--member nettle", "--practices"),
            *("--by repository", "--by person -o out", "--by right -q", "GHA103", "--html -o out"),
            *("--each-member people/", "--each-repository todo/", "github:bramble-labs"),
            *("--practices -o out", "--redact --by repository", "--redact --practices"),
            *("--redact -o out", "--full --member nettle", "--unknown --by person", "-q --lines"),
        ),
    ),
    "fix": (("fix", "report.json"), ("", "-q", "-o out", "--lines", "--needs owner", "3")),
    "report": (
        ("report", *ONE_CHECK),
        ("", "-q", "-o out", "--full", "--lines", "--digest", "-q -o out", "--with-members"),
    ),
    "diff": (
        ("diff", "monday.json", "report.json"),
        ("", "-q", "-o out", "--lines", "--with-members", "--fail-on low"),
    ),
    "trend": (("trend", "me"), ("", "--full")),
    "exposed": (
        ("exposed", "axios@1.14.1", f"--between={WINDOW}", "github:bramble-labs/briar"),
        ("", "--full", "-o out"),
    ),
    "fleet": (
        ("fleet", "merge", "--plan", "plan.json", "--in", "results"),
        ("", "--full", "-q", "-o out", "--redact", "--lines", "--member nettle"),
    ),
    "rehearse": (("rehearse", "npm:@acorn-labs"), ("", "--full", "--after all", "-o out")),
    "people": (("people", "github:bramble-labs"), ("", "--full", "-o out")),
    "person": (("person", "nettle", "github:bramble-labs", "--leaves"), ("", "-o out")),
    "recent": (("recent", "--depth", "fast"), ("", "--full", "-o out")),
    "doctor": (("doctor", "--offline"), ("", "-o out")),
    "auth": (("auth", "status"), ("", "-o out")),
    "runbook": (("runbook",), ("", "-o out", "--demo")),
    "incident": (("incident", "status", "--demo"), ("", "--full")),
    "permissions": (("permissions",), ("", "--full", "--for github:bramble-labs")),
    "config": (("config",), ("", "--show-origin")),
    "list": (("list",), ("", "--profiles", "--standard slsa", "GHA")),
    "attest": (("attest", "--list"), ("", "-o out")),
    "verify-request": (("verify-request",), ("--contacts", "--list")),
    "waive": (("waive", "list"), ("",)),
    "watch": (("watch", "npm:@acorn-labs"), ("", "-q", "--once", "-o out", "--lines")),
}
"""For each command with formats: how it is run, and the options that are tried with each."""
CODES = {Exit.CLEAN, Exit.FINDINGS, Exit.USAGE, Exit.UNKNOWN, Exit.NOTHING_MATCHED}
CASES = [
    (name, form, options)
    for name, (_, several) in USES.items()
    for form in WORDS
    for options in several
]


@pytest.fixture(scope="module")
def command(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Command]:
    """The command of someone who has checked, reported and kept files."""
    with accounts() as found:
        made = Reader(tmp_path_factory.mktemp("formats"), *found)
        made.prepare()
        yield made.command(made.kept)


def test_each_command_with_formats_is_tried() -> None:
    commands = {name: root().get_command(None, name) for name in COMMANDS}  # type: ignore[arg-type]
    with_formats = {
        name
        for name, top in commands.items()
        for one in (top, *getattr(top, "commands", {}).values())
        if any("--format" in getattr(parameter, "opts", ()) for parameter in one.params)
    }
    assert set(USES) == with_formats


@pytest.mark.sampled(640)
@pytest.mark.parametrize(("name", "form", "options"), CASES)
def test_it_is_shown_or_refused_in_a_sentence(
    command: Command, name: str, form: str, options: str
) -> None:
    ran = command(*USES[name][0], "-f", form, *options.split())
    assert "this is a fault of hardenme" not in ran.err, ran.err
    assert ran.code in CODES, ran.err
    assert ran.code != Exit.USAGE or ran.told, "refused, and nobody is told why"
    if form == "none":
        assert ran.code == Exit.USAGE
        assert "--format" in ran.err or "--" in ran.err
