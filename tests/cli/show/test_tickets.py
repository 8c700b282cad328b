"""`show -f ticket`, `--step` and `--each-member`: each reader gets what is that reader's."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from hardenme.cli.show.tickets import wanted_step
from hardenme.ground.errors import UsageError
from hardenme.model.report import DEMO, Identity
from hardenme.model.verdict import Failed, Fix
from hardenme.reports import FORMATS
from hardenme.reports.fixplan.build import plan_of
from tests.cli.command import Command
from tests.cli.conftest import Accounts
from tests.cli.show.test_each_member import kept
from tests.reports.sample import maintainer
from tests.reports.test_report_members import about
from tests.worlds.organizations import base

ORG = "github:bramble-labs"
REPOSITORIES = tuple(
    f"bramble-labs/{name}" for name in ("briar", "graft", "hedge", "mould", "seed")
)


@pytest.fixture
def checked(organizations: Accounts) -> Command:
    organizations.bare(ORG, HARDENME_GITHUB_TOKEN=base.WEAK_CLASSIC)
    return organizations.command


def steps_in(text: str) -> dict[str, str]:
    """The titles of steps by their ids, as `fix --lines` prints them."""
    found = (re.fullmatch(r"\d+\. ([a-z2-7]{6}) (.+)", line) for line in text.splitlines())
    return {one[1]: one[2] for one in found if one}


@pytest.mark.second_tier("several runs of the command over an organization")
@pytest.mark.sampled(10, among="whole stories")
def test_each_step_a_repository_and_each_member_is_handed_on(checked: Command) -> None:
    steps = steps_in(checked("fix", "--lines").out)
    assert len(steps) > 20
    for identity in [*steps][::6]:
        ran = checked("show", "--step", identity)
        assert ran.code == 0, ran.err
        assert f"Reference: `{identity}`" in ran.out
        assert ran.out.count("hardenme") == ran.out.count("Made by hardenme for thorn on ") == 1
        assert "**How to see that it is done**" in ran.out
    ran = checked("show", "--repo", "briar", "-f", "ticket", "-o", "briar.md")
    assert ran.code == 0
    text = (checked.folder / "briar.md").read_text()
    assert text.startswith("# ")
    assert "For: an administrator of bramble-labs/briar." in text
    assert text.count("hardenme") == text.count("Made by hardenme for thorn on ") == 1
    assert not re.search(r"You need: organization owner", text)
    ran = checked("show", "--member", "thistle", "-f", "ticket")
    assert ran.out.startswith("# For thistle: 1 change")
    assert "Remove the phone number from your 2FA" in ran.out

    ran = checked("show", "-f", "issues", "-o", "issues.sh")
    assert ran.code == 0, ran.err
    text = (checked.folder / "issues.sh").read_text()
    assert set(re.findall(r"^private (\S+)$", text, re.MULTILINE)) == set(REPOSITORIES)
    assert text.count("\ncreate ") == len(REPOSITORIES)
    text = checked("show", "-f", "issues", "--issue-in", "bramble-labs/tracker").out
    assert re.findall(r"^private (\S+)$", text, re.MULTILINE) == ["bramble-labs/tracker"]
    references = re.findall(r"^create bramble-labs/tracker ([a-z2-7]{6}) ", text, re.MULTILINE)
    assert len(set(references)) == len(REPOSITORIES)
    ran = checked("show", "-f", "issues", "--step", [*steps][-1])
    assert "is of no single repository" in ran.err or ran.out.count("\ncreate ") == 1

    text = checked("show", "--member", "stray", "-f", "ticket").out
    assert "2 findings about this account are for an owner to fix, and not in this list." in text
    assert "Lower" not in text
    assert "role" not in text

    for form in ("ticket", *FORMATS):
        assert checked("show", "--each-member", form, "-f", form).code == 0
        for file in (checked.folder / form).iterdir():
            login = file.name.split(".", maxsplit=1)[0]
            text = file.read_text()
            assert not re.search(rf"\bask (?:whether )?{login}\b", text, re.IGNORECASE), file.name
            for word in ("admin:org", "-X DELETE", "Remove the access"):
                assert word not in text, (file.name, word)

    for words, said in REFUSED:
        ran = checked("show", *words)
        assert ran.code == 2
        assert said in ran.err

    ran = checked("show", "--member", "nobody-here", "-f", "ticket")
    assert (ran.code, ran.out) == (5, "")
    assert "is about nobody-here" in ran.err
    ran = checked("show", "--repo", "not-here", "-f", "ticket")
    assert (ran.code, ran.out) == (5, "")
    assert "was not looked at" in ran.err


REFUSED = (
    (("-f", "ticket"), "takes one of --step ID, --member LOGIN and --repo NAME"),
    (("--step", "aaaaaa", "--repo", "x"), "takes one of --step ID"),
    (("--step", "3"), "--step takes the id of a step, six characters"),
    (("--step", "aaaaaa"), "this run has no step aaaaaa; `hardenme fix` lists them"),
    (("-f", "issues", "--member", "x"), "-f issues takes --step ID or --repo NAME"),
    (("--repo", "x", "-f", "ticket", "--issue-in", "a/b"), "--issue-in goes with -f issues"),
    (("-f", "issues", "--issue-in", "a"), "takes OWNER/REPO"),
    (("-f", "issues", "-o", "x.sh", "--each-member", "people"), "name a format alone"),
    (("--member", "x", "-f", "ticket", "--unknown"), "and nothing else to show"),
    (("--repo", "x", "-f", "ticket", "--redact"), "a ticket needs the names"),
    (("--step", "aaaaaa", "--each-member", "people"), "name a format alone"),
)


def test_a_step_that_hardenme_takes_is_nobody_elses(command: Command) -> None:
    fix = Fix("Store two contacts with `hardenme verify-request --add-contact`", command="hardenme")
    kept(command, about("GHO109", "hazel", Failed("none", {"contacts": 0}, fix)))
    (identity,) = steps_in(command("fix", "--lines").out)
    ran = command("show", "--step", identity)
    assert (ran.code, ran.out) == (2, "")
    assert "is done with hardenme itself" in ran.err


def test_the_steps_that_are_named_are_those_of_the_shown_run(command: Command) -> None:
    for words, lists in (((), "fix"), (("--demo",), "fix --demo"), (("my.json",), "fix my.json")):
        ran = command("show", *words, "-f", "ticket")
        assert (ran.code, ran.out) == (2, "")
        assert f"`hardenme {lists}` lists the steps with their ids" in ran.err
    report = replace(maintainer(), identities=(Identity("github", "h", "mallow", "c", DEMO),))
    with pytest.raises(UsageError, match="no step aaaaaa; `hardenme fix --demo` lists"):
        wanted_step(report, plan_of(report), "aaaaaa")
