"""`hardenme show`."""

from __future__ import annotations

import sys

from hardenme.cli.options.given import OptionValues
from hardenme.cli.options.panels import PanelCommand
from hardenme.config.option import switch, text, texts
from hardenme.config.table.headings import RESULT, SHOWN, TARGETS
from hardenme.config.table.result import (
    FORMAT,
    FULL,
    LINES,
    OUTPUT,
    QUIET,
    REDACT,
    WITH_MEMBERS,
)
from hardenme.config.table.selection import MEMBER

STORED = """\
It reads reports of every version 1.x, and ignores what a later 1.x adds. It refuses an incomplete
report.

--redact replaces each name with a pseudonym: accounts, organizations, repositories, packages,
secrets, keys, addresses, hosts other than github.com and npm's, and paths of this machine. A name
gets the same pseudonym in every report that you redact on this machine, so you can compare them.
The key for it stays in your state folder, so no one can test guesses. Checks and their texts,
severities, counts, times and hardenme's own words stay.

In Markdown, a report is between the lines <!-- hardenme:begin --> and <!-- hardenme:end -->. If the
file of -o has both, only the part between them is replaced. A ticked box is cleared if its item is
still there.
"""
HELP = f"""\
Show a run again, or a part of it, in any format, without requests or tokens.

\b
hardenme show                           the last run of `hardenme check`
hardenme show --full                    all of it
hardenme show GHB102                    every result of one check
hardenme show github:acme/web           what was found in one repository
hardenme show npm:@acme/ui -f mermaid   a drawing of who can publish it
hardenme show --severity high GHA       one family, high and critical
hardenme show --unknown                 what is not known, and what it takes
hardenme show --member LOGIN            what one member has to do
hardenme show --step tje6dl             one step as a ticket to pass on
hardenme show --repo acme/web -f ticket  what its administrator changes
hardenme show -f issues -o issues.sh    a script: an issue a repository
hardenme show --practices               eight safeguards and their next steps
hardenme show --by repository           how many findings each repository has
hardenme show --each-member people/     a ticket for each member
hardenme show --each-repository todo/   a file for each repository and account
hardenme show --html --open             the page, in your browser
hardenme show -f markdown -o todo.md    a task list
hardenme show --redact -f html          to share: without your names
hardenme show report.json               a file of --format json
hardenme check -f json | hardenme show -    from standard input

`hardenme check` keeps the newest 5 runs of the same targets and accounts in your state folder,
readable by you alone, unless CI is set or with --no-keep. One of each of the last days and weeks
stays, too, for `hardenme recent` to compare with. `hardenme cache clear --runs` removes
them. The demo's runs are kept apart: --demo.

A ticket (-f ticket, with --step, --member or --repo) is Markdown for someone without hardenme. What
an organization owner does is not in the ticket of a member or an administrator. The script of
-f issues creates an issue for each repository, or for --step ID: only in private repositories, and
none twice.

A word is a check (code, slug or family), the id of a subject (* matches anything), or a target of
`hardenme check`. Write ./NAME for a file with such a name. Several words of a kind select all of
them. A selection says how many results it leaves out. What the run did not look at is named, with
exit code 5.

{STORED}"""
EPILOG = (
    "Exit codes: 0 shown, whatever the run says; 2 usage, no run is kept, a report that cannot be"
    " read, or a place that cannot be written; 5 something was not looked at in the run."
)
WORDS = texts(
    "words",
    "A file of `--format json`, - for standard input; then what to show of it. Without a file, the"
    " last run.",
    spelled="[FILE|-|CHECK|SUBJECT]...",
    heading=TARGETS,
    offers="one_check",
)
REPO = texts(
    "repo",
    "Only this repository: OWNER/REPO, or REPO alone. May be repeated.",
    metavar="NAME",
    heading=SHOWN,
)
STEP = text(
    "step",
    "Only this step, by its id, as a ticket: what, why, pages, commands, undo, and how to see that"
    " it is done.",
    metavar="ID",
    heading=SHOWN,
)
ISSUE_IN = text(
    "issue-in",
    "With -f issues: the private repository that all issues are created in. Without it, each"
    " repository gets its own.",
    metavar="OWNER/REPO",
    heading=RESULT,
)
UNKNOWN = switch("unknown", "Only what is not known.", heading=SHOWN)
SEVERITY = text(
    "severity",
    "Only results of checks from this severity: critical, high, medium, low, info.",
    metavar="LEVEL",
    heading=SHOWN,
    offers="severities",
)
BY = text(
    "by",
    "Count findings by repository, person or right (who can fix them); as table, markdown, csv or"
    " json.",
    metavar="WHAT",
    heading=SHOWN,
)
PRACTICES = switch(
    "practices",
    "The safeguards: what is checked, attested, asked and unknown; as table, markdown or json.",
    heading=SHOWN,
)
DEMO = switch("demo", "The last run of the demo.", heading=SHOWN)
EACH_MEMBER = text(
    "each-member",
    (
        "Write a file for each member who has something to do, without other people's data. A"
        " ticket, or what --format says."
    ),
    metavar="DIR",
    heading=RESULT,
)
EACH_REPOSITORY = text(
    "each-repository",
    "Write a ticket, or what --format says, for each repository, package and account. A README.md"
    " leads to them.",
    metavar="DIR",
    heading=RESULT,
)
HTML = switch(
    "html",
    (
        "The page: written to a file in your state folder, or to standard output if that is not a"
        " terminal."
    ),
    heading=RESULT,
)
OPEN = switch("open", "Open the page in your browser.", heading=RESULT)


def show(given: OptionValues) -> int:
    """Show a run again, or a part of it, in any format."""
    from hardenme.cli.show import run  # noqa: PLC0415 (start-up)
    from hardenme.cli.show.selection import ShowOptions  # noqa: PLC0415

    wanted = ShowOptions(
        words=given[WORDS],
        full=given[FULL],
        step=given[STEP],
        issue_in=given[ISSUE_IN],
        member=given[MEMBER],
        repositories=given[REPO],
        unknown=given[UNKNOWN],
        severity=given[SEVERITY],
        by=given[BY],
        practices=given[PRACTICES],
        demo=given[DEMO],
        each_member=given[EACH_MEMBER],
        each_repository=given[EACH_REPOSITORY],
        output_format=given[FORMAT],
        html=given[HTML],
        opened=given[OPEN],
        redact=given[REDACT],
        output=given[OUTPUT],
        quiet=given[QUIET] or given[LINES],
        lines=given[LINES],
        with_members=given[WITH_MEMBERS],
    )
    return run.show(given.console, wanted, sys.stdin)


COMMAND = PanelCommand(
    "show",
    show,
    WORDS,
    FULL.but(help="Everything.", heading=SHOWN),
    STEP,
    MEMBER.but(help="Only what concerns this person: a GitHub login, or npm:LOGIN.", heading=SHOWN),
    *(REPO, UNKNOWN, SEVERITY, BY, PRACTICES, DEMO, EACH_MEMBER, EACH_REPOSITORY),
    ISSUE_IN,
    *(FORMAT.but(default=""), HTML, OPEN, REDACT, OUTPUT, QUIET, LINES, WITH_MEMBERS),
    help=HELP,
    epilog=EPILOG,
)
