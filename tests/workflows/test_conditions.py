"""Which conditions keep out people without write access."""

from __future__ import annotations

import pytest

from hardenme.facts.github.workflow import OUTSIDER_EVENTS
from hardenme.workflows.conditions import admits, passes, survives_skipping
from hardenme.workflows.level import Level
from hardenme.workflows.outsiders import starts_of

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
    "contains(fromJSON('[]'), github.event.pull_request.author_association)",
    "contains('OWNER MEMBER', github.event.pull_request.author_association)",
    "github.event.issue.author_association == 'OWNER'",
    "github.event.workflow_run.head_branch == 'main'",
    "github.event.workflow_run.conclusion == 'success'",
    "contains(fromJSON(vars.PEOPLE), github.event.pull_request.user.login)",
    "github.event.comment.user.login == 'hazel'",
    "contains(github.event.comment.body, '@claude')",
    "startsWith(github.ref, 'refs/tags/')",
    "github['event']['pull_request']['head']['repo']['full_name'] == github.repository",
    f"format('{{0}}', {HEAD}.full_name) == github.repository",
    f"fromJSON(toJSON({HEAD}.fork)) == false",
    f"{HEAD}.owner.login == github.repository_owner",
    f"github.event_name != 'pull_request_target' || {HEAD}.full_name == github.repository",
    f"(github.event.issue && true) || !{HEAD}.fork",
    f"{HEAD}.fork == 0",
    "github.event.issue.pull_request && contains(github.event.comment.body, 'x')",
    "github.actor == 'dependabot[bot]' && github.event.pull_request.user.login == github.actor",
    "github.event.action == 'labeled' && github.event.label.name == 'ok'",
    (
        "(github.event_name == 'issues' && contains(github.event.issue.body, '@x'))"
        " || github.actor == 'hazel'"
    ),
    "github.event.workflow_run.event == 'push'",
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
    "contains('OWNER NONE', github.event.pull_request.author_association)",
    f"{HEAD}.fork != 'true'",
    f"{HEAD}.fork == 1",
    "github.event.workflow_run.event != 'pull_request'",
    "contains(fromJSON(github.event.pull_request.body), github.actor)",
    "contains(fromJSON(github.event.pull_request.body), 'x') && github.actor != 'hazel'",
    "github.event.pull_request.head.repo.name == github.event.repository.name",
    "startsWith(github.event.pull_request.head.ref, 'release/')",
    "github.base_ref == 'main'",
    "github.event.pull_request.author_association != 'OWNER'",
    "contains(fromJSON('[\"hazel\"]'), github.head_ref)",
    "contains(github.event.pull_request.labels.*.name, 'safe to test')",
    "!contains(github.event.pull_request.labels.*.name, 'skip')",
    f"${{{{ {HEAD}.full_name == github.repository }}}} && true",
    "'github.actor == ''hazel'''",
    "!github.event.pull_request.draft",
    "github.actor == 'hazel",
    "what is ( this",
    "!(github.event_name == 'push' || contains(github.event.issue.body, 'x'))",
]


UNSURE = [
    "contains(fromJSON(vars.PEOPLE), github.actor)",
    "contains(vars.PEOPLE, github.actor)",
    "vars.ON == 'true'",
    "needs.check.outputs.trusted == 'true'",
    "steps.check.outputs.trusted",
    "env.TRUSTED && true",
    f"vars.ON || {HEAD}.full_name == github.repository",
]


@pytest.mark.parametrize("condition", CLOSED)
def test_closed(condition: str) -> None:
    assert not admits(condition, "pull_request_target")


@pytest.mark.parametrize("condition", OPEN)
def test_open(condition: str | None) -> None:
    assert admits(condition, "pull_request_target") is Level.YES


@pytest.mark.parametrize("condition", UNSURE)
def test_what_cannot_be_followed_is_neither(condition: str) -> None:
    assert admits(condition, "pull_request_target") is Level.MAYBE


FORK_ASKED = ("== false", "!= true", "== 0", "== null", "== ''")


