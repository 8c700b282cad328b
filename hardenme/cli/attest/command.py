"""`hardenme attest`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from hardenme.cli.options import choices
from hardenme.cli.options.addresses import CaFile, GitHubUrl, NpmRegistry
from hardenme.cli.options.panels import RESULT, TARGETS, TOKENS
from hardenme.cli.terminal.console import Console

ANSWER = "The answer"
DAYS = 90

HELP = """\
Record your answer to a question that no API answers.

Some settings are only shown on a page, like whether a package disallows tokens. `hardenme check`
asks about them. Look at the page, and record what you saw:

\b
hardenme attest                                what the last run left open
hardenme attest NPP106                         each of your packages in turn
hardenme attest NPP106 npm:PACKAGE --yes       one, without being asked
hardenme attest NPA103 --no                    check reports it as failed
hardenme attest GHO131 github:ORG --days 30    for a shorter time
hardenme attest --withdraw NPP106 npm:PACKAGE  undo the answer
hardenme attest --list                         what is on record
hardenme attest export                         your answers of ATT, in a file to sign
hardenme attest import answers-LOGIN.json      a member's signed answers, verified

An answer counts for 90 days. --days sets another time: 180 at most, and 365 for ATT104. Reports
show it as attested, never as passed. It is recorded for the account whose token is found, and
counts only in runs of that account. The record stays on this machine; nothing is sent.

import verifies answers-LOGIN.json.sig with `ssh-keygen -Y verify`, by the SSH keys that GitHub
shows for the member. It needs no token.
"""
EPILOG = (
    "Exit codes: 0 done, 2 usage or an unusable record, 3 it is not known whether there is a"
    " question, or --list shows an incomplete record, 4 no usable credential, 5 nothing was"
    " recorded."
)


def command(  # noqa: PLR0913 (each is an option of the command line)
    context: typer.Context,
    code: Annotated[
        str,
        typer.Argument(
            metavar="[CODE]",
            help="The check that asks, by code or slug. If left out, every question of the last run"
            " without an answer.",
            rich_help_panel=TARGETS,
        ),
    ] = "",
    subjects: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SUBJECT]...",
            help="The subject: npm:PACKAGE, npm:@SCOPE, github:NAME, github:OWNER/REPO, or an id as"
            " reports show it. Your own accounts and packages if left out.",
            rich_help_panel=TARGETS,
        ),
    ] = None,
    *,
    answer: Annotated[
        bool | None,
        typer.Option("--yes/--no", help="The answer, for all of them.", rich_help_panel=ANSWER),
    ] = None,
    by: Annotated[
        str,
        typer.Option(
            "--by",
            metavar="NAME",
            help="Who answers; the account's login if left out.",
            rich_help_panel=ANSWER,
        ),
    ] = "",
    days: Annotated[
        int | None,
        typer.Option(
            "--days",
            metavar="N",
            help=f"How long it counts: {DAYS} days if left out, 180 at most (ATT104: 365).",
            rich_help_panel=ANSWER,
        ),
    ] = None,
    until: Annotated[
        str,
        typer.Option(
            "--until",
            metavar="DATE",
            help="When it expires, instead of --days: 2027-01-31, at the start of that day in UTC.",
            rich_help_panel=ANSWER,
        ),
    ] = "",
    evidence: Annotated[
        str,
        typer.Option(
            "--evidence",
            metavar="TEXT",
            help="A note on how you know; never a secret.",
            rich_help_panel=ANSWER,
        ),
    ] = "",
    withdraw: Annotated[
        bool,
        typer.Option("--withdraw", help="Undo an answer.", rich_help_panel=ANSWER),
    ] = False,
    listed: Annotated[
        bool,
        typer.Option("--list", help="Show what is on record.", rich_help_panel=RESULT),
    ] = False,
    output_format: Annotated[
        str,
        typer.Option(
            "--format",
            "-f",
            metavar="FORMAT",
            help="For --list: table or json.",
            rich_help_panel=RESULT,
        ),
    ] = "table",
    output: Annotated[
        str,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Of export: the file; answers-LOGIN.json if left out.",
            rich_help_panel=RESULT,
        ),
    ] = "",
    account: Annotated[
        str,
        typer.Option(
            "--account",
            metavar="LOGIN",
            help="The account that it is recorded for, if no token shows it.",
            rich_help_panel=TOKENS,
        ),
    ] = "",
    token_stdin: choices.TokenStdin = "",
    token_file: choices.TokenFile = None,
    use_gh: choices.UseGh = False,
    github_url: GitHubUrl = "https://github.com",
    npm_registry: NpmRegistry = "",
    ca_file: CaFile = "",
) -> int:
    """Record your answer to a question that no API answers."""
    console: Console = context.obj
    if listed:
        from hardenme.cli.attest.records import show  # noqa: PLC0415 (start-up)

        return show(console, code, output_format)
    if code in {"export", "import"}:
        from hardenme.cli.attest import shared  # noqa: PLC0415 (start-up)

        if code == "export":
            return shared.export(console, account, output)
        return shared.receive(console, subjects or [], github_url, ca_file)
    if not code and (withdraw or answer is not None):
        console.say("name the check that asks, like NPP106; `hardenme attest --help` shows how")
        return 2
    if withdraw:
        from hardenme.cli.attest.records import take_back  # noqa: PLC0415 (start-up)

        return take_back(console, code, subjects or [], by)
    from hardenme.cli.attest.request import Wish  # noqa: PLC0415 (start-up)

    wish = Wish(
        code=code,
        subjects=tuple(subjects or ()),
        answer=answer,
        by=by,
        days=days,
        until=until,
        evidence=evidence,
        account=account,
        github_url=github_url,
        npm_registry=npm_registry,
        ca_file=ca_file,
        token_stdin=token_stdin,
        token_files=tuple(token_file or ()),
        use_gh=use_gh,
    )
    if not code:
        from hardenme.cli.attest.open_questions import walk  # noqa: PLC0415 (start-up)

        return walk(console, wish, sys.stdin)
    from hardenme.cli.attest.answers import state  # noqa: PLC0415 (start-up)

    return state(console, wish, sys.stdin)
