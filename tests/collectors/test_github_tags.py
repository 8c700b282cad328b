from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github import repositories, rule_suites
from hardenme.facts.github.tag_rules import NewestTags, RuleBypasses, TagCommits, TagRulesets
from hardenme.model.fact import Answer, Fact
from hardenme.model.known import field
from hardenme.model.unknown import Reason, Unknown
from hardenme.sandbox.http import Reply
from hardenme.sandbox.npm import scenarios as npm
from tests.collectors.scripted import GONE, github, of
from tests.collectors.test_github_repositories import NODE, ONE
from tests.factories.given import NOW
from tests.running import NOW as THEN
from tests.running import stage
from tests.worlds.github import (
    STRICT_ORG_APP,
    STRICT_ORG_FINE_GRAINED,
    STRICT_ORG_TOKEN,
    strict_organization,
)

RULE = {"totalCount": 1, "nodes": [{"type": "UPDATE"}]}
RULESET = {
    "databaseId": 91,
    "enforcement": "ACTIVE",
    "conditions": {"refName": {"include": ["refs/tags/v*"], "exclude": []}},
    "rules": RULE,
}
TAGS = {"totalCount": 1, "nodes": [{"name": "v1.0.0"}]}
SHOWN = ((NewestTags, "newestTags", 5), (TagCommits, "tagCommits", 100))
"""The facts of tags, their names in an answer, and how many tags each shows."""
SUITES = "/repos/hazel/lantern/rulesets/rule-suites"


CLASSIC = "ghp_CANARYhazel0000000000000000000000000000"
FINE = "github_pat_CANARYhazel0000000000_000000000000000000000000000000000000000000000000000000"


def batch(kind: type[Fact], errors: Any = None, token: str = CLASSIC, **change: Any) -> Answer[Any]:
    """What the batch answers for one repository; `...` leaves a key out."""
    parts = {"newestTags": TAGS, "tagRulesets": {"totalCount": 1, "nodes": [RULESET]}}
    shown = {name: value for name, value in (NODE | parts | change).items() if value is not ...}
    said: dict[str, Any] = {"data": {"repository": shown}}
    if errors:
        said["errors"] = errors
    with github({"graphql": Reply(data=said)}, token) as (client, _):
        return of(kind, list(repositories.one(client, ONE, FactStore())))


def rulesets(*nodes: Any, total: Any = None) -> Any:
    count = len(nodes) if total is None else total
    found = batch(TagRulesets, tagRulesets={"totalCount": count, "nodes": list(nodes)})
    if found.missing is not None:
        return found.missing
    return field(found.facts[0], "rulesets")


def without(raw: dict[str, Any], *path: str, value: Any = ...) -> dict[str, Any]:
    """The object with another value somewhere, or without it."""
    first, *rest = path
    if rest:
        return raw | {first: without(raw[first], *rest, value=value)}
    return {k: v for k, v in raw.items() if k != first} | ({} if value is ... else {first: value})


def test_the_newest_tags() -> None:
    (fact,) = batch(NewestTags).facts
    assert (fact.count, fact.newest) == (1, ("v1.0.0",))
    five = [{"name": f"v{number}.0.0"} for number in range(5)]
    (many,) = batch(NewestTags, newestTags={"totalCount": 400, "nodes": five}).facts
    assert many.count == 400
    assert len(many.newest) == 5
    (none,) = batch(NewestTags, newestTags={"totalCount": 0, "nodes": []}).facts
    assert (none.count, none.newest) == (0, ())


@pytest.mark.parametrize(("kind", "name", "most"), SHOWN)
def test_as_many_tags_are_read_as_there_are_or_as_were_asked_for(
    kind: type[Fact], name: str, most: int
) -> None:
    """Fewer than that is a list of which something is lost."""
    for count, shown in ((0, 0), (1, 1), (most, most), (400, most), (400, most - 1), (2, 1)):
        nodes = [{"name": f"v{one}", "target": {"oid": f"{one:040x}"}} for one in range(shown)]
        (fact,) = batch(kind, **{name: {"totalCount": count, "nodes": nodes}}).facts
        whole = shown == min(count, most)
        assert (fact.unknown_fields() == {}) is whole
        if whole:
            assert len(field(fact, "commits")) == shown


