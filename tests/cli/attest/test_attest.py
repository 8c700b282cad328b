"""`hardenme attest`, called as the command line calls it, with servers to ask."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from hardenme.cli.attest.records import _as_table
from hardenme.ground import clock
from hardenme.model.statement import Word
from hardenme.sandbox.github.server import GitHubServer
from hardenme.store.attestations import RECORD, add, read
from tests.cli.attest.desk import LANTERN, QUESTION, Desk, desk, listed
from tests.cli.conftest import Accounts
from tests.factories.statements import statement, today

pytestmark = pytest.mark.sampled(3)

__all__ = ["desk"]


def test_packages_with_one_question_are_asked_about_once(desk: Desk) -> None:
    assert desk.checked()[LANTERN]["outcome"] == "manual"
    assert desk.attest("NPP106", typed="maybe\ny\nyes 1\nno 9\nNO 2\nskip\n") == 0
    assert desk.err.count(QUESTION) == 1
    assert desk.err.count("skip, back or quit?") == 6
    assert "say for which: yes all, or yes with numbers from 1 to 3" in desk.err
    assert "say for which: no all, or no with numbers from 1 to 3" in desk.err
    said = {row["subject"]: row["answer"] for row in listed(desk)}
    assert sorted(said.values()) == ["no", "yes"]
    found = desk.checked()
    for subject, answer in said.items():
        assert found[subject]["outcome"] == {"yes": "attested", "no": "failed"}[answer]
    yes, no = sorted(said, key=lambda name: said[name], reverse=True)
    assert found[yes]["attested"]["by"] == "hazel"
    assert found[yes]["attested"]["until"].startswith(f"{today(90):%Y-%m-%d}")
    assert "mfa=publish" in found[no]["fix"]["command"]
    desk.attest("NPP106", no, typed="q\n")
    assert "on record: no, by hazel, until" in desk.err


def test_the_end_of_the_input_is_no_answer(desk: Desk) -> None:
    assert desk.attest("NPP106", typed="") == 5
    assert "nothing was recorded" in desk.err
    assert listed(desk) == []


def test_an_answer_is_given_without_a_terminal(desk: Desk) -> None:
    code = desk.attest(
        *("NPP106", LANTERN, "--yes", "--by", "Hazel \x1b[31mGrove", "--days", "30"),
        *("--evidence", "the page\nsays so \u202e"),
    )
    assert code == 0
    assert desk.out.startswith(f"NPP106 {LANTERN}: yes, by Hazel \\x1b[31mGrove, until")
    (row,) = listed(desk)
    assert row["evidence"] == "the page\\nsays so \\u202e"
    assert row["account"] == f"npm:hazel@{desk.accounts.npm.url}"
    assert row["until"].startswith(f"{today(30):%Y-%m-%d}")
    assert row["state"] == "counts"
    assert desk.attest("--list", "NPP106") == 0
    assert f"{LANTERN}, by Hazel \\x1b[31mGrove\n  the page\\nsays so" in desk.out
    for character in "\x1b\u202e":
        assert not any(character in text for text in desk.files().values())
    assert desk.checked()[LANTERN]["outcome"] == "attested"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("NPP106",), "there is no terminal"),
        (("NPP106", "--token-stdin", "npm"), "there is no terminal"),
        ((), "No run is kept. Run `hardenme check` first."),
        (("--yes",), "name the check"),
        (("--withdraw",), "name the check"),
        (("--use-gh",), "no token is needed for the questions of the last run"),
        (("--account", "a b"), "--account takes a login"),
        (("--days", "181"), "180 days at most"),
        (("package-disallow-tokens", "--yes"), "did you mean package-disallows-tokens?"),
        (("npp106-typo", "--yes"), "no check is called"),
        (("GHA101", "--yes"), "GHA101 asks no question"),
        (("NPP106", "nonsense", "--yes"), "unknown target 'nonsense'; did you mean npm:nonsense?"),
        (("NPP106", "npm:package/../../etc", "--yes"), "unknown target"),
        (("NPP106", "local", "--yes"), "nothing on this machine"),
        (("NPP106", "--yes", "--days", "181"), "180 days at most"),
        (("NPP106", "--yes", "--days", "0"), "180 days at most"),
        (("NPP106", "--yes", "--until", "2020-01-31"), "180 days at most"),
        (("NPP106", "--yes", "--until", "soon"), "a date like 2027-01-31"),
        (("NPP106", "--yes", "--until", "2027-01-31", "--days", "3"), "give one of them"),
        (("NPP106", "--yes", "--account", "a b"), "--account takes a login"),
        (("NPP106", "--yes", "--by", "x" * 101), "--by takes 100 characters"),
        (("NPP106", "--yes", "--evidence", "ghp_" + "x" * 36), "--evidence holds what looks like"),
        (("NPP106", "--list", "-f", "yaml"), "--format takes one of: table, json"),
        (("NPP999", "--list"), "no check is called"),
        (("NPP106", "--withdraw"), "name what about"),
        (("NPP106", "--withdraw", LANTERN), "nothing is on record"),
    ],
)
def test_what_is_wrong_is_said_before_anybody_is_asked(
    desk: Desk, arguments: tuple[str, ...], told: str
) -> None:
    assert desk.attest(*arguments) == 2
    assert told in desk.err
    assert len(desk.err.splitlines()) == 1
    assert desk.accounts.asked == 0
    assert not desk.folder.exists()


def test_a_date_is_taken_in_place_of_days(desk: Desk) -> None:
    day = f"{today(60):%Y-%m-%d}"
    assert desk.attest("NPP106", LANTERN, "--yes", "--until", day) == 0
    assert listed(desk)[0]["until"] == f"{day}T00:00:00Z"


def test_a_token_is_never_written_down(desk: Desk) -> None:
    token = desk.tokens["HARDENME_NPM_TOKEN"]
    for option in ("--by", "--evidence"):
        assert desk.attest("NPP106", LANTERN, "--yes", option, f"x {token[::-1]}") == 2
        assert "looks like a token" in desk.err
    assert listed(desk) == []


def test_a_package_that_is_not_there_is_not_stated_about(desk: Desk) -> None:
    assert desk.attest("NPP106", "npm:@hazel-grove/lantren", LANTERN, "--yes") == 3
    assert f"did you mean {LANTERN}?" in desk.err
    assert listed(desk) == []


def test_without_a_token_it_takes_names(desk: Desk) -> None:
    assert desk.attest("NPP106", "--yes", tokens=False) == 4
    assert "set HARDENME_NPM_TOKEN, or name it: hardenme attest NPP106 npm:PACKAGE" in desk.err
    assert desk.accounts.asked == 0
    target = LANTERN.replace("package/", "")
    assert desk.attest("NPP106", target, "--yes", tokens=False) == 4
    assert "add --account LOGIN" in desk.err
    assert listed(desk) == []
    assert desk.attest("NPP106", target, "--yes", "--account", "hazel", tokens=False) == 0
    assert listed(desk)[0]["by"] == "hazel"
    assert desk.checked(target)[LANTERN]["outcome"] == "attested"
    unnamed = desk.checked(target, tokens=False)[LANTERN]
    assert unnamed["outcome"] == "unknown"
    assert "a token of npm:hazel@" in unnamed["unknown"]["needed"]


def test_a_statement_is_of_one_account(desk: Desk) -> None:
    assert desk.attest("NPP106", LANTERN, "--yes", "--account", "mallow") == 4
    assert "the token belongs to hazel, not to mallow" in desk.err
    desk.attest("NPP106", LANTERN, "--yes", "--account", "mallow", tokens=False)
    found = desk.checked()[LANTERN]
    assert found["outcome"] == "unknown"
    assert "for npm:mallow@" in found["message"] + found["unknown"]["needed"]
    # The command that is shown sets it right.
    command = shlex.split(found["unknown"]["needed"].partition(": ")[2])
    assert command[:2] == ["hardenme", "attest"]
    assert desk.attest(*command[2:], "--yes") == 0
    assert desk.checked()[LANTERN]["outcome"] == "attested"


def test_an_answer_is_taken_back(desk: Desk) -> None:
    desk.attest("NPP106", LANTERN, "--yes", "--evidence", "seen")
    asked = desk.accounts.asked
    assert desk.attest("package-disallows-tokens", "--withdraw", "npm:@hazel-grove/lanten") == 2
    assert f"did you mean {LANTERN}?" in desk.err
    assert desk.attest("--withdraw", "NPP106", "npm:@hazel-grove/lantern") == 0
    assert desk.out == f"NPP106 {LANTERN}: withdrawn\n"
    assert desk.accounts.asked == asked
    assert [row["state"] for row in listed(desk)] == ["withdrawn"]
    assert desk.checked()[LANTERN]["outcome"] == "manual"
    assert desk.attest("--withdraw", "NPP106", LANTERN) == 2
    assert [item.answer for item in read(desk.folder).statements] == ["yes", "withdrawn"]


def test_what_does_not_count_is_unknown_and_never_a_question(desk: Desk) -> None:
    account = f"npm:hazel@{desk.accounts.npm.url}"
    states = {
        "expired": statement(subject=LANTERN, account=account, at=today(-100), until=today(-10)),
        "dated ahead": statement(subject=LANTERN, account=account, at=today(1), until=today(50)),
    }
    for state, said in states.items():
        add(desk.folder, said)
        assert [row["state"] for row in listed(desk)] == [state]
        found = desk.checked()[LANTERN]
        assert found["outcome"] == "unknown"
        assert found["unknown"]["reason"] == "STALE"
    add(desk.folder, statement(subject=LANTERN, account=account, question="Is it in other words?"))
    assert desk.checked()[LANTERN]["unknown"]["reason"] == "STALE"


def break_record(folder: Path) -> None:
    path = folder / RECORD
    path.write_text(path.read_text().replace('"answer":"no"', '"answer":"yes"'))


def open_record(folder: Path) -> None:
    (folder / RECORD).chmod(0o644)


@pytest.mark.parametrize(
    ("spoil", "told"), [(break_record, "line 1 was changed"), (open_record, "chmod 600")]
)
def test_a_record_that_was_touched_tells_nothing(
    desk: Desk, spoil: Callable[[Path], None], told: str
) -> None:
    desk.attest("NPP106", LANTERN, "--no")
    spoil(desk.folder)
    found = desk.checked()
    assert found[LANTERN]["outcome"] == "unknown"
    assert found[LANTERN]["unknown"]["reason"] == "INCOMPLETE"
    assert told in found[""][0]
    assert desk("attest", "--list") in {2, 3}
    assert told in desk.err
    assert desk.attest("NPP106", LANTERN, "--yes") == 2
    assert told in desk.err


def hide_bypass(desk: Desk) -> None:
    """Serve environments as a server does that does not show what administrators can do."""
    assert isinstance(desk.accounts.github, GitHubServer)
    for repository in desk.accounts.github.world.repositories:
        for environment in repository.environments:
            environment.admins_bypass = None


def test_a_question_resolves_what_is_unknown(desk: Desk) -> None:
    login = f"github:hazel@{desk.accounts.github.url}"
    shown = desk.checked(select="GHR128")
    assert {shown[name]["outcome"] for name in shown if name} == {"passed"}
    hide_bypass(desk)
    found = desk.checked(select="GHR128")
    unknown = {name for name in found if name and found[name]["outcome"] == "unknown"}
    subject, *others = sorted(unknown)
    assert f"hardenme attest GHR128 {subject}" in found[subject]["unknown"]["needed"]
    assert desk.attest("GHR128", subject.replace("hazel", "HAZEL"), "--yes") == 0
    assert listed(desk)[0]["account"] == login
    found = desk.checked(select="GHR128")
    assert found[subject]["outcome"] == "attested"
    assert {found[name]["outcome"] for name in others} == {"unknown"}
    repository = "/".join(subject.split("/")[1:3])
    assert desk.attest("GHR128", f"github:{repository}", "--no") == 0
    found = desk.checked(f"github:{repository}", select="GHR128")[subject]
    assert found["outcome"] == "failed"
    assert "hardenme attest GHR128" in found["fix"]["step"]


def test_nothing_is_stated_about_a_token_that_another_may_replace(desk: Desk) -> None:
    assert desk.attest("GHT106", "--yes") == 2
    assert "the next token" in desk.err
    assert listed(desk) == []


@pytest.mark.parametrize(
    ("code", "subject", "targets"),
    [
        ("NPA103", "npm:user/hazel", ()),
        ("NPO101", "npm:org/hazel-grove", ("npm:@hazel-grove",)),
        ("NPO101", "npm:@hazel-grove", ("npm:@hazel-grove",)),
        ("NPP106", "npm:@hazel-grove", ("npm:@hazel-grove",)),
    ],
)
def test_ids_and_targets_name_what_is_asked_about(
    desk: Desk, code: str, subject: str, targets: tuple[str, ...]
) -> None:
    assert desk.attest(code, subject, "--yes") == 0
    said = [row["subject"] for row in listed(desk)]
    found = desk.checked(*targets, select=code)
    assert said
    assert {found[name]["outcome"] for name in said} == {"attested"}
    assert desk.attest("--withdraw", code, *said) == 0
    found = desk.checked(*targets, select=code)
    assert {found[name]["outcome"] for name in said} == {"manual"}


def test_an_organization_on_github_is_named(organizations: Accounts, tmp_path: Path) -> None:
    desk = Desk(organizations, tmp_path / "mine", organizations.tokens)
    assert desk.attest("GHO131", "github:Bramble-Labs", "--yes") == 0
    (row,) = listed(desk)
    assert row["subject"].lower() == "github:org/bramble-labs"
    found = desk.checked("github:bramble-labs", select="GHO131")
    assert found["github:org/bramble-labs"]["outcome"] == "attested"
    assert desk.attest("GHO131", "github:org/bramble-lab", "--no") in {2, 3}
    assert len(listed(desk)) == 1


def test_an_organization_made_anew_under_the_name_is_another_one(
    organizations: Accounts, tmp_path: Path
) -> None:
    """What was said of the earlier one is asked of it again; what was said since counts."""
    desk = Desk(organizations, tmp_path / "mine", organizations.tokens)
    name = "github:org/bramble-labs"
    assert desk.attest("GHO131", name, "--yes") == 0
    one = organizations.github.world.organization("bramble-labs")
    assert one is not None
    first, created = one.id, one.created_at
    try:
        # An older organization that was renamed into the name is another one, too.
        for at in (clock.now() + timedelta(minutes=5), created - timedelta(days=900)):
            one.id, one.created_at = first + 1, at
            found = desk.checked("github:bramble-labs", select="GHO131")
            assert found[name]["outcome"] == "unknown"
            told = f"another bramble-labs: its id was {first}, and is {first + 1} now"
            assert told in desk.out
            needed = found[name]["unknown"]["needed"]
            assert "hardenme attest GHO131 github:org/bramble-labs" in needed
        one.id, one.created_at = first, clock.now() + timedelta(minutes=5)
        found = desk.checked("github:bramble-labs", select="GHO131")
        assert found[name]["outcome"] == "attested"
    finally:
        one.id, one.created_at = first, created


def test_the_same_answer_about_many_is_one_line_and_each_with_the_code() -> None:
    said = statement()
    many = [replace(said, subject=f"npm:package/p{one}") for one in range(90)]
    short = _as_table(many, ["counts"] * 90, [""] * 90, 100, full=False)
    assert short.count("\n") == 1
    assert "90 answers: npm:package/p0, npm:package/p1, npm:package/p2 and 87 more" in short
    assert f"hardenme attest --list {said.code}" in short
    assert _as_table(many, ["counts"] * 90, [""] * 90, 100, full=True).count("\n") == 90
    other = [*many, replace(said, subject="npm:package/q", answer=Word.NO)]
    assert _as_table(other, ["counts"] * 91, [""] * 91, 100, full=False).count("\n") == 2
