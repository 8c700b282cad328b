"""`hardenme fleet` from the plan to the report, with processes of this machine."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hardenme.fleet.results import LAST_WINS
from hardenme.sandbox.github.world import Enterprise
from hardenme.sandbox.http import Reply
from tests.cli.fleet.conftest import BOTH, CHECKS, Fleet, findings
from tests.cli.test_app import options
from tests.worlds.organizations import base

pytestmark = pytest.mark.sampled(12)


def test_the_report_of_both_shards_is_that_of_one_run(fleet: Fleet) -> None:
    plan = fleet.plan("--all-organizations")
    assert [one["login"] for one in plan["owners"]] == [base.WEAK, base.STRICT]
    assert len(plan["shards"]) == 2, "an installation has a rate limit of its own"
    first = fleet.run("--index", "1")
    assert first.code == 0, first.err
    second = fleet.run(JOB_COMPLETION_INDEX="0")
    assert second.code == 0, second.err
    asked = fleet.accounts.asked
    merged = fleet.merge("-f", "json")
    assert fleet.accounts.asked == asked, "merging asks no one"
    one = fleet.accounts.bare(*BOTH, *CHECKS, *fleet.asking, "-f", "json")
    assert findings(merged) == findings(one)
    assert merged.code == one.code
    shown = fleet.accounts.command("show", "-f", "json")
    assert findings(shown) == findings(merged), "it is kept as any other run"


def test_processes_of_this_machine_read_all_shards_and_continue(fleet: Fleet) -> None:
    fleet.plan(*BOTH)
    ran = fleet.run()
    assert ran.code == 0, ran.err
    assert "2 of 2 organizations were read as a whole" in ran.err
    asked = fleet.accounts.asked
    again = fleet.run()
    assert again.code == 0
    assert fleet.accounts.asked == asked, "what has a receipt is not read again"
    merged = fleet.merge("-f", "json", "--fail-on", "critical")
    assert not json.loads(merged.out)["partial"]


def test_a_shard_that_is_missing_is_not_known(fleet: Fleet) -> None:
    fleet.plan(*BOTH)
    assert fleet.run("--index", "0").code == 0
    ran = fleet.merge("-f", "json", "--fail-on", "critical", "--allow-unknown", "INCOMPLETE")
    report = json.loads(ran.out)
    assert report["partial"] == "1 of 2 organizations were looked at as a whole"
    assert ran.code == 3
    lost = {one["outcome"] for one in report["findings"] if "cedar" in one["within"]}
    assert lost == {"unknown"}


def test_what_is_refused_on_the_way_is_read_again_later(fleet: Fleet) -> None:
    server = fleet.server
    fleet.plan(*BOTH)
    strict = server.world.organization(base.STRICT)
    assert strict is not None
    installed = strict.connected.installations[-1]
    installed.suspended_at = server.world.now
    ran = fleet.run()
    assert ran.code == 3
    assert "cedar-labs was not read as a whole" in ran.err
    assert "it takes" in ran.err, "the receipt says what"
    assert json.loads(fleet.merge("-f", "json").out)["partial"]
    installed.suspended_at = None
    assert fleet.run().code == 0
    assert not json.loads(fleet.merge("-f", "json").out)["partial"]


def test_a_login_that_went_to_someone_else_is_never_read(fleet: Fleet) -> None:
    server = fleet.server
    fleet.plan(*BOTH)
    reply = Reply(200, {"login": base.STRICT, "type": "Organization", "id": 666})
    server.fault(f"/users/{base.STRICT}", edit=lambda *_: reply)
    before = len(server.requests)
    assert fleet.run("--index", "1").code == 3
    paths = [request.path for request in server.requests[before:]]
    assert not [path for path in paths if path.startswith(("/orgs/cedar-labs/", "/repos"))][1:]


def test_an_organization_that_is_listed_no_longer_is_not_looked_at(fleet: Fleet) -> None:
    server = fleet.server
    fleet.plan("--all-organizations")
    strict = server.world.organization(base.STRICT)
    assert strict is not None
    strict.connected.installations.clear()
    plan = fleet.plan("--all-organizations")
    assert [one["login"] for one in plan["unplanned"]] == [base.STRICT]
    assert fleet.run().code == 0
    merged = json.loads(fleet.merge("-f", "json").out)
    assert merged["partial"] == "1 of 2 organizations were looked at as a whole"
    without = fleet.plan("--all-organizations", "--exclude-organization", base.STRICT)
    assert without["unplanned"] == []


def test_a_plan_of_an_enterprise_names_where_the_app_is_not_installed(fleet: Fleet) -> None:
    world = fleet.server.world
    logins = (base.WEAK, base.STRICT)
    world.enterprises.append(Enterprise(40, "grove", frozenset({"thorn"}), logins))
    token, strict = world.token(base.WEAK_CLASSIC), world.organization(base.STRICT)
    assert token is not None
    assert strict is not None
    token.scopes = token.scopes | {"read:enterprise"}
    strict.connected.installations.clear()
    plan = fleet.plan("--enterprise", "grove", HARDENME_GITHUB_TOKEN=base.WEAK_CLASSIC)
    assert [one["login"] for one in plan["owners"]] == [base.WEAK]
    assert [one["login"] for one in plan["unplanned"]] == [base.STRICT]
    assert fleet.run().code == 0
    merged = json.loads(fleet.merge("-f", "json").out)
    assert merged["partial"] == "1 of 2 organizations were looked at as a whole"


def test_a_file_that_is_no_plan_is_not_replaced(fleet: Fleet) -> None:
    notes = fleet.accounts.command.folder / "plan.json"
    notes.write_text("notes")
    ran = fleet("plan", *BOTH, *CHECKS, *fleet.asking, "-o", "plan.json")
    assert ran.code == 2, ran.err
    assert "not the plan of a fleet" in ran.err
    assert notes.read_text() == "notes"


def test_no_credential_is_said_and_leaves_no_receipt(fleet: Fleet) -> None:
    fleet.plan(*BOTH)
    ran = fleet("run", "--plan", "plan.json", "--out", "out", "--index", "0", *fleet.accounts.urls)
    assert ran.code == 4
    assert "there is no GitHub token for bramble-labs" in ran.err
    assert not list(fleet.accounts.command.folder.rglob("*.receipt.json"))


def test_merging_needs_no_credential_and_reads_none(fleet: Fleet) -> None:
    """What would be refused if it were read: a token's file that is open to others."""
    fleet.plan(*BOTH)
    assert fleet.run().code == 0
    folder = fleet.accounts.command.home / "credentials"
    folder.mkdir()
    (folder / "hardenme-github-token").write_text("ghp_CANARYopen000000000000000000000000")
    folder.chmod(0o777)
    ran = fleet.merge(CREDENTIALS_DIRECTORY=str(folder))
    (folder / "hardenme-github-token").unlink()
    assert ran.code == 1
    assert "CREDENTIALS_DIRECTORY" not in ran.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("plan", "-o", "x.json"), "name organizations"),
        (("plan", "npm:acme", "-o", "x.json"), "not npm:acme"),
        (("plan", "github:acme", "npm:@acme", "npm:x", "-o", "x.json"), "check npm:x"),
        (("plan", "github:acme"), "--output plan.json"),
        (("run", "--out", "out"), "name the plan"),
        (("run", "--plan", "plan.json"), "--out results"),
        (("run", "--plan", "plan.json", "--out", "out", "--index", "9"), "has 1 shards"),
        (
            ("run", "--plan", "plan.json", "--out", "out", "--index", "0", "--engine", "dask"),
            "--index reads a shard here",
        ),
        *(
            (("run", "--plan", "plan.json", "--out", "out", *shard, *where), "for --engine dask")
            for shard in ((), ("--index", "0"))
            for where in (("--scheduler", "tls://h:1"), ("--tls-key", "key.pem"))
        ),
        (
            ("run", "--plan", "plan.json", "--out", "out", "--engine", "ray"),
            "--engine takes one of: local, dask",
        ),
        (("merge", "--plan", "plan.json"), "--in results"),
        (("merge", "--plan", "gone.json", "--in", "out"), "cannot be read"),
    ],
)
def test_what_is_missing_on_the_command_line(
    fleet: Fleet, arguments: tuple[str, ...], told: str
) -> None:
    if "plan.json" in arguments:
        fleet.plan("github:bramble-labs")
    ran = fleet(*arguments)
    assert ran.code == 2
    assert told in ran.err


