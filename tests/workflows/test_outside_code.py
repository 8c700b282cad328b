"""Guards that let outsiders in under their event, guards that keep them out, and names of code.

The same guard is judged differently under each event: an object that the event does not bring is
null, and a text is compared as a number with a boolean.
"""

from __future__ import annotations

import json

import pytest

from tests.workflows.said import jobs

SHA = "${{ github.event.pull_request.head.sha }}"
OF_ISSUE = "${{ format('refs/pull/{0}/head', github.event.issue.number) }}"
OF_RUN = "${{ github.event.workflow_run.head_sha }}"
TARGET = "pull_request_target"
RUN = "{workflow_run: {workflows: [ci], types: [completed]}}"
CHECKOUT = "actions/checkout@v3"
PULL = "github.event.pull_request"
FULL = "github.event.pull_request.head.repo.full_name == github.repository"


def found(on: str, ref: str, guard: str = "", repository: str = "") -> str:
    """Whether code of outsiders gets in: `certain`, `unknown`, or `never`."""
    inputs = {"ref": ref, "repository": repository}
    given = ", ".join(f"{key}: {json.dumps(value)}" for key, value in inputs.items() if value)
    condition = f"    if: {json.dumps(guard)}\n" if guard else ""
    (job,) = jobs(
        f"on: {on}\njobs:\n  one:\n    runs-on: x\n{condition}    steps:\n"
        f"      - uses: {CHECKOUT}\n        with: {{{given}}}\n      - run: npm ci\n"
    )
    if job.fetches or job.refused or job.raced:
        return "certain"
    return "unknown" if job.doubts or job.unsure else "never"


LET_IN = (
    (TARGET, SHA, "github.event.pull_request.head.repo.fork != 'true'"),
    (TARGET, SHA, "github.event.pull_request.head.repo.name == github.event.repository.name"),
    (TARGET, SHA, "contains(github.event.pull_request.head.repo.full_name, github.actor)"),
    (TARGET, SHA, "startsWith(github.head_ref, 'renovate/')"),
    (TARGET, SHA, "endsWith(github.actor, '[bot]')"),
    (TARGET, SHA, "contains(fromJSON(github.event.pull_request.body), github.actor)"),
    (TARGET, SHA, "contains(github.event.pull_request.title, github.actor)"),
    (TARGET, SHA, "contains(github.event.pull_request.labels.*.name, 'safe to test')"),
    (TARGET, SHA, "contains(toJSON(github.event.pull_request.labels), 'safe')"),
    (TARGET, SHA, "github.event.label.name == 'safe'"),
    (TARGET, SHA, "github.event.pull_request.author_association != 'NONE'"),
    (TARGET, SHA, "contains('MEMBER CONTRIBUTOR', github.event.pull_request.author_association)"),
    (TARGET, SHA, "github.event.comment.author_association != 'NONE'"),
    (TARGET, SHA, "github.event.sender.type != 'Bot'"),
    (TARGET, SHA, "github.event.sender.site_admin == false"),
    ("issue_comment", OF_ISSUE, "github.event.issue.pull_request != null"),
    (TARGET, SHA, "github.actor != 'dependabot[bot]'"),
    (TARGET, SHA, "github.triggering_actor == 'renovate[bot]'"),
    (TARGET, SHA, "github.event.pull_request.base.ref == 'main'"),
    (TARGET, SHA, "github.event.pull_request.maintainer_can_modify"),
    (TARGET, SHA, "github.event_name != 'pull_request'"),
    (TARGET, SHA, f"{FULL} || github.event.pull_request.commits < 3"),
    (TARGET, SHA, f"{FULL} || always()"),
    (TARGET, SHA, f"${{{{ {FULL} }}}} "),
    (TARGET, SHA, "contains(vars.PEOPLE, github.actor)"),
    (
        RUN,
        OF_RUN,
        FULL.replace("github.repository", "github.event.pull_request.base.repo.full_name"),
    ),
    (RUN, OF_RUN, "github.event.workflow_run.event != 'pull_request'"),
    (RUN, OF_RUN, "github.event.workflow_run.event == 'pull_request_review'"),
    (RUN, OF_RUN, "github.event.workflow_run.head_branch == 'main'"),
    (RUN, OF_RUN, "github.event.workflow_run.conclusion == 'success'"),
    (RUN, OF_RUN, "github.event.workflow_run.path == '.github/workflows/ci.yml'"),
    (RUN, OF_RUN, "github.event.workflow_run.head_commit.author.name == 'hazel'"),
    (RUN, OF_RUN, "!github.event.pull_request.head.repo.fork"),
    ("issue_comment", OF_ISSUE, "github.event.pull_request.head.repo.fork == false"),
    ("issue_comment", OF_ISSUE, "contains(github.event.comment.body, '/deploy')"),
    ("issue_comment", OF_ISSUE, "github.event.comment.author_association != 'FIRST_TIMER'"),
    ("issue_comment", OF_ISSUE, "github.event.comment.user.login == github.event.issue.user.login"),
    ("issue_comment", OF_ISSUE, "github.event.sender.login == github.event.comment.user.login"),
    ("issue_comment", OF_ISSUE, "github.event.comment.user.login != github.repository_owner"),
    ("pull_request_review", SHA, "github.event.review.state == 'approved'"),
    ("pull_request_review", SHA, "github.event.review.author_association == 'CONTRIBUTOR'"),
    (
        "pull_request_review_comment",
        SHA,
        "github.event.comment.user.login == github.event.pull_request.user.login",
    ),
    ("[issues, issue_comment]", OF_ISSUE, "github.event.issue.pull_request"),
    # Under their comment, on someone else's pull request, they name the commit themselves.
    (
        "issue_comment",
        "${{ github.event.comment.body }}",
        "github.event.issue.author_association == 'OWNER'",
    ),
    ("issue_comment", "${{ github.event.comment.body }}", "!github.event.issue.pull_request"),
    ("pull_request_review", "${{ github.event.review.body }}", FULL),
    ("pull_request_review", "${{ github.event.review.commit_id }}", ""),
)
"""Events, what is checked out, and guards that outsiders get past."""

