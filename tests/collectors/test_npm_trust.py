"""Trusted publishers: every form that npm documents, each refusal, and what earlier runs read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.npm.client import Npm
from hardenme.collectors.npm.observed import KeptObservation
from hardenme.collectors.npm.trust import OBSERVATION_DAYS, reduced, trust
from hardenme.facts.npm.package import PackageGrant
from hardenme.facts.npm.publishing import TrustedPublisher
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from hardenme.sandbox.http import Reply
from hardenme.sandbox.npm.scenarios import hardened_maintainer
from hardenme.sandbox.npm.server import npm_sandbox
from hardenme.store.observations import ObservationFile
from tests.attended import AtHand
from tests.collectors.scripted import registry
from tests.collectors.test_npm_presence import asked, client
from tests.factories.npm import package_grant
from tests.moment import standing_at
from tests.running import NOW

LAMP = Subject("npm", "package", "@hazel/lamp")
LANTERN = Subject("npm", "package", "@hazel-grove/lantern")
PATH = "/-/package/@hazel%2Flamp/trust"
CLAIMS = {"repository": "hazel/lamp", "workflow_ref": {"file": "release.yml"}, "environment": "npm"}
GITHUB = {"id": "1", "type": "github", "claims": CLAIMS, "permissions": ["createStagedPackage"]}
GITLAB = {
    "id": "2",
    "type": "gitlab",
    "claims": {"project_path": "hazel/lamp", "ci_config_ref_uri": {"file": ".gitlab-ci.yml"}},
    "permissions": ["createPackage"],
}
CIRCLE = {
    "id": "3",
    "type": "circleci",
    "claims": {
        "oidc.circleci.com/org-id": "94b40e60-cfd5-486f-a04b-507abf27a83d",
        "oidc.circleci.com/vcs-origin": "github.com/hazel/lamp",
    },
    "permissions": ["createPackage", "createStagedPackage"],
}


def answer(said: Any, scope: Subject = LAMP, store: FactStore | None = None) -> Answer[Any]:
    with registry({PATH: said, "/-/npm/v1/tokens": Reply(403, {})}) as (npm, _):
        (found,) = trust(npm, scope, store or FactStore())
    return found


def publisher(**change: Any) -> TrustedPublisher:
    without = [name for name, value in change.items() if value is ...]
    item = {name: value for name, value in (GITHUB | change).items() if name not in without}
    (fact,) = answer([item]).facts
    assert isinstance(fact, TrustedPublisher)
    return fact


def claims(**change: Any) -> TrustedPublisher:
    without = [name for name, value in change.items() if value is ...]
    return publisher(
        claims={name: value for name, value in (CLAIMS | change).items() if name not in without}
    )


def test_a_publisher_on_github() -> None:
    fact = publisher()
    assert not fact.unknown_fields()
    assert str(fact.subject) == "npm:trusted-publisher/@hazel/lamp/1"
    assert (fact.repository, fact.workflow, fact.environment) == (
        "hazel/lamp",
        "release.yml",
        "npm",
    )
    assert (fact.may_publish, fact.may_stage) == (False, True)
    assert (fact.within, fact.label) == (LAMP, "hazel/lamp")


def test_publishers_elsewhere_name_no_repository_on_github() -> None:
    gitlab, circle = answer([GITLAB, CIRCLE]).facts
    assert (gitlab.provider, gitlab.repository, gitlab.workflow) == (
        "gitlab",
        "",
        ".gitlab-ci.yml",
    )
    assert (circle.provider, circle.repository, circle.workflow) == ("circleci", "", "")
    assert not gitlab.unknown_fields() | circle.unknown_fields()


def test_none_and_ten() -> None:
    none = answer([])
    assert (none.facts, none.missing) == ((), None)
    ten = answer([GITHUB | {"id": str(number)} for number in range(10)])
    assert (len(ten.facts), ten.missing) == (10, None)


@pytest.mark.parametrize(
    ("said", "file"),
    [
        ("release.yml", "release.yml"),
        ({"file": "release.yaml"}, "release.yaml"),
        ("hazel/lamp/.github/workflows/release.yml@refs/heads/main", "release.yml"),
        ("Hazel/Lamp/.github/workflows/release.yml@refs/heads/main", "release.yml"),
        (".github/workflows/release.yml", "release.yml"),
        ({"file": ".github/workflows/release.yml"}, "release.yml"),
        (..., ""),
    ],
)
def test_the_forms_in_which_a_workflow_is_named(said: Any, file: str) -> None:
    assert claims(workflow_ref=said).workflow == file


@pytest.mark.parametrize(
    "said",
    [
        *(None, 7, [], {}, {"file": None}, "", "*", "release", "a/b.yml", "release.yml\n"),
        "mallow/lamp/.github/workflows/release.yml@refs/heads/main",
    ],
)
def test_a_workflow_that_is_not_understood(said: Any) -> None:
    assert claims(workflow_ref=said).unknown_fields().keys() == {"workflow"}


@pytest.mark.parametrize(
    ("given", "publishes", "stages"),
    [
        (..., True, False),
        (["createPackage"], True, False),
        (["createStagedPackage"], False, True),
        (["createPackage", "createStagedPackage"], True, True),
    ],
)
def test_what_a_publisher_may_do(given: Any, *, publishes: bool, stages: bool) -> None:
    fact = publisher(permissions=given)
    assert (fact.may_publish, fact.may_stage) == (publishes, stages)


@pytest.mark.parametrize("given", [None, "createPackage", {}, [], [7], ["createTag"]])
def test_a_permission_that_is_not_known(given: Any) -> None:
    assert publisher(permissions=given).unknown_fields().keys() == {"may_publish", "may_stage"}
    fact = publisher(permissions=["createPackage", "createTag"])
    assert fact.may_publish
    assert fact.unknown_fields().keys() == {"may_stage"}


@pytest.mark.parametrize(
    ("change", "lost"),
    [
        ({"type": ...}, {"provider", "repository", "workflow", "environment"}),
        ({"type": "buildkite"}, {"provider", "repository", "workflow", "environment"}),
        ({"claims": ...}, {"repository", "workflow", "environment"}),
        ({"claims": []}, {"repository", "workflow", "environment"}),
        ({"claims": {"environment": "npm"}}, {"repository"}),
        ({"claims": CLAIMS | {"environment": 7}}, {"environment"}),
        ({"claims": CLAIMS | {"repository": None}}, {"repository"}),
    ],
)
def test_a_publisher_that_is_not_read(change: dict[str, Any], lost: set[str]) -> None:
    assert publisher(**change).unknown_fields().keys() == lost


def test_no_environment() -> None:
    assert claims(environment=...).environment is None
    assert claims(environment="").environment is None


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({}, Reason.MALFORMED),
        (Reply(200, body=b"<html>Sign in</html>"), Reason.MALFORMED),
        ([7], Reason.NOT_VISIBLE),
        ([GITHUB | {"id": None}], Reason.MALFORMED),
        ([GITHUB, GITHUB], Reason.INCOMPLETE),
        (Reply(200, [], {"link": '</x?page=2>; rel="next"'}), Reason.INCOMPLETE),
        (Reply(401, {}, {"www-authenticate": "Bearer"}), Reason.REJECTED),
        (Reply(401, {}, {"www-authenticate": "ipaddress"}), Reason.NOT_PERMITTED),
        (Reply(401, {}, {"www-authenticate": "Basic, otp"}), Reason.NEEDS_PRESENCE),
        (Reply(401, {"authUrl": "x", "doneUrl": "y"}), Reason.NEEDS_PRESENCE),
        (Reply(429, {}), Reason.RATE_LIMITED),
        (Reply(500, {}), Reason.UNREACHABLE),
    ],
)
def test_no_list_is_not_an_empty_one(said: Any, reason: Reason) -> None:
    missing = answer(said).missing
    assert missing is not None
    assert missing.reason is reason


@pytest.mark.parametrize(
    ("status", "message", "needed"),
    [
        (403, "Please enable 2fa for your account", "2FA on the account"),
        (
            403,
            "Insufficient permissions to access trusted publisher configurations for this package",
            "write access to the package",
        ),
        (403, "Forbidden", "a session token of an account that may publish"),
        (404, "Package not found", "a package that is there and seen"),
    ],
)
def test_each_refusal_says_what_it_takes(status: int, message: str, needed: str) -> None:
    missing = answer(Reply(status, {"message": message})).missing
    assert missing is not None
    assert missing.needed.startswith(needed)


def test_what_cannot_be_told_is_not_asked_for() -> None:
    store = FactStore()
    grant = package_grant(LAMP.name, writes=False)
    store.put(Answer(PackageGrant, grant.within, (grant,), (publisher_atom(),)))
    with registry({PATH: [GITHUB]}) as (npm, server):
        (found,) = trust(npm, LAMP, store)
        (named,) = trust(npm, Subject("npm", "package", ".."), FactStore())
        assert server.requests == []
    with registry({PATH: [GITHUB]}, token="") as (npm, server):
        (alone,) = trust(npm, LAMP, FactStore())
        assert server.requests == []
    for missing, reason in (
        (found.missing, Reason.NOT_PERMITTED),
        (named.missing, Reason.MALFORMED),
        (alone.missing, Reason.NOT_PERMITTED),
    ):
        assert missing is not None
        assert missing.reason is reason


def publisher_atom() -> Any:
    return answer([GITHUB]).evidence[0]


@contextmanager
def hazel(folder: Path, now: datetime = NOW) -> Iterator[tuple[Any, Any]]:
    """A registry whose clock stands at `now`, and the account's client without anybody there."""
    with npm_sandbox(hardened_maintainer(now)) as server, standing_at(now):
        yield server, ObservationFile(folder)


