"""Repositories to which one account alone can push: no one else can approve a change there."""

from __future__ import annotations

from dataclasses import replace

from hardenme.model.finding import Finding
from hardenme.model.inventory import ACCESS
from hardenme.model.report import Report
from hardenme.model.verdict import Failed
from hardenme.reports.fixplan.rulesets import without_review

CODE_OWNERS = "GHR121"
"""The check whether workflows have code owners."""
OWNERS_REVIEW = "GHB106"
"""The check whether a code owner has to approve; what it lacks may be the rule, or the owners."""
NEW_FILE = ".github/CODEOWNERS"
RULE, PATH = "require_code_owner_review", "path"
"""The fields of these checks that show whether the rule is there, and which file names owners."""
ALONE = (
    "Name {} as an owner of /.github/ on the last line of {}. Add a second owner once someone else"
    " can push: no one can approve their own change"
)


def names_owners(finding: Finding) -> bool:
    """Whether a finding is closed by naming code owners, not by a rule."""
    outcome = finding.outcome
    if not isinstance(outcome, Failed):
        return False
    ruled = finding.code == OWNERS_REVIEW and outcome.seen.get(RULE) is True
    return finding.code == CODE_OWNERS or (ruled and PATH in outcome.seen)


def sole_pushers(report: Report) -> dict[str, str]:
    """The account that alone is known to have write access, by the name of the repository."""
    return {name: logins[0] for name, logins in all_pushers(report).items() if len(logins) == 1}


def all_pushers(report: Report) -> dict[str, tuple[str, ...]]:
    """Who can push, by the name of the repository, where all who can are known."""
    found: dict[str, tuple[str, ...]] = {}
    for place in report.inventory:
        if place.subject.kind != "repo" or place.lists.get(ACCESS) is not None:
            continue
        for item in place.items:
            logins = item.state.get("pushers") if item.kind == ACCESS else None
            if isinstance(logins, tuple):
                found[place.subject.name] = tuple(map(str, logins))
    return found


def fitted(finding: Finding, alone: dict[str, str]) -> Finding:
    """A finding with the fix that fits who can push to its repository.

    Args:
        finding: what failed, or anything else.
        alone: the accounts that alone can push, by the name of the repository in lower case.
    """
    login = alone.get(finding.within.name.lower()) if finding.within.kind == "repo" else None
    if login is None or not isinstance(finding.outcome, Failed):
        return finding
    if names_owners(finding):
        file = finding.outcome.seen.get(PATH) or NEW_FILE
        fix = replace(finding.outcome.fix, step=ALONE.format(login, file))
    else:
        fix = without_review(finding, finding.outcome.fix, login)
    return replace(finding, outcome=replace(finding.outcome, fix=fix))
