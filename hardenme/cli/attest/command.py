"""`hardenme attest`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from hardenme.cli.options.given import OptionValues
from hardenme.cli.options.settled import SettledCommand
from hardenme.config.kinds import Kind
from hardenme.config.option import Option, maybe_number, switch, text, texts
from hardenme.config.table.access import ADDRESSES, CA_FILE, GITHUB_URL, TOKENS
from hardenme.config.table.headings import RESULT, TARGETS
from hardenme.config.table.headings import TOKENS as OF_TOKENS
from hardenme.config.table.result import FORMAT, OUTPUT
from hardenme.model.confirm import ID

if TYPE_CHECKING:
    from hardenme.cli.attest.request import AttestOptions

ANSWER = "The answer"
DAYS = 90

HELP = """\
Record your answer to a question that no API answers.

Some settings are only shown on a page, like whether a package disallows tokens. `hardenme check`
asks about them. Look at the page, and record what you saw:

\b
hardenme attest                                what the last run left open
hardenme attest NPP106                         all of your packages at once
hardenme attest NPP106 npm:PACKAGE --yes       one, without being asked
hardenme attest NPA103 --no                    check reports it as failed
hardenme attest GHO131 github:ORG --days 30    for a shorter time
hardenme attest --withdraw NPP106 npm:PACKAGE  undo the answer
hardenme attest --list                         what is on record
hardenme attest recent-ID                      you know a line of `recent`
hardenme attest export                         your answers of ATT, to sign
hardenme attest import answers-LOGIN.json      a member's signed answers

A question about several packages is put once, with a list: yes all, no all, or yes 1-3,7. `back`
returns to the question before, and a new answer replaces the old one.

An answer counts for 90 days. --days sets another time: 180 at most, and 365 for ATT104. Reports
show it as attested, never as passed. It is recorded for the account whose token is found, and
counts only in runs of that account. The record stays on this machine; nothing is sent.

`hardenme recent` prints the commands for the changes that it asks you to confirm. An answer covers
exactly these changes, and no later one by the same person.

import verifies answers-LOGIN.json.sig with `ssh-keygen -Y verify`, by the SSH keys that GitHub
shows for the member. It needs no token.
"""
EPILOG = (
    "Exit codes: 0 done, 2 usage or an unusable record, 3 it is not known whether there is a"
    " question, or --list shows an incomplete record, 4 no usable credential, 5 nothing was"
    " recorded."
)
CODE = text(
    "code",
    (
        "The check that asks, by code or slug, or a line of `hardenme recent` by its id. If left"
        " out, every question of the last run without an answer."
    ),
    spelled="[CODE]",
    heading=TARGETS,
    offers="one_check",
)
SUBJECTS = texts(
    "subjects",
    "About what: npm:PACKAGE, npm:@SCOPE, github:NAME, github:OWNER/REPO, or an id as reports show"
    " it. Your own accounts and packages if left out.",
    spelled="[SUBJECT]...",
    heading=TARGETS,
)
YES: Option[bool | None] = Option(
    "answer", Kind.SWITCH, "The answer, for all of them.", spelled="--yes/--no", heading=ANSWER
)
BY = text("by", "Who answers; the account's login if left out.", metavar="NAME", heading=ANSWER)
FOR_DAYS = maybe_number(
    "days",
    f"For how long it counts: {DAYS} days if left out, 180 at most (ATT104: 365).",
    metavar="N",
    heading=ANSWER,
)
UNTIL = text(
    "until",
    "When it expires, instead of --days: at the start of that day in UTC, like 2027-01-31.",
    metavar="DATE",
    heading=ANSWER,
)
EVIDENCE = text(
    "evidence",
    "A note on how you know; never a secret.",
    metavar="TEXT",
    heading=ANSWER,
)
ANSWERS = text(
    "answers",
    "A file of answers that you noted on the page of `show --html`. You confirm each.",
    metavar="FILE",
    heading=ANSWER,
)
WITHDRAW = switch("withdraw", "Undo an answer.", heading=ANSWER)
LIST = switch("list", "Show what is on record.", heading=RESULT)
ACCOUNT = text(
    "account",
    "The account that it is recorded for, if no token shows it.",
    metavar="LOGIN",
    heading=OF_TOKENS,
)


def attest(given: OptionValues) -> int:
    """Record your answer to a question that no API answers."""
    console, code = given.console, given[CODE]
    if given[LIST]:
        from hardenme.cli.attest.records import show  # noqa: PLC0415 (start-up)

        return show(console, code, given.one_of(FORMAT, ("table", "json")))
    if code in {"export", "import"}:
        from hardenme.cli.attest import shared  # noqa: PLC0415 (start-up)

        if code == "export":
            return shared.export(console, given[ACCOUNT], given[OUTPUT])
        return shared.receive(console, list(given[SUBJECTS]), given[GITHUB_URL], given[CA_FILE])
    if given[ANSWERS] and (code or given[WITHDRAW] or given[YES] is not None):
        console.say("--answers goes without a check, --yes, --no and --withdraw")
        return 2
    if not code and (given[WITHDRAW] or given[YES] is not None):
        console.say("name the check that asks, like NPP106; `hardenme attest --help` shows how")
        return 2
    if code.startswith(ID):
        return _line(given, code)
    if given[WITHDRAW]:
        from hardenme.cli.attest.records import take_back  # noqa: PLC0415 (start-up)

        return take_back(console, code, given[SUBJECTS], given[BY])
    options = _options(given, code)
    if not code:
        from hardenme.cli.attest.open_questions import walk  # noqa: PLC0415 (start-up)

        return walk(console, options, sys.stdin)
    from hardenme.cli.attest.answers import state  # noqa: PLC0415 (start-up)

    return state(console, options, sys.stdin)


def _options(given: OptionValues, code: str) -> AttestOptions:
    from hardenme.cli.attest.request import AttestOptions  # noqa: PLC0415 (start-up)

    return AttestOptions(
        given,
        code=code,
        subjects=given[SUBJECTS],
        answer=given[YES],
        by=given[BY],
        days=given[FOR_DAYS],
        until=given[UNTIL],
        evidence=given[EVIDENCE],
        account=given[ACCOUNT],
        answers=given[ANSWERS],
    )


def _line(given: OptionValues, code: str) -> int:
    """Confirm, or withdraw, the changes of a line of `hardenme recent`."""
    from hardenme.cli.attest import changes  # noqa: PLC0415 (start-up)

    options = _options(given, code)
    if given[WITHDRAW]:
        return changes.withdraw(given.console, options)
    return changes.confirm(given.console, options, sys.stdin)


COMMAND = SettledCommand(
    "attest",
    attest,
    *(CODE, SUBJECTS, YES, BY, FOR_DAYS, UNTIL, EVIDENCE, ANSWERS, WITHDRAW, LIST),
    FORMAT.but(help="For --list: table or json.", default="table"),
    OUTPUT.but(help="Of export: the file; answers-LOGIN.json if left out."),
    *(ACCOUNT, *TOKENS, *ADDRESSES),
    help=HELP,
    epilog=EPILOG,
)
