"""The options that several commands have: which tokens, what counts, where the result goes."""

from __future__ import annotations

from typing import Annotated

import typer

from hardenme.cli.options.panels import RESULT, TOKENS, WHAT

Select = Annotated[
    list[str] | None,
    typer.Option(
        "--select",
        metavar="CHECKS",
        help="Only these checks: codes, slugs or families, comma-separated.",
        rich_help_panel=WHAT,
    ),
]
Ignore = Annotated[
    list[str] | None,
    typer.Option(
        "--ignore",
        metavar="CHECKS",
        help="Not these checks; as --select.",
        rich_help_panel=WHAT,
    ),
]
Profile = Annotated[
    str,
    typer.Option(
        "--profile",
        metavar="NAME",
        help="solo, team, org or strict; chosen from what is seen if left out.",
        rich_help_panel=WHAT,
    ),
]
Include = Annotated[
    list[str] | None,
    typer.Option(
        "--include",
        metavar="GLOB",
        help="Of an owner's repositories, only these.",
        rich_help_panel=WHAT,
    ),
]
Exclude = Annotated[
    list[str] | None,
    typer.Option(
        "--exclude",
        metavar="GLOB",
        help="Of an owner's repositories, not these.",
        rich_help_panel=WHAT,
    ),
]
Archived = Annotated[
    bool,
    typer.Option(
        "--archived",
        help="Look at archived repositories too.",
        rich_help_panel=WHAT,
    ),
]
Local = Annotated[
    bool,
    typer.Option(
        "--local/--no-local",
        help="Whether `me` takes in this machine.",
        rich_help_panel=WHAT,
    ),
]
NetworkLookups = Annotated[
    bool,
    typer.Option(
        "--network-lookups",
        help="Look up the domains of your e-mail addresses (DNS, RDAP); talks to others than "
        "GitHub and npm.",
        rich_help_panel=WHAT,
    ),
]
For = Annotated[
    list[str] | None,
    typer.Option(
        "--for",
        metavar="TARGET",
        help="What is looked at, as check takes it: me, github:ORG, github:OWNER/REPO,"
        " npm:@SCOPE, npm:PACKAGE, local. May be repeated; me if left out.",
        rich_help_panel=WHAT,
    ),
]
ExpiresIn = Annotated[
    int,
    typer.Option(
        "--expires-in",
        metavar="DAYS",
        min=1,
        max=366,
        help="After how many days the new token ends.",
        rich_help_panel=TOKENS,
    ),
]
Since = Annotated[
    int,
    typer.Option(
        "--since",
        metavar="DAYS",
        min=1,
        max=3650,
        help="Of a package's releases, judge those that are younger than so many days.",
        rich_help_panel=WHAT,
    ),
]
TokenStdin = Annotated[
    str,
    typer.Option(
        "--token-stdin",
        metavar="github|npm",
        help="Read that token from standard input.",
        rich_help_panel=TOKENS,
    ),
]
TokenFile = Annotated[
    list[str] | None,
    typer.Option(
        "--token-file",
        metavar="PROVIDER:PATH",
        help="Read a token from a file that only you can read (github:PATH, npm:PATH).",
        rich_help_panel=TOKENS,
    ),
]
UseGh = Annotated[
    bool,
    typer.Option(
        "--use-gh",
        help="Where no other place has a GitHub token, ask `gh auth token` for its own.",
        rich_help_panel=TOKENS,
    ),
]
AsLogin = Annotated[
    str,
    typer.Option(
        "--as",
        metavar="LOGIN",
        help="Take the GitHub token that is stored of LOGIN; stop if the one in use is not of "
        "LOGIN.",
        rich_help_panel=TOKENS,
    ),
]
UseCache = Annotated[
    bool,
    typer.Option(
        "--cache/--no-cache",
        help="Keep answers for conditional requests.",
        rich_help_panel=TOKENS,
    ),
]
KeepRun = Annotated[
    bool,
    typer.Option(
        "--keep-run/--no-keep",
        help="Keep the run for `hardenme show` (not where CI is set). With --no-keep, no kept run"
        " is used either.",
        rich_help_panel=RESULT,
    ),
]
FailOn = Annotated[
    str,
    typer.Option(
        "--fail-on",
        metavar="SEVERITY",
        help="Exit with 1 from this severity: critical, high, medium, low, info.",
        rich_help_panel=RESULT,
    ),
]
AllowUnknown = Annotated[
    list[str] | None,
    typer.Option(
        "--allow-unknown",
        metavar="NAMES",
        help="What may stay unknown: codes, slugs, families or reasons (NOT_PERMITTED).",
        rich_help_panel=RESULT,
    ),
]
Format = Annotated[
    str,
    typer.Option(
        "--format",
        "-f",
        metavar="FORMAT",
        help="screen (what counts, on one screen), table, markdown, html, csv; json (the whole of"
        " it); sarif, junit, github (for programs); commands (all steps as a script); of who can"
        " publish alone: mermaid, dot (drawings).",
        rich_help_panel=RESULT,
    ),
]
Full = Annotated[
    bool,
    typer.Option(
        "--full",
        help="Show every finding with its reason and fix, as -f table does.",
        rich_help_panel=RESULT,
    ),
]
Redact = Annotated[
    bool,
    typer.Option(
        "--redact",
        help="Put a pseudonym in place of each name, for sharing; see hardenme show --help.",
        rich_help_panel=RESULT,
    ),
]
Output = Annotated[
    str,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="Write to a file (mode 0600).",
        rich_help_panel=RESULT,
    ),
]
Quiet = Annotated[
    bool,
    typer.Option(
        "--quiet",
        "-q",
        help="The findings alone, two lines each.",
        rich_help_panel=RESULT,
    ),
]
Lines = Annotated[
    bool,
    typer.Option("--lines", help="The findings alone, one line each.", rich_help_panel=RESULT),
]
WithMembers = Annotated[
    bool,
    typer.Option(
        "--with-members",
        help="Say in sarif and github, which many can read, what was found of single people, too.",
        rich_help_panel=RESULT,
    ),
]
SaveFacts = Annotated[
    str,
    typer.Option(
        "--save-facts",
        metavar="FILE",
        help="Keep what was read, without secrets, to be judged again (mode 0600).",
        rich_help_panel=RESULT,
    ),
]
FromFacts = Annotated[
    str,
    typer.Option(
        "--from-facts",
        metavar="FILE",
        help="Judge what --save-facts kept: asks nobody, takes no token.",
        rich_help_panel=RESULT,
    ),
]
Baseline = Annotated[
    str,
    typer.Option(
        "--baseline",
        metavar="FILE|last",
        help="Show first what changed since that report, of --format json or stored by hardenme"
        " report; the exit code is about that.",
        rich_help_panel=RESULT,
    ),
]