def test_a_tag_with_a_message_points_to_its_commit_by_way_of_an_object() -> None:
    nodes = [
        {"name": "v1", "target": {"oid": "a" * 40}},
        {"name": "v2", "target": {"oid": "b" * 40, "target": {"oid": "c" * 40}}},
    ]
    (fact,) = batch(NewestTags, newestTags={"totalCount": 2, "nodes": nodes}).facts
    assert fact.commits == ("a" * 40, "c" * 40)
    del nodes[0]["target"]
    (lacking,) = batch(NewestTags, newestTags={"totalCount": 2, "nodes": nodes}).facts
    assert lacking.newest == ("v1", "v2")
    assert isinstance(field(lacking, "commits"), Unknown)


def test_what_tells_a_ruleset_from_others() -> None:
    source = {"__typename": "Organization"}
    more = {"name": "Tags", "updatedAt": "2026-05-08T12:00:00Z", "source": source}
    answer = batch(TagRulesets, tagRulesets={"totalCount": 1, "nodes": [RULESET | more]})
    (told,) = answer.facts[0].told
    assert (told.number, told.name, told.above) == (RULESET["databaseId"], "Tags", True)
    (bare,) = batch(TagRulesets).facts[0].told
    assert isinstance(field(bare, "above"), Unknown)
    assert isinstance(field(bare, "name"), Unknown)


OWN, ABOVE = {"__typename": "Repository"}, {"__typename": "Organization"}
EMPTY = {"totalCount": 0, "nodes": []}


@pytest.mark.parametrize(
    ("source", "admin", "token", "known"),
    [
        (OWN, True, CLASSIC, True),
        (OWN, False, CLASSIC, False),
        (OWN, True, FINE, False),
        (ABOVE | {"viewerCanAdminister": True}, False, CLASSIC, True),
        (ABOVE | {"viewerCanAdminister": False}, True, CLASSIC, False),
        (ABOVE, True, CLASSIC, False),
    ],
)
def test_an_empty_bypass_list_counts_for_who_may_change_the_ruleset(
    source: Any,
    admin: bool,  # noqa: FBT001 (a table's column)
    token: str,
    known: bool,  # noqa: FBT001 (the same)
) -> None:
    ruleset = RULESET | {"source": source, "bypassActors": EMPTY}
    listed = {"totalCount": 1, "nodes": [ruleset]}
    answer = batch(TagRulesets, token=token, tagRulesets=listed, viewerCanAdminister=admin)
    (found,) = answer.facts[0].rulesets
    actors = field(found, "actors")
    assert actors == () if known else isinstance(actors, Unknown)


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ({"repositoryRoleDatabaseId": 4}, ("RepositoryRole", 4)),
        ({"deployKey": True}, ("DeployKey", None)),
        ({"organizationAdmin": True}, ("OrganizationAdmin", None)),
        ({"enterpriseOwner": True}, ("EnterpriseOwner", None)),
        ({"actor": {"__typename": "App"}}, ("Integration", None)),
        ({"actor": {"__typename": "Team"}}, ("Team", None)),
        ({"actor": None}, (None, None)),
        ({"actor": {"__typename": "Robot"}}, (None, None)),
    ],
)
def test_who_is_on_a_bypass_list(entry: dict[str, Any], told: tuple[Any, Any]) -> None:
    bare = {"repositoryRoleDatabaseId": None, "deployKey": False, "organizationAdmin": False}
    actors = {"totalCount": 1, "nodes": [bare | {"bypassMode": "ALWAYS", "actor": None} | entry]}
    (found,) = rulesets(RULESET | {"source": OWN, "bypassActors": actors})
    (actor,) = found.actors
    kind = field(actor, "kind")
    assert (None if isinstance(kind, Unknown) else kind, actor.number) == told
    assert actor.mode == "always"


