from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

from hardenme.facts.github.workflow import Job, Use, Workflow
from hardenme.model.fact import Every
from hardenme.model.subject import Subject
from hardenme.model.unknown import NotKnownError, Reason, Unknown
from hardenme.model.verdict import Failed, Manual, NotApplicable, Passed
from hardenme_checks.github.repository_alerts import (
    repo_code_scanning,
    repo_critical_alerts_closed,
    repo_malware_alerts_closed,
    repo_secret_alerts_closed,
)
from tests.factories.github import REPO, repository, security_settings, vulnerability_alerts
from tests.factories.github_alerts import (
    code_scanning,
    dependabot_alerts,
    malware_alerts,
    secret_alerts,
)

MISSING: Any = Unknown(Reason.NOT_PERMITTED, "a right")
PAGE = "https://github.com/hazel/catkin"
NO_WORKFLOW: Every[Workflow] = Every(())


def failed(verdict: Any) -> Failed:
    assert isinstance(verdict, Failed)
    return verdict


def workflow(*references: str, opaque: Any = ()) -> Workflow:
    """A workflow of one job that uses these actions, and is harmless otherwise."""
    uses = tuple(Use(reference, "github", pinned=False) for reference in references)
    bare: dict[str, Any] = {item.name: () for item in fields(Job)}
    job = Job(**bare | {"name": "scan", "called": False, "uses": uses})
    given: dict[str, Any] = {item.name: () for item in fields(Workflow)}
    given |= {"subject": Subject("github", "workflow", "hazel/catkin/scan.yml"), "within": REPO}
    given |= {"label": "scan.yml", "web": "https://github.com", "jobs": (job,), "opaque": opaque}
    return Workflow(**given)


def test_critical_alerts() -> None:
    where, on = repository(), vulnerability_alerts()
    assert isinstance(repo_critical_alerts_closed(dependabot_alerts(), on, where), Passed)
    bad = failed(repo_critical_alerts_closed(dependabot_alerts(seen=2, open=2), MISSING, where))
    assert bad.message == "at least 2 critical alerts open"
    assert bad.fix.page == f"{PAGE}/security/dependabot?q=is:open+severity:critical"
    assert repo_critical_alerts_closed(dependabot_alerts(), MISSING, where) is MISSING
    off = vulnerability_alerts(enabled=False)
    found = repo_critical_alerts_closed(dependabot_alerts(open=MISSING), off, where)
    assert isinstance(found, NotApplicable)
    archived = repository(archived=True)
    unread = dependabot_alerts(open=MISSING, seen=MISSING)
    assert isinstance(repo_critical_alerts_closed(unread, MISSING, archived), NotApplicable)


def test_what_was_seen_counts_where_the_rest_is_not_known() -> None:
    part = dependabot_alerts(seen=1, open=MISSING)
    assert isinstance(repo_critical_alerts_closed(part, MISSING, repository()), Failed)
    assert isinstance(
        repo_secret_alerts_closed(secret_alerts(seen=1, open=MISSING), MISSING), Failed
    )


def test_alerts_that_are_not_known() -> None:
    with pytest.raises(NotKnownError):
        repo_critical_alerts_closed(
            dependabot_alerts(open=MISSING), vulnerability_alerts(), repository()
        )
    with pytest.raises(NotKnownError):
        repo_critical_alerts_closed(
            dependabot_alerts(), vulnerability_alerts(enabled=MISSING), repository()
        )
    with pytest.raises(NotKnownError):
        repo_secret_alerts_closed(secret_alerts(open=MISSING), security_settings())
    with pytest.raises(NotKnownError):
        repo_secret_alerts_closed(secret_alerts(), security_settings(secret_scanning=MISSING))


def test_secret_alerts() -> None:
    assert isinstance(repo_secret_alerts_closed(secret_alerts(), security_settings()), Passed)
    bad = failed(repo_secret_alerts_closed(secret_alerts(seen=1, open=1), security_settings()))
    assert bad.fix.page == f"{PAGE}/security/secret-scanning"
    assert repo_secret_alerts_closed(secret_alerts(), MISSING) is MISSING
    off = security_settings(secret_scanning="disabled")
    found = repo_secret_alerts_closed(secret_alerts(open=MISSING), off)
    assert isinstance(found, NotApplicable)


def test_alerts_of_malware() -> None:
    where, on = repository(), vulnerability_alerts()
    for part in (malware_alerts(seen=1, open=1), malware_alerts(seen=1, open=MISSING)):
        bad = failed(repo_malware_alerts_closed(part, MISSING, where))
        assert bad.message == "at least 1 malware alert open"
        assert bad.fix.page == f"{PAGE}/security/dependabot"
    asked = repo_malware_alerts_closed(malware_alerts(), on, where)
    assert isinstance(asked, Manual), "none found is no proof that they are looked for"
    assert asked.page == f"{PAGE}/settings/security_analysis"
    assert repo_malware_alerts_closed(malware_alerts(), MISSING, where) is MISSING
    unread = malware_alerts(open=MISSING)
    for unseen, state in ((unread, on), (malware_alerts(), vulnerability_alerts(enabled=MISSING))):
        with pytest.raises(NotKnownError):
            repo_malware_alerts_closed(unseen, state, where)
    off = vulnerability_alerts(enabled=False)
    assert isinstance(repo_malware_alerts_closed(unread, off, where), NotApplicable)
    archived = repository(archived=True)
    unread = malware_alerts(open=MISSING, seen=MISSING)
    assert isinstance(repo_malware_alerts_closed(unread, MISSING, archived), NotApplicable)


def test_code_scanning() -> None:
    where = repository()
    assert isinstance(repo_code_scanning(code_scanning(), Every((), MISSING), where), Passed)
    off = code_scanning(configured=False)
    bad = failed(repo_code_scanning(off, NO_WORKFLOW, where))
    assert bad.fix.command == (
        "gh api -X PATCH repos/hazel/catkin/code-scanning/default-setup -f state=configured"
    )
    plan = failed(
        repo_code_scanning(code_scanning(configured=False, offered=False), NO_WORKFLOW, where)
    )
    assert not plan.fix.command
    assert "a plan" in plan.fix.needs
    for idle in ({"archived": True}, {"default_branch": None}):
        found = repo_code_scanning(
            code_scanning(configured=MISSING), NO_WORKFLOW, repository(**idle)
        )
        assert isinstance(found, NotApplicable)
    with pytest.raises(NotKnownError):
        repo_code_scanning(code_scanning(configured=MISSING), NO_WORKFLOW, where)


def test_a_workflow_that_scans() -> None:
    off, where = code_scanning(configured=False), repository()
    scans = workflow("actions/checkout@v5", "github/codeql-action/analyze@v4", opaque=MISSING)
    assert isinstance(repo_code_scanning(off, Every((scans,), MISSING), where), Passed)
    other = workflow("actions/checkout@v5", "github/codeql-action-of-mine@v1")
    assert isinstance(repo_code_scanning(off, Every((other,)), where), Failed)
    with pytest.raises(NotKnownError):
        repo_code_scanning(off, Every((other,), MISSING), where)
    with pytest.raises(NotKnownError):
        repo_code_scanning(off, Every((workflow("a/b@v1", opaque=MISSING),)), where)
