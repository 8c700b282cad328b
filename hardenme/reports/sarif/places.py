"""Where a finding is: the subject as a logical location, and a file, because GitHub asks for one.

Code scanning rejects a whole upload in which one result has no `physicalLocation` with the address
of a file ("expected a physical location"), and needs the four numbers of a region. Source:
docs.github.com, "SARIF support for code scanning", location and physicalLocation objects.

A setting of an account is not in a file. Its address is the id of the subject, like
`github/repo/acme/web`: relative, the same in every run, and not the name of an existing file, so
that code scanning shows the path without code. A workflow has a file. If the report is about that
repository alone the path is the file's own, since an upload belongs to one repository; otherwise
the repository comes before it. The line is the one that the fix points to.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from hardenme.model.finding import Finding
from hardenme.model.report import Report
from hardenme.model.subject import Subject
from hardenme.model.verdict import Failed
from hardenme.reports import values
from hardenme.reports.grouping import name_of
from hardenme.reports.plain import LONGEST_TEXT, plain, plain_name

LINE = re.compile(r"#L([1-9][0-9]{0,6})")
"""How the address of a file on GitHub ends that shows a line of it."""
WORKFLOW = "workflow"
"""The kind of a subject that is a file of its own."""
WORKFLOWS = ".github/workflows"
TARGET = "github:"
LONGEST = 1000
"""Characters of an address before the fingerprint takes the place of the rest."""


def repository_of(report: Report) -> str:
    """The one repository that the report is about, as `OWNER/NAME`; empty if it is not one."""
    if len(report.targets) != 1:
        return ""
    target = report.targets[0]
    named = target.removeprefix(TARGET)
    return named if target.startswith(TARGET) and named.count("/") == 1 else ""


def location(finding: Finding, repository: str) -> dict[str, Any]:
    """A location object (SARIF 2.1.0 §3.28).

    Args:
        repository: the one that the report is about, or empty.
    """
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": _address(finding, repository)},
            "region": _region(finding),
        },
        "logicalLocations": [
            {
                "name": plain_name(name_of(finding)),
                "fullyQualifiedName": values.text(str(finding.subject)),
                "kind": values.text(finding.subject.kind),
            }
        ],
    }


def _region(finding: Finding) -> dict[str, int]:
    """The line of the workflow's file that the fix points to; the first one of what has none."""
    outcome, line = finding.outcome, 1
    if isinstance(outcome, Failed) and finding.subject.kind == WORKFLOW:
        shown = LINE.search(outcome.fix.page)
        line = int(shown[1]) if shown else 1
    return {"startLine": line, "startColumn": 1, "endLine": line, "endColumn": 1}


def _address(finding: Finding, repository: str) -> str:
    """A relative address, percent-encoded, without steps upwards (RFC 3986)."""
    subject = finding.subject
    file = _workflow(subject, repository)
    parts = [subject.provider, subject.kind, subject.name]
    if file:
        parts = [WORKFLOWS, file]
    elif subject.kind == WORKFLOW and finding.within.kind == "repo":
        within, name = finding.within, subject.name.removeprefix(f"{finding.within.name}/")
        parts = [within.provider, within.kind, within.name, WORKFLOWS, name]
    segments = [_segment(part) for part in "/".join(parts).split("/")]
    address = "/".join(segments)
    return address if len(address) <= LONGEST else f"{segments[0]}/{finding.fingerprint}"


def _workflow(subject: Subject, repository: str) -> str:
    """The name of a workflow's file, where it is one of that repository."""
    owner, _, file = subject.name.partition(f"{repository}/")
    own = (subject.provider, subject.kind) == ("github", WORKFLOW) and repository
    return file if own and not owner else ""


def _segment(text: str) -> str:
    """One step of the path. A colon would make a scheme of the first one."""
    shown = plain(text, longest=LONGEST_TEXT)
    return quote(shown, safe="@") if shown.strip(".") else "_" * max(len(shown), 1)
