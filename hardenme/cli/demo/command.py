"""`hardenme demo`: the real check, on built-in accounts served from this machine."""

from __future__ import annotations

from typing import Annotated

import typer

from hardenme.cli.options import choices
from hardenme.cli.terminal.console import Console
from hardenme.ground import clock


def command(  # noqa: PLR0913 (each is an option of the command line)
    context: typer.Context,
    *,
    hardened: Annotated[
        bool, typer.Option("--hardened", help="An account without these problems.")
    ] = False,
    output_format: choices.Format = "screen",
    full: choices.Full = False,
    quiet: choices.Quiet = False,
    lines: choices.Lines = False,
    with_members: choices.WithMembers = False,
    keep_run: choices.KeepRun = True,
) -> int:
    """Run the real check on built-in accounts: no token, no network, nothing of yours is read."""
    from hardenme.cli.audit.clients import Connection, clients  # noqa: PLC0415 (start-up)
    from hardenme.cli.audit.faults import faults_kept  # noqa: PLC0415
    from hardenme.cli.audit.presence import nobody_needed  # noqa: PLC0415
    from hardenme.cli.audit.run import order  # noqa: PLC0415
    from hardenme.cli.audit.tokens import Tokens  # noqa: PLC0415
    from hardenme.cli.options.audit import CheckOptions, UsageError  # noqa: PLC0415
    from hardenme.cli.output.delivery import Delivery, deliver, whole  # noqa: PLC0415
    from hardenme.cli.stored.runs import keep, shown, wanted  # noqa: PLC0415
    from hardenme.cli.terminal.progress import ProgressLine  # noqa: PLC0415
    from hardenme.credentials.token import credential  # noqa: PLC0415
    from hardenme.engine.audit import audit  # noqa: PLC0415
    from hardenme.facts.npm.site import REGISTRY  # noqa: PLC0415
    from hardenme.model.pages import GITHUB_WEB  # noqa: PLC0415
    from hardenme.sandbox.demo import accounts  # noqa: PLC0415

    console: Console = context.obj
    now = clock.now().replace(microsecond=0)
    with accounts(now, hardened=hardened) as demo:
        try:
            options = CheckOptions.of(
                targets=["me"],
                select=[],
                ignore=[],
                profile="",
                fail_on="high",
                allow_unknown=[],
                include=[],
                exclude=[],
                archived=False,
                local=False,
                network_lookups=False,
                as_login="",
                github_url=demo.github_url,
                npm_registry=demo.npm_url,
                workers=4,
                ca_file="",
                output_format=whole(output_format, full=full),
            )
        except UsageError as error:
            console.say(str(error))
            return 2
        connection = Connection(
            demo.github_url,
            demo.npm_url,
            web=GITHUB_WEB,
            shown_registry=REGISTRY,
            trust_root=demo.trust_root,
            presence=nobody_needed(),
        )
        found = clients(
            connection,
            Tokens(
                credential("github", demo.github_token, "demo"),
                credential("npm", demo.npm_token, "demo"),
            ),
        )
        line = ProgressLine(console, quiet=False)
        with faults_kept(console):
            report = audit(order(options), found, line)
        line.close()
    kept = wanted(console.environ, asked=keep_run)
    run = keep(console, report, demo=True) if kept else None
    delivery = Delivery(
        options.output_format,
        quiet=quiet or lines,
        with_members=with_members,
        invented=True,
        lines=lines,
    )
    deliver(console, report, delivery)
    if run is not None and delivery.numbered:
        shown(run, demo=True)
    return 0
