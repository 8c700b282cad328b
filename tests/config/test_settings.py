"""The table of settings is closed, and as long as the command line."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import typer
from typer._click.types import IntRange

from hardenme.cli.main import root
from hardenme.config.elsewhere import INSTEAD, NAMES, plain
from hardenme.config.kinds import Kind
from hardenme.config.option import Option
from hardenme.config.settings import BY_OPTION, BY_VARIABLE, SETTINGS
from hardenme.config.table.headings import TOKENS
from hardenme.config.trust import Guard, Trust

NO_SETTINGS = {
    *("--in", "--index", "--out", "--processes", "--shards", "--wait"),
    *("--fleet", "--kubernetes"),
    *("--engine", "--scheduler", "--tls-ca", "--tls-cert", "--tls-key"),
    # A person's answer to a question, and what becomes of it.
    *(
        "--yes",
        "--no",
        "--by",
        "--days",
        "--until",
        "--evidence",
        "--withdraw",
        "--list",
        "--answered",
        "--not-answered",
        "--answers",
    ),
    "--account",
    # A waiver, and the file that it is written to or removed from.
    *("--reason", "--issue", "--report", "--file", "--project", "--dry-run", "--unused"),
    # What the command line itself is asked.
    *("--version", "--verbose", "--help", "--help-all"),
    # Of the demo alone.
    "--hardened",
    # What of a run is shown, and as a page; and whether kept runs are removed.
    *(
        "--full",
        "--repo",
        "--unknown",
        "--severity",
        "--demo",
        "--each-member",
        "--step",
        "--issue-in",
        "--html",
        "--open",
        "--each-repository",
        "--lines",
    ),
    "--again",
    "--runs",
    # After which steps of the plan a release is judged.
    "--after",
    # When what is looked for could be had.
    "--between",
    # What is listed, and how settings are shown.
    *("--profiles", "--show-origin", "--schema"),
    # What the least token is reckoned for, and how it is printed.
    # Whether something is asked anew.
    "--new",
    # About whom, and why.
    *("--leaves", "--stolen", "--hands-over-to", "--npm", "--npm-successor"),
    *("--for", "--app-manifest", "--command"),
    # Whose least token it is.
    "--command",
    # What is said of a request, and the contacts that are kept.
    *("--who", "--channel", "--kind", "--arrived", "--signs", "--called", "--confirmed"),
    *("--denied", "--decision", "--add-contact", "--remove-contact", "--contacts"),
    # Which incident, the run that it begins with, and what was done for a step of it.
    *("--name", "--from", "--from-exposed", "--facts", "--folder", "--how"),
    # How often a watch looks, and how many requests it may take.
    *("--every", "--requests"),
    # The workflow that packages are moved to.
    *("--to", "--workflow", "--env"),
    # The safeguards of a run.
    "--practices",
    # What kind of timer is printed, and how often it runs.
    *("--systemd", "--cron", "--launchd", "--github", "--daily", "--watch"),
}
"""Options that are no settings, in any command."""
FOLDER = {"select", "profile", "fail-on", "since", "severities", "thresholds", "waivers"}
LEADING = re.compile(
    r"\b(?:url|host|registry|address|ca|certs?|proxy|token|key|app|auth|password|login|as|user"
    r"|keyring|gh|notify|mail|web|hook|plugins?|output|file|path|folder|dir|config|network|lookups"
    r"|trust|root)\b"
)
"""What an option is called, or takes, that could lead something elsewhere."""


def every() -> Iterator[tuple[str, typer.core.TyperOption, str]]:
    """Every option of every command, by each name of it that is a word."""
    commands = [root()]
    while commands:
        command = commands.pop()
        commands += getattr(command, "commands", {}).values()
        for parameter in command.params:
            if isinstance(parameter, typer.core.TyperOption):
                for name in (*parameter.opts, *parameter.secondary_opts):
                    if name.startswith("--"):
                        yield name, parameter, str(command.name)


def where() -> Iterator[tuple[str, str]]:
    """Each option with each command that has it."""
    return ((name, command) for name, _, command in every())


ALL = {name: parameter for name, parameter, _ in every()}


def positive(name: str) -> str:
    """The option that `--no-…` is the other side of."""
    bare = f"--{name.removeprefix('--no-')}"
    return bare if name.startswith("--no-") and bare in ALL else name


def test_every_option_is_a_setting_or_known_to_be_none() -> None:
    assert len(ALL) > 40
    missing = {positive(name) for name in ALL} - BY_OPTION.keys() - NO_SETTINGS
    assert not missing, "say in hardenme/config/table/ who may set it"


def test_every_setting_is_an_option() -> None:
    assert {name for name in BY_OPTION if name.startswith("--")} <= ALL.keys()
    without = {name for name, setting in SETTINGS.items() if not setting.option}
    assert without == {
        *("severities", "thresholds", "owner-thresholds", "waivers", "trusted-folders"),
        *("github-token", "npm-token"),
    }


def test_a_number_has_the_bounds_of_its_option() -> None:
    for option, setting in BY_OPTION.items():
        kind = ALL[option].type if option in ALL else None
        if isinstance(kind, IntRange) and setting.is_for(Trust.USER):
            assert setting.bounds == (kind.min, kind.max), option


def test_no_variable_sets_what_is_guarded_or_said_for_one_run() -> None:
    assert "HARDENME_FAIL_ON" in BY_VARIABLE
    for setting in SETTINGS.values():
        may = setting.guard is None and setting.is_for(Trust.USER)
        assert bool(setting.variable) is (may and setting.option.startswith("--"))
    assert not {"HARDENME_GITHUB_URL", "HARDENME_CA_FILE", "HARDENME_CONFIG"} & BY_VARIABLE.keys()


def test_the_commands_of_a_setting_have_its_option() -> None:
    for option, setting in BY_OPTION.items():
        if option in ALL:
            having = {command for name, command in where() if name == option}
            assert setting.commands <= having, option


@pytest.mark.parametrize("name", sorted({positive(name) for name in ALL} - NO_SETTINGS))
def test_an_option_that_could_lead_elsewhere_is_not_for_a_folder(name: str) -> None:
    option, setting = ALL[name], BY_OPTION[name]
    words = f"{name.replace('-', ' ')} {option.metavar or ''}".lower()
    if option.rich_help_panel == TOKENS or LEADING.search(words):
        assert not setting.is_for(Trust.FOLDER)
    if {"URL", "FILE", "PROVIDER:PATH"} & {option.metavar}:
        assert setting.guard is not None


def test_a_folder_sets_seven_things() -> None:
    assert {n for n, setting in SETTINGS.items() if setting.least is Trust.FOLDER} == FOLDER
    assert not any(SETTINGS[name].guard for name in FOLDER)


@pytest.mark.parametrize("guard", Guard)
def test_what_is_guarded_cannot_be_given_to_a_folder(guard: Guard) -> None:
    with pytest.raises(ValueError, match="not for a folder"):
        Option("new", Kind.WORD, "New.", spelled="--new", least=Trust.FOLDER, guard=guard)


def test_names_are_plain_and_said_where_they_belong() -> None:
    assert all(plain(name) == name for name in (*SETTINGS, *NAMES))
    assert not NAMES.keys() & SETTINGS.keys()
    assert INSTEAD.keys() == set(Guard)
    assert all(setting.where and setting.doc.endswith(".") for setting in SETTINGS.values())


def test_no_file_sets_a_token() -> None:
    for name in ("github-token", "npm-token", "token-stdin"):
        assert not SETTINGS[name].is_for(Trust.USER)
