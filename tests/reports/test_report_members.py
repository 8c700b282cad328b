"""The table of an organization's members."""

from __future__ import annotations

import itertools
import json
import re
from typing import Any

import jsonschema
import pytest

from hardenme.model.finding import Finding, Outcome
from hardenme.model.severity import Severity
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from hardenme.model.verdict import Failed, Fix, NotApplicable, Passed
from hardenme.reports import render
from hardenme.reports.columns import width_of
from hardenme.reports.jsonfile import SCHEMA
from hardenme.reports.members import Member, Members
from tests.reports.sample import CANARY, HOSTILE, WEB, atom, report_of

FIX = Fix("Do it.", f"{WEB}/settings/security")
LOST = Unknown(Reason.NOT_PERMITTED, "organization owner", "403")
SINCE = "2026-05-28"


def about(code: str, login: str, outcome: Outcome, organization: str = "acme") -> Finding:
    return Finding(
        code,
        "slug",
        "Some problem",
        Subject("github", "member", f"{organization}/{login}"),
        Subject("github", "org", organization),
        login,
        outcome,
        Severity.HIGH,
        (atom("POST /graphql"),),
    )


def factor(login: str, *, on: bool = True, organization: str = "acme", **seen: Any) -> Finding:
    told = {"hasTwoFactorEnabled": on, "role": "member", "teams": 1, **seen}
    outcome = Passed("on", told) if on else Failed("off", told, FIX)
    return about("GHO102", login, outcome, organization)


def method(login: str, *, insecure: bool) -> Finding:
    seen: dict[str, Any] = {"2fa_insecure": insecure}
    return about("GHO103", login, Failed("x", seen, FIX) if insecure else Passed("x", seen))


def active(login: str) -> Finding:
    return about("GHO122", login, Passed("x", {"since": f"{SINCE}T12:00:00+00:00"}))


def collected(*findings: Finding) -> dict[str, Member]:
    members = Members()
    for finding in findings:
        members.take(finding)
    return {one.login: one for one in members.all()}


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_the_second_factor_is_told_by_both_checks_in_any_order(order: tuple[int, ...]) -> None:
    cases = {
        "off": [factor("x", on=False), about("GHO103", "x", NotApplicable("n", {"x": 0}))],
        "text message": [factor("x"), method("x", insecure=True)],
        "on": [factor("x"), method("x", insecure=False)],
        "unknown": [about("GHO102", "x", LOST), about("GHO103", "x", LOST)],
    }
    for state, findings in cases.items():
        everything = [*findings, active("x")]
        found = collected(*(everything[number] for number in order))
        assert found["x"].two_factor == state, state
        assert found["x"].sign == f"≥ {SINCE}"


def test_a_text_message_is_told_where_the_other_check_was_not_selected() -> None:
    seen: dict[str, Any] = {"hasTwoFactorEnabled": True, "2fa_insecure": True}
    assert collected(about("GHO102", "x", Passed("on", seen)))["x"].two_factor == "text message"


def test_what_is_not_known_is_not_guessed() -> None:
    member = collected(about("GHO102", "x", LOST), about("GHO122", "x", LOST))["x"]
    assert member == Member("acme", "x")
    assert member.sign == "unknown"
    assert member.role == ""


def test_of_whom_nothing_was_selected_about_2fa_there_is_no_row() -> None:
    assert collected(active("x"), factor("y")).keys() == {"y"}
    assert collected(about("GHO122", "x", LOST), method("z", insecure=True)).keys() == {"z"}


def test_no_sign_is_told_with_its_bound() -> None:
    member = collected(factor("x", activity=f"nothing seen since {SINCE}"))["x"]
    assert (member.active, member.sign) == (False, f"none seen since {SINCE}")
    member = collected(factor("x", activity=f"contributions since {SINCE}"))["x"]
    assert (member.active, member.sign) == (True, f"≥ {SINCE}")
    lost = about("GHO122", "x", LOST)
    assert collected(factor("x", activity=f"contributions since {SINCE}"), lost)["x"].active


@pytest.mark.parametrize(
    ("seen", "told", "administered", "said"),
    [
        ({"administers": 3}, (3, False), "3", "administers 3 repositories"),
        ({"administers": 1}, (1, False), "1", "administers 1 repository"),
        ({"administers": 0}, (0, False), "0", "administers 0 repositories"),
        (
            {"administers": 3, "administers_at_least": True},
            (3, True),
            "≥ 3",
            "administers at least 3 repositories",
        ),
        ({}, (None, False), "?", ""),
        (
            {"administers": 3, "administers_at_least": True, "role": "admin"},
            (3, True),
            "all",
            "administers all repositories",
        ),
        ({"administers": 1, "role": "admin"}, (1, False), "all", "administers all repositories"),
        ({"role": "admin"}, (None, False), "all", "administers all repositories"),
    ],
)
@pytest.mark.parametrize("on", [True, False])
def test_what_a_member_administers(
    seen: dict[str, Any],
    told: tuple[int | None, bool],
    administered: str,
    said: str,
    on: bool,  # noqa: FBT001 (a parameter of the test)
) -> None:
    finding = factor("x", on=on, **seen)
    member = collected(finding)["x"]
    assert (member.administers, member.administers_at_least) == told
    rows = render(report_of([finding]), "table").splitlines()
    (cells,) = (re.split(r"\s{2,}", row.strip()) for row in rows if row.startswith("  x "))
    assert cells[4] == administered
    text = render(report_of([finding]), "markdown")
    assert f"1 team, {said}, last sign" in text if said else "administers" not in text
    (document,) = json.loads(render(report_of([finding]), "json"))["members"]
    assert (document["administers"], document["administers_at_least"]) == told


