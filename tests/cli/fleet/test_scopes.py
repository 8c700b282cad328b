"""Scopes of npm in a fleet: planned by a list, read by npm's token, and judged in the merge."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from hardenme.sandbox.http import Reply
from hardenme.sandbox.npm.server import NpmSandbox
from hardenme.sandbox.npm.world import Organization
from tests.cli.fleet.conftest import Fleet, findings
from tests.worlds.organizations import base

pytestmark = pytest.mark.second_tier("each starts the whole command several times", one_of=5)

SCOPE = "npm:@acorn-labs"
CHECKS = ("--select", "NPO,NPP,GHO106,GHR104")
GITHUB = f"github:{base.WEAK}"


def planned(fleet: Fleet, *targets: str, **environ: str) -> Any:
    urls = fleet.asking if GITHUB in targets else fleet.accounts.urls
    ran = fleet("plan", *targets, *CHECKS, *urls, "-o", "plan.json", **environ)
    assert ran.code in {0, 3}, ran.err
    return json.loads((fleet.accounts.command.folder / "plan.json").read_text())["plan"]


def own(fleet: Fleet) -> dict[str, str]:
    """The variable with npm's token."""
    return {"HARDENME_NPM_TOKEN": fleet.accounts.npm_token}


def registry(fleet: Fleet) -> NpmSandbox:
    assert isinstance(fleet.accounts.npm, NpmSandbox)
    return fleet.accounts.npm


def of_npm(found: dict[tuple[str, str], str]) -> dict[tuple[str, str], str]:
    return {key: outcome for key, outcome in found.items() if key[1].startswith("npm:")}


def receipts(fleet: Fleet) -> list[Path]:
    return sorted(fleet.accounts.command.folder.glob("out/*/npm-acorn-labs/*.receipt.json"))


def test_a_scope_is_read_by_itself_and_judged_with_the_organizations(fleet: Fleet) -> None:
    plan = planned(fleet, GITHUB, SCOPE, **own(fleet))
    assert [one["login"] for one in plan["owners"]] == ["@acorn-labs", base.WEAK]
    assert len({one["lane"] for one in plan["owners"]}) == len(plan["shards"]) == 2
    ran = fleet.run(**own(fleet))
    assert ran.code == 0, ran.err
    assert "2 of 2 organizations were read as a whole" in ran.err
    asked = fleet.accounts.asked
    merged = fleet.merge("-f", "json", "--profile", "org")
    report = json.loads(merged.out)
    assert fleet.accounts.asked == asked, "merging asks no one"
    assert not report["partial"]
    assert report["unread"] == []
    assert report["targets"] == [SCOPE, GITHUB]
    single = fleet.accounts.bare(
        SCOPE, *CHECKS, *fleet.asking[-1:], "-f", "json", "--profile", "org", **own(fleet)
    )
    known = {
        key: outcome
        for key, outcome in of_npm(findings(merged)).items()
        if outcome not in {"unknown", "manual"}
    }
    alone = findings(single)
    assert len(known) > 10
    assert {key: alone[key] for key in known} == known, "nothing is judged otherwise than alone"
    assert {"failed", "passed"} <= set(known.values())


def test_a_shard_of_a_scope_asks_npm_alone(fleet: Fleet) -> None:
    planned(fleet, SCOPE, **own(fleet))
    before, asked = len(fleet.server.requests), len(registry(fleet).requests)
    token = {**own(fleet), "HARDENME_GITHUB_TOKEN": base.WEAK_CLASSIC}
    assert fleet.run("--index", "0", **token).code == 0
    assert len(fleet.server.requests) == before
    paths = [request.path for request in registry(fleet).requests[asked:]]
    assert "/-/org/acorn-labs/package" in paths
    assert not [path for path in paths if path.startswith(("/-/npm/v1/user", "/-/user"))], paths


def test_a_scope_that_cannot_be_listed_is_not_looked_at(fleet: Fleet) -> None:
    plan = planned(fleet, GITHUB, SCOPE, "npm:@someone-else", **own(fleet))
    assert [one["login"] for one in plan["unplanned"]] == ["@someone-else"]
    without = planned(fleet, GITHUB, SCOPE)
    assert [one["login"] for one in without["unplanned"]] == ["@acorn-labs"]
    assert without["unplanned"][0]["why"] == "an npm token for @acorn-labs"
    assert fleet.run().code == 0
    merged = fleet.merge("-f", "json", "--fail-on", "critical", "--allow-unknown", "INCOMPLETE")
    report = json.loads(merged.out)
    assert report["partial"] == "1 of 2 organizations were looked at as a whole"
    assert [one["target"] for one in report["unread"]] == [SCOPE]
    assert set(of_npm(findings(merged)).values()) == {"unknown"}
    assert merged.code == 3


