from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from markdown_it import MarkdownIt

from hardenme.drift import compare, follow
from hardenme.model.drift import Change, Drift, DriftStep, ItemChange, Turn
from hardenme.model.inventory import InventoryItem
from hardenme.model.severity import Severity
from hardenme.model.subject import Subject
from hardenme.reports.drift import FORMS, headline, render
from hardenme.reports.outline.terminal import NAMES
from hardenme.reports.plain import plural
from tests.drift.compared import (
    AT,
    ORG,
    REFUSED,
    WEB,
    finding,
    key,
    owner,
    place,
    report,
    repository,
)
from tests.reports.sample import CANARY, HOSTILE

SCHEMA = Path(__file__).parents[2] / "docs" / "schemas" / "drift.schema.json"
VALIDATOR = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
STEERING = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b]")


def everything() -> Drift:
    """A drift with every step and every turn."""
    names = (
        "new",
        "worse",
        "expired",
        "first",
        "lost",
        "better",
        "waived",
        "fixed",
        "gone",
        "seen",
    )
    hooks = {name: Subject("github", "hook", f"acme/web/{name}") for name in names}

    def of(name: str, result: str, severity: Severity = Severity.HIGH) -> Any:
        return finding(result, hooks[name], WEB, severity=severity)

    long_ago = report(of("seen", "failed"), places=[place(key(1), key(2)), owner(repository())])
    before = report(
        of("new", "passed"),
        of("worse", "failed", Severity.LOW),
        of("expired", "waived"),
        of("first", "unknown"),
        of("lost", "failed"),
        of("better", "failed"),
        of("waived", "failed"),
        of("fixed", "failed"),
        finding(subject=hooks["gone"], within=WEB, code="GHR102"),
        of("seen", "unknown"),
        places=[place(why=REFUSED), place(repository(), subject=ORG, kind="repository")],
        week=1,
    )
    after = report(
        of("new", "failed"),
        of("worse", "failed"),
        of("expired", "failed"),
        of("first", "failed"),
        of("lost", "unknown"),
        of("better", "failed", Severity.LOW),
        of("waived", "waived"),
        of("fixed", "passed"),
        finding("passed", WEB, ORG, code="GHR102"),
        of("seen", "failed"),
        places=[
            place(key(1), key(2)),
            place(repository(visibility="public"), subject=ORG, kind="repository"),
        ],
        week=2,
        version="0.2.0",
    )
    drift = compare(follow(long_ago, before)[1], after)
    items = compare(
        report(places=[place(key(1)), place(key(9, ORG), subject=ORG)]),
        report(places=[place(key(2)), place(why=REFUSED, subject=ORG)]),
    ).items
    return replace(drift, items=[*drift.items, *items])


DRIFT = everything()
EMPTY = Drift(AT, AT)
FIRST = Drift(None, AT)
APART = Drift(AT, AT, incomparable="they are about other targets: a, and then b")


def test_the_sample_has_every_step_and_every_turn() -> None:
    assert {one.step for one in DRIFT.changes} == set(DriftStep)
    assert {one.turn for one in DRIFT.items} == set(Turn)


@pytest.mark.parametrize("drift", [DRIFT, EMPTY, FIRST, APART])
def test_the_json_is_as_its_schema_says_and_ascii(drift: Drift) -> None:
    text = render(drift, "json")
    assert text.isascii()
    document = json.loads(text)
    VALIDATOR.validate(document)
    assert sum(document["findings"].values()) == len(document["changes"]) == len(drift.changes)
    assert sum(document["inventory"].values()) == len(document["items"]) == len(drift.items)
    assert document["empty"] is drift.empty
    assert document["lost"] is drift.lost


@pytest.mark.parametrize("form", sorted(FORMS))
def test_every_form_says_what_the_headline_says(form: str) -> None:
    for drift, words in ((EMPTY, "othing changed"), (FIRST, "aseline, not verified")):
        assert words in render(drift, form)
    assert "annot be compared" in render(APART, form)


@pytest.mark.parametrize("form", ["table", "markdown", "line"])
def test_quiet_says_nothing_where_nothing_changed(form: str) -> None:
    assert not render(EMPTY, form, quiet=True)
    assert render(APART, form, quiet=True)
    assert render(DRIFT, form, quiet=True)


