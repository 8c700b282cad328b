"""What is ended by a number that the run did not read has a command that prints the one for it."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from hardenme.model.commands import api_path, ending_found, gh
from hardenme.model.inventory import InventoryItem
from hardenme.model.subject import Subject
from tests.cli.command import Command
from tests.moment import NOW

GITHUB = "https://github.com"
WANTED = re.compile(r'\.\[\] \| select\(\.created_at == "([^"]+)"\) \| "([^"]+)"')
PLACE = Subject("github", "repo", "acme/web")
BATCHED = Subject("github", "deploy-key", "acme/web/DK_1")


def of_demo(command: Command, *words: str) -> Any:
    command.now = NOW
    return json.loads(command(*words, "-f", "json").out)


@pytest.mark.second_tier("two runs of the demo")
def test_it_prints_the_command_that_a_check_prints(command: Command) -> None:
    events = of_demo(command, "recent", "--demo")["events"]
    keys = [one for one in events if one["kind"] == "deploy key"]
    assert keys
    full = command("recent", "--demo", "--full", COLUMNS="400").out
    check = of_demo(command, "demo")
    items = [one for place in check["inventory"] for one in place["items"]]
    for one in keys:
        assert (one["undo"], one["find"] in full) == (None, True)
        match = WANTED.search(one["find"])
        assert match is not None
        (key,) = (
            item
            for item in items
            if (item["kind"], item["state"].get("created_at")) == ("deploy key", match[1])
        )
        number = key["subject"].rpartition("/")[2]
        fixes = {line for found in check["findings"] for line in commands(found)}
        assert match[2].replace(r"\(.id)", number) in fixes


def commands(finding: Any) -> list[str]:
    """The lines of a finding's command."""
    fix = finding.get("fix") or {}
    return str(fix.get("command") or "").splitlines()


@pytest.mark.second_tier("a run of the demo")
def test_no_change_that_someone_has_to_confirm_is_without_a_way_to_end_it(
    command: Command,
) -> None:
    events = of_demo(command, "recent", "--demo")["events"]
    for one in events:
        if one["marks"] or one["confirm"]:
            assert one["undo"] or one["find"] or one["still"]["stop"] or one["page"], one["text"]
        if one["kind"].endswith(" key"):
            assert one["undo"] or one["find"], one["text"]


def test_one_with_a_number_or_without_a_time_has_none() -> None:
    state = {"created_at": "2026-11-24T12:00:00Z"}
    found = ending_found(GITHUB, PLACE, InventoryItem("deploy key", BATCHED, "ci", "x", state))
    assert found.startswith("gh api --paginate repos/acme/web/keys --jq ")
    own = ending_found(
        "https://git.acme.example",
        PLACE,
        InventoryItem("deploy key", BATCHED, "ci", "x", state),
    )
    assert own.count("--hostname git.acme.example") == 2
    numbered = Subject("github", "deploy-key", "acme/web/1")
    for subject, seen in ((numbered, state), (BATCHED, {})):
        item = InventoryItem("deploy key", subject, "ci", "x", seen)
        assert ending_found(GITHUB, PLACE, item) == ""
    assert gh(GITHUB, "api", "-X", "DELETE", api_path(numbered)).endswith("/keys/1")
