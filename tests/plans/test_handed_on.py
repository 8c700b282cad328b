"""What is handed on of whole worlds: a colleague who has nothing else has to ask no one."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from hardenme.engine.report_filter import each_place
from hardenme.model.report import Report
from hardenme.reports.fixplan.build import plan_of
from hardenme.reports.ticket.changes import DECIDES, KEPT, names_hardenme
from hardenme.reports.ticket.content import of_place, of_step
from hardenme.reports.ticket.drawing import THE_REST, drawn
from hardenme.reports.ticket.ticket import Ticket
from tests.plans.audited import WORLDS, audited

CODE_OR_ADDRESS = re.compile(r"`[^`]*`|<[^>]*>")
NPM = "access audit config deprecate dist-tag org owner pkg profile stage team trust view whoami"
COMMAND = re.compile(
    rf"\bnpm (?:{'|'.join(NPM.split())}|token (?:list|revoke))\b|\bgh (?:api|auth|actions-lock)\b"
)
"""How a command begins that a reader copies. A title may be about an npm token."""
ASKS = re.compile(
    r"required reviewers|^Name two owners|one more member an owner|team of those who release",
    re.IGNORECASE,
)
"""How texts ask for people."""
OTHER_WORDS = re.compile(r"npm (?:org|access)(?:anization)? is|npm team")


def tickets_of(report: Report) -> Iterator[Ticket]:
    """Each ticket of a run that someone can be handed."""
    plan = plan_of(report)
    yield from (of_step(report, plan, one) for one in plan.steps if not names_hardenme(one))
    yield from (of_place(part, place) for place, part in each_place(report))


@pytest.mark.parametrize("name", WORLDS)
def test_a_command_in_a_sentence_is_code(name: str) -> None:
    for ticket in tickets_of(audited(name)):
        for line in drawn(ticket).splitlines():
            bare = CODE_OR_ADDRESS.sub("", line)
            assert not COMMAND.search(OTHER_WORDS.sub("", bare)), (ticket.title, line)


@pytest.mark.parametrize("name", WORLDS)
def test_what_no_command_shows_is_shown_by_its_page(name: str) -> None:
    pages = 0
    for ticket in tickets_of(audited(name)):
        text = drawn(ticket)
        pages += text.count(THE_REST)
        for task in ticket.tasks:
            unseen = {one for act in task.actions if not act.seen for one in act.pages}
            assert {*task.pages} <= unseen
            if task.shown_by and task.pages:
                assert THE_REST in text or not [one for one in task.pages if one in text]
    assert pages or name != "demo"


@pytest.mark.parametrize("name", WORLDS)
def test_what_undoes_a_removal_of_npm_s_has_its_values(name: str) -> None:
    undone = 0
    for ticket in tickets_of(audited(name)):
        for action in (one for task in ticket.tasks for one in task.actions):
            for command in action.commands:
                if "npm trust revoke --id=" in command and "&&" not in command:
                    undone += 1
                    said = " ".join(action.undo)
                    assert "Set it up again: `npm trust github " in said or "same page" in said
                    assert "--repo=" in said or "same page" in said
                if found := re.search(r"npm owner rm (\S+) (\S+)", command):
                    undone += 1
                    assert f"npm owner add {found[1]}" in drawn(ticket) or "as in `npm owner" in (
                        " ".join(action.undo)
                    )
    assert undone or name != "demo"


@pytest.mark.parametrize("name", WORLDS)
def test_where_people_are_chosen_it_says_whom_or_where_they_are_listed(name: str) -> None:
    asked = 0
    for ticket in tickets_of(audited(name)):
        for task in ticket.tasks:
            for action in task.actions:
                if ASKS.search(action.text):
                    asked += 1
                    assert action.who, (ticket.title, action.text)
                    assert f"   - {action.who.split()[0]}" in drawn(ticket)
    assert asked


@pytest.mark.parametrize("name", WORLDS)
def test_who_may_keep_what_is_there_knows_when_that_is_done(name: str) -> None:
    kept = 0
    for ticket in tickets_of(audited(name)):
        for task in ticket.tasks:
            if any(DECIDES.search(one.text) for one in task.actions if not one.own):
                kept += 1
                assert KEPT in task.holds, ticket.title
    assert kept or name not in {"demo", "weak"}


@pytest.mark.parametrize("name", WORLDS)
def test_each_change_says_how_to_undo_it_and_how_to_see_it(name: str) -> None:
    report = audited(name)
    plan = plan_of(report)
    for step in plan.steps:
        if names_hardenme(step):
            continue
        text = drawn(of_step(report, plan, step))
        assert "**How to undo it**" in text, step.title
        end = text.partition("**How to see that it is done**")[2]
        assert len(end.strip().splitlines()) > 2, step.title
        for undo in (one.fix.undo for one in step.actions):
            assert not re.search(r"with npm|Restore the former rules", undo), undo


@pytest.mark.parametrize("name", WORLDS)
def test_an_environment_is_called_one_and_who_published_is_said(name: str) -> None:
    seen = 0
    for ticket in tickets_of(audited(name)):
        text = drawn(ticket)
        found = re.findall(r"`[\w.-]+\.ya?ml` of \S+ in (.{16})", text)
        assert {*found} <= {"the environment ", "its environment "}, ticket.title
        seen += len(found)
        for line in text.splitlines():
            if 'choose "Report malware"' in line:
                assert re.search(r"npm shows that \S|is not known here: `npm view ", line), line
                seen += 1
    assert seen or name != "demo"