KEEP_OUT = (
    (TARGET, SHA, FULL),
    (TARGET, SHA, "github.repository == github.event.pull_request.head.repo.full_name"),
    (TARGET, SHA, "github.event.pull_request.head.repo.id == github.repository_id"),
    (TARGET, SHA, "github.event.pull_request.head.repo.full_name == 'hazel/lantern'"),
    (TARGET, SHA, "github.event.pull_request.head.repo.owner.login == 'hazel'"),
    (TARGET, SHA, "github.event.pull_request.head.repo.fork == false"),
    (TARGET, SHA, "!github.event.pull_request.head.repo.fork"),
    (TARGET, SHA, "github.actor == 'hazel'"),
    (TARGET, SHA, 'contains(fromJSON(\'["hazel","willow"]\'), github.actor)'),
    (TARGET, SHA, "github.event.pull_request.author_association == 'OWNER'"),
    (
        TARGET,
        SHA,
        'contains(fromJSON(\'["OWNER","MEMBER"]\'), github.event.pull_request.author_association)',
    ),
    (TARGET, SHA, "github.event_name == 'push'"),
    (TARGET, SHA, "github.event.pull_request.merged == true"),
    (TARGET, SHA, "startsWith(github.ref, 'refs/tags/')"),
    (TARGET, SHA, "startsWith(github.event.pull_request.head.label, 'hazel:')"),
    (RUN, OF_RUN, "github.event.workflow_run.head_repository.full_name == github.repository"),
    (RUN, OF_RUN, "github.event.workflow_run.event == 'push'"),
    (RUN, OF_RUN, "github.event.workflow_run.event == 'schedule'"),
    ("issue_comment", OF_ISSUE, "!github.event.issue.pull_request"),
    ("issue_comment", OF_ISSUE, "github.event.issue.pull_request == null"),
    ("issue_comment", OF_ISSUE, "false"),
    ("pull_request_review", SHA, FULL),
    ("pull_request_review", SHA, "github.event.pull_request.user.login == 'hazel'"),
)
"""The same of guards that keep them out."""


@pytest.mark.parametrize(("on", "ref", "guard"), LET_IN)
def test_a_guard_that_lets_outsiders_in(on: str, ref: str, guard: str) -> None:
    assert found(on, ref, guard) in {"certain", "unknown"}