def alone(server: Any, file: ObservationFile, person: AtHand | None = None) -> Answer[Any]:
    npm: Npm = client(server, person)
    npm.registry, npm.observations = "https://registry.example", file
    (found,) = trust(npm, LANTERN, FactStore())
    return found


def test_what_was_read_with_a_person_there_serves_the_runs_without_one(tmp_path: Path) -> None:
    with hazel(tmp_path) as (server, file):
        first = alone(server, file, AtHand())
        assert first.missing is None
        server.requests.clear()
    later = NOW + timedelta(days=OBSERVATION_DAYS)
    with hazel(tmp_path, later) as (server, file):
        again = alone(server, file)
        assert asked(server) == []
    assert again.facts == first.facts
    (atom,) = again.evidence
    assert (atom.cached, atom.observed_at, atom.status) == (True, NOW, 200)
    with hazel(tmp_path, later + timedelta(seconds=1)) as (server, file):
        old = alone(server, file)
    assert old.facts == ()
    assert old.missing is not None
    assert old.missing.reason is Reason.STALE
    assert "--interactive" in old.missing.needed
    assert NOW.strftime("%Y-%m-%d") in old.missing.seen


def test_a_person_who_is_there_is_asked_again(tmp_path: Path) -> None:
    with hazel(tmp_path) as (server, file):
        alone(server, file, AtHand())
    later = NOW + timedelta(days=3)
    with hazel(tmp_path, later) as (server, file):
        server.world.packages[0].publishers.clear()
        person = AtHand()
        assert alone(server, file, person).facts == ()
        assert person.given == 1
        again = alone(server, file)
    assert (again.facts, again.missing) == ((), None)
    assert again.evidence[0].observed_at == later


