"""A step is read again by itself, over a real socket."""

from __future__ import annotations

import json
import re

from hardenme.sandbox.http import Reply, Request
from tests.cli.command import Ran
from tests.cli.conftest import Accounts

CODES = ("--select", "GHA103,GHA104,GHA105,GHA110")


def step_of(ran: Ran, title: str) -> str:
    (found,) = re.findall(rf"^ *(\d+)  {title}", ran.out, re.MULTILINE)
    return str(found)


def test_a_step_that_was_taken_is_closed_and_the_last_run_knows(weak: Accounts) -> None:
    first = weak.screen(*CODES, **weak.tokens)
    number = step_of(first, "Replace or delete")
    before = weak.asked
    ran = weak.command("fix", number, "--again", **weak.tokens)
    assert ran.code == 1, ran.err
    assert "is open: " in ran.out
    assert 0 < weak.asked - before < before, "only what it rests on is read"
    (login,) = [one for one in weak.github.world.users if one.login == "mallow"]
    login.ssh_keys.clear()
    assert weak.command("show").code == 0
    ran = weak.command("fix", number, "--again", **weak.tokens)
    assert (ran.code, ran.err.count("Run of")) == (0, 1)
    assert "is closed: none of its" in ran.out
    kept = json.loads(weak.command("show", "-f", "json").out)
    failed = {one["code"] for one in kept["findings"] if one["outcome"] == "failed"}
    assert "GHA104" not in failed
    assert "GHA110" in failed, "what the step does not close stays as it was"
    assert any("was read again at" in one for one in kept["warnings"])


def test_what_cannot_be_read_again_is_not_closed(weak: Accounts) -> None:
    number = step_of(weak.screen(*CODES, **weak.tokens), "Replace or delete")

    def forbidden(_request: Request, _reply: Reply) -> Reply:
        return Reply(403, {"message": "Forbidden"})

    weak.github.fault("/user/keys.*", edit=forbidden)
    ran = weak.command("fix", number, "--again", **weak.tokens)
    assert ran.code == 3
    assert "is not known to be closed" in ran.out + ran.err


def test_it_takes_a_step_of_the_last_run(weak: Accounts) -> None:
    for words in (("--again",), ("1", "report.json", "--again")):
        ran = weak.command("fix", *words)
        assert ran.code == 2
        assert "--again takes a step of the last run" in ran.err
    weak.command("demo")
    ran = weak.command("fix", "7", "--again", "--demo")
    assert ran.code == 2
    assert "nothing to read again" in ran.err


def test_a_step_of_publish_paths_is_not_closed_while_they_are_open(weak: Accounts) -> None:
    first = weak.screen("npm:mallow-trivet", "--select", "PUB", **weak.tokens)
    number = step_of(first, "Close every other way")
    ran = weak.command("fix", number, "--again", **weak.tokens)
    # Trusted publishers take a person at a terminal, who is not there.
    assert ran.code in {1, 2, 3}
    assert "is closed" not in ran.out


def test_a_run_that_is_cut_short_closes_nothing_and_leaves_the_kept_one(weak: Accounts) -> None:
    number = step_of(weak.screen(*CODES, **weak.tokens), "Replace or delete")
    before = weak.command("show", "-f", "json").out

    def rejected(_request: Request, _reply: Reply) -> Reply:
        return Reply(401, {"message": "Bad credentials"})

    weak.github.fault(".*", edit=rejected)
    ran = weak.command("fix", number, "--again", **weak.tokens)
    assert ran.code in {2, 3}
    assert "is closed" not in ran.out
    kept = json.loads(weak.command("show", "-f", "json").out)["findings"]
    failed = [one for one in kept if one["outcome"] == "failed"]
    assert failed == [one for one in json.loads(before)["findings"] if one["outcome"] == "failed"]
