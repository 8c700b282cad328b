"""Commands that print what outsiders wrote: issues, pull requests, messages of commits.

Sources: the manual pages of `gh`, `hub`, `git log` and `git for-each-ref`, and
https://docs.github.com/en/rest.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from hardenme.workflows.level import Level
from hardenme.workflows.scripts import OTHER, commands, program, replaced

ASKED_OF_GITHUB = re.compile(
    r"\b(?:gh|hub)\s+(?:api|discussion|issue|pr|project|run|search)\b"
    r"|api\.github\.com|/api/v3|/api/graphql|\bGITHUB_(?:API|GRAPHQL)_URL\b"
)
"""Commands and addresses that give what others wrote."""
LOADS = re.compile(r"\b(?:curl|wget|https?|xh|lynx|w3m|iwr|irm)\s")
PAGE = re.compile(
    r"github\.com/[^\s/]{1,99}/[^\s/]{1,99}/(?:commits?|discussions|forks|issues|pulls?|wiki)\b"
)
"""A page of what others wrote."""
ENDS = re.compile(r"[\n|;&]")
BY_MEMBERS = re.compile(
    r"/(?:releases|tags|git/(?:matching-)?refs?/tags|actions/(?:variables|secrets|permissions)"
    r"|environments|topics|languages|license)\b|/(?:meta|rate_limit|zen|versions)\b"
    r"|repos/[^\s/]{1,99}/[^\s/]{1,99}/collaborators\b"
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
GIT = re.compile(r"\bgit(?=\s)")
HISTORY = re.compile(r"\s(?:blame|log|shortlog|show|whatchanged)(?=\s|$|[)\"'`])")
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
BEGINS, CLOSES = re.compile(r"[$<]\(|`"), frozenset(")`")
SOMEWHERE = "*"
"""A file whose name is not visible."""
SAVED_AS = {
    "aria2c": re.compile(r"-[a-zA-Z]{0,9}o|--out"),
    "curl": re.compile(r"-[a-zA-Z]{0,9}o|--output"),
    "gh": re.compile(r"-[a-zA-Z]{0,9}O|--output"),
    "wget": re.compile(r"-[a-zA-Z]{0,9}O|--output-document"),
    **dict.fromkeys(
        ("iwr", "irm", "invoke-webrequest", "invoke-restmethod"),
        re.compile(r"-OutFile", re.IGNORECASE),
    ),
}
"""Programs that fetch, with the options that name a file to put it into."""
BY_ITS_NAME = {
    "curl": re.compile(r"-[a-zA-Z]{0,9}[OJ][a-zA-Z]{0,9}|--remote-(?:header-)?name(?:-all)?"),
    "gh": re.compile("download"),
    "git": re.compile("clone"),
}
"""Words with which programs call the file like what they fetch."""
ANYWAY = frozenset({"aria2c", "rsync", "scp", "svn", "wget"})
"""Programs that do so where no option names a file."""
STDOUT = re.compile(r"-[a-zA-Z]{0,9}O-")
UNPACKERS = frozenset({"tar", "bsdtar", "gtar", "unzip", "7z", "7za", "7zz", "expand-archive"})
MOVES = frozenset({"cp", "mv", "ln", "install", "gunzip", "gzip"})


def prints_others(text: str) -> bool:
    """Whether commands print what outsiders wrote, the event itself left aside."""
    plain = COMMENT.sub("", replaced(text, _written_out))
    return any(map(_prints_others, ENDS.split(plain)))


def _prints_others(command: str) -> bool:
    asked = ASKED_OF_GITHUB.search(command)
    if asked and not (BY_MEMBERS.search(command) or MADE_FIELDS.search(command)):
        return True
    loads = LOADS.search(command)
    if loads and PAGE.search(command, loads.end()):
        return True
    git = GIT.search(command)
    history = git and HISTORY.search(command, git.end())
    return bool(history) and not OF_COMMITS.search(command)


def _written_out(body: str) -> str:
    return API if "_url" in body else OTHER


def fetches_theirs(word: str, address: Callable[[str], Level]) -> Level:
    """How surely the substitutions of a word print what is at an address of outsiders.

    Args:
        word: as it is written.
        address: of a text: how surely it names what outsiders hold.
    """
    begins = BEGINS.search(word)
    end = max(word.rfind(sign) for sign in CLOSES)
    inner = word[begins.end() : end] if begins else ""
    asks = (words[0] for words in commands(replaced(inner, lambda _body: OTHER)))
    return address(inner) if any(program(name) not in PRINTS_WORDS for name in asks) else Level.NO


def saved(words: list[str]) -> list[str]:
    """The files into which a command writes its input or a download."""
    name = program(words[0]) if words else ""
    if name in UNPACKERS:
        return [SOMEWHERE]
    if name in MOVES:
        return words[-1:]
    option = SAVED_AS.get(name)
    named = [at + 1 for at, word in enumerate(words[:-1]) if option and option.fullmatch(word)]
    calls = BY_ITS_NAME.get(name)
    own = any(calls.fullmatch(word) for word in words) if calls else name in ANYWAY and not named
    found = [words[at] for at in named]
    if own and not any(map(STDOUT.fullmatch, words)):
        ends = (word.strip("\"'").rpartition("/")[2] for word in words[1:] if "/" in word)
        found += [end if re.fullmatch(r"[\w.-]+", end) else SOMEWHERE for end in ends] or [
            SOMEWHERE
        ]
    return [name for name in found if name != "-"]