@pytest.mark.parametrize(
    "tags",
    [
        {"totalCount": 2, "nodes": [{"name": "v1.0.0"}]},
        {"totalCount": 7, "nodes": []},
        {"totalCount": 1, "nodes": [{}]},
        {"totalCount": 1, "nodes": [{"name": None}]},
        {"totalCount": 1},
        {"nodes": [{"name": "v1.0.0"}]},
    ],
)
def test_tags_that_are_not_whole(tags: Any) -> None:
    (fact,) = batch(NewestTags, newestTags=tags).facts
    assert isinstance(field(fact, "newest"), Unknown)


@pytest.mark.parametrize("kind", [NewestTags, TagRulesets])
def test_what_is_not_shown_is_not_none(kind: type[Fact]) -> None:
    name = "newestTags" if kind is NewestTags else "tagRulesets"
    for said in (..., None):
        answer = batch(kind, **{name: said})
        assert not answer.facts
        assert answer.missing is not None
    denied = [{"type": "FORBIDDEN", "path": ["repository", name], "message": "no"}]
    answer = batch(kind, errors=denied, **{name: None})
    assert answer.missing is not None
    assert answer.missing.reason is Reason.NOT_PERMITTED


def test_rulesets_for_tags() -> None:
    (found,) = rulesets(RULESET)
    assert (found.number, found.enforcement, found.include) == (91, "active", ("refs/tags/v*",))
    assert (found.exclude, found.rules) == ((), ("update",))
    assert rulesets() == ()


@pytest.mark.parametrize(
    "path",
    [
        ("databaseId",),
        ("enforcement",),
        ("conditions",),
        ("conditions", "refName"),
        ("conditions", "refName", "include"),
        ("conditions", "refName", "exclude"),
        ("rules",),
        ("rules", "totalCount"),
        ("rules", "nodes"),
    ],
)
@pytest.mark.parametrize("value", [..., None, "SOMETHING_NEW", 7.5])
def test_a_ruleset_that_is_not_understood_leaves_all_unknown(
    path: tuple[str, ...], value: Any
) -> None:
    assert isinstance(rulesets(without(RULESET, *path, value=value)), Unknown)


def test_rulesets_that_are_not_whole() -> None:
    assert isinstance(rulesets(RULESET, total=2), Unknown)
    assert isinstance(rulesets(RULESET, None), Unknown)
    two = without(RULESET, "rules", "totalCount", value=2)
    assert isinstance(rulesets(two), Unknown)
    odd = without(RULESET, "conditions", "refName", "include", value=["refs/tags/v*", 7])
    assert isinstance(rulesets(odd), Unknown)


# --- who passed by the rules


def suite(result: Any = "bypass", **change: Any) -> dict[str, Any]:
    return {"id": 1, "result": result, "pushed_at": "2026-11-20T10:00:00Z"} | change


def passed(said: Any) -> Answer[Any]:
    with github({SUITES: said}) as (client, _):
        return of(RuleBypasses, list(rule_suites.bypasses(client, ONE, FactStore())))


def paged(*items: Any) -> Reply:
    link = f'<http://127.0.0.1{SUITES}?page=2>; rel="next"'
    return Reply(data=list(items), headers={"link": link})


def test_pushes_that_passed_by() -> None:
    (fact,) = passed([suite(), suite(pushed_at="2026-11-22T10:00:00Z")]).facts
    assert (fact.offered, fact.count, fact.more) == (True, 2, False)
    assert NOW.days_since(fact.newest) == 2
    (more,) = passed(paged(suite())).facts
    assert (more.count, more.more) == (1, True)