def test_a_scope_without_a_token_leaves_no_receipt(fleet: Fleet) -> None:
    planned(fleet, SCOPE, **own(fleet))
    ran = fleet.run("--index", "0")
    assert ran.code == 4
    assert "there is no npm token for @acorn-labs" in ran.err
    assert not receipts(fleet)


@pytest.mark.parametrize("status", [401, 403, 404, 500])
def test_a_list_that_is_refused_later_is_not_whole(fleet: Fleet, status: int) -> None:
    planned(fleet, SCOPE, **own(fleet))
    reply = Reply(status, {"error": "No"})
    registry(fleet).fault("/-/org/acorn-labs/package", edit=lambda *_: reply)
    ran = fleet.run("--index", "0", **own(fleet))
    assert ran.code in {3, 4}
    assert "was not read as a whole" in ran.err
    report = json.loads(fleet.merge("-f", "json").out)
    assert report["partial"] == "0 of 1 organizations were looked at as a whole"
    registry(fleet).faults.clear()
    assert fleet.run("--index", "0", **own(fleet)).code == 0, "it is read again"
    assert not json.loads(fleet.merge("-f", "json").out)["partial"]


def test_a_list_that_is_shorter_than_the_plan_is_not_whole(fleet: Fleet) -> None:
    planned(fleet, SCOPE, **own(fleet))
    organization = registry(fleet).world.organization("acorn-labs")
    assert organization is not None
    whole = len(organization.packages)
    organization.packages.popitem()
    assert fleet.run("--index", "0", **own(fleet)).code == 0
    report = json.loads(fleet.merge("-f", "json").out)
    assert f"{whole - 1} of {whole} packages were listed" in report["unread"][0]["why"]


def spoiled(fleet: Fleet, change: Any) -> Any:
    """The merged report after the scope's facts were changed, with digests that fit."""
    (place,) = receipts(fleet)
    receipt = json.loads(place.read_text())
    (old,) = place.parent.glob("*.facts.jsonl.gz")
    *lines, last = gzip.decompress(old.read_bytes()).decode().splitlines(keepends=True)
    lines = change(lines)
    ending = json.loads(last) | {"sha256": hashlib.sha256("".join(lines).encode()).hexdigest()}
    text = "".join([*lines, json.dumps(ending, separators=(",", ":")) + "\n"]).encode()
    digest = hashlib.sha256(text).hexdigest()
    receipt["receipt"] |= {"sha256": digest, "size": len(text)}
    old.unlink()
    (place.parent / f"{digest[:16]}.facts.jsonl.gz").write_bytes(gzip.compress(text))
    place.chmod(0o600)
    place.write_text(json.dumps(receipt))
    return json.loads(fleet.merge("-f", "json").out)


def moved(before: str, after: str) -> Any:
    def change(lines: Iterable[str]) -> list[str]:
        found = [line.replace(before, after) for line in lines]
        assert found != lines
        return found

    return change


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('["npm","package","@acorn-labs/ladle"]', '["npm","package","@cedar-labs/ladle"]'),
        ('["npm","package","@acorn-labs/ladle"]', '["github","repo","bramble-labs/web"]'),
        ('["npm","package","@acorn-labs/ladle"]', '["npm","user","mallow"]'),
        ('["npm","org","acorn-labs"]', '["npm","org","cedar-labs"]'),
        ("\n", "\n{}"),
    ],
)
def test_facts_about_anything_else_are_refused(fleet: Fleet, before: str, after: str) -> None:
    world = registry(fleet).world
    world.organizations.append(Organization("cedar-labs", {"mallow": "owner"}, [], {}))
    planned(fleet, SCOPE, "npm:@cedar-labs", **own(fleet))
    assert fleet.run(**own(fleet)).code in {0, 3}
    report = spoiled(fleet, moved(before, after))
    whys = {one["target"]: one["why"] for one in report["unread"]}
    assert "its result is refused" in whys[SCOPE], whys


def test_the_token_of_npm_is_nowhere(fleet: Fleet) -> None:
    token = fleet.accounts.npm_token
    folder = fleet.accounts.command.folder
    held = folder / "npm-token"
    held.write_text(token)
    held.chmod(0o600)
    by_file = ("--token-file", f"npm:{held}")
    planned_ran = fleet("plan", SCOPE, *CHECKS, *fleet.accounts.urls, *by_file, "-o", "plan.json")
    ran = fleet.run(*by_file)
    merged = fleet.merge("-f", "json")
    assert (planned_ran.code, ran.code) == (0, 0), ran.err
    for one in (planned_ran, ran, merged):
        assert token not in one.out + one.err
    held.unlink()
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert len(files) > 3
    for path in files:
        raw = path.read_bytes()
        text = gzip.decompress(raw) if path.suffix == ".gz" else raw
        assert token.encode() not in text, path
