"""`hardenme incident close`: not while anything is pending, and answers are asked anew."""

from __future__ import annotations

import json
import re
import shutil
import stat

import pytest

from hardenme.ground.exit_code import Exit
from tests.cli.command import Command
from tests.cli.incident.conftest import FEW, Attacked
from tests.printed import printed

pytestmark = pytest.mark.sampled(5)


def attest_all(attacked: Attacked) -> None:
    """Attest every row that is pending, step by step."""
    steps = {one["number"].partition(".")[0] for one in attacked.told()["rows"]
             if one["state"] == "pending" and one["credential"]}  # fmt: skip
    done = attacked.incident("attest", *sorted(steps), "--how", "ended on the page")
    assert done.code == Exit.CLEAN, done.err


def answers(attacked: Attacked) -> dict[str, str]:
    told = attacked.command("attest", "--list", "-f", "json")
    return {one["account"]: one["state"] for one in printed("answers", told.out)["answers"]}


@pytest.mark.second_tier("several whole runs")
def test_from_the_first_row_to_the_review(opened: Attacked) -> None:
    urls = ("--github-url", opened.github.url, "--npm-registry", opened.npm.url)
    for account, package in (("mallow", "sieve"), ("hazel", "ladle")):
        asked = ("NPP106", f"npm:@acorn-labs/{package}", "--yes", "--account", account)
        said = opened.command("attest", *asked, *urls)
        assert said.code == Exit.CLEAN, said.err
    opened.incident("note", "the laptop was stolen; \x1b[2J see ![x](https://evil.example)")
    refused = opened.incident("close")
    assert refused.code == Exit.FINDINGS
    pending = len([one for one in opened.told()["rows"] if one["state"] == "pending"
                   and one["credential"]])  # fmt: skip
    assert f"not closed: {pending} rows pending" in refused.err
    assert "npm token " in refused.out
    assert not (opened.folder / "review.md").exists()
    assert set(answers(opened).values()) == {"counts"}

    opened.npm.world.tokens.clear()
    opened.check("me", *FEW)
    attest_all(opened)
    done = opened.asked_nobody("close", "--by", "hazel")
    assert done.code == Exit.CLEAN, done.err
    assert re.search(r"ledger   14 proven, \d+ attested", done.out)
    assert "1 answer of hardenme attest withdrawn" in done.out
    assert "of the runbook not ticked off" in done.err
    states = answers(opened)
    assert sorted(states.values()) == ["counts", "withdrawn"]
    assert "mallow" in next(name for name, state in states.items() if state == "withdrawn")

    review = opened.folder / "review.md"
    assert stat.S_IMODE(review.stat().st_mode) == 0o600
    text = review.read_text()
    for part in ("Timeline, in UTC", "Ledger", "What stayed unknown", "Steps not ticked off"):
        assert f"## {part}" in text
    assert "the laptop was stolen" in text
    assert "\x1b" not in text
    assert "![x]" not in re.sub(r"`[^`]+`", "", text)
    assert text.startswith("# Incident worm\n")
    assert "closed by hazel" in text.replace("\n", " ") or "by hazel" in text
    assert "Proven: hardenme saw it" in text
    assert "Attested: a person says so" in text

    for words in (("note", "x"), ("attest", "1", "--how", "x"), ("close",)):
        late = opened.incident(*words, "--name", "worm")
        assert (late.code, "was closed at" in late.err) == (Exit.USAGE, True)
    after = opened.incident("status", "--name", "worm", "--full")
    assert (after.code, "\n\nClosed 2" in after.out) == (Exit.CLEAN, True)
    assert "Next:" not in after.out
    # What is closed is not open, so that the next one needs no name.
    assert "no incident is open" in opened.incident("status").err


def test_a_row_that_came_back_is_no_longer_settled(opened: Attacked) -> None:
    listed = list(opened.npm.world.tokens)
    opened.npm.world.tokens.clear()
    opened.check("me", *FEW)
    attest_all(opened)
    opened.npm.world.tokens[:] = listed
    opened.check("me", *FEW)
    refused = opened.incident("close")
    assert refused.code == Exit.FINDINGS
    assert "npm token ci-ladle" in refused.out
    assert "(listed in the run of" in refused.out
    # A person may keep what is listed, and both are said.
    attest_all(opened)
    done = opened.incident("close")
    assert done.code == Exit.CLEAN
    assert f"{len(listed)} attested rows still listed in a later run: see the review" in done.err
    review = (opened.folder / "review.md").read_text().replace("\n", " ")
    assert review.count("; still listed in the run of") == len(listed)


def test_an_unusable_record_of_answers_leaves_it_open(opened: Attacked) -> None:
    attest_all(opened)
    record = opened.folder.parent.parent / "attestations.jsonl"
    record.write_text("{}\n")
    record.chmod(0o600)
    done = opened.incident("close")
    assert done.code == Exit.USAGE
    assert "the incident is not closed: " in done.err
    assert opened.told()["closed"] is None


def test_the_demo_goes_from_open_to_close(command: Command, tried: Command) -> None:
    shutil.copytree(tried.home, command.home, dirs_exist_ok=True)
    told = json.loads(command("incident", "status", "--demo", "-f", "json").out)
    steps = sorted({one["number"].partition(".")[0] for one in told["rows"]}, key=int)
    assert command("incident", "attest", *steps, "--how", "tried", "--demo").code == Exit.CLEAN
    done = command("incident", "status", "--demo")
    assert (done.code, "\n\nNothing is open. Close it:" in done.out) == (0, True)
    assert "hardenme incident close --demo" in done.out
    assert command("incident", "close", "--demo").code == Exit.CLEAN
