"""`hardenme check`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from hardenme.cli.options import choices, sweep
from hardenme.cli.options.addresses import CaFile, GitHubUrl, NpmRegistry, SigstoreTrustRoot
from hardenme.cli.options.panels import TARGETS, WHAT
from hardenme.cli.options.settled import settled
from hardenme.cli.terminal.console import Console
from hardenme.cli.terminal.stopping import stoppable

HELP = """\
Audit accounts, organizations, repositories and packages, and print the checklist.

\b
hardenme check                            your accounts and this machine
hardenme check github:ORG --plan          how many requests a run takes
hardenme check github:ORG --depth fast    bulk queries only: few requests
hardenme check github:ORG --member LOGIN  what one member has to do
hardenme check github:OWNER/REPO          one repository
hardenme check npm:PACKAGE                a package, without any token
hardenme check npm:@SCOPE --interactive   with its trusted publishers
hardenme check -f markdown -o todo.md     the checklist as a task list
hardenme check -f sarif -o out.sarif      for code scanning; people left out
hardenme check npm:PACKAGE -f mermaid     who can publish it, as a drawing
hardenme check npm:@SCOPE -f commands     the steps as a script
hardenme check --save-facts facts.jsonl   keep what was read, without secrets
hardenme check --from-facts facts.jsonl   judge it again, without a token
hardenme check --baseline monday.json     what changed since then, first
hardenme show                             the run again, or a part of it

No option takes a token itself. These places are tried in order: --token-stdin, --token-file,
systemd's credentials, HARDENME_GITHUB_TOKEN and HARDENME_NPM_TOKEN, GH_TOKEN or GITHUB_TOKEN
(github.com), NPM_TOKEN or NODE_AUTH_TOKEN (npm's own registry), the keyring, your own .npmrc, and
with --use-gh, gh. A token for one owner comes before all of these: HARDENME_GITHUB_TOKEN__ACME_LABS
for github:acme-labs.

Options can also come from variables, from your own file and, within limits, from the project's.
`hardenme config` shows which, and `hardenme list --profiles` shows the thresholds.
"""
EPILOG = (
    "Exit codes: 0 clean, 1 findings at or above --fail-on, 2 usage or internal error, 3 something"
    " is unknown or a rate limit ended the run, 4 no usable credential or one that was rejected"
    " during the run, 5 nothing matched or no target was found, 75 already running, 130"
    " interrupted, 143 terminated. With --baseline, 0, 1 and 3 are about what changed: 1 something"
    " new or worse, 3 something no longer visible."
)


def command(  # noqa: PLR0913 (each is an option of the command line)
    context: typer.Context,
    targets: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[TARGET]...",
            help="me (the default: your accounts and this machine), github:NAME, "
            "github:OWNER/REPO, npm:@SCOPE, npm:PACKAGE, local",
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
    interactive: Annotated[
        bool,
        typer.Option(
            "--interactive",
            help="Ask you for a one-time password, which shows the trusted publishers of your "
            "packages. Later runs without it use these answers for 8 days.",
            rich_help_panel=WHAT,
        ),
    ] = False,
    since: choices.Since = 30,
    depth: sweep.Depth = "standard",
    plan: sweep.Plan = False,
    resume: sweep.Resume = False,
    rate_budget: sweep.RateBudget = "",
    max_wait: sweep.MaxWait = 120,
    workers: sweep.Workers = None,
    member: sweep.Member = "",
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
    output_format: choices.Format = "screen",
    full: choices.Full = False,
    redact: choices.Redact = False,
    output: choices.Output = "",
    quiet: choices.Quiet = False,
    lines: choices.Lines = False,
    with_members: choices.WithMembers = False,
    save_facts: choices.SaveFacts = "",
    from_facts: choices.FromFacts = "",
    baseline: choices.Baseline = "",
    keep_run: choices.KeepRun = True,
) -> int:
    """Audit accounts, organizations, repositories and packages, and print the checklist."""
    from hardenme.cli.check.from_facts_options import demand_alone, given_by_user  # noqa: PLC0415 (start-up)
    from hardenme.cli.options.audit import CheckOptions, UsageError  # noqa: PLC0415 (start-up)
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
            # What was left out for these is for the run to say that read the facts.
            network_lookups=network_lookups or bool(from_facts),
            as_login=as_login,
            github_url=github_url,
            npm_registry=npm_registry,
            workers=workers,
            ca_file=ca_file,
            trust_root=sigstore_trust_root,
            output_format=whole(output_format, full=full),
            depth="deep" if from_facts else depth,
            rate_budget=rate_budget,
            max_wait=max_wait,
            member=member,
            app_id=app_id,
            app_key=app_key,
            resume=resume,
            planned=plan,
            interactive=interactive,
            since=since,
            settled=settled(context),
            save_facts=save_facts,
        )
        if from_facts:
            demand_alone(given_by_user(context))
    except UsageError as error:
        console.say(str(error))
        return 2
    from hardenme.cli.audit.run import run_check  # noqa: PLC0415
    from hardenme.cli.output.delivery import Delivery  # noqa: PLC0415 (start-up)
    from hardenme.cli.output.pseudonyms import pseudonyms  # noqa: PLC0415
    from hardenme.cli.stored.runs import wanted  # noqa: PLC0415
    from hardenme.store.pseudonym_key import KeyFileError  # noqa: PLC0415

    try:
        names = pseudonyms(wanted=redact)
    except KeyFileError as error:
        console.say(str(error))
        return 2
    file = None if output in {"", "-"} else Path(output)
    delivery = Delivery(
        options.output_format,
        file,
        quiet or lines,
        names=names,
        with_members=with_members,
        lines=lines,
    )
    if from_facts:
        from hardenme.cli.check.from_facts import judge_again  # noqa: PLC0415 (start-up)

        kept = wanted(console.environ, asked=keep_run)
        return stoppable(
            console, lambda: judge_again(console, options, delivery, Path(from_facts), kept=kept)
        )
    hand = None
    if baseline:
        from hardenme.cli.check.baseline import Baseline  # noqa: PLC0415 (start-up)

        try:
            hand = Baseline.of(console, options, delivery, baseline)
        except UsageError as error:
            console.say(str(error))
            return 2
    return stoppable(
        console,
        lambda: run_check(
            console,
            options,
            delivery,
            stdin=sys.stdin,
            stdin_for=token_stdin,
            files=token_file or [],
            cached=cache,
            use_gh=use_gh,
            hand=hand,
            kept=wanted(console.environ, asked=keep_run),
        ),
    )