@pytest.mark.parametrize("asked", FORK_ASKED)
@pytest.mark.parametrize("event", sorted(OUTSIDER_EVENTS - {"pull_request_target"}))
def test_an_object_that_the_event_does_not_have_is_null(event: str, asked: str) -> None:
    assert admits(f"{HEAD}.fork {asked}", event) is Level.YES
    assert admits(f"!{HEAD}.fork", event) is Level.YES


@pytest.mark.parametrize("kind", ["edited", "labeled", "closed", "assigned", "converted_to_draft"])
def test_a_fork_may_be_gone_when_its_pull_request_changes(kind: str) -> None:
    given = {"types": ["opened", kind]}
    assert admits(f"!{HEAD}.fork", "pull_request_target", given) is Level.YES
    assert admits(f"{HEAD}.fork == false", "pull_request_target", given) is Level.YES
    assert not admits(f"{HEAD}.full_name == github.repository", "pull_request_target", given)
    only_open = f"!{HEAD}.fork && github.event.action == 'opened'"
    assert not admits(only_open, "pull_request_target", given)


def test_the_types_of_an_event_decide() -> None:
    labeled = "github.event.action == 'labeled'"
    assert not admits(labeled, "pull_request_target")
    assert admits(labeled, "pull_request_target", {"types": "labeled"}) is Level.YES
    assert admits(labeled, "issues") is Level.MAYBE
    assert not admits("github.event.action == 'locked'", "issues")
    assert admits("github.event.label.name == 'x'", "issues", {"types": ["typed"]}) is Level.MAYBE


KEYS_OF_A_TYPE = (
    ("pull_request_target", None, "label.name"),
    ("pull_request_target", {"types": ["opened", "synchronize"]}, "label.name"),
    ("pull_request_target", {"types": ["opened"]}, "assignee.login"),
    ("pull_request_target", {"types": ["closed"]}, "requested_reviewer.login"),
    ("pull_request_target", {"types": ["opened"]}, "changes.title.from"),
    ("pull_request_target", {"types": ["reopened"]}, "milestone.title"),
    ("pull_request_target", {"types": ["opened"]}, "after"),
    ("issues", {"types": ["opened"]}, "label.name"),
    ("issues", {"types": ["reopened"]}, "assignee.login"),
    ("issue_comment", {"types": ["created"]}, "changes.body.from"),
    ("discussion", {"types": ["created"]}, "label.name"),
    ("discussion", {"types": ["edited"]}, "answer.body"),
)


@pytest.mark.parametrize(("event", "given", "key"), KEYS_OF_A_TYPE)
@pytest.mark.parametrize(
    "guard",
    [
        "github.event.{0} == 'safe'",
        "'safe' == github.event.{0}",
        "contains(fromJSON('[\"safe\"]'), github.event.{0})",
        "startsWith(github.event.{0}, 'safe')",
        "!(github.event.{0} != 'safe')",
        "github.event.{0} && github.event.{0} == 'safe'",
    ],
)
def test_no_guard_rests_on_a_key_that_only_other_types_have(
    event: str, given: dict[str, list[str]] | None, key: str, guard: str
) -> None:
    assert admits(guard.format(key), event, given) is Level.MAYBE


def test_runs_of_forks_and_of_comments() -> None:
    run = "github.event.workflow_run"
    assert admits(f"{run}.event != 'pull_request'", "workflow_run") is Level.YES
    assert admits(f"{run}.event == 'pull_request_review'", "workflow_run") is Level.YES
    assert not admits(f"{run}.event == 'push'", "workflow_run")
    assert admits(f"{run}.head_repository.fork == false", "workflow_run") is not Level.NO
    of_fork = f"{run}.head_repository.full_name == github.repository"
    assert all(not passes([of_fork], start) for start in starts_of("workflow_run") if start.code)


@pytest.mark.parametrize(
    "condition", [None, "", "${{ x }} y", "  ${{ false }}", "${{ a }}${{ b }}"]
)
def test_what_is_no_single_expression_is_true(condition: str | None) -> None:
    assert admits(condition, "issues") is Level.YES


def test_a_condition_closes_one_event_and_not_another() -> None:
    condition = "github.event_name == 'issues'"
    assert admits(condition, "issues") is Level.YES
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
