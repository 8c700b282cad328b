"""`hardenme show`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from hardenme.cli.options import choices
from hardenme.cli.options.panels import RESULT, SHOWN, TARGETS
from hardenme.cli.terminal.console import Console
from hardenme.cli.terminal.stopping import stoppable

HELP = """\
Show a run again, or a part of it, in any format, without requests or tokens.

\b
hardenme show                           the last run of `hardenme check`
hardenme show --full                    all of it
hardenme show GHB102                    every result of one check
hardenme show github:acme/web           what was found in one repository
hardenme show npm:@acme/ui -f mermaid   who can publish a package, as a drawing
hardenme show --severity high GHA       one family, high and critical
hardenme show --unknown                 what is not known, and what resolves it
hardenme show --member LOGIN            what one member has to do
hardenme show --practices               the eight safeguards, and the next step of each
hardenme show --by repository           how many findings each repository has
hardenme show --each-member people/     a file for each member who has something to do
hardenme show --each-repository todo/   a file for each repository, package and account
hardenme show --html --open             the page, in your browser; --html alone names its file
hardenme show -f markdown -o todo.md    a task list
hardenme show --redact -f html          to share: without your names
hardenme show report.json               a file of --format json
hardenme check -f json | hardenme show -    from standard input

`hardenme check` keeps the newest 5 runs of the same targets and accounts in your state folder,
readable by you alone, unless CI is set or with --no-keep. `hardenme cache clear --runs` removes
them. The demo's runs are kept apart: --demo.

A word is a check (code, slug or family), the id of a subject (* matches anything), or a target of
`hardenme check`. Write ./NAME for a file with such a name. Several words of a kind select all of
them. A selection says how many results it leaves out. What the run did not look at is named, with
exit code 5.

It reads reports of every version 1.x, and ignores what a later 1.x adds. It refuses an incomplete
report.

--redact replaces each name with a pseudonym: accounts, organizations, repositories, packages,
secrets, keys, addresses, hosts other than github.com and npm's, and paths of this machine. A name
gets the same pseudonym in every report that you redact on this machine, so you can compare them.
The key for it stays in your state folder, so no one can test guesses. Checks and their texts,
severities, counts, times and hardenme's own words stay.

In Markdown, a report is between the lines <!-- hardenme:begin --> and <!-- hardenme:end -->. If the
file of -o has both, only the part between them is replaced. A ticked box is cleared if its item is
still there.
"""
EPILOG = (
    "Exit codes: 0 shown, whatever the run says; 2 usage, no run is kept, a report that cannot be"
    " read, or a place that cannot be written; 5 something was not looked at in the run."
)


def command(  # noqa: PLR0913 (each is an option of the command line)
    context: typer.Context,
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FILE|-|CHECK|SUBJECT]...",
            help="A file of `--format json`, - for standard input; then what to show of it. Without"
            " a file, the last run.",
            rich_help_panel=TARGETS,
        ),
    ] = None,
    *,
    full: Annotated[
        bool, typer.Option("--full", help="Everything.", rich_help_panel=SHOWN)
    ] = False,
    member: Annotated[
        str,
        typer.Option(
            "--member",
            metavar="LOGIN",
            help="Only what concerns this person.",
            rich_help_panel=SHOWN,
        ),
    ] = "",
    repo: Annotated[
        list[str] | None,
        typer.Option(
            "--repo",
            metavar="NAME",
            help="Only this repository: OWNER/REPO, or REPO alone. May be repeated.",
            rich_help_panel=SHOWN,
        ),
    ] = None,
    unknown: Annotated[
        bool, typer.Option("--unknown", help="Only what is not known.", rich_help_panel=SHOWN)
    ] = False,
    severity: Annotated[
        str,
        typer.Option(
            "--severity",
            metavar="LEVEL",
            help="Only results of checks from this severity: critical, high, medium, low, info.",
            rich_help_panel=SHOWN,
        ),
    ] = "",
    by: Annotated[
        str,
        typer.Option(
            "--by",
            metavar="WHAT",
            help="Count findings by repository, person or right (who can fix them); as table,"
            " markdown, csv or json.",
            rich_help_panel=SHOWN,
        ),
    ] = "",
    practices: Annotated[
        bool,
        typer.Option(
            "--practices",
            help="The safeguards: what is checked, attested, asked and unknown; as table, markdown"
            " or json.",
            rich_help_panel=SHOWN,
        ),
    ] = False,
    demo: Annotated[
        bool, typer.Option("--demo", help="The last run of the demo.", rich_help_panel=SHOWN)
    ] = False,
    each_member: Annotated[
        str,
        typer.Option(
            "--each-member",
            metavar="DIR",
            help="Write a file for each member who has something to do, without other people's"
            " data. Markdown, or what --format says.",
            rich_help_panel=RESULT,
        ),
    ] = "",
    each_repository: Annotated[
        str,
        typer.Option(
            "--each-repository",
            metavar="DIR",
            help="Write a file for each repository, package and account, and a README.md that leads"
            " to them.",
            rich_help_panel=RESULT,
        ),
    ] = "",
    output_format: choices.Format = "",
    html: Annotated[
        bool,
        typer.Option(
            "--html",
            help="The page: written to a file in your state folder, or to standard output where"
            " that is not a terminal.",
            rich_help_panel=RESULT,
        ),
    ] = False,
    opened: Annotated[
        bool,
        typer.Option("--open", help="Open the page in your browser.", rich_help_panel=RESULT),
    ] = False,
    redact: choices.Redact = False,
    output: choices.Output = "",
    quiet: choices.Quiet = False,
    lines: choices.Lines = False,
    with_members: choices.WithMembers = False,
) -> int:
    """Show a run again, or a part of it, in any format."""
    from hardenme.cli.show.run import show  # noqa: PLC0415
    from hardenme.cli.show.selection import Wanted  # noqa: PLC0415 (start-up)

    console: Console = context.obj
    wanted = Wanted(
        words=tuple(words or ()),
        full=full,
        member=member,
        repositories=tuple(repo or ()),
        unknown=unknown,
        severity=severity,
        by=by,
        practices=practices,
        demo=demo,
        each_member=each_member,
        each_repository=each_repository,
        output_format=output_format,
        html=html,
        opened=opened,
        redact=redact,
        output=output,
        quiet=quiet or lines,
        lines=lines,
        with_members=with_members,
    )
    return stoppable(console, lambda: show(console, wanted, sys.stdin))