def test_the_headline_counts_what_changed() -> None:
    assert headline(DRIFT).startswith(
        "1 new, 1 worse, 1 expired, 1 first looked at, 1 no longer visible"
    )
    assert "1 deploy key appeared" in headline(DRIFT)
    assert "1 list of deploy keys no longer visible" in headline(DRIFT)
    assert headline(EMPTY) == "nothing changed"


@pytest.mark.parametrize(
    ("kind", "several"),
    [
        ("SSH key", "SSH keys"),
        ("repository", "repositories"),
        ("credentials in a file", "credentials in a file"),
        ("fine-grained token of a member", "fine-grained tokens of a member"),
        ("secret of an environment", "secrets of an environment"),
        ("self-hosted runners", "self-hosted runners"),
        ("person with a role", "people with a role"),
        ("kind of change", "kinds of change"),
    ],
)
def test_things_have_a_plural(kind: str, several: str) -> None:
    assert plural(kind) == several


def test_what_was_lost_sight_of_stands_at_the_top_of_the_table_and_of_the_markdown() -> None:
    for form in ("table", "markdown"):
        text = render(DRIFT, form)
        assert text.index("That does not mean they are fixed") < text.index("New")
        assert "administration: read" in text
    quiet = render(replace(DRIFT, changes=[], items=[]), "table")
    assert "That does not mean they are fixed" not in quiet


@pytest.mark.parametrize("width", [30, 60, 80, 200])
@pytest.mark.parametrize("ascii_only", [True, False])
def test_the_table_keeps_to_the_width(width: int, *, ascii_only: bool) -> None:
    text = render(DRIFT, "table", width=width, ascii_only=ascii_only)
    assert max(map(len, text.splitlines())) <= width
    assert text.isascii() or not ascii_only
    assert "\x1b" not in text
    assert "\x1b[31m" in render(DRIFT, "table", width=width, color=True)


def test_three_hundred_things_alike_are_one_line() -> None:
    many = [replace(key(number), kind="staged version") for number in range(300)]
    items = [ItemChange(Turn.APPEARED, "staged version", WEB, None, one) for one in many]
    text = render(Drift(AT, AT, items=items), "table")
    assert "300 staged versions appeared" in text
    assert f"and {300 - NAMES} more" in " ".join(text.split())
    assert len(text.splitlines()) < 20
    changes = [
        Change(DriftStep.NEW, "GHR101", subject, None, finding(subject=subject))
        for subject in (Subject("github", "repo", f"acme/{number}") for number in range(300))
    ]
    text = render(Drift(AT, AT, changes), "markdown")
    assert text.count("\n- ") == 1
    assert "and 280 more" in text


def test_a_thing_that_changed_says_what_it_was_and_is() -> None:
    old, new = key(1), key(1, read_only=False)
    drift = compare(report(places=[place(old)]), report(places=[place(new)]))
    assert "deploy key changed: read only is no, was yes" in render(drift, "table")


def hostile(text: str) -> Drift:
    subject = Subject("github", "hook", f"acme/web/{text}")
    message = replace(finding().outcome, message=text.strip() or "x")  # type: ignore[type-var]
    found = replace(finding(subject=subject, within=WEB), label=text, outcome=message)
    item = InventoryItem("deploy key", subject, text, text, {"note": text, text: (text,)})
    changes = [Change(step, "GHR101", subject, found, found) for step in DriftStep]
    items = [
        ItemChange(
            turn, "deploy key", WEB, item, replace(item, state={"note": "x"}), ("note",), text
        )
        for turn in Turn
    ]
    return Drift(AT, AT, changes, items, notes=(text,))


@pytest.mark.parametrize("text", HOSTILE)
def test_no_name_of_a_provider_steers_or_becomes_markup(text: str) -> None:
    drift = hostile(text)
    for form in FORMS:
        shown = render(drift, form, with_members=True)
        assert CANARY not in shown
        assert not re.search(
            r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b]", shown
        )
    VALIDATOR.validate(json.loads(render(drift, "json")))
    html = MarkdownIt("commonmark", {"html": True}).render(render(drift, "markdown"))
    tags = set(re.findall(r"<([a-z0-9]+)", html))
    assert tags <= {"p", "strong", "code", "ul", "li", "h1", "h2", "em"}
    for line in render(drift, "github", with_members=True).splitlines():
        assert (
            line.startswith(("::error title=", "::warning title=", "::notice title="))
            or "::" not in line
        )


