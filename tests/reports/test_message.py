from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from markdown_it import MarkdownIt

from hardenme.model.drift import Change, Drift, DriftStep, ItemChange, Turn
from hardenme.model.finding import Errored, Finding, Outcome
from hardenme.model.inventory import InventoryItem, State
from hardenme.model.message import Form, Message
from hardenme.model.npm_address import REGISTRY
from hardenme.model.pages import NPM_WEB
from hardenme.model.report import Identity
from hardenme.model.severity import Severity
from hardenme.model.subject import Subject
from hardenme.model.text import HIDDEN
from hardenme.model.unknown import Reason, Unknown
from hardenme.model.verdict import Manual
from hardenme.reports.drift import render
from hardenme.reports.drift.causes import RISE
from hardenme.reports.grouping import ERRORED_ACTION
from hardenme.reports.message import Stored, issue, message, trouble
from hardenme.reports.message.news import news
from hardenme.reports.message.pages import is_ours, place_of
from tests.reports import drifted
from tests.reports.planned import failed, fix, report

EVERYBODY = re.compile(r"@(?:everyone|here|channel|all)\b|<[!@#/a-z]", re.IGNORECASE)
LINK = re.compile(r"\w://|\]\(|\bwww\.|mailto:", re.IGNORECASE)


def text(told: Message, form: Form = Form.TEXT) -> str:
    return "\n".join(told.lines[form])


def test_a_usual_week_says_what_changed_with_codes_and_subjects() -> None:
    told = message(drifted.week(), drifted.report())
    assert told.title == "hardenme: critical: new owner, and 3 more (github:acme)"
    assert told.urgent
    owner = (
        "- critical, changed: member github:member/acme/eve at github:org/acme: role is admin, was"
        " member; 2FA is off, was on. With it: 2 new, 1 fixed for 2 subjects,"
        " such as Organization has too few or too many owners (GHO105)"
    )
    assert told.lines[Form.TEXT][-11:] == (
        "",
        owner,
        "  Check: api.github.example.test/orgs/acme/people · an owner",
        '- high, appeared: SSH key "laptop" (github:ssh-key/501) at github:user/mallow',
        "  Check: api.github.example.test/settings/keys · you",
        "- no longer visible, up to high: 1 result: GHO101 for github:org/acme",
        "  To see it: Ask as an owner of acme.",
        "- no longer visible: 1 list (runners): runners of github:org/acme",
        "  To see it: Administration of acme, to read.",
        "",
        "Standing: 4 critical, 13 high, 13 medium; 7 unknown; hardenme show",
    )


def test_what_is_lost_sight_of_stands_at_the_top() -> None:
    _, why, what, *_ = message(drifted.week(), drifted.report()).lines[Form.TEXT]
    assert why.endswith("Needed: Ask as an owner of acme.")
    assert what.startswith("No longer visible: 1 result and 1 list or item")


def test_evidence_is_told_on_request_alone() -> None:
    without = text(message(drifted.week(), drifted.report()))
    told = text(message(drifted.week(), drifted.report(), evidence=True))
    for seen in ("eve has none", "two_factor: False", "role: member -> admin"):
        assert seen in told
        assert seen not in without


def test_a_digest_lists_what_stands_open_the_worst_first() -> None:
    told = text(message(Drift(drifted.SINCE, drifted.UNTIL), drifted.report(), digest=True))
    assert "nothing changed" in message(Drift(drifted.SINCE, drifted.UNTIL), drifted.report()).title
    worst, high, medium = "GitHub account", "Default branch is not", "GitHub SSH key is unused"
    assert (
        told.index(f"- critical: {worst} has no 2FA (GHA101): github:user/mallow")
        < told.index(f"- high: {high} protected (GHB101): 10 subjects: ")
        < told.index(f"- medium: {medium} (GHA103): ")
    )


def test_three_hundred_releases_are_one_line() -> None:
    told = message(drifted.releases(300), drifted.report())
    lines = [line for line in told.lines[Form.TEXT] if "left-pad" in line]
    assert [line.partition(":")[0] for line in lines] == ["- high, new"]
    assert all("300" in line and "297 more" in line for line in lines)
    assert "300 releases appeared" in lines[0]
    assert told.title == "hardenme: high: Some problem (300 subjects) (github:acme)"


@pytest.mark.second_tier("takes long")
def test_a_message_is_bounded_however_much_changed() -> None:
    week = drifted.week()
    many = replace(
        week,
        changes=[replace(week.changes[0], code=f"GHX{number}") for number in range(5000)],
    )
    told = message(many, drifted.report(), stored=Stored("b.json", "a.json"))
    lines = told.lines[Form.TEXT]
    assert len(lines) <= 60
    counted = [line for line in lines if "more change" in line]
    left = 5000 + len(week.items) - sum(line.startswith("- ") for line in lines) + 1
    assert counted == [f"- {left} more changes: hardenme diff a.json b.json"]
    assert lines[-1].startswith("Standing: ")
    assert lines[-1].endswith("; hardenme show b.json")
    assert len(told.title) <= 160


