"""The family ATT: what people do, asked of them, about an account or an organization."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hardenme.cli.main import run
from hardenme.engine.catalogue import catalogue, find
from hardenme.engine.practices import asked_about
from hardenme.engine.standards import supported
from hardenme.model.statement import Statement, Word
from hardenme.store.attestations import add
from tests.cli.attest.desk import PRACTICE, Desk, desk, listed
from tests.cli.attest.test_attest_walk import PROMPT, walk
from tests.cli.conftest import Accounts
from tests.factories.statements import today
from tests.worlds import github

__all__ = ["desk"]

OF_ACCOUNT = [f"ATT{number}" for number in (101, 102, 103, 104, 105, 106, 107, 109, 110)]
ORGANIZATION = "practice:org/bramble-labs"


@pytest.fixture
def owner(organizations: Accounts, tmp_path: Path) -> Desk:
    """An owner of an organization."""
    found = Desk(organizations, tmp_path / "mine", organizations.tokens)
    found.home.mkdir()
    return found


def asked(desk: Desk, *targets: str) -> dict[str, dict[str, str]]:
    """What a check says of each practice, by code."""
    desk("check", "--no-local", "--no-cache", *desk.accounts.urls, "-f", "json", *PICK, *targets)
    return {one["code"]: one for one in json.loads(desk.out)["findings"]}


PICK = ("--select", "ATT")


def test_the_family_is_asked_of_an_account_and_of_an_organization(owner: Desk) -> None:
    found = asked(owner, "me", "github:bramble-labs")
    assert sorted(found) == [f"ATT{number}" for number in range(101, 111)]
    for code, one in found.items():
        assert one["outcome"] == "manual", code
        subject = one["subject"]
        assert subject.startswith("practice:org/" if code == "ATT108" else "practice:user/"), code
    assert found["ATT108"]["subject"] == ORGANIZATION
    assert found["ATT108"]["manual"]["page"].endswith("/orgs/bramble-labs/people")


def test_who_does_not_own_an_organization_is_not_asked_about_it(owner: Desk) -> None:
    owner.tokens = {"HARDENME_GITHUB_TOKEN": github.WEAK_ORG_MEMBER}
    assert asked(owner, "github:bramble-labs")["ATT108"]["outcome"] == "unknown"
    assert owner.attest("ATT108", "github:bramble-labs", "--yes") == 3
    assert listed(owner) == []


def test_each_question_comes_with_its_page_and_what_to_look_for(owner: Desk) -> None:
    found = asked(owner, "me", "github:bramble-labs")
    assert walk(owner, typed="y\n" * len(found)) == 0
    shown = " ".join(owner.err.split())
    assert owner.err.count(PROMPT) == len(found)
    for code, one in found.items():
        check = find(code)
        for label, text in (
            ("Look for", check.texts["look"]),
            ("Yes means", check.summary),
            ("If no", check.texts["fix"].partition("\n\n")[0]),
        ):
            assert f"{label}: {' '.join(text.split())}" in shown, code
        assert f" {one['manual']['page']} " in shown, code
    assert {one["outcome"] for one in asked(owner, "me", "github:bramble-labs").values()} == {
        "attested"
    }


@pytest.mark.parametrize("subject", ["practice:hazel", "practice:Hazel", PRACTICE, "github:hazel"])
def test_a_practice_is_named_with_or_without_its_kind(desk: Desk, subject: str) -> None:
    assert desk.attest("ATT103", subject, "--no") == 0
    assert [row["subject"] for row in listed(desk)] == [PRACTICE]
    assert asked(desk, "me")["ATT103"]["outcome"] == "failed"
    if subject != "github:hazel":
        assert desk("attest", "--withdraw", "ATT103", subject) == 0
        assert [row["state"] for row in listed(desk)] == ["withdrawn"]


def test_whom_to_call_back_may_count_for_a_year_and_nothing_else_does(desk: Desk) -> None:
    assert desk.attest("ATT104", PRACTICE, "--yes", "--days", "365") == 0
    assert listed(desk)[0]["until"].startswith(f"{today(365):%Y-%m-%d}")
    assert desk.attest("ATT104", PRACTICE, "--yes", "--days", "366") == 2
    assert "365 days at most" in desk.err
    for code in OF_ACCOUNT:
        if code != "ATT104":
            assert desk.attest(code, PRACTICE, "--yes", "--days", "181") == 2, code
            assert "180 days at most" in desk.err
    assert len(listed(desk)) == 1


def test_a_question_for_a_person_says_what_to_look_for() -> None:
    family = [check for check in catalogue() if check.family == "ATT"]
    assert all(check.texts["look"] for check in family)
    assert {check.code for check in family if supported(check.code)} >= {"ATT105", "ATT108"}


def test_explain_says_what_to_look_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "org-access-reviewed"]) == 0
    shown = capsys.readouterr().out
    assert shown.index("Look for\n") < shown.index("Why\n")
    assert "osps OSPS-GV-01.01" in shown


@pytest.mark.parametrize("form", ["html", "markdown", "sarif", "junit", "table"])
def test_every_form_has_the_questions(owner: Desk, form: str) -> None:
    every = ("--no-local", "--no-cache", "--full", *PICK, *owner.accounts.urls)
    owner("check", *every, "-f", form, "me", "github:bramble-labs")
    for code in (*OF_ACCOUNT, "ATT108"):
        assert code in owner.out, (form, code)


@pytest.mark.parametrize(("code", "subject"), [("ATT105", PRACTICE), ("ATT108", "practice:org/x")])
def test_an_answer_to_other_words_is_not_listed_as_one_that_counts(
    desk: Desk, code: str, subject: str
) -> None:
    asked = asked_about(code, subject)
    assert asked.endswith("?")
    for question, state in ((asked, "counts"), ("Was it so?", "other words")):
        answer = Statement(
            *(code, subject, question, Word.YES, "hazel", "github:hazel"),
            *(today(-1), today(8)),
        )
        add(desk.folder, answer)
        assert [row["state"] for row in listed(desk)] == [state]
