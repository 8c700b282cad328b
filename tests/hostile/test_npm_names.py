"""Names that nobody on npm has: as targets, and where a registry tells them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import pytest

from hardenme.engine.target import Target
from hardenme.ground.errors import UsageError
from hardenme.reports import render
from hardenme.sandbox.http import Fault, Reply, Request
from tests.hostile.publishing import FAMILIES, PATH, publisher

CLIMBING = ("..", ".", "a/../b", "@hazel-grove/..", "@../lantern", "@hazel-grove/a/..")
STEERING = ("a\x1b[31mb", "a\nb", "a\x07b", "\u202eabc", "a b", "a%2f..%2fb", "?q=1", "a#b", "a\\b")
ODD = ("", "x" * 300, "\ud800", "@", "@/", "/")
PLAIN = ("Upper-Case", "-", "constructor", "__proto__", "hasOwnProperty")
"""Names that npm gave once, or gives: it knows case, and words of JavaScript are names."""


@pytest.mark.parametrize("name", [*CLIMBING, *STEERING, *ODD])
def test_no_target_has_such_a_name(name: str) -> None:
    for text in (f"npm:{name}", f"npm:@{name}", f"npm:@hazel-grove/{name}"):
        with pytest.raises(UsageError) as said:
            Target.parse(text)
        assert not any(ord(letter) < 32 or letter == "\u202e" for letter in str(said.value))


@pytest.mark.parametrize("name", PLAIN)
def test_a_target_may_be_called_by_any_word(name: str) -> None:
    target = Target.parse(f"npm:{name}")
    assert (target.kind, target.name) == ("npm-package", name)
    with publisher() as running:
        report = running.audit(f"npm:{name}", select_=FAMILIES)
        asked = {request.path for request in running.npm.requests}
    assert f"/{name}" in asked
    assert f"/{name.lower()}" not in asked - {f"/{name}"}
    assert {one.result for one in report.findings} <= {"unknown", "manual"}


def inventory(data: Any, name: str) -> Any:
    return {**data, name: "write"}


def queue(data: Any, name: str) -> Any:
    item = {**data["items"][0], "packageName": name, "id": name}
    return {**data, "items": [*data["items"], item], "total": data["total"] + 1}


def hits(data: Any, name: str) -> Any:
    hit = {"package": {"name": name}, "downloads": {"weekly": 9}, "dependents": 1}
    return {**data, "objects": [*data["objects"], hit], "total": data["total"] + 1}


def teams(data: Any, name: str) -> Any:
    return [*data, f"@hazel-grove:{name}"]


def people(data: Any, name: str) -> Any:
    return [*data, name]


def roster(data: Any, name: str) -> Any:
    return {**data, name: "owner"}


def username(data: Any, name: str) -> Any:
    return {**data, "username": name}


def token(data: Any, name: str) -> Any:
    listed = data["objects"][0]
    scopes = [{"type": "package", "name": name}]
    more = {**listed, "key": name, "name": name, "scopes": scopes}
    return {**data, "objects": [*data["objects"], more], "total": data["total"] + 1}


def claims(data: Any, name: str) -> Any:
    repository = {**data[0]["claims"], "repository": name, "environment": name}
    return [*data, {**data[0], "id": name, "claims": repository}]


def dependencies(data: Any, name: str) -> Any:
    newest = data["versions"]["2.0.0"]
    needed = {name: "^1.0.0", "alias": f"npm:{name}@^1.0.0"}
    return {**data, "versions": {**data["versions"], "2.0.0": {**newest, "dependencies": needed}}}


def maintainers(data: Any, name: str) -> Any:
    return {**data, "maintainers": [*data["maintainers"], {"name": name, "email": name}]}


def versions(data: Any, name: str) -> Any:
    return {
        **data,
        "versions": {**data["versions"], name: data["versions"]["2.0.0"]},
        "time": {**data["time"], name: data["time"]["2.0.0"]},
        "dist-tags": {**data["dist-tags"], name: name},
    }


TOLD: dict[str, tuple[str, Callable[[Any, str], Any]]] = {
    "inventory": ("/-/user/hazel/package", inventory),
    "packages of the organization": ("/-/org/hazel-grove/package", inventory),
    "grants of a team": ("/-/team/hazel-grove/release/package", inventory),
    "collaborators": (f"/-/package/{PATH}/collaborators", inventory),
    "roster": ("/-/org/hazel-grove/user", roster),
    "teams": ("/-/org/hazel-grove/team", teams),
    "people of a team": ("/-/team/hazel-grove/release/user", people),
    "staged versions": ("/-/stage", queue),
    "search": ("/-/v1/search", hits),
    "account": ("/-/whoami", username),
    "tokens": ("/-/npm/v1/tokens", token),
    "trusted publishers": (f"/-/package/{PATH}/trust", claims),
    "dependencies": (f"/{PATH}", dependencies),
    "maintainers": (f"/{PATH}", maintainers),
    "versions": (f"/{PATH}", versions),
}
"""Where a registry tells a name."""


@pytest.mark.second_tier("a run over sockets for each name", one_of=20)
@pytest.mark.sampled(5)
@pytest.mark.parametrize("place", TOLD)
def test_every_word_of_an_answer_stays_a_word(place: str) -> None:
    """No name climbs out of its place in an address, steers a terminal, or breaks a run."""
    path, tell = TOLD[place]
    names = (CLIMBING[0],) if place == "account" else (*CLIMBING, *STEERING, *ODD, *PLAIN)

    def edit(_request: Request, reply: Reply) -> Reply:
        data = reply.data
        for name in names if reply.status == 200 else ():
            data = tell(data, name)
        return Reply(reply.status, data, reply.headers)

    with publisher() as running:
        running.npm.faults.append(Fault(path, edit=edit))
        report = running.audit("me", select_=FAMILIES)
        asked = [*running.npm.requests, *running.github.requests]
    assert not [one for one in report.findings if one.result == "errored"]
    for request in asked:
        parts = [unquote(part) for part in request.path.split("/")[1:]]
        assert not {"", ".", ".."} & set(parts), request.path
    for form in ("table", "markdown", "json"):
        assert_still(render(report, form))


def assert_still(text: str) -> None:
    """Hold that a text moves no cursor, rings no bell and turns no line around."""
    assert not any(ord(letter) < 32 and letter not in "\n\t" for letter in text)
    assert not any(letter in text for letter in ("\x7f", "\u202e", "\ud800"))