@pytest.mark.parametrize(
    ("width", "sign"), [(80, "none seen"), (92, "none seen"), (93, f"none seen since {SINCE}")]
)
def test_a_narrow_table_does_not_tell_since_when(width: int, sign: str) -> None:
    long = "a" * 39
    findings = [
        factor(long, activity=f"nothing seen since {SINCE}", administers=10_000),
        method(long, insecure=True),
        about("GHO102", "x", LOST),
    ]
    rows = render(report_of(findings), "table", width=width, ascii_only=True).splitlines()
    (row,) = (row for row in rows if row.startswith("  aaa"))
    assert row.endswith(f"  10000        {sign}")
    assert max(map(len, rows[rows.index(row) - 1 : rows.index(row) + 2])) <= width


def test_the_worst_come_first() -> None:
    found = collected(
        factor("fine"),
        factor("idle", activity=f"nothing seen since {SINCE}"),
        factor("chief", role="admin"),
        method("texter", insecure=True),
        about("GHO102", "hidden", LOST),
        factor("open", on=False),
        factor("openchief", on=False, role="admin"),
    )
    assert list(found) == ["openchief", "open", "texter", "hidden", "chief", "idle", "fine"]


def test_others_are_no_members() -> None:
    outsider = Subject("github", "outside-collaborator", "acme/x")
    finding = factor("x")
    moved = Finding(
        *("GHO104", "slug", "Some problem", outsider, outsider, "x", finding.outcome, Severity.LOW),
        finding.sources,
    )
    assert collected(moved) == {}
    assert "Members" not in render(report_of([moved]), "table")
    assert "## Members" not in render(report_of([moved]), "markdown")


def test_the_table_has_a_row_for_each() -> None:
    findings = [factor("open", on=False), factor("chief", role="admin"), active("chief")]
    text = render(report_of(findings), "table", width=80)
    assert text.index("To fix") > text.index("── Members")
    rows = [line.split() for line in text.splitlines() if line.startswith(("  open", "  chief"))]
    assert rows == [
        ["open", "member", "off", "1", "?", "unknown"],
        ["chief", "owner", "on", "1", "all", "≥", SINCE],
    ]
    assert "acme: 2 members, 1 owner, 2FA: 1 off, 1 on" in text


def test_markdown_has_a_line_for_each() -> None:
    text = render(report_of([factor("open", on=False, role="admin")]), "markdown")
    assert "`acme`: 1 member, 1 owner, 2FA: 1 off" in text
    line = (
        "- `open`: owner, 2FA off, 1 team, administers all repositories,"
        " last sign of activity: unknown\n"
    )
    assert line in text


def test_many_are_counted_where_not_all_fit() -> None:
    report = report_of(factor(f"m{number:04}") for number in range(5000))
    text = render(report, "markdown")
    assert "m0039" in text
    assert "m0040" not in text
    assert "and 4960 more members" in text
    whole = render(report, "table")
    assert "m4999" in whole
    assert " more members" not in whole


def test_organizations_stand_apart() -> None:
    findings = [factor("x"), factor("x", organization="other", on=False)]
    text = render(report_of(findings), "table")
    assert text.index("acme: 1 member") < text.index("other: 1 member")


def test_json_has_all_of_them() -> None:
    findings = [*(factor(f"m{number}", role="admin") for number in range(60))]
    findings += [about("GHO102", "lost", LOST), active("m1")]
    document = json.loads(render(report_of(findings), "json"))
    jsonschema.validate(document, json.loads(SCHEMA.read_text("utf-8")))
    found = {one["login"]: one for one in document["members"]}
    assert len(found) == 61
    assert found["m1"] == {
        "organization": "acme",
        "login": "m1",
        "role": "owner",
        "two_factor": "on",
        "teams": 1,
        "active": True,
        "since": SINCE,
        "administers": None,
        "administers_at_least": False,
    }
    assert found["lost"]["role"] is None
    assert found["lost"]["two_factor"] == "unknown"


@pytest.mark.second_tier("takes long in all", one_of=5)
@pytest.mark.parametrize("form", ["table", "markdown", "json"])
@pytest.mark.parametrize("width", [30, 79, 80, 200])
def test_hostile_names_steer_nothing(form: str, width: int) -> None:
    findings = [factor(text or "x", on=False, organization=text) for text in HOSTILE]
    text = render(report_of(findings), form, width=width)
    assert CANARY not in text
    assert not set("\x1b\u202e\u200b\x07\r") & set(text)
    if form == "table":
        section = text[text.index("Members") : text.index("To fix")].splitlines()[:-1]
        # An address stays whole.
        assert max(width_of(line) for line in section if "://" not in line) <= width
    if form == "json":
        jsonschema.validate(json.loads(text), json.loads(SCHEMA.read_text("utf-8")))
