"""What looks like an attack opens what is printed, and stands in the subject of a mail."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from hardenme.model.drift import Drift
from hardenme.model.message import Form
from hardenme.model.report import Identity
from hardenme.reports import render
from hardenme.reports.message import message
from hardenme.reports.signs import signs_beyond, signs_line, signs_of
from tests.reports.planned import failed, fix, report
from tests.reports.sample import AT, maintainer

RELEASED = failed(
    "REL102", "npm:release/@acme/web@1.4.1", fix("Ask who"), within="npm:package/@acme/web"
)
USUAL = failed("GHR104", "github:repo/acme/web", fix("Turn it on"))


def test_a_release_that_looks_like_an_attack_leads_to_its_step() -> None:
    ((text, command),) = signs_of(report(RELEASED, USUAL))
    assert text == "1 version shows signs of an attack"
    assert command.startswith("hardenme fix ")
    assert signs_line(report(RELEASED, USUAL), releases=False) == ""


def test_changes_that_look_like_one_lead_to_what_changed_lately() -> None:
    made = replace(report(USUAL), lately=2, targets=("github:acme",))
    ((text, command),) = signs_of(made)
    assert text.startswith("2 changes of the last 48 hours look like an attack")
    assert command == "hardenme recent github:acme"
    both = signs_line(replace(report(RELEASED), lately=2, targets=("github:acme",)))
    assert both.index("2 changes") < both.index("1 version")


@pytest.mark.parametrize("targets", [("me", "github:acme"), ("github:acme", "me"), ("npm:@acme",)])
def test_a_command_names_every_target_but_ones_own_accounts_alone(targets: tuple[str, ...]) -> None:
    made = report(RELEASED, USUAL, targets=targets)
    named = " ".join(targets)
    assert signs_of(replace(made, lately=1))[0][1] == f"hardenme recent {named}"
    assert f"`hardenme check {named}`" in signs_beyond(made, set())
    alone = replace(made, targets=("me",), lately=1)
    assert signs_of(alone)[0][1] == "hardenme recent"
    assert signs_of(replace(alone, targets=("me", "local")))[0][1] == "hardenme recent"


def test_recent_counts_what_is_older_than_its_window() -> None:
    older = failed(
        "REL105", "npm:release/@acme/web@1.3.0", fix("Ask who"), within="npm:package/@acme/web"
    )
    made = report(RELEASED, older, USUAL, targets=("npm:@acme/web",))
    assert signs_beyond(made, {RELEASED.subject}) == (
        "Older, or without a date: 1 version shows signs of an attack."
        " `hardenme check npm:@acme/web` lists it."
    )
    assert "2 versions show signs" in signs_beyond(made, set())
    assert signs_beyond(made, {RELEASED.subject, older.subject}) == ""
    assert signs_beyond(report(USUAL), set()) == ""


def test_the_demo_s_changes_are_shown_by_the_demo_s_command() -> None:
    shown = Identity("github", "https://github.test", "mallow", "", "demo")
    made = replace(report(USUAL), lately=1, targets=("me",), identities=(shown,))
    assert made.demo
    assert [command for _, command in signs_of(made)] == ["hardenme recent --demo"]


def test_nothing_is_said_where_nothing_looks_like_one() -> None:
    assert signs_line(report(USUAL)) == ""


def test_the_subject_of_a_mail_begins_with_how_many_and_its_text_with_the_command() -> None:
    made = replace(maintainer(), lately=3)
    told = message(Drift(AT, AT), made)
    assert told.title.startswith("hardenme: 3 changes look like an attack; ")
    first, *_ = told.lines[Form.TEXT]
    assert first.startswith("LOOK NOW: 3 changes")
    assert "hardenme recent" in first
    one = message(Drift(AT, AT), replace(made, lately=1))
    assert one.title.startswith("hardenme: 1 change looks like an attack; ")
    assert "attack" not in message(Drift(AT, AT), maintainer()).title


@pytest.mark.parametrize("form", ["html", "markdown", "table"])
def test_a_command_stands_apart_from_the_words_before_it(form: str) -> None:
    made = replace(maintainer(), lately=3, targets=("github:acme",))
    text = re.sub(r"<[^>]*>|`", "", render(made, form))
    assert re.search(r"look like an attack[^:]*:\s+hardenme recent github:acme", text)