def test_a_person_who_does_not_answer_leaves_what_was_read_before(tmp_path: Path) -> None:
    with hazel(tmp_path) as (server, file):
        alone(server, file, AtHand())
        server.desk.proven.clear()
        server.fault("/-/v1/done", edit=lambda *_: Reply(404, {}))
        found = alone(server, file, AtHand())
    assert len(found.facts) == 1
    assert found.evidence[0].cached


@pytest.mark.parametrize(
    ("registry_", "account", "at"),
    [
        ("https://mirror.example", "hazel", NOW),
        ("https://registry.example", "rowan", NOW),
        ("https://registry.example", "hazel", NOW + timedelta(hours=1)),
    ],
)
def test_what_is_of_another_or_of_the_future_is_not_used(
    tmp_path: Path, registry_: str, account: str, at: datetime
) -> None:
    with hazel(tmp_path) as (server, file):
        file.keep(registry_, account, LANTERN.name, KeptObservation(at, [GITHUB]))
        found = alone(server, file)
    assert found.facts == ()
    assert found.missing is not None
    assert found.missing.reason is Reason.NEEDS_PRESENCE


def test_what_was_changed_is_not_used(tmp_path: Path) -> None:
    with hazel(tmp_path) as (server, file):
        alone(server, file, AtHand())
        data = json.loads(file.path.read_text())
        data["entries"][0]["body"][0]["permissions"] = []
        file.path.write_text(json.dumps(data))
        server.desk.proven.clear()
        found = alone(server, file)
    assert found.missing is not None
    assert found.missing.reason is Reason.NEEDS_PRESENCE


def test_only_what_is_read_is_kept_and_no_publisher_is_lost() -> None:
    body = [GITHUB | {"more": 1}, GITLAB, CIRCLE, {"id": "4", "type": "github"}]
    kept = reduced(body)
    assert [item["id"] for item in kept] == ["1", "2", "3", "4"]
    assert kept[0] == GITHUB
    assert kept[2]["claims"] == {}
    assert "claims" not in kept[3]
    fact = answer(kept).facts[2]
    assert isinstance(fact.unknown_fields().get("workflow"), Unknown), "less is never more"


def test_an_answer_that_is_not_whole_is_not_kept(tmp_path: Path) -> None:
    with hazel(tmp_path) as (server, file):
        server.fault(
            ".*/trust", edit=lambda _, r: Reply(200, [{}], r.headers) if r.status == 200 else r
        )
        assert alone(server, file, AtHand()).missing is not None
        assert not file.path.exists()
