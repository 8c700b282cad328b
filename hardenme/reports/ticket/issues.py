"""Tickets as a script for gh, which creates an issue for each, in private repositories alone.

hardenme creates none: a person reads the script, and then runs it.
"""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from hardenme.model.pages import GITHUB_API
from hardenme.model.report import Report
from hardenme.model.secret import redact
from hardenme.model.text import visible
from hardenme.reports.plain import counted
from hardenme.reports.ticket.drawing import lines_of, reference_of
from hardenme.reports.ticket.ticket import Ticket

LONGEST_BODY = 60_000
"""Characters of a body; GitHub takes 65,536."""
LONGEST_TITLE = 200
MARK = "hardenme:ticket:"
"""Begins the line by which an issue is found again."""
SECTION = "## "
LEFT = "{} did not fit into this issue: the person who sent it has them."
HEAD = """\
#!/bin/sh
# Creates {number}. Read it to its end, then run it:
#
#   sh FILE                                creates each issue that is not there yet
#   sh FILE --assignee LOGIN --label NAME  the same; gh issue create gets the options after FILE
#
# First it asks for the visibility of each repository. It creates nothing unless all of them are
# private: the issues say what is not protected. An issue is found again by its reference, also
# where it is closed, so that running this twice creates nothing twice. While it runs on this
# machine, a second one stops. It sees nothing of other machines: let one person run it.
set -eu
"""
HOST = """
GH_HOST={host}
export GH_HOST
"""
FUNCTIONS = """
say() { printf '%s\\n' "$1"; }

# The look for an issue and its creation are two requests, so only one script makes them at a time.
lock=${XDG_RUNTIME_DIR:-${TMPDIR:-/tmp}}/hardenme-issues-$(id -u)
if ! mkdir "$lock"; then
  say "No issue was created: another run creates them. If there is none: rmdir '$lock'" >&2
  exit 1
fi
trap 'rmdir "$lock"' EXIT
trap 'exit 1' HUP INT TERM

# private REPOSITORY: notes where others than those with access can read it, or that is not known
stop=no
private() {
  seen=$(gh api "repos/$1" --jq .visibility) || seen='of unknown visibility'
  if [ "$seen" != private ]; then
    say "$1 is $seen, not private" >&2
    stop=yes
  fi
}

# create REPOSITORY REFERENCE TITLE [OPTION...]: an issue with the text that follows
create() {
  place=$1 reference=$2 title=$3
  shift 3
  there=$(gh api --paginate "repos/$place/issues?state=all&per_page=100" \\
    --jq ".[] | select((.body // \\"\\") | contains(\\"MARK$reference\\")) | .html_url")
  if [ -n "$there" ]; then
    say "$place: already there: $there"
    return
  fi
  gh issue create --repo "$place" --title "$title" --body-file - "$@"
}
""".replace("MARK", MARK)
STOP = """\
if [ "$stop" = yes ]; then
  say 'No issue was created. Name a private repository: --issue-in OWNER/REPO' >&2
  exit 1
fi
"""


def issues_script(report: Report, tickets: Sequence[tuple[str, Ticket]]) -> str:
    """The script, for a POSIX shell.

    Args:
        report: the run that the tickets are of.
        tickets: each with the repository that its issue is created in, as `OWNER/REPO`.
    """
    return redact("".join(_parts(report, tickets)))


def _parts(report: Report, tickets: Sequence[tuple[str, Ticket]]) -> Iterator[str]:
    yield HEAD.format(number=counted(len(tickets), "issue"))
    if host := _host(report):
        yield HOST.format(host=shlex.quote(host))
    yield FUNCTIONS
    yield "\n"
    for place in dict.fromkeys(place for place, _ in tickets):
        yield f"private {shlex.quote(place)}\n"
    yield STOP
    for place, ticket in tickets:
        body = issue_body(ticket)
        title = visible(f"{ticket.title} [{ticket.id}]", longest=LONGEST_TITLE)
        # A line of the body that is the delimiter would end the document: it is made of the body.
        digest = hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest()[:24]
        end = f"HARDENME_{digest}"
        words = f"{shlex.quote(place)} {ticket.id} {shlex.quote(title)}"
        yield f"\ncreate {words} \"$@\" <<'{end}'\n{body}\n{end}\n"


def issue_body(ticket: Ticket) -> str:
    """The ticket with the line by which it is found again; what does not fit is counted."""
    first, last = f"<!-- {MARK}{ticket.id} -->", reference_of(ticket)
    kept, size, left = list[str](), len(first) + len(last) + len(LEFT) + 100, 0
    for section in _sections(lines_of(ticket)):
        size += sum(len(line) + 1 for line in section)
        if size > LONGEST_BODY:
            left += 1
        else:
            kept += section
    more = ["", LEFT.format(counted(left, "section"))] if left else []
    end = [] if kept[-1:] == [last] else ["", last]
    return "\n".join((first, *kept, *more, *end))


def _sections(lines: Iterator[str]) -> Iterator[list[str]]:
    """The lines up to each second-level heading."""
    found: list[str] = []
    for line in lines:
        if line.startswith(SECTION) and found:
            yield found
            found = []
        found.append(line)
    yield found


def _host(report: Report) -> str:
    """The host that the issues are for; empty for github.com."""
    found = (one.host for one in report.identities if one.provider == "github")
    host = next(found, GITHUB_API)
    return "" if host == GITHUB_API else urlsplit(host).hostname or ""
