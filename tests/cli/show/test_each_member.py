"""`show --each-member`: each person's own list, without anybody else's data."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardenme.cli.show.folder import member_name
from hardenme.model.finding import Attested
from hardenme.model.report import Identity, Report
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from hardenme.model.verdict import Failed, Fix, Manual, Passed, Verdict
from hardenme.model.waiver import Waiver
from hardenme.reports import FORMATS, pieces
from hardenme.store.runs import Runs
from tests.cli.command import Command
from tests.cli.conftest import Accounts
from tests.reports import planned
from tests.reports.sample import AT, report_of
from tests.reports.test_report_members import about
from tests.worlds.organizations import base

pytestmark = pytest.mark.sampled(6)

ORG = "github:bramble-labs"
STATE = Path(".local/state/hardenme")
PAGE = "https://host.example.test/orgs/acme/people"
ADMIN = Identity(
    "github", "https://api.secret-host.example.test", "quince", "classic", "/home/quince/token"
)


def failed(login: str, message: str = "2FA is off", organization: str = "acme") -> object:
    fix = Fix(f"{login} turns on 2FA, or quince removes them", PAGE)
    return about("GHO102", login, Failed(message, {"added_by": "quince"}, fix), organization)


def kept(command: Command, *findings: object, **more: object) -> Report:
    whole = replace(report_of(findings), identities=(ADMIN,), targets=("github:acme",))  # type: ignore[arg-type]  # findings
    whole = replace(whole, **more)  # type: ignore[arg-type]  # fields of a report
    Runs(command.home / STATE).keep(whole, pieces(whole, "json"))
    return whole


def texts(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in sorted(folder.iterdir())}


def test_each_member_of_a_run_gets_the_own_list(organizations: Accounts) -> None:
    organizations.bare(ORG, HARDENME_GITHUB_TOKEN=base.WEAK_CLASSIC)
    asked = organizations.asked
    ran = organizations.command("show", "--each-member", "people")
    assert ran.code == 0
    assert organizations.asked == asked
    found = texts(organizations.command.folder / "people")
    assert set(found) == {"nettle.md", "stray.md", "thistle.md"}
    assert ran.told[-1] == "hardenme: 3 files in people, one a member; 2 others have nothing to do"
    for name, text in found.items():
        login = name.removesuffix(".md")
        assert text.startswith(f"# For {login}: ")
        # Who had the list made signs it: nothing else of that account is in it.
        assert re.search(r"Made by hardenme for thorn on [0-9-]{10}, by a check of", text)
        assert "Questions: ask thorn, over a channel that you already had." in text
        others = re.sub(r"(?:for|ask|Answer) thorn\b|\bthorn has", "", text)
        for other in {"nettle", "stray", "thistle", "thorn", "burdock"} - {login}:
            assert not re.search(rf"\b{other}\b", others), (name, other)
        for word in ("HARDENME_GITHUB_TOKEN", "classic", "admin:org scope"):
            assert word not in text
    modes = {
        path.stat().st_mode & 0o777 for path in (organizations.command.folder / "people").iterdir()
    }
    assert modes == {0o600}


@pytest.mark.parametrize(
    ("outcome", "has_to_act"),
    [
        (Failed("2FA is off", {"on": False}, Fix("Turn it on", PAGE)), True),
        (Manual("Is it on?", PAGE), True),
        (Passed("2FA is on", {"on": True}), False),
        (Unknown(Reason.INCOMPLETE, "the account"), False),
    ],
)
def test_whose_run_it_is_is_sent_to_the_own_list_where_that_asks_for_something(
    command: Command, outcome: Verdict, *, has_to_act: bool
) -> None:
    """It has what is about the account itself, which no member's file has."""
    member = about("GHO102", "quince", Passed("2FA is on", {"on": True}))
    account = replace(member, subject=Subject("github", "user", "quince"))
    found = [failed("rowan"), member, replace(account, outcome=outcome)]
    kept(command, *found, checks=planned.report(*found).checks)  # type: ignore[arg-type]  # findings
    ran = command("show", "--each-member", "people")
    assert ran.code == 0
    own = "hardenme: quince gets no file: it is the account of this run: hardenme show --member"
    assert ([one for one in ran.told if "gets no file" in one] == [f"{own} quince"]) == has_to_act
    assert ("1 other has nothing to do" in ran.told[-1]) != has_to_act
    if has_to_act:
        assert command("show", "--member", "quince").code == 0