def test_a_cluster_is_not_replaced_by_this_machine_in_an_indexed_job(fleet: Fleet) -> None:
    """The machine that asks a cluster may have credentials that must not read this fleet."""
    fleet.plan("github:bramble-labs")
    asked = fleet.accounts.asked
    ran = fleet.run("--engine", "dask", JOB_COMPLETION_INDEX="0")
    assert ran.code == 2
    assert "--engine dask takes --scheduler" in ran.err
    assert fleet.accounts.asked == asked


def test_another_host_than_the_plans_is_refused(fleet: Fleet, key: Path) -> None:
    fleet.plan("github:bramble-labs")
    there = ("run", "--plan", "plan.json", "--out", "out", "--index", "0", *options(key))
    ran = fleet(*there, "--github-url", "https://github.example.test")
    assert ran.code == 2
    assert "the plan is about http://127.0.0.1" in ran.err


def test_a_store_takes_results_and_says_what_it_cannot_do(fleet: Fleet) -> None:
    """Each process has a memory of its own, so the merging one finds nothing, and says so."""
    fleet.plan(*BOTH)
    store = "memory://bucket/prefix"
    where = ("--plan", "plan.json", "--out", store, *fleet.asking)
    ran = fleet("run", *where, "--index", "0")
    assert ran.code == 0, ran.err
    assert ran.err.count(LAST_WINS) == 1
    assert not list(fleet.accounts.command.folder.glob("memory*")), "no folder has this name"
    merged = fleet("merge", "--plan", "plan.json", "--in", store, "-f", "json")
    report = json.loads(merged.out)
    assert (merged.code, report["partial"][:7]) == (3, "0 of 2 ")
    assert {one["outcome"] for one in report["findings"]} <= {"unknown", "manual"}


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("s3://bucket/prefix", "s3:// also takes the package s3fs"),
        ("s3://KEY:CANARY@bucket/prefix", "fsspec finds the credentials"),
        ("file:///srv/results", "name a folder of results by its path"),
        ("nosuchstore://bucket/x", "nosuchstore:// cannot be opened by fsspec: ValueError"),
    ],
)
@pytest.mark.parametrize("verb", ["run", "merge"])
def test_an_address_that_cannot_be_opened_is_one_sentence(
    fleet: Fleet, verb: str, address: str, why: str
) -> None:
    fleet.plan("github:bramble-labs")
    asked = fleet.accounts.asked
    where = ("--out", address, *fleet.asking) if verb == "run" else ("--in", address)
    ran = fleet(verb, "--plan", "plan.json", *where)
    assert (ran.code, ran.out) == (2, "")
    assert why in ran.err
    assert "CANARY" not in ran.err
    assert len(ran.err.splitlines()) == 1
    assert fleet.accounts.asked == asked, "before anything is read"
