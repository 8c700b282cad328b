"""An answer on two-factor authentication, in place of what GitHub does not show."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from hardenme.facts.attested import AccountFactors
from hardenme.sandbox.http import Reply
from hardenme.store.attestations import add
from tests.cli.attest.desk import PRACTICE, Desk, desk, listed
from tests.factories.statements import statement, today
from tests.worlds import github

__all__ = ["desk"]
FACTOR = "two_factor_authentication"
ACCOUNT = "github:user/hazel"


def unseen(desk: Desk) -> None:
    """GitHub leaves out of its answer whether there is a second factor."""

    def edit(_request: Any, reply: Reply) -> Reply:
        data = {key: value for key, value in reply.data.items() if key != FACTOR}
        return replace(reply, data=data)

    desk.accounts.github.fault("/user", edit=edit)


@pytest.mark.parametrize("subject", ["", PRACTICE, "practice:user/Hazel", "github:hazel"])
def test_an_answer_on_the_second_factors_stands_in_for_what_the_token_is_not_shown(
    desk: Desk, subject: str
) -> None:
    def outcomes() -> tuple[dict[str, Any], dict[str, Any]]:
        practice, account = desk.checked(select="ATT101"), desk.checked(select="GHA101")
        return practice[PRACTICE], account[ACCOUNT]

    unseen(desk)
    practice, account = outcomes()
    assert practice["outcome"] == "manual"
    assert account["outcome"] == "unknown"
    assert account["unknown"]["needed"].endswith("or your own answer: `hardenme attest ATT101`")
    assert desk.attest("ATT101", *([subject] if subject else []), "--yes", "--days", "30") == 0
    (row,) = listed(desk)
    assert (row["code"], row["subject"], row["state"]) == ("ATT101", PRACTICE, "counts")
    assert row["account"] == f"github:hazel@{desk.accounts.github.url}"
    for found in outcomes():
        assert found["outcome"] == "attested"
        assert found["attested"]["by"] == "hazel"
        assert found["attested"]["until"].startswith(f"{today(30):%Y-%m-%d}")
    assert desk.attest("ATT101", "--no") == 0
    practice, account = outcomes()
    assert practice["outcome"] == "failed"
    assert "passkeys" in practice["fix"]["step"]
    assert account["outcome"] == "unknown", "without keys there may be a code by an app"
    assert desk.attest("--withdraw", "ATT101", PRACTICE) == 0
    practice, account = outcomes()
    assert (practice["outcome"], account["outcome"]) == ("manual", "unknown")


def test_an_answer_that_has_ended_stands_in_for_nothing(desk: Desk) -> None:
    account = f"github:hazel@{desk.accounts.github.url}"
    unseen(desk)
    desk.folder.mkdir(parents=True)
    ended = statement(
        code="ATT101",
        subject=PRACTICE,
        question=AccountFactors.question,
        account=account,
        at=today(-100),
        until=today(-10),
    )
    add(desk.folder, ended)
    assert desk.checked(select="ATT101")[PRACTICE]["unknown"]["reason"] == "STALE"
    assert desk.checked(select="GHA101")[ACCOUNT]["outcome"] == "unknown"


def test_what_github_shows_goes_before_the_answer(desk: Desk) -> None:
    assert desk.attest("ATT101", "--yes") == 0
    assert desk.checked(select="GHA101")[ACCOUNT]["outcome"] == "passed"
    off = Reply(200, {"login": "hazel", "public_repos": 1, FACTOR: False})
    desk.accounts.github.fault("/user", edit=lambda _q, reply: replace(off, headers=reply.headers))
    assert desk.checked(select="GHA101")[ACCOUNT]["outcome"] == "failed"


def test_whoever_owns_no_organization_is_asked_about_text_messages(desk: Desk) -> None:
    desk.tokens["HARDENME_GITHUB_TOKEN"] = github.HARDENED_CLASSIC
    desk.accounts.github.fault(
        "/user/memberships/orgs", edit=lambda _q, reply: replace(reply, data=[])
    )
    asked = desk.checked(select="GHA102")[ACCOUNT]
    assert asked["outcome"] == "manual"
    assert asked["manual"]["page"].endswith("/settings/security")
    assert desk.attest("ATT101", "--yes") == 0
    assert desk.checked(select="GHA102")[ACCOUNT]["outcome"] == "attested"
    assert desk.attest("ATT101", "--no") == 0
    assert desk.checked(select="GHA102")[ACCOUNT]["outcome"] == "manual"
    assert desk.attest("GHA102", "--yes") == 0
    assert desk.checked(select="GHA102")[ACCOUNT]["outcome"] == "attested"


def test_nobody_answers_for_somebody_else(desk: Desk) -> None:
    assert desk.attest("ATT101", "github:rowan", "--yes") == 3
    assert "a token of rowan" in desk.err
    assert listed(desk) == []
