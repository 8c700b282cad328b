"""Options about a result: how it counts, how it looks, and where it goes."""

from __future__ import annotations

from hardenme.config.kinds import SEVERITY_WORDS
from hardenme.config.option import number, path, switch, text, texts
from hardenme.config.table.headings import (
    CHECK,
    FOLDER,
    REPORTS,
    RESULT,
    RUN,
    TIMER,
    USER,
    WHAT,
)
from hardenme.config.trust import Guard

HEARTBEAT_VARIABLE = "HARDENME_HEARTBEAT"
"""The variable that holds the address of the heartbeat, which is a secret."""

FAIL_ON = text(
    "fail-on",
    "Exit with 1 at this severity or above: critical, high, medium, low, info.",
    "high",
    metavar="SEVERITY",
    heading=RESULT,
    least=FOLDER,
    in_files="The severity from which a failure counts for the exit code.",
    words=SEVERITY_WORDS,
    commands=REPORTS,
    offers="severities",
)
ALLOW_UNKNOWN = texts(
    "allow-unknown",
    "What may stay unknown: codes, slugs, families or reasons (NOT_PERMITTED).",
    metavar="NAMES",
    heading=RESULT,
    least=USER,
    in_files="What may stay unknown: checks or reasons.",
    offers="unknowns",
)
FORMAT = text(
    "format",
    (
        "screen (one screen), table, markdown, html, csv; json (everything); sarif, junit, github"
        " (for programs); commands (all steps as a script); mermaid (a drawing of who can"
        " publish)."
    ),
    "screen",
    spelled="--format -f",
    metavar="FORMAT",
    heading=RESULT,
    least=USER,
    in_files="The form of the result.",
    commands=CHECK,
    offers="formats",
)
FULL = switch(
    "full", "Show every finding with its reason and fix, as -f table does.", heading=RESULT
)
REDACT = switch(
    "redact",
    "Replace each name with a pseudonym, for sharing; see hardenme show --help.",
    heading=RESULT,
    least=RUN,
)
OUTPUT = path(
    "output",
    "Write to a file (mode 0600).",
    spelled="--output -o",
    heading=RESULT,
    least=USER,
    guard=Guard.OUTPUT,
    in_files="The file of the result.",
    commands=CHECK,
)
QUIET = switch(
    "quiet",
    "Only the findings, two lines each.",
    spelled="--quiet -q",
    heading=RESULT,
    least=USER,
    commands=CHECK,
)
LINES = switch("lines", "Only the findings, one line each.", heading=RESULT)
WITH_MEMBERS = switch(
    "with-members",
    "Include findings about individuals in sarif and github, which many can read.",
    heading=RESULT,
    least=USER,
    guard=Guard.OUTPUT,
    commands=CHECK,
)
SAVE_FACTS = text(
    "save-facts",
    "Keep what was read, without secrets, to judge it again later (mode 0600).",
    metavar="FILE",
    heading=RESULT,
    least=RUN,
    guard=Guard.OUTPUT,
)
FROM_FACTS = text(
    "from-facts",
    "Judge what --save-facts kept, without requests or tokens.",
    metavar="FILE",
    heading=RESULT,
    least=RUN,
    guard=Guard.FILE,
)
BASELINE = text(
    "baseline",
    (
        "Show first what changed since that report (--format json, or the last one of hardenme"
        " report). The exit code is about the changes."
    ),
    metavar="FILE|last",
    heading=RESULT,
    least=RUN,
    guard=Guard.FILE,
)
KEEP_RUN = switch(
    "keep-run",
    "Keep the run for `hardenme show` (not if CI is set). --no-keep also ignores earlier runs.",
    default=True,
    spelled="--keep-run/--no-keep",
    heading=RESULT,
    least=USER,
    in_files="Whether a run is kept for `hardenme show`.",
    commands=CHECK,
)
NEEDS = text(
    "needs",
    "Only the steps that take a right with these words in it, like owner or npm.",
    metavar="WORDS",
    heading=WHAT,
    least=RUN,
)
ONCE = switch(
    "once",
    "Show each alert once, and again only when it changes. What was shown is kept. The options"
    " below count with it.",
    heading=TIMER,
    least=RUN,
)
DIGEST = switch(
    "digest",
    (
        "List every failed check, even if nothing changed: for example once a week, with a daily"
        " --quiet."
    ),
    heading=TIMER,
    least=RUN,
)
KEEP = number(
    "keep",
    "How many reports are kept; the oldest go.",
    60,
    metavar="N",
    heading=TIMER,
    least=USER,
    bounds=(1, 10000),
)
INTERVAL = text(
    "interval",
    (
        "How often the timer runs: 5m, 12h, 7d, 1w. If left out, it is taken from earlier runs,"
        " and a week until then. After three of these without a complete run, doctor and the next"
        " run warn."
    ),
    metavar="TIME",
    heading=TIMER,
    least=USER,
)
HEARTBEAT = text(
    "heartbeat",
    "Ask for this page, or write the time into this file, after a complete run and no other;"
    f" {HEARTBEAT_VARIABLE} holds it as well.",
    metavar="URL|FILE",
    heading=TIMER,
    least=USER,
    guard=Guard.NOTIFICATION,
)
NOTIFY_FILE = path(
    "notify-file",
    "Send what changed to the addresses in FILE (mode 0600).",
    heading=RESULT,
    least=USER,
    guard=Guard.NOTIFICATION,
)
EVIDENCE = switch(
    "evidence",
    "Messages also show what was seen of each.",
    heading=RESULT,
    least=USER,
    guard=Guard.NOTIFICATION,
)
ISSUE = text(
    "issue",
    "Print an issue's text, and the gh commands that make or update it.",
    metavar="OWNER/REPO",
    heading=RESULT,
    least=RUN,
)