def test_lines_that_are_left_out_are_shown_by_a_command_with_the_run() -> None:
    notes = tuple(f"{number} was not selected." for number in range(100))
    told = message(replace(drifted.week(), notes=notes), drifted.report(), stored=Stored("b.json"))
    (left,) = [line for line in told.lines[Form.TEXT] if "more line" in line]
    assert left.endswith(" more lines: hardenme show b.json")


def test_a_first_run_says_that_nothing_is_verified() -> None:
    told = message(Drift(None, drifted.UNTIL), drifted.report())
    assert "baseline, not verified" in told.title
    assert not told.urgent
    assert "It includes anyone who already has access. Review it once." in text(told)


def test_reports_that_cannot_be_compared_are_urgent_and_say_why() -> None:
    drift = Drift(drifted.SINCE, drifted.UNTIL, incomparable="another account: eve")
    told = message(drift, drifted.report())
    assert told.urgent
    assert "another account: eve" in text(told)


@pytest.mark.parametrize("lost", [False, True])
def test_a_fix_alone_is_not_urgent_and_what_is_lost_sight_of_is(lost: bool) -> None:  # noqa: FBT001
    steps = {DriftStep.FIXED, DriftStep.LOST} if lost else {DriftStep.FIXED}
    week = drifted.week()
    changes = [change for change in week.changes if change.step in steps]
    drift = replace(week, changes=changes, items=())
    assert message(drift, drifted.report()).urgent is lost


@pytest.mark.parametrize("counts", list(Severity))
@pytest.mark.parametrize("step", [*DriftStep, None])
def test_what_is_worse_is_urgent_from_the_severity_that_counts(
    step: DriftStep | None, counts: Severity
) -> None:
    """Whoever asks for critical findings alone is not woken for a high one."""
    (change, *_) = drifted.week().changes
    changes = () if step is None else (replace(change, step=step),)
    drift = replace(drifted.week(), changes=changes, items=())
    rises = step in RISE and counts <= Severity.HIGH
    told = message(drift, replace(drifted.report(), fail_on=counts))
    assert told.urgent is (rises or step is DriftStep.LOST)


@pytest.mark.parametrize("turn", list(Turn))
def test_what_came_or_changed_is_urgent_and_what_went_is_not(turn: Turn) -> None:
    (item, *_) = drifted.week().items
    drift = replace(drifted.week(), changes=(), items=(replace(item, turn=turn),))
    urgent = turn in {Turn.APPEARED, Turn.CHANGED, Turn.LOST}
    assert message(drift, drifted.report()).urgent is urgent


def attacked() -> Iterator[str]:
    for evidence in (False, True):
        told = message(drifted.hostile(), drifted.report(), evidence=evidence)
        for form in Form:
            yield from (*told.lines[form], told.title)
    yield from trouble(drifted.ATTACKS[4], drifted.ATTACKS).lines[Form.TEXT]
    yield from issue(drifted.hostile(), drifted.report(), "acme/ops").body.splitlines()[1:]


def test_no_name_calls_everybody_links_or_is_a_tag() -> None:
    for line in attacked():
        assert not EVERYBODY.search(line), line
        assert not LINK.search(line), line
        assert not {"<", ">"} & set(line.replace(" -> ", " ")), line


def test_no_name_hides_a_character_or_breaks_a_line() -> None:
    import unicodedata  # noqa: PLC0415

    for line in attacked():
        assert not [char for char in line if unicodedata.category(char) in HIDDEN], line


def test_markdown_makes_nothing_of_names() -> None:
    lines = message(drifted.hostile(), drifted.report(), evidence=True).lines[Form.MARKDOWN]
    for line in (*lines, *issue(drifted.hostile(), drifted.report(), "a/b").body.split("\n")[1:]):
        # One line at a time: the marks of a list and the indent of evidence are ours.
        tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(line.strip().removeprefix("- "))
        inner = [child.type for token in tokens for child in token.children or ()]
        assert set(inner) <= {"text", "code_inline"}, line


def test_reasons_are_told_by_what_they_need() -> None:
    lost = next(one for one in drifted.week().changes if one.step is DriftStep.LOST)
    assert lost.after is not None
    many = [replace(lost, code="GHO101") for _ in range(5)]
    told = text(message(replace(drifted.week(), changes=many, items=()), drifted.report()))
    assert "5 results" in told
    assert told.count("To see it: Ask as an owner of acme.") == 1
    assert Reason.NOT_PERMITTED.value not in told


