from __future__ import annotations

import json
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from hardenme.sandbox.http import Fault, Reply, Request
from tests.cli.conftest import Accounts

pytestmark = pytest.mark.sampled(6)

LAST = "coverage"


def limited(_request: Request, _reply: Reply) -> Reply:
    told = {"x-ratelimit-remaining": "0", "retry-after": "1800"}
    return Reply(403, {"message": "API rate limit exceeded for user ID 3."}, told)


def rejected(_request: Request, _reply: Reply) -> Reply:
    return Reply(401, {"message": "Bad credentials", "status": "401"})


def test_0_where_nothing_failed_and_nothing_is_unknown(hardened: Accounts) -> None:
    ran = hardened.check("--select", "GHA101,GHA105")
    assert ran.code == 0, ran.out
    assert ran.err == ""
    assert "0 failed" in ran.out.splitlines()[-1]
    assert LAST in ran.out.splitlines()[-1]


def test_1_where_something_failed(weak: Accounts) -> None:
    ran = weak.check("--select", "GHA101")
    assert ran.code == 1
    assert "GHA101" in ran.out


def test_the_severity_that_counts_is_the_users_choice(weak: Accounts) -> None:
    report = json.loads(weak.check("--select", "GHA", "--format", "json").out)
    found = {item["severity"] for item in report["findings"] if item["outcome"] == "failed"}
    assert "critical" in found
    code = weak.check("--ignore", "GHA101", "--select", "GHA106", "--fail-on", "info").code
    assert code == 1
    assert weak.check("--select", "GHA106", "--fail-on", "critical").code == 0


def test_1_goes_before_3(weak: Accounts) -> None:
    weak.github.fault("/user/keys", edit=lambda _q, _r: Reply(403, {"message": "Forbidden"}))
    ran = weak.check("--select", "GHA101,GHA104", "--format", "json")
    outcomes = {item["outcome"] for item in json.loads(ran.out)["findings"]}
    assert {"failed", "unknown"} <= outcomes
    assert ran.code == 1


def test_3_where_something_is_unknown(hardened: Accounts) -> None:
    hardened.github.fault("/user/keys", edit=lambda _q, _r: Reply(403, {"message": "Forbidden"}))
    assert hardened.check("--select", "GHA104").code == 3


@pytest.mark.parametrize(
    "name", ["GHA104", "GHA", "NOT_PERMITTED", "not_permitted", "GHA101,GHA104"]
)
def test_what_may_stay_unknown_does_not_count_and_is_recorded(
    hardened: Accounts, name: str
) -> None:
    hardened.github.fault("/user/keys", edit=lambda _q, _r: Reply(403, {"message": "Forbidden"}))
    ran = hardened.check("--select", "GHA104", "--allow-unknown", name, "--format", "json")
    assert ran.code == 0
    allowed = json.loads(ran.out)["allowed_unknown"]
    assert allowed == name.split(",")


def test_another_reason_than_the_allowed_one_counts(hardened: Accounts) -> None:
    hardened.github.fault("/user/keys", edit=lambda _q, _r: Reply(403, {"message": "Forbidden"}))
    assert hardened.check("--select", "GHA104", "--allow-unknown", "RATE_LIMITED").code == 3


def test_questions_for_a_person_do_not_count(hardened: Accounts) -> None:
    ran = hardened.check("--select", "NPA103")
    assert ran.code == 0
    assert "1 manual" in ran.out.splitlines()[-1]


def test_4_where_no_credential_is_accepted(weak: Accounts) -> None:
    ran = weak.bare(HARDENME_GITHUB_TOKEN="ghp_CANARYrevoked0000000000000000000000000")
    assert ran.code == 4
    assert "token refused" in ran.out
    # Once told that the credential is not accepted, nobody asks again.
    assert len(weak.github.requests) == 1


def test_4_where_there_is_no_credential_at_all(weak: Accounts) -> None:
    ran = weak.bare()
    assert ran.code == 4
    (told,) = ran.told
    github, npm = weak.urls[:2], weak.urls[2:]
    assert told == (
        "hardenme: there is no GitHub token and no npm token, so nothing of the GitHub and npm"
        f" accounts was looked at; store one with `hardenme auth login github {' '.join(github)}`"
        f" and `hardenme auth login npm {' '.join(npm)}`, or set HARDENME_GITHUB_TOKEN and"
        f" HARDENME_NPM_TOKEN; `hardenme permissions {' '.join(weak.urls)}` shows which is enough,"
        " and `hardenme demo` shows how a result looks"
    )
    assert weak.asked == 0
    ran = weak.bare("github:acme", "--select", "GHB")
    least = f"`hardenme permissions --for github:acme {' '.join(weak.urls)}`"
    assert f"{least} shows which is enough" in ran.err


