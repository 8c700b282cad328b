"""`hardenme report`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from hardenme.cli.options import choices, sweep
from hardenme.cli.options.addresses import CaFile, GitHubUrl, NpmRegistry, SigstoreTrustRoot
from hardenme.cli.options.panels import RESULT, TARGETS
from hardenme.cli.options.settled import settled
from hardenme.cli.terminal.console import Console
from hardenme.cli.terminal.stopping import stoppable
from hardenme.cli.timer import options as timed
from hardenme.cli.timer.notifications import Evidence, IssueIn, NotifyFile

HELP = """\
Check, compare with the last run, store the report, and show what changed: for a timer.

\b
hardenme report                       your accounts and this machine
hardenme report github:ORG --quiet    only what changed, two lines each
hardenme report github:ORG --digest   every failed check, even where nothing changed
hardenme report --heartbeat URL       request a page after a complete run
hardenme report me --interval 1d      warn after three days without a run
hardenme schedule print --cron me     the line for your crontab
hardenme trend github:ORG             how the stored reports changed over time

It takes the targets, tokens and options of `hardenme check`. The first run is an unverified
baseline, so read it. Each further run shows what is new, worse, better, fixed, or no longer
visible. It also shows which keys, people, hooks, rules and releases were added, removed or
changed, and then the screen of `hardenme check`. What could not be read is never called fixed: it
is remembered, and compared when it is visible again.

Reports are in your state folder, and only you can read them. Each set of targets, hosts and
selecting options has its own folder; reports of different accounts are never compared. They are
JSON: `hardenme show`, `fix` and `diff` read them.

No mail can mean no changes, or a timer that stopped. So give --heartbeat the address of a service
that warns if no request arrives, or a file whose age is watched. Keep the address secret: better in
your own file or HARDENME_HEARTBEAT than on the command line. It is requested only after a run that
was complete, stored and delivered. `hardenme doctor` and the next run also warn after three missed
runs.
"""
EPILOG = (
    "Exit codes: 0 nothing is new or worse, 1 something at or above --fail-on is, 2 usage or"
    " internal error, or the report could not be stored or written, 3 something is no longer"
    " visible, or the run ended early, 4 no usable credential, 5 nothing matched or no"
    " target was found, 6 a message or the heartbeat did not arrive, 75 already running, 130"
    " interrupted, 143 terminated. Earlier findings change no code."
)


def command(  # noqa: PLR0913 (each is an option of the command line)
    context: typer.Context,
    targets: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[TARGET]...",
            help="As `hardenme check` takes them; me if left out.",
            rich_help_panel=TARGETS,
        ),
    ] = None,
    *,
    select: choices.Select = None,
    ignore: choices.Ignore = None,
    profile: choices.Profile = "",
    include: choices.Include = None,
    exclude: choices.Exclude = None,
    archived: choices.Archived = False,
    local: choices.Local = True,
    network_lookups: choices.NetworkLookups = False,
    since: choices.Since = 30,
    depth: sweep.Depth = "standard",
    rate_budget: sweep.RateBudget = "",
    max_wait: sweep.MaxWait = 120,
    workers: sweep.Workers = None,
    token_stdin: choices.TokenStdin = "",
    token_file: choices.TokenFile = None,
    use_gh: choices.UseGh = False,
    app_id: sweep.AppId = 0,
    app_key: sweep.AppKey = "",
    as_login: choices.AsLogin = "",
    github_url: GitHubUrl = "https://github.com",
    npm_registry: NpmRegistry = "",
    ca_file: CaFile = "",
    sigstore_trust_root: SigstoreTrustRoot = "",
    cache: choices.UseCache = True,
    fail_on: choices.FailOn = "high",
    allow_unknown: choices.AllowUnknown = None,
    output_format: Annotated[
        str,
        typer.Option(
            "--format",
            "-f",
            metavar="FORMAT",
            help="screen, table or markdown (what changed, then what stands); json or github (what"
            " changed, for programs).",
            rich_help_panel=RESULT,
        ),
    ] = "screen",
    full: Annotated[
        bool,
        typer.Option(
            "--full",
            help="What stands in full, in place of the screen. Use it without --quiet.",
            rich_help_panel=RESULT,
        ),
    ] = False,
    output: choices.Output = "",
    quiet: Annotated[
        bool,
        typer.Option(
            "--quiet",
            "-q",
            help="Only what changed, two lines each; nothing where nothing changed.",
            rich_help_panel=RESULT,
        ),
    ] = False,
    lines: Annotated[
        bool,
        typer.Option("--lines", help="As --quiet, one line each.", rich_help_panel=RESULT),
    ] = False,
    digest: timed.Digest = False,
    keep: timed.Keep = 60,
    interval: timed.Interval = "",
    heartbeat: timed.Heartbeat = "",
    notify_file: NotifyFile = "",
    evidence: Evidence = False,
    issue: IssueIn = "",
) -> int:
    """Check, compare with the last time, store, and tell what changed: for a timer."""
    from hardenme.cli.options.audit import CheckOptions, UsageError  # noqa: PLC0415
    from hardenme.cli.output.delivery import whole  # noqa: PLC0415 (start-up)

    console: Console = context.obj
    try:
        options = CheckOptions.of(
            targets=targets or ["me"],
            select=select or [],
            ignore=ignore or [],
            profile=profile,
            fail_on=fail_on,
            allow_unknown=allow_unknown or [],
            include=include or [],
            exclude=exclude or [],
            archived=archived,
            local=local,
            network_lookups=network_lookups,
            as_login=as_login,
            github_url=github_url,
            npm_registry=npm_registry,
            workers=workers,
            ca_file=ca_file,
            trust_root=sigstore_trust_root,
            output_format="table",
            depth=depth,
            rate_budget=rate_budget,
            max_wait=max_wait,
            app_id=app_id,
            app_key=app_key,
            since=since,
            settled=settled(context),
        )
        asked = timed.Asked(
            output_format=whole(output_format, full=full),
            output=output,
            quiet=quiet or lines,
            lines=lines,
            digest=digest,
            keep=keep,
            interval=interval,
            heartbeat=heartbeat,
            notify_file=notify_file,
            evidence=evidence,
            issue=issue,
        )
        hand = asked.hand(console, options)
    except UsageError as error:
        console.say(str(error))
        return 2
    from hardenme.cli.audit.run import run_check  # noqa: PLC0415 (start-up)

    return stoppable(
        console,
        lambda: run_check(
            console,
            options,
            hand.wishes.delivery,
            stdin=sys.stdin,
            stdin_for=token_stdin,
            files=token_file or [],
            cached=cache,
            use_gh=use_gh,
            hand=hand,
        ),
    )
