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
