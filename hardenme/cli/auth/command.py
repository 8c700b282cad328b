"""`hardenme auth`: tokens in the system's keyring, and what the tokens in use may do."""

from __future__ import annotations

import sys

from hardenme.cli.options.given import OptionValues
from hardenme.cli.options.panels import CommandGroup
from hardenme.cli.options.settled import SettledCommand
from hardenme.config.option import text
from hardenme.config.table.access import (
    ADDRESSES,
    AS,
    CA_FILE,
    EXPIRES_IN,
    GITHUB_URL,
    HOST,
    NPM_REGISTRY,
    OWNER,
    READ_ONLY,
    TOKENS,
)
from hardenme.config.table.result import FORMAT, OUTPUT
from hardenme.config.table.selection import FOR, IGNORE, SELECT

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
what it may do. It is stored in your system's keyring and nowhere else. Without a safe keyring,
nothing is stored: it prints the link, and where to keep the token.
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
hardenme auth status -f json             for scripts

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

PROVIDER = text("provider", "Whose token.", spelled="github|npm", required=True, offers="providers")
OF_LOGIN = AS.but(help="The account that the token belongs to.")
FORM = FORMAT.but(help="table, markdown or json.", default="table")


def login(given: OptionValues) -> int:
    """Store a token in the system's keyring, after showing the least one that is enough."""
    from hardenme.cli.auth.login import LoginOptions, log_in  # noqa: PLC0415 (start-up)
    from hardenme.cli.auth.login_both import log_in_both  # noqa: PLC0415

    wanted = LoginOptions(
        provider=given[PROVIDER],
        host=given[HOST],
        configured={
            "github": "" if given[GITHUB_URL] == GITHUB_URL.default else given[GITHUB_URL],
            "npm": given[NPM_REGISTRY],
        },
        owner=given[OWNER],
        as_login=given[AS],
        select=given[SELECT],
        read_only=given[READ_ONLY],
        days=given[EXPIRES_IN],
        ca_file=given[CA_FILE],
    )
    return (log_in if wanted.provider else log_in_both)(given.console, wanted, sys.stdin)


def status(given: OptionValues) -> int:
    """Show each token in use: whose it is, what it may do, lacks, and has too much."""
    from hardenme.cli.auth.status import show_status  # noqa: PLC0415 (start-up)

    return show_status(given, sys.stdin)


def logout(given: OptionValues) -> int:
    """Remove stored tokens, and say what could not be removed."""
    from hardenme.cli.auth.logout import log_out  # noqa: PLC0415 (start-up)

    return log_out(
        given.console,
        given[PROVIDER],
        host=given[HOST],
        owner=given[OWNER],
        as_login=given[AS],
        ca_file=given[CA_FILE],
    )


COMMAND = CommandGroup(
    "auth",
    SettledCommand(
        "login",
        login,
        PROVIDER.but(
            help="Whose token; without it GitHub's, then npm's.",
            default="",
            spelled="[github|npm]",
            required=False,
            shows_default=False,
        ),
        *(HOST, GITHUB_URL, NPM_REGISTRY, OWNER, OF_LOGIN),
        *(SELECT, READ_ONLY, EXPIRES_IN, CA_FILE),
        help=LOGIN_HELP,
        epilog=LOGIN_EPILOG,
        short_help="Store the least token in the system's keyring.",
    ),
    SettledCommand(
        "status",
        status,
        *(FOR, SELECT, IGNORE, *TOKENS, OF_LOGIN, *ADDRESSES, FORM, OUTPUT),
        help=STATUS_HELP,
        epilog=STATUS_EPILOG,
        short_help="Show what each token in use may do, and lacks.",
    ),
    SettledCommand(
        "logout",
        logout,
        *(PROVIDER, HOST, OWNER, OF_LOGIN, CA_FILE),
        help=LOGOUT_HELP,
        epilog=LOGOUT_EPILOG,
        short_help="Remove stored tokens.",
    ),
    told="Store the least token in the keyring, see what the tokens in use may do, remove them.",
)