def test_no_push_passed_by() -> None:
    for said in ([], [suite("pass"), suite("fail")]):
        (fact,) = passed(said).facts
        assert (fact.count, fact.more, fact.newest) == (0, False, None)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (GONE, Reason.NOT_VISIBLE),
        (Reply(403, {"message": "Resource not accessible by integration"}), Reason.NOT_PERMITTED),
        ({}, Reason.MALFORMED),
        ([None], Reason.MALFORMED),
        ([suite("something new")], Reason.MALFORMED),
        ([{"id": 1}], Reason.NOT_VISIBLE),
        (paged(), Reason.INCOMPLETE),
        (paged(suite("pass")), Reason.INCOMPLETE),
        (Reply(data=[], headers={"x-github-sso": "partial-results; organizations=1"}),
         Reason.NEEDS_SSO),
    ],
)  # fmt: skip
def test_what_is_not_told_is_not_nothing(said: Any, reason: Reason) -> None:
    answer = passed(said)
    assert not answer.facts
    assert answer.missing is not None
    assert answer.missing.reason is reason


def test_one_that_is_seen_counts_beside_one_that_is_not_understood() -> None:
    (fact,) = passed([suite(), suite("something new")]).facts
    assert fact.count == 1
    (undated,) = passed([suite(pushed_at=None)]).facts
    assert undated.count == 1
    assert isinstance(field(undated, "newest"), Unknown)


def test_a_plan_without_rules() -> None:
    message = "Upgrade to GitHub Pro or make this repository public to enable this feature."
    (fact,) = passed(Reply(403, {"message": message})).facts
    assert fact.offered is False


# --- against the sandbox


def found_in(
    token: str, change: Callable[[Any], None] = lambda _: None
) -> tuple[dict[str, str], list[str]]:
    """The results of the strict organization by subject, and what was asked."""
    world = strict_organization(THEN)
    change(world)
    with stage(world, npm.hardened_maintainer(THEN), token) as running:
        report = running.audit("github:cedar-labs", select_=("GHB115",))
        paths = [request.path for request in running.github.requests]
    return {finding.subject.name: finding.result for finding in report.findings}, paths


@pytest.mark.parametrize(
    ("token", "result"),
    [
        (STRICT_ORG_TOKEN, "passed"),
        # Who may bypass a ruleset is shown to who may change it.
        (STRICT_ORG_FINE_GRAINED, "unknown"),
        (STRICT_ORG_APP, "unknown"),
    ],
)
def test_tags_take_no_request_of_their_own(token: str, result: str) -> None:
    results, paths = found_in(token)
    assert results == {"cedar-labs/cone": result, "cedar-labs/resin": result}
    assert not [path for path in paths if path.startswith("/repos/")]


def test_a_ruleset_that_leaves_out_the_next_release_is_none() -> None:
    def change(world: Any) -> None:
        for ruleset in world.organizations[0].rulesets:
            if ruleset.target == "tag":
                ruleset.exclude = ["refs/tags/v1.2.*"]

    results, _ = found_in(STRICT_ORG_TOKEN, change)
    assert set(results.values()) == {"failed"}


def test_a_token_that_reads_no_contents_knows_no_private_tags() -> None:
    def change(world: Any) -> None:
        for token in world.tokens:
            token.permissions = {k: v for k, v in token.permissions.items() if k != "contents"}

    results, _ = found_in(STRICT_ORG_FINE_GRAINED, change)
    assert results["cedar-labs/resin"] == "unknown"


def test_bypasses_older_than_a_month_are_not_told() -> None:
    def change(world: Any) -> None:
        for repository in world.repositories:
            for item in repository.rule_suites:
                item.result, item.pushed_at = "bypass", THEN - timedelta(days=40)

    world = strict_organization(THEN)
    change(world)
    with stage(world, npm.hardened_maintainer(THEN), STRICT_ORG_TOKEN) as running:
        report = running.audit("github:cedar-labs", select_=("GHB116",))
    assert {finding.result for finding in report.findings} == {"passed"}
