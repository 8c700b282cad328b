"""`hardenme auth`: tokens in the system's keyring, and what the tokens in use may do."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from hardenme.cli.options import choices
from hardenme.cli.options.addresses import CaFile, GitHubUrl, NpmRegistry
from hardenme.cli.options.panels import RESULT, TOKENS, CommandGroup
from hardenme.cli.options.settled import SettledCommand
from hardenme.cli.terminal.console import Console

app = typer.Typer(
    cls=CommandGroup,
    help="Store the least token in the keyring, see what the tokens in use may do, remove them.",
)

LOGIN_HELP = """\
Store a token in the system's keyring, after showing the least one that is enough.

\b
hardenme auth login                      GitHub, then npm; each can be skipped
hardenme auth login github               a token for your own account
hardenme auth login github --owner ORG   one more, for what ORG owns
hardenme auth login npm                  sign in on npm's page, for two hours
hardenme auth login npm --read-only      paste a read-only token
pass show github | hardenme auth login github

At a terminal it prints the link that makes the token, with the least permissions filled in, and
reads the token without showing it. The token is sent to its own host only, to learn whose it is and
what it may do. It is stored in your system's keyring and nowhere else: without a safe keyring,
nothing is stored.
"""
LOGIN_EPILOG = (
    "Exit codes: 0 stored, 2 usage, 3 the host could not be asked, 4 no safe keyring or a token"
    " that is not accepted, 5 all was skipped, 130 interrupted. Nothing is stored unless it is 0."
    " Without a provider, the lines above say what was stored."
)
STATUS_HELP = """\
Show each token in use: whose it is, what it may do, what it lacks, and what it does not need.

\b
hardenme auth status                     your accounts
hardenme auth status --for github:ORG    measured by what a check of ORG needs
hardenme auth status --select GHB,GHR    measured by what these checks need
hardenme auth status --json              for scripts

Each token is sent to its own host only, by requests that only read. The last line says how many.
"""
STATUS_EPILOG = (
    "Exit codes: 0 every token found is accepted, 2 usage, 3 a host could not be asked, 4 a token"
    " is not accepted or there is none."
)
LOGOUT_HELP = """\
Remove stored tokens, and say what could not be removed.

\b
hardenme auth logout github               all that is stored for github.com
hardenme auth logout github --owner ORG   the one for ORG alone
hardenme auth logout npm                  also ends the session at npm

It removes the token from the keyring, and all answers in the cache, those of other tokens too. A
GitHub token stays valid until you delete it on its page, which is printed: hardenme cannot do that.
"""
LOGOUT_EPILOG = (
    "Exit codes: 0 removed, 2 usage, 3 npm's session could not be ended, 4 the keyring cannot be"
    " used, 5 nothing was stored."
)

Provider = Annotated[str, typer.Argument(metavar="github|npm", help="Whose token.")]
AnyProvider = Annotated[
    str,
    typer.Argument(
        metavar="[github|npm]",
        help="Whose token; without it GitHub's, then npm's.",
        show_default=False,
    ),
]
Host = Annotated[
    str,
    typer.Option(
        "--host",
        metavar="HOST",
        help="A GitHub Enterprise host, or a registry other than npm's own.",
        rich_help_panel=TOKENS,
    ),
]
Owner = Annotated[
    str,
    typer.Option(
        "--owner",
        metavar="ORG",
        help="GitHub: the token for what this organization or user owns.",
        rich_help_panel=TOKENS,
    ),
]
AsLogin = Annotated[
    str,
    typer.Option(
        "--as",
        metavar="LOGIN",
        help="The account that the token belongs to.",
        rich_help_panel=TOKENS,
    ),
]


@app.command(
    "login",
    cls=SettledCommand,
    help=LOGIN_HELP,
    epilog=LOGIN_EPILOG,
    short_help="Store the least token in the system's keyring.",
)
def login(  # noqa: PLR0913 (each is an option of the command line)
    context: typer.Context,
    provider: AnyProvider = "",
    *,
    host: Host = "",
    owner: Owner = "",
    as_login: AsLogin = "",
    select: choices.Select = None,
    read_only: Annotated[
        bool,
        typer.Option(
            "--read-only",
            help="npm: paste a read-only token, in place of signing in for two hours.",
            rich_help_panel=TOKENS,
        ),
    ] = False,
    expires_in: choices.ExpiresIn = 30,
    ca_file: CaFile = "",
) -> int:
    """Store a token in the system's keyring, after showing the least one that is enough."""
    from hardenme.cli.auth.login import Wanted, log_in  # noqa: PLC0415 (start-up)
    from hardenme.cli.auth.login_both import log_in_both  # noqa: PLC0415

    console: Console = context.obj
    wanted = Wanted(
        provider=provider,
        host=host,
        owner=owner,
        as_login=as_login,
        select=tuple(select or ()),
        read_only=read_only,
        days=expires_in,
        ca_file=ca_file,
    )
    return (log_in if provider else log_in_both)(console, wanted, sys.stdin)


@app.command(
    "status",
    cls=SettledCommand,
    help=STATUS_HELP,
    epilog=STATUS_EPILOG,
    short_help="Show what each token in use may do, and lacks.",
)
def status(  # noqa: PLR0913 (each is an option of the command line)
    context: typer.Context,
    *,
    targets: choices.For = None,
    select: choices.Select = None,
    ignore: choices.Ignore = None,
    token_stdin: choices.TokenStdin = "",
    token_file: choices.TokenFile = None,
    use_gh: choices.UseGh = False,
    as_login: AsLogin = "",
    github_url: GitHubUrl = "https://github.com",
    npm_registry: NpmRegistry = "",
    ca_file: CaFile = "",
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON.", rich_help_panel=RESULT)
    ] = False,
) -> int:
    """Show each token in use: whose it is, what it may do, lacks, and does not need."""
    from hardenme.cli.auth.status import Sought, show_status  # noqa: PLC0415 (start-up)

    console: Console = context.obj
    sought = Sought(
        targets=tuple(targets or ("me",)),
        select=tuple(select or ()),
        ignore=tuple(ignore or ()),
        token_stdin=token_stdin,
        token_files=tuple(token_file or ()),
        use_gh=use_gh,
        as_login=as_login,
        github_url=github_url,
        npm_registry=npm_registry,
        ca_file=ca_file,
        as_json=as_json,
    )
    return show_status(console, sought, sys.stdin)


@app.command(
    "logout",
    cls=SettledCommand,
    help=LOGOUT_HELP,
    epilog=LOGOUT_EPILOG,
    short_help="Remove stored tokens.",
)
def logout(  # noqa: PLR0913 (each is an option of the command line)
    context: typer.Context,
    provider: Provider,
    *,
    host: Host = "",
    owner: Owner = "",
    as_login: AsLogin = "",
    ca_file: CaFile = "",
) -> int:
    """Remove stored tokens, and say what could not be removed."""
    from hardenme.cli.auth.logout import log_out  # noqa: PLC0415 (start-up)

    console: Console = context.obj
    return log_out(console, provider, host=host, owner=owner, as_login=as_login, ca_file=ca_file)
