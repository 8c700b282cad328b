"""Commands that print what outsiders wrote: issues, pull requests, messages of commits.

Sources: the manual pages of `gh`, `hub`, `git log` and `git for-each-ref`, and
https://docs.github.com/en/rest.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from hardenme.collectors.workflows.level import Level
from hardenme.collectors.workflows.scripts import OTHER, commands, program, replaced

ASKED_OF_GITHUB = re.compile(
    r"\b(?:gh|hub)\s+(?:api|discussion|issue|pr|project|run|search)\b[^\n|;&]*"
    r"|(?:api\.github\.com|/api/v3|/api/graphql|\bGITHUB_(?:API|GRAPHQL)_URL\b)[^\s|;&]*"
    r"|\b(?:curl|wget|https?|xh|lynx|w3m|iwr|irm)\s[^\n|;&]*"
    r"github\.com/[^\s/]+/[^\s/]+/(?:commits?|discussions|forks|issues|pulls?|wiki)\b"
)
"""Commands and addresses that give what others wrote, with what is behind them."""
BY_MEMBERS = re.compile(
    r"/(?:releases|tags|git/(?:matching-)?refs?/tags|actions/(?:variables|secrets|permissions)"
    r"|environments|topics|languages|license)\b|/(?:meta|rate_limit|zen|octocat|versions)\b"
    r"|repos/[\w.${}\"'/-]+/collaborators\b"
)
"""Addresses of what only people with write access make, or GitHub itself."""
MADE_FIELDS = re.compile(
    r"--json[ =]+[\"']?(?:(?:additions|assignees|baseRefName|baseRefOid|changedFiles|closed"
    r"|closedAt|conclusion|createdAt|databaseId|deletions|event|headRefOid|headSha|id|isCrossRepository"
    r"|isDraft|mergeCommit|mergeStateStatus|mergeable|merged|mergedAt|number|startedAt|state"
    r"|stateReason|status|updatedAt|url|workflowDatabaseId),?)+[\"']?(?:\s|$)"
)
"""Fields of which GitHub makes the values: numbers, dates, states, ids and addresses."""
API = "$GITHUB_API_URL"
COMMENT = re.compile(r"(?:^|[ \t])#.*$", re.MULTILINE)
OF_EVENT = re.compile(r"GITHUB_EVENT_PATH|event\.json")
HISTORY = re.compile(
    r"\bgit\s(?:[^\n|;&]*\s)?(?:blame|log|shortlog|show|whatchanged)(?=\s|$|[)\"'`])[^\n|;&]*"
)
"""Commands of git that print messages and names of authors."""
OF_COMMITS = re.compile(
    r"(?:--format|--pretty)[= ](?:format:|tformat:)?[\"']?"
    r"(?:%[HhTtPp]|%[ac][dDrtiIsh]|%n|%%|[\s:,./_-])+[\"']?(?:\s|$|[)`])|\bshow\s+(?:-\S+\s+)*[\"']?[^\s:]+:|--quiet|\s-q\b"
)
"""Forms of them that print ids, times or a file alone."""
PRINTS_WORDS = frozenset(
    """
    : [ [[ basename break case cd command continue date declare dirname do done echo elif else env
    esac exit export expr false fi for if in let local logger printf readonly return seq set shift
    sleep test then true type typeset unset until which while write-host write-output { }
    """.split()  # noqa: SIM905 (words, not a list of strings)
)
"""Commands that print no more than their words, whatever address these hold."""
SUBSTITUTION = re.compile(r"[$<]\((.*)\)|`(.*)`", re.DOTALL)
SOMEWHERE = "*"
"""Stands for a file of which the name is not seen."""
SAVES = {
    "aria2c": (re.compile(r"-\w*o|--out"), re.compile(r"(?!.*(?: -\w*o| --out))")),
    "curl": (
        re.compile(r"-\w*o|--output"),
        re.compile(r".* (?:-\w*[OJ]\w*|--remote-\w+)(?: |$)"),
    ),
    "gh": (re.compile(r"-\w*O|--output"), re.compile(r".* download(?: |$)")),
    "git": (re.compile(r"(?!)"), re.compile(r".* clone ")),
    "wget": (
        re.compile(r"-\w*O|--output-document"),
        re.compile(r"(?!.* (?:-\w*O|--output-document))"),
    ),
    **dict.fromkeys(
        ("iwr", "irm", "invoke-webrequest", "invoke-restmethod"),
        (re.compile(r"-OutFile", re.IGNORECASE), re.compile(r"(?!)")),
    ),
    **dict.fromkeys(("rsync", "scp", "svn"), (re.compile(r"(?!)"), re.compile(r""))),
}
"""Programs that put what they fetch into files: the option with a file's name, and the forms that
make the name themselves."""
UNPACKERS = frozenset({"tar", "bsdtar", "gtar", "unzip", "7z", "7za", "7zz", "expand-archive"})
MOVES = frozenset({"cp", "mv", "ln", "install", "gunzip", "gzip"})


def prints_others(text: str) -> bool:
    """Whether commands print what outsiders wrote, the event itself left aside."""
    text = COMMENT.sub("", replaced(text, _written_out))
    for found in ASKED_OF_GITHUB.finditer(text):
        if not (BY_MEMBERS.search(found[0]) or MADE_FIELDS.search(found[0])):
            return True
    return any(not OF_COMMITS.search(found[0]) for found in HISTORY.finditer(text))


def _written_out(body: str) -> str:
    return API if "_url" in body else OTHER


def fetches_theirs(word: str, address: Callable[[str], Level]) -> Level:
    """How surely the substitutions of a word print what is at an address of outsiders.

    Args:
        word: as it is written.
        address: of a text: how surely it names what outsiders hold.
    """
    inner = "\n".join(filter(None, sum(SUBSTITUTION.findall(word), ())))
    asks = (words[0] for words in commands(replaced(inner, lambda _body: OTHER)))
    return address(inner) if any(program(name) not in PRINTS_WORDS for name in asks) else Level.NO


def saved(words: list[str]) -> list[str]:
    """The files that a command puts what it is given or fetches into, as they are written."""
    name = program(words[0]) if words else ""
    if name in UNPACKERS:
        return [SOMEWHERE]
    if name in MOVES:
        return words[-1:]
    if name not in SAVES:
        return []
    option, unnamed = SAVES[name]
    found = [words[at + 1] for at, word in enumerate(words[:-1]) if option.fullmatch(word)]
    if unnamed.match(" ".join(words)):
        ends = (word.strip("\"'").rpartition("/")[2] for word in words[1:] if "/" in word)
        found += [end if re.fullmatch(r"[\w.-]+", end) else SOMEWHERE for end in ends] or [
            SOMEWHERE
        ]
    return [name for name in found if name != "-"]
