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
        help="solo, team, org or strict; chosen from what the run sees if left out.",
        rich_help_panel=WHAT,
    ),
]
Include = Annotated[
    list[str] | None,
    typer.Option(
        "--include",
        metavar="GLOB",
        help="Only these of an owner's repositories.",
        rich_help_panel=WHAT,
    ),
]
Exclude = Annotated[
    list[str] | None,
    typer.Option(
        "--exclude",
        metavar="GLOB",
        help="All of an owner's repositories except these.",
        rich_help_panel=WHAT,
    ),
]
Archived = Annotated[
    bool,
    typer.Option(
        "--archived",
        help="Include archived repositories.",
        rich_help_panel=WHAT,
    ),
]
Local = Annotated[
    bool,
    typer.Option(
        "--local/--no-local",
        help="Whether `me` includes this machine.",
        rich_help_panel=WHAT,
    ),
]
NetworkLookups = Annotated[
    bool,
    typer.Option(
        "--network-lookups",
        help="Look up the domains of your email addresses (DNS, RDAP). This contacts other hosts "
        "than GitHub and npm.",
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
        help="Days after which the new token expires.",
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
        help="Only judge releases from the last DAYS days.",
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
        help="Use the token of `gh auth token` if no other place has a GitHub token.",
        rich_help_panel=TOKENS,
    ),
]
AsLogin = Annotated[
    str,
    typer.Option(
        "--as",
        metavar="LOGIN",
        help="Use LOGIN's stored GitHub token; stop if the one in use belongs to someone else.",
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
        help="Keep the run for `hardenme show` (not if CI is set). --no-keep also ignores earlier"
        " runs.",
        rich_help_panel=RESULT,
    ),
]
FailOn = Annotated[
    str,
    typer.Option(
        "--fail-on",
        metavar="SEVERITY",
        help="Exit with 1 at this severity or above: critical, high, medium, low, info.",
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
        help="screen (one screen), table, markdown, html, csv; json (everything); sarif, junit,"
        " github (for programs); commands (all steps as a script); mermaid, dot (drawings of who"
        " can publish).",
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
        help="Replace each name with a pseudonym, for sharing; see hardenme show --help.",
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
        help="Only the findings, two lines each.",
        rich_help_panel=RESULT,
    ),
]
Lines = Annotated[
    bool,
    typer.Option("--lines", help="Only the findings, one line each.", rich_help_panel=RESULT),
]
WithMembers = Annotated[
    bool,
    typer.Option(
        "--with-members",
        help="Include findings about individuals in sarif and github, which many can read.",
        rich_help_panel=RESULT,
    ),
]
SaveFacts = Annotated[
    str,
    typer.Option(
        "--save-facts",
        metavar="FILE",
        help="Keep what was read, without secrets, to judge it again later (mode 0600).",
        rich_help_panel=RESULT,
    ),
]
FromFacts = Annotated[
    str,
    typer.Option(
        "--from-facts",
        metavar="FILE",
        help="Judge what --save-facts kept, without requests or tokens.",
        rich_help_panel=RESULT,
    ),
]
Baseline = Annotated[
    str,
    typer.Option(
        "--baseline",
        metavar="FILE|last",
        help="Show first what changed since that report (--format json, or the last one of hardenme"
        " report). The exit code is about the changes.",
        rich_help_panel=RESULT,
    ),
]
