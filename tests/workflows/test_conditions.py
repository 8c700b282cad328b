"""Which conditions keep out people without write access."""

from __future__ import annotations

import pytest

from hardenme.collectors.workflows.conditions import admits, survives_skipping

HEAD = "github.event.pull_request.head.repo"
CLOSED = [
    "github.event_name == 'push'",
    "github.event_name != 'pull_request_target'",
    "!(github.event_name == 'pull_request_target')",
    f"{HEAD}.full_name == github.repository",
    f"github.repository == {HEAD}.full_name",
    f"${{{{ {HEAD}.full_name == github.repository }}}}",
    f"{HEAD}.fork == false",
    f"{HEAD}.fork != true",
    f"!{HEAD}.fork",
    f"always() && !{HEAD}.fork",
    "github.event.pull_request.merged == true",
    "github.event.pull_request.merged",
    "github.actor == 'hazel'",
    "github.event.pull_request.user.login == 'dependabot[bot]'",
    "github.event.pull_request.author_association == 'OWNER'",
    'contains(fromJSON(\'["OWNER", "MEMBER"]\'), github.event.pull_request.author_association)',
    "contains(fromJSON('[\"hazel\"]'), github.actor)",
    "contains(fromJSON(vars.PEOPLE), github.actor)",
    (
        "(github.event_name == 'issues' && contains(github.event.issue.body, '@x'))"
        " || github.actor == 'hazel'"
    ),
    "github.event.workflow_run.event == 'push'",
    "github.event.workflow_run.event != 'pull_request'",
    "false",
    "${{ false }}",
    "!(github.event_name == 'pull_request_target' || github.event_name == 'issues')",
]
OPEN = [
    None,
    "",
    "true",
    "always()",
    "github.event_name == 'pull_request_target'",
    "github.event_name != 'push'",
    "contains(github.event.comment.body, '@claude')",
    "contains(github.event.comment.body, '@claude') || github.actor == 'hazel'",
    f"{HEAD}.full_name != github.repository",
    f"{HEAD}.fork",
    "github.actor == 'dependabot[bot]'",
    'contains(fromJSON(\'["hazel", "renovate[bot]"]\'), github.actor)',
    "contains('hazel,mallow', github.actor)",
    "github.actor != 'hazel'",
    "github.event.pull_request.author_association != 'NONE'",
    "github.event.pull_request.author_association == 'CONTRIBUTOR'",
    (
        'contains(fromJSON(\'["OWNER", "CONTRIBUTOR"]\'),'
        " github.event.pull_request.author_association)"
    ),
    "contains(fromJSON('[]'), github.event.pull_request.author_association)",
    "contains('OWNER MEMBER', github.event.pull_request.author_association)",
    "github.event.issue.author_association == 'OWNER'",
    "github.event.comment.user.login == 'hazel'",
    "needs.check.outputs.trusted == 'true'",
    "github.event.workflow_run.head_branch == 'main'",
    "github.event.workflow_run.conclusion == 'success'",
    "contains(github.event.pull_request.labels.*.name, 'safe to test')",
    "!contains(github.event.pull_request.labels.*.name, 'skip')",
    f"${{{{ {HEAD}.full_name == github.repository }}}} && true",
    "github.actor == 'hazel",
    "'github.actor == ''hazel'''",
    "!github.event.pull_request.draft",
    "!(github.event_name == 'push' || contains(github.event.issue.body, 'x'))",
]


@pytest.mark.parametrize("condition", CLOSED)
def test_closed(condition: str) -> None:
    assert not admits(condition, "pull_request_target")


@pytest.mark.parametrize("condition", OPEN)
def test_open(condition: str | None) -> None:
    assert admits(condition, "pull_request_target")


def test_a_condition_closes_one_event_and_not_another() -> None:
    condition = "github.event_name == 'issues'"
    assert admits(condition, "issues")
    assert not admits(condition, "issue_comment")


def test_the_author_of_the_issue_did_not_write_the_comment() -> None:
    by_issue = "github.event.issue.author_association == 'OWNER'"
    assert not admits(by_issue, "issues")
    assert admits(by_issue, "issue_comment")
    listed = "contains(fromJSON('[\"OWNER\"]'), github.event.comment.author_association)"
    assert not admits(listed, "issue_comment")
    assert admits(f"{listed} || {by_issue}", "issue_comment")


def test_a_job_that_runs_although_what_it_needs_was_skipped() -> None:
    assert survives_skipping("always()")
    assert survives_skipping("${{ !cancelled() }}")
    assert survives_skipping("failure() && true")
    assert survives_skipping("what is ( this")
    assert not survives_skipping(None)
    assert not survives_skipping("github.actor == 'hazel'")
    assert not survives_skipping("success()")