@pytest.mark.parametrize(("on", "ref", "guard"), KEEP_OUT)
def test_a_guard_that_keeps_outsiders_out(on: str, ref: str, guard: str) -> None:
    assert found(on, ref, guard) == "never"


@pytest.mark.parametrize(
    ("on", "path"),
    [
        *((TARGET, f"pull_request.{key}") for key in ("head.sha", "head.ref", "merge_commit_sha")),
        *((TARGET, f"pull_request.head.repo.{key}") for key in ("default_branch", "full_name")),
        (TARGET, "after"),
        ("pull_request_review", "review.commit_id"),
        ("pull_request_review_comment", "comment.commit_id"),
        ("pull_request_review_comment", "comment.original_commit_id"),
        (RUN, "workflow_run.head_sha"),
        (RUN, "workflow_run.head_commit.id"),
        (RUN, "workflow_run.head_commit.tree_id"),
        (RUN, "workflow_run.head_branch"),
        (RUN, "workflow_run.pull_requests[0].head.ref"),
        ("check_suite", "check_suite.head_sha"),
        ("check_suite", "check_suite.pull_requests[0].head.sha"),
        ("check_run", "check_run.check_suite.head_sha"),
        ("check_run", "check_run.check_suite.head_branch"),
        ("status", "sha"),
        ("status", "commit.sha"),
        ("status", "commit.parents[0].sha"),
        ("issues", "issue.body"),
        ("discussion", "discussion.title"),
    ],
)
def test_a_path_that_names_code_of_outsiders(on: str, path: str) -> None:
    assert found(on, f"${{{{ github.event.{path} }}}}") == "certain"
    assert found(on, f"${{{{ format('{{0}}', github.event.{path}) }}}}") == "certain"


@pytest.mark.parametrize(
    ("on", "repository"),
    [
        ("fork", "${{ github.event.forkee.full_name }}"),
        ("watch", "${{ github.event.sender.login }}/x"),
        ("issues", "${{ github.actor }}/x"),
        ("issue_comment", "${{ github.event.comment.user.login }}/x"),
        (TARGET, "${{ github.event.pull_request.head.repo.full_name }}"),
        (RUN, "${{ github.event.workflow_run.head_repository.full_name }}"),
    ],
)
def test_a_repository_of_outsiders(on: str, repository: str) -> None:
    assert found(on, "", repository=repository) == "certain"


@pytest.mark.parametrize(
    ("on", "path"),
    [
        (TARGET, "pull_request.base.sha"),
        (TARGET, "pull_request.base.ref"),
        (TARGET, "pull_request.base.repo.default_branch"),
        (TARGET, "repository.default_branch"),
        (RUN, "workflow_run.repository.default_branch"),
        ("issues", "repository.default_branch"),
    ],
)
def test_a_path_that_names_code_of_the_repository(on: str, path: str) -> None:
    assert found(on, f"${{{{ github.event.{path} }}}}") == "never"


SCRIPTS = (
    "run: python -c 'import os; os.system(os.environ[\"REV\"])'",
    "run: node -e 'require(\"child_process\").execSync(process.env.REV)'",
    "run: import os; os.system('git checkout ' + os.environ['REV'])\n        shell: python",
    "uses: actions/github-script@v7\n        with: {script: 'exec.exec(process.env.REV)'}",
)
"""Steps that look up a variable in another language than a shell's."""


@pytest.mark.parametrize("step", [*SCRIPTS, "uses: some/program@v1"])
def test_a_variable_of_a_step_that_names_code(step: str) -> None:
    (job,) = jobs(
        f"on: {TARGET}\njobs:\n  one:\n    runs-on: x\n    steps:\n"
        f'      - env: {{REV: "{SHA}"}}\n        {step}\n      - run: npm ci\n'
    )
    assert job.fetches


@pytest.mark.parametrize("step", SCRIPTS)
def test_a_variable_of_a_job_that_names_code(step: str) -> None:
    (job,) = jobs(
        f'on: {TARGET}\njobs:\n  one:\n    runs-on: x\n    env: {{REV: "{SHA}"}}\n'
        f"    steps:\n      - {step}\n      - run: npm ci\n"
    )
    assert job.fetches
