"""Where a job that a stranger starts fetches the stranger's code."""

from __future__ import annotations

import pytest

from tests.workflows.said import jobs, step

SHA = "08c6903cd8c0fde910a37f88322edcfb5dd907a8"
HEAD = "${{ github.event.pull_request.head.sha }}"
FETCHED = {
    "the head": f"uses: actions/checkout@v3\nwith:\n  ref: {HEAD}",
    "its branch": "uses: actions/checkout@v3\nwith:\n  ref: ${{ github.head_ref }}",
    "by index": (
        "uses: actions/checkout@v3\nwith:\n  ref: ${{ github.event['pull_request'].head['sha'] }}"
    ),
    "its repository": (
        "uses: actions/checkout@v3\nwith:\n"
        "  repository: ${{ github.event.pull_request.head.repo.full_name }}"
    ),
    "the merge": (
        "uses: actions/checkout@v3\nwith:\n"
        "  ref: refs/pull/${{ github.event.pull_request.number }}/merge"
    ),
    "one of several": f"uses: actions/checkout@v3\nwith:\n  ref: {HEAD[:-2]} || github.sha }}}}",
    "in a format": (
        "uses: actions/checkout@v3\nwith:\n"
        "  ref: ${{ format('{0}', github.event.pull_request.head.sha) }}"
    ),
    "another step's": "uses: actions/checkout@v3\nwith:\n  ref: ${{ steps.ref.outputs.sha }}",
    "another job's": "uses: actions/checkout@v3\nwith:\n  ref: ${{ needs.ref.outputs.sha }}",
    "a variable": (
        f"uses: actions/checkout@v3\nenv:\n  REF: {HEAD}\nwith:\n  ref: ${{{{ env.REF }}}}"
    ),
    "a variable set at run time": "uses: actions/checkout@v3\nwith:\n  ref: ${{ env.REF }}",
    "what is not understood": "uses: actions/checkout@v3\nwith:\n  ref: ${{ what is this }}",
    "in capitals": f"uses: Actions/Checkout@v3\nwith:\n  ref: {HEAD}",
    "gh": "run: gh pr checkout $NUMBER",
    "gh after another": "run: |\n  npm ci && gh pr checkout 5",
    "git fetch": 'run: git fetch origin "pull/${{ github.event.number }}/head:pr"',
    "git fetch by a variable": "run: git fetch origin pull/$NUMBER/head",
    "git checkout": f"run: |\n  git remote add fork x\n  git checkout {HEAD}",
    "git by a variable": f'run: git checkout "$SHA"\nenv:\n  SHA: {HEAD}',
    "git by the runner's variable": "run: git switch ${GITHUB_HEAD_REF}",
    "PowerShell": f"run: git checkout $env:SHA\nenv:\n  SHA: {HEAD}",
    "over two lines": f"run: |\n  git \\\n    checkout {HEAD}",
    "git clone": "run: git clone ${{ github.event.pull_request.head.repo.clone_url }}",
    "a patch": "run: |\n  gh pr diff 5 > x.patch\n  git apply x.patch",
    "a tarball": f"run: curl -L https://api.example/repos/x/tarball/{HEAD} | tar xz",
}
NOT_FETCHED = {
    "the base": "uses: actions/checkout@v4",
    "the base, by name": "uses: actions/checkout@v4\nwith:\n  ref: ${{ github.base_ref }}",
    "the base's commit": (
        "uses: actions/checkout@v4\nwith:\n  ref: ${{ github.event.pull_request.base.sha }}"
    ),
    "a fixed branch": "uses: actions/checkout@v4\nwith:\n  ref: main",
    "another repository": "uses: actions/checkout@v4\nwith:\n  repository: hazel/tools",
    "a quoted name": "uses: actions/checkout@v4\nwith:\n  ref: ${{ 'github.head_ref' }}",
    "talk of it": "run: echo 'try gh pr checkout 5'",
    "a comment": "run: |\n  # gh pr checkout 5\n  npm test",
    "its files by name": "run: gh api repos/x/y/pulls/$NUMBER/files",
    "a message": f"run: gh pr comment 5 --body {HEAD}",
    "other git": "run: git fetch origin main && git checkout main",
    "the fork is kept out": (
        f"uses: actions/checkout@v4\nwith:\n  ref: {HEAD}\n"
        "if: github.event.pull_request.head.repo.full_name == github.repository"
    ),
}


@pytest.mark.parametrize("text", FETCHED.values(), ids=FETCHED.keys())
def test_fetched(text: str) -> None:
    assert step(text).fetches


@pytest.mark.parametrize("text", NOT_FETCHED.values(), ids=NOT_FETCHED.keys())
def test_not_fetched(text: str) -> None:
    assert not step(text).fetches


