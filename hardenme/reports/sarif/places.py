"""Where a finding is: the subject as a logical location, and a file, because GitHub asks for one.

Code scanning rejects a whole upload if one result has no `physicalLocation` with the address of a
file ("expected a physical location"). It needs the four numbers of a region. Source:
docs.github.com, "SARIF support for code scanning", location and physicalLocation objects.

A setting of an account is not in a file. Its address is the id of the subject, like
`github/repo/acme/web`: relative, and the same in every run. It is not the name of an existing file,
so that code scanning shows the path without code. A workflow has a file, and so has a finding whose
fix is in another file of its repository. If the report is about that repository alone, the path is
the file's own, since an upload belongs to one repository. Otherwise the repository comes before it.
The line is the one that the fix points to.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote, unquote

from hardenme.model.finding import Finding
from hardenme.model.report import Report
from hardenme.model.verdict import Failed
from hardenme.reports import values
from hardenme.reports.grouping import name_of
from hardenme.reports.plain import LONGEST_TEXT, plain, plain_name

LINE = re.compile(r"#L([1-9][0-9]{0,6})")
"""How the address of a file on GitHub ends that shows a line of it."""
IN_REPOSITORY = "/{}/blob/HEAD/"
"""The part between the host and the path in the address of a repository's file."""
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
    """The line of the file that the fix points to; the first one of what has none."""
    outcome, line = finding.outcome, 1
    if isinstance(outcome, Failed) and _file(finding):
        shown = LINE.search(outcome.fix.page)
        line = int(shown[1]) if shown else 1
    return {"startLine": line, "startColumn": 1, "endLine": line, "endColumn": 1}


def _address(finding: Finding, repository: str) -> str:
    """A relative address, percent-encoded, without steps upwards (RFC 3986)."""
    subject, within, file = finding.subject, finding.within, _file(finding)
    parts = [subject.provider, subject.kind, subject.name]
    if file:
        own = repository and within.name == repository
        parts = [file] if own else [within.provider, within.kind, within.name, file]
    segments = [_segment(part) for part in "/".join(parts).split("/")]
    address = "/".join(segments)
    return address if len(address) <= LONGEST else f"{segments[0]}/{finding.fingerprint}"


def _file(finding: Finding) -> str:
    """The path in its repository of the file that a finding is about; empty for a setting."""
    subject, within, outcome = finding.subject, finding.within, finding.outcome
    if (within.provider, within.kind) != ("github", "repo"):
        return ""
    if subject.kind == WORKFLOW:
        return f"{WORKFLOWS}/{subject.name.removeprefix(f'{within.name}/')}"
    if subject != within or not isinstance(outcome, Failed):
        return ""
    _, _, path = outcome.fix.page.partition(IN_REPOSITORY.format(within.name))
    return unquote(path.partition("#")[0])


def _segment(text: str) -> str:
    """One step of the path. A colon would make a scheme of the first one."""
    shown = plain(text, longest=LONGEST_TEXT)
    return quote(shown, safe="@") if shown.strip(".") else "_" * max(len(shown), 1)
