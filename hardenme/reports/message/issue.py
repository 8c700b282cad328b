"""An issue that holds what is open, as a script that a person reads and then runs.

hardenme writes nothing to GitHub: it prints the text, and the `gh` commands that create the issue,
or update its text if it exists already.
"""

from __future__ import annotations

import hashlib
import shlex
from dataclasses import dataclass

from hardenme.ground.errors import UsageError
from hardenme.ground.names import FULL_NAME
from hardenme.model.drift import Drift
from hardenme.model.report import Report
from hardenme.reports.message.compose import body_lines
from hardenme.reports.message.words import defused

LONGEST_BODY = 60_000
"""Characters of a body; GitHub takes 65,536."""
LONGEST_TARGETS = 100


@dataclass(frozen=True, slots=True)
class Issue:
    """An issue, and how to make it.

    Attributes:
        title: in one line.
        body: in Markdown; its first line is a comment by which the issue is found again.
        script: for a POSIX shell: makes the issue, or updates the open one of anyone who runs it.
    """

    title: str
    body: str
    script: str


def demand_repository(text: str) -> None:
    """See to it that a text names a repository.

    Raises:
        UsageError: it is not of the form OWNER/REPO.
    """
    if not FULL_NAME.fullmatch(text):
        raise UsageError("--issue takes OWNER/REPO")


def issue(drift: Drift, report: Report, repository: str) -> Issue:
    """The issue on a run.

    Raises:
        UsageError: `repository` is not of the form OWNER/REPO.
    """
    demand_repository(repository)
    marker = f"hardenme:report:{_digest(' '.join(sorted(report.targets)), 16)}"
    targets = defused(", ".join(report.targets), longest=LONGEST_TARGETS)
    title = f"hardenme: what is open ({targets})"
    lines = body_lines(drift, report, digest=True)
    body = _fitting((f"<!-- {marker} -->", *lines))
    return Issue(title, body, _script(repository, marker, title, body))


def _fitting(lines: tuple[str, ...]) -> str:
    """As many of the lines as GitHub takes."""
    kept: list[str] = []
    size = 0
    for place, line in enumerate(lines):
        size += len(line) + 1
        if size > LONGEST_BODY:
            kept.append(f"{len(lines) - place} more lines: see `hardenme report --digest`.")
            break
        kept.append(line)
    return "\n".join(kept)


def _script(repository: str, marker: str, title: str, body: str) -> str:
    # A line of the body that is the delimiter would end the document: it is made of the body.
    end = f"HARDENME_{_digest(body, 24)}"
    where, called = shlex.quote(repository), shlex.quote(title)
    chosen = shlex.quote(f'[.[] | select(.body | contains("{marker}"))][0].number // empty')
    return f"""\
# Creates one issue in {repository}, or updates the one from before. Read it, then pipe it
# to sh. Anyone who can read {repository} can read the text below.
number="$(gh issue list --repo {where} --author @me --state open --limit 200 \\
  --json number,body --jq {chosen})" || exit
if [ -n "$number" ]; then
  set -- edit "$number"
else
  set -- create
fi
gh issue "$@" --repo {where} --title {called} --body-file - <<'{end}'
{body}
{end}
"""


def _digest(text: str, length: int) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:length]