def test_annotations_tell_the_worst_of_a_kind_and_count_the_rest() -> None:
    changes = [
        Change(DriftStep.NEW, f"GHR1{number:02}", WEB, None, finding(code=f"GHR1{number:02}"))
        for number in range(30)
    ]
    lines = render(Drift(AT, AT, changes), "github").splitlines()
    assert [line.partition(" ")[0] for line in lines[:-1]] == ["::error"] * 10
    assert "21 more changes" in lines[-2]
    assert lines[-1] == "30 new"


def test_annotations_leave_people_out_unless_they_are_asked_for() -> None:
    rowan = Subject("github", "member", "acme/rowan")
    item = InventoryItem("member", rowan, "rowan", "7", {})
    drift = Drift(
        AT,
        AT,
        [
            Change(
                DriftStep.NEW,
                "GHO102",
                rowan,
                None,
                finding(subject=rowan, within=ORG, code="GHO102"),
            )
        ],
        [ItemChange(Turn.APPEARED, "member", ORG, None, item)],
    )
    text = render(drift, "github")
    assert "rowan" not in text
    assert "2 changes are about a person and left out; --with-members puts them in" in text
    assert render(drift, "github", with_members=True).count("rowan") == 2


def test_of_an_unknown_form_the_known_ones_are_told() -> None:
    with pytest.raises(ValueError, match="one of: table, markdown, json, github, line"):
        render(EMPTY, "yaml")


KINDS = ("member", "secret", "webhook", "runner group")


def blind(turn: Turn, step: DriftStep, number: int = 40) -> Drift:
    """A provider that is out of sight, or is seen again."""
    subjects = [Subject("github", "hook", f"acme/web/{one}") for one in range(number)]
    result = "unknown" if step is DriftStep.LOST else "failed"
    changes = [
        Change(
            step,
            f"GHR{100 + place}",
            one,
            finding("failed", one, WEB),
            finding(result, one, WEB, code=f"GHR{100 + place}"),
        )
        for place, one in enumerate(subjects)
    ]
    items = [ItemChange(turn, kind, ORG, needed="a token") for kind in KINDS]
    return Drift(AT, AT, changes, items)


def test_a_provider_that_is_out_of_sight_is_told_of_in_a_few_lines_with_the_cause_first() -> None:
    drift = blind(Turn.LOST, DriftStep.LOST)
    assert headline(drift) == "40 no longer visible; 4 lists no longer visible"
    lines = render(drift, "table").splitlines()
    assert len(lines) < 30
    assert lines[2].startswith("Sign in with `hardenme auth login`")
    assert "4 lists: members, runner groups, secrets, webhooks" in "\n".join(lines)
    assert "and 28 more" in " ".join(lines)


def test_what_is_seen_again_takes_a_line() -> None:
    text = render(blind(Turn.SEEN, DriftStep.SEEN), "table")
    assert "seen again: 4 lists: members, runner groups, secrets, webhooks" in text
    assert "40 results, 40 of which failed" in text
    assert len(text.splitlines()) < 25


def test_of_a_list_of_values_that_changed_the_difference_is_told() -> None:
    many = tuple(f"permission_{one}:read" for one in range(20))
    app = Subject("github", "installation", "acme/1")
    was = InventoryItem("app", app, "labeler", "1", {"permissions": many})
    now = replace(was, state={"permissions": (*many[1:], "contents:write")})
    changed = ItemChange(Turn.CHANGED, "app", ORG, was, now, ("permissions",))
    text = " ".join(render(Drift(AT, AT, [], [changed]), "table").split())
    assert "permissions: with contents:write, without permission_0:read" in text


def test_annotations_tell_the_cause_without_what_it_takes_in_each_case() -> None:
    lines = render(blind(Turn.LOST, DriftStep.LOST), "github").splitlines()
    assert lines[-2] == "40 no longer visible; 4 lists no longer visible"
    assert lines[-1].startswith("Sign in with `hardenme auth login`")
    assert "Needed" not in lines[-1]