@pytest.mark.parametrize("form", FORMATS)
def test_nothing_of_others_is_in_any_format(command: Command, form: str) -> None:
    waiver = Waiver(
        "GHO103",
        "github:member/acme/*",
        "quince and rowan agreed",
        date(2027, 1, 1),
        "quince",
        "https://secret-host.example.test/issues/1",
        "/home/quince/.config/x.toml",
    )
    accepted = replace(about("GHO103", "hazel", failed("hazel").outcome), waiver=waiver)  # type: ignore[attr-defined]  # a finding
    kept(
        command,
        failed("hazel", "2FA is off; invited by quince with rowan"),
        failed("rowan"),
        accepted,
        about(
            "GHO122",
            "hazel",
            Unknown(
                Reason.NOT_PERMITTED, "the token of quince lacks admin:org", "403 from secret-host"
            ),
        ),
        about("GHO109", "hazel", Attested("asked by quince", "quince q", AT)),
        warnings=("certificates are checked against /home/quince/ca.pem",),
    )
    assert command("show", "--each-member", "people", "-f", form).code == 0
    found = texts(command.folder / "people")
    assert len(found) == 2
    (mine,) = [text for name, text in found.items() if name.startswith("hazel")]
    for word in ("quince", "rowan", "secret-host", "/home/", "admin:org", "HARDENME"):
        assert word not in mine, word
    if form not in {"mermaid", "commands"}:
        assert "GHO102" in mine
    if form == "json":
        told = json.loads(mine)
        assert told["counts"]["unknown"] == 1
        assert told["coverage"]["asked"] - told["coverage"]["known"] == 1
        assert told["targets"] == ["github:acme"]
        assert told["identities"] == []


def test_a_run_that_was_stopped_says_so_in_each_file(command: Command) -> None:
    kept(command, failed("hazel"), partial="no answer from secret-host.example.test")
    assert command("show", "--each-member", "people").code == 0
    text = (command.folder / "people" / "hazel.md").read_text()
    assert "This report is not whole" in text
    assert "secret-host" not in text


HOSTILE = (
    "..",
    ".",
    "..\\..\\x",
    "a\x00b",
    "\x1b[31mred",
    "\u202eevil",
    "x" * 100_000,
    "CON:",
    "~",
    "-rf",
    " ",
    "a b",
    "日本",
)


def test_no_name_leads_out_of_the_folder(command: Command) -> None:
    names = (*HOSTILE, "../../escaped", "/etc/passwd", "hazel")
    kept(command, *(failed(name) for name in names))
    before = {path for path in command.home.parent.rglob("*") if "people" not in path.parts}
    ran = command("show", "--each-member", "people")
    assert ran.code == 0
    found = list((command.folder / "people").iterdir())
    assert len(found) == len(HOSTILE) + 1
    for path in found:
        assert re.fullmatch(r"(hazel|member-[0-9a-f]{12})\.md", path.name)
        assert "\x1b" not in path.read_text()
        assert "\u202e" not in path.read_text()
    after = {path for path in command.home.parent.rglob("*") if "people" not in path.parts}
    assert after == before


@given(st.text(max_size=300))
def test_a_file_of_any_name_lies_in_its_folder(login: str) -> None:
    name = member_name(login)
    assert Path(name).name == name
    assert name not in {".", ".."}
    assert re.fullmatch(r"[a-z0-9_-]{1,60}", name)
    assert member_name(login.swapcase()) == name or not name.startswith(login.lower())


def test_one_of_two_cases_is_one_person(command: Command) -> None:
    kept(command, failed("Hazel"), failed("HAZEL", organization="grove"))
    command("show", "--each-member", "people")
    (text,) = texts(command.folder / "people").values()
    assert "a check of acme on GitHub, grove on GitHub" in text


def test_without_people_there_is_nothing_to_write(command: Command) -> None:
    kept(command, about("GHO101", "x", Unknown(Reason.NOT_ASKED, "x"), "acme/y"))
    ran = command("show", "--each-member", "people")
    assert ran.code == 5
    assert "nothing in this run is about a member" in ran.err
    assert not (command.folder / "people").exists()


def test_a_place_that_cannot_be_written_is_told(command: Command) -> None:
    kept(command, failed("hazel"))
    (command.folder / "people").write_text("in the way")
    ran = command("show", "--each-member", "people")
    assert ran.code == 2
    assert "people cannot be made" in ran.err
    assert command("show", "--each-member", "a\u0000b").code == 2


def test_a_link_is_replaced_and_not_followed(command: Command) -> None:
    kept(command, failed("hazel"))
    (command.folder / "people").mkdir()
    (command.folder / "victim").write_text("untouched")
    (command.folder / "people" / "hazel.md").symlink_to(command.folder / "victim")
    assert command("show", "--each-member", "people").code == 0
    assert (command.folder / "victim").read_text() == "untouched"
    assert not (command.folder / "people" / "hazel.md").is_symlink()
