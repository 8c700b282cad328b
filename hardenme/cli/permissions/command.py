"""`hardenme permissions`."""

from __future__ import annotations

from hardenme.cli.options.given import OptionValues
from hardenme.cli.options.settled import SettledCommand
from hardenme.config.option import switch
from hardenme.config.table.access import EXPIRES_IN, GITHUB_URL, NPM_REGISTRY
from hardenme.config.table.headings import RESULT
from hardenme.config.table.result import FORMAT, FULL
from hardenme.config.table.selection import (
    DEPTH,
    FOR,
    FOR_COMMAND,
    IGNORE,
    PROFILE,
    SELECT,
)

HELP = """\
Show the smallest token that works, with its link. It contacts no host.

\b
hardenme permissions                              your own accounts
hardenme permissions --full                       each right and kind of token
hardenme permissions --for github:ORG             an organization
hardenme permissions --select GHB --for github:OWNER/REPO
hardenme permissions --for github:ORG --app-manifest > app.json
hardenme permissions --command recent --depth fast   what `recent` reads
hardenme permissions --format json

The link has the rights filled in. With --full it lists each right with the checks that need it, and
what stays unknown all the same.
"""
EPILOG = "Exit codes: 0 printed, 2 usage."
MANIFEST = (
    "a manifest is for one organization: name it, as in:"
    " hardenme permissions --app-manifest --for github:ORG"
)
HOW = (
    "GitHub takes a manifest in the field `manifest` of a form that is sent to {page}, and gives"
    " back the app's ID and key; the link that `{full}` shows has the same rights filled in"
)
MANIFEST_ONLY = switch(
    "app-manifest",
    "Print the manifest of a GitHub App for the organization, as JSON.",
    heading=RESULT,
)


def permissions(given: OptionValues) -> int:
    """Show the smallest token that works, with its link."""
    from hardenme.cli.options.least_token import LeastTokenOptions  # noqa: PLC0415 (start-up)
    from hardenme.cli.output.forms import style_of  # noqa: PLC0415
    from hardenme.reports import permissions, permissions_brief, permissions_json  # noqa: PLC0415

    console = given.console
    asked = LeastTokenOptions.of(given)
    form = given.one_of(FORMAT, ("table", "json"))
    found, everything = asked.permissions(), f"{asked.line} --full"
    if given[MANIFEST_ONLY]:
        apps = [token for token in found.tokens if token.manifest]
        if len(apps) != 1:
            console.say(MANIFEST)
            return 2
        console.print(permissions_json.manifest(apps[0]))
        console.say(HOW.format(page=apps[0].page, full=everything))
    elif form == "json":
        console.print(permissions_json.document(found))
    else:
        style = style_of(console)
        if given[FULL]:
            console.print(permissions.render(found, style))
        else:
            console.print(permissions_brief.render(found, style, everything))
    return 0


COMMAND = SettledCommand(
    "permissions",
    permissions,
    *(FOR, SELECT, IGNORE),
    PROFILE.but(help="solo, team, org or strict: leaves out the checks of other profiles."),
    *(DEPTH, EXPIRES_IN, GITHUB_URL, NPM_REGISTRY, FOR_COMMAND),
    FULL.but(help="List each right, every kind of token, and what stays unknown."),
    MANIFEST_ONLY,
    FORMAT.but(help="table or json.", default="table"),
    help=HELP,
    epilog=EPILOG,
)
