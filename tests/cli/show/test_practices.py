"""`hardenme show --practices`: the eight safeguards of the last run, and what members signed."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hardenme.engine.catalogue import catalogue
from hardenme.engine.practices import questions
from hardenme.model.statement import Statement, Word
from hardenme.reports.practices import NAMED, SAFEGUARDS, safeguard_of
from hardenme.store.requests import new_contact, store
from hardenme.store.shared_answers import Answers, Received, keep
from tests.cli.attest.desk import PRACTICE, Desk, desk
from tests.factories.statements import today
from tests.printed import printed

__all__ = ["desk"]

KEY = "SHA256:" + "k" * 43


def practices(desk: Desk, *arguments: str) -> dict[str, dict[str, Any]]:
    asked = desk.accounts.asked
    assert desk("show", "--practices", "-f", "json", *arguments) == 0
    assert desk.accounts.asked == asked, "it asks nobody"
    return {one["key"]: one for one in printed("practices", desk.out)["safeguards"]}


def test_every_check_belongs_to_one_safeguard() -> None:
    codes = {check.code for check in catalogue()}
    assert codes >= NAMED
    named = Counter(code for one in SAFEGUARDS for code in one.codes)
    assert not [code for code, number in named.items() if number > 1]
    assert len(SAFEGUARDS) == 8
    assert {safeguard_of(code).key for code in codes} == {one.key for one in SAFEGUARDS}


def test_each_safeguard_says_what_is_known_and_the_next_step(desk: Desk) -> None:
    found = desk.checked("me", select="ATT,GHA,NPA")
    assert found
    rows = practices(desk)
    assert rows["requests"]["asked"] == ["ATT104"]
    assert rows["requests"]["next"]["command"] == "hardenme verify-request"
    assert rows["training"]["next"]["command"] == "hardenme drill"
    assert rows["incident"]["next"]["command"] == "hardenme drill incident"
    assert rows["integrity"]["next"]["text"] == "This run asked nothing of it."
    assert desk.attest("ATT105", PRACTICE, "--yes") == 0
    assert desk.attest("ATT104", PRACTICE, "--no") == 0
    desk.checked("me", select="ATT,GHA,NPA")
    rows = practices(desk)
    assert [one["code"] for one in rows["training"]["attested"]] == ["ATT105"]
    assert rows["training"]["next"] == {"text": "Nothing is open.", "command": ""}
    assert rows["requests"]["counts"] == {"failed": 1}
    assert rows["requests"]["next"]["command"].startswith("hardenme fix ")
    number = rows["requests"]["next"]["command"].split()[-1]
    assert desk("fix", number) == 0
    assert "Store two contacts" in desk.out


def test_the_counts_add_up_to_the_run(desk: Desk) -> None:
    desk("check", "--no-local", "--no-cache", *desk.accounts.urls, "-f", "json")
    report = json.loads(desk.out)
    rows = practices(desk)
    counted: Counter[str] = Counter()
    for row in rows.values():
        counted.update(row["counts"])
    assert counted == Counter(one["outcome"] for one in report["findings"])


@pytest.mark.parametrize("form", ["table", "markdown"])
def test_people_read_the_same(desk: Desk, form: str) -> None:
    desk.checked("me", select="ATT")
    assert desk("show", "--practices", "-f", form) == 0
    for one in SAFEGUARDS:
        assert one.title in desk.out
    for word in ("Checked", "Attested", "Asked", "Unknown", "Next"):
        assert desk.out.count(word) >= len(SAFEGUARDS)


@pytest.mark.parametrize("form", ["html", "markdown"])
def test_a_whole_report_has_the_section_where_it_asked(desk: Desk, form: str) -> None:
    desk.checked("me", select="ATT")
    assert desk("show", "--full", "-f", form) == 0
    assert "Leadership requests" in desk.out
    assert "hardenme drill incident" in desk.out
    desk.checked("me", select="GHA101")
    assert desk("show", "--full", "-f", form) == 0
    assert "Leadership requests" not in desk.out


def test_what_does_not_go_with_it_is_refused(desk: Desk) -> None:
    desk.checked("me", select="ATT")
    for other in (["ATT101"], ["--by", "person"], ["--member", "hazel"], ["--unknown"]):
        assert desk("show", "--practices", *other) == 2
    assert desk("show", "--practices", "-f", "sarif") == 2
    assert "--format with --practices takes one of: table, markdown, json" in desk.err


def test_a_yes_to_contacts_without_two_of_them_is_named(desk: Desk) -> None:
    assert desk.attest("ATT104", PRACTICE, "--yes") == 0
    desk.checked("me", select="ATT")
    for number in range(3):
        assert desk("show", "--practices", "-f", "json") == 0
        (*told,) = printed("practices", desk.out)["notes"]
        assert bool(told) is (number < 2)
        assert all(f"{number} contact" in one for one in told)
        at = today(-number - 1)
        store(desk.folder, new_contact(f"Rowan {number}", "+1 555 0100", at))


def received(folder: Path, login: str = "nettle", at: str = "") -> None:
    """What a member answered: one yes, one no, one that ended, one to other words."""
    texts, account = questions(login), f"github:{login}{at}"
    said = Statement(
        *("ATT101", f"practice:user/{login}", texts["ATT101"], Word.YES, login, account),
        *(today(-20), today(60)),
    )
    answers = (
        said,
        replace(said, code="ATT102", question=texts["ATT102"], answer=Word.NO),
        replace(said, code="ATT103", question=texts["ATT103"], until=today(-1)),
        replace(said, code="ATT104", question="Something else?"),
    )
    keep(folder, Received(Answers(login, account, today(-1), answers), KEY, "d" * 64, today()))


def test_what_members_signed_stands_beside_it(desk: Desk) -> None:
    desk.checked("me", select="ATT")
    received(desk.folder)
    assert desk("show", "--practices") == 0
    shown = " ".join(desk.out.split())
    assert "nettle: yes: ATT101; no: ATT102; expired: ATT103, ATT104; no answer: ATT105" in shown
    assert f"signed with {KEY}" in shown
    desk("show", "--practices", "-f", "json")
    (member,) = printed("practices", desk.out)["members"]
    assert (member["yes"], member["no"]) == (["ATT101"], ["ATT102"])
    assert desk("show", "--practices", "--redact") == 0
    assert "nettle" not in desk.out
    (desk.folder / "received.jsonl").write_text("{}\n")
    assert desk("show", "--practices") == 0
    assert "nettle" not in desk.out
    assert "No received answer counts: line 1" in " ".join(desk.out.split())


def test_a_member_of_another_github_is_not_taken_for_one_of_this(desk: Desk) -> None:
    desk.checked("me", select="ATT")
    received(desk.folder, "nettle", "@https://git.example")
    desk("show", "--practices", "-f", "json")
    (member,) = printed("practices", desk.out)["members"]
    assert member["login"] == "nettle@https://git.example"


def test_contacts_on_a_broken_record_are_not_counted(desk: Desk) -> None:
    assert desk.attest("ATT104", PRACTICE, "--yes") == 0
    desk.checked("me", select="ATT")
    store(desk.folder, new_contact("Rowan", "+1 555 0100", today(-1)))
    (desk.folder / "requests.jsonl").write_text("{}\n")
    assert desk("show", "--practices", "-f", "json") == 0
    (told,) = printed("practices", desk.out)["notes"]
    assert told.startswith("No contact counts: line 1")
