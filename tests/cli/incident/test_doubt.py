"""What a later run cannot show: a wrong clock, facts of before, another place of the same name."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hardenme.ground.exit_code import Exit
from hardenme.sandbox.github.world import DeployKey
from tests.cli.incident.conftest import FEW, ORG, Attacked
from tests.cli.incident.test_closing import attest_all
from tests.cli.incident.test_ledger import KEY, KEYS

pytestmark = pytest.mark.sampled(5)

TOKEN, LIST = "npm token ci-ladle", "npm tokens: any that came after the frozen run"


def test_a_list_is_read_again_or_pending(opened: Attacked) -> None:
    """What the attacker made after the frozen run is in no row."""
    listed = opened.row(LIST)
    assert (listed["state"], listed["credential"]) == ("pending", True)
    assert listed["why"] == "to read it: run `hardenme check me`, to its end"
    # One of another check alone asks for no list of tokens.
    opened.check("me", "--select", "GHR101")
    assert opened.row(LIST)["state"] == "pending"
    opened.check("me", *FEW)
    listed = opened.row(LIST)
    assert (listed["state"], listed["why"][:12]) == ("proven", "read by the ")


def test_nothing_is_closed_while_lists_were_not_read_again(opened: Attacked) -> None:
    rows = [one["number"] for one in opened.told()["rows"]
            if one["credential"] and "came after the frozen run" not in one["text"]]  # fmt: skip
    assert opened.incident("attest", *rows, "--how", "on the page").code == Exit.CLEAN
    refused = opened.incident("close")
    assert refused.code == Exit.FINDINGS
    assert LIST in refused.out
    attest_all(opened)
    assert opened.incident("close").code == Exit.CLEAN
    review = (opened.folder / "review.md").read_text()
    assert "Every list was read" not in review
    assert LIST in review.partition("What stayed unknown")[2]


def test_a_clock_that_is_set_proves_nothing(attacked: Attacked) -> None:
    attacked.check("me", *FEW)
    now = attacked.command.now
    assert now is not None
    attacked.command.now = now - timedelta(days=9)
    refused = attacked.incident("open", "worm")
    assert refused.code == Exit.USAGE
    assert "set the clock first" in refused.err
    attacked.command.now = now
    assert attacked.incident("open", "worm").code == Exit.CLEAN
    tokens = attacked.npm.world.tokens
    listed = list(tokens)

    # An hour ahead, all are gone; then they are back, and the clock is right again.
    attacked.command.now = now + timedelta(hours=1)
    tokens.clear()
    attacked.check("me", *FEW, "--save-facts", str(attacked.command.folder / "gone.jsonl"))
    assert attacked.row(TOKEN)["state"] == "proven"
    tokens[:] = listed
    attacked.command.now = now + timedelta(minutes=5)
    attacked.check("me", *FEW)
    assert attacked.row(TOKEN)["state"] == "pending"
    attacked.command.now = now + timedelta(hours=2)
    assert attacked.row(TOKEN)["state"] == "pending"
    # What was read before they were back is judged again, and is no newer for that.
    again = attacked.command("check", "--from-facts", "gone.jsonl")
    assert again.code in {Exit.CLEAN, Exit.FINDINGS, Exit.UNKNOWN}, again.err
    assert attacked.row(TOKEN)["state"] == "pending"
    tokens.clear()
    attacked.check("me", *FEW)
    assert attacked.row(TOKEN)["state"] == "proven"


def test_another_repository_of_the_same_name_shows_nothing(attacked: Attacked) -> None:
    """Who renames a repository makes another one of its name, and the old keys live on."""
    world = attacked.github.world
    repository = world.repositories[0]
    full = f"{repository.owner}/{repository.name}"
    made = DeployKey(7001, "first", KEY, world.now - timedelta(days=9), added_by="thorn")
    repository.deploy_keys[:] = [made]
    attacked.check(ORG, *KEYS, "--depth", "deep")
    assert attacked.incident("open", "worm").code == Exit.CLEAN
    repository.deploy_keys.clear()
    before, repository.created_at = repository.created_at, world.now
    attacked.check(ORG, *KEYS, "--depth", "deep")
    row = attacked.row(f"deploy key first of {full}")
    assert row["state"] == "pending"
    assert f"{full} is another repository than the one that was frozen" in row["why"]
    repository.created_at = before
    attacked.check(ORG, *KEYS, "--depth", "deep")
    assert attacked.row(f"deploy key first of {full}")["state"] == "proven"


def settled(opened: Attacked) -> None:
    """Attest all that is open."""
    steps = {one["number"].partition(".")[0] for one in opened.told()["rows"]
             if one["state"] == "pending"}  # fmt: skip
    assert opened.incident("attest", *steps, "--how", "done").code == Exit.CLEAN


def test_it_is_not_said_that_nothing_is_open_where_a_run_cannot_be_read(opened: Attacked) -> None:
    settled(opened)
    opened.check("me", *FEW)
    # What those few checks did not compare is open, too.
    settled(opened)
    assert "\n\nNothing is open. Close it:" in opened.incident("status").out
    state = opened.command.home / ".local" / "state" / "hardenme" / "runs"
    max(state.glob("0*.json")).write_text("{")
    done = opened.incident("status")
    assert done.code == Exit.UNKNOWN
    assert "Nothing is open" not in done.out
    assert "Whether anything is open is not known" in done.out
    assert opened.incident("close").code == Exit.UNKNOWN