def test_a_backtick_of_a_name_ends_no_code_span() -> None:
    drift = drifted.week()
    strange = replace(drift.items[0].after, label="``` **bold**")  # type: ignore[type-var]
    item = replace(drift.items[0], after=strange)
    told = message(replace(drift, items=(item,)), drifted.report())
    assert "`\u02cb\u02cb\u02cb **bold**`" in text(told, Form.MARKDOWN)


def test_a_provider_that_is_out_of_sight_is_a_few_lines_behind_what_is_worse() -> None:
    subjects = [Subject("github", "hook", f"acme/web/{one}") for one in range(40)]
    lost = Unknown(Reason.REJECTED, "a GitHub token that is accepted")
    changes = [
        Change(
            DriftStep.LOST,
            f"GHR{100 + place}",
            one,
            drifted.finding(f"GHR{100 + place}", "slug", one, drifted.failed()),
            drifted.finding(f"GHR{100 + place}", "slug", one, lost),
        )
        for place, one in enumerate(subjects)
    ]
    lists = [
        ItemChange(Turn.LOST, kind, drifted.ORG) for kind in ("member", "secret", "webhook", "app")
    ]
    week = drifted.week()
    drift = replace(
        week,
        changes=(*(one for one in week.changes if one.step is DriftStep.NEW), *changes),
        items=(*lists, *week.items[:2]),
    )
    lines = message(drift, drifted.report()).lines[Form.TEXT]
    assert lines[1].startswith("The credential was not accepted: create a new one and run again.")
    told = [line for line in lines if line.startswith("- ")]
    kinds = [line.split(",")[0].split(":")[0] for line in told]
    assert kinds == [
        "- critical",
        "- high",
        "- no longer visible",
        "- no longer visible",
    ]
    assert "40 results, 40 of which failed when last seen" in told[2]
    assert "4 lists (apps, members, secrets and 1 more kind)" in told[-1]


@pytest.mark.parametrize(
    ("provider", "host", "place", "page"),
    [
        (
            "github",
            "https://api.octo.ghe.com",
            Subject("github", "org", "acme"),
            "https://octo.ghe.com/orgs/acme/people",
        ),
        (
            "github",
            "https://ghe.example.test",
            Subject("github", "org", "acme"),
            "https://ghe.example.test/orgs/acme/people",
        ),
        (
            "npm",
            "https://npm.example.test",
            Subject("npm", "package", "@acme/spoon"),
            "https://npm.example.test",
        ),
        (
            "npm",
            REGISTRY,
            Subject("npm", "package", "@acme/spoon"),
            f"{NPM_WEB}/package/@acme/spoon/access",
        ),
    ],
)
def test_a_page_is_one_of_the_host_that_was_asked(
    provider: str, host: str, place: Subject, page: str
) -> None:
    found = replace(drifted.report(), identities=(Identity(provider, host, "mallow", "", ""),))
    address, _ = place_of("member", place, found)
    assert address == page
    assert is_ours(address, found)


def without_2fa(*roles: str) -> Drift:
    """So many members fail anew, each with a role."""
    changes = []
    for place, role in enumerate(roles):
        subject = Subject("github", "member", f"acme/m{place}")
        outcome = replace(drifted.failed("no 2FA"), seen={"role": role})
        after = drifted.finding("GHO102", "members-two-factor", subject, outcome)
        changes.append(Change(DriftStep.NEW, "GHO102", subject, None, after))
    return replace(drifted.week(), changes=tuple(changes), items=())


@pytest.mark.parametrize(
    ("roles", "said"),
    [
        (("admin",) * 4, "4 owners without 2FA"),
        (("admin", "member", "member", "member"), "4 members without 2FA"),
        (("member", "admin", "admin", "admin"), "4 members without 2FA"),
        (("member",) * 4, "4 members without 2FA"),
    ],
)
def test_owners_are_called_so_where_all_of_them_are(roles: tuple[str, ...], said: str) -> None:
    told = message(without_2fa(*roles), drifted.report())
    assert told.title == f"hardenme: high: {said} (github:acme)"
    assert said.partition(" without")[0] in text(told)


def things(kind: str, *states: tuple[State, State], field: str = "") -> Drift:
    """So many things of a kind came, or a field of each changed from one value to another."""
    items = []
    for place, (was, now) in enumerate(states):
        subject = Subject("github", "repo", f"acme/r{place}")
        after = InventoryItem(
            kind, subject, subject.name, f"{place}", {field: now} if field else {}
        )
        before = replace(after, state={field: was}) if was is not None else None
        turn = Turn.CHANGED if before else Turn.APPEARED
        fields = (field,) if before else ()
        items.append(ItemChange(turn, kind, drifted.ORG, before, after, fields))
    return replace(drifted.week(), changes=(), items=tuple(items))