def test_what_needs_no_credential_is_looked_at_without_one(weak: Accounts) -> None:
    asked = ("npm:@acorn-labs/grater", "--select", "NPP111,NPP113,NPP114")
    ran = weak.bare(*asked, "--format", "json")
    assert ran.code == 0, "a finding of low severity, below --fail-on"
    assert "1 failed" in weak.bare(*asked).out.splitlines()[-1]
    assert ran.err == ""
    assert json.loads(ran.out)["coverage"]["known"] > 0
    assert all("authorization" not in request.headers for request in weak.npm.requests)


def test_5_where_nothing_matches(weak: Accounts) -> None:
    ran = weak.check("npm:@acorn-labs/grater", "--select", "GHA")
    assert ran.code == 5
    assert len(ran.told) == 1
    assert weak.asked == 0


def test_4_where_a_credential_is_rejected_in_the_middle(hardened: Accounts) -> None:
    hardened.github.faults.append(Fault(".*", edit=rejected, after=6))
    ran = hardened.check("--select", "GHA,GHT,GHR", "--workers", "1", "--format", "json")
    report = json.loads(ran.out)
    outcomes = [item["outcome"] for item in report["findings"]]
    assert ran.code == 4
    assert "rejected" in report["partial"]
    assert "passed" in outcomes, "what was found before is kept"
    assert "unknown" in outcomes


@pytest.mark.parametrize(("edit", "code"), [(rejected, 4), (limited, 3)])
def test_4_and_3_go_before_1_where_a_run_was_halted(
    weak: Accounts, edit: Callable[[Request, Reply], Reply], code: int
) -> None:
    weak.github.faults.append(Fault(".*", edit=edit, after=6))
    ran = weak.check(
        *("--select", "GHA,GHT,GHR", "--workers", "1", "--format", "json", "--max-wait", "0")
    )
    report = json.loads(ran.out)
    assert report["partial"]
    assert "failed" in {item["outcome"] for item in report["findings"]}
    assert ran.code == code


def test_75_while_another_run_for_the_same_targets_is_under_way(weak: Accounts) -> None:
    weak.github.faults.append(Fault("/user", stall=40.0))
    process = weak.command.start("check", "--no-local", *weak.urls, **weak.tokens)
    try:
        while not weak.github.requests:
            assert process.poll() is None
        before = weak.asked
        ran = weak.check()
        assert ran.code == 75
        assert len(ran.told) == 1
        assert ran.out == ""
        assert weak.asked == before, "only the first run asks"
    finally:
        process.kill()
        process.communicate()
    weak.github.faults.clear()
    assert weak.check("--select", "GHA101").code == 1, "the lock goes with the process"


@pytest.mark.sampled(2)
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupt_keeps_what_was_found(
    weak: Accounts, tmp_path: Path, number: signal.Signals, code: int
) -> None:
    file = tmp_path / "report.json"
    # What comes after the first answers stalls for longer than anybody waits.
    weak.github.faults.append(Fault(".*", stall=40.0, after=9))
    ran = weak.command.interrupted(
        number,
        lambda: len(weak.github.requests) > 9 and len(weak.npm.requests) > 3,
        *("check", "--no-local", "--no-cache", *weak.urls, "--format", "json", "-o", str(file)),
        **weak.tokens,
    )
    assert ran.code == code
    report = json.loads(file.read_text())
    assert report["partial"] in {"interrupted", "terminated"}
    outcomes = {item["outcome"] for item in report["findings"]}
    assert {"failed", "unknown"} <= outcomes
    assert "the report holds what was found" in ran.err


def test_an_interrupt_leaves_no_check_out(weak: Accounts) -> None:
    whole = json.loads(weak.check("--format", "json").out)
    weak.github.requests.clear()
    arguments = ("check", "--no-local", "--no-cache", *weak.urls, "--format", "json")
    weak.github.faults[:] = [Fault("/user/(keys|emails).*", stall=40.0)]
    ran = weak.command.interrupted(
        signal.SIGINT, lambda: len(weak.github.requests) > 4, *arguments, **weak.tokens
    )
    assert ran.code == 130
    partial = json.loads(ran.out)
    assert {item["code"] for item in partial["findings"]} >= {
        item["code"] for item in whole["findings"]
    }


def test_an_interrupt_before_the_first_answer_is_told_in_a_line(weak: Accounts) -> None:
    weak.github.faults.append(Fault("/user", stall=40.0))
    ran = weak.command.interrupted(
        signal.SIGINT,
        lambda: bool(weak.github.requests),
        *("check", "--no-local", *weak.urls),
        **weak.tokens,
    )
    assert ran.code == 130
    assert len(ran.told) == 1
    assert "interrupted" in ran.err