def test_by_a_workflow_that_follows_another() -> None:
    text = "uses: actions/checkout@v3\nwith:\n  ref: ${{ github.event.workflow_run.head_sha }}"
    assert step(text, on="workflow_run").fetches == ("actions/checkout",)


def test_by_a_comment() -> None:
    text = (
        "uses: actions/checkout@v4\nwith:\n  ref: refs/pull/${{ github.event.issue.number }}/head"
    )
    assert step(text, on="issue_comment").fetches == ("actions/checkout",)


def test_what_a_push_fetches_is_nobody_elses() -> None:
    assert not step(f"uses: actions/checkout@v4\nwith:\n  ref: {HEAD}", on="push").fetches


def test_a_condition_of_the_job_keeps_out() -> None:
    text = f"uses: actions/checkout@v4\nwith:\n  ref: {HEAD}"
    guarded = {"if": "github.event.pull_request.user.login == 'hazel'"}
    job = step(text, **guarded)
    assert job.opens == ()
    assert not job.fetches


CHAIN = """
on: pull_request_target
jobs:
  gate:
    runs-on: x
    if: github.event.pull_request.author_association == 'MEMBER'
    steps: [{run: "true"}]
  middle:
    needs: gate
    runs-on: x
    steps: [{run: "true"}]
  last:
    needs: [middle]
    runs-on: x
    IF
    steps: [{run: "gh pr checkout 5"}]
"""


def test_a_job_waits_for_the_one_that_keeps_out() -> None:
    last = jobs(CHAIN.replace("IF", "timeout-minutes: 5"))[-1]
    assert not last.opens
    assert not last.fetches


def test_a_job_that_does_not_wait_for_it() -> None:
    last = jobs(CHAIN.replace("IF", "if: always()"))[-1]
    assert last.opens == ("pull_request_target",)
    assert last.fetches == ("gh pr checkout",)


OF_PULLS = [
    "gh api repos/hazel/x/tarball/refs/pull/${{ github.event.number }}/head | tar xz",
    "gh api /repos/{owner}/{repo}/zipball/$SHA > a.zip",
    "curl -sL https://git.example/repos/hazel/x/tarball/pull/$PR/head | tar xz",
    'gh api "repos/hazel/x/tarball/$(gh pr view $PR --json headRefOid -q .headRefOid)" > a.tgz',
    "git remote add fork https://git.example/${{ github.event.pull_request.user.login }}/x",
    "git remote add fork https://git.example/$AUTHOR/x",
    "git remote add fork git@git.example:${AUTHOR}/x.git",
    "git clone https://git.example/${{ github.actor }}/x.git",
    "git clone https://git.example/$GITHUB_ACTOR/x.git",
    'URL="https://git.example/$AUTHOR/x"\ngit clone "$URL"',
    'gh repo clone "$AUTHOR/x"',
    "gh repo clone ${{ github.event.pull_request.head.repo.full_name }}",
    "gh api repos/$AUTHOR/x/tarball > a.tgz",
    "wget https://git.example/$AUTHOR/x/archive/main.tar.gz",
    "npm install github:$AUTHOR/x",
    'pip install "git+https://git.example/$AUTHOR/x"',
    "npx github:${{ github.event.sender.login }}/x",
]
OF_THE_REPOSITORY = [
    "git remote set-url origin https://$AUTHOR:$TOKEN@git.example/hazel/x",
    "git remote set-url origin https://${{ github.actor }}@git.example/hazel/x",
    "git config user.name ${{ github.actor }}",
    "git clone https://git.example/${{ github.repository_owner }}/x",
    "git clone https://git.example/${{ github.event.repository.owner.login }}/x",
    "docker push ghcr.example/${{ github.actor }}/x",
    "npm install github:hazel/x",
    "git checkout -b by-$AUTHOR",
    "gh api repos/hazel/x/tarball/main > a.tgz",
]
ENV = (
    '{PR: "${{ github.event.number }}", SHA: "${{ github.event.pull_request.head.sha }}",'
    ' AUTHOR: "${{ github.event.pull_request.user.login }}"}'
)


@pytest.mark.parametrize("script", OF_PULLS)
def test_code_of_a_pull_request_comes_by_other_ways(script: str) -> None:
    lines = "\n".join(f"  {line}" for line in script.splitlines())
    assert step(f"run: |\n{lines}", env=ENV).fetches


@pytest.mark.parametrize("script", OF_THE_REPOSITORY)
def test_a_login_alone_brings_no_code(script: str) -> None:
    found = step(f"run: |\n  {script}", env=ENV.replace("PR", "NUMBER").replace("SHA", "COMMIT"))
    assert found.fetches == ()


def test_a_checkout_of_an_outsiders_repository() -> None:
    found = step('uses: actions/checkout@v3\nwith: {repository: "${{ github.actor }}/x"}')
    assert found.fetches == ("actions/checkout",)
