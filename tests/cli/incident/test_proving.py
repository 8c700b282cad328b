"""`hardenme incident prove`: a token goes to its own host alone, and only a refusal proves."""

from __future__ import annotations

import shutil

import pytest

from hardenme.ground.exit_code import Exit
from hardenme.sandbox.github.world import Token
from hardenme.sandbox.http import Fault, Reply
from tests.cli.command import Command
from tests.cli.incident.conftest import FEW, Attacked, made_token

pytestmark = pytest.mark.sampled(10)

GITHUB, NPM = made_token("ghp_", "leaked"), made_token("npm_", "leaked")


def sent(attacked: Attacked) -> tuple[list[str], list[str]]:
    """What came to each host."""
    return (
        [f"{one.method} {one.path}" for one in attacked.github.requests],
        [f"{one.method} {one.path}" for one in attacked.npm.requests],
    )


@pytest.mark.parametrize(
    ("token", "asked"),
    [(GITHUB, (["GET /user"], [])), (NPM, ([], ["GET /-/whoami"]))],
    ids=["github", "npm"],
)
def test_a_token_that_is_refused_is_dead(
    opened: Attacked, token: str, asked: tuple[list[str], list[str]]
) -> None:
    opened.github.requests.clear()
    opened.npm.requests.clear()
    done = opened.incident("prove", text=f"{token}\n")
    assert done.code == Exit.CLEAN, done.err
    assert sent(opened) == asked
    row = opened.row(f"{'GitHub' if asked[0] else 'npm'} token …{token[-4:]}")
    assert (row["state"], row["credential"]) == ("proven", True)
    assert row["why"].startswith("refused by 127.0.0.1")
    # What github.com made is refused by any other host of GitHub; npm's is one of its kind.
    assert ("as tokens of other hosts are" in row["why"]) is (token == GITHUB)
    # It proves that one token, and nothing of its kind.
    assert opened.row("classic tokens")["state"] == "pending"
    assert opened.row("npm token ci-ladle")["state"] == "pending"
    for path in opened.folder.iterdir():
        assert token not in path.read_text()
        assert token[4:20] not in path.read_text()


def test_a_token_that_is_accepted_stands_open_until_it_is_refused(opened: Attacked) -> None:
    alive = Token(GITHUB, "classic", "thorn", frozenset({"repo"}))
    opened.github.world.tokens.append(alive)
    done = opened.incident("prove", text=GITHUB)
    assert done.code == Exit.FINDINGS
    assert "still accepted by 127.0.0.1" in done.out
    assert "for thorn" in done.out
    name = f"GitHub token …{GITHUB[-4:]}"
    assert opened.row(name)["state"] == "pending"
    alive.revoked = True
    assert opened.incident("prove", text=GITHUB).code == Exit.CLEAN
    assert opened.row(name)["state"] == "proven"


def test_which_row_a_token_was_is_what_a_person_says(opened: Attacked) -> None:
    number = opened.row("npm token ci-ladle")["number"]
    done = opened.incident("prove", number, "--by", "hazel", text=NPM)
    assert done.code == Exit.CLEAN
    row = opened.row("npm token ci-ladle")
    assert row["state"] == "attested"
    assert row["why"].startswith(f"hazel: this was the npm token …{NPM[-4:]}, refused by")
    step = number.partition(".")[0]
    assert "name one row" in opened.incident("prove", step, text=NPM).err


MISTYPED = GITHUB[:-1] + ("0" if GITHUB[-1] != "0" else "1")


@pytest.mark.parametrize(
    ("token", "words"),
    [
        (MISTYPED, "a mistyped token is refused like a revoked one"),
        ("github_pat_CANARY" + "0" * 76, "its kind has no checksum"),
        ("", "is empty"),
        ("hello", "does not begin as a token"),
        (f"TOKEN={GITHUB}", "does not begin as a token"),
        (made_token("ghr_", "renewing"), "does not begin as a token"),
        (f"{GITHUB} x", "blanks or control characters"),
    ],
)
def test_what_may_be_mistyped_is_not_asked_about(opened: Attacked, token: str, words: str) -> None:
    opened.github.requests.clear()
    done = opened.incident("prove", text=token)
    assert done.code == Exit.NO_CREDENTIAL
    assert words in done.err
    assert opened.github.requests == []
    assert {one["event"] for one in opened.told()["record"]} == {"opened"}


def reply(status: int, data: object = None, **headers: str) -> Reply:
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Reply(status, data, named)


OTHERS = {
    "portal": Reply(401, headers={"content-type": "text/html"}, body=b"<html>Sign in</html>"),
    "proxy": reply(401, {"message": "Proxy sign-in"}),
    "forbidden": reply(403, {"message": "Bad credentials"}),
    "server error": reply(500, {"message": "Bad credentials"}),
    "redirect": reply(302, None, location="/login"),
    "missing": reply(404, {"message": "Not Found"}),
    "nobody": reply(200, {}),
    "page": Reply(200, headers={"content-type": "text/html"}, body=b"<html>Welcome</html>"),
}


@pytest.mark.parametrize("how", OTHERS)
def test_any_other_answer_proves_nothing(opened: Attacked, how: str) -> None:
    opened.github.faults.append(Fault("/user", edit=lambda _request, _reply: OTHERS[how]))
    done = opened.incident("prove", text=GITHUB)
    assert done.code == Exit.UNKNOWN, done.out
    assert "not known whether the GitHub token" in done.err
    assert {one["event"] for one in opened.told()["record"]} == {"opened"}


CHALLENGES = ("OTP", "ipaddress", "Bearer, OTP", "")


@pytest.mark.parametrize("challenge", CHALLENGES)
def test_npm_refuses_a_token_that_lives_for_other_reasons(opened: Attacked, challenge: str) -> None:
    headers = {"www_authenticate": challenge} if challenge else {}
    answer = reply(401, {"message": "Unauthorized"}, **headers)
    opened.npm.faults.append(Fault("/-/whoami", edit=lambda _request, _reply: answer))
    assert opened.incident("prove", text=NPM).code == Exit.UNKNOWN


def test_a_token_goes_to_no_host_that_a_report_alone_names(attacked: Attacked) -> None:
    """Somebody hands over a report, and waits for the tokens."""
    file = str(attacked.command.folder / "theirs.json")
    attacked.check("me", *FEW, "-f", "json", "-o", file, "--no-keep")
    assert attacked.incident("open", "worm", "--from", file).code == Exit.CLEAN
    attacked.github.requests.clear()
    attacked.npm.requests.clear()
    for token in (GITHUB, NPM):
        done = attacked.incident("prove", text=token)
        assert done.code == Exit.UNKNOWN
        assert "a token goes to no host that a report alone names" in done.err
    assert sent(attacked) == ([], [])
    attacked.check("me", *FEW)
    assert attacked.incident("prove", text=GITHUB).code == Exit.CLEAN


def test_a_host_that_is_away_proves_nothing(opened: Attacked) -> None:
    opened.github.faults.append(Fault("/user", hang_up=True))
    assert opened.incident("prove", text=GITHUB).code == Exit.UNKNOWN


def test_the_demo_asks_nobody(command: Command, tried: Command) -> None:
    shutil.copytree(tried.home, command.home, dirs_exist_ok=True)
    done = command("incident", "prove", "--demo", text=GITHUB)
    assert (done.code, "demo's hosts are not running" in done.err) == (Exit.USAGE, True)
