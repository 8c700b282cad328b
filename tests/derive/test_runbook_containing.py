"""What the page of an incident says before commands that GitHub may refuse."""

from __future__ import annotations

import shlex
from dataclasses import replace

import pytest

from hardenme.derive.recent.wording import Hosts
from hardenme.derive.runbook import runbook
from hardenme.model.commands import SCOPES
from hardenme.model.inventory import InventoryItem, Place, State
from hardenme.model.runbook import Runbook, RunbookStep
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from tests.reports.sample import report_of

REPOSITORY = Subject("github", "repo", "mallow/ladle")
UNREAD = Unknown(Reason.NOT_PERMITTED, "a token that sees it")


def page(*items: InventoryItem, rulesets: Unknown | None = None) -> Runbook:
    lists = {"release tag": None, "tag ruleset": rulesets}
    report = replace(report_of([]), inventory=(Place(REPOSITORY, lists, items),))
    return runbook(report, Hosts(), frozenset())


def step(book: Runbook, begin: str) -> RunbookStep:
    (found,) = (one for one in book.steps if one.text.startswith(begin))
    return found


TAG = InventoryItem(
    "release tag", Subject("github", "tag", "mallow/ladle/v1"), "v1", "v1", {"commit": "a" * 40}
)


def ruleset(**state: State) -> InventoryItem:
    subject = Subject("github", "ruleset", "mallow/7")
    return InventoryItem("tag ruleset", subject, "releases", "7", state)


def test_gh_is_signed_in_with_what_a_later_row_needs() -> None:
    """GitHub answers 404 without the scope: whoever reads it takes it for gone."""
    (command,) = step(page(), "Sign in to gh").commands
    words = shlex.split(command)
    assert set(words[words.index("--scopes") + 1].split(",")) == {name for _, name in SCOPES}


@pytest.mark.parametrize(
    ("state", "in_force"),
    [({"enforcement": "active"}, True), ({}, True), ({"enforcement": "disabled"}, False)],
)
def test_a_tag_ruleset_in_force_is_named(state: dict[str, State], *, in_force: bool) -> None:
    notes = step(page(TAG, ruleset(**state)), "Compare each release tag").notes
    assert ("Tag rulesets in force: releases of mallow/ladle." in notes) is in_force
    assert any("Disabled" in one for one in notes) is in_force


def test_rulesets_that_were_not_read_may_be_there() -> None:
    notes = step(page(TAG, rulesets=UNREAD), "Compare each release tag").notes
    assert "The tag rulesets were not read in every place." in notes
    assert any("Disabled" in one for one in notes)
    assert not any("ruleset" in one for one in step(page(TAG), "Compare each release tag").notes)
