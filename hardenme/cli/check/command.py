"""`hardenme check`."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from hardenme.cli.options.given import OptionValues
from hardenme.cli.options.settled import SettledCommand
from hardenme.config.table.access import ADDRESSES, APP, CACHE, TOKENS, TRUST_ROOT
from hardenme.config.table.result import (
    ALLOW_UNKNOWN,
    BASELINE,
    FAIL_ON,
    FORMAT,
    FROM_FACTS,
    FULL,
    KEEP_RUN,
    LINES,
    OUTPUT,
    QUIET,
    REDACT,
    SAVE_FACTS,
    WITH_MEMBERS,
)
from hardenme.config.table.selection import (
    DEPTH,
    IGNORE,
    INTERACTIVE,
    MEMBER,
    ORGANIZATIONS,
    PACE,
    PLAN,
    PROFILE,
    RESUME,
    SELECT,
    SELECTED,
    SINCE,
    TARGET,
)

if TYPE_CHECKING:
    from hardenme.cli.check.baseline import Baseline
    from hardenme.cli.output.delivery import Delivery
    from hardenme.engine.run_config import RunConfig

HELP = """\
Audit accounts, organizations, repositories and packages, and print the checklist.

\b
hardenme check                            your accounts and this machine
hardenme check github:ORG --plan          how many requests a run takes
hardenme check github:ORG --depth fast    bulk queries only: few requests
hardenme check github:ORG --member LOGIN  what one member has to do
hardenme check --all-organizations        every organization of your account
hardenme check --enterprise ACME          every organization of an enterprise
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
    " is unknown or a rate limit ended the run, 4 no usable credential and nothing else was looked"
    " at, or one that was rejected during the run, 5 nothing matched or no target was found, 75"
    " already running, 130 interrupted, 143 terminated. With --baseline, 0, 1 and 3 are about what"
    " changed: 1 something new or worse, 3 something no longer visible."
)


def check(given: OptionValues) -> int:
    """Audit accounts, organizations, repositories and packages, and print the checklist."""
    if given[FROM_FACTS]:
        from hardenme.cli.check.from_facts import judge_again  # noqa: PLC0415 (start-up)

        return judge_again(given)
    from hardenme.cli.audit.clients import hosts_of  # noqa: PLC0415 (start-up)
    from hardenme.cli.audit.organizations import demand_list  # noqa: PLC0415 (start-up)
    from hardenme.cli.audit.people import about_no_one, for_person, member_of, of_people  # noqa: PLC0415
    from hardenme.cli.audit.reuse import find_reusable_run, how_of, show_member  # noqa: PLC0415
    from hardenme.cli.audit.run import audited, prepare, print_forecast, say_incidents  # noqa: PLC0415
    from hardenme.cli.check.save_facts import facts_file  # noqa: PLC0415
    from hardenme.cli.options.run_config import lists_organizations, run_config  # noqa: PLC0415
    from hardenme.cli.output.delivery import PAGE, deliver, delivered  # noqa: PLC0415
    from hardenme.cli.output.place import output_file  # noqa: PLC0415
    from hardenme.cli.stored.runs import keep, note_shown, wanted  # noqa: PLC0415
    from hardenme.cli.stored.since import with_since  # noqa: PLC0415

    console, login = given.console, member_of(given)
    config = run_config(given)
    delivery = delivered(given)
    keeps = wanted(console.environ, asked=given[KEEP_RUN])
    baseline = _baseline(given, config, delivery)
    every = lists_organizations(given)
    demand_list(given, asked=every)
    if login:
        # Which organizations those are is not known before they are listed.
        reusable = keeps and not every
        found = find_reusable_run(given, config, hosts_of(given)) if reusable else None
        if found is not None:
            return show_member(console, found, login, delivery)
        config = replace(config, selection=of_people(config.selection))
    with output_file(delivery) as place, facts_file(given, delivery) as facts:
        run = prepare(given, config, delivery, sys.stdin)
        baseline = baseline and replace(baseline, config=run.config)
        if given[PLAN]:
            return print_forecast(run, delivery, place)
        with audited(run, facts) as made:
            how = how_of(run.config, run.hosts, people=bool(login))
            kept = keep(console, made, how) if keeps else None
            report = replace(made, kept=kept is not None)
            if baseline is not None:
                return baseline.show(report, run.hosts, place)
            say_incidents(console, report, delivery)
            shown = for_person(report, run.config.selection.checks, login) if login else report
            if shown.inventory and not login:
                from hardenme.cli.stored.lately import with_lately  # noqa: PLC0415

                shown = with_lately(shown, kept)
            if delivery.numbered and not login:
                shown = with_since(shown, kept, named=delivery.names is None)
            if delivery.form == PAGE and not login:
                from hardenme.cli.stored.trend_points import with_trend  # noqa: PLC0415

                shown = with_trend(shown, kept)
            delivery = replace(delivery, kept=None if login else kept)
            code = deliver(console, shown, delivery, place, empty=about_no_one(login))
            if kept is not None and delivery.numbered:
                note_shown(kept)
            return code


def _baseline(given: OptionValues, config: RunConfig, delivery: Delivery) -> Baseline | None:
    """The baseline of the report, if an earlier report is named."""
    if not given[BASELINE]:
        return None
    from hardenme.cli.check.baseline import Baseline  # noqa: PLC0415 (start-up)

    return Baseline.of(given, config, delivery)


COMMAND = SettledCommand(
    "check",
    check,
    *(TARGET, *SELECTED, INTERACTIVE, SINCE, DEPTH, PLAN, RESUME, *PACE, MEMBER),
    *ORGANIZATIONS,
    *(*TOKENS, *APP, *ADDRESSES, TRUST_ROOT, CACHE),
    *(FAIL_ON, ALLOW_UNKNOWN, FORMAT, FULL, REDACT, OUTPUT, QUIET, LINES, WITH_MEMBERS),
    *(SAVE_FACTS, FROM_FACTS, BASELINE, KEEP_RUN),
    often=(
        *(SELECT, IGNORE, PROFILE, INTERACTIVE, DEPTH, PLAN, RESUME, MEMBER, FAIL_ON),
        *(ALLOW_UNKNOWN, FORMAT, FULL, OUTPUT, QUIET, BASELINE),
    ),
    help=HELP,
    epilog=EPILOG,
)
