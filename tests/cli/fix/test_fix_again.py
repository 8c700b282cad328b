"""A step is read again by itself, over a real socket."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable

import pytest

from hardenme.model.text import disguised
from hardenme.sandbox.http import Reply, Request
from tests.cli.command import Command, Ran
from tests.cli.conftest import Accounts

pytestmark = pytest.mark.sampled(6)

CODES = ("--select", "GHA103,GHA104,GHA105,GHA110")


def step_of(ran: Ran, title: str) -> str:
    (found,) = re.findall(rf"^ *(\d+)  [a-z2-7]{{6}} {title}", ran.out, re.MULTILINE)
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
    # What may be someone else's is a step of its own.
    login.ssh_keys[:] = [one for one in login.ssh_keys if disguised(one.title)]
    assert weak.command("show").code == 0
    ran = weak.command("fix", number, "--again", **weak.tokens)
    assert (ran.code, ran.err.count("Run of")) == (0, 1)
    assert "is closed: none of its" in ran.out
    kept = json.loads(weak.command("show", "-f", "json").out)
    failed = [one for one in kept["findings"] if one["outcome"] == "failed"]
    keys = {one["subject"] for one in failed if one["code"] == "GHA104"}
    assert keys == {f"github:ssh-key/{one.id}" for one in login.ssh_keys}
    assert any(one["code"] == "GHA110" for one in failed), (
        "what the step does not close stays as it was"
    )
    assert any("was read again at" in one for one in kept["warnings"])


def test_what_cannot_be_read_again_is_not_closed(weak: Accounts) -> None:
    number = step_of(weak.screen(*CODES, **weak.tokens), "Replace or delete")

    def forbidden(_request: Request, _reply: Reply) -> Reply:
        return Reply(403, {"message": "Forbidden"})

    weak.github.fault("/user/keys.*", edit=forbidden)
    ran = weak.command("fix", number, "--again", **weak.tokens)
    assert ran.code == 3
    assert "is not known to be closed" in ran.out + ran.err


def test_what_cannot_be_asked_is_said_and_so_is_that_nothing_was_read(weak: Accounts) -> None:
    number = step_of(weak.screen(*CODES, **weak.tokens), "Replace or delete")
    before, kept = weak.asked, weak.command("show", "-f", "json").out
    own = weak.command.home / ".config" / "hardenme"
    own.mkdir(parents=True)
    (own / "config.toml").write_text('fail-on = "sometimes"\n')
    ran = weak.command("fix", number, "--again", **weak.tokens)
    assert ran.code == 2
    assert "config.toml" in ran.err
    assert ran.told[-1] == "hardenme: The step was not read again, and the run stays as it was."
    assert (weak.asked, weak.command("show", "-f", "json").out) == (before, kept)


def test_it_takes_a_step_of_the_last_run(
    weak: Accounts, demonstrate: Callable[[Command], Ran]
) -> None:
    for words in (("--again",), ("1", "report.json", "--again")):
        ran = weak.command("fix", *words)
        assert ran.code == 2
        assert "--again takes a step of the last run" in ran.err
    demonstrate(weak.command)
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


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_a_path_that_was_closed_is_closed_in_the_last_run(hardened: Accounts) -> None:
    command, package = hardened.command, "npm:package/@hazel-grove/lantern"
    (account,) = [one for one in hardened.npm.world.users if one.name == "hazel"]
    account.tfa = "auth-only"
    answered = command("attest", "NPP106", package, "--yes", *hardened.urls, **hardened.tokens)
    assert answered.code == 0, answered.err
    asked = ("check", "--no-local", *hardened.urls, "npm:@hazel-grove/lantern")
    ran = command.at_a_terminal(
        *asked, "--select", "PUB101", "--interactive", "-f", "json", **hardened.tokens
    )
    assert open_paths(ran) == {"person/hazel"}
    number = step_of(command("show"), "Require 2FA for every npm write by hazel")
    account.tfa = "auth-and-writes"
    ran = command.at_a_terminal("fix", number, "--again", **hardened.tokens)
    assert ran.code == 0, ran.err
    assert "none of its 1 finding and 1 path is open" in ran.out
    kept = command("show", "-f", "json")
    assert open_paths(kept) == set()
    assert "hazel-grove" in json.dumps(json.loads(kept.out)["publishing"]["reaches"])
    assert command("fix", number).code == 2, "the step is gone"


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_a_step_that_only_prepares_is_open_while_the_plan_has_it(weak: Accounts) -> None:
    (account,) = [one for one in weak.npm.world.users if one.name == "mallow"]
    account.tfa = "auth-and-writes"
    asked = ("check", "--no-local", *weak.urls, "npm:mallow-trivet", "--select", "PUB101")
    first = weak.command.at_a_terminal(*asked, "--interactive", **weak.tokens)
    number = step_of(first, "Publish mallow-trivet from")
    ran = weak.command.at_a_terminal("fix", number, "--again", **weak.tokens)
    assert ran.code == 1, ran.out
    # Its finding is closed by the last step of the package: here the plan alone still has it.
    assert "is open: 1 of 1 action still open" in ran.out


def open_paths(ran: Ran) -> set[str]:
    (package,) = json.loads(ran.out)["publishing"]["packages"]
    paths = [one for one in package["paths"] if not one["intended"]]
    return {one["key"] for one in paths if one["state"] == "open"}


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
