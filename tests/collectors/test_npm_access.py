from __future__ import annotations

from typing import Any

import pytest

from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.npm import access
from hardenme.facts.npm.access import PackageCollaborators, PackageVisibility
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason
from hardenme.sandbox.http import Reply
from tests.collectors.scripted import registry

LAMP = Subject("npm", "package", "@hazel/lamp")
HTML = Reply(200, None, {"content-type": "text/html"}, b"<html>Sign in</html>")
OTP = Reply(401, {"message": "no"}, {"www-authenticate": "OTP"})
ADDRESS = Reply(401, {"message": "no"}, {"www-authenticate": "ipaddress"})
REFUSALS = [
    (Reply(401, {"message": "Unauthorized"}), Reason.NOT_PERMITTED),
    (Reply(403, {"message": "Forbidden"}), Reason.NOT_PERMITTED),
    (Reply(402, {"message": "Payment required"}), Reason.NOT_PERMITTED),
    (Reply(404, {"error": "Not found"}), Reason.NOT_VISIBLE),
    (Reply(429, {"message": "slow down"}, {"retry-after": "3600"}), Reason.RATE_LIMITED),
    (Reply(429, None, {"content-type": "text/html"}, b"<html>Wait</html>"), Reason.RATE_LIMITED),
    (Reply(500, {}), Reason.UNREACHABLE),
    (OTP, Reason.NEEDS_PRESENCE),
    (ADDRESS, Reason.NOT_PERMITTED),
    (HTML, Reason.MALFORMED),
    (Reply(200, None, {}, b""), Reason.MALFORMED),
    (Reply(200, ["hazel"]), Reason.MALFORMED),
]
"""What a registry may say in place of an answer, and what that means."""


def collaborators(
    said: Any, token: str = "npm_CANARY", scope: Subject = LAMP
) -> tuple[Answer[PackageCollaborators], list[str]]:
    path = f"/-/package/{scope.name.replace('/', '%2F')}/collaborators"
    with registry({path: said}, token=token) as (client, server):
        (answer,) = access.collaborators(client, scope, FactStore())
    return answer, [request.path for request in server.requests]


@pytest.mark.parametrize(
    ("writes", "reads"), [("write", "read"), ("read-write", "read-only"), ("write", "read-only")]
)
def test_collaborators_in_either_spelling(writes: str, reads: str) -> None:
    answer, _ = collaborators({"rowan": writes, "alder": reads, "hazel": writes})
    (fact,) = answer.facts
    assert (fact.writers, fact.readers) == (("hazel", "rowan"), ("alder",))
    assert answer.missing is None


def test_collaborators_are_told_to_anyone_who_asks_about_a_public_package() -> None:
    answer, asked = collaborators({"hazel": "write"}, token="")
    assert answer.facts[0].writers == ("hazel",)
    assert len(asked) == 1


@pytest.mark.parametrize(
    "said",
    [
        {"hazel": "write", "rowan": "publish"},
        {"hazel": "write", "rowan": None},
        {"hazel": "write", "rowan": {"write": True}},
        {"hazel": "write", "": "write"},
        {"hazel": "write", "..": "read"},
        {"hazel": "write", "h\ud800": "write"},
        {"hazel": "write", "h" * 300: "write"},
    ],
)
def test_a_word_or_name_that_is_not_known_leaves_all_unknown(said: dict[str, Any]) -> None:
    answer, _ = collaborators(said)
    assert set(answer.facts[0].unknown_fields()) == {"writers", "readers"}


@pytest.mark.parametrize("said", [{}, {"alder": "read"}])
def test_a_package_that_nobody_can_publish_was_not_told_in_full(said: dict[str, str]) -> None:
    answer, _ = collaborators(said)
    assert "writers" in answer.facts[0].unknown_fields()


@pytest.mark.parametrize(("said", "reason"), REFUSALS)
def test_a_refusal_is_not_an_empty_list(said: Reply, reason: Reason) -> None:
    answer, _ = collaborators(said)
    assert answer.facts == ()
    assert answer.missing is not None
    assert answer.missing.reason is reason
    assert answer.missing.needed


def test_a_refusal_says_who_would_be_let_in() -> None:
    answer, _ = collaborators(Reply(404, {}))
    assert answer.missing is not None
    assert answer.missing.needed == (
        "an npm session token; or package:read (granular npm token)"
        " of an account that can publish the package"
    )
    elsewhere, _ = collaborators(ADDRESS)
    assert elsewhere.missing is not None
    assert "address" in elsewhere.missing.needed


@pytest.mark.parametrize("name", ["..", ".", "x" * 300, "a\udc00"])
def test_a_name_that_no_package_has_is_never_asked_for(name: str) -> None:
    scope = Subject("npm", "package", name)
    with registry({}) as (client, server):
        (shown,) = access.visibility(client, scope, FactStore())
        (answer,) = access.collaborators(client, scope, FactStore())
    assert server.requests == []
    for found in (shown, answer):
        assert found.missing is not None
        assert found.missing.reason is Reason.MALFORMED


def test_a_name_with_an_encoded_slash_stays_one_part_of_the_path() -> None:
    scope = Subject("npm", "package", "a%2fb?c#d")
    with registry({}) as (client, server):
        list(access.collaborators(client, scope, FactStore()))
    assert server.requests[0].path == "/-/package/a%252fb%3Fc%23d/collaborators"


def visibility(said: Any, name: str = LAMP.name, token: str = "npm_CANARY") -> Answer[Any]:
    scope = Subject("npm", "package", name)
    path = f"/-/package/{name.replace('/', '%2F')}/visibility"
    with registry({path: said}, token=token) as (client, _):
        (answer,) = access.visibility(client, scope, FactStore())
    return answer


@pytest.mark.parametrize(
    ("said", "public"),
    [
        ({"public": True}, True),
        ({"public": False}, False),
        ({LAMP.name: "public"}, True),
        ({LAMP.name: "private"}, False),
        ({LAMP.name: "restricted"}, False),
    ],
)
def test_visibility_in_either_spelling(said: dict[str, Any], *, public: bool) -> None:
    fact: PackageVisibility = visibility(said).facts[0]
    assert fact.public is public


def test_a_package_that_is_called_public() -> None:
    assert visibility({"public": "private"}, "public").facts[0].public is False


@pytest.mark.parametrize("said", [{}, {"public": "yes"}, {LAMP.name: "hidden"}, {LAMP.name: True}])
def test_a_visibility_that_is_not_understood(said: dict[str, Any]) -> None:
    assert "public" in visibility(said).facts[0].unknown_fields()


@pytest.mark.parametrize(("said", "reason"), REFUSALS)
def test_a_visibility_that_is_refused(said: Reply, reason: Reason) -> None:
    answer = visibility(said)
    assert answer.missing is not None
    assert answer.missing.reason is reason


def test_visibility_is_not_asked_for_without_a_token() -> None:
    answer = visibility({"public": True}, token="")
    assert answer.missing is not None
    assert answer.missing.reason is Reason.NOT_PERMITTED