@pytest.mark.parametrize(
    ("kind", "field", "states", "said"),
    [
        ("SSH key", "", [(None, None)] * 4, {"4 new SSH keys"}),
        ("SSH key", "", [(None, None)], {"new SSH key"}),
        ("repository", "visibility", [(None, "public")] * 4, {"4 new public repositories"}),
        (
            "repository",
            "visibility",
            [(None, "public"), *[(None, "private")] * 4],
            {"new public repository", "4 new repositories"},
        ),
        ("repository", "visibility", [("private", "public")] * 4, {"4 repositories are public"}),
        (
            "repository",
            "visibility",
            [("private", "public"), *[("public", "private")] * 4],
            {"repository is public", "4 repositories are private"},
        ),
        (
            "branch ruleset",
            "enforcement",
            [("evaluate", "active")],
            {"branch ruleset now in force"},
        ),
        (
            "branch ruleset",
            "enforcement",
            [("active", "disabled"), *[("active", "evaluate")] * 4],
            {"branch ruleset disabled", "4 branch rulesets only evaluated"},
        ),
    ],
)
def test_many_things_that_happened_are_called_as_people_call_them(
    kind: str, field: str, states: list[tuple[State, State]], said: set[str]
) -> None:
    found = news(things(kind, *states, field=field), drifted.report())
    assert {one.problem.partition(": ")[2] for one in found} == said


NEEDS = {
    f"Ask as an owner of acme{one}.": Unknown(
        Reason.NOT_PERMITTED, f"Ask as an owner of acme{one}."
    )
    for one in range(5)
}
OUT_OF_SIGHT: dict[str, tuple[Outcome | None, str]] = {
    **{need: (outcome, "To see it: ") for need, outcome in NEEDS.items()},
    "a person's answer: `hardenme attest` records it": (
        Manual("Is it so?", "https://x.test"),
        "To see it: ",
    ),
    f"KeyError: {ERRORED_ACTION}": (Errored("KeyError"), "To see it: "),
    "the later run did not look at it, and it is not known to be gone": (None, "Why: "),
}
"""What it takes to see it again, by what the later run has, and under which label."""


def test_each_reason_for_which_something_is_out_of_sight_is_told_of_its_own() -> None:
    changes = []
    for place, (outcome, _) in enumerate(OUT_OF_SIGHT.values()):
        subject = Subject("github", "repo", f"acme/r{place}")
        before = drifted.finding("GHB101", "slug", subject, drifted.failed())
        after = None if outcome is None else replace(before, outcome=outcome)
        changes.append(Change(DriftStep.LOST, "GHB101", subject, before, after))
    made = replace(drifted.week(), changes=tuple(changes), items=())
    mail = text(message(made, drifted.report()))
    table = " ".join(render(made, "table", width=200).split())
    for place, (need, (_, label)) in enumerate(OUT_OF_SIGHT.items()):
        assert re.search(rf"1 result.*acme/r{place}\n  {re.escape(label + need)}", mail), need
        assert f"{'Why' if label == 'Why: ' else 'Needs'} {need}" in table


def anew(*findings: Finding) -> list[str]:
    """What is said of the fix of these, which fail anew."""
    changes = [Change(DriftStep.NEW, one.code, one.subject, None, one) for one in findings]
    made = replace(drifted.week(), changes=tuple(changes), items=())
    told = message(made, report(*findings), stored=Stored("run.json")).lines[Form.TEXT]
    return [line.strip() for line in told if line.startswith("  ")]


def of_each(code: str, kind: str, number: int, **how: str) -> list[Finding]:
    return [
        failed(
            code,
            f"npm:{kind}/x{one}",
            fix("End it", **{key: f"{text}{one}" for key, text in how.items()}),
        )
        for one in range(number)
    ]


def test_a_fix_of_many_is_not_the_page_or_the_command_of_the_first() -> None:
    # Each token and each publisher is a step of its own; the packages are one.
    for how in ({"page": "https://x.example/"}, {"command": "npm token revoke "}):
        assert anew(*of_each("NPT107", "token", 4, **how)) == ["Fix: hardenme show run.json NPT107"]
    (said,) = anew(*of_each("NPP101", "package", 4, command="npm access set x"))
    assert re.match(r"Fix: hardenme fix [0-9a-z]{6} run\.json", said)
    (said,) = anew(*of_each("NPP101", "package", 4, page="https://x.example/"))
    assert re.match(r"Fix: hardenme fix [0-9a-z]{6} run\.json", said)


def test_a_fix_of_many_that_is_one_page_or_one_command_is_that() -> None:
    command = "npm org set acme developer"
    same = [failed("NPT107", f"npm:token/x{one}", fix("Do", command=command)) for one in range(4)]
    (said,) = anew(*same)
    assert said.startswith(f"Fix: {command}")
    (said,) = anew(*of_each("NPT107", "token", 1, command="npm token revoke "))
    assert said.startswith("Fix: npm token revoke 0")
